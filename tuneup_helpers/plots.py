"""Figures that the course needs and no library draws on given axes.

One function computes what is shown, one draws it. Each ``plot_*`` function takes ``ax`` and
returns it, and changes no global style.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tuneup_helpers.replay import Table

if TYPE_CHECKING:
    import optuna
    from matplotlib.axes import Axes

__all__ = [
    "METHOD_COLORS",
    "best_so_far",
    "bootstrap_band",
    "landscape",
    "plot_best_so_far",
    "plot_intervals",
    "plot_landscape",
    "plot_surrogate",
    "plot_trials",
]

#: One colour for a method, the same in every figure (Okabe and Ito's safe colours).
METHOD_COLORS = {
    "default": "#666666",
    "manual": "#000000",
    "grid": "#E69F00",
    "random": "#0072B2",
    "quasi-random": "#56B4E9",
    "GP": "#009E73",
    "TPE": "#D55E00",
    "evolution": "#CC79A7",
    "gradient": "#8C6D31",
    "halving": "#882255",
}


def best_so_far(scores, *, direction: str = "maximize") -> np.ndarray:
    """Return the best score up to each trial.

    Parameters
    ----------
    scores : array-like, shape (n_trials,) or (n_seeds, n_trials)
        Scores in the order of evaluation. NaN (a failed trial) never counts as best.
    direction : {"maximize", "minimize"}, default "maximize"

    Returns
    -------
    ndarray of the same shape
        NaN until the first trial that did not fail.

    Raises
    ------
    ValueError
        If `scores` has no or more than two dimensions, or `direction` is unknown.

    Examples
    --------
    >>> best_so_far([0.5, 0.7, 0.6])
    array([0.5, 0.7, 0.7])
    """
    scores = np.asarray(scores, dtype=float)
    if scores.ndim not in (1, 2):
        raise ValueError(f"scores must have 1 or 2 dimensions, got {scores.ndim}")
    if direction not in ("maximize", "minimize"):
        raise ValueError(f"direction must be 'maximize' or 'minimize', got {direction!r}")
    best = np.fmax if direction == "maximize" else np.fmin
    return best.accumulate(scores, axis=-1)


def bootstrap_band(
    curves, *, level: float = 0.95, n_resamples: int = 1000, rng=0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the mean of curves over seeds, and a bootstrap interval for that mean.

    Parameters
    ----------
    curves : array-like, shape (n_seeds, n_trials)
    level : float, default 0.95
        Coverage of the interval.
    n_resamples : int, default 1000
    rng : int or Generator, default 0
        Seed of the resampling.

    Returns
    -------
    mean, low, high : ndarray, shape (n_trials,)

    Raises
    ------
    ValueError
        If `curves` is not two-dimensional with at least two seeds, or `level` is not
        between 0 and 1.

    Examples
    --------
    >>> mean, low, high = bootstrap_band([[1.0, 2.0], [3.0, 4.0]])
    >>> mean
    array([2., 3.])
    """
    curves = np.asarray(curves, dtype=float)
    if curves.ndim != 2 or len(curves) < 2:
        raise ValueError(f"curves must be (n_seeds >= 2, n_trials), got shape {curves.shape}")
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1, got {level!r}")
    n = len(curves)
    counts = np.random.default_rng(rng).multinomial(n, np.full(n, 1 / n), size=n_resamples)
    means = counts @ curves / n
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return curves.mean(axis=0), low, high


