"""Specimen answers to the exercises of chapter 11."""

import math

import numpy as np

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
