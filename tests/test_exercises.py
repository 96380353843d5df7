import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tuneup_helpers.exercises import (
    Choice,
    Unanswered,
    Unreadable,
    call,
    check,
    checking,
    choice,
    exercise,
    exercise_chapters,
    exercise_keys,
    get_exercise,
    hint,
)

KEYS = [key for chapter in exercise_chapters() for key in exercise_keys(chapter)]


def of_choice(declared):
    """Make specimens of a question with choices from what it declares."""
    right, wrong = declared.right, []
    for letter, words in declared.wrong.items():
        answer = "".join(sorted(set(right) ^ {letter})) if len(right) > 1 else letter
        wrong += [(answer, words)] if answer else []
    return {
        "right": [right, right.upper(), f" {right} ", list(right)],
        "wrong": wrong,
        "unreadable": [("z", "letter"), (3, "letter"), ([], "letter")],
    }


def load_specimens():
    """Load `SPECIMENS` of every file beside, and derive those of questions with choices."""
    specimens = {}
    for path in sorted((Path(__file__).parent / "specimens").glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"specimens_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        assert not specimens.keys() & module.SPECIMENS.keys()
        specimens |= module.SPECIMENS
    declared = {key: get_exercise(key) for key in KEYS}
    choices = {key: of_choice(each) for key, each in declared.items() if isinstance(each, Choice)}
    assert not specimens.keys() & choices.keys()
    return specimens | choices


SPECIMENS = load_specimens()


@pytest.fixture(autouse=True)
def fresh_tries():
    checking._TRIES.clear()


def test_every_exercise_has_specimens_and_every_specimen_an_exercise():
    assert sorted(SPECIMENS) == sorted(KEYS)
    for key, specimens in SPECIMENS.items():
        assert set(specimens) == {"right", "wrong", "unreadable"}, key
        assert specimens["right"], key
        assert specimens["wrong"], key


@pytest.mark.parametrize("key", KEYS)
def test_right_answers_are_accepted(key):
    for answer in SPECIMENS[key]["right"]:
        feedback = check(key, answer)
        assert feedback, (answer, feedback)
        assert len(feedback.message) > 10


@pytest.mark.parametrize("key", KEYS)
def test_each_wrong_answer_gets_its_own_words_and_a_hint(key):
    declared = get_exercise(key)
    for tries, (answer, words) in enumerate(SPECIMENS[key]["wrong"], start=1):
        feedback = check(key, answer)
        assert not feedback, answer
        assert words in feedback.message, (answer, feedback.message)
        number = min(tries, len(declared.hints))
        assert feedback.hint.startswith(f"Hint {number} of {len(declared.hints)}: "), answer


@pytest.mark.parametrize("key", KEYS)
def test_what_cannot_be_read_as_an_answer_uses_up_no_hint(key):
    for answer, words in SPECIMENS[key]["unreadable"]:
        feedback = check(key, answer)
        assert feedback.verdict == "Not yet", answer
        assert words in feedback.message, (answer, feedback.message)
        assert not feedback.hint, answer
    assert not checking._TRIES


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "answer", [object(), [], {}, "", "zzz", 1e9, -1, np.nan, np.zeros((2, 2)), lambda: 0]
)
def test_nonsense_gets_an_answer_not_a_traceback(key, answer):
    feedback = check(key, answer)
    assert not feedback
    assert feedback.message
    assert "0x" not in repr(feedback)


@pytest.mark.parametrize("key", KEYS)
def test_an_unanswered_cell_is_quiet(key):
    several = isinstance(get_exercise(key), Choice) and len(get_exercise(key).right) > 1
    for answer in (..., None, "...", "…", "", " ... "):
        feedback = check(key, answer)
        assert feedback.verdict == "Not answered yet"
        assert not feedback
        if isinstance(get_exercise(key), Choice):
            example = "ab" if several else "a"
            assert f'between the quotes, for instance answer = "{example}", and run' in (
                feedback.message
            )
        else:
            said = "Replace the dots by your answer and run the cell again."
            assert feedback.message == said
    right = SPECIMENS[key]["right"][0]
    if callable(right):
        for dots in (..., "..."):
            stub = lambda *args, dots=dots, **kwargs: dots  # noqa: E731
            assert check(key, stub).verdict == "Not answered yet"
    assert not checking._TRIES


