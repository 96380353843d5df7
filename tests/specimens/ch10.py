"""Specimen answers to the exercises of chapter 10."""

import numpy as np

from tuneup_helpers.checks.ch10 import (
    _bracket_cost,
    _ert,
    _ert_all_trials,
    _ert_argmax,
    _ert_arrived,
    _ert_from_zero,
    _ert_mean,
    _ert_strict,
    _main_effect,
    _total_effect,
)

SPECIMENS = {}


def _ert_loop(scores, target):
    spent, reached = 0, 0
    for row in scores:
        for score in row:
            spent += 1
            if score >= target:
                reached += 1
                break
    return spent / reached


SPECIMENS["10.2"] = {
    "right": [_ert, _ert_loop],
    "wrong": [
        (_ert_argmax, "argmax of a row without any"),
        (_ert_arrived, "only over those that arrived"),
        (_ert_from_zero, "count from 1"),
        (_ert_mean, "by the number that *reached*"),
        (_ert_strict, "reach the target exactly"),
        (_ert_all_trials, "stops with the trial"),
        (lambda scores, target: np.asarray(scores).mean(), "should be"),
        (lambda scores, target: scores >= target, "one number"),
    ],
    "unreadable": [
        (lambda scores: 1.0, "raised TypeError"),
    ],
}

SPECIMENS["10.4"] = {
    "right": [
        _main_effect,
        lambda scores, axis: (
            np.moveaxis(scores, axis, 0).reshape(scores.shape[axis], -1).mean(axis=1).var()
            / scores.var()
        ),
    ],
    "wrong": [
        (lambda scores, axis: scores.mean(axis=axis).var() / scores.var(), "*over* this axis"),
        (_total_effect, "total effect"),
        (
            lambda scores, axis: _main_effect(scores, axis) ** 0.5,
            "variance, not the standard deviation",
        ),
        (lambda scores, axis: _main_effect(scores, axis) * scores.var(), "Divide by the variance"),
        (
            lambda scores, axis: (
                _main_effect(scores, axis)
                / sum(_main_effect(scores, i) for i in range(scores.ndim))
            ),
            "do not add up to 1",
        ),
        (
            lambda scores, axis: (
                scores.max(axis=tuple(i for i in range(scores.ndim) if i != axis)).var()
                / scores.var()
            ),
            "mean, not the maximum",
        ),
        (lambda scores, axis: 0.5, "should be"),
        (lambda scores, axis: scores, "one number"),
    ],
    "unreadable": [
        (lambda scores: 1.0, "raised TypeError"),
    ],
}


def _bracket_loop(n, eta, resume):
    cost, settings, length, done = 0.0, n, 1 / n, 0.0
    while settings >= 1:
        cost += settings * (length - (done if resume else 0))
        settings, length, done = settings // eta, length * eta, length
    return cost


SPECIMENS["10.7"] = {
    "right": [_bracket_cost, _bracket_loop],
    "wrong": [
        (lambda n, eta, resume: _bracket_cost(n, eta, not resume), "the wrong way round"),
        (lambda n, eta, resume: _bracket_cost(n, eta, False), "`resume` changes nothing"),
        (lambda n, eta, resume: _bracket_cost(n, eta, True), "`resume` changes nothing"),
        (lambda n, eta, resume: n, "not one full fit"),
        (lambda n, eta, resume: _bracket_cost(n, eta, resume) - 1, "one rung more"),
        (lambda n, eta, resume: 2.5 if resume else 3.5, "should be"),
    ],
    "unreadable": [
        (lambda n, eta, resume: None if n else 0, "returns nothing"),
        (lambda n, eta: n, "raised TypeError"),
    ],
}
