"""Hygiene of the notebooks as they are stored; nbval executes them."""

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
LESSONS = sorted(ROOT.glob("notebooks/*.ipynb"))
SOLUTIONS = sorted(ROOT.glob("notebooks/solutions/*.ipynb"))
TAGS = {"claim", "snippet", "raises-exception", "nbval-ignore-output"}

lessons = pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
notebooks = pytest.mark.parametrize(
    "path", LESSONS + SOLUTIONS, ids=lambda p: p.relative_to(ROOT / "notebooks").as_posix()
)


def read(path):
    return nbformat.read(path, as_version=4)


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
    assert set(notebook.metadata.language_info) == {"name"}
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
def test_cells_are_short_and_a_lesson_is_not_long(path):
    lengths = [
        len(cell.source.splitlines())
        for cell in code_cells(path)
        if "snippet" not in cell.metadata.get("tags", [])
    ]
    assert sorted(lengths)[len(lengths) // 2] <= 10, "the middle cell is over 10 lines"
    assert max(lengths) <= 26, f"a cell of {max(lengths)} lines"
    # The clinic and the snippets are looked things up in, not read through: a patient or a
    # snippet takes a few cells, and there are dozens.
    most = 130 if path.stem in ("11_clinic", "12_snippets") else 90
    assert 20 <= len(read(path).cells) <= most


@lessons
def test_questions_in_comments_are_not_cut_off_in_print(path):
    lines = [line for cell in code_cells(path) for line in cell.source.splitlines()]
    assert [line for line in lines if line.lstrip().startswith("# ") and len(line) > 76] == []


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
    assert "snippet" in tags


@lessons
def test_exercises_have_checks_and_solutions(path):
    from tuneup_helpers.exercises import exercise_keys

    number = path.stem[:2]
    asked = re.findall(r'check\("(\d\d\.\d+)"', text(path))
    assert len(set(asked)) == len(asked) >= 3
    assert sorted(asked) == sorted(exercise_keys(number))
    solved = text(ROOT / "notebooks" / "solutions" / path.name)
    assert sorted(re.findall(r'check\("(\d\d\.\d+)"', solved)) == sorted(asked)


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
