"""Exercises of chapter 16, tracking."""

import json

from tuneup_helpers.exercises import Wrong, call, choice, dictionary, exercise, number, sequence


@exercise(
    "16.1",
    hints=[
        "The names of both: `logged.keys() | now.keys()` is a set of them.",
        "`logged.get(name)` is None where there is no such fact, and raises nothing.",
        "`sorted(n for n in logged.keys() | now.keys() if logged.get(n) != now.get(n))`",
    ],
)
def _(answer):
    logged = {
        "python": "3.11.7",
        "data": "8c1f",
        "packages": {"numpy": "2.4.6"},
        "code": "77aa",
        "machine": "Linux x86_64",
    }
    now = {
        "threads": "1",
        "machine": "Linux x86_64",
        "packages": {"numpy": "2.5.0"},
        "data": "02b7",
        "python": "3.11.7",
    }
    right = ["code", "data", "packages", "threads"]
    got = [str(each) for each in sequence(call(answer, logged, now), "A list of names")]
    if got != right:
        said = {
            ("machine", "python"): "Those are the facts that are the same.",
            ("data", "packages"): "Those differ. But a fact that only one of the two knows has "
            "changed, too.",
            ("code", "data", "packages"): "A fact that only `now` knows has changed, too.",
            ("data", "packages", "threads"): "A fact that only `logged` knows has changed, too.",
            ("code", "threads"): "Those are the facts that only one of the two knows. And where "
            "the values differ?",
        }
        if sorted(got) == right:
            raise Wrong("Those are the names. Put them into alphabetical order.")
        if sorted(set(got)) == right:
            raise Wrong("Each name once.")
        raise Wrong(said.get(tuple(sorted(got)), f"Here the names should be {right}, not {got}."))
    if sequence(call(answer, now, now), "A list of names"):
        raise Wrong("If nothing has changed, return an empty list.")
    return "Now a rerun can tell you why it is different, not only that it is."


choice(
    "16.2",
    right="a",
    because="Two digits are the smallest of the four, by far. The other three deal other rows to the "
    "folds and batches, or start from other weights.",
    wrong={
        "b": "Other weights at the start and other batches lead to another network. Digits of the "
        "parameters hardly change the way it takes.",
        "c": "The folds are dealt by position. In another order, other rows meet in a fold.",
        "d": "Other folds are other rows to train on and other rows to score.",
    },
    hints=[
        "Which of the four leaves the network nearly the same, and which makes another one?",
        "The rows that train and those that score: who decides which they are?",
    ],
)


@exercise(
    "16.3",
    hints=[
        "`text.splitlines()` gives the lines. Only the last one needs care.",
        "A `try` around `json.loads(line)`; in `except json.JSONDecodeError`, ask whether it was the "
        "last line, and if not, `raise`.",
        "`for i, line in enumerate(lines):` and in the `except`: `if i < len(lines) - 1: raise`",
    ],
)
def _(answer):
    trials = [{"number": n, "params": {"C": 10.0**n}, "losses": [0.25, 0.5]} for n in range(4)]
    whole = "".join(json.dumps(trial) + "\n" for trial in trials)
    cases = [
        ("a complete log", whole, trials),
        ("half a line at the end", whole[:-30], trials[:3]),
        ("no line end after the last trial", whole[:-1], trials),
        ("an empty file", "", []),
    ]
    for what, text, right in cases:
        try:
            got = sequence(call(answer, text), "A list of trials")
        except Exception as error:
            if isinstance(error.__cause__, json.JSONDecodeError):
                raise Wrong(f"With {what} yours raises the error of json.loads.") from None
            raise
        if got == right:
            continue
        if got and all(isinstance(each, str) for each in got):
            raise Wrong("Those are lines of text. `json.loads` turns each into a dictionary.")
        if what == "no line end after the last trial" and got == trials[:3]:
            raise Wrong(
                "The last line may lack its line end and be complete: leave it out only if it "
                "cannot be read."
            )
        if what == "a complete log" and got == trials[:3]:
            raise Wrong("Here the last line is complete, and yours leaves it out.")
        raise Wrong(f"With {what} there are {len(right)} trials; yours returns {len(got)}.")
    lines = whole.splitlines(keepends=True)
    damaged = lines[0] + lines[1][:20] + "\n" + "".join(lines[2:])
    try:
        answer(damaged)
    except ValueError:
        return "It forgives what a crash leaves behind, and nothing else."
    except Exception as error:
        raise Wrong(
            f"Damage in the middle should show as the error of json.loads, not as "
            f"{type(error).__name__}."
        ) from error
    raise Wrong(
        "A damaged line in the middle goes unnoticed. No crash leaves one there: let the error through."
    )


