"""Exercises of chapter 03, Grid search."""

import itertools

import numpy as np

from tuneup_helpers.exercises import (
    Unanswered,
    Unreadable,
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


def _score_of_trial(params):
    return len(params.get("kernel", "")) + params.get("C", 0) - 2 * params.get("gamma", 0)


@exercise(
    "03.1",
    hints=[
        "`for values in itertools.product(*param_grid.values()):` is all the loops in one.",
        "`dict(zip(param_grid, values))` puts the names back to the values.",
        "Append `(setting, objective(setting))` for each combination.",
    ],
)
def _(answer):
    grid = {"C": [1, 10, 100], "gamma": [0.1, 1.0], "kernel": ["rbf", "linear"]}
    what = "A list of pairs, (setting, score), one for each combination,"
    got = sequence(call(answer, _score_of_trial, grid), what)
    if not got or not all(isinstance(pair, tuple | list) and len(pair) == 2 for pair in got):
        raise Unreadable("Return a list of pairs, (setting, score), one for each combination.")
    if any(isinstance(score, dict) for _, score in got):
        raise Unreadable("In each pair comes first the setting, then the score.")
    if not all(isinstance(params, dict) for params, _ in got):
        raise Unreadable("The first of each pair should be a dictionary of names to values.")
    if any(set(params) != set(grid) for params, _ in got):
        raise Wrong("Called with three hyperparameters; each setting must hold all of them.")
    tried = [tuple(params[name] for name in grid) for params, _ in got]
    wanted = set(itertools.product(*grid.values()))
    if len(got) > 1 and len({id(params) for params, _ in got}) == 1:
        raise Wrong(
            "All pairs hold the same dictionary, changed in place: make a new one each time."
        )
    if set(tried) == wanted and len(tried) > len(wanted):
        raise Wrong("All combinations are there, but some twice.")
    if len(got) == 1:
        raise Wrong("That is one pair only: the list should hold every combination, not the best.")
    if len(tried) <= 3:
        raise Wrong("That takes the lists side by side, as `zip` does: combine each with each.")
    if len(set(tried)) < 8 and len(tried) < len(wanted):
        raise Wrong("That changes one at a time; a grid combines each value with each.")
    if set(tried) != wanted:
        raise Wrong(f"There are {len(wanted)} combinations; yours tried {len(set(tried))}.")
    if any(number(score) != _score_of_trial(params) for params, score in got):
        raise Wrong("The second of each pair should be the score of its setting.")
    other = call(answer, lambda params: params["k"] ** 2, {"k": [3, 1]})
    if sorted(score for _, score in other) != [1, 9]:
        raise Wrong("It should also work for a grid of a single hyperparameter.")
    return "It works for any number of hyperparameters."


@exercise(
    "03.2",
    hints=[
        "How many combinations of 4, 5 and 2 values are there?",
        "Settings times folds, and then there is `refit=True`.",
    ],
)
def _(answer):
    combinations = "The values of a grid multiply, they do not add up."
    once_more = "The winner is trained once more on all rows, not once for each fold."
    each_fold = "Those are the settings. Each of them is fitted once for each fold."
    mistakes = [
        (11, "Those are the values added up: a grid holds all *combinations*, so multiply."),
        (40, each_fold),
        (41, "Almost: each setting is fitted once for each fold, not once."),
        (20, "Those are the combinations of C and gamma. Each goes with both kernels."),
        (100, "There are two kernels: the whole comes twice."),
        (101, "There are two kernels: the whole comes twice."),
        (45, "Settings and folds multiply, too: each setting is fitted in each fold."),
        (46, "Settings and folds multiply, too: each setting is fitted in each fold."),
        (55, combinations),
        (56, combinations),
        (200, "Those are the fits of the search. After it, `refit=True` does something more."),
        (205, once_more),
        (240, once_more),
    ]
    if recognize(number(answer, "how many fits there are"), 201, mistakes):
        return "4 × 5 × 2 = 40 settings in 5 folds, and the winner once more on all rows."
    raise Wrong("Count settings times folds, and what comes after them.")


choice(
    "03.3",
    right="c",
    because="The score was still rising where the lists end. Further on it goes to 0.91.",
    wrong={
        "a": "The best of nine, but all nine stand in one corner. The default setting of this SVM "
        "is far better.",
        "b": "That looks more closely where the search already is. The slope leads out of the grid.",
    },
    hints=[
        "Where in the two lists do the winning values stand?",
        "If you walk uphill and come to the edge of the map, do you need a finer map?",
    ],
)


@exercise(
    "03.4",
    hints=[
        "Go through `param_grid.items()` and compare `best_params[name]` with `min(values)` and "
        "`max(values)`.",
        "Skip lists with one value, and lists that hold words: "
        "`any(isinstance(v, str) for v in values)`.",
    ],
)
def _(answer):
    def names(best, grid):
        got = call(answer, best, grid)
        if isinstance(got, str | dict | bool) or not hasattr(got, "__iter__"):
            raise Unreadable('Return a list of names, for instance ["C"], or an empty list.')
        got = list(got)
        if not all(isinstance(name, str) for name in got):
            raise Unreadable("Return the *names* of the hyperparameters, not their values.")
        return set(got)

    grid = {"C": [0.1, 1, 10], "gamma": [0.01, 0.1, 1]}
    upper, lower = names({"C": 10, "gamma": 0.1}, grid), names({"C": 1, "gamma": 0.01}, grid)
    if (upper, lower) == ({"gamma"}, {"C"}):
        raise Wrong("Those are the names whose best value is inside; report those at an end.")
    if names({"C": 1, "gamma": 0.1}, grid):
        raise Wrong("With the best values inside both lists, there is no edge to report.")
    if "C" not in upper:
        raise Wrong("C = 10 of [0.1, 1, 10] is at the upper end.")
    if "gamma" not in lower:
        raise Wrong("gamma = 0.01 of [0.01, 0.1, 1] is at the lower end.")
    if (upper, lower) != ({"C"}, {"gamma"}):
        raise Wrong("If one hyperparameter is at an edge, the others need not be: ask of each.")
    if "gamma" in names({"gamma": 1, "C": 2}, {"gamma": [1], "C": [1, 2, 3]}):
        raise Wrong("A single value was not searched: [1] has no edge.")
    words = {"kernel": ["linear", "poly", "rbf"], "C": [1, 2, 3]}
    if "kernel" in names({"kernel": "rbf", "C": 2}, words):
        raise Wrong("Words have no order, so no edge: skip the kernel.")
    unsorted = {"C": [1, 100, 0.01, 10]}
    if names({"C": 100}, unsorted) != {"C"} or names({"C": 1}, unsorted):
        raise Wrong("The list may be unsorted: compare with its least and greatest value.")
    if names({"C": 0.1, "gamma": 1}, grid) != {"C", "gamma"}:
        raise Wrong("Two hyperparameters can be at an edge at once: return both names.")
    return "Run it after each search: `at_edge(search.best_params_, search.param_grid)`."


_STEPS = ("standardscaler", "pca", "logisticregression")


def _why_not(name):
    """Say what is wrong with the name of a hyperparameter in a pipeline."""
    step, underscores, parameter = name.partition("__")
    if not underscores:
        if name in ("n_components", "C"):
            return f"{name!r} does not say in which step to look: the step's name comes first."
        if name.lower().startswith(tuple(f"{step}_" for step in _STEPS)):
            return f"In {name!r} one underscore is missing: two stand between step and name."
        return f"{name!r} should be the step's name, two underscores, the hyperparameter's name."
    if step not in _STEPS:
        if step.lower().replace("_", "") in _STEPS:
            return f"{step!r} is nearly it: a step takes its class's name in small letters."
        return f"There is no step {step!r}: `make_pipeline` names steps after their classes."
    return f"The step {step!r} was not to be searched over {parameter!r}."


@exercise(
    "03.5",
    hints=[
        "`print(make_pipeline(StandardScaler(), PCA(), LogisticRegression()).get_params())` shows "
        "all names.",
        "One name begins with `pca__`, the other with `logisticregression__`.",
    ],
)
def _(answer):
    if isinstance(answer, list | tuple) and answer and all(isinstance(g, dict) for g in answer):
        if len(answer) > 1:
            raise Wrong(
                "Two dictionaries are two searches, 3 + 3 settings. To combine each number of "
                "components with each C, put both names into one."
            )
        answer = answer[0]
    grid = dictionary(answer, "from each name to its list of values")
    wanted = {"pca__n_components": [10, 20, 40], "logisticregression__C": [0.1, 1, 10]}
    if not all(isinstance(name, str) for name in grid):
        raise Unreadable("The names of the hyperparameters should be text, in quotes.")
    for name in grid:
        if name not in wanted:
            raise Wrong(_why_not(name))
    for name, values in wanted.items():
        if name not in grid:
            raise Wrong(f"One hyperparameter is missing: {name.partition('__')[2]}.")
        if np.ndim(grid[name]) != 1 or isinstance(grid[name], str):
            raise Wrong(f"Give {name} a list of values; what you gave is {grid[name]!r}.")
        tried = [number(value, f"a value of {name}") for value in grid[name]]
        if not np.array_equal(sorted(tried), values):
            raise Wrong(f"The names are right, but {name} should take the values {values}.")
    return "Nine settings. `get_params()` of the pipeline lists every name that it accepts."


@exercise(
    "03.6",
    hints=[
        "First the standard deviation, `np.std(fold_scores, ddof=1)`.",
        "Then divide by the root of the number of folds, `np.sqrt(len(fold_scores))`.",
    ],
)
def _(answer):
    def judge(scores):
        n, sample, population = len(scores), np.std(scores, ddof=1), np.std(scores)
        mistakes = [
            (population / np.sqrt(n), "That standard deviation divides by n: set `ddof=1`."),
            (sample, "That is the standard deviation of one fold. A mean of several is surer."),
            (population, "That is the standard deviation, and it divides by n instead of n - 1."),
            (sample / n, "Divide by the *root* of the number of folds."),
            (sample / np.sqrt(n - 1), "The n - 1 belongs into the standard deviation only."),
            (sample**2 / n, "That is its square: the root is still to be taken."),
            (np.mean(scores), "That is the score itself, the mean."),
        ]
        got = number(call(answer, scores), "the standard error")
        if n != 5:
            fixed = "With ten folds it should be smaller: take their number from the list."
            mistakes = [*mistakes, (sample / np.sqrt(5), fixed)]
        return recognize(got, sample / np.sqrt(n), mistakes)

    five = [0.85, 0.9, 0.95, 0.88, 0.97]
    if not (judge(five) and judge([*five, 0.91, 0.86, 0.99, 0.93, 0.84])):
        raise Wrong("Take the standard deviation over the folds, then divide by the root of n.")
    return "Of five folds the number is itself rough, as the next cells show."


choice(
    "03.7",
    right="b",
    because="38 to 110 in the four cuts. The top of a landscape is flat, and a score from 300 rows "
    "does not tell its places apart.",
    wrong={
        "a": "Only one has the highest number; but numbers so close that noise could swap them do "
        "not tell which setting is better.",
        "c": "Then the landscape would be a plain. But 769 of its settings score below 0.8, and many "
        "of the others on the slopes are still far from the best.",
    },
    hints=[
        "On the map, how much of the ridge is about as bright as its top?",
        "Only the settings less than five rows of 300 below the best count. How much of the bright "
        "ground is that?",
    ],
)


def _results(scores, predict_times):
    """Make what `cv_results_` holds from scores of shape (settings, folds)."""
    scores = np.asarray(scores, dtype=float)
    mean, n_folds = scores.mean(axis=1), scores.shape[1]
    results = {f"split{k}_test_score": scores[:, k] for k in range(n_folds)}
    results |= {
        "params": [{"C": i} for i in range(len(scores))],
        "mean_test_score": mean,
        "std_test_score": scores.std(axis=1),
        "rank_test_score": 1 + (mean[:, None] < mean).sum(axis=1),
        "mean_fit_time": np.array(predict_times)[::-1] * 7,
        "std_fit_time": np.zeros(len(scores)),
        "mean_score_time": np.array(predict_times, dtype=float),
        "std_score_time": np.zeros(len(scores)),
    }
    return results


def _spread(mean, std, n_folds):
    """Return scores with this mean and standard deviation (n_folds even)."""
    return mean + std * np.tile([1, -1], n_folds // 2)


# std .02: standard error .010 or .0115 with 4 folds, .0033 with 36.
_CASE_4 = _results(
    [_spread(m, 0.02, 4) for m in (0.885, 0.895, 0.900, 0.897, 0.870)], [2, 5, 6, 4, 1]
)
_CASE_36 = _results([_spread(m, 0.02, 36) for m in (0.892, 0.898, 0.900, 0.899)], [1, 4, 5, 3])

_CASE_LATE = _results([_spread(m, 0.02, 4) for m in (0.5, 0.9, 0.897)], [1, 2, 3])


@exercise(
    "03.8",
    hints=[
        "`smallest_within_one_se` has the first half. The second: among those rows, the least "
        "`mean_score_time`.",
        "The number of folds: count the keys that start with `split` and end with `_test_score`.",
        "`np.where(good, results['mean_score_time'], np.inf).argmin()`",
    ],
)
def _(answer):
    def row(case):
        got = call(
            answer, {key: list(v) if key == "params" else v.copy() for key, v in case.items()}
        )
        if isinstance(got, dict):
            raise Unreadable("Those are the params; `refit` needs the number of the row.")
        if isinstance(got, float) and got in case["mean_score_time"]:
            raise Unreadable("That is the time itself; `refit` needs the number of the row.")
        return whole_number(got, "the number of the row, as `refit` needs it", as_index=True)

    got, many = row(_CASE_4), row(_CASE_36)
    words = {
        4: "That is the fastest of all, though it scores 0.03 below the best.",
        2: "That is the row with the best score; a faster one is within one standard error.",
        0: "That one is within one standard deviation; a standard error is smaller by the root of "
        "the number of folds.",
        1: "That one is the fastest to fit; the question is the time to predict.",
    }
    if got == 2 and row(_CASE_LATE) == 0:
        words[2] = "That is a place among the rows that are good enough; look up its row."
    if got == 1 and many == 1:
        words[1] = "That one has the smallest parameter; the question is the time to predict."
    if got != 3:
        raise Wrong(words.get(got, f"With 4 folds it should be row 3, not row {got}."))
    if many == 0:
        raise Wrong(
            "With 36 folds it should be another row: take the number of folds from the keys."
        )
    if many != 3:
        raise Wrong(f"With 36 folds it should be row 3, not row {many}.")
    late = row(_CASE_LATE)
    if late != 1:
        raise Wrong(f"In another table it should be row 1, not row {late}.")
    return "Pass it on: `GridSearchCV(..., refit=fastest_within_one_se)`."


choice(
    "03.9",
    right="b",
    because="The coarsest grids miss the hill, so at first both gain. Later, more settings mainly "
    "find better luck.",
    wrong={
        "a": "The search picks the highest of more and more scores, and part of each score is the "
        "luck of its five folds. The other folds do not share that luck.",
        "c": "The coarsest grids miss the hill altogether: to find it helps on all folds.",
    },
    hints=[
        "What does a grid of four settings miss, and a grid of a hundred hardly?",
        "Imagine that all settings were equally good. What would the best of n scores do as n "
        "grows, and what would the same setting score elsewhere?",
    ],
)


@exercise(
    "03.10",
    hints=[
        "500 fits in five folds are 100 settings.",
        "With k values each, four hyperparameters make k × k × k × k settings.",
        "Try k = 3 and k = 4.",
    ],
)
def _(answer):
    shared = "The settings are not shared out among the hyperparameters: values multiply."
    mistakes = [
        (1, "That would be a single setting; there is money for more."),
        (2, "Two values each are 16 settings, or 80 fits. You can afford more."),
        (4, "Four values each are 256 settings, and each of them is fitted in five folds."),
        (5, "Five values each are 625 settings."),
        (6, "Six values each are 1,296 settings."),
        (10, "That is for two hyperparameters: 10 × 10 settings."),
        (20, shared),
        (25, shared),
        (100, "That is the number of settings that you can afford."),
        (125, shared),
        (100**0.25, "That is the fourth root of 100; but a list has a whole number of values."),
        (500**0.25, "That is the fourth root of 500; but each setting takes five fits."),
    ]
    if recognize(number(answer, "values for each hyperparameter"), 3, mistakes):
        return "3 × 3 × 3 × 3 = 81 settings, 405 fits; with 4 values they would be 1,280."
    raise Wrong("How many settings do 500 fits allow, and what is its fourth root?")


choice(
    "03.11",
    right="b",
    because="200 fits of 2 minutes shared by 8 workers, one thread each: about 50 minutes, and "
    "every core has exactly one thing to do.",
    wrong={
        "a": "8 workers with 8 threads each are 64 threads on 8 cores.",
        "c": "Seven cores are idle for more than six hours.",
    },
    hints=[
        "Multiply workers by threads in each, and compare with the number of cores.",
        "Slow fits make the start of the workers negligible.",
    ],
)


def _three_unequal_classes():
    """Return a fitted model and rows of classes with 6, 20 and 60 examples."""
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(0)
    y = np.repeat([0, 1, 2], [6, 20, 60])
    X = rng.normal(size=(86, 2)) + 0.7 * np.column_stack([y, y == 1])
    return LogisticRegression().fit(X, y), X, y


@exercise(
    "03.12",
    hints=[
        "`make_scorer(roc_auc_score, ...)`: two options are missing.",
        'One goes to `make_scorer`: `response_method="predict_proba"`. The other is passed on to '
        "`roc_auc_score`, which says how more than two classes are made into pairs.",
        '`make_scorer(roc_auc_score, response_method="predict_proba", multi_class="ovr")`',
    ],
)
def _(answer):
    from sklearn.metrics import get_scorer, roc_auc_score

    if isinstance(answer, str):
        try:
            scorer = get_scorer(answer)
        except ValueError:
            raise Unreadable(f"There is no score of that name, {answer!r}.") from None
    elif callable(answer):
        scorer = answer
        if answer is roc_auc_score:
            raise Wrong("That is the function; wrap it with `make_scorer`.")
    else:
        raise Unreadable("Make a scorer with `make_scorer`.")
    model, X, y = _three_unequal_classes()
    response = getattr(scorer, "_response_method", None)
    if response == "predict" and getattr(scorer, "_score_func", None) is roc_auc_score:
        raise Wrong("That gets labels: ask for probabilities with `response_method`.")
    try:
        got = scorer(_probabilities_only(model), X, y)
    except ValueError as error:
        if "multi_class" in str(error):
            raise Wrong(
                "It fails with more than two classes: `roc_auc_score` wants `multi_class`."
            ) from None
        raise Wrong(f"Scoring three classes fails with: {error}") from None
    except TypeError:
        raise Unreadable("It cannot be called: a scorer is called with a model, X and y.") from None
    if got is ... or got == "...":
        raise Unanswered
    got = number(got, "the score of a fitted model")
    share = model.predict_proba(X)
    expected = roc_auc_score(y, share, multi_class="ovr")
    if np.isclose(got, -expected):
        raise Wrong("The sign is wrong: an area is better when it is greater.")
    if np.isclose(got, roc_auc_score(y, share, multi_class="ovo")):
        raise Wrong("That is one against one; the question is one against the rest.")
    if np.isclose(got, roc_auc_score(y, share, multi_class="ovr", average="weighted")):
        raise Wrong("That is weighted by the size of the classes; the plain mean was asked for.")
    if not np.isclose(got, expected):
        raise Wrong(
            f"On a test case the area under the ROC curve is {expected:.3f}, not {got:.3f}."
        )
    return "It is built in, too, as the string `roc_auc_ovr`."


def _probabilities_only(model):
    """Hide `decision_function`: the area over several classes is made from probabilities."""
    from sklearn.base import BaseEstimator, ClassifierMixin

    class Model(ClassifierMixin, BaseEstimator):
        classes_ = model.classes_

        def predict(self, X):
            return model.predict(X)

        def predict_proba(self, X):
            return model.predict_proba(X)

        def __sklearn_is_fitted__(self):
            return True

    return Model()


choice(
    "03.13",
    right="b",
    because="Every log loss is below zero as a score, so 0 is better than any model can be: a "
    "failed fit wins.",
    wrong={
        "a": "That is what was meant. But scores of a loss carry a minus: -0.2 is good, -2 is bad, "
        "and what is 0?",
        "c": "With NaN they would come last. A number counts as their score, whatever it is.",
    },
    hints=[
        "In the table of several scores on this page, look at the column of the log loss.",
        "Which is greater, -0.2 or 0?",
    ],
)
