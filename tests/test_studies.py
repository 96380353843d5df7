"""Tests of tuneup_helpers.studies: every source with real searches, and properties of lists."""

import json
import logging
import math
import subprocess
import sys
import warnings
from datetime import timedelta
from itertools import pairwise

import numpy as np
import optuna
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import TrialState
from scipy import stats
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import load_iris
from sklearn.dummy import DummyClassifier
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    HalvingRandomSearchCV,
    ParameterGrid,
    RandomizedSearchCV,
)
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from tuneup_helpers import to_study

X, y = load_iris(return_X_y=True)


class Line(ClassifierMixin, BaseEstimator):
    """Score whatever the parameter says; fits in microseconds and can be told to fail."""

    def __init__(self, a=1, b=None, c=None):
        self.a, self.b, self.c = a, b, c

    def fit(self, X, y):
        if self.b == "fail" or (self.b == "half" and len(X) % 2):
            raise RuntimeError("told to fail")
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.full(len(X), self.classes_[0])

    def score(self, X, y):
        return float(self.a) if isinstance(self.a, int | float) else 0.5


def fitted_grid(grid, **kwargs):
    return GridSearchCV(Line(), grid, cv=2, **kwargs).fit(X[:20], y[:20])


def distribution(study, name):
    """The distribution of a parameter; fails if trials disagree."""
    found = {
        repr(t.distributions[name]): t.distributions[name] for t in study.trials if name in t.params
    }
    assert len(found) == 1
    return next(iter(found.values()))


def numbers(study, state):
    return [t.number for t in study.trials if t.state == state]


# scikit-learn


def test_grid_search_is_kept_row_by_row():
    pipe = Pipeline([("scale", StandardScaler()), ("model", SVC())])
    grid = {"model__C": [0.01, 0.1, 1, 10], "model__kernel": ["rbf", "linear"]}
    search = GridSearchCV(pipe, grid, cv=3).fit(X, y)
    study = to_study(search)
    table = search.cv_results_
    assert [t.params for t in study.trials] == list(ParameterGrid(grid))
    assert [t.value for t in study.trials] == table["mean_test_score"].tolist()
    assert study.direction.name == "MAXIMIZE"
    assert study.best_params == search.best_params_
    assert study.best_value == search.best_score_
    assert study.best_trial.number == search.best_index_
    for i, trial in enumerate(study.trials):
        folds = [table[f"split{k}_test_score"][i] for k in range(3)]
        assert trial.user_attrs["folds"] == folds
        assert trial.value == pytest.approx(np.mean(folds))
        assert trial.user_attrs["std"] == pytest.approx(np.std(folds))
    assert distribution(study, "model__C") == FloatDistribution(0.01, 10, log=True)
    assert distribution(study, "model__kernel") == CategoricalDistribution(["rbf", "linear"])
    assert study.user_attrs == {"source": "GridSearchCV", "metric": "score"}
    assert study.study_name == "GridSearchCV"


def test_durations_count_fit_and_score_of_all_folds_and_follow_each_other():
    search = GridSearchCV(SVC(), {"C": [1, 2, 3]}, cv=4).fit(X, y)
    trials = to_study(search).trials
    table = search.cv_results_
    seconds = 4 * (table["mean_fit_time"] + table["mean_score_time"])
    assert [t.duration.total_seconds() for t in trials] == pytest.approx(seconds, abs=1e-6)
    assert min(seconds) > 0
    for before, after in pairwise(trials):
        assert before.datetime_complete == after.datetime_start


def test_conditional_grid_leaves_absent_what_a_trial_did_not_have():
    grid = [{"kernel": ["rbf"], "gamma": [0.1, 1.0, 10.0]}, {"kernel": ["poly"], "degree": [2, 3]}]
    study = to_study(GridSearchCV(SVC(), grid, cv=2).fit(X, y))
    assert [t.params for t in study.trials] == list(ParameterGrid(grid))
    assert distribution(study, "kernel").choices == ("rbf", "poly")
    assert distribution(study, "degree") == IntDistribution(2, 3)
    assert "gamma" not in study.trials[-1].params


def test_some_values_are_kept_as_they_are_and_others_get_a_label():
    def squared(x):
        return x**2

    frozen = stats.uniform(0, 1)
    values = [None, True, "auto", 3, 0.5, (2, 3), [1, 2], SVC(C=2), SVC, squared, frozen, {"p": 1}]
    study = to_study(fitted_grid({"c": values}))
    got = [t.params["c"] for t in study.trials]
    assert got[:5] == values[:5]
    assert [type(v) for v in got[:5]] == [type(v) for v in values[:5]]
    assert got[5:10] == ["(2, 3)", "[1, 2]", "SVC(C=2)", "SVC", "squared"]
    assert "rv_continuous_frozen" in got[10]
    assert got[11] == "{'p': 1}"
    assert distribution(study, "c").choices == tuple(got)
    assert not any("0x" in str(v) for v in got)
    json.dumps([t.user_attrs for t in study.trials])


