"""Hygiene of the notebooks as they are stored; nbval executes them."""

import ast
import importlib.util
import json
import re
import sys
from importlib import metadata
from pathlib import Path

import nbformat
import optuna
import pytest
from nbconvert import HTMLExporter

ROOT = Path(__file__).parent.parent
LESSONS = sorted(ROOT.glob("notebooks/*.ipynb"))
SOLUTIONS = sorted(ROOT.glob("notebooks/solutions/*.ipynb"))
TAGS = {"figure", "claim", "hide-input", "snippet", "raises-exception", "nbval-ignore-output"}
# Reference pages, that one looks things up in: they have no number, and no limit of length.
PAGES = ("clinic", "snippets")


def chapter_of(path):
    """Return what the keys of a lesson's exercises begin with: "05" for 05a, "clinic"."""
    return re.match(r"\d\d|[a-z]+", path.stem).group()


CHAPTERS = sorted({chapter_of(path) for path in LESSONS})

lessons = pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
notebooks = pytest.mark.parametrize(
    "path", LESSONS + SOLUTIONS, ids=lambda p: p.relative_to(ROOT / "notebooks").as_posix()
)


def read(path):
    return nbformat.read(path, as_version=4)


def load_tool(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # a dataclass looks its module up
    spec.loader.exec_module(module)
    return module


rhythm, execution = map(load_tool, ("rhythm", "execute_notebooks"))


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def text(path):
    return "\n".join(cell.source for cell in read(path).cells)


@notebooks
def test_executed_top_to_bottom(path):
    # nbval compares nothing in a cell that has no execution count.
    counts = [cell.execution_count for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1))


@notebooks
def test_stored_outputs_are_clean(path):
    notebook = read(path)
    assert "widgets" not in notebook.metadata
    assert notebook.metadata.language_info == execution.LANGUAGE
    for cell in code_cells(path):
        raises = "raises-exception" in cell.metadata.get("tags", [])
        for output in cell.outputs:
            assert output.get("name") != "stderr", output.get("text")
            assert output.output_type != "error" or raises, output.get("ename")
            assert "application/vnd.jupyter.widget-view+json" not in output.get("data", {})
            picture = output.get("data", {}).get("image/png", "")
            assert len(picture) * 3 / 4 < 90_000, "a picture over 90 kB"
            assert len(output.get("data", {}).get("text/html", "")) < 20_000
    assert path.stat().st_size < 1_000_000


@notebooks
def test_nothing_of_a_machine_is_stored(path):
    stored = path.read_text()
    assert not re.search(r"/home/|/root/|/tmp/|/work/|/Users/|[A-Z]:\\\\|site-packages", stored)


@notebooks
def test_code_keeps_the_habits(path):
    for cell in code_cells(path):
        source = cell.source
        assert set(cell.metadata.get("tags", [])) <= TAGS
        assert not source.rstrip().endswith(";"), source
        assert "np.random.seed" not in source
        if "nbval-ignore-output" in cell.metadata.get("tags", []):
            assert "#" in source, "an ignored output needs a reason in the cell"
        for node in ast.walk(ast.parse(re.sub(r"^[%!?].*$|^\w.*\?$", "", source, flags=re.M))):
            if isinstance(node, ast.ImportFrom):
                assert node.names[0].name != "*", source


@lessons
def test_a_lesson_is_one_sitting(path):
    seen = rhythm.measure(read(path))
    if path.stem not in PAGES:
        assert 15 <= seen.cells <= 50
        assert abs(seen.stated - seen.minutes) <= 0.25 * seen.minutes, f"{seen.minutes:.0f} minutes"
    assert path.stat().st_size < 700_000


@lessons
def test_prose_leads(path):
    seen = rhythm.measure(read(path))
    assert seen.introduced >= 0.9, "a sentence says what each cell is about to show"
    assert seen.stretch <= 25, "lines of code in view between two pieces of prose"
    assert seen.widest <= 79, "longer lines are cut off in print and in half a screen"


@lessons
def test_cells_that_only_draw_or_assert_are_folded(path):
    for cell in code_cells(path):
        tags = set(cell.metadata.get("tags", []))
        if "claim" in tags:
            assert not cell.outputs, "a claim neither prints nor draws: show it in a cell before"
        folded = bool(tags & {"figure", "claim"})
        assert cell.metadata.get("jupyter", {}).get("source_hidden", False) == folded
        assert ("hide-input" in tags) == folded


@lessons
def test_questions_stand_in_markdown(path):
    for cell in code_cells(path):
        if re.search(r'check\("', cell.source):
            assert not re.search(r"^#", cell.source, flags=re.M), "the question goes above the cell"


@lessons
def test_the_voice(path):
    # Words that the course has given up for plainer ones; a dial is the opening picture of 00 only.
    given_up = r"\b(in the mean|(by|learnt? .{0,30}) heart|dearer?|flatter(s|ed|y)?)\b"
    if chapter_of(path) != "00":
        given_up += r"|\bdials?\b"
    prose = "\n".join(c.source for c in read(path).cells if c.cell_type == "markdown")
    assert not re.search(given_up, prose), re.search(f".*({given_up}).*", prose).group()


