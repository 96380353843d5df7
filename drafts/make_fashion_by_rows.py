"""Compute fashion_by_rows.npz: classifiers of pictures, from 250 to 3,000 of them.

    python tools/tables/make_fashion_by_rows.py

Chapter 12 asks from how many pictures on a larger network pays, and what augmentation brings. That
takes many trainings: too slow for a notebook. The file holds for ten draws of the training
pictures, an entry for each model, shape (10, 3), the share of right answers on 2,000 test pictures.

The networks are those of the table `cnn_fashion` with kernels of 3, trained by Adam for ten epochs
at the rate 0.01 with batches of 32. With augmentation they see as many pictures in each epoch, each
shifted by up to one pixel in both directions, or mirrored, at random, drawn anew for every copy.
Needs the group `deep`; one thread; some ten minutes.
"""

import os

import numpy as np
from make_tables import CnnFashion
from making import STEPS, fill
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from tuneup_helpers.datasets import load_fashion

os.environ.setdefault("KERAS_BACKEND", "jax")

SIZES = (250, 1000, 3000)
N_DRAWS = 10
RATE, N_EPOCHS = 0.01, 10


def draw(seed, n):
    """Return n training pictures, all test pictures, and their classes."""
    X, X_new, y, y_new = load_fashion()
    rows = np.random.default_rng(seed).permutation(len(y))[:n]
    return X[rows], y[rows], X_new, y_new


def shifted(X, rng):
    """Move each picture by -1, 0 or 1 pixels in both directions; what comes in is black."""
    padded = np.pad(X, ((0, 0), (1, 1), (1, 1)))
    rows, columns = rng.integers(0, 3, size=(2, len(X)))
    height, width = X.shape[1:]
    return np.stack(
        [
            picture[r : r + height, c : c + width]
            for picture, r, c in zip(padded, rows, columns, strict=True)
        ]
    )


def mirrored(X, rng):
    """Mirror about half of the pictures, left to right."""
    return np.where(rng.random(len(X))[:, None, None] < 0.5, X[:, :, ::-1], X)


def plain(model):
    """Return a function that scores a model of scikit-learn."""

    def score(seed, n):
        X, y, X_new, y_new = draw(seed, n)
        fitted = model(seed).fit(X.reshape(n, -1), y)
        return fitted.score(X_new.reshape(len(y_new), -1), y_new)

    return score


def network(filters, augment=None, copies=N_EPOCHS):
    """Return a function that scores a convolutional network.

    Augmented, an epoch of ten is one pass over ten copies of the pictures.
    """

    def score(seed, n):
        import keras

        from tuneup_helpers.networks import train_many

        X, y, X_new, y_new = draw(seed, n)
        epochs = N_EPOCHS
        if augment:
            rng = np.random.default_rng(seed)
            X = np.concatenate([augment(X, rng) for _ in range(copies)])
            y, epochs = np.tile(y, copies), N_EPOCHS // copies
        keras.utils.clear_session()
        recipe = CnnFashion.__new__(CnnFashion)  # its model, not its rows
        seen = train_many(
            recipe.model(filters, 3, 1, 0),
            X[..., None],
            y,
            validation_data=(X_new[..., None], y_new),
            epochs=epochs,
            batch_size=32,
            seeds=[seed],
            learning_rates=[RATE],
        )
        return seen.score[0, -1]

    return score


MODELS = {
    "logistic regression": plain(lambda seed: LogisticRegression(C=0.1, max_iter=300)),
    "forest": plain(lambda seed: RandomForestClassifier(200, random_state=seed)),
    "4 filters": network(4),
    "8 filters": network(8),
    "16 filters": network(16),
    "8 filters, shifted": network(8, shifted),
    "8 filters, mirrored": network(8, mirrored),
}


def scores(name, seeds=range(N_DRAWS)):
    """Return the scores of a model, shape (n_seeds, n_sizes), as whole steps."""
    found = [[MODELS[name](seed, n) for n in SIZES] for seed in seeds]
    return np.rint(np.array(found) * STEPS).astype(np.uint16)


if __name__ == "__main__":
    fill(
        "fashion_by_rows.npz",
        {name: (lambda name=name: {name: scores(name)}) for name in MODELS},
        steps=STEPS,
        sizes=np.array(SIZES, dtype=np.int64),
    )
