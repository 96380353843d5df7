"""Compute reviews_by_rows.npz: three classifiers of sentences, from 250 to 2,000 of them.

    python tools/tables/make_reviews_by_rows.py

Chapter 13 asks from how many sentences on a recurrent network beats counted words. That takes
many splits at several sizes: too slow for a notebook. The file holds for ten splits, an entry for
each model, shape (10, 4), the share of right answers on the 979 sentences that no size uses.

Each model gets the same: four fifths of the rows to learn from, the last fifth to choose among its
settings by accuracy. They are five values of C (``tf-idf``), or three learning rates at each of
twelve epochs (``averaged words``, ``GRU``). Needs the group `deep`; one thread; some ten minutes.
"""

import os

import numpy as np
from make_tables import encode, recurrent_network
from making import STEPS, fill
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from tuneup_helpers.datasets import load_reviews

os.environ.setdefault("KERAS_BACKEND", "jax")

SIZES = (250, 500, 1000, 2000)
N_SPLITS = 10
CS = (0.3, 1, 3, 10, 30)
RATES = (0.001, 0.003, 0.01)
N_EPOCHS = 12


def split(seed, n):
    """Return sentences and classes: to learn from, to choose with, to score on."""
    X, y = load_reviews()
    texts, y = X["text"].to_numpy(), y.to_numpy()
    order = np.random.default_rng(seed).permutation(len(y))
    rows, new = order[:n], order[max(SIZES) :]
    cut = n * 4 // 5
    return [(texts[part], y[part]) for part in (rows[:cut], rows[cut:], new)]


def tf_idf(seed, n):
    """Score the C that is best on the last fifth."""
    (texts, y), (choose, y_choose), (new, y_new) = split(seed, n)
    models = [
        make_pipeline(TfidfVectorizer(), LogisticRegression(C=C, max_iter=1000)).fit(texts, y)
        for C in CS
    ]
    best = max(models, key=lambda model: model.score(choose, y_choose))
    return best.score(new, y_new)


def network(n_layers, seed, n):
    """Score the learning rate and epoch that are best on the last fifth."""
    import keras

    from tuneup_helpers.networks import train_many

    (texts, y), (choose, y_choose), (new, y_new) = split(seed, n)
    curves = []
    for sentences, classes in ((choose, y_choose), (new, y_new)):  # the same training twice
        keras.utils.clear_session()
        seen = train_many(
            recurrent_network("GRU", 16, n_layers, 0),
            encode(texts, texts),
            y,
            validation_data=(encode(texts, sentences), classes),
            epochs=N_EPOCHS,
            batch_size=32,
            seeds=[seed] * len(RATES),
            learning_rates=RATES,
        )
        curves.append(seen.score)
    choose_curve, new_curve = curves
    return new_curve.ravel()[choose_curve.argmax()]


MODELS = {
    "tf-idf": tf_idf,
    "averaged words": lambda seed, n: network(0, seed, n),
    "GRU": lambda seed, n: network(1, seed, n),
}


def scores(name, seeds=range(N_SPLITS)):
    """Return the scores of a model, shape (n_seeds, n_sizes), as whole steps."""
    found = [[MODELS[name](seed, n) for n in SIZES] for seed in seeds]
    return np.rint(np.array(found) * STEPS).astype(np.uint16)


if __name__ == "__main__":
    fill(
        "reviews_by_rows.npz",
        {name: (lambda name=name: {name: scores(name)}) for name in MODELS},
        steps=STEPS,
        sizes=np.array(SIZES, dtype=np.int64),
    )
