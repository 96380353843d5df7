"""Reading answers: one place that knows in which forms an answer may come.

Every reader takes what the learner gave (or what the learner's function returned), accepts all
forms that mean the same, and raises `Unreadable` with what kind of answer is asked for.
"""

from __future__ import annotations

import math
import numbers
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from tuneup_helpers.exercises.feedback import Unanswered, Unreadable, Wrong

__all__ = [
    "array_of_shape",
    "call",
    "dictionary",
    "is_unanswered",
    "letters",
    "number",
    "one_of",
    "recognize",
    "sequence",
    "truth",
    "whole_number",
]


def is_unanswered(answer: Any) -> bool:
    """Tell whether there are still the dots (or nothing) where an answer should be.

    Examples
    --------
    >>> [is_unanswered(answer) for answer in (..., None, "...", "…", "", "b")]
    [True, True, True, True, True, False]
    """
    if isinstance(answer, str):
        return not answer.strip(" \t\n.…")
    return answer is None or answer is ...


def letters(answer: Any) -> set[str]:
    """Read letters from "b", " B)", "b, d", "b and d", ["b", "d"] or {"b", "d"}.

    Returns
    -------
    set of str
        Small letters; empty if the answer is no text.

    Examples
    --------
    >>> sorted(letters("D, b"))
    ['b', 'd']
    """
    parts = answer if isinstance(answer, list | tuple | set | frozenset) else [answer]
    if not all(isinstance(part, str) for part in parts):
        return set()
    return set(re.sub(r"\band\b|[\W_]", "", " ".join(parts).lower()))


def number(answer: Any, what: str = "") -> float:
    """Read one number: an int, a float, a NumPy scalar or an array without axes.

    Parameters
    ----------
    answer : object
    what : str
        Which number it is, for the message: ``"the mean over the folds"``.

    Returns
    -------
    float

    Raises
    ------
    Unreadable
        If it is a truth value, a text, several numbers, NaN or infinite.

    Examples
    --------
    >>> number(np.float32(0.5)), number(np.array(3))
    (0.5, 3.0)
    >>> number([0.1, 0.2], "the mean over the folds")
    Traceback (most recent call last):
    tuneup_helpers.exercises.feedback.Unreadable: One number is asked for, the mean over the
    folds; yours is a list of 2.
    """
    asked = _asked("One number", "is", what)
    single = answer.item() if _is_scalar_array(answer) else answer
    if isinstance(single, bool) or not isinstance(single, numbers.Real):
        raise Unreadable(f"{asked}; yours is {_described(answer)}.")
    if math.isnan(single):
        raise Unreadable(f"{asked}; yours is NaN, which means that it could not be computed.")
    if math.isinf(single):
        raise Unreadable(f"{asked}; yours is infinite.")
    return float(single)


def whole_number(answer: Any, what: str = "", *, as_index: bool = False) -> int:
    """Read a whole number; 3.0 is one, too.

    Parameters
    ----------
    answer : object
    what : str
        Which number it is, for the message.
    as_index : bool
        Whether it has to serve as an index, which 3.0 cannot.

    Returns
    -------
    int

    Raises
    ------
    Unreadable
        If it is not one number, or cannot serve as an index.
    Wrong
        If it is a number that is not whole.

    Examples
    --------
    >>> whole_number(np.int64(7)), whole_number(7.0)
    (7, 7)
    >>> whole_number(58.4, "the number of trials")
    Traceback (most recent call last):
    tuneup_helpers.exercises.feedback.Wrong: A whole number is asked for, the number of trials;
    yours is 58.4.
    """
    asked = _asked("A whole number", "is", what)
    try:
        value = number(answer, what)
    except Unreadable as error:
        raise Unreadable(str(error).replace("One number", "A whole number", 1)) from None
    if not value.is_integer():
        raise Wrong(f"{asked}; yours is {value:.6g}.")
    if as_index:
        try:
            return operator.index(answer)
        except TypeError:
            raise Unreadable(
                f"{asked}; yours is {_short(answer)}, of type {type(answer).__name__}, which cannot "
                "serve as an index."
            ) from None
    return int(value)


def truth(answer: Any) -> bool:
    """Read True or False, also of NumPy.

    Raises
    ------
    Unreadable
        If it is something else.

    Examples
    --------
    >>> truth(np.bool_(True))
    True
    """
    single = answer.item() if _is_scalar_array(answer) else answer
    if not isinstance(single, bool):
        raise Unreadable(f"True or False is asked for; yours is {_described(answer)}.")
    return single


