"""Exercises of chapter 09, Trusting the score."""

import numpy as np

from tuneup_helpers.exercises import (
    Unanswered,
    Unreadable,
    Wrong,
    call,
    choice,
    dictionary,
    exercise,
    is_unanswered,
    number,
    one_of,
    recognize,
)

choice(
    "09.1",
    right="c",
    because="Each score is right on average, but the *best* of 81 noisy scores is the luckiest.",
    wrong={
        "a": "That is true of one score. The best of 81 was chosen because it came out high.",
        "b": "60 rows make scores noisy: the standard error of one of them is about 0.065. "
        "The best of many lies more than one such error above the middle.",
    },
    hints=[
        "How far does one score stray from 0.5, with 60 rows? √(0.5 × 0.5 / 60).",
        "Then take the best of many such numbers.",
    ],
)

choice(
    "09.2",
    right="c",
    because="Many trials give luck many chances, and few rows make each chance worth more.",
    wrong={
        "a": "Few trials on many rows: of the three this number is the nearest to the truth.",
        "b": "Many trials, yes. But the scores of 5,000 rows hardly stray, so that little luck is "
        "there to be picked.",
    },
    hints=[
        "What does optimism do when the trials become more, and what when the rows become more?",
        "It grows with trials and shrinks with rows. Which team has the worse of both?",
    ],
)

choice(
    "09.3",
    right="c",
    because="Nested cross-validation scores the procedure, search included. The model is what the "
    "procedure makes of all rows.",
    wrong={
        "a": "That fold had the luckiest rows held out. And whatever is chosen by the outer scores "
        "uses them up: they are no longer honest.",
        "b": "A vote over five parts of the rows is another procedure than the one that was "
        "scored. Nothing stops you from searching on all rows.",
    },
    hints=[
        "What did the outer folds score: a setting, or something that *finds* a setting?",
        "More rows give a better choice. Which rows may the final search see?",
    ],
)


def _nested(outer, inner):
    outer, inner = np.asarray(outer), np.asarray(inner)
    return np.mean([outer[inner[:, k].argmax(), k] for k in range(outer.shape[1])])


def _score_tables():
    rng = np.random.default_rng(9)
    return [(rng.random((n, k)), rng.random((n, k))) for n, k in ((6, 5), (4, 3), (12, 5))]


def _slips(outer, inner):
    """Return what known mistakes give, and what to say to each."""
    return [
        (
            outer.mean(axis=1).max(),
            "That is the flat score: the outer folds chose and scored. Let `inner` choose.",
        ),
        (
            outer.max(axis=0).mean(),
            "In each fold this takes the best score on the rows held out, which must not choose.",
        ),
        (
            outer[inner.mean(axis=1).argmax()].mean(),
            "This takes one winner for all folds. Each outer fold runs its own search: a mean over "
            "the columns of `inner` mixes searches, and each of them has trained on rows that "
            "another holds out.",
        ),
        (
            outer[inner.argmax(axis=0)].mean(),
            "This scores each winner on every fold, also on rows that its search has seen. The "
            "winner of column `k` is scored on fold `k` only.",
        ),
        (
            inner.max(axis=0).mean(),
            "These are the scores by which the searches chose, too high as ever. The winner's "
            "score stands in `outer`.",
        ),
        (
            _nested(inner, outer),
            "Here `outer` chooses and `inner` scores: it is the other way round.",
        ),
        (
            np.mean([outer[s, inner[s].argmax()] for s in range(len(outer))]),
            "Rows and columns are swapped: a search is a column, its settings are the rows.",
        ),
        (
            np.mean([outer[inner[:, k].argmin(), k] for k in range(outer.shape[1])]),
            "That follows the setting with the lowest inner score; the winner has the highest.",
        ),
        (
            max(outer[inner[:, k].argmax(), k] for k in range(outer.shape[1])),
            "That is the best outer fold; the nested score is the mean over the outer folds.",
        ),
        (
            np.sum([outer[inner[:, k].argmax(), k] for k in range(outer.shape[1])]),
            "That is the sum over the outer folds; take their mean.",
        ),
    ]


@exercise(
    "09.4",
    hints=[
        "For each outer fold `k` there is one search. Its winner is the best row of column `k` of "
        "`inner`.",
        "Look that winner up in column `k` of `outer`, and average over the folds.",
        "`np.mean([outer[inner[:, k].argmax(), k] for k in range(outer.shape[1])])`",
    ],
)
def _(answer):
    for outer, inner in _score_tables():
        got = number(call(answer, outer, inner), "the mean over the outer folds")
        right = _nested(outer, inner)
        if not recognize(got, right, _slips(outer, inner)):
            raise Wrong(
                f"For a table of {outer.shape} scores the nested score is {right:.3f}, not "
                f"{got:.3f}."
            )
    return "Each outer fold has its own winner, chosen without the rows that score it."


