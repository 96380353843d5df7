"""One currency for finished searches: an ``optuna.Study``, whichever library did the search.

Each library has one small reader (`_from_...`) that turns its record into a `_History`; one
builder (`_build`) turns a history into a study.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import optuna

__all__ = ["to_study"]

_ACCEPTED = (
    "a fitted GridSearchCV, RandomizedSearchCV, HalvingGridSearchCV, HalvingRandomSearchCV, "
    "BayesSearchCV or GASearchCV, a scikit-optimize result, Hyperopt Trials, an Optuna study, "
    "or a list of (params, score) pairs"
)
_SIMPLE = (type(None), bool, int, float, str)  # what Optuna's categories can hold
_FIRST_START = datetime(2000, 1, 1)  # searches record how long a trial took, not when


@dataclass(frozen=True)
class _Record:
    """One evaluated setting, in the words that all libraries share."""

    params: dict[str, Any]
    score: float | None  # None or not finite: the evaluation failed
    seconds: float = 0.0
    attrs: dict[str, Any] = field(default_factory=dict)
    resource: int | None = None  # successive halving: what this evaluation was given
    final: bool = True  # successive halving: False where the race went on afterwards


@dataclass(frozen=True)
class _Domain:
    """What a search was told about one parameter: listed values, or a range, or neither."""

    values: tuple = ()
    low: float | None = None
    high: float | None = None
    log: bool = False


@dataclass(frozen=True)
class _History:
    """All evaluations of a search in their order, and the space they were taken from."""

    records: list[_Record]
    domains: dict[str, list[_Domain]]  # several where a search has several spaces
    direction: str
    metric: str | None = None


def to_study(
    search: Any,
    *,
    direction: str | None = None,
    metric: str | None = None,
    space: Any = None,
) -> optuna.Study:
    """Turn the finished search of any library into an Optuna study in memory.

    Trials keep the order of evaluation: ``trial.number`` is the position in the source's own
    record, for instance in ``search.cv_results_["params"]``.

    Parameters
    ----------
    search : object
        One of

        - a fitted ``GridSearchCV``, ``RandomizedSearchCV``, ``HalvingGridSearchCV``,
          ``HalvingRandomSearchCV``, scikit-optimize ``BayesSearchCV`` or
          sklearn-genetic-opt ``GASearchCV``;
        - the result of ``skopt.gp_minimize`` and its kin;
        - Hyperopt ``Trials``;
        - an Optuna study, which is returned as it is;
        - a list of ``(params, score)`` pairs from your own loop. A score of None or NaN says
          that the evaluation failed.
    direction : {"maximize", "minimize"}, optional
        Required for a list. Every other source has its own direction (scikit-learn
        maximizes, scikit-optimize and Hyperopt minimize): naming the other one is an error.
    metric : str, optional
        Which metric of a scikit-learn search with several metrics; by default the one
        named by ``refit``.
    space : optional
        The space that was searched, for the two sources which do not record it. For
        Hyperopt the space given to ``fmin``, needed wherever values are whole numbers: an
        ``hp.choice`` is recorded by position, and only the space knows what was there. For a
        list, a dict (or list of dicts) of parameter names to lists of values, SciPy,
        scikit-optimize or Optuna distributions.

    Returns
    -------
    optuna.Study
        A study with at least one complete trial. For each trial:

        - ``params``: each parameter has the same distribution in all trials; a parameter
          that a trial did not have (conditional spaces) is absent from it.
          Whole numbers become an ``IntDistribution``, other numbers a ``FloatDistribution``,
          everything else, also numbers mixed with None, a ``CategoricalDistribution``.
          Optuna's categories hold None, bool, int, float and str; a tuple, an estimator
          or a function is represented by a readable label. The object itself stays in the
          source, at position ``trial.number``. A distribution spans the range that was
          searched, or the values that occurred where no range is known.
          Steps (``hp.quniform``) are not kept.
        - ``log``: true where the search drew on a log scale, and for listed values whose
          steps are nearly equal on a log scale (at least three positive values; the largest
          step at most 2.5 times the smallest; at least twice as even as on a linear scale).
        - ``value``: the score as the source has it, no sign changed. A trial whose score is
          None or not finite is in state FAIL.
        - ``duration``: seconds for fitting and scoring on all folds; zero if not recorded.
          Trials are laid end to end from 1 January 2000.
        - ``user_attrs``: ``folds`` (the score on each fold) and ``std`` for cross-validated
          searches, ``std`` also from Hyperopt's ``loss_variance``; ``tid`` and ``error`` for
          Hyperopt; ``iter`` and ``n_resources`` for halving.

        Scores of a halving search compare only at equal resources. Trials before its last
        iteration are therefore in state PRUNED, with value and intermediate value, so that
        ``best_trial`` agrees with the search. (It is the trial with the best score: a
        callable ``refit`` may have chosen another.) ``user_attrs`` of the study names the
        ``source`` and, for scikit-learn searches, the ``metric``.

    Raises
    ------
    TypeError
        If ``search`` is of none of these types, or a pair in the list is malformed.
    ValueError
        If the search is not fitted or empty, if all trials failed, or if ``direction``,
        ``metric`` or ``space`` does not fit the search.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.model_selection import GridSearchCV
    >>> from sklearn.svm import SVC
    >>> search = GridSearchCV(SVC(), {"C": [0.1, 1, 10, 100]}).fit(*load_iris(return_X_y=True))
    >>> study = to_study(search)
    >>> study.best_params, round(study.best_value, 3)
    ({'C': 10}, 0.98)
    >>> study.best_trial.distributions["C"]
    FloatDistribution(high=100.0, log=True, low=0.1, step=None)

    Your own loop, with losses:

    >>> study = to_study([({"depth": 2}, 0.31), ({"depth": 4}, 0.27)], direction="minimize")
    >>> study.best_params
    {'depth': 4}

    References
    ----------
    T. Akiba et al. (2019). Optuna: A next-generation hyperparameter optimization framework.
    KDD. https://doi.org/10.1145/3292500.3330701
    """
    if direction not in (None, "maximize", "minimize"):
        raise ValueError(f'direction must be "maximize" or "minimize", not {direction!r}')
    history = _history(search, direction, metric, space)
    if history is None:
        return _checked_study(search, direction)
    name = type(search).__name__
    if direction not in (None, history.direction):
        raise ValueError(
            f"direction={direction!r} contradicts the search: {name} can only "
            f"{history.direction}; leave direction out"
        )
    return _build(history, name)


# Readers: one for each kind of source.


def _history(search: Any, direction: str | None, metric: str | None, space: Any) -> _History | None:
    """Read a search with the reader of its library; None for a study of Optuna."""
    name = type(search).__name__
    # Names of the class and its parents, so that no library is imported to ask.
    kinds = {f"{c.__module__.partition('.')[0]}.{c.__name__}" for c in type(search).__mro__}
    if metric is not None and "sklearn.BaseSearchCV" not in kinds:
        raise ValueError(f"metric={metric!r} is for scikit-learn searches; {name} has one value")
    if space is not None and not ("hyperopt.Trials" in kinds or isinstance(search, list | tuple)):
        raise ValueError(f"space is for Hyperopt Trials and lists; {name} records its own")
    if "optuna.Study" in kinds:
        return None
    if "sklearn.BaseSearchCV" in kinds:
        return _from_sklearn(search, metric)
    if "scipy.OptimizeResult" in kinds and "x_iters" in search:
        return _from_skopt(search)
    if "hyperopt.Trials" in kinds:
        return _from_hyperopt(search, space)
    if isinstance(search, list | tuple):
        return _from_pairs(search, direction, space)
    raise TypeError(f"search is of type {name}; to_study takes {_ACCEPTED}")


def _from_sklearn(search: Any, metric: str | None) -> _History:
    """Read ``cv_results_`` of a scikit-learn search or of BayesSearchCV."""
    if not hasattr(search, "cv_results_"):
        raise ValueError(
            f"this {type(search).__name__} has no results: fit it first "
            "(a fit that failed or was stopped leaves none)"
        )
    results, n_folds = search.cv_results_, search.n_splits_
    metric = _pick_metric(search, metric)
    column = metric if search.multimetric_ else "score"
    halving = "n_resources" in results
    last = max(results["iter"]) if halving else None
    records = []
    for i, params in enumerate(results["params"]):
        folds = [float(results[f"split{k}_test_{column}"][i]) for k in range(n_folds)]
        attrs = {"std": float(results[f"std_test_{column}"][i]), "folds": folds}
        if halving:
            attrs |= {key: int(results[key][i]) for key in ("iter", "n_resources")}
        records.append(
            _Record(
                params=dict(params),
                score=float(results[f"mean_test_{column}"][i]),
                seconds=n_folds * (results["mean_fit_time"][i] + results["mean_score_time"][i]),
                attrs=attrs,
                resource=attrs.get("n_resources"),
                final=attrs.get("iter") == last,
            )
        )
    names = ("param_grid", "param_distributions", "search_spaces")
    space = next((getattr(search, n) for n in names if hasattr(search, n)), {})
    if hasattr(search, "search_spaces"):
        from skopt.space import check_dimension

        parts = [space] if isinstance(space, Mapping) else space
        parts = [part[0] if isinstance(part, tuple) else part for part in parts]
        space = [{n: check_dimension(dim) for n, dim in part.items()} for part in parts]
    return _History(records, _domains(space), "maximize", metric)


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


def _from_skopt(result: Any) -> _History:
    """Read a scikit-optimize ``OptimizeResult``; only "per second" acquisitions record times."""
    names, dimensions = result.space.dimension_names, result.space.dimensions
    if len(set(names)) < len(names):
        raise ValueError(f"two dimensions of the search have the same name: {names}; rename one")
    seconds = np.exp(result.get("log_time", np.full(len(result.x_iters), -np.inf)))
    records = [
        _Record(dict(zip(names, x, strict=True)), float(y), float(s))
        for x, y, s in zip(result.x_iters, result.func_vals, seconds, strict=True)
    ]
    return _History(records, _domains(dict(zip(names, dimensions, strict=True))), "minimize")


def _from_hyperopt(trials: Any, space: Any) -> _History:
    """Read Hyperopt ``Trials``: a label's value is kept as the objective saw it."""
    from hyperopt import JOB_STATE_DONE, JOB_STATE_ERROR, STATUS_OK

    # trials.trials hides the evaluations that raised; these documents have them too.
    docs = [t for t in trials._dynamic_trials if t["state"] in (JOB_STATE_DONE, JOB_STATE_ERROR)]
    settings = [{k: v[0] for k, v in t["misc"]["vals"].items() if len(v)} for t in docs]
    if space is None:
        whole = {k for p in settings for k, v in p.items() if isinstance(v, int | np.integer)}
        if whole:
            raise ValueError(
                f"Trials do not record the search space, and {sorted(whole)} may be positions in "
                "an hp.choice: pass the space given to fmin, to_study(trials, space=space)"
            )
        domains, decode = {}, {}
    else:
        domains, decode = _hyperopt_space(space)
        _check_names(settings, domains)
    records = []
    for doc, params in zip(docs, settings, strict=True):
        result, start, end = doc["result"], doc["book_time"], doc["refresh_time"]
        ok = doc["state"] == JOB_STATE_DONE and result.get("status") == STATUS_OK
        attrs = {"tid": int(doc["tid"])}
        if "loss_variance" in result:
            attrs["std"] = math.sqrt(result["loss_variance"])
        if "error" in doc["misc"]:
            attrs["error"] = ": ".join(doc["misc"]["error"])
        records.append(
            _Record(
                params={k: decode.get(k, float)(v) for k, v in params.items()},
                score=result.get("loss") if ok else None,
                seconds=(end - start).total_seconds() if start and end else 0.0,
                attrs=attrs,
            )
        )
    return _History(records, domains, "minimize")


