"""Tests of tuneup_helpers.studies.readers.table: pandas tables of trials."""

import math

import numpy as np
import optuna
import pandas as pd
import pytest
from optuna.distributions import FloatDistribution, IntDistribution
from scipy import stats

from tuneup_helpers import diagnose, read_history, to_study
from tuneup_helpers.studies import Domain


def table(n=30, seed=0):
    rng = np.random.default_rng(seed)
    C = 10 ** rng.uniform(-2, 2, n)
    depth = rng.integers(1, 9, n)
    return pd.DataFrame(
        {"C": C, "depth": depth, "score": -(np.log10(C) ** 2) - (depth - 4) ** 2 / 9}
    )


def test_columns_become_hyperparameters():
    frame = table()
    study = to_study(frame, metric="score", direction="maximize")
    best = frame.loc[frame["score"].idxmax()]
    assert study.best_params == {"C": best["C"], "depth": int(best["depth"])}
    assert [t.value for t in study.trials] == frame["score"].tolist()
    assert {type(t.params["depth"]) for t in study.trials} == {int}
    history = read_history(frame, metric="score", direction="minimize")
    assert (history.direction, history.metric, history.domains) == ("minimize", "score", {})


def test_order_is_that_of_the_rows_whatever_the_index():
    frame = table().sort_values("score")
    study = to_study(frame, metric="score", direction="maximize")
    assert [t.value for t in study.trials] == sorted(frame["score"])


def test_an_empty_cell_is_a_hyperparameter_that_a_trial_does_not_have():
    frame = pd.DataFrame(
        {
            "kernel": ["rbf", "linear", "poly"],
            "degree": [math.nan, math.nan, 3],
            "gamma": [0.5, math.nan, 0.25],
            "loss": [0.2, 0.1, math.nan],
        }
    )
    records = read_history(frame, metric="loss", direction="minimize").records
    assert [r.params for r in records] == [
        {"kernel": "rbf", "gamma": 0.5},
        {"kernel": "linear"},
        {"kernel": "poly", "degree": 3, "gamma": 0.25},
    ]
    assert type(records[2].params["degree"]) is int
    assert [r.score for r in records] == [0.2, 0.1, None]


def test_the_space_says_which_columns_are_meant_and_where_they_end():
    frame = table().assign(note="a", other_score=1.0)
    space = {"C": stats.loguniform(0.01, 100), "depth": IntDistribution(1, 8)}
    kwargs = {"metric": "score", "direction": "maximize", "space": space}
    study = to_study(frame, **kwargs)
    assert set(study.best_params) == {"C", "depth"}
    assert study.trials[0].distributions["C"] == FloatDistribution(0.01, 100, log=True)
    report = diagnose(frame, **kwargs)
    assert "Best at the edge" in report.looked_at
    assert "edge" not in {f.code for f in report}


def test_a_full_grid_shows_its_values():
    rows = [(C, k, C) for C in (0.1, 1.0, 10.0, 100.0) for k in ("a", "b")]
    frame = pd.DataFrame(rows, columns=["C", "kernel", "score"])
    history = read_history(frame, metric="score", direction="maximize")
    assert history.domains == {
        "C": [Domain(values=(0.1, 1.0, 10.0, 100.0))],
        "kernel": [Domain(values=("a", "b"))],
    }
    assert "edge" in {f.code for f in diagnose(frame, metric="score", direction="maximize")}
    assert read_history(frame[1:], metric="score", direction="maximize").domains == {}


def test_what_optuna_writes_is_read_back():
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    study.optimize(
        lambda t: t.suggest_float("x", 0, 1) + len(t.suggest_categorical("k", ["a", "bb"])),
        n_trials=8,
    )
    study.tell(study.ask({"x": FloatDistribution(0, 1)}), state=optuna.trial.TrialState.FAIL)
    pruned = study.ask({"x": FloatDistribution(0, 1)})
    pruned.report(0.1, 1)
    study.tell(pruned, state=optuna.trial.TrialState.PRUNED)
    study.ask({"x": FloatDistribution(0, 1)})  # still runs
    again = to_study(study.trials_dataframe(), metric="value", direction="minimize")
    assert [t.params for t in again.trials] == [t.params for t in study.trials[:10]]
    assert [t.state for t in again.trials] == [t.state for t in study.trials[:10]]
    assert again.best_value == study.best_value
    seconds = [t.duration.total_seconds() for t in study.trials[:10]]
    assert [t.duration.total_seconds() for t in again.trials] == pytest.approx(seconds, abs=1e-6)


@pytest.mark.parametrize(
    ("frame", "kwargs", "error", "match"),
    [
        (table(), {"direction": "maximize"}, ValueError, r"metric= one of \['C', 'depth', 'score'"),
        (table(), {"metric": "acc", "direction": "maximize"}, ValueError, "'acc' is no column"),
        (table(), {"metric": "score"}, ValueError, 'a table does not say.*"maximize"'),
        (table(0), {"metric": "score", "direction": "maximize"}, ValueError, "empty"),
        (
            table().assign(score=math.nan),
            {"metric": "score", "direction": "maximize"},
            ValueError,
            "all 30 trials failed",
        ),
        (
            table().assign(score="high"),
            {"metric": "score", "direction": "maximize"},
            TypeError,
            "column 'score' must hold numbers, not 'high'",
        ),
        (
            table()[["score"]],
            {"metric": "score", "direction": "maximize"},
            ValueError,
            "no column is left",
        ),
        (
            table(),
            {"metric": "score", "direction": "maximize", "space": {"gamma": [1]}},
            ValueError,
            r"space describes \['gamma'\], which are no columns",
        ),
        (table()["score"], {}, TypeError, "single column: pass the whole table"),
    ],
)
def test_errors_say_what_to_pass(frame, kwargs, error, match):
    with pytest.raises(error, match=match):
        to_study(frame, **kwargs)


def test_other_scores_and_notes_are_no_hyperparameters():
    table = pd.DataFrame(
        {
            "Name": ["a", "b", "c"],
            "State": ["finished"] * 3,
            "Runtime": [9, 8, 7],
            "Notes": ["-"] * 3,
            "lr": [0.1, 0.01, 0.001],
            "cost": [1.0, 2.0, 4.0],
            "loss": ["hinge", "log_loss", "hinge"],
            "val_loss": [0.5, 0.3, 0.4],
            "accuracy": [0.7, 0.9, 0.8],
            "fit_time": [1.5, 2.5, 3.5],
            "train_seconds": [1, 2, 3],
        }
    )
    study = to_study(table, metric="accuracy", direction="maximize")
    assert study.best_params == {"lr": 0.01, "cost": 2.0, "loss": "log_loss"}
    study = to_study(table, metric="val_loss", direction="minimize", space={"accuracy": [0.7, 0.9]})
    assert study.best_params == {"accuracy": 0.9}


def test_the_table_of_a_study_with_two_rows_of_names():
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1) ** 2, 5)
    table = study.trials_dataframe(multi_index=True)
    same = to_study(table, metric="value", direction="minimize")
    assert (same.best_params, same.best_value) == (study.best_params, study.best_value)
