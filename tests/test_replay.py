import io
import itertools
import pickle
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import RegularGridInterpolator

from tuneup_helpers.datasets import data_file
from tuneup_helpers.replay import (
    Axis,
    Table,
    expected_best,
    list_tables,
    load_stored,
    load_table,
    quantile_best,
)

DATA = Path(__file__).parent.parent / "data"
NAMES = sorted(list_tables())
# Networks on JAX magnify differences of rounding as they learn: they have tests of their own.
NETWORKS = {
    "keras_digits": "KerasDigits",
    "cnn_fashion": "CnnFashion",
    "rnn_reviews": "RnnReviews",
}
EXACT = [name for name in NAMES if name not in NETWORKS]


@pytest.fixture(scope="module")
def make_tables(load_script):
    """Load the script that computes the tables."""
    return load_script("make_tables")


@pytest.fixture(scope="module")
def small():
    """A table with every kind of axis and a curve, filled with random numbers."""
    rng = np.random.default_rng(0)
    axes = [
        Axis("rate", [0.01, 0.1, 1.0], scale="log", kind="float"),
        Axis("units", [4, 8, 32], scale="log", kind="int"),
        Axis("share", [0.0, 0.5, 2.0], scale="linear", kind="float"),
        Axis("kernel", ["rbf", "poly", None], scale="categorical", kind="categorical"),
    ]
    return Table(
        "small",
        axes,
        folds=rng.random((3, 3, 3, 3, 2, 4)),
        test=rng.random((3, 3, 3, 3, 2)),
        fit_time=rng.random((3, 3, 3, 3)),
        fidelities=(5, 10),
        info={"metric": "accuracy"},
    )


def as_column(axis, at):
    """Turn numbers from 0 to 1 into values over the whole range of an axis."""
    if axis.kind == "categorical":
        return [axis.values[int(a * 0.999 * len(axis.values))] for a in at]
    if axis.scale == "log":
        values = np.exp(np.log(axis.low) + at * (np.log(axis.high) - np.log(axis.low)))
    else:
        values = axis.low + at * (axis.high - axis.low)
    values = np.clip(values, axis.low, axis.high)
    return np.round(values) if axis.kind == "int" else values


