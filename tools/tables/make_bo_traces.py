"""Compute bo_traces.npz: what Bayesian optimization reaches, and what a suggestion costs.

    python tools/tables/make_bo_traces.py                              # everything
    python tools/tables/make_bo_traces.py "svc_digits/Optuna TPE" ms   # only these, keep the others

Searches by libraries are too slow to repeat over many seeds in a notebook, so this script
runs them once on the replay tables. The file holds

- ``TABLE/METHOD``: the best score so far, one row for each seed, in whole steps;
- ``SITUATION/METHOD``: the same on ``svc_digits`` made harder in one way (`situations`);
- ``steps``: the number of steps from 0 to 1;
- ``n_trials`` and ``ms/METHOD``: milliseconds of CPU for one suggestion after that many
  trials in five dimensions (NaN where it was not measured), on one machine.

The scores come out the same again, the milliseconds do not. One thread; about 25 minutes.
"""

import sys
import time
import warnings
from functools import partial

import hyperopt
import numpy as np
import optuna
import skopt
from hyperopt import hp
from hyperopt.pyll import scope
from making import STEPS, fill
from optuna.distributions import CategoricalDistribution, FloatDistribution
from scipy.linalg import cho_factor, cho_solve
from scipy.spatial.distance import cdist
from scipy.stats import norm

from tuneup_helpers import load_table

N_TRIALS = 50
N_HISTORY = (25, 50, 100, 200, 400, 800)


# What is searched


class Problem:
    """A replay table behind a search space.

    Calling it with parameters gives the score that the search sees; `worth` gives the one
    that counts. The two differ only where scores are noisy. Parameters that the table does
    not have are ignored.
    """

    def __init__(self, table, space=None, noisy=False):
        self.table, self.noisy = table, noisy
        self.space = {**table.search_space, **(space or {})}
        self.rng = np.random.default_rng(0)

    def __call__(self, params):
        """Return the score that the search sees."""
        if self.noisy:
            return float(self.rng.choice(self.table(self._known(params), output="folds")))
        return self.worth(params)

    def worth(self, params):
        """Return the score that counts."""
        return self.table(self._known(params))

    def _known(self, params):
        return {axis.name: params[axis.name] for axis in self.table.axes}

    def params(self, u):
        """Turn a point of the unit cube into parameters."""
        return {
            name: self._value(dist, x)
            for (name, dist), x in zip(self.space.items(), u, strict=True)
        }

    @staticmethod
    def _value(dist, x):
        if isinstance(dist, CategoricalDistribution):
            return dist.choices[min(int(x * len(dist.choices)), len(dist.choices) - 1)]
        if dist.log:
            value = np.exp(np.log(dist.low) + x * np.log(dist.high / dist.low))
        else:
            value = dist.low + x * (dist.high - dist.low)
        value = min(max(float(value), dist.low), dist.high)
        return value if isinstance(dist, FloatDistribution) else round(value)


def junk(n):
    """Add dimensions that do nothing."""
    return {f"junk_{i}": FloatDistribution(0, 1) for i in range(n)}


def situations():
    """Return the hard versions of ``svc_digits`` by name, and what TPE is told in each."""
    svc = load_table("svc_digits")
    gamma = svc.axes[1]
    linear = {axis.name: FloatDistribution(axis.low, axis.high) for axis in svc.axes}
    return {
        "18 junk dimensions": (Problem(svc, junk(18)), {}),
        "gamma as 41 categories": (
            Problem(svc, {"gamma": CategoricalDistribution(gamma.values)}),
            {},
        ),
        "one fold of 60 rows": (Problem(svc, noisy=True), {}),
        "10 workers": (Problem(svc), {"batch": 10}),
        "10 workers, no liar": (Problem(svc), {"batch": 10, "constant_liar": False}),
        "linear scales": (Problem(svc, linear), {}),
        "gamma at most 0.01": (
            Problem(svc, {"gamma": FloatDistribution(gamma.low, 0.01, log=True)}),
            {},
        ),
    }


# How it is searched: each takes a problem, a seed and a number of trials, and returns the
# parameters it tried and the scores it saw


def run_random(problem, seed, n_trials):
    """Search at random."""
    rng = np.random.default_rng(seed)
    tried = [problem.params(u) for u in rng.random((n_trials, len(problem.space)))]
    return tried, [problem(params) for params in tried]


def run_tpe(problem, seed, n_trials, batch=1, **options):
    """Search with Optuna; `batch` trials are asked for before any of them is told."""
    study = optuna.create_study(
        direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed, **options)
    )
    while len(study.trials) < n_trials:
        trials = [study.ask(problem.space) for _ in range(batch)]
        for trial in trials:
            study.tell(trial, problem(trial.params))
    return [trial.params for trial in study.trials], [trial.value for trial in study.trials]


