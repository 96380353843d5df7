"""Specimen answers to the exercises of chapter 11."""

import math

import numpy as np
import optuna

SPECIMENS = {}

# 11a


def _descend(slope, w, rate, momentum, n_steps):
    v = np.zeros(2)
    for _ in range(n_steps):
        v = momentum * v - rate * slope(w)
        w = w + v
    return w


def _descend_like_torch(slope, w, rate, momentum, n_steps):
    v = 0
    for _ in range(n_steps):
        v = momentum * v + slope(w)
        w -= rate * v
    return w.tolist()


def _descend_plainly(slope, w, rate, momentum, n_steps):
    for _ in range(n_steps):
        v = 0
        v = momentum * v - rate * slope(w)
        w = w + v
    return w


def _climb(slope, w, rate, momentum, n_steps):
    v = 0
    for _ in range(n_steps):
        v = momentum * v + rate * slope(w)
        w = w + v
    return w


def _descend_averaging(slope, w, rate, momentum, n_steps):
    v = 0
    for _ in range(n_steps):
        v = momentum * v + (1 - momentum) * slope(w)
        w = w - rate * v
    return w


def _descend_late(slope, w, rate, momentum, n_steps):
    v = 0
    for _ in range(n_steps):
        g = slope(w)
        w = w + v
        v = momentum * v - rate * g
    return w


def _nesterov(slope, w, rate, momentum, n_steps):
    v = 0
    for _ in range(n_steps):
        g = slope(w)
        v = momentum * v - rate * g
        w = w + momentum * v - rate * g
    return w


def _nesterov_ahead(slope, w, rate, momentum, n_steps):
    v = 0
    for _ in range(n_steps):
        v = momentum * v - rate * slope(w + momentum * v)
        w = w + v
    return w


def _last_velocity(slope, w, rate, momentum, n_steps):
    v = 0
    for _ in range(n_steps):
        v = momentum * v - rate * slope(w)
        w = w + v
    return v


SPECIMENS["11.1"] = {
    "right": [_descend, _descend_like_torch],
    "wrong": [
        (_descend_plainly, "plain descent"),
        (_climb, "Yours climbs"),
        (_descend_averaging, "by 1 − momentum"),
        (_descend_late, "by the old velocity"),
        (_nesterov, "looks one step ahead"),
        (_nesterov_ahead, "at the point ahead"),
        (_last_velocity, "That is the velocity"),
        (lambda slope, w, rate, m, n: w - rate * slope(w), "That is one step."),
        (lambda slope, w, rate, m, n: _descend(slope, w, rate, m, n + 1), "one step too many"),
        (lambda slope, w, rate, m, n: w, "has not moved"),
        (lambda slope, w, rate, m, n: w / 2, "pencil and paper"),
    ],
    "unreadable": [
        (0.5, "the function itself"),
        (lambda slope, w, rate, m, n: 0.5, "the last w, two weights"),
    ],
}


def _warm_cosine(step, n_steps, n_warm_up, peak):
    if step < n_warm_up:
        return peak * step / n_warm_up
    done = (step - n_warm_up) / (n_steps - n_warm_up)
    return peak * (1 + np.cos(np.pi * done)) / 2


def _with(after):
    """Return a plan with another second part, a function of how far it is."""

    def plan(step, n_steps, n_warm_up, peak):
        if step < n_warm_up:
            return peak * step / n_warm_up
        return peak * after((step - n_warm_up) / (n_steps - n_warm_up))

    return plan


def _cosine_from_the_start(step, n_steps, n_warm_up, peak):
    if step < n_warm_up:
        return peak * step / n_warm_up
    return peak / 2 * (1 + math.cos(math.pi * step / n_steps))


def _cosine_not_ended(step, n_steps, n_warm_up, peak):
    if step < n_warm_up:
        return peak * step / n_warm_up
    return peak / 2 * (1 + math.cos(math.pi * (step - n_warm_up) / n_steps))


def _no_warm_up(step, n_steps, n_warm_up, peak):
    return peak if step < n_warm_up else _warm_cosine(step, n_steps, n_warm_up, peak)


def _forgot_the_peak(step, n_steps, n_warm_up, peak):
    rate = _warm_cosine(step, n_steps, n_warm_up, peak)
    return rate if step < n_warm_up else rate / peak


