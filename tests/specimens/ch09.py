"""Specimen answers to the exercises of chapter 09."""

import numpy as np
from sklearn.model_selection import GroupKFold, StratifiedKFold, TimeSeriesSplit

SPECIMENS = {}


def _nested(outer, inner):
    winners = inner.argmax(axis=0)
    return outer[winners, np.arange(outer.shape[1])].mean()


def _first_fold(outer, inner):
    for k in range(outer.shape[1]):
        return outer[inner[:, k].argmax(), k]


SPECIMENS["09.3"] = {
    "right": [
        _nested,
        lambda outer, inner: float(_nested(outer, inner)),
        lambda outer, inner: np.array(_nested(outer, inner)),
        lambda outer, inner: np.take_along_axis(outer, inner.argmax(axis=0)[None], axis=0).mean(),
        lambda outer, inner: (
            sum(
                outer[max(range(len(inner)), key=lambda s: inner[s, k]), k]
                for k in range(outer.shape[1])
            )
            / outer.shape[1]
        ),
    ],
    "wrong": [
        (lambda outer, inner: outer.mean(axis=1).max(), "the flat score"),
        (lambda outer, inner: outer.max(axis=0).mean(), "must not choose"),
        (lambda outer, inner: outer[inner.mean(axis=1).argmax()].mean(), "one winner for all"),
        (lambda outer, inner: outer[inner.argmax(axis=0)].mean(), "on every fold"),
        (lambda outer, inner: inner.max(axis=0).mean(), "flattered as ever"),
        (lambda outer, inner: _nested(inner, outer), "`inner` scores"),
        (lambda outer, inner: _nested(outer.T, inner.T), "Rows and columns"),
        (lambda outer, inner: _nested(outer, -inner), "the lowest inner score"),
        (
            lambda outer, inner: outer[inner.argmax(axis=0), range(outer.shape[1])].max(),
            "the best outer fold",
        ),
        (lambda outer, inner: _nested(outer, inner) * outer.shape[1], "the sum over"),
        (_first_fold, "the nested score is 0."),
        (lambda outer, inner: 0.5, "the nested score is 0."),
    ],
    "unreadable": [
        (lambda outer, inner: [outer[inner[:, 0].argmax(), 0]], "a list of 1"),
        (
            lambda outer, inner: [outer[inner[:, k].argmax(), k] for k in range(outer.shape[1])],
            "a list of 5",
        ),
        (lambda outer, inner: print(_nested(outer, inner)), "returns nothing"),
    ],
}

_SCANS = "scans of 80 patients, several from each; will be used on new patients"
_ROWS = "single rows drawn at random from one register, 5 % of them ill"
_ELECTRICITY = "electricity demand by hour; will forecast next week"
_SENTENCES = "sentences by 30 speakers; will be used on anybody's speech"


def _splitters(changes=(), **more):
    right = {
        _SCANS: "GroupKFold",
        _ROWS: "StratifiedKFold",
        _ELECTRICITY: "TimeSeriesSplit",
        _SENTENCES: "GroupKFold",
    }
    return right | dict(changes)


SPECIMENS["09.5"] = {
    "right": [
        _splitters(),
        _splitters({_SCANS: GroupKFold, _ROWS: StratifiedKFold(), _ELECTRICITY: TimeSeriesSplit()}),
        _splitters({_ROWS: "stratifiedkfold "}),
    ],
    "wrong": [
        (_splitters({_SCANS: "StratifiedKFold"}), "New patients"),
        (_splitters({_ROWS: "GroupKFold"}), "No groups"),
        (_splitters({_ROWS: "TimeSeriesSplit"}), "No groups"),
        (_splitters({_ELECTRICITY: "StratifiedKFold"}), "Next week"),
        (_splitters({_ELECTRICITY: "GroupKFold"}), "Next week"),
        (_splitters({_SENTENCES: "StratifiedKFold"}), "voice"),
    ],
    "unreadable": [
        (_splitters({_SCANS: "KFold"}), "yours is text, 'KFold'"),
        (_splitters({_SCANS: 5}), "yours is 5"),
        (list(_splitters().values()), "yours is a list of 4"),
        ({"scans": "GroupKFold"}, "four purposes"),
    ],
}

SPECIMENS["09.6"] = {
    "right": [
        lambda gain, cost: cost / (gain + cost),
        lambda gain, cost: 1 / (1 + gain / cost),
        lambda gain, cost: np.float64(cost) / (gain + cost),
    ],
    "wrong": [
        (lambda gain, cost: cost / gain, "alone. Count also the chance"),
        (lambda gain, cost: gain / (gain + cost), "the more a mistake costs"),
        (lambda gain, cost: gain / cost, "leaves out how likely"),
        (lambda gain, cost: 100 * cost / (gain + cost), "percent"),
        (lambda gain, cost: 0.5, "the same for every gain"),
        (lambda gain, cost: gain - cost, "A probability lies between 0 and 1"),
        (lambda gain, cost: 1 / (1 + gain), "on average with what it costs"),
    ],
    "unreadable": [
        (lambda gain, cost: "low", "yours is text, 'low'"),
        (lambda gain, cost: gain > cost, "yours is True"),
        (lambda gain, cost: print(cost / (gain + cost)), "returns nothing"),
    ],
}


def _decide(low, high, worth):
    if low >= worth:
        return "tune"
    return "keep" if high < worth else "open"


SPECIMENS["09.9"] = {
    "right": [
        _decide,
        lambda low, high, worth: np.str_(_decide(low, high, worth)),
        lambda low, high, worth: _decide(low, high, worth).upper(),
    ],
    "wrong": [
        (lambda low, high, worth: "tune" if low > 0 else "keep", "not only above 0"),
        (lambda low, high, worth: "tune" if low >= worth else "keep", "it does not say"),
        (
            lambda low, high, worth: "tune" if low > 0 else "keep" if high < 0 else "open",
            "for even the high end is",
        ),
        (
            lambda low, high, worth: "tune" if (low + high) / 2 >= worth else "keep",
            "it does not say",
        ),
        (lambda low, high, worth: "tune" if high >= worth else "keep", "it does not say"),
        (
            lambda low, high, worth: {"tune": "keep", "keep": "tune"}.get(
                _decide(low, high, worth), "open"
            ),
            "for even the low end is",
        ),
        (
            lambda low, high, worth: "tune" if low > worth else "keep" if high < worth else "open",
            "exactly `worth`",
        ),
        (
            lambda low, high, worth: (
                "tune" if low >= worth else "keep" if high <= worth else "open"
            ),
            "exactly `worth`",
        ),
        (lambda low, high, worth: "open", "for even the low end is"),
    ],
    "unreadable": [
        (lambda low, high, worth: low >= worth, "yours is True"),
        (lambda low, high, worth: "yes", "yours is text, 'yes'"),
        (lambda low, high, worth: print("tune"), "returns nothing"),
    ],
}
