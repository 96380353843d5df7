"""Specimen answers to the exercises of chapter 00."""

import numpy as np

from tuneup_helpers.checks.ch00 import _gain_of_one

SPECIMENS = {}


def _count_all(scores, default):
    return len([score > default for score in scores])


SPECIMENS["00.3"] = {
    "right": [
        lambda scores, default: sum(score > default for score in scores),
        lambda scores, default: (np.asarray(scores) > default).sum(),
    ],
    "wrong": [
        (lambda s, d: sum(x >= d for x in s), "as good as"),
        (lambda s, d: sum(x < d for x in s), "below"),
        (lambda s, d: np.mean([x > d for x in s]), "share"),
        (lambda s, d: np.asarray(s) > d, "one number"),
        (_count_all, "all of them"),
        (lambda s, d: 3, "should give"),
    ],
    "unreadable": [
        (lambda s: 3, "raised TypeError"),
        (3, "the function itself"),
        (lambda s, d: None, "returns nothing"),
    ],
}

SPECIMENS["00.4"] = {
    "right": [_gain_of_one()[0], float(_gain_of_one()[0]) + 1e-6],
    "wrong": [
        (-_gain_of_one()[0], "sign"),
        (_gain_of_one()[1], "all 20 columns"),
        (_gain_of_one()[2], "one number"),
        (_gain_of_one()[3], "validation score"),
        (_gain_of_one()[4], "first search"),
        (0.874, "Subtract"),
        ("-0.02", "a number"),
        (0.5, "mean of"),
    ],
    "unreadable": [],
}
