"""The stored scores of chapter 12 are what the script computes."""

import numpy as np
import pytest

from tuneup_helpers import load_fashion, load_stored


@pytest.fixture(scope="module")
def script(load_script):
    """Load the script that computes the scores."""
    return load_script("make_fashion_by_rows")


@pytest.fixture(scope="module")
def stored():
    return load_stored("fashion_by_rows")


def test_everything_is_stored_and_in_range(script, stored):
    assert set(stored) == {*script.MODELS, *script.AT_1000, "sizes"}
    assert stored["sizes"].tolist() == list(script.SIZES)
    for name in {*script.MODELS, *script.AT_1000}:
        shape = (script.N_DRAWS,) if name in script.AT_1000 else (script.N_DRAWS, 3)
        assert stored[name].shape == shape
        assert stored[name].min() > 0.4
        assert stored[name].max() < 0.95
        right = stored[name] * 2000
        assert np.abs(right - np.rint(right)).max() < 2000 / script.STEPS


def test_a_smaller_draw_is_part_of_a_larger_one(script):
    small, y, X_new, _ = script.draw(3, 250)
    large, y_large, _, _ = script.draw(3, 1000)
    np.testing.assert_array_equal(small, large[:250])
    np.testing.assert_array_equal(y, y_large[:250])
    np.testing.assert_array_equal(X_new, load_fashion()[1])
    assert not np.array_equal(small, script.draw(4, 250)[0])


def test_shifting_moves_a_picture_by_one_pixel_at_most(script):
    dot = np.zeros((200, 14, 14), dtype="float32")
    dot[:, 7, 7] = 1
    moved = script.shifted(dot, np.random.default_rng(0))
    assert moved.shape == dot.shape
    np.testing.assert_array_equal(moved.sum(axis=(1, 2)), 1)
    places = {tuple(int(at) for at in place) for _, *place in np.argwhere(moved)}
    assert places == {(row, column) for row in (6, 7, 8) for column in (6, 7, 8)}


def test_mirroring_turns_about_half_of_the_pictures(script):
    X = script.draw(0, 1000)[0]
    mirrored = script.mirrored(X, np.random.default_rng(0))
    same = (mirrored == X).all(axis=(1, 2))
    turned = (mirrored == X[:, :, ::-1]).all(axis=(1, 2))
    assert (same | turned).all()
    assert 0.4 < same.mean() < 0.6


def test_a_linear_model_comes_out_the_same(script, stored):
    for seed in (0, 7):
        score = script.MODELS["logistic regression"](seed, 250)
        assert score == pytest.approx(stored["logistic regression"][seed, 0], abs=0.0021)


def test_a_network_comes_out_about_the_same(script, stored, keras_on_jax):
    # On another processor a training drifts apart, as another seed does.
    score = script.MODELS["4 filters"](4, 250)
    assert score == pytest.approx(stored["4 filters"][4, 0], abs=0.06)
