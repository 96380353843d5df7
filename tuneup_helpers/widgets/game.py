"""The game "tune by hand": its rules and its messages. It shows nothing itself."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np

from tuneup_helpers.replay import Axis, Table

if TYPE_CHECKING:
    import optuna

__all__ = [
    "REGRET",
    "HandTuner",
    "count_trials",
    "list_values",
    "middle_of",
    "round_on",
    "short_text",
    "tune_by_hand",
]

REGRET = "Your regret is how far your best score stays below the best score in the table."


class HandTuner:
    """A game: find good hyperparameters in a table with a limited number of trials.

    Made by `tune_by_hand`. As the last line of a cell it shows sliders and a button; it can
    also be played from code with `try_`.

    Parameters
    ----------
    table : Table
        The objective; higher is better.
    budget : int, default 12
        Number of trials.
    start : mapping of str to value, optional
        Where the sliders stand at first; the middle of each range by default.

    Attributes
    ----------
    trials : list of tuple (params, score)
        What was tried, in order.
    remaining : int
        Trials left.
    best : tuple (params, score) or None
        The best trial so far.
    regret : float or None
        How far the best score stays below the best score in the table.
    over : bool
        Whether the landscape is shown, and no more trials are taken.
    message : str
        What happened last.

    Raises
    ------
    TypeError
        If `table` is not a table.
    ValueError
        If `budget` is not a whole number from 1, or `start` is not in the table.

    Examples
    --------
    >>> from tuneup_helpers import load_table
    >>> game = HandTuner(load_table("svc_digits"), budget=2)
    >>> game.try_(C=1.0, gamma=0.1) == game.best[1]
    True
    >>> game.remaining
    1
    """

    def __init__(self, table: Table, budget: int = 12, start: Mapping[str, Any] | None = None):
        if not isinstance(table, Table):
            raise TypeError(
                f"table must be a replay table, for instance load_table('svc_digits'), got {table!r}"
            )
        if isinstance(budget, bool) or not isinstance(budget, Integral) or budget < 1:
            raise ValueError(f"budget must be a whole number from 1, got {budget!r}")
        self.table, self.budget = table, budget
        self.start = {axis.name: middle_of(axis) for axis in table.axes} | dict(start or {})
        for axis in table.axes:
            _check_range(axis, self.start[axis.name])
        table(self.start)  # refuses what is not in the table
        self._board = None
        # JupyterLab may run what a button does beside the cell that is running.
        self._lock = threading.RLock()
        self._forget_trials(f"{count_trials(budget)} to go. Choose values, then press Try.")

    def _forget_trials(self, message):
        self._tried, self._ended = [], False
        self.announce(message)

    def announce(self, message: str) -> None:
        """Set the message, and let the board, if there is one, show the state of the game."""
        self.message = message
        if self._board is not None:
            self._board.update()

    @property
    def trials(self) -> list[tuple[dict, float]]:
        """What was tried, in order."""
        return [(dict(params), score) for params, score in self._tried]

    @property
    def remaining(self) -> int:
        """Trials left."""
        return self.budget - len(self._tried)

    @property
    def best(self) -> tuple[dict, float] | None:
        """The best trial so far, the earlier one of equals."""
        return max(self.trials, key=lambda trial: trial[1], default=None)

    @property
    def regret(self) -> float | None:
        """How far the best score stays below the best score in the table."""
        return self.table.best.score - self.best[1] if self._tried else None

    @property
    def over(self) -> bool:
        """Whether the landscape is shown, and no more trials are taken."""
        return self._ended or self.remaining == 0

    def try_(self, **params) -> float:
        """Spend one trial.

        Parameters
        ----------
        **params
            One value for each hyperparameter of the table.

        Returns
        -------
        float
            The score. Values that were tried before cost nothing.

        Raises
        ------
        ValueError
            If a name is unknown or missing, or a value outside its range. No trial is
            spent.
        RuntimeError
            If the game is over.
        """
        with self._lock:
            if self.over:
                raise RuntimeError(
                    f"the game is over after {len(self._tried)} of {count_trials(self.budget)}: "
                    "tune_by_hand(..., restart=True) begins a new one"
                )
            for axis in self.table.axes:
                _check_range(axis, params.get(axis.name))
            score = float(self.table(params))
            params = {axis.name: params[axis.name] for axis in self.table.axes}
            best = self.best
            for number, (tried, _) in enumerate(self._tried, start=1):
                if tried == params:
                    self.announce(
                        f"Trial {number} had these values and scored {score:.3f}: no trial spent."
                    )
                    return score
            self._tried.append((params, score))
            if self.over:
                self.announce(self._final_message())
            elif best is None or score > best[1]:
                self.announce(
                    f"{score:.3f}: your best so far. {count_trials(self.remaining)} to go."
                )
            else:
                self.announce(
                    f"{score:.3f}: not above your best, {best[1]:.3f}. "
                    f"{count_trials(self.remaining)} to go."
                )
            return score

    def reveal(self) -> None:
        """End the game and show the landscape."""
        with self._lock:
            self._ended = True
            self.announce(self._final_message())

    def restart(self) -> None:
        """Forget all trials and begin a new game."""
        with self._lock:
            gone = f" Forgotten: {count_trials(len(self._tried))}." if self._tried else ""
            self._forget_trials(f"A new game: {count_trials(self.budget)} to go.{gone}")

    def to_study(self) -> optuna.Study:
        """Return the trials as an Optuna study.

        Returns
        -------
        optuna.Study

        Raises
        ------
        ValueError
            If there is no trial yet.
        """
        from tuneup_helpers.studies import to_study

        if not self._tried:
            raise ValueError("there is no trial yet: press Try, or call try_, first")
        return to_study(self.trials, direction="maximize", space=self.table.search_space)

    def _final_message(self):
        params, score, _ = self.table.best
        optimum = f"The optimum is {score:.3f} at {list_values(params)}."
        if not self._tried:
            return f"{optimum} You made no trial."
        best = f"Your best of {count_trials(len(self._tried))}: {self.best[1]:.3f}"
        return f"{best}, regret {self.regret:.3f}. {optimum}"

    def describe(self) -> str:
        """Say in words what the picture of the game shows."""
        shown = "the landscape is shown" if self.over else "the landscape is hidden"
        return f"{count_trials(len(self._tried))} on {self.table.name}; {shown}"

    def __repr__(self):
        return f"HandTuner: {self.table.name}, {count_trials(self.budget)}"

    def _repr_mimebundle_(self, **kwargs):
        if self._board is None:
            from tuneup_helpers.widgets.board import Board

            self._board = Board(self)
        return self._board.bundle(repr(self), **kwargs)


_GAMES: dict[tuple[str, int], HandTuner] = {}


def tune_by_hand(
    table: Table,
    *,
    budget: int = 12,
    start: Mapping[str, Any] | None = None,
    restart: bool = False,
) -> HandTuner:
    """Play at tuning: choose values, see the score, and in the end the whole landscape.

    The game is remembered as long as the kernel lives: running the cell again goes on with
    the same trials.

    Parameters
    ----------
    table : Table
        The objective; higher is better.
    budget : int, default 12
        Number of trials. Each table and budget has one game.
    start : mapping of str to value, optional
        Where the sliders stand at first; the middle of each range by default.
    restart : bool, default False
        Forget the trials made before and begin a new game.

    Returns
    -------
    HandTuner

    Raises
    ------
    TypeError
        If `table` is not a table.
    ValueError
        If `budget` is not a whole number from 1, or `start` is not in the table.

    Examples
    --------
    >>> from tuneup_helpers import load_table
    >>> game = tune_by_hand(load_table("svc_digits"), budget=3)
    >>> game
    HandTuner: svc_digits, 3 trials
    >>> score = game.try_(C=1.0, gamma=0.1)
    >>> len(tune_by_hand(load_table("svc_digits"), budget=3).trials)
    1
    >>> len(tune_by_hand(load_table("svc_digits"), budget=3, restart=True).trials)
    0
    """
    new = HandTuner(table, budget, start)
    game = _GAMES.get((table.name, budget))
    if game is None or game.table is not table:
        game = _GAMES[table.name, budget] = new
    elif restart:
        game.restart()
    elif game.trials and not game.over:
        game.announce(
            f"Kept from before: {count_trials(len(game.trials))}. {count_trials(game.remaining)} to go. "
            "restart=True begins a new game."
        )
    return game


def count_trials(number: int) -> str:
    """Write a number of trials.

    Examples
    --------
    >>> count_trials(1), count_trials(12)
    ('1 trial', '12 trials')
    """
    return f"{number} trial" if number == 1 else f"{number} trials"


def short_text(value: Any) -> str:
    """Write a value with at most three significant digits."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def list_values(params: Mapping[str, Any]) -> str:
    """Write values after their names.

    Examples
    --------
    >>> list_values({"C": 3.16228, "gamma": 0.01})
    'C = 3.16, gamma = 0.01'
    """
    return ", ".join(f"{name} = {short_text(value)}" for name, value in params.items())


def _check_range(axis, value):
    """Refuse several values, or one outside the range; the table refuses the rest."""
    if np.ndim(value):
        raise ValueError(f"{axis.name} must be one value, got {value!r}")
    number = axis.kind != "categorical" and isinstance(value, int | float)
    if number and not axis.low <= value <= axis.high:
        raise ValueError(f"{axis.name} must be from {axis.low:g} to {axis.high:g}, got {value:g}")


def middle_of(axis: Axis) -> Any:
    """Return the middle of an axis on its own scale, or the first category."""
    if axis.kind == "categorical":
        return axis.values[0]
    log = axis.scale == "log"
    return round_on(axis, math.sqrt(axis.low * axis.high) if log else (axis.low + axis.high) / 2)


def round_on(axis: Axis, value: float) -> float:
    """Round to three significant digits (or a whole number) without leaving the range."""
    value = round(value) if axis.kind == "int" else float(f"{value:.3g}")
    return min(max(value, axis.low), axis.high)
