"""Tests of tuneup_helpers.diagnosis: healthy searches of every library, and sick ones.

The healthy searches are real: on tables whose optimum is known to lie inside, or on small data
with a model for which the ranges are sensible.
"""

import html
import math
import re
import subprocess
import sys
import warnings

import numpy as np
import optuna
import pytest
from optuna.distributions import FloatDistribution, IntDistribution
from scipy import stats
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_wine
from sklearn.ensemble import BaggingClassifier, RandomForestClassifier
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.linear_model import LogisticRegression, Ridge, SGDClassifier
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    HalvingRandomSearchCV,
    KFold,
    RandomizedSearchCV,
    ShuffleSplit,
    StratifiedKFold,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from tuneup_helpers import Diagnosis, Finding, diagnose, load_table
from tuneup_helpers.diagnosis import diagnosing
from tuneup_helpers.diagnosis.findings import FINDINGS
from tuneup_helpers.studies import read_history

CANCER = load_breast_cancer(return_X_y=True)
LOG_C, LOG_GAMMA = stats.loguniform(1e-3, 1e4), stats.loguniform(1e-6, 1)


def svm():
    return make_pipeline(StandardScaler(), SVC())


def codes(search, **kwargs):
    return {finding.code for finding in diagnose(search, **kwargs)}


def the(code, search, **kwargs):
    """The evidence of the findings with this code, of which there is at least one."""
    found = [finding for finding in diagnose(search, **kwargs) if finding.code == code]
    assert found, code
    title = FINDINGS[code].title
    assert {(f.title, f.link) for f in found} == {
        (title, f"clinic.ipynb#{title.replace(' ', '-')}")
    }
    return " / ".join(f.evidence for f in found)


