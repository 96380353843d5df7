"""Exercises of chapter 02, Manual search."""

import numpy as np

from tuneup_helpers.exercises import Wrong, call, choice, exercise

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


def _neighbours(params, factor):
    return [
        {**params, name: change}
        for name, value in params.items()
        for change in (value * factor, value / factor)
    ]


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
    got = call(answer, given, 2)
    if isinstance(got, dict | str) or not hasattr(got, "__iter__"):
        raise Wrong("Return a list of dicts, one for each neighbour.")
    got = list(got)
    if not got or not all(isinstance(setting, dict) for setting in got):
        raise Wrong("Return a list of dicts, one for each neighbour.")
    if given != point:
        raise Wrong("It should leave `params` as it is: change a copy.")
    if len({id(setting) for setting in got}) < len(got):
        raise Wrong("The list holds the same dict several times: make a new copy for each.")
    if any(set(setting) != set(point) for setting in got):
        raise Wrong("Each neighbour should have all names, the unchanged ones too.")
    _judge_neighbours(got, point, 2)
    for other, factor in (({"a": 1.0, "b": 4.0, "c": 9.0}, 3), ({"C": 8.0, "gamma": 0.5}, 4)):
        try:
            again = list(call(answer, dict(other), factor))
        except Wrong as error:
            raise Wrong(f"It should work for any number of hyperparameters. {error}") from None
        if len(other) == 3 and len(again) != 6:
            raise Wrong(
                "It should work for any number of hyperparameters: three have six neighbours."
            )
        if not _same_settings(again, _neighbours(other, factor)):
            raise Wrong(f"With another factor, {factor}, the settings are not right.")
    return "A round of coordinate search scores this list, from the best point so far."


def _judge_neighbours(got, point, factor):
    changed = [[name for name in point if setting[name] != point[name]] for setting in got]
    if [] in changed:
        raise Wrong("The point itself is not a neighbour: something must change.")
    if any(len(names) > 1 for names in changed):
        raise Wrong("Each neighbour should differ in exactly one hyperparameter.")
    wanted = _neighbours(point, factor)
    if _same_settings(got, wanted):
        return
    if len(got) > len(wanted):
        raise Wrong("Some neighbours come twice.")
    if len(got) < len(wanted):
        raise Wrong(
            "Each value should be multiplied *or* divided by the factor: two neighbours for each "
            "hyperparameter."
        )
    ratios = [setting[name] / point[name] for setting, (name,) in zip(got, changed, strict=True)]
    if len({round(max(ratio, 1 / ratio), 6) for ratio in ratios if ratio > 0}) == 1:
        raise Wrong(f"That is another factor than the one asked for, {factor}.")
    raise Wrong("The values are not right: multiply and divide by the factor, don't add it.")


def _same_settings(first, second):
    try:
        flat = [
            sorted(tuple(sorted(setting.items())) for setting in each) for each in (first, second)
        ]
        return len(flat[0]) == len(flat[1]) and all(
            [name for name, _ in one] == [name for name, _ in two]
            and np.allclose([value for _, value in one], [value for _, value in two])
            for one, two in zip(*flat, strict=True)
        )
    except (AttributeError, TypeError):
        return False


choice(
    "02.3",
    right="c",
    because="Seven in ten do not even reach the score that comes for free.",
    wrong={
        "a": "The best of 12 is better than one *random* trial. But the default is not random.",
        "b": "Less. A third of this space is desert, and the default stands near the top.",
    },
    hints=[
        "On the map of notebook 01: how large is the part that is brighter than the place at "
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

_COUNTS = {
    "2 * d": "That is one at a time. Here several may turn in the same move.",
    "2**d": "2ᵈ counts up or down for each. Each may also stay.",
    "3**d": "Almost: one of them is the move in which nothing turns.",
    "d**2": "Each hyperparameter has three possibilities, independently of the others: multiply.",
    "3 * d - 1": "Possibilities of independent choices multiply, they do not add up.",
    "2**d - 1": "Each has three possibilities, not two: up, stay, down.",
}


@exercise(
    "02.5",
    hints=[
        "In how many ways can one hyperparameter go? And two, independently?",
        "For d = 2 the moves are the eight fields around the centre of a 3 × 3 square.",
    ],
)
def _(answer):
    got = [call(answer, d) for d in (1, 2, 3, 6)]
    if not all(isinstance(n, int | float | np.number) and not isinstance(n, bool) for n in got):
        raise Wrong("Return a number.")
    if got == [2, 8, 26, 728]:
        return "With 8 hyperparameters that is 6,560 trials for a single round."
    for formula, words in _COUNTS.items():
        if got == [eval(formula, {"d": d}) for d in (1, 2, 3, 6)]:
            raise Wrong(words)
    if len(set(got)) == 1:
        raise Wrong("The number should depend on `d`.")
    raise Wrong(f"For d = 2 there are 8 moves, for d = 3 there are 26; yours says {got[1:3]}.")


_OLD = np.array([0.90, 0.80, 0.95, 0.85, 0.92])
_STEADY = _OLD + np.array([0.010, 0.012, 0.008, 0.011, 0.009])  # small gain, the same on each fold
_LUCKY = _OLD + np.array([0.10, -0.06, 0.09, -0.05, 0.02])  # larger gain, all over the place
_BELOW_TWO = _OLD + np.array([0.03, 0.01, -0.013, 0.03, 0.01])  # 1.7 errors; with ddof=0 1.9
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
        got = call(answer, np.array(old), np.array(new))
        if not isinstance(got, bool | np.bool_):
            raise Wrong("Return True or False.")
        return bool(got)

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