def _runs():
    """Return a table as `search_runs` does: a parent, and children in all states."""
    import pandas as pd

    children = [
        ("FINISHED", 0.50, "0.1", "0.01"),
        ("FINISHED", 0.20, "100.0", "0.001"),
        ("FINISHED", 0.90, "1e-05", "1.0"),
        ("FAILED", 0.05, "7.0", "0.5"),
        ("RUNNING", None, "3.0", "0.25"),
    ]
    rows = [
        {
            "run_id": "p",
            "status": "FINISHED",
            "metrics.loss": 0.20,
            "params.C": "5.0",
            "params.gamma": "0.125",
            "tags.mlflow.parentRunId": None,
        }
    ]
    for i, (status, loss, C, gamma) in enumerate(children):
        rows.append(
            {
                "run_id": f"c{i}",
                "status": status,
                "metrics.loss": loss,
                "params.C": C,
                "params.gamma": gamma,
                "tags.mlflow.parentRunId": "p",
            }
        )
    return pd.DataFrame(rows)


@exercise(
    "16.4",
    hints=[
        "Two conditions: a child has `tags.mlflow.parentRunId`, and its status is FINISHED.",
        '`row = ended.loc[ended["metrics.loss"].idxmin()]` is the best of those that are left.',
        'A loop over `"C"` and `"gamma"` with `float(row["params." + name])`.',
    ],
)
def _(answer):
    got = dictionary(call(answer, _runs()), "the parameters of the best trial")
    got = {str(name): value for name, value in got.items()}
    if any(name.startswith("params.") for name in got):
        raise Wrong("The names are C and gamma: take `params.` off.")
    if set(got) != {"C", "gamma"}:
        raise Wrong(f"The parameters are C and gamma; yours has {', '.join(got) or 'none'}.")
    if any(isinstance(value, str) for value in got.values()):
        raise Wrong("Those are texts, as MLflow keeps them. Turn them into numbers.")
    C = number(got["C"], "the value of C")
    mistakes = {
        5.0: "That is the parent: it holds the search, and is no trial.",
        7.0: "That trial failed: its loss is what it had logged when it broke off.",
        1e-5: "That is the trial with the largest loss.",
        0.1: "That is the first trial, not the best.",
        3.0: "That trial is still running, or was killed: it has no loss.",
    }
    if C in mistakes:
        raise Wrong(mistakes[C])
    if (C, number(got["gamma"], "the value of gamma")) != (100.0, 0.001):
        raise Wrong(f"Here the best trial has C = 100 and gamma = 0.001; yours gives {got}.")
    return "A finished child with the smallest loss, as numbers again."


choice(
    "16.5",
    right="b",
    because="One parent and the five best candidates: `max_tuning_runs=5` is the default.",
    wrong={
        "a": "There is a run for the search. But under it there are some more.",
        "c": "Each of the twelve would be logged only with `max_tuning_runs=None`.",
        "d": "So it would be with `max_tuning_runs=None`: a parent and all its candidates.",
    },
    hints=[
        "There is a parent for the search. How many children does it get by default?",
        "Look up `max_tuning_runs` in the documentation of `mlflow.sklearn.autolog`.",
    ],
)

choice(
    "16.6",
    right="b",
    because="The parameters were in the database when the process died. Nobody was left to write that it "
    "had ended.",
    wrong={
        "a": "Each call of MLflow writes to the database at once, and the parameters were logged before.",
        "c": "FAILED is written by the process itself, when an exception leaves the `with`. A killed "
        "process raises none.",
    },
    hints=[
        "When is a parameter written: when it is logged, or when the run ends?",
        "Who would write that a run has ended, if its process is gone?",
    ],
)
