"""Specimen answers to the exercises of chapter 05."""

import numpy as np
import optuna
from hyperopt import space_eval
from optuna.trial import TrialState
from scipy.stats import norm

SPECIMENS = {}


def _loss_ei(mean, sd, best, xi=0.0):
    z = (best - xi - mean) / sd
    return sd * (z * norm.cdf(z) + norm.pdf(z))


def _score_ei(mean, sd, best, xi=0.0):
    return _loss_ei(-mean, sd, -best, xi)


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
        (lambda mean, sd, best, xi=0.0: np.maximum(best - xi - mean, 0), "at the mean"),
        (lambda mean, sd, best, xi=0.0: norm.cdf((best - xi - mean) / sd), "the probability of"),
        (lambda mean, sd, best, xi=0.0: _loss_ei(mean, sd, best, xi) / sd, "multiply by the"),
        (
            lambda mean, sd, best, xi=0.0: (best - xi - mean) * norm.cdf((best - xi - mean) / sd),
            "One of two terms",
        ),
        (lambda mean, sd, best, xi=0.0: _loss_ei(mean, sd, best) - xi, "off at the end"),
        (lambda mean, sd, best, xi=0.0: 2 * _loss_ei(mean, sd, best, xi), "For xi = 0 it should"),
    ],
    "unreadable": [
        (lambda mean, sd, best, xi=0.0: 0.5, "4 numbers are asked for, one for each mean"),
        (lambda mean, sd, best, xi=0.0: _loss_ei(mean, sd, best, xi).max(), "one for each mean"),
        (lambda mean, sd, best, xi=0.0: ["a"] * len(mean), "begins with 'a'"),
        (lambda mean, sd, best, xi=0.0: np.full(len(mean), np.nan), "NaN"),
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


def _svm_variant(log=True, always=False, degree_float=False, nothing=False, high=1000, most=5):
    def space(trial):
        kernel = trial.suggest_categorical("kernel", ["linear", "rbf", "poly"])
        params = {"kernel": kernel, "C": trial.suggest_float("C", 0.01, high, log=log)}
        if always or kernel != "linear":
            params["gamma"] = trial.suggest_float("gamma", 0.0001, 10, log=log)
        if always or kernel == "poly":
            ask = trial.suggest_float if degree_float else trial.suggest_int
            params["degree"] = ask("degree", 2, most)
        return None if nothing else params

    return space


def _degree_by_name(trial):
    params = {"kernel": trial.suggest_categorical("kernel", ("poly", "rbf", "linear"))}
    params["C"] = trial.suggest_float("C", 1e-2, 1e3, log=True)
    if params["kernel"] in ("rbf", "poly"):
        params["gamma"] = trial.suggest_float("gamma", 1e-4, 1e1, log=True)
    if params["kernel"] == "poly":
        params["degree"] = trial.suggest_categorical("degree", [2, 3, 4, 5])
    return params


SPECIMENS["05.4"] = {
    "right": [
        _svm_space,
        lambda trial: {**dict(reversed(_svm_space(trial).items()))},
        lambda trial: (_svm_space(trial), trial.params)[1],
        _degree_by_name,
    ],
    "wrong": [
        (_svm_variant(always=True), "even where the kernel is"),
        (_svm_variant(log=False), "log scale"),
        (_svm_variant(degree_float=True), "whole number"),
        (_svm_variant(high=100), "from 0.01 to 1000"),
        (_svm_variant(most=6), "from 2 to 5, not 2 to 6"),
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


def _resume(
    study,
    objective,
    n_complete,
    *,
    state=TrialState.FAIL,
    enqueue=1,
    count=(TrialState.COMPLETE,),
    give=True,
):
    for trial in study.get_trials(states=[TrialState.RUNNING]):
        if state is not None:
            study.tell(trial.number, state=state)
        for _ in range(enqueue):
            study.enqueue_trial(trial.params)
    done = len(study.get_trials(states=count)) if count else 0
    study.optimize(objective, n_trials=n_complete - done)
    return study if give else None


def _start_over(study, objective, n_complete):
    fresh = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=7))
    fresh.optimize(objective, n_trials=n_complete)
    return fresh


def _enqueue_last(study, objective, n_complete):
    trial = study.trials[-1]
    study.tell(trial.number, state=TrialState.FAIL)
    study.optimize(objective, n_trials=n_complete - 4)
    study.enqueue_trial(trial.params)
    study.optimize(objective, n_trials=1)
    return study


SPECIMENS["05.5"] = {
    "right": [
        _resume,
        lambda study, objective, n_complete: _resume(study, objective, n_complete=n_complete),
    ],
    "wrong": [
        (lambda *args: _resume(*args, state=None), "still RUNNING"),
        (lambda *args: _resume(*args, state=TrialState.PRUNED), "not PRUNED"),
        (lambda *args: _resume(*args, enqueue=0), "not tried again first"),
        (_enqueue_last, "not tried again first"),
        (lambda *args: _resume(*args, enqueue=2), "more than once"),
        (lambda *args: _resume(*args, count=()), "now there are 11"),
        (lambda *args: _resume(*args, count=(TrialState.COMPLETE, TrialState.FAIL)), "are 7"),
        (_start_over, "the same study"),
    ],
    "unreadable": [
        (lambda *args: _resume(*args, give=False), "returns nothing"),
        (lambda *args: _resume(*args).trials, "Return the study"),
        (lambda study, objective, n_complete: study.resume(), "raised AttributeError"),
    ],
}

_TREES = [50, 100, 200, 400]

SPECIMENS["05.6"] = {
    "right": [space_eval, lambda space, best: dict(space_eval(space, best).items())],
    "wrong": [
        (lambda space, best: best, "positions that `fmin` returns"),
        (lambda space, best: dict(best), "positions that `fmin` returns"),
        (lambda space, best: {**best, "n_estimators": _TREES[best["n_estimators"]]}, "KeyError"),
        (
            lambda space, best: (
                {**best, "n_estimators": _TREES[best["n_estimators"]]}
                if "n_estimators" in best
                else best
            ),
            "for a nested one yours returns the positions",
        ),
        (lambda space, best: {**best, "n_estimators": 100}, "it should be"),
        (
            lambda space, best: {**best, "n_estimators": _TREES[best["n_estimators"] - 1]},
            "it should be",
        ),
    ],
    "unreadable": [
        (lambda space, best: str(best), "A dict is asked for; yours is text"),
        (lambda space, best: _TREES[best["n_estimators"]], "A dict is asked for; yours is 200"),
        (lambda space, best: print(space_eval(space, best)), "returns nothing"),
    ],
}
