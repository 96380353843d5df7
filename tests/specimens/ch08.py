"""Specimen answers to the exercises of chapter 08."""

import numpy as np

from tuneup_helpers.checks.ch08 import _bill

SPECIMENS = {}


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


SPECIMENS["08.2"] = {
    "right": [
        _bill,
        lambda n, rungs, factor=3, resume=True: sum(
            max(1, n // factor**i) * (rung - (rungs[i - 1] if resume and i else 0))
            for i, rung in enumerate(rungs)
        ),
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
        (_bill_no_floor, "at least one"),
        (_bill_not_whole, "whole candidates"),
        (lambda n, rungs, factor=3, resume=True: "158", "a number"),
    ],
    "unreadable": [
        (lambda n, rungs: 158, "raised TypeError"),
    ],
}


def _lockstep(trial, train, n_folds, n_epochs):
    import optuna

    for epoch in range(n_epochs):
        mean = np.mean([train(fold, epoch) for fold in range(n_folds)])
        trial.report(mean, epoch)
        if trial.should_prune():
            raise optuna.TrialPruned
    return mean


def _fold_after_fold(trial, train, n_folds, n_epochs):
    import optuna

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
        import optuna

        best = 0
        for epoch in range(n_epochs):
            scores = [train(fold, epoch) for fold in range(n_folds)]
            mean = np.mean(scores)
            best = max(best, mean)
            trial.report(
                {"mean": mean, "last": scores[-1], "sum": sum(scores)}[report], first + epoch
            )
            if ask and trial.should_prune():
                if stop == "raise":
                    raise optuna.TrialPruned
                return mean
        return {"mean": mean, "list": scores, "none": None, "last": scores[-1]}[give]

    return answer


def _no_report(trial, train, n_folds, n_epochs):
    for epoch in range(n_epochs):
        mean = np.mean([train(fold, epoch) for fold in range(n_folds)])
    return mean


SPECIMENS["08.5"] = {
    "right": [_lockstep, _variant(), _variant(first=1)],
    "wrong": [
        (_fold_after_fold, "fold after fold"),
        (_no_report, "nothing is reported"),
        (_variant(report="last"), "mean over the folds"),
        (_variant(report="sum"), "mean over the folds"),
        (_variant(ask=False), "never asks"),
        (_variant(stop="return"), "raise optuna.TrialPruned"),
        (_variant(give="list"), "one number"),
        (_variant(give="last"), "mean score of the last epoch"),
        (_variant(first=7), "0, 1, 2, 3, not"),
    ],
    "unreadable": [
        (_variant(give="none"), "returns nothing"),
        (lambda trial, train, n_folds, n_epochs: train(0), "raised TypeError"),
    ],
}


def _rounds(scores, rounds):
    return np.asarray(rounds)[np.mean(scores, axis=0).argmax()]


SPECIMENS["08.7"] = {
    "right": [_rounds, lambda scores, rounds: int(_rounds(scores, rounds))],
    "wrong": [
        (lambda scores, rounds: np.mean(scores, axis=0).argmax(), "position"),
        (lambda scores, rounds: rounds[-1], "the last"),
        (
            lambda scores, rounds: np.mean(np.asarray(rounds)[np.argmax(scores, axis=1)]),
            "each fold's own best",
        ),
        (lambda scores, rounds: np.asarray(rounds)[np.argmax(scores[0])], "first fold"),
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
        (lambda scores, rounds: np.mean(scores, axis=0), "one number"),
        (
            lambda scores, rounds: np.median(np.asarray(rounds)[np.argmax(scores, axis=1)]),
            "median of each",
        ),
        (
            lambda scores, rounds: np.asarray(rounds)[np.median(scores, axis=0).argmax()],
            "a median curve",
        ),
        (lambda scores, rounds: np.asarray(rounds)[np.mean(scores, axis=1).argmax()], "axis=0"),
    ],
    "unreadable": [
        (lambda scores, rounds: scores.no_such, "raised AttributeError"),
    ],
}
