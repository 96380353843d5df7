import base64
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient
from PIL import Image

from tuneup_helpers.replay import Axis, Table, load_table
from tuneup_helpers.widgets import FrameStepper, HandTuner, game, tune_by_hand
from tuneup_helpers.widgets.figure import draw_game, label_offsets
from tuneup_helpers.widgets.picture import new_figure

VIEW = "application/vnd.jupyter.widget-view+json"


def picture(png):
    image = Image.open(io.BytesIO(png))
    image.load()
    return image


def draw_bar(fig, height):
    ax = fig.subplots()
    ax.bar(["n"], [height])
    ax.set_ylim(0, 10)


# FrameStepper


@pytest.fixture(scope="module")
def bars():
    return FrameStepper.draw(
        draw_bar, [1, 5, 9], figsize=(3, 2), captions=["one", "five & <more>", ""], alt="A bar"
    )


def test_frames_are_small_pictures_of_one_size_that_differ(bars):
    images = [picture(frame) for frame in bars.frames]
    assert {(image.format, image.size) for image in images} == {("PNG", (300, 200))}
    assert all(image.info.keys().isdisjoint({"Software", "Date"}) for image in images)
    assert len(set(bars.frames)) == 3
    heights = [(np.asarray(image.convert("L")) < 200).sum() for image in images]
    assert heights == sorted(heights)


def test_two_panels_with_a_landscape_take_less_than_25_kilobytes():
    def draw(fig, n):
        left, right = fig.subplots(1, 2)
        x = np.linspace(-3, 3, 41)
        fig.colorbar(left.pcolormesh(x, x, np.exp(-((x[:, None] - 0.5) ** 2) - x**2)), ax=left)
        right.plot(np.arange(n), np.sqrt(np.arange(n)))
        right.set(xlim=(0, 40), ylim=(0, 7), title="Something that grows")

    with mpl.rc_context({"figure.constrained_layout.use": True, "figure.dpi": 90}):
        stepper = FrameStepper.draw(draw, [10, 40], figsize=(9, 4))
    assert max(map(len, stepper.frames)) < 25_000


def test_drawing_leaves_pyplot_and_its_figures_alone(bars):
    assert plt.get_fignums() == []


def test_the_active_style_sets_the_size():
    with mpl.rc_context({"figure.figsize": (2, 1.5), "figure.dpi": 80}):
        stepper = FrameStepper.draw(draw_bar, 2)
    assert picture(stepper.frames[0]).size == (160, 120)


def test_axes_stand_still_while_labels_grow():
    seen = []

    def draw(fig, scale):
        left, right = fig.subplots(1, 2)
        left.plot([0, scale])
        right.plot([0, scale])
        seen.append([left, right])

    with mpl.rc_context({"figure.constrained_layout.use": True}):
        FrameStepper.draw(draw, [1, 1e6, 1e-6])
    places = [[ax.get_position().bounds for ax in axes] for axes in seen]
    np.testing.assert_allclose(places[1], places[0])
    np.testing.assert_allclose(places[2], places[0])


def test_draw_may_return_the_caption():
    def draw(fig, frame):
        draw_bar(fig, frame)
        return f"height {frame}" if frame else None

    assert FrameStepper.draw(draw, 3).captions == ["", "height 1", "height 2"]
    assert FrameStepper.draw(draw, 3, captions=list("abc")).captions == list("abc")


def data_of(stepper):
    """Return what the stepper hands to its script."""
    html = stepper._repr_html_()
    return json.loads(re.search(r'\("\.tuneup-stepper"\), (.*)\);\n', html)[1])


def test_each_step_shows_its_picture_with_caption_and_description(bars):
    steps = data_of(bars)["steps"]
    assert len(steps) == 3
    for number, (step, frame) in enumerate(zip(steps, bars.frames, strict=True), start=1):
        assert step["src"] == f"data:image/png;base64,{base64.b64encode(frame).decode()}"
        assert step["alt"].startswith(f"A bar, step {number} of 3")
    assert [step["text"] for step in steps] == ["one", "five & <more>", ""]


