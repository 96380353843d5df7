"""course.py and the learner's copy: nothing of hers is lost, and trouble is one line."""

import ast
import errno
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

ROOT = Path(__file__).parent.parent


def load(name):
    path = {"course": ROOT / "course.py"}.get(name, ROOT / "tools" / f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


learner_copy = load("learner_copy")
course = load("course")


class Scratch:
    """A small course of its own, and what a learner and its authors do to it."""

    def __init__(self, folder):
        self.lessons, self.copy = folder / "notebooks", folder / "my_course"
        self.record = self.copy / ".course.json"
        self.lines = []
        for name in ("00_start", "05a_bayes", "05b_more", "clinic", "solutions/05a_bayes"):
            self.publish(f"{name}.ipynb", "as it was")
        (self.lessons / "matplotlibrc").write_text("figure.dpi: 80\n")

    def publish(self, name, text):
        """Write a lesson as it is stored in the project: executed."""
        cells = [
            nbformat.v4.new_markdown_cell(f"# {name}: {text}", id="one"),
            nbformat.v4.new_code_cell(
                f"print({text!r})",
                id="two",
                execution_count=1,
                metadata={"tags": ["figure"], "jupyter": {"source_hidden": True}},
                outputs=[nbformat.v4.new_output("stream", text="an output that is ours\n")],
            ),
        ]
        self.save(self.lessons / name, nbformat.v4.new_notebook(cells=cells))

    def save(self, path, notebook):
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)

    def write(self, name, text="my own words"):
        """Write a cell, as a learner does."""
        notebook = nbformat.read(self.copy / name, as_version=4)
        notebook.cells.append(nbformat.v4.new_markdown_cell(text, id=f"w{len(notebook.cells)}"))
        self.save(self.copy / name, notebook)

    def run(self, name, text="my own output"):
        """Run the cells, and leave the empty cell that JupyterLab adds at the end."""
        notebook = nbformat.read(self.copy / name, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.execution_count = 1
                cell.outputs = [nbformat.v4.new_output("stream", text=text)]
        notebook.cells.append(nbformat.v4.new_code_cell("", id=f"e{len(notebook.cells)}"))
        self.save(self.copy / name, notebook)

    def lab(self):
        """Bring the copy up to date and return what was said."""
        self.lines.clear()
        learner_copy.update_copy("3.11.7")
        return list(self.lines)

    def fresh(self, name):
        self.lines.clear()
        learner_copy.fresh(name, "3.11.7")
        return list(self.lines)

    def files(self):
        """Map the learner's files to what is in them."""
        paths = [p for p in self.copy.rglob("*") if p.is_file() and p != self.record]
        return {path.relative_to(self.copy).as_posix(): path.read_bytes() for path in paths}

    def text(self, name):
        return (self.copy / name).read_text()

    def aim(self, setattr_):
        """Let the code see this course."""
        setattr_(learner_copy, "LESSONS", self.lessons)
        setattr_(learner_copy, "COPY", self.copy)
        setattr_(learner_copy, "RECORD", self.record)
        setattr_(learner_copy, "say", self.lines.append)


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    made = Scratch(tmp_path)
    made.aim(monkeypatch.setattr)
    return made


# ------------------------------------------------------------ what is copied


@pytest.fixture(scope="module")
def whole_copy(tmp_path_factory):
    """A copy of all the real lessons."""
    folder = tmp_path_factory.mktemp("copy")
    version = sys.version.split()[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learner_copy, "COPY", folder / "my_course")
        patch.setattr(learner_copy, "RECORD", folder / "my_course" / ".course.json")
        learner_copy.update_copy(version)
    return folder / "my_course"


def test_opening_and_saving_an_untouched_lesson_changes_no_byte(whole_copy):
    from ipykernel.ipkernel import IPythonKernel

    paths = sorted(whole_copy.rglob("*.ipynb"))
    assert len(paths) == len(list(ROOT.glob("notebooks/**/[!.]*.ipynb")))
    for path in paths:
        text = path.read_text(encoding="utf-8")
        notebook = nbformat.reads(text, as_version=4)
        # What the kernel tells, JupyterLab stores; what nbformat writes, the server saves.
        assert notebook.metadata.language_info == IPythonKernel.language_info
        assert nbformat.writes(notebook) + "\n" == text
        nbformat.validate(notebook)


def test_the_copy_has_the_cells_without_what_they_printed(whole_copy):
    for path in whole_copy.rglob("*.ipynb"):
        original = nbformat.read(ROOT / "notebooks" / path.relative_to(whole_copy), as_version=4)
        copied = nbformat.read(path, as_version=4)
        for cell, source in zip(copied.cells, original.cells, strict=True):
            assert (cell.source, cell.metadata, cell.id) == (
                source.source,
                source.metadata,
                source.id,
            )
            assert not cell.get("outputs")
            assert cell.get("execution_count") is None


def test_links_and_pictures_lead_somewhere_in_the_copy(whole_copy):
    for path in whole_copy.rglob("*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
        targets += re.findall(r'src="([^":]+)"', text)
        for target in targets:
            assert (path.parent / target).exists(), (path.name, target)
    for name in ("matplotlibrc", "solutions/matplotlibrc"):
        assert (whole_copy / name).read_bytes() == (ROOT / "notebooks" / name).read_bytes()


# ------------------------------------------------------------ what an update does


def test_first_copy_and_nothing_new(scratch):
    assert scratch.lab() == [
        "Made my_course/, your own copy of 4 notebooks and their solutions.",
    ]
    before = scratch.files()
    assert scratch.lab() == []
    assert scratch.files() == before
    folded = json.loads(scratch.text("05a_bayes.ipynb"))["cells"][1]["metadata"]
    assert folded == {"jupyter": {"source_hidden": True}, "tags": ["figure"]}


def test_a_new_lesson_is_added(scratch):
    scratch.lab()
    scratch.publish("06_new.ipynb", "new")
    assert scratch.lab() == ["New in my_course/: 06_new."]
    assert "new" in scratch.text("06_new.ipynb")


def test_an_untouched_lesson_is_replaced(scratch):
    scratch.lab()
    scratch.publish("05a_bayes.ipynb", "better")
    assert scratch.lab() == ["Replaced by newer versions: 05a_bayes."]
    assert "better" in scratch.text("05a_bayes.ipynb")
    assert not (scratch.copy / "older").exists()


def test_another_python_is_no_change_of_hers(scratch):
    scratch.lab()
    learner_copy.update_copy("3.13.0")
    assert '"version": "3.13.0"' in scratch.text("05a_bayes.ipynb")
    assert scratch.copy.joinpath("older").exists() is False


def test_a_lesson_that_was_only_run_is_replaced_and_kept_in_older(scratch):
    scratch.lab()
    scratch.run("05a_bayes.ipynb")
    scratch.run("solutions/05a_bayes.ipynb")
    ran = scratch.files()
    assert scratch.lab() == []
    assert scratch.files() == ran
    scratch.publish("05a_bayes.ipynb", "better")
    scratch.publish("solutions/05a_bayes.ipynb", "better")
    said = scratch.lab()
    assert said[1:] == [
        "2 of the pages that were replaced you had run: they are kept in my_course/older/."
    ]
    (kept,) = scratch.copy.glob("older/05a_bayes (*).ipynb")
    assert kept.read_bytes() == ran["05a_bayes.ipynb"]
    (kept,) = scratch.copy.glob("older/solutions/05a_bayes (*).ipynb")
    assert kept.read_bytes() == ran["solutions/05a_bayes.ipynb"]
    assert "my own output" not in scratch.text("05a_bayes.ipynb")


def test_a_changed_lesson_stays_and_the_new_version_stands_beside_it_once(scratch):
    scratch.lab()
    scratch.write("05a_bayes.ipynb")
    hers = scratch.text("05a_bayes.ipynb")
    assert scratch.lab() == []
    scratch.publish("05a_bayes.ipynb", "better")
    assert scratch.lab() == [
        "05a_bayes.ipynb: you changed it, so it stays; the new version is beside it, as "
        "'05a_bayes (new version).ipynb'"
    ]
    assert scratch.text("05a_bayes.ipynb") == hers
    assert "better" in scratch.text("05a_bayes (new version).ipynb")
    assert scratch.lab() == []
    (scratch.copy / "05a_bayes (new version).ipynb").unlink()
    assert scratch.lab() == [], "offered once"

    scratch.publish("05a_bayes.ipynb", "better still")
    scratch.lab()
    scratch.publish("05a_bayes.ipynb", "best")
    scratch.lab()
    names = {name for name in scratch.files() if "new version" in name}
    assert names == {"05a_bayes (new version).ipynb"}, "untouched, it was replaced"
    assert "best" in scratch.text("05a_bayes (new version).ipynb")
    scratch.write("05a_bayes (new version).ipynb")
    scratch.publish("05a_bayes.ipynb", "the very best")
    scratch.lab()
    assert "the very best" in scratch.text("05a_bayes (new version 2).ipynb")
    assert "my own words" in scratch.text("05a_bayes (new version).ipynb")
    assert scratch.text("05a_bayes.ipynb") == hers


def test_new_tags_or_outputs_are_no_new_version_for_her_page(scratch):
    scratch.lab()
    scratch.write("05a_bayes.ipynb")
    path = scratch.lessons / "05a_bayes.ipynb"
    path.write_text(path.read_text().replace('"figure"', '"claim"').replace("ours", "other"))
    assert scratch.lab() == []
    assert not list(scratch.copy.glob("*new version*"))


def test_taking_the_new_version_over_by_its_name_is_understood(scratch):
    scratch.lab()
    scratch.write("05a_bayes.ipynb")
    scratch.publish("05a_bayes.ipynb", "better")
    scratch.lab()
    os.replace(scratch.copy / "05a_bayes (new version).ipynb", scratch.copy / "05a_bayes.ipynb")
    assert scratch.lab() == []
    scratch.publish("05a_bayes.ipynb", "best")
    assert scratch.lab() == ["Replaced by newer versions: 05a_bayes."]
    assert not list(scratch.copy.glob("*new version*"))


def test_a_removed_lesson_goes_if_untouched_and_stays_if_changed(scratch):
    scratch.lab()
    scratch.write("05a_bayes.ipynb")
    scratch.run("05b_more.ipynb")
    for name in ("05a_bayes", "05b_more", "clinic"):
        (scratch.lessons / f"{name}.ipynb").unlink()
    assert scratch.lab() == [
        "1 of the pages that were replaced you had run: they are kept in my_course/older/.",
        "05a_bayes.ipynb: no longer in the course; you changed it, so it stays",
    ]
    assert "my own words" in scratch.text("05a_bayes.ipynb")
    assert not (scratch.copy / "05b_more.ipynb").exists()
    assert len(list(scratch.copy.glob("older/05b_more (*).ipynb"))) == 1
    assert not (scratch.copy / "clinic.ipynb").exists()
    assert scratch.lab() == []


def test_settings_that_she_changed_stay_too(scratch):
    scratch.lab()
    (scratch.copy / "matplotlibrc").write_text("figure.dpi: 200\n")
    (scratch.lessons / "matplotlibrc").write_text("figure.dpi: 100\n")
    (line,) = scratch.lab()
    assert "'matplotlibrc (new version)'" in line
    assert scratch.text("matplotlibrc") == "figure.dpi: 200\n"


def test_her_own_files_are_never_touched(scratch):
    scratch.lab()
    mine = {"notes.md": b"mine", "own.ipynb": b"not even JSON", "solutions/try.py": b"1/0"}
    for name, content in mine.items():
        (scratch.copy / name).write_bytes(content)
    (scratch.copy / "06_new.ipynb").mkdir()
    scratch.publish("06_new.ipynb", "new")
    (line,) = scratch.lab()
    assert line == "06_new.ipynb: a folder of yours has this name, so the lesson is left out"
    assert mine.items() <= scratch.files().items()


@pytest.mark.parametrize(
    "damage",
    ["gone", "", "{", "[]", '{"files": 3}', '{"files": {"05a_bayes.ipynb": {}}}', "\xff"],
)
def test_without_the_record_everything_counts_as_changed(scratch, damage):
    scratch.lab()
    scratch.write("05a_bayes.ipynb")
    scratch.publish("05a_bayes.ipynb", "better")
    scratch.publish("clinic.ipynb", "better")
    before = scratch.files()
    if damage == "gone":
        scratch.record.unlink()
    else:
        scratch.record.write_bytes(damage.encode("latin-1"))
    scratch.lab()
    after = scratch.files()
    assert before.items() <= after.items()
    assert "better" in scratch.text("05a_bayes (new version).ipynb")
    assert "better" in scratch.text("clinic (new version).ipynb")
    assert scratch.lab() == []
    assert scratch.files() == after


def test_a_page_of_hers_that_is_damaged_stays(scratch):
    scratch.lab()
    (scratch.copy / "05a_bayes.ipynb").write_text("{ half of")
    scratch.publish("05a_bayes.ipynb", "better")
    scratch.lab()
    assert scratch.text("05a_bayes.ipynb") == "{ half of"
    assert "better" in scratch.text("05a_bayes (new version).ipynb")


# ------------------------------------------------------------ whatever happens


class Life(RuleBasedStateMachine):
    """Months of a learner's life, in any order: no word and no output of hers is ever lost."""

    names = st.sampled_from(["00_start", "05a_bayes", "clinic", "solutions/05a_bayes"])

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.scratch = Scratch(Path(self.folder.name))
        self.patch = pytest.MonkeyPatch()
        self.scratch.aim(self.patch.setattr)
        self.count = 0
        self.scratch.lab()

    def teardown(self):
        self.patch.undo()
        self.folder.cleanup()

    def mark(self):
        self.count += 1
        return f"mark-{self.count}-"

    def marks(self):
        return {
            m for text in self.scratch.files().values() for m in re.findall(rb"mark-\d+-", text)
        }

    def pages(self):
        return sorted(name for name in self.scratch.files() if name.endswith(".ipynb"))

    @rule(data=st.data())
    def writes(self, data):
        if pages := self.pages():
            self.scratch.write(data.draw(st.sampled_from(pages)), self.mark())

    @rule(data=st.data())
    def runs(self, data):
        if pages := self.pages():
            self.scratch.run(data.draw(st.sampled_from(pages)), self.mark())

    @rule(data=st.data())
    def renames(self, data):
        if pages := self.pages():
            one, other = data.draw(st.sampled_from(pages)), data.draw(st.sampled_from(pages))
            os.replace(self.scratch.copy / one, self.scratch.copy / other)

    @rule(data=st.data())
    def deletes(self, data):
        if pages := self.pages():
            (self.scratch.copy / data.draw(st.sampled_from(pages))).unlink()

    @rule(damage=st.sampled_from(["", "{}", '{"files": {"clinic.ipynb": {"essence": ""}}}']))
    def loses_the_record(self, damage):
        self.scratch.record.write_text(damage)

    @rule(name=names, text=st.sampled_from(["as it was", "better", "best"]))
    def course_is_published(self, name, text):
        self.scratch.publish(f"{name}.ipynb", text)

    @rule(name=names.filter(lambda name: name != "00_start"))
    def lesson_is_removed(self, name):
        (self.scratch.lessons / f"{name}.ipynb").unlink(missing_ok=True)

    @rule()
    def lab(self):
        before = self.marks()
        self.scratch.lab()
        assert before == self.marks()
        for path in self.scratch.lessons.rglob("*.ipynb"):
            assert (self.scratch.copy / path.relative_to(self.scratch.lessons)).is_file()
        files = self.scratch.files()
        assert self.scratch.lab() == []
        assert self.scratch.files() == files

    @rule(name=names)
    def fresh(self, name):
        if (self.scratch.lessons / f"{name}.ipynb").exists():
            before = self.marks()
            self.scratch.fresh(name)
            assert before == self.marks()
            assert "mark-" not in self.scratch.text(f"{name}.ipynb")


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)


# ------------------------------------------------------------ trouble


def test_interrupted_half_way_there_is_no_half_file_and_the_next_start_goes_on(
    scratch, monkeypatch
):
    scratch.lab()
    scratch.write("05a_bayes.ipynb")
    for name in ("00_start", "05a_bayes", "05b_more", "clinic"):
        scratch.publish(f"{name}.ipynb", "better")
    before = scratch.files()
    replace, count = os.replace, iter(range(100))

    def stopped(source, target):
        if next(count) == 2:
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        scratch.lab()
    for name, content in scratch.files().items():
        if name.endswith(".ipynb"):
            json.loads(content)
    assert scratch.files()["05a_bayes.ipynb"] == before["05a_bayes.ipynb"]
    monkeypatch.undo()
    scratch.aim(monkeypatch.setattr)
    scratch.lab()
    assert all("better" in scratch.text(f"{n}.ipynb") for n in ("00_start", "05b_more", "clinic"))
    assert len(list(scratch.copy.glob("*new version*"))) == 1


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_full_disk_or_a_read_only_folder_is_one_line(scratch, monkeypatch, code):
    scratch.lab()
    scratch.publish("05a_bayes.ipynb", "better")
    before = scratch.files()

    def refuse(self, content):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(learner_copy.Trouble) as trouble:
        scratch.lab()
    line = str(trouble.value)
    assert "\n" not in line
    assert f"cannot be written ({os.strerror(code)})" in line
    assert "copy it to a folder of your own" in line
    assert scratch.files() == before


def test_a_lesson_that_is_no_notebook_is_one_line_and_the_others_are_copied(scratch):
    scratch.lab()
    before = scratch.text("05a_bayes.ipynb")
    scratch.publish("clinic.ipynb", "better")
    for broken in ("<<<<<<< HEAD", '{"cells": 3}', "[]"):
        (scratch.lessons / "05a_bayes.ipynb").write_text(broken)
        line = scratch.lab()[-1]
        assert line.startswith("notebooks/05a_bayes.ipynb could not be read, so it was left out (")
        assert "git checkout -- notebooks" in line
        assert "\n" not in line
    assert scratch.text("05a_bayes.ipynb") == before, "not taken for removed"
    assert "better" in scratch.text("clinic.ipynb")


def test_a_checkout_without_lessons_removes_nothing(scratch):
    scratch.lab()
    before = scratch.files()
    shutil.rmtree(scratch.lessons)
    with pytest.raises(learner_copy.Trouble, match="no start page: restore it"):
        scratch.lab()
    assert scratch.files() == before


def test_a_file_in_the_place_of_the_folder_is_told(scratch):
    scratch.copy.write_text("mine")
    with pytest.raises(learner_copy.Trouble, match="is a file: move it away"):
        scratch.lab()
    assert scratch.copy.read_text() == "mine"


# ------------------------------------------------------------ fresh


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("05a", "05a_bayes.ipynb"),
        ("05A", "05a_bayes.ipynb"),
        ("00", "00_start.ipynb"),
        ("clinic", "clinic.ipynb"),
        ("bayes", "05a_bayes.ipynb"),
        ("05a_bayes.ipynb", "05a_bayes.ipynb"),
        ("notebooks/05b_more.ipynb", "05b_more.ipynb"),
        ("./my_course/05b_more", "05b_more.ipynb"),
        ("solutions/05a", "solutions/05a_bayes.ipynb"),
        ("solutions\\05a", "solutions/05a_bayes.ipynb"),
    ],
)
def test_fresh_finds_what_is_meant(scratch, asked, found):
    assert learner_copy.find_lesson(asked, learner_copy.lesson_files()) == found


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("05", ["05a_bayes.ipynb", "05b_more.ipynb"]),
        ("99", ["00_start.ipynb", "clinic.ipynb", "solutions/05a_bayes.ipynb"]),
        ("", ["00_start.ipynb", "clinic.ipynb"]),
        ("solutions/", ["solutions/05a_bayes.ipynb"]),
    ],
)
def test_fresh_lists_what_there_is(scratch, asked, listed):
    with pytest.raises(learner_copy.Trouble) as trouble:
        scratch.fresh(asked)
    assert set(listed) <= {line.strip() for line in str(trouble.value).splitlines()}
    assert not scratch.copy.exists()


