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


SPECIMENS["09.4"] = {
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
        (lambda outer, inner: inner.max(axis=0).mean(), "too high as ever"),
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

_SCANS = "scans of 80 patients, several from each; used on new patients"
_ROWS = "single rows drawn at random from one register, 5 % of them ill"
_ELECTRICITY = "electricity demand by hour; will forecast next week"
_SENTENCES = "sentences by 30 speakers; used on anybody's speech"


def _splitters(changes=(), **more):
    right = {
        _SCANS: "GroupKFold",
        _ROWS: "StratifiedKFold",
        _ELECTRICITY: "TimeSeriesSplit",
        _SENTENCES: "GroupKFold",
    }
    return right | dict(changes)


SPECIMENS["09.7"] = {
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


def _error(p, m):
    return (p * (1 - p) / m) ** 0.5


_BOTH = (_error(0.84, 400) ** 2 + _error(0.79, 100) ** 2) ** 0.5

SPECIMENS["09.5"] = {
    "right": [0.05 / _BOTH, 1.12, np.float64(1.124), (0.84 - 0.79) / _BOTH],
    "wrong": [
        (0.05 / _error(0.79, 100), "the test rows alone"),
        (0.05 / _error(0.84, 400), "the 400 rows alone"),
        (0.05 / (_error(0.84, 400) + _error(0.79, 100)), "*squares*"),
        (_BOTH, "How many of them"),
        (0.05 / _BOTH**2, "square root first"),
        (-0.05 / _BOTH, "positive number"),
        (5, "standard error of the difference"),
    ],
    "unreadable": [("one", "yours is text, 'one'"), ([1.12, 0.0], "yours is a list of 2")],
}


SPECIMENS["09.8"] = {
    "right": [
        TimeSeriesSplit(5, test_size=7, gap=3),
        TimeSeriesSplit(n_splits=5, gap=3, test_size=7),
        TimeSeriesSplit(test_size=7, gap=3),
    ],
    "wrong": [
        (TimeSeriesSplit(5), "`test_size` is None"),
        (TimeSeriesSplit(5, test_size=10), "`test_size` is 10"),
        (TimeSeriesSplit(5, test_size=7), "`gap` is 0"),
        (TimeSeriesSplit(5, test_size=7, gap=2), "`gap` is 2"),
        (TimeSeriesSplit(10, test_size=7, gap=3), "makes 10"),
        (TimeSeriesSplit(5, test_size=7, gap=3, max_train_size=70), "early days"),
    ],
    "unreadable": [
        (TimeSeriesSplit, "with its arguments"),
        (GroupKFold(5), "Make a `TimeSeriesSplit`"),
        ((7, 3), "Make a `TimeSeriesSplit`"),
    ],
}


def _at_k(y, score, k):
    return y[np.argsort(score)[::-1][:k]]


SPECIMENS["09.10"] = {
    "right": [
        lambda y, score, k: _at_k(y, score, k).mean(),
        lambda y, score, k: float(np.mean(y[np.argsort(-score)[:k]])),
        lambda y, score, k: sum(one for _, one in sorted(zip(score, y, strict=True))[-k:]) / k,
    ],
    "wrong": [
        (lambda y, score, k: y[np.argsort(score)[:k]].mean(), "*lowest* scores"),
        (lambda y, score, k: y[:k].mean(), "as they stand"),
        (lambda y, score, k: _at_k(y, score, k).sum(), "the number of ones"),
        (lambda y, score, k: _at_k(y, score, k).sum() / y.sum(), "recall@k"),
        (lambda y, score, k: _at_k(y, score, k).sum() / len(y), "not by all rows"),
        (lambda y, score, k: np.sort(score)[-k:].mean(), "averages the scores"),
        (lambda y, score, k: y[score >= 0.5].mean(), "A threshold of 0.5"),
        (lambda y, score, k: 0.987, "the share among the top"),
    ],
    "unreadable": [
        (lambda y, score, k: _at_k(y, score, k), "yours is an array of shape"),
        (lambda y, score, k: print(_at_k(y, score, k).mean()), "returns nothing"),
    ],
}

SPECIMENS["09.11"] = {
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


SPECIMENS["09.13"] = {
    "right": [
        lambda s, k, r: s * np.sqrt(1 / (k * r) + 1 / (k - 1)),
        lambda s, k, r: float(np.sqrt(s**2 * (1 / (k * r) + (1 / k) / (1 - 1 / k)))),
    ],
    "wrong": [
        (lambda s, k, r: s / np.sqrt(k * r), "the usual error"),
        (lambda s, k, r: s * np.sqrt(1 / (k * r) + 1 / k), "*training* rows"),
        (lambda s, k, r: s * np.sqrt(1 / (k * r) + k - 1), "not the reverse"),
        (lambda s, k, r: s * np.sqrt(1 / r + 1 / (k - 1)), "each split gives k"),
        (lambda s, k, r: s * np.sqrt(1 / k + 1 / (k - 1)), "several splits"),
        (lambda s, k, r: s * np.sqrt(1 / (k * r) + 1 / 4), "belongs to five"),
        (lambda s, k, r: s**2 * (1 / (k * r) + 1 / (k - 1)), "the square of it"),
        (lambda s, k, r: s * (1 / (k * r) + 1 / (k - 1)), "root is missing"),
        (lambda s, k, r: np.sqrt(1 / (k * r) + 1 / (k - 1)), "Multiply by `s`"),
        (lambda s, k, r: 5 * s, "ten folds and three splits"),
    ],
    "unreadable": [
        (lambda s, k, r: (s, s), "One number is asked for"),
        (lambda s, k, r: print(s), "returns nothing"),
    ],
}


def _decide(low, high, worth):
    if low >= worth:
        return "tune"
    return "keep" if high < worth else "open"


SPECIMENS["09.14"] = {
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
