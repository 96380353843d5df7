"""Specimen answers to the exercises of chapter 05."""

import numpy as np

from tuneup_helpers.checks.ch05 import _loss_ei, _quiet_study, _right_report, _score_ei

SPECIMENS = {}


def _drawn_ei(mean, sd, best, xi=0.0):
    draws = np.random.default_rng(0).normal(mean, sd, size=(100_000, len(mean)))
    return np.maximum(best - xi - draws, 0).mean(axis=0)


SPECIMENS["05.3"] = {
    "right": [
        _loss_ei,
        lambda mean, sd, best, xi=0.0: list(_loss_ei(mean, sd, best, xi)),
        lambda mean, sd, best, xi=0.0: _score_ei(-mean, sd, -best, xi),
        lambda mean, sd, best, xi=0.0: _drawn_ei(mean, sd, best, xi),
    ],
    "wrong": [
        (_score_ei, "*higher* is better"),
        (lambda mean, sd, best, xi=0.0: _loss_ei(mean, sd, best, -xi), "wrong side"),
        (lambda mean, sd, best, xi=0.0: _loss_ei(mean, sd, best), "`xi` changes nothing"),
        (lambda mean, sd, best, xi=0.0: -_loss_ei(mean, sd, best, xi), "negative"),
        (lambda mean, sd, best, xi=0.0: np.maximum(best - xi - mean, 0), "spread"),
        (lambda mean, sd, best, xi=0.0: _loss_ei(mean, sd, best, xi) / sd, "by its size"),
        (lambda mean, sd, best, xi=0.0: _loss_ei(mean, sd, best) - xi, "For xi = 0.05"),
        (lambda mean, sd, best, xi=0.0: 0.5, "one number for each"),
        (lambda mean, sd, best, xi=0.0: ["a"] * len(mean), "numbers"),
    ],
    "unreadable": [
        (lambda mean, sd, best: mean, "raised TypeError"),
    ],
}


def _svm_space(trial):
    params = {"kernel": trial.suggest_categorical("kernel", ["linear", "rbf", "poly"])}
    params["C"] = trial.suggest_float("C", 0.01, 1000, log=True)
    if params["kernel"] != "linear":
        params["gamma"] = trial.suggest_float("gamma", 0.0001, 10, log=True)
    if params["kernel"] == "poly":
        params["degree"] = trial.suggest_int("degree", 2, 5)
    return params


def _svm_variant(log=True, always=False, degree_float=False, nothing=False, high=1000):
    def space(trial):
        kernel = trial.suggest_categorical("kernel", ["linear", "rbf", "poly"])
        params = {"kernel": kernel, "C": trial.suggest_float("C", 0.01, high, log=log)}
        if always or kernel != "linear":
            params["gamma"] = trial.suggest_float("gamma", 0.0001, 10, log=log)
        if always or kernel == "poly":
            ask = trial.suggest_float if degree_float else trial.suggest_int
            params["degree"] = ask("degree", 2, 5)
        return None if nothing else params

    return space


SPECIMENS["05.4"] = {
    "right": [
        _svm_space,
        lambda trial: {**dict(reversed(_svm_space(trial).items()))},
        lambda trial: (_svm_space(trial), trial.params)[1],
    ],
    "wrong": [
        (_svm_variant(always=True), "even where the kernel is"),
        (_svm_variant(log=False), "log scale"),
        (_svm_variant(degree_float=True), "whole number"),
        (_svm_variant(high=100), "from 0.01 to 1000"),
        (lambda trial: {"kernel": "rbf"}, "Ask the trial"),
        (
            lambda trial: {"kernel": trial.suggest_categorical("kernel", ["linear", "rbf"])},
            "three kernels",
        ),
        (
            lambda trial: {
                k: v for k, v in _svm_space(trial).items() if k in ("kernel", "C", "degree")
            },
            "the values that the trial was asked for",
        ),
        (
            lambda trial: {
                "kernel": trial.suggest_categorical("kernel", ["linear", "rbf", "poly"]),
                "C": trial.suggest_float("C", 0.01, 1000, log=True),
            },
            "has no `gamma`",
        ),
    ],
    "unreadable": [
        (_svm_variant(nothing=True), "returns nothing"),
        (lambda trial: trial.suggest("kernel"), "raised AttributeError"),
    ],
}


def _resume(study, objective, n_complete, tell=True, enqueue=True, count=True, give=True):
    from optuna.trial import TrialState

    for trial in study.get_trials(states=[TrialState.RUNNING]):
        if tell:
            study.tell(trial.number, state=TrialState.FAIL)
        if enqueue:
            study.enqueue_trial(trial.params)
    done = len(study.get_trials(states=[TrialState.COMPLETE])) if count else 0
    study.optimize(objective, n_trials=n_complete - done)
    return study if give else None


def _start_over(study, objective, n_complete):

    fresh = _quiet_study(7)
    fresh.optimize(objective, n_trials=n_complete)
    return fresh


def _count_all(study, objective, n_complete):
    return _resume(study, objective, n_complete - 1)


SPECIMENS["05.5"] = {
    "right": [_resume, lambda study, objective, n_complete: _resume(study, objective, n_complete)],
    "wrong": [
        (lambda *args: _resume(*args, tell=False), "still RUNNING"),
        (lambda *args: _resume(*args, enqueue=False), "not tried again first"),
        (lambda *args: _resume(*args, count=False), "how many are missing"),
        (_start_over, "the same study"),
        (_count_all, "how many are missing"),
    ],
    "unreadable": [
        (lambda *args: _resume(*args, give=False), "returns nothing"),
        (lambda study, objective, n_complete: study.resume(), "raised AttributeError"),
    ],
}

SPECIMENS["05.6"] = {
    "right": [_right_report, lambda space, best: (lambda found: found)(_right_report(space, best))],
    "wrong": [
        (lambda space, best: best, "positions"),
        (lambda space, best: dict(best), "positions"),
        (
            lambda space, best: (
                {**best, "n_estimators": [50, 100, 200, 400][best["n_estimators"]]}
                if "n_estimators" in best
                else best
            ),
            "any space",
        ),
        (
            lambda space, best: {**best, "n_estimators": 50 * best.get("n_estimators", 1)},
            "should be",
        ),
        (lambda space, best: str(best), "dict"),
    ],
    "unreadable": [
        (
            lambda space, best: {**best, "n_estimators": [50, 100, 200, 400][best["n_estimators"]]},
            "raised KeyError",
        ),
    ],
}
