"""Steppers and games as a reader has them: in JupyterLab, in a browser, with a live kernel."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter

from tuneup_helpers import FrameStepper

from .conftest import LIMIT, wait_for

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


def slider_of(stepper):
    return stepper.get_by_role("slider", name="Step", exact=True)


def step_of(stepper):
    """Return the number of the frame that is shown."""
    return int(slider_of(stepper).get_attribute("aria-valuetext").split()[0])


def check_stepper(stepper, expect):
    """Step on with the keyboard, then play: each time another picture is to be seen."""
    shown, slider = picture(stepper), slider_of(stepper)
    expect(shown).to_have_count(1)
    expect(shown).to_have_attribute("alt", re.compile("1 of"))
    frames = int(re.search(r"1 of (\d+)", shown.get_attribute("alt"))[1])

    def expect_frame(number):
        expect(shown).to_have_attribute("alt", re.compile(rf"\b{number} of {frames}\b"))
        expect(slider).to_have_attribute("aria-valuetext", re.compile(f"^{number} of {frames}"))
        assert shown.evaluate("image => image.decode().then(() => image.naturalWidth > 100)")
        return shown.get_attribute("src")

    first = expect_frame(1)
    slider.press("ArrowRight")
    second = expect_frame(2)
    stepper.get_by_role("button", name="Play the steps").click()
    wait_for("a frame after the second", lambda: step_of(stepper) > 2)
    slider.press("End")  # whoever takes the slider stops the play
    last = expect_frame(frames)
    expect(stepper.get_by_role("button", name="Play the steps")).to_be_visible()
    assert len({first, second, last}) == 3
    slider.press("Home")
    assert expect_frame(1) == first


def fields(game):
    return game.locator("input[type=text] >> visible=true")


def enter(game, values):
    for field, value in zip(fields(game).all(), values, strict=True):
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

    expect.set_options(timeout=1000 * LIMIT)
    return expect


@pytest.fixture
def open_cells(lab, open_notebook):
    """Return a function that opens a notebook made of these cells."""

    def open_(*sources):
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
        metadata = {"kernelspec": kernel}
        lab.write("scratch.ipynb", nbformat.v4.new_notebook(cells=cells, metadata=metadata))
        return open_notebook("scratch.ipynb")

    return open_


@pytest.fixture
def scratch(open_cells):
    """A small notebook with a stepper and two games, run to its end."""
    notebook = open_cells(*SCRATCH)
    notebook.run_all()
    assert notebook.errors == []
    return notebook


def test_a_stepper_and_two_games(scratch, expect, faults):
    check_stepper(scratch.output(1), expect)
    for place in (1, 2, 3):
        assert faults(scratch.output(place)) == []

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
    fields(game).last.press("Enter")
    expect(game.get_by_title("Try C = 1, gamma = 0.001", exact=True)).to_be_visible()
    slider = game.get_by_role("slider", name="C", exact=True)
    expect(slider).to_have_attribute("aria-valuetext", "1")  # it has followed
    slider.press("ArrowRight")
    expect(fields(game).first).to_have_value("1.12")
    slider.press("ArrowLeft")
    expect(fields(game).first).to_have_value("1")
    press(game, "Try")
    expect(game.locator("tbody tr")).to_have_count(1)
    assert trials(game)[0].split("\t")[:3] == ["1", "1", "0.001"]

    place = game.locator("svg[onclick]").bounding_box()  # a click chooses, a double click tries
    scratch.page.mouse.click(place["x"] + 0.3 * place["width"], place["y"] + 0.3 * place["height"])
    expect(fields(game).first).not_to_have_value("1")
    expect(fields(game).last).not_to_have_value("0.001")
    assert len(trials(game)) == 1

    scratch.run_cell(2)
    game = scratch.output(2)
    expect(game.get_by_role("status")).to_contain_text("Kept from before: 1 trial.")
    expect(game.locator("tbody tr")).to_have_count(1)
    place = game.locator("svg[onclick]").bounding_box()
    middle = place["x"] + 0.5 * place["width"], place["y"] + 0.5 * place["height"]
    scratch.page.mouse.dblclick(*middle)
    expect(game.locator("tbody tr")).to_have_count(2)
    play_to_the_end(game, [["30", "0.1"], ["2", "0.7"]], expect)
    scratch.shoot("end")

    scratch.run_cell(4)
    (output,) = scratch.cells[4].outputs
    played = json.loads(output.text.replace("'", '"'))
    assert [trial["C"] for trial in played][::2] == [1, 30]
    assert 1 < played[1]["C"] < 100
    assert 0.001 < played[1]["gamma"] < 1

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


STEPPERS = """from pathlib import Path
from time import sleep
from tuneup_helpers import FrameStepper

