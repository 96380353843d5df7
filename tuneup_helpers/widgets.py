"""Two things to play with in a notebook: step through pictures, tune by hand.

`FrameStepper` shows prepared pictures one at a time. `tune_by_hand` is a game: find good
hyperparameters in a replay table with a few trials. Both store a still picture in the
notebook, so that a reader without a running kernel sees something too.
"""

from __future__ import annotations

import base64
import html
import io
import math
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from PIL import Image

from tuneup_helpers.plots import best_so_far, plot_landscape
from tuneup_helpers.replay import Table

if TYPE_CHECKING:
    import optuna

__all__ = ["FrameStepper", "HandTuner", "tune_by_hand"]


# Pictures

_ORANGE = "#D55E00"


def _png(canvas: FigureCanvasAgg) -> bytes:
    """Save what was drawn as a PNG with 256 colours, a third of the usual size."""
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    buffer = io.BytesIO()
    picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        buffer, "PNG", optimize=True
    )
    return buffer.getvalue()


def _figure(figsize=None, dpi=None, layout=None) -> Figure:
    """Make a figure that pyplot does not know of, so that nothing shows it a second time."""
    fig = Figure(figsize=figsize, dpi=dpi, layout=layout)
    FigureCanvasAgg(fig)
    return fig


def _size(png: bytes) -> tuple[int, int]:
    """Read width and height from the header of a PNG."""
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


def _img(png: bytes, alt: str) -> str:
    """Write a picture into HTML; its place is kept while the browser decodes it."""
    width, height = _size(png)
    return (
        f'<img src="data:image/png;base64,{base64.b64encode(png).decode()}" '
        f'alt="{html.escape(alt)}" width="{width}" height="{height}" decoding="sync" '
        'style="max-width: 100%; height: auto; background: white; border-radius: 4px">'
    )


def _bundle(view: widgets.Widget, text: str, png: bytes, alt: str, **kwargs):
    """Offer one output in three forms: live widget, still picture, one line of text."""
    data = dict(widgets.Widget._repr_mimebundle_(view, **kwargs) or {})
    data |= {"text/plain": text, "image/png": base64.b64encode(png).decode()}
    return data, {"image/png": {"alt": alt}}


# Step through pictures


