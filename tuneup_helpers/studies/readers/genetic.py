"""Reader of genetic searches: a fitted ``GASearchCV`` of sklearn-genetic-opt."""

from __future__ import annotations

from typing import Any

from tuneup_helpers.studies.history import History
from tuneup_helpers.studies.readers.reader import Reader, is_a
from tuneup_helpers.studies.readers.scikit_learn import read_results

__all__ = ["SEARCH"]


def recognizes(search: Any) -> bool:
    """Tell a ``GASearchCV``."""
    return is_a(search, "sklearn_genetic.GASearchCV")


def read(search: Any, *, metric: str | None) -> History:
    """Read a ``GASearchCV``, which writes results like those of scikit-learn.

    Unlike those it can minimize, and then ranks the lowest score first.
    """
    direction = "minimize" if search.criteria == "min" else "maximize"
    return read_results(search, metric, search.param_grid, direction=direction)


SEARCH = Reader(
    accepts="GASearchCV",
    family="scikit-learn searches",
    recognizes=recognizes,
    read=read,
    options=("metric",),
)
