"""Exercises of chapter 04, Random search."""

import math

import numpy as np

from tuneup_helpers.exercises import (
    Wrong,
    call,
    choice,
    dictionary,
    exercise,
    number,
    recognize,
    sequence,
    whole_number,
)

choice(
    "04.1",
    right="b",
    because="The arguments are `loc` and `scale`: start and width. 0.1 + 0.9 = 1.0.",
    wrong={
        "a": "That is how NumPy's `rng.uniform(low, high)` reads them. SciPy's second argument is "
        "not the end.",
        "c": "0.1 is the start, so nothing below it is drawn.",
    },
    hints=[
        "Look at the signature: `uniform(loc, scale)`.",
        "`loc` is where it starts, `scale` is how wide it is.",
    ],
)


def _draw(name, values, n=4000):
    """Draw from a distribution or a list, as ParameterSampler does."""
    if hasattr(values, "rvs"):
        return np.array(values.rvs(size=n, random_state=0))
    if isinstance(values, str) or not hasattr(values, "__getitem__"):
        raise Wrong(
            f"`{name}`: give a distribution (something with `rvs`) or a list of values, "
            f"not {type(values).__name__}."
        )
    if not len(values):
        raise Wrong(f"`{name}`: the list is empty.")
    places = np.random.RandomState(0).randint(len(values), size=n)
    return np.array([values[i] for i in places])


def _check_range(name, drawn, low, high):
    if drawn.dtype.kind not in "iuf":
        raise Wrong(f"`{name}` should be a number.")
    if drawn.min() < low * 0.999 or drawn.max() > high * 1.001:
        raise Wrong(
            f"`{name}` should lie from {low:g} to {high:g}; yours draws from {drawn.min():.3g} "
            f"to {drawn.max():.3g}. SciPy's `uniform` takes a start and a *width*."
        )


def _check_continuous(name, values):
    if not hasattr(values, "rvs"):
        raise Wrong(
            f"`{name}` is continuous: a list gives away the values between. Use a distribution."
        )


@exercise(
    "04.2",
    hints=[
        "`loguniform`, `randint`, `uniform` and a list: one of each.",
        "Mind the two traps above: the width of `uniform`, the upper end of `randint`.",
        '{"learning_rate_init": loguniform(1e-4, 1), "hidden_units": randint(8, 64 + 1), ...}',
    ],
)
def _(answer):
    names = {"learning_rate_init", "hidden_units", "momentum", "solver"}
    answer = dictionary(answer, "names of hyperparameters and what is drawn for each")
    if set(answer) != names:
        raise Wrong(
            f"The names should be {sorted(names)}; missing: {sorted(names - set(answer))}, "
            f"unknown: {sorted(set(answer) - names, key=str)}."
        )
    _check_learning_rate(answer["learning_rate_init"])
    _check_units(answer["hidden_units"])
    _check_momentum(answer["momentum"])
    if set(_draw("solver", answer["solver"]).tolist()) != {"sgd", "adam"}:
        raise Wrong('`solver`: both solvers should be drawn, "sgd" and "adam", and no other.')
    return (
        "One distribution is among them, so it is drawn with replacement; with continuous "
        "values nothing repeats."
    )


def _check_learning_rate(values):
    name = "learning_rate_init"
    _check_continuous(name, values)
    try:
        drawn = _draw(name, values)
    except ValueError:
        raise Wrong(
            f"`{name}`: this cannot be drawn from; does it go from -4? `loguniform` takes the "
            "numbers themselves, not their exponents."
        ) from None
    shares = np.histogram(drawn, bins=[0, 1e-3, 1e-2, 1e-1, np.inf])[0] / len(drawn)
    if not np.allclose(shares, 0.25, atol=0.04):
        raise Wrong(
            f"`{name}`: each decade from 0.0001 to 1 should be equally likely; yours get the "
            f"shares {shares.round(2)}."
        )
    _check_range(name, drawn, 1e-4, 1)


