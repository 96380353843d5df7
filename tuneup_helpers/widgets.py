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
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from tuneup_helpers.plots import best_so_far, plot_landscape

if TYPE_CHECKING:
    import optuna

    from tuneup_helpers.replay import Table

__all__ = ["FrameStepper", "HandTuner", "tune_by_hand"]


# Pictures


def _png(canvas: FigureCanvasAgg) -> bytes:
    """Save what was drawn as a PNG with 256 colours, a third of the usual size."""
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    buffer = io.BytesIO()
    picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        buffer, "PNG", optimize=True
    )
    return buffer.getvalue()


def _figure(figsize=None, dpi=None) -> Figure:
    """Make a figure that pyplot does not know of, so that nothing shows it a second time."""
    fig = Figure(figsize=figsize, dpi=dpi)
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
        total = widgets.HTML(f"of {len(frames)}")
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
        if isinstance(frames, int):
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
        if not isinstance(index, int) or not -count <= index < count:
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
        if not (callable(table) and hasattr(table, "axes") and hasattr(table, "best")):
            raise TypeError(
                f"table must be a replay table, for instance load_table('svc_digits'), got {table!r}"
            )
        if isinstance(budget, bool) or not isinstance(budget, int) or budget < 1:
            raise ValueError(f"budget must be a whole number from 1, got {budget!r}")
        self.table, self.budget = table, budget
        self.start = {axis.name: _middle(axis) for axis in table.axes} | dict(start or {})
        table(self.start)  # refuses what is not in the table
        self._view = None
        self._begin(f"{budget} trials to go. Choose values, then press Try.")

    def _begin(self, message):
        self._trials, self._ended = [], False
        self._say(message)

    def _say(self, message):
        self.message = message
        if self._view is not None:
            self._view.update()

    @property
    def trials(self) -> list[tuple[dict, float]]:
        """What was tried, in order."""
        return [(dict(params), score) for params, score in self._trials]

    @property
    def remaining(self) -> int:
        """Trials left."""
        return self.budget - len(self._trials)

    @property
    def best(self) -> tuple[dict, float] | None:
        """The best trial so far, the earlier one of equals."""
        return max(self.trials, key=lambda trial: trial[1], default=None)

    @property
    def regret(self) -> float | None:
        """How much the best trial falls short of the table's optimum."""
        return self.table.best.score - self.best[1] if self._trials else None

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
        if self.over:
            raise RuntimeError(
                f"the game is over after {len(self._trials)} of {self.budget} trials: "
                "tune_by_hand(..., restart=True) begins a new one"
            )
        for axis in self.table.axes:
            _check_range(axis, params.get(axis.name))
        score = float(self.table(params))
        params = {axis.name: params[axis.name] for axis in self.table.axes}
        for number, (tried, _) in enumerate(self._trials, start=1):
            if tried == params:
                self._say(f"Trial {number} had these values and scored {score:.3f}. No trial spent.")
                return score
        previous = self.best
        self._trials.append((params, score))
        if self.over:
            self._say(self._result())
        elif previous is None or score > previous[1]:
            self._say(f"Score {score:.3f}: your best so far. {_trials(self.remaining)} to go.")
        else:
            self._say(
                f"Score {score:.3f}: not above your best, {previous[1]:.3f}. "
                f"{_trials(self.remaining)} to go."
            )
        return score

    def reveal(self) -> None:
        """End the game and show the landscape."""
        self._ended = True
        self._say(self._result())

    def restart(self) -> None:
        """Forget all trials and begin a new game."""
        gone = f" (the {_trials(len(self._trials))} before are gone)" if self._trials else ""
        self._begin(f"A new game{gone}: {_trials(self.budget)} to go.")

    def to_study(self) -> optuna.Study:
        """Return the trials as an Optuna study.

        Raises
        ------
        ValueError
            If there is no trial yet.
        """
        from tuneup_helpers.studies import to_study

        if not self._trials:
            raise ValueError("there is no trial yet: press Try, or call try_, first")
        return to_study(self.trials, direction="maximize", space=self.table.search_space)

    def _result(self):
        optimum, score = self.table.best.params, self.table.best.score
        where = ", ".join(f"{name} = {_short(value)}" for name, value in optimum.items())
        top = f"The optimum is {score:.3f} at {where}."
        if not self._trials:
            return f"{top} You made no trial."
        return f"{top} Your best of {_trials(len(self._trials))}: {self.best[1]:.3f}, regret {self.regret:.3f}."

    def _alt(self):
        shown = "the landscape is shown" if self.over else "the landscape is hidden"
        return f"Your {_trials(len(self._trials))} on {self.table.name}; {shown}"

    def __repr__(self):
        return f"HandTuner: {self.table.name}, {_trials(self.budget)}"

    def _repr_mimebundle_(self, **kwargs):
        if self._view is None:
            self._view = _HandTunerView(self)
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
    game = _GAMES.setdefault((table.name, budget), new)
    if restart:
        game.restart()
    elif game is not new and game.trials and not game.over:
        game._say(
            f"Your {_trials(len(game.trials))} are still here, {_trials(game.remaining)} to go. "
            "(restart=True begins a new game.)"
        )
    return game