def optuna_search(objective, space, sampler, n, folds=True):
    """Run a study; the objective returns the score on each fold."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    for _ in range(n):
        trial = study.ask(space)
        scores = np.ravel(objective(trial.params))
        if folds:
            trial.set_user_attr("folds", scores.tolist())
        study.tell(trial, scores.mean())
    return study


def replay(name, sampler, n, *, folds=True, **ranges):
    table = load_table(name)
    space = table.search_space | ranges
    return optuna_search(lambda p: table(p, output="folds"), space, sampler, n, folds)


def tpe(seed=0):
    return optuna.samplers.TPESampler(seed=seed)


def draw(seed=0):
    return optuna.samplers.RandomSampler(seed=seed)


def cma(seed=0):
    return optuna.samplers.CmaEsSampler(seed=seed)


# Healthy searches


def grid_of_an_svm(seed):
    grid = {"svc__C": np.logspace(-3, 4, 8), "svc__gamma": np.logspace(-6, 0, 7)}
    cv = StratifiedKFold(5, shuffle=True, random_state=seed)
    return GridSearchCV(svm(), grid, cv=cv).fit(*CANCER)


def grid_of_a_ridge(seed):
    X, y = load_diabetes(return_X_y=True)
    cv = KFold(5, shuffle=True, random_state=seed)
    return GridSearchCV(Ridge(), {"alpha": np.logspace(-4, 3, 15)}, cv=cv).fit(X, y)


def random_svm(seed):
    space = {"svc__C": LOG_C, "svc__gamma": LOG_GAMMA}
    return RandomizedSearchCV(svm(), space, n_iter=40, random_state=seed).fit(*CANCER)


def random_forest(seed):
    space = {
        "max_depth": stats.randint(1, 20),
        "max_features": stats.uniform(0.1, 0.9),
        "criterion": ["gini", "entropy"],
    }
    model = RandomForestClassifier(20, random_state=0)
    X, y = load_digits(return_X_y=True)
    search = RandomizedSearchCV(model, space, n_iter=15, cv=3, random_state=seed)
    return search.fit(X[:500], y[:500])


def random_halving(seed):
    space = {"svc__C": LOG_C, "svc__gamma": LOG_GAMMA}
    return HalvingRandomSearchCV(svm(), space, random_state=seed).fit(*CANCER)


def grid_halving(seed):
    grid = {"svc__C": np.logspace(-3, 4, 8), "svc__gamma": np.logspace(-6, 0, 7)}
    return HalvingGridSearchCV(svm(), grid, min_resources=60, random_state=seed).fit(*CANCER)


def bayes_svm(seed):
    from skopt import BayesSearchCV

    space = {"svc__C": (1e-3, 1e4, "log-uniform"), "svc__gamma": (1e-6, 1.0, "log-uniform")}
    kwargs = {"acq_func": "EI", "acq_optimizer": "sampling", "n_initial_points": 8}
    search = BayesSearchCV(svm(), space, n_iter=16, random_state=seed, optimizer_kwargs=kwargs)
    return search.fit(*CANCER)


def skopt_on_the_table(seed):
    from skopt import gp_minimize
    from skopt.space import Real

    table = load_table("svc_digits")
    return gp_minimize(
        lambda x: -table({"C": x[0], "gamma": x[1]}),
        [Real(1e-2, 1e3, "log-uniform", name="C"), Real(1e-4, 10.0, "log-uniform", name="gamma")],
        n_calls=24,
        acq_func="EI",
        n_points=1000,
        n_restarts_optimizer=2,
        random_state=seed,
    )


def hyperopt_on_the_table(seed):
    from hyperopt import Trials, fmin, hp
    from hyperopt import tpe as hyperopt_tpe

    table, trials = load_table("svc_digits"), Trials()
    fmin(
        lambda p: 1 - table(p),
        hyperopt_space(hp),
        algo=hyperopt_tpe.suggest,
        max_evals=50,
        trials=trials,
        rstate=np.random.default_rng(seed),
        verbose=False,
        show_progressbar=False,
    )
    return trials


def hyperopt_space(hp):
    return {
        "C": hp.loguniform("C", math.log(0.0100001), math.log(999)),
        "gamma": hp.loguniform("gamma", math.log(0.00010001), math.log(9.99)),
    }


def own_loop(seed):
    table, rng = load_table("svc_digits"), np.random.default_rng(seed)
    settings = [
        {"C": 10 ** rng.uniform(-2, 3), "gamma": 10 ** rng.uniform(-4, 1)} for _ in range(60)
    ]
    return [(params, table(params)) for params in settings]


HEALTHY = {
    "GridSearchCV, SVM": grid_of_an_svm,
    "GridSearchCV, ridge": grid_of_a_ridge,
    "RandomizedSearchCV, SVM": random_svm,
    "RandomizedSearchCV, forest": random_forest,
    "HalvingRandomSearchCV": random_halving,
    "HalvingGridSearchCV": grid_halving,
    "BayesSearchCV": bayes_svm,
    "gp_minimize": skopt_on_the_table,
    "Hyperopt": hyperopt_on_the_table,
    "own loop": own_loop,
    "Optuna, TPE": lambda seed: replay("svc_digits", tpe(seed), 60),
    "Optuna, random, no folds": lambda seed: replay("mlp_digits", draw(seed), 60, folds=False),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", HEALTHY)
def test_no_alarm_on_a_healthy_search(name, seed):
    kwargs = {}
    if name == "own loop":
        table = load_table("svc_digits")
        kwargs = {"direction": "maximize", "space": table.search_space, "n_rows": 300}
    if name == "Hyperopt":
        from hyperopt import hp

        kwargs = {"space": hyperopt_space(hp)}
    diagnosis = diagnose(HEALTHY[name](seed), **kwargs)
    assert len(diagnosis) == 0, diagnosis
    assert repr(diagnosis).startswith("Nothing suspicious in ")
    assert diagnosis.looked_at


def false_alarms(name, sampler, n, seeds):
    found = [
        f"{f.code}: {f.evidence}" for s in seeds for f in diagnose(replay(name, sampler(s), n))
    ]
    return [text for text in found if not text.startswith("edge: alpha")]  # its best end is an end


@pytest.mark.parametrize(
    ("name", "sampler", "n", "bound"),
    [
        ("svc_digits", draw, 20, 0),
        ("svc_digits", draw, 60, 0),
        ("svc_digits", tpe, 60, 0),
        ("svc_digits", cma, 60, 0),
        ("mlp_digits", draw, 60, 0),
        ("mlp_digits", tpe, 60, 0),
        ("mlp_digits", cma, 60, 1),
    ],
)
def test_false_alarms_are_rare_over_many_seeds(name, sampler, n, bound):
    """One finding in these 84 searches at most.

    Over 60 seeds each, and three more settings, 0 of 300 random and quasi-random searches had
    one, and 2 of 300 by TPE and CMA-ES.
    """
    found = false_alarms(name, sampler, n, range(12))
    assert len(found) <= bound, found


# Sick searches: what was found, and only that


def fit_quietly(search, X, y):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return search.fit(X, y)


def test_failed_trials_of_a_grid_name_what_they_share():
    X, y = load_wine(return_X_y=True)
    search = GridSearchCV(SVC(), {"kernel": ["rbf", "no"], "C": [0.1, 1.0, 10.0]}, cv=3)
    text = the("failed", fit_quietly(search, X, y))
    assert text == "3 of 6 trials failed; all of them, and no other, have kernel='no'"


def test_failed_trials_of_other_sources():
    from hyperopt import STATUS_FAIL, STATUS_OK, Trials, fmin, hp, rand

    def objective(x):
        return {"status": STATUS_OK if x > 0.3 else STATUS_FAIL, "loss": (x - 0.6) ** 2}

    trials = Trials()
    rstate = np.random.default_rng(0)
    space = hp.uniform("x", 0, 1)
    fmin(objective, space, rand.suggest, 20, trials=trials, rstate=rstate, verbose=False)
    bad = sum(t["result"]["status"] == STATUS_FAIL for t in trials.trials)
    text = the("failed", trials, space=space)
    assert text == f"{bad} of 20 trials failed; always: all {bad} with x below 0.334"
    pairs = [({"depth": d}, score) for d, score in [(2, 0.5), (4, math.nan), (8, None)]]
    assert the("failed", pairs, direction="maximize") == "2 of 3 trials failed"
    for trial in trials.trials:
        if trial["result"]["status"] == STATUS_FAIL:
            trial["misc"]["error"] = ("ValueError", "too small")
    assert the("failed", trials).endswith("most often: ValueError: too small")


def test_failed_trials_are_counted_among_all():
    study = optuna.create_study()
    states = [optuna.trial.TrialState.PRUNED] * 3 + [optuna.trial.TrialState.FAIL] * 2
    for k, state in enumerate([*states, None, None]):
        trial = study.ask({"x": FloatDistribution(0, 1)})
        study.tell(trial, state=state) if state else study.tell(trial, k)
    text = str(diagnose(study))
    assert text.startswith("1 finding in 7 trials of Study")
    assert "2 of 7 trials failed" in text


def test_best_at_the_edge_of_a_grid():
    grid = {"svc__C": [1e-3, 1e-2, 1e-1], "svc__gamma": [1e-4, 1e-3, 1e-2, 1e-1, 1]}
    text = the("edge", GridSearchCV(svm(), grid).fit(*CANCER))
    assert re.fullmatch(
        r"svc__C from 0.001 to 0.1: the best trial has 0.1; one step inside, at 0.01 and all "
        r"else equal, the score is 0\.\d+ worse",
        text,
    )


@pytest.mark.parametrize("seed", range(1, 5))  # with seed 0 CMA-ES gets stuck elsewhere
@pytest.mark.parametrize("sampler", [tpe, cma])
def test_best_at_the_edge_of_a_sampled_range(sampler, seed):
    cut = FloatDistribution(1e-2, 0.1, log=True)
    text = the("edge", replay("svc_digits", sampler(seed), 100, C=cut))
    assert text.startswith("C from 0.01 to 0.1: the best trial has 0.")
    assert "better trials crowd there" in text


@pytest.mark.filterwarnings("ignore:The objective has been evaluated at point")  # at the edge
def test_best_at_the_edge_in_other_sources():
    from skopt import gp_minimize
    from skopt.space import Real

    result = gp_minimize(
        lambda x: (x[0] - 7) ** 2, [Real(1.0, 5.0, name="x")], n_calls=24, random_state=0
    )
    assert the("edge", result).startswith("x from 1 to 5: the best trial has 5;")
    rng = np.random.default_rng(0)
    pairs = [({"x": x}, x**2) for x in rng.uniform(1, 3, 30)]
    space = {"x": stats.uniform(1, 2)}
    assert "edge" in codes(pairs, direction="maximize", space=space)
    few = diagnose(sorted(pairs, key=lambda p: p[1])[-19:], direction="maximize", space=space)
    assert few.not_looked_at["Best at the edge"] == "x without a grid takes 20 trials"
    assert the("edge", pairs, direction="minimize", space=space).startswith("x from 1 to 3")


def test_natural_ends_and_unknown_ones_are_not_edges():
    rng = np.random.default_rng(0)
    for low, high, make in (
        (0, 1, float),
        (1, 20, int),
        (0, 5, float),
        (0.2, 1, float),
    ):
        sign = -1 if high > 1 else 1
        pairs = [({"x": make(x)}, sign * make(x)) for x in rng.uniform(low, high, 40)]
        space = {"x": FloatDistribution(low, high) if make is float else IntDistribution(low, high)}
        assert "edge" not in codes(pairs, direction="maximize", space=space), (low, high)
    pairs = [({"x": x}, x) for x in rng.uniform(1, 9, 40)]
    unknown = diagnose(pairs, direction="maximize")
    assert "edge" not in {f.code for f in unknown}
    assert unknown.not_looked_at["Best at the edge"] == "the range of x is not recorded"
    assert unknown.not_looked_at["A linear range"] == "the scale of x is not recorded"
    expon = {"x": stats.expon(1)}
    half = diagnose(pairs, direction="maximize", space=expon)
    assert half.not_looked_at["Best at the edge"] == "the range of x is not recorded"
    assert not half.findings
    assert the("edge", pairs, direction="minimize", space=expon).startswith("x from 1 to")


def test_a_linear_range_hides_decades_at_its_lower_end():
    """The best gamma lies two decades above the end: an advice to extend it would be wrong."""
    space = {"gamma": FloatDistribution(1e-5, 1)}
    for seed in range(5):
        study = optuna_search(
            lambda p: [-abs(math.log10(p["gamma"]) + 2)], space, tpe(seed), 60, folds=False
        )
        assert study.best_params["gamma"] < 0.1
        assert codes(study) & {"edge", "linear"} == {"linear"}
    low = {"C": FloatDistribution(1.0, 1000.0)}
    study = optuna_search(lambda p: [-p["C"]], low, tpe(), 60, folds=False)
    assert the("edge", study).startswith("C from 1 to 1000: the best trial has 1.")


def pairs_of_lists(score, n, seed, **values):
    rng = np.random.default_rng(seed)
    settings = [{k: float(rng.choice(v)) for k, v in values.items()} for _ in range(n)]
    return [(params, score(params)) for params in settings]


def test_the_edges_of_lists_that_are_sampled():
    """Places in a list go by its order; a neighbour is the next value, not any value inside."""
    table = load_table("svc_digits")
    lists = {"C": np.logspace(-2, 3, 31), "gamma": np.logspace(-4, 1, 31)}
    kwargs = {"direction": "maximize", "space": lists}
    found = [
        diagnose(pairs_of_lists(table, n, seed, **lists), **kwargs)
        for n in (30, 60)
        for seed in range(15)
    ]
    assert sum("edge" in {f.code for f in d} for d in found) == 0
    lists = {"C": np.logspace(-3, -1, 50), "idle": np.linspace(1, 9, 33)}
    pairs = pairs_of_lists(lambda p: math.log10(p["C"]), 40, 0, **lists)
    text = the("edge", pairs, direction="maximize", space=lists)
    assert text.startswith("C from 0.001 to 0.1: the best trial has 0.")
    assert "better trials crowd there" in text


def test_a_plateau_towards_the_edge_is_no_edge():
    pairs = [
        ({"C": 10.0**k}, s)
        for k, s in zip(range(-2, 3), [0.5, 0.8, 0.94, 0.95, 0.951], strict=False)
    ]
    space = {"C": [p["C"] for p, _ in pairs]}
    assert codes(pairs, direction="maximize", space=space) == set()


LINEAR = "C from 0.01 to 1000 in even draws: 90% of the range lies above 100"


def test_a_linear_range():
    space = {"svc__C": stats.uniform(0.01, 999.99)}
    search = RandomizedSearchCV(svm(), space, n_iter=5, cv=2, random_state=0).fit(*CANCER)
    assert the("linear", search) == "svc__" + LINEAR
    study = replay("svc_digits", draw(), 15, C=FloatDistribution(0.01, 1000))
    assert the("linear", study) == LINEAR
    grid = GridSearchCV(svm(), {"svc__C": np.linspace(0.01, 1000, 6)}, cv=2).fit(*CANCER)
    assert the("linear", grid) == "svc__" + LINEAR.replace("draws", "steps")
    pairs = [({"rate": x}, x) for x in np.random.default_rng(0).uniform(0, 200, 20)]
    assert "linear" in codes(pairs, direction="maximize", space={"rate": stats.uniform(0, 200)})


def test_a_linear_range_of_hyperopt():
    from hyperopt import Trials, fmin, hp, rand

    trials, space = Trials(), {"C": hp.uniform("C", 0.01, 1000)}
    rstate = np.random.default_rng(0)
    fmin(lambda p: p["C"], space, rand.suggest, 15, trials=trials, rstate=rstate, verbose=False)
    assert the("linear", trials, space=space) == LINEAR


@pytest.mark.parametrize(
    "spec",
    [
        [1, 2, 100],
        [1, 10, 100],
        [1, 100],
        stats.loguniform(1, 1000),
        stats.uniform(0, 1),
        stats.randint(1, 99),
        stats.uniform(10, 900),
        stats.uniform(0.01, 0.98),  # a share
        stats.norm(0, 100),
        ["a", "b"],
    ],
)
def test_ranges_that_are_not_too_wide_for_a_linear_scale(spec):
    draws = spec if isinstance(spec, list) else spec.rvs(30, random_state=0).tolist()
    pairs = [({"x": value}, 1.0) for value in draws]
    assert "linear" not in codes(pairs, direction="maximize", space={"x": spec})


def tree_on_noise(seed):
    rng = np.random.default_rng(seed)
    X, y = CANCER[0][:60], rng.permutation(CANCER[1][:60])
    space = {
        "max_depth": stats.randint(1, 12),
        "min_samples_leaf": stats.randint(1, 15),
        "max_features": stats.uniform(0.2, 0.8),
    }
    model = DecisionTreeClassifier(random_state=0)
    return RandomizedSearchCV(model, space, n_iter=60, random_state=seed).fit(X, y)


def test_optimism_on_labels_without_signal():
    found = ["optimism" in codes(tree_on_noise(seed)) for seed in range(8)]
    assert sum(found) >= 5, found
    rng = np.random.default_rng(0)
    study = optuna_search(
        lambda p: rng.normal(0.5, 0.1, 5), {"x": FloatDistribution(1, 2)}, draw(), 40
    )
    assert "gained 0." in the("optimism", study)


def test_optimism_from_the_number_of_rows():
    rng = np.random.default_rng(0)
    pairs = [
        ({"x": x}, s)
        for x, s in zip(rng.uniform(1, 2, 50), rng.binomial(60, 0.8, 50) / 60, strict=False)
    ]
    text = the("optimism", pairs, direction="maximize", n_rows=60)
    assert "the luckiest of 50 equals on 60 rows" in text
    losses = [(p, 1 - s) for p, s in pairs]
    assert text == the("optimism", losses, direction="minimize", n_rows=60)
    assert "optimism" not in codes(pairs, direction="maximize", n_rows=60_000)
    title = "The best of many on few rows"
    assert "n_rows=" in diagnose(pairs, direction="maximize").not_looked_at[title]
    large = [(p, 100 * s) for p, s in pairs]
    assert title in diagnose(large, direction="maximize", n_rows=60).not_looked_at
    # Blom's approximation against the mean of many largest draws
    expected = rng.normal(size=(20_000, 50)).max(axis=1).mean()
    p = np.median([s for _, s in pairs])
    up_to = float(re.search(r"up to ([\d.]+)", text)[1])
    assert up_to == pytest.approx(expected * math.sqrt(p * (1 - p) / 60), rel=0.02)


def test_ties_over_the_whole_range():
    grid = {"n_estimators": [20, 30, 40, 50], "max_depth": [4, 6, 8, 10]}
    search = GridSearchCV(RandomForestClassifier(random_state=0), grid, cv=5)
    search.fit(*load_wine(return_X_y=True))
    assert "within one standard error of the best" in the("ties", search)
    rng = np.random.default_rng(0)
    pairs = [({"x": x}, min(x // 3, 1) / 30 + 0.9) for x in rng.uniform(1, 9, 40)]
    text = the("ties", pairs, direction="maximize", space={"x": stats.uniform(1, 8)})
    assert "trials are equal to the best" in text


def test_ties_in_one_place_are_convergence():
    pairs = [({"x": 1.0 + 8 * (i > 20)}, float(i > 20)) for i in range(40)]
    assert "ties" not in codes(pairs, direction="maximize", space={"x": stats.uniform(1, 9)})


def test_a_range_that_does_nothing_in_a_grid():
    grid = {"svc__C": np.logspace(-3, 3, 7), "svc__gamma": np.logspace(-3, 0, 4)}
    model = make_pipeline(StandardScaler(), SVC(kernel="linear"))
    text = the("unimportant", GridSearchCV(model, grid, cv=3).fit(*CANCER))
    assert text.startswith("svc__gamma: all else equal, in 7 comparisons, it explains 0.0% of")
    grid = {"max_depth": [10, 50, 100, 400], "max_leaf_nodes": [2, 3, 4, 5, 6, 8]}
    model = DecisionTreeClassifier(random_state=0)
    text = the("unimportant", GridSearchCV(model, grid, cv=3).fit(*CANCER))
    assert text.startswith("max_depth: ")


def test_a_range_that_does_nothing_in_a_random_search():
    space = {"svc__C": stats.loguniform(1e-5, 1), "svc__gamma": stats.loguniform(1e-3, 1)}
    model = make_pipeline(StandardScaler(), SVC(kernel="linear"))
    search = RandomizedSearchCV(model, space, n_iter=60, cv=3, random_state=0, scoring="roc_auc")
    text = the("unimportant", search.fit(*CANCER))
    assert text.startswith("svc__gamma: a forest predicts ranks from the others (R² 0.9")
    found = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        pairs = [
            ({"x": x, "idle": k}, -((x - 4) ** 2) + rng.normal(0, 0.1))
            for x, k in zip(rng.uniform(1, 9, 60), rng.choice(["a", "b", "c"], 60), strict=False)
        ]
        kwargs = {"direction": "maximize", "space": {"x": stats.uniform(1, 8), "idle": [*"abc"]}}
        found += [f for f in diagnose(pairs, **kwargs) if f.code == "unimportant"]
        few = diagnose(pairs[:40], **kwargs)
        assert few.not_looked_at["A range that does nothing"] == "40 complete trials; 50 needed"
    assert len(found) >= 4
    assert all(f.evidence.startswith("idle: ") for f in found)


def climb(seed, n):
    """A hill climber on the table in small steps, started far from the optimum."""
    table, rng = load_table("svc_digits"), np.random.default_rng(seed)
    at, pairs = np.array([-0.7, -1.8]), []
    for _ in range(n):
        step = np.clip(at + rng.normal(0, 0.03, 2) + 0.01, [-2, -4], [3, 1])
        params = {"C": 10 ** step[0], "gamma": 10 ** step[1]}
        pairs.append((params, table(params)))
        if pairs[-1][1] >= max(score for _, score in pairs):
            at = step
    return pairs


@pytest.mark.parametrize("seed", range(4))
def test_stopped_while_climbing(seed):
    space = load_table("svc_digits").search_space
    text = the("improving", climb(seed, 40), direction="maximize", space=space)
    assert text.startswith("the last quarter of 40 trials brought 0.")
    assert "improving" not in codes(climb(seed, 400), direction="maximize", space=space)


def test_stopped_while_climbing_with_folds():
    table, rng = load_table("mlp_digits"), np.random.default_rng(0)
    rates = np.geomspace(1e-4, 1e-3, 30) * rng.uniform(0.8, 1.2, 30)
    study = optuna.create_study(direction="maximize")
    for rate in rates:
        params = table.best.params | {"learning_rate_init": max(rate, 1e-4)}
        study.enqueue_trial(params)
        trial = study.ask(table.search_space)
        folds = table(trial.params, output="folds")
        trial.set_user_attr("folds", folds.tolist())
        study.tell(trial, folds.mean())
    assert "improving" in codes(study)


def test_the_order_of_a_grid_is_no_climb():
    table = load_table("svc_digits")
    pairs = [
        ({"C": C, "gamma": g}, table({"C": C, "gamma": g}))
        for C in (0.01, 0.03, 0.1, 0.3, 1.0)
        for g in np.logspace(-3, 0, 6)
    ]
    diagnosis = diagnose(pairs, direction="maximize")
    assert "improving" not in {f.code for f in diagnosis}
    assert diagnosis.not_looked_at["Stopped while climbing"] == "the order of a grid says nothing"


def test_the_same_trial_twice():
    space = {"max_depth": IntDistribution(2, 6)}
    study = optuna_search(lambda p: p["max_depth"] * np.ones(3), space, draw(), 30)
    distinct = len({t.params["max_depth"] for t in study.trials})
    repeats = 30 - distinct
    expected = f"{repeats} of 30 trials repeat one, {repeats} of them with the same score"
    assert the("duplicates", study) == expected
    grid = {"svc__C": [0.1, 1.0, 1.0, 10.0, 10.0]}
    text = the("duplicates", GridSearchCV(svm(), grid, cv=2).fit(*CANCER))
    assert text == "2 of 5 trials repeat one, 2 of them with the same score"
    noisy = [({"x": i % 2}, float(i)) for i in range(8)]
    text = the("duplicates", noisy, direction="maximize")
    assert text == "6 of 8 trials repeat one, 0 of them with the same score"
    once = [({"x": min(i, 18)}, 0.5) for i in range(20)]
    assert "duplicates" not in codes(once, direction="maximize")


def test_no_seed():
    X, y = load_wine(return_X_y=True)
    space = {"max_leaf_nodes": [3, 5, 7]}

    def seeds(model, cv=2, space=space, **kwargs):
        search = RandomizedSearchCV(model, space, n_iter=3, cv=cv, **kwargs).fit(X, y)
        return [f.evidence for f in diagnose(search) if f.code == "seed"]

    tree, seeded = DecisionTreeClassifier(), DecisionTreeClassifier(random_state=0)
    search = "RandomizedSearchCV has random_state=None: other trials each run"
    assert seeds(seeded) == [search]
    assert seeds(seeded, random_state=0) == []
    fit = "DecisionTreeClassifier has random_state=None: another model each run"
    assert seeds(tree, random_state=0) == [fit]
    folds = "KFold has random_state=None: other folds each run"
    assert seeds(seeded, random_state=0, cv=KFold(2, shuffle=True)) == [folds]
    assert seeds(seeded, random_state=0, cv=KFold(2, shuffle=True, random_state=1)) == []
    assert seeds(seeded, random_state=0, cv=KFold(2)) == []
    split = "ShuffleSplit has random_state=None: other folds each run"
    assert seeds(tree, cv=ShuffleSplit(2)) == [search, split, fit]
    # An ensemble hands its seed down, and a pipeline has none.
    inner = {"estimator__max_leaf_nodes": [3, 5, 7]}
    bag = BaggingClassifier(tree, 2, random_state=0)
    assert seeds(bag, random_state=0, space=inner) == []
    bag.set_params(random_state=None)
    assert len(seeds(bag, random_state=0, space=inner)) == 2
    piped = {"decisiontreeclassifier__max_leaf_nodes": [3, 5, 7]}
    assert seeds(make_pipeline(tree), random_state=0, space=piped) == [fit]
    # A seed that is searched, and models that need none.
    assert seeds(tree, random_state=0, space={"random_state": [0, 1, 2]}) == []
    assert seeds(SVC(), random_state=0, space={"C": [1, 2, 3]}) == []
    scaled = make_pipeline(StandardScaler(), LogisticRegression())
    assert seeds(scaled, random_state=0, space={"logisticregression__C": [1, 2, 3]}) == []
    assert len(seeds(SGDClassifier(), random_state=0, space={"alpha": [1e-4, 1e-3, 1e-2]})) == 1


def test_what_is_known_of_seeds_in_other_sources():
    from skopt import forest_minimize

    def run(seed):
        return forest_minimize(
            lambda x: x[0] ** 2, [(-1.0, 2.0)], n_calls=6, n_initial_points=6, random_state=seed
        )

    assert the("seed", run(None)) == "the search has random_state=None: other trials each run"
    assert "No seed" in diagnose(run(0)).looked_at
    assert diagnose(replay("svc_digits", tpe(), 5)).not_looked_at["No seed"] == (
        "Study does not record it"
    )


# The report


def sick():
    rng = np.random.default_rng(0)
    pairs = [({"<b>C": x}, x) for x in rng.uniform(0.01, 100, 30)] + [({"<b>C": 1.0}, None)]
    return diagnose(pairs, direction="maximize", space={"<b>C": stats.uniform(0.01, 99.99)})


def test_report_as_text():
    diagnosis = sick()
    assert isinstance(diagnosis, Diagnosis)
    assert len(diagnosis) == len(diagnosis.findings) == 3
    assert [f.code for f in diagnosis] == ["failed", "edge", "linear"]
    assert all(isinstance(f, Finding) and f.advice for f in diagnosis)
    text = str(diagnosis)
    assert text == repr(diagnosis)
    assert text.startswith("3 findings in 31 trials of list\n\n1. Trials that failed (problem)\n")
    assert "\n   clinic.ipynb#Best-at-the-edge\n" in text
    assert max(map(len, text.splitlines())) <= 90
    every = {*diagnosis.looked_at, *diagnosis.not_looked_at}
    assert every == {kind.title for kind in FINDINGS.values()}
    assert not {*diagnosis.looked_at} & {*diagnosis.not_looked_at}
    with pytest.raises(AttributeError):
        diagnosis.findings[0].code = "other"


def test_report_as_html():
    diagnosis = sick()
    page = diagnosis._repr_html_()
    for finding in diagnosis:
        assert html.escape(finding.evidence) in page
        assert f'<a href="{finding.link}">{finding.title}</a></b> ({finding.level})' in page
    assert "<b>C" not in page
    assert "color" not in page
    for tag in ("p", "ol", "ul", "li", "b", "i", "a"):
        assert len(re.findall(rf"<{tag}[ >]", page)) == page.count(f"</{tag}>"), tag
    healthy = diagnose(own_loop(0), direction="maximize")
    assert "Nothing suspicious in 60 trials of list" in healthy._repr_html_()
    assert "<ol>" not in healthy._repr_html_()


def test_advice_is_given_once_for_each_title():
    X, y = load_wine(return_X_y=True)
    folds = ShuffleSplit(3)
    space = {"criterion": ["gini", "entropy", "log_loss"]}  # the best of numbers may be at an end
    search = RandomizedSearchCV(DecisionTreeClassifier(), space, n_iter=3, cv=folds).fit(X, y)
    diagnosis = diagnose(search)
    assert [f.code for f in diagnosis] == ["seed"] * 3
    for report in (repr(diagnosis), diagnosis._repr_html_()):
        assert report.count("Pass random_state=0") == 1
        assert report.count("has random_state=None") == 3
        assert report.index("another model") < report.index("Pass random_state=0")


def test_problems_come_before_notices():
    levels = [kind.level for kind in FINDINGS.values()]
    assert levels == sorted(levels, reverse=True)


# Reading


class CountedList(list):
    """Pairs that count how often they are gone through."""

    readings = 0

    def __iter__(self):
        self.readings += 1
        return super().__iter__()


class CountedTable(dict):
    """A ``cv_results_`` that counts how often its settings are asked for."""

    readings = 0

    def __getitem__(self, key):
        self.readings += key == "params"
        return super().__getitem__(key)


def test_a_search_is_read_once():
    pairs = CountedList(own_loop(0))
    assert diagnose(
        pairs, direction="maximize", space=load_table("svc_digits").search_space
    ).looked_at
    assert pairs.readings == 1
    search = RandomizedSearchCV(svm(), {"svc__C": LOG_C}, n_iter=3, cv=2).fit(*CANCER)
    search.cv_results_ = CountedTable(search.cv_results_)
    assert diagnose(search).looked_at
    assert search.cv_results_.readings == 1


def test_a_search_is_read_through_the_public_reader(monkeypatch):
    calls = []

    def counted(search, **options):
        calls.append((search, options))
        return read_history(search, **options)

    monkeypatch.setattr(diagnosing, "read_history", counted)
    study = replay("svc_digits", draw(), 5)
    pairs = own_loop(0)
    none = {"direction": None, "metric": None, "space": None}
    diagnose(study)
    diagnose(pairs, direction="maximize")
    assert calls == [(study, none), (pairs, none | {"direction": "maximize"})]


def test_a_grid_of_optuna_is_judged_as_a_grid():
    def objective(trial):
        C, idle = trial.suggest_float("C", 0.01, 10), trial.suggest_int("idle", 1, 1000)
        return math.log10(C) + 1e-9 * idle

    grid = {"C": [0.01, 0.1, 1.0, 10.0], "idle": [1, 10, 100, 1000]}
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.GridSampler(grid, seed=0)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=16)
    text = the("edge", study)
    assert text.startswith(
        "C from 0.01 to 10: the best trial has 10; one step inside, at 1 and all"
    )
    assert codes(study) == {"edge"}  # the values are uneven: no linear range


# Special cases, and errors


def test_conditional_parameters_and_several_metrics():
    grid = [
        {"kernel": ["rbf"], "gamma": [1e-5, 1e-4, 1e-3, 1e-2], "C": [0.1, 1, 10, 100, 1000]},
        {"kernel": ["poly"], "degree": [2, 3, 4]},
    ]
    scoring = ["accuracy", "neg_log_loss"]
    X, y = load_wine(return_X_y=True)
    model = LogisticRegression(max_iter=10_000)
    search = GridSearchCV(SVC(), grid, cv=3).fit(X, y)
    diagnose(search)
    search = GridSearchCV(model, {"C": [0.1, 1]}, cv=3, scoring=scoring, refit=False)
    fit_quietly(search, X, y)
    assert diagnose(search, metric="accuracy").looked_at


def test_a_study_with_pruned_running_and_changed_trials():
    study = replay("svc_digits", draw(), 15)
    study.ask(load_table("svc_digits").search_space)
    for _ in range(3):
        trial = study.ask({"C": FloatDistribution(1e3, 1e5, log=True)})
        trial.report(0.1, 1)
        study.tell(trial, state=optuna.trial.TrialState.PRUNED)
    trial = study.ask({"C": FloatDistribution(1e3, 1e5, log=True)})
    study.tell(trial, 0.2)
    assert codes(study) == set()


def test_one_trial_and_no_parameters():
    assert len(diagnose([({"C": 1.0}, 0.5)], direction="maximize", space={"C": [1.0]})) == 0
    assert codes([({}, float(i)) for i in range(30)], direction="maximize") == {
        "duplicates",
        "improving",
    }


@pytest.mark.parametrize(
    ("args", "kwargs", "error", "match"),
    [
        ([({"a": 1}, 1)], {}, ValueError, "direction"),
        ([], {"direction": "maximize"}, ValueError, "empty"),
        ([({"a": 1}, None)], {"direction": "maximize"}, ValueError, "all 1 trials failed"),
        (3, {}, TypeError, "search is of type int"),
        (optuna.Study, {}, TypeError, "search is the class Study itself"),
        ([({"a": 1}, 1)], {"direction": "maximize", "n_rows": 1.5}, TypeError, "n_rows.*1.5"),
        ([({"a": 1}, 1)], {"direction": "maximize", "n_rows": True}, TypeError, "n_rows.*True"),
        ([({"a": 1}, 1)], {"direction": "maximize", "n_rows": 1}, ValueError, "n_rows.*at least 2"),
        (GridSearchCV(SVC(), {"C": [1]}), {}, ValueError, "fit it first"),
    ],
)
def test_errors(args, kwargs, error, match):
    with pytest.raises(error, match=match):
        diagnose(args, **kwargs)


def test_several_objectives_are_refused():
    study = optuna.create_study(directions=["maximize", "minimize"])
    study.tell(study.ask(), [0.5, 0.5])
    with pytest.raises(ValueError, match="2 objectives"):
        diagnose(study)


def test_importing_loads_no_library_of_searches():
    code = (
        "import sys; import tuneup_helpers.diagnosis;"
        "print([m for m in ('sklearn', 'scipy', 'optuna', 'skopt', 'hyperopt') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_values_that_are_not_finite_and_folds_that_are_something_else():
    study = optuna_search(lambda p: p["x"], {"x": FloatDistribution(2, 3)}, draw(), 20)
    for trial in study.trials:
        assert len(trial.user_attrs["folds"]) == 1
    trial = study.ask({"x": FloatDistribution(2, 3)})
    study.tell(trial, math.inf)
    assert the("failed", study) == "1 of 21 trials failed"
    for folds in (5, [1.0, 2.0, 3.0], "none"):
        trial.study.trials[0].user_attrs["folds"] = folds
        assert "n_rows=" in diagnose(study).not_looked_at["The best of many on few rows"]
    hopeless = optuna.create_study()
    hopeless.add_trial(optuna.trial.create_trial(value=math.inf))
    with pytest.raises(ValueError, match="none of 1 trials has a finite value"):
        diagnose(hopeless)


@pytest.mark.parametrize("folds", [["a", "b", "c"], [0.5, None, 0.5], [[0.5]] * 3])
def test_attributes_of_other_meaning_are_left_alone(folds):
    study = optuna.create_study()
    for k in range(12):
        trial = study.ask({"x": FloatDistribution(0, 1)})
        trial.set_user_attr("folds", folds)
        if k:
            study.tell(trial, 0.5)
        else:
            trial.set_user_attr("error", {"code": 3})
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
    report = diagnose(study)
    assert "most often: {'code': 3}" in next(iter(report)).evidence
    assert "The best of many on few rows" in report.not_looked_at


def test_a_switch_is_not_a_range_that_does_nothing():
    rng = np.random.default_rng(5)

    def objective(trial):
        if trial.suggest_categorical("model", ["svm", "forest"]) == "svm":
            C = trial.suggest_float("C", 1e-3, 1e3, log=True)
            return 0.9 - 0.01 * np.log10(C) ** 2 + rng.normal(0, 0.002)
        depth = trial.suggest_int("depth", 1, 20)
        return 0.88 - 0.0008 * (depth - 9) ** 2 + rng.normal(0, 0.002)

    sampler = optuna.samplers.RandomSampler(seed=5)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=60)
    report = diagnose(study)
    assert "A range that does nothing" in report.looked_at
    assert "unimportant" not in {finding.code for finding in report}
