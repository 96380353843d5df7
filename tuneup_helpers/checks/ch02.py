"""Exercises of chapter 02, Manual search."""

import numpy as np

from tuneup_helpers.exercises import Wrong, call, choice, exercise, number, recognize, truth

choice(
    "02.1",
    right="b",
    because="One trial, two changes: they share the fall in an unknown way. Here `C` = 0.2 alone "
    "scores 0.875, so `C` did the harm, and `gamma` made up for most of it.",
    wrong={
        "a": "The score fell, but who made it fall? `C` was changed in the same trial.",
        "c": "Row 3 of the log says that a small `C` hurts. It does not say what `gamma` does "
        "on top of that.",
    },
    hints=[
        "Write down two different stories about `C` and `gamma` that both end at 0.902.",
        "How many trials would it take to tell these stories apart?",
    ],
)

choice(
    "02.2",
    right="c",
    because="Perfect on its training rows, and falling on the others: it overfits. More rows in a "
    "leaf make the trees coarser, and so less able to memorize.",
    wrong={
        "a": "The validation score has been falling since round 100; more rounds go on in the same "
        "direction.",
        "b": "It misses nothing on the training rows. Deeper trees would memorize even more.",
    },
    hints=[
        "Which row of the table above has a high training score and a falling validation score?",
        "Does this model need more capacity, or less?",
    ],
)

choice(
    "02.3",
    right="c",
    because="Seven in ten end no higher than the score that comes for free.",
    wrong={
        "a": "The best of 12 is better than one *random* trial. But the default is not random.",
        "b": "Less. A third of this space is hopeless, and the default stands near the top.",
    },
    hints=[
        "The default is better than most settings. How likely is a single random one to beat it?",
        "Only 3 in 100 single random trials beat this default. What about 12 of them?",
    ],
)

_OLD = np.array([0.90, 0.80, 0.95, 0.85, 0.92])
_STEADY = _OLD + np.array([0.010, 0.012, 0.008, 0.011, 0.009])  # small gain, the same on each fold
_LUCKY = _OLD + np.array([0.10, -0.06, 0.09, -0.05, 0.02])  # larger gain, all over the place
_BELOW_TWO = _OLD + np.array([0.03, 0.01, -0.013, 0.03, 0.01])  # 1.7 errors; with ddof=0 1.9
_ONE_FOLD = _OLD + np.array([0.1, 0.001, 0.001, 0.001, 0.001])  # 1.05
_ABOVE_TWO = _OLD + np.array([0.03, 0.01, -0.006, 0.03, 0.01])  # 2.2


@exercise(
    "02.4",
    hints=[
        "Begin with `difference = new - old`. What are its mean and its standard error?",
        "The standard error is `difference.std(ddof=1) / len(difference) ** 0.5`.",
    ],
)
def _(answer):
    def says(old, new):
        return truth(call(answer, np.array(old), np.array(new)))

    if says(_STEADY, _OLD):
        if not says(_OLD, _STEADY):
            raise Wrong("It is turned round: it is `new` that should be better than `old`.")
        raise Wrong("It says True where `new` is worse: mind the sign.")
    if says(_OLD, _LUCKY):
        raise Wrong(
            "It says True for any gain, even one that differs wildly from fold to fold: compare "
            "the gain with its standard error."
        )
    if not says(_OLD, _STEADY):
        if says(_OLD, _OLD + np.array([0.9, 0.91, 0.89, 0.9, 0.9])):
            raise Wrong(
                "It misses a small gain that is the same on all folds: take the spread of the "
                "differences, fold by fold, not that of the scores."
            )
        raise Wrong("It misses a steady gain, about the same on all folds.")
    if says(_OLD, _BELOW_TWO):
        raise Wrong("It says True at 1.7 standard errors: the rule is two standard errors.")
    if says(_OLD, _ONE_FOLD):
        raise Wrong(
            "It says True where a single fold brings nearly all of the gain: that no fold lost is "
            "not enough, compare the mean gain with its standard error."
        )
    if not says(_OLD, _ABOVE_TWO):
        raise Wrong(
            "It misses a gain of just over two standard errors. Is that a standard deviation? "
            "A standard error is smaller by the root of the number of folds."
        )
    return "Five folds, two standard errors: now a gain has to earn it."


choice(
    "02.5",
    right="b",
    because="After four trials coordinate search has tried two or three of the five, each around "
    "the same, probably bad, setting. Four random settings are spread out.",
    wrong={
        "a": "Its steps do build on each other. But a round of five hyperparameters takes ten "
        "trials, and it has had four.",
        "c": "One run cannot tell, fifty can: on average one of the two is clearly ahead.",
    },
    hints=[
        "How many of the five hyperparameters has tuning by hand changed by then?",
        "And how many different values of the most important one has each of the two seen?",
    ],
)


