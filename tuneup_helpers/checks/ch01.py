"""Exercises of chapter 01, Hyperparameters."""

from functools import cache

import numpy as np

from tuneup_helpers.exercises import (
    Unreadable,
    Wrong,
    array_of_shape,
    call,
    choice,
    exercise,
    recognize,
)

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

    def draw(seed):
        drawn = call(answer, low, high, n, np.random.default_rng(seed))
        return array_of_shape(drawn, n, "n of them")

    drawn = draw(1)
    if (drawn < 0).any():
        raise Wrong("Those are logarithms: undo them at the end, or the numbers are negative.")
    if (np.diff(drawn) > 0).all():
        raise Wrong("Those are evenly spaced, not drawn.")
    if drawn.min() < low * 0.999 or drawn.max() > high * 1.001:
        if drawn.max() > high * 100:
            raise Wrong("Take the logarithm of `low` and `high` before you draw between them.")
        raise Wrong(
            "Numbers outside the range: use the same base for the logarithm and its inverse."
        )
    if np.array_equal(drawn, draw(2)):
        raise Wrong("Use the generator `rng` that is passed in: two seeds give the same numbers.")
    if not np.array_equal(drawn, draw(1)):
        raise Wrong("Draw from `rng` only: with the same seed yours gives other numbers each time.")
    if len(set(drawn)) == 1:
        raise Wrong("That is one number n times: draw n numbers.")
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
        raise Wrong(
            "The four decades from 0.001 to 10 should be equally likely; yours get the shares "
            f"{', '.join(f'{share:.2f}' for share in counts)}."
        )
    return "Each decade gets its share. `scipy.stats.loguniform(low, high)` does the same."


def _small_wine():
    """Return 40 rows, so that it shows where the scaler was fitted."""
    from sklearn.datasets import load_wine
    from sklearn.model_selection import KFold

    X, y = load_wine(return_X_y=True)
    rows = np.random.default_rng(3).permutation(len(y))[:40]
    X = X[rows].copy()
    X[::7] *= 40
    return X, y[rows], [1, 3, 9, 15], KFold(4, shuffle=True, random_state=0)


@cache
def _curves():
    """Return the curve that is asked for, and those of known mistakes, on the small wine."""
    from sklearn.model_selection import cross_validate
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    X, y, ks, cv = _small_wine()

    def curve(X=X, scaled=True, score="test_score", cv=cv, ks=ks):
        knn = [KNeighborsClassifier(k) for k in ks]
        models = [make_pipeline(StandardScaler(), each) if scaled else each for each in knn]
        found = [cross_validate(each, X, y, cv=cv, return_train_score=True) for each in models]
        return np.array([scores[score].mean() for scores in found])

    def score_apart(k, train, validation):
        own = [StandardScaler().fit_transform(X[rows]) for rows in (train, validation)]
        return KNeighborsClassifier(k).fit(own[0], y[train]).score(own[1], y[validation])

    right = curve()
    return right, [
        (curve(score="train_score"), "Those are the scores on the training rows."),
        (
            curve(scaled=False),
            "The columns are not scaled: the largest drowns out the others.",
        ),
        (
            curve(X=StandardScaler().fit_transform(X), scaled=False),
            "The scaler was fitted on all rows before the split: put it into a pipeline.",
        ),
        (
            [np.mean([score_apart(k, *split) for split in cv.split(X, y)]) for k in ks],
            "The validation rows got a scale of their own: use the one fitted on the training "
            "rows.",
        ),
        (curve(ks=[5] * len(ks)), "Each k got the score of k = 5: hand `k` to the classifier."),
        (1 - right, "Those are the shares of errors; accuracy is the share that is right."),
        (curve(cv=5), "Those are other folds: split with the `cv` that is passed in."),
        (curve(cv=len(ks)), "Those are other folds: split with the `cv` that is passed in."),
    ]


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
    if np.shape(np.asarray(got, dtype=object)) == (len(ks), cv.get_n_splits()):
        raise Unreadable("Take the mean over the folds: one number for each k.")
    got = array_of_shape(got, len(ks), "one for each k")
    right, mistakes = _curves()
    if not recognize(got, right, mistakes):
        raise Wrong(f"For k = {ks} it should be {right.round(3)}, not {got.round(3)}.")
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
