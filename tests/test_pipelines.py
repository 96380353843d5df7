import pytest
from sklearn.model_selection import GridSearchCV, cross_val_score

from tuneup_helpers import load_adult
from tuneup_helpers.datasets import digits_split
from tuneup_helpers.pipelines import adult_pipeline, digits_svm


def test_adult_pipeline_beats_guessing_and_takes_unseen_categories_and_missing_values():
    X, y = load_adult(1000)
    model = adult_pipeline(num_leaves=7)
    assert cross_val_score(model, X, y, scoring="roc_auc").mean() > 0.85
    new = X.head(5).copy()
    new["occupation"] = "Astronaut"
    new.loc[0, "workclass"] = None
    assert model.fit(X, y).predict_proba(new).shape == (5, 2)
    assert model["model"].get_params()["num_leaves"] == 7


def test_adult_pipeline_is_the_same_twice_and_uses_one_thread():
    X, y = load_adult(500)
    first, second = (adult_pipeline().fit(X, y).predict_proba(X) for _ in range(2))
    assert (first == second).all()
    assert adult_pipeline()["model"].n_jobs == 1


def test_a_name_that_lightgbm_does_not_have_is_refused():
    with pytest.raises(ValueError, match="LGBMClassifier has no hyperparameter .'leaves'."):
        adult_pipeline(leaves=7)


def test_digits_svm_can_be_searched():
    X_train, X_test, y_train, y_test = digits_split()
    search = GridSearchCV(digits_svm(), {"svc__C": [0.01, 1], "svc__gamma": [0.4]})
    assert search.fit(X_train, y_train).best_params_["svc__C"] == 1
    assert search.score(X_test, y_test) > 0.85
