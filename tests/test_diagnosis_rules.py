"""Tests of the rules by which tuneup_helpers.diagnosis tells a sickness from a habit.

Each rule is tried on several instances, with the right answer for each.
"""

import json
import math
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import optuna
import pytest
from hyperopt import Trials, fmin, hp, rand, space_eval
from hyperopt.pyll import scope
from lightgbm import LGBMClassifier
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine, make_friedman1
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import ExtraTreesRegressor, RandomForestClassifier, StackingRegressor
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import (
    accuracy_score,
    log_loss,
    make_scorer,
    max_error,
    mean_absolute_error,
    mean_poisson_deviance,
    mean_squared_error,
    r2_score,
)
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from tuneup_helpers import diagnose, to_study
from tuneup_helpers.diagnosis.findings import FINDINGS

CANCER, DIABETES = load_breast_cancer(return_X_y=True), load_diabetes(return_X_y=True)
FRIEDMAN = make_friedman1(200, n_features=5, noise=0.1, random_state=0)
TITLES = {key: kind.title for key, kind in FINDINGS.items()}


def found(search, code, **kwargs):
    return [f.evidence for f in diagnose(search, **kwargs) if f.code == code]


def fit(search, X, y):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return search.fit(X, y)


def study_of(objective, n=40, seed=0, direction="maximize"):
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    sampler = optuna.samplers.RandomSampler(seed=seed)
    study = optuna.create_study(direction=direction, sampler=sampler)
    study.optimize(objective, n_trials=n)
    return study


def name_metrics(study, names):
    with pytest.warns(optuna.exceptions.ExperimentalWarning):
        study.set_metric_names(names)


def rising(name, low, high, n=40, **kwargs):
    """A study whose score rises through a range."""
    return study_of(lambda t: float(t.suggest_float(name, low, high, **kwargs)), n)


# Optimism


@pytest.mark.parametrize("scoring", ["neg_mean_squared_error", "r2"])
def test_a_flat_curve_is_not_accused_of_optimism(scoring):
    accused = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(300, 10))
        y = X @ rng.normal(size=10) + 3 * rng.normal(size=300)
        cv = KFold(5, shuffle=True, random_state=seed)
        grid = {"alpha": np.logspace(-3, 3, 15)}
        accused += bool(
            found(GridSearchCV(Ridge(), grid, cv=cv, scoring=scoring).fit(X, y), "optimism")
        )
    assert accused <= 1


def test_the_loss_is_told_in_standard_errors():
    rng = np.random.default_rng(0)
    results = {"params": [{"x": float(x)} for x in range(40)]}
    folds = rng.normal(0.5, 0.1, (40, 5))
    results |= {f"split{k}_test_score": folds[:, k] for k in range(5)}
    results["mean_test_score"] = folds.mean(axis=1)
    (text,) = found(results, "optimism")
    assert "it loses 0." in text
    assert "standard errors of a score" in text


# All scores equal


def test_a_name_that_the_model_swallows():
    boost = LGBMClassifier(n_estimators=5, n_jobs=1, verbose=-1, random_state=0)
    search = fit(GridSearchCV(boost, {"num_leafs": [2, 4, 8, 16]}, cv=3), *CANCER)
    report = diagnose(search)
    assert [f.title for f in report] == [TITLES["equal"]]
    score = search.best_score_
    assert found(search, "unimportant") == [
        f"all 4 trials score {score:.4g}, whatever the value of num_leafs"
    ]
    assert "get_params()" in next(iter(report)).advice


def test_folds_of_sorted_classes():
    X, y = load_iris(return_X_y=True)
    grid = {"n_neighbors": list(range(1, 16)), "weights": ["uniform", "distance"]}
    search = GridSearchCV(KNeighborsClassifier(), grid, cv=KFold(3)).fit(X, y)
    report = diagnose(search)
    assert [f.code for f in report] == ["unimportant"]
    assert "all 30 trials score 0, whatever" in next(iter(report)).evidence
    assert "A tie sold as a winner" in report.not_looked_at


