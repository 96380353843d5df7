"""What may be drawn: each library's way of writing a range, read as a `Domain`."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from tuneup_helpers.studies.history import Domain, Record
from tuneup_helpers.studies.values import identity, is_geometric, is_number, plain

__all__ = [
    "as_spaces",
    "check_names",
    "read_domain",
    "read_domains",
    "read_grid",
    "read_space",
]


def as_spaces(space: Any) -> list[Mapping]:
    """Return a list of dicts, of which a single dict is the shortest."""
    spaces = [space] if isinstance(space, Mapping) else space
    if not (isinstance(spaces, list | tuple) and all(isinstance(s, Mapping) for s in spaces)):
        raise TypeError(f"space must be a dict or a list of dicts, not {space!r}")
    return list(spaces)


def read_domains(space: Any) -> dict[str, list[Domain]]:
    """Read a dict, or a list of dicts, of parameter names to what may be drawn."""
    domains = defaultdict(list)
    for part in as_spaces(space):
        for name, spec in part.items():
            domains[name].append(read_domain(name, spec))
    return dict(domains)


def read_space(space: Any) -> dict[str, list[Domain]]:
    """Read a space as its owner writes it, without tuples: they may list values or ends."""
    domains = read_domains(space)
    parts = as_spaces(space)
    tuples = [name for part in parts for name, spec in part.items() if isinstance(spec, tuple)]
    if tuples:
        raise TypeError(
            f"space has tuples for {tuples}: write values as a list, and a range as a "
            "distribution such as scipy.stats.loguniform(0.01, 100)"
        )
    return domains


def read_grid(records: Iterable[Record]) -> dict[str, list[Domain]]:
    """Read a grid off its trials, if every combination of their values is there; else nothing."""
    settings = [{k: plain(v) for k, v in record.params.items()} for record in records]
    tried = defaultdict(dict)  # by identity, each once
    for setting in settings:
        for name, value in setting.items():
            tried[name][identity(value)] = value
    n_cells = math.prod(map(len, tried.values()))
    distinct = {tuple(sorted((k, identity(v)) for k, v in s.items())) for s in settings}
    varied = [list(values.values()) for values in tried.values() if len(values) > 1]
    if len(distinct) != n_cells or any(len(setting) < len(tried) for setting in settings):
        return {}
    if len(varied) < 2 and not all(map(_is_stepped, varied)):  # draws of one are all there, too
        return {}
    return {name: [Domain(values=tuple(values.values()))] for name, values in tried.items()}


def _is_stepped(values: list) -> bool:
    """Tell values in even steps, on one scale or the other, and such as have no order."""
    if not all(map(is_number, values)):
        return True
    steps = [b - a for a, b in pairwise(sorted(values))]
    even = len(steps) > 1 and max(steps) <= min(steps) * (1 + 1e-6)
    return even or is_geometric(values)


def read_domain(name: str, spec: Any) -> Domain:
    """Read a list of values, or a distribution of one of the libraries."""
    if hasattr(spec, "low"):
        return _interval(spec)
    if hasattr(spec, "lower") and hasattr(spec, "distribution"):
        return _genetic_interval(spec)
    # Optuna and sklearn-genetic-opt have choices, scikit-optimize has categories.
    values = getattr(spec, "choices", getattr(spec, "categories", spec))
    if hasattr(values, "rvs"):
        return _scipy_distribution(values)
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise TypeError(f"space[{name!r}] must list values or be a distribution, not {spec!r}")
    return Domain(values=tuple(map(plain, values)))


def _interval(spec: Any) -> Domain:
    """Read an interval of Optuna, which has ``log``, or of scikit-optimize, with ``prior``."""
    log = getattr(spec, "log", False) or getattr(spec, "prior", "") == "log-uniform"
    return Domain(low=plain(spec.low), high=plain(spec.high), log=log)


def _genetic_interval(spec: Any) -> Domain:
    """Read an interval of sklearn-genetic-opt."""
    return Domain(low=spec.lower, high=spec.upper, log=spec.distribution == "log-uniform")


def _scipy_distribution(spec: Any) -> Domain:
    """Read a distribution of SciPy; ``randint``'s support already excludes the upper end."""
    low, high = map(plain, spec.support()) if hasattr(spec, "support") else (None, None)
    kind = getattr(getattr(spec, "dist", spec), "name", "")
    if kind == "lognorm":  # on a log scale it has no lower end
        low = None
    return Domain(low=low, high=high, log=kind in ("loguniform", "reciprocal", "lognorm"))


def check_names(settings: Iterable[dict], domains: dict[str, list[Domain]]) -> None:
    """Refuse a space that lacks a parameter of the settings."""
    unknown = sorted({name for setting in settings for name in setting} - set(domains))
    if unknown:
        raise ValueError(
            f"space does not describe the parameters {unknown}; it has {sorted(domains)}"
        )