def test_long_and_nameless_values_are_told_apart():
    first, second = (lambda x: x), (lambda x: -x)
    wide = [np.zeros(3000), np.r_[np.zeros(1500), 1, np.zeros(1499)]]
    values = [FunctionTransformer(first), FunctionTransformer(second), first, second, *wide]
    values += [("a...",), (wide[0], np.int64(1)), {"w": wide[1]}, {"w": wide[0]}]
    study = to_study(
        [({"c": v}, i) for i, v in enumerate([*values, *values])], direction="maximize"
    )
    got = [t.params["c"] for t in study.trials]
    assert got[:10] == got[10:]
    assert len(set(got)) == 10
    assert got[2:4] == ["<lambda>", "<lambda> #2"]
    assert (
        got[0]
        == "FunctionTransformer(func=<function test_long_and_nameless_values_are_told_apart.<locals>.<lambda>>)"
    )


def test_estimators_as_values():
    pipe = Pipeline([("scale", "passthrough"), ("model", DummyClassifier())])
    grid = {"scale": [StandardScaler(), MinMaxScaler(), "passthrough"]}
    search = GridSearchCV(pipe, grid, cv=2).fit(X, y)
    study = to_study(search)
    assert [t.params["scale"] for t in study.trials] == [
        "StandardScaler()",
        "MinMaxScaler()",
        "passthrough",
    ]
    original = search.cv_results_["params"][study.best_trial.number]["scale"]
    assert isinstance(original, StandardScaler)


def test_numpy_scalars_become_plain_values():
    grid = {
        "a": np.array([1, 2, 3]),
        "b": np.array(["u", "v"]),
        "c": [np.float32(0.5), np.bool_(True), (np.int64(1),)],
    }
    study = to_study(fitted_grid(grid))
    types = {type(v) for t in study.trials for v in t.params.values()}
    assert types == {int, str, float, bool}
    assert {t.params["c"] for t in study.trials} == {0.5, True, "(1,)"}


def test_failed_fits_are_failed_trials():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        search = fitted_grid({"a": [1, 2], "b": [None, "fail"]})
        study = to_study(search)
    assert numbers(study, TrialState.FAIL) == [1, 3]
    assert [t.value for t in study.trials] == [1.0, None, 2.0, None]
    assert study.trials[1].params == {"a": 1, "b": "fail"}
    assert study.best_params == {"a": 2, "b": None}


def test_a_trial_with_one_failed_fold_is_failed_and_keeps_its_folds():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        search = GridSearchCV(Line(), {"b": [None, "half"]}, cv=2).fit(X[:51], y[:51])
    study = to_study(search)
    assert study.trials[1].state == TrialState.FAIL
    assert [math.isnan(f) for f in study.trials[1].user_attrs["folds"]] == [True, False]


def test_random_search_takes_ranges_from_the_distributions():
    class OwnDraw:
        def rvs(self, random_state=None):
            return random_state.uniform(2, 3)

    space = {
        "C": stats.loguniform(1e-3, 1e3),
        "tol": stats.reciprocal(1e-6, 1e-2),
        "gamma": stats.uniform(0.1, 2),
        "degree": stats.randint(2, 9),
        "coef0": stats.expon(),
        "kernel": ["rbf", "poly", "sigmoid"],
        "cache_size": stats.lognorm(1, scale=100),
        "max_iter": [-1, 10**6],
        "class_weight": [None, "balanced"],
        "break_ties": [True, False],
    }
    search = RandomizedSearchCV(SVC(), space, n_iter=8, cv=2, random_state=0).fit(X, y)
    study = to_study(search, direction="maximize")
    assert [t.params for t in study.trials] == search.cv_results_["params"]
    assert distribution(study, "C") == FloatDistribution(1e-3, 1e3, log=True)
    assert distribution(study, "tol") == FloatDistribution(1e-6, 1e-2, log=True)
    assert distribution(study, "gamma") == FloatDistribution(0.1, 2.1)
    assert distribution(study, "degree") == IntDistribution(2, 8)
    assert distribution(study, "kernel").choices == ("rbf", "poly", "sigmoid")
    assert distribution(study, "class_weight").choices == (None, "balanced")
    assert distribution(study, "break_ties").choices == (True, False)
    drawn = [t.params["coef0"] for t in study.trials]
    assert distribution(study, "coef0") == FloatDistribution(0, max(drawn))
    drawn = [t.params["cache_size"] for t in study.trials]
    assert distribution(study, "cache_size") == FloatDistribution(min(drawn), max(drawn), log=True)

    search = RandomizedSearchCV(Line(), {"c": OwnDraw()}, n_iter=3, cv=2, random_state=0)
    study = to_study(search.fit(X[:20], y[:20]))
    drawn = [t.params["c"] for t in study.trials]
    assert distribution(study, "c") == FloatDistribution(min(drawn), max(drawn))


