"""The web site, slides and printed pages, as a reader has them in a browser."""

import functools
import http.server
import re
import shutil
import subprocess
import sys
import threading
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from .conftest import refuse

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
SITE, SLIDES = ROOT / "build" / "site", ROOT / "build" / "slides"
READ = [
    "index.html",
    "01a_what_hyperparameters_do.html",
    "05a_bayesian_by_hand.html",
    "clinic.html",
    "reference/replay.html",
]


def run(*words):
    done = subprocess.run(
        [sys.executable, *map(str, words)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def site():
    """Build the site and the slides."""
    pytest.importorskip("myst_nb")
    if shutil.which("npm") is None and not (ROOT / "tools" / "site" / "node_modules").exists():
        refuse("the site takes MathJax from npm (Debian and Ubuntu: apt-get install npm)")
    run("tools/site/build.py", "--pdf", "00")
    run("tools/site/slides.py")
    return SITE


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address(site):
    """Serve the folder on the loopback interface."""
    handler = functools.partial(Quiet, directory=str(site.parent))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser, address):
    """Open a page that notes what it asks of other machines, and what fails."""
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    page = context.new_page()
    page.asked, page.failed = [], []
    own = (address, "data:", "blob:")
    page.on("request", lambda r: r.url.startswith(own) or page.asked.append(r.url))
    page.on("response", lambda r: r.status < 400 or page.failed.append(r.url))
    page.on("pageerror", lambda error: page.failed.append(str(error)))
    yield page
    context.close()


class Links(HTMLParser):
    """The targets and the names of a page."""

    def __init__(self, text):
        super().__init__()
        self.hrefs, self.names = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.names |= {given[key] for key in ("id", "name") if given.get(key)}
        if tag == "a" and given.get("href"):
            self.hrefs.append(given["href"])
        if tag in ("img", "script") and given.get("src"):
            self.hrefs.append(given["src"])
        if tag == "link" and given.get("rel") == "stylesheet":
            self.hrefs.append(given["href"])


def test_every_internal_link_leads_somewhere(site):
    files = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    pages = {path: Links(path.read_text(encoding="utf-8")) for path in files}
    assert len(pages) > 80
    broken, followed = [], 0
    for path, links in pages.items():
        for href in links.hrefs:
            if re.match(r"[a-z]+:|//", href):
                assert not href.startswith("//"), href
                continue
            target, name = urldefrag(href)
            there = (path.parent / unquote(target.split("?")[0])).resolve() if target else path
            followed += 1
            named = there not in pages or not name or unquote(name) in pages[there].names
            if not (there.exists() and named):
                broken.append((path.name, href))
    assert not broken, broken[:20]
    assert followed > 5_000


@pytest.mark.parametrize("name", READ)
def test_a_page_asks_nobody_else_and_is_accessible(page, address, name):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.goto(f"{address}/site/{name}", wait_until="networkidle")
    assert page.title().endswith("Tune Up")
    assert not page.failed  # axe then asks for a style sheet by a wrong address
    found = axe.Axe().run(page).response["violations"]
    serious = [
        (each["id"], [node["html"][:200] for node in each["nodes"]][:3])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
    assert not serious
    assert not page.asked


def test_steppers_move_formulas_are_set_and_code_can_be_copied(page, address):
    page.goto(f"{address}/site/05a_bayesian_by_hand.html", wait_until="networkidle")
    steppers = page.locator(".tuneup-stepper")
    assert steppers.count() == 3
    slider = steppers.first.get_by_role("slider", name="Step", exact=True)
    image = steppers.first.locator("img >> visible=true")
    before = image.get_attribute("src")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert image.get_attribute("src") != before
    assert image.get_attribute("alt")
    assert page.locator("button.copybtn").count() > 10
    folded = page.locator("details.hide").first
    assert not folded.evaluate("element => element.open")
    for picture in page.locator(".cell_output img").all():
        assert picture.get_attribute("alt")
    page.goto(f"{address}/site/11b_the_shape_of_a_network.html", wait_until="networkidle")
    page.wait_for_selector("mjx-container")
    assert not page.asked
    assert not page.failed


def test_the_search_finds_a_lesson(page, address):
    page.goto(f"{address}/site/search.html?q=hyperband", wait_until="networkidle")
    page.wait_for_selector("#search-results li")
    links = page.locator("#search-results li a").all()
    assert any("08a_halving" in link.get_attribute("href") for link in links)
    assert not page.asked


def test_the_dark_theme_keeps_figures_on_paper(page, address):
    page.emulate_media(color_scheme="dark")
    page.goto(f"{address}/site/01a_what_hyperparameters_do.html", wait_until="networkidle")
    paper = page.locator(".cell_output img").first.evaluate(
        "element => getComputedStyle(element).backgroundColor"
    )
    body = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(255, 255, 255)"
    assert body != paper


def test_lessons_follow_one_another(page, address):
    page.goto(f"{address}/site/03b_ties_and_noise.html")
    previous, following = page.locator("a.left-prev"), page.locator("a.right-next")
    assert previous.get_attribute("href") == "03a_grid_search.html"
    assert following.get_attribute("href") == "03c_price_scores_failures.html"


def test_a_lesson_is_printed(site):
    (printed,) = (site.parent / "pdf").glob("00_*.pdf")
    text = printed.read_bytes()
    assert text.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", text)) >= 5


@pytest.mark.parametrize("deck", [path.stem for path in sorted(ROOT.glob("slides/*.md"))])
def test_slides_show_their_figures(page, address, deck):
    page.goto(f"{address}/slides/{deck}.html", wait_until="networkidle")
    written = (ROOT / "slides" / f"{deck}.md").read_text(encoding="utf-8")
    assert page.locator(".slides section section, .slides > section").count() >= written.count(
        "\n---\n"
    )
    images = page.locator(".slides img")
    assert images.count() == written.count("{{figure")
    assert "{{" not in page.content().split("<script")[0]
    for image in images.all():
        assert image.get_attribute("alt")
    assert not page.asked
    assert not [url for url in page.failed if "favicon" not in url]