class FrameStepper(widgets.VBox):
    """Step through prepared pictures with a slider or a Play button.

    The frames change in the browser, without the kernel. Where no widget can be shown, for
    instance in a stored notebook, there is a still picture.

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
        The frame that stands for all where no widget can be shown.
    alt : str, default ""
        What the pictures show, in a few words, for readers who cannot see them.

    Raises
    ------
    TypeError
        If a frame is not bytes.
    ValueError
        If there is no frame, a frame is not a PNG, sizes differ, the number of captions
        differs from the number of frames, or a frame asked for does not exist.

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
        frames = _checked_frames(frames)
        captions = _checked_captions(captions, len(frames))
        self.frames, self.captions, self.alt = frames, captions, alt
        self._still = self._position("still", still)
        pages = [widgets.HTML(self._page(i)) for i in range(len(frames))]
        # People count frames from 1, a Stack its pages from 0: page 0 is never shown.
        self.stack = widgets.Stack([pages[0], *pages])
        count = {"min": 1, "max": len(frames), "value": self._position("start", start) + 1}
        self.play = widgets.Play(
            **count, interval=interval, show_repeat=False, tooltip="Play the steps, or stop"
        )
        self.slider = widgets.IntSlider(
            **count,
            description="Step",
            style={"description_width": "auto"},
            layout={"width": "min(340px, 60%)"},
        )
        self.stack.selected_index = self.slider.value
        widgets.jslink((self.play, "value"), (self.slider, "value"))
        widgets.jslink((self.slider, "value"), (self.stack, "selected_index"))
        # The slider's own number stands in the middle of a wide field.
        total = widgets.HTML(f"of {len(frames)}", layout={"margin": "2px 0 2px -20px"})
        controls = widgets.HBox(
            [self.play, self.slider, total], layout={"align_items": "center", "flex_flow": "wrap"}
        )
        super().__init__([controls, self.stack])

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
        pictures, said, places = [], [], None
        for frame in frames:
            fig = _figure(figsize, dpi)
            said.append(draw(fig, frame))
            if not fig.axes:
                raise ValueError(
                    "draw left its figure empty: draw on fig, for instance on "
                    "ax = fig.subplots(), and not with plt"
                )
            if places and len(places) == len(fig.axes):
                fig.set_layout_engine("none")
                for ax, place in zip(fig.axes, places, strict=True):
                    ax.set_position(place)
            fig.canvas.draw()
            pictures.append(_png(fig.canvas))
            places = places or [ax.get_position() for ax in fig.axes]
        if captions is None and any(isinstance(caption, str) for caption in said):
            captions = [caption or "" for caption in said]
        return cls(pictures, captions=captions, **options)

    def _position(self, argument, index):
        count = len(self.frames)
        if not isinstance(index, Integral) or not -count <= index < count:
            raise ValueError(
                f"{argument} must be a whole number from {-count} to {count - 1} "
                f"(there are {count} frames), got {index!r}"
            )
        return index % count

    def _alt(self, i):
        start = f"{self.alt}, step" if self.alt else "Step"
        caption = f": {self.captions[i]}" if self.captions[i] else ""
        return f"{start} {i + 1} of {len(self.frames)}{caption}"

    def _page(self, i):
        caption = html.escape(self.captions[i])
        note = f'<figcaption style="padding: 2px 4px">{caption}</figcaption>' if caption else ""
        picture = _img(self.frames[i], self._alt(i))
        return f'<figure style="margin: 0; line-height: 1.4">{picture}{note}</figure>'

    def __repr__(self):
        return f"FrameStepper: {len(self.frames)} frames"

    def _repr_mimebundle_(self, **kwargs):
        i = self._still
        return _bundle(self, repr(self), self.frames[i], self._alt(i), **kwargs)


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
    sizes = sorted({_size(frame) for frame in frames})
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


# Tune by hand


class HandTuner:
    """A game: find good hyperparameters in a table with a limited number of trials.

    Made by `tune_by_hand`. As the last line of a cell it shows sliders and a button; it can
    also be played from code with `try_`.

    Parameters
    ----------
    table : Table
        The objective; higher is better.
    budget : int, default 12
        Number of trials.
    start : mapping of str to value, optional
        Where the sliders stand at first; the middle of each range by default.

    Attributes
    ----------
    trials : list of tuple (params, score)
        What was tried, in order.
    remaining : int
        Trials left.
    best : tuple (params, score) or None
        The best trial so far.
    regret : float or None
        How much the best trial falls short of the table's optimum.
    over : bool
        Whether the landscape is shown, and no more trials are taken.
    message : str
        What happened last.

    Raises
    ------
    TypeError
        If `table` is not a table.
    ValueError
        If `budget` is not a whole number from 1, or `start` is not in the table.

    Examples
    --------
    >>> from tuneup_helpers import load_table
    >>> game = HandTuner(load_table("svc_digits"), budget=2)
    >>> game.try_(C=1.0, gamma=0.1) == game.best[1]
    True
    >>> game.remaining
    1
    """

    def __init__(self, table: Table, budget: int = 12, start: Mapping[str, Any] | None = None):
        if not isinstance(table, Table):
            raise TypeError(
                f"table must be a replay table, for instance load_table('svc_digits'), got {table!r}"
            )
        if isinstance(budget, bool) or not isinstance(budget, Integral) or budget < 1:
            raise ValueError(f"budget must be a whole number from 1, got {budget!r}")
        self.table, self.budget = table, budget
        self.start = {axis.name: _middle(axis) for axis in table.axes} | dict(start or {})
        for axis in table.axes:
            _check_range(axis, self.start[axis.name])
        table(self.start)  # refuses what is not in the table
        self._view = None
        # JupyterLab may run what a button does beside the cell that is running.
        self._lock = threading.RLock()
        self._begin(f"{_trials(budget)} to go. Choose values, then press Try.")

    def _begin(self, message):
        self._tried, self._ended = [], False
        self._say(message)

    def _say(self, message):
        self.message = message
        if self._view is not None:
            self._view.update()

    @property
    def trials(self) -> list[tuple[dict, float]]:
        """What was tried, in order."""
        return [(dict(params), score) for params, score in self._tried]

    @property
    def remaining(self) -> int:
        """Trials left."""
        return self.budget - len(self._tried)

    @property
    def best(self) -> tuple[dict, float] | None:
        """The best trial so far, the earlier one of equals."""
        return max(self.trials, key=lambda trial: trial[1], default=None)

    @property
    def regret(self) -> float | None:
        """How much the best trial falls short of the table's optimum."""
        return self.table.best.score - self.best[1] if self._tried else None

    @property
    def over(self) -> bool:
        """Whether the landscape is shown, and no more trials are taken."""
        return self._ended or self.remaining == 0

    def try_(self, **params) -> float:
        """Spend one trial.

        Parameters
        ----------
        **params
            One value for each hyperparameter of the table.

        Returns
        -------
        float
            The score. Values that were tried before cost nothing.

        Raises
        ------
        ValueError
            If a name is unknown or missing, or a value outside its range. No trial is
            spent.
        RuntimeError
            If the game is over.
        """
        with self._lock:
            if self.over:
                raise RuntimeError(
                    f"the game is over after {len(self._tried)} of {_trials(self.budget)}: "
                    "tune_by_hand(..., restart=True) begins a new one"
                )
            for axis in self.table.axes:
                _check_range(axis, params.get(axis.name))
            score = float(self.table(params))
            params = {axis.name: params[axis.name] for axis in self.table.axes}
            best = self.best
            for number, (tried, _) in enumerate(self._tried, start=1):
                if tried == params:
                    self._say(
                        f"Trial {number} had these values and scored {score:.3f}: no trial spent."
                    )
                    return score
            self._tried.append((params, score))
            if self.over:
                self._say(self._result())
            elif best is None or score > best[1]:
                self._say(f"{score:.3f}: your best so far. {_trials(self.remaining)} to go.")
            else:
                self._say(
                    f"{score:.3f}: not above your best, {best[1]:.3f}. "
                    f"{_trials(self.remaining)} to go."
                )
            return score

    def reveal(self) -> None:
        """End the game and show the landscape."""
        with self._lock:
            self._ended = True
            self._say(self._result())

    def restart(self) -> None:
        """Forget all trials and begin a new game."""
        with self._lock:
            gone = f" Forgotten: {_trials(len(self._tried))}." if self._tried else ""
            self._begin(f"A new game: {_trials(self.budget)} to go.{gone}")

    def to_study(self) -> optuna.Study:
        """Return the trials as an Optuna study.

        Returns
        -------
        optuna.Study

        Raises
        ------
        ValueError
            If there is no trial yet.
        """
        from tuneup_helpers.studies import to_study

        if not self._tried:
            raise ValueError("there is no trial yet: press Try, or call try_, first")
        return to_study(self.trials, direction="maximize", space=self.table.search_space)

    def _result(self):
        params, score, _ = self.table.best
        optimum = f"The optimum is {score:.3f} at {_listed(params)}."
        if not self._tried:
            return f"{optimum} You made no trial."
        best = f"Your best of {_trials(len(self._tried))}: {self.best[1]:.3f}"
        return f"{best}, regret {self.regret:.3f}. {optimum}"

    def _alt(self):
        shown = "the landscape is shown" if self.over else "the landscape is hidden"
        return f"{_trials(len(self._tried))} on {self.table.name}; {shown}"

    def __repr__(self):
        return f"HandTuner: {self.table.name}, {_trials(self.budget)}"

    def _repr_mimebundle_(self, **kwargs):
        if self._view is None:
            self._view = _Board(self)
        return _bundle(self._view, repr(self), self._view.png, self._alt(), **kwargs)


