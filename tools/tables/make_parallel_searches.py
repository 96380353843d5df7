"""Compute parallel_searches.npz: which cells a search tries when many workers ask at once.

    python tools/tables/make_parallel_searches.py                              # everything
    python tools/tables/make_parallel_searches.py "mlp_digits/TPE/16 workers"  # only this one

Workers are simulated: a trial lasts as long as its cell's stored fit time, and whoever is free
asks at once. The sampler knows the trials that have ended by then, and which are still running.
The file holds

- ``TABLE/METHOD/N workers``: the cells tried, in the order in which they were asked for, one row
  of `N_TRIALS` for each seed, numbered as in ``table.params_at``. When each trial ended follows
  from the fit times (`end_times`), so it is not stored.

A method that "ignores" what runs sees only finished trials: TPE with ``constant_liar=False``, or
the Gaussian process of chapter 05 without its believer. The believer tells the process its own
mean for each running trial. One thread; about five minutes.
"""

import heapq
import sys
from functools import partial

import numpy as np
import optuna
from make_bo_traces import hand_gp
from make_comparison import Cells
from making import fill
from optuna.distributions import IntDistribution
from scipy.stats import norm

from tuneup_helpers import load_table

N_TRIALS = 128
N_SEEDS = {"TPE": 60, "TPE, ignores": 60, "GP": 40, "GP, ignores": 40}
WORKERS = {
    "mlp_digits/TPE": (1, 4, 16, 64),
    "mlp_digits/TPE, ignores": (16, 64),
    "mlp_digits/GP": (1, 16),
    "mlp_digits/GP, ignores": (16,),
    "lgbm_adult/TPE": (1, 16, 64),
    "lgbm_adult/TPE, ignores": (16,),
}
SETTINGS = [(a, b) for a in np.geomspace(0.05, 2, 8) for b in (1e-6, 1e-4, 1e-2, 1.0)]
N_RANDOM = 10  # with how many random trials the Gaussian process begins


def end_times(seconds, n_workers):
    """Return when each trial ends if the worker that is free first takes the next.

    Parameters
    ----------
    seconds : sequence of float
        What each trial takes, in the order in which they begin.
    n_workers : int

    Returns
    -------
    list of float
    """
    free = [0.0] * n_workers
    ends = []
    for each in seconds:
        ends.append(heapq.heappop(free) + each)
        heapq.heappush(free, ends[-1])
    return ends


class Optuna:
    """Ask and tell a sampler of Optuna; running trials are its own business."""

    def __init__(self, cells, make_sampler):
        self.cells = cells
        names = [f"axis {i}" for i in range(len(cells.shape))]
        ranges = [IntDistribution(0, int(n) - 1) for n in cells.shape]
        self.space = dict(zip(names, ranges, strict=True))
        self.study = optuna.create_study(direction="maximize", sampler=make_sampler())

    def ask(self):
        """Return a trial and the positions it asks for."""
        trial = self.study.ask(self.space)
        return trial, [trial.params[name] for name in self.space]

    def tell(self, trial, score):
        """Tell the score of a trial."""
        self.study.tell(trial, score)


class Process:
    """Ask and tell the Gaussian process of chapter 05; it may know what runs."""

    def __init__(self, cells, seed, believes):
        self.cells, self.believes = cells, believes
        self.rng = np.random.default_rng(seed)
        self.first = list(cells.snap(self.rng.random((N_RANDOM, len(cells.shape)))))
        self.running, self.done = {}, []
        self.asked = 0

    def ask(self):
        """Return the number of a trial and the positions it asks for."""
        if self.first:
            u = self.first.pop(0)
        elif len(self.done) < N_RANDOM:  # not enough is known: at random
            u = self.cells.snap(self.rng.random(len(self.cells.shape)))
        else:
            u = self.suggest()
        self.asked += 1
        self.running[self.asked] = u
        return self.asked, self.cells.positions(u)

    def suggest(self):
        """Return where the expected improvement is highest."""
        X = np.array([u for u, _ in self.done])
        y = np.array([score for _, score in self.done])
        y = np.maximum(y, np.median(y))  # as in chapter 05: bad scores are all alike
        length, noise = max(SETTINGS, key=lambda each: hand_gp(X, y, X[:1], *each)[0])
        if self.believes and self.running:
            here = np.array(list(self.running.values()))
            _, mean, _, _ = hand_gp(X, y, here, length, noise)
            X, y = np.vstack([X, here]), np.append(y, y.mean() + y.std() * mean)
        near = X[y.argmax()] + 0.05 * self.rng.normal(size=(100, X.shape[1]))
        anywhere = self.rng.random((500, X.shape[1]))
        candidates = self.cells.snap(np.vstack([anywhere, np.clip(near, 0, 1)]))
        _, mean, sd, best = hand_gp(X, y, candidates, length, noise)
        z = (mean - best) / sd
        return candidates[np.argmax(sd * (z * norm.cdf(z) + norm.pdf(z)))]

    def tell(self, number, score):
        """Tell the score of a trial."""
        self.done.append((self.running.pop(number), score))


def make_search(method, cells, seed):
    """Return what can be asked and told."""
    if method.startswith("GP"):
        return Process(cells, seed, believes="ignores" not in method)
    options = {"constant_liar": "ignores" not in method}
    return Optuna(cells, lambda: optuna.samplers.TPESampler(seed=seed, **options))


def search(name, seed, n_trials=N_TRIALS):
    """Run one search of ``TABLE/METHOD/N workers``; return the cells it tried."""
    title, method, workers = name.split("/")
    table = load_table(title)
    seconds = table.grid("fit_time").ravel()
    cells = Cells(table)
    study = make_search(method, cells, seed)
    free, busy = [0.0] * int(workers.split()[0]), []
    for k in range(n_trials):
        now = heapq.heappop(free)
        while busy and busy[0][0] <= now:
            _, _, trial, score = heapq.heappop(busy)
            study.tell(trial, score)
        trial, positions = study.ask()
        score = cells(positions)
        end = now + seconds[cells.tried[-1]]
        heapq.heappush(busy, (end, k, trial, score))
        heapq.heappush(free, end)
    return cells.tried


def all_searches():
    """Return the names of all searches that are stored."""
    return [f"{what}/{n} workers" for what, numbers in WORKERS.items() for n in numbers]


def all_seeds(name):
    """Run ``TABLE/METHOD/N workers`` with every seed: what the file holds of it."""
    seeds = range(N_SEEDS[name.split("/")[1]])
    cells = np.array([search(name, seed) for seed in seeds], dtype=np.uint16)
    table = load_table(name.split("/")[0])
    best = np.maximum.accumulate(table.grid().ravel()[cells], axis=1).mean(axis=0)
    at = 1000 * (table.best.score - best[[19, 63, -1]])
    print("1000 × regret after 20, 64 and 128 trials", *(f"{each:.2f}" for each in at))
    return {name: cells}


def main(wanted):
    """Compute what is wanted, by default everything, and write it after each part."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    parts = {name: partial(all_seeds, name) for name in all_searches()}
    fill("parallel_searches.npz", parts, wanted)


if __name__ == "__main__":
    main(sys.argv[1:])