@pytest.mark.parametrize("n", [2, 3, 50])
def test_all_equal_at_any_number_of_trials(n):
    pairs = [({"a": i, "b": i % 2}, 0.5) for i in range(n)]
    assert found(pairs, "unimportant", direction="minimize") == [
        f"all {n} trials score 0.5, whatever the value of a, b"
    ]


def test_equal_means_of_different_folds_and_equal_settings_are_something_else():
    results = {
        "params": [{"C": 1}, {"C": 2}],
        "mean_test_score": [0.8, 0.8],
        **{f"split{k}_test_score": [0.7 + 0.1 * k, 0.9 - 0.1 * k] for k in range(3)},
    }
    assert not found(results, "unimportant")
    assert not found([({"C": 1}, 0.5)] * 3, "unimportant", direction="maximize")
    assert TITLES["equal"] in diagnose([({"C": 1}, 1.0)], direction="maximize").not_looked_at


# Directions and signs


@pytest.mark.parametrize(
    "metric", [mean_squared_error, mean_absolute_error, max_error, mean_poisson_deviance]
)
def test_a_loss_that_is_maximized(metric):
    X, y = DIABETES
    grid = {"n_neighbors": [1, 2, 4, 8]}
    wrong = GridSearchCV(KNeighborsRegressor(), grid, cv=3, scoring=make_scorer(metric)).fit(X, y)
    report = diagnose(wrong)
    first = next(iter(report))
    assert (first.code, first.level) == ("sign", "problem")
    assert f"prefers more of {metric.__name__}, an error" in first.evidence
    right = make_scorer(metric, greater_is_better=False)
    search = GridSearchCV(KNeighborsRegressor(), grid, cv=3, scoring=right).fit(X, y)
    assert not found(search, "sign")
    assert TITLES["sign"] in diagnose(search).looked_at


def test_a_score_that_is_minimized_and_other_scorers():
    X, y = CANCER
    grid = {"max_depth": [1, 2, 3]}

    def search(scoring, **kwargs):
        model = DecisionTreeClassifier(random_state=0)
        return GridSearchCV(model, grid, cv=3, scoring=scoring, **kwargs).fit(X, y)

    wrong = make_scorer(accuracy_score, greater_is_better=False)
    assert "prefers less of accuracy_score" in found(search(wrong), "sign")[0]
    loss = make_scorer(log_loss, response_method="predict_proba")
    assert "prefers more of log_loss" in found(search(loss), "sign")[0]
    for healthy in ("accuracy", "neg_log_loss", "roc_auc", None, make_scorer(r2_score)):
        assert not found(search(healthy), "sign"), healthy
        assert TITLES["sign"] in diagnose(search(healthy)).looked_at

    def brier_loss(model, X, y):
        return float(np.mean((model.predict_proba(X)[:, 1] - y) ** 2))

    def neg_loss(model, X, y):
        return -brier_loss(model, X, y)

    assert "brier_loss" in found(search(brier_loss), "sign")[0]
    assert not found(search(neg_loss), "sign")
    several = {"acc": "accuracy", "loss": loss}
    assert not found(search(several, refit="acc"), "sign")
    assert found(search(several, refit="acc"), "sign", metric="loss")


def test_names_of_metrics_in_other_records():
    study = study_of(lambda t: t.suggest_float("x", 0, 1))
    assert diagnose(study).not_looked_at[TITLES["sign"]] == "what a score is, is not recorded"
    name_metrics(study, ["val_loss"])
    assert "prefers more of val_loss" in found(study, "sign")[0]
    study = study_of(lambda t: t.suggest_float("x", 0, 1), direction="minimize")
    name_metrics(study, ["val_loss"])
    assert not found(study, "sign")
    name_metrics(study, ["accuracy"])
    assert "prefers less of accuracy" in found(study, "sign")[0]


