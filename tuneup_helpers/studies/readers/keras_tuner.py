"""Reader of KerasTuner: a tuner, its oracle, or the folder that they wrote."""

from __future__ import annotations

import json
import math
import os
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean
from typing import Any

from tuneup_helpers.studies.history import Domain, History, Record
from tuneup_helpers.studies.readers.reader import Reader
from tuneup_helpers.studies.values import plain

__all__ = ["TUNER"]

_DIRECTIONS = {"max": "maximize", "min": "minimize"}
_NOT_ENDED = ("RUNNING", "IDLE")
_OWN = "tuner/"  # what Hyperband keeps among the values: epochs, bracket, round
_EPOCHS = "tuner/epochs"


def recognizes(search: Any) -> bool:
    """Tell a tuner or an oracle by what they have, and a folder by being a path."""
    if isinstance(search, str | os.PathLike):
        return True
    oracle = getattr(search, "oracle", search)
    # A study of Optuna has trials, too, and copies them all when they are asked for.
    return hasattr(oracle, "objective") and isinstance(getattr(oracle, "trials", None), Mapping)


def read(search: Any, *, direction: str | None, metric: str | None) -> History:
    """Read the trials that have ended, in the order of their start.

    Hyperband gives some settings more epochs: trials with fewer than the best are not final.
    """
    if isinstance(search, str | os.PathLike):
        _refuse_other_files(str(search))
        trials, objective = _read_files(Path(search)), None
    else:
        oracle = getattr(search, "oracle", search)
        trials, objective = _read_oracle(oracle), oracle.objective
    own = _objective(objective, trials)
    metric, direction = _pick_metric(own, trials, metric, direction)
    scores = [_score(t, metric, direction, is_own=metric == own[0]) for t in trials]
    most = _epochs_of_the_best(trials, scores, direction)
    records = tuple(_record(t, s, most) for t, s in zip(trials, scores, strict=True))
    domains = defaultdict(dict)
    for trial in trials:
        for spec in trial["hyperparameters"]["space"]:
            domains[spec["config"]["name"]][repr(spec)] = _domain(spec)
    source = "KerasTuner" if objective is None else type(search).__name__
    found = {name: [*ranges.values()] for name, ranges in domains.items()}
    return History(records, found, direction, source=source, metric=metric)


# From objects and from files to the words of the files


def _read_oracle(oracle: Any) -> list[dict]:
    trials = dict(oracle.trials)
    order = [name for name in getattr(oracle, "start_order", []) if name in trials]
    order += [name for name in trials if name not in order]
    states = [_state(trials[name]) for name in order]
    return [state for state in states if state["status"] not in _NOT_ENDED]


def _state(trial: Any) -> dict:
    """Return what the files would say of a trial."""
    hyperparameters = trial.hyperparameters
    if hasattr(trial, "get_state"):
        return trial.get_state()
    return {
        "trial_id": trial.trial_id,
        "hyperparameters": {"space": [], "values": dict(hyperparameters.values)},
        "metrics": {"metrics": {}},
        "score": trial.score,
        "status": trial.status,
    }


# What else people keep searches in, by the end of its name, and how to get at it.
_OTHER_FILES = {
    (".db", ".sqlite", ".sqlite3", ".log"): "load the study, optuna.load_study(...), and pass it",
    (".csv", ".tsv"): "read the table, pandas.read_csv(...), and pass it",
    (".parquet",): "read the table, pandas.read_parquet(...), and pass it",
    (".pkl", ".pickle", ".joblib", ".gz", ".z"): "load it, joblib.load(...), and pass what it held",
}


def _refuse_other_files(name: str) -> None:
    """Name the step that comes first, of what is no folder of KerasTuner."""
    if "://" in name:
        name = f"{name}.db"
    for ends, step in _OTHER_FILES.items():
        if name.lower().endswith(ends):
            raise ValueError(
                f"search is a name, which only KerasTuner's folders are read by: {step}"
            )


def _read_files(path: Path) -> list[dict]:
    folder = path if path.is_dir() else path.parent
    if (folder / "trial.json").is_file():
        folder = folder.parent
    files = sorted(folder.glob("trial_*/trial.json"))
    if not files:
        raise ValueError(
            f"no trials of KerasTuner in {str(folder)!r}: pass the folder directory/project_name, "
            "in which oracle.json and the folders trial_* are"
        )
    states = {}
    for file in files:
        state = json.loads(file.read_text(encoding="utf-8"))
        states[state["trial_id"]] = state
    oracle = folder / "oracle.json"
    order = json.loads(oracle.read_text(encoding="utf-8")) if oracle.is_file() else {}
    order = [name for name in order.get("start_order", []) if name in states]
    order += [name for name in states if name not in order]
    return [states[name] for name in order if states[name]["status"] not in _NOT_ENDED]


