"""Check of the space: the best trial at the end of a range."""

from __future__ import annotations

import numpy as np

from tuneup_helpers.diagnosis.checks.result import CheckResult
from tuneup_helpers.diagnosis.ends import is_natural_high, is_natural_low, needs_columns
from tuneup_helpers.diagnosis.record import Parameter, SearchRecord
from tuneup_helpers.diagnosis.thresholds import ALPHA, RISE

__all__ = ["best_at_the_edge"]

_EDGE = 0.1  # the outer tenth of a range: there lies the best of twenty, if scores rise to the end
_AWAY = 0.25  # of the range from the end
_MIN_CROWD = 20  # with 16 trials, two of ten healthy Bayesian searches were accused


def best_at_the_edge(record: SearchRecord) -> CheckResult:
    """Look for ends of ranges at which the best trial lies, and better ones may lie beyond."""
    evidence, missing = [], []
    for parameter in record.parameters:
        if not parameter.present[record.best]:
            continue
        if parameter.unordered:
            missing.append(f"{parameter.name} {parameter.unordered}")
        if not _has_ends(parameter):
            continue
        if not all(parameter.known_ends):
            missing.append(f"the range of {parameter.name} is not recorded")
        for distance in _distances_to_ends_near_the_best(record, parameter):
            result = _look_at_end(record, parameter, distance)
            evidence += result.evidence
            missing += [result.missing] if result.missing else []
    return CheckResult(evidence, "; ".join(missing))


def _has_ends(parameter: Parameter) -> bool:
    """Tell numbers; of one or two values, the best is always at an end."""
    return parameter.numeric and parameter.low < parameter.high and parameter.n_values > 2


def _distances_to_ends_near_the_best(
    record: SearchRecord, parameter: Parameter
) -> list[np.ndarray]:
    """Return all trials' distances to each end that the best is near: a known one, not natural."""
    position = _position_in_range(parameter)
    natural_low = is_natural_low(record, parameter) or _is_scale_at_fault(record, parameter)
    ends = (
        (position, parameter.known_ends[0], natural_low),
        (1 - position, parameter.known_ends[1], is_natural_high(record, parameter)),
    )
    return [
        distance
        for distance, known, natural in ends
        if known and not natural and distance[record.best] <= _EDGE
    ]


def _is_scale_at_fault(record: SearchRecord, parameter: Parameter) -> bool:
    """Tell a best value that is decades above the lower end of a linear range."""
    return not parameter.log and parameter.values[record.best] > 10 * parameter.low > 0


def _position_in_range(parameter: Parameter) -> np.ndarray:
    """Place the values from 0 to 1; those of a list by their order, whatever its scale."""
    if not parameter.listed:
        return parameter.position
    present = parameter.present
    order = np.unique(parameter.position[present])
    ranks = np.searchsorted(order, parameter.position) / max(len(order) - 1, 1)
    return np.where(present, ranks, np.nan)


def _look_at_end(record: SearchRecord, parameter: Parameter, distance: np.ndarray) -> CheckResult:
    """Look at one end: along a line of the grid, or else at where the better trials lie."""
    if needs_columns(record, parameter):
        return CheckResult(
            missing=f"how many columns {parameter.name} chooses from is not recorded"
        )
    line = _line_through_the_best(record, parameter, distance)
    if line:
        found = _rises_along(record, parameter, distance, line)
    elif parameter.present.sum() >= _MIN_CROWD:
        found = _crowds_at(record, parameter, distance)
    else:
        return CheckResult(missing=f"{parameter.name} without a grid takes {_MIN_CROWD} trials")
    if not found:
        return CheckResult()
    where = f"{parameter.name} from {parameter.low:.4g} to {parameter.high:.4g}"
    best = parameter.values[record.best]
    return CheckResult([f"{where}: the best trial has {best:.4g}; {found}"])


def _line_through_the_best(
    record: SearchRecord, parameter: Parameter, distance: np.ndarray
) -> list[int]:
    """Return the trials of a grid that have all else in common with the best.

    Empty if this is no grid, or if the line has fewer than three values or not the next one.
    """
    if not (parameter.listed or _values_come_back(parameter)):
        return []
    groups = record.groups_varying_only(parameter)
    line = next((group for group in groups if record.best in group), [])
    next_inside = distance[distance > distance[record.best]].min(initial=np.inf)
    has_three = len(set(parameter.position[line])) > 2
    return line if has_three and next_inside in distance[line] else []


def _values_come_back(parameter: Parameter) -> bool:
    present = parameter.present
    return 2 * len(set(parameter.position[present].tolist())) <= present.sum()


def _rises_along(
    record: SearchRecord, parameter: Parameter, distance: np.ndarray, line: list[int]
) -> str:
    """Compare the best with its neighbour inside, and with the best one inside, all else equal.

    On a flat curve the neighbour may be low by chance; then another one is as good as the best.
    """
    best = distance[record.best]
    if best > distance[line].min():
        return ""  # values beyond it were tried
    neighbour = min((i for i in line if distance[i] > best), key=distance.__getitem__)
    gain = record.gain_over_trial(neighbour)
    second = max((i for i in line if distance[i] > best), key=record.scores.__getitem__)
    if min(gain, record.gain_over_trial(second)) <= RISE * np.ptp(record.scores[line]):
        return ""
    if not _rises_on_average(record, parameter, record.best, neighbour):
        return ""
    at = f"{parameter.values[neighbour]:.4g}"
    return f"one step inside, at {at} and all else equal, the score is {gain:.3g} worse"


def _rises_on_average(record: SearchRecord, parameter: Parameter, at: int, inside: int) -> bool:
    """Tell whether scores rise towards the end on average over all lines.

    Without the best trial's own line, which may rise by luck, they must not fall.
    """
    codes, own, others = parameter.codes, [], []
    for line in record.groups_varying_only(parameter):
        here, there = (
            [record.scores[i] for i in line if codes[i] == codes[k]] for k in (at, inside)
        )
        if here and there:
            (own if at in line else others).append(np.mean(here) - np.mean(there))
    return bool(np.mean(own + others) > 0 and (not others or np.mean(others) >= 0))


def _crowds_at(record: SearchRecord, parameter: Parameter, distance: np.ndarray) -> str:
    """Ask whether better trials are closer to the end, and the best one away from it worse."""
    from scipy.stats import mannwhitneyu

    present, scores = parameter.present, record.scores
    better = scores >= np.quantile(scores[present], 2 / 3)
    near, rest = distance[present & better], distance[present & ~better]
    away = np.flatnonzero(distance > _AWAY)
    if not len(rest) or not len(away):
        return ""
    gain = record.gain_over_trial(away[scores[away].argmax()])
    alpha = ALPHA if record.folds is not None else ALPHA / 10  # stricter if noise is not known
    if not gain or mannwhitneyu(near, rest, alternative="less").pvalue > alpha:
        return ""
    return f"better trials crowd there, and the best one away from it scores {gain:.3g} worse"
