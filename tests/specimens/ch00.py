"""Specimen answers to the exercises of chapter 00."""

import numpy as np

from tuneup_helpers.replay import load_table

SPECIMENS = {}


def _number_of_true(scores, default):
    return len([score > default for score in scores])


def _printed(scores, default):
    print(sum(score > default for score in scores))


SPECIMENS["00.3"] = {
    "right": [
        lambda scores, default: sum(score > default for score in scores),
        lambda scores, default: (np.asarray(scores) > default).sum(),
        lambda scores, default: float(len([s for s in scores if s > default])),
        lambda scores, default: np.array(sum(score > default for score in scores)),
    ],
    "wrong": [
        (lambda s, d: sum(x >= d for x in s), "as good as"),
        (lambda s, d: sum(x < d for x in s), "scores below the default"),
        (lambda s, d: sum(x <= d for x in s), "that are not above"),
        (lambda s, d: np.mean([x > d for x in s]), "share"),
        (_number_of_true, "all of them"),
        (lambda s, d: sum(x for x in s if x > d), "adds up the scores"),
        (lambda s, d: max(s), "the best score"),
        (lambda s, d: 4, "four are above a default of 0.7"),
        (lambda s, d: 2, "four are above a default of 0.7"),
    ],
    "unreadable": [
        (lambda s, d: np.asarray(s) > d, "an array of shape (7,)"),
        (lambda s, d: sum(s > d), "compare each score"),
        (lambda s: 3, "raised TypeError"),
        (3, "the function itself"),
        (_printed, "returns nothing"),
        (lambda s, d: "4", "leave out the quotes"),
    ],
}


def _notebook():
    """Compute what stands in the notebook before exercise 00.4."""
    table = load_table("lgbm_adult")
    factory = {"learning_rate": 0.1, "num_leaves": 31, "min_child_samples": 20}
    factory |= {"colsample_bytree": 1.0, "reg_lambda": 0.01}
    validation, test = table.grid().ravel(), table.grid("test").ravel()
    tried = np.random.default_rng(0).integers(table.size, size=(200, 20))
    winners = tried[np.arange(200), validation[tried].argmax(axis=1)]
    default_validation = table(factory, fidelity=96)
    default_test = table(factory, output="test", fidelity=96)
    return validation - default_validation, test - default_test, tried, winners


_VALIDATION, _TEST, _TRIED, _WINNERS = _notebook()
_GAIN = _TEST[_TRIED[:, 0]].mean()

SPECIMENS["00.4"] = {
    "right": [_GAIN, float(_GAIN) + 1e-6, np.array(_GAIN), round(float(_GAIN), 3), -0.01],
    "wrong": [
        (-_GAIN, "sign"),
        (_TEST[_WINNERS].mean(), "gain of the winners"),
        (0.009, "gain of the winners"),
        (_TEST[_TRIED].mean(), "all 20 columns"),
        (_VALIDATION[_TRIED[:, 0]].mean(), "validation score"),
        (_TEST[_TRIED[0]].mean(), "first search"),
        (_TEST[_TRIED[0, 0]], "a single setting"),
        (_TEST.mean(), "the whole table"),
        (np.median(_TEST[_TRIED[:, 0]]), "the median"),
        (100 * _GAIN, "percent"),
        (0.874, "Subtract"),
        (0.5, "Which 200 trials"),
    ],
    "unreadable": [
        (_TEST[_TRIED[:, 0]], "an array of shape (200,)"),
        ("-0.02", "leave out the quotes"),
        (True, "yours is True"),
        (np.nan, "NaN"),
    ],
}