_GAMES: dict[tuple[str, int], HandTuner] = {}


def tune_by_hand(
    table: Table,
    *,
    budget: int = 12,
    start: Mapping[str, Any] | None = None,
    restart: bool = False,
) -> HandTuner:
    """Play at tuning: choose values, see the score, and in the end the whole landscape.

    The game is remembered as long as the kernel lives: running the cell again goes on with
    the same trials.

    Parameters
    ----------
    table : Table
        The objective; higher is better.
    budget : int, default 12
        Number of trials. Each table and budget has one game.
    start : mapping of str to value, optional
        Where the sliders stand at first; the middle of each range by default.
    restart : bool, default False
        Forget the trials made before and begin a new game.

    Returns
    -------
    HandTuner

    Raises
    ------
    TypeError
        If `table` is not a table.
    ValueError
        If `budget` is not a whole number from 1, or `start` is not in the table.

    Examples
    --------
    >>> from tuneup_helpers import load_table
    >>> game = tune_by_hand(load_table("svc_digits"), budget=3)
    >>> game
    HandTuner: svc_digits, 3 trials
    >>> score = game.try_(C=1.0, gamma=0.1)
    >>> len(tune_by_hand(load_table("svc_digits"), budget=3).trials)
    1
    >>> len(tune_by_hand(load_table("svc_digits"), budget=3, restart=True).trials)
    0
    """
    new = HandTuner(table, budget, start)
    game = _GAMES.get((table.name, budget))
    if game is None or game.table is not table:
        game = _GAMES[table.name, budget] = new
    elif restart:
        game.restart()
    elif game.trials and not game.over:
        game._say(
            f"Kept from before: {_trials(len(game.trials))}. {_trials(game.remaining)} to go. "
            "restart=True begins a new game."
        )
    return game


