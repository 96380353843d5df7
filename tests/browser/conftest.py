"""JupyterLab on a copy of the notebooks, driven by a real browser.

Everything lives in a temporary folder and on the loopback interface. The fixtures end with the
module, not with the session: while Playwright is on, no other test can start an event loop.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
TOKEN = "browser-test"
LIMIT = 300  # seconds for whatever is waited for: machines are busy, and all waits have a condition
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
]
SETTINGS = {
    # A pop-up that asks for news would cover the page.
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


def wait_for(what, condition, seconds=LIMIT):
    """Call `condition` until it returns something true, and return that."""
    end = time.monotonic() + seconds
    while not (result := condition()):
        if time.monotonic() > end:
            pytest.fail(f"waited {seconds} s for {what}")
        time.sleep(0.2)
    return result


def refuse(what):
    """Skip a test, or let it fail where nothing may be missing: TUNEUP_NEED_BROWSER=1."""
    missing = pytest.fail if os.environ.get("TUNEUP_NEED_BROWSER") == "1" else pytest.skip
    missing(what)


@pytest.fixture(scope="module")
def browser():
    """Chromium; without one the tests are skipped, or fail if TUNEUP_NEED_BROWSER=1."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        refuse("browser tests need Chromium (Debian and Ubuntu: apt-get install chromium)")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        refuse("browser tests need Playwright: pip install playwright (not its own browsers)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


class Lab:
    """A JupyterLab server of its own on a temporary folder."""

    def __init__(self, home):
        self.home, self.folder = home, home / "course" / "notebooks"
        shutil.copytree(
            ROOT / "notebooks",
            self.folder,
            ignore=shutil.ignore_patterns(".*", "__pycache__", "solutions"),
        )
        shutil.copytree(
            ROOT / "data",
            self.folder.parent / "data",
            ignore=shutil.ignore_patterns(".*", "__pycache__"),
        )
        for path in self.folder.glob("*.ipynb"):
            self.write(path.name, nbformat.read(path, as_version=4))
        for name, settings in SETTINGS.items():
            file = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            file.parent.mkdir(parents=True)
            file.write_text(json.dumps(settings))

    def write(self, name, notebook):
        """Put a notebook into the folder, without what it stored."""
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.update(outputs=[], execution_count=None)
        nbformat.write(notebook, self.folder / name)

    def start(self):
        folders = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }
        folders = {name: str(self.home / folder) for name, folder in folders.items()}
        flags = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        flags += ["--no-browser", "--ip=127.0.0.1", "--port=0", "--expose-app-in-browser"]
        flags += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={self.folder}"]
        self.log = self.home / "server.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *flags],
                env=os.environ | folders,
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.url = wait_for("JupyterLab to start", self._find_url)

    def _find_url(self):
        assert self.process.poll() is None, self.log.read_text()
        for file in (self.home / "runtime").glob("jpserver-*.json"):
            try:
                url = json.loads(file.read_text())["url"]
                urllib.request.urlopen(f"{url}api", timeout=5).close()
                return url
            except (json.JSONDecodeError, urllib.error.URLError):
                return None  # not written, or not listening, yet
        return None

    def stop(self):
        self.process.send_signal(signal.SIGTERM)  # the server ends its kernels
        try:
            self.process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def api(self, path, method="GET"):
        request = urllib.request.Request(
            f"{self.url}api/{path}", method=method, headers={"Authorization": f"token {TOKEN}"}
        )
        with urllib.request.urlopen(request, timeout=LIMIT) as answer:
            return json.loads(answer.read() or "null")


