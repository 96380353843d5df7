"""Ratings to recommend from: a generated world whose truth is known, and MovieLens 100K.

In real ratings nobody knows what a user thinks of an item that she never rated. In a generated
world this is known too, so a lesson can tell what an offline score cannot.
"""

from __future__ import annotations

import hashlib
import io
import math
import zipfile
from numbers import Real
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tuneup_helpers.datasets import _check_number

__all__ = ["Ratings", "load_movielens", "make_ratings"]

N_GENRES, N_TASTES = 8, 4
#: Spread, in stars: of tastes, of how generous users are, of how good items are, of the noise.
TASTE, GENEROSITY, QUALITY, NOISE = 0.9, 0.4, 0.4, 0.7
MOVIELENS_MD5 = "0e33842e24a9c977be4e0107933c0723"
MOVIELENS_PAGE = "https://grouplens.org/datasets/movielens/100k/"


class Ratings(NamedTuple):
    """Ratings in the order of time, one number of each array for each rating.

    Attributes
    ----------
    user, item : ndarray of int, shape (n_ratings,)
        Who rated what, counted from 0.
    rating : ndarray of float, shape (n_ratings,)
        1 to 5 stars.
    time : ndarray, shape (n_ratings,)
        Share of all ratings that were given before this one, from 0 to nearly 1: with
        ``time < 0.7`` you take the first 70 %.
    genres : ndarray of float, shape (n_items, n_genres)
        1 where an item belongs to a genre, else 0.
    shape : tuple of int
        Numbers of users and of items.
    liking : ndarray, shape (n_users, n_items), or None
        What each user would give to each item at the end, on average, before it is rounded and
        cut to 1 to 5 stars: the truth of a generated world. None for real ratings.
    """

    user: np.ndarray
    item: np.ndarray
    rating: np.ndarray
    time: np.ndarray
    genres: np.ndarray
    shape: tuple[int, int]
    liking: np.ndarray | None = None


