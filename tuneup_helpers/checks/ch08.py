"""Exercises of chapter 08, early stopping and multi-fidelity."""

import numpy as np

from tuneup_helpers.exercises import Wrong, call, choice, exercise, number, recognize

choice(
    "08.1",
    right="b",
    because="Bad settings are far behind and stay there. The good end close together, and their "
    "early order says little.",
    wrong={
        "a": "Right for most pairs, since most pairs have a bad one among them. The pairs that "
        "matter are those of good settings.",
        "c": "Over all pairs early scores tell a lot: a setting that still guesses after ten "
        "epochs rarely wins.",
    },
    hints=[
        "Most pairs have at least one bad setting. What of a pair of two good ones?",
        "Look at the four best curves in the figure, then at the bundle at the bottom.",
    ],
)


def _bill(n, rungs, factor=3, resume=True, *, least=1, whole=True, early=False, last=None):
    """Return the bill, or with the last arguments that of a known mistake."""

    def fewer(n):
        return max(least, n // factor if whole else n / factor)

    spent = before = 0
    for rung in rungs[:last]:
        n = fewer(n) if early else n
        spent += n * (rung - before)
        before = rung if resume else 0
        n = n if early else fewer(n)
    return spent


@exercise(
    "08.2",
    hints=[
        "`halve` above has the line: `spent += len(alive) * (rung - before)`.",
        "A loop over the rungs with three variables: the candidates left, the rung before, the sum.",
        "`before` stays 0 if training starts from scratch; `n = max(1, n // factor)`.",
    ],
)
def _(answer):
    rungs = (2, 6, 18, 50)
    cases = [
        (27, rungs, 3, True),
        (27, rungs, 3, False),
        (16, (1, 2, 4, 8), 2, True),
        (16, (1, 2, 4, 8), 2, False),
        (20, (2, 8, 30), 3, True),
        (5, (1, 3, 9), 3, True),
    ]
    got = [
        number(call(answer, n, list(rungs), factor=factor, resume=resume), "the epochs trained")
        for n, rungs, factor, resume in cases
    ]

    def others(**changes):
        return [_bill(*case, **changes) for case in cases]

    flipped = [_bill(n, rungs, factor, not resume) for n, rungs, factor, resume in cases]
    mistakes = [
        (flipped, "You have `resume` the wrong way round."),
        (
            [n * rungs[-1] for n, rungs, _, _ in cases],
            "Not all candidates train to the end: after each rung only some are left.",
        ),
        (
            [_bill(n, rungs, factor, False) for n, rungs, factor, _ in cases],
            "With `resume=True` a candidate goes on from where it stood: 6 − 2 epochs.",
        ),
        (
            [_bill(n, rungs, factor, True) for n, rungs, factor, _ in cases],
            "With `resume=False` each rung starts from scratch and pays all its epochs.",
        ),
        ([_bill(n, rungs, 3, resume) for n, rungs, _, resume in cases], "Does yours use `factor`?"),
        (others(least=0), "Keep at least one candidate, however few there are."),
        (others(whole=False), "Keep whole candidates: of 20 there are 6 left, then 2."),
        (others(early=True), "The first rung is trained by all n: halve after a rung, not before."),
        (others(last=-1), "The last rung is paid, too."),
        (
            [sum(rungs) for _, rungs, _, _ in cases],
            "Those are the epochs of one candidate; each rung is paid for all that are left.",
        ),
    ]
    expected = others()
    if recognize(got, expected, mistakes):
        return "158 epochs training on, 212 from scratch: a third more, and still far below 1,350."
    for (n, rungs, factor, resume), mine, right in zip(cases, got, expected, strict=True):
        if mine != right:
            raise Wrong(
                f"For n = {n}, rungs = {rungs}, factor = {factor}, resume = {resume} the bill is "
                f"{right}, not {mine:g}."
            )


choice(
    "08.3",
    right="c",
    because="After 12 rounds half of the table is ahead of the setting that ends best. Good "
    "settings here learn slowly.",
    wrong={
        "a": "On the network good settings are fast as well. Boosting with single splits on a fifth "
        "of the columns is good and slow.",
        "b": "More often: 12 of 300 rounds say very little here. With 36 rounds in the first rung "
        "it is about a quarter.",
    },
    hints=[
        "Which settings of a boosting model are ahead after 12 rounds, which after 300?",
        "A model that learns in small steps is behind at first.",
    ],
)

choice(
    "08.4",
    right="c",
    because="A rung with three candidates or one leaves most of eight workers without work, however "
    "fast the fits are.",
    wrong={
        "a": "Look at the last rung of each halving: one worker trains. What could the other seven "
        "do, if fits were equally long?",
        "b": "More than half: slow fits add a little. Count the workers that have something to do "
        "in the rungs with 3 and 1 candidates.",
    },
    hints=[
        "How many of eight workers can be busy while a rung has three candidates?",
        "The last rung has one candidate, and it trains for 32 of 50 epochs.",
    ],
)


class _Trial:
    """Notes what is reported; asks to stop once a given number of reports has come."""

    def __init__(self, stop_after=None):
        self.reports, self.asked, self.stop_after = [], 0, stop_after

    def __repr__(self):
        return "trial"

    def report(self, value, step):
        self.reports.append((int(step), float(value)))

    def should_prune(self):
        self.asked += 1
        return self.stop_after is not None and len(self.reports) >= self.stop_after


def _score(fold, epoch):
    return 0.5 + 0.1 * fold + 0.02 * epoch * (2.4 - epoch)  # best in epoch 1


@exercise(
    "08.5",
    hints=[
        "Two loops, one in the other: epochs outside, folds inside.",
        "After the inner loop: `trial.report(np.mean(scores), step=epoch)`.",
        "`if trial.should_prune(): raise optuna.TrialPruned`, and `return np.mean(scores)` at the "
        "end.",
    ],
)
def _(answer):
    trial, calls = _Trial(), []

    def train(fold, epoch):
        calls.append((epoch, fold))
        return _score(fold, epoch)

    value = call(answer, trial, train, 3, 4)
    wanted = [float(np.mean([_score(f, epoch) for f in range(3)])) for epoch in range(4)]
    if len(calls) != 12 or sorted(calls) != [(e, f) for e in range(4) for f in range(3)]:
        raise Wrong("Each of 3 folds should be trained for each of 4 epochs, once.")
    if [epoch for epoch, _ in calls] != sorted(epoch for epoch, _ in calls):
        raise Wrong(
            "Yours trains fold after fold. In lockstep, all folds train one epoch, then all the "
            "next: so the mean can be judged early."
        )
    if not trial.reports:
        raise Wrong("Yours trains, but nothing is reported, so nothing can be pruned.")
    steps = [step for step, _ in trial.reports]
    if steps not in ([0, 1, 2, 3], [1, 2, 3, 4]):
        raise Wrong(
            f"Report once an epoch, with the epoch as the step: 0, 1, 2, 3, not "
            f"{', '.join(map(str, steps))}."
        )
    reported = [value for _, value in trial.reports]
    if np.allclose(reported, np.cumsum(wanted) / np.arange(1, 5)):
        raise Wrong("Report the mean over the folds of this epoch only, not of all so far.")
    if not np.allclose(reported, wanted):
        raise Wrong("Report the mean over the folds of this epoch.")
    if not trial.asked:
        raise Wrong("Yours never asks `trial.should_prune()`.")
    value = number(value, "the mean score of the last epoch")
    mistakes = [
        (max(wanted), "That is the best epoch; the trial is judged by its last one."),
        (_score(2, 3), "That is one fold alone; return the mean over all folds."),
        (_score(0, 3), "That is one fold alone; return the mean over all folds."),
        (np.mean(wanted), "That is the mean over all epochs; return that of the last epoch."),
        (sum(wanted), "That is a sum; return the mean score of the last epoch over all folds."),
    ]
    if not recognize(value, wanted[-1], mistakes):
        raise Wrong("Return the mean score of the last epoch over all folds.")
    _check_stops(answer)
    return "All folds stop together, after a report that all of them have a share in."


def _check_stops(answer):
    """Check that the answer raises TrialPruned when the pruner says so, and at once."""
    import optuna

    calls = []

    def train(fold, epoch):
        calls.append(epoch)
        return _score(fold, epoch)

    try:
        answer(_Trial(stop_after=2), train, 3, 4)
    except optuna.TrialPruned:
        if max(calls) != 1:
            raise Wrong("Ask after each report, and stop at once.") from None
        return
    except Exception as error:
        raise Wrong(
            f"When the trial should stop, raise optuna.TrialPruned; yours raised "
            f"{type(error).__name__}."
        ) from error
    raise Wrong(
        "When `trial.should_prune()` is true, raise optuna.TrialPruned: a value that is returned "
        "would count as that of a finished trial."
    )


choice(
    "08.6",
    right="b",
    because="The rule stops slow starters, and here some of the best start slowly. So it misses about as "
    "much as random search does with its fewer trials.",
    wrong={
        "a": "On the network good settings are fast as well. On LightGBM an early score tells less.",
        "c": "It often stops the best trial, but among thirty there are other good ones.",
    },
    hints=[
        "What did a first rung of 12 rounds do to the best candidate in 08a?",
        "A saving is worth only what the early scores are worth.",
    ],
)

choice(
    "08.7",
    right="c",
    because="Behind in all of three folds happens by chance with probability 1/8 = 0.125, which is "
    "not below 0.1.",
    wrong={
        "a": "One fold is one pair: no test can tell anything from it.",
        "b": "Two folds, both behind: by chance that happens in one of four cases.",
    },
    hints=[
        "Suppose a trial is no worse than the best. How often is it behind in all of k folds?",
        "Compare 1/2ᵏ for k = 3 with the threshold.",
    ],
)


choice(
    "08.8",
    right="c",
    because="Half the step needs twice the rounds, or nearly: rate times rounds stays at 19 to 20.",
    wrong={
        "a": "Each round adds a tree times the rate. Half of it brings the model half as far.",
        "b": "It takes more: what counts is how far the model has come, rounds times rate.",
    },
    hints=[
        "Think of walking: with steps half as long, how many do you need?",
        "The product of rate and rounds says how far the model has come.",
    ],
)

choice(
    "08.9",
    right="b",
    because="Above the stop `n_estimators` is only a ceiling, and the search spends trials on a number "
    "that changes nothing.",
    wrong={
        "a": "The fit chooses its own rounds, whatever ceiling it was given.",
        "c": "Larger is not better, it is the same: a fit that stops after 130 rounds does so under "
        "any ceiling above 150.",
    },
    hints=[
        "A fit stops after 130 rounds. What changes if its ceiling is 500, or 2,000?",
        "Who chooses the number of rounds in each fit?",
    ],
)


@exercise(
    "08.10",
    hints=[
        "First the mean over the folds: `scores.mean(axis=0)` has one number for each column.",
        "`argmax` gives the position of the best column; look it up in `rounds`.",
        "`rounds[scores.mean(axis=0).argmax()]`",
    ],
)
def _(answer):
    scores = np.array(
        [
            [0.70, 0.80, 0.82, 0.85, 0.71, 0.60],
            [0.70, 0.86, 0.88, 0.80, 0.72, 0.65],
            [0.60, 0.93, 0.90, 0.82, 0.80, 0.78],
        ]
    )
    rounds = np.array([10, 20, 40, 80, 160, 320])
    got = number(call(answer, scores, rounds), "the rounds")
    mean = scores.mean(axis=0)
    lucky = np.unravel_index(scores.argmax(), scores.shape)[1]
    mistakes = [
        (mean.argmax(), "That is the position in the list, not the number of rounds."),
        (mean.max(), "That is the score there, not the number of rounds."),
        (320, "That is the last: the curves go down before it."),
        (
            rounds[scores.argmax(axis=1)].mean(),
            "That is the mean of each fold's own best. Take the mean of the curves first.",
        ),
        (rounds[scores[0].argmax()], "That is the best of the first fold alone."),
        (rounds[lucky], "That is where the luckiest fold has its highest score."),
        (rounds[mean.argmin()], "Higher is better: look for the maximum."),
    ]
    if not recognize(got, rounds[mean.argmax()], mistakes):
        raise Wrong(f"Here it should be {rounds[mean.argmax()]}, not {got:g}.")
    _check_other_curves(answer)
    return "The mean of the curves is smoother than each of them, so its top is less a fluke."


def _check_other_curves(answer):
    """Check the answer on four folds where the rules that are near the right one differ."""
    scores = np.array(
        [
            [0.90, 0.55, 0.70, 0.80, 0.60],
            [0.50, 0.81, 0.72, 0.80, 0.60],
            [0.50, 0.83, 0.72, 0.80, 0.60],
            [0.50, 0.84, 0.70, 0.80, 0.60],
        ]
    )
    rounds = np.array([5, 15, 45, 135, 405])
    got = number(call(answer, scores, rounds), "the rounds")
    mistakes = [
        (5, "That looks up the best fold: the mean over the folds is `axis=0`."),
        (
            15,
            "That is the median of each fold's own best, or the top of a median curve. Take the "
            "mean of the curves.",
        ),
    ]
    if not recognize(got, 135, mistakes):
        raise Wrong(f"With other curves it should be 135, not {got:g}.")
