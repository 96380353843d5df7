"""Exercises that answer back: ``check("04.2", answer)``.

The exercises of notebook 04 are declared in ``tuneup_helpers/checks/nb04.py``, which is
loaded when the first of them is checked. Each says what is right, which wrong answers are
known and what misconception each shows, and has hints. One test over all of them asserts
that the right answers are accepted and that each wrong one gets its own words.

A question with choices::

    choice(
        "04.1",
        right="b",
        because="Nine points have nine values on each axis.",
        wrong={"a": "The grid has nine points too, but ...", "c": "..."},
        hints=["Count the different values on one axis."],
    )

Several letters may be right together (``right="bd"``); then `wrong` explains single letters:
those chosen by mistake, and those left out.

A question with code, whose answer is a value or a function::

    @exercise(
        "04.2",
        right=[lambda n, rng: rng.random(n)],
        wrong=[(lambda n, rng: rng.random(1), "as many as asked for")],
        hints=["..."],
    )
    def _(answer):
        drawn = call(answer, 5, np.random.default_rng(0))
        if len(drawn) != 5:
            raise Wrong("Return as many as asked for, n of them.")
        return "Each run draws n new points."

The function raises `Wrong` with what to say, or returns why the answer is right. `call` runs
the learner's function and turns an error in it into `Wrong`; it raises `Unanswered` if the
function still returns ``...``.
"""

from __future__ import annotations

import html
import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

__all__ = [
    "Feedback",
    "Unanswered",
    "Wrong",
    "call",
    "check",
    "choice",
    "exercise",
    "exercise_keys",
    "get_exercise",
    "hint",
]


class Wrong(Exception):
    """Raised by a check: the answer is wrong, and this is what to say to it."""


class Unanswered(Exception):
    """Raised by a check: there is no answer yet."""


@dataclass(frozen=True)
class Exercise:
    """One exercise: how to check it, examples of answers, hints."""

    key: str
    judge: Callable[[Any], str]
    right: Sequence[Any]
    wrong: Sequence[tuple[Any, str]]
    hints: Sequence[str]


@dataclass(frozen=True)
class Feedback:
    """What a check says; true if the answer is right.

    Attributes
    ----------
    key : str
        The exercise.
    verdict : {"Right", "Not yet", "Not answered yet", "Hint"}
    message : str
        Why.
    hint : str
        The next hint, or empty.
    """

    key: str
    verdict: str
    message: str = ""
    hint: str = field(default="")

    def __bool__(self):
        return self.verdict == "Right"

    def __repr__(self):
        lines = [f"{self.key} {self.verdict}." + (f" {self.message}" if self.message else "")]
        return "\n".join([*lines, *([self.hint] if self.hint else [])])

    def _repr_html_(self):
        mark = {"Right": "✔", "Not yet": "✘", "Hint": "→"}.get(self.verdict, "○")
        color = {"Right": "#009E73", "Not yet": "#D55E00"}.get(self.verdict, "#888888")
        rest = f"<br><em>{_marked_up(self.hint)}</em>" if self.hint else ""
        return (
            f'<div style="border-left: 4px solid {color}; padding: 4px 12px; '
            f'max-width: 46em; line-height: 1.5"><strong>{mark} {self.key} '
            f"{self.verdict}.</strong> {_marked_up(self.message)}{rest}</div>"
        )