def plot_best_so_far(
    scores,
    *,
    ax: Axes,
    label: str,
    direction: str = "maximize",
    color: str | None = None,
    linestyle: str = "-",
    end_label: bool = True,
    rng=0,
) -> Axes:
    """Draw the mean best-so-far over seeds with a 95 % bootstrap band, labelled at its end.

    Parameters
    ----------
    scores : array-like, shape (n_seeds, n_trials)
        Scores in the order of evaluation.
    ax : Axes
    label : str
        Name of the method; also picks its colour from `METHOD_COLORS`.
    direction : {"maximize", "minimize"}, default "maximize"
    color, linestyle : str, optional
    end_label : bool, default True
        Write the label beside the end of the line. Without it the label is only for a legend.
    rng : int or Generator, default 0
        Seed of the bootstrap.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If there are fewer than two seeds, all trials of a seed are NaN, or as `best_so_far` does.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> plot_best_so_far([[0.5, 0.7], [0.6, 0.6]], ax=ax, label="random").get_xlabel()
    'trials'
    """
    curves = best_so_far(scores, direction=direction)
    if curves.ndim != 2 or len(curves) < 2 or not curves.size:
        raise ValueError(
            "scores must have shape (n_seeds, n_trials), one row for each of two seeds or more, "
            f"got {curves.shape}"
        )
    if np.isnan(curves[:, -1]).any():
        raise ValueError("scores has a row without any result: all its trials are NaN")
    mean, low, high = bootstrap_band(curves, rng=rng)
    trials = np.arange(1, len(mean) + 1)
    color = color or METHOD_COLORS.get(label, "#333333")
    ax.plot(trials, mean, color=color, linestyle=linestyle, label=label)
    ax.fill_between(trials, low, high, color=color, alpha=0.25, linewidth=0)
    if end_label:
        ax.annotate(
            label,
            (trials[-1], mean[-1]),
            xytext=(4, 0),
            textcoords="offset points",
            color=color,
            va="center",
            annotation_clip=False,
        )
    ax.set(xlabel="trials", ylabel="best validation score so far")
    return ax


def plot_intervals(
    groups: Mapping[Any, Any],
    *,
    ax: Axes,
    color: str = "#333333",
    marker: str = "o",
    label: str | None = None,
    rng=0,
) -> Axes:
    """Draw the mean of each group with its 95 % bootstrap interval, one row for each.

    Parameters
    ----------
    groups : mapping of name to array-like, shape (n_seeds,)
        Rows from top to bottom. None leaves a row empty, so that several calls with the same
        names fill the same rows.
    ax : Axes
    color, marker : str, optional
    label : str, optional
        For a legend.
    rng : int or Generator, default 0
        Seed of the bootstrap.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If there is no group, or a group has fewer than two values, or one that is not finite.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = plot_intervals({"a": [1.0, 2.0], "b": [3.0, 5.0]}, ax=Figure().subplots())
    >>> [text.get_text() for text in ax.get_yticklabels()]
    ['a', 'b']
    """
    if not groups:
        raise ValueError("groups is empty: give at least one name with its values")
    for row, (name, values) in enumerate(groups.items()):
        if values is not None:
            values = np.asarray(values, dtype=float)
            if values.ndim != 1 or len(values) < 2 or not np.isfinite(values).all():
                raise ValueError(
                    f"groups[{name!r}] must hold two finite values or more, one for each seed, "
                    f"got {values}"
                )
            mean, low, high = bootstrap_band(values[:, None], rng=rng)
            ax.plot([low[0], high[0]], [row, row], color=color)
            ax.plot(mean, [row], marker, color=color, label=label)
            label = None  # once is enough for a legend
    ax.set_yticks(range(len(groups)), [str(name) for name in groups])
    ax.set_ylim(len(groups) - 0.5, -0.5)
    return ax


def plot_surrogate(
    x,
    mean,
    sd,
    *,
    ax: Axes,
    trials: tuple[Any, Any] | None = None,
    truth=None,
    color: str = METHOD_COLORS["GP"],
) -> Axes:
    """Draw what a surrogate believes: its mean and a band of two standard deviations.

    Parameters
    ----------
    x, mean, sd : array-like, shape (n,)
    ax : Axes
    trials : tuple of array-like (x, y), optional
        The trials it was fitted to, drawn as dots.
    truth : array-like, shape (n,), optional
        The objective itself, which only a table knows, drawn in dashes.
    color : str, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If `x`, `mean` and `sd` do not have the same length, or `sd` is negative.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = plot_surrogate([0, 1], [0.5, 0.6], [0.1, 0.2], ax=Figure().subplots())
    >>> len(ax.lines), len(ax.collections)
    (1, 1)
    """
    x, mean, sd = (np.asarray(values, dtype=float) for values in (x, mean, sd))
    if not (x.ndim == 1 and x.shape == mean.shape == sd.shape):
        raise ValueError(
            f"x, mean and sd must have the same shape (n,), got {x.shape}, {mean.shape}, {sd.shape}"
        )
    if (sd < 0).any():
        raise ValueError("sd must not be negative: pass standard deviations, not a variance")
    if truth is not None:
        ax.plot(x, truth, "--", color="#999999")
    ax.fill_between(x, mean - 2 * sd, mean + 2 * sd, color=color, alpha=0.2, linewidth=0)
    ax.plot(x, mean, color=color)
    if trials is not None:
        ax.plot(*trials, "o", color="black", mec="white")
    return ax


