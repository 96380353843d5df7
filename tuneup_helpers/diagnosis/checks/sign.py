"""Check of the sign: a loss that is maximized, or a score that is minimized."""

from __future__ import annotations

from typing import Any

from tuneup_helpers.diagnosis.checks.result import CheckResult
from tuneup_helpers.diagnosis.record import SearchRecord
from tuneup_helpers.studies.metrics import can_be_negative, is_loss, is_score

__all__ = ["wrong_sign"]


def wrong_sign(record: SearchRecord) -> CheckResult:
    """Look for a metric whose name says that it was searched in the wrong direction."""
    name, sign = _metric(record)
    if not name:
        return CheckResult(missing="what a score is, is not recorded")
    if not (is_loss(name) or is_score(name)):
        return CheckResult(missing=f"whether more of {name!r} is better is not known")
    if not sign:
        return CheckResult(missing=f"whether {name!r} carries a minus is not known")
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
    elif getattr(record.search, "multimetric_", False):  # one function that returns a dict
        scorer = None
    if type(scorer).__name__ == "_PassthroughScorer":  # of the model itself
        return "the model's own score", 1
    function = getattr(scorer, "_score_func", None)
    if function is not None and function.__module__.startswith("sklearn."):
        return _name(function), getattr(scorer, "_sign", 1)
    name = record.metric if scorer is None else _name(function or scorer)
    if name is None or (scorer is None and name == "score"):
        return None, 1
    if name.startswith("neg_"):
        return name.removeprefix("neg_"), -1
    return name, _sign(record, name, getattr(scorer, "_sign", 1))


def _sign(record: SearchRecord, name: str, sign: int) -> int:
    """Tell by the values whether they carry a minus, which a function may give them itself.

    0 says that it cannot be told: a likelihood may be negative without one.
    """
    values = record.scores if record.maximized else -record.scores
    if values.max() > 0:
        return sign if values.min() < 0 else 1
    if not can_be_negative(name):
        return -1
    return sign if is_score(name) else 0


def _name(function: Any) -> str | None:
    while hasattr(function, "func"):  # a partial function
        function = function.func
    name = getattr(function, "__name__", "<lambda>")
    return None if name == "<lambda>" else name
