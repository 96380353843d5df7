from pathlib import Path

import numpy as np
import optuna
import pytest
from matplotlib import rc_context, rcParamsDefault
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from tuneup_helpers import load_table, to_study
from tuneup_helpers.plots import (
    best_so_far,
    bootstrap_band,
    landscape,
    plot_best_so_far,
    plot_intervals,
    plot_landscape,
    plot_surrogate,
    plot_trials,
)


@pytest.fixture(autouse=True)
def default_look():
    """Draw by matplotlib's defaults, whatever style another library has left on."""
    with rc_context(rc=rcParamsDefault):
        yield


@pytest.fixture
def ax():
    return Figure().subplots()


def test_best_so_far_by_hand_with_failures_and_both_directions():
    scores = [[np.nan, 3, 1, 5, np.nan], [2, 1, 4, 3, 4]]
    up = [[np.nan, 3, 3, 5, 5], [2, 2, 4, 4, 4]]
    down = [[np.nan, 3, 1, 1, 1], [2, 1, 1, 1, 1]]
    np.testing.assert_array_equal(best_so_far(scores), up)
    np.testing.assert_array_equal(best_so_far(scores, direction="minimize"), down)
    np.testing.assert_array_equal(best_so_far(scores[1]), up[1])
    with pytest.raises(ValueError, match="1 or 2 dimensions"):
        best_so_far(0.5)
    with pytest.raises(ValueError, match="direction must be"):
        best_so_far([1.0], direction="up")


def test_bootstrap_band_covers_the_true_mean_about_as_often_as_it_says():
    rng = np.random.default_rng(0)
    hits = []
    for _ in range(300):
        _, low, high = bootstrap_band(rng.normal(size=(50, 1)), n_resamples=300, rng=rng)
        hits.append(low[0] < 0 < high[0])
    assert 0.90 < np.mean(hits) < 0.98
    with pytest.raises(ValueError, match="n_seeds >= 2"):
        bootstrap_band([[1.0, 2.0]])
    with pytest.raises(ValueError, match="level must be"):
        bootstrap_band([[1.0], [2.0]], level=95)


def test_best_so_far_is_drawn_labelled_and_in_the_methods_colour(ax):
    plot_best_so_far([[0.1, 0.3], [0.2, 0.2]], ax=ax, label="random")
    (line,) = ax.lines
    np.testing.assert_allclose(line.get_ydata(), [0.15, 0.25])
    assert line.get_color() == "#0072B2"
    assert [text.get_text() for text in ax.texts] == ["random"]
    assert ax.get_ylabel() == "best validation score so far"
    plot_best_so_far([[0.1, 0.3], [0.2, 0.2]], ax=ax, label="TPE", end_label=False)
    assert len(ax.texts) == 1
    assert ax.get_legend_handles_labels()[1] == ["random", "TPE"]


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ([0.1, 0.3], r"scores must have shape \(n_seeds, n_trials\).*got \(2,\)"),
        ([[0.1, 0.3]], r"got \(1, 2\)"),
        ([[], []], r"got \(2, 0\)"),
        ([[0.1, 0.3], [np.nan, np.nan]], "a row without any result"),
    ],
)
def test_a_curve_that_could_not_be_seen_is_refused(ax, scores, words):
    with pytest.raises(ValueError, match=words):
        plot_best_so_far(scores, ax=ax, label="random")


def test_intervals_share_rows_between_calls_and_leave_gaps(ax):
    groups = {"a": [1.0, 2.0, 3.0], 7: [4.0, 4.0]}
    plot_intervals(groups, ax=ax, label="first")
    plot_intervals({"a": None, 7: [8.0, 9.0]}, ax=ax, color="red", marker="s", label="second")
    bars, dots = ax.lines[::2], ax.lines[1::2]
    assert [list(dot.get_ydata()) for dot in dots] == [[0], [1], [1]]
    np.testing.assert_allclose([dot.get_xdata()[0] for dot in dots], [2, 4, 8.5])
    for bar, low, high in zip(bars, (1, 4, 8), (3, 4, 9), strict=True):
        assert low <= bar.get_xdata()[0] <= bar.get_xdata()[1] <= high
    assert [text.get_text() for text in ax.get_yticklabels()] == ["a", "7"]
    assert ax.yaxis_inverted(), "the first row is at the top"
    assert ax.get_legend_handles_labels()[1] == ["first", "second"]
    with pytest.raises(ValueError, match="groups is empty"):
        plot_intervals({}, ax=ax)
    for values in ([1.0], [1.0, np.nan], [[1.0, 2.0]]):  # a row left empty would look like None
        with pytest.raises(ValueError, match=r"groups\['a'\] must hold two finite values or more"):
            plot_intervals({"a": values}, ax=ax)


