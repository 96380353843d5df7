import re

import numpy as np
import pytest

from tuneup_helpers import exercises
from tuneup_helpers.exercises import (
    Unanswered,
    Wrong,
    call,
    check,
    choice,
    exercise,
    exercise_keys,
    get_exercise,
    hint,
)

KEYS = [key for number in exercises._numbers() for key in exercise_keys(number)]


@pytest.fixture(autouse=True)
def fresh_tries():
    exercises._TRIES.clear()


@pytest.mark.parametrize("key", KEYS)
def test_right_answers_are_accepted(key):
    for answer in get_exercise(key).right:
        feedback = check(key, answer)
        assert feedback, (answer, feedback)
        assert len(feedback.message) > 10


@pytest.mark.parametrize("key", KEYS)
def test_each_wrong_answer_gets_its_own_words_and_a_hint(key):
    declared = get_exercise(key)
    for tries, (answer, words) in enumerate(declared.wrong, start=1):
        feedback = check(key, answer)
        assert not feedback, answer
        assert words in feedback.message, (answer, feedback.message)
        number = min(tries, len(declared.hints))
        assert feedback.hint.startswith(f"Hint {number} of {len(declared.hints)}: ")


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
    for answer in (..., None):
        feedback = check(key, answer)
        assert feedback.verdict == "Not answered yet"
        assert not feedback
    assert not exercises._TRIES
    right = get_exercise(key).right[0]
    if callable(right):
        assert check(key, lambda *args, **kwargs: ...).verdict == "Not answered yet"


def test_hints_come_one_at_a_time_and_the_last_stays():
    total = len(get_exercise("01.3").hints)
    said = [hint("01.3").hint for _ in range(total + 1)]
    assert [text[:6] for text in said] == [f"Hint {i}" for i in [*range(1, total + 1), total]]


def test_an_unknown_key_lists_what_there_is():
    with pytest.raises(ValueError, match=r"no exercise '01.99'; notebook 01 has \['01.1'"):
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

    with pytest.raises(Wrong, match=r"\(array of shape \(2,\), flag=True\).*KeyError: 'C'"):
        call(broken, np.zeros(2), flag=True)
    with pytest.raises(Wrong, match="the function itself, not int"):
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
    with pytest.raises(ValueError, match="needs right and wrong answers and hints"):
        exercise("98.1", right=[1], wrong=[], hints=["?"])


def test_every_key_is_well_formed():
    assert KEYS
    assert all(re.fullmatch(r"\d\d\.\d+", key) for key in KEYS)
