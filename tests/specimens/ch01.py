"""Specimen answers to the exercises of chapter 01."""

import math

import numpy as np
from scipy.stats import loguniform
from sklearn.base import clone
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.model_selection import cross_val_score, cross_validate
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

SPECIMENS = {}


def _rate(pipeline):
    return pipeline.get_params()["model__learning_rate"]


def _smaller(pipeline, factor=0.1):
    copy = clone(pipeline)
    return copy.set_params(model__learning_rate=_rate(copy) * factor)


def _by_attribute(pipeline):
    copy = clone(pipeline)
    copy[-1].learning_rate /= 10
    return copy


def _the_given_one(pipeline):
    return pipeline.set_params(model__learning_rate=_rate(pipeline) / 10)


def _copy_too_late(pipeline):
    return clone(_the_given_one(pipeline))


def _from_scratch(pipeline):
    return make_pipeline(
        StandardScaler(), GradientBoostingRegressor(learning_rate=_rate(pipeline) / 10)
    )


SPECIMENS["01.4"] = {
    "right": [_smaller, _by_attribute],
    "wrong": [
        (_the_given_one, "not a copy"),
        (_copy_too_late, "has changed"),
        (_from_scratch, "More than the learning rate differs"),
        (clone, "still has the old learning rate"),
        (lambda pipeline: _smaller(pipeline, 10), "ten times"),
        (lambda pipeline: clone(pipeline).set_params(model__learning_rate=0.1), "rate of 0.1;"),
        (lambda pipeline: clone(pipeline).set_params(model__learning_rate=0.01), "always 0.01"),
        (lambda pipeline: _smaller(pipeline, 0.5), "it should be 0.04, not 0.2"),
    ],
    "unreadable": [
        (lambda pipeline: _rate(pipeline) / 10, "Return the pipeline"),
        (lambda pipeline: _smaller(pipeline)[-1], "Return the pipeline"),
        (lambda pipeline: clone(pipeline).set_params(learning_rate=0.1), "Invalid parameter"),
    ],
}

SPECIMENS["01.5"] = {
    "right": [
        lambda low, high, n, rng: np.exp(rng.uniform(np.log(low), np.log(high), size=n)),
        lambda low, high, n, rng: low * (high / low) ** rng.random(n),
        lambda low, high, n, rng: [
            10 ** rng.uniform(np.log10(low), np.log10(high)) for _ in range(n)
        ],
        lambda low, high, n, rng: loguniform(low, high).rvs(n, random_state=rng),
        lambda low, high, n, rng: tuple(low * (high / low) ** rng.random(n)),
    ],
    "wrong": [
        (lambda low, high, n, rng: rng.uniform(low, high, size=n), "linear scale"),
        (lambda low, high, n, rng: rng.uniform(np.log(low), np.log(high), size=n), "logarithms"),
        (lambda low, high, n, rng: np.exp(rng.uniform(low, high, size=n)), "`low` and `high`"),
        (
            lambda low, high, n, rng: np.exp(rng.uniform(np.log10(low), np.log10(high), size=n)),
            "only, not from",
        ),
        (
            lambda low, high, n, rng: 10 ** rng.uniform(np.log(low), np.log(high), size=n),
            "outside the range",
        ),
        (lambda low, high, n, rng: np.geomspace(low, high, n), "not drawn"),
        (lambda low, high, n, rng: np.linspace(low, high, n), "not drawn"),
        (
            lambda low, high, n, rng: np.exp(
                np.random.default_rng(0).uniform(np.log(low), np.log(high), size=n)
            ),
            "the generator `rng`",
        ),
        (lambda low, high, n, rng: loguniform(low, high).rvs(n), "from `rng` only"),
        (
            lambda low, high, n, rng: [low * (high / low) ** rng.random()] * n,
            "one number n times",
        ),
        (
            lambda low, high, n, rng: low * (high / low) ** (rng.random(n) ** 2),
            "equally likely; yours get the shares",
        ),
    ],
    "unreadable": [
        (
            lambda low, high, n, rng: np.exp(rng.uniform(np.log(low), np.log(high))),
            "4000 numbers are asked for, n of them; yours is",
        ),
        (lambda low, high, n, rng: rng.random((n, 1)), "`.ravel()`"),
        (lambda low, high, n, rng: ["a"] * n, "begins with 'a'"),
        (lambda low, high, n, rng: print(rng.random(n).sum()), "returns nothing"),
    ],
}


