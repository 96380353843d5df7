"""Tests of tuneup_helpers.studies.reading: what `read_history` returns for each source."""

import dataclasses
import math

import numpy as np
import optuna
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from scipy import stats
from sklearn.datasets import load_iris
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV, RandomizedSearchCV
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from tuneup_helpers import History, read_history, to_study
from tuneup_helpers.studies import Domain, Record, build_study, reading
from tuneup_helpers.studies.readers import READERS, Reader

X, y = load_iris(return_X_y=True)
QUIET = {"max_evals": 6, "verbose": False, "show_progressbar": False}


def quiet_study(**kwargs):
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna.create_study(**kwargs)


# What is read


def test_a_grid_search():
    grid = {"C": [0.1, 1.0, 10.0], "kernel": ["rbf", "linear"]}
    search = GridSearchCV(SVC(), grid, cv=3, scoring="balanced_accuracy").fit(X, y)
    history = read_history(search)
    table = search.cv_results_
    assert isinstance(history, History)
    assert [record.params for record in history.records] == table["params"]
    assert [record.score for record in history.records] == table["mean_test_score"].tolist()
    seconds = 3 * (table["mean_fit_time"] + table["mean_score_time"])
    assert [record.seconds for record in history.records] == pytest.approx(seconds)
    for i, record in enumerate(history.records):
        assert record.attrs["folds"] == [table[f"split{k}_test_score"][i] for k in range(3)]
        assert (record.resource, record.final) == (None, True)
    assert history.domains == {
        "C": [Domain(values=(0.1, 1.0, 10.0))],
        "kernel": [Domain(values=("rbf", "linear"))],
    }
    assert (history.direction, history.metric) == ("maximize", "balanced_accuracy")
    assert (history.source, history.study) == ("GridSearchCV", None)


def test_values_are_those_of_the_search():
    """Labels are for Optuna; a history keeps the objects."""
    models = [DecisionTreeClassifier(max_depth=depth) for depth in (1, 2)]
    pairs = [({"model": model, "size": (16, 16)}, 0.5) for model in models]
    history = read_history(pairs, direction="maximize")
    assert [record.params["model"] for record in history.records] == models
    assert history.records[0].params["size"] == (16, 16)


def test_halving_tells_the_resource_and_where_the_race_went_on():
    search = HalvingGridSearchCV(
        DecisionTreeClassifier(random_state=0),
        {"max_depth": [1, 2, 3, 4]},
        cv=2,
        factor=2,
        random_state=0,
    ).fit(X, y)
    records = read_history(search).records
    table = search.cv_results_
    assert [record.resource for record in records] == table["n_resources"].tolist()
    assert [record.final for record in records] == (table["iter"] == table["iter"].max()).tolist()


def test_ranges_of_scipy():
    space = [{"C": stats.loguniform(0.1, 10)}, {"C": stats.uniform(1, 4), "degree": [2, 3]}]
    search = RandomizedSearchCV(SVC(), space, n_iter=3, cv=2, random_state=0).fit(X, y)
    assert read_history(search).domains == {
        "C": [Domain(low=0.1, high=10, log=True), Domain(low=1, high=5)],
        "degree": [Domain(values=(2, 3))],
    }


def test_a_result_of_scikit_optimize():
    from skopt import forest_minimize
    from skopt.space import Integer, Real

    space = [Real(0.1, 10, prior="log-uniform", name="lr"), Integer(1, 5, name="depth")]
    result = forest_minimize(sum, space, n_calls=4, n_initial_points=4, random_state=0)
    history = read_history(result)
    assert [[*record.params.values()] for record in history.records] == result.x_iters
    assert [record.score for record in history.records] == result.func_vals.tolist()
    assert history.domains == {
        "lr": [Domain(low=0.1, high=10, log=True)],
        "depth": [Domain(low=1, high=5)],
    }
    assert (history.direction, history.metric) == ("minimize", None)


def test_trials_of_hyperopt():
    from hyperopt import Trials, fmin, hp, rand
    from hyperopt.pyll import scope

    space = {
        "C": hp.loguniform("C", math.log(0.01), math.log(100)),
        "depth": scope.int(hp.quniform("depth", 2, 9, 1)),
        "seed": hp.randint("seed", 4),
        "noise": hp.normal("noise", 0, 1),
        "kernel": hp.choice("kernel", ["rbf", "poly"]),
    }
    trials, seen = Trials(), []
    fmin(
        lambda params: seen.append(params) or len(seen),
        space,
        rand.suggest,
        trials=trials,
        rstate=np.random.default_rng(0),
        **QUIET,
    )
    history = read_history(trials, space=space)
    assert [record.params for record in history.records] == seen
    assert [record.score for record in history.records] == [1, 2, 3, 4, 5, 6]
    assert history.domains == {
        "C": [Domain(low=0.01, high=100, log=True)],
        "depth": [Domain(low=2, high=9)],
        "seed": [Domain(low=0, high=3)],
        "noise": [Domain()],
        "kernel": [Domain(values=("rbf", "poly"))],
    }
    assert (history.direction, history.source) == ("minimize", "Trials")


settings_ = st.dictionaries(st.text("abc", min_size=1), st.integers() | st.text(), max_size=3)
scores = st.none() | st.floats() | st.integers()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(settings_, scores)), st.sampled_from(["maximize", "minimize"]))
def test_any_list_is_read_as_it_is(pairs, direction):
    history = read_history(pairs, direction=direction)
    wanted = History(tuple(Record(params, score) for params, score in pairs), {}, direction, "list")
    assert repr(history) == repr(wanted)  # NaN is not equal to itself


