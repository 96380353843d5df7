"""From what may be drawn to an Optuna distribution that holds all values of a hyperparameter."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tuneup_helpers.studies.history import Domain
from tuneup_helpers.studies.values import identity, is_geometric, is_number, representatives

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

__all__ = ["choose_distribution"]


def choose_distribution(
    column: list, domains: list[Domain]
) -> tuple[BaseDistribution, Callable[[Any], Any]]:
    """Choose the distribution of a hyperparameter.

    Parameters
    ----------
    column : list
        Its value in each trial that has it, as plain Python values.
    domains : list of Domain
        What may be drawn, in each of the search's spaces.

    Returns
    -------
    distribution : optuna.distributions.BaseDistribution
        Holds the column and all that is known of the domains.
    represent : callable
        Turns a value into what stands for it in this distribution.
    """
    values = [value for domain in domains for value in domain.values] + column
    if all(map(is_number, values)):
        return _numeric(values, domains), lambda value: value
    return _categorical(values)


def _categorical(values: list) -> tuple[BaseDistribution, Callable[[Any], Any]]:
    from optuna.distributions import CategoricalDistribution

    choices = representatives(values)
    distribution = CategoricalDistribution([*choices.values()])
    return distribution, lambda value: choices[identity(value)]


def _numeric(values: list, domains: list[Domain]) -> BaseDistribution:
    """Span the values and the known ends, on a log scale where the search had one."""
    from optuna.distributions import FloatDistribution, IntDistribution

    ends = [end for domain in domains for end in (domain.low, domain.high)]
    ends = [end for end in ends if end is not None and math.isfinite(end)]
    low, high = min(values + ends), max(values + ends)
    ranged = [domain for domain in domains if not domain.values]
    log = any(domain.log for domain in ranged) or (not ranged and is_geometric(values))
    whole = all(isinstance(value, int) for value in values + ends)
    kind = IntDistribution if whole else FloatDistribution
    return kind(low, high, log=log and low > 0)
