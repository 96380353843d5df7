"""The values of hyperparameters: in plain Python, told apart, and as labels."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np

__all__ = ["identity", "is_geometric", "is_missing", "is_number", "plain", "representatives"]

_SIMPLE = (type(None), bool, int, float, str)  # what Optuna's categories can hold


def plain(value: Any) -> Any:
    """Replace NumPy scalars by Python's own, also inside tuples, lists and dicts."""
    if isinstance(value, np.generic):
        return value.item()
    if type(value) in (tuple, list):
        return type(value)(map(plain, value))
    if type(value) is dict:
        return {key: plain(inner) for key, inner in value.items()}
    return value


def is_missing(value: Any) -> bool:
    """Tell None, NaN and what else a table writes into an empty cell: it differs from itself."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and math.isnan(value)


def is_number(value: Any) -> bool:
    """Tell finite numbers; whole ones only as far as a float can hold them exactly."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return abs(value) <= 2**53
    return isinstance(value, float) and math.isfinite(value)


def is_geometric(values: list) -> bool:
    """Tell whether values are spaced evenly on a log scale and not on a linear one."""
    values = sorted(set(values))
    if len(values) < 3 or values[0] <= 0:
        return False
    linear = [b - a for a, b in pairwise(values)]
    log = [math.log(b) - math.log(a) for a, b in pairwise(values)]
    if min(log) <= 0:  # neighbours that differ by rounding only
        return False
    unevenness = max(log) / min(log)
    return unevenness <= 2.5 and 2 * unevenness <= max(linear) / min(linear) * (1 + 1e-9)


def identity(value: Any) -> tuple:
    """Tell values apart: 1 from True and 1.0, two functions, two long estimators cut short."""
    if type(value) in (tuple, list):
        return type(value), *map(identity, value)
    if type(value) is dict:
        return dict, *((name, identity(inner)) for name, inner in value.items())
    text = repr(value)
    cut = "..." in text and not isinstance(value, _SIMPLE)
    return type(value), text, id(value) if cut else None


def representatives(values: list) -> dict[tuple, Any]:
    """Give each distinct value something that Optuna's categories can hold and tell apart."""
    distinct = {identity(value): value for value in values}
    equal = Counter(value for value in distinct.values() if isinstance(value, _SIMPLE))
    taken = {value for value in equal if isinstance(value, str)}
    chosen = {}
    for key, value in distinct.items():
        if isinstance(value, _SIMPLE) and equal[value] == 1:  # more: 1, 1.0 and True are equal
            chosen[key] = value
            continue
        label, number = _label(value), 1
        while label in taken:
            number += 1
            label = f"{_label(value)} #{number}"
        taken.add(label)
        chosen[key] = label
    return chosen


def _label(value: Any) -> str:
    """Write a value on one line: a function's or class's name, or repr without addresses."""
    if callable(value) and hasattr(value, "__name__"):
        return value.__name__
    return " ".join(re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value)).split())
