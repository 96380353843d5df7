"""What a Hyperopt space says: what each label may draw, and what a recorded value stands for.

Hyperopt records what a label drew. The objective may see something else: an option instead of its
position, a whole number instead of a float, or what an expression makes of it, such as
``3 + hp.randint("depth", 8)`` or ``10 ** hp.uniform("log_rate", -4, 0)``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from numbers import Number
from typing import Any

import numpy as np

from tuneup_helpers.studies.history import Domain
from tuneup_helpers.studies.values import plain

__all__ = ["read_space"]

# What only arranges values, and what computes one value from others.
_CONTAINERS = {"dict", "pos_args"}
_ARITHMETIC = {
    *("add", "sub", "mul", "div", "truediv", "floordiv", "mod", "pow", "neg", "abs"),
    *("int", "float", "round", "exp", "log", "sqrt", "max", "min", "maximum", "minimum"),
}
_N_PLACES = 101  # of a range at which an expression is computed


def read_space(space: Any) -> tuple[dict[str, list[Domain]], dict[str, Callable]]:
    """Read a space given to ``fmin``.

    Returns
    -------
    domains : dict of str to list of Domain
        What each label may draw, in the words of the objective.
    decoders : dict of str to callable
        How to turn a recorded value of each label into the objective's.

    Raises
    ------
    ValueError
        If the objective sees a value that is computed from several labels.
    """
    from hyperopt.pyll import as_apply, dfs

    root = as_apply(space)
    nodes = dfs(root)
    parents = _parents(nodes)
    domains, decoders = {}, {}
    for node in nodes:
        if node.name != "hyperopt_param":
            continue
        label = _label(node)
        seen = _as_the_objective_sees_it(node, parents)
        decoder = _decoder(node, seen)
        decoders[label] = decoder
        domains[label] = [_domain(node, seen, decoder)]
    return domains, decoders


def _label(node: Any) -> str:
    return node.arg["label"].obj


def _labels(node: Any) -> set[str]:
    from hyperopt.pyll import dfs

    return {_label(n) for n in dfs(node) if n.name == "hyperopt_param"}


def _parents(nodes: list) -> dict[int, list]:
    """Collect what each node is an input of."""
    parents = defaultdict(list)
    for node in nodes:
        for child in node.inputs():
            parents[id(child)].append(node)
    return parents


def _as_the_objective_sees_it(node: Any, parents: dict[int, list]) -> Any:
    """Climb from a label to the outermost expression that is computed from it alone.

    A label of ``hp.choice`` leads to the choice. Where a label is used more than once, the plain
    use counts.
    """
    climbed = [_next_above(node, parent) for parent in parents[id(node)]]
    if not climbed or any(parent is None for parent in climbed):
        return node
    uses = [_as_the_objective_sees_it(parent, parents) for parent in climbed]
    return min(uses, key=_depth)


def _depth(node: Any) -> int:
    from hyperopt.pyll import dfs

    return len(dfs(node))


def _next_above(node: Any, parent: Any) -> Any:
    """Return the parent if it computes a value from the node; None if it only holds it."""
    if parent.name in _CONTAINERS:
        return None
    if parent.name == "switch":
        is_position = parent.inputs()[0] is node
        return parent if is_position else None
    labels = _labels(parent)
    if len(labels) == 1:
        return parent if parent.name in _ARITHMETIC or _is_number(parent) else None
    if parent.name in _ARITHMETIC:
        raise ValueError(
            f"space computes one value from several labels, {sorted(labels)}: {_sketch(parent)}. "
            "What the objective saw is then no label's own. Pass a list of pairs instead: "
            "[(space_eval(space, point), loss), ...] with the point of each trial, "
            "{label: drawn[0] for label, drawn in trial['misc']['vals'].items() if drawn}"
        )
    return None


def _is_number(node: Any) -> bool:
    """Tell an expression of one label, by a function of the user's own, whose value is a number."""
    from hyperopt.pyll import dfs
    from hyperopt.pyll.stochastic import sample

    if any(n.name == "switch" for n in dfs(node)):
        return False
    return isinstance(sample(node, np.random.default_rng(0)), Number)


def _decoder(node: Any, seen: Any) -> Callable:
    """Return a function from what was recorded to what the objective saw."""
    if seen is node:
        return int if node.arg["obj"].name in _WHOLE else float
    if seen.name == "switch":
        options = [_option(option) for option in seen.inputs()[1:]]
        return lambda position: options[int(position)]
    if _chain(seen) <= {"int", "float"}:  # only conversions
        return int if "int" in _chain(seen) else float
    return lambda drawn: plain(_evaluate(seen, node, drawn))


_WHOLE = {"randint", "categorical", "randint_via_categorical"}  # what draws whole numbers


def _chain(seen: Any) -> set[str]:
    """Name the steps of an expression, down to its label."""
    from hyperopt.pyll import dfs

    inside = {id(n) for label in dfs(seen) if label.name == "hyperopt_param" for n in dfs(label)}
    return {n.name for n in dfs(seen) if id(n) not in inside}


def _evaluate(seen: Any, node: Any, drawn: Any) -> Any:
    """Compute an expression for a recorded value of its label."""
    from hyperopt.pyll import rec_eval

    number = int if node.arg["obj"].name in _WHOLE else float
    return rec_eval(seen, memo={node: number(drawn)})


def _domain(node: Any, seen: Any, decoder: Callable) -> Domain:
    """Read what a label may draw, in the words of the objective."""
    distribution = node.arg["obj"]
    if seen.name == "switch":
        n_options = len(seen.inputs()) - 1
        return Domain(values=tuple(plain(decoder(position)) for position in range(n_options)))
    if seen is node or _chain(seen) <= {"int", "float"}:
        return _range(distribution, decoder)
    return _computed_domain(distribution, seen, decoder)


def _computed_domain(distribution: Any, seen: Any, decoder: Callable) -> Domain:
    """Read the range of an expression off its values over the range of its label."""
    low, high = _bounds(distribution)
    if "switch" in _chain(seen):
        return Domain(values=tuple(decoder(position) for position in range(high + 1)))
    if low is None or high is None:
        return Domain()
    log = "log" in distribution.name
    whole = distribution.name in _WHOLE
    places = np.linspace(low, high, min(high - low + 1, _N_PLACES) if whole else _N_PLACES)
    if whole:
        places = np.unique(places.round())
    values = [decoder(math.exp(place) if log else place) for place in places]
    if not all(isinstance(value, Number) for value in values):
        return Domain(values=tuple(dict.fromkeys(values)))
    rounded = [_cleaned(value) for value in values]
    return Domain(low=min(rounded), high=max(rounded), log=_is_even_on_a_log_scale(rounded))


def _cleaned(value: Any) -> Any:
    """Drop the last digits of a float, which rounding made."""
    return value if isinstance(value, int) else float(f"{value:.12g}") + 0.0  # no minus zero


def _is_even_on_a_log_scale(values: list) -> bool:
    """Tell whether the middle of the draws is nearer to the middle of a log scale."""
    first, middle, last = values[0], values[len(values) // 2], values[-1]
    if min(first, last) <= 0 or first == last or len(values) < 3:
        return False
    on_linear = (middle - first) / (last - first)
    on_log = math.log(middle / first) / math.log(last / first)
    return abs(on_log - 0.5) < abs(on_linear - 0.5)


def _range(distribution: Any, number: Callable) -> Domain:
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
    if distribution.name in ("categorical", "randint_via_categorical"):
        return 0, len(distribution.arg["p"].inputs()) - 1
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
