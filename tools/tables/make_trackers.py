"""Compute trackers.csv: what it costs to log a trial with each tracker, and what a kill leaves.

    python tools/tables/make_trackers.py --comet PYTHON

The groups ``track`` and ``wandb`` are needed, and for Comet the Python of an environment of its own
(``pip install comet-ml`` there): tensorboardX writes to Comet, too, where it finds it installed.
Nothing is sent: all of them write to temporary folders.

Each tool logs the same `N_TRIALS` trials, two parameters and a score, in a process of its own, five
times. Two more processes are killed in the middle of their fourth trial, after the parameters were
logged: one at once, the other 25 seconds later.
The columns:

- ``import_s``: seconds of CPU to import it and to set it up, once a process; median of five;
- ``ms``: milliseconds of CPU for a trial, all its processes; median of five means;
- ``files``, ``kB``: what the trials leave on disk (1 kB is 1,000 bytes);
- ``kept``: of three trials that had ended before the kill, how many can be read afterwards;
- ``begun``: what can be read of the trial that was running: ``parameters``, or ``nothing``;
- ``begun_25``: the same, killed 25 seconds later.

The seconds are those of one machine; the rest comes out the same again. About ten minutes.
"""

import argparse
import csv
import json
import os
import resource
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

N_TRIALS = 20
REPEATS = 5
OUTPUT = Path(__file__).resolve().parents[2] / "data" / "trackers.csv"
COLUMNS = ["tool", "version", "import_s", "ms", "files", "kB", "kept", "begun", "begun_25"]


class JsonLines:
    """A line of JSON for each trial, flushed and synced."""

    package = None

    def __init__(self, folder):
        self.file = (folder / "trials.jsonl").open("a")

    def begin(self, number, params):
        """Take up the parameters; nothing is written yet."""
        self.record = {"number": number, "params": params}

    def end(self, score):
        """Write the line."""
        self.file.write(json.dumps(self.record | {"score": score}) + "\n")
        self.file.flush()
        os.fsync(self.file.fileno())

    @staticmethod
    def read(folder):
        """Return the scores, and whether there are parameters of a trial without one."""
        lines = (folder / "trials.jsonl").read_text().splitlines()
        return [json.loads(line)["score"] for line in lines], False


class OptunaJournal:
    """A study in a journal file."""

    package = "optuna"

    def __init__(self, folder):
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self.optuna = optuna
        self.study = optuna.create_study(storage=self.storage(folder), study_name="search")

    @staticmethod
    def storage(folder):
        """Open the journal."""
        from optuna.storages import JournalStorage
        from optuna.storages.journal import JournalFileBackend

        return JournalStorage(JournalFileBackend(str(folder / "journal.log")))

    def begin(self, number, params):
        """Ask for a trial with these parameters."""
        self.study.enqueue_trial(params)
        axes = {name: self.optuna.distributions.FloatDistribution(0, 1e3) for name in params}
        self.trial = self.study.ask(axes)

    def end(self, score):
        """Tell its score."""
        self.study.tell(self.trial, score)

    @staticmethod
    def read(folder):
        """Return the scores, and whether there are parameters of a trial without one."""
        import optuna

        trials = optuna.load_study(
            storage=OptunaJournal.storage(folder), study_name="search"
        ).trials
        return (
            [trial.value for trial in trials if trial.state.is_finished()],
            any(trial.params for trial in trials if not trial.state.is_finished()),
        )


class MLflow:
    """Nested runs in a database of SQLite."""

    package = "mlflow-skinny"

    def __init__(self, folder):
        self.mlflow = self.connect(folder)
        self.mlflow.create_experiment("search", artifact_location=(folder / "artifacts").as_uri())
        self.mlflow.set_experiment("search")
        self.mlflow.start_run()

    @staticmethod
    def connect(folder):
        """Import MLflow, quiet, with the database of a folder."""
        import logging

        os.environ |= {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}
        import mlflow

        for name in ("mlflow", "alembic"):
            logging.getLogger(name).setLevel(logging.ERROR)
        mlflow.set_tracking_uri(f"sqlite:///{folder / 'mlflow.db'}")
        return mlflow

    def begin(self, number, params):
        """Start a nested run and log its parameters."""
        self.mlflow.start_run(nested=True, run_name=f"trial {number}")
        self.mlflow.log_params(params)

    def end(self, score):
        """Log the score, end the run."""
        self.mlflow.log_metric("score", score)
        self.mlflow.end_run()

    @staticmethod
    def read(folder):
        """Return the scores, and whether there are parameters of a trial without one."""
        runs = MLflow.connect(folder).search_runs(experiment_names=["search"])
        children = runs[runs["tags.mlflow.parentRunId"].notna()]
        ended = children["status"] == "FINISHED"
        return list(children[ended]["metrics.score"]), bool(children[~ended]["params.C"].any())