def make_ratings(
    seed: int,
    *,
    n_users: int = 400,
    n_items: int = 300,
    n_ratings: int = 20_000,
    exposure: float = 0.6,
    choice: float = 0.7,
    drift: float = 45.0,
) -> Ratings:
    """Make a world of users, items and ratings whose truth is known.

    Liking, in stars, is 3.5 + the user's generosity + the item's quality + taste. Taste is a
    product of four numbers of the user with four of the item, and the item's numbers follow in
    part from its genres. Tastes turn with time. A rating is liking plus noise, rounded, from 1
    to 5.

    Ratings are not missing at random. Some users rate much more than others, three in ten join
    late, and one item in five is released late. What a user rates is decided by two things: some
    items are put before everybody's eyes, however good they are (`exposure`), and people pick
    what they will like (`choice`).

    Parameters
    ----------
    seed : int
        Each seed is another world.
    n_users, n_items : int, default 400 and 300
    n_ratings : int, default 20,000
        At most half of all pairs of a user and an item.
    exposure : float, default 0.6
        The item that is r-th in a random order is r**-exposure times as likely to be rated as
        the first one. With 0 all are shown alike.
    choice : float, default 0.7
        One star more of quality and taste makes it exp(choice) times as likely that an item is
        rated. With 0 liking plays no part.
    drift : float, default 45
        Degrees by which tastes turn from the first day to the last: at 90 a user's last tastes
        have nothing to do with the first.

    Returns
    -------
    Ratings
        In the order of time, with `liking` as it is on the last day.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    Which pairs are rated is a draw without replacement, by the exponential race of Efraimidis
    and Spirakis (2006), https://doi.org/10.1016/j.ipl.2005.11.003. On ratings that are missing
    not at random: Marlin and Zemel (2009), https://doi.org/10.1145/1639714.1639717.

    Examples
    --------
    >>> world = make_ratings(0)
    >>> world.user.shape, world.shape, world.genres.shape
    ((20000,), (400, 300), (300, 8))
    >>> early = world.time < 0.7
    >>> int(early.sum())
    14000
    >>> bool(world.rating.mean() > world.liking.mean())  # people rate what they like
    True
    """
    _check_number("seed", seed, 0)
    _check_number("n_users", n_users, 2)
    _check_number("n_items", n_items, 2)
    _check_number("n_ratings", n_ratings, 1, n_users * n_items // 2)
    for name, value in (("exposure", exposure), ("choice", choice), ("drift", drift)):
        if not isinstance(value, Real) or not 0 <= value < math.inf:
            raise ValueError(f"{name} must be a number from 0 upwards, got {value!r}")
    rng = np.random.default_rng(seed)
    genres = rng.random((n_items, N_GENRES)) < 0.15
    genres[np.arange(n_items), rng.integers(0, N_GENRES, n_items)] = True
    of_genres = genres / np.sqrt(genres.sum(axis=1, keepdims=True))
    of_items = 0.9 * of_genres @ rng.normal(size=(N_GENRES, N_TASTES))
    of_items += 0.45 * rng.normal(size=(n_items, N_TASTES))
    first, other = rng.normal(size=(2, n_users, N_TASTES)) @ of_items.T
    unit = TASTE / np.sqrt(np.mean(first**2))
    generosity = GENEROSITY * rng.normal(size=(n_users, 1))
    quality = QUALITY * rng.normal(size=n_items)

    activity = np.log(rng.gamma(2, size=(n_users, 1)) + 0.3)
    shown = -exposure * np.log1p(rng.permutation(n_items))
    joined = _some_late(rng, n_users, 0.3)[:, None]
    begin = np.maximum(joined, _some_late(rng, n_items, 0.2))
    day = begin + (1 - begin) * rng.random((n_users, n_items))

    angle = np.deg2rad(drift) * day
    taste = unit * (np.cos(angle) * first + np.sin(angle) * other)
    weight = activity + shown + choice * (taste + quality) + np.log(1 - begin)
    race = weight + rng.gumbel(size=weight.shape)
    pairs = np.argpartition(-race.ravel(), n_ratings)[:n_ratings]
    pairs = pairs[np.argsort(day.ravel()[pairs])]
    user, item = np.divmod(pairs, n_items)
    stars = (3.5 + generosity + quality + taste)[user, item]
    angle = np.deg2rad(drift)
    taste = unit * (np.cos(angle) * first + np.sin(angle) * other)
    return Ratings(
        user=user,
        item=item,
        rating=np.clip(np.round(stars + NOISE * rng.normal(size=n_ratings)), 1, 5),
        time=np.arange(n_ratings) / n_ratings,
        genres=genres.astype(float),
        shape=(n_users, n_items),
        liking=3.5 + generosity + quality + taste,
    )


def load_movielens(path: str | Path) -> Ratings:
    """Read MovieLens 100K from the file ``ml-100k.zip`` that you have downloaded yourself.

    100,000 ratings of 1,682 films by 943 users, from September 1997 to April 1998. The course
    may not pass them on: get the file from https://grouplens.org/datasets/movielens/100k/.

    Parameters
    ----------
    path : str or Path
        Where ``ml-100k.zip`` is. It is read as it is, there is nothing to unpack.

    Returns
    -------
    Ratings
        In the order of time; `liking` is None, for nobody knows it. Ratings of the same second
        keep the order of the file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not the one whose MD5 checksum GroupLens publishes.

    Notes
    -----
    Licence: GroupLens allows any research purpose. You may not pass the data on without separate
    permission, nor use them commercially without permission of its faculty, nor claim its
    endorsement; publications must acknowledge the data. The terms are in
    https://files.grouplens.org/datasets/movielens/ml-100k-README.txt, the checksum in
    ``ml-100k.zip.md5`` beside it.

    References
    ----------
    Harper and Konstan (2015), The MovieLens Datasets: History and Context,
    https://doi.org/10.1145/2827872.

    Examples
    --------
    >>> load_movielens("not/here/ml-100k.zip")
    Traceback (most recent call last):
    FileNotFoundError: no file not/here/ml-100k.zip: download ml-100k.zip from ...
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(
            f"no file {path.as_posix()}: download ml-100k.zip from {MOVIELENS_PAGE} (its licence "
            "forbids that the course brings it) and pass its path"
        )
    content = path.read_bytes()
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != MOVIELENS_MD5:
        raise ValueError(
            f"{path.as_posix()} is not the ml-100k.zip that GroupLens publishes (MD5 "
            f"{MOVIELENS_MD5}): download it again from {MOVIELENS_PAGE}"
        )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        ratings = np.loadtxt(io.BytesIO(archive.read("ml-100k/u.data")), dtype=int, ndmin=2)
        films = archive.read("ml-100k/u.item").decode("latin-1").splitlines()
    user, item, stars = ratings[np.argsort(ratings[:, 3], kind="stable"), :3].T
    # Number, title, two dates and an address come before the genres.
    genres = np.array([line.split("|")[5:] for line in films], dtype=float)
    return Ratings(
        user=user - 1,
        item=item - 1,
        rating=stars.astype(float),
        time=np.arange(len(user)) / len(user),
        genres=genres,
        shape=(int(user.max()), len(genres)),
    )


def _some_late(rng, n, share):
    """Draw when each begins: most at 0, a share of them at any time up to 0.9."""
    late = rng.random(n) < share
    return np.where(late, 0.9 * rng.random(n), 0)