def test_listed_values_that_were_never_drawn_still_count():
    search = RandomizedSearchCV(
        Line(), {"a": [1, 10, 100, 1000], "b": ["u", "v", "w"]}, n_iter=1, cv=2, random_state=0
    ).fit(X[:20], y[:20])
    study = to_study(search)
    assert distribution(study, "a") == IntDistribution(1, 1000, log=True)
    assert distribution(study, "b").choices == ("u", "v", "w")


def test_several_spaces_are_joined():
    space = [{"a": stats.uniform(0, 1)}, {"a": stats.uniform(5, 5), "b": ["u"]}]
    search = RandomizedSearchCV(Line(), space, n_iter=6, cv=2, random_state=0).fit(X[:20], y[:20])
    assert distribution(to_study(search), "a") == FloatDistribution(0, 10)


@pytest.mark.parametrize(
    ("values", "log"),
    [
        ([0.1, 1, 10], True),
        ([1, 2, 4, 8], True),
        ([1, 3, 10, 30, 100], True),
        ([1, 5, 10, 50, 100], True),
        (list(np.logspace(-3, 3, 7)), True),
        ([50, 100, 200], True),
        ([1, 2, 3], False),
        ([3, 5, 10], False),
        ([10, 20, 30, 50], False),
        ([100, 300, 500], False),
        (list(np.linspace(0.1, 10, 9)), False),
        ([1, 10], False),
        ([1, 2, 100], False),
        ([0, 0.1, 1, 10], False),
        ([-10, -1, 1, 10], False),
        ([1e-3, 1, 2, 3], False),
        ([1, np.nextafter(1, 2), 100], False),
    ],
)
def test_log_scale_is_read_off_geometric_values(values, log):
    study = to_study(fitted_grid({"a": values}))
    found = distribution(study, "a")
    assert found.log is log
    assert (found.low, found.high) == (min(values), max(values))


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2], IntDistribution),
        ([1, 2.5], FloatDistribution),
        ([None, 3, 5], CategoricalDistribution),
        ([True, False], CategoricalDistribution),
        ([True, 0.5], CategoricalDistribution),
        ([1.0, math.inf], CategoricalDistribution),
        ([1.0, math.nan], CategoricalDistribution),
        ([1, 2**60], CategoricalDistribution),
        (["1", "2"], CategoricalDistribution),
    ],
)
def test_kind_of_distribution(values, kind):
    study = to_study(fitted_grid({"c": values}))
    assert type(distribution(study, "c")) is kind
    assert repr([t.params["c"] for t in study.trials]) == repr(values)


def test_equal_values_of_different_types_stay_apart():
    study = to_study(fitted_grid({"c": [1, True, 1.0, "sqrt", None, "1"]}))
    got = [t.params["c"] for t in study.trials]
    assert got == ["1 #2", "True", "1.0", "sqrt", None, "1"]
    assert distribution(study, "c").choices == tuple(got)


@pytest.mark.parametrize("resource", ["n_samples", "a"])
def test_halving_keeps_iterations_and_agrees_about_the_best(resource):
    kwargs = {"max_resources": 40} if resource == "a" else {}
    model = Line() if resource == "a" else DecisionTreeClassifier(random_state=0)
    grid = {"c": [3, 4, 5, 6, 7, 8]} if resource == "a" else {"max_depth": [None, 1, 2, 3, 4, 5]}
    search = HalvingGridSearchCV(
        model, grid, cv=2, factor=2, resource=resource, random_state=0, **kwargs
    ).fit(X, y)
    study = to_study(search)
    table = search.cv_results_
    assert len(study.trials) == len(table["params"])
    assert [t.params for t in study.trials] == list(table["params"])
    assert [t.value for t in study.trials] == table["mean_test_score"].tolist()
    assert [t.user_attrs["iter"] for t in study.trials] == table["iter"].tolist()
    resources = table["n_resources"].tolist()
    assert [t.user_attrs["n_resources"] for t in study.trials] == resources
    assert [t.intermediate_values for t in study.trials] == [
        {r: t.value} for r, t in zip(resources, study.trials, strict=True)
    ]
    assert {type(t.user_attrs["iter"]) for t in study.trials} == {int}
    last = np.flatnonzero(table["iter"] == table["iter"].max()).tolist()
    assert numbers(study, TrialState.COMPLETE) == last
    assert len(numbers(study, TrialState.PRUNED)) == len(study.trials) - len(last)
    assert study.best_params == search.best_params_
    assert study.best_value == search.best_score_


