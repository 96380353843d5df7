"""Declaring exercises, and finding them by their key."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tuneup_helpers.exercises.answers import letters
from tuneup_helpers.exercises.feedback import Unreadable, Wrong

__all__ = [
    "Choice",
    "Exercise",
    "choice",
    "exercise",
    "exercise_chapters",
    "exercise_keys",
    "get_exercise",
]


@dataclass(frozen=True)
class Exercise:
    """An exercise: how to judge an answer, and hints.

    Attributes
    ----------
    key : str
        Chapter and number.
    judge : callable
        Takes the answer; returns why it is right, or raises `Wrong`, `Unreadable` or
        `Unanswered`.
    hints : sequence of str
    """

    key: str
    judge: Callable[[Any], str]
    hints: Sequence[str]

    @property
    def how_to_answer(self) -> str:
        """What to do about dots."""
        return "Replace the dots by your answer and run the cell again."


@dataclass(frozen=True)
class Choice(Exercise):
    """A question with lettered choices.

    Attributes
    ----------
    right : str
        The right letter, or all right letters together.
    wrong : mapping of letter to str
        What is said to each wrong letter, and to each right one that is left out.
    """

    right: str
    wrong: Mapping[str, str]

    @property
    def how_to_answer(self) -> str:
        """What to do about dots."""
        what, example = ("letter", "a") if len(self.right) == 1 else ("letters", "ab")
        return (
            f'Type the {what} between the quotes, for instance answer = "{example}", and run the '
            "cell again."
        )


_EXERCISES: dict[str, Exercise] = {}


def exercise(key: str, *, hints: Sequence[str]) -> Callable:
    """Declare an exercise whose answer is a value or a function; see the package's page.

    Parameters
    ----------
    key : str
        Chapter and number, such as ``"04.2"`` or ``"clinic.1"``.
    hints : sequence of str
        From a nudge to (nearly) the solution; each wrong try shows the next.

    Returns
    -------
    callable
        A decorator for the judge: a function of the answer.

    Raises
    ------
    ValueError
        If the key is taken or malformed, or there are no hints.
    """
    _check_declaration(key, hints)

    def declare(judge):
        _EXERCISES[key] = Exercise(key, judge, hints)
        return judge

    return declare


def choice(
    key: str, *, right: str, because: str, wrong: Mapping[str, str], hints: Sequence[str]
) -> None:
    """Declare a question with lettered choices; see the package's page.

    Parameters
    ----------
    key : str
        Chapter and number, such as ``"04.1"`` or ``"clinic.1"``.
    right : str
        The right letter, or all right letters together.
    because : str
        Why.
    wrong : mapping of letter to str
        What each wrong letter shows (and, where several are right, what it means to leave
        one out).
    hints : sequence of str

    Raises
    ------
    ValueError
        If the key is taken or malformed, there are no hints, or nothing is right or wrong.
    """
    _check_declaration(key, hints)
    if not right or not wrong:
        raise ValueError(f"exercise {key!r} needs a right letter and words for the wrong ones")
    known = set(right) | set(wrong)

    def judge(answer):
        given = letters(answer)
        if not given or given - known:
            what = "one of the letters" if len(right) == 1 else "letters"
            raise Unreadable(f"Answer with {what} of the choices, {_listed(known)}.")
        if given == set(right):
            return because
        if len(right) == 1 and len(given) > 1:
            raise Unreadable("Only one of them is right: answer with one letter.")
        for letter in sorted(given ^ set(right), key=lambda each: (each in right, each)):
            if letter in wrong:
                raise Wrong(wrong[letter])
        raise Wrong("Not all of the right ones are there.")

    _EXERCISES[key] = Choice(key, judge, hints, right, wrong)


def _check_declaration(key, hints):
    if key in _EXERCISES:
        raise ValueError(f"exercise {key!r} is declared twice")
    if not re.fullmatch(r"(\d\d|[a-z]+)\.[1-9]\d*", key):
        raise ValueError(f"key {key!r}: write chapter and number, such as '04.2' or 'clinic.1'")
    if not hints or isinstance(hints, str):
        raise ValueError(f"exercise {key!r} needs hints, a list of texts")


def _listed(choices):
    *first, last = (repr(letter) for letter in sorted(choices))
    return f"{', '.join(first)} or {last}"


def get_exercise(key: str) -> Exercise:
    """Find an exercise by its key, loading the checks of its chapter.

    Raises
    ------
    ValueError
        If there is no such exercise; the message lists those of the chapter.

    Examples
    --------
    >>> get_exercise("01.2").right
    'a'
    """
    chapter = str(key).partition(".")[0]
    known = exercise_keys(chapter)
    if key not in known:
        where = f"{'chapter ' if chapter.isdigit() else ''}{chapter} has {known}"
        if not known:
            where = (
                "write chapter and number, such as '04.2' or 'clinic.1'; checks are for "
                f"{exercise_chapters()}"
            )
        raise ValueError(f"there is no exercise {key!r}; {where}")
    return _EXERCISES[key]


def exercise_keys(chapter: str) -> list[str]:
    """List the exercises of a chapter or a reference page, in their order.

    Parameters
    ----------
    chapter : str
        Such as ``"04"`` or ``"clinic"``.

    Returns
    -------
    list of str
        Empty if there is no such chapter.

    Examples
    --------
    >>> exercise_keys("06")[:3]
    ['06.1', '06.2', '06.3']
    """
    prefix = f"{chapter}."
    if chapter in exercise_chapters():
        try:
            for module in _modules(chapter):
                importlib.import_module(f"tuneup_helpers.checks.{module}")
        except Exception:
            for key in [key for key in _EXERCISES if key.startswith(prefix)]:
                del _EXERCISES[key]  # half a file: it is loaded anew at the next try
            raise
    found = [key for key in _EXERCISES if key.startswith(prefix)]
    return sorted(found, key=lambda key: int(key.removeprefix(prefix)))


def exercise_chapters() -> list[str]:
    """List the chapters and the reference pages that have exercises.

    Examples
    --------
    >>> exercise_chapters()[:2], exercise_chapters()[-2:]
    (['00', '01'], ['clinic', 'snippets'])
    """
    return sorted({_chapter(module) for module in _files()})


def _files():
    """List the files of checks: ch04, or ch17a and ch17b if a chapter has several, and clinic."""
    from tuneup_helpers import checks

    names = (module.name for module in pkgutil.iter_modules(checks.__path__))
    return sorted(name for name in names if name[0] != "_")


def _chapter(module):
    """Return whose checks a file holds: "17" for ch17b, "clinic" for clinic."""
    numbered = re.fullmatch(r"ch(\d\d)[a-z]?", module)
    return numbered[1] if numbered else module


def _modules(chapter):
    return [module for module in _files() if _chapter(module) == chapter]
