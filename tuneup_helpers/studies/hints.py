"""What to pass instead of what is no search, but stands near to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tuneup_helpers.studies.readers import READERS
from tuneup_helpers.studies.readers.pairs import PAIRS
from tuneup_helpers.studies.readers.reader import is_named

__all__ = ["next_step"]


def next_step(search: Any) -> str:
    """Say what to pass instead; an empty text where nothing better is known.

    Examples
    --------
    >>> next_step([1, 2])
    ''
    >>> import optuna
    >>> optuna.logging.set_verbosity(optuna.logging.WARNING)
    >>> next_step([optuna.create_study(), optuna.create_study()])
    'search is a list of 2 searches (Study); only one can be read at a time: pass search[0]'
    """
    for applies, step in _STEPS:
        if applies(search):
            return step(search) if callable(step) else step
    return ""


def _is_search(thing: Any) -> bool:
    """Tell what a reader takes; a path or a list inside of a list is none."""
    if isinstance(thing, str | list | tuple):
        return False
    return any(reader.recognizes(thing) for reader in READERS if reader is not PAIRS)


def _items(search: Any) -> list:
    """Return what a list or an array of objects holds."""
    is_array = type(search).__name__ == "ndarray" and search.dtype == object
    return list(search) if isinstance(search, list | tuple | set) or is_array else []


def _all(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Make of a test of a thing one of a list of such things."""
    return lambda search: bool(_items(search)) and all(map(test, _items(search)))


def _named(*names: str) -> Callable[[Any], bool]:
    return lambda search: any(is_named(search, name) for name in names)


def _of_searches(search: Any) -> str:
    kinds = " or ".join(sorted({type(item).__name__ for item in _items(search)}))
    return (
        f"search is a list of {len(search)} searches ({kinds}); only one can be read at a time: "
        "pass search[0]"
    )


def _has_inner(search: Any) -> bool:
    return bool(_inner(search))


def _inner(search: Any) -> str:
    """Return how to get at the search that is the step of a pipeline."""
    steps = search.steps if hasattr(search, "steps") and isinstance(search.steps, list) else []
    names = [step[0] for step in steps if isinstance(step, tuple) and _is_search(step[-1])]
    return f"search.named_steps[{names[0]!r}]" if names else ""


def _is_fold_of_nested(thing: Any) -> bool:
    return _is_search(thing) or _has_inner(thing)


def _is_cross_validated(search: Any) -> bool:
    """Tell what ``cross_validate(..., return_estimator=True)`` returns, with searches inside."""
    return isinstance(search, Mapping) and _all(_is_fold_of_nested)(search.get("estimator"))


def _is_dict_of_columns(search: Any) -> bool:
    """Tell a dict of two lists or more, or arrays, of one length."""
    if not (isinstance(search, Mapping) and len(search) > 1):
        return False
    columns = [*search.values()]
    if not all(isinstance(c, list | tuple) or getattr(c, "ndim", 0) == 1 for c in columns):
        return False
    return len({len(column) for column in columns}) == 1 and len(columns[0]) > 0


def _is_class_of_search(search: Any) -> bool:
    return isinstance(search, type) and search.__name__.endswith(
        ("SearchCV", "Study", "Trials", "Tuner", "ResultGrid")
    )


def _is_model(search: Any) -> bool:
    return hasattr(search, "fit") and hasattr(search, "get_params")


# The first that applies is given.
_STEPS: tuple[tuple[Callable[[Any], bool], str | Callable[[Any], str]], ...] = (
    (_all(_is_search), _of_searches),
    (
        _all(lambda item: isinstance(item, Mapping) and {"misc", "result"} <= set(item)),
        "search is a list of Hyperopt's documents: pass the Trials object itself",
    ),
    (
        _all(lambda item: isinstance(item, Mapping) and {"loss", "status"} <= set(item)),
        "search is a list of Hyperopt's results, without what was tried: pass the Trials object",
    ),
    (
        _all(lambda item: isinstance(item, Mapping)),
        "search is a list of dicts, of which nothing says what is a score: pass "
        "pandas.DataFrame(search) with metric= and direction=; of bare settings, a list of "
        "(params, score) pairs, list(zip(search, scores))",
    ),
    (
        _all(_has_inner),
        lambda search: (
            f"search is a list of {len(search)} pipelines with a search inside; only one search "
            f"can be read at a time: pass search[0]{_inner(_items(search)[0]).removeprefix('search')}"
        ),
    ),
    (
        _is_cross_validated,
        "search is the result of a cross_validate; only one of its inner searches can be read at "
        "a time: pass search['estimator'][0]",
    ),
    (
        _all(_named("FrozenTrial", "BaseTrial")),
        "search is a list of Optuna's trials, which say neither which scores are good nor what "
        "was searched: pass the study itself, study instead of study.trials",
    ),
    (_named("FrozenTrial", "BaseTrial"), "search is one trial of Optuna: pass its study"),
    (
        _named("OptunaSearchCV"),
        "search is an OptunaSearchCV, which keeps an Optuna study: pass search.study_",
    ),
    (
        _named("GAFeatureSelectionCV"),
        "search is a GAFeatureSelectionCV, which chooses columns, not hyperparameters: there is "
        "no range to look at. To search the number of columns, put a SelectKBest into the "
        "pipeline, and its k into the space of a GASearchCV",
    ),
    (
        _named("OptimizeResult"),
        "search is an OptimizeResult that kept no trials: note (params, score) pairs in the "
        "objective and pass their list",
    ),
    (
        lambda search: isinstance(search, Mapping) and "params" in search,
        "search is a dict without a mean_test_ score; cv_results_ has one: pass "
        "search.cv_results_ as it is",
    ),
    (
        _is_dict_of_columns,
        "search is a dict of columns: pass pandas.DataFrame(search), with metric= and direction=",
    ),
    (
        lambda search: isinstance(search, Mapping) and _all(_is_search)([*search.values()]),
        lambda search: (
            f"search is a dict of {len(search)} searches; only one can be read at a time: pass "
            f"search[{next(iter(search))!r}]"
        ),
    ),
    (
        lambda search: isinstance(search, Mapping),
        "search is a dict of settings, which has no scores: pass the whole search (of Hyperopt, "
        "the Trials that were given to fmin)",
    ),
    (
        _is_class_of_search,
        lambda search: f"search is the class {search.__name__} itself: pass what it made, fitted",
    ),
    (_has_inner, lambda search: f"search is a pipeline around a search: pass {_inner(search)}"),
    (_named("Optimizer"), "search is an optimizer still at work: pass search.get_result()"),
    (_named("ExperimentAnalysis"), "search is an ExperimentAnalysis: pass ResultGrid(search)"),
    (
        _named("Run", "RunInfo"),
        "search is one run of MLflow: pass the table of mlflow.search_runs(...)",
    ),
    (
        _all(_named("Run")),
        "search is a list of MLflow's runs: pass the table of mlflow.search_runs(...)",
    ),
    (
        _named("Series"),
        "search is a single column: pass the whole table, with metric= and direction=",
    ),
    (
        lambda search: hasattr(search, "to_pandas"),
        "search is a table of another library: pass search.to_pandas()",
    ),
    (
        lambda search: type(search).__name__ in ("zip", "generator", "map"),
        "search is an iterator: pass list(search)",
    ),
    (
        _is_model,
        lambda search: (
            f"search is of type {type(search).__name__}, a model: pass the search that tuned it"
        ),
    ),
)