@settings(max_examples=80, deadline=None)
@given(
    rate=st.floats(0.01, 1.0),
    units=st.integers(4, 32),
    share=st.floats(0.0, 2.0),
    kernel=st.sampled_from(["rbf", "poly", None]),
    output=st.sampled_from(["score", "test", "fit_time"]),
    fidelity=st.sampled_from([5, 10]),
)
def test_interpolation_agrees_with_scipy(small, rate, units, share, kernel, output, fidelity):
    points = [np.log([0.01, 0.1, 1.0]), np.log([4, 8, 32]), [0.0, 0.5, 2.0]]
    values = small.grid(output, fidelity=fidelity)[..., ["rbf", "poly", None].index(kernel)]
    oracle = RegularGridInterpolator(points, values, bounds_error=False, fill_value=None)
    expected = oracle((np.log(rate), np.log(units), share)).item()
    params = {"rate": rate, "units": units, "share": share, "kernel": kernel}
    assert small(params, output=output, fidelity=fidelity) == pytest.approx(expected, abs=1e-9)
    arrays = {name: [value, value] for name, value in params.items()}
    many = small(arrays, output=output, fidelity=fidelity)
    assert many == pytest.approx([expected, expected], abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_cells_come_back_exactly_and_none_beats_the_best(name):
    table = load_table(name)
    scores = table.grid().ravel()
    assert table.size == len(scores)
    for index in np.random.default_rng(0).integers(table.size, size=30):
        assert table(table.params_at(index)) == pytest.approx(scores[index], abs=1e-12)
    assert table(table.best.params) == pytest.approx(table.best.score, abs=1e-12)
    assert table(table.best.params, output="test") == pytest.approx(table.best.test, abs=1e-12)
    at = np.random.default_rng(1).random((20_000, len(table.axes)))
    columns = {a.name: as_column(a, at[:, i]) for i, a in enumerate(table.axes)}
    assert table(columns).max() <= table.best.score + 1e-12


@pytest.mark.parametrize("name", NAMES)
def test_folds_average_to_the_score(name):
    table = load_table(name)
    params = table.params_at(table.size // 2)
    assert table(params, output="folds").mean() == pytest.approx(table(params))
    assert table.grid("folds").mean(axis=-1) == pytest.approx(table.grid())
    many = {key: [value] * 3 for key, value in params.items()}
    assert table(many, output="folds").shape == (3, table.grid("folds").shape[-1])


@pytest.mark.parametrize("name", EXACT)
def test_a_sample_of_cells_recomputed_for_real(name, make_tables):
    recipe, table = make_tables.RECIPES[name](), load_table(name)
    assert [list(axis.values) for axis in table.axes] == [a["values"] for a in recipe.axes]
    for index in np.random.default_rng(7).choice(table.size, size=4, replace=False):
        params = table.params_at(index)
        counts, test, _ = recipe.evaluate(params)
        scores = (counts * recipe.fold_unit).mean(axis=1)
        stored = [table(params, fidelity=f) for f in table.fidelities]
        # Another processor may round differently: one image in a fold at the very most.
        assert scores == pytest.approx(stored, abs=0.01)
        assert np.median(np.abs(scores - stored)) <= 1e-3
        stored_test = table.curve(params, output="test")
        assert test * recipe.test_unit == pytest.approx(stored_test, abs=0.01)


@pytest.mark.parametrize("name", EXACT)
def test_interpolation_error_near_the_optimum_is_below_the_fold_noise(name, make_tables):
    recipe, table = make_tables.RECIPES[name](), load_table(name)
    best = np.unravel_index(np.argmax(table.grid()), table.shape)
    errors = []
    for side in itertools.islice(itertools.product((-0.5, 0.5), repeat=len(best)), 0, None, 5):
        params = {}
        for axis, at, step in zip(table.axes, best, side, strict=True):
            if axis.kind == "categorical":
                params[axis.name] = axis.values[at]
                continue
            points = np.log(axis.values) if axis.scale == "log" else np.array(axis.values)
            place = np.interp(np.clip(at + step, 0, len(points) - 1), range(len(points)), points)
            value = float(np.exp(place)) if axis.scale == "log" else float(place)
            params[axis.name] = round(value) if axis.kind == "int" else value
        counts, _, _ = recipe.evaluate(params)
        errors.append((counts * recipe.fold_unit).mean(axis=1)[-1] - table(params))
    folds = table(table.best.params, output="folds")
    noise = folds.std(ddof=1) / np.sqrt(len(folds))
    assert np.sqrt(np.mean(np.square(errors))) < noise


@pytest.mark.parametrize("name", NETWORKS)
def test_keras_networks_recomputed_for_real(make_tables, keras_on_jax, name):
    recipe, table = getattr(make_tables, NETWORKS[name])(), load_table(name)
    assert [list(axis.values) for axis in table.axes] == [a["values"] for a in recipe.axes]
    rng = np.random.default_rng(7)
    same = {axis.name: rng.choice(axis.values).item() for axis in table.axes[1:]}
    cells = [{"learning_rate": rate, **same} for rate in table.axes[0].values]
    off = []
    for cell, (counts, test, _) in zip(cells, recipe.evaluate_all(cells), strict=True):
        scores = (counts * recipe.fold_unit).mean(axis=1)
        on_test = test * recipe.test_unit - table.curve(cell, output="test")
        off.append([scores - table.curve(cell), on_test])
    off = np.abs(off)
    # The same processor gives the same numbers. Weights moved by their last digit gave at most
    # 0.003 up to a rate of 0.003, and 0.007 on average over all rates.
    assert off[np.array(table.axes[0].values) < 0.004].max() < 0.015
    assert np.median(off) < 0.002
    assert off.mean() < 0.02


def test_between_keras_networks_the_error_is_below_the_fold_noise(make_tables, keras_on_jax):
    recipe, table = make_tables.KerasDigits(), load_table("keras_digits")
    best = table.best.params
    rates = table.axes[0].values
    at = rates.index(best["learning_rate"])
    between = [
        {"learning_rate": float(np.sqrt(rates[at] * rates[at + 1])), "dropout": 0.125},
        {"learning_rate": float(np.sqrt(rates[at] * rates[at - 1])), "dropout": 0.375},
        {"units": 90, "batch_size": 90},
    ]
    errors = []
    for change in between:
        params = best | change
        counts, _, _ = recipe.evaluate(params)
        errors.append((counts * recipe.fold_unit).mean(axis=1)[-1] - table(params))
    folds = table(best, output="folds")
    noise = folds.std(ddof=1) / np.sqrt(len(folds))
    assert np.sqrt(np.mean(np.square(errors))) < noise, errors


@pytest.mark.parametrize("name", NAMES)
def test_look_ups_are_fast(name):
    table = load_table(name)
    at = np.random.default_rng(0).random((100_000, len(table.axes)))
    columns = {a.name: as_column(a, at[:, i]) for i, a in enumerate(table.axes)}
    start = time.process_time()
    table(columns)
    assert time.process_time() - start < 1.0
    # One thread's CPU time, the best of five: a busy machine does not count.
    columns = {name: np.array(values, dtype=object) for name, values in columns.items()}
    points = [{name: values[i] for name, values in columns.items()} for i in range(500)]
    if name == "svc_digits":
        points = points * 4
    table(points[0])

    def seconds():
        start = time.process_time()
        for point in points:
            table(point)
        return (time.process_time() - start) / len(points)

    assert min(seconds() for _ in range(5)) < 20e-6


def test_tables_are_small():
    assert sum(f.stat().st_size for f in (DATA / "tables").glob("*.npz")) < 1_500_000


def test_curves_and_fidelities():
    table = load_table("mlp_digits")
    curve = table.curve(table.best.params)
    assert len(curve) == len(table.fidelities) == 50
    assert curve[-1] == pytest.approx(table.best.score)
    assert table(table.best.params, fidelity=1) == pytest.approx(curve[0])
    full = table(table.best.params, output="fit_time")
    assert table(table.best.params, output="fit_time", fidelity=25) == pytest.approx(full / 2)
    with pytest.raises(ValueError, match=r"fidelity must be one of .* got 51"):
        table(table.best.params, fidelity=51)


def test_search_space_is_optunas_and_inside_the_table():
    import optuna

    table = load_table("lgbm_adult")
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    for _ in range(50):
        assert 0 < table(study.ask(table.search_space).params) < 1
    assert table.search_space["learning_rate"].log
    assert isinstance(table.search_space["num_leaves"], optuna.distributions.IntDistribution)


@pytest.mark.parametrize(
    ("params", "error", "message"),
    [
        ({"C": 1.0}, ValueError, "missing: \\['gamma'\\]"),
        ({"C": 1.0, "gama": 1.0}, ValueError, "unknown: \\['gama'\\]"),
        ({"C": 1.0, "gamma": 1.0, "x": 1}, ValueError, "unknown: \\['x'\\]"),
        ({"C": 1e4, "gamma": 0.1}, ValueError, "C must be from 0.01 to 1000, got 10000"),
        ({"C": float("nan"), "gamma": 0.1}, ValueError, "got nan"),
        ({"C": "1", "gamma": 0.1}, ValueError, "C must be from"),
        ({"C": [1.0, 1e4], "gamma": 0.1}, ValueError, "got 10000"),
        ({"C": [1.0, np.nan], "gamma": 0.1}, ValueError, "got nan"),
        ({"C": ["a"], "gamma": 0.1}, ValueError, "C must hold numbers"),
        ({"C": [[1.0]], "gamma": 0.1}, ValueError, "shape"),
        ({"C": [1.0, 2.0], "gamma": [0.1] * 3}, ValueError, r"the same length, got \[2, 3\]"),
        ([1.0, 0.1], TypeError, "must be a mapping"),
        (None, TypeError, "must be a mapping"),
    ],
)
def test_wrong_parameters_are_refused(params, error, message):
    with pytest.raises(error, match=message):
        load_table("svc_digits")(params)


def test_columns_of_pandas_are_arrays_too():
    table, rows = load_table("svc_digits"), pd.DataFrame({"C": [1.0, 2.0], "gamma": [0.1, 0.2]})
    by_row = [table(params) for params in rows.to_dict("records")]
    np.testing.assert_allclose(table(rows.to_dict("series")), by_row)
    np.testing.assert_allclose(table({"C": rows["C"], "gamma": 0.1})[0], by_row[0])


def test_other_wrong_arguments_are_refused(small):
    good = {"rate": 0.1, "units": 8, "share": 0.5, "kernel": "rbf"}
    with pytest.raises(ValueError, match="units must be a whole number"):
        small({**good, "units": 8.5})
    with pytest.raises(ValueError, match="units must be a whole number"):
        small({**good, "units": [8, 8.5]})
    with pytest.raises(ValueError, match="kernel must be one of"):
        small({**good, "kernel": "linear"})
    with pytest.raises(ValueError, match="kernel must be one of"):
        small({**good, "kernel": ["linear"]})
    with pytest.raises(ValueError, match="output must be one of"):
        small(good, output="accuracy")
    with pytest.raises(ValueError, match="output must be one of"):
        small.grid("accuracy")
    with pytest.raises(ValueError, match="index must be from 0 to 80"):
        small.params_at(81)
    with pytest.raises(ValueError, match="no table 'svm'; there are"):
        load_table("svm")
    with pytest.raises(ValueError, match="scale must be"):
        Axis("x", [1, 2], scale="ln", kind="float")
    with pytest.raises(ValueError, match="kind must be"):
        Axis("x", [1, 2], scale="log", kind="real")
    with pytest.raises(ValueError, match="folds must have shape"):
        Table("x", small.axes, np.zeros((2, 2)), np.zeros(2), np.zeros(2))


@pytest.mark.parametrize("end", [0.662, 0.691, 0.806, 0.917, 0.968, 1.05, 40.4, 9170.0])
def test_the_ends_of_an_axis_belong_to_it_however_logarithms_are_rounded(end):
    # Of these numbers NumPy and the module math give different logarithms, on some machines.
    for values in ([end, 2 * end], [end / 2, end]):
        axis = Axis("rate", values, scale="log", kind="float")
        table = Table("two", [axis], np.array([[[1.0]], [[2.0]]]), np.ones((2, 1)), np.ones(2))
        assert table({"rate": values}) == pytest.approx([1, 2], abs=1e-12)
        assert [table({"rate": value}) for value in values] == [1, 2]


def test_an_axis_may_have_one_value_and_a_batch_no_row():
    axes = [
        Axis("rate", [0.1], scale="log", kind="float"),
        Axis("share", [0.0, 1.0], scale="linear", kind="float"),
        Axis("kernel", ["rbf"], scale="categorical", kind="categorical"),
    ]
    table = Table("thin", axes, np.ones((1, 2, 1, 1, 3)), np.ones((1, 2, 1, 1)), np.ones((1, 2, 1)))
    params = {"rate": 0.1, "share": 0.5, "kernel": "rbf"}
    assert table(params) == 1
    assert table({**params, "share": [0.0, 0.3]}).tolist() == [1, 1]
    assert table({name: [] for name in params}).shape == (0,)
    assert table({name: [] for name in params}, output="folds").shape == (0, 3)


@pytest.mark.parametrize("name", NAMES)
def test_a_table_in_another_process_gives_the_same_to_the_last_bit(name):
    table = load_table(name)
    at = np.random.default_rng(5).random((2000, len(table.axes)))
    columns = {a.name: as_column(a, at[:, i]) for i, a in enumerate(table.axes)}
    copy = pickle.loads(pickle.dumps(load_table.__wrapped__(name)))
    assert np.array_equal(copy(columns), table(columns))


def test_a_table_cannot_be_changed_by_accident():
    with pytest.raises(ValueError, match="read-only"):
        load_table("svc_digits").grid()[0, 0] = 1
    before = load_table("svc_digits").best
    load_table("svc_digits").best.params["C"] = 5.0
    assert load_table("svc_digits").best == before


@pytest.mark.parametrize("name", ["bo_traces", "comparison", "optimism", "tuner_searches"])
def test_stored_files_are_read_only_and_say_what_they_hold(name):
    stored = load_stored(name)
    raw = dict(np.load(io.BytesIO(data_file(f"{name}.npz"))))
    steps = raw.pop("steps", None)
    assert stored.keys() == raw.keys()
    assert (steps is None) == (name != "bo_traces")
    for key, array in stored.items():
        assert repr(key) in repr(stored)
        whole = raw[key].dtype.kind == "u"
        np.testing.assert_array_equal(array, raw[key] / steps if whole and steps else raw[key])
        assert array.dtype in (float, int), "no small integers that overflow"
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
        assert stored[key] is array
    assert "steps" not in stored
    assert stored.get("svm/TPE") is None
    with pytest.raises(KeyError, match=f"no 'svm/TPE' in '{name}'; there are .*{next(iter(raw))}"):
        stored["svm/TPE"]


def test_what_is_not_stored_is_told():
    with pytest.raises(ValueError, match="nothing is stored as 'traces'; there are .*'bo_traces'"):
        load_stored("traces")


cells = st.lists(st.integers(-3, 3), min_size=1, max_size=5)  # few different ones: many ties


@settings(max_examples=60, deadline=None)
@given(scores=cells, n=st.integers(1, 4), data=st.data())
def test_the_best_of_n_agrees_with_all_draws_there_are(scores, n, data):
    scores = np.array(scores)
    other = data.draw(st.lists(st.floats(-9, 9), min_size=len(scores), max_size=len(scores)))
    q = data.draw(st.integers(0, 96).map(lambda i: (2 * i + 1) / 194))
    for k in range(1, n + 1):
        draws = np.array(list(itertools.product(range(len(scores)), repeat=k)))
        first_best = draws[np.arange(len(draws)), scores[draws].argmax(axis=1)]
        best, of_best = scores[first_best], np.array(other)[first_best]
        assert expected_best(scores, n)[k - 1] == pytest.approx(best.mean(), abs=1e-12)
        assert expected_best(scores, n, of=other)[k - 1] == pytest.approx(of_best.mean(), abs=1e-9)
        enough = [v for v in set(best) if np.sum(best <= v) >= Fraction(q) * len(best)]
        assert quantile_best(scores, n, q)[k - 1] == min(enough)


@settings(max_examples=80, deadline=None)
@given(
    scores=st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=60),
    n=st.integers(1, 50),
    qs=st.lists(st.floats(0, 1), min_size=2, max_size=5).map(sorted),
)
def test_more_draws_are_never_worse_and_stay_within_the_scores(scores, n, qs):
    mean, quantiles = expected_best(scores, n), quantile_best(scores, n, qs)
    assert mean.shape == (n,)
    assert quantiles.shape == (len(qs), n)
    assert mean[0] == pytest.approx(np.mean(scores), abs=1e-9)
    for rising in (mean, *quantiles, *quantiles.T):
        assert (np.diff(rising) >= -1e-9).all()
    for curve in (mean, *quantiles):
        assert min(scores) - 1e-9 <= curve.min()
        assert curve.max() <= max(scores) + 1e-9
    assert np.isin(quantiles, scores).all()
    assert expected_best(scores, n, of=scores) == pytest.approx(mean, abs=1e-9)
    assert expected_best(scores[::-1], n) == pytest.approx(mean, abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_the_best_of_n_agrees_with_20_000_random_searches(name):
    table = load_table(name)
    score, test = table.grid().ravel(), table.grid("test").ravel()
    draws = np.random.default_rng(3).integers(table.size, size=(20_000, 32))
    expected = expected_best(table.grid(), 32), expected_best(score, 32, of=test)
    low, high = quantile_best(table.grid(), 32, [0.1, 0.9])
    for k in (1, 3, 10, 32):
        winner = draws[np.arange(len(draws)), score[draws[:, :k]].argmax(axis=1)]
        for output, curve in zip((score, test), expected, strict=True):
            error = output[winner].std() / np.sqrt(len(winner))
            assert abs(output[winner].mean() - curve[k - 1]) < 4 * error
        for q, at in ((0.1, low[k - 1]), (0.9, high[k - 1])):
            error = np.sqrt(q * (1 - q) / len(winner))
            assert np.mean(score[winner] < at) - 4 * error < q
            assert q < np.mean(score[winner] <= at) + 4 * error


def test_a_quantile_on_a_step_belongs_to_the_step():
    assert quantile_best(range(10), 2, 0.49).tolist() == [4, 6]  # 0.7 ** 2 is a little less
    assert quantile_best(range(10), 2, [0, 0.1, 0.3, 0.7, 1])[:, 0].tolist() == [0, 0, 2, 6, 9]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: expected_best([], 3), "scores must hold at least one number"),
        (lambda: expected_best([0.1, np.nan], 3), "all of them finite, got .* nan"),
        (lambda: expected_best([0.1, 0.2], 3, of=[0.1]), r"shape of scores, \(2,\), got \(1,\)"),
        (lambda: expected_best([0.1, 0.2], 3, of=[0.1, np.inf]), "of must hold"),
        (lambda: expected_best([0.1], 0), "n must be a whole number of draws, at least 1, got 0"),
        (lambda: expected_best([0.1], 2.0), "got 2.0"),
        (lambda: quantile_best([0.1], True, 0.5), "got True"),
        (lambda: quantile_best([0.1], 3, 95), "from 0 to 1, got 95"),
        (lambda: quantile_best([0.1], 3, np.nan), "got nan"),
        (lambda: quantile_best([0.1], 3, [[0.5]]), "q must be a probability or several"),
        (lambda: quantile_best([np.inf], 3, 0.5), "scores must hold"),
    ],
)
def test_the_best_of_n_refuses_what_makes_no_sense(call, message):
    with pytest.raises(ValueError, match=message):
        call()
