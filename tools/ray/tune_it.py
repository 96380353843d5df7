"""Run Ray Tune for real, and keep its trials for lesson 17c.

    make ray                                   # an environment of its own, then everything
    .venv-ray/bin/python tools/ray/tune_it.py asha    # one part, the others stay as they are

Ray needs 450 MB, so it is in no group of the course. The parts:

- ``asha``: random search with the scheduler ASHA;
- ``optuna``: the same search space, proposed by Optuna's TPE;
- ``pbt``: population-based training, which changes the hyperparameters while it trains;
- ``killed``, ``killed, may fail once``: the process of one trial kills itself in its first life;
  without and with ``FailureConfig(max_failures=1)``;
- ``restored``: the second of these without the second chance, restored after its end.

What the trials reached goes to ``data/ray_trials.csv``, one row a trial; what Ray cost to
``data/ray_costs.csv``: the CPU seconds of its start, with the number of tries, and of each part.
Everything stays on the loopback address.
"""

import logging
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

# Before Ray is loaded: stay on the loopback address (without this, Ray takes the machine's own),
# be patient on a busy machine, report nothing to anybody.
os.environ |= {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_raylet_start_wait_time_s": "300",
    "RAY_agent_register_timeout_ms": "300000",
    "RAY_worker_register_timeout_seconds": "300",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AIR_NEW_OUTPUT": "0",
    "TUNE_DISABLE_AUTO_CALLBACK_LOGGERS": "1",
}
import ray
from ray import tune
from ray.tune.schedulers import ASHAScheduler, PopulationBasedTraining
from ray.tune.search.optuna import OptunaSearch

DATA = Path(__file__).resolve().parents[2] / "data"
SEED = 0
N_EPOCHS = 18
N_STARTS = 4  # how often Ray may fail to start
SPACE = {
    "learning_rate": tune.loguniform(1e-3, 1.0),
    "units": tune.choice([8, 16, 32, 64]),
    "batch_size": tune.choice([8, 16, 32, 64]),
    "alpha": tune.loguniform(1e-4, 1.0),
}


def network(config):
    """Return an untrained network with a setting's hyperparameters."""
    return MLPClassifier(
        config["units"],
        solver="sgd",
        learning_rate_init=config["learning_rate"],
        batch_size=config["batch_size"],
        alpha=config["alpha"],
        random_state=SEED,
    )


def digits():
    """Return 450 rows to train on and 450 to validate on."""
    X, y = load_digits(return_X_y=True)
    X, _, y, _ = train_test_split(X / 16, y, train_size=900, stratify=y, random_state=SEED)
    return train_test_split(X, y, train_size=450, stratify=y, random_state=SEED)


def train(config):
    """Train epoch by epoch and report each time, as any trainable of Ray does."""
    X, X_valid, y, y_valid = digits()
    model = network(config)
    for _ in range(N_EPOCHS):
        model.partial_fit(X, y, classes=range(10))
        tune.report({"accuracy": model.score(X_valid, y_valid)})


def train_on(config):
    """Train as above, but go on from a checkpoint if there is one: population-based training."""
    X, X_valid, y, y_valid = digits()
    model = network(config)
    model.partial_fit(X[:20], y[:20], classes=range(10))  # gives it weights
    checkpoint = tune.get_checkpoint()
    if checkpoint:
        with checkpoint.as_directory() as folder, np.load(Path(folder, "weights.npz")) as file:
            model.coefs_ = [file["w0"], file["w1"]]
            model.intercepts_ = [file["b0"], file["b1"]]
    while True:
        model.partial_fit(X, y)
        with tempfile.TemporaryDirectory() as folder:
            (w0, w1), (b0, b1) = model.coefs_, model.intercepts_
            np.savez(Path(folder, "weights.npz"), w0=w0, w1=w1, b0=b0, b1=b1)
            score = {"accuracy": model.score(X_valid, y_valid)}
            tune.report(score, checkpoint=tune.Checkpoint.from_directory(folder))


def train_and_die(config):
    """Train two epochs; the process of trial 1 is killed once, as by a lack of memory."""
    mark = Path(config["folder"], "killed")
    if config["number"] == 1 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    X, X_valid, y, y_valid = digits()
    model = network(config).partial_fit(X, y, classes=range(10)).partial_fit(X, y)
    tune.report({"accuracy": model.score(X_valid, y_valid)})


def fit(trainable, space, folder, *, run=None, **options):
    """Run a search; two trials at a time."""
    tuner = tune.Tuner(
        trainable,
        param_space=space,
        tune_config=tune.TuneConfig(
            metric="accuracy", mode="max", max_concurrent_trials=2, **options
        ),
        run_config=tune.RunConfig(storage_path=folder, name="run", verbose=0, **(run or {})),
    )
    return tuner.fit()