def test_before_its_script_runs_a_stepper_is_a_still_picture_with_caption(bars):
    html = FrameStepper(bars.frames, captions=bars.captions, still=1, alt="A bar")._repr_html_()
    still = re.sub("<script>.*</script>", "", html, flags=re.DOTALL)
    assert still.count("<img ") == 1
    assert base64.b64encode(bars.frames[1]).decode() in still
    assert 'alt="A bar, step 2 of 3: five &amp; &lt;more&gt;"' in still
    assert 'width="300" height="200"' in still
    assert "five &amp; &lt;more&gt;</figcaption>" in still
    assert "button" not in still


def test_nothing_in_a_caption_ends_the_script():
    stepper = FrameStepper.draw(draw_bar, 1, captions=["</script><!-- <script>"], alt="</script>")
    assert stepper._repr_html_().count("</script>") == 1
    assert data_of(stepper)["steps"][0]["text"] == "</script><!-- <script>"


def test_the_same_frames_make_the_same_page(bars):
    again = FrameStepper(bars.frames, captions=bars.captions, alt=bars.alt)
    assert again._repr_html_() == bars._repr_html_()


@pytest.mark.parametrize(("start", "index"), [(0, 0), (2, 2), (-1, 2), (-3, 0)])
def test_start_counts_as_a_list_does(bars, start, index):
    data = data_of(FrameStepper(bars.frames, start=start, interval=300))
    assert (data["start"], data["interval"]) == (index, 300)


@pytest.mark.parametrize(("still", "index"), [(-1, 2), (1, 1)])
def test_the_output_has_a_page_a_still_picture_and_fixed_text(bars, still, index):
    stepper = FrameStepper(bars.frames, still=still, alt="A bar")
    data, metadata = stepper._repr_mimebundle_()
    assert data["text/plain"] == repr(stepper) == "FrameStepper: 3 frames"
    assert base64.b64decode(data["image/png"]) == bars.frames[index]
    assert data["text/html"] == stepper._repr_html_()
    assert set(data) == {"text/plain", "image/png", "text/html"}
    assert metadata == {"image/png": {"alt": f"A bar, step {index + 1} of 3"}}


def test_without_a_kernel_ipython_shows_the_text(bars):
    data, _ = InteractiveShell().display_formatter.format(bars)
    assert data["text/plain"] == "FrameStepper: 3 frames"


# FrameStepper in a kernel

DRAW = """
from tuneup_helpers import FrameStepper

def draw(fig, frame):
    fig.subplots().plot([0, frame])
    1 / (7 - frame)
"""


class Recorder(NotebookClient):
    """Executes a notebook and keeps what each message on the way said."""

    def process_message(self, msg, cell, cell_index):
        if msg["msg_type"] in ("display_data", "update_display_data", "execute_result"):
            self.said.append((msg["msg_type"], msg["content"]["data"]))
        return super().process_message(msg, cell, cell_index)


@pytest.fixture(scope="module")
def run_cells():
    """Return a function that runs cells in a kernel: their outputs, and all that was said."""

    def run(*sources):
        cells = [nbformat.v4.new_code_cell(source) for source in (DRAW, *sources)]
        client = Recorder(
            nbformat.v4.new_notebook(cells=cells),
            timeout=300,
            kernel_name="python3",
            allow_errors=True,
        )
        client.said = []
        client.execute()
        return [cell.outputs for cell in client.nb.cells[1:]], client.said

    return run


def test_while_frames_are_drawn_their_place_says_so_and_then_has_the_stepper(run_cells):
    ((output,),), said = run_cells("FrameStepper.draw(draw, 3)")
    assert output.output_type == "display_data"
    assert set(output.data) == {"text/plain", "image/png", "text/html"}
    assert output.data["text/plain"] == "FrameStepper: 3 frames"
    kinds = [kind for kind, _ in said]
    assert kinds == ["display_data"] + ["update_display_data"] * 5
    # The first is all that a comparison of outputs looks at.
    assert said[0][1] == {"text/plain": "FrameStepper: 3 frames"}
    for number in (1, 2, 3):
        assert f"Drawing frame {number} of 3 …" in said[number][1]["text/html"]
    assert "Drawing" not in str(output)


