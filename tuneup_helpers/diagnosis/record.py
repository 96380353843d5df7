"""What the checks read: the trials of a search, their scores, and each parameter's range."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from tuneup_helpers.diagnosis.names import is_seed
from tuneup_helpers.diagnosis.thresholds import NOISE, RISE

if TYPE_CHECKING:
    import optuna
    from optuna.trial import FrozenTrial

    from tuneup_helpers.studies import Domain, History

__all__ = ["Parameter", "SearchRecord", "read_record"]


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
        False for categories, which have none of the following. Numbers are numbers, also where
        they were given as categories.
    low, high : float
        The ends of the range.
    log : bool
        Whether it was drawn, or listed, on a log scale.
    known_ends : tuple of two bools
        Whether the lower and the upper end are those of the search, not of the values tried.
    listed : bool
        Whether a list of values was given, not a range.
    n_values : float
        How many values there are to draw from, tried or not; infinite in a range of floats.
    unordered : str
        Why categories have no order, though numbers are among them; empty if there are none.
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
    n_values: float = math.inf
    unordered: str = ""

    @property
    def present(self) -> np.ndarray:
        """Which trials have it."""
        return ~np.isnan(self.position)

    @property
    def varies(self) -> bool:
        """Whether trials differ in it."""
        return len(set(self.position[self.present].tolist())) > 1

    @cached_property
    def codes(self) -> np.ndarray:
        """The number of its value in each trial; the same for equal values."""
        number = {}
        labels = map(repr, self.values)
        return np.array([number.setdefault(label, len(number)) for label in labels])


@dataclass(frozen=True)
class SearchRecord:
    """A search as the checks see it; higher scores are better.

    Attributes
    ----------
    search : object
        The search itself.
    trials, failed, stopped : list of optuna.trial.FrozenTrial
        Those that ran to their end and keep the constraints, those that failed, and those that
        were stopped early.
    n_in_all, n_forbidden : int
        How many there are, with those that were stopped or have not ended; and how many do not
        keep the constraints of the search.
    scores : numpy.ndarray of shape (n_trials,)
        Of `trials`.
    folds : numpy.ndarray of shape (n_trials, n_folds), or None
        The scores on the folds, if there are three folds or more.
    parameters, seeds : list of Parameter
        Those that a complete trial has; seeds of random numbers apart.
    n_rows : int or None
        The number of rows behind a score, if it was told.
    maximized : bool
        Whether the search takes high scores, as it writes them, for good ones.
    metric : str or None
        What a score is, where the search says so.
    domains : dict of str to list of Domain
        What may be drawn, as the search has it.
    """

    search: Any
    trials: list[FrozenTrial]
    failed: list[FrozenTrial]
    stopped: list[FrozenTrial]
    n_in_all: int
    n_forbidden: int
    scores: np.ndarray
    folds: np.ndarray | None
    parameters: list[Parameter]
    seeds: list[Parameter]
    n_rows: int | None
    maximized: bool
    metric: str | None
    domains: dict[str, list[Domain]]

    @property
    def kind(self) -> str:
        """The name of the search's type."""
        return type(self.search).__name__

    @property
    def best(self) -> int:
        """The index of the best trial in `trials`."""
        return int(self.scores.argmax())

    @property
    def all_equal(self) -> bool:
        """Whether two settings or more all have the same score, on each fold if they have some."""
        if not any(parameter.varies for parameter in [*self.parameters, *self.seeds]):
            return False
        table = self.scores[:, None] if self.folds is None else self.folds
        return bool(np.allclose(table, table[0], rtol=1e-12, atol=1e-15))

    @property
    def gain_over_median(self) -> float:
        """What the best has over a median trial, of all or of the first ten if they are worse."""
        return float(self.scores.max() - min(np.median(self.scores), np.median(self.scores[:10])))

    @property
    def standard_error(self) -> float:
        """The standard error of a good score over the folds: of the better half, on average."""
        better = self.folds[self.scores >= np.median(self.scores)]
        return float(np.sqrt(better.var(axis=1, ddof=1).mean() / better.shape[1]))

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

    def settings(self, without: Parameter | None = None) -> np.ndarray:
        """Return a number for each trial: those that agree in all, or in all but one, share it."""
        every = [*self.parameters, *self.seeds]
        codes = [p.codes for p in every if without is None or p.name != without.name]
        if not codes:
            return np.zeros(len(self.trials), dtype=int)
        return np.unique(np.column_stack(codes), axis=0, return_inverse=True)[1].ravel()

    def groups_varying_only(self, parameter: Parameter) -> list[list[int]]:
        """Group the trials that differ in this parameter only, all else equal."""
        rest, groups = self.settings(without=parameter), defaultdict(list)
        for i in np.flatnonzero(parameter.present).tolist():
            groups[rest[i]].append(i)
        return [g for g in groups.values() if len(set(parameter.position[g].tolist())) > 1]