def test_halving_random_search():
    search = HalvingRandomSearchCV(
        LogisticRegression(max_iter=2000),
        {"C": stats.loguniform(1e-2, 1e2)},
        cv=2,
        random_state=0,
        factor=3,
    ).fit(X, y)
    study = to_study(search)
    assert distribution(study, "C") == FloatDistribution(1e-2, 1e2, log=True)
    assert study.best_params == search.best_params_


def several_metrics(refit, **kwargs):
    scoring = ["accuracy", "neg_log_loss"]
    return GridSearchCV(
        LogisticRegression(max_iter=2000),
        {"C": [0.01, 1.0]},
        cv=2,
        scoring=scoring,
        refit=refit,
        **kwargs,
    ).fit(X, y)


def test_several_metrics():
    search = several_metrics("neg_log_loss")
    log_loss, accuracy = to_study(search), to_study(search, metric="accuracy")
    assert log_loss.best_params == search.best_params_
    assert log_loss.user_attrs["metric"] == "neg_log_loss"
    for study in (log_loss, accuracy):
        column = search.cv_results_[f"mean_test_{study.user_attrs['metric']}"]
        assert [t.value for t in study.trials] == column.tolist()
    with pytest.raises(ValueError, match=r"'f1' is unknown.*\['accuracy', 'neg_log_loss'\]"):
        to_study(search, metric="f1")
    with pytest.raises(ValueError, match=r"no metric is named by refit.*'accuracy'"):
        to_study(several_metrics(False))
    assert to_study(several_metrics(False), metric="accuracy").best_value > 0.5


def test_metric_of_a_search_with_one():
    search = GridSearchCV(SVC(), {"C": [1, 2]}, cv=2, scoring="balanced_accuracy").fit(X, y)
    assert to_study(search, metric="balanced_accuracy").user_attrs["metric"] == "balanced_accuracy"
    assert to_study(search, metric="score").best_value == search.best_score_
    with pytest.raises(ValueError, match="only 'balanced_accuracy'"):
        to_study(search, metric="f1")


# scikit-optimize


def test_bayes_search():
    from skopt import BayesSearchCV
    from skopt.space import Categorical, Integer, Real

    first = {
        "C": Real(1e-3, 1e3, prior="log-uniform"),
        "degree": Integer(1, 4),
        "kernel": Categorical(["rbf", "poly"]),
        "gamma": (1e-2, 1e1, "log-uniform"),
    }
    second = {"kernel": ["linear"], "C": (1e-2, 1e4, "log-uniform")}
    search = BayesSearchCV(
        SVC(),
        [(first, 3), (second, 2)],
        cv=2,
        random_state=0,
        optimizer_kwargs={"base_estimator": "ET", "n_initial_points": 5},
    ).fit(X, y)
    study = to_study(search)
    assert [t.params for t in study.trials] == [dict(p) for p in search.cv_results_["params"]]
    assert study.best_params == dict(search.best_params_)
    assert study.best_value == search.best_score_
    assert distribution(study, "C") == FloatDistribution(1e-3, 1e4, log=True)
    assert distribution(study, "gamma") == FloatDistribution(1e-2, 1e1, log=True)
    assert distribution(study, "degree") == IntDistribution(1, 4)
    assert distribution(study, "kernel").choices == ("rbf", "poly", "linear")
    assert "gamma" not in study.trials[-1].params


def test_genetic_search():
    from sklearn_genetic import GASearchCV
    from sklearn_genetic.space import Categorical, Continuous, Integer

    space = {
        "ccp_alpha": Continuous(1e-4, 1e-1, distribution="log-uniform"),
        "max_depth": Integer(1, 30),
        "criterion": Categorical(["gini", "entropy"]),
    }
    search = GASearchCV(
        DecisionTreeClassifier(random_state=0),
        param_grid=space,
        cv=2,
        population_size=4,
        generations=1,
        verbose=False,
    ).fit(X, y)
    study = to_study(search)
    assert [t.params for t in study.trials] == search.cv_results_["params"]
    assert study.best_value == search.best_score_
    assert distribution(study, "ccp_alpha") == FloatDistribution(1e-4, 1e-1, log=True)
    assert distribution(study, "max_depth") == IntDistribution(1, 30)
    assert distribution(study, "criterion").choices == ("gini", "entropy")


def branin(x):
    return (x[0] - 3) ** 2 + abs(x[1] - 2) + (x[2] == "b")


