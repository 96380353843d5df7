"""The course's data: offline, checked against a checksum, licence in the docstring."""

from __future__ import annotations

import gzip
import hashlib
import io
import math
import os
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = [
    "FASHION_CLASSES",
    "data_file",
    "digits_split",
    "load_adult",
    "load_fashion",
    "load_reviews",
]

#: What the classes of `load_fashion` are, in order.
FASHION_CLASSES = (
    "T-shirt",
    "trousers",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)


def data_file(name: str) -> bytes:
    """Read a file of the course's ``data`` folder and check that it is intact.

    Parameters
    ----------
    name : str
        Path below ``data/``, for instance ``"adult.csv.gz"``. The folder is found
        beside the package; the environment variable ``TUNEUP_DATA`` names another one.

    Returns
    -------
    bytes
        The content of the file.

    Raises
    ------
    FileNotFoundError
        If the folder or the file is not there.
    ValueError
        If the file is not in the list of checksums, or its content has changed.

    Examples
    --------
    >>> len(data_file("adult.csv.gz")) > 100_000
    True
    """
    default = Path(__file__).resolve().parent.parent / "data"
    folder = Path(os.environ.get("TUNEUP_DATA", default))
    sums = folder / "SHA256SUMS"
    if not sums.is_file():
        raise FileNotFoundError(
            f"no Tune Up data in {folder}: run from a clone of the project (installed with "
            "`make setup` or `pip install -e .`), or set TUNEUP_DATA to its data folder"
        )
    if name == sums.name:
        return sums.read_bytes()
    wanted = {line.split()[1]: line.split()[0] for line in sums.read_text().splitlines()}
    if name not in wanted:
        raise ValueError(f"no data file {name!r}; there are {sorted(wanted)}")
    path = folder / name
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: restore it with `git checkout -- data`")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != wanted[name]:
        raise ValueError(
            f"{path} is damaged or was changed (its SHA-256 is not the one in "
            f"{sums.name}): restore it with `git checkout -- data`"
        )
    return content


def load_adult(n_rows: int | None = None) -> tuple[pd.DataFrame, pd.Series]:
    """Load 10,000 rows of the Adult census data, whose target is a high income.

    Six numeric and seven categorical columns; missing values are NaN. The survey weight
    ``fnlwgt`` and ``education`` (the words for ``educational_num``) are left out.

    Parameters
    ----------
    n_rows : int, optional
        Only the first rows of a fixed random order. All 10,000 by default.

    Returns
    -------
    X : DataFrame, shape (n_rows, 12)
        The features.
    y : Series of int, shape (n_rows,)
        1 if the income is above 50,000 dollars a year (24 % of rows), else 0.

    Raises
    ------
    ValueError
        If `n_rows` is not between 10 and 10,000.

    Notes
    -----
    Licence: CC BY 4.0. Source: Becker and Kohavi (1996), Adult, UCI Machine Learning
    Repository, https://doi.org/10.24432/C5XW20. Census of 1994: income, gender and race
    in it are of their time; a model of it is an exercise, not a tool.

    Examples
    --------
    >>> X, y = load_adult(1000)
    >>> X.shape, y.shape
    ((1000, 12), (1000,))
    """
    import pandas as pd

    text = gzip.decompress(data_file("adult.csv.gz"))
    rows = pd.read_csv(io.BytesIO(text), na_values="?").sample(frac=1, random_state=0)
    if n_rows is None:
        n_rows = len(rows)
    _check_number("n_rows", n_rows, 10, len(rows))
    rows = rows.head(n_rows).reset_index(drop=True)
    y = (rows.pop("income") == ">50K").astype(int)
    return rows.drop(columns=["fnlwgt", "education"]), y


