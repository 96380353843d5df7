"""Checks of the trials: those that failed, and those that repeat one."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from tuneup_helpers.diagnosis.checks.result import CheckResult
from tuneup_helpers.diagnosis.record import SearchRecord

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

__all__ = ["failed_trials", "repeated_trials"]

_Item = tuple[str, str]  # the name of a parameter, and its value as it is written
_MOST_NAMED = 3  # in one sentence
_RARE = 0.01  # how rarely as many trials in a row would fail by chance


def failed_trials(record: SearchRecord) -> CheckResult:
    """Look for trials that failed, for what always fails and for their most frequent error."""
    if not record.failed:
        return CheckResult()
    parts = [f"{len(record.failed)} of {record.n_in_all} trials failed", *_causes(record)]
    errors = [str(t.user_attrs["error"]) for t in record.failed if "error" in t.user_attrs]
    if errors:
        parts.append(f"most often: {Counter(errors).most_common(1)[0][0]}")
    return CheckResult(["; ".join(parts)])


def _causes(record: SearchRecord) -> list[str]:
    """Say which values always fail: one that explains all, or those that explain some."""
    failed = [_items(trial) for trial in record.failed]
    ran = [_items(trial) for trial in [*record.trials, *record.stopped]]
    alone = _always_failing(failed, ran, size=1)
    for items, n in alone.items():
        if n == len(failed):
            return [f"all of them, and no other, have {_written(items)}"]
    left = [setting for setting in failed if not any(setting.issuperset(items) for items in alone)]
    pairs = _always_failing(left, ran, size=2) if left else {}
    named = {**_most(alone), **_most(pairs)}
    found = [f"all {n} with {_written(items)}" for items, n in named.items()]
    found += _beyond_a_number(record)
    if found:
        return [f"always: {', '.join(found)}"]
    settings = dict.fromkeys(_written(_varied(trial, record)) for trial in record.failed)
    are_drawn = not all(parameter.listed for parameter in record.parameters)
    if are_drawn or len(settings) > _MOST_NAMED or any(setting in ran for setting in failed):
        return []
    return [f"{'they have' if len(failed) > 1 else 'it has'} {'; '.join(settings)}"]


def _varied(trial: FrozenTrial, record: SearchRecord) -> tuple[_Item, ...]:
    """Return what a failed trial does not share with all others."""
    others = [*record.trials, *record.stopped, *record.failed]
    return tuple(
        item for item in sorted(_items(trial)) if not all(item in _items(other) for other in others)
    )


def _items(trial: FrozenTrial) -> frozenset[_Item]:
    return frozenset((name, repr(value)) for name, value in trial.params.items())


def _always_failing(
    failed: list[frozenset], ran: list[frozenset], *, size: int
) -> dict[tuple[_Item, ...], int]:
    """Count the failures of values, or of pairs of them, that failed twice or more and never ran.

    Of those that lie in the same trials, the first is named.
    """
    where = defaultdict(list)
    common = Counter(item for setting in failed for item in setting)
    for number, setting in enumerate(failed):
        candidates = sorted(item for item in setting if common[item] > 1)
        for items in combinations(candidates, size):
            where[items].append(number)
    found, seen = {}, set()
    for items, numbers in sorted(where.items(), key=lambda entry: -len(entry[1])):
        place = tuple(numbers)
        if len(numbers) < 2 or place in seen or any(setting.issuperset(items) for setting in ran):
            continue
        seen.add(place)
        found[items] = len(numbers)
    return found


def _most(found: dict) -> dict:
    """Return those that explain most, of as many as one can read."""
    return dict(list(found.items())[:_MOST_NAMED])


def _written(items: tuple[_Item, ...]) -> str:
    return " and ".join(f"{name}={value}" for name, value in items)


def _beyond_a_number(record: SearchRecord) -> list[str]:
    """Name the ends of drawn ranges at which all trials failed, more than chance would have it."""
    share = len(record.failed) / (len(record.failed) + len(record.trials) + len(record.stopped))
    found = []
    for parameter in record.parameters:
        if not parameter.numeric or parameter.n_values <= len(record.trials):
            continue
        name = parameter.name
        failed = [t.params[name] for t in record.failed if name in t.params]
        ran = [t.params[name] for t in [*record.trials, *record.stopped] if name in t.params]
        above = sum(value > max(ran) for value in failed)
        below = sum(value < min(ran) for value in failed)
        every = len(record.failed) if parameter.listed else math.inf  # at the end of a list
        if above and (above == every or share**above < _RARE):
            found.append(f"all {above} with {name} above {max(ran):.4g}")
        if below and (below == every or share**below < _RARE):
            found.append(f"all {below} with {name} below {min(ran):.4g}")
    return found


_REPEATS = 0.1  # now and then a sampler draws a setting of whole numbers again


def repeated_trials(record: SearchRecord) -> CheckResult:
    """Look for trials of the same setting."""
    scores_of = defaultdict(list)
    for setting, score in zip(record.settings().tolist(), record.scores, strict=True):
        scores_of[setting].append(score)
    n = len(record.trials)
    repeats = n - len(scores_of)
    if repeats < max(2, _REPEATS * n):
        return CheckResult()
    same = sum(scores.count(scores[0]) - 1 for scores in scores_of.values())
    return CheckResult([f"{repeats} of {n} trials repeat one, {same} of them with the same score"])
