"""Set up Tune Up, open it, keep the learner's copy: the same words for everybody.

    python course.py lab              set up (once), bring my_course/ up to date, open JupyterLab
    python course.py fresh 05a        start a lesson afresh; yours is kept beside it
    python course.py check            say in one line whether this machine is ready
    python course.py setup [group ...]        install the course's packages, and groups (or: all)
    python course.py run GROUPS ARGUMENTS     run Python with these groups, as in: run dev -m pytest
    python course.py lock [--upgrade]         resolve pyproject.toml into the lock files again

`lab` takes --port and --no-browser; what it does not know goes to JupyterLab. On Windows say
`py course.py lab`. With conda, activate the environment first: packages that are there are used.

Standard library only. Python 3.8 can still parse this file, so that it can say what it needs.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036
    newer = filter(shutil.which, ("python3.%d" % minor for minor in range(20, 10, -1)))  # noqa: UP031
    sys.exit(
        "Tune Up needs Python 3.11 or later, and {} is Python {}.{}.{}: use {} instead "
        "(make lab PYTHON=...)".format(
            sys.executable, *sys.version_info[:3], next(newer, "a newer one, as python3.12")
        )
    )

sys.path.append(str(Path(__file__).resolve().parent / "tools"))

from learner_copy import (
    COPY,
    Trouble,
    check_writable,
    digest,
    fresh,
    read_json,
    say,
    update_copy,
    write,
)

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = ".tuneup.json"

# What can be installed besides the course. A group is an extra of pyproject.toml and has a lock
# of its own, requirements-GROUP.lock, that holds what it adds to requirements.lock.
GROUPS = {
    "autodiff": "JAX, for the sections on automatic differentiation",
    "boosting": "XGBoost, for the chapter on faster models",
    "deep": "Keras and KerasTuner, for neural networks (chapters 11 to 13)",
    "dev": "tests, style, tools: for contributors",
    "scale": "Dask, PostgreSQL's driver and gRPC, for the chapter on scaling out",
    "site": "Sphinx and MyST, to build the course as a web site",
    "track": "MLflow, TensorBoard and Optuna's dashboard, for the chapter on tracking",
    "wandb": "Weights & Biases, for the chapter on tracking",
}

# For every process that is started from here.
SETTINGS = {
    # On small models more threads cost time.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "PYTHONHASHSEED": "0",
    # Keras on JAX; what was compiled once is kept, or each new network takes seconds.
    "KERAS_BACKEND": "jax",
    "JAX_COMPILATION_CACHE_DIR": str(ROOT / ".jax_cache"),
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    # Compiled bytecode saves seconds at each kernel start.
    "UV_COMPILE_BYTECODE": "1",
}


# ---------------------------------------------------------------- the environment


def lock_of(group):
    """Return the lock file of a group; None is the course itself."""
    return ROOT / (f"requirements-{group}.lock" if group else "requirements.lock")


def check_groups(names):
    """Return the groups named, `all` resolved."""
    for name in names:
        if name not in (*GROUPS, "all"):
            known = ", ".join(GROUPS)
            raise Trouble(f"there is no group or command {name!r}; the groups are {known}, or all")
    return sorted(GROUPS if "all" in names else set(names))


def project():
    """Read pyproject.toml."""
    import tomllib  # not before 3.11

    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def requirements(groups):
    """List what pyproject.toml asks for."""
    named = project()["project"]
    extras = named["optional-dependencies"]
    return named["dependencies"] + [line for group in groups for line in extras[group]]


PROBE = """
import json, re, sys
from importlib import metadata, util
from pathlib import Path

def numbers(version):
    return [int(part) for part in re.findall(r"\\d+", version)[:3]]

missing = []
for requirement in json.loads(sys.argv[1]):
    if ";" in requirement:  # not everywhere
        continue
    name, least = re.match(r"([\\w.-]+)(?:\\[.*\\])?(?:>=([\\d.]+))?", requirement).groups()
    try:
        if least and numbers(metadata.version(name)) < numbers(least):
            missing.append(name)
    except metadata.PackageNotFoundError:
        missing.append(name)