def test_fresh_keeps_what_she_made_each_time(scratch):
    scratch.lab()
    scratch.write("05a_bayes.ipynb", "first try")
    said = scratch.fresh("05a")
    (kept,) = scratch.copy.glob("05a_bayes (kept *).ipynb")
    assert re.fullmatch(r"05a_bayes \(kept \d{4}-\d\d-\d\d \d{4}\)\.ipynb", kept.name)
    assert "first try" in kept.read_text()
    assert said[1] == f"Yours is kept beside it, as {kept.name!r}."
    scratch.run("05a_bayes.ipynb", "an output")
    scratch.fresh("05a")
    assert len(list(scratch.copy.glob("05a_bayes (kept *).ipynb"))) == 2
    assert scratch.fresh("05a") == ["my_course/05a_bayes.ipynb is as the course has it."]
    assert len(list(scratch.copy.glob("05a_bayes (kept *).ipynb"))) == 2
    assert scratch.lab() == []


def test_fresh_brings_back_what_was_deleted_and_takes_the_newest(scratch):
    scratch.lab()
    scratch.write("05a_bayes.ipynb")
    scratch.publish("05a_bayes.ipynb", "better")
    scratch.lab()
    assert (scratch.copy / "05a_bayes (new version).ipynb").exists()
    scratch.fresh("05a")
    assert "better" in scratch.text("05a_bayes.ipynb")
    assert not (scratch.copy / "05a_bayes (new version).ipynb").exists(), "the same page"
    (scratch.copy / "05a_bayes.ipynb").unlink()
    scratch.fresh("05a")
    assert "better" in scratch.text("05a_bayes.ipynb")


