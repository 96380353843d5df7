"""Compute the replay tables: real models on real data, every cell of a grid.

    python tools/tables/make_tables.py                 # all of them
    python tools/tables/make_tables.py svc_digits      # one

Those of Keras need the group `deep`. The recipes are also what the tests recompute a sample of cells from.
"""

import itertools
import json
import os
import re
import sys
import time
import warnings
from collections import Counter
from functools import partial
from importlib import metadata

import numpy as np
from making import STEPS, compute, write_arrays
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import RepeatedStratifiedKFold, StratifiedKFold
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline

from tuneup_helpers.datasets import digits_split, load_adult, load_fashion, load_reviews
from tuneup_helpers.pipelines import adult_pipeline, digits_svm


def axis(name, values, scale="log", kind="float"):
    """Describe an axis; floats are rounded so that a cell can be typed."""
    values = [int(v) if kind == "int" else float(f"{v:.6g}") for v in values]
    return {"name": name, "values": values, "scale": scale, "kind": kind}


class Recipe:
    """How the cells of a table are computed: one by one, unless a recipe knows better."""

    packages = ("scikit-learn",)

    def evaluate_all(self, cells):
        """Evaluate cells that differ in the first hyperparameter only."""
        return [self.evaluate(params) for params in cells]


class SvcDigits(Recipe):
    """SVC on five principal components of 300 digits; 5 folds, 4 repetitions."""

    title = "SVC on five principal components of digits"
    metric = "accuracy"
    axes = (axis("C", np.logspace(-2, 3, 41)), axis("gamma", np.logspace(-4, 1, 41)))
    fidelities = (1,)

    def __init__(self):
        self.X, self.X_test, self.y, self.y_test = digits_split(300)
        cv = RepeatedStratifiedKFold(n_splits=5, n_repeats=4, random_state=0)
        self.folds = list(cv.split(self.X, self.y))
        self.fold_unit = [1 / len(validation) for _, validation in self.folds]
        self.test_unit = 1 / len(self.y_test)

    def evaluate(self, params):
        """Return right answers by fold, right answers on the test set, seconds of a fit."""
        counts = []
        for train, validation in self.folds:
            model = digits_svm(**params).fit(self.X[train], self.y[train])
            counts.append((model.predict(self.X[validation]) == self.y[validation]).sum())
        start = time.perf_counter()
        model = digits_svm(**params).fit(self.X, self.y)
        seconds = time.perf_counter() - start
        right = (model.predict(self.X_test) == self.y_test).sum()
        return np.array([counts]), np.array([right]), seconds


class MlpDigits(Recipe):
    """A network with one hidden layer on 450 digits, scored after each epoch; 3 folds."""

    title = "one hidden layer on digits, stochastic gradient descent with momentum 0.9"
    metric = "accuracy"
    axes = (
        axis("learning_rate_init", np.logspace(-4, 0, 13)),
        axis("hidden_units", [8, 16, 32, 64], kind="int"),
        axis("batch_size", [16, 32, 64, 128], kind="int"),
        axis("alpha", [1e-3, 1e-2, 1e-1, 1]),
    )
    fidelities = tuple(range(1, 51))

    def __init__(self):
        self.X, self.X_test, self.y, self.y_test = digits_split(450)
        cv = StratifiedKFold(n_splits=3, shuffle=True, random_state=0)
        self.folds = list(cv.split(self.X, self.y))
        self.fold_unit = [1 / len(validation) for _, validation in self.folds]
        self.test_unit = 1 / len(self.y_test)

    def _curve(self, params, X, y, X_new, y_new):
        """Return right answers on new rows after each epoch.

        A network whose weights overflow stays at what a constant answer gets.
        """
        model = MLPClassifier(
            (params["hidden_units"],),
            solver="sgd",
            momentum=0.9,
            learning_rate_init=params["learning_rate_init"],
            alpha=params["alpha"],
            batch_size=params["batch_size"],
            random_state=0,
        )
        counts = np.full(len(self.fidelities), (y_new == 0).sum())
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            for epoch in range(len(self.fidelities)):
                try:
                    model.partial_fit(X, y, classes=np.arange(10))
                except ValueError as error:
                    if "non-finite" not in str(error):
                        raise
                    break
                counts[epoch] = (model.predict(X_new) == y_new).sum()
        return counts

    def evaluate(self, params):
        """Return right answers by epoch and fold, on the test set, and seconds of a fit."""
        X, y = self.X, self.y
        counts = [self._curve(params, X[a], y[a], X[b], y[b]) for a, b in self.folds]
        start = time.perf_counter()
        test = self._curve(params, X, y, self.X_test, self.y_test)
        return np.array(counts).T, test, time.perf_counter() - start