def array_of_shape(
    answer: Any, shape: int | tuple[int, ...], what: str = "", *, dtype: type = float
) -> np.ndarray:
    """Read numbers in a given arrangement: an array, a list, a tuple, a pandas Series.

    Parameters
    ----------
    answer : object
    shape : int or tuple of int
        How many, or the shape of the array.
    what : str
        What the numbers are, for the message: ``"one for each k"``.
    dtype : {float, bool}
        Whether numbers are asked for, or a mask of True and False.

    Returns
    -------
    numpy.ndarray
        A new array of this shape and type.

    Raises
    ------
    Unreadable
        If it is something else, of another shape, or has NaN in it.

    Examples
    --------
    >>> array_of_shape([1, 2], 2)
    array([1., 2.])
    >>> array_of_shape([[1], [2]], 2, "one for each k")
    Traceback (most recent call last):
    tuneup_helpers.exercises.feedback.Unreadable: 2 numbers are asked for, one for each k; yours
    is a list of shape (2, 1), with an axis too many: `.ravel()` takes it away.
    """
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    things = "values, True or False," if dtype is bool else "numbers"
    many = f"{shape[0]} {things}" if len(shape) == 1 else f"{things.capitalize()} of shape {shape}"
    asked = _asked(many, "are", what)
    if isinstance(answer, str | Mapping | set | frozenset) or callable(answer) or answer is None:
        raise Unreadable(f"{asked}; yours is {_described(answer)}.")
    try:
        values = np.asarray(answer)
    except ValueError:
        raise Unreadable(f"{asked}; yours has rows of different lengths.") from None
    if values.dtype == object and values.shape == () and isinstance(answer, Iterable):
        raise Unreadable(f"{asked}; yours is a {type(answer).__name__}: make it a list first.")
    if values.shape != shape:
        extra = ""
        if values.size and values.size == math.prod(shape) and values.ndim > len(shape) == 1:
            extra = ", with an axis too many: `.ravel()` takes it away"
        raise Unreadable(f"{asked}; yours is {_described(answer)}{extra}.")
    if (values.dtype == bool) != (dtype is bool) or values.dtype.kind in "USMmc":
        raise Unreadable(f"{asked}; yours begins with {_short(values.ravel()[0])}.")
    try:
        values = values.astype(dtype)
    except (TypeError, ValueError):
        raise Unreadable(f"{asked}; yours begins with {_short(values.ravel()[0])}.") from None
    if np.isnan(values).any():
        raise Unreadable(f"{asked}; in yours some are NaN, which means not computed.")
    return values


def sequence(answer: Any, what: str, *, length: int | None = None) -> list:
    """Read several things in their order: a list, a tuple, an array.

    Parameters
    ----------
    answer : object
    what : str
        What is asked for: ``"A list of pairs (params, score)"``.
    length : int, optional
        How many there should be.

    Returns
    -------
    list

    Raises
    ------
    Unreadable
        If it is something else, or not as many.

    Examples
    --------
    >>> sequence((1, 2), "Two numbers", length=2)
    [1, 2]
    """
    is_array = hasattr(answer, "__array__") and np.ndim(answer) > 0
    if not (isinstance(answer, Sequence) or is_array) or isinstance(answer, str | bytes):
        raise Unreadable(f"{what} should be returned; yours is {_described(answer)}.")
    if length is not None and len(answer) != length:
        raise Unreadable(f"{what} should be returned; yours is {_described(answer)}.")
    return list(answer)


def dictionary(answer: Any, what: str = "") -> dict:
    """Read a dict.

    Parameters
    ----------
    answer : object
    what : str
        What it should hold, for the message.

    Returns
    -------
    dict
        A shallow copy.

    Raises
    ------
    Unreadable
        If it is no mapping.

    Examples
    --------
    >>> dictionary({"C": 1})
    {'C': 1}
    """
    if not isinstance(answer, Mapping):
        asked = _asked("A dict", "is", what)
        raise Unreadable(f"{asked}; yours is {_described(answer)}.")
    return dict(answer)


def one_of(answer: Any, words: Sequence[str]) -> str:
    """Read one of several words, in small or capital letters.

    Raises
    ------
    Unreadable
        If it is none of them.

    Examples
    --------
    >>> one_of("Tune", ["tune", "keep"])
    'tune'
    """
    if isinstance(answer, str):
        for word in words:
            if answer.strip().lower() == word.lower():
                return word
    listed = ", ".join(f'"{word}"' for word in words)
    raise Unreadable(f"One of {listed} is asked for; yours is {_described(answer)}.")


