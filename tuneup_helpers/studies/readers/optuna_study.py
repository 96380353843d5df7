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


def read(study: optuna.Study, *, direction: str | None) -> History:
    """Read the trials that have ended, of a study with one objective."""
    check_direction(study, direction)
    if len(study.directions) > 1:
        raise ValueError(
            f"search has {len(study.directions)} objectives; only a search with one can be read"
        )
    trials = [trial for trial in study.get_trials(deepcopy=False) if trial.state.is_finished()]
    return History(
        records=tuple(map(_record, trials)),
        domains=_domains(trials, listed=type(study.sampler).__name__ == "GridSampler"),
        direction=study.direction.name.lower(),
        source=type(study).__name__,
        study=study,
    )


def check_direction(study: optuna.Study, direction: str | None) -> None:
    """Refuse a direction that is not the study's own."""
    directions = [d.name.lower() for d in study.directions]
    if direction is not None and directions != [direction]:
        raise ValueError(f"direction={direction!r} contradicts the study's own {directions}")


def _record(trial: optuna.trial.FrozenTrial) -> Record:
    return Record(
        params=dict(trial.params),
        score=trial.value,
        seconds=trial.duration.total_seconds() if trial.duration else 0.0,
        attrs=dict(trial.user_attrs),
        resource=trial.last_step,
        final=trial.state.name != "PRUNED",
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
    options=("direction",),
)
