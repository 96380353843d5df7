"""Tests of tuneup_helpers.studies.readers.keras_tuner, on the files that KerasTuner wrote."""

import json
import math
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


EPOCHS = "tuner/epochs"


def build(hp):
    """Name a space; what is trained in it is a formula."""
    hp.Float("rate", 1e-4, 1e-1, sampling="log")
    hp.Choice("units", [16, 64])
    hp.Int("layers", 1, 3)


@pytest.fixture
def made(keras_on_jax, tmp_path):
    """Return a function that lets a real tuner search, without a network."""
    keras_tuner = pytest.importorskip("keras_tuner")

    def search(kind, direction="max", fails=(), **given):
        name = "val_accuracy" if direction == "max" else "val_loss"
        sign = 1 if direction == "max" else -1

        class Formula(getattr(keras_tuner, kind)):
            def run_trial(self, trial, *args, **kwargs):
                values = trial.hyperparameters.values
                if len(self.oracle.start_order) - 1 in fails:
                    raise ValueError("too wide")
                epochs = values.get(EPOCHS, 9)
                gap = (math.log10(values["rate"]) + 2) ** 2 + 0.1 * values["layers"]
                # The score of each epoch; more epochs are better.
                curve = [1 - 0.05 * gap - 0.2 / (epoch + 1) for epoch in range(epochs)]
                return {name: sign * max(curve)}

        tuner = Formula(
            build,
            keras_tuner.Objective(name, direction),
            seed=0,
            directory=tmp_path,
            project_name="project",
            max_consecutive_failed_trials=5,
            **given,
        )
        tuner.search(verbose=0)
        return tuner, tmp_path / "project"

    return search


@pytest.mark.filterwarnings("ignore:(currentThread|getName):DeprecationWarning")  # in its own code
@pytest.mark.parametrize("direction", ["max", "min"])
@pytest.mark.parametrize(
    ("kind", "given"),
    [("RandomSearch", {"max_trials": 12}), ("Hyperband", {"max_epochs": 9, "factor": 3})],
)
def test_what_a_real_tuner_wrote(made, kind, given, direction):
    fails = (2, 5)
    tuner, folder = made(kind, direction, fails, **given)
    best = tuner.oracle.get_best_trials()[0]
    params = {n: v for n, v in best.hyperparameters.values.items() if not n.startswith("tuner/")}
    for search in (tuner, folder):
        study = to_study(search)
        assert study.direction.name == {"max": "MAXIMIZE", "min": "MINIMIZE"}[direction]
        assert len(study.trials) == len(tuner.oracle.trials) >= 12
        assert study.best_value == pytest.approx(best.score)
        assert study.best_params == params
        assert set(params) == {"rate", "units", "layers"}
        failed = [t.number for t in study.trials if t.state == TrialState.FAIL]
        assert failed == [*fails]
        assert all("too wide" in study.trials[number].user_attrs["error"] for number in fails)
        assert "Trials that failed" in diagnose(search).looked_at
        complete = [
            t.user_attrs["trial_id"] for t in study.trials if t.state == TrialState.COMPLETE
        ]
        assert set(complete) == {
            trial.trial_id
            for trial in tuner.oracle.trials.values()
            if trial.status == "COMPLETED" and trial.hyperparameters.values.get(EPOCHS, 9) == 9
        }
        assert (len(complete) == len(study.trials) - 2) == (kind == "RandomSearch")


def test_a_path_without_trials(tmp_path):
    for path in (tmp_path, "no such folder"):
        with pytest.raises(ValueError, match="no trials of KerasTuner in .*: pass the folder"):
            to_study(path)