def test_a_mistake_in_draw_is_an_error_with_its_traceback(run_cells):
    (outputs,), _ = run_cells("FrameStepper.draw(draw, [1, 7])")
    place, error = outputs
    assert "Frame 2 of 2 could not be drawn." in place.data["text/html"]
    assert (error.output_type, error.ename) == ("error", "ZeroDivisionError")
    assert "1 / (7 - frame)" in re.sub(r"\x1b\[[\d;]*m", "", "\n".join(error.traceback))


def test_a_stepper_is_shown_where_it_is_asked_for(run_cells):
    outputs, _ = run_cells(
        "kept = FrameStepper.draw(draw, 2)",
        "display(kept)\nkept",
        "kept",
        "FrameStepper(kept.frames)",
    )
    pages = [["text/html" in output.data for output in cell] for cell in outputs]
    assert pages == [[False], [True, True], [True], [True]]
    assert outputs[0][0].data == {"text/plain": "FrameStepper: 2 frames"}


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"frames": []}, ValueError, "frames is empty"),
        ({"frames": ["a.png"]}, TypeError, r"frames\[0\] is a str; FrameStepper.draw makes"),
        ({"frames": [b"GIF89a"]}, ValueError, r"frames\[0\] is not a PNG"),
        ({"captions": ["one"]}, ValueError, "one line for each of 3 frames, got 1"),
        ({"captions": "one"}, TypeError, "sequence with one line for each frame"),
        ({"start": 3}, ValueError, r"start must be a whole number from -3 to 2 .*got 3"),
        ({"still": -4}, ValueError, "still must be a whole number"),
        ({"still": 1.0}, ValueError, "still must be a whole number"),
        ({"interval": 0}, ValueError, "interval must be a whole number of ms from 1, got 0"),
    ],
)
def test_wrong_arguments_are_refused(bars, change, error, words):
    with pytest.raises(error, match=words):
        FrameStepper(**{"frames": bars.frames, **change})


def test_frames_of_two_sizes_are_refused(bars):
    other = FrameStepper.draw(draw_bar, 1, figsize=(2, 2)).frames
    with pytest.raises(ValueError, match=r"same size, got \[\(200, 200\), \(300, 200\)\] pixels"):
        FrameStepper([*bars.frames, *other])


def test_wrong_drawing_functions_are_refused():
    with pytest.raises(TypeError, match="draw must be a function"):
        FrameStepper.draw("bar", 3)
    with pytest.raises(TypeError, match="frames must be a number or an iterable, got 2.5"):
        FrameStepper.draw(draw_bar, 2.5)
    with pytest.raises(ValueError, match="frames is empty"):
        FrameStepper.draw(draw_bar, [])
    with pytest.raises(ValueError, match="left its figure empty.*not with plt"):
        FrameStepper.draw(lambda fig, frame: None, 3)


# HandTuner


def make_table(name="bowl"):
    """Build a table whose score falls off from C = 10, gamma = 0.1."""
    c, gamma = np.geomspace(0.01, 1000, 11), np.geomspace(1e-4, 10, 11)
    score = 0.9 - 0.02 * (np.log10(c)[:, None] - 1) ** 2 - 0.02 * (np.log10(gamma) + 1) ** 2
    axes = [
        Axis("C", c, scale="log", kind="float"),
        Axis("gamma", gamma, scale="log", kind="float"),
    ]
    folds = score[:, :, None, None] + np.array([-0.01, 0.01])
    return Table(name, axes, folds, score[..., None], np.ones(score.shape))


def make_mixed_table():
    """Build a table with a whole-number axis, a linear one and a categorical one."""
    axes = [
        Axis("width", [4, 16, 64], scale="log", kind="int"),
        Axis("momentum", [0.0, 0.5, 0.9], scale="linear", kind="float"),
        Axis("solver", ["sgd", "adam"], scale="categorical", kind="categorical"),
    ]
    score = np.arange(18.0).reshape(3, 3, 2) / 18
    folds = np.repeat(score[..., None, None], 2, axis=-1)
    return Table("mixed", axes, folds, score[..., None], np.ones(score.shape))


