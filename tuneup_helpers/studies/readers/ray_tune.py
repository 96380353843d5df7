"""Reader of Ray Tune: the ``ResultGrid`` that ``Tuner.fit`` returns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from numbers import Real
from typing import Any

from tuneup_helpers.studies.domains import check_names, read_domain
from tuneup_helpers.studies.history import Domain, History, Record
from tuneup_helpers.studies.readers.reader import Reader, is_named

__all__ = ["GRID"]

_ITERATION = "training_iteration"
_NOT_METRICS = {
    *(_ITERATION, "timestamp", "time_total_s", "time_this_iter_s", "time_since_restore", "pid"),
    *("iterations_since_restore", "done", "checkpoint_dir_name"),
}


def recognizes(search: Any) -> bool:
    """Tell a ``ResultGrid``."""
    return is_named(search, "ResultGrid")


def read(results: Any, *, direction: str | None, metric: str | None, space: Any) -> History:
    """Read the last report of each trial, as ``get_best_result`` compares them.

    Trials that a scheduler stopped before the iteration of the best one are not final.
    """
    analysis = getattr(results, "_experiment_analysis", None)
    rows = [results[i] for i in range(len(results))]
    metric, direction = _pick_metric(analysis, rows, metric, direction)
    configs = [_config(row, analysis, i) for i, row in enumerate(rows)]
    best = _iteration_of_the_best(rows, metric, direction)
    records = tuple(
        _record(row, config, metric, best) for row, config in zip(rows, configs, strict=True)
    )
    domains = {}
    if space is not None:
        domains = {name: [_domain(name, spec)] for name, spec in _flat(space)}
        check_names([record.params for record in records], domains)
    return History(records, domains, direction, source=type(results).__name__, metric=metric)


def _pick_metric(
    analysis: Any, rows: list, metric: str | None, direction: str | None
) -> tuple[str, str]:
    """Return what was asked for, or else what the ``TuneConfig`` named."""
    own, mode = (getattr(analysis, f"default_{what}", None) for what in ("metric", "mode"))
    known = sorted({k for row in rows for k, v in (row.metrics or {}).items() if _is_score(k, v)})
    if metric is None:
        metric = own
    if metric is None or (known and metric not in known):
        said = "names no metric" if metric is None else f"has no metric={metric!r}"
        raise ValueError(f"this ResultGrid {said}: choose with metric= one of {known}")
    modes = {"max": "maximize", "min": "minimize"}
    if metric == own and mode in modes:
        if direction not in (None, modes[mode]):
            raise ValueError(
                f"direction={direction!r} contradicts the search, which was told mode={mode!r}; "
                "leave direction out"
            )
        return metric, modes[mode]
    if direction is None:
        raise ValueError(
            f"this ResultGrid does not say whether {metric!r} is better if higher: "
            'pass direction="maximize" or direction="minimize"'
        )
    return metric, direction


def _is_score(name: str, value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and name not in _NOT_METRICS


def _score(row: Any, metric: str) -> float | None:
    """Return the last report of a trial; none if it stopped by an error."""
    if getattr(row, "error", None) is not None:
        return None
    return (row.metrics or {}).get(metric)


def _iteration_of_the_best(rows: list, metric: str, direction: str) -> int:
    scored = [(_score(row, metric), (row.metrics or {}).get(_ITERATION, 0)) for row in rows]
    scored = [(s, n) for s, n in scored if s is not None and math.isfinite(s)]
    pick = max if direction == "maximize" else min
    return pick(scored, key=lambda pair: pair[0])[1] if scored else 0


def _config(row: Any, analysis: Any, i: int) -> dict[str, Any]:
    """Return the setting of a trial; one that failed at once has it elsewhere."""
    config = getattr(row, "config", None) or (row.metrics or {}).get("config")
    trials = getattr(analysis, "trials", None) or []
    if config is None and i < len(trials):
        config = trials[i].config
    return dict(_flat(config or {}))


def _record(row: Any, params: dict, metric: str, best_iteration: int) -> Record:
    metrics = row.metrics or {}
    attrs = {"trial_id": metrics["trial_id"]} if "trial_id" in metrics else {}
    error = getattr(row, "error", None)
    if error is not None:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        attrs["error"] = lines[-1]
    iteration = metrics.get(_ITERATION)
    return Record(
        params=params,
        score=_score(row, metric),
        seconds=float(metrics.get("time_total_s", 0.0)),
        attrs=attrs,
        resource=iteration,
        final=iteration is None or iteration >= best_iteration,
    )


def _flat(config: Mapping, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the entries of nested dicts, named as Ray's tables name them: ``opt/lr``."""
    for name, value in config.items():
        if isinstance(value, Mapping) and "grid_search" not in value:
            yield from _flat(value, f"{path}{name}/")
        else:
            yield f"{path}{name}", value


def _domain(name: str, spec: Any) -> Domain:
    """Read a part of ``param_space``: a distribution, a ``grid_search``, or a constant."""
    if isinstance(spec, Mapping):
        return Domain(values=tuple(spec["grid_search"]))
    if hasattr(spec, "lower") and hasattr(spec, "sampler"):
        return _interval(spec)
    if hasattr(spec, "func"):  # sample_from
        return Domain()
    if hasattr(spec, "categories") or hasattr(spec, "low") or hasattr(spec, "rvs"):
        return read_domain(name, spec)
    return Domain(values=(spec,))


def _interval(spec: Any) -> Domain:
    """Read an interval of Ray; without steps, whole numbers exclude the upper end."""
    sampler = spec.sampler
    stepped = hasattr(sampler, "q")
    log = "Log" in type(sampler.sampler if stepped else sampler).__name__
    low, high = (end if math.isfinite(end) else None for end in (spec.lower, spec.upper))
    if type(spec).__name__ == "Integer" and not stepped:
        high -= 1
    return Domain(low=low, high=high, log=log)


GRID = Reader(
    accepts="Ray Tune's ResultGrid",
    family="Ray Tune's results",
    recognizes=recognizes,
    read=read,
    options=("direction", "metric", "space"),
)
