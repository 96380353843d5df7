"""Specimen answers to the exercises of chapter 04."""

import math

import numpy as np
from scipy.stats import loguniform, randint, reciprocal, uniform

from tuneup_helpers.checks.ch04 import _narrower

SPECIMENS = {}


def _space(**changes):
    """Return the right search space, with changes."""
    space = {
        "learning_rate_init": loguniform(1e-4, 1),
        "hidden_units": randint(8, 65),
        "momentum": uniform(0.5, 0.45),
        "solver": ["sgd", "adam"],
    }
    return {name: value for name, value in (space | changes).items() if value is not None}


SPECIMENS["04.2"] = {
    "right": [
        _space(),
        _space(hidden_units=list(range(8, 65)), solver=("adam", "sgd")),
        _space(hidden_units=range(8, 65), momentum=uniform(loc=0.5, scale=0.95 - 0.5)),
        _space(hidden_units=np.arange(8, 65), solver=np.array(["sgd", "adam"])),
        dict(reversed(_space(learning_rate_init=reciprocal(0.0001, 1.0)).items())),
    ],
    "wrong": [
        (_space(momentum=uniform(0.5, 0.95)), "a *width*"),
        (_space(hidden_units=randint(8, 64)), "leave out their upper end"),
        (_space(hidden_units=np.arange(8, 64)), "leave out their upper end"),
        (_space(hidden_units=randint(8, 57)), "not a width as `uniform` does"),
        (_space(learning_rate_init=np.logspace(-4, 0, 50)), "Use a distribution"),
        (_space(hidden_units=[8, 16, 32, 64]), "all whole numbers from 8 to 64"),
        (_space(hidden_units=randint(1, 65)), "all whole numbers from 8 to 64"),
        (
            _space(hidden_units=[*range(8, 65), *range(8, 17)]),
            "each whole number should be equally",
        ),
        (_space(hidden_units=loguniform(8, 64)), "should be a whole number"),
        (_space(learning_rate_init=uniform(1e-4, 1 - 1e-4)), "each decade"),
        (_space(learning_rate_init=uniform(1e-4, 1)), "each decade"),
        (_space(learning_rate_init=loguniform(1e-3, 1)), "each decade"),
        (_space(learning_rate_init=loguniform(-4, 1)), "from -4"),
        (_space(learning_rate_init=[1e-4, 1e-3, 1e-2, 1e-1, 1]), "Use a distribution"),
        (_space(momentum=[0.5, 0.7, 0.95]), "Use a distribution"),
        (_space(momentum=loguniform(0.5, 0.95)), "equally likely on the linear scale"),
        (_space(momentum=uniform(0.5, 0.3)), "reach up to 0.95"),
        (_space(solver="sgd"), "not str"),
        (_space(solver={"sgd", "adam"}), "not set"),
        (_space(solver=["sgd"]), "both solvers"),
        (_space(solver=["sgd", "lbfgs", "adam"]), "both solvers"),
        (_space(momentum=None), "missing: ['momentum']"),
        (_space(alpha=[0.1]), "unknown: ['alpha']"),
    ],
    "unreadable": [
        ([_space()], "A dict"),
    ],
}


def _solved(share, probability):
    return math.log(1 - probability) / math.log(1 - share)


SPECIMENS["04.3"] = {
    "right": [
        lambda share, probability: math.ceil(_solved(share, probability)),
        lambda share, probability: np.ceil(np.log(1 - probability) / np.log(1 - share)),
        lambda share, probability: next(
            n for n in range(1, 10_000) if 1 - (1 - share) ** n >= probability
        ),
    ],
    "wrong": [
        (lambda share, probability: 60, "for every share"),
        (_solved, "A whole number is asked for"),
        (lambda share, probability: math.floor(_solved(share, probability)), "one too few"),
        (lambda share, probability: round(_solved(share, probability)), "one too few"),
        (lambda share, probability: math.floor(_solved(share, probability)) + 1, "one too many"),
        (lambda share, probability: math.ceil(probability / share), "do not add up"),
        (lambda share, probability: math.ceil(1 / share), "how sure"),
        (
            lambda share, probability: math.ceil(math.log(1 - probability) / math.log(share)),
            "that one trial misses",
        ),
        (
            lambda share, probability: math.ceil(math.log(probability) / math.log(1 - share)),
            "at least one should hit",
        ),
        (lambda share, probability: -1 if share < 0.02 else 7, "that one trial misses"),
    ],
    "unreadable": [
        (lambda share, probability: "59", "leave out the quotes"),
        (lambda share, probability: print(_solved(share, probability)), "returns nothing"),
        (59, "the function itself"),
    ],
}