def asha(folder):
    """Search at random; stop most trials early."""
    scheduler = ASHAScheduler(max_t=N_EPOCHS, grace_period=2, reduction_factor=3)
    search = tune.search.BasicVariantGenerator(random_state=SEED)
    return fit(train, SPACE, folder, num_samples=12, search_alg=search, scheduler=scheduler)


def with_optuna(folder):
    """Let Optuna propose."""
    return fit(train, SPACE, folder, num_samples=12, search_alg=OptunaSearch(seed=SEED))


def pbt(folder):
    """Train a population of four; every third epoch the worst copies the best."""
    scheduler = PopulationBasedTraining(
        perturbation_interval=3,
        hyperparam_mutations={name: SPACE[name] for name in ("learning_rate", "alpha")},
        quantile_fraction=0.25,
        synch=True,
    )
    space = {**SPACE, "units": 32, "batch_size": 32}
    stop = {"training_iteration": 12}
    return fit(
        train_on, space, folder, num_samples=4, scheduler=scheduler, run={"stop": stop}
    )


def small_space(folder):
    """Return a space of three settings that differ by their number."""
    setting = {"learning_rate": 0.1, "units": 16, "batch_size": 32, "alpha": 0.01}
    return {**setting, "folder": folder, "number": tune.grid_search([0, 1, 2])}


def killed(folder):
    """Lose a process, without a second chance."""
    return fit(train_and_die, small_space(folder), folder)


def killed_may_fail(folder):
    """Lose a process; a trial may fail once."""
    run = {"failure_config": tune.FailureConfig(max_failures=1)}
    return fit(train_and_die, small_space(folder), folder, run=run)


def restored(folder):
    """Lose a process, then restore the search from its folder and run only what failed."""
    killed(folder)
    path = str(Path(folder, "run"))
    tuner = tune.Tuner.restore(path, trainable=train_and_die, restart_errored=True)
    return tuner.fit()


PARTS = {
    "asha": asha,
    "killed": killed,
    "killed, may fail once": killed_may_fail,
    "restored": restored,
    "optuna": with_optuna,
    "pbt": pbt,
}


def cpu_seconds():
    """Return the CPU seconds of this process and of everything that it has started."""
    total = 0.0
    for process in [me := psutil.Process(), *me.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def keep(name, table, part):
    """Write rows of a part to a CSV file; those of other parts stay."""
    path = DATA / name
    if path.exists():
        old = pd.read_csv(path)
        table = pd.concat([old[old["part"] != part], table])
    table.to_csv(path, index=False, lineterminator="\n")


def rows_of(part, results):
    """Return what is kept of each trial: its setting, and its last report."""
    rows = []
    for each in results:
        metrics = each.metrics or {}
        config = each.config or metrics.get("config", {})
        rows.append(
            {
                "part": part,
                "state": "ERROR" if each.error else "TERMINATED",
                "epochs": metrics.get("training_iteration", 0),
                **{f"config/{name}": config.get(name) for name in ("number", *SPACE)},
                "accuracy": metrics.get("accuracy"),
            }
        )
    return pd.DataFrame(rows).round(6)


def run_parts(parts):
    """Start Ray, run the parts one after the other, keep what came out of each."""
    before = cpu_seconds()
    ray.init(
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        logging_level=logging.ERROR,
        object_store_memory=100 * 2**20,
    )
    print(f"start {cpu_seconds() - before:.1f}", flush=True)
    for part in parts:
        before = cpu_seconds()
        with tempfile.TemporaryDirectory() as folder:
            rows = rows_of(part, PARTS[part](folder))
        keep("ray_trials.csv", rows, part)
        spent = {"part": part, "cpu_seconds": round(cpu_seconds() - before, 1)}
        keep("ray_costs.csv", pd.DataFrame([{**spent, "trials": len(rows)}]), part)
        print(part, spent, flush=True)
    ray.shutdown()


def main(wanted):
    """Run the parts in a process of its own; a start that fails is counted and tried again."""
    for tries in range(1, N_STARTS + 1):
        command = [sys.executable, __file__, "--inside", *(wanted or PARTS)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            started = False
            for line in process.stdout:
                print(line, end="", flush=True)
                if line.startswith("start "):
                    started = True
                    spent = float(line.split()[1])
                    start = {"part": "start", "cpu_seconds": spent, "tries": tries}
                    keep("ray_costs.csv", pd.DataFrame([start]), "start")
        if started:
            sys.exit(process.returncode)
    sys.exit(f"Ray did not start in {N_STARTS} tries")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        run_parts(sys.argv[2:])
    else:
        main(sys.argv[1:])
