"""Specimen answers to the exercises of chapter 03."""

import itertools

import numpy as np

SPECIMENS = {}

SPECIMENS["03.1"] = {
    "right": [201, 201.0],
    "wrong": [
        (11, "multiply"),
        (40, "once for each fold"),
        (55, "do not add"),
        (200, "something more"),
        (205, "once more on all rows"),
        (7, "settings times folds"),
        ("many", "a number"),
    ],
    "unreadable": [],
}


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


SPECIMENS["03.2"] = {
    "right": [
        _product_search,
        lambda f, grid: [
            (dict(zip(grid, v, strict=True)), f(dict(zip(grid, v, strict=True))))
            for v in reversed(list(itertools.product(*grid.values())))
        ],
    ],
    "wrong": [
        (_zip_search, "side by side"),
        (_one_at_a_time, "one at a time"),
        (_two_loops, "three hyperparameters"),
        (_one_dict_for_all, "the same dict"),
        (lambda f, grid: max(_product_search(f, grid), key=lambda r: r[1]), "list of pairs"),
        (lambda f, grid: [p for p, _ in _product_search(f, grid)], "list of pairs"),
        (lambda f, grid: [(s, p) for p, s in _product_search(f, grid)], "first the params"),
        (lambda f, grid: [(p, 0.0) for p, _ in _product_search(f, grid)], "the score of"),
        (lambda f, grid: 2 * _product_search(f, grid), "twice"),
        (lambda f, grid: _product_search(f, grid)[1:], "combinations"),
    ],
    "unreadable": [
        (
            lambda f, grid: [f(v) for v in itertools.product(*grid.values())],
            "raised AttributeError",
        ),
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
    "right": [_at_edge, lambda best, grid: set(_at_edge(best, grid))],
    "wrong": [
        (_edge_by_position, "unsorted"),
        (_edge_no_guard, "single value"),
        (_edge_words_too, "no order"),
        (_edge_only_upper, "lower end"),
        (_edge_only_lower, "upper end"),
        (lambda best, grid: list(grid), "inside"),
    ],
    "unreadable": [
        (lambda best, grid: "".join(_at_edge(best, grid)), "names"),
        (lambda best, grid: bool(_at_edge(best, grid)), "names"),
        (lambda best, grid: {n: best[n] for n in _at_edge(best, grid)}, "names"),
    ],
}


def _fastest(results, time="mean_score_time", root=True, folds=None, less=0):
    n = folds or sum(k.startswith("split") and k.endswith("_test_score") for k in results)
    best = np.argmin(results["rank_test_score"])
    error = results["std_test_score"][best] / (np.sqrt(n - less) if root else 1)
    good = results["mean_test_score"] >= results["mean_test_score"][best] - error
    return int(np.argmin(np.where(good, results[time], np.inf)))


SPECIMENS["03.6"] = {
    "right": [_fastest, lambda results: _fastest(results, less=1)],
    "wrong": [
        (lambda r: int(np.argmin(r["mean_score_time"])), "fastest of all"),
        (lambda r: int(np.argmin(r["rank_test_score"])), "best score"),
        (lambda r: _fastest(r, root=False), "standard deviation"),
        (lambda r: _fastest(r, time="mean_fit_time"), "to fit"),
        (lambda r: _fastest(r, folds=4), "number of folds"),
        (lambda r: r["params"][_fastest(r)], "number of the row"),
        (lambda r: r["mean_score_time"][_fastest(r)], "number of the row"),
        (lambda r: 3, "another row"),
    ],
    "unreadable": [
        (lambda r: r["fit_time"], "raised KeyError"),
    ],
}


def _auc_scorer(**options):
    from sklearn.metrics import make_scorer, roc_auc_score

    return make_scorer(roc_auc_score, **options)


SPECIMENS["03.7"] = {
    "right": [
        _auc_scorer(response_method="predict_proba", multi_class="ovr"),
        _auc_scorer(response_method=("decision_function", "predict_proba"), multi_class="ovr"),
        "roc_auc_ovr",
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
        ("accuracy", "ROC"),
        ("auc", "no score of that name"),
        (sorted, "a scorer is called"),
        (3, "make_scorer"),
    ],
    "unreadable": [],
}