def _check_units(values):
    name = "hidden_units"
    drawn = _draw(name, values)
    if drawn.dtype.kind not in "iu":
        raise Wrong(f"`{name}` should be a whole number: `randint`, or a list of whole numbers.")
    if drawn.min() == 8 and drawn.max() == 63:
        raise Wrong(f"`{name}`: 64 never comes. `randint` and `range` leave out their upper end.")
    if drawn.min() == 8 and drawn.max() in (55, 56):
        raise Wrong(f"`{name}`: `randint` takes a start and an end, not a width as `uniform` does.")
    if set(drawn.tolist()) != set(range(8, 65)):
        raise Wrong(f"`{name}`: all whole numbers from 8 to 64 should be drawn, and no other.")
    if abs(drawn.mean() - 36) > 1.2:
        raise Wrong(f"`{name}`: each whole number should be equally likely.")


def _check_momentum(values):
    name = "momentum"
    _check_continuous(name, values)
    drawn = _draw(name, values)
    _check_range(name, drawn, 0.5, 0.95)
    if drawn.max() < 0.94 or drawn.min() > 0.51:
        raise Wrong(f"`{name}` should reach up to 0.95 and down to 0.5.")
    if abs(drawn.mean() - 0.725) > 0.006:
        raise Wrong(f"`{name}`: all values should be equally likely on the linear scale.")


@exercise(
    "04.3",
    hints=[
        "All `n` trials miss with probability `(1 - share) ** n`.",
        "Solve `1 - (1 - share) ** n >= probability` for `n` with logarithms, or simply count up.",
        "`math.ceil(math.log(1 - probability) / math.log(1 - share))`",
    ],
)
def _(answer):
    cases = {(0.05, 0.95): 59, (0.01, 0.95): 299, (0.05, 0.5): 14, (0.5, 0.75): 2, (0.2, 0.9): 11}
    returned = [call(answer, *case) for case in cases]
    got = [whole_number(n, "how many trials suffice") for n in returned]
    share, probability = np.array(list(cases)).T
    misses = "Start from the probability that one trial misses, then that all do."
    mistakes = [
        (
            np.ceil(probability / share),
            "Probabilities of hits do not add up: 20 trials of 0.05 each are not certain to hit.",
        ),
        (np.ceil(1 / share), "It should also depend on how sure you want to be."),
        (np.ceil(np.log(1 - probability) / np.log(share)), misses),
        (np.ceil(np.log(probability) / np.log(share)), misses),
        (
            np.ceil(np.log(probability) / np.log(1 - share)),
            "That is when all trials miss with the given probability; at least one should hit.",
        ),
    ]
    if recognize(got, list(cases.values()), mistakes):
        return "59 for 5 %, 299 for 1 %: five times as rare takes five times as many trials."
    if len(set(got)) == 1:
        raise Wrong(f"It cannot be {got[0]} for every share and probability.")
    for (case, right), n in zip(cases.items(), got, strict=True):
        if n != right:
            raise Wrong(_about_trials(*case, n, right))


def _about_trials(share, probability, n, right):
    said = (
        f"With share = {share} and probability = {probability}: {n} trials hit with probability "
        f"{1 - (1 - share) ** max(n, 0):.4f}"
    )
    if n == right - 1:
        return f"{said}, so it is one too few."
    if n == right + 1:
        return f"{said}, but so many are not needed: it is one too many."
    return f"{said}. Start from the probability that one trial misses, then that all do."


choice(
    "04.4",
    right="b",
    because="The region is the same, the space around it larger, so a trial hits it less often.",
    wrong={
        "a": "The argument holds for the best 5 % of the space that is searched. Of your space "
        "those settings are only 1.5 %.",
        "c": "The good settings stay the same: what you add is mostly bad.",
    },
    hints=[
        "Which share of *your* space do those settings take?",
        "The area grows 3.3 times, the region does not grow.",
    ],
)


choice(
    "04.5",
    right="c",
    because="Twenty draws from twenty trials miss the best of them in 36 % of all cases, and none is "
    "better than it.",
    wrong={
        "a": "For one trial it is right. For the best of 20, draws from the sample often miss its best "
        "trial, but draws from the whole space may find a better one.",
        "b": "The best of your 20 is as lucky as the best of any 20: that luck belongs to what is "
        "estimated. The estimate averages over draws that often miss it.",
    },
    hints=[
        "Draw 20 times from your 20 trials, with replacement. Does the best always come?",
        "The probability to miss it is (1 - 1/20) ** 20.",
    ],
)


