"""Exercises of chapter 00, Start here."""

import numpy as np

from tuneup_helpers.exercises import Wrong, call, choice, exercise

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
    scores = [0.5, 0.7, 0.7, 0.9, 0.8, 0.6]
    got = call(answer, scores, 0.7)
    if got is None:
        raise Wrong("Your function returns nothing: `return` the number, do not print it.")
    if np.ndim(got) != 0:
        raise Wrong("Return one number, not an answer for each score.")
    if got == 4:
        raise Wrong("A score just as good as the default does not beat it: use `>`.")
    if got == 6:
        raise Wrong("That counts all of them, better or not.")
    if np.isclose(float(got), 2 / 6):
        raise Wrong("That is the share of them; the question is how many.")
    if call(answer, [0.1, 0.2, 0.9], 0.5) == 2:
        raise Wrong("That counts the scores below the default.")
    if got != 2 or call(answer, [0.1, 0.2], 0.5) != 0:
        raise Wrong(f"With scores {scores} and default 0.7 it should give 2; yours gives {got}.")
    return "For the search above, try `count_better(trials['value'], default_scores.mean())`."


def _gain_of_one():
    from tuneup_helpers.replay import load_table

    table = load_table("lgbm_adult")
    factory = {"learning_rate": 0.1, "num_leaves": 31, "min_child_samples": 20}
    factory |= {"colsample_bytree": 1.0, "reg_lambda": 0.01}
    tried = np.random.default_rng(0).integers(table.size, size=(200, 20))
    gains = table.grid("test").ravel()[tried] - table(factory, output="test", fidelity=96)
    promised = (table.grid().ravel()[tried[:, 0]] - table(factory, fidelity=96)).mean()
    return gains[:, 0].mean(), gains.mean(), gains[:, 0], promised, gains[0].mean()


@exercise(
    "00.4",
    hints=[
        "`test[tried[:, 0]]` holds the test scores of the first trial of each search.",
        "Subtract `default_test`, then take the mean.",
    ],
)
def _(answer):
    one, every, _each, promised, first_search = _gain_of_one()
    if isinstance(answer, str) or not np.issubdtype(np.asarray(answer).dtype, np.number):
        raise Wrong("The answer should be a number.")
    answer = np.asarray(answer, dtype=float)
    if answer.ndim:
        raise Wrong("The answer should be one number: take the mean over the searches.")
    if np.isclose(answer, one, atol=5e-4):
        return "One random setting is worse than the default on average: it is the best of many that wins."
    if np.isclose(answer, -one, atol=5e-4):
        raise Wrong("The size is right, the sign is not: a gain is the new score minus the old.")
    if np.isclose(answer, every, atol=5e-4):
        raise Wrong("That is the mean over all 20 columns; take only the first one.")
    if np.isclose(answer, promised, atol=5e-4):
        raise Wrong("That is the gain in the validation score: use `test` and `default_test`.")
    if np.isclose(answer, first_search, atol=5e-4):
        raise Wrong("That is the first search, all its trials; take the first trial of each.")
    if answer > 0.8:
        raise Wrong("That is a score. Subtract `default_test` to have a gain.")
    raise Wrong("It is the mean of `test[...] - default_test` over the 200 first trials.")