def test_a_minus_that_the_function_gives_itself():
    X, y = DIABETES

    def rmse(y, prediction):
        return -math.sqrt(mean_squared_error(y, prediction))

    def search(scoring, **kwargs):
        grid = {"n_neighbors": [1, 2, 4, 8]}
        return GridSearchCV(KNeighborsRegressor(), grid, cv=3, scoring=scoring, **kwargs).fit(X, y)

    assert not found(search(make_scorer(rmse)), "sign")
    twice = search(make_scorer(rmse, greater_is_better=False))
    assert "prefers more of rmse" in found(twice, "sign")[0]

    def several(model, X, y):
        prediction = model.predict(X)
        return {"mse": mean_squared_error(y, prediction), "r2": r2_score(y, prediction)}

    at_once = search(several, refit="mse")
    assert "prefers more of mse" in found(at_once, "sign")[0]
    assert not found(at_once, "sign", metric="r2")
    study = study_of(lambda t: t.suggest_float("x", 0, 0.5) - 1, direction="minimize")
    name_metrics(study, ["accuracy"])
    assert not found(study, "sign")
    name_metrics(study, ["val_loss"])
    unknown = "whether 'val_loss' carries a minus is not known"
    assert diagnose(study).not_looked_at[TITLES["sign"]] == unknown


@pytest.mark.parametrize(("criteria", "pick"), [("min", min), ("max", max)])
def test_a_genetic_search_in_either_direction(criteria, pick):
    from sklearn_genetic import GASearchCV
    from sklearn_genetic.space import Integer

    search = GASearchCV(
        DecisionTreeRegressor(random_state=0),
        param_grid={"max_depth": Integer(1, 12), "min_samples_leaf": Integer(1, 20)},
        scoring=make_scorer(mean_squared_error),
        criteria=criteria,
        population_size=4,
        generations=2,
        verbose=False,
        cv=3,
    )
    fit(search, *DIABETES)
    study = to_study(search)
    assert study.best_value == pick(search.cv_results_["mean_test_score"])
    assert study.direction.name == {"min": "MINIMIZE", "max": "MAXIMIZE"}[criteria]
    assert bool(found(search, "sign")) == (criteria == "max")
    assert "no random_state" in diagnose(search).not_looked_at["No seed"]
    other = {"min": "maximize", "max": "minimize"}[criteria]
    with pytest.raises(ValueError, match="GASearchCV can only"):
        to_study(search, direction=other)


# Hyperopt's expressions


def test_the_objective_sees_expressions():
    space = {
        "depth": 3 + hp.randint("depth", 8),
        "rate": 10 ** hp.uniform("rate", -4, 0),
        "width": hp.choice("width", [1, 2, 4]) * 16,
        "leaves": scope.int(hp.quniform("leaves", 1, 9, 1)) * 2,
        "keep": 1 - hp.uniform("keep", 0.1, 0.5),
        "estimators": scope.int(2 ** hp.quniform("estimators", 3, 8, 1)),
        "offset": 1 + hp.normal("offset", 0, 1),
        "nested": {"gamma": hp.loguniform("gamma", -3, 3) / 2},
    }
    trials = Trials()
    rstate = np.random.default_rng(0)
    quiet = {"verbose": False, "show_progressbar": False}
    fmin(lambda p: p["keep"], space, rand.suggest, 30, trials=trials, rstate=rstate, **quiet)
    study = to_study(trials, space=space)
    for trial, document in zip(study.trials, trials.trials, strict=True):
        point = {k: v[0] for k, v in document["misc"]["vals"].items()}
        seen = space_eval(space, point)
        seen |= seen.pop("nested")
        assert trial.params == seen
    ranges = study.best_trial.distributions
    assert ranges["depth"] == IntDistribution(3, 10)
    assert ranges["rate"] == FloatDistribution(1e-4, 1, log=True)
    assert ranges["leaves"] == IntDistribution(2, 18)
    assert ranges["keep"] == FloatDistribution(0.5, 0.9)
    assert ranges["estimators"] == IntDistribution(8, 256, log=True)
    assert ranges["gamma"].log
    assert not found(trials, "linear", space=space)


