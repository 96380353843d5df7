"""The stored searches of chapter 05 are what the script computes."""

from pathlib import Path

import numpy as np
import pytest

from tuneup_helpers import load_stored, load_table

DATA = Path(__file__).parent.parent / "data"
N_SAMPLE = 20  # trials: enough for every method to have left its random start


@pytest.fixture(scope="module")
def script(load_script):
    """Load the script that computes the traces."""
    return load_script("make_bo_traces")


@pytest.fixture(scope="module")
def traces():
    return load_stored("bo_traces")


def test_everything_that_the_script_makes_is_stored(script, traces):
    searches = {name: len(seeds) for name, *_, seeds in script.all_traces()}
    costs = {name for name in traces if name == "n_trials" or name.startswith("ms/")}
    assert searches.keys() == traces.keys() - costs
    for name, n_seeds in searches.items():
        assert traces[name].shape == (n_seeds, script.N_TRIALS)
        assert traces[name] * script.STEPS == pytest.approx(np.rint(traces[name] * script.STEPS))


def test_scores_are_best_so_far_and_below_the_optimum(script, traces):
    for name, problem, *_ in script.all_traces():
        assert traces[name].max() <= problem.table.best.score + 0.5 / script.STEPS
        if not problem.noisy:  # a noisy search may take a worse trial for the best
            assert (np.diff(traces[name], axis=1) >= 0).all()
    assert len({row.tobytes() for row in traces["svc_digits/Optuna TPE"]}) == 200


def test_a_sample_of_searches_run_again(script, traces):
    rng = np.random.default_rng(7)
    searches = [s for s in script.all_traces() if s[2] != "skopt GP"]  # slow; "cheap" is its code
    others = []
    for name, problem, method, options, seeds in searches:
        seed = int(rng.choice(seeds))
        again = script.trace(problem, method, seed, N_SAMPLE, **options)
        steps = np.rint(traces[name][seed][:N_SAMPLE] * script.STEPS)
        if not np.allclose(again, steps, rtol=0, atol=1):
            others.append((name, seed))
    # Another processor rounds differently, which may send a search elsewhere.
    assert len(others) <= len(searches) / 5, others


def test_costs_grow_and_are_known_where_measured(traces):
    for name in (name for name in traces if name.startswith("ms/")):
        known = traces[name][np.isfinite(traces[name])]
        assert len(known) >= 4
        assert (known > 0).all()
        assert known[-1] > known[0]


def test_random_search_is_the_tables_own(script, traces):
    name = "18 junk dimensions/random"  # junk changes nothing for random search
    table = load_table("svc_digits")
    points = np.random.default_rng(0).random((2000, 50, 2))
    C, gamma = 1e-2 * 1e5 ** points[..., 0], 1e-4 * 1e5 ** points[..., 1]
    scores = table({"C": C.ravel().clip(1e-2, 1e3), "gamma": gamma.ravel().clip(1e-4, 10)})
    best = np.maximum.accumulate(scores.reshape(2000, 50), axis=1).mean(axis=0)
    stored = traces[name]
    error = stored.std(axis=0) / np.sqrt(len(stored))
    assert (abs(stored.mean(axis=0) - best) < 5 * error + 1e-4).all()


def test_the_file_is_small():
    assert (DATA / "bo_traces.npz").stat().st_size < 200_000