@pytest.mark.parametrize("named", [True, False])
def test_skopt_result(named):
    from skopt import forest_minimize
    from skopt.space import Categorical, Integer, Real

    names = ["lr", "depth", "kind"] if named else [None] * 3
    space = [
        Real(0.1, 10, prior="log-uniform", name=names[0]),
        Integer(1, 5, name=names[1]),
        Categorical(["a", "b"], name=names[2]),
    ]
    result = forest_minimize(branin, space, n_calls=6, n_initial_points=5, random_state=0)
    study = to_study(result)
    names = names if named else ["X_0", "X_1", "X_2"]
    assert study.direction.name == "MINIMIZE"
    assert [list(t.params.values()) for t in study.trials] == result.x_iters
    assert [t.value for t in study.trials] == result.func_vals.tolist()
    assert study.best_value == result.fun
    assert list(study.best_params.values()) == result.x
    assert distribution(study, names[0]) == FloatDistribution(0.1, 10, log=True)
    assert distribution(study, names[1]) == IntDistribution(1, 5)
    assert distribution(study, names[2]) == CategoricalDistribution(["a", "b"])
    assert {t.duration.total_seconds() for t in study.trials} == {0}


def test_skopt_result_with_recorded_times():
    from skopt import gp_minimize

    result = gp_minimize(
        lambda x: (x[0] ** 2, 2 * x[0]),
        [(0.5, 1.0)],
        acq_func="EIps",
        n_calls=3,
        n_initial_points=3,
        random_state=0,
    )
    for trial in to_study(result).trials:
        assert trial.duration.total_seconds() == pytest.approx(2 * trial.params["X_0"], abs=1e-5)


# Hyperopt


def run_hyperopt(objective, space, n=12, **kwargs):
    from hyperopt import Trials, fmin, rand

    trials = Trials()
    fmin(
        objective,
        space,
        algo=rand.suggest,
        max_evals=n,
        trials=trials,
        rstate=np.random.default_rng(0),
        verbose=False,
        **kwargs,
    )
    return trials


def test_hyperopt_values_are_those_the_objective_saw():
    from hyperopt import hp, space_eval
    from hyperopt.pyll import scope

    space = {
        "C": hp.loguniform("C", math.log(1e-3), math.log(1e3)),
        "u": hp.uniform("u", -2, 5),
        "q": hp.quniform("q", 0, 10, 0.5),
        "ql": hp.qloguniform("ql", math.log(1), math.log(1000), 1),
        "q0": hp.qloguniform("q0", -3, 2, 1),
        "n": scope.int(hp.quniform("n", 2, 9, 1)),
        "nl": scope.int(hp.qloguniform("nl", math.log(10), math.log(1000), 10)),
        "i": hp.uniformint("i", 1, 6),
        "r": hp.randint("r", 3, 8),
        "r0": hp.randint("r0", 4),
        "g": hp.normal("g", 0, 1),
        "lg": hp.lognormal("lg", 0, 1),
        "kernel": hp.choice("kernel", ["rbf", "poly"]),
        "layers": hp.choice("layers", [(16,), (32, 32)]),
        "depth": hp.pchoice("depth", [(0.5, None), (0.5, 7)]),
        "batch": hp.choice("batch", [16, 32, 64]),
    }
    trials = run_hyperopt(lambda p: p["u"], space)
    study = to_study(trials, space=space)
    for trial, doc in zip(study.trials, trials.trials, strict=True):
        point = {k: v[0] for k, v in doc["misc"]["vals"].items()}
        seen = space_eval(space, point) | {"layers": str(space_eval(space, point)["layers"])}
        assert trial.params == seen
        assert {k: type(v) for k, v in trial.params.items()} == {
            k: type(v) for k, v in seen.items()
        }
        assert trial.user_attrs == {"tid": doc["tid"]}
    assert [t.value for t in study.trials] == trials.losses()
    assert study.direction.name == "MINIMIZE"
    assert study.best_value == trials.best_trial["result"]["loss"]
    assert study.best_params["kernel"] == space_eval(space, trials.argmin)["kernel"]

    drawn = {k: [t.params[k] for t in study.trials] for k in space}
    expected = {
        "C": FloatDistribution(1e-3, 1e3, log=True),
        "u": FloatDistribution(-2, 5),
        "q": FloatDistribution(0, 10),
        "ql": FloatDistribution(1, 1000, log=True),
        "q0": FloatDistribution(0, max(7.38905609893, *drawn["q0"])),
        "n": IntDistribution(2, 9),
        "nl": IntDistribution(10, 1000, log=True),
        "i": IntDistribution(1, 6),
        "r": IntDistribution(3, 7),
        "r0": IntDistribution(0, 3),
        "g": FloatDistribution(min(drawn["g"]), max(drawn["g"])),
        "lg": FloatDistribution(min(drawn["lg"]), max(drawn["lg"]), log=True),
        "kernel": CategoricalDistribution(["rbf", "poly"]),
        "layers": CategoricalDistribution(["(16,)", "(32, 32)"]),
        "depth": CategoricalDistribution([None, 7]),
        "batch": IntDistribution(16, 64, log=True),
    }
    assert {k: distribution(study, k) for k in space} == expected