@pytest.fixture(autouse=True)
def no_game_from_before():
    game._GAMES.clear()


@pytest.fixture
def table():
    return make_table()


def view_of(game):
    game._repr_mimebundle_()
    return game._board


def type_in(view, **values):
    for control in view.controls:
        if control.axis.name in values:
            control.field.value = values[control.axis.name]


def test_trials_are_scored_by_the_table_and_kept_in_order(table):
    game = HandTuner(table, budget=4)
    tried = [{"C": 1.0, "gamma": 0.01}, {"C": 20.0, "gamma": 0.2}, {"C": 0.02, "gamma": 5.0}]
    scores = [game.try_(**params) for params in tried]
    assert scores == [table(params) for params in tried]
    assert game.trials == list(zip(tried, scores, strict=True))
    assert game.remaining == 1
    assert game.best == (tried[1], scores[1])
    assert game.regret == pytest.approx(0.9 - scores[1])
    assert not game.over


def test_the_record_cannot_be_changed_from_outside(table):
    game = HandTuner(table)
    game.try_(C=1.0, gamma=0.1)
    game.trials[0][0]["C"] = 2.0
    game.trials.clear()
    game.best[0].clear()
    assert [params for params, _ in game.trials] == [{"C": 1.0, "gamma": 0.1}]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"C": 5000, "gamma": 0.1}, "C must be from 0.01 to 1000, got 5000"),
        ({"C": 1, "gamma": 0}, "gamma must be from 0.0001 to 10, got 0"),
        ({"C": float("nan"), "gamma": 0.1}, "C must be from 0.01 to 1000, got nan"),
        ({"C": "high", "gamma": 0.1}, "C must be from 0.01 to 1000, got 'high'"),
        ({"C": [1, 2], "gamma": 0.1}, "C must be one value"),
        ({"C": 1}, r"missing: \['gamma'\]"),
        ({"C": 1, "gamma": 0.1, "degree": 3}, r"unknown: \['degree'\]"),
    ],
)
def test_what_is_not_in_the_table_is_refused_and_costs_nothing(table, params, words):
    game = HandTuner(table, budget=2)
    with pytest.raises(ValueError, match=words):
        game.try_(**params)
    assert game.remaining == 2


def test_the_budget_is_a_limit(table):
    game = HandTuner(table, budget=2)
    game.try_(C=1.0, gamma=0.1)
    game.try_(C=2.0, gamma=0.1)
    assert game.over
    with pytest.raises(RuntimeError, match="over after 2 of 2 trials.*restart=True"):
        game.try_(C=3.0, gamma=0.1)
    assert len(game.trials) == 2


def test_values_tried_before_cost_nothing(table):
    game = HandTuner(table, budget=2)
    first = game.try_(C=1.0, gamma=0.1)
    assert game.try_(gamma=0.1, C=1) == first
    assert game.remaining == 1
    assert game.message.startswith("Trial 1 had these values")


def test_messages_say_where_one_stands(table):
    game = HandTuner(table, budget=3)
    assert game.message.startswith("3 trials to go")
    game.try_(C=1.0, gamma=0.1)
    assert game.message == "0.880: your best so far. 2 trials to go."
    game.try_(C=0.1, gamma=0.1)
    assert game.message == "0.820: not above your best, 0.880. 1 trial to go."
    game.try_(C=100.0, gamma=0.01)
    assert "optimum is 0.900 at C = 10, gamma = 0.1" in game.message
    assert "Your best of 3 trials: 0.880, regret 0.020" in game.message


def test_the_landscape_may_be_had_early_and_then_the_game_is_over(table):
    game = HandTuner(table)
    assert game.best is None
    assert game.regret is None
    game.reveal()
    assert game.over
    assert "You made no trial" in game.message
    with pytest.raises(RuntimeError, match="over after 0 of 12"):
        game.try_(C=1.0, gamma=0.1)