def _trials(number):
    return f"{number} trial" if number == 1 else f"{number} trials"


def _short(value):
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _check_range(axis, value):
    """Refuse a number outside the range; the table refuses all else that is wrong."""
    if axis.kind != "categorical" and isinstance(value, int | float):
        low, high = axis.values[0], axis.values[-1]
        if not low <= value <= high:
            raise ValueError(f"{axis.name} must be from {low:g} to {high:g}, got {value:g}")


def _middle(axis):
    """Return the middle of an axis on its own scale, or the first category."""
    if axis.kind == "categorical":
        return axis.values[0]
    low, high = axis.values[0], axis.values[-1]
    return _neat(axis, math.sqrt(low * high) if axis.scale == "log" else (low + high) / 2)


def _neat(axis, value):
    """Round to three significant digits (or a whole number) without leaving the range."""
    value = round(value) if axis.kind == "int" else float(f"{value:.3g}")
    return min(max(value, axis.values[0]), axis.values[-1])


class _Control(widgets.HBox):
    """One hyperparameter: a slider and a field to type in, or a menu for categories.

    The field holds the value; the slider follows it where it can.
    """

    def __init__(self, axis, value, changed):
        self.axis, self._changed = axis, changed
        if axis.kind == "categorical":
            self.field = widgets.Dropdown(
                options=axis.values, value=value, description=axis.name, style=_LABEL
            )
            self.slider = None
            parts = [self.field]
        else:
            self.slider = self._make_slider(value)
            self.slider.observe(self._from_slider, "value")
            self.field = widgets.Text(
                str(value),
                continuous_update=False,
                tooltip=f"{axis.name}: type a value",
                layout={"width": "86px"},
            )
            parts = [self.slider, self.field]
        self._following = False
        self.field.observe(self._from_field, "value")
        super().__init__(parts)

    def _make_slider(self, value):
        low, high = self.axis.values[0], self.axis.values[-1]
        look = {
            "value": value,
            "description": self.axis.name,
            "readout": False,
            "style": _LABEL,
            "layout": {"width": "270px"},
        }
        if self.axis.scale == "log":
            low, high = math.log10(low), math.log10(high)
            return widgets.FloatLogSlider(min=low, max=high, step=(high - low) / 100, **look)
        step = 1 if self.axis.kind == "int" else (high - low) / 100
        return widgets.FloatSlider(min=low, max=high, step=step, **look)

    def _from_slider(self, change):
        if not self._following:
            self.field.value = str(_neat(self.axis, change.new))

    def _from_field(self, change):
        try:
            value = self.value
        except ValueError:
            return  # said when Try is pressed
        if self.slider is not None and str(_neat(self.axis, self.slider.value)) != change.new:
            self._following = True
            self.slider.value = value
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
            raise ValueError(
                f"{self.axis.name} must be a number such as 0.01 or 1e-2, got {text!r}"
            ) from None
        whole = self.axis.kind == "int" and number.is_integer()
        return int(number) if whole else number


_LABEL = {"description_width": "96px"}


class _HandTunerView(widgets.VBox):
    """The controls, the log and the picture of one `HandTuner`."""

    def __init__(self, game: HandTuner):
        self.game = game
        self.controls = [
            _Control(axis, game.start[axis.name], self._move_cursor) for axis in game.table.axes
        ]
        self.try_button = widgets.Button(description="Try", button_style="primary", icon="check")
        self.end_button = widgets.Button(description="End and reveal", icon="map-o")
        self.try_button.on_click(self._try)
        self.end_button.on_click(self._end)
        self.status, self.history, self.picture = widgets.HTML(), widgets.HTML(), widgets.HTML()
        buttons = widgets.HBox([self.try_button, self.end_button])
        left = widgets.VBox(
            [*self.controls, buttons, self.status, self.history],
            layout={"width": "372px", "flex": "0 0 auto"},
        )
        right = widgets.Box([self.picture], layout={"flex": "1 1 420px", "min_width": "300px"})
        board = widgets.HBox([left, right], layout={"flex_flow": "wrap", "grid_gap": "12px"})
        super().__init__([board])
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
        fig = _figure((6.4, 4.4))
        self._cursor = _draw_game(game, fig)
        fig.canvas.draw()
        self._canvas, self._background = fig.canvas, fig.canvas.copy_from_bbox(fig.bbox)
        self._move_cursor()

    def _move_cursor(self):
        """Show where the next trial would be, without drawing the rest again."""
        if self._cursor is not None:
            self._canvas.restore_region(self._background)
            try:
                point = [[control.value] for control in self.controls]
            except ValueError:
                point = [[], []]  # what was typed is no number: nowhere
            self._cursor.set_data(point)
            self._cursor.axes.draw_artist(self._cursor)
        self.png = _png(self._canvas)
        self.picture.value = _img(self.png, self.game._alt())


