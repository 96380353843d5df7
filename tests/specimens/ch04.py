"""Specimen answers to the exercises of chapter 04."""

import math

import numpy as np
from scipy.stats import loguniform, randint, uniform

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
    ],
    "wrong": [
        (_space(momentum=uniform(0.5, 0.95)), "a *width*"),
        (_space(hidden_units=randint(8, 64)), "leaves out its upper end"),
        (_space(hidden_units=[8, 16, 32, 64]), "whole numbers from 8 to 64"),
        (_space(hidden_units=randint(1, 65)), "8 to 64"),
        (_space(hidden_units=[*range(8, 65), *range(8, 17)]), "equally likely"),
        (_space(hidden_units=loguniform(8, 64)), "whole number"),
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
        ([_space()], "a dict"),
    ],
    "unreadable": [],
}

SPECIMENS["04.4"] = {
    "right": [
        lambda share, probability: math.ceil(math.log(1 - probability) / math.log(1 - share)),
        lambda share, probability: np.ceil(np.log(1 - probability) / np.log(1 - share)),
        lambda share, probability: next(
            n for n in range(1, 10_000) if 1 - (1 - share) ** n >= probability
        ),
    ],
    "wrong": [
        (lambda share, probability: 60, "for every share"),
        (
            lambda share, probability: math.log(1 - probability) / math.log(1 - share),
            "whole number",
        ),
        (
            lambda share, probability: math.floor(math.log(1 - probability) / math.log(1 - share)),
            "one too few",
        ),
        (
            lambda share, probability: (
                math.floor(math.log(1 - probability) / math.log(1 - share)) + 1
            ),
            "one too many",
        ),
        (lambda share, probability: math.ceil(probability / share), "do not add up"),
        (lambda share, probability: math.ceil(1 / share), "how sure"),
        (
            lambda share, probability: math.ceil(math.log(1 - probability) / math.log(share)),
            "misses",
        ),
        (lambda share, probability: "59", "whole number"),
    ],
    "unreadable": [],
}


def _narrower_clipped(low, high, best, width):
    factor = (high / low) ** (width / 2)
    return max(low, best / factor), min(high, best * factor)


SPECIMENS["04.7"] = {
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
        (lambda low, high, best, width: best, "two numbers"),
        (lambda low, high, best, width: "ab", "two numbers"),
    ],
    "unreadable": [],
}
