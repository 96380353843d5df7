"""Compute storage_costs.npz: what a trial costs on each storage of Optuna, for chapter 17.

    python tools/tables/make_storage_costs.py                 # all parts, some 20 minutes
    python tools/tables/make_storage_costs.py race/journal    # some

**Growth.** A study is filled with 100, 1,000 and 10,000 finished trials of three hyperparameters.
``"trial/STORAGE"``, shape (repeats, 3): milliseconds of CPU that one more trial costs (median of
25), the worker's and the server's together. ``"first/STORAGE"``, the same shape: seconds of CPU
until a new process has opened the study and made its first trial.

**Race.** 1, 2 and 4 workers share a study, each makes 40 trials whose fit is a pause of 50 ms.
``"rate/STORAGE"``, shape (repeats, 3): finished trials in a second of the clock.

The proxy (``"gRPC"``) stands before PostgreSQL. Needs Linux, PostgreSQL and the group `scale`; one
thread. The numbers are those of one machine, and of what else it had to do.
"""

import argparse
import contextlib
import datetime
import tempfile
import time
import warnings
from functools import partial
from pathlib import Path

import numpy as np
import optuna
import psutil
import sqlalchemy as sa
from making import fill
from optuna.storages import GrpcStorageProxy, InMemoryStorage, JournalStorage, get_storage
from optuna.storages.journal import JournalFileBackend

from tuneup_helpers.servers import free_port, start_worker, temporary_postgres, wait_until

SIZES = (100, 1000, 10_000)
WORKERS = (1, 2, 4)
N_REPEATS = 3
PAUSE = 0.05
N_TRIALS = 40
UNIT = optuna.distributions.FloatDistribution(0, 1)
OPEN = """
import optuna, sys
from optuna.storages import *
from optuna.storages import get_storage
from optuna.storages.journal import JournalFileBackend

def open_storage(address):
    kind, _, rest = address.partition("|")
    if kind == "journal":
        return JournalStorage(JournalFileBackend(rest))
    if kind == "gRPC":
        return GrpcStorageProxy(host="127.0.0.1", port=int(rest))
    return get_storage(rest)

optuna.logging.set_verbosity(optuna.logging.ERROR)
"""
PROXY = f"""{OPEN}
run_grpc_proxy_server(get_storage(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]))
"""
WORKER = f"""{OPEN}
import os, time

address, go, pause, n_trials = sys.argv[1:]

def objective(trial):
    x = [trial.suggest_float(name, 0, 1) for name in "abc"]
    time.sleep(float(pause))
    return sum(x)

sampler = optuna.samplers.RandomSampler()
study = optuna.load_study(study_name="race", storage=open_storage(address), sampler=sampler)
print("ready")
while not os.path.exists(go):
    time.sleep(0.005)
study.optimize(objective, n_trials=int(n_trials))
print(time.time())
"""


def objective(trial):
    """Return the sum of three hyperparameters."""
    return sum(trial.suggest_float(name, 0, 1) for name in "abc")


@contextlib.contextmanager
def storage(kind):
    """Yield how a worker calls an empty storage, and SQLAlchemy's URL of it (or None)."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if kind == "journal":
            yield f"journal|{folder / 'journal.log'}", None, []
        elif kind == "SQLite":
            url = f"sqlite:///{folder / 'study.db'}"
            yield f"SQLite|{url}", url, []
        else:
            server = stack.enter_context(temporary_postgres())
            yield f"{kind}|{server.url}", server.url, [server.pid]


@contextlib.contextmanager
def proxy(url):
    """Yield the address of a gRPC proxy before a database, and its process id."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "proxy.py")
        script.write_text(PROXY)
        port = free_port()
        with start_worker(script, url, port) as server:
            GrpcStorageProxy(host="127.0.0.1", port=port).wait_server_ready(timeout=120)
            yield f"gRPC|{port}", server.pid


def open_storage(address):
    """Open what a worker would open."""
    names = {}
    exec(OPEN, names)
    return names["open_storage"](address)


def fill_database(url, study_id, n_before, n):
    """Write finished trials into the tables of a database: through Optuna it would take minutes."""
    engine, tables = sa.create_engine(url), sa.MetaData()
    tables.reflect(engine)
    trials, params, values = (
        tables.tables[name] for name in ("trials", "trial_params", "trial_values")
    )
    now, rng = datetime.datetime.now(), np.random.default_rng(n_before)
    json = optuna.distributions.distribution_to_json(UNIT)
    when = {"datetime_start": now, "datetime_complete": now}
    numbers = range(n_before, n)
    with engine.begin() as connection:
        state = {"study_id": study_id, "state": "COMPLETE", **when}
        connection.execute(sa.insert(trials), [{"number": i, **state} for i in numbers])
        found = sa.select(trials.c.trial_id).where(trials.c.number >= n_before)
        ids = connection.execute(found).scalars().all()
        kept = [
            {"trial_id": i, "param_name": name, "param_value": rng.random()}
            for i in ids
            for name in "abc"
        ]
        connection.execute(sa.insert(params), [{**row, "distribution_json": json} for row in kept])
        ends = [{"trial_id": i, "objective": 0, "value": rng.random()} for i in ids]
        connection.execute(sa.insert(values), [{**row, "value_type": "FINITE"} for row in ends])
    engine.dispose()