def _from_pairs(pairs: list | tuple, direction: str | None, space: Any) -> _History:
    """Read ``(params, score)`` pairs from a hand-written loop."""
    if direction is None:
        raise ValueError(
            "a list does not say which scores are good: "
            'pass direction="maximize" (scores) or direction="minimize" (losses)'
        )
    records = []
    for i, pair in enumerate(pairs):
        if not (isinstance(pair, list | tuple) and len(pair) == 2 and isinstance(pair[0], Mapping)):
            raise TypeError(f"search[{i}] must be a pair (params dict, score), not {pair!r}")
        params, score = pair
        if not (score is None or isinstance(score, Real)):
            raise TypeError(f"the score of search[{i}] must be a number or None, not {score!r}")
        if not all(isinstance(name, str) for name in params):
            raise TypeError(f"search[{i}] has parameter names that are not strings: {[*params]}")
        records.append(_Record(dict(params), score))
    domains = {}
    if space is not None:
        domains = _domains(space)
        parts = [space] if isinstance(space, Mapping) else space
        tuples = [name for part in parts for name, spec in part.items() if isinstance(spec, tuple)]
        if tuples:
            raise TypeError(
                f"space has tuples for {tuples}: write values as a list, and a range as a "
                "distribution such as scipy.stats.loguniform(0.01, 100)"
            )
        _check_names([record.params for record in records], domains)
    return _History(records, domains, direction)


