"""The stored scores of chapter 13 are what the script computes."""

import numpy as np
import pytest

from tuneup_helpers import load_stored


@pytest.fixture(scope="module")
def script(load_script):
    """Load the script that computes the scores."""
    return load_script("make_reviews_by_rows")


@pytest.fixture(scope="module")
def stored():
    return load_stored("reviews_by_rows")


def test_everything_is_stored_and_in_range(script, stored):
    assert set(stored) == {*script.MODELS, "sizes"}
    assert stored["sizes"].tolist() == list(script.SIZES)
    for name in script.MODELS:
        assert stored[name].shape == (script.N_SPLITS, len(script.SIZES))
        assert stored[name].min() > 0.5
        assert stored[name].max() < 0.9
        right = stored[name] * 979
        assert np.abs(right - np.rint(right)).max() < 979 / script.STEPS


def test_parts_of_a_split_share_no_sentence(script):
    learn, choose, new = (set(texts) for texts, _ in script.split(3, 500))
    assert (len(learn), len(choose), len(new)) == (400, 100, 979)
    assert not learn & choose
    assert not new & (learn | choose)
    assert new == set(script.split(3, 2000)[2][0])


def test_counted_words_come_out_the_same(script, stored):
    for seed in (0, 7):
        for k, n in enumerate(script.SIZES[:3]):
            assert script.tf_idf(seed, n) == pytest.approx(stored["tf-idf"][seed, k], abs=0.0021)


def test_a_network_comes_out_about_the_same(script, stored, keras_on_jax):
    # On another processor the chosen epoch may be another one.
    score = script.network(0, 4, 500)
    assert score == pytest.approx(stored["averaged words"][4, 1], abs=0.04)
