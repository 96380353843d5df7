"""Ends of ranges that nobody would extend: where the model allows nothing beyond, for instance."""

from __future__ import annotations

import math
from typing import Any

from tuneup_helpers.diagnosis.names import (
    is_percentage,
    is_scale,
    is_share,
    last_part,
    smallest_legal,
)
from tuneup_helpers.diagnosis.record import Parameter, SearchRecord

__all__ = ["is_natural_high", "is_natural_low", "is_range_of_shares", "needs_columns"]

_JUST_BEYOND = 1e-3  # of a number: how far a step beyond the end is
_NEARLY_ALL = 0.99  # of a share that must stay below 1, such as a momentum
_FEWEST_SHARES = 0.01  # below, an upper end of 1 may be by chance
_REDUCING = ("PCA", "SVD", "FactorAnalysis", "FastICA", "NMF", "PLS", "CCA", "LinearDiscriminant")


def is_natural_low(record: SearchRecord, parameter: Parameter) -> bool:
    """Tell lower ends below which nothing is: 0, a whole 1, the smallest legal value."""
    low = parameter.low
    if low == 0 or (low == 1 and _is_whole(parameter)):
        return True
    smallest = smallest_legal(parameter.name)
    if smallest is not None and low == smallest and _is_whole(parameter):
        return True
    beyond = [low - 1] if _is_whole(parameter) else []
    return _is_illegal(record, parameter, [*beyond, low - abs(low) * _JUST_BEYOND])


def is_natural_high(record: SearchRecord, parameter: Parameter) -> bool:
    """Tell upper ends above which nothing is: of a share, all columns, the largest legal value."""
    high = parameter.high
    if high == 1 and parameter.low >= 0 and (not parameter.log or is_share(parameter.name)):
        return True
    if is_share(parameter.name) and _NEARLY_ALL <= high <= 1:
        return True
    if high == 100 and is_percentage(parameter.name):
        return True
    n_columns = _count_columns(record, parameter)
    if n_columns is not None and high >= n_columns:
        return True
    beyond = [high + 1] if _is_whole(parameter) else []
    return _is_illegal(record, parameter, [*beyond, high + abs(high) * _JUST_BEYOND])


def is_range_of_shares(record: SearchRecord, parameter: Parameter) -> bool:
    """Tell ranges of shares, which have no decades, however small the first of them is."""
    low, high = parameter.low, parameter.high
    if is_percentage(parameter.name) and low >= 0 and high <= 100:
        return True
    if high > 1 or low < 0:
        return False
    if is_share(parameter.name) or math.isclose(low + high, 1):
        return True
    if is_scale(parameter.name):
        return False
    return (high == 1 and low >= _FEWEST_SHARES) or _is_illegal(record, parameter, [1 + 1e-3, 2])


def needs_columns(record: SearchRecord, parameter: Parameter) -> bool:
    """Tell a number of columns, of which the search does not say how many there are."""
    limited = _limited_by_columns(_owner(record, parameter), parameter)
    return limited and _count_columns(record, parameter) is None


def _is_whole(parameter: Parameter) -> bool:
    return isinstance(parameter.low, int) and isinstance(parameter.high, int)


# What the model says


def _is_illegal(record: SearchRecord, parameter: Parameter, values: list[float]) -> bool:
    """Tell whether the model of the search refuses all these values; False if it does not say."""
    owner = _owner(record, parameter)
    constraints = getattr(owner, "_parameter_constraints", {}).get(last_part(parameter.name))
    if not isinstance(constraints, list):
        return False
    from sklearn.utils._param_validation import make_constraint

    tests = [make_constraint(constraint) for constraint in constraints]
    return not any(test.is_satisfied_by(value) for test in tests for value in values)


def _owner(record: SearchRecord, parameter: Parameter) -> Any:
    """Return the model that a parameter of scikit-learn belongs to, fitted if there is one."""
    for search_model in _models(record):
        path, _, _ = parameter.name.rpartition("__")
        owner = _at(search_model, path)
        if owner is not None and hasattr(owner, "get_params"):
            return owner
    return None


def _models(record: SearchRecord) -> list:
    """Return the best model of the search, if it was fitted again, and the one it was given."""
    models = [getattr(record.search, name, None) for name in ("best_estimator_", "estimator")]
    return [model for model in models if hasattr(model, "get_params")]


def _at(model: Any, path: str) -> Any:
    """Return a part of a model, fitted where the model keeps a fitted copy."""
    rest = path.split("__") if path else []
    while rest and hasattr(model, "get_params"):
        model = _part(model, rest.pop(0))
    return None if rest else model


def _part(model: Any, name: str) -> Any:
    """Return what the model made of the part of this name by fitting, or else what it was given.

    It is in ``estimator_``, for instance, or among the named transformers.
    """
    fitted = getattr(model, f"{name}_", None)
    if hasattr(fitted, "get_params"):
        return fitted
    for attribute in ("named_transformers_", "named_estimators_"):
        if name in getattr(model, attribute, {}):
            return getattr(model, attribute)[name]
    return model.get_params(deep=False).get(name, model.get_params().get(name))


# How many columns there are


def _limited_by_columns(owner: Any, parameter: Parameter) -> bool:
    """Tell whole numbers of columns: chosen by a selector, a reduction, a tree."""
    last, kind = last_part(parameter.name), type(owner).__name__
    if owner is None or not isinstance(parameter.high, int):
        return False
    if last == "n_components":
        return any(word in kind for word in _REDUCING) and "Kernel" not in kind
    if last in ("k", "n_features_to_select"):
        return hasattr(owner, "get_support")
    return last == "max_features" and not hasattr(owner, "vocabulary") and "Vectorizer" not in kind


def _count_columns(record: SearchRecord, parameter: Parameter) -> int | None:
    """Count the columns that reach the model of this parameter, where it was fitted."""
    owner = _owner(record, parameter)
    if not _limited_by_columns(owner, parameter):
        return None
    path = parameter.name.rpartition("__")[0]
    while True:
        owner = next((_at(model, path) for model in _models(record)), None)
        n = getattr(owner, "n_features_in_", None)
        if n is not None:
            n_classes = len(getattr(owner, "classes_", []))
            if "LinearDiscriminant" in type(owner).__name__ and n_classes:
                return min(n, n_classes - 1)
            return n
        if not path:
            return None
        path = path.rpartition("__")[0]