@pytest.mark.parametrize(
    "value",
    [
        hp.uniform("a", 0, 1) * hp.uniform("b", 0, 1),
        hp.randint("a", 3) + hp.choice("b", [1, 2]),
    ],
)
def test_a_value_of_several_labels_is_refused(value):
    trials = Trials()
    quiet = {"verbose": False, "show_progressbar": False}
    fmin(lambda p: 1.0, {"x": value}, rand.suggest, 3, trials=trials, **quiet)
    with pytest.raises(ValueError, match=r"from several labels, \['a', 'b'\].*list of pairs"):
        to_study(trials, space={"x": value})


# Constraints


@pytest.mark.parametrize("way", ["set_constraint", "constraints_func"])
def test_only_feasible_trials_count(way):
    def objective(trial):
        x = trial.suggest_float("x", 0, 10)
        trial.suggest_float("y", 0, 1)
        if way == "set_constraint":
            trial.set_constraint("size", x - 5)
        return x

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    options = {"constraints_func": lambda t: [t.params["x"] - 5]} if way != "set_constraint" else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sampler = optuna.samplers.TPESampler(seed=0, **options)
        study = optuna.create_study(direction="maximize", sampler=sampler)
        study.optimize(objective, n_trials=40)
    report = diagnose(study)
    assert "edge" not in {f.code for f in report}
    n = sum(trial.params["x"] > 5 for trial in study.trials)
    assert report.searched == f"40 trials of Study, of which {n} do not keep the constraints"
    assert study.best_value <= 5


def test_no_trial_keeps_the_constraints():
    def objective(trial):
        trial.set_constraint("never", 1.0)
        return trial.suggest_float("x", 0, 1)

    with pytest.raises(ValueError, match="none of 5 complete trials keeps the constraints. Loosen"):
        diagnose(study_of(objective, 5))


def test_constraints_stay_with_one_of_several_objectives():
    def objective(trial):
        x = trial.suggest_float("x", 0, 10)
        trial.set_constraint("size", x - 5)
        return x, -x

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    sampler = optuna.samplers.RandomSampler(seed=0)
    study = optuna.create_study(directions=["maximize", "maximize"], sampler=sampler)
    study.optimize(objective, n_trials=20)
    assert to_study(study, metric=0).best_value <= 5
    assert "do not keep" in diagnose(study, metric=0).searched


# Seeds that are searched


@pytest.mark.parametrize(
    "name", ["random_state", "seed", "rf__random_state", "bagging_seed", "SEED"]
)
def test_a_searched_seed_is_one_finding_and_no_range(name):
    def objective(trial):
        return trial.suggest_int(name, 1, 1000) / 1000 - 0.1 * abs(trial.suggest_int("d", 1, 8) - 4)

    report = diagnose(study_of(objective, 60))
    about = [f for f in report if name in f.evidence]
    assert [f.code for f in about] == ["searched_seed"]
    assert "a seed is not a hyperparameter, this picks luck" in about[0].evidence
    assert about[0].level == "problem"


def test_a_grid_of_seeds_and_a_seed_that_is_fixed():
    model, X, y = DecisionTreeClassifier(max_features=3), *CANCER
    grid = {"random_state": [0, 1, 2, 3, 4], "max_depth": [1, 2, 3]}
    (text,) = found(GridSearchCV(model, grid, cv=3).fit(X, y), "searched_seed")
    assert text.startswith("5 values of random_state were tried, and the best trial has random_st")
    fixed = GridSearchCV(model, grid | {"random_state": [0]}, cv=3).fit(X, y)
    assert not found(fixed, "searched_seed")
    assert not found(study_of(lambda t: t.suggest_int("seed_length", 1, 9), 20), "searched_seed")


# Natural ends


@pytest.mark.parametrize(
    ("grid", "model"),
    [
        ({"min_samples_split": [2, 10, 20, 40, 80]}, ExtraTreesRegressor(15, random_state=0)),
        ({"max_features": [0.25, 0.5, 1.0]}, ExtraTreesRegressor(15, random_state=0)),
        ({"max_samples": [0.1, 0.3, 1.0]}, ExtraTreesRegressor(15, bootstrap=True, random_state=0)),
        ({"kbest__k": [1, 2, 3, 4, 5]}, "kbest"),
        ({"pca__n_components": [1, 2, 3, 4, 5]}, "pca"),
    ],
)
def test_nobody_can_extend_beyond_these_ends(grid, model):
    steps = {"kbest": SelectKBest(f_regression), "pca": PCA(random_state=0)}
    if isinstance(model, str):
        model = Pipeline([("scale", StandardScaler()), (model, steps[model]), ("svr", SVR(C=10))])
    search = GridSearchCV(model, grid, cv=5).fit(*FRIEDMAN)
    (name,) = grid
    assert search.best_params_[name] in (grid[name][0], grid[name][-1])
    assert not found(search, "edge")
    assert "Best at the edge" in diagnose(search).looked_at


