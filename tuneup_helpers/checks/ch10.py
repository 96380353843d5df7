"""Exercises of chapter 10, Comparing methods."""

import math

import numpy as np

from tuneup_helpers.exercises import Wrong, call, choice, exercise

choice(
    "10.1",
    right="c",
    because="The default of this SVM is close to the optimum, and there the way is short. The "
    "others start anywhere.",
    wrong={
        "a": "Its first ten trials are random. With sixteen it has hardly begun to use its model.",
        "b": "TPE's first ten trials are random, too. With sixteen it has hardly begun to learn.",
        "d": "They cover the space evenly, and beat random points. But they ignore what you know "
        "already.",
    },
    hints=[
        "Where does each of them start?",
        "Three of the four know nothing at the start. The fourth knows what the authors of the "
        "library knew.",
    ],
)


def _ert(scores, target):
    scores = np.asarray(scores)
    hit = scores >= target
    arrived = hit.any(axis=1)
    spent = np.where(arrived, hit.argmax(axis=1) + 1, scores.shape[1])
    return spent.sum() / arrived.sum()


def _ert_argmax(scores, target):
    hit = np.asarray(scores) >= target
    return (hit.argmax(axis=1) + 1).mean()


def _ert_arrived(scores, target):
    hit = np.asarray(scores) >= target
    return (hit.argmax(axis=1) + 1)[hit.any(axis=1)].mean()


def _ert_from_zero(scores, target):
    hit = np.asarray(scores) >= target
    arrived = hit.any(axis=1)
    return np.where(arrived, hit.argmax(axis=1), np.asarray(scores).shape[1]).sum() / arrived.sum()


def _ert_mean(scores, target):
    scores = np.asarray(scores)
    hit = scores >= target
    return np.where(hit.any(axis=1), hit.argmax(axis=1) + 1, scores.shape[1]).mean()


def _ert_strict(scores, target):
    return _ert(scores, target + 1e-9)


def _ert_all_trials(scores, target):
    scores = np.asarray(scores)
    return scores.size / (scores >= target).any(axis=1).sum()


@exercise(
    "10.2",
    hints=[
        "`hit = scores >= target`; `hit.any(axis=1)` says which searches arrived.",
        "`hit.argmax(axis=1) + 1` is the trial of the first hit, where there is one; a search "
        "without a hit has spent `scores.shape[1]` trials.",
        "spent.sum() / arrived.sum()",
    ],
)
def _(answer):
    scores = np.array([[0.1, 0.5, 0.9, 0.3], [0.2, 0.3, 0.1, 0.4], [0.7, 0.8, 0.1, 0.9]])
    more = np.random.default_rng(0).random((40, 12)).round(2)
    for table, target in ((scores, 0.7), (more, 0.95)):
        got = call(answer, table, target)
        try:
            got = float(got)
        except (TypeError, ValueError):
            raise Wrong("Return one number.") from None
        expected = _ert(table, target)
        if math.isclose(got, expected):
            continue
        shown = f"For scores {table.tolist()} and target {target} it should be {expected:g}, "
        shown = shown if table is scores else f"It should be {expected:g}, "
        known = {
            _ert_argmax: "The argmax of a row without any hit is 0, which looks like an arrival "
            "in the first trial.",
            _ert_arrived: "That is the mean only over those that arrived. It flatters a method "
            "that arrives early or never: trials of the failures have to be paid too.",
            _ert_from_zero: "The first trial is trial 1: count from 1.",
            _ert_mean: "Divide by the number that *reached* the target, not by all searches.",
            _ert_strict: "A score may reach the target exactly: use >=.",
            _ert_all_trials: "A search stops with the trial that reaches the target; what would "
            "come later is not paid.",
        }
        for function, message in known.items():
            if math.isclose(got, float(function(table, target))):
                raise Wrong(message)
        raise Wrong(f"{shown}not {got:g}.")
    return "Failures are paid for by the successes, as on a real bill."


choice(
    "10.3",
    right="c",
    because="Above on validation, below on test: what it found better is better for these 450 "
    "rows and these folds. The loss is three to four of 1,347 test rows, so elsewhere the sign may "
    "be another; the gain is gone either way.",
    wrong={
        "a": "On average over many tasks it is. Here the differences among good settings are "
        "smaller than the noise of the validation score.",
        "b": "That is a sensible guess: differences of thousandths need not carry over. Look at "
        "the sign, though.",
    },
    hints=[
        "How large is the difference in accuracy, and how many of 450 rows is that?",
        "The best of 64 validation scores is a maximum over noise. And a method may prefer a "
        "region where the noise is kind.",
    ],
)


def _main_effect(scores, axis):
    scores = np.asarray(scores)
    others = tuple(i for i in range(scores.ndim) if i != axis)
    return scores.mean(axis=others).var() / scores.var()


def _total_effect(scores, axis):
    return np.var(scores, axis=axis).mean() / np.var(scores)


