"""Checks of the space: a linear range over decades, and a range that does nothing."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from tuneup_helpers.diagnosis.checks.result import CheckResult
from tuneup_helpers.diagnosis.ends import is_range_of_shares
from tuneup_helpers.diagnosis.record import Parameter, SearchRecord
from tuneup_helpers.diagnosis.thresholds import ALPHA, SPREAD

if TYPE_CHECKING:
    from sklearn.ensemble import ExtraTreesRegressor

__all__ = ["linear_range", "no_effect_at_all", "range_that_does_nothing"]

_DECADES = 2  # 90 % or more of even draws then fall into the upper decade


def linear_range(record: SearchRecord) -> CheckResult:
    """Look for ranges over decades that were drawn or listed in even steps."""
    evidence, missing = [], []
    for parameter in record.parameters:
        if not parameter.numeric or parameter.log or not 0 <= parameter.low < parameter.high:
            continue
        if not (all(parameter.known_ends) or parameter.listed):
            missing.append(f"the scale of {parameter.name} is not recorded")
        elif _spans_decades(record, parameter) and not _is_unevenly_listed(parameter):
            evidence.append(_even_steps_or_draws(parameter))
    return CheckResult(evidence, "; ".join(missing))


def _spans_decades(record: SearchRecord, parameter: Parameter) -> bool:
    """Tell wide ranges; shares have no decades."""
    low, high = parameter.low, parameter.high
    if math.log10(high / (low or 1)) < _DECADES:
        return False
    return not is_range_of_shares(record, parameter)


def _is_unevenly_listed(parameter: Parameter) -> bool:
    steps = np.diff(np.unique(parameter.position[parameter.present]))
    return parameter.listed and (len(steps) < 2 or steps.max() > 2 * steps.min())


def _even_steps_or_draws(parameter: Parameter) -> str:
    low, high = parameter.low, parameter.high
    share_above = 0.9 * high / (high - low)
    return (
        f"{parameter.name} from {low:.4g} to {high:.4g} in even "
        f"{'steps' if parameter.listed else 'draws'}:"
        f" {share_above:.0%} of the range lies above {high / 10:.4g}"
    )


_MIN_FOREST = 50  # with 30, a forest overlooks a parameter that explains a seventh
_EXPLAINED = 0.93  # by the others; at 0.8, one that explains a twentieth is often accused
_MOST_ROWS = 500  # of a longer search, to which trials add time and nothing else
_NO_TRACE = 0.2  # p-value: only where there is no hint of an effect
_MIN_SAME = 3  # one or two settings may agree by chance, where scores are coarse
_ROUNDING = 1e-12  # between equal scores
_NO_EFFECT = 0.01  # where it can be computed, in a grid


def range_that_does_nothing(record: SearchRecord) -> CheckResult:
    """Look for parameters that vary without an effect on the ranks of the scores."""
    from scipy.stats import rankdata

    varied = [parameter for parameter in record.parameters if parameter.varies]
    if len(varied) < 2 or record.all_equal or np.ptp(record.scores) == 0:
        return CheckResult(missing="needs two parameters that vary, and scores that differ")
    ranks = rankdata(record.scores) / len(record.scores)
    rows = np.unique(np.linspace(0, len(ranks) - 1, _MOST_ROWS).astype(int))
    of_all = cache(lambda: _fit_forest(varied, ranks, rows).oob_score_)  # if it is needed, once
    evidence, missing = [], []
    for parameter in varied:
        groups = record.groups_varying_only(parameter)
        if len(groups) > 2 and sum(map(len, groups)) == parameter.present.sum():
            found = _explains_nothing_in_a_grid(parameter, groups, ranks)
        elif same := _changes_nothing(record, parameter, groups):
            found = same
        elif few := record.too_few(_MIN_FOREST):
            found, missing = "", [few]
        elif not _is_spread(parameter):
            found = ""
            missing.append(f"trials of {parameter.name} lie close together")
        else:
            found = _explains_nothing_to_a_forest(parameter, varied, ranks, rows, of_all)
        evidence += [found] if found else []
    return CheckResult(evidence, "; ".join(missing))


def _changes_nothing(record: SearchRecord, parameter: Parameter, groups: list[list[int]]) -> str:
    """Find settings that differ in nothing else, and agree on every fold."""
    n = sum(map(len, groups)) - len(groups)
    if record.folds is None or n < _MIN_SAME or sum(map(len, groups)) < parameter.present.sum():
        return ""
    if any(np.ptp(record.folds[group], axis=0).max() > _ROUNDING for group in groups):
        return ""
    return f"{parameter.name}: all else equal, in {n} comparisons, no fold has another score"


def no_effect_at_all(record: SearchRecord) -> CheckResult:
    """Look for searches in which nothing that was searched has an effect."""
    if len(record.trials) < 2:
        return CheckResult(missing="needs two complete trials")
    if not record.all_equal:
        return CheckResult()
    n, score = len(record.trials), abs(record.scores[0])
    varied = [p.name for p in [*record.parameters, *record.seeds] if p.varies]
    return CheckResult(
        [f"all {n} trials score {score:.4g}, whatever the value of {', '.join(varied)}"]
    )


def _explains_nothing_in_a_grid(
    parameter: Parameter, groups: list[list[int]], ranks: np.ndarray
) -> str:
    """Compute the share of the variance of ranks that lies within the groups."""
    within = sum(len(group) * ranks[group].var() for group in groups)
    share = within / sum(map(len, groups)) / ranks.var()
    if share > _NO_EFFECT:
        return ""
    return (
        f"{parameter.name}: all else equal, in {len(groups)} comparisons, it explains "
        f"{share:.1%} of the variance of ranks"
    )


def _explains_nothing_to_a_forest(
    parameter: Parameter,
    varied: list[Parameter],
    ranks: np.ndarray,
    rows: np.ndarray,
    of_all: Callable[[], float],
) -> str:
    """Leave a parameter out, and see whether the others predict the ranks as well as all do."""
    if any(_decides_presence(parameter, other) for other in varied):
        return ""  # which others there are says all that it does
    if _effect_p_value(parameter, ranks) < ALPHA:
        return ""
    without = _fit_forest([other for other in varied if other is not parameter], ranks, rows)
    score = without.oob_score_
    if score < _EXPLAINED:
        return ""
    errors = np.full(len(ranks), np.nan)
    errors[rows] = ranks[rows] - without.oob_prediction_
    if _effect_p_value(parameter, errors) < _NO_TRACE:
        return ""
    if of_all() > score:
        return ""
    return (
        f"{parameter.name}: a forest predicts ranks from the others (R² {score:.2f}), "
        "no better with it"
    )


def _decides_presence(parameter: Parameter, other: Parameter) -> bool:
    """Tell whether the value of one parameter decides if a trial has the other."""
    present = parameter.present
    presences = defaultdict(set)
    for value, there in zip(
        parameter.position[present].tolist(), other.present[present].tolist(), strict=True
    ):
        presences[value].add(there)
    recurs = 2 * len(presences) <= present.sum()
    decides = all(len(found) == 1 for found in presences.values())
    return recurs and decides and len(set().union(*presences.values())) == 2


def _is_spread(parameter: Parameter) -> bool:
    """Tell whether trials are in more than one place, and say something of the range."""
    if not parameter.numeric:
        return True
    position = parameter.position[parameter.present]
    return np.ptp(np.quantile(position, [0.1, 0.9])) >= SPREAD


def _effect_p_value(parameter: Parameter, target: np.ndarray) -> float:
    """Test whether the target differs between quarters of the range, or between categories."""
    from scipy.stats import kruskal

    there = parameter.present & ~np.isnan(target)
    position, target = parameter.position[there], target[there]
    if parameter.numeric:
        cuts = np.unique(np.quantile(position, [0.25, 0.5, 0.75]))
    else:
        cuts = np.unique(position)[1:]
    number = np.digitize(position, cuts)
    parts = [target[number == k] for k in range(len(cuts) + 1)]
    return kruskal(*(part for part in parts if len(part))).pvalue


def _fit_forest(
    parameters: list[Parameter], ranks: np.ndarray, rows: np.ndarray
) -> ExtraTreesRegressor:
    """Predict ranks of these rows from parameters; a trial without one of them is at -1."""
    from sklearn.ensemble import ExtraTreesRegressor

    X = np.nan_to_num(np.column_stack([p.position[rows] for p in parameters]), nan=-1)
    model = ExtraTreesRegressor(100, bootstrap=True, oob_score=True, random_state=0)
    return model.fit(X, ranks[rows])
