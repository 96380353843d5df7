"""Reader of plain trials: a list of ``(params, score)`` pairs from a hand-written loop."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any

from tuneup_helpers.studies.domains import check_names, read_space
from tuneup_helpers.studies.history import History, Record
from tuneup_helpers.studies.readers.reader import Reader

__all__ = ["PAIRS"]


def recognizes(search: Any) -> bool:
    """Tell a list or a tuple."""
    return isinstance(search, list | tuple)


def read(pairs: list | tuple, *, direction: str | None, space: Any) -> History:
    """Read the pairs, whose direction and space only their owner knows."""
    if direction is None:
        raise ValueError(
            "a list does not say which scores are good: "
            'pass direction="maximize" (scores) or direction="minimize" (losses)'
        )
    records = tuple(_record(i, pair) for i, pair in enumerate(pairs))
    domains = {}
    if space is not None:
        domains = read_space(space)
        check_names([record.params for record in records], domains)
    return History(records, domains, direction, source=type(pairs).__name__)


def _record(i: int, pair: Any) -> Record:
    """Check one pair."""
    if not (isinstance(pair, list | tuple) and len(pair) == 2 and isinstance(pair[0], Mapping)):
        raise TypeError(f"search[{i}] must be a pair (params dict, score), not {pair!r}")
    params, score = pair
    if getattr(score, "shape", None) == ():  # an array or a tensor of one number
        score = score.item()
    if not (score is None or isinstance(score, Real)):
        raise TypeError(f"the score of search[{i}] must be a number or None, not {score!r}")
    if not all(isinstance(name, str) for name in params):
        raise TypeError(f"search[{i}] has parameter names that are not strings: {[*params]}")
    return Record(dict(params), score)


PAIRS = Reader(
    accepts="a list of (params, score) pairs",
    family="lists",
    recognizes=recognizes,
    read=read,
    options=("direction", "space"),
)
