"""Step through pictures that were drawn beforehand."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from numbers import Integral
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from tuneup_helpers.widgets.output import OutputPlace, in_a_notebook
from tuneup_helpers.widgets.picture import (
    base64_text,
    image_tag,
    new_figure,
    png_size,
    save_png,
    still_bundle,
)

__all__ = ["FrameStepper"]


class FrameStepper:
    """Step through prepared pictures with a slider or a Play button.

    The frames and the controls are part of the page: they work without a kernel, also after
    a restart, in a notebook that was saved and opened again, and in an exported page. Where
    no script may run there is a still picture.

    Parameters
    ----------
    frames : iterable of bytes
        PNG pictures, all of the same size.
    captions : sequence of str, optional
        One short line for each frame, shown below it.
    interval : int, default 800
        Milliseconds from frame to frame while playing.
    start : int, default 0
        The frame shown first, counted as a list is: -1 is the last.
    still : int, default -1
        The frame that stands for all where no script may run.
    alt : str, default ""
        What the pictures show, in a few words, for readers who cannot see them.

    Raises
    ------
    TypeError
        If a frame is not bytes.
    ValueError
        If there is no frame, a frame is not a PNG, sizes differ, the number of captions
        differs from the number of frames, a frame asked for does not exist, or the interval
        is not a whole number from 1.

    See Also
    --------
    FrameStepper.draw : Make the frames with a drawing function.

    Examples
    --------
    >>> def draw(fig, n_trials):
    ...     ax = fig.subplots()
    ...     ax.bar(["trials"], [n_trials])
    ...     ax.set_ylim(0, 3)
    >>> FrameStepper.draw(draw, [1, 2, 3], figsize=(3, 2))
    FrameStepper: 3 frames
    """

    def __init__(
        self,
        frames: Iterable[bytes],
        *,
        captions: Sequence[str] | None = None,
        interval: int = 800,
        start: int = 0,
        still: int = -1,
        alt: str = "",
    ):
        self.frames = _checked_frames(frames)
        self.captions = _checked_captions(captions, len(self.frames))
        if isinstance(interval, bool) or not isinstance(interval, Integral) or interval < 1:
            raise ValueError(f"interval must be a whole number of ms from 1, got {interval!r}")
        self.interval, self.alt = int(interval), alt
        self.start = _checked_position("start", start, len(self.frames))
        self.still = _checked_position("still", still, len(self.frames))
        self._place: OutputPlace | None = None

    @classmethod
    def draw(
        cls,
        draw: Callable[[Figure, Any], str | None],
        frames: int | Iterable,
        *,
        figsize: tuple[float, float] | None = None,
        dpi: float | None = None,
        captions: Sequence[str] | None = None,
        **options,
    ) -> FrameStepper:
        """Make the frames with a drawing function.

        In a notebook the place of the stepper says meanwhile which frame is being drawn.

        Parameters
        ----------
        draw : callable
            ``draw(fig, frame)`` draws on an empty `matplotlib.figure.Figure`, usually
            beginning with ``ax = fig.subplots()``. If it returns a string, that is the
            frame's caption.
        frames : int or iterable
            What `draw` is called with, one after another; a number n stands for
            ``range(n)``.
        figsize : tuple of float, optional
            Width and height in inches, as in `matplotlib.pyplot.figure`.
        dpi : float, optional
            Pixels per inch.
        captions : sequence of str, optional
            Instead of what `draw` returns.
        **options
            Further arguments of `FrameStepper`.

        Returns
        -------
        FrameStepper

        Raises
        ------
        TypeError
            If `draw` is not callable, or `frames` neither a number nor iterable.
        ValueError
            If `draw` leaves its figure empty, or as `FrameStepper` does.

        Notes
        -----
        The layout engine arranges the first frame; the axes of the later frames are put in
        the same places, so that nothing jumps. Give axes fixed limits for the same reason.
        """
        if not callable(draw):
            raise TypeError(f"draw must be a function draw(fig, frame), got {draw!r}")
        if isinstance(frames, Integral):
            frames = range(frames)
        if not isinstance(frames, Iterable):
            raise TypeError(f"frames must be a number or an iterable, got {frames!r}")
        frames = list(frames)
        place = OutputPlace(_summary(len(frames))) if frames and in_a_notebook() else None
        drawn = _draw_frames(draw, frames, figsize, dpi)
        if place:
            drawn = _report_progress(drawn, len(frames), place)
        drawn = list(drawn)
        returned = [caption for _, caption in drawn]
        if captions is None and any(isinstance(caption, str) for caption in returned):
            captions = [caption or "" for caption in returned]
        stepper = cls([picture for picture, _ in drawn], captions=captions, **options)
        stepper._place = place
        return stepper

    def _describe(self, i):
        """Say in words what a frame shows."""
        beginning = f"{self.alt}, step" if self.alt else "Step"
        caption = f": {self.captions[i]}" if self.captions[i] else ""
        return f"{beginning} {i + 1} of {len(self.frames)}{caption}"

    def _repr_html_(self):
        """Write the stepper as HTML: a still picture, and a script that adds the controls."""
        steps = [
            {
                "src": f"data:image/png;base64,{base64_text(frame)}",
                "alt": self._describe(i),
                "text": caption,
            }
            for i, (frame, caption) in enumerate(zip(self.frames, self.captions, strict=True))
        ]
        data = json.dumps({"steps": steps, "start": self.start, "interval": self.interval})
        data = data.replace("<", "\\u003c")  # inside a script nothing may look like a tag
        still = image_tag(self.frames[self.still], self._describe(self.still))
        caption = html.escape(self.captions[self.still])
        return (
            '<div><figure class="tuneup-stepper" style="margin: 0; line-height: 1.4">'
            f'{still}<figcaption style="padding: 2px 4px">{caption}</figcaption></figure>'
            f"<script>{{\n{_script()}\n"
            'addControls(document.currentScript.parentElement.querySelector(".tuneup-stepper"), '
            f"{data});\n}}</script></div>"
        )

    def __repr__(self):
        return _summary(len(self.frames))

    def _repr_mimebundle_(self, include=None, exclude=None):
        still = self.frames[self.still]
        live = {"text/html": self._repr_html_()}
        return still_bundle(repr(self), still, self._describe(self.still), live)

    def _ipython_display_(self):
        if not in_a_notebook():
            raise NotImplementedError  # IPython then asks for the forms above
        if self._place is None or not self._place.open:
            self._place = OutputPlace(repr(self))
        self._place.become(*self._repr_mimebundle_())
        self._place = None  # shown a second time it needs a second place


def _summary(count):
    return f"FrameStepper: {count} frames"


@cache
def _script():
    return Path(__file__).with_name("stepper.js").read_text(encoding="utf-8").strip()


def _draw_frames(draw, frames, figsize, dpi) -> Iterator[tuple[bytes, str | None]]:
    """Draw one frame after another, all with axes in the places of the first."""
    places = []
    for frame in frames:
        figure = new_figure(figsize, dpi)
        caption = draw(figure, frame)
        if not figure.axes:
            raise ValueError(
                "draw left its figure empty: draw on fig, for instance on "
                "ax = fig.subplots(), and not with plt"
            )
        if places and len(places) == len(figure.axes):
            figure.set_layout_engine("none")
            for ax, place in zip(figure.axes, places, strict=True):
                ax.set_position(place)
        figure.canvas.draw()
        yield save_png(figure.canvas), caption
        places = places or [ax.get_position() for ax in figure.axes]


def _report_progress(drawn, count, place):
    """Pass on frames that are being drawn, and say in their place which one is next."""
    for number in range(1, count + 1):
        place.say(f"Drawing frame {number} of {count} …")
        try:
            yield next(drawn)
        except BaseException:
            place.say(f"Frame {number} of {count} could not be drawn.")
            raise
    place.rest()


def _checked_position(argument, index, count):
    if not isinstance(index, Integral) or not -count <= index < count:
        raise ValueError(
            f"{argument} must be a whole number from {-count} to {count - 1} "
            f"(there are {count} frames), got {index!r}"
        )
    return int(index) % count


def _checked_frames(frames):
    frames = list(frames)
    if not frames:
        raise ValueError("frames is empty: give at least one picture")
    for i, frame in enumerate(frames):
        if not isinstance(frame, bytes):
            raise TypeError(
                f"frames must be PNG pictures as bytes, but frames[{i}] is a "
                f"{type(frame).__name__}; FrameStepper.draw makes them from a drawing function"
            )
        if not frame.startswith(b"\x89PNG\r\n\x1a\n"):
            raise ValueError(f"frames[{i}] is not a PNG picture")
    sizes = sorted({png_size(frame) for frame in frames})
    if len(sizes) > 1:
        raise ValueError(
            f"all frames must have the same size, got {sizes} pixels; "
            'do not save them with bbox_inches="tight"'
        )
    return frames


def _checked_captions(captions, count):
    if captions is None:
        return [""] * count
    if isinstance(captions, str):
        raise TypeError(
            f"captions must be a sequence with one line for each frame, not {captions!r}"
        )
    captions = [str(caption) for caption in captions]
    if len(captions) != count:
        raise ValueError(
            f"captions must have one line for each of {count} frames, got {len(captions)}"
        )
    return captions