# ------------------------------------------------------------ Pythons and packages


def test_old_pythons_can_read_what_is_said_to_them():
    for path in (ROOT / "course.py", ROOT / "tools" / "learner_copy.py"):
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))
    pretend = (
        "import sys, runpy; sys.version_info = (3, 9, 2, 'final', 0); sys.argv = ['x', 'lab'];"
        f"runpy.run_path({str(ROOT / 'course.py')!r}, run_name='__main__')"
    )
    run = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True)
    assert run.returncode == 1
    (line,) = run.stderr.splitlines()
    assert re.match(r"Tune Up needs Python 3\.11 or later, and .* is Python 3\.9\.2: use ", line)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A project's folder with locks, and what course.py asks pip to do there."""
    folder = tmp_path / "tune up"
    folder.mkdir()
    shutil.copy(ROOT / "pyproject.toml", folder)
    for group in (None, *course.GROUPS):
        (folder / course.lock_of(group).name).write_text("# as it was\n")
    monkeypatch.setattr(course, "ROOT", folder)
    monkeypatch.setattr(course, "VENV", folder / ".venv")
    state = {"here": found(), "venv": None, "asked": [], "made": 0, "online": True}

    def probe(python, groups=()):
        return state["here"] if python == sys.executable else state["venv"]

    def make_venv():
        state["made"] += 1
        (folder / ".venv").mkdir(exist_ok=True)

    def pip(python, *arguments):
        state["asked"].append(
            (python, [Path(a).name for a in arguments if not a.startswith("--r")])
        )
        if not state["online"]:
            raise course.Trouble("no network.")

    for name, fake in {"probe": probe, "make_venv": make_venv, "pip": pip}.items():
        monkeypatch.setattr(course, name, fake)
    return state


