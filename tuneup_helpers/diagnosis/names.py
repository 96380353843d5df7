"""What the name of a hyperparameter tells."""

from __future__ import annotations

import re

__all__ = [
    "is_percentage",
    "is_scale",
    "is_seed",
    "is_share",
    "last_part",
    "smallest_legal",
]


def last_part(name: str) -> str:
    """Return a name without the path to it: ``k`` of ``step__k``, ``opt/k`` and ``opt.k``."""
    return re.split(r"__|[/.:]", name)[-1]


def _matches(name: str, pattern: str) -> bool:
    return bool(re.fullmatch(pattern, last_part(name), re.IGNORECASE))


def is_seed(name: str) -> bool:
    """Tell the seed of random numbers.

    Examples
    --------
    >>> [is_seed(name) for name in ("svc__random_state", "bagging_seed", "seed", "seed_length")]
    [True, True, True, False]
    """
    return _matches(name, r"(\w+_)?(seed|random_?state|rng|rstate)(_?\d+|_value|_number)?")


_SHARES = (
    r"sub_?sample(_freq)?|colsample\w*|\w*fraction|\w*ratio|\w*drop_?out\w*|(rate|skip)_drop|"
    r"drop_rate|max_features|max_samples|rsm|momentum|\w*share|\w*prob(ability)?|\w*percent(ile)?|"
    r"\w*_split|beta_?\d|\w*sample_rate|contamination|label_smoothing"
)


def is_share(name: str) -> bool:
    """Tell what is a share of a whole, up to 1.

    Examples
    --------
    >>> [is_share(name) for name in ("xgb__subsample", "feature_fraction", "learning_rate")]
    [True, True, False]
    """
    return _matches(name, rf"(\w+_)?({_SHARES})")


def is_percentage(name: str) -> bool:
    """Tell a share that may be counted in hundredths.

    Examples
    --------
    >>> [is_percentage(name) for name in ("selectpercentile__percentile", "max_features")]
    [True, False]
    """
    return _matches(name, r"\w*(percent(age|ile)?|pct)")


def is_scale(name: str) -> bool:
    """Tell what is known to matter by its order of magnitude.

    Examples
    --------
    >>> [is_scale(name) for name in ("svc__C", "learning_rate", "reg_alpha", "depth")]
    [True, True, True, False]
    """
    scales = (
        r"c|gamma|alpha|lr|eta\d?|tol|lambda\w*|l1|l2|eps(ilon)?|sigma|noise\w*|length_scale|"
        r"reg\w*|\w*rate(_init)?|\w*decay|\w*penalty|\w*_lambda|\w*_alpha|\w*regulari[sz]ation"
    )
    return not is_share(name) and _matches(name, rf"(\w+_)?({scales})")


# Whole numbers of which libraries allow none below, and of which the smallest is not 0 or 1.
_SMALLEST = {
    "min_samples_split": 2,
    "max_leaf_nodes": 2,
    "max_leaves": 2,
    "num_leaves": 2,
    "max_bins": 2,
    "max_bin": 2,
    "n_bins": 2,
    "n_splits": 2,
    "n_clusters": 2,
    "n_knots": 2,
}


def smallest_legal(name: str) -> int | None:
    """Return the smallest number that libraries allow for this name, if it is known.

    Examples
    --------
    >>> smallest_legal("forest__min_samples_split"), smallest_legal("rf_max_leaf_nodes")
    (2, 2)
    >>> smallest_legal("max_depth") is None
    True
    """
    last = last_part(name).lower()
    return next((n for known, n in _SMALLEST.items() if f"_{last}".endswith(f"_{known}")), None)
