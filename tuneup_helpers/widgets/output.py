"""One place among a cell's outputs: it says how far the work is, then becomes the result."""

from __future__ import annotations

import html
from typing import Any

from IPython import get_ipython
from IPython.display import display

__all__ = ["OutputPlace", "in_a_notebook"]


def in_a_notebook() -> bool:
    """Tell whether outputs go to a notebook, where what was shown can be changed later.

    Examples
    --------
    >>> in_a_notebook()
    False
    """
    return getattr(get_ipython(), "kernel", None) is not None


class OutputPlace:
    """An output of the cell that is running, to be changed until it has its final content.

    What it said on the way is not stored: a notebook keeps the last content of a place.

    Parameters
    ----------
    text : str
        The line of plain text that the place has from the beginning to the end.
    """

    def __init__(self, text: str):
        self._text = text
        self._handle = display({"text/plain": text}, raw=True, display_id=True)
        self.open = True
        get_ipython().events.register("post_run_cell", self._close)

    def _close(self, _result):
        """Note that the cell is done: what is shown from now on belongs below another one."""
        self.open = False
        get_ipython().events.unregister("post_run_cell", self._close)

    def say(self, words: str) -> None:
        """Show how far the work is."""
        note = f'<div role="status">{html.escape(words)}</div>'
        self._handle.update({"text/plain": self._text, "text/html": note}, raw=True)

    def rest(self) -> None:
        """Show the line of plain text again."""
        self._handle.update({"text/plain": self._text}, raw=True)

    def become(self, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Show the result."""
        self._handle.update(data, metadata=metadata, raw=True)