def test_surrogate_has_a_mean_a_band_of_two_deviations_trials_and_truth(ax):
    x, mean, sd = [0.0, 1.0], [0.5, 0.6], [0.1, 0.0]
    plot_surrogate(x, mean, sd, ax=ax, trials=([1.0], [0.6]), truth=[0.4, 0.6])
    truth, line, dots = ax.lines
    np.testing.assert_allclose(truth.get_ydata(), [0.4, 0.6])
    np.testing.assert_allclose(line.get_ydata(), mean)
    assert (list(dots.get_xdata()), list(dots.get_ydata())) == ([1.0], [0.6])
    edges = ax.collections[0].get_paths()[0].vertices[:, 1]
    np.testing.assert_allclose([edges.min(), edges.max()], [0.3, 0.7])
    with pytest.raises(ValueError, match="same shape"):
        plot_surrogate(x, mean, [0.1], ax=ax)
    with pytest.raises(ValueError, match="not a variance"):
        plot_surrogate(x, mean, [-0.1, 0.1], ax=ax)


def test_landscape_holds_the_tables_own_values():
    table = load_table("svc_digits")
    xs, ys, z = landscape(table, "C", "gamma", n=41)
    np.testing.assert_allclose(z, table.grid().T, atol=1e-9)
    np.testing.assert_array_equal(xs, table.axes[0].values)
    np.testing.assert_array_equal(ys, table.axes[1].values)
    finer = landscape(table, "C", "gamma", n=150)[2]
    assert finer.shape == (161, 161)
    assert finer.max() == table.best.score


def test_landscape_of_a_larger_table_fixes_the_others_at_the_best():
    table = load_table("mlp_digits")
    xs, ys, z = landscape(table, "learning_rate_init", "batch_size", n=13)
    assert z.shape == (len(ys), len(xs)) == (4, 13)
    assert z.max() == pytest.approx(table.best.score, abs=1e-6)
    other = landscape(table, "learning_rate_init", "batch_size", n=13, fixed={"hidden_units": 8})
    assert not np.allclose(other[2], z)
    early = landscape(table, "learning_rate_init", "batch_size", n=13, fidelity=1)
    assert early[2].mean() < z.mean()


def test_plot_landscape_labels_and_marks(ax):
    table = load_table("svc_digits")
    plot_landscape(table, ax=ax, vmin=0.5)
    assert ax.get_xlabel() == "C (log scale)"
    assert ax.get_ylabel() == "gamma (log scale)"
    assert ax.get_xscale() == ax.get_yscale() == "log"
    (star,) = ax.lines
    assert star.get_xdata()[0] == table.best.params["C"]
    assert ax.figure.axes[1].get_ylabel() == "validation accuracy"


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ("c", "gamma", "x must be one of"),
        ("C", "g", "y must be one of"),
        ("C", "C", "two different hyperparameters"),
    ],
)
def test_landscape_refuses_other_axes(x, y, message):
    with pytest.raises(ValueError, match=message):
        landscape(load_table("svc_digits"), x, y)


def test_landscape_takes_a_table_and_one_value_for_each_point(ax):
    with pytest.raises(TypeError, match="replay table, for instance .* got 'svc_digits'"):
        plot_landscape("svc_digits", ax=ax)
    with pytest.raises(ValueError, match="got 'folds'"):
        plot_landscape(load_table("svc_digits"), ax=ax, output="folds")


