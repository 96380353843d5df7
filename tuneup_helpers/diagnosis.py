"""A second opinion on a finished search: what is suspicious in its record, and why.

One function looks for each ailment (`_edge`, `_failed`, ...): it returns a line of evidence for
each finding, and what it could not look at. The thresholds stand above them, with reasons.
"Healthy" are searches of 20 to 100 trials on the tables of digits, whose optima lie inside: of 300
random ones none had a finding, of 300 by TPE and CMA-ES two.
"""

from __future__ import annotations

import html
import math
import textwrap
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from numbers import Integral, Real
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from tuneup_helpers.studies import _history, to_study

if TYPE_CHECKING:
    import optuna

__all__ = ["Diagnosis", "Finding", "diagnose"]

_CLINIC = {  # code: heading in notebook 11, level, advice
    "failed": (
        "Trials that failed",
        "problem",
        "Run one of them alone to see its error (in scikit-learn with error_score='raise'), and "
        "take out of the space what cannot work.",
    ),
    "edge": ("Best at the edge", "problem", "Extend the range beyond this end and search again."),
    "linear": (
        "A linear range",
        "problem",
        "Draw on a log scale: scipy.stats.loguniform, suggest_float(..., log=True), "
        "Real(..., prior='log-uniform'), np.logspace.",
    ),
    "optimism": (
        "The best of many on few rows",
        "problem",
        "Do not report the best score: score the chosen setting on rows that the search never "
        "saw, or nest the search in an outer cross-validation.",
    ),
    "ties": (
        "A tie sold as a winner",
        "notice",
        "Take the simplest or cheapest setting of the tie, or score the best few on more data.",
    ),
    "unimportant": (
        "A range that does nothing",
        "notice",
        "Check that the model uses it (the right name? switched off by another setting?). If it "
        "does, fix it and spend the trials elsewhere.",
    ),
    "improving": ("Stopped while climbing", "notice", "Go on with the same search."),
    "duplicates": (
        "The same trial twice",
        "notice",
        "Unless it was meant to measure noise: widen the space, or stop, for it is exhausted.",
    ),
    "seed": (
        "No seed",
        "notice",
        "Pass random_state=0, or any number; then try others to see what depends on it.",
    ),
}


@dataclass(frozen=True)
class Finding:
    """One thing that is suspicious in a search.

    Attributes
    ----------
    code, title : str
        A short name for programs; the heading in the clinic (notebook 11).
    evidence, advice : str
        What was seen, in numbers; what to do about it.
    link : str
        Where the clinic explains it.
    level : {"problem", "notice"}
        A problem makes the result worse or its score wrong; a notice costs trials, or limits
        what may be concluded.
    """

    code: str
    title: str
    evidence: str
    advice: str
    link: str
    level: str