class LgbmAdult(Recipe):
    """LightGBM on 1,000 rows of Adult, scored every 12 rounds; 5 folds."""

    packages = ("scikit-learn", "lightgbm")
    title = "LightGBM on 1,000 rows of Adult"
    metric = "area under the ROC curve"
    axes = (
        axis("learning_rate", np.logspace(-2.5, -0.5, 8)),
        axis("num_leaves", [2, 4, 8, 16, 32], kind="int"),
        axis("min_child_samples", [2, 8, 32, 128], kind="int"),
        axis("colsample_bytree", [0.2, 0.6, 1.0], scale="linear"),
        axis("reg_lambda", [1e-2, 1e-1, 1, 10, 100]),
    )
    fidelities = tuple(range(12, 301, 12))
    test_unit = 1 / STEPS

    def __init__(self):
        X, y = load_adult(4000)
        y = y.to_numpy()
        train, test = slice(0, 1000), slice(1000, 4000)
        cv = StratifiedKFold(n_splits=5, shuffle=True, random_state=0)
        splits = [
            (X[train].iloc[a], y[train][a], X[train].iloc[b], y[train][b])
            for a, b in cv.split(X[train], y[train])
        ]
        splits.append((X[train], y[train], X[test], y[test]))
        self.parts = []
        for X_a, y_a, X_b, y_b in splits:
            prepare = adult_pipeline()["prepare"].fit(X_a)
            self.parts.append((prepare.transform(X_a), y_a, prepare.transform(X_b), y_b))
        self.fold_unit = [1 / STEPS] * 5

    def _curve(self, params, X, y, X_new, y_new):
        start = time.perf_counter()
        model = adult_pipeline(n_estimators=self.fidelities[-1], **params)["model"].fit(X, y)
        seconds = time.perf_counter() - start
        margin, scores, done = np.zeros(len(y_new)), [], 0
        for rounds in self.fidelities:
            margin = margin + model.booster_.predict(
                X_new, raw_score=True, start_iteration=done, num_iteration=rounds - done
            )
            done = rounds
            scores.append(round(roc_auc_score(y_new, margin) * STEPS))
        return np.array(scores), seconds

    def evaluate(self, params):
        """Return scores by rounds and fold, on the test set, and the seconds of a fit."""
        curves = [self._curve(params, *part) for part in self.parts]
        return np.array([c for c, _ in curves[:-1]]).T, curves[-1][0], curves[-1][1]


def three_folds(X, y):
    """Split rows into 3 stratified folds: what to train on, then what to score on."""
    cv = StratifiedKFold(n_splits=3, shuffle=True, random_state=0)
    return [(X[a], y[a], X[b], y[b]) for a, b in cv.split(X, y)]


