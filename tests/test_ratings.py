import io
import zipfile

import numpy as np
import pytest

from tuneup_helpers import ratings
from tuneup_helpers.ratings import load_movielens, make_ratings


def test_a_seed_is_a_world():
    world, again, other = make_ratings(0), make_ratings(0), make_ratings(1)
    for mine, same in zip(world, again, strict=True):
        assert np.array_equal(mine, same)
    assert not np.array_equal(world.rating, other.rating)
    assert not np.allclose(world.liking, other.liking)


def test_ratings_are_stars_of_different_pairs_in_the_order_of_time():
    world = make_ratings(3, n_users=50, n_items=40, n_ratings=500)
    assert world.shape == world.liking.shape == (50, 40)
    assert len(set(zip(world.user.tolist(), world.item.tolist(), strict=True))) == 500
    assert set(world.rating) <= {1, 2, 3, 4, 5}
    assert (world.time < 0.7).sum() == 350
    assert np.all(np.diff(world.time) > 0)
    assert world.genres.any(axis=1).all()


def test_late_users_and_items_have_late_ratings_only():
    world = make_ratings(0)
    first = np.full(world.shape[1], 1.0)
    np.minimum.at(first, world.item, world.time)
    assert 0.03 < (first > 0.3).mean() < 0.3
    first = np.full(world.shape[0], 1.0)
    np.minimum.at(first, world.user, world.time)
    assert 0.1 < (first > 0.3).mean() < 0.4


def mean_over_worlds(function, **settings):
    return np.mean([function(make_ratings(seed, **settings)) for seed in range(5)])


def test_without_drift_a_rating_is_liking_and_noise():
    def error(world):
        given = np.clip(world.liking[world.user, world.item], 1, 5)
        return np.sqrt(np.mean((world.rating - given) ** 2))

    # Rounding adds to the noise of 0.7, the ends at 1 and 5 take away.
    assert mean_over_worlds(error, drift=0) == pytest.approx(0.66, abs=0.04)
    assert mean_over_worlds(error, drift=90) > 0.8


def test_choice_and_exposure_decide_what_is_rated():
    def surplus(world):
        return world.liking[world.user, world.item].mean() - world.liking.mean()

    def most_rated(world):
        return np.sort(np.bincount(world.item, minlength=300))[-30:].sum() / 20_000

    assert abs(mean_over_worlds(surplus, choice=0, drift=0)) < 0.08
    assert mean_over_worlds(surplus, choice=1.5, drift=0) > 0.8
    assert mean_over_worlds(most_rated, exposure=0, choice=0) < 0.15
    assert mean_over_worlds(most_rated, exposure=1, choice=0) > 0.3


def test_exposure_has_nothing_to_do_with_quality():
    def agreement(world):
        rated = np.bincount(world.item, minlength=300)
        return np.corrcoef(rated, world.liking.mean(axis=0))[0, 1]

    assert abs(mean_over_worlds(agreement, choice=0)) < 0.15


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seed", -1),
        ("seed", 0.5),
        ("n_users", 1),
        ("n_items", True),
        ("n_ratings", 0),
        ("n_ratings", 60_001),
        ("exposure", -0.1),
        ("choice", float("nan")),
        ("drift", "45"),
    ],
)
def test_numbers_out_of_range_are_told(name, value):
    with pytest.raises(ValueError, match=f"^{name} must be a .*number from"):
        make_ratings(**{"seed": 0, name: value})


@pytest.fixture
def tiny_movielens(tmp_path, monkeypatch):
    """A file with the layout of ml-100k.zip, and its checksum in the place of GroupLens's."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("ml-100k/u.data", "2\t3\t4\t900\n1\t1\t5\t100\n2\t1\t1\t500\n")
        flags = ["|0" * 18 + "|1", "|1" + "|0" * 18, "|0|1" + "|0" * 17]
        titles = ["Léon (1994)", "A (1995)", "B (1996)"]
        lines = [
            f"{number}|{title}|01-Jan-1995||http://example.org/{number}{flag}\n"
            for number, (title, flag) in enumerate(zip(titles, flags, strict=True), start=1)
        ]
        archive.writestr("ml-100k/u.item", "".join(lines).encode("latin-1"))
    path = tmp_path / "ml-100k.zip"
    path.write_bytes(buffer.getvalue())
    checksum = ratings.hashlib.md5(buffer.getvalue(), usedforsecurity=False).hexdigest()
    monkeypatch.setattr(ratings, "MOVIELENS_MD5", checksum)
    return path


def test_movielens_is_read_in_the_order_of_time(tiny_movielens):
    for path in (tiny_movielens, str(tiny_movielens)):
        data = load_movielens(path)
        assert data.user.tolist() == [0, 1, 1]
        assert data.item.tolist() == [0, 0, 2]
        assert data.rating.tolist() == [5, 1, 4]
        assert data.time == pytest.approx([0, 1 / 3, 2 / 3])
        assert data.shape == (2, 3)
        assert data.genres.shape == (3, 19)
        assert data.genres.argmax(axis=1).tolist() == [18, 0, 1]
        assert data.liking is None


def test_another_file_and_no_file_are_told(tiny_movielens):
    tiny_movielens.write_bytes(tiny_movielens.read_bytes() + b"x")
    with pytest.raises(ValueError, match="is not the ml-100k.zip that GroupLens publishes"):
        load_movielens(tiny_movielens)
    with pytest.raises(FileNotFoundError, match=r"download ml-100k.zip from https://grouplens"):
        load_movielens(tiny_movielens.parent)