def _trials(number):
    return f"{number} trial" if number == 1 else f"{number} trials"


def _short(value):
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _listed(params):
    return ", ".join(f"{name} = {_short(value)}" for name, value in params.items())


def _check_range(axis, value):
    """Refuse several values, or one outside the range; the table refuses the rest."""
    if np.ndim(value):
        raise ValueError(f"{axis.name} must be one value, got {value!r}")
    number = axis.kind != "categorical" and isinstance(value, int | float)
    if number and not axis.low <= value <= axis.high:
        raise ValueError(f"{axis.name} must be from {axis.low:g} to {axis.high:g}, got {value:g}")


def _middle(axis):
    """Return the middle of an axis on its own scale, or the first category."""
    if axis.kind == "categorical":
        return axis.values[0]
    log = axis.scale == "log"
    return _neat(axis, math.sqrt(axis.low * axis.high) if log else (axis.low + axis.high) / 2)


def _neat(axis, value):
    """Round to three significant digits (or a whole number) without leaving the range."""
    value = round(value) if axis.kind == "int" else float(f"{value:.3g}")
    return min(max(value, axis.low), axis.high)


def _text(number):
    return str(number).removesuffix(".0")


class _Control(widgets.HBox):
    """One hyperparameter: a slider and a field to type in, or a menu for categories.

    The field holds the value; the slider follows it where it can.
    """

    def __init__(self, axis, value, label_width, changed):
        self.axis, self._changed = axis, changed
        label = {"description": axis.name, "style": {"description_width": label_width}}
        self.slider = None
        if axis.kind == "categorical":
            self.field = widgets.Dropdown(options=axis.values, value=value, **label)
            super().__init__([self.field])
        else:
            self.slider = self._make_slider(value, label)
            self.slider.observe(self._from_slider, "value")
            self.field = widgets.Text(
                _text(value),
                continuous_update=False,
                tooltip=f"{axis.name}: type a value from {axis.low:g} to {axis.high:g}",
                layout={"width": "88px", "flex": "0 0 auto"},
            )
            super().__init__([self.slider, self.field])
        self._following = False
        self.field.observe(self._from_field, "value")

    def _make_slider(self, value, label):
        low, high = self.axis.low, self.axis.high
        look = {"value": value, "readout": False, **label}
        look["layout"] = {"width": "auto", "flex": "1 1 auto"}
        if self.axis.scale == "log":
            low, high = math.log10(low), math.log10(high)
            return widgets.FloatLogSlider(min=low, max=high, step=(high - low) / 100, **look)
        step = 1 if self.axis.kind == "int" else (high - low) / 100
        return widgets.FloatSlider(min=low, max=high, step=step, **look)

    def _from_slider(self, change):
        if not self._following and self._steps_to(change.new) > 0.5 + 1e-6:
            self.field.value = _text(_neat(self.axis, change.new))

    def _steps_to(self, position):
        """Count the slider's steps from what was typed; the browser rounds that to a step."""
        scale = math.log10 if self.axis.scale == "log" else float
        try:
            typed = min(max(self.value, self.axis.low), self.axis.high)
        except ValueError:
            return math.inf
        return abs(scale(typed) - scale(position)) / self.slider.step

    def _from_field(self, change):
        if self.slider is not None:
            self._following = True
            try:
                self.slider.value = self.value
            except ValueError:
                pass  # no number: said when Try is pressed
            finally:
                self._following = False
        self._changed()

    @property
    def value(self):
        """The value entered; what is not a number is refused, the range is the table's matter."""
        if self.slider is None:
            return self.field.value
        text = self.field.value.strip()
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise ValueError(
                f"{self.axis.name} must be a number such as 0.01 or 1e-2, got {text!r}"
            )
        whole = self.axis.kind == "int" and number.is_integer()
        return int(number) if whole else number


