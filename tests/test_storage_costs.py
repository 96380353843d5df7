"""The stored costs of storages are whole, and the script still measures what it says."""

import numpy as np
import optuna
import pytest

from tuneup_helpers import load_stored

pytest.importorskip("grpc")
pytest.importorskip("psycopg")


@pytest.fixture(scope="module")
def script(load_script):
    """Load the script that measures."""
    return load_script("make_storage_costs")


@pytest.fixture(scope="module")
def stored():
    return load_stored("storage_costs")


def test_everything_is_stored_and_positive(script, stored):
    names = {f"trial/{kind}" for kind in script.KINDS}
    names |= {f"{what}/{kind}" for kind in script.KINDS[1:] for what in ("first", "rate")}
    assert set(stored) == {*names, "sizes", "workers"}
    assert stored["sizes"].tolist() == list(script.SIZES)
    assert stored["workers"].tolist() == list(script.WORKERS)
    for name in names:
        assert stored[name].shape == (script.N_REPEATS, 3)
        assert stored[name].min() > 0
        if name.startswith("rate"):
            most = np.array(script.WORKERS) / script.PAUSE
            assert (stored[name] < most).all(), "fits of 50 ms allow no more"


def check_filled(script, kind):
    """Fill a storage as the script does, and read the study back with Optuna."""
    with script.storage(kind) as (address, url, _):
        opened = script.open_storage_of(address, url)
        study = optuna.create_study(study_name="growth", storage=opened)
        if url:
            script.fill_database(url, study._study_id, 0, 5)
            script.fill_database(url, study._study_id, 5, 7)
        else:
            script.fill_study(study, 0, 5)
            script.fill_study(study, 5, 7)
        study = optuna.load_study(study_name="growth", storage=script.open_storage(address))
        assert [trial.number for trial in study.trials] == list(range(7))
        assert all(set(trial.params) == set("abc") for trial in study.trials)
        assert all(trial.state == optuna.trial.TrialState.COMPLETE for trial in study.trials)
        assert 0 <= study.best_value <= 1
        study.optimize(script.objective, n_trials=1)
        assert study.trials[-1].number == 7
        first, trial = script.costs(lambda: script.open_storage(address), [], n_trials=3)
        assert 0 < first < 60
        assert 0 < trial < 10_000


@pytest.mark.parametrize("kind", ["journal", "SQLite"])
def test_a_file_is_filled_with_whole_trials(script, kind):
    check_filled(script, kind)


def test_a_server_is_filled_with_whole_trials(script, postgres_installed):
    check_filled(script, "PostgreSQL")


def test_a_race_counts_all_trials(script, tmp_path, monkeypatch):
    monkeypatch.setattr(script, "N_TRIALS", 3)
    with script.storage("journal") as (address, url, _):
        study = optuna.create_study(
            study_name="race", storage=script.open_storage_of(address, url)
        )
        assert 0 < script.rate(address, tmp_path, 2) < 2 / script.PAUSE
        assert len(study.trials) == 6