helpers = util.find_spec("tuneup_helpers")
print(json.dumps({
    "python": sys.version.split()[0],
    "conda": (Path(sys.prefix) / "conda-meta").is_dir(),
    "venv": sys.prefix != sys.base_prefix,
    "missing": missing,
    "helpers": helpers and helpers.origin,
}))
"""


def probe(python, groups=()):
    """Ask a Python what it has; None if it does not run."""
    command = [str(python), "-P", "-c", PROBE, json.dumps(requirements(groups))]
    try:
        run = subprocess.run(command, env=surroundings(), capture_output=True, text=True)
        found = json.loads(run.stdout)
    except (OSError, ValueError):
        return None
    found["ours"] = bool(found["helpers"]) and ROOT in Path(found["helpers"]).resolve().parents
    found["own"] = found["conda"] or found["venv"]
    return found


def surroundings():
    """Return the environment variables for the processes that are started from here."""
    keep = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    keep.update(SETTINGS)
    if VENV.is_symlink():  # to another checkout's: its Python takes our package all the same
        path = filter(None, [str(ROOT), keep.get("PYTHONPATH")])
        keep["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(path))
    return keep


def venv_python():
    """Return where the Python of .venv is, or will be."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def in_venv():
    """Tell whether .venv is what runs this."""
    return VENV.exists() and Path(sys.prefix).resolve() == VENV.resolve()


def environment(groups=(), *, install=False):
    """Return a Python that has the course's packages and the groups, set up where needed.

    An environment that runs this and has everything (conda's, an activated one) is used as it
    is. Otherwise it is .venv, made if need be. `install` goes through the lock files in any case.
    """
    here = probe(sys.executable, groups)
    elsewhere = here["own"] and (VENV.is_symlink() or not in_venv())
    if elsewhere and here["ours"] and not here["missing"] and not install:
        return sys.executable
    # As conda leaves it after environment.yml: all packages, but not the helpers.
    bare = here["conda"] and not here["helpers"] and not here["missing"]
    if elsewhere and not in_venv() and (here["ours"] or bare):
        return install_into(sys.executable, groups, fresh=install)
    python = venv_python()
    if VENV.is_symlink():
        there = probe(python, groups)
        if there is None or there["missing"]:
            lacks = ", ".join(there["missing"]) if there else "a Python that runs"
            raise Trouble(
                f".venv is a link to {os.readlink(VENV)}, which lacks {lacks}: set up there"
            )
        return str(python)
    if probe(python) is None:
        make_venv()
    try:
        return install_into(str(python), groups, fresh=install)
    except Trouble as trouble:
        there = probe(python, groups)
        if install or there is None or there["missing"] or not there["ours"]:
            raise
        say(f"{trouble} Going on with the packages that are here.")
        return str(python)


def make_venv():
    """Make .venv, over what an interrupted set-up or a Python that is gone has left there."""
    say("Setting up Tune Up in .venv: once, and with the network.")
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Trouble(
            f"{sys.executable} has no venv module: install it "
            "(Debian and Ubuntu: apt install python3-venv)."
        ) from None
    check_writable(ROOT)
    run = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True
    )
    if run.returncode:
        raise Trouble(f".venv could not be made: {last_line(run.stdout + run.stderr)}")


def last_line(text):
    """Return the last line that says something."""
    return ([""] + [line.strip() for line in text.splitlines() if line.strip()])[-1]