def _checked_study(study: optuna.Study, direction: str | None) -> optuna.Study:
    """Return the study itself once it is known to hold a result."""
    directions = [d.name.lower() for d in study.directions]
    if direction is not None and directions != [direction]:
        raise ValueError(f"direction={direction!r} contradicts the study's own {directions}")
    _check_states([trial.state.name for trial in study.get_trials(deepcopy=False)])
    return study


# Search spaces: what each library's way of writing a range says.


def _domains(space: Any) -> dict[str, list[_Domain]]:
    """Read a dict, or a list of dicts, of parameter names to what may be drawn."""
    parts = [space] if isinstance(space, Mapping) else space
    if not (isinstance(parts, list | tuple) and all(isinstance(p, Mapping) for p in parts)):
        raise TypeError(f"space must be a dict or a list of dicts, not {space!r}")
    domains = defaultdict(list)
    for part in parts:
        for name, spec in part.items():
            domains[name].append(_domain(name, spec))
    return dict(domains)


def _domain(name: str, spec: Any) -> _Domain:
    """Read a list of values, or a distribution of one of the libraries."""
    if hasattr(spec, "low"):  # Optuna has log, scikit-optimize has prior
        log = getattr(spec, "log", False) or getattr(spec, "prior", "") == "log-uniform"
        return _Domain(low=_plain(spec.low), high=_plain(spec.high), log=log)
    if hasattr(spec, "lower") and hasattr(spec, "distribution"):  # sklearn-genetic-opt
        return _Domain(low=spec.lower, high=spec.upper, log=spec.distribution == "log-uniform")
    values = getattr(spec, "choices", getattr(spec, "categories", spec))
    if hasattr(values, "rvs"):  # SciPy: randint's support already excludes the upper end
        low, high = map(_plain, spec.support()) if hasattr(spec, "support") else (None, None)
        kind = getattr(getattr(spec, "dist", spec), "name", "")
        if kind == "lognorm":  # on a log scale it has no lower end
            low = None
        return _Domain(low=low, high=high, log=kind in ("loguniform", "reciprocal", "lognorm"))
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise TypeError(f"space[{name!r}] must list values or be a distribution, not {spec!r}")
    return _Domain(values=tuple(map(_plain, values)))


