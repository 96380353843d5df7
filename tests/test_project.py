"""The project's own files agree with each other."""

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
LESSONS = sorted(ROOT.glob("notebooks/*.ipynb"))


def test_environment_installs_the_lock_and_the_package():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    python, pip, packages = environment["dependencies"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    least = re.search(r"[\d.]+", project["requires-python"]).group()
    found = python.removeprefix("python=")
    assert [int(n) for n in found.split(".")] >= [int(n) for n in least.split(".")]
    assert pip == "pip"
    # pip refuses an editable package beside hashes: course.py adds the helpers.
    assert packages["pip"] == ["--requirement requirements.lock"]


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS = PROJECT["project"]["optional-dependencies"]
LOCKS = {None: "requirements.lock", **{group: f"requirements-{group}.lock" for group in EXTRAS}}


def pins(group):
    """Map each package of a lock to its version."""
    text = (ROOT / LOCKS[group]).read_text()
    names = re.findall(r"^([a-z0-9-]+)==", text, flags=re.M)
    assert len(names) == len(set(names)), "one version of each for all Pythons"
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, flags=re.M))


def names(requirements):
    return {re.match(r"[\w-]+", requirement).group().lower() for requirement in requirements}


def test_the_groups_are_the_extras_and_each_has_a_lock():
    run = subprocess.run(
        [sys.executable, "course.py", "groups"], cwd=ROOT, capture_output=True, text=True
    )
    assert re.findall(r"make ([\w-]+)", run.stdout) == sorted(EXTRAS)
    assert {path.name for path in ROOT.glob("requirements*.lock")} == set(LOCKS.values())


@pytest.mark.parametrize("group", LOCKS)
def test_a_lock_has_hashes_and_names_no_host(group):
    text = (ROOT / LOCKS[group]).read_text()
    assert "://" not in text
    blocks = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert all("--hash=sha256:" in block for block in blocks)


@pytest.mark.parametrize("group", EXTRAS)
def test_a_group_has_all_it_asks_for_and_agrees_with_the_course_and_the_others(group):
    mine = pins(group)
    assert names(EXTRAS[group]) <= mine.keys() | pins(None).keys()
    for other in LOCKS:
        theirs = pins(other)
        assert {n: mine[n] for n in mine.keys() & theirs.keys()} == {
            n: theirs[n] for n in mine.keys() & theirs.keys()
        }


def test_the_course_has_what_it_needs_and_nothing_of_the_groups():
    mine = pins(None)
    project = PROJECT["project"]
    assert names(project["dependencies"] + PROJECT["build-system"]["requires"]) <= mine.keys()
    heavy = {"jax", "nbdime", "playwright", "pre-commit", "pytest", "ruff"}
    assert heavy <= names(line for lines in EXTRAS.values() for line in lines)
    assert not heavy & mine.keys()


def test_the_locks_keep_to_the_limits():
    (limit,) = PROJECT["tool"]["tuneup"]["constraints"]
    name, least = limit.split("<")
    assert int(pins(None)[name].split(".")[0]) < int(least)


def test_what_is_left_out_of_the_fast_tests_is_there():
    conftest = importlib.util.spec_from_file_location("top_conftest", ROOT / "conftest.py")
    module = importlib.util.module_from_spec(conftest)
    conftest.loader.exec_module(module)
    for file, functions in module.SLOW.items():
        (path,) = (ROOT / "tests").rglob(file)
        text = path.read_text()
        for function in functions:
            assert f"def {function}(" in text, (file, function)


def test_readme_map_names_every_notebook():
    for name in ("README.md", "notebooks/00_start_here.ipynb"):
        page = (ROOT / name).read_text()
        for path in LESSONS:
            assert path.name in page or path.name == Path(name).name, (name, path.name)


def make(*words):
    """Call make, as if no make had called us."""
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL")}
    return subprocess.run(
        ["make", *words], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def test_a_python_that_is_not_there_is_told_in_one_line():
    run = make("lab", "PYTHON=python-that-is-not-there")
    assert run.returncode != 0
    (line,) = run.stdout.splitlines()
    assert (
        "Tune Up needs Python 3.11 or later, and 'python-that-is-not-there' was not found" in line
    )


def test_another_word_is_the_name_of_a_group():
    run = make("autodif", f"PYTHON={sys.executable}")
    assert run.returncode != 0
    assert run.stderr.splitlines()[0] == (
        f"there is no group or command 'autodif'; the groups are {', '.join(sorted(EXTRAS))}, or all"
    )


def test_make_alone_lists_the_targets():
    run = make(f"PYTHON={sys.executable}")
    assert run.returncode == 0, run.stderr
    for target in ("lab", "fresh", "test", "test-fast", "notebooks", "lint", "lock", *EXTRAS):
        assert f"make {target}" in run.stdout