class _Board(widgets.HBox):
    """The controls, the log and the picture of one `HandTuner`."""

    def __init__(self, game: HandTuner):
        self.game = game
        width = f"{max(len(axis.name) for axis in game.table.axes) + 1}ch"
        self.controls = [
            _Control(axis, game.start[axis.name], width, self._aim) for axis in game.table.axes
        ]
        self.try_button = widgets.Button(description="Try", button_style="primary", icon="check")
        self.end_button = widgets.Button()
        self.try_button.on_click(self._try)
        self.end_button.on_click(self._end)
        self.status, self.history = widgets.HTML(), widgets.HTML()
        buttons = widgets.HBox([self.try_button, self.end_button])
        left = widgets.VBox(
            [*self.controls, buttons, self.status, self.history],
            layout={"width": "372px", "flex": "0 0 auto"},
        )
        # The mark of the next trial lies over the picture, so that it moves without a redraw.
        self.picture = widgets.HTML(layout={"grid_area": "1 / 1"})
        self.mark = widgets.HTML(layout={"grid_area": "1 / 1"})
        right = widgets.GridBox(
            [self.picture, self.mark], layout={"flex": "1 1 300px", "align_items": "flex-start"}
        )
        super().__init__([left, right], layout={"flex_flow": "wrap", "grid_gap": "12px"})
        self.update()

    def _try(self, _):
        try:
            self.game.try_(**{control.axis.name: control.value for control in self.controls})
        except ValueError as error:
            self.game._say(f"⚠ {error}. No trial spent.")

    def _end(self, _):
        if self.game.over:
            self.game.restart()
        else:
            self.game.reveal()

    def update(self):
        """Show the state of the game."""
        game = self.game
        self.try_button.disabled = game.over
        self.end_button.description = "Play again" if game.over else "End and reveal"
        self.end_button.icon = "refresh" if game.over else "map-o"
        self.status.value = (
            f'<div role="status" style="line-height: 1.4">{html.escape(game.message)}</div>'
        )
        self.history.value = _log_table(game)
        figure = _figure((5.6, 4.2))
        _draw_game(game, figure)
        figure.canvas.draw()
        self.png, self._plane = _png(figure.canvas), figure.axes[0]
        self.picture.value = _img(self.png, game._alt())
        self._aim()

    def _aim(self):
        """Show where the next trial would be."""
        try:
            point = {control.axis.name: control.value for control in self.controls}
        except ValueError:
            point = {}  # what was typed is no number
        # The kernel answers a widget on the thread from which it last sent it something. This
        # keeps all of them on one, so that a click comes after the values set before it.
        for control in self.controls:
            control.field.send_state("tooltip")
        self.try_button.tooltip = f"Try {_listed(point)}"
        self.try_button.send_state("tooltip")
        shown = point and _is_plane(self.game.table) and not self.game.over
        self.mark.value = _cross(self._plane, *point.values()) if shown else ""


def _cross(ax, x, y):
    """Write a cross into HTML that fits over the picture of a figure, at a point of its axes."""
    width, height = ax.figure.canvas.get_width_height()
    at_x, at_y = ax.transData.transform((x, y))
    if not ax.bbox.padded(1).contains(at_x, at_y):
        return ""
    line = f'd="M{at_x - 9:.1f} {height - at_y:.1f}h18m-9 -9v18" fill="none"'
    return (
        f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'style="max-width: 100%; height: auto" aria-hidden="true">'
        f'<path {line} stroke="white" stroke-width="6"/>'
        f'<path {line} stroke="{_ORANGE}" stroke-width="3"/></svg>'
    )


