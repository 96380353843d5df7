"""Build the course as a web site, offline, from the outputs that the lessons store.

    python tools/site/build.py            # into build/site
    python tools/site/build.py --pdf 05   # and print the lessons of chapter 05 into build/pdf

Nothing is executed. The pages, their scripts and fonts come from one folder: no page asks another
machine for anything. MathJax is taken from npm (`npm ci` in this folder), pinned.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
import frames  # noqa: E402

SOURCE, SITE, PDF = ROOT / "build" / "site-source", ROOT / "build" / "site", ROOT / "build" / "pdf"
MODULES = HERE / "node_modules"
PARTS = {
    "Begin": ("00", "01", "02", "03"),
    "Search": ("04", "05", "06", "07", "08"),
    "Judge and choose": ("09", "10"),
    "Practice": ("11", "12", "13", "14", "15", "16", "17", "18", "19"),
    "Look up": ("clinic", "snippets"),
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def lessons():
    """Return the lessons in their order."""
    return sorted(ROOT.glob("notebooks/*.ipynb"))


def fetch_scripts():
    """Install what npm brings, if it is not there in the version of the lock."""
    wanted = json.loads((HERE / "package.json").read_text())["dependencies"]
    for name, version in wanted.items():
        there = MODULES / name / "package.json"
        if not there.exists() or json.loads(there.read_text())["version"] != version:
            break
    else:
        return
    if shutil.which("npm") is None:
        sys.exit("MathJax for the site comes by npm: install Node.js, then try again.")
    run = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=HERE)
    if run.returncode:
        sys.exit("npm could not fetch MathJax: the first build needs the network.")


def put_frames(notebook, name):
    """Let the steppers of a lesson move, in place."""
    number = 0
    for output in frames.outputs(notebook):
        if frames.stands_for_a_stepper(output):
            number += 1
            output["data"] = {
                "text/html": frames.stepper(name, number),
                "text/plain": output["data"]["text/plain"],
            }
            output["metadata"] = {}


def copy_notebook(path, target):
    """Put one notebook where Sphinx reads it."""
    notebook = nbformat.read(path, as_version=4)
    if path.parent.name == "notebooks":
        put_frames(notebook, path.stem)
    for output in frames.outputs(notebook):  # Sphinx leaves links in an output as they are
        for kind, link in (("text/markdown", r"\.ipynb([)#])"), ("text/html", r"\.ipynb([\"'#])")):
            if kind in output.get("data", {}):
                said = "".join(output["data"][kind])
                output["data"][kind] = re.sub(link, r".html\1", said)
    nbformat.write(notebook, target)


def section(text, title):
    """Return one section of the README, without its heading."""
    return re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.M | re.S).group(1)


def from_readme(text):
    """Let links of the README lead to pages of the site."""
    text = text.replace("](notebooks/solutions)", "](solutions.md)")
    text = text.replace("](notebooks/", "](").replace("](data/README.md)", "](data.md)")
    text = text.replace("](CONTRIBUTING.md)", "](contributing.md)")
    return re.sub(r"\[([^]]*)\]\((?:CITATION\.cff|LICENSE)\)", r"\1", text)


def tree(names, caption="", extra=""):
    """Write a table of contents for Sphinx."""
    head = f":caption: {caption}\n" if caption else ""
    return f"```{{toctree}}\n{head}{extra}\n" + "\n".join(names) + "\n```\n"


def entry(path):
    """Write a lesson's line in the table of contents, with its number."""
    title = nbformat.read(path, as_version=4).cells[0].source.split("\n", 1)[0].lstrip("# ")
    number = path.stem.split("_")[0]
    name = f"{number} {title}" if number[:1].isdigit() else title
    return f"{name} <{path.stem}>"