def test_trials_survive_a_second_run_of_the_cell(table):
    tune_by_hand(table, budget=5).try_(C=1.0, gamma=0.1)
    again = tune_by_hand(table, budget=5)
    assert len(again.trials) == 1
    assert again.message.startswith("Kept from before: 1 trial. 4 trials to go.")
    assert tune_by_hand(table, budget=6).trials == []
    assert tune_by_hand(make_table("other"), budget=5).trials == []
    assert len(tune_by_hand(table, budget=5).trials) == 1


def test_another_table_of_the_same_name_gets_a_game_of_its_own(table):
    tune_by_hand(table).try_(C=1.0, gamma=0.1)
    assert tune_by_hand(make_table()).trials == []


def test_restart_begins_anew_and_says_so(table):
    tune_by_hand(table).try_(C=1.0, gamma=0.1)
    game = tune_by_hand(table, restart=True)
    assert game.trials == []
    assert game.message == "A new game: 12 trials to go. Forgotten: 1 trial."
    assert tune_by_hand(table, restart=True).message == "A new game: 12 trials to go."


def test_a_finished_game_stays_finished_when_the_cell_runs_again(table):
    game = tune_by_hand(table, budget=1)
    game.try_(C=1.0, gamma=0.1)
    assert "regret" in tune_by_hand(table, budget=1).message


def test_the_game_becomes_a_study(table):
    game = HandTuner(table)
    with pytest.raises(ValueError, match="no trial yet"):
        game.to_study()
    game.try_(C=1.0, gamma=0.01)
    game.try_(C=10.0, gamma=0.1)
    study = game.to_study()
    assert study.best_trial.number == 1
    assert [trial.params for trial in study.trials] == [params for params, _ in game.trials]
    assert study.best_trial.distributions == table.search_space
    assert study.best_value == game.best[1]


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"table": "svc_digits"}, TypeError, "table must be a replay table.*got 'svc_digits'"),
        ({"budget": 0}, ValueError, "budget must be a whole number from 1, got 0"),
        ({"budget": 2.5}, ValueError, "budget must be a whole number"),
        ({"budget": True}, ValueError, "budget must be a whole number"),
        ({"start": {"C": 5000}}, ValueError, "C must be from 0.01 to 1000"),
        ({"start": {"C": [1, 2]}}, ValueError, r"C must be one value, got \[1, 2\]"),
        ({"start": {"c": 1}}, ValueError, r"unknown: \['c'\]"),
    ],
)
def test_wrong_games_are_refused_and_not_kept(table, arguments, error, words):
    with pytest.raises(error, match=words):
        tune_by_hand(**{"table": table, **arguments})
    assert game._GAMES == {}


# The game's widget


def test_what_is_typed_is_tried(table):
    game = HandTuner(table, budget=3)
    view = view_of(game)
    type_in(view, C="2e1", gamma=" 0.2 ")
    view.try_button.click()
    assert [params for params, _ in game.trials] == [{"C": 20.0, "gamma": 0.2}]
    assert "your best so far" in view.status.value
    assert f"{game.best[1]:.3f} ★" in view.history.value


def test_fields_begin_in_the_middle_or_where_they_are_told(table):
    assert [c.field.value for c in view_of(HandTuner(table)).controls] == ["3.16", "0.0316"]
    view = view_of(HandTuner(table, start={"gamma": 10.0}))
    assert [c.field.value for c in view.controls] == ["3.16", "10"]
    assert view.controls[1].slider.value == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("5000", "C must be from 0.01 to 1000, got 5000"),
        ("high", "C must be a number such as 0.01 or 1e-2, got &#x27;high&#x27;"),
        ("0,1", "C must be a number"),
        ("nan", "C must be a number"),
        ("inf", "C must be a number"),
        ("", "C must be a number"),
    ],
)
def test_wrong_entries_are_answered_in_the_widget(table, typed, words):
    game = HandTuner(table, budget=3)
    view = view_of(game)
    slider = view.controls[0].slider.value
    type_in(view, C=typed)
    view.try_button.click()
    assert words in view.status.value
    assert "No trial spent" in view.status.value
    assert game.trials == []
    assert np.isfinite(view.controls[0].slider.value)
    type_in(view, C="3.16")
    view.try_button.click()
    assert len(game.trials) == 1
    assert view.controls[0].slider.value == pytest.approx(slider, rel=1e-3)


