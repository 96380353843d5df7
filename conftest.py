"""Settings for the whole test run: one thread each, offline, same look everywhere."""

import os
import shutil
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
OFFLINE = str(HERE / "tests" / "offline")

sys.path.append(str(HERE))
from course import SETTINGS  # noqa: E402

for name, value in SETTINGS.items():
    os.environ.setdefault(name, value)

# Child processes (kernels, snippets, servers) take the guard from PYTHONPATH; this one from
# the import.
if OFFLINE not in os.environ.get("PYTHONPATH", "").split(os.pathsep):
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, [OFFLINE, os.environ.get("PYTHONPATH")])
    )
sys.path.insert(0, OFFLINE)
import sitecustomize  # noqa: E402

if Path(sitecustomize.__file__).parent != Path(OFFLINE):
    sys.modules.pop("sitecustomize")
    import sitecustomize


# What takes seconds, or recomputes: `make test-fast` leaves it out.
SLOW = {
    "test_bo_traces.py": ["test_a_sample_of_searches_run_again"],
    "test_diagnosis.py": [
        "test_a_range_that_does_nothing_in_a_random_search",
        "test_best_at_the_edge_in_other_sources",
        "test_conditional_parameters_and_several_metrics",
        "test_false_alarms_are_rare_over_many_seeds",
        "test_no_alarm_on_a_healthy_search",
        "test_optimism_on_labels_without_signal",
        "test_ties_over_the_whole_range",
    ],
    "test_diagnosis_rules.py": ["test_a_long_search_takes_no_time"],
    "test_fashion_by_rows.py": ["test_a_network_comes_out_about_the_same"],
    "test_keras_tuner.py": ["test_what_a_real_tuner_wrote"],
    "test_networks.py": [
        "test_a_network_that_overflows_is_told_by_its_loss",
        "test_a_rate_for_each_batch_is_a_schedule_of_keras",
        "test_each_network_learns_what_keras_learns",
        "test_other_random_numbers_go_on_as_they_were",
        "test_penalties_count_in_the_training_loss",
        "test_the_same_numbers_twice_and_alone",
    ],
    "test_notebooks.py": [
        "test_pictures_are_described",
        "test_the_clinic_runs_without_keras",
    ],
    "test_optimism.py": ["test_the_script_computes_what_is_stored"],
    "test_replay.py": [
        "test_a_sample_of_cells_recomputed_for_real",
        "test_between_keras_networks_the_error_is_below_the_fold_noise",
        "test_interpolation_error_near_the_optimum_is_below_the_fold_noise",
        "test_keras_networks_recomputed_for_real",
    ],
    "test_reviews_by_rows.py": ["test_a_network_comes_out_about_the_same"],
    "test_snippets.py": ["test_snippet_runs_alone_and_without_warnings"],
    "test_tools.py": [
        "test_a_notebook_that_fails_is_not_written",
        "test_a_picture_is_described_by_what_its_titles_say_when_it_is_drawn",
        "test_a_second_execution_stores_the_same_bytes",
        "test_cells_that_only_draw_or_assert_are_stored_folded",
        "test_claims_are_counted_one_by_one_over_seeds",
        "test_claims_that_hold_pass_and_an_error_does_not",
    ],
    "test_tuner_searches.py": ["test_a_tuner_search_runs_again"],
}


def pytest_collection_modifyitems(items):
    """Mark the slow tests."""
    for item in items:
        name = getattr(item, "originalname", None) or item.name
        if name in SLOW.get(item.path.name, ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def keras_on_jax():
    """Keras, where the group `deep` is installed; `make test` installs it."""
    pytest.importorskip("jax")
    return pytest.importorskip("keras")


@pytest.fixture
def scratch_course(tmp_path):
    """Make a checkout of its own, in a folder with an awkward name, that uses this environment."""
    folder = tmp_path / "Tüne Up (copy)"
    leave = (".*", "my_course", "tests", "__pycache__", "*.egg-info", "build")
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns(*leave), symlinks=True)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder
