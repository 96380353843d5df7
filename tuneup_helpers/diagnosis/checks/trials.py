"""Checks of the trials: those that failed, and those that repeat one."""

from __future__ import annotations

from collections import Counter, defaultdict

from tuneup_helpers.diagnosis.checks.result import CheckResult
from tuneup_helpers.diagnosis.record import SearchRecord, setting

__all__ = ["failed_trials", "repeated_trials"]


def failed_trials(record: SearchRecord) -> CheckResult:
    """Look for trials that failed, for what they share and for their most frequent error."""
    if not record.failed:
        return CheckResult()
    parts = [f"{len(record.failed)} of {record.n_in_all} trials failed"]
    if shared := _shared_by_the_failed_alone(record):
        parts.append(f"all of them, and no other, have {shared}")
    errors = [str(t.user_attrs["error"]) for t in record.failed if "error" in t.user_attrs]
    if errors:
        parts.append(f"most often: {Counter(errors).most_common(1)[0][0]}")
    return CheckResult(["; ".join(parts)])


def _shared_by_the_failed_alone(record: SearchRecord) -> str:
    """Return the first value that all failed trials have, two or more, and no complete one."""
    if len(record.failed) < 2:
        return ""
    for name, value in record.failed[0].params.items():
        item = (name, value)
        in_all_failed = all(item in trial.params.items() for trial in record.failed)
        if in_all_failed and not any(item in trial.params.items() for trial in record.trials):
            return f"{name}={value!r}"
    return ""


_REPEATS = 0.1  # now and then a sampler draws a setting of whole numbers again


def repeated_trials(record: SearchRecord) -> CheckResult:
    """Look for trials of the same setting."""
    scores_of = defaultdict(list)
    for trial, score in zip(record.trials, record.scores, strict=True):
        scores_of[setting(trial.params)].append(score)
    n = len(record.trials)
    repeats = n - len(scores_of)
    if repeats < max(2, _REPEATS * n):
        return CheckResult()
    same = sum(scores.count(scores[0]) - 1 for scores in scores_of.values())
    return CheckResult([f"{repeats} of {n} trials repeat one, {same} of them with the same score"])