def install_into(python, groups, *, fresh):
    """Install the locked packages, the groups and the helpers; nothing if they are there."""
    prefix = Path(python).parents[1] if str(VENV) in python else Path(sys.prefix)
    stamp = read_json(prefix / STAMP)
    before = [group for group in GROUPS if lock_of(group).name in stamp]
    locks = [lock_of(group) for group in (None, *sorted({*groups, *before}))]
    want = {lock.name: digest(lock.read_bytes()) for lock in locks}
    package = {"folder": str(ROOT), "pyproject": digest((ROOT / "pyproject.toml").read_bytes())}
    if fresh or any(stamp.get(name) != value for name, value in want.items()):
        ask = [part for lock in locks for part in ("--requirement", str(lock))]
        say("Installing the packages ...")
        pip(python, "--require-hashes", *ask)
    if fresh or any(stamp.get(name) != value for name, value in package.items()):
        # setuptools is in the lock: building needs no network.
        pip(python, "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    new = {**stamp, **want, **package}
    if new != stamp:
        with contextlib.suppress(Trouble):  # next time it is looked at again: that costs seconds
            write(prefix / STAMP, json.dumps(new, indent=1).encode())
    return python


def pip(python, *arguments):
    """Install by uv, which .venv gets first; by pip into an environment of somebody else's."""
    if str(VENV) in python:
        ensure_uv(python)
        command = [python, "-m", "uv", "pip", "install", "--python", python]
    else:
        command = [python, "-m", "pip", "install", "--disable-pip-version-check"]
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    if subprocess.run([*command, *quiet, *arguments], env=surroundings(), cwd=ROOT).returncode:
        raise Trouble(
            "The packages could not be installed: downloading them needs the network (PyPI), once; "
            "after it Tune Up works offline."
        )


def ensure_uv(python):
    """Install uv, which installs ten times as fast as pip."""
    quiet = {"capture_output": True, "text": True, "env": surroundings()}
    if not subprocess.run([python, "-m", "uv", "--version"], **quiet).returncode:
        return
    if subprocess.run([python, "-m", "pip", "--version"], **quiet).returncode:
        subprocess.run([python, "-m", "ensurepip"], **quiet)  # interrupted before it came to that
    ask = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv"]
    run = subprocess.run(ask, **quiet)
    if run.returncode:
        raise Trouble(
            "Nothing could be downloaded: the first set-up needs the network (PyPI); after it "
            f"Tune Up works offline. ({last_line(run.stderr)})"
        )


def setup(groups):
    """Install what the locks hold and say where."""
    groups = check_groups(groups)
    python = environment(groups, install=not VENV.is_symlink())
    say(f"Ready: {', '.join(['the course', *groups])} ({python})")


def run(groups, arguments):
    """Run Python with the groups installed, in the project's folder."""
    become([environment(check_groups(groups)), *arguments], cwd=ROOT, env=surroundings())


def become(command, *, cwd, env):
    """Go on as another program, so that signals reach it; on Windows wait for it."""
    sys.stdout.flush()
    if os.name == "nt":
        try:
            sys.exit(subprocess.call(command, cwd=cwd, env=env))
        except KeyboardInterrupt:
            sys.exit(130)
    os.chdir(cwd)
    os.execve(command[0], command, env)


def lock(upgrade):
    """Resolve all groups at once, then write one lock for the course and one for each group."""
    python = str(venv_python())
    if probe(python) is None:
        make_venv()
    ensure_uv(python)
    command = [python, "-m", "uv", "pip", "compile", "--universal", "--fork-strategy", "fewest"]
    command += ["--no-header", "--no-annotate", "--generate-hashes", "--quiet"]
    # What builds the helpers is locked too.
    build = "\n".join(project()["build-system"]["requires"])

    def compile_(output, *arguments):
        ask = [*command, "pyproject.toml", "-", *arguments, "--output-file", str(output)]
        if subprocess.run(ask, input=build, text=True, cwd=ROOT, env=surroundings()).returncode:
            raise Trouble("pyproject.toml could not be resolved; uv says why above.")

    with tempfile.TemporaryDirectory() as folder:
        together = Path(folder, "all.lock")
        pins = {}
        for path in [lock_of(None), *map(lock_of, sorted(GROUPS))]:
            if path.exists() and not upgrade:  # what is pinned stays where it can
                pins.update(blocks(path))
        together.write_text("".join(pins.values()), encoding="utf-8")
        limits = Path(folder, "limits.txt")
        limits.write_text("\n".join(project()["tool"]["tuneup"]["constraints"]), encoding="utf-8")
        compile_(together, "--all-extras", "--constraints", str(limits))
        constraint = ["--constraints", str(together)]
        compile_(lock_of(None), *constraint)
        # What the course needs on some systems only, a group may need on all.
        shared = [name for name, block in blocks(lock_of(None)).items() if ";" not in block]
        leave = [part for name in shared for part in ("--no-emit-package", name)]
        for group in sorted(GROUPS):
            compile_(lock_of(group), "--extra", group, *constraint, *leave)


def blocks(path):
    """Split a lock file into its packages."""
    parts = re.findall(r"^[a-z0-9].*\n(?:    .*\n)*", path.read_text(encoding="utf-8"), re.M)
    return {re.match(r"[\w.-]+", part).group(): part for part in parts}


def python_in_use():
    """Return the version of the Python that runs the lessons, without setting anything up."""
    here = probe(sys.executable)
    there = None if here["own"] and here["ours"] else probe(venv_python())
    return (there or here)["python"]


def lab(port, browser, more):
    """Set up, bring the learner's copy up to date, and become JupyterLab on its start page."""
    python = environment()
    page = update_copy(probe(python)["python"])
    command = [str(python), "-P", "-m", "jupyterlab", f"--ServerApp.root_dir={COPY}"]
    command += [f"--port={port}", f"--LabApp.default_url=/lab/tree/{urllib.parse.quote(page)}"]
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if not browser or (sys.platform == "linux" and not display):
        command += ["--no-browser"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # a container
        command += ["--allow-root"]
    # The tabs that were open belong to this course, not to whatever else she uses Jupyter for.
    env = {"JUPYTERLAB_WORKSPACES_DIR": str(COPY / ".workspaces"), **surroundings()}
    # No pop-up about news, no look for updates: defaults for this start, weaker than her own wish.
    path = filter(None, [str(ROOT / "tools" / "jupyter"), env.get("JUPYTER_CONFIG_PATH")])
    env["JUPYTER_CONFIG_PATH"] = os.pathsep.join(path)
    become([*command, *more], cwd=COPY, env=env)


# ---------------------------------------------------------------- the words


def check():
    """Say in one line whether this machine is ready: for a room of them, before the day."""
    python = next(filter(probe, (str(venv_python()), sys.executable)), None)
    found = python and probe(python)
    if not (found and found["ours"]):
        raise Trouble("Not set up yet: `make lab` (or python course.py lab) once, with a network.")
    ask = "from tuneup_helpers import check_installation; check_installation()"
    run = subprocess.run([python, "-c", ask], env=surroundings(), capture_output=True, text=True)
    lines = run.stdout.strip().splitlines() or [last_line(run.stderr)]
    if not lines[0].startswith("Ready"):
        raise Trouble("; ".join(lines))
    say(f"{lines[0]} (Python {found['python']})")


def main(words):
    """Do what is asked; trouble is one line."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage=argparse.SUPPRESS,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("lab")
    one.add_argument("--port", type=int, default=8888)
    one.add_argument("--no-browser", action="store_true")
    commands.add_parser("fresh").add_argument("lesson", nargs="?", default="")
    commands.add_parser("setup").add_argument("groups", nargs="*")
    one = commands.add_parser("run")
    one.add_argument("groups", help="with commas between them; course for none, or all")
    one.add_argument("arguments", nargs=argparse.REMAINDER)
    commands.add_parser("lock").add_argument("--upgrade", action="store_true")
    commands.add_parser("groups")
    commands.add_parser("check")
    asked, more = parser.parse_known_args(words)
    if more and asked.command != "lab":
        parser.error(f"unknown: {' '.join(more)}")
    try:
        if asked.command == "lab":
            lab(asked.port, not asked.no_browser, more)
        elif asked.command == "fresh":
            fresh(asked.lesson, python_in_use())
        elif asked.command == "setup":
            setup(asked.groups)
        elif asked.command == "run":
            run([g for g in asked.groups.split(",") if g != "course"], asked.arguments)
        elif asked.command == "lock":
            lock(asked.upgrade)
        elif asked.command == "check":
            check()
        else:
            for name, purpose in GROUPS.items():
                say(f"  make {name:10s} {purpose}")
    except (Trouble, OSError) as trouble:
        sys.exit(str(trouble))
    except KeyboardInterrupt:
        sys.exit("Stopped. The same command goes on from here.")


if __name__ == "__main__":
    main(sys.argv[1:])
