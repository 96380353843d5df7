"""Steppers and games as a reader has them: in JupyterLab, in a browser, with a live kernel."""

import json
import re
from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
SCRATCH = [
    """from tuneup_helpers import FrameStepper, load_table, plot_landscape, tune_by_hand

table = load_table("svc_digits")""",
    """def draw(fig, step):
    ax = fig.subplots()
    plot_landscape(table, ax=ax, vmin=0.8)
    ax.plot(table.axes[0].values[4 * step + 4], 0.01, "o", color="white", mec="black", ms=9)
    ax.set_title(f"Trial {step + 1}")
    return f"C is {table.axes[0].values[4 * step + 4]:.3g}."


FrameStepper.draw(draw, 8, alt="trials on a landscape")""",
    "game = tune_by_hand(table, budget=4)\ngame",
    "tune_by_hand(load_table('mlp_digits'), budget=3)",
    "print([{**params, 'score': score} for params, score in game.trials])",
]


def has_widget(path):
    return re.search(r"FrameStepper|tune_by_hand", path.read_text(encoding="utf-8"))


NOTEBOOKS = [path.name for path in sorted(ROOT.glob("notebooks/*.ipynb")) if has_widget(path)]


def cells_that_show(notebook, kind):
    """Return the places of the cells whose output is a stepper or a game."""
    return [
        i
        for i, cell in enumerate(notebook.cells)
        for output in cell.get("outputs", [])
        if "".join(output.get("data", {}).get("text/plain", "")).startswith(kind)
    ]


def picture(area):
    """Return the one picture that is to be seen."""
    return area.locator("img >> visible=true")


def check_stepper(stepper, expect):
    """Step on with the keyboard, then play: each time another picture is to be seen."""
    shown = picture(stepper)
    expect(shown).to_have_count(1)
    expect(shown).to_have_attribute("alt", re.compile("1 of"))
    frames = int(re.search(r"1 of (\d+)", shown.get_attribute("alt"))[1])

    def expect_frame(number):
        expect(shown).to_have_attribute("alt", re.compile(rf"\b{number} of {frames}\b"))
        assert shown.evaluate("image => image.complete && image.naturalWidth > 100")
        return shown.get_attribute("src")

    first = expect_frame(1)
    stepper.locator(".noUi-handle").press("ArrowRight")
    second = expect_frame(2)
    play, stop = stepper.locator(".widget-play button >> visible=true").all()
    play.click()
    third = expect_frame(3)
    expect_frame(4)
    assert len({first, second, third}) == 3
    stop.click()  # it goes back to the start
    assert expect_frame(1) == first


def enter(game, values):
    for field, value in zip(game.locator("input[type=text]").all(), values, strict=True):
        field.fill(value)


def press(game, name):
    game.get_by_role("button", name=name).click()


def trials(game):
    """Return the rows of the log."""
    return game.locator("tbody tr").all_inner_texts()


def play_to_the_end(game, points, expect):
    """Type values and press Try at once, until the landscape is shown."""
    already = len(trials(game))
    for number, point in enumerate(points, start=already + 1):
        enter(game, point)
        press(game, "Try")
        expect(game.locator("tbody tr")).to_have_count(number)
        cells = trials(game)[-1].split("\t")
        assert [float(cell) for cell in cells[:3]] == [number, *map(float, point)]
    expect(picture(game)).to_have_attribute("alt", re.compile("landscape is shown"))
    expect(game.get_by_role("status")).to_contain_text("The optimum is")
    expect(game.get_by_role("button", name="Try")).to_be_disabled()
    expect(game.get_by_role("button", name="Play again")).to_be_enabled()


@pytest.fixture
def expect():
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)  # the machine may be busy
    return expect


@pytest.fixture
def scratch(lab, open_notebook):
    """A small notebook with a stepper and two games, run to its end."""
    cells = [nbformat.v4.new_code_cell(source) for source in SCRATCH]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    metadata = {"kernelspec": kernel}
    lab.write("scratch.ipynb", nbformat.v4.new_notebook(cells=cells, metadata=metadata))
    notebook = open_notebook("scratch.ipynb")
    notebook.run_all()
    assert notebook.errors == []
    return notebook


def test_a_stepper_and_two_games(scratch, expect):
    check_stepper(scratch.output(1), expect)

    game = scratch.output(2)
    expect(picture(game)).to_have_attribute("alt", re.compile("landscape is hidden"))
    for wrong, answer in (
        ("5000", "C must be from 0.01 to 1000, got 5000"),
        ("-1", "C must be from 0.01 to 1000, got -1"),
        ("much", "C must be a number such as 0.01 or 1e-2, got 'much'"),
    ):
        enter(game, [wrong, "0.1"])
        press(game, "Try")
        expect(game.get_by_role("status")).to_contain_text(f"{answer}. No trial spent.")
    assert trials(game) == []
    scratch.shoot("refused")

    enter(game, ["1", "0.001"])
    game.locator("input[type=text]").last.press("Enter")
    expect(game.get_by_title("Try C = 1, gamma = 0.001", exact=True)).to_be_visible()
    slider = game.locator(".noUi-handle").first  # it has followed
    slider.press("ArrowRight")
    expect(game.locator("input[type=text]").first).to_have_value("1.12")
    slider.press("ArrowLeft")
    expect(game.locator("input[type=text]").first).to_have_value("1")
    press(game, "Try")
    expect(game.locator("tbody tr")).to_have_count(1)
    assert trials(game)[0].split("\t")[:3] == ["1", "1", "0.001"]

    scratch.run_cell(2)
    game = scratch.output(2)
    expect(game.get_by_role("status")).to_contain_text("Kept from before: 1 trial.")
    expect(game.locator("tbody tr")).to_have_count(1)
    play_to_the_end(game, [["10", "0.01"], ["30", "0.1"], ["2", "0.7"]], expect)
    scratch.shoot("end")

    scratch.run_cell(4)
    (output,) = scratch.cells[4].outputs
    played = json.loads(output.text.replace("'", '"'))
    assert [trial["C"] for trial in played] == [1, 10, 30, 2]

    press(game, "Play again")
    expect(game.locator("tbody tr")).to_have_count(0)
    expect(picture(game)).to_have_attribute("alt", re.compile("landscape is hidden"))

    larger = scratch.output(3)
    press(larger, "Try")
    expect(larger.locator("tbody tr")).to_have_count(1)
    press(larger, "End and reveal")
    expect(larger.get_by_role("status")).to_contain_text("The optimum is")
    scratch.shoot("larger")
    assert scratch.errors == []

    scratch.set_theme("Dark")
    for place in (1, 2, 3):
        scratch.shoot(f"dark-{place}", scratch.output(place))
    scratch.set_theme("Light")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook(name, open_notebook, expect):
    notebook = open_notebook(name)
    notebook.run_all()
    assert notebook.errors == []
    steppers = cells_that_show(notebook, "FrameStepper")
    games = cells_that_show(notebook, "HandTuner")
    assert steppers or games
    if steppers:
        stepper = notebook.output(steppers[0])
        check_stepper(stepper, expect)
        notebook.shoot("stepper", stepper)
    for place in games:
        points = [[f"{c:g}", f"{gamma:g}"] for c in (0.1, 1, 10, 100) for gamma in (0.01, 0.1, 1)]
        play_to_the_end(notebook.output(place), points, expect)
        notebook.run_cell(place)
        game = notebook.output(place)
        expect(game.locator("tbody tr")).to_have_count(len(points))
        notebook.shoot("game")
    assert notebook.errors == []
