"""Specimen answers to the exercises of lesson 17b."""

from optuna.trial import TrialState

SPECIMENS = {}

SPECIMENS["17.6"] = {
    "right": [
        lambda content: content[: content.rfind(b"\n") + 1],
        lambda content: b"".join(c for c in content.splitlines(keepends=True) if c[-1:] == b"\n"),
        lambda content: bytearray(b"".join(content.rpartition(b"\n")[:2])),
    ],
    "wrong": [
        (lambda content: content, "still there"),
        (lambda content: b"".join(content.splitlines(keepends=True)[:-1]), "whole last line"),
        (lambda content: content.rpartition(b"\n")[0], "newline is missing"),
        (
            lambda content: content[: content.rfind(b"\n") + 1] if b"\n" in content else content,
            "nothing of it is whole",
        ),
        (lambda content: b"", "stays as it is"),
    ],
    "unreadable": [
        (lambda content: content.decode(), "bytes"),
        (lambda content: content.splitlines(), "bytes"),
        (b"abc", "function"),
    ],
}


def _left(*names, floor=0):
    def left(study, n):
        trials = study.get_trials(states=[TrialState[name] for name in names])
        return max(floor, n - len(trials))

    return left


ALL = ("COMPLETE", "PRUNED", "RUNNING", "WAITING")

SPECIMENS["17.7"] = {
    "right": [
        _left(*ALL),
        lambda study, n: float(_left(*ALL)(study, n)),
        lambda study, n: max(n - sum(t.state != TrialState.FAIL for t in study.trials), 0),
    ],
    "wrong": [
        (_left("COMPLETE", "PRUNED"), "MaxTrialsCallback"),
        (_left(*ALL, "FAIL"), "made up for"),
        (_left("COMPLETE", "RUNNING", "WAITING"), "pruned"),
        (_left("COMPLETE", "PRUNED", "RUNNING"), "queue"),
        (_left("RUNNING"), "finished trial"),
        (_left(*ALL, floor=-99), "return 0"),
        (lambda study, n: min(_left(*ALL)(study, n), 5) if n < 10 else 6, "5 may still"),
    ],
    "unreadable": [
        (lambda study, n: study.trials, "number"),
        (3, "function"),
    ],
}
