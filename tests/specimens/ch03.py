"""Specimen answers to the exercises of chapter 03."""

import itertools

import numpy as np
from scipy.stats import sem
from sklearn.metrics import get_scorer, make_scorer, roc_auc_score

SPECIMENS = {}


def _product_search(objective, param_grid):
    results = []
    for values in itertools.product(*param_grid.values()):
        params = dict(zip(param_grid, values, strict=True))
        results.append((params, objective(params)))
    return results


def _zip_search(objective, param_grid):
    settings = [dict(zip(param_grid, v, strict=True)) for v in zip(*param_grid.values())]  # noqa: B905
    return [(params, objective(params)) for params in settings]


def _one_at_a_time(objective, param_grid):
    base = {name: values[0] for name, values in param_grid.items()}
    settings = [{**base, name: v} for name, values in param_grid.items() for v in values]
    return [(params, objective(params)) for params in settings]


def _one_at_a_time_start_once(objective, param_grid):
    results = _one_at_a_time(objective, param_grid)
    return [pair for i, pair in enumerate(results) if pair not in results[:i]]


def _two_loops(objective, param_grid):
    (first, firsts), (second, seconds) = list(param_grid.items())[:2]
    settings = [{first: a, second: b} for a in firsts for b in seconds]
    return [(params, objective(params)) for params in settings]


def _one_dict_for_all(objective, param_grid):
    results, params = [], {}
    for values in itertools.product(*param_grid.values()):
        params.update(zip(param_grid, values, strict=True))
        results.append((params, objective(params)))
    return results


def _best_only(f, grid):
    return [max(_product_search(f, grid), key=lambda pair: pair[1])]


def _stops_early(f, grid):
    for values in itertools.product(*grid.values()):
        params = dict(zip(grid, values, strict=True))
        return [(params, f(params))]


SPECIMENS["03.1"] = {
    "right": [
        _product_search,
        lambda f, grid: [
            (dict(zip(grid, v, strict=True)), f(dict(zip(grid, v, strict=True))))
            for v in reversed(list(itertools.product(*grid.values())))
        ],
    ],
    "wrong": [
        (_best_only, "one pair only"),
        (_stops_early, "one pair only"),
        (_zip_search, "side by side"),
        (_one_at_a_time, "one at a time"),
        (_one_at_a_time_start_once, "one at a time"),
        (_two_loops, "three hyperparameters"),
        (_one_dict_for_all, "the same dictionary"),
        (lambda f, grid: [(p, 0.0) for p, _ in _product_search(f, grid)], "the score of"),
        (lambda f, grid: 2 * _product_search(f, grid), "twice"),
        (lambda f, grid: _product_search(f, grid)[1:], "yours tried 11"),
    ],
    "unreadable": [
        (
            lambda f, grid: [f(v) for v in itertools.product(*grid.values())],
            "raised AttributeError",
        ),
        (lambda f, grid: max(_product_search(f, grid), key=lambda r: r[1]), "list of pairs"),
        (lambda f, grid: [p for p, _ in _product_search(f, grid)], "list of pairs"),
        (lambda f, grid: [(s, p) for p, s in _product_search(f, grid)], "first the setting"),
    ],
}


SPECIMENS["03.2"] = {
    "right": [201, 201.0, np.int64(201), np.array(201.0), 4 * 5 * 2 * 5 + 1],
    "wrong": [
        (11, "added up"),
        (40, "Each of them is fitted once for each fold"),
        (41, "Almost"),
        (20, "goes with both kernels"),
        (100, "two kernels: the whole"),
        (101, "two kernels: the whole"),
        (45, "Settings and folds multiply"),
        (55, "multiply, they do not add"),
        (200, "something more"),
        (205, "once more on all rows"),
        (240, "once more on all rows"),
        (7, "Count settings times folds"),
    ],
    "unreadable": [
        ("many", "yours is text, 'many'"),
        ("201", "leave out the quotes"),
        ([4, 5, 2, 5], "a list of 4"),
        (True, "yours is True"),
    ],
}


def _at_edge(best_params, param_grid):
    found = []
    for name, values in param_grid.items():
        numbers = [
            v for v in values if isinstance(v, int | float | np.number) and not isinstance(v, bool)
        ]
        if len(numbers) < len(values) or len(set(numbers)) < 2:
            continue
        if best_params[name] in (min(numbers), max(numbers)):
            found.append(name)
    return found


def _edge_by_position(best_params, param_grid):
    return [
        name
        for name, values in param_grid.items()
        if len(values) > 1
        and not isinstance(values[0], str)
        and best_params[name] in (values[0], values[-1])
    ]


def _edge_no_guard(best_params, param_grid):
    return [n for n, v in param_grid.items() if best_params[n] in (min(v), max(v))]


def _edge_only_upper(best_params, param_grid):
    return [n for n in _at_edge(best_params, param_grid) if best_params[n] == max(param_grid[n])]


