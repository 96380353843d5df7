"""Compute fashion_by_rows.npz: classifiers of pictures, from 250 to 3,000 of them.

    python tools/tables/make_fashion_by_rows.py                         # all of them
    python tools/tables/make_fashion_by_rows.py forest "4 filters"      # some

Chapter 12 asks from how many pictures on a larger network pays, what augmentation brings, and what
matters around the winner of a search. That takes many trainings: too slow for a notebook. The file
holds for ten draws of the training pictures, an entry for each model, the share of right answers on
2,000 test pictures: at each of three sizes, shape (10, 3), or at 1,000 pictures only, shape (10,).

The networks are those of the table `cnn_fashion`, with kernels of 3, a stride of 1 and pooling,
trained by Adam at the rate 0.01 with batches of 32, for 10 epochs or, where the name says so, for
30. Augmented, they see as many pictures in all, and each copy of a picture is changed anew, at
random: shifted by up to one pixel in both directions, or mirrored. ``winner`` is the best cell of
the table, for eight epochs as in there, and "winner, ..." differs from it in what is named.
Nothing is chosen by these scores. Needs the group `deep`; one thread; some six minutes.
"""

import os
import sys

import numpy as np
from make_tables import convolutional_network
from making import STEPS, fill
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from tuneup_helpers.datasets import load_fashion

os.environ.setdefault("KERAS_BACKEND", "jax")

SIZES = (250, 1000, 3000)
N_DRAWS = 10


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


def network(filters, augment=None, *, strides=1, epochs=10, rate=0.01, batch_size=32, **shape):
    """Return a function that scores a convolutional network.

    With `augment`, its epochs become one pass over as many copies of the pictures.
    """
    shape = {"kernel_size": 3, "dropout": 0, "strides": strides} | shape

    def score(seed, n):
        import keras

        X, y, X_new, y_new = draw(seed, n)
        passes = epochs
        if augment:
            rng = np.random.default_rng(seed)
            X = np.concatenate([augment(X, rng) for _ in range(epochs)])
            y, passes = np.tile(y, epochs), 1
        keras.utils.clear_session()
        keras.utils.set_random_seed(seed)
        model = convolutional_network(filters, **shape)
        model.optimizer.learning_rate = rate
        model.fit(X[..., None], y, epochs=passes, batch_size=batch_size, verbose=0)
        guess = model.predict(X_new[..., None], batch_size=500, verbose=0)
        return (guess.argmax(axis=1) == y_new).mean()

    return score


def winner(filters=16, **changes):
    """Return a function that scores the best network of the table, with changes."""
    return network(filters, **({"strides": 2, "epochs": 8} | changes))


MODELS = {
    "logistic regression": plain(lambda seed: LogisticRegression(C=0.1, max_iter=300)),
    "forest": plain(lambda seed: RandomForestClassifier(200, random_state=seed)),
    "4 filters": network(4),
    "8 filters": network(8),
    "16 filters": network(16),
    "8 filters, shifted": network(8, shifted),
    "8 filters, mirrored": network(8, mirrored),
    "winner": winner(),
}
AT_1000 = {
    "8 filters, 30 epochs": network(8, epochs=30),
    "8 filters, 30 epochs, shifted": network(8, shifted, epochs=30),
    "8 filters, 30 epochs, mirrored": network(8, mirrored, epochs=30),
    "winner, rate 0.003": winner(rate=0.003),
    "winner, rate 0.03": winner(rate=0.03),
    "winner, kernel 1": winner(kernel_size=1),
    "winner, kernel 5": winner(kernel_size=5),
    "winner, 4 filters": winner(4),
    "winner, 8 filters": winner(8),
    "winner, pooling": winner(strides=1),
    "winner, dropout 0.5": winner(dropout=0.5),
    "winner, batch 128": winner(batch_size=128),
}


def scores(name, seeds=range(N_DRAWS)):
    """Return the scores of a model as whole steps, shape (n_seeds, n_sizes) or (n_seeds,)."""
    if name in AT_1000:
        found = [AT_1000[name](seed, 1000) for seed in seeds]
    else:
        found = [[MODELS[name](seed, n) for n in SIZES] for seed in seeds]
    return np.rint(np.array(found) * STEPS).astype(np.uint16)


if __name__ == "__main__":
    fill(
        "fashion_by_rows.npz",
        {name: (lambda name=name: {name: scores(name)}) for name in MODELS | AT_1000},
        sys.argv[1:],
        steps=STEPS,
        sizes=np.array(SIZES, dtype=np.int64),
    )