def _hyperopt_space(space: Any) -> tuple[dict[str, list[_Domain]], dict[str, Callable]]:
    """Read a Hyperopt space: domains, and how a recorded value becomes the objective's."""
    from hyperopt.pyll import as_apply, dfs

    nodes = dfs(as_apply(space))
    drawn = {n.arg["label"].obj: n.arg["obj"] for n in nodes if n.name == "hyperopt_param"}
    options, whole = {}, set()
    for node in nodes:
        if node.name == "switch":  # hp.choice and hp.pchoice: a position, then the options
            position, *rest = node.inputs()
            options[position.arg["label"].obj] = [_option(option) for option in rest]
        elif node.name == "int":  # randint, uniformint and scope.int(...)
            while node.name in ("int", "float"):
                node = node.inputs()[0]
            if node.name == "hyperopt_param":
                whole.add(node.arg["label"].obj)
    domains, decode = {}, {}
    for label, node in drawn.items():
        if label in options:
            domains[label] = [_Domain(values=tuple(map(_plain, options[label])))]
            decode[label] = lambda position, label=label: options[label][int(position)]
            continue
        low, high = (getattr(node.arg.get(end), "obj", None) for end in ("low", "high"))
        if node.name == "randint":  # randint(high) or randint(low, high), high excluded
            low, high = (0, low - 1) if high is None else (low, high - 1)
        decode[label] = cast = int if label in whole else float
        log = "log" in node.name
        if high is not None:  # of a logarithmic one Hyperopt has the logarithms of the bounds
            ends = (float(f"{math.exp(end):.12g}") if log else end for end in (low, high))
            low, high = (round(end) if cast is int else float(end) for end in ends)
        domains[label] = [_Domain(low=low, high=high, log=log)]
    return domains, decode