def test_ends_that_can_be_extended_are_still_accused():
    model = make_pipeline(StandardScaler(), SelectKBest(f_regression), SVR(C=10))
    search = GridSearchCV(model, {"selectkbest__k": [1, 2, 3]}, cv=5).fit(*FRIEDMAN)
    assert found(search, "edge")[0].startswith("selectkbest__k from 1 to 3: the best trial has 3")
    trees = ExtraTreesRegressor(15, random_state=0)
    search = GridSearchCV(trees, {"min_samples_split": [20, 40, 80]}, cv=5).fit(*FRIEDMAN)
    assert found(search, "edge")[0].startswith("min_samples_split from 20 to 80: the best trial")
    few = GridSearchCV(SVR(), {"C": [1, 2, 4]}, cv=5).fit(*FRIEDMAN)
    assert found(few, "edge")


def test_columns_that_nobody_counted():
    model = make_pipeline(SelectKBest(f_regression), SVR(C=10))
    search = GridSearchCV(model, {"selectkbest__k": [1, 2, 3]}, cv=5, refit=False).fit(*FRIEDMAN)
    why = diagnose(search).not_looked_at["Best at the edge"]
    assert why == "how many columns selectkbest__k chooses from is not recorded"


def test_discriminants_are_fewer_than_classes():
    X, y = load_wine(return_X_y=True)
    model = make_pipeline(StandardScaler(), LinearDiscriminantAnalysis(), GaussianNB())
    grid = {"lineardiscriminantanalysis__n_components": [1, 2]}
    assert not found(GridSearchCV(model, grid, cv=3).fit(X, y), "edge")


@pytest.mark.parametrize(
    ("name", "low", "high", "kwargs"),
    [
        ("subsample", 0.5, 1.0, {}),
        ("colsample_bytree", 0.1, 1.0, {"log": True}),
        ("xgb__subsample", 0.3, 1.0, {}),
    ],
)
def test_shares_end_at_one(name, low, high, kwargs):
    assert not found(rising(name, low, high, **kwargs), "edge")


@pytest.mark.parametrize("name", ["learning_rate", "C"])
def test_what_is_no_share_may_go_beyond_one(name):
    assert found(rising(name, 0.01, 1.0, log=True), "edge")


@pytest.mark.parametrize("name", ["min_samples_split", "num_leaves", "rf_max_leaf_nodes"])
def test_smallest_values_that_every_library_knows(name):
    study = study_of(lambda t: -float(t.suggest_int(name, 2, 40)), 40)
    assert not found(study, "edge")
    assert found(study_of(lambda t: -float(t.suggest_int(name, 5, 40)), 40), "edge")


@pytest.mark.parametrize("values", [[1, 2], [0.1, 10.0], [100, 500]])
def test_one_of_two_values_is_always_at_an_end(values):
    study = study_of(
        lambda t: float(t.suggest_categorical("p", values)) + t.suggest_float("x", 0, 1e-3)
    )
    assert not found(study, "edge")
    space = {"p": values, "q": [*range(12)]}
    pairs = [({"p": v, "q": q}, v - 0.001 * abs(q - 6)) for v in values for q in range(12)]
    assert not found(pairs, "edge", direction="maximize", space=space)


# Shares are on no log scale


