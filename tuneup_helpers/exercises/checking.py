"""Checking an answer, and asking for a hint."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tuneup_helpers.exercises.answers import is_unanswered
from tuneup_helpers.exercises.declaring import get_exercise
from tuneup_helpers.exercises.feedback import Feedback, Unanswered, Unreadable, Wrong

__all__ = ["check", "hint"]

_TRIES: Counter[str] = Counter()


def check(key: str, answer: Any) -> Feedback:
    """Check the answer to an exercise.

    Parameters
    ----------
    key : str
        Chapter and number, for instance ``"04.2"`` or ``"clinic.1"``.
    answer : object
        Your answer: a letter for a choice, otherwise what the exercise asks for. Dots, as
        ``"..."`` or ``...`` (or None), mean that there is none yet.

    Returns
    -------
    Feedback
        Shown as a box in JupyterLab. It is true if the answer is right. Each wrong try adds
        one hint more; an answer that could not be read as one adds none.

    Raises
    ------
    ValueError
        If there is no such exercise.

    Examples
    --------
    >>> check("01.2", "...")
    01.2 Not answered yet. Type the letter between the quotes, for instance answer = "a", and
    run the cell again.
    >>> check("01.2", "z")
    01.2 Not yet. Answer with one of the letters of the choices, 'a', 'b' or 'c'.
    >>> bool(check("01.2", "a"))
    True
    """
    found = get_exercise(key)
    try:
        if is_unanswered(answer):
            raise Unanswered
        praise = found.judge(answer)
    except Unanswered:
        return Feedback(key, "Not answered yet", found.how_to_answer)
    except Unreadable as error:
        return Feedback(key, "Not yet", str(error))
    except Wrong as error:
        _TRIES[key] += 1
        return Feedback(key, "Not yet", str(error), _hint(found, _TRIES[key]))
    except Exception as error:  # an answer of a kind that the judge does not expect
        said = f"This could not be read as an answer ({type(error).__name__}: {error})."
        return Feedback(key, "Not yet", said)
    return Feedback(key, "Right", praise)


def hint(key: str) -> Feedback:
    """Show the next hint to an exercise without an answer.

    Parameters
    ----------
    key : str
        Chapter and number, for instance ``"04.2"`` or ``"clinic.1"``.

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
    number = min(tries, len(found.hints))
    return f"Hint {number} of {len(found.hints)}: {found.hints[number - 1]}"