def _option(node: Any) -> Any:
    """Return an option of hp.choice: its value, or a sketch of it if it draws parameters."""
    from hyperopt.pyll import dfs, rec_eval

    if any(n.name == "hyperopt_param" for n in dfs(node)):
        return _sketch(node)
    return rec_eval(node)


def _sketch(node: Any) -> str:
    """Write an option with the labels of its parameters in place of their values."""
    if node.name == "literal":
        return repr(node.obj)
    if node.name == "hyperopt_param":
        return node.arg["label"].obj
    if node.name in ("switch", "int", "float"):
        return _sketch(node.inputs()[0])
    if node.name == "dict":
        return "{" + ", ".join(f"{k!r}: {_sketch(v)}" for k, v in node.named_args) + "}"
    inside = ", ".join(map(_sketch, node.inputs()))
    return f"({inside})" if node.name == "pos_args" else f"{node.name}({inside})"


def _check_names(settings: list[dict], domains: dict) -> None:
    unknown = sorted({name for params in settings for name in params} - set(domains))
    if unknown:
        raise ValueError(
            f"space does not describe the parameters {unknown}; it has {sorted(domains)}"
        )


# The builder.


def _build(history: _History, source: str) -> optuna.Study:
    """Make the study: one distribution for each parameter, then one trial for each record."""
    import optuna
    from optuna.trial import TrialState

    columns = defaultdict(list)
    for record in history.records:
        for name, value in record.params.items():
            columns[name].append(_plain(value))
    encoded = {n: _distribution(col, history.domains.get(n, [])) for n, col in columns.items()}

    trials, start = [], _FIRST_START
    for record in history.records:
        failed = record.score is None or not math.isfinite(record.score)
        finished = TrialState.COMPLETE if record.final else TrialState.PRUNED
        value = None if failed else float(record.score)
        steps = {} if failed or record.resource is None else {record.resource: value}
        params = {n: encoded[n][1](_plain(v)) for n, v in record.params.items()}
        trial = optuna.trial.create_trial(
            state=TrialState.FAIL if failed else finished,
            value=value,
            params=params,
            distributions={n: encoded[n][0] for n in params},
            user_attrs=record.attrs,
            intermediate_values=steps,
        )
        trial.datetime_start = start
        start += timedelta(seconds=float(record.seconds))
        trial.datetime_complete = start
        trials.append(trial)
    _check_states([trial.state.name for trial in trials])

    level = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)  # a new study announces itself
    try:
        study = optuna.create_study(study_name=source, direction=history.direction)
    finally:
        optuna.logging.set_verbosity(level)
    study.set_user_attr("source", source)
    if history.metric is not None:
        study.set_user_attr("metric", history.metric)
    study.add_trials(trials)
    return study


