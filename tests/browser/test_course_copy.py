"""The learner's copy in a real browser: `course.py lab` as she starts it, then an update."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import nbformat
import pytest

pytestmark = pytest.mark.browser

START, LESSON = "00_start_here.ipynb", "01a_what_hyperparameters_do.ipynb"
SECONDS = 600  # the machine may be busy; what is waited for is an event


def wait_for(what, condition):
    """Call `condition` until it returns something true, and return that."""
    end = time.monotonic() + SECONDS
    while not (result := condition()):
        assert time.monotonic() < end, f"waited for {what}"
        time.sleep(0.2)
    return result


class Lab:
    """A JupyterLab started by `course.py lab` from another folder, and its page."""

    def __init__(self, course, home, browser, shots):
        self.copy, self.shots = course / "my_course", shots
        kinds = {f"JUPYTER_{kind}_DIR": home / kind for kind in ("CONFIG", "DATA", "RUNTIME")}
        own = {"JUPYTERLAB_SETTINGS_DIR": home / "settings", "IPYTHONDIR": home / "ipython"}
        command = [sys.executable, course / "course.py", "lab", "--port=0", "--no-browser"]
        command.append("--expose-app-in-browser")  # goes on to JupyterLab
        self.log = home / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command,
                cwd=home,
                env=os.environ | {name: str(path) for name, path in (kinds | own).items()},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.server = wait_for("JupyterLab", lambda: self.find_server(home / "RUNTIME"))
        self.page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.set_default_timeout(SECONDS * 1000)

    def find_server(self, folder):
        """Return what the running server says of itself, once it answers."""
        assert self.process.poll() is None, self.log.read_text()
        for path in folder.glob("jpserver-*.json"):
            try:
                server = json.loads(path.read_text())
                urllib.request.urlopen(f"{server['url']}api", timeout=SECONDS).close()
                return server
            except (json.JSONDecodeError, urllib.error.URLError):
                return None  # not written, or not listening, yet
        return None

    @property
    def said(self):
        """What course.py said, before JupyterLab spoke."""
        lines = self.log.read_text().splitlines()
        return [line for line in lines[: [x[:3] for x in lines].index("[I ")]]

    def open(self, name=""):
        """Open the address that the log shows, or a lesson."""
        (default,) = set(re.findall(r"(/lab/tree/\S+)\?token=", self.log.read_text()))
        path = f"lab/tree/{name}" if name else default.lstrip("/")
        self.page.goto(f"{self.server['url']}{path}?token={self.server['token']}")
        self.page.locator(".jp-Notebook:visible").wait_for()
        self.wait_for_kernel(name or START)
        return default

    def wait_for_kernel(self, name):
        def idle():
            get = self.page.request.get
            answer = get(
                f"{self.server['url']}api/sessions",
                headers={"Authorization": f"token {self.server['token']}"},
            )
            for session in answer.json():
                if session["path"] == name:
                    kernel = session["kernel"]
                    return kernel["execution_state"] == "idle" and kernel["connections"] > 0

        wait_for(f"a kernel for {name}", idle)

    def ask(self, script):
        """Evaluate JavaScript in which `content` is the notebook on the page."""
        content = "const content = jupyterapp.shell.currentWidget.content"
        return self.page.evaluate(f"async () => {{ {content}; return {script} }}")

    def save(self):
        self.ask("await jupyterapp.commands.execute('docmanager:save')")
        wait_for("the page to be saved", lambda: not self.ask("content.model.dirty"))

    def run_first_cell(self):
        place = self.ask("content.widgets.findIndex(cell => cell.model.type === 'code')")
        self.ask(f"(content.activeCellIndex = {place}, content.mode = 'command')")
        self.ask("await jupyterapp.commands.execute('notebook:run-cell')")
        return self.ask(f"content.widgets[{place}].model.outputs.toJSON()")

    def covered(self):
        """What lies over the page: dialogs and notices."""
        return self.page.locator(".jp-Dialog, .Toastify__toast").all_inner_texts()

    def shoot(self, label):
        self.page.screenshot(path=self.shots / f"copy-{label}.png")

    def stop(self):
        self.page.close()
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()


@pytest.fixture
def start(scratch_course, tmp_path, browser, shots):
    """Start the course; whatever happens it is stopped."""
    started = []

    def start_():
        home = tmp_path / f"home {len(started)}"
        home.mkdir()
        started.append(Lab(scratch_course, home, browser, shots))
        return started[-1]

    yield start_
    for lab in started:
        if lab.process.poll() is None:
            lab.stop()


def publish(path, sentence):
    """Change a lesson as its authors do."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += f"\n\n{sentence}"
    nbformat.write(notebook, path)


