"""Compute optimism.npz: cross-validation, nested and flat, on many small data sets.

    python tools/tables/make_optimism.py

Notebook 09 asks how far the best cross-validation score is from the truth. That takes many
data sets whose truth is known, and nested cross-validation on each: too slow for a notebook.
The file holds counts of right answers for two hundred data sets of 60 rows, a row for each
setting of `SETTINGS` (on noise only the first `N_RBF`, the support vector machines):

- ``cancer/outer``, shape (200, 99, 5): right answers on each of five folds of 12 rows;
- ``cancer/inner``, shape (200, 99, 5): the 48 rows outside each of those folds, once more
  cross-validated in four folds: right answers out of 48;
- ``cancer/test``, shape (200, 99): fitted to all 60 rows, right answers on the other 509;
- ``noise/outer``, ``noise/inner``, shape (200, 81, 5): the same where there is nothing to
  learn: seven columns of normal noise, labels half and half. The truth is 0.5.

The columns of the breast cancer data are seven weak ones, so that the classes overlap. One
thread; about twelve minutes.
"""

import itertools
import sys

import numpy as np
import sklearn
from making import fill
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import StratifiedKFold, train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

WEAK_COLUMNS = [4, 8, 9, 11, 14, 18, 19]
N_DATA_SETS = 200
N_ROWS = 60
GRID = {
    "C": np.logspace(-1, 3, 9),
    "gamma": np.logspace(-3, 1, 9),
    "n_neighbors": range(1, 18, 2),
}
SETTINGS = [
    *(SVC(C=C, gamma=gamma) for C, gamma in itertools.product(GRID["C"], GRID["gamma"])),
    *(SVC(C=C, kernel="linear") for C in GRID["C"]),
    *(KNeighborsClassifier(n_neighbors=k) for k in GRID["n_neighbors"]),
]
N_RBF = 81


def cancer_rows(seed):
    """Draw 60 rows of the weak columns; the other 509 are the truth."""
    X, y = load_breast_cancer(return_X_y=True)
    return train_test_split(X[:, WEAK_COLUMNS], y, train_size=N_ROWS, stratify=y, random_state=seed)


def noise_rows(seed):
    """Draw 60 rows of noise with 30 labels of each kind."""
    X = np.random.default_rng(seed).normal(size=(N_ROWS, len(WEAK_COLUMNS)))
    return X, np.arange(N_ROWS) % 2


def count_right(settings, X, y, X_new, y_new):
    """Return the right answers of each setting on new rows; columns are scaled first."""
    mean, spread = X.mean(axis=0), X.std(axis=0)
    X, X_new = (X - mean) / spread, (X_new - mean) / spread
    return np.array([(model.fit(X, y).predict(X_new) == y_new).sum() for model in settings])


def count_folds(settings, X, y, n_splits, seed):
    """Return the right answers of each setting on each fold, shape (n_settings, n_splits)."""
    cv = StratifiedKFold(n_splits=n_splits, shuffle=True, random_state=seed)
    folds = [count_right(settings, X[a], y[a], X[b], y[b]) for a, b in cv.split(X, y)]
    return np.stack(folds, axis=1)


def cross_validate(settings, X, y, seed):
    """Return the right answers of the outer folds, and of the inner ones for each outer fold."""
    outer = count_folds(settings, X, y, 5, seed)
    cv = StratifiedKFold(n_splits=5, shuffle=True, random_state=seed)
    inner = [count_folds(settings, X[a], y[a], 4, seed).sum(axis=1) for a, _ in cv.split(X, y)]
    return outer.astype(np.uint8), np.stack(inner, axis=1).astype(np.uint8)


def compute(seed):
    """Return everything that is stored of one data set."""
    X, X_test, y, y_test = cancer_rows(seed)
    outer, inner = cross_validate(SETTINGS, X, y, seed)
    test = count_right(SETTINGS, X, y, X_test, y_test).astype(np.uint16)
    noise_outer, noise_inner = cross_validate(SETTINGS[:N_RBF], *noise_rows(seed), seed)
    return {
        "cancer/outer": outer,
        "cancer/inner": inner,
        "cancer/test": test,
        "noise/outer": noise_outer,
        "noise/inner": noise_inner,
    }


def compute_all():
    """Compute all data sets."""
    with sklearn.config_context(assume_finite=True, skip_parameter_validation=True):
        parts = [compute(seed) for seed in range(N_DATA_SETS)]
    return {name: np.stack([part[name] for part in parts]) for name in parts[0]}


if __name__ == "__main__":
    fill("optimism.npz", {"counts": compute_all}, sys.argv[1:])
