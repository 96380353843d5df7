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


def _line(scores, default, axis):
    return scores[(*default[:axis], slice(None), *default[axis + 1 :])]


def _by_loop(scores, default, axis):
    gains = []
    for k in range(scores.shape[axis]):
        cell = list(default)
        cell[axis] = k
        gains.append(scores[tuple(cell)] - scores[default])
    return max(gains)


SPECIMENS["10.6"] = {
    "right": [
        _by_loop,
        lambda scores, default, axis: _line(scores, default, axis).max() - scores[default],
        lambda scores, default, axis: np.array(_by_loop(scores, default, axis)),
    ],
    "wrong": [
        (lambda scores, default, axis: scores.max() - scores[default], "all hyperparameters at"),
        (lambda scores, default, axis: _line(scores, default, axis).max(), "best score on the"),
        (lambda scores, default, axis: -_by_loop(scores, default, axis), "wrong way round"),
        (lambda scores, default, axis: np.ptp(_line(scores, default, axis)), "minus the *worst*"),
        (
            lambda scores, default, axis: (
                _line(scores, default, axis).max() - _line(scores, default, axis).mean()
            ),
            "minus the *mean*",
        ),
        (
            lambda scores, default, axis: (
                scores.mean(axis=_of_the_others(scores, axis)).max() - scores[default]
            ),
            "averaged over the others",
        ),
        (
            lambda scores, default, axis: (
                scores.take(default[axis], axis=axis).max() - scores[default]
            ),
            "tunes all the others",
        ),
        (lambda scores, default, axis: 0.5, "of a 3 × 4 × 5 table"),
    ],
    "unreadable": [
        (lambda scores, default, axis: _line(scores, default, axis), "yours is an array"),
        (lambda scores, default, axis: None, "returns nothing"),
        (lambda scores, default: 1.0, "raised TypeError"),
    ],
}


def _affordable(seconds, fit, folds, workers):
    return workers * (seconds // (fit * folds))


SPECIMENS["10.8"] = {
    "right": [
        _affordable,
        lambda seconds, fit, folds, workers: workers * int(seconds / (fit * folds)),
        lambda seconds, fit, folds, workers: np.float64(_affordable(seconds, fit, folds, workers)),
    ],
    "wrong": [
        (lambda seconds, fit, folds, workers: workers * (seconds // fit), "`folds` fits, not one"),
        (lambda seconds, fit, folds, workers: seconds // (fit * folds), "what one worker finishes"),
        (
            lambda seconds, fit, folds, workers: seconds * workers // (fit * folds),
            "do not add up to a trial",
        ),
        (
            lambda seconds, fit, folds, workers: seconds * workers / (fit * folds),
            "when the time is up",
        ),
        (
            lambda seconds, fit, folds, workers: workers * -(-seconds // (fit * folds)),
            "not up",
        ),
        (
            lambda seconds, fit, folds, workers: seconds // (fit * folds * workers),
            "not fewer",
        ),
        (lambda seconds, fit, folds, workers: 12, "with fits of 7 seconds"),
    ],
    "unreadable": [
        (lambda seconds, fit, folds, workers: None, "returns nothing"),
        (lambda seconds, fit, folds, workers: [1, 2, 3], "a list of 3"),
        (lambda seconds, fit: 1, "raised TypeError"),
    ],
}