# Optuna


def test_a_study():
    study = quiet_study(direction="maximize")
    for high, kind in ((1.0, "a"), (2.0, "b"), (2.0, "a")):
        ranges = {"x": FloatDistribution(0.5, high), "n": IntDistribution(1, 64, log=True)}
        trial = study.ask(ranges | {"kind": CategoricalDistribution(["a", "b"])})
        trial.set_user_attr("folds", [0.1, 0.3])
        study.tell(trial, 0.2 * (kind == "a"))
    study.ask({"x": FloatDistribution(0, 9)})  # has not ended
    history = read_history(study, direction="maximize")
    ended = study.trials[:3]
    assert [record.params for record in history.records] == [trial.params for trial in ended]
    assert [record.score for record in history.records] == [0.2, 0.0, 0.2]
    assert [record.seconds for record in history.records] == [
        trial.duration.total_seconds() for trial in ended
    ]
    assert history.records[0].attrs == {"folds": [0.1, 0.3]}
    assert history.domains == {
        "x": [Domain(low=0.5, high=1.0), Domain(low=0.5, high=2.0)],
        "n": [Domain(low=1, high=64, log=True)],
        "kind": [Domain(values=("a", "b"))],
    }
    assert (history.direction, history.source, history.metric) == ("maximize", "Study", None)
    assert build_study(history) is history.study is study


def test_trials_of_a_study_that_failed_or_were_pruned():
    study = quiet_study()
    for state in (optuna.trial.TrialState.FAIL, optuna.trial.TrialState.PRUNED):
        trial = study.ask()
        trial.report(0.5, step=3)
        study.tell(trial, state=state)
    failed, pruned = read_history(study).records
    assert (failed.score, failed.final) == (None, True)
    assert (pruned.score, pruned.resource, pruned.final) == (0.5, 3, False)


def test_the_grid_of_a_study_is_a_list_of_values():
    grid = {"x": [1.0, 2.0, 4.0], "k": ["a", "b"]}
    study = quiet_study(sampler=optuna.samplers.GridSampler(grid, seed=0))
    study.optimize(
        lambda trial: trial.suggest_float("x", 0, 9) + len(trial.suggest_categorical("k", "ab")),
        n_trials=6,
    )
    domains = read_history(study).domains
    assert {name: {*domain.values} for name, [domain] in domains.items()} == {
        name: {*values} for name, values in grid.items()
    }


def test_a_study_with_several_objectives_is_passed_through_but_has_no_history():
    study = quiet_study(directions=["maximize", "minimize"])
    study.tell(study.ask(), [0.5, 0.5])
    assert to_study(study) is study
    with pytest.raises(
        ValueError, match="search has 2 objectives: choose one with metric=, a number"
    ):
        read_history(study)


# From a history to a study


def test_a_study_is_built_from_the_history():
    pairs = [({"x": 1.0, "k": (1, 2)}, 0.5), ({"x": 3.0}, None), ({"x": 9.0, "k": "a"}, 0.7)]
    space = {"x": [1.0, 3.0, 9.0, 27.0], "k": ["a", (1, 2), None]}
    built = build_study(read_history(pairs, direction="minimize", space=space))
    adapted = to_study(pairs, direction="minimize", space=space)
    assert built.trials == adapted.trials
    assert built.direction == adapted.direction
    assert built.user_attrs == adapted.user_attrs == {"source": "list"}
    assert built.best_trial.params == {"x": 1.0, "k": "(1, 2)"}


def test_an_empty_history_can_be_read_but_not_built():
    history = read_history([], direction="maximize")
    assert history.records == ()
    with pytest.raises(ValueError, match="search is empty"):
        build_study(history)


def test_a_history_does_not_change():
    history = read_history([({"a": 1}, 1)], direction="maximize")
    for thing, name in ((history, "direction"), (history.records[0], "score")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(thing, name, None)


# Errors, and further readers


def test_errors():
    with pytest.raises(TypeError, match=r"type int; to_study takes .*, or a list of \(params, "):
        read_history(3)
    with pytest.raises(ValueError, match="'up'"):
        read_history([], direction="up")
    with pytest.raises(
        ValueError, match="metric='f1' is for scikit-learn searches, .*; list has one.*leave"
    ):
        read_history([], direction="maximize", metric="f1")
    search = GridSearchCV(SVC(), {"C": [1.0]}, cv=2).fit(X, y)
    with pytest.raises(
        ValueError, match="space is for Hyperopt Trials, .* and lists; GridSearchCV re"
    ):
        read_history(search, space={"C": [1.0]})
    with pytest.raises(ValueError, match="GridSearchCV can only maximize"):
        read_history(search, direction="minimize")


def test_a_further_reader_takes_one_line(monkeypatch):
    class Log(list):
        """A search of another library."""

    log = Reader(
        accepts="a Log",
        family="logs",
        recognizes=lambda search: isinstance(search, Log),
        read=lambda search, *, space: History(
            tuple(Record({"x": x}, -x) for x in search), {}, "maximize", "Log"
        ),
        options=("space",),
    )
    monkeypatch.setattr(reading, "READERS", (*READERS, log))
    assert to_study(Log([1, 2])).best_params == {"x": 1}  # no list of pairs
    with pytest.raises(TypeError, match=r"a list of \(params, score\) pairs, or a Log"):
        read_history(3)
    with pytest.raises(ValueError, match="space is for Hyperopt Trials, .*lists and logs; Study"):
        read_history(optuna.create_study(), space=3)
