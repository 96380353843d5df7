"""Measure how often `diagnose` cries wolf, and how often it sees what is there.

    python tools/false_alarms.py            # all, some five minutes
    python tools/false_alarms.py grids      # 300 healthy noisy grids
    python tools/false_alarms.py searches   # healthy searches of every kind
    python tools/false_alarms.py sick       # searches with a known ailment

For each finding it prints in how many searches it was made. Healthy searches have their optimum
inside the ranges, and a signal that is larger than the noise of a score; so a problem that is
found there is none. The rates stand in the docstring of `diagnose`.
"""

from __future__ import annotations

import argparse
import math
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
import optuna
from scipy import stats
from sklearn.datasets import (
    load_breast_cancer,
    load_diabetes,
    load_iris,
    load_wine,
    make_classification,
    make_friedman1,
)
from sklearn.ensemble import (
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression, Ridge
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    HalvingRandomSearchCV,
    KFold,
    RandomizedSearchCV,
    StratifiedKFold,
)
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from tuneup_helpers import diagnose, load_table
from tuneup_helpers.diagnosis import Diagnosis

LOG_C, LOG_GAMMA = stats.loguniform(1e-3, 1e4), stats.loguniform(1e-6, 1.0)
CANCER, WINE = load_breast_cancer(return_X_y=True), load_wine(return_X_y=True)
IRIS, DIABETES = load_iris(return_X_y=True), load_diabetes(return_X_y=True)
Case = tuple[str, Callable[[int], Diagnosis]]


# Healthy noisy grids


def noisy_grid(seed: int) -> Diagnosis:
    """Diagnose a grid of a smooth score with its optimum inside, and noise on each fold.

    The noise of a score is from a fiftieth to a third of what the grid spans. Half of the grids
    have scores on folds, which share how hard a fold is; the others only their means.
    """
    rng = np.random.default_rng(seed)
    n_values = rng.integers(4, 8, size=rng.integers(1, 4))
    names = ["C", "gamma", "degree"][: len(n_values)]
    grid = {name: np.logspace(-3, 3, n).tolist() for name, n in zip(names, n_values, strict=True)}
    optimum = rng.uniform(0.25, 0.75, len(names))
    weight = rng.uniform(0.3, 1, len(names))
    noise, n_folds = 0.1 * 10 ** rng.uniform(-1.7, -0.5), 5
    hardness = rng.normal(0, 0.02, n_folds)
    pairs = []
    for values in product(*grid.values()):
        place = (np.log10(values) + 3) / 6
        folds = 0.9 - 0.1 * (weight * (2 * (place - optimum)) ** 2).sum() + hardness
        folds = folds + rng.normal(0, noise * math.sqrt(n_folds), n_folds)
        pairs.append((dict(zip(names, values, strict=True)), folds))
    if seed % 2:
        means = [(params, folds.mean()) for params, folds in pairs]
        return diagnose(means, direction="maximize", space=grid)
    results = {"params": [params for params, _ in pairs]}
    results["mean_test_score"] = [folds.mean() for _, folds in pairs]
    for k in range(n_folds):
        results[f"split{k}_test_score"] = [folds[k] for _, folds in pairs]
    return diagnose(results, space=grid)


# Healthy searches of every kind


def svm() -> object:
    """Return a support vector machine on scaled columns."""
    return make_pipeline(StandardScaler(), SVC())


def logistic() -> object:
    """Return a logistic regression on scaled columns."""
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))


def near(model: object) -> object:
    """Put a scaler before a model."""
    return make_pipeline(StandardScaler(), model)


def made(seed: int, n: int = 300) -> tuple:
    """Make two classes that overlap."""
    return make_classification(n, 10, n_informative=5, class_sep=0.8, random_state=seed)


def friedman(seed: int) -> tuple:
    """Make Friedman's first regression problem."""
    return make_friedman1(200, n_features=6, noise=1.0, random_state=seed)