@notebooks
def test_pictures_are_described(path):
    html, _ = HTMLExporter(template_name="classic").from_notebook_node(read(path))
    for picture in re.findall(r"<img\s[^>]*data:image[^>]*>", html):
        described = re.search(r'alt="([^"]{10,})"', picture)
        assert described, picture[-200:]
        assert not re.search(r"[{}]|No description", described[1]), described[1]


@lessons
def test_a_lesson_opens_and_closes_as_all_do(path):
    cells = read(path).cells
    assert cells[0].source.startswith("# ")
    for words in ("**You will**", "**Know first:**", "**Time:**"):
        assert words in cells[0].source
    assert "## What we saw" in text(path)
    assert "Where next" in text(path)
    tags = [tag for cell in code_cells(path) for tag in cell.metadata.get("tags", [])]
    assert tags.count("claim") >= 2
    assert all(
        "assert" in cell.source
        for cell in code_cells(path)
        if "claim" in cell.metadata.get("tags", [])
    )


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_has_a_snippet_to_take_home(chapter):
    cells = [cell for path in LESSONS if chapter_of(path) == chapter for cell in code_cells(path)]
    assert any("snippet" in cell.metadata.get("tags", []) for cell in cells)


@lessons
def test_everything_random_takes_the_seed_of_the_lesson(path):
    # So that tools/other_seeds.py reaches it.
    for cell in code_cells(path):
        if "snippet" not in cell.metadata.get("tags", []):
            fixed = r"(random_state|seed|rng)=\d|default_rng\(\d*\)|RandomState\("
            assert not re.search(fixed, cell.source), cell.source


def test_the_clinic_runs_without_keras(monkeypatch, capsys):
    real = metadata.version

    def version(name):
        if name == "keras":
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(metadata, "version", version)
    cells = read(ROOT / "notebooks" / "clinic.ipynb").cells
    (first,) = [i for i, c in enumerate(cells) if c.source.startswith("## It happens in Keras")]
    (end,) = [i for i, c in enumerate(cells) if c.source.startswith("## Common problems")]
    names, verbosity = {}, optuna.logging.get_verbosity()
    for cell in [*cells[:5], *cells[first:end]]:
        if cell.cell_type == "code":
            exec(re.sub(r"^%.*$", "", cell.source, flags=re.M), names)
    optuna.logging.set_verbosity(verbosity)
    said = capsys.readouterr().out
    assert said.startswith("keras is missing: type `make deep`")
    assert len(said.splitlines()) == 2, "and what needs no Keras"


def asked_in(path):
    """List the exercises that a notebook asks."""
    return re.findall(r'check\("([^"]+)"', text(path))


@lessons
def test_exercises_have_checks_and_solutions(path):
    asked = asked_in(path)
    assert len(set(asked)) == len(asked) >= 2
    assert all(key.startswith(f"{chapter_of(path)}.") for key in asked)
    assert asked_in(ROOT / "notebooks" / "solutions" / path.name) == asked


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_check_of_a_chapter_is_asked_once_and_in_order(chapter):
    from tuneup_helpers.exercises import exercise_keys

    asked = [key for path in LESSONS if chapter_of(path) == chapter for key in asked_in(path)]
    assert asked == sorted(exercise_keys(chapter), key=lambda key: int(key.split(".")[1]))


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda p: p.stem)
def test_every_solution_is_accepted(path):
    assert path.name in {lesson.name for lesson in LESSONS}
    for cell in code_cells(path):
        if "check(" in cell.source:
            shown = json.dumps(cell.outputs)
            assert "Right" in shown, cell.source


@notebooks
def test_links_between_notebooks_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#:]+\.ipynb|[^)#:]+/)\)", text(path)):
        assert (path.parent / target).exists(), target


def anchors(path):
    """Return the names by which JupyterLab links to the headings of a notebook."""
    prose = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    headings = re.findall(r"^#{1,6} (.+)$", prose, flags=re.M)
    return {heading.replace("`", "").replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", [ROOT / "README.md", *LESSONS, *SOLUTIONS], ids=lambda p: p.stem)
def test_links_to_a_heading_find_it(path):
    page = path.read_text() if path.suffix == ".md" else text(path)
    for target, anchor in re.findall(r"\]\(([^)#:\s]+\.ipynb)#([^)]+)\)", page):
        assert anchor in anchors(path.parent / target), (target, anchor)


@lessons
def test_a_snippet_stands_alone(path):
    for cell in code_cells(path):
        if "snippet" in cell.metadata.get("tags", []):
            assert "tuneup" not in cell.source
            assert "import" in cell.source.splitlines()[0]


def test_solutions_look_like_the_lessons():
    # matplotlib reads it from the working directory, and a link would not survive on Windows.
    lesson, solution = (ROOT / "notebooks" / part / "matplotlibrc" for part in ("", "solutions"))
    assert lesson.read_bytes() == solution.read_bytes()