def _check_states(states: list[str]) -> None:
    states = [state for state in states if state not in ("RUNNING", "WAITING")]
    if not states:
        raise ValueError("search is empty: it has no finished trial")
    if "COMPLETE" not in states:
        raise ValueError(
            f"no result to show: all {len(states)} trials failed or were stopped early. "
            "Run one setting alone to see its error; a scikit-learn search shows it with "
            'error_score="raise"'
        )


def _distribution(column: list, domains: list[_Domain]) -> tuple[Any, Callable]:
    """Choose the distribution of a parameter, and how its values are represented in it."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    values = [v for domain in domains for v in domain.values] + column
    if not all(map(_is_number, values)):
        choices = _choices(values)
        return CategoricalDistribution([*choices.values()]), lambda value: choices[_key(value)]
    ends = [end for domain in domains for end in (domain.low, domain.high)]
    ends = [end for end in ends if end is not None and math.isfinite(end)]
    low, high = min(values + ends), max(values + ends)
    ranged = [domain for domain in domains if not domain.values]
    log = any(domain.log for domain in ranged) or (not ranged and _is_geometric(values))
    whole = all(isinstance(v, int) for v in values + ends)
    kind = IntDistribution if whole else FloatDistribution
    return kind(low, high, log=log and low > 0), lambda value: value


def _is_number(value: Any) -> bool:
    """Tell finite numbers; whole ones only as far as a float can hold them exactly."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return abs(value) <= 2**53
    return isinstance(value, float) and math.isfinite(value)


def _is_geometric(values: list) -> bool:
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


def _plain(value: Any) -> Any:
    """Replace NumPy scalars by Python's own, also inside tuples, lists and dicts."""
    if isinstance(value, np.generic):
        return value.item()
    if type(value) in (tuple, list):
        return type(value)(map(_plain, value))
    if type(value) is dict:
        return {key: _plain(inner) for key, inner in value.items()}
    return value


def _key(value: Any) -> tuple:
    """Tell values apart: 1 from True and 1.0, two functions, two long estimators cut short."""
    if type(value) in (tuple, list):
        return type(value), *map(_key, value)
    if type(value) is dict:
        return dict, *((name, _key(inner)) for name, inner in value.items())
    text = repr(value)
    cut = "..." in text and not isinstance(value, _SIMPLE)
    return type(value), text, id(value) if cut else None


def _choices(values: list) -> dict[tuple, Any]:
    """Give each distinct value something that Optuna's categories can hold and tell apart."""
    distinct = {_key(value): value for value in values}
    equal = Counter(value for value in distinct.values() if isinstance(value, _SIMPLE))
    taken = {value for value in equal if isinstance(value, str)}
    choices = {}
    for key, value in distinct.items():
        if isinstance(value, _SIMPLE) and equal[value] == 1:  # more: 1, 1.0 and True are equal
            choices[key] = value
            continue
        label, number = _label(value), 1
        while label in taken:
            number += 1
            label = f"{_label(value)} #{number}"
        taken.add(label)
        choices[key] = label
    return choices


def _label(value: Any) -> str:
    """Write a value on one line: a function's or class's name, or repr without addresses."""
    if callable(value) and hasattr(value, "__name__"):
        return value.__name__
    return " ".join(re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value)).split())
