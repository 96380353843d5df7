"""Specimen answers to the exercises of chapter 01."""

import numpy as np

from tuneup_helpers.checks.ch01 import (
    _knn,
    _knn_curve,
    _knn_on_training,
    _knn_scaled_apart,
    _knn_scaled_before,
    _knn_unscaled,
)

SPECIMENS = {}

SPECIMENS["01.3"] = {
    "right": [
        lambda low, high, n, rng: np.exp(rng.uniform(np.log(low), np.log(high), size=n)),
        lambda low, high, n, rng: low * (high / low) ** rng.random(n),
        lambda low, high, n, rng: [
            10 ** rng.uniform(np.log10(low), np.log10(high)) for _ in range(n)
        ],
    ],
    "wrong": [
        (lambda low, high, n, rng: rng.uniform(low, high, size=n), "linear scale"),
        (lambda low, high, n, rng: rng.uniform(np.log(low), np.log(high), size=n), "logarithms"),
        (lambda low, high, n, rng: np.exp(rng.uniform(low, high, size=n)), "`low` and `high`"),
        (
            lambda low, high, n, rng: np.exp(rng.uniform(np.log10(low), np.log10(high), size=n)),
            "same base",
        ),
        (lambda low, high, n, rng: np.geomspace(low, high, n), "not drawn"),
        (lambda low, high, n, rng: np.exp(rng.uniform(np.log(low), np.log(high))), "n numbers"),
        (
            lambda low, high, n, rng: np.exp(
                np.random.default_rng(0).uniform(np.log(low), np.log(high), size=n)
            ),
            "the generator `rng`",
        ),
        (lambda low, high, n, rng: low + high, "n numbers"),
        (lambda low, high, n, rng: ["a"] * n, "numbers"),
    ],
    "unreadable": [],
}


def _knn_folds(X, y, ks, cv):
    from sklearn.model_selection import cross_val_score

    return [cross_val_score(_knn(k), X, y, cv=cv) for k in ks]


SPECIMENS["01.4"] = {
    "right": [_knn_curve, lambda X, y, ks, cv: np.array(_knn_curve(X, y, ks, cv))],
    "wrong": [
        (_knn_on_training, "training rows"),
        (_knn_unscaled, "not scaled"),
        (_knn_scaled_before, "before the split"),
        (_knn_scaled_apart, "a scale of their own"),
        (_knn_folds, "mean over the folds"),
        (lambda X, y, ks, cv: _knn_curve(X, y, ks, cv)[0], "one number for each k"),
        (lambda X, y, ks, cv: [0.5] * len(ks), "should be"),
    ],
    "unreadable": [
        (lambda X, y, ks, cv: 1 / 0, "raised ZeroDivisionError"),
    ],
}
