"""Exercises of chapter 01, Hyperparameters."""

import numpy as np

from tuneup_helpers.exercises import Wrong, call, choice, exercise

choice(
    "01.1",
    right="bd",
    because="Both are set before `fit`. Weights and thresholds are found by it.",
    wrong={
        "a": "Weights are what `fit` finds: parameters.",
        "b": "Nobody learns the number of epochs from the rows in `fit`: you set it.",
        "c": "The tree finds its thresholds in `fit`: parameters. Its depth would be another matter.",
        "d": "k-means does not find out how many clusters there are: you tell it.",
    },
    hints=[
        "Ask of each: is it known before `fit` sees a row?",
        "Two of the four are hyperparameters.",
    ],
)

choice(
    "01.2",
    right="a",
    because="Where both scores are low, the model is too simple to follow even the rows that "
    "it was trained on.",
    wrong={
        "b": "A training score far above the validation score is the mark of the other failure.",
        "c": "A perfect training score is the opposite: the tree is complex enough for anything.",
    },
    hints=[
        "Underfitting: the model cannot even follow its training rows.",
        "Where is the *training* curve low?",
    ],
)


@exercise(
    "01.3",
    hints=[
        "What is uniform is not the number but its logarithm.",
        "Draw uniformly from `log(low)` to `log(high)`, then undo the logarithm.",
        "np.exp(rng.uniform(np.log(low), np.log(high), size=n))",
    ],
)
def _(answer):
    low, high, n = 1e-3, 10.0, 4000
    drawn = call(answer, low, high, n, np.random.default_rng(1))
    try:
        drawn = np.asarray(drawn, dtype=float)
    except (TypeError, ValueError):
        raise Wrong("Return numbers.") from None
    if drawn.shape != (n,):
        raise Wrong(f"Return n numbers: for n = {n} yours returned the shape {drawn.shape}.")
    if (drawn < 0).any():
        raise Wrong("Those are logarithms: undo them at the end, or the numbers are negative.")
    if drawn.min() < low * 0.999 or drawn.max() > high * 1.001:
        if drawn.max() > high * 100:
            raise Wrong("Take the logarithm of `low` and `high` before you draw between them.")
        raise Wrong(
            "Numbers outside the range: use the same base for the logarithm and its inverse."
        )
    if (np.diff(drawn) > 0).all():
        raise Wrong("Those are evenly spaced, not drawn.")
    if np.array_equal(drawn, np.asarray(call(answer, low, high, n, np.random.default_rng(2)))):
        raise Wrong("Use the generator `rng` that is passed in: two seeds give the same numbers.")
    share = (drawn > 1).mean()
    if share > 0.8:
        raise Wrong(
            f"{share:.0%} of them lie in the top decade: that is uniform on a linear scale."
        )
    if drawn.min() > 2 * low or drawn.max() < high / 2:
        raise Wrong(
            f"They reach from {drawn.min():.3g} to {drawn.max():.3g} only, not from {low} to "
            f"{high}: use the same base for the logarithm and its inverse."
        )
    counts = np.histogram(np.log10(drawn), bins=[-3, -2, -1, 0, 1])[0] / n
    if not np.allclose(counts, 0.25, atol=0.04):
        raise Wrong(f"The four decades from 0.001 to 10 should be equally likely, not {counts}.")
    return "Each decade gets its share. `scipy.stats.loguniform(low, high)` does the same."


def _knn(k):
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), KNeighborsClassifier(n_neighbors=k))


def _knn_curve(X, y, ks, cv):
    from sklearn.model_selection import cross_val_score

    return [cross_val_score(_knn(k), X, y, cv=cv).mean() for k in ks]


def _knn_on_training(X, y, ks, cv):
    from sklearn.model_selection import cross_validate

    return [
        cross_validate(_knn(k), X, y, cv=cv, return_train_score=True)["train_score"].mean()
        for k in ks
    ]


def _knn_unscaled(X, y, ks, cv):
    from sklearn.model_selection import cross_val_score

    return [cross_val_score(_knn(k)[-1], X, y, cv=cv).mean() for k in ks]


def _knn_scaled_before(X, y, ks, cv):
    from sklearn.preprocessing import StandardScaler

    return _knn_unscaled(StandardScaler().fit_transform(X), y, ks, cv)


def _knn_scaled_apart(X, y, ks, cv):
    from sklearn.preprocessing import StandardScaler

    def score(k, train, validation):
        own = [StandardScaler().fit_transform(X[rows]) for rows in (train, validation)]
        return _knn(k)[-1].fit(own[0], y[train]).score(own[1], y[validation])

    return [np.mean([score(k, *split) for split in cv.split(X, y)]) for k in ks]


def _small_wine():
    """Return 40 rows, so that it shows where the scaler was fitted."""
    from sklearn.datasets import load_wine
    from sklearn.model_selection import KFold

    X, y = load_wine(return_X_y=True)
    rows = np.random.default_rng(3).permutation(len(y))[:40]
    X = X[rows].copy()
    X[::7] *= 40
    return X, y[rows], [1, 3, 9, 15], KFold(4, shuffle=True, random_state=0)


@exercise(
    "01.4",
    hints=[
        "Two loops: over `ks`, and over `cv.split(X, y)`, as for the tree above.",
        "Put `StandardScaler()` and the classifier into `make_pipeline`, and fit that on the "
        "training rows of the fold.",
    ],
)
def _(answer):
    X, y, ks, cv = _small_wine()
    got = call(answer, X, y, ks, cv)
    try:
        got = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        raise Wrong("Return a list of numbers.") from None
    if got.shape == (len(ks), cv.get_n_splits()):
        raise Wrong("Take the mean over the folds for each k.")
    if got.shape != (len(ks),):
        raise Wrong(f"Return one number for each k: here {len(ks)}, not the shape {got.shape}.")
    for wrong, words in (
        (_knn_on_training, "Those are the scores on the training rows."),
        (_knn_unscaled, "The columns are not scaled: the largest drowns out the others."),
        (
            _knn_scaled_before,
            "The scaler was fitted on all rows before the split: put it into a pipeline.",
        ),
        (
            _knn_scaled_apart,
            "The validation rows got a scale of their own: use the one fitted on the training rows.",
        ),
    ):
        if np.allclose(got, wrong(X, y, ks, cv)):
            raise Wrong(words)
    expected = np.array(_knn_curve(X, y, ks, cv))
    if not np.allclose(got, expected):
        raise Wrong(f"For k = {ks} it should be {expected.round(3)}, not {got.round(3)}.")
    return "And `validation_curve` would have done it in a line."


choice(
    "01.5",
    right="b",
    because="A test set that sends you back to tuning has become a validation set.",
    wrong={
        "a": "Then the test set chooses between the two searches, and its score is flattered "
        "like any validation score.",
        "c": "The best validation score was picked from 100 for being high: it flatters.",
    },
    hints=[
        "What is a test set that is used to choose?",
        "What would the second opening of the test set be used for?",
    ],
)
