"""Tests of tuneup_helpers.studies.readers.cv_results: results without their search."""

import io

import pandas as pd
import pytest
from scipy import stats
from sklearn.datasets import load_iris
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV, RandomizedSearchCV
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from tuneup_helpers import diagnose, to_study

X, y = load_iris(return_X_y=True)
GRID = {"C": [0.001, 0.01, 0.1, 1], "kernel": ["rbf", "linear"]}


@pytest.fixture(scope="module")
def search():
    return GridSearchCV(SVC(), GRID, cv=3).fit(X, y)


def same(study, other):
    assert [t.params for t in study.trials] == [t.params for t in other.trials]
    assert [t.value for t in study.trials] == pytest.approx([t.value for t in other.trials])
    assert study.best_params == other.best_params
    assert study.direction == other.direction


def test_a_dict_and_a_table_are_read_like_the_search(search):
    whole = to_study(search)
    for results in (search.cv_results_, pd.DataFrame(search.cv_results_)):
        study = to_study(results)
        same(study, whole)
        assert [t.distributions for t in study.trials] == [t.distributions for t in whole.trials]
        folds = [t.user_attrs["folds"] for t in study.trials]
        assert folds == [t.user_attrs["folds"] for t in whole.trials]
        assert {f.code for f in diagnose(results)} == {f.code for f in diagnose(search)}


def test_a_file_is_read_back(search):
    text = pd.DataFrame(search.cv_results_).to_csv()
    same(to_study(pd.read_csv(io.StringIO(text))), to_study(search))
    without = pd.read_csv(io.StringIO(text)).drop(columns="params")
    same(to_study(without), to_study(search))


def test_a_sorted_table_keeps_its_own_order(search):
    frame = pd.DataFrame(search.cv_results_).sort_values("rank_test_score")
    study = to_study(frame)
    assert study.best_trial.number == 0
    assert study.best_params == search.best_params_


def test_conditional_grids_leave_cells_empty():
    grid = [{"kernel": ["rbf"], "gamma": [0.1, 1.0]}, {"kernel": ["poly"], "degree": [2, 3]}]
    search = GridSearchCV(SVC(), grid, cv=2).fit(X, y)
    text = pd.DataFrame(search.cv_results_).drop(columns="params").to_csv(index=False)
    same(to_study(pd.read_csv(io.StringIO(text))), to_study(search))


def test_halving_and_random_searches():
    model, grid = DecisionTreeClassifier(random_state=0), {"max_depth": [1, 2, 3, 4]}
    halving = HalvingGridSearchCV(model, grid, cv=2, factor=2, random_state=0).fit(X, y)
    study = to_study(halving.cv_results_)
    assert [t.state for t in study.trials] == [t.state for t in to_study(halving).trials]
    space = {"C": stats.loguniform(0.1, 10)}
    random = RandomizedSearchCV(SVC(), space, n_iter=5, cv=2, random_state=0).fit(X, y)
    same(to_study(random.cv_results_, space=space), to_study(random))
    assert diagnose(random.cv_results_).not_looked_at["Best at the edge"]


def test_scores_and_directions():
    model = SVC()
    search = GridSearchCV(model, GRID, cv=2, scoring=["accuracy", "f1_macro"], refit=False)
    results = search.fit(X, y).cv_results_
    study = to_study(results, metric="f1_macro")
    assert [t.value for t in study.trials] == results["mean_test_f1_macro"].tolist()
    with pytest.raises(ValueError, match=r"several scores: choose with metric= one of \['accuracy"):
        to_study(results)
    with pytest.raises(ValueError, match=r"no metric='r2': choose with metric= one of"):
        to_study(results, metric="r2")
    assert to_study(results, metric="accuracy", direction="minimize").direction.name == "MINIMIZE"


def test_only_what_is_needed():
    results = {"params": [{"C": 1.0}, {"C": 2.0}], "mean_test_score": [0.5, 0.7]}
    study = to_study(results)
    assert study.best_params == {"C": 2.0}
    with pytest.raises(TypeError, match=r"dict without a mean_test_ score.*cv_results_ as it is"):
        to_study({"params": [{"C": 1.0}], "score": [1.0]})
    with pytest.raises(ValueError, match="empty"):
        to_study({"params": [], "mean_test_score": []})
    frame = pd.DataFrame({"params": ["{'m': SVC()}"], "mean_test_score": [0.5]})
    with pytest.raises(ValueError, match="keep its columns param_"):
        to_study(frame)
