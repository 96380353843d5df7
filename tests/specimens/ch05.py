"""Specimen answers to the exercises of chapter 05."""

import numpy as np
import optuna
from hyperopt import hp, space_eval
from hyperopt.pyll import scope
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


SPECIMENS["05.8"] = {
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

SPECIMENS["05.7"] = {
    "right": [
        {"k": hp.randint("k", 1, 11)},
        hp.randint("k", 1, 11),
        1 + hp.randint("k", 10),
        hp.choice("k", list(range(1, 11))),
        scope.int(hp.quniform("k", 0.5, 10.5, 1)),
        hp.uniformint("k", 0.5, 10.5),
    ],
    "wrong": [
        (hp.quniform("k", 1, 10, 1), "no whole number in Python"),
        (hp.uniform("k", 1, 10), "no whole number in Python"),
        (hp.choice("k", [str(k) for k in range(1, 11)]), "no whole number in Python"),
        (hp.randint("k", 10), "also draws 0"),
        (hp.randint("k", 1, 12), "also draws 11"),
        (hp.randint("k", 1, 10), "never came: [10]"),
        (hp.uniformint("k", 1, 10), "come half as often"),
        (scope.int(hp.quniform("k", 1, 10, 1)), "come half as often"),
        (scope.int(hp.qloguniform("k", np.log(0.5), np.log(10.5), 1)), "much more often"),
    ],
    "unreadable": [
        (7, "A Hyperopt space"),
        ([1, 2, 3], "A Hyperopt space"),
        (range(1, 11), "A Hyperopt space"),
    ],
}


def _pays_from(suggestion, n_trials, worth):
    if worth <= n_trials:
        return np.inf
    return n_trials * suggestion / (worth - n_trials)


SPECIMENS["05.10"] = {
    "right": [_pays_from, lambda s, n, w: float("inf") if w <= n else s * n / (w - n)],
    "wrong": [
        (lambda s, n, w: n * s / w, "its own trials"),
        (lambda s, n, w: s / (w - n), "the price of one suggestion"),
        (lambda s, n, w: (w - n) / (n * s), "upside down"),
        (lambda s, n, w: n * s, "what all suggestions cost"),
        (lambda s, n, w: s, "may cost more than an evaluation"),
        (lambda s, n, w: s / n, "it should be 20 ms"),
        (lambda s, n, w: n * s / max(w - n, 1), "worth 50 random"),
        (lambda s, n, w: n * s / (w - n) if w != n else np.inf, "worth 40 random"),
    ],
    "unreadable": [
        (lambda s, n, w: "20 ms", "number"),
        (lambda s, n: s, "TypeError"),
    ],
}
