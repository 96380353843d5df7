"""Reading a search of any library: find its reader, check what was said besides, read."""

from __future__ import annotations

from typing import Any

from tuneup_helpers.studies.hints import next_step
from tuneup_helpers.studies.history import History
from tuneup_helpers.studies.readers import READERS, Reader
from tuneup_helpers.studies.readers.pairs import PAIRS

__all__ = ["find_reader", "read_history"]


def read_history(
    search: Any,
    *,
    direction: str | None = None,
    metric: str | int | None = None,
    space: Any = None,
) -> History:
    """Read the finished search of any library: what it evaluated, and where it looked.

    Parameters
    ----------
    search, direction, metric, space
        As `to_study` takes them. Of a study with several objectives, `metric` chooses one.

    Returns
    -------
    History
        Scores, values and order are those of the search. It has no records if the search has
        none.

    Raises
    ------
    TypeError
        If ``search`` is of no type that can be read, or a pair in the list is malformed.
    ValueError
        If the search is not fitted, has several objectives of which none is chosen, or if ``direction``, ``metric``
        or ``space`` does not fit it.

    Examples
    --------
    >>> trials = [({"depth": 2}, 0.31), ({"depth": 4}, 0.27)]
    >>> history = read_history(trials, direction="minimize", space={"depth": [2, 4, 8]})
    >>> [(record.params, record.score) for record in history.records]
    [({'depth': 2}, 0.31), ({'depth': 4}, 0.27)]
    >>> history.domains
    {'depth': [Domain(values=(2, 4, 8), low=None, high=None, log=False)]}
    >>> history.direction, history.source
    ('minimize', 'list')
    """
    reader = find_reader(search, direction=direction, metric=metric, space=space)
    given = {"direction": direction, "metric": metric, "space": space}
    history = reader.read(search, **{option: given[option] for option in reader.options})
    if direction not in (None, history.direction):
        raise ValueError(
            f"direction={direction!r} contradicts the search: {history.source} can only "
            f"{history.direction}; leave direction out"
        )
    return history


def find_reader(
    search: Any, *, direction: str | None, metric: str | int | None, space: Any
) -> Reader:
    """Find the reader of a search, and refuse what it does not take."""
    if direction not in (None, "maximize", "minimize"):
        raise ValueError(f'direction must be "maximize" or "minimize", not {direction!r}')
    readers = [reader for reader in READERS if reader.recognizes(search)]
    name = type(search).__name__
    is_read = any(reader is not PAIRS for reader in readers) or _holds_pairs(search)
    if not is_read and (step := next_step(search)):
        raise TypeError(step)
    if not readers:
        *others, last = [reader.accepts for reader in READERS]
        raise TypeError(f"search is of type {name}; to_study takes {', '.join(others)}, or {last}")
    reader = readers[-1]  # the most special
    if metric is not None and "metric" not in reader.options:
        families = _families_with("metric")
        raise ValueError(f"metric={metric!r} is for {families}; {name} has one value: leave it out")
    if space is not None and "space" not in reader.options:
        raise ValueError(
            f"space is for {_families_with('space')}; {name} records its own: leave it out"
        )
    return reader


def _holds_pairs(search: Any) -> bool:
    """Tell a list by its first item."""
    is_list = isinstance(search, list | tuple) and len(search) > 0
    return is_list and isinstance(search[0], list | tuple)


def _families_with(option: str) -> str:
    """Name the kinds of searches that take this option."""
    *others, last = dict.fromkeys(r.family for r in READERS if option in r.options)
    return f"{', '.join(others)} and {last}"