def test_slider_and_field_follow_each_other(table):
    control = view_of(HandTuner(table)).controls[0]
    control.slider.value = 123.456
    assert control.field.value == "123"
    control.field.value = "0.0512345"
    assert control.slider.value == pytest.approx(0.0512345)
    assert control.field.value == "0.0512345"
    for end in (control.slider.min, control.slider.max):
        control.slider.value = 10.0**end
        assert table({"C": control.value, "gamma": 0.1}) < 1  # not a hair outside


@pytest.mark.parametrize("typed", ["0.0186", "400", "99999", "-1"])
def test_the_browsers_rounding_to_steps_does_not_overwrite_what_was_typed(table, typed):
    control = view_of(HandTuner(table)).controls[0]
    control.field.value = typed
    low, step = control.slider.min, control.slider.step
    steps = round((np.log10(control.slider.value) - low) / step)
    control.slider.value = 10 ** (low + steps * step)  # as the browser sends it back
    assert control.field.value == typed
    steps += 1 if steps < 50 else -1
    control.slider.value = 10 ** (low + steps * step)  # as an arrow key does
    assert float(control.field.value) == pytest.approx(10 ** (low + steps * step), rel=5e-3)


def test_any_slider_move_replaces_what_is_no_number(table):
    control = view_of(HandTuner(table)).controls[0]
    control.field.value = "much"
    control.slider.value = 1.0
    assert control.field.value == "1"


def test_the_picture_changes_with_each_trial_and_the_landscape(table):
    game = HandTuner(table, budget=3)
    view = view_of(game)
    seen = [view.png]
    view.try_button.click()
    seen.append(view.png)
    game.try_(C=1.0, gamma=0.1)  # from code: the widget follows
    seen.append(view.png)
    game.reveal()
    seen.append(view.png)
    assert len(set(seen)) == len(seen)
    assert len({picture(png).size for png in seen}) == 1
    assert base64.b64encode(view.png).decode() in view.picture.value


def mark_of(view):
    """Return where the mark lies (its left end), in pixels from the left and the top."""
    return [float(number) for number in re.search(r"M([\d.]+) ([\d.]+)h", view.mark.value).groups()]


def test_a_mark_over_the_picture_shows_where_the_next_trial_would_be(table):
    game = HandTuner(table, start={"C": 0.01, "gamma": 1e-4})
    view = view_of(game)
    png, (left, low) = view.png, mark_of(view)
    type_in(view, C="1000", gamma="10")
    right, high = mark_of(view)
    assert 0 < left < right < picture(png).width
    assert 0 < high < low < picture(png).height
    assert view.png == png  # nothing is drawn again
    type_in(view, C="3.1622776601683795")
    assert mark_of(view)[0] == pytest.approx((left + right) / 2, abs=0.2)
    for nowhere in ("much", "99999", "-1", "0"):
        type_in(view, C=nowhere)
        assert view.mark.value == ""
    type_in(view, C="1")
    assert view.mark.value
    game.reveal()
    assert view.mark.value == ""


def test_a_game_is_played_to_its_end_and_played_again(table):
    game = HandTuner(table, budget=2)
    view = view_of(game)
    assert view.end_button.description == "End and reveal"
    for value in ("1", "2"):
        type_in(view, C=value)
        view.try_button.click()
    assert game.over
    assert view.try_button.disabled
    assert "The optimum is 0.900" in view.status.value
    assert "the landscape is shown" in view.picture.value
    assert view.end_button.description == "Play again"
    view.end_button.click()
    assert game.trials == []
    assert not view.try_button.disabled
    assert view.history.value == ""
    view.end_button.click()
    assert game.over


