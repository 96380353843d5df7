"""What is said to an answer: the verdicts that a judge raises, and the box that is shown."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

__all__ = ["Feedback", "Unanswered", "Unreadable", "Wrong"]


class Wrong(Exception):
    """Raised by a judge: the answer is wrong, and this is what to say to it."""


class Unreadable(Wrong):
    """Raised by a judge: this is no answer of the kind that is asked for, so no try is counted."""


class Unanswered(Exception):
    """Raised by a judge: there is no answer yet."""


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

    Examples
    --------
    >>> Feedback("04.1", "Not yet", "That is the width.", "Hint 1 of 2: look at the signature.")
    04.1 Not yet. That is the width.
    Hint 1 of 2: look at the signature.
    """

    key: str
    verdict: str
    message: str = ""
    hint: str = ""

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