def _edge_only_lower(best_params, param_grid):
    return [n for n in _at_edge(best_params, param_grid) if best_params[n] == min(param_grid[n])]


def _edge_words_too(best_params, param_grid):
    return [n for n, v in param_grid.items() if len(v) > 1 and best_params[n] in (min(v), max(v))]


SPECIMENS["03.4"] = {
    "right": [
        _at_edge,
        lambda best, grid: set(_at_edge(best, grid)),
        lambda best, grid: tuple(_at_edge(best, grid)),
        lambda best, grid: np.array(_at_edge(best, grid)),
    ],
    "wrong": [
        (_edge_by_position, "unsorted"),
        (_edge_no_guard, "single value"),
        (_edge_words_too, "no order"),
        (_edge_only_upper, "lower end"),
        (_edge_only_lower, "upper end"),
        (lambda best, grid: [n for n in grid if n not in _at_edge(best, grid)], "report those at"),
        (lambda best, grid: list(grid), "no edge to report"),
        (lambda best, grid: list(grid) if _at_edge(best, grid) else [], "ask of each"),
        (lambda best, grid: _at_edge(best, grid)[:1], "both names"),
        (lambda best, grid: [], "upper end"),
    ],
    "unreadable": [
        (lambda best, grid: "".join(_at_edge(best, grid)), "a list of names"),
        (lambda best, grid: bool(_at_edge(best, grid)), "a list of names"),
        (lambda best, grid: {n: best[n] for n in _at_edge(best, grid)}, "a list of names"),
        (lambda best, grid: [best[n] for n in _at_edge(best, grid)], "the *names*"),
        (lambda best, grid: print(_at_edge(best, grid)), "returns nothing"),
    ],
}


_BOTH = {"pca__n_components": [10, 20, 40], "logisticregression__C": [0.1, 1, 10]}


def _renamed(**names):
    """Return the right grid with other names for `pca` or `C`."""
    pca, C = names.get("pca", "pca__n_components"), names.get("C", "logisticregression__C")
    return {pca: [10, 20, 40], C: [0.1, 1, 10]}


SPECIMENS["03.5"] = {
    "right": [
        _BOTH,
        dict(reversed(_BOTH.items())),
        [_BOTH],
        {name: np.array(values) for name, values in _BOTH.items()},
        {name: tuple(reversed(values)) for name, values in _BOTH.items()},
    ],
    "wrong": [
        (_renamed(pca="n_components", C="C"), "'n_components' does not say in which step"),
        (_renamed(C="C"), "'C' does not say in which step"),
        (_renamed(pca="pca_n_components"), "one underscore is missing"),
        (_renamed(C="log_C"), "'log_C' should be the step's name"),
        (_renamed(C="LogisticRegression__C"), "'LogisticRegression' is nearly it"),
        (_renamed(C="logistic_regression__C"), "'logistic_regression' is nearly it"),
        (_renamed(pca="PCA__n_components"), "'PCA' is nearly it"),
        (_renamed(C="svc__C"), "no step 'svc'"),
        (_renamed(pca="pca__components"), "was not to be searched over 'components'"),
        ({"pca__n_components": [10, 20, 40]}, "is missing: C"),
        ({"logisticregression__C": [0.1, 1, 10]}, "is missing: n_components"),
        (_BOTH | {"pca__n_components": 10}, "what you gave is 10"),
        (_BOTH | {"logisticregression__C": [0.1, 1]}, "logisticregression__C should take"),
        ([{name: values} for name, values in _BOTH.items()], "are two searches"),
    ],
    "unreadable": [
        ([10, 20, 40], "A dict is asked for"),
        ("pca__n_components", "A dict is asked for"),
        ({1: [10, 20, 40]}, "should be text"),
        (_BOTH | {"pca__n_components": ["10", "20", "40"]}, "yours is text"),
    ],
}


def _se(scores, ddof=1, root=True):
    n = len(scores)
    return np.std(scores, ddof=ddof) / (np.sqrt(n) if root else n)


SPECIMENS["03.6"] = {
    "right": [
        _se,
        lambda scores: float(_se(scores)),
        lambda scores: np.std(scores) / np.sqrt(len(scores) - 1),
        lambda scores: sem(scores),
    ],
    "wrong": [
        (lambda scores: _se(scores, ddof=0), "divides by n: set `ddof=1`"),
        (lambda scores: np.std(scores, ddof=1), "the standard deviation of one fold"),
        (lambda scores: np.std(scores), "it divides by n instead of n - 1"),
        (lambda scores: _se(scores, root=False), "the *root* of the number"),
        (lambda scores: np.std(scores, ddof=1) / np.sqrt(len(scores) - 1), "belongs into"),
        (lambda scores: np.var(scores, ddof=1) / len(scores), "its square"),
        (lambda scores: np.std(scores, ddof=1) / np.sqrt(5), "With ten folds"),
        (lambda scores: np.mean(scores), "the score itself"),
        (lambda scores: 0.0, "divide by the root of n"),
    ],
    "unreadable": [
        (lambda scores: np.array(scores) - 0.9, "One number is asked for"),
        (lambda scores: print(_se(scores)), "returns nothing"),
        (lambda scores: scores.std(), "raised AttributeError"),
        (0.02, "the function itself"),
    ],
}