def test_hyperopt_conditional_space():
    from hyperopt import hp

    space = hp.choice(
        "model",
        [
            {"kind": "svc", "C": hp.loguniform("C", -3, 3)},
            ("forest", 1 + hp.randint("depth", 5), hp.choice("rule", ["gini", "entropy"])),
            {"kind": "default"},
        ],
    )
    seen = []
    study = to_study(run_hyperopt(lambda p: seen.append(p) or len(seen), space), space=space)
    svc, forest = "{'C': C, 'kind': 'svc'}", "('forest', add(1, depth), rule)"
    assert distribution(study, "model").choices == (svc, forest, "{'kind': 'default'}")
    for trial, point in zip(study.trials, seen, strict=True):
        params = trial.params
        if params["model"] == svc:
            assert params == {"model": svc, "C": point["C"]}
        elif params["model"] == forest:
            assert params == {"model": forest, "depth": point[1], "rule": point[2]}
        else:
            assert point == {"kind": "default"}
    assert len({t.params["model"] for t in study.trials}) == 3


def test_hyperopt_without_its_space():
    from hyperopt import hp

    trials = run_hyperopt(lambda x: x, hp.uniform("x", 0, 1))
    study = to_study(trials)
    assert [t.params["x"] for t in study.trials] == trials.losses()
    trials = run_hyperopt(lambda p: p[0], [hp.uniform("x", 0, 1), hp.choice("k", ["a", "b"])])
    with pytest.raises(ValueError, match=r"\['k'\] may be positions in an hp.choice.*space=space"):
        to_study(trials)
    with pytest.raises(ValueError, match=r"does not describe the parameters \['k'\].*\['x'\]"):
        to_study(trials, space=hp.uniform("x", 0, 1))


def test_hyperopt_failures_spread_and_durations():
    from hyperopt import STATUS_FAIL, STATUS_OK, hp

    counter = iter(range(12))

    def objective(x):
        i = next(counter)
        if i == 1:
            return {"status": STATUS_FAIL}
        if i == 2:
            return {"status": STATUS_FAIL, "loss": -1.0}
        if i == 3:
            return math.nan
        if i == 4:
            raise RuntimeError("no such kernel")
        return {"status": STATUS_OK, "loss": x, "loss_variance": 0.04}

    space = hp.uniform("x", 0, 1)
    logger = logging.getLogger("hyperopt.fmin")
    logger.disabled = True
    try:
        trials = run_hyperopt(objective, space, catch_eval_exceptions=True)
    finally:
        logger.disabled = False
    for seconds, doc in enumerate(trials.trials):
        doc["refresh_time"] = doc["book_time"] + timedelta(seconds=seconds)
    study = to_study(trials)
    assert numbers(study, TrialState.FAIL) == [1, 2, 3, 4]
    assert "no such kernel" in study.trials[4].user_attrs["error"]
    assert study.trials[0].user_attrs["std"] == pytest.approx(0.2)
    assert study.best_value == trials.best_trial["result"]["loss"]
    by_tid = {t.user_attrs["tid"]: t for t in study.trials}
    for seconds, doc in enumerate(trials.trials):
        assert by_tid[doc["tid"]].duration.total_seconds() == seconds


# Optuna


def test_optuna_study_is_returned_as_it_is():
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize")
    with pytest.raises(ValueError, match="empty"):
        to_study(study)
    study.add_trial(optuna.trial.create_trial(state=TrialState.FAIL))
    with pytest.raises(ValueError, match="all 1 trials failed"):
        to_study(study)
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=2)
    assert to_study(study) is study
    assert to_study(study, direction="maximize") is study
    with pytest.raises(ValueError, match="contradicts"):
        to_study(study, direction="minimize")


# Lists, and properties

names = st.text("abc_", min_size=1, max_size=3)
scores = st.floats(allow_infinity=True) | st.none() | st.integers(-100, 100)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=3)
    | st.tuples(st.integers(0, 3), st.integers(0, 3))
    | st.sampled_from(
        [np.int64(2), np.float64(0.25), np.float32(0.1), SVC(), SVC(C=2), len, np.log]
    )
)
columns = st.sampled_from(
    [
        st.integers(-5, 5),
        st.floats(allow_nan=False, allow_infinity=False),
        st.floats(1e-3, 1e3),
        scalars,
    ]
)


@st.composite
def pairs(draw):
    space = draw(st.dictionaries(names, columns, max_size=3))
    n = draw(st.integers(1, 12))
    rows = []
    for _ in range(n):
        present = [name for name in space if draw(st.booleans())]
        rows.append(({name: draw(space[name]) for name in present}, draw(scores)))
    return rows


def is_good(score):
    return score is not None and math.isfinite(score)


