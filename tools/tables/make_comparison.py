"""Compute comparison.npz: which cells the slower searches of chapter 10 try, seed by seed.

    python tools/tables/make_comparison.py                     # everything
    python tools/tables/make_comparison.py mlp_digits/TPE ms   # only these, keep the others

All searches see cells: a hyperparameter with n values is its position on the axis, from 0 to
n - 1. So nothing is interpolated, and neighbouring values stay neighbours. Optuna's samplers
are told that positions are whole numbers, and round by themselves (CMA-ES moves in between).
The GP searches the unit cube, each axis cut into n equal parts, and every point is moved to
the middle of its cell (`Cells.snap`). The file holds

- ``TABLE/METHOD``: the cells tried, one row of `N_TRIALS` for each seed. A cell is numbered as
  in ``table.params_at``, so score, test score and fit time can be looked up. A search may try a
  cell twice.
- ``shuffled/METHOD``: the same on `SHUFFLED` after its scores were dealt out again at random,
  with each seed in another way. The number is that of the cell whose score the search saw.
- ``ms/METHOD``: milliseconds of CPU for the first, the second, … suggestion of a search in
  five dimensions: medians over seeds, on one machine.

The cells come out the same again, the milliseconds do not. One thread; about 10 minutes.
"""

import sys
import time
from functools import partial

import numpy as np
import optuna
from make_bo_traces import hand_gp
from making import fill
from optuna.distributions import IntDistribution
from scipy.stats import norm

from tuneup_helpers import load_table

N_TRIALS = 64
N_SEEDS = 200
N_TIMED = 20
TABLES = ("mlp_digits", "svc_digits", "lgbm_adult")
SHUFFLED = "lgbm_adult"


class Cells:
    """The cells of a table, and which of them were tried.

    Calling it with positions on the axes gives a score. With an order, cell i has the score
    that the table has in cell ``order[i]``.
    """

    def __init__(self, table, order=None):
        self.shape = np.array(table.shape)
        self.scores = table.grid().ravel()
        self.order = np.arange(table.size) if order is None else order
        self.tried = []

    def __call__(self, positions):
        """Return the score of a cell."""
        cell = np.ravel_multi_index(tuple(positions), tuple(self.shape))
        self.tried.append(int(self.order[cell]))
        return float(self.scores[self.tried[-1]])

    def positions(self, u):
        """Return the positions of points of the unit cube, shape (..., d)."""
        return np.minimum(np.asarray(u) * self.shape, self.shape - 1).astype(int)

    def snap(self, u):
        """Move points of the unit cube, shape (..., d), into the middle of their cells."""
        return (self.positions(u) + 0.5) / self.shape


# The searches: each takes cells, a seed and a number of trials, and tries at least so many


def run_sampler(cells, seed, n_trials, make):
    """Search with a sampler of Optuna."""
    space = {f"axis {i}": IntDistribution(0, int(n) - 1) for i, n in enumerate(cells.shape)}
    study = optuna.create_study(direction="maximize", sampler=make(seed))
    for _ in range(n_trials):
        trial = study.ask(space)
        study.tell(trial, cells(trial.params[name] for name in space))


def run_tpe(cells, seed, n_trials):
    """Search with Optuna's TPE."""
    run_sampler(cells, seed, n_trials, lambda s: optuna.samplers.TPESampler(seed=s))


def run_cma(cells, seed, n_trials):
    """Search with Optuna's CMA-ES."""
    run_sampler(cells, seed, n_trials, lambda s: optuna.samplers.CmaEsSampler(seed=s))