def draw(fig, step):
    while not Path(f"go-{step}").exists():
        sleep(0.02)
    fig.subplots().plot([0, step])

stepper = FrameStepper.draw(draw, 3, alt="a line")
stepper"""


def test_while_frames_are_drawn_the_page_says_how_far_it_is(lab, open_cells, expect):
    notebook = open_cells(STEPPERS)
    for mark in lab.folder.glob("go-*"):
        mark.unlink()
    notebook.start_all()
    output = notebook.output(0)
    for step in range(3):
        expect(output).to_contain_text(f"Drawing frame {step + 1} of 3")
        (lab.folder / f"go-{step}").touch()
    check_stepper(output, expect)
    assert "Drawing" not in json.dumps(notebook.cells)
    assert len(notebook.cells[0].outputs) == 1


def test_play_pauses_goes_on_and_ends(lab, open_cells, expect):
    for step in range(3):
        (lab.folder / f"go-{step}").touch()
    notebook = open_cells(
        STEPPERS,
        "FrameStepper(stepper.frames, interval=3_600_000)",
        "FrameStepper(stepper.frames, interval=1)",
    )
    notebook.run_all()
    slow = notebook.output(1)
    slow.get_by_role("button", name="Play the steps").press("Enter")
    assert step_of(slow) == 2  # the next one would come in an hour
    slow.get_by_role("button", name="Pause").press("Space")
    assert step_of(slow) == 2
    slow.get_by_role("button", name="Play the steps").click()
    assert step_of(slow) == 3
    expect(slow.get_by_role("button", name="Play the steps")).to_be_visible()
    slow.get_by_role("button", name="Play the steps").click()
    assert step_of(slow) == 1
    slow.get_by_role("button", name="Pause").click()
    quick = notebook.output(2)
    quick.get_by_role("button", name="Play the steps").click()
    wait_for("the last frame", lambda: step_of(quick) == 3)
    expect(quick.get_by_role("button", name="Play the steps")).to_be_visible()


def test_a_stepper_needs_no_kernel(lab, open_cells, open_notebook, expect):
    notebook = open_cells(*SCRATCH)
    notebook.run_all()
    notebook.restart_kernel()
    check_stepper(notebook.output(1), expect)
    notebook.shoot("restarted")
    notebook.end_kernel()
    check_stepper(notebook.output(1), expect)

    notebook.save()
    notebook.open()  # with a new kernel, which knows nothing of what is stored
    check_stepper(notebook.output(1), expect)
    notebook.shoot("reloaded")
    game = notebook.output(2)
    game.scroll_into_view_if_needed()
    notebook.shoot("reloaded-game")

    # JupyterLab runs no script of a notebook that comes from somewhere else.
    stored = json.loads((lab.folder / notebook.name).read_text(encoding="utf-8"))
    stored["cells"][1]["id"] = "came-from-elsewhere"
    (lab.folder / "other.ipynb").write_text(json.dumps(stored), encoding="utf-8")
    other = open_notebook("other.ipynb").output(1)
    expect(picture(other)).to_have_attribute("alt", re.compile("8 of 8"))
    assert picture(other).evaluate("image => image.decode().then(() => image.naturalWidth > 100)")
    expect(other.get_by_role("button")).to_have_count(0)


def test_a_stepper_works_in_an_exported_page(context, tmp_path, expect, faults):
    def draw(fig, step):
        fig.subplots().plot([0, step])

    data, metadata = FrameStepper.draw(draw, 4, alt="a line")._repr_mimebundle_()
    output = nbformat.v4.new_output("display_data", data, metadata=metadata)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[output])])
    body, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook)
    page = context.new_page()
    page.set_default_timeout(1000 * LIMIT)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    (tmp_path / "page.html").write_text(
        f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>A page</title>{body}</html>',
        encoding="utf-8",
    )
    page.goto((tmp_path / "page.html").as_uri())
    check_stepper(page.locator("body"), expect)
    assert faults(page.locator("body")) == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    page.close()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook(name, open_notebook, expect, faults):
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
    # JupyterLab's own shell is not ours; what a cell shows is.
    outputs = notebook.page.locator(".jp-Cell-outputArea")
    assert outputs.count() >= sum(bool(cell.get("outputs")) for cell in notebook.cells)
    assert faults(outputs) == []
