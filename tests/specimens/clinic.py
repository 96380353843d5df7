"""Specimen answers to the exercises of the clinic."""

import math

import numpy as np
import optuna
from scipy.stats import loguniform, uniform
from sklearn.model_selection import (
    GridSearchCV,
    KFold,
    RandomizedSearchCV,
    RepeatedStratifiedKFold,
    StratifiedKFold,
    cross_val_score,
    train_test_split,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

SPECIMENS = {}


def _search(**changes):
    """Return the right search, with changes."""
    space = {"svc__C": loguniform(0.001, 1000), "svc__gamma": loguniform(0.0001, 10)}
    settings = {
        "estimator": make_pipeline(StandardScaler(), SVC()),
        "param_distributions": space | changes.pop("space", {}),
        "n_iter": 20,
        "cv": StratifiedKFold(5, shuffle=True, random_state=0),
        "random_state": 0,
    }
    return lambda: RandomizedSearchCV(**(settings | changes))


def _fitted():
    search = _search()()
    search.best_params_ = {"svc__C": 1.0, "svc__gamma": 0.1}  # as after fit
    return search


SPECIMENS["clinic.3"] = {
    "right": [
        _search(),
        _search(cv=KFold(5, shuffle=True, random_state=7), random_state=42),
        _search(cv=StratifiedKFold(5)),
        _search(cv=5),
        _search(random_state=np.random.RandomState(0)),
    ],
    "wrong": [
        (_search(space={"svc__C": uniform(0.001, 1000)}), "`svc__C`: still a linear range"),
        (_search(space={"svc__gamma": uniform(0.0001, 10)}), "`svc__gamma`: still a linear range"),
        (_search(space={"svc__C": loguniform(0.1, 100)}), "Keep the ends"),
        (_search(space={"svc__C": [0.001, 1, 1000]}), "Use a distribution"),
        (_search(space={"svc__C": loguniform(-3, 3)}), "cannot be drawn from"),
        (_search(random_state=None), "The search has no seed"),
        (_search(cv=KFold(5, shuffle=True)), "The folds have no seed"),
        (_search(cv=RepeatedStratifiedKFold(n_splits=5)), "The folds have no seed"),
        (_search(n_iter=10), "Keep the number of trials"),
        (_search(space={"C": loguniform(0.001, 1000)}), "Keep the two names"),
        (_search(space={"svc__C": loguniform(0.001, 1000).rvs(20)}), "Use a distribution"),
        (_fitted, "before it is fitted"),
        (_search(estimator=SVC()), "Keep the model"),
        (_search(estimator=make_pipeline(SVC())), "Keep the model"),
    ],
    "unreadable": [
        (_search()(), "function itself"),
        (lambda: _search(space={"svc__C": loguniform(0.001, 1000)}), "Return the search"),
        (lambda: GridSearchCV(SVC(), {"C": [1, 2]}), "RandomizedSearchCV"),
    ],
}


def _tree(trial):
    nodes = trial.suggest_int("max_leaf_nodes", 2, 100, log=True)
    return DecisionTreeClassifier(max_leaf_nodes=nodes, random_state=0)


def _study(score, *, direction="maximize", seed=0, n_trials=15, name=None):
    def cured_study(X_train, y_train):
        sampler = optuna.samplers.TPESampler(seed=seed)
        study = optuna.create_study(direction=direction, sampler=sampler)
        study.optimize(lambda trial: score(_tree(trial), X_train, y_train), n_trials=n_trials)
        return study

    return cured_study


def _by_folds(model, X, y):
    return cross_val_score(model, X, y, cv=3).mean()


def _unseeded_split(model, X, y):
    A, B, a, b = train_test_split(X, y)
    return model.fit(A, a).score(B, b)


def _renamed(X_train, y_train):
    def objective(trial):
        nodes = trial.suggest_int("nodes", 2, 100, log=True)
        tree = DecisionTreeClassifier(max_leaf_nodes=nodes, random_state=0)
        return _by_folds(tree, X_train, y_train)

    sampler = optuna.samplers.TPESampler(seed=0)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=15)
    return study


def _in_training(model, X, y):
    return model.fit(X, y).score(X, y)


def _held_out(model, X, y):
    half = len(X) // 2
    return model.fit(X[:half], y[:half]).score(X[half:], y[half:])


SPECIMENS["clinic.4"] = {
    "right": [
        _study(_by_folds),
        _study(_held_out),
        _study(lambda model, X, y: 1 - _by_folds(model, X, y), direction="minimize"),
        _study(lambda model, X, y: -_by_folds(model, X, y), direction="minimize"),
    ],
    "wrong": [
        (_study(_by_folds, direction="minimize"), "wrong sign"),
        (_study(_in_training), "training rows"),
        (_study(_in_training, direction="minimize"), "training rows"),
        (
            _study(lambda model, X, y: -_in_training(model, X, y), direction="minimize"),
            "training rows",
        ),
        (_study(_by_folds, seed=None), "it tries other settings"),
        (_study(_unseeded_split), "it tries other settings"),
        (_renamed, "Keep the name"),
        (_study(_by_folds, n_trials=5), "15 trials"),
    ],
    "unreadable": [
        (lambda X_train, y_train, X_test, y_test: None, "missing 2 required"),
        ({"max_leaf_nodes": 20}, "function itself"),
        (lambda X, y: _study(_by_folds)(X, y).best_params, "Return the study"),
    ],
}


def _pick(results, *, ddof=1, root=True, skip=True, ties=True):
    kept = [r for r in results if not (skip and np.isnan(r[1]).any())]
    means = [np.nanmean(r[1]) for r in kept]
    top = int(np.argmax(means))
    scores = np.array(kept[top][1])
    error = np.nanstd(scores, ddof=ddof) / (math.sqrt(len(scores)) if root else 1)
    limit = means[top] - (error if ties else 0)
    tied = [r for r, mean in zip(kept, means, strict=True) if mean >= limit]
    return min(tied, key=lambda r: r[2])[0]


def _own_error(results):
    kept = [r for r in results if not np.isnan(r[1]).any()]
    best = max(np.mean(scores) for _, scores, _ in kept)
    errors = [np.std(scores, ddof=1) / 2 for _, scores, _ in kept]
    tied = [r for r, e in zip(kept, errors, strict=True) if np.mean(r[1]) >= best - e]
    return min(tied, key=lambda r: r[2])[0]


def _variant(**changes):
    return lambda results: _pick(results, **changes)


def _sick_pick(results):
    means = [np.mean(scores) for _, scores, _ in results]
    return results[int(np.argmax(means))][0]


SPECIMENS["clinic.5"] = {
    "right": [_pick, lambda results: dict(_pick(list(results)))],
    "wrong": [
        (_sick_pick, "a fold failed"),
        (_variant(skip=False), "a fold failed"),
        (_variant(ties=False), "is as good and quicker"),
        (_variant(root=False), "square root"),
        (_variant(ddof=0), "ddof=1"),
        (_own_error, "that of the best one"),
        (lambda results: min(results, key=lambda r: r[2])[0], "a fold failed"),
        (
            lambda results: min(
                (r for r in results if not np.isnan(r[1]).any()), key=lambda r: r[2]
            )[0],
            "too far below",
        ),
    ],
    "unreadable": [
        (lambda results: results[99], "raised IndexError"),
        (lambda results: 0, "the params of the quickest; yours is 0"),
        (lambda results: (_pick(results), 0.93), "yours is a tuple of 2"),
        (lambda results: print(_pick(results)), "returns nothing"),
    ],
}