def _marked_up(text):
    """Escape a text for HTML, with `code` in backquotes kept as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))


_EXERCISES: dict[str, Exercise] = {}
_TRIES: Counter[str] = Counter()


def check(key: str, answer: Any) -> Feedback:
    """Check the answer to an exercise.

    Parameters
    ----------
    key : str
        Notebook and number, for instance ``"04.2"``.
    answer : object
        Your answer: a letter for a choice, otherwise what the exercise asks for. ``...`` (or
        None) means that there is none yet.

    Returns
    -------
    Feedback
        Shown as a box in JupyterLab. It is true if the answer is right. Each wrong try adds
        one hint more.

    Raises
    ------
    ValueError
        If there is no such exercise.

    Examples
    --------
    >>> check("01.1", ...)
    01.1 Not answered yet. Replace the dots by your answer and run the cell again.
    >>> bool(check("01.1", "bd"))
    True
    """
    found = get_exercise(key)
    try:
        if answer is None or answer is ...:
            raise Unanswered
        praise = found.judge(answer)
    except Unanswered:
        dots = "Replace the dots by your answer and run the cell again."
        return Feedback(key, "Not answered yet", dots)
    except Exception as error:
        _TRIES[key] += 1
        message = str(error)
        if not isinstance(error, Wrong):  # an answer of a kind that the check does not expect
            message = f"This could not be read as an answer ({type(error).__name__}: {error})."
        return Feedback(key, "Not yet", message, _hint(found, _TRIES[key]))
    return Feedback(key, "Right", praise)


def hint(key: str) -> Feedback:
    """Show the next hint to an exercise without an answer.

    Parameters
    ----------
    key : str
        Notebook and number, for instance ``"04.2"``.

    Returns
    -------
    Feedback

    Raises
    ------
    ValueError
        If there is no such exercise.

    Examples
    --------
    >>> hint("01.1").verdict
    'Hint'
    """
    found = get_exercise(key)
    _TRIES[key] += 1
    return Feedback(key, "Hint", hint=_hint(found, _TRIES[key]))


def _hint(found, tries):
    if not found.hints:
        return ""
    number = min(tries, len(found.hints))
    return f"Hint {number} of {len(found.hints)}: {found.hints[number - 1]}"


def get_exercise(key: str) -> Exercise:
    """Find an exercise by its key, loading the checks of its notebook.

    Raises
    ------
    ValueError
        If there is no such exercise; the message lists those of the notebook.
    """
    number = str(key)[:2]
    known = exercise_keys(number)
    if key not in known:
        where = f"notebook {number} has {known}"
        if not known:
            where = f"write notebook and number, such as '04.2'; checks are for {_numbers()}"
        raise ValueError(f"there is no exercise {key!r}; {where}")
    return _EXERCISES[key]


def exercise_keys(number: str) -> list[str]:
    """List the exercises of a notebook, for instance ``exercise_keys("04")``."""
    if number in _numbers():
        try:
            importlib.import_module(f"tuneup_helpers.checks.nb{number}")
        except Exception:
            for key in [key for key in _EXERCISES if key.startswith(f"{number}.")]:
                del _EXERCISES[key]  # half a file: it is loaded anew at the next try
            raise
    return sorted(key for key in _EXERCISES if key.startswith(f"{number}."))


def _numbers():
    """List the notebooks that have checks."""
    from tuneup_helpers import checks

    return sorted(m.name[2:] for m in pkgutil.iter_modules(checks.__path__) if m.name[2:].isdigit())


# Declaring exercises


def exercise(
    key: str, *, right: Sequence[Any], wrong: Sequence[tuple[Any, str]], hints: Sequence[str]
):
    """Declare an exercise whose answer is a value or a function; see the module's page.

    Parameters
    ----------
    key : str
    right : sequence
        Answers that must be accepted.
    wrong : sequence of (answer, words)
        Answers that must be rejected, each with words that the message to it contains.
    hints : sequence of str

    Raises
    ------
    ValueError
        If the key is taken, or there is no right or no wrong answer to test with.
    """
    if key in _EXERCISES:
        raise ValueError(f"exercise {key!r} is declared twice")
    if not right or not wrong or not hints:
        raise ValueError(f"exercise {key!r} needs right and wrong answers and hints")

    def declare(judge):
        _EXERCISES[key] = Exercise(key, judge, right, wrong, hints)
        return judge

    return declare


def choice(
    key: str, *, right: str, because: str, wrong: Mapping[str, str], hints: Sequence[str]
) -> None:
    """Declare a question with lettered choices; see the module's page.

    Parameters
    ----------
    key : str
    right : str
        The right letter, or all right letters together.
    because : str
        Why.
    wrong : mapping of letter to str
        What each wrong letter shows (and, where several are right, what it means to leave
        one out).
    hints : sequence of str
    """
    letters = set(right) | set(wrong)

    def judge(answer):
        given = _letters(answer)
        if not given or given - letters:
            raise Wrong(f"Answer with the letters of the choices, {_listed(letters)}.")
        if given == set(right):
            return because
        if len(right) == 1 and len(given) > 1:
            raise Wrong("Only one of them is right.")
        for letter in sorted(given ^ set(right), key=lambda each: (each in right, each)):
            if letter in wrong:
                raise Wrong(wrong[letter])
        raise Wrong("Not all of the right ones are there.")

    several = len(right) > 1
    examples = [
        ("".join(sorted(set(right) ^ {letter})) if several else letter, text)
        for letter, text in wrong.items()
    ]
    variants = [right, right.upper(), f" {right} ", list(right)]
    exercise(key, right=variants, wrong=[(a, w) for a, w in examples if a], hints=hints)(judge)


def _letters(answer):
    """Read letters from "b", " B)", "b, d", ["b", "d"] or {"b", "d"}."""
    parts = answer if isinstance(answer, list | tuple | set | frozenset) else [answer]
    if not all(isinstance(part, str) for part in parts):
        return set()
    return set(re.sub(r"[\W_]", "", "".join(parts)).lower())


def _listed(letters):
    *first, last = (repr(letter) for letter in sorted(letters))
    return f"{', '.join(first)} or {last}"


def call(function: Any, *args, **kwargs):
    """Call the learner's function; what goes wrong in it becomes feedback.

    Parameters
    ----------
    function : callable
        The learner's answer.
    *args, **kwargs
        Passed on; lists and arrays as copies, so that a function that sorts or changes them
        does not change what its answer is compared with.

    Returns
    -------
    object
        What the function returned.

    Raises
    ------
    Wrong
        If it is not a function, or raises an error.
    Unanswered
        If it returns ``...``.
    """
    if not callable(function):
        raise Wrong(f"The answer should be the function itself, not {type(function).__name__}.")
    try:
        result = function(*map(_copied, args), **{k: _copied(v) for k, v in kwargs.items()})
    except Exception as error:
        given = ", ".join([*map(_short, args), *(f"{k}={_short(v)}" for k, v in kwargs.items())])
        raise Wrong(
            f"Called with ({given}), your function raised {type(error).__name__}: {error}"
        ) from error
    if result is ...:
        raise Unanswered
    return result


def _copied(value):
    return value.copy() if isinstance(value, list | np.ndarray) else value


def _short(value):
    shape = getattr(value, "shape", None)
    if shape:
        return f"array of shape {tuple(shape)}"
    text = re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value))
    return text if len(text) <= 40 else f"{text[:37]}..."
