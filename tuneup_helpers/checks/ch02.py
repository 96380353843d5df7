"""Exercises of chapter 02, Manual search."""

import numpy as np

from tuneup_helpers.exercises import (
    Unreadable,
    Wrong,
    call,
    choice,
    exercise,
    number,
    recognize,
    sequence,
    truth,
)

choice(
    "02.1",
    right="b",
    because="One trial, two changes: the fall is shared between them in an unknown way. The next "
    "cell shows that here `C` did the harm, and `gamma` made up for most of it.",
    wrong={
        "a": "The score fell, but who made it fall? `C` was turned in the same trial.",
        "c": "Row 3 of the log says that a small `C` hurts. It does not say what `gamma` does "
        "on top of that.",
    },
    hints=[
        "Write down two different stories about `C` and `gamma` that both end at 0.902.",
        "How many trials would it take to tell these stories apart?",
    ],
)


@exercise(
    "02.2",
    hints=[
        "Two loops: over the names in `params`, and over `(factor, 1 / factor)`.",
        "`{**params, name: value}` is a copy of `params` with one entry replaced.",
    ],
)
def _(answer):
    point = {"C": 8.0, "gamma": 0.5}
    given = dict(point)
    got = _settings(call(answer, given, 2))
    if given != point:
        raise Wrong("It should leave `params` as it is: change a copy.")
    if len({id(setting) for setting in got}) < len(got):
        raise Wrong("The list holds the same dict several times: make a new copy for each.")
    if any(set(setting) != set(point) for setting in got):
        raise Wrong("Each neighbour should have all names, the unchanged ones too.")
    _judge_neighbours(got, point, 2)
    three = {"a": 1.0, "b": 4.0, "c": 9.0}
    try:
        again = _settings(call(answer, dict(three), 3))
    except Wrong as error:
        raise Wrong(f"It should work for any number of hyperparameters. {error}") from None
    if len(again) != 6:
        raise Wrong("It should work for any number of hyperparameters: three have six neighbours.")
    for other, factor in ((three, 3), (point, 4)):
        if not _same_settings(_settings(call(answer, dict(other), factor)), other, factor):
            raise Wrong(f"With another factor, {factor}, the settings are not right.")
    return "A round of coordinate search scores this list, from the best point so far."


def _settings(got):
    got = sequence(got, "A list of dicts, one for each neighbour,")
    if not all(isinstance(setting, dict) for setting in got):
        raise Unreadable("Return a list of dicts, one for each neighbour.")
    return got


def _judge_neighbours(got, point, factor):
    changed = [[name for name in point if setting[name] != point[name]] for setting in got]
    if [] in changed:
        raise Wrong("The point itself is not a neighbour: something must change.")
    if any(len(names) > 1 for names in changed):
        raise Wrong(
            "Each neighbour should differ in exactly one hyperparameter: start anew from `params` "
            "for each."
        )
    if _same_settings(got, point, factor):
        return
    if len(got) > 2 * len(point):
        raise Wrong("Some neighbours come twice.")
    if len(got) < 2 * len(point):
        raise Wrong(
            "Each value should be multiplied *or* divided by the factor: two neighbours for each "
            "hyperparameter."
        )
    ratios = [setting[name] / point[name] for setting, (name,) in zip(got, changed, strict=True)]
    if len({round(max(ratio, 1 / ratio), 6) for ratio in ratios if ratio > 0}) == 1:
        raise Wrong(f"That is another factor than the one asked for, {factor}.")
    raise Wrong("The values are not right: multiply and divide by the factor, don't add it.")


def _same_settings(got, point, factor):
    """Tell whether these are the neighbours of the point, in any order."""
    wanted = {
        (name, round(value, 9))
        for name in point
        for value in (point[name] * factor, point[name] / factor)
    }
    changes = [
        [(name, round(setting[name], 9)) for name in point if setting.get(name) != point[name]]
        for setting in got
        if set(setting) == set(point)
    ]
    return (
        len(changes) == len(got) == len(wanted)
        and all(len(change) == 1 for change in changes)
        and {change for (change,) in changes} == wanted
    )


choice(
    "02.3",
    right="c",
    because="Seven in ten do not even reach the score that comes for free.",
    wrong={
        "a": "The best of 12 is better than one *random* trial. But the default is not random.",
        "b": "Less. A third of this space is desert, and the default stands near the top.",
    },
    hints=[
        "On the map of chapter 01: how large is the part that is brighter than the place at "
        "C = 1, gamma = 0.39?",
        "Only 3 in 100 single random trials beat this default. What about 12 of them?",
    ],
)

choice(
    "02.4",
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
    "02.5",
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
        (2 * d, "That is one at a time. Here several may turn in the same move."),
        (2**d, "2ᵈ counts up or down for each. Each may also stay."),
        (2**d - 1, "Each has three possibilities, not two: up, stay, down."),
        (3**d, "Almost: one of them is the move in which nothing turns."),
        (3 * d, "Possibilities of independent choices multiply, they do not add up."),
        (3 * d - 1, "Possibilities of independent choices multiply, they do not add up."),
        (
            d**2,
            "Each hyperparameter has three possibilities, independently of the others: multiply.",
        ),
        (d**3, "It is the other way round: three possibilities, `d` times over."),
        (d**3 - 1, "It is the other way round: three possibilities, `d` times over."),
        (2 * d**2, "That counts turns of one or two at a time; three or more may turn, too."),
    ]
    if recognize(got, 3**d - 1, mistakes):
        return "With 8 hyperparameters that is 6,560 trials for a single round."
    raise Wrong(
        "For d = 2 there are 8 moves, for d = 3 there are 26; yours says "
        f"{got[1]:g} and {got[2]:g}."
    )


_OLD = np.array([0.90, 0.80, 0.95, 0.85, 0.92])
_STEADY = _OLD + np.array([0.010, 0.012, 0.008, 0.011, 0.009])  # small gain, the same on each fold
_LUCKY = _OLD + np.array([0.10, -0.06, 0.09, -0.05, 0.02])  # larger gain, all over the place
_BELOW_TWO = _OLD + np.array([0.03, 0.01, -0.013, 0.03, 0.01])  # 1.7 errors; with ddof=0 1.9
_ONE_FOLD = _OLD + np.array([0.1, 0.001, 0.001, 0.001, 0.001])  # 1.05
_ABOVE_TWO = _OLD + np.array([0.03, 0.01, -0.006, 0.03, 0.01])  # 2.2


@exercise(
    "02.6",
    hints=[
        "`compare(old, new)`, above, returns the mean difference and its standard error.",
        "`mean, error = compare(old, new)`, and then compare `mean` with `2 * error`.",
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
    "02.7",
    right="b",
    because="After four trials coordinate search has turned two or three of the five, each around "
    "the same, probably bad, point. Four random points are spread out.",
    wrong={
        "a": "Its steps do build on each other. But a round of five hyperparameters takes ten "
        "trials, and it has had four.",
        "c": "One run cannot tell, 200 runs can: the gap is many standard errors wide.",
    },
    hints=[
        "How many of the five hyperparameters has coordinate search turned by then?",
        "And how many different values of the most important one has each of the two seen?",
    ],
)
