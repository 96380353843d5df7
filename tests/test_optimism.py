"""The stored counts of chapter 09 are what the script computes, and what scikit-learn computes."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import (
    GridSearchCV,
    StratifiedKFold,
    cross_val_score,
    train_test_split,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tuneup_helpers import load_stored

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="module")
def script(load_script):
    """Load the script that computes the counts."""
    return load_script("make_optimism")


@pytest.fixture(scope="module")
def stored():
    return load_stored("optimism")


def almost_equal(counts, again):
    """Say whether counts agree; another processor may round a row to the other side."""
    away = np.abs(counts - again)
    return away.max() <= 1 and (away > 0).mean() < 0.02


def test_everything_is_stored_and_in_range(script, stored):
    n, rows = script.N_DATA_SETS, script.N_ROWS
    n_settings = len(script.SETTINGS)
    shapes = {
        "cancer/outer": (n, n_settings, 5),
        "cancer/inner": (n, n_settings, 5),
        "cancer/test": (n, n_settings),
        "noise/outer": (n, script.N_RBF, 5),
        "noise/inner": (n, script.N_RBF, 5),
    }
    assert {name: counts.shape for name, counts in stored.items()} == shapes
    assert (DATA / "optimism.npz").stat().st_size < 300_000
    for name in ("cancer", "noise"):
        assert stored[f"{name}/outer"].max() <= rows / 5
        assert stored[f"{name}/inner"].max() <= rows * 4 / 5
    assert stored["cancer/test"].max() <= 569 - rows
    # The first N_RBF settings are the machines with two hyperparameters, in the order of the grid.
    kernels = [getattr(model, "kernel", None) for model in script.SETTINGS]
    assert kernels == ["rbf"] * script.N_RBF + ["linear"] * 9 + [None] * 9


def test_a_sample_of_data_sets_again_with_pipelines(script, stored):
    rng = np.random.default_rng(9)
    X_all, y_all = load_breast_cancer(return_X_y=True)
    X_all = X_all[:, script.WEAK_COLUMNS]
    for seed in rng.choice(script.N_DATA_SETS, 2, replace=False).tolist():
        X, X_test, y, y_test = train_test_split(
            X_all, y_all, train_size=60, stratify=y_all, random_state=seed
        )
        X_noise = np.random.default_rng(seed).normal(size=(60, 7))
        y_noise = np.tile([0, 1], 30)
        cv = StratifiedKFold(n_splits=5, shuffle=True, random_state=seed)
        for k in [*rng.choice(script.N_RBF, 6, replace=False), 81, 89, 90, 98]:
            model = make_pipeline(StandardScaler(), clone(script.SETTINGS[k]))
            folds = cross_val_score(model, X, y, cv=cv) * 12
            assert almost_equal(stored["cancer/outer"][seed, k], folds.round())
            test = model.fit(X, y).score(X_test, y_test) * len(y_test)
            assert abs(stored["cancer/test"][seed, k] - test) < 1.5
            if k < script.N_RBF:
                folds = cross_val_score(model, X_noise, y_noise, cv=cv) * 12
                assert almost_equal(stored["noise/outer"][seed, k], folds.round())


@pytest.mark.parametrize("name", ["cancer", "noise"])
def test_the_inner_counts_are_those_of_a_search_on_the_outer_training_rows(script, stored, name):
    seed = 3
    X, y = script.noise_rows(seed) if name == "noise" else script.cancer_rows(seed)[::2]
    outer = StratifiedKFold(n_splits=5, shuffle=True, random_state=seed)
    inner = StratifiedKFold(n_splits=4, shuffle=True, random_state=seed)
    model = make_pipeline(StandardScaler(), clone(script.SETTINGS[0]))
    C, gamma = (script.GRID[hyperparameter] for hyperparameter in ("C", "gamma"))
    grid = {"svc__C": C[[2, 6]], "svc__gamma": gamma[[1, 4, 7]]}
    places = [9 * i + j for i in (2, 6) for j in (1, 4, 7)]
    for k, (rest, held_out) in enumerate(outer.split(X, y)):
        assert len(held_out) == 12
        search = GridSearchCV(model, grid, cv=inner).fit(X[rest], y[rest])
        right = search.cv_results_["mean_test_score"] * 48
        assert almost_equal(stored[f"{name}/inner"][seed, places, k], right.round())


def test_the_script_computes_what_is_stored(script, stored):
    seed = 11
    again = script.cross_validate(script.SETTINGS[81:], *script.cancer_rows(seed)[::2], seed)
    for part, counts in zip(("outer", "inner"), again, strict=True):
        assert almost_equal(stored[f"cancer/{part}"][seed, 81:], counts)


def test_on_noise_single_settings_are_right_half_of_the_time(stored):
    shares = stored["noise/outer"].sum(axis=2) / 60
    error = shares.mean(axis=1).std() / np.sqrt(len(shares))
    assert abs(shares.mean() - 0.5) < 4 * error + 0.01
