"""Specimen answers to the exercises of chapter 09."""

import numpy as np

from tuneup_helpers.checks.ch09 import _KEYS, _PURPOSES, _SLIPS, _decide, _nested, _pays_from

SPECIMENS = {}

SPECIMENS["09.3"] = {
    "right": [
        _nested,
        lambda outer, inner: float(_nested(outer, inner)),
        lambda outer, inner: np.take_along_axis(outer, inner.argmax(axis=0)[None], axis=0).mean(),
    ],
    "wrong": [
        *((slip, words.split(".")[0]) for slip, words in _SLIPS.values()),
        (lambda outer, inner: [outer[inner[:, 0].argmax(), 0]], "one number"),
        (lambda outer, inner: 0.5, "nested score is"),
    ],
    "unreadable": [],
}


def _splitters(**changes):
    return {_KEYS[name]: changes.get(name, right) for name, right in _PURPOSES.items()}


SPECIMENS["09.5"] = {
    "right": [_splitters()],
    "wrong": [
        (_splitters(scans="StratifiedKFold"), "New patients"),
        (_splitters(**{"single rows": "GroupKFold"}), "No groups"),
        (_splitters(electricity="StratifiedKFold"), "Next week"),
        (_splitters(electricity="GroupKFold"), "Next week"),
        (_splitters(sentences="StratifiedKFold"), "voice"),
        (_splitters(scans="KFold"), "one of"),
        (list(_PURPOSES.values()), "dict"),
        ({"scans": "GroupKFold"}, "four purposes"),
    ],
    "unreadable": [],
}

SPECIMENS["09.6"] = {
    "right": [
        _pays_from,
        lambda gain, cost: 1 / (1 + gain / cost),
        lambda gain, cost: np.float64(cost) / (gain + cost),
    ],
    "wrong": [
        (lambda gain, cost: cost / gain, "also the chance"),
        (lambda gain, cost: gain / (gain + cost), "upside down"),
        (lambda gain, cost: 0.5, "costs"),
        (lambda gain, cost: gain - cost, "between 0 and 1"),
        (lambda gain, cost: "low", "a number"),
    ],
    "unreadable": [],
}

SPECIMENS["09.9"] = {
    "right": [_decide, lambda low, high, worth: np.str_(_decide(low, high, worth))],
    "wrong": [
        (lambda low, high, worth: "tune" if low > 0 else "keep", "surely at least"),
        (lambda low, high, worth: "tune" if low >= worth else "keep", "does not say"),
        (
            lambda low, high, worth: "tune" if low > 0 else "keep" if high < 0 else "open",
            "worth",
        ),
        (
            lambda low, high, worth: "tune" if (low + high) / 2 >= worth else "keep",
            "does not say",
        ),
        (
            lambda low, high, worth: "tune" if high >= worth else "keep",
            "does not say",
        ),
        (lambda low, high, worth: low >= worth, "one of"),
        (lambda low, high, worth: "open", "Surely"),
    ],
    "unreadable": [],
}