@exercise(
    "04.6",
    hints=[
        "With `v` values of each the grid has `v ** dims` trials.",
        "`budget ** (1 / dims)` is nearly it, but `64 ** (1 / 3)` is 3.9999999999999996.",
        "Start at 1 and count up while `(values + 1) ** dims <= budget`.",
    ],
)
def _(answer):
    cases = {(9, 2): 3, (64, 3): 4, (30, 3): 3, (63, 6): 1, (64, 6): 2, (1000, 3): 10, (80, 4): 2}
    returned = [call(answer, *case) for case in cases]
    got = [whole_number(n, "how many values of each") for n in returned]
    budget, dims = np.array(list(cases)).T
    root = budget ** (1 / dims)
    mistakes = [
        (
            np.floor(root),
            "Nearly: 64 ** (1 / 3) is 3.9999999999999996, so that rounding down loses a value. Check "
            "whether one more is affordable.",
        ),
        (np.ceil(root), "Rounded up, the grid has more trials than the budget."),
        (np.round(root), "Rounded to the nearest, the grid may have more trials than the budget."),
        (budget // dims, "The values of a grid multiply, they do not add up."),
        (budget, "That is what random search tries of each. A grid combines its values."),
    ]
    if recognize(got, list(cases.values()), mistakes):
        return "With 64 trials: 8 values of two hyperparameters, 4 of three and only 2 of six."
    for (case, right), n in zip(cases.items(), got, strict=True):
        if n != right:
            raise Wrong(
                f"With a budget of {case[0]} and {case[1]} hyperparameters yours says {n}: a grid of "
                f"{n} values each has {n}**{case[1]} trials."
            )


@exercise(
    "04.7",
    hints=[
        "The best of `n` draws is not higher if *all* `n` draws score `target` or less.",
        "`np.mean(np.asarray(scores) <= target)` is the share of settings that do.",
        "`1 - share**n`",
    ],
)
def _(answer):
    cases = [
        (np.array([0.1, 0.4, 0.4, 0.9]), 0.4, 2),
        (np.linspace(0, 1, 101), 0.949, 9),
        (np.array([0.2, 0.3, 0.5]), 0.1, 3),
    ]
    got = [number(call(answer, *case), "a probability") for case in cases]

    def at_all(formula):
        return [formula(scores, target, n) for scores, target, n in cases]

    mistakes = [
        (
            at_all(lambda s, t, n: 1 - np.mean(s < t) ** n),
            "Nearly: a draw that scores exactly `target` is not higher.",
        ),
        (
            at_all(lambda s, t, n: np.mean(s <= t) ** n),
            "That is the probability that *no* draw is higher.",
        ),
        (
            at_all(lambda s, t, n: np.mean(s > t) ** n),
            "That is the probability that *all* draws are higher; one is enough.",
        ),
        (
            at_all(lambda s, t, n: n * np.mean(s > t)),
            "Probabilities of single draws do not add up: two of them may be higher together.",
        ),
        (
            at_all(lambda s, t, n: np.mean(s > t)),
            "That is for a single draw. It should depend on `n`.",
        ),
        (
            at_all(lambda s, t, n: 1 - np.mean(s > t) ** n),
            "That is the probability that not *all* draws are higher.",
        ),
    ]
    right = at_all(lambda s, t, n: 1 - np.mean(s <= t) ** n)
    if recognize(got, right, mistakes):
        return "It is exact for any set of scores: no search has to be run."
    raise Wrong("Start from the share of settings that score `target` or less.")


choice(
    "04.8",
    right="b",
    because="Each of the 64 grid points is another pair of values, and they lie evenly: no holes.",
    wrong={
        "a": "That is true when one of them matters. When both do, no grid point repeats what "
        "another has tried.",
        "c": "Both try 64 different pairs, but random points leave holes and make clumps.",
    },
    hints=[
        "How many *different* pairs do both try?",
        "Which of the two leaves the larger holes?",
    ],
)

choice(
    "04.9",
    right="b",
    because="The learning rate leaves a shape: spend the next trials where it is high. The others "
    "leave clouds, which say nothing on where to go.",
    wrong={
        "a": "In the panel of `alpha` high and low dots are everywhere. The highest dot got its "
        "score from the other three hyperparameters, above all from the learning rate.",
        "c": "That many of its values score badly is what makes it matter. Left alone, at a value "
        "that happens to be bad, it would spoil every trial.",
    },
    hints=[
        "In which panel could you guess a dot's height from its place?",
        "A hyperparameter that matters is one to search well, not one to leave.",
    ],
)

choice(
    "04.10",
    right="b",
    because="Evenness helps, by about a quarter of the trials: 35 to 45 on our tables.",
    wrong={
        "a": "They are blind, but random points clump: some trials tell what others told already.",
        "c": "They are as blind as random ones. They waste fewer trials, but they do not learn.",
    },
    hints=[
        "How many of the sixteen columns did the random points leave empty?",
        "It saves trials that fall close to others. Most random trials do not.",
    ],
)

choice(
    "04.11",
    right="b",
    because="After 5 trials the best is seldom near the top, and 35 trials in a small box cannot leave "
    "it.",
    wrong={
        "a": "The best of 20 is often in a good region, and a box of 0.3 leaves room around it.",
        "c": "That is careful: little is lost when the box is wide and comes late.",
    },
    hints=[
        "In which plan is the box most likely to miss the good region?",
        "The fewer broad trials, the less is known; the smaller the box, the less it forgives.",
    ],
)


def _narrower(low, high, best, width):
    span = width * math.log(high / low)
    start = math.log(best) - span / 2
    start = min(max(start, math.log(low)), math.log(high) - span)
    return math.exp(start), math.exp(start + span)


@exercise(
    "04.12",
    hints=[
        "Work with logarithms: the old length is `log(high) - log(low)`, the new one `width` times "
        "that.",
        "The new range starts half its length below `log(best)`. If that is below `log(low)`, "
        "start there; if its end would be beyond `log(high)`, start its length before that.",
        "`start = np.clip(np.log(best) - length / 2, np.log(low), np.log(high) - length)`",
    ],
)
def _(answer):
    middle, at_low, at_high = (1e-4, 1.0, 3e-2, 0.4), (1e-4, 1.0, 2e-4, 0.5), (8.0, 512.0, 400, 0.3)
    for case in (middle, at_low, at_high):
        low, high, best, width = case
        got = sequence(call(answer, *case), "Two numbers, the new low and high,", length=2)
        new_low, new_high = number(got[0], "the new low"), number(got[1], "the new high")
        expected = _narrower(*case)
        if np.allclose((new_low, new_high), expected, rtol=1e-6, atol=0):
            continue
        raise Wrong(
            f"narrower(low={low:g}, high={high:g}, best={best:g}, width={width:g}) gives "
            f"({new_low:.3g}, {new_high:.3g}). {_about_range(case, new_low, new_high)}"
        )
    return "Centred where it can be, as long as it should be, and never outside."


def _about_range(case, new_low, new_high):
    low, high, best, width = case
    half = (high / low) ** (width / 2)
    linear = width * (high - low) / 2
    if np.isclose(new_low, best - linear) and np.isclose(new_high, best + linear):
        return "That is a range on the linear scale."
    if np.allclose((new_low, new_high), np.log(_narrower(*case))):
        return "Those are logarithms: undo them."
    if new_low <= 0:
        return "A range on the log scale is above zero."
    if new_low > new_high:
        return "Return the low first."
    decades, wanted = np.log10(new_high / new_low), width * np.log10(high / low)
    if np.isclose(decades, wanted):
        if np.isclose(new_low, best / half):
            return "It reaches outside the old range: shift it."
        return "The length is right, but `best` should be in the middle where that is possible."
    if np.isclose(decades, 2 * wanted):
        return "That is twice as wide: half of the new length lies on each side."
    if np.isclose(new_low, max(low, best / half)) and np.isclose(new_high, min(high, best * half)):
        return "Cut off at the end of the old range it got shorter: shift it instead."
    return f"It spans {decades:.2f} decades where it should span {wanted:.2f}."


choice(
    "04.13",
    right="b",
    because="The search draws only the settings. Whatever else is random needs a seed of its own.",
    wrong={
        "a": "All settings are drawn before the first is scored, so that workers change the time only.",
        "c": "It is for the drawing of settings: the model has a `random_state` of its own.",
    },
    hints=[
        "The settings agree. What else on the way to a score draws random numbers?",
        "Think of what happens inside one trial: rows are split, a model is trained.",
    ],
)