@exercise(
    "10.4",
    hints=[
        "`scores.mean(axis=...)` takes a tuple: all axes but this one.",
        "others = tuple(i for i in range(scores.ndim) if i != axis)",
        "return scores.mean(axis=others).var() / scores.var()",
    ],
)
def _(answer):
    rng = np.random.default_rng(0)
    scores = rng.random((4, 1, 1)) + 0.3 * rng.random((1, 3, 1)) + 0.4 * rng.random((4, 3, 5))
    for axis in range(3):
        got = call(answer, scores, axis)
        try:
            got = float(got)
        except (TypeError, ValueError):
            raise Wrong("Return one number.") from None
        expected = _main_effect(scores, axis)
        if math.isclose(got, expected, rel_tol=1e-6):
            continue
        others = tuple(i for i in range(3) if i != axis)
        everything = sum(_main_effect(scores, i) for i in range(3))
        known = {
            scores.mean(axis=axis).var() / scores.var(): "You averaged *over* this axis. Average "
            "over all the others, so that this one is left.",
            _total_effect(scores, axis): "That is the total effect: what it does alone and "
            "together with others. Average over the others first.",
            expected**0.5: "Take the variance, not the standard deviation: only variances add up.",
            expected * scores.var(): "Divide by the variance of all scores, to get a share.",
            expected / everything: "The shares do not add up to 1: the rest is interaction. "
            "Divide by the variance of all scores only.",
            scores.max(axis=others).var() / scores.var(): "Take the mean, not the maximum, over "
            "the other axes.",
        }
        for value, message in known.items():
            if math.isclose(got, value, rel_tol=1e-6):
                raise Wrong(message)
        raise Wrong(
            f"For axis {axis} of a 4 × 3 × 5 array it should be {expected:.3f}: not {got:.3f}."
        )
    return "What is missing to 1 in the sum over all axes is interaction."


choice(
    "10.5",
    right="b",
    because="Importance says where the variance is. If one bad value makes it, cut that value off, "
    "and the rest becomes visible.",
    wrong={
        "a": "It is important over *this* range, mostly because of a part where nothing is good. "
        "Among the good values another hyperparameter may decide.",
        "c": "That makes it more important still, and the search worse.",
    },
    hints=[
        "Look at the panel of min_child_samples: which of its values make the variance?",
        "What would the importance be if the range ended at 32?",
    ],
)

choice(
    "10.6",
    right="b",
    because="In the time of one suggestion of TPE or a Gaussian process random search makes dozens "
    "of trials. Every cell of a grid of 20 × 20 × 20 takes less than a second.",
    wrong={
        "a": "Go down from the top: an earlier branch says yes. A suggestion of a Gaussian process "
        "takes milliseconds, the trial a tenth of one.",
        "c": "Go down from the top: an earlier branch says yes. And nobody needs to save trials of "
        "0.1 milliseconds.",
    },
    hints=[
        "Begin at 1 and stop at the first yes.",
        "How many milliseconds does a suggestion of TPE or the Gaussian process take?",
    ],
)


def _rungs(n, eta):
    rungs, left = 1, n
    while left > 1:
        rungs, left = rungs + 1, left // eta
    return rungs


def _bracket_cost(n, eta, resume):
    more = _rungs(n, eta) - 1
    return 1 + more * (1 - 1 / eta) if resume else 1 + more


@exercise(
    "10.7",
    hints=[
        "27 settings, eta = 3: rungs of 27, 9, 3, 1 settings, for 1/27, 1/9, 1/3, 1 of a fit. "
        "From scratch each rung costs the same.",
        "With `resume`, a survivor has done 1/eta of its new length already.",
        "Rungs: log(n) / log(eta) + 1, rounded. From scratch 1 full fit for each; resumed 1 for "
        "the first and 1 - 1/eta for every later one.",
    ],
)
def _(answer):
    for n, eta in ((27, 3), (16, 4), (8, 2), (81, 3)):
        got = {}
        for resume in (False, True):
            value = call(answer, n, eta, resume)
            try:
                got[resume] = float(value)
            except (TypeError, ValueError):
                raise Wrong("Return one number.") from None
        expected = {resume: _bracket_cost(n, eta, resume) for resume in got}
        if all(math.isclose(got[k], expected[k]) for k in got):
            continue
        if all(math.isclose(got[k], n) for k in got):
            raise Wrong("Most of the settings are not trained to the end: not one full fit each.")
        if math.isclose(got[False], expected[True]) and math.isclose(got[True], expected[False]):
            raise Wrong("It is the wrong way round: going on costs less than from scratch.")
        if math.isclose(got[False], got[True]):
            raise Wrong("`resume` changes nothing in yours: survivors need not begin again.")
        if all(math.isclose(got[k] + 1, expected[k]) for k in got):
            raise Wrong(f"There is one rung more: with n = {n} the last rung has one setting.")
        raise Wrong(
            f"For n = {n}, eta = {eta} it should be {expected[False]:g} from scratch and "
            f"{expected[True]:g} resumed, not {got[False]:g} and {got[True]:g}."
        )
    return "27 settings for the price of three to four: that is what halving sells."
