"""Take the picture of Optuna's dashboard for chapter 16: python tools/make_tracker_picture.py.

The group ``track``, Playwright and Chromium are needed, as for the browser tests. A study of thirty
trials is written to a temporary folder, the dashboard serves it on this machine, the browser looks.
"""

import io
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from PIL import Image
from playwright.sync_api import sync_playwright
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.svm import SVC

from tuneup_helpers import digits_split

PICTURE = Path(__file__).resolve().parent.parent / "notebooks" / "images" / "optuna_dashboard.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZE = {"width": 1100, "height": 1010}
SECONDS = 120


def make_study(journal):
    """Search two hyperparameters of a support vector machine; keep the study in a journal."""
    X, _, y, _ = digits_split(300)
    folds = StratifiedKFold(3, shuffle=True, random_state=0)

    def objective(trial):
        C = trial.suggest_float("C", 0.1, 100, log=True)
        gamma = trial.suggest_float("gamma", 0.01, 10, log=True)
        return cross_val_score(SVC(C=C, gamma=gamma), X, y, cv=folds).mean()

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        storage=JournalStorage(JournalFileBackend(str(journal))),
        study_name="svm",
        direction="maximize",
        sampler=optuna.samplers.TPESampler(seed=0),
    )
    study.optimize(objective, 30)


def free_port():
    """Return a port that nobody uses now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def serve(journal, port):
    """Start the dashboard; return its process once it answers."""
    code = "from optuna_dashboard._cli import main; main()"
    options = ["--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(journal), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/studies", timeout=5).close()
            return process
        except urllib.error.URLError:
            time.sleep(0.2)
    process.kill()
    raise RuntimeError("the dashboard does not answer")


def look(port):
    """Return a picture of the page of the study, as PNG."""
    path = next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(1000 * SECONDS)
        page.goto(f"http://127.0.0.1:{port}/dashboard/studies/0")
        page.get_by_text("Hyperparameter Importance").wait_for()
        page.locator(".js-plotly-plot .bars .point").first.wait_for()
        page.wait_for_timeout(3000)  # the plots grow to their size
        picture = page.screenshot()
        browser.close()
    return picture


def main():
    """Make the study, look at it, write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal.log"
        make_study(journal)
        port = free_port()
        server = serve(journal, port)
        try:
            picture = Image.open(io.BytesIO(look(port))).convert("RGB")
        finally:
            server.terminate()
            server.wait()
    picture.quantize(64, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        PICTURE, optimize=True
    )
    print(f"{PICTURE.name}: {PICTURE.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
