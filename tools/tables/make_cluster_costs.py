"""Compute cluster_costs.npz: what Dask costs before a trial computes anything.

    python tools/tables/make_cluster_costs.py

CPU time of all processes together, on one machine with two cores, a cluster of two workers on the
loopback address. The file holds `N_TIMES` measurements of each:

- ``dask/start``: milliseconds to start the scheduler and both workers, the client included.
- ``dask/task``: milliseconds for a task that does nothing, submitted one by one.
- ``dask/trial``: milliseconds for a trial of Optuna that does nothing: asked for and told in the
  client, computed in a worker, two at a time.
- ``optuna/trial``: the same trial without a cluster, in a loop.

The group ``scale``. Half a minute.
"""

import logging
import sys
import time

import numpy as np
import optuna
import psutil
from making import fill

N_TIMES = 5
N_TASKS = 100
SPACE = {f"x{i}": optuna.distributions.FloatDistribution(0, 1) for i in range(4)}


def cpu_seconds():
    """Return the CPU seconds of this process and of everything that it has started."""
    total = 0.0
    for process in [me := psutil.Process(), *me.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def nothing(params):
    """Return a score at once."""
    return sum(params.values())


def new_study():
    """Return a study that searches at random."""
    return optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))


def in_a_loop():
    """Run the trials of a study one after the other."""
    study = new_study()
    for _ in range(N_TASKS):
        trial = study.ask(SPACE)
        study.tell(trial, nothing(trial.params))


def on_cluster(client):
    """Run the trials of a study on a cluster, two at a time."""
    from dask.distributed import as_completed

    study, trials = new_study(), {}

    def submit():
        trial = study.ask(SPACE)
        future = client.submit(nothing, trial.params, pure=False)
        trials[future.key] = trial
        return future

    running = as_completed([submit(), submit()])
    for future in running:
        study.tell(trials.pop(future.key), future.result())
        if len(study.trials) < N_TASKS:
            running.add(submit())


def measure():
    """Start a cluster several times and measure."""
    from dask.distributed import Client, LocalCluster

    found = {name: [] for name in ("dask/start", "dask/task", "dask/trial", "optuna/trial")}
    for _ in range(N_TIMES):
        before = cpu_seconds()
        with (
            LocalCluster(
                n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
            ) as cluster,
            Client(cluster) as client,
        ):
            client.gather(client.map(nothing, [{}, {}], pure=False))
            found["dask/start"].append(1000 * (cpu_seconds() - before))
            on_cluster(client)  # warms up
            before = cpu_seconds()
            params = [{"x": float(k)} for k in range(N_TASKS)]
            client.gather([client.submit(nothing, each, pure=False) for each in params])
            found["dask/task"].append(1000 * (cpu_seconds() - before) / N_TASKS)
            before = cpu_seconds()
            on_cluster(client)
            found["dask/trial"].append(1000 * (cpu_seconds() - before) / N_TASKS)
            before = time.process_time()
            in_a_loop()
            found["optuna/trial"].append(1000 * (time.process_time() - before) / N_TASKS)
    return {name: np.array([float(f"{x:.3g}") for x in each]) for name, each in found.items()}


if __name__ == "__main__":
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    fill("cluster_costs.npz", {"dask": measure}, sys.argv[1:])
