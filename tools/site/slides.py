"""Build the slides: one page for each deck in slides/, with reveal.js, offline.

    python tools/site/slides.py           # into build/slides

A deck is Markdown, with `---` between two slides and `Note:` before what only the speaker sees (S
opens that view). It repeats nothing that a lesson says: `{{figure 05a: A search knows}}` is the
stored figure of lesson 05a whose description begins so, `{{saw 05a 2}}` the second line under "What
we saw". If a lesson no longer has it, nothing is built and the message says which.
"""

import base64
import html
import re
import shutil
import sys
from pathlib import Path

import nbformat

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
from build import MODULES, fetch_scripts  # noqa: E402

SLIDES = ROOT / "build" / "slides"
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="reveal/reveal.css">
<link rel="stylesheet" href="reveal/theme/white.css">
<link rel="stylesheet" href="deck.css">
</head>
<body>
<div class="reveal"><div class="slides">
<section data-markdown data-separator="^---$" data-separator-notes="^Note:">
<script type="text/template">
{text}
</script>
</section>
</div></div>
<script src="reveal/reveal.js"></script>
<script src="reveal/markdown.js"></script>
<script src="reveal/notes.js"></script>
<script>
Reveal.initialize({{hash: true, slideNumber: true, plugins: [RevealMarkdown, RevealNotes]}});
</script>
</body>
</html>
"""
STYLE = """
.reveal { font-size: 30px; }
.reveal h1, .reveal h2 { text-transform: none; letter-spacing: 0; }
.reveal h2 { font-size: 1.4em; }
.reveal img { max-height: 58vh; margin: 0; }
.reveal ul { text-align: left; font-size: 0.8em; }
"""


class Missing(Exception):
    """Raised if a deck asks for what no lesson has."""


def lesson(number):
    """Read the lesson with this number."""
    found = sorted(ROOT.glob(f"notebooks/{number}_*.ipynb"))
    if len(found) != 1:
        raise Missing(f"there is no lesson {number}")
    return nbformat.read(found[0], as_version=4)


def figures(number):
    """Return the figures of a lesson: (description, PNG) of each."""
    return [
        (
            output.metadata.get("image/png", {}).get("alt", "").removeprefix("Figure: "),
            base64.b64decode(output["data"]["image/png"]),
        )
        for cell in lesson(number).cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]


def saw(number):
    """Return what stands under "What we saw" in a lesson, line by line."""
    for cell in lesson(number).cells:
        if cell.cell_type == "markdown" and "## What we saw" in cell.source:
            own = cell.source.split("## What we saw", 1)[1].split("\n## ", 1)[0]
            lines = re.findall(r"^- (.*(?:\n  .*)*)", own, re.M)
            return [" ".join(line.split()) for line in lines]
    raise Missing(f"lesson {number} has no summary")


def put_figure(match):
    """Store a figure and return the Markdown that shows it."""
    number, beginning = match.groups()
    found = [pair for pair in figures(number) if pair[0].startswith(beginning)]
    if len(found) != 1:
        raise Missing(f"{len(found)} figures of lesson {number} begin with {beginning!r}")
    alt, png = found[0]
    name = "-".join([number, *re.findall(r"\w+", beginning.lower())]) + ".png"
    (SLIDES / "figures" / name).write_bytes(png)
    return f"![{html.escape(alt)}](figures/{name})"


def put_line(match):
    """Return one line of a lesson's summary."""
    number, position = match.group(1), int(match.group(2))
    lines = saw(number)
    if not 1 <= position <= len(lines):
        raise Missing(f"lesson {number} has {len(lines)} lines of summary, and no {position}")
    return f"- {lines[position - 1]}"


def expand(text):
    """Put figures and lines where a deck asks for them."""
    text = re.sub(r"\{\{figure (\w+): (.+?)\}\}", put_figure, text)
    return re.sub(r"\{\{saw (\w+) (\d+)\}\}", put_line, text)


def build():
    """Build every deck."""
    fetch_scripts()
    shutil.rmtree(SLIDES, ignore_errors=True)
    (SLIDES / "figures").mkdir(parents=True)
    reveal = MODULES / "reveal.js"
    shutil.copytree(reveal / "dist" / "theme", SLIDES / "reveal" / "theme")
    for name in ("reveal.css", "reveal.js"):
        shutil.copy(reveal / "dist" / name, SLIDES / "reveal")
    for name in ("markdown", "notes"):
        shutil.copy(reveal / "plugin" / name / f"{name}.js", SLIDES / "reveal")
    (SLIDES / "deck.css").write_text(STYLE, encoding="utf-8")
    decks = sorted((ROOT / "slides").glob("*.md"))
    for deck in decks:
        text = deck.read_text(encoding="utf-8")
        try:
            page = PAGE.format(title=text.split("\n", 1)[0].lstrip("# "), text=expand(text))
        except Missing as error:
            sys.exit(f"{deck.name}: {error}")
        (SLIDES / f"{deck.stem}.html").write_text(page, encoding="utf-8")
    where = SLIDES.relative_to(ROOT)
    print(f"{len(decks)} decks are in {where}: open one in a browser, S shows the notes.")


if __name__ == "__main__":
    build()
