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


SPECIMENS["14.5"] = {
    "right": [0.671, np.float64(0.67126)],
    "wrong": [
        (1.431, "the sum of the two hits"),
        (0.877, "the one that this list missed"),
        (0.315, "there are only three relevant items"),
        (0.667, "That is the recall"),
        (0.2, "That is the precision"),
        (0.704, "the place plus one"),
        (0.616, "the logarithm to base 2"),
        (0.9, "Add what the hits"),
    ],
    "unreadable": [("0.671", "leave out the quotes")],
}


def _stars(mark):
    def score(top, asked, stars):
        return stars[mark(top, asked)].mean()

    return score


def _own(top, asked):
    return (asked[:, :, None] == top[:, None, :]).any(axis=2)


def _by_user(top, asked, stars):
    marks = _own(top, asked)
    means = [row[mark].mean() for row, mark in zip(stars, marks, strict=True) if mark.any()]
    return np.mean(means)


def _loop(top, asked, stars):
    found = [
        float(given)
        for her_list, items, row in zip(top.tolist(), asked.tolist(), stars, strict=True)
        for item, given in zip(items, row, strict=True)
        if item in her_list
    ]
    return sum(found) / len(found)


SPECIMENS["14.7"] = {
    "right": [_stars(_own), _loop],
    "wrong": [
        (lambda top, asked, stars: stars.mean(), "the mean of all answers"),
        (_stars(lambda top, asked: np.isin(asked, top)), "anybody's list"),
        (_stars(lambda top, asked: ~_own(top, asked)), "the lists do not hold"),
        (lambda top, asked, stars: (stars * _own(top, asked)).mean(), "count as 0 stars"),
        (_by_user, "weighs users alike"),
        (lambda top, asked, stars: _own(top, asked).sum(), "counts the listed answers"),
        (lambda top, asked, stars: 0.0, "For the lists that were tried"),
    ],
    "unreadable": [
        (lambda top, asked, stars: None, "returns nothing"),
        (3, "the function itself"),
    ],
}

SPECIMENS["14.8"] = {
    "right": [
        {"factors": 8, "penalty": 30, "alpha": 5},
        {"factors": 12.0, "penalty": np.float64(30), "alpha": 5},
    ],
    "wrong": [
        ({"factors": 4, "penalty": 10, "alpha": 1}, "the page's own setting"),
        ({"factors": 2, "penalty": 10, "alpha": 1}, "Not enough"),
        ({"factors": 4, "penalty": 10, "alpha": 5}, "Not enough"),
    ],
    "unreadable": [
        ({"factors": 4, "penalty": 10}, "three keys"),
        ({"factors": 4, "penalty": 0, "alpha": 1}, "a penalty above 0"),
        ({"factors": 40, "penalty": 1, "alpha": 1}, "1 to 16 factors"),
        ((4, 5, 1), "A dict is asked for"),
    ],
}