def write_index():
    """Write the start page: what the README says of the lessons, and the tree of pages."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    opening = re.match(r"(.*?)^## ", readme, re.M | re.S).group(1)
    parts = [
        from_readme(opening),
        "Read here; to work with the pages, to run and change them, install the course: "
        "its README says how, in two commands.\n",
        "## The map\n" + from_readme(section(readme, "The map")),
        "## By question\n" + from_readme(section(readme, "By question")),
    ]
    for caption, chapters in PARTS.items():
        mine = [entry(path) for path in lessons() if path.stem.startswith(chapters)]
        parts.append(tree(mine, caption, ":hidden:\n"))
    parts.append(tree(["solutions", "reference", "data", "contributing"], "More", ":hidden:\n"))
    (SOURCE / "index.md").write_text("\n".join(parts), encoding="utf-8")


def write_reference():
    """Write a page of the public names for each module of the helper package."""
    import tuneup_helpers

    folder = SOURCE / "reference"
    folder.mkdir()
    for module, names in tuneup_helpers._MODULES.items():
        lines = [f"# {module}", "", "```{eval-rst}"]
        for name in sorted(names):
            thing = getattr(tuneup_helpers, name)
            kind = "autoclass" if isinstance(thing, type) else "autofunction"
            if not callable(thing):
                kind = "autodata"
            home = getattr(thing, "__module__", None) if callable(thing) else None
            lines.append(f".. {kind}:: {home or 'tuneup_helpers.' + module}.{name}")
            lines += ["   :members:", ""] if kind == "autoclass" else [""]
        (folder / f"{module}.md").write_text("\n".join([*lines, "```\n"]), encoding="utf-8")
    text = "# The helper package\n\nWhat `from tuneup_helpers import …` offers, by module.\n\n"
    pages = [f"reference/{module}" for module in tuneup_helpers._MODULES]
    (SOURCE / "reference.md").write_text(text + tree(pages), encoding="utf-8")


def write_solutions():
    """Copy the solutions and list them."""
    (SOURCE / "solutions").mkdir()
    names = []
    for path in sorted(ROOT.glob("notebooks/solutions/*.ipynb")):
        copy_notebook(path, SOURCE / "solutions" / path.name)
        names.append(f"solutions/{path.stem}")
    text = "# Solutions\n\nTry first: in JupyterLab the exercises answer, and give hints.\n\n"
    (SOURCE / "solutions.md").write_text(text + tree(names), encoding="utf-8")


def write_source():
    """Gather everything that Sphinx reads."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    (SOURCE / "_static").mkdir(parents=True)
    for name in ("conf.py", "anchors.py"):
        shutil.copy(HERE / name, SOURCE / name)
    shutil.copytree(HERE / "static", SOURCE / "_static", dirs_exist_ok=True)
    es5 = MODULES / "mathjax" / "es5"
    (SOURCE / "_static" / "mathjax").mkdir()
    shutil.copy(es5 / "tex-chtml.js", SOURCE / "_static" / "mathjax")
    fonts = Path("output", "chtml", "fonts")
    shutil.copytree(es5 / fonts, SOURCE / "_static" / "mathjax" / fonts)
    shutil.copytree(ROOT / "notebooks" / "images", SOURCE / "images")
    for path in lessons():
        copy_notebook(path, SOURCE / path.name)
    for name, title in (("data/README.md", "data.md"), ("CONTRIBUTING.md", "contributing.md")):
        text = (ROOT / name).read_text(encoding="utf-8")
        (SOURCE / title).write_text(from_readme(text), encoding="utf-8")
    write_solutions()
    write_reference()
    write_index()


def build():
    """Build the site; a warning is an error."""
    fetch_scripts()
    write_source()
    shutil.rmtree(SITE, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "--builder", "html", "--fail-on-warning"]
    command += ["--keep-going", "--quiet", "--doctree-dir", str(ROOT / "build" / "site-doctrees")]
    surroundings = os.environ | {"PYTHONPATH": str(ROOT)}
    if subprocess.run([*command, str(SOURCE), str(SITE)], env=surroundings).returncode:
        sys.exit("The site could not be built; Sphinx says why above.")
    print(f"The site is in {SITE.relative_to(ROOT)}: open index.html, or serve the folder.")


def print_chapter(chapter):
    """Print the lessons of a chapter into PDF files, by Chromium."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit("Printing needs Chromium (Debian and Ubuntu: apt-get install chromium).")
    PDF.mkdir(parents=True, exist_ok=True)
    found = [path.stem for path in lessons() if path.stem.startswith(chapter)]
    if not found:
        sys.exit(f"There is no chapter {chapter!r}.")
    for name in found:
        target = PDF / f"{name}.pdf"
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        command += ["--virtual-time-budget=20000", f"--print-to-pdf={target}"]
        run = subprocess.run([*command, (SITE / f"{name}.html").as_uri()], capture_output=True)
        if run.returncode or not target.exists():
            sys.exit(f"Chromium could not print {name}: {run.stderr.decode()[-300:]}")
        print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} kB")


def main():
    """Build the site, and print a chapter if asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pdf", metavar="CHAPTER", help="print this chapter's lessons, too")
    chapter = parser.parse_args().pdf
    build()
    if chapter:
        print_chapter(chapter)


if __name__ == "__main__":
    main()