def hyperopt_space(problem):
    """Write the search space as Hyperopt wants it, with logarithms of the bounds."""
    space = {}
    for name, dist in problem.space.items():
        low, high = np.log([dist.low, dist.high]) if dist.log else (dist.low, dist.high)
        if isinstance(dist, FloatDistribution):
            space[name] = (hp.loguniform if dist.log else hp.uniform)(name, low, high)
        else:
            space[name] = scope.int(hp.qloguniform(name, low, high, 1))
    return space


def run_hyperopt(problem, seed, n_trials, trials=None, algo=hyperopt.tpe.suggest):
    """Search with Hyperopt."""
    tried, seen = [], []

    def objective(params):
        # exp(log(high)) may be above high by a rounding error
        params = {
            n: min(max(v, problem.space[n].low), problem.space[n].high) for n, v in params.items()
        }
        tried.append(params)
        seen.append(problem(params))
        return -seen[-1]

    hyperopt.fmin(
        objective,
        hyperopt_space(problem),
        algo=algo,
        max_evals=n_trials,
        trials=trials,
        rstate=np.random.default_rng(seed),
        show_progressbar=False,
        verbose=False,
    )
    return tried, seen


def skopt_optimizer(problem, seed, **options):
    """Make what `skopt.gp_minimize` makes."""
    dimensions = []
    for name, dist in problem.space.items():
        make = skopt.space.Real if isinstance(dist, FloatDistribution) else skopt.space.Integer
        prior = "log-uniform" if dist.log else "uniform"
        dimensions.append(make(dist.low, dist.high, prior=prior, name=name))
    # What gp_minimize passes on by default: a GP with noise, acquisition "gp_hedge",
    # 10,000 candidates, five of them polished.
    gp = skopt.utils.cook_estimator(
        "GP",
        space=skopt.utils.normalize_dimensions(dimensions),
        random_state=np.random.RandomState(seed).randint(0, np.iinfo(np.int32).max),
        noise="gaussian",
    )
    return skopt.Optimizer(dimensions, gp, random_state=seed, **options)


def run_skopt(problem, seed, n_trials, **options):
    """Search with scikit-optimize."""
    optimizer = skopt_optimizer(problem, seed, **options)
    tried, seen = [], []
    for _ in range(n_trials):
        x = optimizer.ask()
        tried.append(dict(zip(problem.space, x, strict=True)))
        seen.append(problem(tried[-1]))
        optimizer.tell(x, -seen[-1])
    return tried, seen


def kernel(A, B, length):
    """Return the Matérn 5/2 kernel."""
    d = np.sqrt(5) * cdist(A, B) / length
    return (1 + d + d**2 / 3) * np.exp(-d)


def hand_gp(X, y, X_new, length, noise):
    """Return the evidence, mean and standard deviation at `X_new`, best score so far."""
    z = (y - y.mean()) / y.std()
    L = cho_factor(kernel(X, X, length) + noise * np.eye(len(X)), lower=True)
    evidence = -z @ cho_solve(L, z) / 2 - np.log(np.diag(L[0])).sum()
    K_new = kernel(X, X_new, length)
    mean = K_new.T @ cho_solve(L, z)
    variance = 1 - np.sum(K_new * cho_solve(L, K_new), axis=0)
    return evidence, mean, np.sqrt(np.maximum(variance, 1e-12)), z.max()


def hand_suggest(X, y, rng):
    """Return the candidate with the highest expected improvement."""
    near = X[y.argmax()] + 0.05 * rng.normal(size=(100, X.shape[1]))
    candidates = np.vstack([rng.random((500, X.shape[1])), np.clip(near, 0, 1)])
    settings = [
        (length, noise) for length in np.geomspace(0.05, 2, 8) for noise in (1e-6, 1e-4, 1e-2, 1.0)
    ]
    length, noise = max(settings, key=lambda s: hand_gp(X, y, X[:1], *s)[0])
    _, mean, sd, best = hand_gp(X, y, candidates, length, noise)
    z = (mean - best) / sd
    return candidates[np.argmax(sd * (z * norm.cdf(z) + norm.pdf(z)))]


def run_hand(problem, seed, n_trials, clip=False):
    """Search with the GP of chapter 05, told at least the median score if `clip`."""
    rng = np.random.default_rng(seed)
    X = rng.random((10, len(problem.space)))
    tried = [problem.params(u) for u in X]
    seen = [problem(params) for params in tried]
    while len(seen) < n_trials:
        y = np.array(seen)
        u = hand_suggest(X, np.maximum(y, np.median(y)) if clip else y, rng)
        X = np.vstack([X, u])
        tried.append(problem.params(u))
        seen.append(problem(tried[-1]))
    return tried, seen


CHEAP = {"acq_func": "EI", "acq_optimizer_kwargs": {"n_points": 1000, "n_restarts_optimizer": 2}}
METHODS = {  # name: (function, options, seeds)
    "Optuna TPE": (run_tpe, {}, 200),
    "Optuna TPE, univariate": (run_tpe, {"multivariate": False}, 200),
    "Hyperopt TPE": (run_hyperopt, {}, 200),
    "hand-written GP": (run_hand, {}, 100),
    "hand-written GP, clipped": (run_hand, {"clip": True}, 100),
    "skopt GP, cheap": (run_skopt, CHEAP, 20),
    "skopt GP": (run_skopt, {}, 20),
}