_RISING = [0.60 + 0.02 * i for i in range(14)]
_FLAT = [0.80, 0.85, 0.90] + 12 * [0.90]
_CREEPING = [0.80, 0.90] + [0.90 + 0.0004 * i for i in range(1, 13)]  # 0.004 in ten trials
_STEPS = [0.8, 0.9, 0.9, 0.9, 0.904, 0.904, 0.908, 0.908, 0.912, 0.912, 0.912, 0.912, 0.912]
_JUST = [0.80, 0.80] + 10 * [0.90]  # the first of the last ten brought the gain


@exercise(
    "02.6",
    hints=[
        "The last `k` trials are `best[-k:]`. What was the best score before them?",
        "It was `best[-k - 1]`, which exists only if there are more than `k` trials.",
    ],
)
def _(answer):
    def says(best, noise=0.01, **more):
        return truth(call(answer, list(best), noise, **more))

    if says(_RISING):
        if not says(_FLAT):
            raise Wrong("It is turned round: stop when the gain is small, not when it is large.")
        raise Wrong("It stops a search that gained twenty times the noise in the last ten trials.")
    if not says(_FLAT):
        raise Wrong("It goes on although the last twelve trials gained nothing.")
    if not says(_CREEPING):
        raise Wrong(
            "It goes on because of tiny gains: in all, the last ten brought 0.004, and the noise "
            "is 0.01."
        )
    if says(_STEPS):
        raise Wrong(
            "It stops although the last ten trials *together* gained 0.012, more than the noise: "
            "add their gains up, do not look at the last one alone."
        )
    if says(_JUST):
        raise Wrong(
            "The first of the last ten trials brought a large gain, and it does not count. Compare "
            "with the best score *before* the last `k` trials."
        )
    if says(3 * [0.90]) or says(10 * [0.90]):
        raise Wrong("It stops before there are more than `k` trials.")
    if not says(_FLAT[:6], k=3) or says(_FLAT, k=14):
        raise Wrong("It does not use `k`.")
    if says(_CREEPING, noise=0.001):
        raise Wrong("It does not use `noise`: here a gain of 0.004 is four times as large.")
    return "Agreed on before the search, it saves you from your own patience."


choice(
    "02.7",
    right="c",
    because="Two validation curves are two lines through a plane. A ridge that runs diagonally "
    "crosses both and hides from both.",
    wrong={
        "a": "That is so if the two do not interact. The figure above is a case where both curves "
        "peak, and the score still rises elsewhere.",
        "b": "If they did not interact, both curves would peak at the best setting. The reverse "
        "does not follow: they peak on a ridge, too.",
    },
    hints=[
        "Look at the third panel above, and at what the first two show.",
        "Which settings has she never tried?",
    ],
)


@exercise(
    "02.8",
    hints=[
        "In how many ways can one hyperparameter go? And two, independently?",
        "For d = 2 the moves are the eight fields around the centre of a 3 × 3 square.",
    ],
)
def _(answer):
    d = np.array([1, 2, 3, 6])
    got = [number(call(answer, int(each)), "how many moves there are") for each in d]
    if len(set(got)) == 1:
        raise Wrong("The number should depend on `d`.")
    mistakes = [
        (2 * d, "That is one at a time. Here several may change in the same move."),
        (2**d, "2ᵈ counts up or down for each. Each may also stay."),
        (2**d - 1, "Each has three possibilities, not two: up, stay, down."),
        (3**d, "Almost: one of them is the move in which nothing changes."),
        (3 * d, "Possibilities of independent choices multiply, they do not add up."),
        (3 * d - 1, "Possibilities of independent choices multiply, they do not add up."),
        (
            d**2,
            "Each hyperparameter has three possibilities, independently of the others: multiply.",
        ),
        (d**3, "It is the other way round: three possibilities, `d` times over."),
        (d**3 - 1, "It is the other way round: three possibilities, `d` times over."),
        (2 * d**2, "That counts changes of one or two at a time; three or more may change, too."),
    ]
    if recognize(got, 3**d - 1, mistakes):
        return "With 8 hyperparameters that is 6,560 trials for a single round."
    raise Wrong(
        "For d = 2 there are 8 moves, for d = 3 there are 26; yours says "
        f"{got[1]:g} and {got[2]:g}."
    )


choice(
    "02.9",
    right="a",
    because="No blue line goes there, and the scatter shows a ceiling: the more rows a leaf must "
    "have, the lower even the best of them score.",
    wrong={
        "b": "Several of the ten best are there. Look at the top of that axis.",
        "c": "Several of the ten best are there: the bottom of the axis is full of blue lines.",
        "d": "No blue line goes there either, but there is no ceiling: some of these trials come "
        "close to the ten best.",
    },
    hints=[
        "Two of the four ranges hold no blue dot. How do their grey dots differ?",
        "Where do all trials stay far below the ten best?",
    ],
)
