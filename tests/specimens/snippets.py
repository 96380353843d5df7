"""Specimen answers to the exercises of the snippets."""

import numpy as np

from tuneup_helpers.checks.snippets import (
    _BELONG,
    _any_gain,
    _Asked,
    _early,
    _from_the_trial_before,
    _late,
    _maximizes,
    _place_of_best,
    _trials_run,
)

SPECIMENS = {}


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
    params = _suggest(_Asked(kernel)) | {"C": trial.suggest_float("C", 1e-2, 1e3, log=True)}
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
    return {name: params[name] for name in {"kernel"} | _BELONG[params["kernel"]]}


def _linear_C(trial):
    params = _suggest(_Asked(trial.suggest_categorical("kernel", ["linear", "rbf", "poly"])))
    return params | {"C": trial.suggest_float("C", 1e-2, 1e3)}


def _short_degree(trial):
    kernel = trial.suggest_categorical("kernel", ["linear", "rbf", "poly"])
    params = {"kernel": kernel, "C": trial.suggest_float("C", 1e-2, 1e3, log=True)}
    if kernel != "linear":
        params["gamma"] = trial.suggest_float("gamma", 1e-4, 1e1, log=True)
    if kernel == "poly":
        params["degree"] = trial.suggest_int("degree", 2, 4)
    return params


def _even_degree(trial):
    params = _suggest(_Asked(trial.suggest_categorical("kernel", ["linear", "rbf", "poly"])))
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
    params = _suggest(_Asked(trial.suggest_categorical("kernel", ["linear", "rbf", "poly"])))
    return params | {"C": trial.suggest_float("C", -2, 3)}


SPECIMENS["snippets.4"] = {
    "right": [
        _suggest,
        _suggest_by_name,
        _suggest_and_return_params,
        _name_of_kernel_ends_like_C,
    ],
    "wrong": [
        (_always_all, "does not belong"),
        (_asks_all, "asks for"),
        (_two_kernels, "three kernels"),
        (_linear_C, "log=True"),
        (_exponents, "from 0.01 to 1000"),
        (_short_degree, "2, 3, 4 and 5"),
        (_even_degree, "2, 3, 4 and 5"),
        (_changed(degree=None), "missing: ['degree']"),
        (_changed(shrinking=True), "does not belong"),
        (_changed(kernel="rbf"), "the kernel that was drawn"),
        (_changed(C=1.0), "the value that was drawn"),
        (lambda trial: list(_suggest(trial).items()), "a dict"),
    ],
    "unreadable": [
        (lambda trial: trial.suggest_loguniform("C", 1e-2, 1e3), "suggest_loguniform"),
    ],
}

SPECIMENS["snippets.5"] = {
    "right": [
        _trials_run,
        lambda scores, patience, least: np.int64(_trials_run(scores, patience, least)),
    ],
    "wrong": [
        (_maximizes, "minimized"),
        (_any_gain, "Any gain"),
        (_from_the_trial_before, "the trial before"),
        (_late, "one trial late"),
        (_early, "one trial early"),
        (_place_of_best, "where the best was"),
        (lambda scores, patience, least: _trials_run(scores, patience, least) - 1, "by hand"),
        (lambda scores, patience, least: 7, "every list"),
        (lambda scores, patience, least: "7", "whole number"),
        (lambda scores, patience, least: True, "whole number"),
    ],
    "unreadable": [],
}
