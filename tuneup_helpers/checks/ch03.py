"""Exercises of chapter 03, Grid search."""

import itertools

import numpy as np

from tuneup_helpers.exercises import (
    Unanswered,
    Unreadable,
    Wrong,
    call,
    choice,
    exercise,
    number,
    recognize,
    sequence,
    whole_number,
)


@exercise(
    "03.1",
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


def _score_of_trial(params):
    return len(params.get("kernel", "")) + params.get("C", 0) - 2 * params.get("gamma", 0)


@exercise(
    "03.2",
    hints=[
        "`for values in itertools.product(*param_grid.values()):` is all the loops in one.",
        "`dict(zip(param_grid, values))` puts the names back to the values.",
        "Append `(params, objective(params))` for each combination.",
    ],
)
def _(answer):
    grid = {"C": [1, 10, 100], "gamma": [0.1, 1.0], "kernel": ["rbf", "linear"]}
    what = "A list of pairs, (params, score), one for each combination,"
    got = sequence(call(answer, _score_of_trial, grid), what)
    if not got or not all(isinstance(pair, tuple | list) and len(pair) == 2 for pair in got):
        raise Unreadable("Return a list of pairs, (params, score), one for each combination.")
    if any(isinstance(score, dict) for _, score in got):
        raise Unreadable("In each pair comes first the params, then the score.")
    if not all(isinstance(params, dict) for params, _ in got):
        raise Unreadable("The first of each pair should be a dict of names to values.")
    if any(set(params) != set(grid) for params, _ in got):
        raise Wrong("Called with three hyperparameters; each params must hold all of them.")
    tried = [tuple(params[name] for name in grid) for params, _ in got]
    wanted = set(itertools.product(*grid.values()))
    if len(got) > 1 and len({id(params) for params, _ in got}) == 1:
        raise Wrong("All pairs hold the same dict, changed in place: make a new one each time.")
    if set(tried) == wanted and len(tried) > len(wanted):
        raise Wrong("All combinations are there, but some twice.")
    if len(got) == 1:
        raise Wrong("That is one pair only: the list should hold every combination, not the best.")
    if len(tried) < len(wanted) // 2:
        raise Wrong("That takes the lists side by side, as `zip` does: combine each with each.")
    if len(set(tried)) < 8 and len(tried) < len(wanted):
        raise Wrong("That changes one at a time; a grid combines each value with each.")
    if set(tried) != wanted:
        raise Wrong(f"There are {len(wanted)} combinations; yours tried {len(set(tried))}.")
    if any(number(score) != _score_of_trial(params) for params, score in got):
        raise Wrong("The second of each pair should be the score of its params.")
    other = call(answer, lambda params: params["k"] ** 2, {"k": [3, 1]})
    if sorted(score for _, score in other) != [1, 9]:
        raise Wrong("It should also work for a grid of a single hyperparameter.")
    return "It works for any number of hyperparameters: `to_study` takes such a list, too."


choice(
    "03.3",
    right="c",
    because="The score was still rising where the lists end. In the next cells it goes to 0.91.",
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


choice(
    "03.5",
    right="b",
    because="145, one in twelve. The top of a landscape is flat, and a score from 300 rows does not "
    "tell its places apart.",
    wrong={
        "a": "Only one has the highest number; but numbers so close that noise could swap them do "
        "not tell which setting is better.",
        "c": "Then the landscape would be a plain. Half of it is dark in the map above, far below "
        "the best.",
    },
    hints=[
        "One standard error is about 0.015 here. In the 6 × 6 heat map, how many scores are that "
        "close to the best?",
        "The bright ridge near the star, on a fine grid, holds more than a hundred settings.",
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
    "03.6",
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


def _three_unequal_classes():
    """Return a fitted model and rows of classes with 6, 20 and 60 examples."""
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(0)
    y = np.repeat([0, 1, 2], [6, 20, 60])
    X = rng.normal(size=(86, 2)) + 0.7 * np.column_stack([y, y == 1])
    return LogisticRegression().fit(X, y), X, y


@exercise(
    "03.7",
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
    "03.8",
    right="b",
    because="Every log loss is below zero as a score, so 0 is better than any model can be: a "
    "failed fit wins.",
    wrong={
        "a": "That is what was meant. But scores of a loss carry a minus: -0.2 is good, -2 is bad, "
        "and what is 0?",
        "c": "With NaN they would come last. A number counts as their score, whatever it is.",
    },
    hints=[
        "In the table of several scores above, look at the column of the log loss.",
        "Which is greater, -0.2 or 0?",
    ],
)

choice(
    "03.9",
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
