import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from tuneup_helpers.exercises import (
    Choice,
    Feedback,
    Unanswered,
    Unreadable,
    Wrong,
    array_of_shape,
    call,
    check,
    checking,
    choice,
    dictionary,
    exercise,
    exercise_chapters,
    exercise_keys,
    get_exercise,
    hint,
    number,
    one_of,
    recognize,
    sequence,
    truth,
    whole_number,
)

KEYS = [key for chapter in exercise_chapters() for key in exercise_keys(chapter)]


def of_choice(declared):
    """Make specimens of a question with choices from what it declares."""
    right, wrong = declared.right, []
    for letter, words in declared.wrong.items():
        answer = "".join(sorted(set(right) ^ {letter})) if len(right) > 1 else letter
        wrong += [(answer, words)] if answer else []
    forms = [right, right.upper(), f" {right}) ", list(right), set(right), " and ".join(right)]
    return {
        "right": [*forms, ", ".join(reversed(right)), np.str_(right)],
        "wrong": wrong,
        "unreadable": [(answer, "letter") for answer in ("z", "1", 3, [], True, "abcdefgh", "it")],
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


def is_number(value):
    return isinstance(value, int | float | np.number)


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
def test_no_wrong_answer_gets_the_words_of_another(key):
    specimens = SPECIMENS[key]["wrong"]
    said = {words: check(key, answer).message for answer, words in specimens}
    for words, message in said.items():
        assert [other for other in said if other != words and other in message] == [], message


@pytest.mark.parametrize("key", [key for key in KEYS if is_number(SPECIMENS[key]["right"][0])])
def test_a_number_that_is_nearly_right_or_wrong_counts_as_what_it_is_nearest_to(key):
    right, *wrong = SPECIMENS[key]["right"][0], *SPECIMENS[key]["wrong"]
    others = np.array([right, *(value for value, _ in wrong)], dtype=float)
    for value, words in [(right, ""), *wrong]:
        apart = np.abs(others - value)
        step = min(0.4 * apart[apart > 1e-9].min(), 1e-7 * abs(value))
        for nearby in (value - step, value + step):
            feedback = check(key, nearby)
            assert bool(feedback) == (value == right)
            assert words in feedback.message


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


SCALARS = st.one_of(
    st.none(),
    st.just(...),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=5),
    st.binary(max_size=3),
    st.sampled_from([np.float32(0.5), np.int64(3), np.bool_(True), np.array(2.0), np.str_("a")]),
    st.sampled_from([np.arange(4), np.eye(3), np.array(["a"]), np.array([1, None]), np.array([])]),
    st.sampled_from([pd.Series([1.0, 2.0]), pd.DataFrame({"C": [1]}), object(), dict, iter([1])]),
)
THINGS = st.recursive(
    SCALARS,
    lambda inside: st.one_of(
        st.lists(inside, max_size=4),
        st.tuples(inside, inside),
        st.dictionaries(st.text(max_size=3), inside, max_size=3),
    ),
    max_leaves=6,
)


@given(key=st.sampled_from(KEYS), thing=THINGS, returned=st.booleans())
@settings(max_examples=400, deadline=None, derandomize=True, database=None)
def test_nothing_raises_as_an_answer_or_returned_by_one(key, thing, returned):
    feedback = check(key, (lambda *args, **kwargs: thing) if returned else thing)
    assert isinstance(feedback, Feedback)
    assert feedback.message
    assert feedback._repr_html_()


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


def refusal(reader, answer, *args, kind=Unreadable, **kwargs):
    with pytest.raises(kind) as raised:
        reader(answer, *args, **kwargs)
    assert type(raised.value) is kind
    return str(raised.value)


@pytest.mark.parametrize(
    "answer", [3, 3.0, np.int8(3), np.float32(3), np.array(3), np.array(3.0), pd.Series([3]).max()]
)
def test_one_number_in_all_its_forms(answer):
    assert number(answer) == whole_number(answer) == 3
    assert type(number(answer)) is float
    assert type(whole_number(answer)) is int


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ([0.1, 0.2], "yours is a list of 2."),
        ((), "yours is an empty tuple."),
        ([[1, 2], [3, 4]], "yours is a list of shape (2, 2)."),
        ("three", "yours is text, 'three'."),
        ("0.5", "yours is text, '0.5': leave out the quotes."),
        (np.array([0.5]), "yours is an array of one number: `.item()` takes it out."),
        (pd.Series([1, 2]), "yours is a Series of shape (2,)."),
        (np.nan, "yours is NaN, which means that it could not be computed."),
        (-np.inf, "yours is infinite."),
        (True, "yours is True."),
        (np.bool_(False), "yours is False."),
        (None, "yours is nothing (None)."),
        (1j, "yours is 1j."),
        (sum, "yours is a function: call it."),
        ({3}, "yours is a set of 1."),
        (Path(), "Path."),
    ],
)
def test_what_is_no_number_is_described(answer, said):
    message = refusal(number, answer, "the mean")
    assert message.startswith("One number is asked for, the mean; yours is ")
    assert message.endswith(said)
    assert refusal(whole_number, answer).startswith("A whole number is asked for; yours is ")