@pytest.mark.parametrize(
    ("name", "low", "high", "linear"),
    [
        ("subsample", 0.01, 1.0, False),
        ("colsample_bytree", 0.001, 1.0, False),
        ("feature_fraction", 0.005, 0.9, False),
        ("l1_ratio", 0.001, 0.999, False),
        ("dropout", 0.001, 0.5, False),
        ("x", 0.01, 1.0, False),
        ("learning_rate", 0.001, 1.0, True),
        ("C", 0.01, 1.0, True),
        ("reg_lambda", 0.001, 1.0, True),
        ("weight_decay", 1e-5, 0.1, True),
        ("subsample_rows", 1.0, 1000.0, True),
    ],
)
def test_shares_and_scales(name, low, high, linear):
    study = study_of(lambda t: -((t.suggest_float(name, low, high) - 0.6 * high) ** 2), 25)
    assert bool(found(study, "linear")) is linear


# Failures


@pytest.mark.parametrize("error_score", [0, -1.0, 0.0])
def test_results_equal_to_the_error_score_failed(error_score):
    grid = {"solver": ["lbfgs", "liblinear"], "dual": [True, False], "C": [0.1, 1.0, 10.0]}
    model = LogisticRegression(random_state=0, max_iter=1000)
    X = StandardScaler().fit_transform(CANCER[0])
    search = fit(GridSearchCV(model, grid, cv=3, error_score=error_score), X, CANCER[1])
    wrong = search.cv_results_["mean_test_score"] == error_score
    assert wrong.sum() >= 3
    (text,) = found(search, "failed")
    assert text.startswith(f"{wrong.sum()} of 12 trials failed")
    states = [trial.state.name == "FAIL" for trial in to_study(search).trials]
    assert states == wrong.tolist()


def test_a_genuine_score_of_zero_is_no_failure():
    pairs = [({"x": x}, 0.0 if x < 3 else 0.5) for x in range(6)]
    assert not found(pairs, "failed", direction="maximize")
    X, y = load_iris(return_X_y=True)
    grid = {"n_neighbors": [1, 5]}
    search = GridSearchCV(KNeighborsClassifier(), grid, cv=KFold(3)).fit(X, y)
    assert not found(search, "failed")


def test_several_reasons_are_all_named():
    X, y = load_wine(return_X_y=True)
    grid = {"C": [0.1, 1, 10], "l1_ratio": [0, 0.5, 1], "solver": ["lbfgs", "saga", "liblinear"]}
    search = GridSearchCV(LogisticRegression(max_iter=300), grid, cv=3)
    (text,) = found(fit(search, StandardScaler().fit_transform(X), y), "failed")
    assert text == (
        "15 of 27 trials failed; always: all 9 with solver='liblinear', all 3 with l1_ratio=0.5 "
        "and solver='lbfgs', all 3 with l1_ratio=1 and solver='lbfgs'"
    )


def test_settings_of_which_each_failed_once():
    X, y = load_iris(return_X_y=True)
    grid = {"pca__n_components": [1, 2, 3, 10, 20]}
    search = fit(GridSearchCV(make_pipeline(PCA(), GaussianNB()), grid, cv=3), X, y)
    assert found(search, "failed") == [
        "2 of 5 trials failed; always: all 2 with pca__n_components above 3"
    ]
    grid = {"solver": ["svd", "lsqr", "eigen"], "shrinkage": [None, "auto"], "tol": [1e-4]}
    search = fit(GridSearchCV(LinearDiscriminantAnalysis(), grid, cv=3), X, y)
    assert found(search, "failed") == [
        "1 of 6 trials failed; it has shrinkage='auto' and solver='svd'"
    ]


def failing(test, n=60):
    def objective(trial):
        params = {
            "kind": trial.suggest_categorical("kind", ["a", "b", "c"]),
            "mode": trial.suggest_categorical("mode", ["u", "v"]),
            "rate": trial.suggest_float("rate", 0, 1),
        }
        return math.nan if test(params) else params["rate"]

    return found(study_of(objective, n), "failed")[0]