def tell(field, *numbers):
    """Do what the handler of an HTML element does; nothing is said twice at the same time."""
    tell.time = getattr(tell, "time", 0) + 1
    field.value = " ".join(map(str, [*numbers, tell.time]))


def test_a_click_on_the_map_chooses_its_point_and_spends_nothing(table):
    game = HandTuner(table, budget=2)
    view = view_of(game)
    width, height = picture(view.png).size
    assert "onclick=" in view.map.value
    tell(view.clicked, 0.3, 0.4)
    chosen = [control.value for control in view.controls]
    across, down = mark_of(view)
    assert [across + 9, down] == pytest.approx([0.3 * width, 0.4 * height], abs=1)
    tell(view.clicked, 0.5, 0.2)
    assert view.controls[0].value > chosen[0]
    assert view.controls[1].value > chosen[1]
    assert view.controls[0].slider.value == view.controls[0].value
    tell(view.clicked, 0.3, 0.4)
    assert [control.value for control in view.controls] == chosen
    for outside in ((0.01, 0.5), (0.5, 0.01), (0.99, 0.99)):
        tell(view.clicked, *outside)
        assert [control.value for control in view.controls] == chosen
    assert game.trials == []
    game.reveal()
    assert view.map.value == ""
    tell(view.clicked, 0.5, 0.2)
    assert [control.value for control in view.controls] == chosen


def test_the_corners_of_the_map_are_the_ends_of_the_ranges(table):
    view = view_of(HandTuner(table))
    for corner in ((0.01, 1e-4), (1000.0, 10.0)):
        type_in(view, C=f"{corner[0]}", gamma=f"{corner[1]}")
        width, height = picture(view.png).size
        across, down = mark_of(view)
        type_in(view, C="1", gamma="1")
        tell(view.clicked, (across + 9) / width, down / height)
        assert [control.value for control in view.controls] == pytest.approx(corner)


def test_where_there_is_no_map_there_is_nothing_to_click():
    view = view_of(HandTuner(make_mixed_table()))
    assert view.map.value == view.mark.value == ""


def test_sliders_have_names_and_say_their_values(table):
    for control in view_of(HandTuner(table)).controls:
        page = control.slider.page.value
        assert f'aria-label="{control.axis.name}"' in page
        assert f'aria-valuetext="{control.value:g}"' in page
        assert control.field.description == control.axis.name


def test_a_slider_moved_in_the_browser_is_not_written_again(table):
    control = view_of(HandTuner(table)).controls[0]
    page = control.slider.page.value
    assert 'value="50"' in page
    tell(control.slider.moved, 60)
    assert control.field.value == "10"
    assert control.slider.page.value == page  # the finger is still on it
    control.field.value = "3.16"  # back to where it was written last
    assert 'value="50"' in control.slider.page.value
    assert control.slider.page.value != page
    tell(control.slider.moved, 100)
    assert control.field.value == "1000"


def test_regret_is_explained_before_the_game_begins(table):
    view = view_of(HandTuner(table))
    assert any(
        "regret is how far your best score stays below the best score in the table"
        in str(getattr(child, "value", ""))
        for child in view.children[0].children
    )


def test_the_words_on_the_hidden_map_stay_inside_its_axes():
    look_of_the_course = Path(__file__).parent.parent / "notebooks" / "matplotlibrc"
    with mpl.rc_context(fname=look_of_the_course):
        fig = new_figure((5.6, 4.2))
        draw_game(HandTuner(load_table("svc_digits")), fig)
        fig.canvas.draw()
    ax = fig.axes[0]
    (words,) = (text for text in ax.texts if "hidden" in text.get_text())
    box, axes = words.get_window_extent(), ax.bbox
    assert axes.x0 < box.x0 < box.x1 < axes.x1
    assert axes.y0 < box.y0 < box.y1 < axes.y1


def boxes_of_labels(game):
    """Return where the texts with a score are at the end, in pixels."""
    fig = new_figure((5.6, 4.2))
    draw_game(game, fig)
    fig.canvas.draw()
    return [
        mpl.text.Text.get_window_extent(text)
        for text in fig.axes[0].texts
        if re.match("optimum|yours|best so far", text.get_text())
    ]


