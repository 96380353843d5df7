"""Exercises of the clinic of broken code."""

import math
import warnings

import numpy as np

from tuneup_helpers.checks._optuna import quiet
from tuneup_helpers.exercises import Unreadable, Wrong, call, choice, dictionary, exercise

choice(
    "clinic.1",
    right="b",
    because="A copy of a row in the validation fold hands the model the answer. A mean and a width "
    "of all rows say next to nothing about any single one.",
    wrong={
        "a": "The scaler learns two numbers a column from all rows. How much can those tell about "
        "the label of one validation row?",
        "c": "What counts is how much news of a validation row gets into training. Compare a mean "
        "over all rows with a copy of the row itself.",
    },
    hints=[
        "Imagine a nearest-neighbour model: what does it find beside a validation row?",
        "Which of the two carries single rows across the split?",
    ],
)

choice(
    "clinic.2",
    right="ac",
    because="C is best at the last value of its range, and fewer settings than trials were tried.",
    wrong={
        "a": "Compare the best `log10_C` with its range.",
        "b": "The best `log10_gamma` is 0 or less, and its range goes on to 1: it is inside.",
        "c": "Compare the number of trials with the number of different ones.",
        "d": "The *exponents* are drawn evenly, so each decade is equally likely: that is a log "
        "scale, written by hand.",
        "e": "All trials are complete.",
    },
    hints=[
        "Hold the best values against the ranges, and the two counts of the first line against "
        "each other.",
        "Two of the five.",
    ],
)


@exercise(
    "clinic.3",
    hints=[
        "What does a linear range do to the lower decades? There are two of them.",
        "Two places draw numbers: the search itself, and the shuffled folds.",
        "`loguniform(0.001, 1000)`, `KFold(5, shuffle=True, random_state=SEED)`, "
        "`RandomizedSearchCV(..., random_state=SEED)`",
    ],
)
def _(answer):
    from sklearn.model_selection import RandomizedSearchCV
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    search = call(answer)
    if not isinstance(search, RandomizedSearchCV):
        raise Unreadable(f"Return the search, a RandomizedSearchCV, not {type(search).__name__}.")
    if hasattr(search, "best_params_"):
        raise Wrong("Return the search before it is fitted.")
    steps = getattr(search.estimator, "steps", [])
    if [type(step) for _, step in steps] != [StandardScaler, SVC]:
        raise Wrong("Keep the model: the pipeline with its scaler.")
    space = dictionary(search.param_distributions, "the space with its two names")
    if set(space) != {"svc__C", "svc__gamma"}:
        raise Wrong("Keep the two names of the space, `svc__C` and `svc__gamma`.")
    for name, low, high in (("svc__C", 0.001, 1000), ("svc__gamma", 0.0001, 10)):
        _check_log(name, space[name], low, high)
    if search.n_iter != 20:
        raise Wrong(f"Keep the number of trials: 20, not {search.n_iter}.")
    if search.random_state is None:
        raise Wrong("The search has no seed: each run draws other settings.")
    if getattr(search.cv, "shuffle", True) and getattr(search.cv, "random_state", 0) is None:
        raise Wrong("The folds have no seed: each run is scored on other folds.")
    return "Log ranges, a seed for the settings and one for the folds."


def _check_log(name, values, low, high):
    if not hasattr(values, "rvs"):
        raise Wrong(f"`{name}`: Use a distribution; a list leaves out all the values in between.")
    try:
        drawn = np.array(values.rvs(size=4000, random_state=0))
    except ValueError:
        raise Wrong(
            f"`{name}`: this cannot be drawn from. `loguniform` takes the numbers, not exponents."
        ) from None
    if abs(np.mean(drawn > high / 10) - 0.9) < 0.05:
        raise Wrong(f"`{name}`: still a linear range. Nine tenths of it lie in the top decade.")
    expected = math.sqrt(low * high)
    inside = low * 0.999 <= drawn.min() <= low * 1.1 and high / 1.1 <= drawn.max() <= high * 1.001
    if not inside or not expected / 2 < np.median(drawn) < expected * 2:
        raise Wrong(
            f"`{name}`: each decade from {low:g} to {high:g} should be equally likely; yours "
            f"draws from {drawn.min():.3g} to {drawn.max():.3g}, median {np.median(drawn):.3g}. "
            "Keep the ends of the ranges."
        )