class KerasRecipe(Recipe):
    """Keras networks, scored after each epoch; 3 folds.

    Each fold has a seed of its own, so that the spread between folds holds the luck of the
    initial weights, too. The networks of all learning rates are trained at once. A recipe has
    the `parts` to train and score on: those of the folds, and the last one for the test set.
    """

    packages = ("scikit-learn", "keras", "jax")
    metric = "accuracy"

    def __init__(self):
        os.environ.setdefault("KERAS_BACKEND", "jax")
        self.fold_unit = [1 / len(y) for *_, y in self.parts[:-1]]
        self.test_unit = 1 / len(self.parts[-1][3])

    def model(self, **shape):
        """Return a compiled network; its learning rate is set by the training."""
        raise NotImplementedError

    def evaluate_all(self, cells):
        """Train the networks of all learning rates at once, for each fold and for the test set."""
        import keras

        from tuneup_helpers.networks import train_many

        rates = [params["learning_rate"] for params in cells]
        shape = {name: value for name, value in cells[0].items() if name != "learning_rate"}
        if any({**params, "learning_rate": 0} != {**shape, "learning_rate": 0} for params in cells):
            raise ValueError(f"cells must differ in the learning rate only, got {cells}")
        batch_size = shape.pop("batch_size")
        curves = []
        for seed, (X, y, X_new, y_new) in enumerate(self.parts):
            start = time.perf_counter()
            keras.utils.clear_session()
            seen = train_many(
                self.model(**shape),
                X,
                y,
                validation_data=(X_new, y_new),
                epochs=len(self.fidelities),
                batch_size=batch_size,
                seeds=[seed] * len(cells),
                learning_rates=rates,
            )
            seconds = (time.perf_counter() - start) / len(cells)
            curves.append(np.rint(seen.score * len(y_new)).astype(int))
        return [
            (np.array([c[i] for c in curves[:-1]]).T, curves[-1][i], seconds)
            for i in range(len(cells))
        ]

    def evaluate(self, params):
        """Return right answers by epoch and fold, on the test set, and seconds of a fit."""
        return self.evaluate_all([params])[0]


class KerasDigits(KerasRecipe):
    """Networks of one to three hidden layers on 900 digits."""

    title = "one to three hidden layers on digits, Keras on JAX, Adam"
    axes = (
        axis("learning_rate", np.logspace(-4, -0.5, 15)),
        axis("units", [8, 16, 32, 64, 128], kind="int"),
        axis("layers", [1, 2, 3], scale="linear", kind="int"),
        axis("dropout", [0, 0.25, 0.5], scale="linear"),
        axis("batch_size", [16, 32, 64, 128], kind="int"),
    )
    fidelities = tuple(range(1, 21))

    def __init__(self):
        X, X_test, y, y_test = digits_split(900)
        self.parts = [*three_folds(X, y), (X, y, X_test, y_test)]
        super().__init__()

    def model(self, units, layers, dropout):
        """Return a network of dense layers, each followed by dropout."""
        import keras

        model = keras.Sequential([keras.Input((64,))])
        for _ in range(layers):
            model.add(keras.layers.Dense(units, activation="relu"))
            model.add(keras.layers.Dropout(dropout))
        model.add(keras.layers.Dense(10, activation="softmax"))
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
        return model


def convolutional_network(filters, kernel_size, strides, dropout):
    """Return a compiled network of two convolutions, the second with twice the filters."""
    import keras

    layers, options = keras.layers, {"padding": "same", "activation": "relu"}
    model = keras.Sequential([keras.Input((14, 14, 1))])
    model.add(layers.Conv2D(filters, kernel_size, strides=strides, **options))
    if strides == 1:
        model.add(layers.MaxPooling2D())
    model.add(layers.Conv2D(2 * filters, kernel_size, **options))
    if strides == 1:
        model.add(layers.MaxPooling2D())
    model.add(layers.Flatten())
    model.add(layers.Dropout(dropout))
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    return model


