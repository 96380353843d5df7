"""Exercises of chapter 05, Bayesian optimization."""

import numpy as np

from tuneup_helpers.checks._optuna import quiet
from tuneup_helpers.exercises import (
    Unreadable,
    Wrong,
    array_of_shape,
    call,
    choice,
    dictionary,
    exercise,
    number,
    recognize,
)

choice(
    "05.1",
    right="b",
    because="Far from all trials the score may be anything, also high. Trying there is exploration.",
    wrong={
        "a": "What is probable there is the average. It may be the highest, but nothing says so.",
        "c": "It is the other way round: far from all trials a model knows least.",
    },
    hints=[
        "What do five dots say about a place far away from them?",
        "Low certainty cuts both ways: the score may be low, and it may be high.",
    ],
)

choice(
    "05.2",
    right="a",
    because="Beside the best trial an improvement is likely and tiny. PI does not care how tiny, "
    "EI does.",
    wrong={
        "b": "Neither of them sees the truth. Both are computed from the mean and the standard "
        "deviation, nothing else.",
        "c": "Look at the code: PI divides by the standard deviation.",
    },
    hints=[
        "How wide is the band beside the best trial, and so how large can an improvement be there?",
        "In the code EI is PI's probability with a size: what does it multiply by?",
    ],
)


def _quiet_study(seed):
    """Make a study that draws at random, without Optuna's line about it."""
    import optuna

    with quiet():
        return optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=seed))


def _loss_ei(mean, sd, best, xi=0.0):
    from scipy.stats import norm

    z = (best - xi - mean) / sd
    return sd * (z * norm.cdf(z) + norm.pdf(z))


@exercise(
    "05.3",
    hints=[
        "An improvement is now `best - xi - loss`, where that is above zero.",
        "Take `expected_improvement` from above and turn the difference round: "
        "z = (best - xi - mean) / sd.",
        "return sd * (z * norm.cdf(z) + norm.pdf(z))",
    ],
)
def _(answer):
    from scipy.stats import norm

    mean, sd, best = np.array([0.2, 0.3, 0.3, 0.5]), np.array([0.05, 0.01, 0.2, 0.1]), 0.3
    xi = np.array([[0.0], [0.05]])  # a row of values for each
    got = np.array(
        [
            array_of_shape(call(answer, mean, sd, best, xi=margin), len(mean), "one for each mean")
            for margin in (0.0, 0.05)
        ]
    )
    expected = _loss_ei(mean, sd, best, xi)
    z = (best - xi - mean) / sd
    mistakes = [
        (
            _loss_ei(-mean, sd, -best, xi),
            "That is the improvement where *higher* is better; a loss should be low.",
        ),
        (
            np.maximum(best - xi - mean, 0),
            "That is the improvement at the mean. The spread around it counts too.",
        ),
        (norm.cdf(z), "That is the probability of an improvement: weigh it by its size."),
        (expected / sd, "Weigh the improvement by its size: multiply by the standard deviation."),
        (sd * z * norm.cdf(z), "One of two terms is missing: the density of z belongs to it, too."),
        (-expected, "An improvement counts zero or more, so no average of it is negative."),
        (
            np.tile(expected[0], (2, 1)),
            "`xi` changes nothing in yours: only what is below `best - xi` counts.",
        ),
        (
            _loss_ei(mean, sd, best, -xi),
            "`xi` is on the wrong side: it makes it harder, not easier, to improve.",
        ),
        (
            expected[0] - xi,
            "Taking `xi` off at the end also takes it from what is no improvement: move `best`.",
        ),
    ]
    # Wide enough for an average over many draws.
    if recognize(got, expected, mistakes, tolerance=5e-4):
        return "This is skopt's EI (there with a minus: it minimizes everything)."
    if (got < 0).any():
        raise Wrong("An improvement counts zero or more, so no average of it is negative.")
    off = int(np.allclose(got[0], expected[0], atol=5e-4))
    raise Wrong(
        f"For xi = {xi[off, 0]:g} it should be {expected[off].round(3)}, not {got[off].round(3)}."
    )


choice(
    "05.4",
    right="b",
    because="Without exploration nothing draws a search away from the first good place it saw.",
    wrong={
        "a": "A place with a low mean may only be unknown. The higher hump often looks like that.",
        "c": "After three random trials this search goes where the mean is highest, every time.",
    },
    hints=[
        "With `kappa = 0` the band plays no part. What is left to choose by?",
        "Where is the mean highest after a few trials, and what would draw the search elsewhere?",
    ],
)

