"""The stored searches of KerasTuner are what the script computes."""

from pathlib import Path

import numpy as np
import pytest

from tuneup_helpers import load_stored, load_table

DATA = Path(__file__).parent.parent / "data"
N_SAMPLE = 17  # trials: two more than are random by default


@pytest.fixture(scope="module")
def script(load_script, keras_on_jax):
    """Load the script that computes the searches."""
    pytest.importorskip("keras_tuner")
    return load_script("make_tuner_searches")


@pytest.fixture(scope="module")
def stored():
    return load_stored("tuner_searches")


def test_everything_that_the_script_makes_is_stored(script, stored):
    assert stored.keys() == script.OPTIONS.keys()
    for cells in stored.values():
        assert cells.shape == (script.N_SEEDS, script.N_TRIALS)
        assert cells.max() < load_table("keras_digits").size
        assert len({row.tobytes() for row in cells}) == script.N_SEEDS


def test_a_tuner_search_runs_again(script, stored):
    name, seed = "BayesianOptimization", 7
    again = script.search(name, seed, N_SAMPLE)
    # What is random comes out the same everywhere; another processor rounds the rest otherwise.
    assert again[:15] == stored[name][seed, :15].tolist()
    found = np.isin(again[15:], stored[name][seed])
    assert found.sum() >= 1


def test_both_begin_with_the_same_random_trials(script, stored):
    default, few = stored.values()
    np.testing.assert_array_equal(default[:, :5], few[:, :5])
    assert (default[:, 5:15] != few[:, 5:15]).mean() > 0.9


def test_proposals_beat_random_trials(stored):
    scores = load_table("keras_digits").grid().ravel()
    assert scores[stored["BayesianOptimization"]][:, 15:].mean() > 0.05 + scores.mean()


def test_the_file_is_small():
    assert (DATA / "tuner_searches.npz").stat().st_size < 10_000