class CnnFashion(KerasRecipe):
    """Two convolutions on 1,200 pictures of clothes.

    Where the stride is 1, each convolution is followed by max pooling; a stride of 2 in the first
    takes the place of its pooling, and the second has none.
    """

    title = "two convolutions on small pictures of clothes, Keras on JAX, Adam"
    axes = (
        axis("learning_rate", np.logspace(-3.5, -1, 6)),
        axis("filters", [4, 8, 16], kind="int"),
        axis("kernel_size", [1, 3, 5], scale="linear", kind="int"),
        axis("strides", [1, 2], scale="linear", kind="int"),
        axis("dropout", [0, 0.5], scale="linear"),
        axis("batch_size", [32, 128], kind="int"),
    )
    fidelities = tuple(range(1, 9))

    def __init__(self):
        X, X_test, y, y_test = load_fashion(1200)
        X, X_test, y_test = X[..., None], X_test[:1000, ..., None], y_test[:1000]
        self.parts = [*three_folds(X, y), (X, y, X_test, y_test)]
        super().__init__()

    model = staticmethod(convolutional_network)


def review_parts():
    """Return the parts of 1,500 sentences, 3 folds, and of the other 1,479, the test set.

    Both tables on reviews use them, so that their scores can be compared fold by fold.
    """
    X, y = load_reviews()
    texts, y, n = X["text"].to_numpy(), y.to_numpy(), 1500
    return [*three_folds(texts[:n], y[:n]), (texts[:n], y[:n], texts[n:], y[n:])]


class TfidfReviews(Recipe):
    """Words counted, weighed by TF-IDF, and logistic regression, on 1,500 sentences; 3 folds."""

    title = "TF-IDF and logistic regression on review sentences"
    metric = "accuracy"
    axes = (
        axis("C", np.logspace(-1, 2, 7)),
        axis("ngrams", [1, 2, 3], scale="linear", kind="int"),
        axis("min_df", [1, 2, 3, 5], kind="int"),
        {
            "name": "stop_words",
            "values": ["none", "english"],
            "scale": "categorical",
            "kind": "categorical",
        },
        {
            "name": "weight",
            "values": ["counts", "idf", "sublinear idf"],
            "scale": "categorical",
            "kind": "categorical",
        },
    )
    fidelities = (1,)

    def __init__(self):
        self.parts = review_parts()
        self.fold_unit = [1 / len(y) for *_, y in self.parts[:-1]]
        self.test_unit = 1 / len(self.parts[-1][3])

    def evaluate(self, params):
        """Return right answers by fold, right answers on the test set, seconds of a fit."""
        counts = []
        for texts, y, new_texts, y_new in self.parts:
            start = time.perf_counter()
            vectorizer = TfidfVectorizer(
                ngram_range=(1, params["ngrams"]),
                min_df=params["min_df"],
                stop_words="english" if params["stop_words"] == "english" else None,
                use_idf=params["weight"] != "counts",
                sublinear_tf=params["weight"] == "sublinear idf",
            )
            model = make_pipeline(vectorizer, LogisticRegression(C=params["C"], max_iter=1000))
            model.fit(texts, y)
            seconds = time.perf_counter() - start
            counts.append((model.predict(new_texts) == y_new).sum())
        return np.array([counts[:-1]]), np.array([counts[-1]]), seconds


N_WORDS, LENGTH = 1000, 20


def encode(texts, sentences):
    """Turn sentences into numbers of words, of the `N_WORDS` - 2 most frequent ones in texts.

    0 is padding, in front; 1 is any other word. Of a long sentence the last `LENGTH` words count.
    """
    words = re.compile(r"[a-z']+|[!?]")
    counts = Counter(word for text in texts for word in words.findall(text.lower()))
    known = {word: i for i, (word, _) in enumerate(counts.most_common(N_WORDS - 2), 2)}
    rows = np.zeros((len(sentences), LENGTH), dtype="int32")
    for row, text in zip(rows, sentences, strict=True):
        found = [known.get(word, 1) for word in words.findall(text.lower())][-LENGTH:]
        row[LENGTH - len(found) :] = found
    return rows


