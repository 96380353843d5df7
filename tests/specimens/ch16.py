"""Specimen answers to the exercises of chapter 16."""

import contextlib
import json

SPECIMENS = {}


def _changed(logged, now):
    return sorted(n for n in logged.keys() | now.keys() if logged.get(n) != now.get(n))


def _changed_in_a_loop(logged, now):
    names = []
    for name in sorted({*logged, *now}):
        if name not in logged or name not in now or logged[name] != now[name]:
            names.append(name)
    return tuple(names)


SPECIMENS["16.1"] = {
    "right": [_changed, _changed_in_a_loop],
    "wrong": [
        (lambda a, b: [n for n in a if n in b and a[n] == b[n]], "that are the same"),
        (lambda a, b: [n for n in a if n in b and a[n] != b[n]], "But a fact that only one"),
        (lambda a, b: [n for n in a if a[n] != b.get(n)], "only `now` knows"),
        (lambda a, b: [n for n in b if b[n] != a.get(n)], "only `logged` knows"),
        (lambda a, b: sorted(a.keys() ^ b.keys()), "where the values differ"),
        (lambda a, b: _changed(a, b)[::-1], "alphabetical"),
        (lambda a, b: sorted(_changed(a, b) * 2), "Each name once"),
        (lambda a, b: sorted(a), "should be ['code', 'data', 'packages', 'threads'], not"),
        (lambda a, b: ["code", "data", "packages", "threads"], "an empty list"),
    ],
    "unreadable": [
        (lambda a, b: 4, "A list of names"),
        (lambda a, b: [n for n in a if a[n] != b[n]], "KeyError"),
    ],
}


def _read(text):
    trials, lines = [], text.splitlines()
    for i, line in enumerate(lines):
        try:
            trials.append(json.loads(line))
        except json.JSONDecodeError:
            if i < len(lines) - 1:
                raise
    return trials


def _read_other(text):
    *lines, last = text.split("\n")
    trials = [json.loads(line) for line in lines]
    try:
        return [*trials, json.loads(last)]
    except ValueError:
        return trials


def _read_forgiving(text):
    trials = []
    for line in text.splitlines():
        with contextlib.suppress(json.JSONDecodeError):
            trials.append(json.loads(line))
    return trials


def _read_stops(text):
    try:
        return _read(text)
    except json.JSONDecodeError:
        raise KeyError(text) from None


SPECIMENS["16.3"] = {
    "right": [_read, _read_other],
    "wrong": [
        (lambda text: [json.loads(x) for x in text.splitlines()], "half a line at the end yours"),
        (lambda text: text.splitlines(), "lines of text"),
        (lambda text: [json.loads(x) for x in text.splitlines()[:-1]], "is complete, and yours"),
        (lambda text: [json.loads(x) for x in text.split("\n")[:-1]], "may lack its line end"),
        (_read_forgiving, "goes unnoticed"),
        (_read_stops, "not as KeyError"),
        (lambda text: [], "a complete log there are 4 trials; yours returns 0"),
    ],
    "unreadable": [(lambda text: {}, "A list of trials"), (lambda text: text[99999], "IndexError")],
}


def _children(runs):
    return runs[runs["tags.mlflow.parentRunId"].notna()]


def _params(row):
    return {name: float(row[f"params.{name}"]) for name in ("C", "gamma")}


def _best(runs):
    ended = _children(runs)
    ended = ended[ended["status"] == "FINISHED"]
    return _params(ended.loc[ended["metrics.loss"].idxmin()])


def _best_sorted(runs):
    chosen = (runs["status"] == "FINISHED") & ~runs["tags.mlflow.parentRunId"].isna()
    return _params(runs[chosen].sort_values("metrics.loss").iloc[0])


def _finished(runs):
    return runs[runs["status"] == "FINISHED"]


SPECIMENS["16.4"] = {
    "right": [_best, _best_sorted],
    "wrong": [
        (
            lambda runs: _params(runs.loc[_finished(runs)["metrics.loss"].idxmin()]),
            "the search, and is no trial",
        ),
        (lambda runs: _params(runs.loc[runs["metrics.loss"].idxmin()]), "That trial failed"),
        (lambda runs: _params(runs.loc[runs["metrics.loss"].idxmax()]), "the largest loss"),
        (lambda runs: _params(_children(runs).iloc[0]), "the first trial"),
        (lambda runs: _params(_children(runs).iloc[-1]), "still running"),
        (lambda runs: {k: str(v) for k, v in _best(runs).items()}, "Those are texts"),
        (lambda runs: {f"params.{k}": v for k, v in _best(runs).items()}, "take `params.` off"),
        (lambda runs: {"C": 100.0}, "yours has C."),
        (lambda runs: {"C": 100.0, "gamma": 0.125}, "gamma = 0.001; yours gives"),
    ],
    "unreadable": [
        (lambda runs: (100.0, 0.001), "A dict is asked for"),
        (lambda runs: runs["loss"], "KeyError"),
    ],
}