def digits_split(
    n_train: int = 300,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Split scikit-learn's handwritten digits into a small training set and a test set.

    Parameters
    ----------
    n_train : int, default 300
        Rows to train and validate on; the others of the 1,797 are the test set. The split
        is stratified and always the same.

    Returns
    -------
    X_train, X_test : ndarray, shape (n, 64)
        Grey levels of 8 × 8 pixels, from 0 to 1.
    y_train, y_test : ndarray of int, shape (n,)
        The digits, 0 to 9.

    Raises
    ------
    ValueError
        If `n_train` is not between 50 and 1,700.

    Notes
    -----
    Source: Alpaydin and Kaynak (1998), Optical Recognition of Handwritten Digits, UCI
    Machine Learning Repository, CC BY 4.0, https://doi.org/10.24432/C50P49, as bundled
    with scikit-learn.

    Examples
    --------
    >>> X_train, X_test, y_train, y_test = digits_split(300)
    >>> X_train.shape, X_test.shape
    ((300, 64), (1497, 64))
    """
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    _check_number("n_train", n_train, 50, 1700)
    X, y = load_digits(return_X_y=True)
    return tuple(train_test_split(X / 16, y, train_size=n_train, stratify=y, random_state=0))


def load_fashion(
    n_train: int | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Load small grey pictures of clothes in ten classes, `FASHION_CLASSES`.

    Parameters
    ----------
    n_train : int, optional
        Only the first training pictures of a fixed random order. All 4,000 by default.

    Returns
    -------
    X_train, X_test : ndarray of float32, shape (n, 14, 14)
        Grey levels from 0 to 1; 2,000 test pictures.
    y_train, y_test : ndarray of int, shape (n,)
        The classes, 0 to 9, in each part equally many of each.

    Raises
    ------
    ValueError
        If `n_train` is not between 100 and 4,000.

    Notes
    -----
    Licence: MIT (Expat), Copyright 2017 Zalando SE. Source: Xiao, Rasul and Vollgraf (2017),
    Fashion-MNIST, https://arxiv.org/abs/1708.07747: 400 training and 200 test pictures of each
    class, drawn at random, each 2 × 2 pixels replaced by their mean.

    Examples
    --------
    >>> X_train, X_test, y_train, y_test = load_fashion(1000)
    >>> X_train.shape, X_test.shape
    ((1000, 14, 14), (2000, 14, 14))
    >>> FASHION_CLASSES[y_train[0]] in FASHION_CLASSES
    True
    """
    import numpy as np

    stored = np.load(io.BytesIO(data_file("fashion.npz")))
    if n_train is None:
        n_train = len(stored["y_train"])
    _check_number("n_train", n_train, 100, len(stored["y_train"]))
    X_train, X_test = (stored[name].astype("float32") / 255 for name in ("X_train", "X_test"))
    y_train, y_test = (stored[name].astype("int64") for name in ("y_train", "y_test"))
    return X_train[:n_train], X_test, y_train[:n_train], y_test


def load_reviews() -> tuple[pd.DataFrame, pd.Series]:
    """Load 2,979 sentences from reviews of products, films and restaurants, good or bad.

    Returns
    -------
    X : DataFrame, shape (2979, 2)
        ``text``, a sentence, and ``source``: amazon, imdb or yelp. No sentence stands twice.
    y : Series of int, shape (2979,)
        1 if the sentence praises (half of them), else 0. The order is random and fixed.

    Notes
    -----
    Licence: CC BY 4.0. Source: Kotzias, Denil, de Freitas and Smyth (2015), Sentiment Labelled
    Sentences, UCI Machine Learning Repository, https://doi.org/10.24432/C57604.

    Examples
    --------
    >>> X, y = load_reviews()
    >>> X.shape, int(y.sum())
    ((2979, 2), 1488)
    """
    import pandas as pd

    text = gzip.decompress(data_file("reviews.csv.gz"))
    rows = pd.read_csv(io.BytesIO(text), keep_default_na=False)
    rows = rows.sample(frac=1, random_state=0).reset_index(drop=True)
    return rows[["text", "source"]], rows["positive"]


def _check_number(name, value, low, high=math.inf):
    if isinstance(value, bool) or not isinstance(value, Integral) or not low <= value <= high:
        up_to = "upwards" if high == math.inf else f"to {high}"
        raise ValueError(f"{name} must be a whole number from {low} {up_to}, got {value!r}")
