"""What the checks read: the trials of a search, their scores, and each parameter's range."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from tuneup_helpers.diagnosis.thresholds import NOISE, RISE

if TYPE_CHECKING:
    import optuna
    from optuna.trial import FrozenTrial

    from tuneup_helpers.studies import Domain

__all__ = ["Parameter", "SearchRecord", "read_record", "setting"]


@dataclass(frozen=True)
class Parameter:
    """One parameter in all complete trials, and what is known of its range.

    Attributes
    ----------
    name : str
        Its name.
    values : list
        Its value in each trial; None where a trial does not have it.
    position : numpy.ndarray of shape (n_trials,)
        From 0 to 1 in its range, on its own scale; the number of a category. NaN where a trial
        does not have it.
    numeric : bool
        False for categories, which have none of the following.
    low, high : float
        The ends of the range.
    log : bool
        Whether it was drawn, or listed, on a log scale.
    known_ends : tuple of two bools
        Whether the lower and the upper end are those of the search, not of the values tried.
    listed : bool
        Whether a list of values was given, not a range.
    """

    name: str
    values: list
    position: np.ndarray
    numeric: bool
    low: float = 0
    high: float = 0
    log: bool = False
    known_ends: tuple[bool, bool] = (False, False)
    listed: bool = True

    @property
    def present(self) -> np.ndarray:
        """Which trials have it."""
        return ~np.isnan(self.position)

    @property
    def varies(self) -> bool:
        """Whether trials differ in it."""
        return len(set(self.position[self.present])) > 1


@dataclass(frozen=True)
class SearchRecord:
    """A search as the checks see it; higher scores are better.

    Attributes
    ----------
    search : object
        The search itself.
    trials, failed : list of optuna.trial.FrozenTrial
        Those that ran to their end, and those that failed.
    n_in_all : int
        How many there are, with those that were pruned or have not ended.
    scores : numpy.ndarray of shape (n_trials,)
        Of `trials`.
    folds : numpy.ndarray of shape (n_trials, n_folds), or None
        The scores on the folds, if there are three folds or more.
    parameters : list of Parameter
        Those that a complete trial has.
    n_rows : int or None
        The number of rows behind a score, if it was told.
    """

    search: Any
    trials: list[FrozenTrial]
    failed: list[FrozenTrial]
    n_in_all: int
    scores: np.ndarray
    folds: np.ndarray | None
    parameters: list[Parameter]
    n_rows: int | None

    @property
    def kind(self) -> str:
        """The name of the search's type."""
        return type(self.search).__name__

    @property
    def best(self) -> int:
        """The index of the best trial in `trials`."""
        return int(self.scores.argmax())

    @property
    def gain_over_median(self) -> float:
        """What the best has over a median trial, of all or of the first ten if they are worse."""
        return float(self.scores.max() - min(np.median(self.scores), np.median(self.scores[:10])))

    def gain_over_trial(self, other: int) -> float:
        """Return what the best has over another trial; 0 if that is small or may be noise."""
        from scipy.stats import ttest_1samp

        gain = float(self.scores[self.best] - self.scores[other])
        if gain < RISE * self.gain_over_median:
            return 0.0
        if self.folds is not None:
            gains = self.folds[self.best] - self.folds[other]
            if np.ptp(gains) > 0 and ttest_1samp(gains, 0, alternative="greater").pvalue > NOISE:
                return 0.0
        return gain

    def too_few(self, needed: int) -> str:
        """Say that there are too few complete trials; nothing if there are enough."""
        n = len(self.trials)
        return f"{n} complete trials; {needed} needed" if n < needed else ""

    def groups_varying_only(self, parameter: Parameter) -> list[list[int]]:
        """Group the trials that differ in this parameter only, all else equal."""
        groups = defaultdict(list)
        for i in np.flatnonzero(parameter.present):
            rest = {k: v for k, v in self.trials[i].params.items() if k != parameter.name}
            groups[setting(rest)].append(i)
        return [group for group in groups.values() if len(set(parameter.position[group])) > 1]