def read_record(
    study: optuna.Study, search: Any, history: History, n_rows: int | None
) -> SearchRecord:
    """Collect what the checks need.

    Parameters
    ----------
    study : optuna.Study
        The search as `to_study` has it.
    search : object
        The search itself.
    history : History
        What `read_history` returned for it.
    n_rows : int or None
        The number of rows behind a score, if it was told.

    Returns
    -------
    SearchRecord
        With one complete trial at least.

    Raises
    ------
    ValueError
        If no trial has a finite value, or none keeps the constraints.
    """
    in_all = study.get_trials(deepcopy=False)
    ended = [trial for trial in in_all if trial.state.name in ("COMPLETE", "FAIL")]
    succeeded = [trial for trial in ended if _succeeded(trial)]
    if not succeeded:
        raise ValueError(
            f"no result to diagnose: none of {len(ended)} trials has a finite value. Run one "
            "setting alone to see what it returns"
        )
    trials = [trial for trial in succeeded if _is_allowed(trial)]
    if not trials:
        raise ValueError(
            f"no result to diagnose: none of {len(succeeded)} complete trials keeps the "
            "constraints. Loosen them, or search where they hold"
        )
    sign = 1 if history.direction == "maximize" else -1
    folds = _folds(trials)
    names = dict.fromkeys(name for trial in trials for name in trial.params)
    found = [_parameter(name, trials, history.domains.get(name, [])) for name in names]
    return SearchRecord(
        search=search,
        trials=trials,
        failed=[trial for trial in ended if not _succeeded(trial)],
        stopped=[trial for trial in in_all if trial.state.name == "PRUNED"],
        n_in_all=len(in_all),
        n_forbidden=len(succeeded) - len(trials),
        scores=sign * np.array([trial.value for trial in trials]),
        folds=None if folds is None else sign * folds,
        parameters=[parameter for parameter in found if not is_seed(parameter.name)],
        seeds=[parameter for parameter in found if is_seed(parameter.name)],
        n_rows=n_rows,
        maximized=sign > 0,
        metric=history.metric,
        domains=history.domains,
    )


def _succeeded(trial: FrozenTrial) -> bool:
    return trial.value is not None and math.isfinite(trial.value)


def _is_allowed(trial: FrozenTrial) -> bool:
    return all(excess <= 0 for excess in trial.constraints.values())


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
    ranges = [*{id(range_): range_ for range_ in ranges}.values()]
    if all(hasattr(range_, "choices") for range_ in ranges):
        return _category(name, values, trials, ranges, domains)
    if not all(hasattr(range_, "low") for range_ in ranges):
        positions = _category_numbers(name, trials)
        return Parameter(name, values, positions, numeric=False, unordered=_MIXED)
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
        n_values=_count(domains),
    )


def _category(
    name: str, values: list, trials: list[FrozenTrial], ranges: list, domains: list[Domain]
) -> Parameter:
    """Read categories; all of them numbers, they have an order like any other."""
    choices = [choice for range_ in ranges for choice in range_.choices]
    numbers = [choice for choice in choices if _is_number(choice)]
    if len(numbers) < len(choices):
        positions = _category_numbers(name, trials)
        unordered = _MIXED if len(set(numbers)) > 1 else ""
        if sum(map(_is_text_of_number, set(choices))) > 1:
            unordered = "writes numbers as text"
        return Parameter(name, values, positions, numeric=False, unordered=unordered)
    low, high, log = min(numbers), max(numbers), _is_log(numbers)
    return Parameter(
        name,
        values,
        _positions(values, low, high, log),
        numeric=True,
        low=low,
        high=high,
        log=log,
        known_ends=(bool(domains), bool(domains)),
        n_values=len(set(numbers)),
    )


_MIXED = "mixes numbers with others"


def _is_text_of_number(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"[+-]?[\d.]+(e[+-]?\d+)?", value))


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def _is_log(numbers: list) -> bool:
    """Tell values whose steps are more even on a log scale."""
    values = sorted(set(numbers))
    if len(values) < 3 or values[0] <= 0:
        return False
    steps = [b - a for a, b in pairwise(values)]
    ratios = [math.log(b / a) for a, b in pairwise(values)]
    return max(ratios) / min(ratios) < max(steps) / min(steps)


def _count(domains: list[Domain]) -> float:
    """Count the values that may be drawn; without an end, of either kind, they are unlimited."""
    values = {repr(value) for domain in domains for value in domain.values}
    ranges = [domain for domain in domains if not domain.values]
    if not domains or any(not _is_whole(d.low) or not _is_whole(d.high) for d in ranges):
        return math.inf
    return len(values) + sum(domain.high - domain.low + 1 for domain in ranges)


def _is_whole(end: float | None) -> bool:
    return isinstance(end, int) and not isinstance(end, bool)


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