def trace(problem, method, seed, n_trials=N_TRIALS, **more):
    """Run one search; return the worth of its best trial so far, in steps."""
    run, options, _ = METHODS[method] if method != "random" else (run_random, {}, 200)
    problem.rng = np.random.default_rng(seed)
    tried, seen = run(problem, seed, n_trials, **options, **more)
    leader = [int(np.argmax(seen[: i + 1])) for i in range(n_trials)]
    return [round(problem.worth(tried[i]) * STEPS) for i in leader]


def all_traces():
    """Yield the name, the problem and the method of every search that is stored."""
    plan = {
        "svc_digits": list(METHODS),
        "lgbm_adult": [m for m in METHODS if "univariate" not in m and "cheap" not in m],
        "mlp_digits": ["hand-written GP", "hand-written GP, clipped"],
    }
    for table, methods in plan.items():
        for method in methods:
            seeds = METHODS[method][2]
            yield f"{table}/{method}", Problem(load_table(table)), method, {}, range(seeds)
    for name, (problem, options) in situations().items():
        yield f"{name}/Optuna TPE", problem, "Optuna TPE", options, range(200)
        if "batch" not in options:
            yield f"{name}/random", problem, "random", {}, range(200)
            if "categories" not in name:
                yield f"{name}/hand-written GP", problem, "hand-written GP", {}, range(100)
        if "junk" in name:
            yield f"{name}/skopt GP, cheap", problem, "skopt GP, cheap", {}, range(20)


# What a suggestion costs


def milliseconds(n_trials):
    """Return CPU milliseconds for a suggestion after `n_trials` random trials, by method."""
    problem = Problem(load_table("lgbm_adult"))
    rng = np.random.default_rng(n_trials)
    X = rng.random((n_trials, len(problem.space)))
    tried = [problem.params(u) for u in X]
    y = np.array([problem(params) for params in tried])
    costs = {}

    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=0))
    make = optuna.trial.create_trial
    study.add_trials(
        [
            make(params=p, distributions=problem.space, value=v)
            for p, v in zip(tried, y, strict=True)
        ]
    )
    costs["Optuna TPE"] = _median(
        lambda: study.tell(trial := study.ask(problem.space), problem(trial.params)), 15
    )

    trials = hyperopt.Trials()
    run_hyperopt(problem, 0, n_trials, trials, hyperopt.rand.suggest)
    costs["Hyperopt TPE"] = (
        _median(lambda: run_hyperopt(problem, 0, len(trials) + 5, trials), 5) / 5
    )

    costs["hand-written GP"] = _median(lambda: hand_suggest(X, y, rng), 5)

    for name, options, most in (("skopt GP", {}, 200), ("skopt GP, cheap", CHEAP, 400)):
        if n_trials <= most:
            optimizer = skopt_optimizer(problem, 0, **options)
            optimizer.tell([list(params.values()) for params in tried], list(-y))
            costs[name] = _median(lambda o=optimizer: o.tell(x := o.ask(), -_at(problem, x)), 5)
    return costs


def cost_curves():
    """Return milliseconds of CPU for one suggestion, by method."""
    curves = {"n_trials": np.array(N_HISTORY)}
    for i, n_trials in enumerate(N_HISTORY):
        for method, cost in milliseconds(n_trials).items():
            row = curves.setdefault(f"ms/{method}", np.full(len(N_HISTORY), np.nan))
            row[i] = float(f"{cost:.3g}")
        print(n_trials, {name: row[i] for name, row in curves.items()}, flush=True)
    return curves


def _at(problem, x):
    return problem(dict(zip(problem.space, x, strict=True)))


def _median(do, repeats):
    """Return the median CPU milliseconds of a call; the first one is not counted."""
    spent = []
    do()
    for _ in range(repeats):
        start = time.process_time()
        do()
        spent.append(1000 * (time.process_time() - start))
    return float(np.median(spent))


def all_seeds(name, problem, method, options, seeds):
    """Run a search with every seed: what the file holds of it."""
    rows = [trace(problem, method, seed, **options) for seed in seeds]
    regret = 1000 * (problem.table.best.score - np.mean(rows, axis=0) / STEPS)
    print(f"1000 × regret after 20 and 50 trials {regret[19]:.2f} {regret[-1]:.2f}")
    return {name: np.array(rows, dtype=np.uint16)}


def main(wanted):
    """Compute what is wanted, by default everything, and write it after each part."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    # skopt draws another point at random where whole numbers make it repeat itself, and says so.
    warnings.filterwarnings("ignore", message="The objective has been evaluated at point")
    parts = {search[0]: partial(all_seeds, *search) for search in all_traces()}
    fill("bo_traces.npz", {"ms": cost_curves, **parts}, wanted, steps=STEPS)


if __name__ == "__main__":
    main(sys.argv[1:])
