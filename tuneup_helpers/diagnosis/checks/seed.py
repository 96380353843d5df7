"""Check of the seed: what draws anew in each run."""

from __future__ import annotations

from typing import Any

from tuneup_helpers.diagnosis.checks.result import CheckResult
from tuneup_helpers.diagnosis.record import SearchRecord

__all__ = ["missing_seed"]

# Estimators of scikit-learn that always draw; with others it depends on their settings.
_DRAWING = (
    "AdaBoost",
    "Bagging",
    "DecisionTree",
    "ExtraTree",
    "GradientBoosting",
    "KMeans",
    "MLP",
    "MiniBatchKMeans",
    "PassiveAggressive",
    "Perceptron",
    "RandomForest",
    "SGD",
)


def missing_seed(record: SearchRecord) -> CheckResult:
    """Look for ``random_state=None`` in the search, its splitter and its models."""
    search = record.search
    if hasattr(search, "cv_results_"):
        searched = {parameter.name for parameter in record.parameters}
        return CheckResult(
            [*_in_search(search), *_in_splitter(search.cv), *_in_models(search.estimator, searched)]
        )
    if hasattr(search, "x_iters"):
        seed = search.get("specs", {}).get("args", {}).get("random_state", "not recorded")
        if seed is None:
            return CheckResult(["the search has random_state=None: other trials each run"])
        if isinstance(seed, int):
            return CheckResult()
    return CheckResult(missing=f"{record.kind} does not record it")


def _in_search(search: Any) -> list[str]:
    if getattr(search, "random_state", 0) is not None:
        return []
    return [f"{type(search).__name__} has random_state=None: other trials each run"]


def _in_splitter(splitter: Any) -> list[str]:
    """Look at a splitter; one that can shuffle draws only if it does."""
    shuffles = getattr(splitter, "shuffle", True)
    if getattr(splitter, "random_state", 0) is not None or not shuffles:
        return []
    return [f"{type(splitter).__name__} has random_state=None: other folds each run"]


def _in_models(estimator: Any, searched: set[str]) -> list[str]:
    """Look at an estimator and at those inside it, unless their seed is searched."""
    params = estimator.get_params()
    fixed = {name for name, value in params.items() if _is_seed(name) and value is not None}
    seeded = searched | fixed
    evidence = []
    for name, model in {"": estimator, **params}.items():
        seeds = _seed_names(name)
        takes_one = seeds[-1] in params
        if takes_one and seeded.isdisjoint(seeds) and _always_draws(model):
            kind = type(model).__name__
            evidence.append(f"{kind} has random_state=None: another model each run")
    return evidence


def _is_seed(name: str) -> bool:
    return name.endswith("random_state")


def _seed_names(name: str) -> list[str]:
    """Name the seeds that a model goes by: of what contains it, which hand theirs down, its own.

    For instance ``random_state``, ``a__random_state``, ``a__b__random_state`` for ``a__b``.
    """
    path = name.split("__") if name else []
    return ["__".join([*path[:depth], "random_state"]) for depth in range(len(path) + 1)]


def _always_draws(model: Any) -> bool:
    kind = type(model)
    return kind.__module__.startswith("sklearn.") and kind.__name__.startswith(_DRAWING)