def test_reasons_of_other_kinds():
    assert "all of them, and no other, have kind='b'" in failing(lambda p: p["kind"] == "b")
    both = failing(lambda p: p["kind"] == "b" or p["mode"] == "u")
    assert "with kind='b'" in both
    assert "with mode='u'" in both
    pair = failing(lambda p: p["kind"] == "b" and p["mode"] == "u")
    assert "with kind='b' and mode='u'" in pair
    assert "with rate above 0." in failing(lambda p: p["rate"] > 0.6)
    assert "with rate below 0." in failing(lambda p: p["rate"] < 0.4)


def test_a_value_that_was_stopped_early_did_not_fail():
    study = optuna.create_study()
    for kind, state in (("a", "FAIL"), ("a", "FAIL"), ("a", "PRUNED"), ("b", "COMPLETE")):
        study.add_trial(
            optuna.trial.create_trial(
                state=optuna.trial.TrialState[state],
                value=0.5 if state == "COMPLETE" else None,
                params={"kind": kind},
                distributions={"kind": CategoricalDistribution(["a", "b"])},
            )
        )
    assert found(study, "failed") == ["2 of 4 trials failed"]


def test_a_parameter_that_changes_no_fold_needs_no_long_search():
    boost = LGBMClassifier(n_estimators=5, n_jobs=1, verbose=-1, random_state=0)
    grid = {"num_leafs": [2, 4, 8], "learning_rate": [0.01, 0.3]}
    search = fit(GridSearchCV(boost, grid, cv=3), *CANCER)
    assert found(search, "unimportant") == [
        "num_leafs: all else equal, in 4 comparisons, no fold has another score"
    ]
    short = fit(GridSearchCV(boost, grid | {"num_leafs": [2, 4]}, cv=3), *CANCER)
    assert not found(short, "unimportant")


# What was looked at


def test_numbers_given_as_categories_have_an_order():
    def objective(trial):
        n = trial.suggest_categorical("n", [50, 100, 200, 400, 800])
        return n / 800 - 0.01 * abs(trial.suggest_int("d", 1, 8) - 4)

    assert found(study_of(objective, 60), "edge")[0].startswith(
        "n from 50 to 800: the best trial has 8"
    )
    mixed = study_of(lambda t: -float(t.suggest_categorical("m", [None, 5, 10, 20]) or 40), 30)
    assert diagnose(mixed).not_looked_at["Best at the edge"] == "m mixes numbers with others"
    text = study_of(lambda t: -float(t.suggest_categorical("m", ["5", "1e2", "0.5"])), 30)
    assert diagnose(text).not_looked_at["Best at the edge"] == "m writes numbers as text"
    words = study_of(lambda t: len(t.suggest_categorical("w", ["a", "bb", "ccc"])), 30)
    assert "Best at the edge" in diagnose(words).looked_at


def test_models_inside_a_grid_need_a_seed():
    pipe = Pipeline([("model", SVC())])
    X, y = load_iris(return_X_y=True)

    def seeds(grid):
        return found(GridSearchCV(pipe, grid, cv=2).fit(X, y), "seed")

    unseeded = "RandomForestClassifier has random_state=None: another model each run"
    forest = RandomForestClassifier(3)
    assert seeds({"model": [SVC(), forest]}) == [unseeded]
    assert seeds([{"model": [forest], "model__max_depth": [1, 2]}, {"model": [SVC()]}]) == [
        unseeded
    ]
    assert seeds({"model": [SVC(), RandomForestClassifier(3, random_state=0)]}) == []
    assert seeds({"model": [make_pipeline(StandardScaler(), forest)]}) == [unseeded]
    assert seeds({"model": [forest], "model__random_state": [0]}) == []


def test_models_that_nobody_knows_are_not_looked_at():
    class Drawing(DecisionTreeClassifier):
        """A model of the user's own."""

    search = GridSearchCV(Drawing(), {"max_depth": [1, 2]}, cv=2).fit(*CANCER)
    why = diagnose(search).not_looked_at["No seed"]
    assert why == "whether Drawing draws with random_state=None is not known"
    known = GridSearchCV(Drawing(random_state=0), {"max_depth": [1, 2]}, cv=2).fit(*CANCER)
    assert "No seed" in diagnose(known).looked_at


# A lucky line


