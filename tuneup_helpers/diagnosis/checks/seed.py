"""Checks of the seed: what draws anew in each run, and a seed that is searched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tuneup_helpers.diagnosis.checks.result import CheckResult
from tuneup_helpers.diagnosis.record import SearchRecord

__all__ = ["missing_seed", "searched_seed"]

# Estimators of scikit-learn that always draw; with others it depends on their settings.
_DRAWING = (
    "AdaBoost",
    "Bagging",
    "DecisionTree",
    "ExtraTree",
    "GradientBoosting",
    "IsolationForest",
    "KMeans",
    "MLP",
    "MiniBatchKMeans",
    "PassiveAggressive",
    "Perceptron",
    "RandomForest",
    "SGD",
)
# Libraries whose models have a seed of their own where random_state is None.
_SEEDED = ("lightgbm", "xgboost", "catboost")


def searched_seed(record: SearchRecord) -> CheckResult:
    """Look for seeds among what is searched."""
    varied = [seed for seed in record.seeds if seed.varies]
    if not varied:
        return CheckResult()
    tried = [f"{len(set(seed.codes.tolist()))} values of {seed.name}" for seed in varied]
    best = ", ".join(f"{seed.name}={seed.values[record.best]!r}" for seed in varied)
    return CheckResult(
        [
            f"{' and '.join(tried)} were tried, and the best trial has {best}: a seed is not a "
            "hyperparameter, this picks luck"
        ]
    )


def missing_seed(record: SearchRecord) -> CheckResult:
    """Look for ``random_state=None`` in the search, its splitter and its models."""
    search = record.search
    if hasattr(search, "cv_results_"):
        return _in_search_of_scikit_learn(record)
    if hasattr(search, "x_iters"):
        seed = search.get("specs", {}).get("args", {}).get("random_state", "not recorded")
        if seed is None:
            return CheckResult(["the search has random_state=None: other trials each run"])
        if isinstance(seed, int):
            return CheckResult()
    return CheckResult(missing=f"{record.kind} does not record it")


def _in_search_of_scikit_learn(record: SearchRecord) -> CheckResult:
    search = record.search
    searched = {parameter.name for parameter in [*record.parameters, *record.seeds]}
    evidence = [*_in_search(search), *_in_splitter(search.cv)]
    missing = list(_unknown_search(search))
    estimator = search.estimator
    for name, model in [("", estimator), *_models_in_the_space(record)]:
        seeded = searched if not name else searched | _seeds_above(estimator, name)
        evidence += _in_models(model, seeded, name)
        missing += _unknown_models(model, seeded, name)
    return CheckResult([*dict.fromkeys(evidence)], "; ".join(dict.fromkeys(missing)))


def _in_search(search: Any) -> list[str]:
    if getattr(search, "random_state", 0) is not None:
        return []
    return [f"{type(search).__name__} has random_state=None: other trials each run"]


def _unknown_search(search: Any) -> Iterator[str]:
    """Name searches that draw without a seed of their own."""
    if not hasattr(search, "random_state") and hasattr(search, "population_size"):
        yield (
            f"{type(search).__name__} has no random_state and draws from the generators of random "
            "and NumPy: whether they were seeded is not recorded"
        )


def _in_splitter(splitter: Any) -> list[str]:
    """Look at a splitter; one that can shuffle draws only if it does."""
    shuffles = getattr(splitter, "shuffle", True)
    if getattr(splitter, "random_state", 0) is not None or not shuffles:
        return []
    return [f"{type(splitter).__name__} has random_state=None: other folds each run"]


def _models_in_the_space(record: SearchRecord) -> Iterator[tuple[str, Any]]:
    """Yield the models among the values that may be drawn."""
    for name, domains in record.domains.items():
        for domain in domains:
            for value in domain.values:
                if hasattr(value, "get_params") and not isinstance(value, type):
                    yield name, value


def _seeds_above(estimator: Any, name: str) -> set[str]:
    """Name the seeds that are set in what contains this part of the estimator."""
    params = estimator.get_params()
    return {seed for seed in _seed_names(name)[:-1] if params.get(seed) is not None}


def _in_models(estimator: Any, searched: set[str], path: str) -> list[str]:
    """Look at an estimator and at those inside it, unless their seed is searched or set."""
    return [
        f"{type(model).__name__} has random_state=None: another model each run"
        for model in _unseeded(estimator, searched, path)
        if _always_draws(model)
    ]


def _unknown_models(estimator: Any, searched: set[str], path: str) -> list[str]:
    """Name the models of which it is not known whether they draw."""
    return [
        f"whether {type(model).__name__} draws with random_state=None is not known"
        for model in _unseeded(estimator, searched, path)
        if not _is_known(model)
    ]


def _unseeded(estimator: Any, searched: set[str], path: str) -> Iterator[Any]:
    """Yield the estimator and those inside it that take a seed and have none."""
    params = estimator.get_params()
    fixed = {_joined(path, n) for n, v in params.items() if _is_seed(n) and v is not None}
    seeded = searched | fixed
    for name, model in {"": estimator, **params}.items():
        takes_one = _joined(name, "random_state") in params
        if takes_one and seeded.isdisjoint(_seed_names(_joined(path, name))):
            yield model


def _joined(path: str, name: str) -> str:
    return "__".join(part for part in (path, name) if part)


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


def _is_known(model: Any) -> bool:
    return type(model).__module__.partition(".")[0] in ("sklearn", *_SEEDED)