def fill_study(study, n_before, n):
    """Add finished trials to a study by Optuna."""
    rng = np.random.default_rng(n_before)
    for _ in range(n_before, n):
        params = {name: rng.random() for name in "abc"}
        spaces = dict.fromkeys(params, UNIT)
        study.add_trial(
            optuna.create_trial(params=params, distributions=spaces, value=rng.random())
        )


def cpu_of(pids):
    """Return the seconds of CPU of processes and of their children so far."""
    total = 0.0
    for pid in pids:
        process = psutil.Process(pid)
        for each in [process, *process.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                times = each.cpu_times()
                total += times.user + times.system
        own = process.cpu_times()
        total += own.children_user + own.children_system
    return total


def costs(open_, pids, n_trials=25):
    """Return seconds until the first trial of a new worker, and milliseconds of one more."""
    before, start = cpu_of(pids), time.process_time()
    sampler = optuna.samplers.RandomSampler(seed=0)
    study = optuna.load_study(study_name="growth", storage=open_(), sampler=sampler)
    study.optimize(objective, 1)
    first = time.process_time() - start + cpu_of(pids) - before
    before, mine = cpu_of(pids), []
    for _ in range(n_trials):
        start = time.process_time()
        study.optimize(objective, 1)
        mine.append(time.process_time() - start)
    servers = (cpu_of(pids) - before) / n_trials
    return first, 1000 * (np.median(mine) + servers)


def growth(kind):
    """Return seconds and milliseconds at each size."""
    first, trial = [], []
    if kind == "memory":
        kept = InMemoryStorage()
        study = optuna.create_study(study_name="growth", storage=kept)
        for n_before, n in zip((0, *SIZES), SIZES, strict=False):
            fill_study(study, n_before, n)
            trial.append(costs(lambda: kept, [])[1])
        return None, trial
    with storage(kind) as (address, url, pids):
        study = optuna.create_study(study_name="growth", storage=open_storage_of(address, url))
        for n in SIZES:
            n_before = len(study.get_trials(deepcopy=False))
            if url:
                fill_database(url, study._study_id, n_before, n)
            else:
                fill_study(study, n_before, n)
            if kind == "gRPC":
                with proxy(url) as (address_, pid):
                    one = costs(lambda a=address_: open_storage(a), [*pids, pid])
            else:
                one = costs(lambda: open_storage(address), pids)
            first.append(one[0])
            trial.append(one[1])
    return first, trial


def open_storage_of(address, url):
    """Open the storage itself, without a proxy."""
    return get_storage(url) if url else open_storage(address)


def rate(address, folder, n_workers):
    """Return the trials that `n_workers` finish in a second."""
    script, go = folder / "worker.py", folder / f"go-{n_workers}"
    script.write_text(WORKER)
    with contextlib.ExitStack() as stack:
        workers = [
            stack.enter_context(start_worker(script, address, go, PAUSE, N_TRIALS))
            for _ in range(n_workers)
        ]
        wait_until(lambda: all(worker.lines for worker in workers), what="the workers")
        start = time.time()
        go.touch()
        for worker in workers:
            if worker.wait(600):
                raise RuntimeError(worker.errors)
        end = max(float(worker.lines[-1]) for worker in workers)
    return n_workers * N_TRIALS / (end - start)


def race(kind):
    """Return the rate for each number of workers."""
    rates = []
    for n_workers in WORKERS:
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            address, url, _ = stack.enter_context(storage(kind))
            optuna.create_study(study_name="race", storage=open_storage_of(address, url))
            if kind == "gRPC":
                address, _ = stack.enter_context(proxy(url))
            rates.append(rate(address, folder, n_workers))
    return rates


def all_growth(kind):
    """Measure how one storage grows, `N_REPEATS` times."""
    grown = [growth(kind) for _ in range(N_REPEATS)]
    entries = {f"trial/{kind}": np.array([trial for _, trial in grown])}
    if kind != "memory":
        entries[f"first/{kind}"] = np.array([first for first, _ in grown])
    return entries


def all_races(kind):
    """Measure how one storage serves several workers, `N_REPEATS` times."""
    return {f"rate/{kind}": np.array([race(kind) for _ in range(N_REPEATS)])}


KINDS = ("memory", "journal", "SQLite", "PostgreSQL", "gRPC")
PARTS = {f"growth/{kind}": partial(all_growth, kind) for kind in KINDS}
PARTS |= {f"race/{kind}": partial(all_races, kind) for kind in KINDS[1:]}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", help="parts; all by default")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
    always = {"sizes": np.array(SIZES), "workers": np.array(WORKERS)}
    fill("storage_costs.npz", PARTS, parser.parse_args().parts, **always)