def found(**more):
    """What a system's Python tells: it has nothing and belongs to nobody."""
    return {
        **{"python": "3.11.7", "conda": False, "venv": False, "own": False},
        **{"missing": ["numpy"], "helpers": None, "ours": False},
        **more,
    }


READY = {"own": True, "missing": [], "helpers": "...", "ours": True}


def test_first_set_up_makes_an_environment_and_the_second_start_asks_for_nothing(place):
    python = course.environment()
    assert python == str(course.venv_python())
    assert place["made"] == 1
    assert [names for _, names in place["asked"]] == [
        ["requirements.lock"],
        ["--no-deps", "--no-build-isolation", "--editable", "tune up"],
    ]
    place.update(venv=found(**READY), online=False)
    place["asked"].clear()
    assert course.environment() == python
    assert place["asked"] == []
    assert place["made"] == 1


def test_a_python_without_venv_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)  # as Debian packages it
    with pytest.raises(course.Trouble, match="has no venv module: install it .*python3-venv"):
        course.make_venv()


def test_groups_are_added_and_kept_and_never_taken_away(place):
    course.environment()
    place.update(venv=found(**READY))
    place["asked"].clear()
    course.environment(["dev"])
    assert [names for _, names in place["asked"]] == [
        ["requirements.lock", "requirements-dev.lock"]
    ]
    place["asked"].clear()
    course.environment()
    course.environment(["dev"])
    assert place["asked"] == []
    course.lock_of(None).write_text("# newer\n")  # what was added before comes along
    course.environment()
    assert [names for _, names in place["asked"]] == [
        ["requirements.lock", "requirements-dev.lock"]
    ]


