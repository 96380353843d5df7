"""What a Hyperopt space says: what each label may draw, and what a recorded value stands for."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tuneup_helpers.studies.history import Domain
from tuneup_helpers.studies.values import plain

__all__ = ["read_space"]


def read_space(space: Any) -> tuple[dict[str, list[Domain]], dict[str, Callable]]:
    """Read a space given to ``fmin``.

    Returns
    -------
    domains : dict of str to list of Domain
        What each label may draw, in the words of the objective.
    decoders : dict of str to callable
        How to turn a recorded value of each label into the objective's: ``hp.choice`` records
        the position of an option, and whole numbers are recorded as floats.
    """
    from hyperopt.pyll import as_apply, dfs

    nodes = dfs(as_apply(space))
    options, whole = _options(nodes), _whole_numbers(nodes)
    domains, decoders = {}, {}
    for label, distribution in _distributions(nodes).items():
        if label in options:
            domains[label] = [Domain(values=tuple(map(plain, options[label])))]
            decoders[label] = _picker(options[label])
        else:
            number = int if label in whole else float
            domains[label] = [_range(distribution, number)]
            decoders[label] = number
    return domains, decoders


def _label(node: Any) -> str:
    return node.arg["label"].obj


def _distributions(nodes: list) -> dict[str, Any]:
    """Find what each label is drawn from."""
    return {_label(node): node.arg["obj"] for node in nodes if node.name == "hyperopt_param"}


def _options(nodes: list) -> dict[str, list]:
    """Find the labels of ``hp.choice`` and ``hp.pchoice``: a switch by the position drawn."""
    options = {}
    for node in nodes:
        if node.name == "switch":
            position, *rest = node.inputs()
            options[_label(position)] = [_option(option) for option in rest]
    return options


def _whole_numbers(nodes: list) -> set[str]:
    """Find the labels of ``randint``, ``uniformint`` and ``scope.int(...)``."""
    whole = set()
    for node in nodes:
        if node.name != "int":
            continue
        while node.name in ("int", "float"):
            node = node.inputs()[0]
        if node.name == "hyperopt_param":
            whole.add(_label(node))
    return whole


def _picker(options: list) -> Callable:
    """Return a function from the recorded position to the option."""
    return lambda position: options[int(position)]


def _range(distribution: Any, number: type) -> Domain:
    """Read the range of a distribution of whole numbers or of floats; a normal one has none."""
    log = "log" in distribution.name
    low, high = _bounds(distribution)
    if high is None:
        return Domain(low=low, log=log)
    if log:  # the bounds are recorded as logarithms
        low, high = (float(f"{math.exp(end):.12g}") for end in (low, high))
    to_number = round if number is int else float
    return Domain(low=to_number(low), high=to_number(high), log=log)


def _bounds(distribution: Any) -> tuple[float | None, float | None]:
    """Return the bounds as they are recorded, both included."""
    low, high = (getattr(distribution.arg.get(end), "obj", None) for end in ("low", "high"))
    if distribution.name != "randint":
        return low, high
    if high is None:  # randint(high), which is excluded
        return 0, low - 1
    return low, high - 1


def _option(node: Any) -> Any:
    """Return an option of hp.choice: its value, or a sketch of it if it draws parameters."""
    from hyperopt.pyll import dfs, rec_eval

    if any(n.name == "hyperopt_param" for n in dfs(node)):
        return _sketch(node)
    return rec_eval(node)


def _sketch(node: Any) -> str:
    """Write an option with the labels of its parameters in place of their values."""
    if node.name == "literal":
        return repr(node.obj)
    if node.name == "hyperopt_param":
        return _label(node)
    if node.name in ("switch", "int", "float"):
        return _sketch(node.inputs()[0])
    if node.name == "dict":
        return "{" + ", ".join(f"{k!r}: {_sketch(v)}" for k, v in node.named_args) + "}"
    inside = ", ".join(map(_sketch, node.inputs()))
    return f"({inside})" if node.name == "pos_args" else f"{node.name}({inside})"
