"""Checks of the scores: optimism, ties, and a search that stopped while climbing."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from tuneup_helpers.diagnosis.checks.result import CheckResult
from tuneup_helpers.diagnosis.record import Parameter, SearchRecord
from tuneup_helpers.diagnosis.thresholds import ALPHA, MIN_TRIALS, SPREAD

__all__ = ["optimism", "stopped_while_climbing", "ties"]

_LUCK = 0.5  # of the gain: on flat curves it is a share of next to nothing
_MATERIAL = 1.0  # standard errors of a score: a ridge loses 0.1 of one, coin labels 1.5
_CLEAR = 2.0  # of them, gained or lost: less is within the noise of a single score


def optimism(record: SearchRecord) -> CheckResult:
    """Look for a best score that may owe its gain to luck."""
    if few := record.too_few(MIN_TRIALS):
        return CheckResult(missing=few)
    if record.folds is not None:
        luck, limit, how = _luck_on_folds(record)
    elif record.n_rows and _are_shares(record.scores):
        luck, limit, how = _luck_on_rows(record)
    else:
        return CheckResult(missing="needs scores on folds, or n_rows= and scores between 0 and 1")
    if luck <= 0 or luck < limit:
        return CheckResult()
    n, gain = len(record.trials), record.gain_over_median
    return CheckResult([f"the best of {n} trials gained {gain:.3g} over a median one; {how}"])


def _luck_on_folds(record: SearchRecord) -> tuple[float, float, str]:
    """Return what the winner loses on a fold that did not choose it, and how much is too much."""
    folds = record.folds
    on_the_others = folds.sum(axis=1, keepdims=True) - folds
    winners = on_the_others.argmax(axis=0)
    luck = record.scores.max() - folds[winners, np.arange(len(winners))].mean()
    error = record.standard_error
    if max(luck, record.gain_over_median) < _CLEAR * error:
        return luck, math.inf, ""
    how = f"chosen on the other folds and scored on the one left out, it loses {luck:.3g}"
    if error:
        how += f", {luck / error:.1f} standard errors of a score"
    return luck, max(_LUCK * record.gain_over_median, _MATERIAL * error), how


def _luck_on_rows(record: SearchRecord) -> tuple[float, float, str]:
    """Return what the luckiest of equals would gain on that many rows, and how much is too much."""
    n = len(record.trials)
    p = abs(np.median(record.scores))
    error = math.sqrt(p * (1 - p) / record.n_rows)
    luck = error * NormalDist().inv_cdf((n - 0.375) / (n + 0.25))
    how = f"the luckiest of {n} equals on {record.n_rows} rows would gain up to {luck:.3g}"
    gain = record.gain_over_median
    return luck, gain if gain >= _MATERIAL * error else math.inf, how


def _are_shares(scores: np.ndarray) -> bool:
    """Tell scores, or losses with a minus sign, between 0 and 1."""
    of_one_sign = abs(scores.sum()) == abs(scores).sum()
    return bool(abs(scores).max() <= 1 and of_one_sign)


_TIED = 0.5  # a search that converges has as many ties, but in one place


def ties(record: SearchRecord) -> CheckResult:
    """Look for many trials as good as the best, over wide ranges."""
    if few := record.too_few(MIN_TRIALS):
        return CheckResult(missing=few)
    if record.all_equal:
        return CheckResult(missing="all scores are equal")
    tied = record.scores.max() - record.scores <= _noise(record)
    if tied.mean() < _TIED or not all(_reach_half(p, tied) for p in record.parameters):
        return CheckResult()
    what = "equal to" if record.folds is None else "within one standard error of"
    n, of = tied.sum(), len(tied)
    return CheckResult([f"{n} of {of} trials are {what} the best, over half of each range or more"])


def _noise(record: SearchRecord) -> np.ndarray:
    """Return the standard error of each trial's distance from the best; of rounding, at least."""
    noise = np.full(len(record.scores), 1e-12)
    if record.folds is not None:
        gaps = record.folds[record.best] - record.folds
        noise += gaps.std(axis=1, ddof=1) / math.sqrt(gaps.shape[1])
    return noise


def _reach_half(parameter: Parameter, tied: np.ndarray) -> bool:
    """Tell whether the tied trials span half of the range, or of the categories."""
    reached = parameter.position[tied & parameter.present]
    if not parameter.numeric:
        there = parameter.position[parameter.present]
        return len(set(reached.tolist())) >= SPREAD * len(set(there.tolist()))
    reach = np.ptp(reached) if len(reached) else 0
    return reach >= SPREAD * (parameter.low < parameter.high)


def stopped_while_climbing(record: SearchRecord) -> CheckResult:
    """Look for scores that were still rising when the search ended."""
    from scipy.stats import spearmanr

    n = len(record.trials)
    if _is_grid(record):
        return CheckResult(missing="the order of a grid says nothing")
    if few := record.too_few(2 * MIN_TRIALS):
        return CheckResult(missing=few)
    gain = record.gain_over_trial(int(record.scores[: 3 * n // 4].argmax()))
    if not gain:
        return CheckResult()
    trend = spearmanr(np.arange(n // 2, n), record.scores[n // 2 :], alternative="greater")
    if trend.pvalue > ALPHA / 10:  # less strict, it accuses TPE and CMA-ES on their way
        return CheckResult()
    return CheckResult(
        [
            f"the last quarter of {n} trials brought {gain:.3g}, and scores rise through the "
            f"second half (rank correlation with the order {trend.statistic:.2f})"
        ]
    )


def _is_grid(record: SearchRecord) -> bool:
    """Tell a grid by the name of the search, or by one trial in each of its cells."""
    every = [*record.parameters, *record.seeds]
    cells = math.prod(len(set(parameter.codes.tolist())) for parameter in every)
    full = len(every) > 1 and cells == len(record.trials)
    return full or record.kind.startswith(("GridSearch", "Halving"))