SPECIMENS["11.4"] = {
    "right": [_warm_cosine, _with(lambda done: math.cos(math.pi * done / 2) ** 2)],
    "wrong": [
        (_cosine_from_the_start, "begins at step 0"),
        (_cosine_not_ended, "does not reach 0"),
        (_no_warm_up, "grow from 0 to the peak"),
        (_with(lambda done: 1 - done), "in a straight line"),
        (_with(lambda done: math.cos(math.pi / 2 * done)), "a quarter of a wave"),
        (_with(lambda done: 1 + math.cos(math.pi * done)), "twice the peak"),
        (_with(lambda done: math.cos(math.pi * done)), "A bare cosine"),
        (_with(lambda done: 1), "the rate should fall"),
        (_forgot_the_peak, "starts from 1"),
        (lambda step, n_steps, n_warm_up, peak: peak / 3, "At step 0 of 310"),
    ],
    "unreadable": [
        (0.05, "the function itself"),
        (lambda step, n_steps, n_warm_up, peak: [0.1], "the rate at this step"),
    ],
}


# 11b


def _uniform(limit):
    """Return weights drawn between a limit, a function of fan_in and fan_out, and its negative."""

    def weights(fan_in, fan_out, rng):
        a = limit(fan_in, fan_out)
        return rng.uniform(-a, a, size=(fan_in, fan_out))

    return weights


SPECIMENS["11.5"] = {
    "right": [
        _uniform(lambda n, m: math.sqrt(6 / n)),
        lambda n, m, rng: (2 * rng.random((n, m)) - 1) * (6 / n) ** 0.5,
    ],
    "wrong": [
        (_uniform(lambda n, m: math.sqrt(2 / n)), "sqrt(3) times as wide"),
        (_uniform(lambda n, m: math.sqrt(18 / n)), "too wide by sqrt(3)"),
        (_uniform(lambda n, m: math.sqrt(6 / m)), "divides by the outputs"),
        (_uniform(lambda n, m: math.sqrt(6 / (n + m))), "Glorot's weights"),
        (_uniform(lambda n, m: math.sqrt(3 / n)), "The 2 for ReLU"),
        (_uniform(lambda n, m: math.sqrt(3) * 2 / n), "is the variance"),
        (_uniform(lambda n, m: 6 / n), "the square of the limit"),
        (_uniform(lambda n, m: 0.5), "should be 0.071, not 0.28"),
        (lambda n, m, rng: rng.normal(0, (2 / n) ** 0.5, (n, m)), "is not uniform"),
        (lambda n, m, rng: rng.uniform(0, (6 / n) ** 0.5, (n, m)), "from −a to a"),
        (lambda n, m, rng: np.zeros((n, m)), "are zero"),
    ],
    "unreadable": [
        (0.5, "the function itself"),
        (lambda n, m, rng: rng.uniform(-1, 1, (m, n)), "fan_in rows"),
    ],
}


def _drop(A, rate, rng):
    return A * (rng.random(A.shape) >= rate) / (1 - rate)


def _drop_by_choice(A, rate, rng):
    return A * rng.choice([0, 1 / (1 - rate)], size=A.shape, p=[rate, 1 - rate])


def _drop_in_place(A, rate, rng):
    A[rng.random(A.shape) < rate] = 0
    A /= 1 - rate
    return A


SPECIMENS["11.8"] = {
    "right": [_drop, _drop_by_choice, _drop_in_place],
    "wrong": [
        (lambda A, rate, rng: A * (rng.random(A.shape) >= rate), "keep their size"),
        (lambda A, rate, rng: A * (rng.random(A.shape) < rate) / rate, "keeps what it should"),
        (lambda A, rate, rng: A * (rng.random(A.shape) >= rate) * (1 - rate), "Divide by it"),
        (lambda A, rate, rng: A * (rng.random(A.shape) >= rate) / rate, "divides by the rate"),
        (lambda A, rate, rng: A * (rng.random(A.shape[1]) >= rate) / (1 - rate), "whole rows"),
        (lambda A, rate, rng: A * (rng.random((len(A), 1)) >= rate) / (1 - rate), "whole rows"),
        (lambda A, rate, rng: A * 1.0, "drops nothing"),
        (lambda A, rate, rng: A * 0, "drops everything"),
        (lambda A, rate, rng: A * rng.random(A.shape), "one common number"),
        (lambda A, rate, rng: A * (rng.random(A.shape) >= 0.4) / (1 - rate), "a fifth"),
        (lambda A, rate, rng: A * (rng.random(A.shape) >= rate) * 3, "by 1.25, not 3"),
    ],
    "unreadable": [
        (0.5, "the function itself"),
        (lambda A, rate, rng: 0.5, "an array like A"),
    ],
}


# 11c


def _watch(value=lambda logs: logs["val_loss"], counts=lambda e, n: (e + 1) % n == 0, **ways):
    def answer(trial, epoch, logs, interval):
        if ways.get("ask first") and counts(epoch, interval) and trial.should_prune():
            raise optuna.TrialPruned
        if counts(epoch, interval):
            trial.report(value(logs), ways.get("step", lambda e, n: e)(epoch, interval))
        elif not ways.get("always"):
            return
        if ways.get("leave"):
            raise optuna.TrialPruned
        if not ways.get("never") and not ways.get("ask first") and trial.should_prune():
            if ways.get("quietly"):
                return
            raise optuna.TrialPruned

    return answer