def gp_suggest(X, y, cells, rng):
    """Return the candidate with the highest expected improvement, as in chapter 05.

    Candidates are the middles of cells, as are the trials: the model is told what was tried.
    """
    near = X[y.argmax()] + 0.05 * rng.normal(size=(100, X.shape[1]))
    candidates = cells.snap(np.vstack([rng.random((500, X.shape[1])), np.clip(near, 0, 1)]))
    settings = [(a, b) for a in np.geomspace(0.05, 2, 8) for b in (1e-6, 1e-4, 1e-2, 1.0)]
    length, noise = max(settings, key=lambda s: hand_gp(X, y, X[:1], *s)[0])
    _, mean, sd, best = hand_gp(X, y, candidates, length, noise)
    z = (mean - best) / sd
    return candidates[np.argmax(sd * (z * norm.cdf(z) + norm.pdf(z)))]


def run_gp(cells, seed, n_trials, clip=False):
    """Search with the GP of chapter 05, told at least the median score if `clip`."""
    rng = np.random.default_rng(seed)
    X = cells.snap(rng.random((10, len(cells.shape))))
    seen = [cells(p) for p in cells.positions(X)]
    while len(seen) < n_trials:
        y = np.array(seen)
        u = gp_suggest(X, np.maximum(y, np.median(y)) if clip else y, cells, rng)
        X = np.vstack([X, u])
        seen.append(cells(cells.positions(u)))


def run_gp_clipped(cells, seed, n_trials):
    """Search with the GP, told at least the median score."""
    run_gp(cells, seed, n_trials, clip=True)


METHODS = {
    "TPE": run_tpe,
    "CMA-ES": run_cma,
    "GP": run_gp,
    "GP, clipped": run_gp_clipped,
}


def table_of(name):
    """Return the table that ``TABLE/METHOD`` searches."""
    where = name.split("/")[0]
    return load_table(SHUFFLED if where == "shuffled" else where)


def search(name, seed, n_trials=N_TRIALS):
    """Run one search of ``TABLE/METHOD``; return the cells it tried."""
    where, method = name.split("/")
    table = table_of(name)
    order = np.random.default_rng(seed).permutation(table.size) if where == "shuffled" else None
    cells = Cells(table, order)
    METHODS[method](cells, seed, n_trials)
    return cells.tried[:n_trials]


def all_searches():
    """Return the names of all searches that are stored."""
    names = [f"{table}/{method}" for table in TABLES for method in METHODS]
    return [*names, *(f"shuffled/{method}" for method in METHODS if "clipped" not in method)]


class Timed(Cells):
    """Cells that note the CPU time whenever they are asked."""

    def __init__(self, table):
        super().__init__(table)
        self.clock = [time.process_time()]

    def __call__(self, positions):
        """Note the time and return the score."""
        self.clock.append(time.process_time())
        return super().__call__(positions)


def milliseconds(method):
    """Return the median CPU milliseconds of each suggestion, three digits."""
    spent = []
    for seed in range(N_TIMED + 1):
        cells = Timed(load_table("lgbm_adult"))
        METHODS[method](cells, seed, N_TRIALS)
        spent.append(1000 * np.diff(cells.clock)[:N_TRIALS])
    return np.array([float(f"{ms:.3g}") for ms in np.median(spent[1:], axis=0)])


def all_seeds(name):
    """Run ``TABLE/METHOD`` with every seed: what the file holds of it."""
    cells = np.array([search(name, seed) for seed in range(N_SEEDS)], dtype=np.uint16)
    table = table_of(name)
    best = np.maximum.accumulate(table.grid().ravel()[cells], axis=1).mean(axis=0)
    at_16, at_64 = 1000 * (table.best.score - best[[15, -1]])
    print(f"1000 × regret after 16 and 64 trials {at_16:.2f} {at_64:.2f}")
    return {name: cells}


def all_milliseconds():
    """Time every method."""
    return {f"ms/{method}": milliseconds(method) for method in METHODS}


def main(wanted):
    """Compute what is wanted, by default everything, and write it after each part."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    parts = {name: partial(all_seeds, name) for name in all_searches()}
    fill("comparison.npz", {**parts, "ms": all_milliseconds}, wanted)


if __name__ == "__main__":
    main(sys.argv[1:])
