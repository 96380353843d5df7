"""Compute tuner_searches.npz: what KerasTuner's Bayesian optimization tries, seed by seed.

    python tools/tables/make_tuner_searches.py

Each search sees the cells of ``keras_digits``: every hyperparameter is a choice among the values
of its axis, which KerasTuner keeps in order. The file holds

- ``BayesianOptimization``: as it comes, with three random trials for each hyperparameter;
- ``BayesianOptimization, 5 random``: with ``num_initial_points=5``.

Each is the cells tried, one row of `N_TRIALS` for each seed, numbered as in ``table.params_at``.
One thread, the group ``deep`` (KerasTuner 1.4.8); about 15 minutes.
"""

import os
import sys
import tempfile
import warnings
from functools import partial

import numpy as np
from making import fill
from sklearn.exceptions import ConvergenceWarning

from tuneup_helpers import load_table

N_TRIALS = 30
N_SEEDS = 40
# KerasTuner draws trial k of seed s + d like trial k + 1 of seed s, in d dimensions: far apart.
SEED_STEP = 1000
OPTIONS = {
    "BayesianOptimization": {},
    "BayesianOptimization, 5 random": {"num_initial_points": 5},
}


def search(name, seed, n_trials=N_TRIALS):
    """Run one search; return the cells it tried."""
    os.environ.setdefault("KERAS_BACKEND", "jax")
    import keras_tuner as kt

    table = load_table("keras_digits")
    scores = table.grid()

    class Replay(kt.BayesianOptimization):
        """Look the score up in place of training."""

        def _populate_initial_space(self):
            space = self.oracle.get_space()
            for axis in table.axes:
                space.Choice(axis.name, axis.values)
            self.oracle.update_space(space)

        def run_trial(self, trial, **fit_options):
            return {"val_accuracy": float(scores[place(trial)])}

    def place(trial):
        values = trial.hyperparameters.values
        return tuple(axis.values.index(values[axis.name]) for axis in table.axes)

    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "currentThread|getName", DeprecationWarning)
        warnings.filterwarnings("ignore", category=ConvergenceWarning)
        tuner = Replay(
            objective=kt.Objective("val_accuracy", "max"),
            max_trials=n_trials,
            seed=1 + SEED_STEP * seed,
            directory=folder,
            **OPTIONS[name],
        )
        tuner.search(verbose=0)
        places = [place(tuner.oracle.trials[i]) for i in tuner.oracle.start_order]
    return [int(np.ravel_multi_index(at, table.shape)) for at in places]


def all_seeds(name):
    """Run a search with every seed: what the file holds of it."""
    cells = np.array([search(name, seed) for seed in range(N_SEEDS)], dtype=np.uint16)
    table = load_table("keras_digits")
    best = np.maximum.accumulate(table.grid().ravel()[cells], axis=1).mean(axis=0)
    at_15, at_30 = 1000 * (table.best.score - best[[14, -1]])
    print(f"1000 × regret after 15 and {N_TRIALS} trials {at_15:.2f} {at_30:.2f}")
    return {name: cells}


def main(wanted):
    """Compute what is wanted, by default everything, and write it after each part."""
    fill("tuner_searches.npz", {name: partial(all_seeds, name) for name in OPTIONS}, wanted)


if __name__ == "__main__":
    main(sys.argv[1:])
