"""Readers of scikit-optimize: a fitted ``BayesSearchCV``, and the result of a function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tuneup_helpers.studies.domains import read_domains
from tuneup_helpers.studies.history import History, Record
from tuneup_helpers.studies.readers.reader import Reader, is_a
from tuneup_helpers.studies.readers.scikit_learn import read_results

__all__ = ["BAYES_SEARCH", "RESULT"]


def recognizes_bayes_search(search: Any) -> bool:
    """Tell a ``BayesSearchCV``."""
    return is_a(search, "skopt.BayesSearchCV")


def read_bayes_search(search: Any, *, metric: str | None) -> History:
    """Read a ``BayesSearchCV``, which writes results like those of scikit-learn."""
    return read_results(search, metric, _dimensions(search.search_spaces))


def _dimensions(search_spaces: Any) -> list[dict]:
    """Turn shorthands such as ``(1, 10, "log-uniform")`` into dimensions."""
    from skopt.space import check_dimension

    spaces = [search_spaces] if isinstance(search_spaces, Mapping) else search_spaces
    # Some come as (space, number of trials).
    spaces = [space[0] if isinstance(space, tuple) else space for space in spaces]
    return [{name: check_dimension(dim) for name, dim in space.items()} for space in spaces]


def recognizes_result(search: Any) -> bool:
    """Tell the result of ``gp_minimize`` and its kin; one of SciPy has no ``x_iters``."""
    return is_a(search, "scipy.OptimizeResult") and "x_iters" in search


def read_result(result: Any) -> History:
    """Read an ``OptimizeResult``; only "per second" acquisitions record times."""
    names, dimensions = result.space.dimension_names, result.space.dimensions
    if len(set(names)) < len(names):
        raise ValueError(f"two dimensions of the search have the same name: {names}; rename one")
    seconds = np.exp(result.get("log_time", np.full(len(result.x_iters), -np.inf)))
    records = tuple(
        Record(dict(zip(names, x, strict=True)), float(y), float(s))
        for x, y, s in zip(result.x_iters, result.func_vals, seconds, strict=True)
    )
    domains = read_domains(dict(zip(names, dimensions, strict=True)))
    return History(records, domains, "minimize", source=type(result).__name__)


BAYES_SEARCH = Reader(
    accepts="BayesSearchCV",
    family="scikit-learn searches",
    recognizes=recognizes_bayes_search,
    read=read_bayes_search,
    options=("metric",),
)
RESULT = Reader(
    accepts="a scikit-optimize result",
    family="scikit-optimize results",
    recognizes=recognizes_result,
    read=read_result,
)