def linear_data(seed: int) -> tuple:
    """Make a linear relation with noise, of which most columns tell nothing."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(120, 30))
    return X, X[:, :8] @ rng.normal(size=8) + 3 * rng.normal(size=120)


def grid(model: object, space: dict, data: tuple, seed: int, **kwargs: object) -> Diagnosis:
    """Diagnose a grid search."""
    n_folds = kwargs.pop("n_folds", 5)
    kind = StratifiedKFold if len(set(data[1])) < 10 else KFold
    cv = kind(n_folds, shuffle=True, random_state=seed)
    return diagnose(GridSearchCV(model, space, cv=cv, **kwargs).fit(*data))


def draws(model: object, space: dict, data: tuple, seed: int, n: int = 20) -> Diagnosis:
    """Diagnose a random search."""
    search = RandomizedSearchCV(model, space, n_iter=n, cv=5, random_state=seed)
    return diagnose(search.fit(*data))


SVM_GRID = {"svc__C": np.logspace(-3, 4, 8), "svc__gamma": np.logspace(-6, 0, 7)}
SVM_DRAWS = {"svc__C": LOG_C, "svc__gamma": LOG_GAMMA}
GRIDS_AND_DRAWS: list[Case] = [
    ("grid, SVM, cancer", lambda s: grid(svm(), SVM_GRID, CANCER, s, n_folds=3)),
    ("grid, SVM, wine", lambda s: grid(svm(), SVM_GRID, WINE, s)),
    ("grid, SVM, made", lambda s: grid(svm(), SVM_GRID, made(s, 150), s)),
    ("grid, ridge, diabetes", lambda s: grid(Ridge(), {"alpha": np.logspace(-4, 3, 15)}, DIABETES, s)),
    ("grid, ridge, made", lambda s: grid(Ridge(), {"alpha": np.logspace(-3, 4, 15)}, linear_data(s), s)),
    ("grid, ridge, error", lambda s: grid(Ridge(), {"alpha": np.logspace(-3, 4, 15)}, linear_data(s), s, scoring="neg_mean_squared_error")),
    ("grid, lasso", lambda s: grid(Lasso(max_iter=5000), {"alpha": np.logspace(-3, 1.5, 13)}, linear_data(s), s)),
    ("grid, elastic net", lambda s: grid(ElasticNet(max_iter=5000), {"alpha": np.logspace(-3, 1.5, 10), "l1_ratio": [0.1, 0.5, 0.9]}, linear_data(s), s)),
    ("grid, logistic, cancer", lambda s: grid(logistic(), {"logisticregression__C": np.logspace(-4, 3, 15)}, CANCER, s)),
    ("grid, logistic, made", lambda s: grid(logistic(), {"logisticregression__C": np.logspace(-4, 3, 15)}, made(s), s)),
    ("grid, logistic, AUC", lambda s: grid(logistic(), {"logisticregression__C": np.logspace(-4, 3, 15)}, made(s), s, scoring="roc_auc")),
    ("grid, logistic, log loss", lambda s: grid(logistic(), {"logisticregression__C": np.logspace(-4, 3, 15)}, made(s), s, scoring="neg_log_loss")),
    ("grid, kNN, made", lambda s: grid(near(KNeighborsClassifier()), {"kneighborsclassifier__n_neighbors": range(1, 42, 2)}, made(s), s)),
    ("grid, kNN with p", lambda s: grid(near(KNeighborsRegressor()), {"kneighborsregressor__n_neighbors": range(1, 31, 2), "kneighborsregressor__p": [1, 2]}, DIABETES, s)),
    ("grid, kNN, iris", lambda s: grid(near(KNeighborsClassifier()), {"kneighborsclassifier__n_neighbors": range(1, 31)}, IRIS, s)),
    ("grid, tree", lambda s: grid(DecisionTreeRegressor(random_state=0), {"max_depth": range(1, 13), "min_samples_split": [2, 5, 10, 20, 40]}, friedman(s), s)),
    ("grid, tree, leaves", lambda s: grid(DecisionTreeClassifier(random_state=0), {"max_leaf_nodes": [2, 4, 8, 16, 32, 64]}, made(s), s)),
    ("grid, extra trees", lambda s: grid(ExtraTreesRegressor(15, random_state=0), {"min_samples_leaf": [1, 2, 4, 8, 16, 32], "max_features": [0.25, 0.5, 1.0]}, friedman(s), s)),
    ("grid, boosting", lambda s: grid(HistGradientBoostingClassifier(max_iter=30, random_state=0), {"learning_rate": [0.003, 0.01, 0.03, 0.1, 0.3, 1.0], "max_leaf_nodes": [2, 4, 8, 16]}, made(s), s, n_folds=3)),
    ("random, SVM, cancer", lambda s: draws(svm(), SVM_DRAWS, CANCER, s, 30)),
    ("random, SVM, wine", lambda s: draws(svm(), SVM_DRAWS, WINE, s, 40)),
    ("random, SVM, made", lambda s: draws(svm(), SVM_DRAWS, made(s), s, 40)),
    ("random, logistic", lambda s: draws(logistic(), {"logisticregression__C": stats.loguniform(1e-4, 1e3)}, made(s), s)),
    ("random, ridge", lambda s: draws(Ridge(), {"alpha": stats.loguniform(1e-3, 1e4)}, linear_data(s), s, 30)),
    ("random, kNN", lambda s: draws(near(KNeighborsClassifier()), {"kneighborsclassifier__n_neighbors": stats.randint(1, 50)}, made(s), s, 25)),
    ("random, tree", lambda s: draws(DecisionTreeClassifier(random_state=0), {"max_depth": stats.randint(1, 20), "min_samples_leaf": stats.randint(1, 40)}, made(s), s, 40)),
    ("random, forest", lambda s: draws(RandomForestClassifier(15, random_state=0), {"max_depth": stats.randint(1, 16), "max_features": stats.uniform(0.1, 0.9), "criterion": ["gini", "entropy"]}, made(s), s)),
    ("halving, grid", lambda s: diagnose(HalvingGridSearchCV(svm(), SVM_GRID, min_resources=60, random_state=s).fit(*CANCER))),
    ("halving, random", lambda s: diagnose(HalvingRandomSearchCV(svm(), SVM_DRAWS, random_state=s).fit(*CANCER))),
]  # fmt: skip


def bayes(model: object, space: dict, data: tuple, seed: int, n: int = 16) -> Diagnosis:
    """Diagnose a search by BayesSearchCV."""
    from skopt import BayesSearchCV

    kwargs = {"acq_func": "EI", "acq_optimizer": "sampling", "n_initial_points": 8}
    search = BayesSearchCV(model, space, n_iter=n, cv=5, random_state=seed, optimizer_kwargs=kwargs)
    return diagnose(search.fit(*data))


def gp(name: str, seed: int, n: int = 20) -> Diagnosis:
    """Diagnose a search of a replay table by gp_minimize."""
    from skopt import gp_minimize
    from skopt.space import Integer, Real

    table = load_table(name)
    numeric = {k: d for k, d in table.search_space.items() if getattr(d, "log", False)}
    fixed = {k: v for k, v in table.best.params.items() if k not in numeric}
    kinds = {k: Integer if isinstance(d.low, int) else Real for k, d in numeric.items()}
    space = [kinds[k](d.low, d.high, "log-uniform", name=k) for k, d in numeric.items()]
    return diagnose(
        gp_minimize(
            lambda x: 1 - table(fixed | dict(zip(numeric, x, strict=True))),
            space,
            n_calls=n,
            acq_func="EI",
            n_points=500,
            n_restarts_optimizer=1,
            random_state=seed,
        )
    )


def hyperopt(seed: int, *, whole: bool) -> Diagnosis:
    """Diagnose a search of the table of an SVM by Hyperopt."""
    from hyperopt import Trials, fmin, hp
    from hyperopt import tpe as suggest

    table, trials = load_table("svc_digits"), Trials()
    space = {"C": hp.loguniform("C", math.log(0.0101), math.log(999))}
    space["gamma"] = 10 ** hp.uniform("gamma", -3.99, 0.99)
    if whole:
        space = {
            "C": 10.0 ** (-2 + hp.randint("C", 6)),
            "gamma": hp.choice("gamma", np.logspace(-4, 1, 6).tolist()),
        }
    fmin(
        lambda p: 1 - table({k: float(v) for k, v in p.items()}),
        space,
        suggest.suggest,
        40,
        trials=trials,
        rstate=np.random.default_rng(seed),
        verbose=False,
        show_progressbar=False,
    )
    return diagnose(trials, space=space)


def study(
    name: str, sampler: object, n: int, *, folds: bool = True, **ranges: object
) -> optuna.Study:
    """Search a replay table; each trial keeps the scores on its folds if asked to."""
    table = load_table(name)
    found = optuna.create_study(direction="maximize", sampler=sampler)
    for _ in range(n):
        trial = found.ask(table.search_space | ranges)
        scores = table(trial.params, output="folds")
        if folds:
            trial.set_user_attr("folds", scores.tolist())
        found.tell(trial, scores.mean())
    return found


def own_loop(seed: int) -> Diagnosis:
    """Diagnose the list of pairs of a loop at random."""
    table, rng = load_table("svc_digits"), np.random.default_rng(seed)
    params = [{"C": 10 ** rng.uniform(-2, 3), "gamma": 10 ** rng.uniform(-4, 1)} for _ in range(50)]
    pairs = [(p, table(p)) for p in params]
    return diagnose(pairs, direction="maximize", space=table.search_space, n_rows=300)


SAMPLERS = {
    "random": lambda s: optuna.samplers.RandomSampler(seed=s),
    "TPE": lambda s: optuna.samplers.TPESampler(seed=s),
    "CMA-ES": lambda s: optuna.samplers.CmaEsSampler(seed=s),
    "quasi-random": lambda s: optuna.samplers.QMCSampler(seed=s, scramble=True),
}
LEARNERS: list[Case] = [
    ("BayesSearchCV, SVM", lambda s: bayes(svm(), {"svc__C": (1e-3, 1e4, "log-uniform"), "svc__gamma": (1e-6, 1.0, "log-uniform")}, CANCER, s)),
    ("BayesSearchCV, ridge", lambda s: bayes(Ridge(), {"alpha": (1e-3, 1e4, "log-uniform")}, linear_data(s), s)),
    ("gp_minimize, SVM", lambda s: gp("svc_digits", s)),
    ("gp_minimize, network", lambda s: gp("mlp_digits", s)),
    ("Hyperopt, ranges", lambda s: hyperopt(s, whole=False)),
    ("Hyperopt, whole numbers", lambda s: hyperopt(s, whole=True)),
    ("own loop", own_loop),
    *(
        (f"Optuna, {kind}, {table}", lambda s, k=kind, t=table: diagnose(study(t, SAMPLERS[k](s), 50)))
        for kind in SAMPLERS
        for table in ("svc_digits", "mlp_digits")
    ),
    ("Optuna, random, no folds", lambda s: diagnose(study("svc_digits", SAMPLERS["random"](s), 50, folds=False))),
    ("Optuna, TPE, no folds", lambda s: diagnose(study("svc_digits", SAMPLERS["TPE"](s), 50, folds=False))),
]  # fmt: skip
HEALTHY = GRIDS_AND_DRAWS + LEARNERS


# Sick searches: the ailment, and how many of them have it found


def coin_labels(seed: int) -> Diagnosis:
    """Search trees on labels that are shuffled."""
    rng = np.random.default_rng(seed)
    X, y = CANCER[0][:60], rng.permutation(CANCER[1][:60])
    space = {
        "max_depth": stats.randint(1, 12),
        "min_samples_leaf": stats.randint(1, 15),
        "max_features": stats.uniform(0.2, 0.8),
    }
    return draws(DecisionTreeClassifier(random_state=0), space, (X, y), seed, 60)


def coin_labels_in_a_grid(seed: int) -> Diagnosis:
    """Search an SVM on labels that are drawn."""
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(80, 20)), rng.integers(0, 2, 80)
    return grid(svm(), SVM_GRID, (X, y), seed)


def narrow_grid(seed: int) -> Diagnosis:
    """Search a grid whose C ends too early."""
    space = {"svc__C": [1e-3, 1e-2, 1e-1], "svc__gamma": np.logspace(-4, 0, 5)}
    return grid(svm(), space, CANCER, seed)


def narrow_study(sampler: str, seed: int) -> Diagnosis:
    """Search a table in a range of C that ends too early."""
    cut = optuna.distributions.FloatDistribution(1e-2, 0.1, log=True)
    return diagnose(study("svc_digits", SAMPLERS[sampler](seed), 60, C=cut))


def idle_in_a_grid(seed: int) -> Diagnosis:
    """Search a gamma that a linear kernel does not use."""
    model = near(SVC(kernel="linear"))
    space = {"svc__C": np.logspace(-4, 1, 6), "svc__gamma": np.logspace(-3, 0, 4)}
    return grid(model, space, made(seed, 150), seed, n_folds=3)


SICK: list[tuple[str, str, Callable[[int], Diagnosis]]] = [
    ("optimism", "coin labels, random search of trees", coin_labels),
    ("optimism", "coin labels, grid of an SVM", coin_labels_in_a_grid),
    ("edge", "range that ends too early, grid", narrow_grid),
    ("edge", "range that ends too early, random", lambda s: narrow_study("random", s)),
    ("edge", "range that ends too early, TPE", lambda s: narrow_study("TPE", s)),
    ("edge", "range that ends too early, CMA-ES", lambda s: narrow_study("CMA-ES", s)),
    ("unimportant", "gamma of a linear kernel, grid", idle_in_a_grid),
]


# Counting


def count(diagnoses: Iterator[Diagnosis]) -> tuple[int, Counter, int]:
    """Count the searches, those with each finding, and those with a problem."""
    n, found, with_problem = 0, Counter(), 0
    for diagnosis in diagnoses:
        n += 1
        found.update({f"{f.code} ({f.level})" for f in diagnosis})
        with_problem += any(f.level == "problem" for f in diagnosis)
    return n, found, with_problem


def report(title: str, diagnoses: Iterator[Diagnosis]) -> float:
    """Print the rate of each finding; return that of problems."""
    n, found, with_problem = count(diagnoses)
    print(f"{title}: {with_problem} of {n} have a problem ({with_problem / n:.1%})")
    for name, times in sorted(found.items()):
        print(f"  {name:24} {times:4} of {n} ({times / n:.1%})")
    return with_problem / n


def main() -> int:
    """Measure what was asked for; fail if more than one healthy search in twenty is accused."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", nargs="*", choices=["grids", "searches", "sick", []])
    parser.add_argument("--seeds", type=int, default=2, help="of each healthy search")
    parser.add_argument("--each", action="store_true", help="print each search that is accused")
    args = parser.parse_args()
    what = args.what or ["grids", "searches", "sick"]
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.simplefilter("ignore")
    rates = []
    if "grids" in what:
        rates.append(report("Healthy noisy grids", map(noisy_grid, range(300))))
    if "searches" in what:
        rates.append(report("Healthy searches", _healthy(args.seeds, each=args.each)))
    if "sick" in what:
        for code, name, run in SICK:
            hits = sum(code in {f.code for f in run(seed)} for seed in range(20))
            print(f"Sick, {name}: {code} in {hits} of 20")
    return int(any(rate > 0.05 for rate in rates))


def _healthy(n_seeds: int, *, each: bool) -> Iterator[Diagnosis]:
    for name, run in HEALTHY:
        for seed in range(n_seeds):
            diagnosis = run(seed)
            if each:
                for finding in diagnosis:
                    if finding.level == "problem":
                        print(f"  {name}, seed {seed}: {finding.code}: {finding.evidence}")
            yield diagnosis


if __name__ == "__main__":
    sys.exit(main())