@settings(max_examples=150, deadline=None)
@given(pairs(), st.sampled_from(["maximize", "minimize"]))
def test_any_list_keeps_order_values_and_best(rows, direction):
    good = [score for _, score in rows if is_good(score)]
    if not good:
        with pytest.raises(ValueError, match=f"all {len(rows)} trials failed"):
            to_study(rows, direction=direction)
        return
    study = to_study(rows, direction=direction)
    assert len(study.trials) == len(rows)
    encoded, decoded = {}, {}
    for i, (trial, (params, score)) in enumerate(zip(study.trials, rows, strict=True)):
        assert trial.number == i
        assert trial.state == (TrialState.COMPLETE if is_good(score) else TrialState.FAIL)
        assert trial.value == (score if is_good(score) else None)
        assert list(trial.params) == list(params)
        for name, value in params.items():
            kept = trial.params[name]
            value = value.item() if isinstance(value, np.generic) else value
            # Equal values get one representative and different values different ones.
            there = (name, type(kept), repr(kept))
            here = (name, type(value), repr(value))
            assert encoded.setdefault(here, there) == there
            assert decoded.setdefault(there, here) == here
            assert type(kept) in (type(None), bool, int, float, str)
            if type(value) is str:
                assert kept == value
    for name in {n for params, _ in rows for n in params}:
        distribution(study, name)
    best = max(good) if direction == "maximize" else min(good)
    assert study.best_value == best
    assert study.best_trial.number == next(i for i, (_, s) in enumerate(rows) if s == best)
    assert len(study.trials_dataframe()) == len(rows)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(1e-4, 1e2),
    st.floats(1.5, 20),
    st.integers(3, 8),
    st.randoms(use_true_random=False),
)
def test_geometric_values_in_any_order_are_log(first, ratio, n, random):
    # On a linear scale the last step is this many times the first; near 2 rounding decides.
    unevenness = ratio ** (n - 2)
    assume(abs(unevenness - 2) > 1e-6)
    values = [first * ratio**i for i in range(n)]
    random.shuffle(values)
    study = to_study([({"x": v}, 1) for v in values], direction="maximize")
    assert distribution(study, "x").log is (unevenness > 2)


@settings(max_examples=60, deadline=None)
@given(st.floats(-50, 50), st.floats(0.01, 50), st.integers(2, 10))
def test_evenly_spaced_values_are_linear(first, step, n):
    study = to_study([({"x": first + step * i}, 1) for i in range(n)], direction="maximize")
    assert not distribution(study, "x").log


def test_list_with_its_space():
    rows = [({"C": 1.0, "n": 3, "k": "a", "d": 2}, 0.1), ({"C": 2.0, "n": 4}, 0.2)]
    space = {
        "C": stats.loguniform(0.01, 100),
        "n": [1, 2, 3, 4],
        "k": CategoricalDistribution(["b", "a"]),
        "d": FloatDistribution(0, 10),
    }
    study = to_study(rows, direction="maximize", space=space)
    assert distribution(study, "C") == FloatDistribution(0.01, 100, log=True)
    assert distribution(study, "n") == IntDistribution(1, 4)
    assert distribution(study, "k").choices == ("b", "a")
    assert distribution(study, "d") == FloatDistribution(0, 10)
    with pytest.raises(ValueError, match=r"does not describe the parameters \['C', 'n'\]"):
        to_study(rows, direction="maximize", space={"k": ["a"], "d": [1]})
    for wrong in (3, "C", [3]):
        with pytest.raises(TypeError, match="dict or a list of dicts"):
            to_study(rows, direction="maximize", space=wrong)
    for wrong in (3, "rbf"):
        with pytest.raises(TypeError, match=r"space\['C'\] must list values"):
            to_study(rows, direction="maximize", space=space | {"C": wrong})
    for wrong in ((1, 2), (0.01, 100, "log-uniform")):  # values, or a range?
        with pytest.raises(TypeError, match=r"space has tuples for \['C'\]: write"):
            to_study(rows, direction="maximize", space=[space | {"C": wrong}])


