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


@exercise(
    "05.4",
    hints=[
        "Ask for the kernel first; then `if` on its value decides what else is asked for.",
        "`trial.suggest_float(name, low, high, log=True)` for C and gamma, `trial.suggest_int` "
        "for degree.",
        "`if kernel in ('rbf', 'poly'):` ask for gamma. `if kernel == 'poly':` ask for degree.",
    ],
)
def _(answer):
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    wanted = {
        "C": FloatDistribution(0.01, 1000, log=True),
        "gamma": FloatDistribution(0.0001, 10, log=True),
        "degree": IntDistribution(2, 5),
    }
    names = {
        "linear": ["C", "kernel"],
        "rbf": ["C", "gamma", "kernel"],
        "poly": ["C", "degree", "gamma", "kernel"],
    }
    for kernel, expected in names.items():
        returned, trial = _ask(answer, {"kernel": kernel, "C": 1.0, "gamma": 0.1, "degree": 3})
        asked = trial.distributions
        if "kernel" not in asked:
            raise Wrong("Ask the trial for `kernel` first: trial.suggest_categorical.")
        kernels = asked["kernel"]
        if not isinstance(kernels, CategoricalDistribution) or set(kernels.choices) != set(names):
            raise Wrong(f"There are three kernels to choose from: {list(names)}.")
        for name in sorted(set(expected) - set(asked)):
            raise Wrong(f"With kernel {kernel!r} your trial has no `{name}`.")
        for name in sorted(set(asked) - set(expected)):
            raise Wrong(f"Yours asks for `{name}` even where the kernel is {kernel!r}.")
        for name in sorted(set(expected) - {"kernel"}):
            _check_range(name, asked[name], wanted[name])
        returned = dictionary(returned, "the values by their names")
        if returned != trial.params:
            raise Wrong(f"Return the values that the trial was asked for: {trial.params}.")
    return "A trial has only the hyperparameters that its kernel knows, and TPE copes with that."


def _ask(answer, values):
    """Run the answer on a real trial whose values are fixed beforehand."""
    study = _quiet_study(0)
    study.enqueue_trial(values)
    trial = study.ask()
    with quiet():
        return call(answer, trial), trial


def _check_range(name, got, wanted):
    if name == "degree" and set(getattr(got, "choices", [])) == {2, 3, 4, 5}:
        return
    if type(got) is not type(wanted):
        kind = "a whole number" if name == "degree" else "a number with decimals"
        raise Wrong(f"`{name}` should be {kind}.")
    if (got.low, got.high) != (wanted.low, wanted.high):
        raise Wrong(
            f"`{name}` goes from {wanted.low} to {wanted.high}, not {got.low} to {got.high}."
        )
    if wanted.log and not got.log:
        raise Wrong(f"`{name}` should be on a log scale.")


def _killed_study():
    """Make a study as a killed process leaves it: three finished trials and one running."""
    study = _quiet_study(7)
    study.optimize(_square, n_trials=3)
    study.ask().suggest_float("x", -5, 5)
    return study


def _square(trial):
    return (trial.suggest_float("x", -5, 5) - 2) ** 2


@exercise(
    "05.5",
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
    for number, (space, best) in enumerate(_spaces()):
        expected = _right_report(space, best)
        try:
            got = dictionary(call(answer, space, dict(best)))
        except Unreadable as error:
            if not number:
                raise
            raise Wrong(f"It should work for any space, also a nested one. {error}") from None
        if got == best:
            if number:
                raise Wrong(
                    "It should work for any space: for a nested one yours returns the positions."
                )
            raise Wrong("Those are the positions that `fmin` returns, not the values.")
        if got != expected:
            raise Wrong(f"For {best} it should be {expected}, not {got}.")
    return "Two trees were the third choice, 200. `space_eval` follows nested choices too."


choice(
    "05.7",
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