def _log_table(game):
    """Write the trials as an HTML table."""
    if not game.trials:
        return ""
    style = "text-align: right; padding: 1px 5px"
    names = ["trial", *(axis.name for axis in game.table.axes), "score"]
    names = [html.escape(name).replace("_", "_<wbr>") for name in names]  # long ones may break
    head = "".join(f'<th scope="col" style="{style}">{name}</th>' for name in names)
    rows, best = [], game.best
    for number, trial in enumerate(game.trials, start=1):
        params, score = trial
        star, weight = (" ★", "bold") if trial == best else ("", "normal")
        cells = [str(number), *map(_short, params.values()), f"{score:.3f}{star}"]
        row = "".join(f'<td style="{style}">{html.escape(cell)}</td>' for cell in cells)
        rows.append(f'<tr style="font-weight: {weight}; white-space: nowrap">{row}</tr>')
    return (
        '<table style="border-collapse: collapse; line-height: 1.3">'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _is_plane(table):
    return len(table.axes) == 2 and all(axis.kind != "categorical" for axis in table.axes)


def _draw_game(game, fig):
    """Draw the state of a game; all stays in its place from one state to the next."""
    fig.set_layout_engine("none")
    if _is_plane(game.table):
        ax, bar = fig.add_axes((0.14, 0.13, 0.63, 0.78)), fig.add_axes((0.80, 0.13, 0.03, 0.78))
        _draw_plane(game, ax, bar)
    else:
        ax = fig.add_axes((0.14, 0.13, 0.82, 0.78))
        _draw_scores(game, ax)
    if not game.over:
        ax.set_title(f"{_trials(game.remaining)} to go")
    elif game.trials:
        best, regret = f"Your best of {_trials(len(game.trials))}", game.regret
        near = "as good as" if regret < 0.0005 else f"{regret:.3f} below"
        ax.set_title(f"{best} is {near} the optimum")
    else:
        ax.set_title("You made no trial")


def _draw_plane(game, ax, bar):
    """Draw trials on the plane of two hyperparameters; the landscape when the game is over."""
    table = game.table
    scores = np.array([score for _, score in game.trials])
    if game.over:
        # The upper half of the scores: where the differences are.
        floor = float(np.median(table.grid()))
        plot_landscape(table, ax=ax, vmin=floor, mark_best=False, colorbar=False)
        colors, extend = ax.collections[0], "min"
    else:
        for axis, letter in zip(table.axes, "xy", strict=True):
            suffix = " (log scale)" if axis.scale == "log" else ""
            ax.set(**{f"{letter}scale": axis.scale, f"{letter}label": axis.name + suffix})
            ax.set(**{f"{letter}lim": (axis.low, axis.high)})
        colors, extend = ScalarMappable(), "neither"
        colors.set_clim(*(scores.min(), scores.max()) if len(scores) else (0, 1))
    ax.minorticks_off()  # they take most of the time
    if len(set(scores)) > 1 or game.over:
        label = f"validation {table.info.get('metric', 'score')}"
        ax.figure.colorbar(colors, cax=bar, extend=extend, label=label)
    else:
        bar.set_axis_off()
    if not game.trials and not game.over:
        look = {"transform": ax.transAxes, "ha": "center", "color": "0.4"}
        ax.text(0.5, 0.05, "the landscape is hidden for now", **look)
    points = [tuple(params.values()) for params, _ in game.trials]
    ax.plot(*np.reshape(points, (-1, 2)).T, color="black" if game.over else "0.75", linewidth=1)
    for i, (point, score) in enumerate(zip(points, scores, strict=True)):
        fill = (1.0, 1.0, 1.0) if game.over else colors.to_rgba(score)[:3]
        dark = np.dot(fill, [0.3, 0.59, 0.11]) < 0.5
        look = {"ms": 15, "mfc": fill, "mec": "black", "clip_on": False, "zorder": 3 + i}
        ax.plot(*point, "o", **look)
        look = {"ha": "center", "va": "center", "size": 9, "zorder": 3 + i}
        ax.text(*point, i + 1, color="white" if dark else "black", **look)
    if game.over:
        _draw_optimum(game, ax)


def _draw_optimum(game, ax):
    """Mark the optimum and the best trial, both with their scores."""
    look = {"ha": "center", "textcoords": "offset points", "zorder": 100}
    look["bbox"] = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none"}
    params, score, _ = game.table.best
    at = tuple(params.values())
    ax.plot(*at, "*", color="white", mec="black", ms=20, zorder=99, clip_on=False)
    ax.annotate(f"optimum {score:.3f}", at, xytext=(0, 13), **look)
    if game.trials:
        params, score = game.best
        ax.annotate(f"yours {score:.3f}", tuple(params.values()), xytext=(0, -22), **look)


def _draw_scores(game, ax):
    """Draw the score of each trial and the best so far."""
    scores = [score for _, score in game.trials]
    numbers = np.arange(1, len(scores) + 1)
    look = {"textcoords": "offset points"}
    if scores:
        ax.plot(numbers, scores, "o", color="0.55")
        ax.step(numbers, best_so_far(scores), where="post", color="#0072B2")
        at = (numbers[-1], max(scores))
        ax.annotate("best so far", at, xytext=(6, 4), color="#0072B2", **look)
    if game.over:
        optimum = game.table.best.score
        ax.axhline(optimum, color=_ORANGE, linestyle="--")
        ax.annotate("optimum", (0.5, optimum), xytext=(3, -13), color=_ORANGE, **look)
    label = f"validation {game.table.info.get('metric', 'score')}"
    ax.set(xlim=(0.5, game.budget + 0.5), xlabel="trial", ylabel=label)
    ax.xaxis.get_major_locator().set_params(integer=True)
