"""What a reader of one kind of search consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tuneup_helpers.studies.history import History

__all__ = ["Reader", "is_a", "is_named"]


@dataclass(frozen=True)
class Reader:
    """One kind of search: how to tell it, and how to read it.

    Attributes
    ----------
    accepts : str
        What it reads, as one item of the list in an error message.
    family : str
        Its library's searches in the plural, for messages; several readers may share it.
    recognizes : callable
        Tells whether a search is of this kind, and imports no library to do so.
    read : callable
        Takes the search, and those of the options below by keyword; returns its `History`.
    options : tuple of str
        Which of ``direction``, ``metric`` and ``space`` `read` takes. A metric or a space that
        it does not take is an error; so is a direction other than the history's.
    """

    accepts: str
    family: str
    recognizes: Callable[[Any], bool]
    read: Callable[..., History]
    options: tuple[str, ...] = ()


def is_a(search: Any, kind: str) -> bool:
    """Tell by names whether a search is of a class such as ``"sklearn.BaseSearchCV"``.

    Only the top package and the name of the class count, of the search or of a parent.
    """
    classes = type(search).__mro__
    return kind in {f"{c.__module__.partition('.')[0]}.{c.__name__}" for c in classes}


def is_named(search: Any, name: str) -> bool:
    """Tell by its name alone whether a search is of a class, or of one that builds on it."""
    return name in {c.__name__ for c in type(search).__mro__}
