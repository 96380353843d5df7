"""Specimen answers to the exercises of chapter 14."""

import numpy as np

SPECIMENS = {}


def _step(sign=1, twice=1, shrink=1, one_after_other=False, swapped=False):
    def step(u, v, r, rate, penalty):
        error = r - u @ v
        new_u = u + sign * twice * rate * (error * v - shrink * penalty * u)
        old_u = new_u if one_after_other else u
        new_v = v + sign * twice * rate * (error * old_u - shrink * penalty * v)
        return (new_v, new_u) if swapped else (new_u, new_v)

    return step


SPECIMENS["14.2"] = {
    "right": [_step(), lambda *case: [part.tolist() for part in _step()(*case)]],
    "wrong": [
        (_step(one_after_other=True), "computed from the old u"),
        (_step(sign=-1), "That climbs"),
        (_step(shrink=0), "The penalty is missing"),
        (_step(shrink=-1), "pushes u and v away from 0"),
        (_step(twice=2), "there is no 2 in its gradient"),
        (_step(swapped=True), "in the wrong order"),
        (lambda u, v, r, rate, penalty: (u, v), "With e = r"),
    ],
    "unreadable": [
        (lambda u, v, r, rate, penalty: u, "Return two arrays"),
        (lambda u, v, r, rate, penalty: (u, v[:1]), "a new array of factors"),
        (lambda u, v: (u, v), "raised TypeError"),
        (3, "the function itself"),
    ],
}

SPECIMENS["14.3"] = {
    "right": [
        lambda time, scored: time < time[scored].min(),
        lambda time, scored: list(time < np.min(time[scored])),
    ],
    "wrong": [
        (lambda time, scored: ~scored, "takes whatever is not scored"),
        (lambda time, scored: ~scored & (time < time[scored].max()), "some of these came after"),
        (lambda time, scored: time < time[scored].max(), "and it learns from scored ratings"),
        (lambda time, scored: time <= time[scored].min(), "With `<=`"),
        (lambda time, scored: time > time[scored].max(), "from the future only"),
        (lambda time, scored: np.zeros(len(time), dtype=bool), "Mark the ratings whose time"),
    ],
    "unreadable": [
        (lambda time, scored: True, "one for each rating"),
        (lambda time, scored: None, "returns nothing"),
        (np.arange(3), "the function itself"),
    ],
}

SPECIMENS["14.4"] = {
    "right": [{"factors": 5, "penalty": 2}, {"factors": 6.0, "penalty": np.float64(3)}],
    "wrong": [
        ({"factors": 4, "penalty": 5}, "the page's own setting"),
        ({"factors": 4, "penalty": 3}, "Not enough"),
    ],
    "unreadable": [
        ({"factors": 4}, "two keys"),
        ({"factors": 4, "penalty": -1}, "a penalty above 0"),
        ({"factors": 40, "penalty": 1}, "1 to 16 factors"),
        ((4, 5), "A dict is asked for"),
    ],
}
