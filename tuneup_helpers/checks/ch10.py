"""Exercises of chapter 10, Comparing methods."""

import numpy as np

from tuneup_helpers.exercises import Wrong, call, choice, exercise, number, recognize

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
    hit = scores >= target
    arrived = hit.any(axis=1)
    spent = np.where(arrived, hit.argmax(axis=1) + 1, scores.shape[1])
    return spent.sum() / arrived.sum()


def _ert_mistakes(scores, target):
    hit = scores >= target
    arrived, first = hit.any(axis=1), hit.argmax(axis=1) + 1
    spent = np.where(arrived, first, scores.shape[1])
    return [
        (
            first.mean(),
            "The argmax of a row without any hit is 0, which looks like an arrival in the first "
            "trial.",
        ),
        (
            first.sum() / arrived.sum(),
            "The argmax of a row without any hit is 0, which looks like an arrival in the first "
            "trial.",
        ),
        (
            first[arrived].mean(),
            "That is the mean only over those that arrived. It favours a method that arrives "
            "early or never: trials of the failures have to be paid too.",
        ),
        (
            np.where(arrived, first - 1, scores.shape[1]).sum() / arrived.sum(),
            "The first trial is trial 1: count from 1.",
        ),
        (
            spent.mean(),
            "Divide by the number that *reached* the target, not by all searches.",
        ),
        (
            spent.sum() / hit.sum(),
            "A search reaches the target once: divide by the number of searches that do, not of "
            "trials.",
        ),
        (
            _ert(scores, target + 1e-9),
            "A score may reach the target exactly: use >=.",
        ),
        (
            scores.size / arrived.sum(),
            "A search stops with the trial that reaches the target; what would come later is not "
            "paid.",
        ),
        (arrived.mean(), "That is the share that has arrived, not the trials it took."),
        (spent.sum(), "That is what all have spent: divide by the number that reached the target."),
    ]


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
    cases = [(scores, 0.7), (more, 0.95)]
    got = [number(call(answer, *case), "trials spent for each success") for case in cases]
    expected = [_ert(*case) for case in cases]
    pairs = zip(*(_ert_mistakes(*case) for case in cases), strict=True)
    mistakes = [([value, other], words) for (value, words), (other, _) in pairs]
    if recognize(got, expected, mistakes):
        return "Failures are paid for by the successes, as on a real bill."
    which = int(np.isclose(got[0], expected[0]))
    shown = "40 searches of 12 trials" if which else f"scores {scores.tolist()}"
    raise Wrong(
        f"For {shown} and target {cases[which][1]} it is {expected[which]:g}, not {got[which]:g}."
    )


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
    others = tuple(i for i in range(scores.ndim) if i != axis)
    return scores.mean(axis=others).var() / scores.var()


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
        got = number(call(answer, scores, axis), "a share of the variance")
        expected = _main_effect(scores, axis)
        others = tuple(i for i in range(3) if i != axis)
        means, everything = scores.mean(axis=others), scores.var()
        sample = "Take the variance of all cells, with ddof=0: the table is no sample."
        mistakes = [
            (
                scores.mean(axis=axis).var() / everything,
                "You averaged *over* this axis. Average over all the others, so that this one is "
                "left.",
            ),
            (
                scores.var(axis=axis).mean() / everything,
                "That is the total effect: what it does alone and together with others. Average "
                "over the others first.",
            ),
            (
                scores.var(axis=others).mean() / everything,
                "That is what the others leave, the variance around the means. Take the variance "
                "of the means.",
            ),
            (
                expected**0.5,
                "Take the variance, not the standard deviation: only variances add up.",
            ),
            (means.var(), "Divide by the variance of all scores, to get a share."),
            (means.var(ddof=1) / scores.var(ddof=1), sample),
            (means.var(ddof=1) / everything, sample),
            (
                expected / sum(_main_effect(scores, i) for i in range(3)),
                "The shares do not add up to 1: the rest is interaction. Divide by the variance of "
                "all scores only.",
            ),
            (
                scores.max(axis=others).var() / everything,
                "Take the mean, not the maximum, over the other axes.",
            ),
            (100 * expected, "That is a share in percent; give a number from 0 to 1."),
        ]
        if not recognize(got, expected, mistakes):
            raise Wrong(
                f"For axis {axis} of a 4 × 3 × 5 array it is {expected:.3f}, not {got:.3f}."
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


def _line(scores, default, axis):
    return scores[(*default[:axis], slice(None), *default[axis + 1 :])]


def _tunability(scores, default, axis):
    return _line(scores, default, axis).max() - scores[default]


@exercise(
    "10.6",
    hints=[
        "Which scores lie on the line through the default along this axis? Index all other axes "
        "with the default's numbers.",
        "line = scores[default[:axis] + (slice(None),) + default[axis + 1:]]",
        "return line.max() - scores[default]",
    ],
)
def _(answer):
    scores = np.random.default_rng(0).random((3, 4, 5)).round(2)
    scores[0, 0, 0] = 1.2  # the best of all differs in more than one place
    for default, axis in (((1, 2, 3), 0), ((1, 2, 3), 1), ((0, 3, 1), 2)):
        got = number(call(answer, scores.copy(), default, axis), "a gain in the score")
        line, expected = _line(scores, default, axis), _tunability(scores, default, axis)
        others = tuple(i for i in range(3) if i != axis)
        mistakes = [
            (
                scores.max() - scores[default],
                "That tunes all hyperparameters at once. Only one may leave the default.",
            ),
            (line.max(), "That is the best score on the line. Subtract the score of the default."),
            (-expected, "The sign is the wrong way round: the best minus the default."),
            (np.ptp(line), "That is the best minus the *worst*. Compare with the default."),
            (
                line.max() - line.mean(),
                "That is the best minus the *mean* of the line. Compare with the default.",
            ),
            (
                scores.mean(axis=others).max() - scores[default],
                "You averaged over the others. They stay where the default has them.",
            ),
            (
                scores.take(default[axis], axis=axis).max() - scores[default],
                "That leaves this one at the default and tunes all the others.",
            ),
        ]
        if not recognize(got, expected, mistakes):
            raise Wrong(
                f"For axis {axis} and the default {default} of a 3 × 4 × 5 table it is "
                f"{expected:.2f}, not {got:.2f}."
            )
    return "It is never negative, since the default itself lies on the line."


choice(
    "10.7",
    right="b",
    because="A tree that counts half must be made up for by a second one. The score at the best "
    "number of rounds hardly changes, so that one of the two can be fixed.",
    wrong={
        "a": "With the *same* number of rounds the score falls, because the model is not finished. "
        "But each setting may use as many rounds as it needs.",
        "c": "With the same number of rounds it has learnt only about half as much.",
    },
    hints=[
        "Each round adds a tree, multiplied by the learning rate.",
        "How many steps of half the length do you need to get as far?",
    ],
)


def _affordable(seconds, fit, folds, workers):
    return workers * (seconds // (fit * folds))


@exercise(
    "10.8",
    hints=[
        "How long does one trial take? It has `folds` fits.",
        "How many whole trials does *one* worker finish?",
        "return workers * (seconds // (fit * folds))",
    ],
)
def _(answer):
    cases = [(3600, 7, 5, 4), (600, 250, 2, 3), (100, 30, 1, 2), (90, 2, 5, 1)]
    got = [number(call(answer, *case), "the number of trials that finish") for case in cases]

    def all_of(rule):
        return [rule(*case) for case in cases]

    mistakes = [
        (
            all_of(lambda s, fit, folds, w: w * (s // fit)),
            "A trial is a cross-validation: it has `folds` fits, not one.",
        ),
        (
            all_of(lambda s, fit, folds, w: s // (fit * folds)),
            "That is what one worker finishes. There are `workers` of them.",
        ),
        (
            all_of(lambda s, fit, folds, w: s * w // (fit * folds)),
            "Round down for each worker: the rests of several workers do not add up to a trial.",
        ),
        (
            all_of(lambda s, fit, folds, w: s * w / (fit * folds)),
            "A trial that is not done when the time is up does not count: round down, for each "
            "worker.",
        ),
        (
            all_of(lambda s, fit, folds, w: w * (s / (fit * folds))),
            "A trial that is not done when the time is up does not count: round down, for each "
            "worker.",
        ),
        (
            all_of(lambda s, fit, folds, w: w * -(-s // (fit * folds))),
            "The last trial of each worker is not done in time: round down, not up.",
        ),
        (
            all_of(lambda s, fit, folds, w: s // (fit * folds * w)),
            "More workers finish more trials, not fewer: multiply by `workers`.",
        ),
    ]
    expected = all_of(_affordable)
    if recognize(got, expected, mistakes):
        return "This number decides whether a guided search can pay: with a dozen trials it hardly does."
    which = next(i for i, (g, e) in enumerate(zip(got, expected, strict=True)) if g != e)
    seconds, fit, folds, workers = cases[which]
    raise Wrong(
        f"In {seconds} seconds, with fits of {fit} seconds, {folds} folds and {workers} workers, "
        f"{expected[which]:g} trials finish, not {got[which]:g}."
    )


choice(
    "10.9",
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
        "Begin at the top and stop at the first yes.",
        "How many milliseconds does a suggestion of TPE or the Gaussian process take?",
    ],
)
