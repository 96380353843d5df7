"""Exercises of chapter 01, Hyperparameters."""

import math
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
    whole_number,
)

choice(
    "01.1",
    right="bd",
    because="Both are set before `fit`. Weights and limits are found by it.",
    wrong={
        "a": "Weights are what `fit` finds: parameters.",
        "b": "`fit` does not find out how many epochs it should run: you tell it.",
        "c": "The tree finds its limits in `fit`: parameters. Its depth would be another matter.",
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
    because="It follows what many patients have in common, and not each of them. The next "
    "section measures it.",
    wrong={
        "b": "Small errors on patients whose answer it knows: it runs after single ones, and a new "
        "patient is another one.",
        "c": "Safe from memorizing, but two groups are too coarse: in the picture progression keeps "
        "rising with the bmi.",
    },
    hints=[
        "Imagine another 442 patients as grey dots. Which line would still fit?",
        "One of the three is too coarse for these patients, and one would not fit the others.",
    ],
)

choice(
    "01.3",
    right="ad",
    because="Both are set before `fit` and change what the model becomes. The others change the "
    "speed, or are luck, or are results.",
    wrong={
        "a": "The learning rate is set before `fit`, and decides how well the model learns.",
        "b": "`n_jobs` says how many processors work: the model comes out the same.",
        "c": "The underscore at its end says it: `fit` has found it.",
        "d": "`max_depth` is set before `fit`, and decides how complex the model can be.",
        "e": "A seed changes the score, but the best of many seeds is only the luckiest.",
        "f": "The underscore at its end says it: `fit` has found the best round.",
    },
    hints=[
        "Leave out what `fit` finds, what only changes the speed, and what is luck.",
        "Two of the six remain.",
    ],
)


def _rate(pipeline):
    return pipeline.get_params().get("model__learning_rate")


def _all_but_the_rate(pipeline):
    """Return every hyperparameter of a pipeline that is no object, but the learning rate."""
    plain = (int, float, str, tuple, type(None))
    found = {k: v for k, v in pipeline.get_params().items() if isinstance(v, plain)}
    return {k: v for k, v in found.items() if k != "model__learning_rate"}


@exercise(
    "01.4",
    hints=[
        "First `clone(pipeline)`, then change the copy. In `get_params()` the name begins with "
        "the step: `model`, two underscores, the hyperparameter.",
        'Read the old value with `copy.get_params()["model__learning_rate"]`, and give a tenth of '
        "it to `copy.set_params(model__learning_rate=...)`.",
        "`set_params` returns the pipeline, so that its result can be returned.",
    ],
)
def _(answer):
    from sklearn.ensemble import GradientBoostingRegressor
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import RobustScaler

    for rate in (0.4, 0.25):
        model = GradientBoostingRegressor(learning_rate=rate, max_depth=2, random_state=0)
        given = Pipeline([("prepare", RobustScaler()), ("model", model)])
        returned = call(answer, given)
        if not isinstance(returned, Pipeline):
            raise Unreadable(
                f"Return the pipeline; yours returned an object of type {type(returned).__name__}."
            )
        if returned is given:
            raise Wrong(
                "That is the pipeline that was passed in, not a copy: now both names mean the same."
            )
        if _rate(given) != rate:
            raise Wrong(
                f"The pipeline that was passed in has changed: its learning rate was {rate:g} and "
                f"is now {_rate(given):g}. Copy first, and change the copy."
            )
        if _all_but_the_rate(returned) != _all_but_the_rate(given):
            raise Wrong(
                "More than the learning rate differs. `clone` copies all that was set before."
            )
        mistakes = [
            (rate, "The copy still has the old learning rate."),
            (rate * 10, "That is ten times the learning rate, and not a tenth."),
            (0.1, "That is a learning rate of 0.1; a tenth of the old one is asked for."),
            (0.01, "That is always 0.01; a tenth of the old one is asked for."),
        ]
        if not recognize(_rate(returned), rate / 10, mistakes):
            raise Wrong(
                f"For a learning rate of {rate:g} it should be {rate / 10:g}, not "
                f"{_rate(returned):g}."
            )
    return "Read with `get_params`, set with `set_params`, and the original is as it was."


@exercise(
    "01.5",
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
        raise Wrong(f"{share:.0%} of them lie between 1 and 10: that is uniform on a linear scale.")
    if drawn.min() > 2 * low or drawn.max() < high / 2:
        raise Wrong(
            f"They reach from {drawn.min():.3g} to {drawn.max():.3g} only, not from {low} to "
            f"{high}: use the same base for the logarithm and its inverse."
        )
    counts = np.histogram(np.log10(drawn), bins=[-3, -2, -1, 0, 1])[0] / n
    if not np.allclose(counts, 0.25, atol=0.04):
        raise Wrong(
            "The four powers of ten from 0.001 to 10 should be equally likely; yours get the shares "
            f"{', '.join(f'{share:.2f}' for share in counts)}."
        )
    return "Each power of ten gets its share. `scipy.stats.loguniform(low, high)` does the same."


choice(
    "01.6",
    right="c",
    because="With 100 rows, one row is one point. Which rows they are, and which rows the tree has "
    "learnt from, moves the score by many of them.",
    wrong={
        "a": "The setting is the same, but the people are not, neither those to learn from nor "
        "those to be judged on.",
        "b": "Five points are five of a hundred people. Flip a coin a hundred times: how far from "
        "50 do you get?",
    },
    hints=[
        "With 100 validation rows, how many points is one person worth?",
        "The number of right answers among 100 has a standard deviation of about √(100 · 0.8 · "
        "0.2) = 4. Nineteen in twenty lie within two of those to either side.",
    ],
)


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
    "01.7",
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
    "01.8",
    right="acd",
    because="Means, medians and correlations come from rows. A change of units or a logarithm "
    "treats each row by itself.",
    wrong={
        "a": "Mean and standard deviation are computed from rows: on all of them, the validation "
        "rows would have a say.",
        "b": "A metre has a hundred centimetres in every data set: nothing is learnt.",
        "c": "The median is computed from rows, so it has to come from the training rows alone.",
        "d": "This one even looks at the labels, those of the validation rows too.",
        "e": "The logarithm of one income does not depend on the others: nothing is learnt.",
    },
    hints=[
        "Ask of each: could it be done with a single row, without having seen another?",
        "Three of the five need other rows.",
    ],
)


@exercise(
    "01.9",
    hints=[
        "The standard error is √(p (1 − p) / n). Set it equal to `error`, and solve for n.",
        "n = p (1 − p) / error², rounded up with `math.ceil`.",
    ],
)
def _(answer):
    for p, error in ((0.83, 0.013), (0.5, 0.03), (0.97, 0.004)):
        n = whole_number(call(answer, p, error), f"the rows for p = {p} and error = {error}")
        exact = p * (1 - p) / error**2
        mistakes = [
            (math.floor(exact), "Rounded down, the error is a little too large: round up."),
            (math.ceil(p * (1 - p) / error), "The error has to be squared: n stands under a root."),
            (math.ceil(p / error**2), "The factor 1 − p is missing."),
            (math.ceil((1 - p) / error**2), "The factor p is missing."),
            (math.ceil(1 / error**2), "How large p is matters too: p (1 − p) is missing."),
            (
                math.ceil(4 * exact),
                "That makes two standard errors as small as `error`; one is asked for.",
            ),
            (
                math.ceil(math.sqrt(p * (1 - p)) / error),
                "Square both sides: n stands under a root.",
            ),
        ]
        if not recognize(n, math.ceil(exact), mistakes):
            raise Wrong(
                f"For p = {p} and error = {error} it should be {math.ceil(exact)}, not {n}."
            )
    return "To halve the error takes four times as many rows."


choice(
    "01.10",
    right="b",
    because="A test set that sends you back to tuning has become a validation set.",
    wrong={
        "a": "Then the test set chooses between the two searches, and its score is too good like "
        "that of any validation set.",
        "c": "The best validation score was picked from 100 because it is high: part of it is luck.",
    },
    hints=[
        "What is a test set that is used to choose?",
        "What would the second opening of the test set be used for?",
    ],
)
