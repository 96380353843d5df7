"""The builder: an Optuna study in memory from a `History`."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tuneup_helpers.studies.distributions import choose_distribution
from tuneup_helpers.studies.history import History, Record
from tuneup_helpers.studies.values import plain

if TYPE_CHECKING:
    import optuna
    from optuna.trial import FrozenTrial

__all__ = ["build_study", "check_finished"]

_FIRST_START = datetime(2000, 1, 1)  # searches record how long a trial took, not when


def build_study(history: History) -> optuna.Study:
    """Make the study of a history; a search by Optuna is its own.

    Parameters
    ----------
    history : History
        What `read_history` returned.

    Returns
    -------
    optuna.Study
        One distribution for each hyperparameter, one trial for each record; at least one of
        them is complete. `to_study` describes them.

    Raises
    ------
    ValueError
        If the history is empty, or all its trials failed or were stopped early.

    Examples
    --------
    >>> from tuneup_helpers.studies import read_history
    >>> trials = [({"depth": 2}, 0.31), ({"depth": 4}, 0.27)]
    >>> study = build_study(read_history(trials, direction="minimize"))
    >>> study.best_params, study.best_value
    ({'depth': 4}, 0.27)
    """
    if history.study is not None:
        check_finished(history.study.get_trials(deepcopy=False))
        return history.study
    trials = _trials(history)
    check_finished(trials)
    study = _quietly_create_study(history.source, history.direction)
    study.set_user_attr("source", history.source)
    if history.metric is not None:
        study.set_user_attr("metric", history.metric)
    study.add_trials(trials)
    return study


def check_finished(trials: Iterable[FrozenTrial]) -> None:
    """Refuse trials of which none has ended, or none is complete."""
    states = [trial.state.name for trial in trials if trial.state.is_finished()]
    if not states:
        raise ValueError("search is empty: it has no finished trial")
    if "COMPLETE" not in states:
        raise ValueError(
            f"no result to show: all {len(states)} trials failed or were stopped early. "
            "Run one setting alone to see its error; a scikit-learn search shows it with "
            'error_score="raise"'
        )


def _trials(history: History) -> list[FrozenTrial]:
    """Make a trial for each record, laid end to end in time."""
    columns = defaultdict(list)
    for record in history.records:
        for name, value in record.params.items():
            columns[name].append(plain(value))
    chosen = {
        name: choose_distribution(column, history.domains.get(name, []))
        for name, column in columns.items()
    }
    trials, start = [], _FIRST_START
    for record in history.records:
        trial = _trial(record, chosen)
        trial.datetime_start = start
        start += timedelta(seconds=float(record.seconds))
        trial.datetime_complete = start
        trials.append(trial)
    return trials


def _trial(record: Record, chosen: dict[str, tuple]) -> FrozenTrial:
    """Make a trial, given the distribution and the representation of each hyperparameter."""
    from optuna.trial import TrialState, create_trial

    failed = record.score is None or not math.isfinite(record.score)
    value = None if failed else float(record.score)
    if failed:
        state = TrialState.FAIL
    else:
        state = TrialState.COMPLETE if record.final else TrialState.PRUNED
    staged = not failed and record.resource is not None
    return create_trial(
        state=state,
        value=value,
        params={name: chosen[name][1](plain(v)) for name, v in record.params.items()},
        distributions={name: chosen[name][0] for name in record.params},
        user_attrs=record.attrs,
        intermediate_values={record.resource: value} if staged else {},
        constraints=record.constraints,
    )


def _quietly_create_study(name: str, direction: str) -> optuna.Study:
    """Create an empty study, which otherwise announces itself in the log."""
    import optuna

    level = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        return optuna.create_study(study_name=name, direction=direction)
    finally:
        optuna.logging.set_verbosity(level)
