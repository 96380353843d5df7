"""Tests of tuneup_helpers.studies.hints: what to pass instead of what is no search."""

import numpy as np
import optuna
import pytest
from hyperopt import Trials, fmin, hp, rand
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from tuneup_helpers import diagnose, to_study

X, y = load_iris(return_X_y=True)


def search():
    return GridSearchCV(SVC(), {"C": [0.1, 1, 10]}, cv=2)


def quiet_study(**kwargs):
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(**kwargs)
    study.optimize(lambda trial: [trial.suggest_float("x", 0, 1)] * len(study.directions), 3)
    return study


def hint(thing, match, **kwargs):
    for function in (to_study, diagnose):
        with pytest.raises(TypeError, match=match):
            function(thing, **kwargs)


def test_inner_searches_of_a_nested_cross_validation():
    outer = cross_validate(search(), X, y, cv=2, return_estimator=True)
    match = r"list of 2 searches \(GridSearchCV\); only one can be read at a time: pass search\[0\]"
    hint(outer["estimator"], match)
    hint(outer["estimator"], match, direction="maximize")
    hint(np.array(outer["estimator"], dtype=object), match)
    hint(outer, r"result of a cross_validate.*pass search\['estimator'\]\[0\]")
    assert to_study(outer["estimator"][0]).best_value > 0.9
    piped = cross_validate(
        make_pipeline(StandardScaler(), search()), X, y, cv=2, return_estimator=True
    )
    inner = r"search\[0\].named_steps\['gridsearchcv'\]"
    hint(piped["estimator"], f"list of 2 pipelines with a search inside.*pass {inner}")
    hint(piped["estimator"][0], r"pipeline around a search: pass search.named_steps\['grid")


def test_lists_of_studies_and_of_trials():
    study = quiet_study()
    hint([study, study], r"list of 2 searches \(Study\)")
    hint(study.trials, "pass the study itself, study instead of study.trials")
    hint(study.trials, "pass the study itself", direction="minimize")
    hint(study.best_trial, "one trial of Optuna: pass its study")


class OptunaSearchCV:
    """Stands in for the class of optuna-integration."""


class GAFeatureSelectionCV:
    """Stands in for the class of sklearn-genetic-opt."""


class Run:
    """Stands in for a run of MLflow."""


class ExperimentAnalysis:
    """Stands in for the class of Ray Tune."""


def test_other_things_that_stand_near_to_a_search():
    hint(OptunaSearchCV(), r"OptunaSearchCV, which keeps an Optuna study: pass search.study_")
    hint(GAFeatureSelectionCV(), "chooses columns, not hyperparameters")
    hint([Run(), Run()], r"pass the table of mlflow.search_runs\(\.\.\.\)")
    hint(ExperimentAnalysis(), r"pass ResultGrid\(search\)")
    hint(GridSearchCV, "the class GridSearchCV itself: pass what it made, fitted")
    hint(RandomForestClassifier(), "RandomForestClassifier, a model: pass the search")
    hint({"C": 1.0}, "dict of settings, which has no scores")


def test_an_optimizer_of_scikit_optimize_at_work():
    from skopt import Optimizer

    optimizer = Optimizer([(0.0, 1.0)], "RF", n_initial_points=2, random_state=0)
    for _ in range(3):
        x = optimizer.ask()
        optimizer.tell(x, x[0])
    hint(optimizer, r"pass search.get_result\(\)")
    assert to_study(optimizer.get_result()).trials


def test_a_study_with_several_objectives_is_read_one_at_a_time():
    study = quiet_study(directions=["maximize", "minimize"])
    with pytest.raises(ValueError, match="2 objectives: choose one with metric=, a number from 0"):
        diagnose(study)
    assert diagnose(study, metric=0).looked_at
    first, second = to_study(study, metric=0), to_study(study, metric=1)
    assert [s.direction.name for s in (first, second)] == ["MAXIMIZE", "MINIMIZE"]
    values = [trial.values[0] for trial in study.trials]
    assert [t.value for t in first.trials] == values
    assert (first.best_value, second.best_value) == (max(values), min(values))
    assert first.best_trial.distributions == study.trials[0].distributions
    with pytest.warns(optuna.exceptions.ExperimentalWarning):
        study.set_metric_names(["accuracy", "seconds"])
    assert to_study(study, metric="seconds").direction.name == "MINIMIZE"
    for wrong in ("f1", 2, -1, True):
        with pytest.raises(ValueError, match=r"is none of them; choose.*\['accuracy', 'seconds'\]"):
            to_study(study, metric=wrong)
    with pytest.raises(ValueError, match="contradicts"):
        to_study(study, metric="seconds", direction="maximize")


def test_a_metric_of_a_study_with_one_objective():
    study = quiet_study()
    for function in (to_study, diagnose):
        with pytest.raises(ValueError, match="this one has a single value: leave metric out"):
            function(study, metric="accuracy")
    assert to_study(study, metric=0).best_value == study.best_value


def test_dicts_in_lists_and_lists_in_dicts():
    rows = [{"C": 1, "score": 0.5}, {"C": 2, "score": 0.6}]
    hint(rows, r"pass pandas.DataFrame\(search\) with metric= and direction=")
    hint(rows, "pandas.DataFrame", direction="maximize")
    hint({"C": [1, 2], "score": np.array([0.5, 0.6])}, r"dict of columns: pass pandas.DataFrame")
    hint({"hidden": [16, 16]}, "dict of settings")
    fitted = search().fit(X, y)
    hint({"svc": fitted, "again": fitted}, r"dict of 2 searches.*pass search\['svc'\]")
    hint(zip([{"C": 1}], [0.5], strict=True), r"pass list\(search\)", direction="maximize")
    trials = Trials()
    options = {"show_progressbar": False, "verbose": False}
    fmin(lambda x: x, hp.uniform("x", 0, 1), rand.suggest, 3, trials=trials, **options)
    hint(trials.trials, "list of Hyperopt's documents: pass the Trials")
    hint(trials.results, "list of Hyperopt's results.*pass the Trials")


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("sqlite:///study.db", "optuna.load_study"),
        ("postgresql://me@host/studies", "optuna.load_study"),
        ("search.pkl", "joblib.load"),
        ("trials.CSV", "pandas.read_csv"),
    ],
)
def test_names_of_files(name, step):
    with pytest.raises(ValueError, match=step):
        to_study(name)