class TensorBoard:
    """Event files for the page HParams, by tensorboardX."""

    package = "tensorboardX"

    def __init__(self, folder):
        from tensorboardX import SummaryWriter

        self.writer, self.folder = SummaryWriter, folder

    def begin(self, number, params):
        """Open a file; TensorBoard takes hyperparameters only together with the score."""
        self.params = params
        self.now = self.writer(str(self.folder / f"trial_{number:02}"))
        self.now.add_text("parameters", json.dumps(params))

    def end(self, score):
        """Write both, close the file."""
        # A file of its own: with name="." it can get the name of the one that is open.
        self.now.add_hparams(self.params, {"score": score}, name="result")
        self.now.close()

    @staticmethod
    def read(folder):
        """Return the scores, and whether there are parameters of a trial without one."""
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

        scores, begun = [], False
        for trial in sorted(folder.glob("trial_*")):
            if (trial / "result").exists():
                events = EventAccumulator(str(trial / "result")).Reload()
                scores.append(events.Scalars("score")[-1].value)
            else:
                begun = begun or bool(EventAccumulator(str(trial)).Reload().Tags()["tensors"])
        return scores, begun


class WandB:
    """Weights & Biases, offline: a folder for each run."""

    package = "wandb"

    def __init__(self, folder):
        os.environ |= {"WANDB_MODE": "offline", "WANDB_SILENT": "true"}
        os.environ |= {"WANDB_ERROR_REPORTING": "false"}
        for name in ("", "_CACHE", "_CONFIG", "_DATA"):
            os.environ[f"WANDB{name}_DIR"] = str(folder)
        import wandb

        self.wandb = wandb
        # Only what the others store as well.
        self.options = wandb.Settings(console="off", x_disable_stats=True, disable_git=True)

    def begin(self, number, params):
        """Start a run; its parameters are its configuration."""
        self.run = self.wandb.init(
            project="search", name=f"trial {number}", config=params, settings=self.options
        )

    def end(self, score):
        """Log the score, end the run."""
        self.run.log({"score": score})
        self.run.finish()

    def close(self):
        """End the process that writes, so that its time is counted."""
        self.wandb.teardown()

    @staticmethod
    def read(folder):
        """Return the scores, and whether there are parameters of a trial without one."""
        scores, begun = [], False
        for file in sorted(folder.glob("wandb/offline-run-*/*.wandb")):
            record = wandb_records(file)
            found = [
                json.loads(item.value_json)
                for each in record
                if each.WhichOneof("record_type") == "history"
                for item in each.history.item
                if item.key == "score" or list(item.nested_key) == ["score"]
            ]
            scores += found[:1]
            has_params = any(
                update.key == "C"
                for each in record
                if each.WhichOneof("record_type") == "run"
                for update in each.run.config.update
            )
            begun = begun or (not found and has_params)
        return scores, begun


def wandb_records(file):
    """Read the records of a .wandb file, which is a log in the format of LevelDB."""
    from wandb.proto import wandb_internal_pb2

    content, at, parts, records = file.read_bytes(), 7, b"", []
    while at + 7 <= len(content):
        left = 32768 - at % 32768
        if left < 7:
            at += left
            continue
        size, kind = struct.unpack_from("<HB", content, at + 4)
        parts += content[at + 7 : at + 7 + size]
        if kind in (1, 4):  # whole, or the last part
            record = wandb_internal_pb2.Record()
            record.ParseFromString(parts)
            records.append(record)
            parts = b""
        at += 7 + size
    return records


class Comet:
    """Comet, offline: an archive for each experiment."""

    package = "comet_ml"

    def __init__(self, folder):
        os.environ |= {"COMET_LOGGING_CONSOLE": "ERROR", "TMPDIR": str(folder / "temporary")}
        (folder / "temporary").mkdir(exist_ok=True)
        import comet_ml

        self.comet, self.folder = comet_ml, folder

    def begin(self, number, params):
        """Start an experiment and log its parameters."""
        self.now = self.comet.OfflineExperiment(
            project_name="search",
            workspace="me",
            offline_directory=str(self.folder),
            display_summary_level=0,
            log_code=False,
            log_git_metadata=False,
            log_env_details=False,
            auto_output_logging=False,
            parse_args=False,
        )
        self.now.log_parameters(params)

    def end(self, score):
        """Log the score, end the experiment."""
        self.now.log_metric("score", score)
        self.now.end()

    @staticmethod
    def read(folder):
        """Return the scores, and whether there is an archive of a trial without one."""
        scores, begun = [], False
        for file in sorted(folder.glob("*.zip")):
            archive = zipfile.ZipFile(file)
            if "messages.json" not in archive.namelist():
                continue  # it is put in at the end
            lines = archive.read("messages.json").decode().splitlines()
            logged = [json.loads(line)["payload"] for line in lines]
            found = [m["metric"]["metricValue"] for m in logged if "metric" in m]
            scores += found[-1:]
            begun = begun or not found
        return scores, begun