def _epochs_trained(trials, epochs):
    return sum(t.get("tuner/epochs", epochs) - t.get("tuner/initial_epoch", 0) for t in trials)


def _epochs_by_loop(trials, epochs):
    total = 0
    for values in trials:
        if "tuner/epochs" in values:
            total += values["tuner/epochs"] - values["tuner/initial_epoch"]
        else:
            total += epochs
    return total


SPECIMENS["11.9"] = {
    "right": [_watch(), _watch(counts=lambda e, n: e % n == n - 1)],
    "wrong": [
        (_watch(counts=lambda e, n: False), "Nothing is reported"),
        (_watch(counts=lambda e, n: True), "whatever `interval`"),
        (_watch(counts=lambda e, n: e % n == 0), "the epochs 0, 3, 6"),
        (_watch(step=lambda e, n: e + 1), "yours has the steps [3, 6, 9]"),
        (_watch(step=lambda e, n: e // n), "yours has the steps [0, 1, 2]"),
        (_watch(lambda logs: logs["loss"]), "the loss on the training rows"),
        (_watch(lambda logs: logs["val_accuracy"]), "That is the accuracy"),
        (_watch(lambda logs: -logs["val_loss"]), "No minus sign"),
        (_watch(lambda logs: 1.0), "as it is"),
        (_watch(never=True), "never asks"),
        (_watch(always=True), "only when you have just reported"),
        (_watch(**{"ask first": True}), "First report, then ask"),
        (_watch(quietly=True), "Keras takes no notice"),
    ],
    "unreadable": [
        (0, "the function itself"),
        (lambda trial, epoch: None, "raised TypeError"),
        (lambda trial, epoch, logs, interval: logs["loss_of_val"], "raised KeyError"),
    ],
}

SPECIMENS["11.10"] = {
    "right": [_epochs_trained, _epochs_by_loop, lambda t, e: float(_epochs_trained(t, e))],
    "wrong": [
        (lambda t, e: sum(v.get("tuner/epochs", e) for v in t), "where the older one stood"),
        (lambda t, e: len(t) * e, "Not every trial trains all"),
        (
            lambda t, e: sum(v.get("tuner/epochs", 0) - v.get("tuner/initial_epoch", 0) for v in t),
            "without such entries",
        ),
        (lambda t, e: max(v.get("tuner/epochs", e) for v in t), "the longest trial"),
        (lambda t, e: sum(v.get("tuner/initial_epoch", 0) for v in t), "that were saved"),
        (
            lambda t, e: sum(v.get("tuner/epochs", e) + v.get("tuner/initial_epoch", 0) for v in t),
            "not added",
        ),
        (lambda t, e: 99, "it should be 26, not 99"),
    ],
    "unreadable": [
        (lambda t, e: sum(v["tuner/epochs"] - v["tuner/initial_epoch"] for v in t), "KeyError"),
        (lambda t, e: None, "returns nothing"),
        (26, "the function itself"),
    ],
}


def _too_good(valid, test):
    row, epoch = np.unravel_index(valid.argmax(), valid.shape)
    return valid[row, epoch] - test[row, epoch]


def _best_row(valid):
    return valid.max(axis=1).argmax()


SPECIMENS["11.12"] = {
    "right": [_too_good, lambda v, t: float(v.max() - t.flat[v.argmax()])],
    "wrong": [
        (lambda v, t: -_too_good(v, t), "The other way round"),
        (lambda v, t: v.max() - t.max(), "must not choose"),
        (
            lambda v, t: v[:, -1].max() - t[v[:, -1].argmax(), -1],
            "best epoch, not its last",
        ),
        (lambda v, t: v.max() - t[_best_row(v), -1], "The weights that are kept"),
        (
            lambda v, t: np.mean(v.max(axis=1) - t[np.arange(3), v.argmax(axis=1)]),
            "the mean over the trials",
        ),
        (lambda v, t: np.mean(v - t), "the mean over everything"),
        (lambda v, t: v.max(), "That is the score of the winner"),
        (lambda v, t: t.flat[v.argmax()], "scores on the test rows; subtract it"),
        (lambda v, t: 0.5, "it should be 0.12, not 0.5"),
    ],
    "unreadable": [
        (lambda v, t: v - t, "array of shape"),
        (lambda v, t: v.no_such, "raised AttributeError"),
        (0.12, "the function itself"),
    ],
}
