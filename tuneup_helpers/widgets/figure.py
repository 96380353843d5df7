"""What is drawn on the board of "tune by hand", and where things are on it."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.text import Text

from tuneup_helpers.plots import best_so_far, plot_landscape
from tuneup_helpers.replay import Table
from tuneup_helpers.widgets.game import count_trials

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from tuneup_helpers.widgets.game import HandTuner

__all__ = ["ORANGE", "draw_game", "is_plane", "label_offsets", "place_of", "point_at"]

BLUE, ORANGE = "#0072B2", "#D55E00"


def is_plane(table: Table) -> bool:
    """Tell whether a table can be drawn as a map: two numbers, no categories."""
    return len(table.axes) == 2 and all(axis.kind != "categorical" for axis in table.axes)


def draw_game(game: HandTuner, fig: Figure) -> None:
    """Draw the state of a game; all stays in its place from one state to the next."""
    fig.set_layout_engine("none")
    if is_plane(game.table):
        ax, bar = fig.add_axes((0.14, 0.13, 0.63, 0.78)), fig.add_axes((0.80, 0.13, 0.03, 0.78))
        _draw_plane(game, ax, bar)
    else:
        ax = fig.add_axes((0.14, 0.13, 0.65, 0.78))
        _draw_scores(game, ax)
    if not game.over:
        ax.set_title(f"{count_trials(game.remaining)} to go")
    elif game.trials:
        best, regret = f"Your best of {count_trials(len(game.trials))}", game.regret
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
        look = {"transform": ax.transAxes, "ha": "center", "color": "0.4", "fontsize": 10}
        ax.text(0.5, 0.05, "hidden map: click to choose a point", **look)
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
    """Mark the optimum, and write its score and that of the best trial where there is room."""
    params, score, _ = game.table.best
    optimum = tuple(params.values())
    ax.plot(*optimum, "*", color="white", mec="black", ms=20, zorder=99, clip_on=False)
    labels = [(f"optimum {score:.3f}", optimum)]
    if game.trials:
        params, score = game.best
        labels.append((f"yours {score:.3f}", tuple(params.values())))
    look = {"textcoords": "offset pixels", "ha": "center", "va": "center", "zorder": 100}
    look["bbox"] = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none"}
    look["arrowprops"] = {"arrowstyle": "-", "color": "white", "shrinkA": 0, "shrinkB": 8}
    written = [ax.annotate(text, point, xytext=(0, 0), **look) for text, point in labels]
    for text in written:
        text.arrow_patch.set_zorder(98)
    # Of the words alone: what an annotation itself tells includes its line.
    padding = 4 * ax.figure.dpi / 72
    sizes = [Text.get_window_extent(text).padded(padding).size for text in written]
    marks = [optimum, *(tuple(params.values()) for params, _ in game.trials)]
    offsets = label_offsets(
        ax.transData.transform([point for _, point in labels]),
        sizes,
        ax.transData.transform(marks),
        11 * ax.figure.dpi / 72,
        ax.bbox.extents,
    )
    for text, offset in zip(written, offsets, strict=True):
        text.set_position(offset)


def label_offsets(points, sizes, marks, radius, bounds) -> list[tuple[float, float]]:
    """Find places for one or two labels that hide neither each other nor what they speak of.

    All places around the points are compared by the area that would be hidden; the nearest
    of equals is taken.

    Parameters
    ----------
    points : array of float of shape (n, 2)
        What each label belongs to, in pixels.
    sizes : sequence of tuple of float
        Width and height of each label, in pixels.
    marks : array of float of shape (m, 2)
        What should not be hidden, in pixels.
    radius : float
        How large the marks are, in pixels.
    bounds : tuple of float
        Left, bottom, right and top of where labels may be.

    Returns
    -------
    list of tuple of float
        From each point to the middle of its label.

    Examples
    --------
    >>> label_offsets([(50, 50)], [(40, 10)], [(50, 50)], 5, (0, 0, 100, 100))
    [(0.0, 11.0)]
    """
    circles = [(x - radius, y - radius, x + radius, y + radius) for x, y in np.asarray(marks)]

    def offsets(size):
        for distance in (1, 2.5, 4, 6):
            across, up = size[0] / 2 + distance * radius, size[1] / 2 + distance * radius
            ways = [(0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1)]
            yield from ((a * across, b * (up + 1)) for a, b in ways)

    def box(point, size, offset):
        x, y = point[0] + offset[0], point[1] + offset[1]
        return x - size[0] / 2, y - size[1] / 2, x + size[0] / 2, y + size[1] / 2

    def hidden(choice):
        boxes = [box(*label) for label in zip(points, sizes, choice, strict=True)]
        area = sum(_common_area(a, b) for a in boxes for b in circles)
        area += sum(10 * _common_area(a, b) for a, b in combinations(boxes, 2))
        whole = sum(width * height for width, height in sizes)
        outside = whole - sum(_common_area(a, bounds) for a in boxes)
        return area + 10 * outside, sum(np.hypot(*offset) for offset in choice)

    best = min(product(*map(offsets, sizes)), key=lambda choice: tuple(np.round(hidden(choice), 3)))
    return [(float(x), float(y)) for x, y in best]


def _common_area(a, b):
    """Return the area that two boxes (left, bottom, right, top) have in common."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return max(width, 0) * max(height, 0)