def test_a_moved_folder_points_the_environment_to_itself(place, monkeypatch):
    course.environment()
    place.update(venv=found(**READY))
    moved = course.ROOT.with_name("moved")
    os.rename(course.ROOT, moved)
    monkeypatch.setattr(course, "ROOT", moved)
    monkeypatch.setattr(course, "VENV", moved / ".venv")
    place["asked"].clear()
    course.environment()
    assert [names[-1] for _, names in place["asked"]] == ["moved"]


def test_a_broken_environment_is_made_again(place):
    course.environment()  # interrupted, or its Python is gone: it tells nothing
    course.environment()
    assert place["made"] == 2


def test_newer_locks_without_a_network_do_not_stop_a_lesson(place, capsys):
    course.environment()
    place.update(venv=found(**READY), online=False)
    course.lock_of(None).write_text("# newer\n")
    course.environment()
    assert "no network. Going on with the packages that are here." in capsys.readouterr().out
    with pytest.raises(course.Trouble):
        course.environment(install=True)
    place.update(venv=found())
    with pytest.raises(course.Trouble):
        course.environment()


def test_an_environment_that_has_everything_is_used_as_it_is(place):
    place.update(here=found(**READY, conda=True), online=False)
    assert course.environment() == sys.executable
    assert place["asked"] == []