def test_hints_come_one_at_a_time_and_the_last_stays():
    total = len(get_exercise("01.3").hints)
    said = [hint("01.3").hint for _ in range(total + 1)]
    assert [text[:6] for text in said] == [f"Hint {i}" for i in [*range(1, total + 1), total]]


def test_an_unknown_key_lists_what_there_is():
    with pytest.raises(ValueError, match=r"no exercise '01.99'; chapter 01 has \['01.1'"):
        check("01.99", "a")
    with pytest.raises(ValueError, match="checks are for .*'00', '01'"):
        check("99.1", "a")
    with pytest.raises(ValueError, match="no exercise 1.1; write .* such as '04.2'"):
        hint(1.1)


def test_a_function_that_changes_its_input_does_not_change_the_check():
    def sorts_in_place(numbers, array, rng):
        numbers.sort()
        array *= 0
        return rng.random()

    numbers, array, rng = [3, 1, 2], np.ones(2), np.random.default_rng(0)
    drawn = [call(sorts_in_place, numbers, array=array, rng=rng) for _ in range(2)]
    assert (numbers, array.tolist()) == ([3, 1, 2], [1, 1])
    assert drawn[0] != drawn[1], "the generator goes on"


def test_an_error_in_the_learners_function_is_told_with_its_input():
    def broken(x, flag):
        raise KeyError("C")

    with pytest.raises(Unreadable, match=r"\(array of shape \(2,\), flag=True\).*KeyError: 'C'"):
        call(broken, np.zeros(2), flag=True)
    with pytest.raises(Unreadable, match="the function itself, .*; yours is 3"):
        call(3)
    with pytest.raises(Unanswered):
        call(lambda: ...)


def test_the_box_is_html_with_words_not_only_colour():
    box = check("01.1", "b")._repr_html_()
    assert "✘ 01.1 Not yet." in box
    assert "Hint 1 of 2" in box
    assert "✔ 01.1 Right." in check("01.1", ["b", "d"])._repr_html_()
    assert "<code>fit</code>" in check("01.1", "bd")._repr_html_()
    wrong = check("00.3", lambda s, d: "<script>")
    assert "<script>" not in wrong._repr_html_()


def test_one_letter_questions_refuse_two_letters():
    assert "Only one" in check("01.2", "ab").message
    assert "letters of the choices, 'a', 'b' or 'c'" in check("01.2", "x").message


def test_declarations_are_checked():
    with pytest.raises(ValueError, match="declared twice"):
        choice("01.1", right="a", because="", wrong={"b": ""}, hints=["?"])
    with pytest.raises(ValueError, match="needs hints"):
        exercise("98.1", hints=[])
    with pytest.raises(ValueError, match="needs a right letter"):
        choice("98.1", right="a", because="", wrong={}, hints=["?"])
    for key in ("5.1", "05.", "05a.1", "05.01"):
        with pytest.raises(ValueError, match="write chapter and number"):
            exercise(key, hints=["?"])


def test_every_key_is_well_formed_and_in_its_file():
    assert len(KEYS) == len(set(KEYS)) > 80
    for chapter in exercise_chapters():
        keys = exercise_keys(chapter)
        assert all(re.fullmatch(r"(\d\d|clinic|snippets)\.\d+", key) for key in keys)
        assert [key.partition(".") for key in keys] == [
            (chapter, ".", str(number)) for number in range(1, len(keys) + 1)
        ]


def test_checks_load_nothing_heavy():
    listed = "import sys; from tuneup_helpers.exercises import exercise_chapters, exercise_keys; "
    listed += "[exercise_keys(chapter) for chapter in exercise_chapters()]; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", listed], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "tuneup_helpers.checks.ch05" in loaded
    assert not loaded & {"sklearn", "scipy", "optuna", "pandas", "tuneup_helpers.replay"}
