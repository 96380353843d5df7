"""Tests of tuneup_helpers.studies.readers.keras_tuner, on the files that KerasTuner wrote."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import TrialState

from tuneup_helpers import diagnose, read_history, to_study

FOLDER = Path(__file__).parent / "records" / "keras_tuner"
STATES = [json.loads(f.read_text()) for f in sorted(FOLDER.glob("trial_*/trial.json"))]
BEST = max(STATES, key=lambda state: state["score"])


class Tuner:
    """Stands in for a tuner: an oracle with trials, each of which knows its state."""

    def __init__(self, states, name="val_accuracy", direction="max"):
        trials = {
            s["trial_id"]: SimpleNamespace(
                hyperparameters=SimpleNamespace(values=s["hyperparameters"]["values"]),
                get_state=lambda s=s: s,
            )
            for s in states
        }
        objective = SimpleNamespace(name=name, direction=direction)
        self.oracle = SimpleNamespace(trials=trials, objective=objective, start_order=[*trials])


@pytest.mark.parametrize(
    "search",
    [
        FOLDER,
        str(FOLDER),
        FOLDER / "oracle.json",
        FOLDER / "trial_00",
        FOLDER / "trial_00" / "trial.json",
        Tuner(STATES),
        Tuner(STATES).oracle,
    ],
)
def test_a_folder_and_a_tuner_are_read_alike(search):
    study = to_study(search)
    assert study.direction.name == "MAXIMIZE"
    assert study.user_attrs["metric"] == "val_accuracy"
    assert study.best_params == BEST["hyperparameters"]["values"]
    assert study.best_value == BEST["score"]
    assert [t.params for t in study.trials] == [s["hyperparameters"]["values"] for s in STATES]
    assert study.best_trial.distributions | {"rate": None} == {
        "lr": FloatDistribution(1e-4, 1e-1, log=True),
        "units": IntDistribution(8, 64),
        "activation": CategoricalDistribution(["relu", "tanh"]),
        "dropout": CategoricalDistribution([False, True]),
        "batch": IntDistribution(32, 32),
        "rate": None,
    }
    assert diagnose(search).looked_at


def test_another_metric():
    study = to_study(FOLDER, metric="val_loss")
    assert study.direction.name == "MINIMIZE"
    assert study.best_value == pytest.approx(1 - BEST["score"])
    with pytest.raises(ValueError, match=r"metric='f1' is unknown.*\['val_accuracy', 'val_loss'\]"):
        to_study(FOLDER, metric="f1")
    with pytest.raises(ValueError, match="contradicts the tuner, which wants to maximize"):
        to_study(FOLDER, direction="minimize")


def changed(number, **changes):
    return [s | changes if i == number else s for i, s in enumerate(STATES)]


def test_trials_that_failed_or_have_not_ended():
    failed = changed(3, status="FAILED", score=None, message="Traceback:\nValueError: too wide\n")
    trial = to_study(Tuner(failed)).trials[3]
    assert trial.state == TrialState.FAIL
    assert trial.user_attrs["error"] == "ValueError: too wide"
    assert len(to_study(Tuner(changed(3, status="RUNNING", score=None))).trials) == 11


def test_hyperband_gives_some_more_epochs(tmp_path):
    states = json.loads(json.dumps(STATES))
    for i, state in enumerate(states):
        values = state["hyperparameters"]["values"]
        values |= {"tuner/epochs": 8 if state["trial_id"] == BEST["trial_id"] else 2}
        values |= {"tuner/bracket": i % 2}
    study = to_study(Tuner(states))
    assert [t.state == TrialState.COMPLETE for t in study.trials] == [
        s["trial_id"] == BEST["trial_id"] for s in states
    ]
    assert not any(name.startswith("tuner/") for t in study.trials for name in t.params)
    assert read_history(Tuner(states)).records[0].resource == 2


def test_files_that_do_not_say_what_the_objective_was(tmp_path):
    shutil.copytree(FOLDER / "trial_00", tmp_path / "trial_00")
    file = tmp_path / "trial_00" / "trial.json"
    state = json.loads(file.read_text())
    state["metrics"]["metrics"]["again"] = state["metrics"]["metrics"]["val_accuracy"]
    file.write_text(json.dumps(state))
    with pytest.raises(ValueError, match=r"do not say which metric.*\['again', 'val_accuracy', "):
        to_study(tmp_path)
    assert to_study(tmp_path, metric="again").best_value == state["score"]


def test_a_path_without_trials(tmp_path):
    for path in (tmp_path, "no such folder"):
        with pytest.raises(ValueError, match="no trials of KerasTuner in .*: pass the folder"):
            to_study(path)
