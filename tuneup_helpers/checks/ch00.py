"""Exercises of chapter 00, Start here."""

from functools import cache

import numpy as np

from tuneup_helpers.exercises import Unreadable, Wrong, call, choice, exercise, number, recognize

choice(
    "00.1",
    right="b",
    because="The winner was chosen for its score in the search, so that score flatters it. The rows put "
    "aside had no part in the choice.",
    wrong={
        "a": "More rows make a score steadier, not higher. The default scored higher there too.",
        "c": "It does not: the search was only ever given `X_train`.",
    },
    hints=[
        "Think of 20 people throwing a die five times each. What do you say of the winner?",
        "Which of the two scores had a part in choosing the winner?",
    ],
)

choice(
    "00.2",
    right="b",
    because="Run the next cells and compare the mean gain with its spread.",
    wrong={
        "a": "The data are the same, but each search tries 20 other settings.",
        "c": "With 20 trials, one that beats the default is nearly always among them. A "
        "search of one trial is another matter: see exercise 00.4.",
    },
    hints=[
        "What changes from search to search, and what does not?",
        "In the figure above, how many of the 20 trials were above the default?",
    ],
)


@exercise(
    "00.3",
    hints=[
        "A comparison is True or False, and `sum` counts True as 1.",
        "sum(score > default for score in scores)",
    ],
)
def _(answer):
    scores = [0.5, 0.7, 0.7, 0.9, 0.8, 0.85, 0.75]
    try:
        got = number(call(answer, scores, 0.7), "how many of the scores are above the default")
    except Unreadable as error:
        if "'list'" in str(error):
            raise Unreadable(
                f"{error}. A list as a whole cannot be compared with a number: compare each score."
            ) from None
        raise
    mistakes = [
        (6, "A score just as good as the default does not beat it: use `>`."),
        (7, "That counts all of them, better or not."),
        (1, "That counts the scores below the default."),
        (3, "That counts the scores that are not above the default."),
        (4 / 7, "That is the share of them; the question is how many."),
        (0.9 + 0.8 + 0.85 + 0.75, "That adds up the scores; count them."),
        (0.9, "That is the best score. How many of the scores are above the default?"),
    ]
    if not recognize(got, 4, mistakes) or call(answer, [0.1, 0.2], 0.5) != 0:
        raise Wrong(
            f"Of the scores {scores} four are above a default of 0.7, of [0.1, 0.2] none is above "
            f"0.5. Yours gives {got:g} for the first."
        )
    return "For the search above, try `count_better(trials['value'], default_scores.mean())`."


@cache
def _gains():
    """Return mean gains over the default: that of a first trial, and what may be mistaken for it."""
    from tuneup_helpers.replay import load_table

    table = load_table("lgbm_adult")
    factory = {"learning_rate": 0.1, "num_leaves": 31, "min_child_samples": 20}
    factory |= {"colsample_bytree": 1.0, "reg_lambda": 0.01}
    tried = np.random.default_rng(0).integers(table.size, size=(200, 20))
    validation = table.grid().ravel() - table(factory, fidelity=96)
    test = table.grid("test").ravel() - table(factory, output="test", fidelity=96)
    first, best = tried[:, 0], validation[tried].argmax(axis=1)
    return {
        "first": test[first].mean(),
        "winners": test[tried[np.arange(200), best]].mean(),
        "every": test[tried].mean(),
        "promised": validation[first].mean(),
        "first search": test[tried[0]].mean(),
        "one setting": test[first[0]],
        "table": test.mean(),
        "median": np.median(test[first]),
    }


@exercise(
    "00.4",
    hints=[
        "`test[tried[:, 0]]` holds the test scores of the first trial of each search.",
        "Subtract `default_test`, then take the mean.",
    ],
)
def _(answer):
    gains = _gains()
    got = number(answer, "the mean over the 200 searches")
    mistakes = [
        (
            -gains["first"],
            "The size is right, the sign is not: a gain is the new score minus the old.",
        ),
        (
            gains["winners"],
            "That is the mean gain of the winners, each the best of 20. A search of one "
            "trial has no choice: its first trial is its winner.",
        ),
        (gains["every"], "That is the mean over all 20 columns; take only the first one."),
        (
            gains["promised"],
            "That is the gain in the validation score: use `test` and `default_test`.",
        ),
        (
            gains["first search"],
            "That is the first search, all its trials; take the first trial of each.",
        ),
        (gains["one setting"], "That is a single setting; take the first one of each search."),
        (
            gains["table"],
            "That is the mean over the whole table; take the settings in `tried[:, 0]`.",
        ),
        (gains["median"], "That is the median; the question is about the mean."),
        (100 * gains["first"], "Those are percent; give the difference of the scores as it is."),
    ]
    if recognize(got, gains["first"], mistakes, tolerance=5e-4):
        return (
            "One random setting is worse than the default on average: it is the best of many that "
            "wins."
        )
    if 0.8 < got < 1:
        raise Wrong("That is a score. Subtract `default_test` to have a gain.")
    raise Wrong("A gain is a test score minus that of the default. Which 200 trials are asked for?")