choice(
    "05.5",
    right="b",
    because="With two humps, candidates are drawn where the good trials are, also if that is the "
    "lower hump.",
    wrong={
        "a": "It learns where its good trials are. With two humps that may be the lower one, and "
        "nothing leads it away.",
        "c": "A density of good trials says where to look: on a single hump that is all one needs.",
    },
    hints=[
        "Where do the candidates come from, if all good trials lie on one hump?",
        "What can random search do at any time that this loop cannot?",
    ],
)


def _spaces():
    """Return pairs of a Hyperopt space and what fmin may return for it."""
    from hyperopt import hp

    return [
        (
            {
                "n_estimators": hp.choice("n_estimators", [50, 100, 200, 400]),
                "max_features": hp.uniform("max_features", 0.1, 1.0),
            },
            {"n_estimators": 2, "max_features": 0.4},
        ),
        (
            hp.choice(
                "model",
                [
                    {"name": "knn", "k": hp.choice("k", [1, 5, 9])},
                    {"name": "svm", "C": hp.uniform("C", 0, 1)},
                ],
            ),
            {"model": 0, "k": 1},
        ),
    ]


def _right_report(space, best):
    from hyperopt import space_eval

    return space_eval(space, best)


@exercise(
    "05.6",
    hints=[
        "Hyperopt has a function for it, with the space and the result of `fmin` as arguments.",
        "from hyperopt import space_eval",
    ],
)
def _(answer):
    for nested, (space, best) in enumerate(_spaces()):
        expected = _right_report(space, best)
        try:
            got = dictionary(call(answer, space, dict(best)))
        except Unreadable as error:
            if not nested:
                raise
            raise Wrong(f"It should work for any space, also a nested one. {error}") from None
        if got == best:
            if nested:
                raise Wrong(
                    "It should work for any space: for a nested one yours returns the positions."
                )
            raise Wrong("Those are the positions that `fmin` returns, not the values.")
        if got != expected:
            raise Wrong(f"For {best} it should be {expected}, not {got}.")
    return "Two trees were the third choice, 200. `space_eval` follows nested choices too."


def _draws(space):
    """Draw 2,000 values of `k` from a space."""
    from hyperopt.pyll.base import Apply
    from hyperopt.pyll.stochastic import sample

    if isinstance(space, dict) and len(space) == 1:
        space = next(iter(space.values()))
    if not isinstance(space, Apply):
        raise Unreadable(
            "A Hyperopt space is asked for, such as `hp.randint(...)`. Yours is no part of one."
        )
    rng = np.random.default_rng(0)
    try:
        return [sample(space, rng=rng) for _ in range(2000)]
    except Exception as error:
        raise Wrong(f"No value can be drawn from it: {type(error).__name__}: {error}") from None


@exercise(
    "05.7",
    hints=[
        "`hp.randint(name, low, high)` leaves `high` out.",
        "Or widen the range of `hp.quniform` by a half on both sides, and make the draws whole with "
        "`scope.int` (from hyperopt.pyll import scope).",
        'k_space = hp.randint("k", 1, 11)',
    ],
)
def _(answer):
    drawn = _draws(answer)
    if not all(isinstance(value, int | np.integer) for value in drawn):
        raise Wrong(
            f"It draws {drawn[0]!r}, which is no whole number in Python: a model that wants a "
            "number of trees or neighbours refuses it."
        )
    count = np.bincount(np.clip(drawn, 0, 11), minlength=12)
    if count[0]:
        raise Wrong(f"It also draws {min(drawn)}: the range should start at 1.")
    if count[11]:
        raise Wrong(f"It also draws {max(drawn)}: the range should end at 10.")
    missing = [k for k in range(1, 11) if not count[k]]
    if missing:
        raise Wrong(f"In 2,000 draws this never came: {missing}. Which ends are included?")
    ends, inside = count[[1, 10]].mean(), count[2:10].mean()
    if ends < 0.75 * inside:
        raise Wrong("1 and 10 come half as often: only half a unit is rounded to each of them.")
    if np.abs(count[1:11] / 200 - 1).max() > 0.35:
        raise Wrong("Some numbers come much more often than others.")
    return (
        "All ten come alike. TPE takes `hp.randint` and `hp.choice` for names without an order; "
        "`scope.int(hp.quniform(name, 0.5, 10.5, 1))` keeps the order."
    )


def _killed_study():
    """Make a study as a killed process leaves it: three finished trials and one running."""
    study = _quiet_study(7)
    study.optimize(_square, n_trials=3)
    study.ask().suggest_float("x", -5, 5)
    return study


def _square(trial):
    return (trial.suggest_float("x", -5, 5) - 2) ** 2