def test_trials_are_put_on_the_plane_in_order(ax):
    trials = [({"C": 1.0, "gamma": 0.1}, 0.9), ({"C": 10.0, "gamma": 0.2}, float("nan"))]
    trials.append(({"C": 100.0, "gamma": 0.3}, 0.8))
    study = to_study(trials, direction="maximize")
    plot_trials(study, ax=ax, x="C", y="gamma", number=True, path=True)
    np.testing.assert_allclose(ax.collections[0].get_offsets(), [[1, 0.1], [100, 0.3]])
    assert [text.get_text() for text in ax.texts] == ["1", "3"]
    with pytest.raises(ValueError, match="no finished trial of the study has both"):
        plot_trials(study, ax=ax, x="C", y="alpha")
    with pytest.raises(TypeError, match=r"got list: to_study\(search\) makes one"):
        plot_trials(trials, ax=ax, x="C", y="gamma")


def painted(ax, outside):
    """Count the pixels that differ from the background, in or outside of the axes."""
    FigureCanvasAgg(ax.figure).draw()
    colors = np.asarray(ax.figure.canvas.buffer_rgba())[::-1, :, :3]
    box = np.zeros(colors.shape[:2], dtype=bool)
    (left, bottom), (right, top) = np.round(ax.bbox.get_points()).astype(int)
    box[bottom:top, left:right] = True
    return int((colors[box != outside] < 250).any(axis=-1).sum())


@pytest.mark.parametrize("reverse", [False, True])
def test_a_dot_on_an_edge_is_whole_and_one_beyond_it_is_not_there(ax, reverse):
    ax.set_axis_off()
    ax.set(xlim=(10, 0.1) if reverse else (0.1, 10), ylim=(0, 1), xscale="log")
    on_edges = [({"C": 0.1, "k": 0.5}, 0.9), ({"C": 1.0, "k": 1.0}, 0.8)]
    plot_trials(to_study(on_edges, direction="maximize"), ax=ax, x="C", y="k", color="red")
    half, other_half = painted(ax, outside=False), painted(ax, outside=True)
    assert other_half == pytest.approx(half, rel=0.2)
    beyond = [({"C": 0.08, "k": 0.5}, 0.9), ({"C": 1.0, "k": 0.5}, 0.8)]
    plot_trials(to_study(beyond, direction="maximize"), ax=ax, x="C", y="k", color="red")
    assert painted(ax, outside=True) == other_half


def test_the_star_of_a_cell_on_an_edge_is_whole(ax):
    table = load_table("lgbm_adult")
    plot_landscape(table, ax=ax, x="min_child_samples", y="colsample_bytree", colorbar=False)
    (star,) = ax.lines
    assert (star.get_ydata()[0], ax.get_ylim()[0]) == (0.2, 0.2), "the best lies on the edge"
    assert not star.get_clip_on()


def test_trials_of_categories_have_a_place(ax):
    trials = [({"kernel": "rbf", "C": 1.0}, 0.9), ({"kernel": "poly", "C": 2.0}, 0.8)]
    plot_trials(to_study(trials, direction="maximize"), ax=ax, x="kernel", y="C")
    np.testing.assert_allclose(ax.collections[0].get_offsets(), [[0, 1], [1, 2]])


def test_no_text_is_small_in_the_style_of_the_course():
    with rc_context(fname=Path(__file__).parent.parent / "notebooks" / "matplotlibrc"):
        top, bottom = Figure().subplots(2)
        plot_landscape(load_table("svc_digits"), ax=top)
        trials = to_study([({"C": 1.0, "gamma": 0.1}, 0.9)], direction="maximize")
        plot_trials(trials, ax=top, x="C", y="gamma", number=True)
        plot_best_so_far([[0.1, 0.3], [0.2, 0.2]], ax=bottom, label="random")
        FigureCanvasAgg(top.figure).draw()
    texts = top.figure.findobj(lambda artist: isinstance(artist, Text) and artist.get_text())
    assert len(texts) > 10
    assert min(text.get_fontsize() for text in texts) >= 10


def test_trials_with_several_objectives_have_a_place_too(ax):
    study = optuna.create_study(directions=["maximize", "minimize"])
    space = {name: optuna.distributions.FloatDistribution(0, 1) for name in "xy"}
    study.tell(study.ask(space), [0.5, 0.5])
    plot_trials(study, ax=ax, x="x", y="y")
    (point,) = ax.collections[0].get_offsets()
    np.testing.assert_allclose(point, list(study.trials[0].params.values()))
