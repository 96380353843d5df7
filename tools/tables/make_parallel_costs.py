"""Compute parallel_costs.npz: what a second worker costs before it computes anything.

    python tools/tables/make_parallel_costs.py

CPU time of all processes and threads together, on one machine with two cores: other than the time
on the clock it hardly depends on what else the machine does. The file holds `N_TIMES`
measurements of each:

- ``start``: milliseconds to start one process of joblib (loky) that loads scikit-learn.
- ``task/threading``, ``task/loky``: milliseconds for a task that does nothing.
- ``send/copied``, ``send/mapped``: milliseconds for a task that is handed an array of 8 MB and
  reads it, as a copy in the message or as a file mapped into memory.
- ``threads/N``: milliseconds of CPU for a fit of HistGradientBoostingClassifier on 300 rows with
  1, 2, 4 and 8 threads.

One minute.
"""

import os
import sys
import time

import numpy as np
from joblib import Parallel, delayed, parallel_config
from joblib.externals.loky import get_reusable_executor
from making import fill
from sklearn.datasets import load_digits
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.svm import SVC
from threadpoolctl import threadpool_limits

N_TIMES = 7
N_TASKS = 40
THREADS = (1, 2, 4, 8)


def nothing(_):
    """Return the process, and its CPU time so far."""
    return os.getpid(), time.process_time()


def read(array):
    """Read an array; return the process, and its CPU time so far."""
    array.sum()
    return nothing(array)


def cpu_of(task, items):
    """Return the CPU seconds of this process and its workers for a task on each item."""
    before = dict(Parallel(batch_size=1)(delayed(nothing)(k) for k in range(20)))
    mine = time.process_time()
    found = Parallel(batch_size=1)(delayed(task)(item) for item in items)
    spent = time.process_time() - mine
    last = {}
    for process, seconds in found:
        last[process] = max(seconds, last.get(process, 0.0))
    last.pop(os.getpid(), None)
    return spent + sum(seconds - before.get(p, seconds) for p, seconds in last.items())


def tasks():
    """Measure a task that does nothing."""
    found = {}
    for backend in ("threading", "loky"):
        with parallel_config(backend, n_jobs=2):
            cpu_of(nothing, range(N_TASKS))
            each = [cpu_of(nothing, range(N_TASKS)) for _ in range(N_TIMES)]
        found[f"task/{backend}"] = 1000 * np.array(each) / N_TASKS
    return found


def sends():
    """Measure a task that is handed 8 MB."""
    big = np.random.default_rng(0).random(1_000_000)
    found = {}
    for how, limit in (("copied", None), ("mapped", "1M")):
        with parallel_config("loky", n_jobs=2, max_nbytes=limit):
            cpu_of(read, [big] * 4)
            each = [cpu_of(read, [big] * 10) for _ in range(N_TIMES)]
        found[f"send/{how}"] = 1000 * np.array(each) / 10
    return found


def first_task(_):
    """Load a part of scikit-learn; return the CPU time of a young process."""
    SVC()
    time.sleep(0.1)
    return os.getpid(), time.process_time()


def starts():
    """Measure what a process has spent when its first task is done."""
    found = []
    for _ in range(N_TIMES):
        get_reusable_executor(max_workers=2).shutdown(wait=True)
        with parallel_config("loky", n_jobs=2):
            each = dict(Parallel(batch_size=1)(delayed(first_task)(k) for k in range(2)))
        found.append(1000 * np.mean(list(each.values())))
    return {"start": np.array(found)}


def threads():
    """Measure what more threads than cores spend."""
    X, y = load_digits(return_X_y=True)
    model = HistGradientBoostingClassifier(max_iter=5, early_stopping=False)
    found = {f"threads/{n}": [] for n in THREADS}
    for i in range(N_TIMES + 1):
        for n in THREADS:
            with threadpool_limits(n, user_api="openmp"):
                start = time.process_time()
                model.fit(X[:300], y[:300])
                spent = time.process_time() - start
            if i:  # the first time warms up
                found[f"threads/{n}"].append(1000 * spent)
    return {name: np.array(each) for name, each in found.items()}


PARTS = {"tasks": tasks, "sends": sends, "start": starts, "threads": threads}


def main(wanted):
    """Measure what is wanted, by default everything."""
    parts = {name: lambda part=part: rounded(part()) for name, part in PARTS.items()}
    fill("parallel_costs.npz", parts, wanted)


def rounded(entries):
    """Round to three digits."""
    return {name: np.array([float(f"{x:.3g}") for x in each]) for name, each in entries.items()}


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = "8"  # allows as many; limited below
    main(sys.argv[1:])
