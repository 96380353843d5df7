"""Reader of scikit-learn's searches, and of ``cv_results_`` for the libraries that have it too."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from numbers import Real
from typing import Any

from tuneup_helpers.studies.domains import read_domains
from tuneup_helpers.studies.history import History, Record
from tuneup_helpers.studies.readers.reader import Reader, is_a

__all__ = ["SEARCH", "read_records", "read_results", "scored_columns"]

_MEAN = "mean_test_"


def recognizes(search: Any) -> bool:
    """Tell a search of scikit-learn, or of a library that builds on its base class."""
    return is_a(search, "sklearn.BaseSearchCV")


def read(search: Any, *, metric: str | None) -> History:
    """Read a search by grid, at random, or by halving."""
    space = getattr(search, "param_grid", getattr(search, "param_distributions", {}))
    return read_results(search, metric, space)


def read_results(
    search: Any, metric: str | None, space: Any, *, direction: str = "maximize"
) -> History:
    """Read ``cv_results_`` of a fitted search in this space."""
    if not hasattr(search, "cv_results_"):
        raise ValueError(
            f"this {type(search).__name__} has no results: fit it first "
            "(a fit that failed or was stopped leaves none)"
        )
    metric = _pick_metric(search, metric)
    column = metric if search.multimetric_ else "score"
    return History(
        read_records(search.cv_results_, column, search.error_score),
        read_domains(space),
        direction,
        source=type(search).__name__,
        metric=metric,
    )


def read_records(
    results: Mapping[str, Any], column: str, error_score: Any = None
) -> tuple[Record, ...]:
    """Read the rows of ``cv_results_``.

    Parameters
    ----------
    results : mapping of str to array-like
        ``cv_results_``; only ``params`` and the mean score must be there.
    column : str
        Which score, as the columns name it: ``score``, or a metric.
    error_score : optional
        What the search wrote for a fit that failed. If a fold has this number, the row failed.

    Returns
    -------
    tuple of Record
        In the order of the rows.
    """
    settings, means = results["params"], results[_MEAN + column]
    folds = [results[key] for key in _fold_columns(results, column)]
    spread = results.get(f"std_test_{column}")
    times = [results[key] for key in ("mean_fit_time", "mean_score_time") if key in results]
    steps = [key for key in ("iter", "n_resources") if key in results]
    last = max(results["iter"]) if "iter" in results else None
    records = []
    for i, params in enumerate(settings):
        attrs = {} if spread is None else {"std": float(spread[i])}
        if folds:
            attrs["folds"] = [float(fold[i]) for fold in folds]
        attrs |= {key: int(results[key][i]) for key in steps}
        score = float(means[i])
        failed = any(_is_error(value, error_score) for value in attrs.get("folds", [score]))
        if failed:
            attrs["error"] = f"a fold has the error_score of the search, {error_score:g}"
        records.append(
            Record(
                params=dict(params),
                score=None if failed else score,
                seconds=(len(folds) or 1) * sum(float(time[i]) for time in times),
                attrs=attrs,
                resource=attrs.get("n_resources"),
                final=attrs.get("iter") == last,
            )
        )
    return tuple(records)


def scored_columns(results: Mapping[str, Any]) -> list[str]:
    """Name the scores that ``cv_results_`` has the means of."""
    return [str(key).removeprefix(_MEAN) for key in results if str(key).startswith(_MEAN)]


def _fold_columns(results: Mapping[str, Any], column: str) -> list[str]:
    """Name the columns of a score on the folds, in the order of the folds."""
    found = {}
    for key in results:
        if match := re.fullmatch(rf"split(\d+)_test_{re.escape(column)}", str(key)):
            found[int(match[1])] = key
    return [found[number] for number in sorted(found)]


def _is_error(score: float, error_score: Any) -> bool:
    """Tell the number that stands for a failed fit; NaN tells itself."""
    is_number = isinstance(error_score, Real) and math.isfinite(error_score)
    return is_number and score == error_score


def _pick_metric(search: Any, metric: str | None) -> str:
    """Return the metric asked for, or else the one that chose ``best_params_``."""
    if not search.multimetric_:
        own = search.scoring if isinstance(search.scoring, str) else "score"
        if metric not in (None, "score", own):
            raise ValueError(f"metric={metric!r} is unknown: this search has only {own!r}")
        return own
    known = scored_columns(search.cv_results_)
    if metric is None and isinstance(search.refit, str):
        return search.refit
    if metric not in known:
        said = "no metric is named by refit" if metric is None else f"metric={metric!r} is unknown"
        raise ValueError(f"{said}: choose with metric= one of {known}")
    return metric


SEARCH = Reader(
    accepts=(
        "a fitted GridSearchCV, RandomizedSearchCV, HalvingGridSearchCV, HalvingRandomSearchCV"
    ),
    family="scikit-learn searches",
    recognizes=recognizes,
    read=read,
    options=("metric",),
)