def _standard_error(p, m):
    return np.sqrt(p * (1 - p) / m)


@exercise(
    "09.5",
    hints=[
        "The standard error of 0.84 on 400 rows is √(0.84 × 0.16 / 400); the same way for 0.79.",
        "Add the squares of both, and take the square root of the sum.",
        "Divide 0.84 − 0.79 by it.",
    ],
)
def _(answer):
    got = number(answer, "how many standard errors the test score is lower")
    first, second = _standard_error(0.84, 400), _standard_error(0.79, 100)
    right = 0.05 / np.hypot(first, second)
    mistakes = [
        (0.05 / second, "That counts the luck of the test rows alone. The 400 rows have some too."),
        (
            0.05 / first,
            "That counts the luck of the 400 rows alone. The test rows have more of it.",
        ),
        (0.05 / (first + second), "Add the *squares* of the standard errors, then take the root."),
        (np.hypot(first, second), "That is the standard error. How many of them are 0.05?"),
        (
            0.05 / np.hypot(first, second) ** 2,
            "That is divided by the sum of squares; take its square root first.",
        ),
        (-right, "The size is right. The test score is lower by a positive number of errors."),
    ]
    if not recognize(got, right, mistakes, tolerance=0.006):
        raise Wrong(f"{got:.3g} it is not. Divide 0.05 by the standard error of the difference.")
    return (
        "Little more than one: luck alone does this often, and the 0.84 is the best of a search. "
        "No reason to worry."
    )


choice(
    "09.6",
    right="a",
    because="Means and spreads of 48 and of 60 rows are nearly the same, and labels play no part.",
    wrong={
        "b": "Among 500 columns of noise a few agree with the labels of the validation rows by "
        "chance, and those are the ones selected.",
        "c": "With three rows in a category, the mean label contains a third of each row's own "
        "label.",
        "d": "A patient's other rows are nearly copies, with the right label attached.",
        "e": "The days before and after are in the training rows, and the level hardly moves "
        "overnight. In use, there is no day after.",
    },
    hints=[
        "Which of them never looks at a label, and does not bring near copies together?",
        "How much does a column's mean change when 12 of 60 rows are left out?",
    ],
)

_PURPOSES = {
    "scans": "GroupKFold",
    "single rows": "StratifiedKFold",
    "electricity": "TimeSeriesSplit",
    "sentences": "GroupKFold",
}
_KEYS = {
    "scans": "scans of 80 patients, several from each; used on new patients",
    "single rows": "single rows drawn at random from one register, 5 % of them ill",
    "electricity": "electricity demand by hour; will forecast next week",
    "sentences": "sentences by 30 speakers; used on anybody's speech",
}


_WHY_SPLIT = {
    "scans": "New patients come without any scan in training. Keep each patient together.",
    "single rows": "No groups, no order in time; what needs care are the few ill, so that each "
    "fold has some of them.",
    "electricity": "Next week comes after all training days. Validate on later days only.",
    "sentences": "The speaker's voice must not be known from training. A speaker is a group.",
}


@exercise(
    "09.7",
    hints=[
        "Ask of each: on what rows will the model be used, and which training rows resemble them?",
        "Two of the four have groups, one has an order in time.",
    ],
)
def _(answer):
    answer = dictionary(answer, "each purpose with the name of a splitter")
    if set(answer) != set(_KEYS.values()):
        raise Unreadable("Keep the four purposes as they are and fill in the values.")
    if any(is_unanswered(value) for value in answer.values()):
        raise Unanswered
    given = {}
    for name, key in _KEYS.items():
        value = answer[key]
        if not isinstance(value, str) and hasattr(
            value, "split"
        ):  # the class itself, or a splitter made of it
            value = getattr(value, "__name__", type(value).__name__)
        given[name] = one_of(value, sorted(set(_PURPOSES.values())))
    for name, key in _KEYS.items():
        if given[name] != _PURPOSES[name]:
            raise Wrong(f"“{key}”: {_WHY_SPLIT[name]}")
    return "Validation rows should be to training rows what future rows will be to all of these."


@exercise(
    "09.8",
    hints=[
        "Three arguments of `TimeSeriesSplit` matter: `n_splits`, `test_size` and `gap`.",
        "`test_size` is how many days are forecast, `gap` how many days before them are missing.",
        "`TimeSeriesSplit(5, test_size=7, gap=3)`",
    ],
)
def _(answer):
    from sklearn.model_selection import TimeSeriesSplit

    if not isinstance(answer, TimeSeriesSplit):
        raise Unreadable("Make a `TimeSeriesSplit`, with its arguments in parentheses.")
    if answer.max_train_size is not None:
        raise Wrong("`max_train_size` throws early days away. Nobody asked for that here.")
    if answer.test_size != 7:
        raise Wrong(
            f"`test_size` is {answer.test_size}; it is the number of days that are forecast, "
            "counted in rows. Otherwise the folds ask for another forecast than you make."
        )
    if answer.gap != 3:
        raise Wrong(
            f"`gap` is {answer.gap}. On Sunday evening the last three days are unknown, so that no "
            "training set may hold them."
        )
    if answer.n_splits != 5:
        raise Wrong(f"Five folds are asked for; yours makes {answer.n_splits}.")
    return "Seven days ahead, and the three days before them kept out of the training rows."