@pytest.mark.parametrize("name", ["svc_digits", "mlp_digits"])
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("near", [0.0, 0.01, 0.1, 1.0])
def test_the_labels_at_the_end_do_not_overlap_and_are_inside(name, seed, near):
    table = load_table(name)
    rng = np.random.default_rng(seed)
    game = HandTuner(table, budget=6)
    for _ in range(6):
        point = {}
        for axis in table.axes:
            low, high = np.log([axis.low, axis.high])
            best = np.log(table.best.params[axis.name])
            value = np.exp(np.clip(best + near * (high - low) * rng.uniform(-1, 1), low, high))
            value = np.clip(value, axis.low, axis.high)
            point[axis.name] = round(value) if axis.kind == "int" else float(value)
        game.try_(**point)
        if near == 0:
            game.reveal()
            break
    first, second = boxes_of_labels(game)
    assert not first.overlaps(second)
    for box in (first, second):
        assert 0 <= box.x0 < box.x1 <= 560
        assert 0 <= box.y0 < box.y1 <= 420


def test_labels_keep_off_marks_and_stay_in_bounds():
    marks = [(50, 50), (50, 65)]
    ((x, y),) = label_offsets([(50, 50)], [(40, 10)], marks, 5, (0, 0, 100, 100))
    assert (x, y) == (0, -11)  # above is the other mark
    ((x, y),) = label_offsets([(2, 98)], [(40, 10)], [(2, 98)], 5, (0, 0, 100, 100))
    assert x > 0 > y


def test_the_rules_of_the_game_need_no_widgets():
    code = (
        "import sys; from tuneup_helpers import load_table, tune_by_hand; "
        "game = tune_by_hand(load_table('svc_digits'), budget=1); game.try_(C=1.0, gamma=0.1); "
        "print(game.message); print('ipywidgets' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "The optimum is" in run.stdout
    assert run.stdout.splitlines()[-1] == "False"


def test_the_log_lists_all_trials_and_marks_the_best(table):
    game = HandTuner(table)
    for c in (0.1, 10.0, 100.0):
        game.try_(C=c, gamma=0.1)
    rows = re.findall("<tr.*?</tr>", view_of(game).history.value)
    cells = [re.findall("<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    assert cells == [
        ["trial", "C", "gamma", "score"],
        ["1", "0.1", "0.1", "0.820"],
        ["2", "10", "0.1", "0.900 ★"],
        ["3", "100", "0.1", "0.880"],
    ]
    assert ["bold" in row for row in rows] == [False, False, True, False]


def test_other_axes_get_fitting_controls():
    game = HandTuner(make_mixed_table(), budget=3)
    view = view_of(game)
    width, momentum, solver = view.controls
    assert (width.field.value, momentum.field.value, solver.field.value) == ("16", "0.45", "sgd")
    assert solver.slider is None
    width.slider.value = 20.4
    assert width.field.value == "20"
    type_in(view, width="16.0", momentum="0.5", solver="adam")
    view.try_button.click()
    type_in(view, width="16.5")
    view.try_button.click()
    assert "width must be a whole number" in view.status.value
    game.reveal()
    assert [params for params, _ in game.trials] == [
        {"width": 16, "momentum": 0.5, "solver": "adam"}
    ]
    assert picture(view.png).size == picture(view_of(HandTuner(make_table())).png).size


def test_the_output_is_stable_before_and_after_trials(table):
    game = tune_by_hand(table)
    before, metadata = game._repr_mimebundle_()
    assert set(before) == {"text/plain", "image/png", VIEW}
    assert "landscape is hidden" in metadata["image/png"]["alt"]
    game.try_(C=1.0, gamma=0.1)
    after, _ = tune_by_hand(table)._repr_mimebundle_()
    assert after["text/plain"] == before["text/plain"] == "HandTuner: bowl, 12 trials"
    assert after["image/png"] != before["image/png"]
    assert after[VIEW] == before[VIEW]  # the same widget, shown again
    assert plt.get_fignums() == []