def _log_table(game):
    """Write the trials as an HTML table."""
    if not game.trials:
        return ""
    names = [axis.name for axis in game.table.axes]
    head = "".join(
        f'<th scope="col" style="{_CELL}">{html.escape(name)}</th>'
        for name in ["trial", *names, "score", "best"]
    )
    rows = []
    best = best_so_far([score for _, score in game.trials])
    first_best = next(i for i, (_, score) in enumerate(game.trials) if score == best[-1])
    for i, (params, score) in enumerate(game.trials):
        cells = [str(i + 1), *(_short(params[name]) for name in names)]
        cells += [f"{score:.3f}" + (" ★" if i == first_best else ""), f"{best[i]:.3f}"]
        weight = "font-weight: bold" if i == first_best else ""
        row = "".join(f'<td style="{_CELL}; {weight}">{html.escape(cell)}</td>' for cell in cells)
        rows.append(f"<tr>{row}</tr>")
    return (
        '<table style="border-collapse: collapse; font-size: 12px; line-height: 1.3">'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


_CELL = "text-align: right; padding: 1px 8px; white-space: nowrap"


def _draw_game(game, fig):
    """Draw the trials; return the line that marks the next one, if there is one."""
    axes = game.table.axes
    if len(axes) == 2 and all(axis.kind != "categorical" for axis in axes):
        return _draw_plane(game, fig)
    return _draw_scores(game, fig)


def _draw_plane(game, fig):
    """Draw trials on the plane of two hyperparameters, on the landscape if the game is over."""
    ax, (x, y) = fig.subplots(), game.table.axes
    if game.over:
        _draw_landscape(game.table, ax)
        ax.set_title(_headline(game))
    else:
        for axis, letter in ((x, "x"), (y, "y")):
            suffix = " (log scale)" if axis.scale == "log" else ""
            ax.set(**{f"{letter}scale": axis.scale, f"{letter}label": axis.name + suffix})
            ax.set(**{f"{letter}lim": (axis.values[0], axis.values[-1])})
        ax.set_title(f"{_trials(game.remaining)} to go")
    if game.trials:
        _draw_trials(game, ax)
    if game.over:
        return None
    look = {"ms": 15, "mew": 2.5, "color": "#D55E00", "zorder": 6, "clip_on": False}
    cursor = ax.plot([], [], "+", **look)[0]
    cursor.set_in_layout(False)
    return cursor


def _draw_landscape(table, ax):
    """Draw the upper half of a landscape, where the differences are, and its optimum."""
    plot_landscape(table, ax=ax, vmin=float(np.median(table.grid())), mark_best=False)
    at = [table.best.params[axis.name] for axis in table.axes]
    ax.plot(*at, "*", color="white", mec="black", ms=20, zorder=6, clip_on=False)
    ax.annotate(
        f"optimum {table.best.score:.3f}",
        at,
        xytext=(0, 13),
        textcoords="offset points",
        ha="center",
        zorder=6,
        bbox={"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none"},
    )


def _draw_trials(game, ax):
    """Draw numbered trials and their path, coloured by score as long as there is no landscape."""
    scores = [score for _, score in game.trials]
    xs, ys = ([params[axis.name] for params, _ in game.trials] for axis in game.table.axes)
    ax.plot(xs, ys, color="black" if game.over else "0.75", linewidth=1, zorder=3)
    colors = {"color": "white"} if game.over else {"c": scores}
    dots = ax.scatter(xs, ys, s=210, edgecolors="black", zorder=4, clip_on=False, **colors)
    dots.set_in_layout(False)
    for i, (at_x, at_y, score) in enumerate(zip(xs, ys, scores, strict=True)):
        dark = not game.over and np.dot(dots.to_rgba(score)[:3], [0.3, 0.59, 0.11]) < 0.5
        color = "white" if dark else "black"
        ax.text(at_x, at_y, i + 1, ha="center", va="center", zorder=5, size=9, color=color)
    if not game.over and len(set(scores)) > 1:
        ax.figure.colorbar(dots, ax=ax, label="validation score")


def _draw_scores(game, fig):
    """Draw the score of each trial and the best so far."""
    ax = fig.subplots()
    scores = [score for _, score in game.trials]
    numbers = np.arange(1, len(scores) + 1)
    if scores:
        ax.plot(numbers, scores, "o", color="0.55")
        ax.step(numbers, best_so_far(scores), where="post", color="#0072B2")
        ax.annotate(
            "best so far",
            (numbers[-1], max(scores)),
            xytext=(6, 4),
            color="#0072B2",
            textcoords="offset points",
        )
    if game.over:
        ax.axhline(game.table.best.score, color="#D55E00", ls="--")
        ax.annotate(
            "optimum",
            (0.5, game.table.best.score),
            xytext=(3, -12),
            color="#D55E00",
            textcoords="offset points",
        )
    ax.set(xlim=(0.5, game.budget + 0.5), xlabel="trial", ylabel="validation score")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set_title(_headline(game) if game.over else f"{_trials(game.remaining)} to go")
    return None


def _headline(game):
    if not game.trials:
        return "The landscape"
    return f"Your best of {_trials(len(game.trials))} is {game.regret:.3f} below the optimum"