def _fastest(results, time="mean_score_time", root=True, folds=None, less=0):
    n = folds or sum(k.startswith("split") and k.endswith("_test_score") for k in results)
    best = np.argmin(results["rank_test_score"])
    error = results["std_test_score"][best] / (np.sqrt(n - less) if root else 1)
    good = results["mean_test_score"] >= results["mean_test_score"][best] - error
    return int(np.argmin(np.where(good, results[time], np.inf)))


def _good(r):
    folds = sum(key.startswith("split") and key.endswith("_test_score") for key in r)
    best = np.argmin(r["rank_test_score"])
    return r["mean_test_score"] >= (r["mean_test_score"] - r["std_test_score"] / folds**0.5)[best]


def _fastest_of_the_good(r):
    return r["mean_score_time"][_good(r)].argmin()


def _smallest(r):
    sizes = np.array([params["C"] for params in r["params"]])
    return np.where(_good(r), sizes, np.inf).argmin()


SPECIMENS["03.8"] = {
    "right": [
        _fastest,
        lambda results: _fastest(results, less=1),
        lambda results: np.int64(_fastest(results)),
        lambda results: np.array(_fastest(results)),
    ],
    "wrong": [
        (lambda r: int(np.argmin(r["mean_score_time"])), "fastest of all"),
        (lambda r: int(np.argmin(r["rank_test_score"])), "best score"),
        (_fastest_of_the_good, "a place among the rows"),
        (lambda r: _fastest(r, root=False), "within one standard deviation"),
        (lambda r: _fastest(r, time="mean_fit_time"), "fastest to fit"),
        (_smallest, "the smallest parameter"),
        (lambda r: _fastest(r, folds=4), "the number of folds from the keys"),
        (lambda r: 3, "In another table"),
    ],
    "unreadable": [
        (lambda r: r["params"][_fastest(r)], "Those are the params"),
        (lambda r: r["mean_score_time"][_fastest(r)], "the time itself"),
        (lambda r: float(_fastest(r)), "of type float"),
        (lambda r: r["mean_test_score"] > 0.89, "an array of shape (5,)"),
        (lambda r: r["fit_time"], "raised KeyError"),
    ],
}


SPECIMENS["03.10"] = {
    "right": [3, 3.0, np.int64(3), np.array(3)],
    "wrong": [
        (1, "a single setting"),
        (2, "are 16 settings"),
        (4, "256 settings"),
        (5, "625 settings"),
        (6, "1,296 settings"),
        (10, "two hyperparameters"),
        (20, "not shared out"),
        (25, "not shared out"),
        (100, "that you can afford."),
        (125, "not shared out"),
        (100**0.25, "the fourth root of 100"),
        (500**0.25, "the fourth root of 500"),
        (7, "what is its fourth root"),
    ],
    "unreadable": [
        ("three", "yours is text"),
        ([3, 3, 3, 3], "a list of 4"),
        (True, "yours is True"),
    ],
}


def _auc_scorer(**options):
    from sklearn.metrics import roc_auc_score

    return make_scorer(roc_auc_score, **options)


SPECIMENS["03.12"] = {
    "right": [
        _auc_scorer(response_method="predict_proba", multi_class="ovr"),
        _auc_scorer(response_method=("decision_function", "predict_proba"), multi_class="ovr"),
        "roc_auc_ovr",
        get_scorer("roc_auc_ovr"),
        lambda model, X, y: roc_auc_score(y, model.predict_proba(X), multi_class="ovr"),
    ],
    "wrong": [
        (_auc_scorer(), "labels"),
        (_auc_scorer(multi_class="ovr"), "labels"),
        (_auc_scorer(response_method="predict_proba"), "more than two"),
        (_auc_scorer(response_method="predict_proba", multi_class="ovo"), "one against one"),
        (
            _auc_scorer(
                response_method="predict_proba", multi_class="ovr", greater_is_better=False
            ),
            "sign",
        ),
        (
            _auc_scorer(response_method="predict_proba", multi_class="ovr", average="weighted"),
            "weighted",
        ),
        ("roc_auc", "more than two"),
        ("roc_auc_ovo", "one against one"),
        ("roc_auc_ovr_weighted", "weighted"),
        (roc_auc_score, "wrap it with"),
        (lambda model, X, y: model.score(X, y), "the area under the ROC curve is"),
        ("accuracy", "the area under the ROC curve is"),
    ],
    "unreadable": [
        ("auc", "no score of that name"),
        (sorted, "a scorer is called"),
        (3, "make_scorer"),
    ],
}
