"""The examination: read a search once, make every check, collect the findings."""

from __future__ import annotations

from numbers import Integral
from typing import Any

from tuneup_helpers.diagnosis.findings import FINDINGS
from tuneup_helpers.diagnosis.record import SearchRecord, read_record
from tuneup_helpers.diagnosis.report import Diagnosis, Finding
from tuneup_helpers.studies import build_study, read_history

__all__ = ["diagnose"]


def diagnose(
    search: Any,
    *,
    direction: str | None = None,
    metric: str | int | None = None,
    space: Any = None,
    n_rows: int | None = None,
) -> Diagnosis:
    """Tell what is suspicious in a finished search. Nothing is run again.

    Parameters
    ----------
    search, direction, metric, space
        As `to_study` takes them; of a study with several objectives, `metric` chooses one.
        Without `space`, edges and scales are not known where the search does not record them
        (a list, Hyperopt's Trials, a table). Trials of Optuna may carry the score on each fold:
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
        As `to_study` does (all trials failed, for instance), if `n_rows` is below 2, if a study
        has several objectives of which none is chosen, or if no trial keeps its constraints.

    Notes
    -----
    Only trials that ran to their end, and keep the constraints of the search if it has some, are
    compared. What counts as a finding:

    - *Trials that failed*: any, also those whose score is the number given as ``error_score``.
      Values, and pairs of values, that always failed are named; where there are none, the
      settings of a grid that failed, if they are few. (Optuna counts a trial that was
      interrupted by hand among them.)
    - *Minimized what should be maximized*: the metric is an error, a loss or a deviance by its
      name, and more of it was preferred; or it is a score, and less was. (Values below 0 of
      what cannot be negative carry a minus.)
    - *All scores are equal*: of two different settings or more, on each fold if they have some.
    - *A seed that is searched*: ``random_state``, ``seed`` and the like vary. They are then left
      out of all other checks of ranges.
    - *Best at the edge*: the best trial lies at the end of a range, and its neighbour inside,
      all else equal, scores worse, as do all further inside; in a grid also on average over the
      other hyperparameters.
      Where there is no such neighbour, from 20 trials on: the
      better third of the trials lies closer to that end than the rest (Mann-Whitney test), and
      the best trial away from it scores worse. Worse means beyond the noise between folds.
      Numbers given as categories are numbers. One or two values have no ends. Natural ends do
      not count: 0, a whole 1 from below, 1 from above on a linear scale or of a share (from .99 on), 100
      of a percentage, all columns, and what the model of scikit-learn does not allow beyond. Nor
      does the lower end of a linear range if the best value is more than ten times as large:
      there the scale is at fault, not the end.
    - *A linear range*: two decades or more in even steps or draws; not a share, such as
      ``subsample`` from 0.01 to 1, nor a percentage.
    - *The best of many on few rows*: if the winner is chosen on all folds but one and scored on
      that one, for each fold in turn, half of the gain over the median trial is lost, and at
      least one standard error of a score; gain or loss is two of them. Without
      folds: the largest of n draws from a normal distribution with standard error
      sqrt(p (1 - p) / n_rows), near its quantile (n - 0.375) / (n + 0.25), reaches the gain, which
      is a standard error at least. (p is
      the median score. Trials share their rows, so this is an upper bound.)
    - *A tie sold as a winner*: half of the trials lie within one standard error of the best
      (of the paired difference; equal to it, without folds), over half of all ranges.
    - *A range that does nothing*: all else equal, no fold has another score, in three
      comparisons or more; or in a grid it explains at most 1 % of the variance of ranks;
      elsewhere a forest predicts the ranks from the other parameters, no better with this one,
      and its errors show no trace of it. This takes 50 trials. A switch, whose value decides
      which other parameters there are, is not judged so.
    - *Stopped while climbing*: scores rise through the second half of the trials, and the last
      quarter brought a gain beyond the noise. Not in a grid.
    - *The same trial twice*: at least a tenth of the trials repeat one.
    - *No seed*: random_state is None in the search, in a splitter that shuffles, or in an
      estimator of scikit-learn that always draws, also one among the values of a grid.

    Training sets of folds overlap, and folds of repeated cross-validation share their rows:
    noise is then larger, ties are more, and optimism is worse than it looks.

    False alarms, as ``tools/false_alarms.py`` counts them: of 300 healthy noisy grids 6 had a false
    problem (2.0 %), all six *The best of many on few rows*. Of 92 healthy searches (grids, random,
    halving, BayesSearchCV, gp_minimize, Hyperopt, Optuna, a loop; support vector machines, linear
    models, nearest neighbours, trees, boosting, replay tables) none had a problem; notices were
    *A tie sold as a winner* in 9 and *The same trial twice* in 4.

    An empty report is no proof of health. Of 20 random searches on coin labels 9 were accused of
    optimism, of 20 grids 7. A range that ended too early was found in 20 of 20 searches by TPE,
    and in 2 of 20 random ones of 60 trials. A gamma without effect was found in 20 of 20 grids.
    Rows prepared before the split, or a test set that chose, are in no record.

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
    _check_n_rows(n_rows)
    history = read_history(search, direction=direction, metric=metric, space=space)
    record = read_record(build_study(history), search, history, n_rows)
    return _examine(record)


def _check_n_rows(n_rows: Any) -> None:
    if n_rows is None:
        return
    if isinstance(n_rows, bool) or not isinstance(n_rows, Integral):
        raise TypeError(f"n_rows must be a whole number of rows, got {n_rows!r}: pass len(X)")
    if n_rows < 2:
        raise ValueError(f"n_rows must be at least 2, got {n_rows!r}: pass len(X)")


def _examine(record: SearchRecord) -> Diagnosis:
    """Make every check of the table."""
    findings, looked_at, not_looked_at = [], [], {}
    for key, kind in FINDINGS.items():
        code, result = kind.code or key, kind.check(record)
        for evidence in result.evidence:
            findings.append(Finding(code, kind.title, evidence, kind.advice, kind.link, kind.level))
        if result.missing:
            not_looked_at[kind.title] = result.missing
        else:
            looked_at.append(kind.title)
    searched = f"{record.n_in_all} trials of {record.kind}"
    if record.n_forbidden:
        searched += f", of which {record.n_forbidden} do not keep the constraints"
    return Diagnosis(tuple(findings), tuple(looked_at), not_looked_at, searched)
