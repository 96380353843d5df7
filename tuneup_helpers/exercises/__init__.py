"""Exercises that answer back: ``check("04.2", answer)``.

The exercises of chapter 04 are declared in ``tuneup_helpers/checks/ch04.py``, those of the
clinic in ``checks/clinic.py``; the file is loaded when the first of them is checked. A new
chapter is a new file there, and nothing else; a long one may have several, such as ``ch17a.py``
and ``ch17b.py``.

A question with choices says what each wrong letter shows::

    choice(
        "04.1",
        right="b",
        because="Nine points have nine values on each axis.",
        wrong={"a": "The grid has nine points too, but ...", "c": "..."},
        hints=["Count the different values on one axis."],
    )

Several letters may be right together (``right="bd"``); then `wrong` explains single letters:
those chosen by mistake, and those left out.

Any other answer, a number, an array or a function, is judged by a function. It reads the
answer, raises `Wrong` with what a mistake shows, or returns why the answer is right::

    @exercise("04.2", hints=["All of them miss with probability ..."])
    def _(answer):
        n = whole_number(call(answer, 0.05, 0.95), "the number of trials")
        if not recognize(n, 59, [(58, "That is one too few."), (20, "...")]):
            raise Wrong("Start from the probability that one trial misses.")
        return "59 trials, whatever the number of dimensions."

- `call` runs the learner's function. `number`, `whole_number`, `truth`, `array_of_shape`,
  `sequence`, `dictionary` and `one_of` read what it returns, or an answer that is no function.
  They accept every form that means the same (an int, a NumPy scalar, a tuple for a list) and
  raise `Unreadable`, which says what kind of answer is asked for.
- `recognize` tells the right value from those of known mistakes: the nearest one counts.
- Only `Wrong` counts as a try and brings the next hint. `Unreadable` brings none, and
  `Unanswered` (dots, or a function that returns them) asks for an answer.

What the judge needs from a table or a library, it loads when it is called, so that a chapter's
file loads quickly. Answers to test the judge with are in ``tests/specimens/ch04.py``: right
ones, wrong ones each with words that the message to it contains, and unreadable ones.
"""

from tuneup_helpers.exercises.answers import (
    array_of_shape,
    call,
    dictionary,
    is_unanswered,
    number,
    one_of,
    recognize,
    sequence,
    truth,
    whole_number,
)
from tuneup_helpers.exercises.checking import check, hint
from tuneup_helpers.exercises.declaring import (
    Choice,
    Exercise,
    choice,
    exercise,
    exercise_chapters,
    exercise_keys,
    get_exercise,
)
from tuneup_helpers.exercises.feedback import Feedback, Unanswered, Unreadable, Wrong

__all__ = [
    "Choice",
    "Exercise",
    "Feedback",
    "Unanswered",
    "Unreadable",
    "Wrong",
    "array_of_shape",
    "call",
    "check",
    "choice",
    "dictionary",
    "exercise",
    "exercise_chapters",
    "exercise_keys",
    "get_exercise",
    "hint",
    "is_unanswered",
    "number",
    "one_of",
    "recognize",
    "sequence",
    "truth",
    "whole_number",
]
