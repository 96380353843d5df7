"""What the name of a metric tells: whether less of it is better, or more."""

from __future__ import annotations

import re

__all__ = ["can_be_negative", "is_loss", "is_score"]

_LOSSES = (
    r"mape|"  # codespell:ignore mape
    r"error|errors|loss|losses|deviance|mse|rmse|mae|smape|rmsle|msle|medae|nll|logloss|"
    r"perplexity|wer|regret|cost"
)
_SCORES = (
    r"accuracy|acc|auc|auroc|auprc|f1|r2|precision|recall|sensitivity|specificity|kappa|mcc|"
    r"jaccard|ndcg|iou|dice|bleu|reward|own score"
)


def is_loss(metric: str) -> bool:
    """Tell a metric of which less is better, by its last word, without its sign.

    Examples
    --------
    >>> [is_loss(name) for name in ("mean_squared_error", "val_loss", "brier_score_loss", "r2")]
    [True, True, True, False]
    """
    return bool(re.fullmatch(rf"(.*[^a-z])?({_LOSSES})", _last_words(metric)))


def is_score(metric: str) -> bool:
    """Tell a metric of which more is better.

    Examples
    --------
    >>> [is_score(name) for name in ("accuracy_score", "val_acc", "f1_macro", "log_loss")]
    [True, True, True, False]
    """
    words = _last_words(metric)
    return not is_loss(metric) and bool(re.search(rf"(?<![a-z])({_SCORES})(?![a-z])", words))


def can_be_negative(metric: str) -> bool:
    """Tell a metric whose values below 0 need not have been given a minus.

    Examples
    --------
    >>> [can_be_negative(name) for name in ("r2_score", "nll", "val_loss", "log_loss", "rmse")]
    [True, True, True, False, False]
    """
    words = _last_words(metric)
    signed = r"r2|d2|kappa|mcc|matthews|reward|own score|nll|cost|regret"
    any_loss = r"((train|test|val|valid|validation|eval)_)?loss"
    return bool(
        re.search(rf"(?<![a-z])({signed})(?![a-z])", words) or re.fullmatch(any_loss, words)
    )


def _last_words(metric: str) -> str:
    return metric.lower().strip("_ ")
