"""Specimen answers to the exercises of chapter 06."""

import numpy as np

from tuneup_helpers.checks.ch06 import (
    _group_means,
    _group_sums,
    _neumann,
    _neumann_exact,
    _neumann_from_one,
    _neumann_last,
    _neumann_without_eta,
    _step,
    _step_unscaled,
    _step_upwards,
)

SPECIMENS = {}

SPECIMENS["06.2"] = {
    "right": [
        _group_sums,
        lambda gradient, group: [
            sum(g for g, k in zip(gradient, group, strict=True) if k == member)
            for member in range(max(group) + 1)
        ],
    ],
    "wrong": [
        (_group_means, "the mean"),
        (lambda g, group: np.sum(g), "one number for each"),
        (lambda g, group: np.asarray(g), "one number for each"),
        (lambda g, group: np.bincount(group), "count"),
        (lambda g, group: np.asarray(g)[: max(group) + 1], "first"),
        (lambda g, group: [0.0] * (max(group) + 1), "should be"),
    ],
    "unreadable": [
        (lambda g: g, "raised TypeError"),
        (3, "the function itself"),
    ],
}

SPECIMENS["06.4"] = {
    "right": [_neumann],
    "wrong": [
        (_neumann_without_eta, "eta in front"),
        (_neumann_from_one, "k = 0"),
        (_neumann_last, "last term"),
        (_neumann_exact, "exact solution"),
        (lambda h, b, eta, n: _neumann(h, b, eta, n + 1), "one too many"),
        (lambda h, b, eta, n: _neumann(h, b, eta, n - 1), "one too few"),
        (lambda h, b, eta, n: _neumann(lambda v: -h(v), b, eta, n), "should be"),
        (lambda h, b, eta, n: 1.0, "a vector"),
    ],
    "unreadable": [
        (lambda h, b, eta, n: h @ b, "raised ValueError"),
    ],
}


def _step_elementwise(w, gradient, previous_gradient, rate, beta):
    new_rate = rate + beta * gradient * previous_gradient
    return w - new_rate * gradient, new_rate


SPECIMENS["06.7"] = {
    "right": [_step, lambda w, g, previous, rate, beta: list(_step(w, g, previous, rate, beta))],
    "wrong": [
        (lambda *args: _step(*args, sign=-1), "shorter"),
        (lambda *args: _step(*args, late=True), "new rate"),
        (lambda *args: _step(*args, own=True), "previous gradient"),
        (_step_upwards, "uphill"),
        (_step_elementwise, "one number"),
        (_step_unscaled, "beta"),
        (lambda *args: _step(*args)[::-1], "weights first"),
        (lambda *args: _step(*args)[0], "two things"),
        (lambda w, g, previous, rate, beta: (w, rate), "should be"),
    ],
    "unreadable": [
        (lambda w: w, "raised TypeError"),
    ],
}