class Notebook:
    """One notebook open in JupyterLab."""

    def __init__(self, lab, page, name, shots):
        self.lab, self.page, self.name, self.shots = lab, page, name, shots
        self.strangers = []
        page.on("request", self._note_request)
        page.set_default_timeout(1000 * LIMIT)
        self.open()

    def open(self):
        """Open the page, also for a second time."""
        self.page.goto(f"{self.lab.url}lab/tree/{self.name}?token={TOKEN}&reset")
        self.page.locator(".jp-Notebook").wait_for()
        # The page says idle before there is a kernel.
        wait_for("a kernel", self._is_idle)

    def _note_request(self, request):
        if not re.match(r"(https?|wss?)://127\.0\.0\.1:|data:|blob:", request.url):
            self.strangers.append(request.url)

    def _session(self):
        return next((s for s in self.lab.api("sessions") if s["path"] == self.name), None)

    def _is_idle(self):
        kernel = (self._session() or {}).get("kernel", {})
        return kernel.get("execution_state") == "idle" and kernel.get("connections", 0) > 0

    def ask(self, script, *arguments):
        """Evaluate a JavaScript expression in which `content` is the notebook on the page."""
        content = "const content = jupyterapp.shell.currentWidget.content"
        return self.page.evaluate(f"(a) => {{ {content}; return {script} }}", [*arguments])

    @property
    def cells(self):
        """The cells as they are on the page now."""
        return nbformat.from_dict(self.ask("content.model.toJSON()")).cells

    @property
    def errors(self):
        """Errors and standard error of all cells."""
        return [
            output
            for cell in self.cells
            for output in cell.get("outputs", [])
            if output.output_type == "error" or output.get("name") == "stderr"
        ]

    def start_all(self):
        """Run all cells from the menu."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_text("Run All Cells", exact=True).click()

    def run_all(self):
        """Run all cells from the menu and wait until the last one is done."""
        self.start_all()
        last = max(i for i, cell in enumerate(self.cells) if cell.cell_type == "code")
        wait_for(f"{self.name} to run", lambda: self.count(last) and self._is_idle())

    def restart_kernel(self):
        """Restart the kernel; no cell runs."""
        self.ask("jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
        wait_for("a new kernel", self._is_idle)

    def save(self):
        """Save the notebook with its outputs."""
        self.ask("jupyterapp.shell.currentWidget.context.save()")

    def end_kernel(self):
        """End the kernel as the server does, whatever is on the page."""
        self.lab.api(f"sessions/{self._session()['id']}", "DELETE")

    def run_cell(self, index):
        """Run one cell again with the keyboard."""
        before = self.count(index)
        self._go_to(index)
        self._cell(index).locator(".jp-InputArea-editor").click()
        self.page.keyboard.press("Control+Enter")
        wait_for(f"cell {index}", lambda: self.count(index) not in (None, before))

    def count(self, index):
        """Return the execution count of a cell; there is none while it waits or runs."""
        return self.ask("content.model.cells.get(a[0]).executionCount", index)

    def output(self, index):
        """Scroll to a cell and return its output area."""
        self._go_to(index)
        return self._cell(index).locator(".jp-Cell-outputArea")

    def _go_to(self, index):
        # Only cells near the view are on the page.
        self.ask("content.scrollToItem(a[0], 'start')", index)

    def _cell(self, index):
        return self.page.locator(f'.jp-Notebook-cell[data-windowed-list-index="{index}"]')

    def shoot(self, label, area=None):
        """Take a picture of an area, or of the page, for people to look at."""
        path = self.shots / f"{Path(self.name).stem}-{label}.png"
        (area or self.page).screenshot(path=path)
        return path

    def set_theme(self, name):
        """Change how JupyterLab looks."""
        change = "jupyterapp.commands.execute('apputils:change-theme', {theme: a[0]})"
        self.ask(change, f"JupyterLab {name}")
        themed = self.page.locator(f'body[data-jp-theme-name="JupyterLab {name}"]')
        themed.wait_for(state="attached")
        self.page.locator("#jupyterlab-splash").wait_for(state="detached")

    def close(self):
        session = self._session()
        self.page.close()
        if session:
            self.lab.api(f"sessions/{session['id']}", "DELETE")


@pytest.fixture(scope="session")
def faults():
    """Return a function that names what axe-core finds wrong in parts of a page."""
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        refuse("this test needs axe-core: pip install axe-playwright-python")

    def find(areas):
        mark = "elements => elements.forEach(element => element.toggleAttribute('data-looked-at'))"
        areas.evaluate_all(mark)
        # A figure that matplotlib shows has its description only when it has been stored.
        context = {"include": [["[data-looked-at]"]], "exclude": [[".jp-RenderedImage"]]}
        found = Axe().run(areas.page, context, {"resultTypes": ["violations"]}).response
        areas.evaluate_all(mark)
        return [
            (fault["impact"], fault["id"], [node["html"] for node in fault["nodes"]])
            for fault in found["violations"]
            if fault["impact"] in ("serious", "critical")
        ]

    return find


@pytest.fixture(scope="module")
def lab(browser, tmp_path_factory):
    server = Lab(tmp_path_factory.mktemp("lab"))
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def shots(tmp_path_factory):
    """Where pictures go: the folder BROWSER_SHOTS, or a temporary one."""
    folder = Path(os.environ.get("BROWSER_SHOTS") or tmp_path_factory.mktemp("shots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def context(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def open_notebook(lab, context, shots):
    """Open a notebook by its name; it is closed, and its kernel ended, after the test."""
    opened = []

    def open_(name):
        opened.append(Notebook(lab, context.new_page(), name, shots))
        return opened[-1]

    yield open_
    for notebook in opened:
        notebook.shoot("last")
        notebook.close()
        assert notebook.strangers == [], "the page asked for something outside"
