"""Check of the sign: a loss that is maximized, or a score that is minimized."""

from __future__ import annotations

from typing import Any

from tuneup_helpers.diagnosis.checks.result import CheckResult
from tuneup_helpers.diagnosis.names import is_loss, is_score
from tuneup_helpers.diagnosis.record import SearchRecord

__all__ = ["wrong_sign"]


def wrong_sign(record: SearchRecord) -> CheckResult:
    """Look for a metric whose name says that it was searched in the wrong direction."""
    name, sign = _metric(record)
    if not name:
        return CheckResult(missing="what a score is, is not recorded")
    if not (is_loss(name) or is_score(name)):
        return CheckResult(missing=f"whether more of {name!r} is better is not known")
    more_is_wanted = record.maximized == (sign > 0)
    if more_is_wanted != is_loss(name):
        return CheckResult()
    wanted = "more" if more_is_wanted else "less"
    kind = "an error, of which less" if more_is_wanted else "a score, of which more"
    how = "maximized" if record.maximized else "minimized"
    return CheckResult(
        [
            f"the search prefers {wanted} of {name}, {kind} is better: its best trial is the "
            f"worst (it enters with sign {'+1' if sign > 0 else '-1'} and is {how})"
        ]
    )


def _metric(record: SearchRecord) -> tuple[str | None, int]:
    """Return the name of the metric, and the sign with which it became a score."""
    scorer = getattr(record.search, "scorer_", None)
    if isinstance(scorer, dict):
        scorer = scorer.get(record.metric)
    if type(scorer).__name__ == "_PassthroughScorer":  # of the model itself
        return "the model's own score", 1
    function = getattr(scorer, "_score_func", None)
    if function is not None:
        return _name(function), getattr(scorer, "_sign", 1)
    if scorer is not None:
        return _of_own_scorer(record, scorer)
    name = record.metric
    if name is None or name == "score":
        return None, 1
    return (name.partition("neg_")[2], -1) if name.startswith("neg_") else (name, 1)


def _of_own_scorer(record: SearchRecord, scorer: Any) -> tuple[str | None, int]:
    """Read the name of a function ``(model, X, y)``; only positive losses are surely losses."""
    name = _name(scorer)
    if name is None or "neg" in name or "minus" in name:
        return None, 1
    if is_loss(name) and record.maximized and not (record.scores > 0).all():
        return None, 1
    return name, 1


def _name(function: Any) -> str | None:
    while hasattr(function, "func"):  # a partial function
        function = function.func
    name = getattr(function, "__name__", "<lambda>")
    return None if name == "<lambda>" else name
