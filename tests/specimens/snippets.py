"""Specimen answers to the exercises of the snippets."""

from itertools import pairwise

import numpy as np

SPECIMENS = {}


def _fixed(kernel):
    """Return arguments of this kernel that were not asked for."""
    params = {"kernel": kernel, "C": 1.0, "gamma": 0.1, "degree": 3}
    names = {"linear": 2, "rbf": 3, "poly": 4}
    return dict(list(params.items())[: names[kernel]])


def _suggest(trial):
    params = {
        "kernel": trial.suggest_categorical("kernel", ["linear", "rbf", "poly"]),
        "C": trial.suggest_float("C", 1e-2, 1e3, log=True),
    }
    if params["kernel"] != "linear":
        params["gamma"] = trial.suggest_float("gamma", 1e-4, 1e1, log=True)
    if params["kernel"] == "poly":
        params["degree"] = trial.suggest_int("degree", 2, 5)
    return params


def _suggest_by_name(trial):
    kernel = trial.suggest_categorical("svm_kernel", ("poly", "rbf", "linear"))
    params = {"kernel": kernel, "C": trial.suggest_float("svm_C", 0.01, 1000, log=True)}
    if kernel in ("rbf", "poly"):
        params["gamma"] = trial.suggest_float(f"{kernel}_gamma", 0.0001, 10, log=True)
    if kernel == "poly":
        params["degree"] = trial.suggest_categorical("poly_degree", [2, 3, 4, 5])
    return params


def _suggest_and_return_params(trial):
    kernel = trial.suggest_categorical("kernel", ["linear", "rbf", "poly"])
    trial.suggest_float("C", 1e-2, 1e3, log=True)
    if kernel != "linear":
        trial.suggest_float("gamma", 1e-4, 1e1, log=True)
    if kernel == "poly":
        trial.suggest_int("degree", 2, 5, log=True)
    return trial.params


def _name_of_kernel_ends_like_C(trial):
    kernel = trial.suggest_categorical("svc", ["linear", "rbf", "poly"])
    params = _fixed(kernel) | {"C": trial.suggest_float("C", 1e-2, 1e3, log=True)}
    if kernel != "linear":
        params["gamma"] = trial.suggest_float("gamma", 1e-4, 1e1, log=True)
    if kernel == "poly":
        params["degree"] = trial.suggest_int("degree", 2, 5)
    return params


def _changed(**changes):
    """Return the right answer with some keyword arguments replaced, added or (None) left out."""

    def suggest(trial):
        params = _suggest(trial)
        for name, value in changes.items():
            params[name] = value(trial) if callable(value) else value
        return {name: value for name, value in params.items() if value is not None}

    return suggest


def _always_all(trial):
    return {
        "kernel": trial.suggest_categorical("kernel", ["linear", "rbf", "poly"]),
        "C": trial.suggest_float("C", 1e-2, 1e3, log=True),
        "gamma": trial.suggest_float("gamma", 1e-4, 1e1, log=True),
        "degree": trial.suggest_int("degree", 2, 5),
    }


def _asks_all(trial):
    params = _always_all(trial)
    return {name: params[name] for name in {"kernel"} | set(_fixed(params["kernel"]))}


def _linear_C(trial):
    params = _fixed(trial.suggest_categorical("kernel", ["linear", "rbf", "poly"]))
    return params | {"C": trial.suggest_float("C", 1e-2, 1e3)}


def _whole_C(trial):
    params = _fixed(trial.suggest_categorical("kernel", ["linear", "rbf", "poly"]))
    return params | {"C": trial.suggest_int("C", 1, 1000, log=True)}


def _twice_asked(trial):
    params = _suggest(trial)
    return params | {"C": trial.suggest_float("C", 1e-3, 1e3, log=True)}


def _short_degree(trial):
    kernel = trial.suggest_categorical("kernel", ["linear", "rbf", "poly"])
    params = {"kernel": kernel, "C": trial.suggest_float("C", 1e-2, 1e3, log=True)}
    if kernel != "linear":
        params["gamma"] = trial.suggest_float("gamma", 1e-4, 1e1, log=True)
    if kernel == "poly":
        params["degree"] = trial.suggest_int("degree", 2, 4)
    return params


def _even_degree(trial):
    params = _fixed(trial.suggest_categorical("kernel", ["linear", "rbf", "poly"]))
    drawn = {"C": trial.suggest_float("C", 1e-2, 1e3, log=True)}
    if "gamma" in params:
        drawn["gamma"] = trial.suggest_float("gamma", 1e-4, 1e1, log=True)
    if "degree" in params:
        drawn["degree"] = trial.suggest_int("degree", 2, 5, step=2)
    return params | drawn