# What a score is


def _objective(objective: Any, trials: list[dict]) -> tuple[str | None, str | None]:
    """Return name and direction of the objective: said, or the metric that gives the scores."""
    if objective is not None and hasattr(objective, "direction"):
        return objective.name, _DIRECTIONS.get(objective.direction)
    scored = [trial for trial in trials if trial["score"] is not None]
    known = {(n, m["direction"]) for t in scored for n, m in _metrics(t).items()}
    fitting = [
        (name, _DIRECTIONS[mode])
        for name, mode in sorted(known)
        if mode in _DIRECTIONS and all(_gives_the_score(t, name, mode) for t in scored)
    ]
    return fitting[0] if len(fitting) == 1 else (None, None)


def _gives_the_score(trial: dict, name: str, mode: str) -> bool:
    best = _best_value(trial, name, _DIRECTIONS[mode])
    return best is not None and math.isclose(best, trial["score"])


def _metrics(trial: dict) -> dict[str, dict]:
    return trial["metrics"]["metrics"]


def _best_value(trial: dict, metric: str, direction: str) -> float | None:
    """Return the best step of a metric, averaged over the executions of the trial."""
    observations = _metrics(trial).get(metric, {}).get("observations", [])
    values = [fmean(seen["value"]) for seen in observations]
    pick = max if direction == "maximize" else min
    return pick(values, default=None)


def _pick_metric(
    own: tuple[str | None, str | None],
    trials: list[dict],
    metric: str | None,
    direction: str | None,
) -> tuple[str | None, str]:
    """Return metric and direction: those asked for, or else the tuner's own."""
    directions = {
        name: _DIRECTIONS.get(found["direction"])
        for t in trials
        for name, found in _metrics(t).items()
    }
    directions |= {own[0]: own[1]} if own[0] else {}
    if metric is None and own[0] is None and direction is None and trials:
        raise ValueError(
            "the files do not say which metric is the objective: "
            f"choose with metric= one of {sorted(directions)}"
        )
    metric = own[0] if metric is None else metric
    if metric is not None and metric not in directions:
        raise ValueError(
            f"metric={metric!r} is unknown to the tuner: choose one of {sorted(directions)}"
        )
    known = directions.get(metric)
    if direction is not None and known not in (None, direction):
        raise ValueError(
            f"direction={direction!r} contradicts the tuner, which wants to {known} {metric!r}; "
            "leave direction out"
        )
    if known is None and direction is None and trials:
        raise ValueError(
            f"the tuner does not say whether {metric!r} is better if higher: "
            'pass direction="maximize" or direction="minimize"'
        )
    return metric, known or direction or "maximize"


def _score(trial: dict, metric: str | None, direction: str, *, is_own: bool) -> float | None:
    if trial["status"] != "COMPLETED":
        return None
    return trial["score"] if is_own else _best_value(trial, metric, direction)


def _epochs(trial: dict) -> int | None:
    return trial["hyperparameters"]["values"].get(_EPOCHS)


def _epochs_of_the_best(trials: list[dict], scores: list, direction: str) -> int:
    scored = [(s, _epochs(t) or 0) for s, t in zip(scores, trials, strict=True) if s is not None]
    pick = max if direction == "maximize" else min
    return pick(scored, key=lambda pair: pair[0])[1] if scored else 0


def _record(trial: dict, score: float | None, most_epochs: int) -> Record:
    values, epochs = trial["hyperparameters"]["values"], _epochs(trial)
    attrs = {"trial_id": trial["trial_id"]}
    if trial.get("message"):
        lines = str(trial["message"]).strip().splitlines()
        attrs["error"] = lines[-1]
    return Record(
        params={name: plain(v) for name, v in values.items() if not name.startswith(_OWN)},
        score=score,
        attrs=attrs,
        resource=epochs,
        final=epochs is None or epochs >= most_epochs,
    )


def _domain(spec: dict) -> Domain:
    """Read a hyperparameter of KerasTuner."""
    config = spec["config"]
    if "min_value" in config:
        log = config.get("sampling") in ("log", "reverse_log")
        return Domain(low=plain(config["min_value"]), high=plain(config["max_value"]), log=log)
    if "values" in config:
        return Domain(values=tuple(config["values"]))
    return Domain(values=(config["value"],) if "value" in config else (False, True))


TUNER = Reader(
    accepts="KerasTuner's tuner or its folder",
    family="KerasTuner's tuners",
    recognizes=recognizes,
    read=read,
    options=("direction", "metric"),
)