def _curve(X, y, ks, cv, scaled=True):
    """Return the curve with the two loops of the notebook."""
    means = []
    for k in ks:
        scores = []
        for train, validation in cv.split(X, y):
            model = KNeighborsClassifier(k)
            if scaled:
                model = make_pipeline(StandardScaler(), model)
            scores.append(model.fit(X[train], y[train]).score(X[validation], y[validation]))
        means.append(np.mean(scores))
    return means


def _knn(k):
    return make_pipeline(StandardScaler(), KNeighborsClassifier(k))


def _on_training(X, y, ks, cv):
    return [
        cross_validate(_knn(k), X, y, cv=cv, return_train_score=True)["train_score"].mean()
        for k in ks
    ]


def _scaled_before(X, y, ks, cv):
    return _curve(StandardScaler().fit_transform(X), y, ks, cv, scaled=False)


def _scaled_apart(X, y, ks, cv):
    def score(k, train, validation):
        own = [StandardScaler().fit_transform(X[rows]) for rows in (train, validation)]
        return KNeighborsClassifier(k).fit(own[0], y[train]).score(own[1], y[validation])

    return [np.mean([score(k, *split) for split in cv.split(X, y)]) for k in ks]


def _after_the_first_k(X, y, ks, cv):
    for k in ks:
        return cross_val_score(_knn(k), X, y, cv=cv).mean()


SPECIMENS["01.7"] = {
    "right": [
        _curve,
        lambda X, y, ks, cv: np.array(_curve(X, y, ks, cv)),
        lambda X, y, ks, cv: tuple(cross_val_score(_knn(k), X, y, cv=cv).mean() for k in ks),
    ],
    "wrong": [
        (_on_training, "Those are the scores on the training"),
        (lambda X, y, ks, cv: _curve(X, y, ks, cv, scaled=False), "not scaled"),
        (_scaled_before, "before the split"),
        (_scaled_apart, "a scale of their own"),
        (
            lambda X, y, ks, cv: [cross_val_score(_knn(k), X, y).mean() for k in ks],
            "other folds",
        ),
        (
            lambda X, y, ks, cv: [cross_val_score(_knn(5), X, y, cv=cv).mean() for _ in ks],
            "hand `k` to the classifier",
        ),
        (lambda X, y, ks, cv: 1 - np.array(_curve(X, y, ks, cv)), "shares of errors"),
        (lambda X, y, ks, cv: [0.5] * len(ks), "should be"),
    ],
    "unreadable": [
        (
            lambda X, y, ks, cv: [cross_val_score(_knn(k), X, y, cv=cv) for k in ks],
            "mean over the folds",
        ),
        (_after_the_first_k, "4 numbers are asked for, one for each k"),
        (lambda X, y, ks, cv: dict(zip(ks, _curve(X, y, ks, cv), strict=True)), "a dict of 4"),
        (lambda X, y, ks, cv: 1 / 0, "raised ZeroDivisionError"),
    ],
}


SPECIMENS["01.9"] = {
    "right": [
        lambda p, error: math.ceil(p * (1 - p) / error**2),
        lambda p, error: np.ceil(p * (1 - p) / error**2),
    ],
    "wrong": [
        (lambda p, error: p * (1 - p) / error**2, "A whole number"),
        (lambda p, error: int(p * (1 - p) / error**2), "round up"),
        (lambda p, error: math.ceil(p * (1 - p) / error), "has to be squared"),
        (lambda p, error: math.ceil(p / error**2), "1 − p is missing"),
        (lambda p, error: math.ceil((1 - p) / error**2), "factor p is missing"),
        (lambda p, error: math.ceil(1 / error**2), "p (1 − p) is missing"),
        (lambda p, error: math.ceil(4 * p * (1 - p) / error**2), "two standard errors"),
        (lambda p, error: math.ceil(math.sqrt(p * (1 - p)) / error), "Square both sides"),
        (lambda p, error: 1000, "it should be 835"),
    ],
    "unreadable": [
        (lambda p, error: "835", "leave out the quotes"),
        (lambda p, error: 1 / 0, "raised ZeroDivisionError"),
    ],
}