def test_a_whole_number_may_have_to_be_an_index():
    assert whole_number(np.int64(3), as_index=True) == 3
    assert "of type float, which cannot" in refusal(whole_number, 3.0, as_index=True)
    assert "yours is 58.4" in refusal(whole_number, 58.4, kind=Wrong)


def test_true_and_false_in_all_their_forms():
    assert truth(np.bool_(True)) is truth(np.array(True)) is True
    assert "yours is 1." in refusal(truth, 1)
    assert "yours is an array of shape (2,)" in refusal(truth, np.array([True, False]))


@pytest.mark.parametrize(
    "answer", [[1, 2], (1, 2.0), np.array([1, 2]), pd.Series([1, 2]), range(1, 3), [np.array(1), 2]]
)
def test_an_array_in_all_its_forms(answer):
    values = array_of_shape(answer, 2)
    assert values.dtype == float
    assert values.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (3, "yours is 3."),
        ([1, 2, 3], "yours is a list of 3."),
        ([[1, 2]], "a list of shape (1, 2), with an axis too many: `.ravel()` takes it away."),
        (np.eye(2), "yours is an array of shape (2, 2)."),
        ([1, [2, 3]], "yours has rows of different lengths."),
        ("ab", "yours is text, 'ab'."),
        (["a", "b"], "yours begins with 'a'."),
        ([True, False], "yours begins with True."),
        ([1, None], "in yours some are NaN, which means not computed."),
        ([1, np.nan], "in yours some are NaN, which means not computed."),
        ({1, 2}, "yours is a set of 2."),
        ({"a": 1, "b": 2}, "yours is a dict of 2."),
        (map(abs, [1, 2]), "yours is a map: make it a list first."),
    ],
)
def test_what_is_no_array_of_this_shape_is_described(answer, said):
    message = refusal(array_of_shape, answer, 2, "one for each k")
    assert message.startswith("2 numbers are asked for, one for each k; ")
    assert message.endswith(said)


def test_masks_are_no_numbers_and_numbers_no_masks():
    assert array_of_shape([True, False], 2, dtype=bool).tolist() == [True, False]
    assert "yours begins with 1." in refusal(array_of_shape, [1, 0], 2, dtype=bool)
    asked = "Numbers of shape (2, 2) are asked for; yours is a list of 2."
    assert refusal(array_of_shape, [1, 2], (2, 2)) == asked


def test_sequences_dicts_and_words():
    assert sequence(np.arange(2), "Two numbers", length=2) == [0, 1]
    assert "Two numbers should be returned; yours is a tuple of 3." in refusal(
        sequence, (1, 2, 3), "Two numbers", length=2
    )
    for answer in ("ab", {1: 2}, {1, 2}, 3, np.array(3), iter([1])):
        refusal(sequence, answer, "A list")
    assert dictionary({"C": 1}) == {"C": 1}
    assert "A dict is asked for, of names; yours is a list of 1" in refusal(
        dictionary, ["C"], "of names"
    )
    assert one_of(" Keep", ["tune", "keep"]) == "keep"
    assert 'One of "tune", "keep" is asked for; yours is True.' in refusal(
        one_of, True, ["tune", "keep"]
    )


def test_of_known_values_the_nearest_counts_however_wide_the_tolerance():
    mistakes = [(1.0, "left"), (2.0, "right"), (0.0, "as right here"), (2.0, "too late")]
    assert recognize(0.4, 0.0, mistakes, tolerance=10)
    for value, words in ((0.6, "left"), (1.4, "left"), (1.6, "right"), (9, "right")):
        assert refusal(recognize, value, 0.0, mistakes, tolerance=10, kind=Wrong) == words
    assert not recognize(0.4, 0.0, mistakes)
    assert recognize([1, 2], np.array([1.0, 2.0]), [([1, 3], "one off"), ([1], "short")])
    assert refusal(recognize, [1, 3], [1, 2], [([1, 3], "one off")], kind=Wrong) == "one off"


def test_an_answer_that_could_not_be_read_leaves_the_hints_alone():
    assert check("01.2", "z").hint == check("01.2", "ab").hint == ""
    assert check("01.2", "b").hint.startswith("Hint 1 of 2")
    assert check("01.2", ["q"]).hint == ""
    assert check("01.2", "c").hint.startswith("Hint 2 of 2")


def test_a_function_that_returns_nothing_or_dots():
    with pytest.raises(Unreadable, match="returns nothing .*`return`; to print it is not enough"):
        call(print)
    for dots in (..., "...", "…"):
        with pytest.raises(Unanswered):
            call(lambda dots=dots: dots)
    assert call(lambda: "") == ""


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