def test_a_learner_and_an_update(start, scratch_course):
    lab = start()
    assert any(line.startswith("Made my_course/") for line in lab.said)
    assert lab.open() == f"/lab/tree/{START}"
    file = lab.copy / START
    untouched = file.read_bytes()

    # JupyterLab asks about news once all is restored, unless its settings say no.
    lab.ask("await jupyterapp.restored")
    lab.page.locator("#jupyterlab-splash").wait_for(state="detached")
    plugin = "'@jupyterlab/apputils-extension:notification'"
    settings = lab.ask(f"await jupyterapp.serviceManager.settings.fetch({plugin})")
    defaults = {name: kind["default"] for name, kind in settings["schema"]["properties"].items()}
    assert (defaults["fetchNews"], defaults["checkForUpdates"]) == ("false", False)
    assert lab.covered() == []
    outputs = (
        "content.widgets.filter(c => c.model.type === 'code').map(c => c.model.outputs.length)"
    )
    assert set(lab.ask(outputs)) == {0}
    counts = "content.widgets.filter(c => c.model.type === 'code').map(c => c.model.executionCount)"
    assert set(lab.ask(counts)) == {None}
    lab.shoot("start")

    # Opened and saved, the file is the same to the byte.
    assert lab.ask("content.model.dirty") is False
    before = file.stat().st_mtime_ns
    lab.save()
    wait_for("the file to be written", lambda: file.stat().st_mtime_ns != before)
    assert file.read_bytes() == untouched

    (output,) = lab.run_first_cell()
    assert "Ready: Python, packages and data are all here." in "".join(output["text"])
    lab.save()
    assert "Ready: Python" in file.read_text()
    assert lab.covered() == []
    lab.shoot("run")

    # She writes into another lesson.
    lab.open(LESSON)
    lab.ask("(content.activeCellIndex = 0, content.mode = 'command')")
    lab.ask("await jupyterapp.commands.execute('notebook:insert-cell-below')")
    lab.ask("content.activeCell.model.sharedModel.setSource('# my own words')")
    lab.save()
    hers = (lab.copy / LESSON).read_bytes()
    assert b"my own words" in hers
    lab.shoot("written")
    lab.stop()

    for name in (START, LESSON):
        publish(scratch_course / "notebooks" / name, "A sentence of the newer version.")
    lab = start()
    newer = f"{LESSON.removesuffix('.ipynb')} (new version).ipynb"
    assert [line for line in lab.said if LESSON in line] == [
        f"{LESSON}: you changed it, so it stays; the new version is beside it, as {newer!r}"
    ]
    assert (lab.copy / LESSON).read_bytes() == hers
    assert "of the newer version" in (lab.copy / newer).read_text()
    assert "of the newer version" in (lab.copy / START).read_text()
    (kept,) = lab.copy.glob("older/00_start_here (*).ipynb")
    assert "Ready: Python" in kept.read_text()
    lab.open()
    lab.page.locator("p", has_text="A sentence of the newer version.").wait_for()
    lab.page.get_by_text(newer, exact=False).first.wait_for()
    assert lab.covered() == []
    lab.shoot("updated")
    lab.stop()

    words = [sys.executable, scratch_course / "course.py", "fresh", "01a"]
    run = subprocess.run(words, capture_output=True, text=True, check=True)
    kept = re.search(r"as '(.* \(kept .*\)\.ipynb)'", run.stdout)[1]
    assert (lab.copy / kept).read_bytes() == hers
    assert b"my own words" not in (lab.copy / LESSON).read_bytes()
    assert not (lab.copy / newer).exists()
