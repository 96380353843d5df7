"""Specimen answers to the exercises of chapter 10."""

import numpy as np

SPECIMENS = {}


def _ert(scores, target):
    spent, reached = 0, 0
    for row in scores:
        for score in row:
            spent += 1
            if score >= target:
                reached += 1
                break
    return spent / reached


def _ert_arrays(scores, target):
    hit = scores >= target
    spent = np.where(hit.any(axis=1), hit.argmax(axis=1) + 1, scores.shape[1])
    return spent.sum() / hit.any(axis=1).sum()


def _ert_argmax(scores, target):
    return ((scores >= target).argmax(axis=1) + 1).mean()


def _ert_argmax_of_all(scores, target):
    hit = scores >= target
    return (hit.argmax(axis=1) + 1).sum() / hit.any(axis=1).sum()


def _ert_arrived(scores, target):
    hit = scores >= target
    return (hit.argmax(axis=1) + 1)[hit.any(axis=1)].mean()


def _ert_from_zero(scores, target):
    hit = scores >= target
    arrived = hit.any(axis=1)
    return np.where(arrived, hit.argmax(axis=1), scores.shape[1]).sum() / arrived.sum()


def _ert_mean(scores, target):
    hit = scores >= target
    return np.where(hit.any(axis=1), hit.argmax(axis=1) + 1, scores.shape[1]).mean()


def _spent(scores, target):
    return _ert_mean(scores, target) * len(scores)


SPECIMENS["10.2"] = {
    "right": [
        _ert,
        _ert_arrays,
        lambda scores, target: np.array(_ert(scores, target)),
    ],
    "wrong": [
        (_ert_argmax, "argmax of a row without any"),
        (_ert_argmax_of_all, "argmax of a row without any"),
        (_ert_arrived, "only over those that arrived"),
        (_ert_from_zero, "count from 1"),
        (_ert_mean, "by the number that *reached*"),
        (
            lambda scores, target: _spent(scores, target) / (scores >= target).sum(),
            "once: divide by the number of searches",
        ),
        (lambda scores, target: _ert(scores, target + 1e-9), "use >="),
        (
            lambda scores, target: scores.size / (scores >= target).any(axis=1).sum(),
            "stops with the trial",
        ),
        (lambda scores, target: (scores >= target).any(axis=1).mean(), "the share that"),
        (_spent, "what all have spent"),
        (lambda scores, target: scores.mean(), "and target 0.7 it is 4, not"),
    ],
    "unreadable": [
        (lambda scores, target: scores >= target, "yours is an array of shape (3, 4)"),
        (lambda scores, target: [1, 2], "a list of 2"),
        (lambda scores, target: np.inf, "yours is infinite"),
        (lambda scores, target: print(_ert(scores, target)), "returns nothing"),
        (lambda scores: 1.0, "raised TypeError"),
    ],
}


def _main_effect(scores, axis):
    others = tuple(i for i in range(scores.ndim) if i != axis)
    return scores.mean(axis=others).var() / scores.var()


def _of_the_others(scores, axis):
    return tuple(i for i in range(scores.ndim) if i != axis)


SPECIMENS["10.4"] = {
    "right": [
        _main_effect,
        lambda scores, axis: (
            np.moveaxis(scores, axis, 0).reshape(scores.shape[axis], -1).mean(axis=1).var()
            / scores.var()
        ),
        lambda scores, axis: np.array(_main_effect(scores, axis)),
    ],
    "wrong": [
        (lambda scores, axis: scores.mean(axis=axis).var() / scores.var(), "*over* this axis"),
        (lambda scores, axis: scores.var(axis=axis).mean() / scores.var(), "total effect"),
        (
            lambda scores, axis: (
                scores.var(axis=_of_the_others(scores, axis)).mean() / scores.var()
            ),
            "around the means",
        ),
        (
            lambda scores, axis: _main_effect(scores, axis) ** 0.5,
            "variance, not the standard deviation",
        ),
        (lambda scores, axis: _main_effect(scores, axis) * scores.var(), "to get a share"),
        (
            lambda scores, axis: (
                scores.mean(axis=_of_the_others(scores, axis)).var(ddof=1) / scores.var(ddof=1)
            ),
            "ddof=0",
        ),
        (
            lambda scores, axis: (
                _main_effect(scores, axis)
                / sum(_main_effect(scores, i) for i in range(scores.ndim))
            ),
            "do not add up to 1",
        ),
        (
            lambda scores, axis: scores.max(axis=_of_the_others(scores, axis)).var() / scores.var(),
            "mean, not the maximum",
        ),
        (lambda scores, axis: 100 * _main_effect(scores, axis), "in percent"),
        (lambda scores, axis: 0.5, "For axis 0 of a"),
    ],
    "unreadable": [
        (lambda scores, axis: scores, "yours is an array"),
        (lambda scores, axis: [_main_effect(scores, i) for i in range(3)], "a list of 3"),
        (lambda scores, axis: print(_main_effect(scores, axis)), "returns nothing"),
        (lambda scores: 1.0, "raised TypeError"),
    ],
}


def _bracket_cost(n, eta, resume):
    cost, settings, length, done = 0.0, n, 1 / n, 0.0
    while settings >= 1:
        cost += settings * (length - (done if resume else 0))
        settings, length, done = settings // eta, length * eta, length
    return cost


def _by_formula(n, eta, resume):
    later = round(np.log(n) / np.log(eta))
    return 1 + later * (1 - 1 / eta) if resume else 1 + later


def _stops_before_one(n, eta, resume):
    cost, settings, length, done = 0.0, n, 1 / n, 0.0
    while settings > 1:
        cost += settings * (length - (done if resume else 0))
        settings, length, done = settings // eta, length * eta, length
    return cost


def _all_rungs(n, eta, resume):
    settings = 0
    while n >= 1:
        settings, n = settings + n, n // eta
    return settings


def _wrong_rest(n, eta, resume):
    rungs = _bracket_cost(n, eta, False)
    return 1 + (rungs - 1) / eta if resume else rungs


def _saves_always(n, eta, resume):
    return _bracket_cost(n, eta, False) * (1 - 1 / eta if resume else 1)


SPECIMENS["10.7"] = {
    "right": [
        _bracket_cost,
        _by_formula,
        lambda n, eta, resume: np.float64(_by_formula(n, eta, resume)),
    ],
    "wrong": [
        (lambda n, eta, resume: _bracket_cost(n, eta, not resume), "the wrong way round"),
        (lambda n, eta, resume: _bracket_cost(n, eta, False), "need not begin again"),
        (lambda n, eta, resume: _bracket_cost(n, eta, True), "from scratch each rung"),
        (lambda n, eta, resume: n, "not one full fit"),
        (_all_rungs, "the settings of all rungs"),
        (_stops_before_one, "one rung more"),
        (lambda n, eta, resume: _bracket_cost(n, eta, resume) - 1, "one rung more"),
        (_wrong_rest, "what is left to pay"),
        (_saves_always, "in the first rung"),
        (lambda n, eta, resume: 2.5 if resume else 3.5, "it should be 5 from scratch"),
    ],
    "unreadable": [
        (lambda n, eta, resume: None if n else 0, "returns nothing"),
        (lambda n, eta, resume: [n / eta**i for i in range(3)], "a list of 3"),
        (lambda n, eta: n, "raised TypeError"),
    ],
}
