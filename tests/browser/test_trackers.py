"""Optuna's dashboard in a real browser: what the picture of chapter 16 shows is there."""

import importlib.util
import re
from pathlib import Path

import pytest

pytest.importorskip("optuna_dashboard")
pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).parents[2] / "tools" / "make_tracker_picture.py"


@pytest.fixture
def picture():
    """The script that takes the picture."""
    pytest.importorskip("playwright")
    spec = importlib.util.spec_from_file_location(SCRIPT.stem, SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_dashboard_shows_a_study_of_a_journal(context, picture, shots, tmp_path):
    journal = tmp_path / "journal.log"
    picture.make_study(journal)
    port = picture.free_port()
    server = picture.serve(journal, port)
    strangers = []
    try:
        page = context.new_page()
        page.set_default_timeout(120_000)

        def note(request):
            if not re.match(rf"http://127\.0\.0\.1:{port}/|data:|blob:", request.url):
                strangers.append(request.url)

        page.on("request", note)
        page.goto(f"http://127.0.0.1:{port}/dashboard/studies/0")
        for words in ("svm", "History", "Hyperparameter Importance", "Timeline"):
            page.get_by_text(words).filter(visible=True).first.wait_for()
        page.locator(".js-plotly-plot .bars .point").first.wait_for()
        page.locator(".js-plotly-plot .scatterlayer .point").first.wait_for()
        assert page.locator(".js-plotly-plot .scatterlayer .point").count() >= 30
        page.screenshot(path=shots / "optuna-dashboard.png")
        page.close()
    finally:
        server.terminate()
        server.wait()
    assert strangers == [], "the page asked for something outside"