def test_what_conda_made_gets_the_helpers(place, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "conda"))
    place.update(here=found(conda=True, own=True, missing=[]))
    assert course.environment() == sys.executable
    assert place["asked"][-1] == (
        sys.executable,
        ["--no-deps", "--no-build-isolation", "--editable", "tune up"],
    )
    assert place["made"] == 0


def test_an_environment_of_another_project_is_left_alone(place):
    place.update(here=found(venv=True, own=True, missing=[]))
    assert course.environment() == str(course.venv_python())
    place.update(here=found(conda=True, own=True, missing=[], helpers="another clone"))
    assert course.environment() == str(course.venv_python())
    assert all(python == str(course.venv_python()) for python, _ in place["asked"])


def test_an_environment_that_is_a_link_is_used_and_never_changed(place, tmp_path):
    (tmp_path / "theirs").mkdir()
    course.VENV.symlink_to(tmp_path / "theirs")
    place.update(venv=found(own=True, missing=[]))
    assert course.environment() == str(course.venv_python())
    assert course.surroundings()["PYTHONPATH"].split(os.pathsep)[0] == str(course.ROOT)
    place.update(venv=found(own=True, missing=["jax"]))
    with pytest.raises(course.Trouble, match="lacks jax: set up there"):
        course.environment(["autodiff"])
    assert (place["asked"], place["made"]) == ([], 0)