def _two_kernels(trial):
    kernel = trial.suggest_categorical("kernel", ["linear", "rbf"])
    params = {"kernel": kernel, "C": trial.suggest_float("C", 1e-2, 1e3, log=True)}
    if kernel == "rbf":
        params["gamma"] = trial.suggest_float("gamma", 1e-4, 1e1, log=True)
    return params


def _exponents(trial):
    params = _fixed(trial.suggest_categorical("kernel", ["linear", "rbf", "poly"]))
    return params | {"C": trial.suggest_float("C", -2, 3)}


SPECIMENS["snippets.4"] = {
    "right": [
        _suggest,
        _suggest_by_name,
        _suggest_and_return_params,
        _name_of_kernel_ends_like_C,
    ],
    "wrong": [
        (_always_all, "does not use this"),
        (_asks_all, "asks for"),
        (_two_kernels, "three kernels"),
        (_linear_C, "log=True"),
        (_exponents, "from 0.01 to 1000"),
        (_whole_C, "`suggest_float`"),
        (_twice_asked, "asked for twice"),
        (_short_degree, "2, 3, 4 and 5"),
        (_even_degree, "2, 3, 4 and 5"),
        (_changed(degree=None), "missing: degree"),
        (_changed(shrinking=True), "does not use this"),
        (_changed(kernel="rbf"), "the kernel that was drawn"),
        (_changed(C=1.0), "the value that was drawn"),
    ],
    "unreadable": [
        (lambda trial: trial.suggest_loguniform("C", 1e-2, 1e3), "suggest_loguniform"),
        (lambda trial: list(_suggest(trial).items()), "yours is a list"),
    ],
}


def _trials_run(scores, patience, least):
    counted = [0]  # the places of the scores that count
    for place, score in enumerate(scores):
        if scores[counted[-1]] - score >= least:
            counted.append(place)
        if place - counted[-1] == patience:
            return place + 1
    return len(scores)


def _run(scores, patience, least, *, gain=lambda last, score, least: last - score >= least):
    last, since = scores[0], 0
    for n, score in enumerate(scores[1:], start=2):
        last, since = (score, 0) if gain(last, score, least) else (last, since + 1)
        if since == patience:
            return n
    return len(scores)


def _from_the_trial_before(scores, patience, least):
    since = 0
    for n, (before, score) in enumerate(pairwise(scores), start=2):
        since = 0 if before - score >= least else since + 1
        if since == patience:
            return n
    return len(scores)


def _counts_all_failures(scores, patience, least):
    last, failures = scores[0], 0
    for n, score in enumerate(scores[1:], start=2):
        if last - score >= least:
            last = score
        else:
            failures += 1
        if failures == patience:
            return n
    return len(scores)


SPECIMENS["snippets.5"] = {
    "right": [
        _trials_run,
        _run,
        lambda scores, patience, least: np.int64(_trials_run(scores, patience, least)),
        lambda scores, patience, least: float(_trials_run(scores, patience, least)),
    ],
    "wrong": [
        (lambda *args: _run(*args, gain=lambda last, score, least: score - last >= least), "minim"),
        (lambda *args: _run(*args, gain=lambda last, score, least: last > score), "Any gain"),
        (
            lambda *args: _run(*args, gain=lambda last, score, least: last - score > least),
            "of just `least`",
        ),
        (_from_the_trial_before, "not with the trial before"),
        (_counts_all_failures, "starts again"),
        (lambda scores, patience, least: _run(scores, patience + 1, least), "one trial late"),
        (lambda scores, patience, least: _run(scores, patience - 1, least), "one trial early"),
        (lambda scores, patience, least: np.argmin(scores) + 1, "where the best was"),
        (lambda scores, patience, least: _run(scores, patience, least) - 1, "counted from 0"),
        (lambda scores, patience, least: len(scores), "runs all trials"),
        (lambda scores, patience, least: 7, "every list"),
        (lambda scores, patience, least: min(len(scores), patience + 2), "by hand"),
        (lambda scores, patience, least: 7.5, "yours is 7.5"),
    ],
    "unreadable": [
        (lambda scores, patience, least: "7", "leave out the quotes"),
        (lambda scores, patience, least: True, "yours is True"),
        (lambda scores, patience, least: scores[:3], "a list of 3"),
        (lambda *args: print(_run(*args)), "returns nothing"),
    ],
}