choice(
    "09.9",
    right="c",
    because="The plain mean over the classes lets a class of two rows count as much as one of 90.",
    wrong={
        "a": "Micro puts all rows in one pot, so that a class counts by the rows that it has.",
        "b": "Weighted by size: the class with 90 rows counts 45 times as much as that with two.",
    },
    hints=[
        "In which average does the class with recall 0 make a difference?",
        "In the one that is lowest for this hospital.",
    ],
)


def _precision_at_k(y, score, k):
    return np.mean(y[np.argsort(score)[::-1][:k]])


def _ranked_lists():
    rng = np.random.default_rng(9)
    for n, k in ((40, 10), (30, 7), (60, 11)):
        y = rng.permutation(np.arange(n) % 3 == 0).astype(int)
        yield y, rng.random(n) / 2 + 0.2 * y, k


def _slips_at_k(y, score, k):
    order = np.argsort(score)
    top, threshold = y[order[::-1][:k]], score >= 0.5
    return [
        (y[order[:k]].mean(), "Those are the k *lowest* scores: `argsort` puts the lowest first."),
        (y[:k].mean(), "Those are the first k rows as they stand. Sort by `score` first."),
        (top.sum(), "That is the number of ones among them; divide it by k."),
        (top.sum() / y.sum(), "Divided by all ones that is recall@k. Divide by k."),
        (top.sum() / len(y), "Divide by k, not by all rows."),
        (score[order[::-1][:k]].mean(), "That averages the scores; count the ones in `y`."),
        (
            y[threshold].mean() if threshold.any() else -1.0,
            "A threshold of 0.5 plays no part here: take k rows, whatever their scores are.",
        ),
    ]


@exercise(
    "09.10",
    hints=[
        "`np.argsort(score)` gives the rows from the lowest score to the highest.",
        "Turn it round, keep the first k, look those rows up in `y`, and take the mean.",
        "`y[np.argsort(score)[::-1][:k]].mean()`",
    ],
)
def _(answer):
    for y, score, k in _ranked_lists():
        got = number(call(answer, y.copy(), score.copy(), k), "the share of ones")
        right = _precision_at_k(y, score, k)
        if not recognize(got, right, _slips_at_k(y, score, k)):
            raise Wrong(
                f"Of {len(y)} rows and k = {k}, the share among the top is {right:.3f}, not "
                f"{got:.3f}."
            )
    return "Rows below the k-th place do not count: nobody looks at them."


@exercise(
    "09.11",
    hints=[
        "With probability p a yes brings `gain`, with probability 1 − p it costs `cost`.",
        "It pays when p · gain > (1 − p) · cost. Solve for p.",
        "`cost / (gain + cost)`",
    ],
)
def _(answer):
    gain, cost = np.array([(10, 1), (1, 1), (2.0, 6.0), (1, 4)]).T
    what = "the threshold on the probability"
    got = np.array([number(call(answer, *case), what) for case in zip(gain, cost, strict=True)])
    right = cost / (gain + cost)
    mistakes = [
        (1 - right, "It is upside down: the more a mistake costs, the surer one should be."),
        (
            cost / gain,
            "That weighs gain against cost alone. Count also the chance of being wrong, 1 − p: "
            "only then is there a cost.",
        ),
        (
            gain / cost,
            "It is upside down, and it leaves out how likely each of the two is.",
        ),
        (100 * right, "Those are percent; give a probability, between 0 and 1."),
    ]
    if recognize(got, right, mistakes):
        return "10 against 1 gives 1/11, the dashed line of the figure; equal stakes give 0.5."
    if len(set(got)) == 1:
        raise Wrong("It cannot be the same for every gain and cost: it depends on their ratio.")
    case = int(np.abs(got - right).argmax())
    said = f"gain = {gain[case]:g}, cost = {cost[case]:g}: {got[case]:.3g}."
    if ((got < 0) | (got > 1)).any():
        raise Wrong(f"{said} A probability lies between 0 and 1.")
    raise Wrong(f"{said} Compare what a yes brings on average with what it costs on average.")