@exercise(
    "05.8",
    hints=[
        "`study.get_trials(states=[TrialState.RUNNING])` are those that nobody will finish.",
        "For each of them `study.tell(trial.number, state=TrialState.FAIL)` and "
        "`study.enqueue_trial(trial.params)`.",
        "Then `study.optimize(objective, n_trials=...)` with `n_complete` minus the number of "
        "trials that are COMPLETE.",
    ],
)
def _(answer):
    import optuna
    from optuna.trial import TrialState

    # A study that is resumed endlessly is stopped.
    limit = [20]

    def objective(trial):
        limit[0] -= 1
        if limit[0] < 0:
            raise Wrong("Yours does not stop: work out how many are missing.")
        return _square(trial)

    with quiet():
        study = _killed_study()
        before = study.trials
        returned = call(answer, study, objective, 8)
    trials = study.trials
    if not isinstance(returned, optuna.Study):
        raise Unreadable("Return the study when it is done.")
    if returned is not study:
        raise Wrong("Go on with the same study: a new one throws the finished trials away.")
    if trials[3].state == TrialState.RUNNING:
        raise Wrong("Trial 3, which the kill interrupted, is still RUNNING: tell that it failed.")
    if trials[3].state != TrialState.FAIL:
        raise Wrong(f"Trial 3 should end as FAIL, not {trials[3].state.name}.")
    complete = [trial for trial in trials if trial.state == TrialState.COMPLETE]
    if len(complete) != 8:
        raise Wrong(
            f"8 finished trials were wanted, 3 were there, and now there are {len(complete)}: "
            "work out how many are missing. A trial that failed or waits is not finished."
        )
    if complete[3].params != before[3].params:
        raise Wrong("The values of the interrupted trial were not tried again first.")
    if [trial.params for trial in complete[4:]].count(before[3].params):
        raise Wrong("The values of the interrupted trial were tried again more than once.")
    return "Nothing finished is lost or run twice, and what was interrupted is made up for."


choice(
    "05.9",
    right="c",
    because="A look-up costs microseconds, a suggestion milliseconds: for the time of one "
    "suggestion random search tries hundreds of points.",
    wrong={
        "a": "Better for each trial, but here trials are free and suggestions are not.",
        "b": "TPE's suggestions are cheap beside a fit. Beside a look-up they are not.",
    },
    hints=[
        "Compare the time of a suggestion with the time of an evaluation.",
        "How many random points are tried in the milliseconds that one suggestion takes?",
    ],
)


@exercise(
    "05.10",
    hints=[
        "Guided: `n_trials` times suggestion and evaluation. Random: `worth` times evaluation.",
        "Set both equal and solve for the evaluation. Only `worth - n_trials` evaluations are saved.",
        "n_trials * suggestion / (worth - n_trials), and infinity where nothing is saved",
    ],
)
def _(answer):
    suggestion, n_trials, worth = 100.0, 50, 300
    got = number(call(answer, suggestion, n_trials, worth), "milliseconds")
    mistakes = [
        (
            n_trials * suggestion / worth,
            "The guided search evaluates its own trials, too: it saves fewer evaluations.",
        ),
        (
            suggestion / (worth - n_trials),
            "That is the price of one suggestion. There are `n_trials` of them.",
        ),
        ((worth - n_trials) / (n_trials * suggestion), "That is upside down."),
        (
            n_trials * suggestion,
            "That is what all suggestions cost. How many evaluations do they save?",
        ),
        (suggestion, "A suggestion may cost more than an evaluation, if it saves several of them."),
    ]
    if not recognize(got, 20.0, mistakes, tolerance=1e-6):
        raise Wrong(
            f"For suggestions of 100 ms, 50 trials, worth 300, it should be 20 ms, not {got:g}."
        )
    for others in (50, 40):
        nothing = call(answer, suggestion, n_trials, others)
        if not isinstance(nothing, float) or nothing != np.inf:
            raise Wrong(
                f"50 guided trials that are worth {others} random ones save no evaluation, and never "
                "pay: return `np.inf`."
            )
    return "It is the ratio that decides: what suggestions cost over the evaluations they save."


choice(
    "05.11",
    right="bd",
    because="On one fold, the best of 50 is a fluke for each method; and on linear scales there is "
    "hardly anything good to draw from.",
    wrong={
        "a": "Ten workers know less when they ask, but all old rounds are in. Some lead is lost, "
        "most is kept.",
        "b": "One fold of 60 rows: luck is larger than the differences between good settings, and no "
        "sampler can tell them apart. `b` belongs to the answer.",
        "c": "Junk dimensions cost TPE a part of its lead. It still sees that the two others matter.",
        "d": "On linear scales nearly all of the range is bad: `d` belongs to the answer.",
    },
    hints=[
        "Two are right. In which cases do even good guesses about the score not help?",
        "What does a search see, and what does its space offer?",
    ],
)