def _counted(budget, dims):
    values = 1
    while (values + 1) ** dims <= budget:
        values += 1
    return values


SPECIMENS["04.6"] = {
    "right": [
        _counted,
        lambda budget, dims: math.floor(budget ** (1 / dims) + 1e-9),
        lambda budget, dims: max(v for v in range(1, budget + 1) if v**dims <= budget),
        lambda budget, dims: np.floor(budget ** (1 / dims) + 1e-9),
    ],
    "wrong": [
        (lambda budget, dims: int(budget ** (1 / dims)), "rounding down loses a value"),
        (lambda budget, dims: math.ceil(budget ** (1 / dims)), "Rounded up"),
        (lambda budget, dims: round(budget ** (1 / dims)), "Rounded to the nearest"),
        (lambda budget, dims: budget // dims, "multiply"),
        (lambda budget, dims: budget, "combines its values"),
        (lambda budget, dims: budget ** (1 / dims), "A whole number is asked for"),
        (lambda budget, dims: _counted(budget, dims) + 1, "a grid of 4 values each"),
        (lambda budget, dims: math.isqrt(budget), "With a budget of 64 and 3"),
    ],
    "unreadable": [
        (lambda budget, dims: print(3), "returns nothing"),
        (3, "the function itself"),
    ],
}


SPECIMENS["04.7"] = {
    "right": [
        lambda scores, target, n: 1 - np.mean(scores <= target) ** n,
        lambda scores, target, n: 1 - (sum(s <= target for s in scores) / len(scores)) ** n,
        lambda scores, target, n: 1 - (1 - (scores > target).mean()) ** n,
    ],
    "wrong": [
        (lambda scores, target, n: 1 - np.mean(scores < target) ** n, "exactly `target`"),
        (lambda scores, target, n: np.mean(scores <= target) ** n, "*no* draw is higher"),
        (lambda scores, target, n: np.mean(scores > target) ** n, "one is enough"),
        (lambda scores, target, n: n * np.mean(scores > target), "do not add up"),
        (lambda scores, target, n: np.mean(scores > target), "for a single draw"),
        (lambda scores, target, n: 1 - np.mean(scores > target) ** n, "not *all* draws"),
        (lambda scores, target, n: 0.5, "Start from the share"),
    ],
    "unreadable": [
        (lambda scores, target, n: scores > target, "One number"),
        (0.68, "the function itself"),
    ],
}


def _narrower_clipped(low, high, best, width):
    factor = (high / low) ** (width / 2)
    return max(low, best / factor), min(high, best * factor)


SPECIMENS["04.12"] = {
    "right": [
        _narrower,
        lambda low, high, best, width: list(_narrower(low, high, best, width)),
        lambda low, high, best, width: np.array(_narrower(low, high, best, width)),
    ],
    "wrong": [
        (_narrower_clipped, "shorter"),
        (
            lambda low, high, best, width: (
                best / (high / low) ** (width / 2),
                best * (high / low) ** (width / 2),
            ),
            "outside the old range",
        ),
        (
            lambda low, high, best, width: (
                best - width * (high - low) / 2,
                best + width * (high - low) / 2,
            ),
            "linear scale",
        ),
        (
            lambda low, high, best, width: (
                best / (high / low) ** width,
                best * (high / low) ** width,
            ),
            "twice as wide",
        ),
        (lambda low, high, best, width: (best * width, best / width), "decades"),
        (lambda low, high, best, width: (low, high), "decades"),
        (lambda low, high, best, width: (best, best * (high / low) ** width), "middle"),
        (lambda low, high, best, width: _narrower(low, high, best, width)[::-1], "low first"),
        (
            lambda low, high, best, width: tuple(map(math.log, _narrower(low, high, best, width))),
            "logarithms",
        ),
    ],
    "unreadable": [
        (lambda low, high, best, width: best, "yours is 0.03"),
        (lambda low, high, best, width: "ab", "yours is text"),
    ],
}
