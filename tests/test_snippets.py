"""Snippets run alone, as promised; those of their page can be found, and look alike."""

import ast
import os
import re
import resource
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
LESSONS = sorted(ROOT.glob("notebooks/*.ipynb"))
PAGE = ROOT / "notebooks" / "snippets.ipynb"
CPU_SECONDS = 20
# What only a group of packages installs.
GROUPS = {
    "dask": "scale",
    "distributed": "scale",
    "keras": "deep",
    "keras_tuner": "deep",
    "mlflow": "track",
    "psycopg": "scale",
    "tensorboardX": "track",
    "wandb": "wandb",
    "xgboost": "boosting",
}
# What the group `deep` calls in its own code, and no reader can help.
OF_KERAS = ("__array__ implementation", "currentThread() is", "getName() is")
OF_MLFLOW = ("The ``noload`` loader",)  # SQLAlchemy 2.1, the group `track`


@cache
def cells(path):
    return nbformat.read(path, as_version=4).cells


def is_snippet(cell):
    return "snippet" in cell.metadata.get("tags", [])


def group_of(cell):
    """Return the group of packages that a snippet needs, or None."""
    imported = set(re.findall(r"^(?:import|from) (\w+)", cell.source, flags=re.M))
    needed = {GROUPS[name] for name in imported & set(GROUPS)}
    assert len(needed) < 2, "one group a snippet"
    return next(iter(needed), None)


def skip_without(group):
    for module in (module for module, name in GROUPS.items() if name == group):
        pytest.importorskip(module)


def every_snippet():
    for path in LESSONS:
        for i, cell in enumerate(filter(is_snippet, cells(path)), start=1):
            yield pytest.param(cell, id=f"{path.stem}-{i:02}")


def on_the_page():
    """Return (heading, cell before, snippet) for each snippet of the page."""
    found = [i for i, cell in enumerate(cells(PAGE)) if is_snippet(cell)]
    before = [cells(PAGE)[i - 1] for i in found]
    return [
        (headings(cell.source)[-1], cell, cells(PAGE)[i])
        for cell, i in zip(before, found, strict=True)
        if headings(cell.source)
    ]


def headings(source):
    return re.findall(r"^#{1,6} (.+)$", source, flags=re.M)


def anchor(heading):
    """Return the name that JupyterLab gives a heading to link to."""
    return heading.replace(" ", "-")


page = pytest.mark.parametrize(
    ("heading", "before", "cell"),
    [pytest.param(*each, id=anchor(each[0])) for each in on_the_page()],
)


@pytest.mark.parametrize("cell", list(every_snippet()))
def test_snippet_runs_alone_and_without_warnings(cell, tmp_path):
    # A warning is an error here, and the stored text came from a run in which it was none: if
    # both print the same, the plain run is proved as well, and so is that no state is hidden.
    here, temporary = tmp_path / "here", tmp_path / "temporary"
    here.mkdir()
    temporary.mkdir()
    file = tmp_path / "snippet.py"
    file.write_text(cell.source, encoding="utf-8")
    known, surroundings = [], dict(os.environ)
    skip_without(group_of(cell))
    if group_of(cell) == "deep":
        known = [
            part for words in OF_KERAS for part in ("-W", f"ignore:{words}:DeprecationWarning")
        ]
        del surroundings["KERAS_BACKEND"]  # a reader's file has to choose it
    if group_of(cell) == "track":
        known = [
            part for words in OF_MLFLOW for part in ("-W", f"ignore:{words}:DeprecationWarning")
        ]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(
        [sys.executable, "-W", "error", *known, str(file)],
        cwd=here,
        env=surroundings
        | {"MPLBACKEND": "agg", "TMPDIR": str(temporary), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,  # of a machine that others use; what counts is the CPU time below
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    printed = [o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stdout"]
    assert run.stdout == "".join(printed), "alone it prints something else than on the page"
    assert not list(here.iterdir()), "it leaves files where it runs"
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert spent < CPU_SECONDS, f"{spent:.0f} s of CPU time"


@pytest.mark.parametrize("cell", list(every_snippet()))
def test_snippet_imports_only_what_the_lock_installs(cell):
    group = group_of(cell)
    skip_without(group)
    names = ["requirements.lock", *([f"requirements-{group}.lock"] if group else [])]
    lock = "\n".join((ROOT / name).read_text() for name in names)
    locked = set(re.findall(r"^([a-z0-9-]+)==", lock, flags=re.M))
    imported = set()
    for node in ast.walk(ast.parse(cell.source)):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(node.module.split(".")[0])
    for module in imported - set(sys.stdlib_module_names):
        found = packages_distributions()[module]
        assert {re.sub(r"[-_.]+", "-", name).lower() for name in found} & locked, module


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_snippet_of_a_group_does_not_stop_the_page(path):
    # JupyterLab's Run All goes on after a cell with this tag; no other snippet may fail.
    for cell in filter(is_snippet, cells(path)):
        may_fail = "raises-exception" in cell.metadata.tags
        assert may_fail == (path == PAGE and group_of(cell) is not None)
        assert not any(output.output_type == "error" for output in cell.outputs)


def test_there_are_snippets_for_every_task():
    assert len(on_the_page()) == sum(map(is_snippet, cells(PAGE))), "each has a heading before it"
    assert len(on_the_page()) >= 30
    names = [heading for cell in cells(PAGE) for heading in titles(cell)]
    assert len({name.lower() for name in names}) == len(names), "a link leads to one place"


def titles(cell):
    return headings(cell.source) if cell.cell_type == "markdown" else []


@page
def test_snippet_is_short_and_says_where_it_is_explained(heading, before, cell):
    # Statements, not lines: the formatter writes one over several lines, to be read in print.
    statements = [n for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.stmt)]
    assert 5 <= len(statements) <= 25
    assert re.match(r"import |from ", cell.source)
    assert before.cell_type == "markdown"
    assert re.search(r"^### ", before.source, flags=re.M)
    notebooks = re.findall(r"\]\(([^)#]+\.ipynb)\)", before.source)
    assert notebooks, "no link to where it is explained"
    assert all((PAGE.parent / name).exists() for name in notebooks)
    prose = re.split(r"^### .*$", before.source, flags=re.M)[-1].split()
    assert 15 <= len(prose) <= 80, "one or a few lines: what to know, when not"


@page
def test_snippet_is_seeded_offline_and_prints_little(heading, before, cell):
    assert re.search(r"random_state=|seed=|default_rng\(", cell.source)
    assert "fetch_" not in cell.source
    assert "read_csv" not in cell.source
    printed = "".join(output.get("text", "") for output in cell.outputs)
    assert 1 <= len(printed.splitlines()) <= 10
    assert not re.search(r"np\.float64|<[\w.]+ object", printed)


@pytest.mark.parametrize("title", ["Index by task", "Index by library"])
def test_index_links_to_every_snippet(title):
    (table,) = (cell.source for cell in cells(PAGE) if title in titles(cell))
    links = re.findall(r"\[([^]]+)\]\(#([^)]+)\)", table)
    assert all(target == anchor(text) for text, target in links)
    assert {text for text, _ in links} == {heading for heading, _, _ in on_the_page()}


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_links_within_a_notebook_lead_to_a_heading(path):
    anchors = {anchor(heading) for cell in cells(path) for heading in titles(cell)}
    linked = {
        target
        for cell in cells(path)
        if cell.cell_type == "markdown"
        for target in re.findall(r"\]\(#([^)]+)\)", cell.source)
    }
    assert linked <= anchors