def setting(params: dict) -> str:
    """Write parameters such that equal settings look the same."""
    return repr(sorted(params.items()))


def read_record(
    study: optuna.Study, search: Any, domains: dict[str, list[Domain]], n_rows: int | None
) -> SearchRecord:
    """Collect what the checks need.

    Parameters
    ----------
    study : optuna.Study
        The search as `to_study` has it.
    search : object
        The search itself.
    domains : dict of str to list of Domain
        What may be drawn, as `read_history` has it.
    n_rows : int or None
        The number of rows behind a score, if it was told.

    Returns
    -------
    SearchRecord
        With one complete trial at least.

    Raises
    ------
    ValueError
        If no trial has a finite value.
    """
    in_all = study.get_trials(deepcopy=False)
    ended = [trial for trial in in_all if trial.state.name in ("COMPLETE", "FAIL")]
    trials = [trial for trial in ended if _succeeded(trial)]
    if not trials:
        raise ValueError(f"no result to diagnose: none of {len(ended)} trials has a finite value")
    sign = 1 if study.direction.name == "MAXIMIZE" else -1
    folds = _folds(trials)
    names = dict.fromkeys(name for trial in trials for name in trial.params)
    return SearchRecord(
        search=search,
        trials=trials,
        failed=[trial for trial in ended if not _succeeded(trial)],
        n_in_all=len(in_all),
        scores=sign * np.array([trial.value for trial in trials]),
        folds=None if folds is None else sign * folds,
        parameters=[_parameter(name, trials, domains.get(name, [])) for name in names],
        n_rows=n_rows,
    )


def _succeeded(trial: FrozenTrial) -> bool:
    return trial.value is not None and math.isfinite(trial.value)


def _folds(trials: list[FrozenTrial]) -> np.ndarray | None:
    """Return the scores on three folds or more, if all trials have them and they fit the values."""
    folds = [trial.user_attrs.get("folds") for trial in trials]
    if not all(isinstance(f, list) and len(f) == len(folds[0]) > 2 for f in folds):
        return None
    if not all(isinstance(score, Real) for f in folds for score in f):
        return None
    if not np.allclose(np.mean(folds, axis=1), [trial.value for trial in trials]):
        return None
    return np.array(folds, dtype=float)


def _parameter(name: str, trials: list[FrozenTrial], domains: list[Domain]) -> Parameter:
    """Read one parameter, and place its values on its own scale."""
    values = [trial.params.get(name) for trial in trials]
    ranges = [trial.distributions[name] for trial in trials if name in trial.params]
    if not all(hasattr(range_, "low") for range_ in ranges):
        return Parameter(name, values, _category_numbers(name, trials), numeric=False)
    low, high = min(r.low for r in ranges), max(r.high for r in ranges)
    log = any(r.log for r in ranges)
    known_low = all(bool(d.values) or _is_end(d.low) for d in domains)
    known_high = all(bool(d.values) or _is_end(d.high) for d in domains)
    return Parameter(
        name,
        values,
        _positions(values, low, high, log),
        numeric=True,
        low=low,
        high=high,
        log=log,
        known_ends=(bool(domains) and known_low, bool(domains) and known_high),
        listed=any(d.values for d in domains),
    )


def _category_numbers(name: str, trials: list[FrozenTrial]) -> np.ndarray:
    """Return the number of each trial's category, in the order of their first trials."""
    labels = [repr(trial.params.get(name)) for trial in trials]
    number = {label: i for i, label in enumerate(dict.fromkeys(labels))}
    there = [name in trial.params for trial in trials]
    return np.array([number[lab] if t else math.nan for lab, t in zip(labels, there, strict=True)])


def _positions(values: list, low: float, high: float, log: bool) -> np.ndarray:
    """Place values from 0 at the lower end to 1 at the upper one; NaN for None."""
    numbers, ends = np.array(values, dtype=float), np.array([low, high], dtype=float)
    if log:
        numbers, ends = np.log(numbers), np.log(ends)
    return (numbers - ends[0]) / (np.ptp(ends) or 1)


def _is_end(end: float | None) -> bool:
    return end is not None and math.isfinite(end)
