"""Reader of scikit-learn's searches, and of ``cv_results_`` for the libraries that have it too."""

from __future__ import annotations

from typing import Any

from tuneup_helpers.studies.domains import read_domains
from tuneup_helpers.studies.history import History, Record
from tuneup_helpers.studies.readers.reader import Reader, is_a

__all__ = ["SEARCH", "read_results"]


def recognizes(search: Any) -> bool:
    """Tell a search of scikit-learn, or of a library that builds on its base class."""
    return is_a(search, "sklearn.BaseSearchCV")


def read(search: Any, *, metric: str | None) -> History:
    """Read a search by grid, at random, or by halving."""
    space = getattr(search, "param_grid", getattr(search, "param_distributions", {}))
    return read_results(search, metric, space)


def read_results(search: Any, metric: str | None, space: Any) -> History:
    """Read ``cv_results_`` of a fitted search in this space."""
    if not hasattr(search, "cv_results_"):
        raise ValueError(
            f"this {type(search).__name__} has no results: fit it first "
            "(a fit that failed or was stopped leaves none)"
        )
    metric = _pick_metric(search, metric)
    column = metric if search.multimetric_ else "score"
    records = _records(search.cv_results_, search.n_splits_, column)
    return History(
        records, read_domains(space), "maximize", source=type(search).__name__, metric=metric
    )


def _records(results: dict, n_folds: int, column: str) -> tuple[Record, ...]:
    """Read the rows of ``cv_results_``: the score in this column, averaged over the folds."""
    halving = "n_resources" in results
    last = max(results["iter"]) if halving else None
    records = []
    for i, params in enumerate(results["params"]):
        folds = [float(results[f"split{k}_test_{column}"][i]) for k in range(n_folds)]
        attrs = {"std": float(results[f"std_test_{column}"][i]), "folds": folds}
        if halving:
            attrs |= {key: int(results[key][i]) for key in ("iter", "n_resources")}
        records.append(
            Record(
                params=dict(params),
                score=float(results[f"mean_test_{column}"][i]),
                seconds=n_folds * (results["mean_fit_time"][i] + results["mean_score_time"][i]),
                attrs=attrs,
                resource=attrs.get("n_resources"),
                final=attrs.get("iter") == last,
            )
        )
    return tuple(records)


def _pick_metric(search: Any, metric: str | None) -> str:
    """Return the metric asked for, or else the one that chose ``best_params_``."""
    if not search.multimetric_:
        own = search.scoring if isinstance(search.scoring, str) else "score"
        if metric not in (None, "score", own):
            raise ValueError(f"metric={metric!r} is unknown: this search has only {own!r}")
        return own
    prefix = "mean_test_"
    known = [key.removeprefix(prefix) for key in search.cv_results_ if key.startswith(prefix)]
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