def test_a_group_that_is_not_there_is_told(place):
    with pytest.raises(course.Trouble, match="no group or command 'no-such-group'; the groups are"):
        course.setup(["no-such-group"])


# ------------------------------------------------------------ for real


def run_course(folder, *words, **more):
    return subprocess.run(
        [sys.executable, str(folder / "course.py"), *words], capture_output=True, text=True, **more
    )


def test_what_is_started_has_one_thread_and_its_bytecode(scratch_course):
    ask = "import os; print([os.environ.get(n) for n in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS',"
    ask += "'MKL_NUM_THREADS', 'PYTHONDONTWRITEBYTECODE')], os.getcwd())"
    run = run_course(scratch_course, "run", "course", "-c", ask, cwd="/")
    assert run.stdout == f"['1', '1', '1', None] {scratch_course}\n", run.stderr


def test_trouble_is_one_line_without_a_traceback(scratch_course):
    run = run_course(scratch_course, "setup", "no-such-group")
    assert run.returncode == 1
    assert len(run.stderr.splitlines()) == 1
    run = run_course(scratch_course, "fresh", "no such lesson")
    assert run.stderr.startswith("There is no lesson 'no such lesson'. There are:\n")


def test_a_read_only_checkout_says_what_to_do(scratch_course):
    python, someone = sys.executable, {}
    if os.geteuid() == 0:  # to whom nothing is read-only
        python, someone = shutil.which("python3", path="/usr/bin"), {"user": "nobody"}
        if python is None:
            pytest.skip("root needs a Python that others can run, /usr/bin/python3")
    with tempfile.TemporaryDirectory() as outside:
        os.chmod(outside, 0o755)
        folder = Path(shutil.move(scratch_course, outside))
        os.chmod(folder, 0o555)
        try:
            command = [python, str(folder / "course.py"), "fresh", "00"]
            run = subprocess.run(command, capture_output=True, text=True, **someone)
        finally:
            os.chmod(folder, 0o755)
        assert not (folder / "my_course").exists()
    assert run.returncode == 1
    (line,) = run.stderr.splitlines()
    assert "cannot be written (Permission denied)" in line
    assert "copy it to a folder of your own and start it there" in line


