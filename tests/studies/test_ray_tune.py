"""Tests of tuneup_helpers.studies.readers.ray_tune, on what Ray Tune returned.

The stand-ins have the names and attributes of Ray's classes, which the course does not install.
"""

import json
import math
from pathlib import Path
from types import SimpleNamespace

import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import TrialState

from tuneup_helpers import diagnose, read_history, to_study
from tuneup_helpers.studies import Domain
from tuneup_helpers.studies.readers.ray_tune import _domain

RECORD = json.loads((Path(__file__).parent / "records" / "ray_results.json").read_text())


class ResultGrid:
    def __init__(self, results, metric, mode):
        self._results = [SimpleNamespace(**result) for result in results]
        self._experiment_analysis = SimpleNamespace(default_metric=metric, default_mode=mode)

    def __len__(self):
        return len(self._results)

    def __getitem__(self, i):
        return self._results[i]


def grid(metric="acc", mode="max", results=RECORD["results"]):
    return ResultGrid(results, metric, mode)


class Float:
    def __init__(self, lower, upper, sampler):
        self.lower, self.upper, self.sampler = lower, upper, sampler


class Integer(Float):
    pass


class _Uniform:
    pass


class _LogUniform:
    pass


class Quantized:
    def __init__(self, sampler, q):
        self.sampler, self.q = sampler, q


SPACE = {
    "lr": Float(1e-4, 1e-1, _LogUniform()),
    "units": Integer(8, 64, _Uniform()),
    "opt": {"name": SimpleNamespace(categories=["sgd", "adam"])},
    "g": {"grid_search": [1, 2]},
}


def test_trials_are_those_of_the_grid():
    study = to_study(grid())
    best = RECORD["best"]
    wanted = {"lr": best["lr"], "units": best["units"], "opt/name": best["opt"]["name"], "g": 1}
    assert study.best_params == wanted
    assert study.direction.name == "MAXIMIZE"
    assert len(study.trials) == len(RECORD["results"])
    failed = [t for t in study.trials if t.state == TrialState.FAIL]
    assert [t.user_attrs["error"] for t in failed] == ["RuntimeError: too wide"] * 2
    assert all(t.params["units"] >= 50 for t in failed)
    iterations = {t.state: set() for t in study.trials}
    for trial, result in zip(study.trials, RECORD["results"], strict=True):
        iterations[trial.state].add(result["metrics"].get("training_iteration"))
    assert iterations[TrialState.COMPLETE] == {4}
    assert iterations[TrialState.PRUNED] == {1}


def test_the_space_gives_the_ranges():
    trial = to_study(grid(), space=SPACE).trials[0]
    assert trial.distributions == {
        "lr": FloatDistribution(1e-4, 1e-1, log=True),
        "units": IntDistribution(8, 63),
        "opt/name": CategoricalDistribution(["sgd", "adam"]),
        "g": IntDistribution(1, 2),
    }
    assert diagnose(grid(), space=SPACE).looked_at
    with pytest.raises(ValueError, match=r"space does not describe the parameters \['units'\]"):
        to_study(grid(), space={k: v for k, v in SPACE.items() if k != "units"})


@pytest.mark.parametrize(
    ("spec", "domain"),
    [
        (Float(0, 1, _Uniform()), Domain(low=0, high=1)),
        (Float(2, 10, Quantized(_LogUniform(), 2)), Domain(low=2, high=10, log=True)),
        (Integer(2, 10, Quantized(_Uniform(), 2)), Domain(low=2, high=10)),
        (Integer(1, 10, _LogUniform()), Domain(low=1, high=9, log=True)),
        (Float(-math.inf, math.inf, _Uniform()), Domain()),
        (SimpleNamespace(func=len), Domain()),
        ({"grid_search": [1, 2]}, Domain(values=(1, 2))),
        (32, Domain(values=(32,))),
        ("adam", Domain(values=("adam",))),
    ],
)
def test_domains_of_ray(spec, domain):
    assert _domain("x", spec) == domain


def test_metric_and_direction():
    unnamed = grid(metric=None, mode=None)
    study = to_study(unnamed, metric="acc", direction="maximize")
    assert study.best_params == to_study(grid()).best_params
    with pytest.raises(ValueError, match=r"names no metric: choose with metric= one of \['acc'\]"):
        to_study(unnamed)
    with pytest.raises(ValueError, match=r"whether 'acc' is better if higher: pass direction="):
        to_study(unnamed, metric="acc")
    with pytest.raises(ValueError, match="has no metric='loss'"):
        to_study(grid(), metric="loss")
    with pytest.raises(ValueError, match="contradicts the search, which was told mode='max'"):
        to_study(grid(), direction="minimize")
    assert read_history(grid(mode="min")).direction == "minimize"


def test_empty_and_hopeless_grids():
    with pytest.raises(ValueError, match="empty"):
        to_study(grid(results=[]))
    failed = [result for result in RECORD["results"] if result["error"]]
    with pytest.raises(ValueError, match="all 2 trials failed"):
        to_study(grid(results=failed))
