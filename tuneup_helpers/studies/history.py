"""What the searches of all libraries share, in one set of words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import optuna

__all__ = ["Domain", "History", "Record"]


@dataclass(frozen=True)
class Record:
    """One evaluated setting.

    Attributes
    ----------
    params : dict
        Names of the hyperparameters to their values, as the search has them.
    score : float or None
        The score or loss, no sign changed. None or not finite: the evaluation failed, or was
        stopped before it had one.
    seconds : float
        How long it took; zero if not recorded.
    attrs : dict
        What else is known: ``folds`` and ``std`` of a cross-validation, ``error``, and so on.
    resource : int or None
        What the evaluation was given, where a search gives more to some: a number of rows,
        for instance.
    final : bool
        False where the evaluation was stopped early, or the race went on afterwards.
    constraints : dict of str to float
        How far the setting is from keeping each constraint; kept where it is not above zero.
    """

    params: dict[str, Any]
    score: float | None
    seconds: float = 0.0
    attrs: dict[str, Any] = field(default_factory=dict)
    resource: int | None = None
    final: bool = True
    constraints: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Domain:
    """What a search was told about one hyperparameter: listed values, or a range, or neither.

    Attributes
    ----------
    values : tuple
        The listed values; empty for a range.
    low, high : float or None
        The ends of the range, both included; None where an end is not known.
    log : bool
        Whether the search draws on a log scale.
    """

    values: tuple = ()
    low: float | None = None
    high: float | None = None
    log: bool = False


@dataclass(frozen=True)
class History:
    """All evaluations of a search in their order, and the space they were taken from.

    Attributes
    ----------
    records : tuple of Record
        One for each evaluated setting, in the order of the search's own record.
    domains : dict of str to list of Domain
        What may be drawn for each hyperparameter; several where a search has several spaces,
        and no entry where the search does not record it.
    direction : {"maximize", "minimize"}
        Which scores are good.
    source : str
        The type of the search.
    metric : str or None
        What a score is, where the search says so.
    study : optuna.Study or None
        The search itself, if Optuna did it.
    """

    records: tuple[Record, ...]
    domains: dict[str, list[Domain]]
    direction: str
    source: str
    metric: str | None = None
    study: optuna.Study | None = None
