"""Reader of Optuna's studies, which need no building afterwards."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tuneup_helpers.studies.domains import read_domain
from tuneup_helpers.studies.history import Domain, History, Record
from tuneup_helpers.studies.readers.reader import Reader, is_a

if TYPE_CHECKING:
    import optuna

__all__ = ["STUDY", "check_direction"]


def recognizes(search: Any) -> bool:
    """Tell an Optuna study."""
    return is_a(search, "optuna.Study")


def read(study: optuna.Study, *, direction: str | None, metric: str | int | None) -> History:
    """Read the trials that have ended, and one objective of each."""
    number = _pick_objective(study, metric)
    own = study.directions[number].name.lower()
    if direction not in (None, own):
        raise ValueError(f"direction={direction!r} contradicts the study's own {[own]}")
    trials = [trial for trial in study.get_trials(deepcopy=False) if trial.state.is_finished()]
    names = study.metric_names
    return History(
        records=tuple(_record(trial, number) for trial in trials),
        domains=_domains(trials, listed=type(study.sampler).__name__ == "GridSampler"),
        direction=own,
        source=type(study).__name__,
        metric=names[number] if names else None,
        study=study if len(study.directions) == 1 else None,
    )


def check_direction(study: optuna.Study, direction: str | None) -> None:
    """Refuse a direction that is not the study's own."""
    directions = [d.name.lower() for d in study.directions]
    if direction is not None and directions != [direction]:
        raise ValueError(f"direction={direction!r} contradicts the study's own {directions}")


def _pick_objective(study: optuna.Study, metric: str | int | None) -> int:
    """Return the number of the objective asked for, by name or by number; the only one if not."""
    n, names = len(study.directions), study.metric_names or []
    if metric is None and n == 1:
        return 0
    if metric in names:
        return names.index(metric)
    if isinstance(metric, int) and not isinstance(metric, bool) and 0 <= metric < n:
        return metric
    if n == 1:
        raise ValueError(
            f"metric={metric!r} is for a study with several objectives; this one has a single "
            "value: leave metric out. (What a trial keeps besides, in user_attrs, goes into a list "
            "of pairs: [(trial.params, trial.user_attrs[...]), ...])"
        )
    known = f"one of {names}, or a number from 0" if names else f"a number from 0 to {n - 1}"
    said = "choose one" if metric is None else f"metric={metric!r} is none of them; choose"
    raise ValueError(f"search has {n} objectives: {said} with metric=, {known}")


def _record(trial: optuna.trial.FrozenTrial, number: int) -> Record:
    several = trial.values is not None and len(trial.values) > 1
    return Record(
        params=dict(trial.params),
        score=trial.values[number] if several else trial.value,
        seconds=trial.duration.total_seconds() if trial.duration else 0.0,
        attrs=dict(trial.user_attrs),
        resource=trial.last_step,
        final=trial.state.name != "PRUNED",
        constraints=dict(trial.constraints),
    )


def _domains(trials: list[optuna.trial.FrozenTrial], *, listed: bool) -> dict[str, list[Domain]]:
    """Collect the ranges that trials drew from, or the values of a grid: those that occurred."""
    ranges, values = defaultdict(dict), defaultdict(dict)  # by repr, each once
    for trial in trials:
        for name, distribution in trial.distributions.items():
            ranges[name][repr(distribution)] = distribution
            values[name][repr(trial.params[name])] = trial.params[name]
    if listed:
        return {name: [Domain(values=tuple(tried.values()))] for name, tried in values.items()}
    return {name: [read_domain(name, d) for d in found.values()] for name, found in ranges.items()}


STUDY = Reader(
    accepts="an Optuna study",
    family="Optuna studies",
    recognizes=recognizes,
    read=read,
    options=("direction", "metric"),
)
