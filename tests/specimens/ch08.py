"""Specimen answers to the exercises of chapter 08."""

import numpy as np
import optuna

SPECIMENS = {}


def _bill(n, rungs, factor=3, resume=True):
    spent = before = 0
    for rung in rungs:
        spent += n * (rung - before)
        before = rung if resume else 0
        n = max(1, n // factor)
    return spent


def _bill_halved_first(n, rungs, factor=3, resume=True):
    spent = before = 0
    for rung in rungs:
        n = max(1, n // factor)
        spent += n * (rung - before)
        before = rung if resume else 0
    return spent


def _bill_no_floor(n, rungs, factor=3, resume=True):
    spent = before = 0
    for rung in rungs:
        spent += n * (rung - before)
        before = rung if resume else 0
        n = n // factor
    return spent


def _bill_not_whole(n, rungs, factor=3, resume=True):
    spent = before = 0
    for rung in rungs:
        spent += n * (rung - before)
        before = rung if resume else 0
        n = max(1, n / factor)
    return spent


def _rung_by_rung(n, rungs, factor=3, resume=True):
    return sum(
        max(1, n // factor**i) * (rung - (rungs[i - 1] if resume and i else 0))
        for i, rung in enumerate(rungs)
    )


SPECIMENS["08.2"] = {
    "right": [
        _bill,
        _rung_by_rung,
        lambda *args, **kwargs: float(_bill(*args, **kwargs)),
        lambda *args, **kwargs: np.int64(_bill(*args, **kwargs)),
    ],
    "wrong": [
        (lambda n, rungs, factor=3, resume=True: _bill(n, rungs, factor), "from scratch"),
        (
            lambda n, rungs, factor=3, resume=True: _bill(n, rungs, factor, False),
            "goes on from where it stood",
        ),
        (
            lambda n, rungs, factor=3, resume=True: _bill(n, rungs, factor, not resume),
            "the wrong way round",
        ),
        (lambda n, rungs, factor=3, resume=True: _bill(n, rungs, 3, resume), "`factor`"),
        (lambda n, rungs, factor=3, resume=True: n * rungs[-1], "train to the end"),
        (lambda n, rungs, factor=3, resume=True: sum(rungs), "one candidate; each rung"),
        (_bill_no_floor, "at least one"),
        (_bill_not_whole, "whole candidates"),
        (_bill_halved_first, "halve after a rung"),
        (
            lambda n, rungs, factor=3, resume=True: _bill(n, rungs[:-1], factor, resume),
            "The last rung is paid",
        ),
        (lambda n, rungs, factor=3, resume=True: 158, "resume = False the bill is 212, not 158"),
    ],
    "unreadable": [
        (lambda n, rungs, factor=3, resume=True: "158", "leave out the quotes"),
        (lambda n, rungs, factor=3, resume=True: [54, 36, 36, 32], "a list of 4"),
        (lambda n, rungs, factor=3, resume=True: print(158), "returns nothing"),
        (lambda n, rungs: 158, "raised TypeError"),
        (158, "the function itself"),
    ],
}


def _lockstep(trial, train, n_folds, n_epochs):
    for epoch in range(n_epochs):
        mean = np.mean([train(fold, epoch) for fold in range(n_folds)])
        trial.report(mean, epoch)
        if trial.should_prune():
            raise optuna.TrialPruned
    return mean


def _fold_after_fold(trial, train, n_folds, n_epochs):
    last = []
    for fold in range(n_folds):
        for epoch in range(n_epochs):
            score = train(fold, epoch)
            trial.report(score, epoch)
            if trial.should_prune():
                raise optuna.TrialPruned
        last.append(score)
    return np.mean(last)


def _variant(give="mean", report="mean", ask=True, stop="raise", first=0):
    def answer(trial, train, n_folds, n_epochs):
        means = []
        for epoch in range(n_epochs):
            scores = [train(fold, epoch) for fold in range(n_folds)]
            mean = np.mean(scores)
            means.append(mean)
            reports = {"mean": mean, "last": scores[-1], "sum": sum(scores)}
            reports["so far"] = np.mean(means)
            trial.report(reports[report], first + epoch)
            if ask and trial.should_prune():
                if stop == "raise":
                    raise optuna.TrialPruned
                return mean
        results = {"mean": mean, "list": scores, "none": None, "last": scores[-1]}
        results |= {"best": max(means), "all": np.mean(means), "sum": sum(means)}
        return results[give]

    return answer


def _no_report(trial, train, n_folds, n_epochs):
    for epoch in range(n_epochs):
        mean = np.mean([train(fold, epoch) for fold in range(n_folds)])
    return mean


def _report_afterwards(trial, train, n_folds, n_epochs):
    scores = [[train(fold, epoch) for epoch in range(n_epochs)] for fold in range(n_folds)]
    for epoch, mean in enumerate(np.mean(scores, axis=0)):
        trial.report(mean, epoch)
        if trial.should_prune():
            raise optuna.TrialPruned
    return mean


SPECIMENS["08.5"] = {
    "right": [_lockstep, _variant(), _variant(first=1)],
    "wrong": [
        (_fold_after_fold, "fold after fold"),
        (_report_afterwards, "fold after fold"),
        (_no_report, "nothing is reported"),
        (_variant(report="last"), "over the folds of this epoch."),
        (_variant(report="sum"), "over the folds of this epoch."),
        (_variant(report="so far"), "not of all so far"),
        (_variant(ask=False), "never asks"),
        (_variant(stop="return"), "raise optuna.TrialPruned"),
        (_variant(give="last"), "one fold alone"),
        (_variant(give="best"), "the best epoch"),
        (_variant(give="all"), "mean over all epochs"),
        (_variant(give="sum"), "a sum"),
        (_variant(first=7), "0, 1, 2, 3, not"),
        (lambda trial, train, n_folds, n_epochs: train(0, 0), "Each of 3 folds"),
    ],
    "unreadable": [
        (_variant(give="none"), "returns nothing"),
        (_variant(give="list"), "a list of 3"),
        (lambda trial, train, n_folds, n_epochs: train(0), "raised TypeError"),
    ],
}


def _rounds(scores, rounds):
    return np.asarray(rounds)[np.mean(scores, axis=0).argmax()]


SPECIMENS["08.10"] = {
    "right": [
        _rounds,
        lambda scores, rounds: int(_rounds(scores, rounds)),
        lambda scores, rounds: np.array(_rounds(scores, rounds)),
    ],
    "wrong": [
        (lambda scores, rounds: np.mean(scores, axis=0).max(), "the score there"),
        (lambda scores, rounds: np.mean(scores, axis=0).argmax(), "the position in the list"),
        (lambda scores, rounds: rounds[-1], "That is the last"),
        (lambda scores, rounds: 99, "it should be 40, not 99"),
        (
            lambda scores, rounds: np.mean(np.asarray(rounds)[np.argmax(scores, axis=1)]),
            "the mean of each fold",
        ),
        (lambda scores, rounds: np.asarray(rounds)[np.argmax(scores[0])], "the first fold alone"),
        (
            lambda scores, rounds: np.asarray(rounds)[
                np.unravel_index(np.argmax(scores), np.shape(scores))[1]
            ],
            "luckiest",
        ),
        (
            lambda scores, rounds: np.asarray(rounds)[np.mean(scores, axis=0).argmin()],
            "Higher is better",
        ),
        (
            lambda scores, rounds: np.median(np.asarray(rounds)[np.argmax(scores, axis=1)]),
            "a median curve",
        ),
        (
            lambda scores, rounds: np.asarray(rounds)[np.median(scores, axis=0).argmax()],
            "a median curve",
        ),
        (lambda scores, rounds: np.asarray(rounds)[np.mean(scores, axis=1).argmax()], "axis=0"),
    ],
    "unreadable": [
        (lambda scores, rounds: scores.no_such, "raised AttributeError"),
        (lambda scores, rounds: np.mean(scores, axis=0), "array of shape (6,)"),
    ],
}
