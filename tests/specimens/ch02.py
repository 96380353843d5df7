"""Specimen answers to the exercises of chapter 02."""

import itertools

import numpy as np

SPECIMENS = {}


def _neighbours(params, factor):
    return [
        {**params, name: change}
        for name, value in params.items()
        for change in (value * factor, value / factor)
    ]


def _neighbours_up_only(params, factor):
    return [{**params, name: value * factor} for name, value in params.items()]


def _neighbours_corners(params, factor):
    settings = [{}]
    for name, value in params.items():
        changes = (value * factor, value / factor)
        settings = [{**setting, name: change} for setting in settings for change in changes]
    return settings


def _neighbours_added(params, factor):
    return [
        {**params, name: change}
        for name, value in params.items()
        for change in (value + factor, value - factor)
    ]


def _neighbours_in_place(params, factor):
    found = []
    for name, value in params.items():
        for change in (value * factor, value / factor):
            params[name] = change
            found.append(dict(params))
        params[name] = value * 1.5
    return found


def _neighbours_one_dict(params, factor):
    new, found = dict(params), []
    for name, value in params.items():
        for change in (value * factor, value / factor):
            new[name] = change
            found.append(new)
        new[name] = value
    return found


def _neighbours_forgotten(params, factor):
    new, found = dict(params), []
    for name, value in params.items():
        for change in (value * factor, value / factor):
            new[name] = change
            found.append(dict(new))
    return found


def _neighbours_two_names(params, factor):
    around = {"C": params["C"], "gamma": params["gamma"]}
    return _neighbours(around, factor)


SPECIMENS["02.2"] = {
    "right": [
        _neighbours,
        lambda params, factor: tuple(_neighbours(params, factor)[::-1]),
        lambda params, factor: [
            {**params, name: float(params[name] * times)}
            for times in (np.float64(factor), 1 / factor)
            for name in params
        ],
    ],
    "wrong": [
        (_neighbours_up_only, "two neighbours for each"),
        (_neighbours_corners, "start anew from `params`"),
        (_neighbours_added, "multiply and divide"),
        (_neighbours_in_place, "leave `params` as it is"),
        (_neighbours_one_dict, "same dict"),
        (_neighbours_forgotten, "start anew from `params`"),
        (_neighbours_two_names, "any number of hyperparameters"),
        (lambda params, factor: [*_neighbours(params, factor), params], "not a neighbour"),
        (lambda params, factor: [{n: v * factor} for n, v in params.items()], "all names"),
        (lambda params, factor: _neighbours(params, 10), "another factor than the one asked for"),
        (lambda params, factor: _neighbours(params, 2), "With another factor, 3"),
        (lambda params, factor: _neighbours(params, factor) + _neighbours(params, factor), "twice"),
    ],
    "unreadable": [
        (lambda params, factor: [p["C"] for p in _neighbours(params, factor)], "list of dicts"),
        (lambda params, factor: {"C": [4, 16], "gamma": [0.25, 1]}, "yours is a dict of 2"),
        (lambda params, factor: print(_neighbours(params, factor)), "returns nothing"),
        (lambda params, factor: (n for n in _neighbours(params, factor)), "a generator"),
        (_neighbours({"C": 1.0}, 2), "the function itself"),
    ],
}

SPECIMENS["02.5"] = {
    "right": [
        lambda d: 3**d - 1,
        lambda d: np.int64(3) ** d - 1,
        lambda d: 3.0**d - 1,
        lambda d: len([move for move in itertools.product([-1, 0, 1], repeat=d) if any(move)]),
    ],
    "wrong": [
        (lambda d: 2 * d, "one at a time"),
        (lambda d: 2**d, "may also stay"),
        (lambda d: 2**d - 1, "three possibilities, not two"),
        (lambda d: 3**d, "nothing turns"),
        (lambda d: d**2, "independently of the others"),
        (lambda d: 3 * d, "do not add up"),
        (lambda d: 3 * d - 1, "do not add up"),
        (lambda d: d**3 - 1, "the other way round"),
        (lambda d: 2 * d**2, "one or two at a time"),
        (lambda d: 8, "depend on `d`"),
        (lambda d: 3**d - d, "For d = 2 there are 8 moves"),
    ],
    "unreadable": [
        (lambda d: "many", "yours is text, 'many'"),
        (lambda d: list(itertools.product([-1, 0, 1], repeat=d)), "yours is a list of shape"),
        (lambda d: print(3**d - 1), "returns nothing"),
    ],
}


def _is_real(old, new, times=2.0, ddof=1, root=True, paired=True, size=False):
    old, new = np.asarray(old), np.asarray(new)
    gain = new.mean() - old.mean()
    spread = (new - old).std(ddof=ddof) if paired else np.hypot(old.std(ddof=1), new.std(ddof=1))
    error = spread / (np.sqrt(len(old)) if root else 1)
    return bool((abs(gain) if size else gain) > times * error)


SPECIMENS["02.6"] = {
    "right": [
        _is_real,
        lambda old, new: np.bool_(_is_real(old, new)),
        lambda old, new: _is_real(old, new, ddof=0),
        lambda old, new: (new - old).mean() > 2 * (new - old).std(ddof=1) / len(old) ** 0.5,
    ],
    "wrong": [
        (lambda old, new: bool(np.mean(new) > np.mean(old)), "any gain"),
        (lambda old, new: _is_real(old, new, paired=False), "fold by fold"),
        (lambda old, new: _is_real(old, new, root=False), "standard deviation"),
        (lambda old, new: _is_real(old, new, size=True), "mind the sign"),
        (lambda old, new: _is_real(old, new, times=1), "the rule is two standard errors"),
        (lambda old, new: _is_real(new, old), "turned round"),
        (lambda old, new: bool((new > old).all()), "that no fold lost"),
        (lambda old, new: False, "steady"),
    ],
    "unreadable": [
        (lambda old, new: float(np.mean(new - old)), "True or False"),
        (lambda old, new: new > old, "an array of shape (5,)"),
        (lambda old, new: (0.01, True), "a tuple of 2"),
        (lambda old, new: print(_is_real(old, new)), "returns nothing"),
    ],
}
