"""The tools that execute notebooks and question their claims, on small notebooks."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

TOOLS = Path(__file__).parent.parent / "tools"


def write(path, *cells):
    """Write a notebook; a cell is Markdown, or code with the tag before a bar: "claim|assert x"."""
    notebook = nbformat.v4.new_notebook()
    for cell in cells:
        kind, _, source = cell.partition("|")
        if kind == "text":
            notebook.cells.append(nbformat.v4.new_markdown_cell(source))
        else:
            notebook.cells.append(nbformat.v4.new_code_cell(source))
            notebook.cells[-1].metadata = {"tags": [kind]} if kind else {}
    nbformat.write(notebook, path)
    return path


def run_tool(name, *arguments):
    command = [sys.executable, str(TOOLS / f"{name}.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=600)


def test_claims_are_counted_one_by_one_over_seeds(tmp_path):
    path = write(
        tmp_path / "lesson.ipynb",
        "text|# A lesson",
        "|SEED = 0\neven = (SEED // 1000) % 2 == 0",
        "figure|raise RuntimeError('figures are passed over')",
        "snippet|raise RuntimeError('so are snippets')",
        '|check("01.1", raise_if_run)',
        'claim|assert even, "half of them"\nassert SEED >= 0\nassert 1 + 1 == 2, "arithmetic"',
        "claim|for i in range(3):\n    assert SEED + i < 2000, 'no longer at two thousand'",
    )
    run = run_tool("other_seeds", path, "--shifts", 3)
    assert run.returncode == 1
    assert "4 assertions, 4 seeds" in run.stdout
    lines = {line.split()[-1]: line.split() for line in run.stdout.splitlines() if "/" in line}
    assert lines["them"][:2] == ["2/4", "<"]
    assert lines["0"][0] == "4/4"
    assert lines["arithmetic"][:2] == ["4/4", "exact"]
    assert lines["thousand"][:2] == ["2/4", "<"]
    assert "2 of 4 hold often enough" in run.stdout


def test_claims_that_hold_pass_and_an_error_does_not(tmp_path):
    good = write(tmp_path / "good.ipynb", "|SEED = 0", "claim|assert SEED >= 0")
    assert run_tool("other_seeds", good, "--shifts", 1).returncode == 0
    bad = write(tmp_path / "bad.ipynb", "|SEED = 0\n1 / 0", "claim|assert SEED >= 0")
    run = run_tool("other_seeds", bad, "--shifts", 1)
    assert run.returncode == 1
    assert "ZeroDivisionError" in run.stdout


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """A small notebook as the tool stores it."""
    folder = tmp_path_factory.mktemp("notebooks")
    path = write(
        folder / "lesson.ipynb",
        "text|# A lesson",
        "|n = 3",
        "figure|import matplotlib.pyplot as plt\n\n"
        "fig, axes = plt.subplots(1, 2)\n"
        'axes[0].set(title=f"{n} trials", xlabel="trial", ylabel="score")\n'
        'axes[1].set_title("no labels", loc="left")\nplt.show()',
        "claim|assert n == 3",
        'claim|print("a claim that talks")',
    )
    run = run_tool("execute_notebooks", path)
    assert run.returncode == 0, run.stdout + run.stderr
    return path


def test_a_picture_is_described_by_what_its_titles_say_when_it_is_drawn(executed):
    cell = nbformat.read(executed, as_version=4).cells[2]
    (text,) = (output.metadata["image/png"]["alt"] for output in cell.outputs)
    assert text == "Figure: 3 trials (score against trial); no labels"


def test_cells_that_only_draw_or_assert_are_stored_folded(executed):
    shown, figure, claim, loud = nbformat.read(executed, as_version=4).cells[1:]
    for cell, tag in ((figure, "figure"), (claim, "claim")):
        assert cell.metadata == {"jupyter": {"source_hidden": True}, "tags": [tag, "hide-input"]}
    assert shown.metadata == {}
    assert loud.metadata == {"tags": ["claim"]}


def test_a_second_execution_stores_the_same_bytes(executed):
    before = executed.read_bytes()
    assert run_tool("execute_notebooks", executed).returncode == 0
    assert executed.read_bytes() == before


def test_a_notebook_that_fails_is_not_written(tmp_path):
    path = write(tmp_path / "broken.ipynb", "|1 / 0")
    before = path.read_bytes()
    run = run_tool("execute_notebooks", path)
    assert run.returncode == 1
    assert "ZeroDivisionError" in run.stdout
    assert path.read_bytes() == before