def test_one_line_that_rises_by_luck_is_no_edge():
    values = [0.1, 1.0, 10.0, 100.0]
    space = {"C": values, "gamma": values}
    falling = [
        ({"C": C, "gamma": g}, -math.log10(C) + (5 if (C, g) == (100.0, 1.0) else 0))
        for C in values
        for g in values
    ]
    assert not found(falling, "edge", direction="maximize", space=space)
    rising_lines = [
        ({"C": C, "gamma": g}, math.log10(C) - math.log10(g) ** 2) for C in values for g in values
    ]
    assert found(rising_lines, "edge", direction="maximize", space=space)


# The whole


def test_a_long_search_takes_no_time():
    code = """
import time
import numpy as np
from scipy import stats
from tuneup_helpers import diagnose, to_study
rng = np.random.default_rng(0)
space = {f"p{i}": stats.loguniform(1e-3, 1e3) for i in range(6)} | {"k": [*"abc"], "n": stats.randint(1, 50)}
draws = {k: d.rvs(1500, random_state=rng) if hasattr(d, "rvs") else rng.choice(d, 1500) for k, d in space.items()}
rows = [{k: v[i].item() for k, v in draws.items()} for i in range(1500)]
pairs = [(row, float(-np.log10(row["p0"]) ** 2 - np.log10(row["p1"]) ** 2)) for row in rows]
diagnose(pairs[:60], direction="maximize", space=space)
start = time.process_time()
to_study(pairs, direction="maximize", space=space)
diagnose(pairs, direction="maximize", space=space)
print(time.process_time() - start)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(run.stdout) < 6  # 2 seconds of an idle processor


def test_each_finding_has_its_heading_in_the_clinic():
    page = json.loads((Path(__file__).parent.parent / "notebooks" / "clinic.ipynb").read_text())
    lines = [line for cell in page["cells"] for line in "".join(cell["source"]).splitlines()]
    headings = {line.lstrip("# ").replace(" ", "-") for line in lines if line.startswith("#")}
    assert {kind.link.partition("#")[2] for kind in FINDINGS.values()} <= headings


def test_a_flat_end_of_a_long_list_is_no_edge():
    rng = np.random.default_rng(0)
    accused = 0
    for _ in range(40):
        depth = np.arange(1, 31)
        scores = -np.exp(-depth / 4) + 0.01 * rng.normal(size=30)
        scores[-1] = scores.max() + 0.002
        scores[-2] = scores[-1] - 0.15
        pairs = [({"d": int(d)}, s) for d, s in zip(depth, scores, strict=True)]
        accused += bool(found(pairs, "edge", direction="maximize", space={"d": list(range(1, 31))}))
    assert accused == 0
    rising = [({"d": d}, d / 30) for d in range(1, 11)]
    assert found(rising, "edge", direction="maximize", space={"d": list(range(1, 11))})


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("momentum", 0.5, 0.99), ("beta_1", 0.5, 0.999), ("percentile", 10, 100)],
)
def test_shares_that_may_not_be_whole_and_percentages_end(name, low, high):
    assert not found(rising(name, low, high), "edge")
    assert found(rising(name, low, high * 0.8), "edge")


def test_percentages_have_no_decades():
    assert not found(rising("select__percentile", 1, 100), "linear")
    assert found(rising("n_estimators", 1, 100), "linear")


def test_columns_that_reach_a_fitted_part():
    X, y = FRIEDMAN
    parts = ColumnTransformer([("first", PCA(), slice(0, 4)), ("last", "passthrough", [4])])
    grid = {"columntransformer__first__n_components": [1, 2, 3, 4]}
    search = GridSearchCV(make_pipeline(parts, SVR(C=10)), grid, cv=5).fit(X, y)
    assert search.best_params_["columntransformer__first__n_components"] == 4
    assert not found(search, "edge")
    stack = StackingRegressor([("trees", ExtraTreesRegressor(10, random_state=0))], Ridge())
    search = GridSearchCV(stack, {"trees__max_features": [1, 2, 3, 4, 5]}, cv=3).fit(X, y)
    assert not found(search, "edge")
    assert "Best at the edge" in diagnose(search).looked_at
