"""Tests of tuneup_helpers.studies.readers.mlflow_runs, on what MLflow wrote."""

from pathlib import Path

import pandas as pd
import pytest
from optuna.trial import TrialState

from tuneup_helpers import read_history, to_study
from tuneup_helpers.studies.readers.mlflow_runs import _parse

FILE = Path(__file__).parent / "records" / "mlflow_runs.csv"


def runs():
    """The table as ``search_runs`` returns it: parameters are text, times are times."""
    texts = {c: str for c in pd.read_csv(FILE, nrows=1).columns if c.startswith("params.")}
    return pd.read_csv(
        FILE,
        dtype=texts,
        parse_dates=["start_time", "end_time"],
        keep_default_na=False,
        na_values=[""],
    )


def test_runs_become_trials_the_first_one_first():
    frame = runs()
    study = to_study(frame, metric="accuracy", direction="maximize")
    children = frame[frame["tags.mlflow.parentRunId"].notna()].sort_values("start_time")
    assert len(study.trials) == len(children) == 8
    assert [t.params["C"] for t in study.trials] == [float(C) for C in children["params.C"]]
    failed = [t.state == TrialState.FAIL for t in study.trials]
    assert failed == (children["status"] == "FAILED").tolist()
    assert sum(failed) == 1
    best = children.loc[children["metrics.accuracy"].idxmax()]
    assert study.best_value == best["metrics.accuracy"]
    assert study.best_params["kernel"] == best["params.kernel"]
    assert {type(t.params["degree"]) for t in study.trials} == {int}
    assert all(("gamma" in t.params) == (t.params["kernel"] == "rbf") for t in study.trials)
    took = (children["end_time"] - children["start_time"]).dt.total_seconds()
    assert [t.duration.total_seconds() for t in study.trials] == pytest.approx(took.tolist())


def test_names_with_their_prefix_and_the_other_metric():
    losses = to_study(runs(), metric="metrics.loss", direction="minimize")
    assert losses.direction.name == "MINIMIZE"
    history = read_history(runs(), metric="loss", direction="minimize")
    assert (history.metric, history.source) == ("loss", "mlflow.search_runs")


def test_runs_that_have_not_ended_are_left_out():
    frame = runs()
    last = frame["start_time"].idxmax()
    frame.loc[last, "status"] = "RUNNING"
    assert len(to_study(frame, metric="accuracy", direction="maximize").trials) == 7


def test_errors_say_what_to_pass():
    with pytest.raises(ValueError, match=r"metric= one of \['accuracy', 'loss'\]"):
        to_study(runs(), direction="maximize")
    with pytest.raises(ValueError, match="table of MLflow does not say which scores are good"):
        to_study(runs(), metric="accuracy")
    one = runs().drop(columns="metrics.loss")
    assert to_study(one, direction="maximize").user_attrs["metric"] == "accuracy"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("-3", -3),
        ("0.5", 0.5),
        ("1e-3", 0.001),
        ("True", True),
        ("None", None),
        ("(16, 32)", (16, 32)),
        ("[1, 2]", [1, 2]),
        ("(a, b)", "(a, b)"),
        ("rbf", "rbf"),
    ],
)
def test_text_becomes_what_it_was(text, value):
    assert _parse(text) == value
    assert type(_parse(text)) is type(value)