TOOLS = {
    "JSON lines": JsonLines,
    "Optuna, journal": OptunaJournal,
    "TensorBoard": TensorBoard,
    "MLflow, SQLite": MLflow,
    "W&B, offline": WandB,
    "Comet, offline": Comet,
}


def spent():
    """Return the seconds of CPU of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def params_of(number):
    """Return the parameters of a trial."""
    return {"C": 1.0 + number, "gamma": 0.001 * (1 + number)}


def log_all(tool, folder):
    """Log all trials; print the seconds of the start, the seconds of the trials, the version."""
    from importlib.metadata import version

    start = spent()
    tracker = TOOLS[tool](folder)
    ready = spent()
    for number in range(N_TRIALS):
        tracker.begin(number, params_of(number))
        tracker.end(0.01 * number)
    getattr(tracker, "close", lambda: None)()
    package = TOOLS[tool].package
    print(json.dumps([ready - start, spent() - ready, version(package) if package else ""]))


def log_some(tool, folder):
    """Log three trials, begin a fourth, say so, and wait to be killed."""
    tracker = TOOLS[tool](folder)
    for number in range(4):
        tracker.begin(number, params_of(number))
        if number < 3:
            tracker.end(0.01 * number)
    print("ready", flush=True)
    sys.stdin.read()


def measure(tool, python=sys.executable, repeats=REPEATS):
    """Return the row of a tool."""

    def command(action, folder):
        return [python, __file__, "--do", action, tool, folder]

    seen = []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            run = subprocess.run(
                command("log_all", folder), capture_output=True, text=True, check=True
            )
            seen.append(json.loads(run.stdout.splitlines()[-1]))
            files = [path for path in Path(folder).rglob("*") if path.is_file()]
            size = sum(path.stat().st_size for path in files) / 1000
    kept, begun = kill(command, 0)
    kept_25, begun_25 = kill(command, 25)
    if kept != kept_25:
        raise RuntimeError(f"{tool}: {kept} trials kept, and {kept_25} after 25 seconds")
    starts, trials, versions = zip(*seen, strict=True)
    return {
        "tool": tool,
        "version": versions[0],
        "import_s": f"{statistics.median(starts):.2f}",
        "ms": float(f"{1000 * statistics.median(trials) / N_TRIALS:.2g}"),
        "files": len(files),
        "kB": f"{size:.3g}",
        "kept": kept,
        "begun": begun,
        "begun_25": begun_25,
    }


def kill(command, seconds):
    """Kill a process so long after it began its fourth trial; return what can be read."""
    with tempfile.TemporaryDirectory() as folder:
        child = subprocess.Popen(
            command("log_some", folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        while (line := child.stdout.readline()) and line.strip() != "ready":
            pass
        time.sleep(seconds)
        child.kill()
        child.communicate()
        time.sleep(2)  # W&B has a second process that ends by itself
        run = subprocess.run(command("read", folder), capture_output=True, text=True, check=True)
        scores, begun = json.loads(run.stdout.splitlines()[-1])
    return len(scores), "parameters" if begun else "nothing"


def main():
    """Measure all tools, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--comet", metavar="PYTHON", help="of an environment with comet-ml")
    parser.add_argument("--do", nargs=3, metavar=("ACTION", "TOOL", "FOLDER"))
    given = parser.parse_args()
    if given.do:
        action, tool, folder = given.do
        if action == "read":
            print(json.dumps(TOOLS[tool].read(Path(folder))))
        else:
            {"log_all": log_all, "log_some": log_some}[action](tool, Path(folder))
        return
    if not given.comet:
        parser.error("--comet PYTHON is needed")
    rows = []
    for tool in TOOLS:
        rows.append(measure(tool, given.comet if tool.startswith("Comet") else sys.executable))
        print(rows[-1], flush=True)
    with OUTPUT.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