def recurrent_network(cell, units, layers, dropout):
    """Return an embedding in 16 dimensions, recurrent layers, dropout, one output.

    Without recurrent layers the embeddings of the words are averaged.
    """
    import keras

    model = keras.Sequential([keras.Input((LENGTH,))])
    model.add(keras.layers.Embedding(N_WORDS, 16))
    for left in reversed(range(layers)):
        model.add(getattr(keras.layers, cell)(units, return_sequences=left > 0))
    if not layers:
        model.add(keras.layers.GlobalAveragePooling1D())
    model.add(keras.layers.Dropout(dropout))
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


class RnnReviews(KerasRecipe):
    """Recurrent networks on 1,500 sentences, which praise or do not.

    The 1,000 most frequent words are those of the rows that are trained on; a sentence is its
    last 20 words.
    """

    title = "recurrent networks on review sentences, Keras on JAX, Adam"
    axes = (
        axis("learning_rate", np.logspace(-3.5, -1, 6)),
        {
            "name": "cell",
            "values": ["SimpleRNN", "GRU", "LSTM"],
            "scale": "categorical",
            "kind": "categorical",
        },
        axis("units", [8, 16, 32], kind="int"),
        axis("layers", [1, 2], scale="linear", kind="int"),
        axis("dropout", [0, 0.5], scale="linear"),
        axis("batch_size", [32, 128], kind="int"),
    )
    fidelities = tuple(range(1, 9))

    def __init__(self):
        self.parts = []
        for texts, y, new_texts, y_new in review_parts():
            self.parts.append((encode(texts, texts), y, encode(texts, new_texts), y_new))
        super().__init__()

    model = staticmethod(recurrent_network)


RECIPES = {
    "svc_digits": SvcDigits,
    "mlp_digits": MlpDigits,
    "lgbm_adult": LgbmAdult,
    "keras_digits": KerasDigits,
    "cnn_fashion": CnnFashion,
    "tfidf_reviews": TfidfReviews,
    "rnn_reviews": RnnReviews,
}


def make(name):
    """Compute one table: what its file holds."""
    recipe = RECIPES[name]()
    shape = [len(a["values"]) for a in recipe.axes]
    n_levels, n_folds = len(recipe.fidelities), len(recipe.fold_unit)
    folds = np.zeros((*shape, n_levels, n_folds), dtype=np.uint16)
    test = np.zeros((*shape, n_levels), dtype=np.uint16)
    fit_time = np.zeros(shape, dtype=np.float32)
    start = time.perf_counter()
    for done, rest in enumerate(itertools.product(*map(range, shape[1:]))):
        places = [(first, *rest) for first in range(shape[0])]
        cells = [
            {a["name"]: a["values"][i] for a, i in zip(recipe.axes, at, strict=True)}
            for at in places
        ]
        for at, found in zip(places, recipe.evaluate_all(cells), strict=True):
            folds[at], test[at], seconds = found
            fit_time[at] = float(f"{seconds:.2g}")
        if done % 20 == 0:
            seconds = time.perf_counter() - start
            print(f"{name}: {(done + 1) * shape[0]} cells, {seconds:.0f} s", flush=True)
    info = {
        "title": recipe.title,
        "metric": recipe.metric,
        "axes": recipe.axes,
        "fidelities": recipe.fidelities,
        "versions": {name: metadata.version(name) for name in recipe.packages},
    }
    return {
        "info": json.dumps(info),
        "folds": folds,
        "test": test,
        "fit_time": fit_time,
        "fold_unit": np.array(recipe.fold_unit),
        "test_unit": np.array(recipe.test_unit),
    }


def main(wanted):
    """Compute the wanted tables, by default all, and write each with its checksum."""
    for name, table in compute({name: partial(make, name) for name in RECIPES}, wanted):
        write_arrays(f"tables/{name}.npz", table)


if __name__ == "__main__":
    main(sys.argv[1:])