@dataclass(frozen=True, repr=False)
class Diagnosis:
    """What `diagnose` found: show it, iterate over it, ask for its length.

    Attributes
    ----------
    findings : tuple of Finding
        Problems first; empty if nothing is suspicious.
    looked_at : tuple of str
        Titles of the checks that could be made in full.
    not_looked_at : dict of str to str
        Titles of the others, and what was missing.
    searched : str
        What was diagnosed.
    """

    findings: tuple[Finding, ...]
    looked_at: tuple[str, ...]
    not_looked_at: dict[str, str]
    searched: str

    def __len__(self) -> int:
        return len(self.findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def _headline(self) -> str:
        count = {0: "Nothing suspicious", 1: "1 finding"}.get(len(self), f"{len(self)} findings")
        return f"{count} in {self.searched}"

    def _advised(self) -> Iterator[tuple[Finding, bool]]:
        """Yield each finding, and whether to give its advice: once, with the last of a title."""
        codes = [*(finding.code for finding in self), None]
        for finding, after in zip(self, codes[1:], strict=True):
            yield finding, finding.code != after

    def __repr__(self) -> str:
        lines = [self._headline()]
        for i, (finding, advised) in enumerate(self._advised(), start=1):
            lines += ["", f"{i}. {finding.title} ({finding.level})"]
            for text in [finding.evidence, *([finding.advice, finding.link] if advised else [])]:
                lines.append(textwrap.fill(text, 88, initial_indent="   ", subsequent_indent="   "))
        rest = ["Looked at: " + (", ".join(self.looked_at) or "nothing")]
        rest += [f"Not looked at: {title} ({why})" for title, why in self.not_looked_at.items()]
        rest = [textwrap.fill(line, 88, subsequent_indent="   ") for line in rest]
        return "\n".join([*lines, "", *rest])

    def _repr_html_(self) -> str:
        esc = html.escape
        items = "".join(
            f'<li><b><a href="{esc(f.link)}">{esc(f.title)}</a></b> ({esc(f.level)})<br>'
            + esc(f.evidence)
            + (f"<br><i>{esc(f.advice)}</i></li>" if advised else "</li>")
            for f, advised in self._advised()
        )
        missed = "".join(f"<li>{esc(t)}: {esc(why)}</li>" for t, why in self.not_looked_at.items())
        return (
            f"<p><b>{esc(self._headline())}</b></p>"
            + (f"<ol>{items}</ol>" if items else "")
            + f"<p>Looked at: {esc(', '.join(self.looked_at) or 'nothing')}</p>"
            + (f"<p>Not looked at:</p><ul>{missed}</ul>" if missed else "")
        )


def diagnose(
    search: Any,
    *,
    direction: str | None = None,
    metric: str | None = None,
    space: Any = None,
    n_rows: int | None = None,
) -> Diagnosis:
    """Tell what is suspicious in a finished search. Nothing is run again.

    Parameters
    ----------
    search, direction, metric, space
        As `to_study` takes them. Without `space`, the edges and scales of a list or of
        Hyperopt's Trials are not known. Trials of Optuna may carry the score on each fold:
        ``trial.set_user_attr("folds", [0.91, 0.88, 0.93])``, whose mean is their value.
    n_rows : int, optional
        Number of rows behind a score, ``len(X)`` if cross-validated. Used where scores on the
        folds are not recorded, and lie between 0 and 1 like accuracy.

    Returns
    -------
    Diagnosis
        Of length 0 if nothing is suspicious; it then says what was looked at.

    Raises
    ------
    TypeError
        As `to_study` does, or if `n_rows` is not a whole number.
    ValueError
        As `to_study` does (all trials failed, for instance), if `n_rows` is below 2, or if a
        study has several objectives.

    Notes
    -----
    Only trials that ran to their end are compared. What counts as a finding:

    - *Trials that failed*: any. (Optuna counts one that was interrupted by hand among them.)
    - *Best at the edge*: the best trial lies at the end of a range, and its neighbour inside,
      all else equal, scores worse. Where there is no such neighbour, from 20 trials on: the
      better third of the trials lies closer to that end than the rest (Mann-Whitney test), and
      the best trial away from it scores worse. Worse means beyond the noise between folds.
      Natural ends do not count: 0, a whole 1 from below, 1 from above on a linear scale. Nor
      does the lower end of a linear range if the best value is more than ten times as large:
      there the scale is at fault, not the end.
    - *A linear range*: two decades or more in even steps or draws; not a share, from 0.01 to
      0.99 for instance.
    - *The best of many on few rows*: if the winner is chosen on all folds but one and scored on
      that one, for each fold in turn, half of the gain over the median trial is lost. Without
      folds: the largest of n draws from a normal distribution with standard error
      sqrt(p (1 - p) / n_rows), near its quantile (n - 0.375) / (n + 0.25), reaches the gain. (p is
      the median score. Trials share their rows, so this is an upper bound.)
    - *A tie sold as a winner*: half of the trials lie within one standard error of the best
      (of the paired difference; equal to it, without folds), over half of all ranges.
    - *A range that does nothing*: in a grid it explains at most 1 % of the variance of ranks;
      elsewhere a forest predicts the ranks from the other parameters, no better with this one,
      and its errors show no trace of it. This takes 50 trials. A switch, whose value decides
      which other parameters there are, is not judged so.
    - *Stopped while climbing*: scores rise through the second half of the trials, and the last
      quarter brought a gain beyond the noise. Not in a grid.
    - *The same trial twice*: at least a tenth of the trials repeat one.
    - *No seed*: random_state is None in the search, in a splitter that shuffles, or in an
      estimator of scikit-learn that always draws.

    Training sets of folds overlap, and folds of repeated cross-validation share their rows:
    noise is then larger, ties are more, and optimism is worse than it looks.

    An empty report is no proof of health. Of 30 random searches of 60 trials, whose range ended
    short of the optimum, 22 were noticed where this parameter ruled the score and 2 where two
    did; by TPE all. Of 24 on shuffled labels 13 were. Rows prepared before the split, or a test
    set that chose, are in no record.

    References
    ----------
    R. J. Tibshirani and R. Tibshirani (2009). A bias correction for the minimum error rate in
    cross-validation. Annals of Applied Statistics 3(2). https://doi.org/10.1214/08-AOAS224

    I. Tsamardinos et al. (2018). Bootstrapping the out-of-sample predictions for efficient and
    accurate cross-validation. Machine Learning 107. https://doi.org/10.1007/s10994-018-5714-4

    G. Blom (1958). Statistical estimates and transformed beta-variables. Wiley.

    Examples
    --------
    >>> trials = [({"C": C}, score) for C, score in [(0.1, 0.71), (1, 0.83), (10, 0.94)]]
    >>> for finding in diagnose(trials, direction="maximize", space={"C": [0.1, 1, 10]}):
    ...     print(finding.title, "|", finding.evidence)
    Best at the edge | C from 0.1 to 10: the best trial has 10; one step inside, at 1 and all
    else equal, the score is 0.11 worse
    """
    if n_rows is not None and (isinstance(n_rows, bool) or not isinstance(n_rows, Integral)):
        raise TypeError(f"n_rows must be a whole number of rows, got {n_rows!r}: pass len(X)")
    if n_rows is not None and n_rows < 2:
        raise ValueError(f"n_rows must be at least 2, got {n_rows!r}: pass len(X)")
    study = to_study(search, direction=direction, metric=metric, space=space)
    if len(study.directions) > 1:
        raise ValueError(f"search has {len(study.directions)} objectives; diagnose reads only one")
    history = _history(search, direction, metric, space)
    seen = _read(study, search, history and history.domains, n_rows)
    findings, looked_at, not_looked_at = [], [], {}
    for code, (title, level, advice) in _CLINIC.items():
        evidence, missing = _CHECKS[code](seen)
        link = "11_clinic.ipynb#" + title.replace(" ", "-")
        findings += [Finding(code, title, text, advice, link, level) for text in evidence]
        if missing:
            not_looked_at[title] = missing
        else:
            looked_at.append(title)
    searched = f"{len(study.get_trials(deepcopy=False))} trials of {type(search).__name__}"
    return Diagnosis(tuple(findings), tuple(looked_at), not_looked_at, searched)


# What the checks read.


@dataclass(frozen=True)
class _Parameter:
    """One parameter in all complete trials, and what is known of its range."""

    name: str
    values: list  # None where a trial does not have it
    at: np.ndarray  # from 0 to 1 in its range, on its own scale; the number of a category
    numeric: bool
    low: float = 0
    high: float = 0
    log: bool = False
    known: tuple[bool, bool] = (False, False)  # the lower and the upper end
    listed: bool = True  # a list of values was given, not a range

    @property
    def has(self) -> np.ndarray:
        return ~np.isnan(self.at)


@dataclass(frozen=True)
class _Seen:
    """A search as the checks see it; higher scores are better."""

    search: Any
    trials: list  # those that ran to their end
    failed: list
    n_all: int  # with those that were pruned
    scores: np.ndarray
    folds: np.ndarray | None  # shape (n_trials, n_folds); three or more
    parameters: list[_Parameter]
    n_rows: int | None

    @property
    def best(self) -> int:
        return int(self.scores.argmax())

    @property
    def gained(self) -> float:
        """What the best has over a median trial, of all or of the first ten if they are worse."""
        return float(self.scores.max() - min(np.median(self.scores), np.median(self.scores[:10])))

    def too_few(self, needed: int) -> str:
        n = len(self.trials)
        return f"{n} complete trials; {needed} needed" if n < needed else ""

    def gain_over(self, other: int) -> float:
        """Return what the best has over another trial; 0 if that is small or may be noise."""
        from scipy.stats import ttest_1samp

        gain = float(self.scores[self.best] - self.scores[other])
        if gain < _RISE * self.gained:
            return 0.0
        if self.folds is not None:
            gains = self.folds[self.best] - self.folds[other]
            if np.ptp(gains) > 0 and ttest_1samp(gains, 0, alternative="greater").pvalue > _NOISE:
                return 0.0
        return gain

    def lines(self, parameter: _Parameter) -> list[list[int]]:
        """Group the trials that differ in this parameter only."""
        groups = defaultdict(list)
        for i in np.flatnonzero(parameter.has):
            rest = {k: v for k, v in self.trials[i].params.items() if k != parameter.name}
            groups[_setting(rest)].append(i)
        return [line for line in groups.values() if len(set(parameter.at[line])) > 1]


def _setting(params: dict) -> str:
    return repr(sorted(params.items()))


def _read(study: optuna.Study, search: Any, told: dict | None, n_rows: int | None) -> _Seen:
    """Collect from a study what the checks need; `told` is None for a search by Optuna."""
    done = [t for t in study.get_trials(deepcopy=False) if t.state.name in ("COMPLETE", "FAIL")]
    failed = [t for t in done if t.value is None or not math.isfinite(t.value)]
    trials = [t for t in done if t.value is not None and math.isfinite(t.value)]
    if not trials:
        raise ValueError(f"no result to diagnose: none of {len(done)} trials has a finite value")
    sign = 1 if study.direction.name == "MAXIMIZE" else -1
    folds = [t.user_attrs.get("folds") for t in trials]
    whole = all(isinstance(f, list) and len(f) == len(folds[0]) > 2 for f in folds)
    whole = whole and all(isinstance(score, Real) for f in folds for score in f)
    whole = whole and np.allclose(np.mean(folds, axis=1), [t.value for t in trials])
    gridded = type(getattr(search, "sampler", None)).__name__ == "GridSampler"
    names = dict.fromkeys(name for t in trials for name in t.params)
    return _Seen(
        search=search,
        trials=trials,
        failed=failed,
        n_all=len(study.get_trials(deepcopy=False)),
        scores=sign * np.array([t.value for t in trials]),
        folds=sign * np.array(folds, dtype=float) if whole else None,
        parameters=[_parameter(name, trials, told, gridded) for name in names],
        n_rows=n_rows,
    )


def _parameter(name: str, trials: list, told: dict | None, gridded: bool) -> _Parameter:
    """Place the values of a parameter on its own scale."""
    values = [t.params.get(name) for t in trials]
    ranges = [t.distributions[name] for t in trials if name in t.params]
    if not all(hasattr(r, "low") for r in ranges):
        number = {label: i for i, label in enumerate(dict.fromkeys(map(repr, values)))}
        at = [number[repr(t.params[name])] if name in t.params else math.nan for t in trials]
        return _Parameter(name, values, np.array(at), numeric=False)
    low, high = min(r.low for r in ranges), max(r.high for r in ranges)
    log = any(r.log for r in ranges)
    at, ends = np.array(values, dtype=float), np.array([low, high], dtype=float)
    if log:
        at, ends = np.log(at), np.log(ends)
    at = (at - ends[0]) / (np.ptp(ends) or 1)
    known, listed = (True, True), gridded
    if told is not None:
        domains = told.get(name, [])
        listed = any(d.values for d in domains)
        lows = [d.values or (d.low is not None and math.isfinite(d.low)) for d in domains]
        highs = [d.values or (d.high is not None and math.isfinite(d.high)) for d in domains]
        known = (bool(lows) and all(lows), bool(highs) and all(highs))
    return _Parameter(name, values, at, True, low, high, log, known, listed)


# The checks: evidence of each finding, and what was missing to look.

_Result = tuple[list[str], str]

_MIN_TRIALS = 12  # below, a share of the trials says little
_MIN_CROWD = 20  # with 16 trials, two of ten healthy Bayesian searches were accused
_EDGE = 0.1  # the outer tenth of a range: there lies the best of twenty, if scores rise to the end
_ALPHA = 0.01  # a search has some ten ends to test: at 0.05 every other one would have a hit
_NOISE = 0.05  # for a difference that has a second reason besides
_RISE = 0.1  # a gain that counts, as a share of what the search has gained


def _failed(seen: _Seen) -> _Result:
    bad = len(seen.failed)
    if not bad:
        return [], ""
    evidence = f"{bad} of {seen.n_all} trials failed"
    for setting in seen.failed[0].params.items():
        fails = all(setting in t.params.items() for t in seen.failed)
        if bad > 1 and fails and not any(setting in t.params.items() for t in seen.trials):
            evidence += f"; all of them, and no other, have {setting[0]}={setting[1]!r}"
            break
    errors = Counter(str(t.user_attrs["error"]) for t in seen.failed if "error" in t.user_attrs)
    if errors:
        evidence += f"; most often: {errors.most_common(1)[0][0]}"
    return [evidence], ""


def _edge(seen: _Seen) -> _Result:
    evidence, missing = [], []
    for p in seen.parameters:
        if not p.numeric or p.low == p.high or not p.has[seen.best]:
            continue
        if not all(p.known):
            missing.append(f"the range of {p.name} is not recorded")
        at = _place(p)
        natural_low = p.low == 0 or (p.low == 1 and isinstance(p.low, int))
        decades_above = not p.log and p.values[seen.best] > 10 * p.low > 0
        natural_high = p.high == 1 and p.low >= 0 and not p.log
        for distance, known, natural in (
            (at, p.known[0], natural_low or decades_above),
            (1 - at, p.known[1], natural_high),
        ):
            if natural or not known or distance[seen.best] > _EDGE:
                continue
            line = next((line for line in seen.lines(p) if seen.best in line), [])
            grid = p.listed or 2 * len(set(p.at[p.has])) <= p.has.sum()  # values come back
            inside = distance[distance > distance[seen.best]].min(initial=np.inf)
            if grid and len(set(p.at[line])) > 2 and inside in distance[line]:
                found = _rises_along(seen, p, distance, line)
            elif p.has.sum() < _MIN_CROWD:
                missing.append(f"{p.name} without a grid takes {_MIN_CROWD} trials")
                continue
            else:
                found = _crowds_at(seen, p, distance)
            if found:
                where = f"{p.name} from {p.low:.4g} to {p.high:.4g}"
                evidence.append(f"{where}: the best trial has {p.values[seen.best]:.4g}; {found}")
    return evidence, "; ".join(missing)


def _place(p: _Parameter) -> np.ndarray:
    """Place the values from 0 to 1; those of a list by their order, whatever its scale."""
    if not p.listed:
        return p.at
    order = np.unique(p.at[p.has])
    return np.where(p.has, np.searchsorted(order, p.at) / max(len(order) - 1, 1), np.nan)


def _rises_along(seen: _Seen, p: _Parameter, distance: np.ndarray, line: list[int]) -> str:
    """Compare the best with its neighbour inside, all else equal."""
    if distance[seen.best] > distance[line].min():
        return ""  # values beyond it were tried
    inner = min((i for i in line if distance[i] > distance[seen.best]), key=distance.__getitem__)
    gain = seen.gain_over(inner)
    if gain <= _RISE * np.ptp(seen.scores[line]):
        return ""
    at = f"{p.values[inner]:.4g}"
    return f"one step inside, at {at} and all else equal, the score is {gain:.3g} worse"


def _crowds_at(seen: _Seen, p: _Parameter, distance: np.ndarray) -> str:
    """Ask whether better trials are closer to the end, and the best one away from it worse."""
    from scipy.stats import mannwhitneyu

    top = seen.scores >= np.quantile(seen.scores[p.has], 2 / 3)
    near, rest = distance[p.has & top], distance[p.has & ~top]
    away = np.flatnonzero(distance > 0.25)
    if not len(rest) or not len(away):
        return ""
    gain = seen.gain_over(away[seen.scores[away].argmax()])
    alpha = _ALPHA if seen.folds is not None else _ALPHA / 10  # stricter if noise is not known
    if not gain or mannwhitneyu(near, rest, alternative="less").pvalue > alpha:
        return ""
    return f"better trials crowd there, and the best one away from it scores {gain:.3g} worse"


_DECADES = 2  # 90 % or more of even draws then fall into the upper decade


def _linear(seen: _Seen) -> _Result:
    evidence, missing = [], []
    for p in seen.parameters:
        if not p.numeric or p.log or p.low < 0 or p.low == p.high:
            continue
        if not (all(p.known) or p.listed):
            missing.append(f"the scale of {p.name} is not recorded")
            continue
        if math.isclose(p.low + p.high, 1):
            continue  # a share, without its two ends
        steps = np.diff(np.unique(p.at[p.has]))
        uneven = p.listed and (len(steps) < 2 or steps.max() > 2 * steps.min())
        if uneven or math.log10(p.high / (p.low or 1)) < _DECADES:
            continue
        upper = 0.9 * p.high / (p.high - p.low)
        evidence.append(
            f"{p.name} from {p.low:.4g} to {p.high:.4g} in even {'steps' if p.listed else 'draws'}:"
            f" {upper:.0%} of the range lies above {p.high / 10:.4g}"
        )
    return evidence, "; ".join(missing)


_LUCK = 0.5  # 3 of 480 healthy searches lose that much; 13 of 24 on shuffled labels


def _optimism(seen: _Seen) -> _Result:
    n, scores, folds = len(seen.trials), seen.scores, seen.folds
    if few := seen.too_few(_MIN_TRIALS):
        return [], few
    if folds is not None:
        chosen = (folds.sum(axis=1, keepdims=True) - folds).argmax(axis=0)  # without each fold
        luck = scores.max() - folds[chosen, np.arange(len(chosen))].mean()
        limit = _LUCK * seen.gained
        how = f"chosen on the other folds and scored on the one left out, it loses {luck:.3g}"
    elif seen.n_rows and abs(scores).max() <= 1 and abs(scores.sum()) == abs(scores).sum():
        p = abs(np.median(scores))
        error = math.sqrt(p * (1 - p) / seen.n_rows)
        luck = error * NormalDist().inv_cdf((n - 0.375) / (n + 0.25))
        limit = seen.gained
        how = f"the luckiest of {n} equals on {seen.n_rows} rows would gain up to {luck:.3g}"
    else:
        return [], "needs scores on folds, or n_rows= and scores between 0 and 1"
    if luck <= 0 or luck < limit:
        return [], ""
    return [f"the best of {n} trials gained {seen.gained:.3g} over a median one; {how}"], ""


_TIED, _SPREAD = 0.5, 0.5  # a search that converges has as many ties, but in one place


def _ties(seen: _Seen) -> _Result:
    if few := seen.too_few(_MIN_TRIALS):
        return [], few
    lost = seen.scores.max() - seen.scores
    noise = np.full(len(lost), 1e-12)
    if seen.folds is not None:
        gaps = seen.folds[seen.best] - seen.folds
        noise += gaps.std(axis=1, ddof=1) / math.sqrt(gaps.shape[1])
    tied = lost <= noise
    for p in seen.parameters:
        reached, there = p.at[tied & p.has], p.at[p.has]
        reach = np.ptp(reached) if p.numeric and len(reached) else len(set(reached))
        if reach < _SPREAD * (p.low < p.high if p.numeric else len(set(there))):
            return [], ""
    if tied.mean() < _TIED:
        return [], ""
    what = "equal to" if seen.folds is None else "within one standard error of"
    return [
        f"{tied.sum()} of {len(tied)} trials are {what} the best, over half of each range or more"
    ], ""


_MIN_FOREST = 50  # with 30, a forest overlooks a parameter that explains a seventh
_EXPLAINED = 0.93  # by the others; at 0.8, one that explains a twentieth is often accused
_NO_TRACE = 0.2  # p-value: only where there is no hint of an effect
_NO_EFFECT = 0.01  # where it can be computed, in a grid


def _unimportant(seen: _Seen) -> _Result:
    from scipy.stats import rankdata

    varied = [p for p in seen.parameters if len(set(p.at[p.has])) > 1]
    if len(varied) < 2 or np.ptp(seen.scores) == 0:
        return [], "needs two parameters that vary, and scores that differ"
    ranks = rankdata(seen.scores) / len(seen.scores)
    evidence, missing = [], []
    for p in varied:
        lines = seen.lines(p)
        compared = sum(map(len, lines))
        if len(lines) > 2 and compared == p.has.sum():
            share = sum(len(line) * ranks[line].var() for line in lines) / compared / ranks.var()
            if share <= _NO_EFFECT:
                evidence.append(
                    f"{p.name}: all else equal, in {len(lines)} comparisons, it explains "
                    f"{share:.1%} of the variance of ranks"
                )
        elif few := seen.too_few(_MIN_FOREST):
            missing = [few]
        elif found := _without(p, varied, ranks):
            evidence.append(found)
    return evidence, "".join(missing)


def _without(p: _Parameter, varied: list[_Parameter], ranks: np.ndarray) -> str:
    """Leave a parameter out, and see whether the others still predict the ranks."""
    from scipy.stats import kruskal
    from sklearn.ensemble import ExtraTreesRegressor

    at = p.at[p.has]
    if any(_switches(p, q) for q in varied):
        return ""  # which others there are says all that it does

    def forest(parameters):
        X = np.nan_to_num(np.column_stack([q.at for q in parameters]), nan=-1)
        model = ExtraTreesRegressor(100, bootstrap=True, oob_score=True, random_state=0)
        return model.fit(X, ranks)

    def trace(target):
        cuts = np.unique(np.quantile(at, [0.25, 0.5, 0.75])) if p.numeric else np.unique(at)[1:]
        parts = [target[p.has][np.digitize(at, cuts) == k] for k in range(len(cuts) + 1)]
        return kruskal(*(part for part in parts if len(part))).pvalue

    if p.numeric and np.ptp(np.quantile(at, [0.1, 0.9])) < _SPREAD:
        return ""  # too much in one place to know
    if trace(ranks) < _ALPHA:
        return ""
    others = forest([q for q in varied if q is not p])
    score = others.oob_score_
    if score < _EXPLAINED or trace(ranks - others.oob_prediction_) < _NO_TRACE:
        return ""
    if forest(varied).oob_score_ > score:
        return ""
    return f"{p.name}: a forest predicts ranks from the others (R² {score:.2f}), no better with it"


def _switches(p: _Parameter, q: _Parameter) -> bool:
    """Tell whether the value of one parameter decides if a trial has the other."""
    groups = defaultdict(set)
    for value, there in zip(p.at[p.has].tolist(), q.has[p.has].tolist(), strict=True):
        groups[value].add(there)
    recurs = 2 * len(groups) <= p.has.sum()
    decides = all(len(group) == 1 for group in groups.values())
    return recurs and decides and len(set().union(*groups.values())) == 2


def _improving(seen: _Seen) -> _Result:
    from scipy.stats import spearmanr

    n, name = len(seen.trials), type(seen.search).__name__
    cells = math.prod(len(set(p.at)) for p in seen.parameters)
    if name.startswith(("GridSearch", "Halving")) or (len(seen.parameters) > 1 and cells == n):
        return [], "the order of a grid says nothing"
    if few := seen.too_few(2 * _MIN_TRIALS):
        return [], few
    gain = seen.gain_over(int(seen.scores[: 3 * n // 4].argmax()))
    if not gain:
        return [], ""
    trend = spearmanr(np.arange(n // 2, n), seen.scores[n // 2 :], alternative="greater")
    if trend.pvalue > _ALPHA / 10:  # less strict, it accuses TPE and CMA-ES on their way
        return [], ""
    return [
        f"the last quarter of {n} trials brought {gain:.3g}, and scores rise through the second "
        f"half (rank correlation with the order {trend.statistic:.2f})"
    ], ""


_REPEATS = 0.1  # now and then a sampler draws a setting of whole numbers again


def _duplicates(seen: _Seen) -> _Result:
    groups = defaultdict(list)
    for trial, score in zip(seen.trials, seen.scores, strict=True):
        groups[_setting(trial.params)].append(score)
    n, repeats = len(seen.trials), len(seen.trials) - len(groups)
    if repeats < max(2, _REPEATS * n):
        return [], ""
    same = sum(scores.count(scores[0]) - 1 for scores in groups.values())
    return [f"{repeats} of {n} trials repeat one, {same} of them with the same score"], ""


# Estimators of scikit-learn that always draw; with others it depends on their settings.
_DRAWING = ("RandomForest", "ExtraTree", "DecisionTree", "GradientBoosting", "AdaBoost", "Bagging")
_DRAWING += ("MLP", "SGD", "KMeans", "MiniBatchKMeans", "Perceptron", "PassiveAggressive")


def _seed(seen: _Seen) -> _Result:
    search, kind = seen.search, type(seen.search).__name__
    settings = search.get("specs", {}).get("args", {}) if hasattr(search, "x_iters") else {}
    if settings.get("random_state", search) is None:
        return ["the search has random_state=None: other trials each run"], ""
    if isinstance(settings.get("random_state"), int):
        return [], ""
    if not hasattr(search, "cv_results_"):
        return [], f"{kind} does not record it"
    evidence = []
    if getattr(search, "random_state", 0) is None:
        evidence.append(f"{kind} has random_state=None: other trials each run")
    if getattr(search.cv, "random_state", 0) is None and getattr(search.cv, "shuffle", True):
        evidence.append(f"{type(search.cv).__name__} has random_state=None: other folds each run")
    params = search.estimator.get_params()
    seeds = {name: value for name, value in params.items() if name.endswith("random_state")}
    searched = {p.name for p in seen.parameters}
    for name, value in {"": search.estimator, **params}.items():
        path = name.split("__") if name else []
        chain = ["__".join([*path[:i], "random_state"]) for i in range(len(path) + 1)]
        seeded = any(seeds.get(seed) is not None or seed in searched for seed in chain)
        model = type(value)
        draws = model.__module__.startswith("sklearn.") and model.__name__.startswith(_DRAWING)
        if draws and chain[-1] in seeds and not seeded:
            evidence.append(f"{model.__name__} has random_state=None: another model each run")
    return evidence, ""


_CHECKS: dict[str, Callable[[_Seen], _Result]] = {
    "failed": _failed,
    "edge": _edge,
    "linear": _linear,
    "optimism": _optimism,
    "ties": _ties,
    "unimportant": _unimportant,
    "improving": _improving,
    "duplicates": _duplicates,
    "seed": _seed,
}