@exercise(
    "clinic.4",
    hints=[
        "Which rows choose? Which direction is the default of `create_study`? Which numbers does "
        "the sampler draw?",
        "`cross_val_score(tree, X_train, y_train).mean()`, and the direction.",
        '`optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=SEED))`',
    ],
)
def _(answer):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(120, 4)), rng.integers(0, 2, 120)  # coins: nothing can be learnt
    study = _study(answer, X, y)
    values = np.array([trial.value for trial in study.trials], dtype=float)
    if len(values) != 15:
        raise Wrong(f"Run 15 trials; yours has {len(values)}.")
    scores = np.abs(values)  # an accuracy, or minus it, or an error
    seen = max(scores.max(), 1 - scores.min())
    if seen > 0.8:
        raise Wrong(
            f"On coin-flip labels your study sees an accuracy of {seen:.3f}. "
            "It is scored on the training rows."
        )
    again = _study(answer, X, y)
    if [t.params for t in study.trials] != [t.params for t in again.trials]:
        raise Wrong("Run twice, it tries other settings: the sampler, or the score, has no seed.")
    if [t.value for t in study.trials] != [t.value for t in again.trials]:
        raise Wrong(
            "Run twice, the same settings get other scores: the tree or the split has no seed."
        )
    _check_direction(answer)
    return "Scored on rows that were not fitted, in the right direction, and repeatable."


def _study(answer, X, y):
    import optuna

    with quiet():
        study = call(answer, X, y)
    if not isinstance(study, optuna.Study):
        raise Unreadable(f"Return the study, not {type(study).__name__}.")
    return study


def _check_direction(answer):
    """On a task that a large tree solves and a small one does not, a large one should win."""
    X = np.linspace(0, 1, 160)[:, None]
    y = (np.arange(160) // 20) % 8
    order = np.random.default_rng(1).permutation(160)
    study = _study(answer, X[order], y[order])
    if "max_leaf_nodes" not in study.best_params:
        raise Wrong("Keep the name of the hyperparameter, `max_leaf_nodes`.")
    if study.best_params["max_leaf_nodes"] < 5:
        raise Wrong(
            "On a task for large trees it reports the smallest: wrong sign. Is an accuracy being "
            "minimized?"
        )


@exercise(
    "clinic.5",
    hints=[
        "First throw out: `[r for r in results if not np.isnan(r[1]).any()]`.",
        "Then the best mean, and its standard error: `np.std(scores, ddof=1) / np.sqrt(len(scores))`.",
        "Then all whose mean is at least the best minus that error; of these "
        "`min(tied, key=lambda r: r[2])[0]`.",
    ],
)
def _(answer):
    nan = float("nan")
    best = ({"C": 10}, [0.90, 0.94, 0.92, 0.96], 9.0)  # mean .930, error .0129 (ddof=0: .0112)
    tied = ({"C": 1}, [0.917, 0.919, 0.917, 0.919], 3.0)  # .918: tied with ddof=1 only
    below = ({"C": 0.5}, [0.91, 0.91, 0.91, 0.91], 2.0)  # .910: within a standard deviation
    noisy = ({"C": 3}, [0.80, 1.00, 0.85, 0.95], 1.5)  # .900, error .0456
    poor = ({"C": 0.01}, [0.5, 0.5, 0.5, 0.5], 1.0)
    failed = ({"C": -1}, [0.99, nan, 0.99, 0.99], 0.5)
    got = _params(answer, [poor, best, failed, tied])
    if got == failed[0]:
        raise Wrong("Your winner is a setting of which a fold failed: one nan is enough to be out.")
    if got == poor[0]:
        raise Wrong("The quickest of all is too far below the best: only those within its error.")
    if _params(answer, [best, ({"C": 2}, [0.93, 0.93, 0.93, 0.929], 1.0)]) == best[0]:
        raise Wrong("It sells a tie: another one is as good and quicker.")
    if _params(answer, [best, below]) != best[0]:
        raise Wrong(
            "It takes a setting 0.020 below the best, whose standard error is 0.013. Divide the "
            "standard deviation by the square root of the number of folds."
        )
    if _params(answer, [best, noisy]) != best[0]:
        raise Wrong(
            "It takes a setting 0.030 below the best, whose scores vary more than those of the "
            "best: the error that counts is that of the best one."
        )
    if got != tied[0]:
        raise Wrong("A setting 0.012 below is within the error of 0.0129. Use ddof=1.")
    return "No failure wins, and among equals the quickest does."


def _params(answer, results):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        got = call(answer, results)
    return dictionary(got, "the params of the quickest")