def landscape(
    table: Table,
    x: str,
    y: str,
    *,
    fixed: Mapping[str, Any] | None = None,
    output: str = "score",
    fidelity: int | None = None,
    n: int = 81,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Evaluate a table on a plane through its search space.

    Parameters
    ----------
    table : Table
    x, y : str
        The two hyperparameters of the plane.
    fixed : mapping, optional
        Values of the other hyperparameters; those of the table's best cell by default.
    output, fidelity
        As when the table is called.
    n : int, default 81
        At least so many points on each side, evenly spaced on the axis's own scale, the
        values that were computed among them. An integer axis shows only those.

    Returns
    -------
    xs, ys : ndarray, shape (n_x,), (n_y,)
    z : ndarray, shape (n_y, n_x)

    Raises
    ------
    ValueError
        If `x` or `y` is not a numeric axis of the table, or they are the same; if `output` is
        "folds", which has no single value for each point.

    Examples
    --------
    >>> from tuneup_helpers import load_table
    >>> xs, ys, z = landscape(load_table("svc_digits"), "C", "gamma")
    >>> z.shape
    (81, 81)
    """
    axes = {axis.name: axis for axis in table.axes}
    for name, argument in ((x, "x"), (y, "y")):
        if name not in axes or axes[name].kind == "categorical":
            numeric = [a.name for a in table.axes if a.kind != "categorical"]
            raise ValueError(f"{argument} must be one of {numeric}, got {name!r}")
    if x == y:
        raise ValueError(f"x and y must be two different hyperparameters, got {x!r} twice")

    if output == "folds":
        raise ValueError("output must be 'score', 'test' or 'fit_time', got 'folds'")

    def points(axis):
        if axis.kind == "int":
            return np.array(axis.values)
        values, log = np.array(axis.values), axis.scale == "log"
        steps = math.ceil((n - 1) / (len(values) - 1))  # from one value to the next
        at = np.arange((len(values) - 1) * steps + 1) / steps
        between = np.interp(at, np.arange(len(values)), np.log(values) if log else values)
        fine = np.exp(between) if log else between
        fine[::steps] = values
        return fine

    xs, ys = points(axes[x]), points(axes[y])
    grid_x, grid_y = np.meshgrid(xs, ys)
    params = {**table.best.params, **(fixed or {}), x: grid_x.ravel(), y: grid_y.ravel()}
    z = table(params, output=output, fidelity=fidelity).reshape(grid_x.shape)
    return xs, ys, z


def plot_landscape(
    table: Table,
    *,
    ax: Axes,
    x: str | None = None,
    y: str | None = None,
    fixed: Mapping[str, Any] | None = None,
    output: str = "score",
    fidelity: int | None = None,
    vmin: float | None = None,
    vmax: float | None = None,
    mark_best: bool = True,
    colorbar: bool = True,
    cmap: str | None = None,
) -> Axes:
    """Draw a table as a map: bright is good; a star marks the best cell.

    Parameters
    ----------
    table : Table
    ax : Axes
    x, y : str, optional
        The two hyperparameters; the first two of the table by default.
    fixed, output, fidelity
        As in `landscape`.
    vmin, vmax : float, optional
        Ends of the colour scale; what is below or above takes the colour of the end.
    mark_best : bool, default True
        Mark the highest point of the plane.
    colorbar : bool, default True
    cmap : str, optional
        Colour map; the style's own by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        If `table` is not a table.
    ValueError
        As `landscape` does.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from tuneup_helpers import load_table
    >>> ax = Figure().subplots()
    >>> plot_landscape(load_table("svc_digits"), ax=ax).get_xlabel()
    'C (log scale)'
    """
    if not isinstance(table, Table):
        raise TypeError(
            f"table must be a replay table, for instance load_table('svc_digits'), got {table!r}"
        )
    x, y = x or table.axes[0].name, y or table.axes[1].name
    xs, ys, z = landscape(table, x, y, fixed=fixed, output=output, fidelity=fidelity)
    mesh = ax.pcolormesh(
        xs, ys, z, shading="gouraud", vmin=vmin, vmax=vmax, cmap=cmap, rasterized=True
    )
    _label_axes(table, ax, x, y)
    if mark_best:
        row, column = np.unravel_index(np.argmax(z), z.shape)
        (star,) = ax.plot(xs[column], ys[row], "*", color="white", mec="black", ms=16, zorder=4)
        _show_whole(star, star.get_xydata())
    if colorbar:
        low, high = vmin is not None and z.min() < vmin, vmax is not None and z.max() > vmax
        extend = {(0, 0): "neither", (1, 0): "min", (0, 1): "max", (1, 1): "both"}
        ax.figure.colorbar(
            mesh, ax=ax, label=_output_label(table, output), extend=extend[bool(low), bool(high)]
        )
    return ax


def plot_trials(
    study: optuna.Study,
    *,
    ax: Axes,
    x: str,
    y: str,
    color: str = "white",
    number: bool = False,
    path: bool = False,
    label: str | None = None,
) -> Axes:
    """Put the trials of a study on a plane, for instance on a landscape.

    Parameters
    ----------
    study : optuna.Study
        Trials that lack `x` or `y`, or have not finished, are left out.
    ax : Axes
    x, y : str
        Names of the two hyperparameters.
    color : str, default "white"
    number : bool, default False
        Write the number of each trial beside it, counted from 1.
    path : bool, default False
        Join the trials by a line in their order.
    label : str, optional
        For a legend.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        If `study` is not a study.
    ValueError
        If no finished trial has both hyperparameters.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from tuneup_helpers import to_study
    >>> study = to_study([({"C": 1.0, "gamma": 0.1}, 0.9)], direction="maximize")
    >>> ax = plot_trials(study, ax=Figure().subplots(), x="C", y="gamma")
    >>> len(ax.collections)
    1
    """
    if not hasattr(study, "get_trials"):
        raise TypeError(
            f"study must be an Optuna study, got {type(study).__name__}: to_study(search) makes one"
        )
    shown = [
        (trial.number + 1, trial.params[x], trial.params[y])
        for trial in study.trials
        if trial.values is not None and x in trial.params and y in trial.params
    ]
    if not shown:
        raise ValueError(f"no finished trial of the study has both {x!r} and {y!r}")
    numbers, xs, ys = zip(*shown, strict=True)
    if path:
        ax.plot(xs, ys, color=color, linewidth=1, alpha=0.7, zorder=3)
    dots = ax.scatter(xs, ys, s=42, color=color, edgecolors="black", zorder=5, label=label)
    _show_whole(dots, dots.get_offsets())
    if number:
        for text, at_x, at_y in zip(numbers, xs, ys, strict=True):
            ax.annotate(
                str(text), (at_x, at_y), xytext=(5, 4), textcoords="offset points", color=color
            )
    return ax


def _show_whole(marks, points):
    """Do not cut off marks on an edge of the axes, unless others lie beyond it."""
    low, high = np.sort([marks.axes.get_xlim(), marks.axes.get_ylim()]).T
    marks.set_clip_on(not ((low <= points) & (points <= high)).all())


def _output_label(table, output):
    metric = table.info.get("metric", "score")
    return {"score": f"validation {metric}", "test": f"test {metric}", "fit_time": "seconds"}[
        output
    ]


def _label_axes(table, ax, x, y):
    for axis in table.axes:
        suffix = " (log scale)" if axis.scale == "log" else ""
        for name, set_label, set_scale in (
            (x, ax.set_xlabel, ax.set_xscale),
            (y, ax.set_ylabel, ax.set_yscale),
        ):
            if axis.name == name:
                set_label(name + suffix)
                set_scale("log" if axis.scale == "log" else "linear")