def _draw_scores(game, ax):
    """Draw the score of each trial and the best so far; the lines are named on their right."""
    scores = [score for _, score in game.trials]
    numbers = np.arange(1, len(scores) + 1)
    end, names = game.budget + 0.5, []
    if scores:
        ax.plot(numbers, scores, "o", color="0.55")
        ax.step(numbers, best_so_far(scores), where="post", color=BLUE)
        ax.hlines(max(scores), numbers[-1], end, color=BLUE, alpha=0.4)
        names.append(("best so far", max(scores), BLUE))
    if game.over:
        optimum = game.table.best.score
        ax.axhline(optimum, color=ORANGE, linestyle="--")
        names.append(("optimum", optimum, ORANGE))
    label = f"validation {game.table.info.get('metric', 'score')}"
    ax.set(xlim=(0.5, end), xlabel="trial", ylabel=label)
    ax.xaxis.get_major_locator().set_params(integer=True)
    heights = [ax.transData.transform((1, height))[1] for _, height, _ in names]
    gap = 14 * ax.figure.dpi / 72  # a line of text
    if len(heights) == 2 and heights[1] - heights[0] < gap:
        middle = sum(heights) / 2
        heights = [middle - gap / 2, middle + gap / 2]
    for (name, _, color), height in zip(names, heights, strict=True):
        up = ax.transAxes.inverted().transform((0, height))[1]
        ax.text(1.02, up, name, color=color, va="center", transform=ax.transAxes)


def place_of(ax: Axes, point: tuple[float, float]) -> tuple[float, float] | None:
    """Return where a point lies in the picture of a figure, in pixels from its left and top.

    Parameters
    ----------
    ax : Axes
        The axes in whose units `point` is; the figure has been drawn.
    point : tuple of float
        The two values.

    Returns
    -------
    tuple of float or None
        None if the point is outside the axes.
    """
    across, up = ax.transData.transform(point)
    if not ax.bbox.padded(1).contains(across, up):
        return None
    return float(across), float(ax.figure.canvas.get_width_height()[1] - up)


def point_at(ax: Axes, across: float, down: float) -> tuple[float, float] | None:
    """Return the point of the axes that lies at a place of the picture.

    Parameters
    ----------
    ax : Axes
        The axes in whose units the answer is; the figure has been drawn.
    across, down : float
        The place, as shares of the picture's width and height from its left and top.

    Returns
    -------
    tuple of float or None
        None if the place is outside the axes.
    """
    width, height = ax.figure.canvas.get_width_height()
    place = across * width, (1 - down) * height
    if not ax.bbox.padded(2).contains(*place):
        return None
    return tuple(map(float, ax.transData.inverted().transform(place)))