def test_result_works_with_optuna():
    rng = np.random.default_rng(0)
    rows = [({"x": float(a), "k": (0, int(b > 0))}, float(a)) for a, b in rng.normal(size=(30, 2))]
    study = to_study(rows, direction="maximize")
    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=0)
    found = optuna.importance.get_param_importances(study, evaluator=evaluator)
    assert found["x"] > 0.9
    frame = study.trials_dataframe()
    assert frame["value"].tolist() == [score for _, score in rows]
    assert set(frame["params_k"]) <= {"(0, 0)", "(0, 1)"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        import matplotlib

        matplotlib.use("agg")
        optuna.visualization.matplotlib.plot_slice(study)
        matplotlib.pyplot.close("all")
    study.sampler = optuna.samplers.RandomSampler(seed=0)
    space = study.best_trial.distributions
    trial = study.ask(space)
    study.tell(trial, 10.0)
    assert study.best_trial.number == 30


# Errors


@pytest.mark.parametrize(
    ("search", "kwargs", "error", "match"),
    [
        (
            GridSearchCV(SVC(), {"C": [1]}),
            {},
            ValueError,
            "GridSearchCV has no results: fit it first",
        ),
        ([], {"direction": "maximize"}, ValueError, "empty"),
        ([({"a": 1}, 1)], {}, ValueError, 'direction="maximize"'),
        ([({"a": 1}, 1)], {"direction": "up"}, ValueError, "not 'up'"),
        ([({"a": 1}, 1)], {"direction": "maximize", "metric": "f1"}, ValueError, "'f1' is for sci"),
        ([({"a": 1}, None)], {"direction": "maximize"}, ValueError, "all 1 trials failed"),
        ([({"a": 1}, math.inf)], {"direction": "maximize"}, ValueError, "all 1 trials failed"),
        ([({"a": 1}, "1")], {"direction": "maximize"}, TypeError, r"score of search\[0\].*'1'"),
        ([({"a": 1}, 1), 3], {"direction": "maximize"}, TypeError, r"search\[1\] must be a pair"),
        ([(1, {"a": 1})], {"direction": "maximize"}, TypeError, r"search\[0\] must be a pair"),
        ([({1: 1}, 1)], {"direction": "maximize"}, TypeError, "not strings"),
        ({"a": 1}, {}, TypeError, "dict of settings, which has no scores: pass the whole search"),
        (SVC(), {}, TypeError, "type SVC, a model: pass the search that tuned it"),
        (GridSearchCV, {}, TypeError, "class GridSearchCV itself: pass what it made"),
        (None, {}, TypeError, r"NoneType; to_study takes a fitted GridSearchCV.*\(params, score\)"),
    ],
)
def test_errors(search, kwargs, error, match):
    with pytest.raises(error, match=match):
        to_study(search, **kwargs)


def test_more_errors():
    from hyperopt import Trials
    from scipy.optimize import minimize_scalar

    with pytest.raises(ValueError, match="empty"):
        to_study(Trials())
    with pytest.raises(TypeError, match="OptimizeResult that kept no trials: note"):
        to_study(minimize_scalar(lambda x: x**2))
    search = fitted_grid({"a": [1, 2]})
    with pytest.raises(ValueError, match="GridSearchCV can only maximize"):
        to_study(search, direction="minimize")
    with pytest.raises(ValueError, match="records its own"):
        to_study(search, space={"a": [1]})


def test_parameters_of_the_same_name_are_refused():
    from skopt import forest_minimize
    from skopt.space import Real

    space = [Real(0, 1, name="a"), Real(5, 6, name="a")]
    result = forest_minimize(sum, space, n_calls=2, n_initial_points=2, random_state=0)
    with pytest.raises(ValueError, match="same name"):
        to_study(result)


def test_a_study_whose_trials_have_not_ended_is_empty():
    study = optuna.create_study()
    study.ask()
    study.enqueue_trial({"x": 1})
    with pytest.raises(ValueError, match="empty: it has no finished trial"):
        to_study(study)


def test_a_fit_that_was_stopped_leaves_nothing():
    def stop(model, X, y):
        raise KeyboardInterrupt

    search = GridSearchCV(Line(), {"a": [1, 2]}, cv=2, scoring=stop)
    with pytest.raises(KeyboardInterrupt):
        search.fit(X, y)
    with pytest.raises(ValueError, match="failed or was stopped leaves none"):
        to_study(search)


def test_a_search_in_which_every_score_failed():
    def broken(model, X, y):
        raise RuntimeError("no score")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        search = fitted_grid({"a": [1, 2, 3]}, scoring=broken)
    with pytest.raises(ValueError, match=r'all 3 trials failed.*error_score="raise"'):
        to_study(search)


def test_logging_level_is_left_alone():
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.INFO)
    try:
        to_study([({"a": 1}, 1)], direction="maximize")
        assert optuna.logging.get_verbosity() == optuna.logging.INFO
    finally:
        optuna.logging.set_verbosity(before)


def test_a_list_needs_only_optuna_and_prints_nothing():
    code = (
        "import sys; from tuneup_helpers import to_study; import tuneup_helpers.studies as s;"
        "heavy = {'optuna', 'sklearn', 'skopt', 'hyperopt', 'matplotlib', 'pandas', 'scipy.stats'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules);"
        "to_study([({'a': 1}, 1)], direction='maximize');"
        "assert not {'skopt', 'hyperopt', 'matplotlib'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_score_may_be_an_array_of_one_number():
    study = to_study([({"a": 1}, np.array(0.5)), ({"a": 2}, np.array(0.25))], direction="minimize")
    assert study.best_value == 0.25
    with pytest.raises(TypeError, match=r"score of search\[0\] must be a number or None"):
        to_study([({"a": 1}, np.array([0.5, 0.6]))], direction="minimize")