def recognize(
    value: Any, right: Any, mistakes: Iterable[tuple[Any, str]] = (), *, tolerance: float = 1e-8
) -> bool:
    """Tell the right value, or raise what a known mistake shows.

    Of all the values given the nearest counts, so that neither the right value nor a mistake
    can hide another one that is closer. A mistake whose value is the right one here is passed
    over: it cannot be seen in this case.

    Parameters
    ----------
    value : number or array
        The answer, read.
    right : number or array of the same shape
    mistakes : iterable of (number or array, str)
        What known mistakes give, and what to say to each; of equal ones the first speaks.
    tolerance : float
        How far from `right` or from a mistake still counts as it, next to a relative 1e-6.

    Returns
    -------
    bool
        Whether it is right; False if it is neither right nor a known mistake.

    Raises
    ------
    Wrong
        If it is a known mistake.

    Examples
    --------
    >>> recognize(2.5, 2.5, [(3.5, "That is one too many.")])
    True
    >>> recognize(3.5, 2.5, [(3.5, "That is one too many.")])
    Traceback (most recent call last):
    tuneup_helpers.exercises.feedback.Wrong: That is one too many.
    >>> recognize(7, 2.5, [(3.5, "That is one too many.")])
    False
    """
    value = np.asarray(value, dtype=float)

    def distance(other):
        other = np.asarray(other, dtype=float)
        return np.abs(value - other).max() if other.shape == value.shape else np.inf

    def near(other):
        return distance(other) <= tolerance + 1e-6 * np.abs(other).max()

    candidates = [(distance(right), None, right)]
    for mistake, words in mistakes:
        if not np.allclose(mistake, right, rtol=1e-9, atol=1e-12):
            candidates.append((distance(mistake), words, mistake))
    _, words, nearest = min(candidates, key=operator.itemgetter(0))
    if not near(nearest):
        return False
    if words is not None:
        raise Wrong(words)
    return True


def call(function: Callable, *args, **kwargs) -> Any:
    """Call the learner's function; what goes wrong in it becomes feedback.

    Parameters
    ----------
    function : callable
        The learner's answer.
    *args, **kwargs
        Passed on; lists and arrays as copies, so that a function that sorts or changes them
        does not change what its answer is compared with.

    Returns
    -------
    object
        What the function returned.

    Raises
    ------
    Unreadable
        If it is not a function, raises an error, or returns nothing.
    Unanswered
        If it returns ``...``.

    Examples
    --------
    >>> call(sorted, [3, 1, 2])
    [1, 2, 3]
    >>> call(lambda x: 1 / x, 0)
    Traceback (most recent call last):
    tuneup_helpers.exercises.feedback.Unreadable: Called with (0), your function raised
    ZeroDivisionError: division by zero
    """
    if not callable(function):
        raise Unreadable(
            "The answer should be the function itself, without parentheses behind it; yours is "
            f"{_described(function)}."
        )
    try:
        result = function(*map(_copied, args), **{k: _copied(v) for k, v in kwargs.items()})
    except (Wrong, Unanswered):
        raise
    except Exception as error:
        given = ", ".join([*map(_short, args), *(f"{k}={_short(v)}" for k, v in kwargs.items())])
        raise Unreadable(
            f"Called with ({given}), your function raised {type(error).__name__}: {error}"
        ) from error
    if result is None:
        raise Unreadable(
            "Your function returns nothing (None). Hand the result back with `return`; to print "
            "it is not enough."
        )
    if is_unanswered(result) and result != "":
        raise Unanswered
    return result


def _copied(value):
    return value.copy() if isinstance(value, list | np.ndarray) else value


def _is_scalar_array(answer):
    """Tell whether this is a NumPy scalar, an array without axes, or the like."""
    return hasattr(answer, "item") and getattr(answer, "shape", None) == ()


def _asked(thing, verb, what):
    return f"{thing} {verb} asked for{f', {what}' if what else ''}"


def _described(answer):
    """Say in words what this is, for a message: "a list of 3"."""
    kind = type(answer).__name__
    shape = _shape(answer)
    if isinstance(answer, str):
        try:
            float(answer)
        except ValueError:
            return f"text, {_short(answer)}"
        return f"text, {_short(answer)}: leave out the quotes"
    if answer is None:
        return "nothing (None)"
    if isinstance(answer, bool | np.bool_):
        return f"{bool(answer)}"
    if isinstance(answer, numbers.Number):
        return f"{_short(answer)}"
    if callable(answer):
        return f"{'a class' if isinstance(answer, type) else 'a function'}: call it"
    if shape is not None and hasattr(answer, "dtype") and math.prod(shape) == 1:
        return "an array of one number: `.item()` takes it out"
    if shape is not None and (hasattr(answer, "shape") or len(shape) > 1):
        kind = "an array" if isinstance(answer, np.ndarray) else f"a {kind}"
        return f"{kind} of shape {shape}"
    if isinstance(answer, list | tuple | set | frozenset | dict):
        return f"a {kind} of {len(answer)}" if len(answer) else f"an empty {kind}"
    return f"{'an' if kind[0] in 'AEIOUaeiou' else 'a'} {kind}"


def _shape(answer):
    """Return the shape of an array, or of nested lists that form one; otherwise None."""
    shape = getattr(answer, "shape", None)
    if isinstance(shape, tuple):
        return shape
    if isinstance(answer, list | tuple):
        try:
            return np.shape(answer)
        except ValueError:
            return None
    return None


def _short(value):
    shape = getattr(value, "shape", None)
    if shape:
        return f"array of shape {tuple(shape)}"
    plain = value.item() if _is_scalar_array(value) else value
    if isinstance(plain, float):
        return f"{plain:.6g}"
    text = re.sub(r" at 0x[0-9a-fA-F]+", "", repr(plain))
    return text if len(text) <= 40 else f"{text[:37]}..."