choice(
    "09.12",
    right="d",
    because="The error is divided by √100 as if there were 100 samples, but there are 100 rows, "
    "looked at again and again.",
    wrong={
        "a": "That holds for independent differences. These share their rows.",
        "b": "A hundred differences, yes, but of the same 100 rows. They do not know more than "
        "those rows do.",
        "c": "So it is after two repeats. Each further repeat makes the test surer still.",
    },
    hints=[
        "The mean difference of one data set is off by a certain luck of its rows. Do more repeats "
        "make that luck smaller?",
        "They do not; but they make the naive error smaller.",
    ],
)


def _corrected(s, n_folds, n_splits):
    return s * np.sqrt(1 / (n_folds * n_splits) + 1 / (n_folds - 1))


@exercise(
    "09.13",
    hints=[
        "n is the number of differences: folds times splits.",
        "With ten folds a validation part has one tenth of the rows, its training part nine tenths.",
        "`s * np.sqrt(1 / (n_folds * n_splits) + 1 / (n_folds - 1))`",
    ],
)
def _(answer):
    cases = np.array([(0.02, 10, 3), (0.05, 5, 4), (0.01, 3, 7), (1.0, 2, 2)])
    got = []
    for s, n_folds, n_splits in cases:
        result = call(answer, float(s), int(n_folds), int(n_splits))
        got.append(number(result, "the corrected standard error"))
    s, k, r = cases.T
    n = k * r
    mistakes = [
        (s / np.sqrt(n), "That is the usual error. Add the term that does not shrink."),
        (s * np.sqrt(1 / n + 1 / k), "One fold is 1 of k parts; the *training* rows are k − 1."),
        (s * np.sqrt(1 / n + k - 1), "The term is validation over training, not the reverse."),
        (s * np.sqrt(1 / r + 1 / (k - 1)), "n counts all differences: each split gives k."),
        (s * np.sqrt(1 / k + 1 / (k - 1)), "n counts all differences: several splits give more."),
        (s * np.sqrt(1 / n + 1 / 4), "1/4 belongs to five folds. Work it out for any number."),
        (s**2 * (1 / n + 1 / (k - 1)), "That is the square of it; take the root."),
        (s * (1 / n + 1 / (k - 1)), "The root is missing over the sum."),
        (np.sqrt(1 / n + 1 / (k - 1)), "Multiply by `s`, the standard deviation."),
    ]
    if not recognize(np.array(got), _corrected(s, k, r), mistakes):
        raise Wrong(
            f"For s = 0.02, ten folds and three splits it is {_corrected(0.02, 10, 3):.4f}, not "
            f"{got[0]:.4g}."
        )
    return "With ten folds the term is 1/9. It stays, however many splits you add."


def _decide(low, high, worth):
    return "tune" if low >= worth else "keep" if high < worth else "open"


@exercise(
    "09.14",
    hints=[
        "Compare `worth` with the whole interval: is it left of it, right of it, or inside?",
        "Left of it (`worth <= low`): tune. Right of it (`high < worth`): keep.",
    ],
)
def _(answer):
    cases = [
        (0.02, 0.05, 0.01),
        (-0.003, 0.004, 0.01),
        (0.001, 0.004, 0.01),
        (-0.01, 0.03, 0.01),
        (0.005, 0.03, 0.01),
        (-0.04, -0.01, 0.01),
        (-0.02, 0.2, 0.01),
        (0.004, 0.02, 0.0),
        (0.01, 0.03, 0.01),
        (-0.02, 0.01, 0.01),
    ]
    for case in cases:
        got, right = one_of(call(answer, *case), ["tune", "keep", "open"]), _decide(*case)
        if got == right:
            continue
        low, high, worth = case
        said = f"From {low:+g} to {high:+g} with worth = {worth:g} you say {got!r}."
        if worth in (low, high):
            raise Wrong(f"{said} A gain of exactly `worth` is worth the trouble.")
        raise Wrong(f"{said} {_about_decision(got, right)}")
    return "An interval above 0 may still be below what is worth the trouble, and the reverse."


def _about_decision(got, right):
    if right == "open":
        return "The interval holds gains below `worth` and above it: it does not say."
    if right == "tune":
        return "Surely at least `worth`, for even the low end is: tune."
    if got == "tune":
        return "It should be surely at least `worth`, not only above 0."
    return "Surely less than `worth`, for even the high end is: keep."


choice(
    "09.15",
    right="bc",
    because="An interval tells what is possible. Only where it leaves out 0 there is evidence.",
    wrong={
        "a": "The interval holds 0, and small gains and losses too. No evidence is not evidence of "
        "no difference.",
        "b": "Look at the interval of the digits: both +0.01 and −0.01 lie in it.",
        "c": "Look again: the interval of the diabetes data lies right of 0.",
        "d": "That is the interval of the usual test. The corrected one has n_test/n_train in it, which repeats "
        "do not shrink: only new rows do.",
    },
    hints=[
        "For each statement: which values does the line cover?",
        "Think of s² (1/n + n_test/n_train) when n grows.",
    ],
)
