"""The stored searches of chapter 10 are what the script computes."""

from pathlib import Path

import numpy as np
import pytest

from tuneup_helpers import load_stored, load_table

DATA = Path(__file__).parent.parent / "data"
N_SAMPLE = 20  # trials: enough for every method to have left its random start


@pytest.fixture(scope="module")
def script(load_script):
    """Load the script that computes the searches."""
    return load_script("make_comparison")


@pytest.fixture(scope="module")
def stored():
    return load_stored("comparison")


def test_everything_that_the_script_makes_is_stored(script, stored):
    searches = set(script.all_searches())
    costs = {f"ms/{method}" for method in script.METHODS}
    assert stored.keys() == searches | costs
    for name in searches:
        assert stored[name].shape == (script.N_SEEDS, script.N_TRIALS)
        assert stored[name].dtype == int
        assert stored[name].max() < script.table_of(name).size
        assert len({row.tobytes() for row in stored[name]}) == script.N_SEEDS
    assert script.N_SEEDS >= 200


def test_a_sample_of_searches_run_again(script, stored):
    rng = np.random.default_rng(10)
    others = []
    for name in script.all_searches():
        seed = int(rng.integers(script.N_SEEDS))
        if script.search(name, seed, N_SAMPLE) != stored[name][seed, :N_SAMPLE].tolist():
            others.append((name, seed))
    # Another processor rounds differently, which may send a search elsewhere.
    assert len(others) <= len(script.all_searches()) / 5, others


def test_a_cell_is_numbered_as_in_the_table(script):
    rng = np.random.default_rng(0)
    for name in script.TABLES:
        table = load_table(name)
        cells = script.Cells(table)
        u = rng.random((20, len(table.shape)))
        for point, positions in zip(u, cells.positions(u), strict=True):
            score = cells(positions)
            params = table.params_at(cells.tried[-1])
            assert score == pytest.approx(table(params))
            for axis, x in zip(table.axes, point, strict=True):
                n = len(axis.values)
                assert axis.values.index(params[axis.name]) <= x * n
                assert axis.values.index(params[axis.name]) + 1 > x * n


def test_snapped_points_stay_in_their_cells_and_the_corners_belong(script):
    cells = script.Cells(load_table("lgbm_adult"))
    u = np.random.default_rng(1).random((50, 5))
    snapped = cells.snap(u)
    assert (cells.positions(snapped) == cells.positions(u)).all()
    assert (abs(snapped - u) <= 0.5 / cells.shape + 1e-12).all()
    assert (cells.positions(np.ones(5)) == cells.shape - 1).all()
    assert (cells.positions(np.zeros(5)) == 0).all()


def test_a_shuffled_table_has_the_same_scores_in_other_places(script):
    table = load_table(script.SHUFFLED)
    order = np.random.default_rng(3).permutation(table.size)
    cells = script.Cells(table, order)
    everywhere = np.indices(table.shape).reshape(len(table.shape), -1).T
    scores = np.array([cells(positions) for positions in everywhere])
    assert cells.tried == order.tolist()
    assert sorted(scores) == sorted(table.grid().ravel())
    assert abs(np.corrcoef(scores, table.grid().ravel())[0, 1]) < 0.1


def test_a_search_that_learns_beats_what_it_began_with(script, stored):
    for table in script.TABLES:
        scores = load_table(table).grid().ravel()
        for method in script.METHODS:
            found = scores[stored[f"{table}/{method}"]]
            assert found[:, 40:].mean() > found[:, :10].mean()


def test_costs_are_known_for_every_suggestion(script, stored):
    for method in script.METHODS:
        assert stored[f"ms/{method}"].shape == (script.N_TRIALS,)
        assert (stored[f"ms/{method}"] >= 0).all()
        assert 0.05 < stored[f"ms/{method}"][20:].mean() < 100


def test_the_file_is_small():
    assert (DATA / "comparison.npz").stat().st_size < 400_000