def answers(port):
    """Tell whether something listens on this port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_make_lab_opens_the_start_page_of_the_copy_though_the_port_is_taken(
    scratch_course, tmp_path
):
    home = {f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    log = tmp_path / "log"
    with socket.socket() as taken, log.open("w") as output:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        lab = subprocess.Popen(
            ["make", "lab", f"PORT={port}", f"PYTHON={sys.executable}"],
            cwd=scratch_course,
            env=environment | home,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            # The server writes its address a moment before it listens there.
            url, status, until = None, None, time.monotonic() + 600
            while status is None and time.monotonic() < until and lab.poll() is None:
                time.sleep(0.5)
                url = re.search(r"http://127\.0\.0\.1:(\d+)/\S+token=\w+", log.read_text())
                if url and answers(int(url[1])):
                    with urllib.request.urlopen(url.group(), timeout=300) as page:
                        status = page.status
            assert status == 200, log.read_text()
            assert int(url[1]) != port
            assert "/lab/tree/00_start_here.ipynb?token=" in url.group()
            root = f"http://127.0.0.1:{url[1]}/"
            with pytest.raises(urllib.error.HTTPError, match="403"):
                urllib.request.urlopen(f"{root}api/contents", timeout=300)
            token = {"Authorization": f"token {url.group().split('token=')[1]}"}
            request = urllib.request.Request(f"{root}api/contents", headers=token)
            with urllib.request.urlopen(request, timeout=300) as answer:
                names = {entry["name"] for entry in json.load(answer)["content"]}
            assert {"00_start_here.ipynb", "solutions", "images"} <= names
            assert "course.py" not in names, "the root is the copy"
        finally:
            os.killpg(lab.pid, signal.SIGTERM)
            lab.wait(60)
    assert "Made my_course/" in log.read_text()
