"""Specimen answers to the exercises of chapter 07."""

import numpy as np

from tuneup_helpers.checks.ch07 import _front_equal, _front_weak, _on_front

SPECIMENS = {}


def _tournament(scores, k, rng):
    drawn = rng.choice(len(scores), size=k, replace=False)
    return drawn[np.argmax(np.asarray(scores)[drawn])]


def _tournament_best(scores, k, rng):
    return int(np.argmax(scores))


def _tournament_first(scores, k, rng):
    return int(np.argmax(scores[:k]))


def _tournament_low(scores, k, rng):
    drawn = rng.choice(len(scores), size=k, replace=False)
    return drawn[np.argmin(scores[drawn])]


def _tournament_position(scores, k, rng):
    return int(np.argmax(scores[rng.choice(len(scores), size=k, replace=False)]))


def _tournament_repeats(scores, k, rng):
    drawn = rng.integers(len(scores), size=k)
    return drawn[np.argmax(scores[drawn])]


def _tournament_score(scores, k, rng):
    return scores[_tournament(scores, k, rng)]


def _tournament_all(scores, k, rng):
    return rng.choice(len(scores), size=k, replace=False)


def _tournament_own_rng(scores, k, rng):
    return _tournament(scores, k, np.random.default_rng(0))


def _tournament_fresh_rng(scores, k, rng):
    return _tournament(scores, k, np.random.default_rng())


SPECIMENS["07.2"] = {
    "right": [
        _tournament,
        lambda scores, k, rng: int(_tournament(scores, k, rng)),
        lambda scores, k, rng: max(rng.permutation(len(scores))[:k], key=lambda i: scores[i]),
    ],
    "wrong": [
        (_tournament_best, "always the best of all"),
        (_tournament_first, "draw them at random"),
        (_tournament_low, "*highest*"),
        (_tournament_position, "place among the drawn"),
        (_tournament_repeats, "*different*"),
        (_tournament_score, "the index"),
        (_tournament_all, "one index"),
        (_tournament_own_rng, "the generator"),
        (_tournament_fresh_rng, "the same seed"),
        (lambda scores, k, rng: int(rng.integers(len(scores))), "should win"),
        (lambda scores, k, rng: "a", "the index"),
    ],
    "unreadable": [
        (3, "the function itself"),
    ],
}

SPECIMENS["07.3"] = {
    "right": [60_060, 60_060.0, 1001 * 15 * 4],
    "wrong": [
        (15_000, "multiplied by the number of hyperparameters"),
        (15_015, "multiplied by the number of hyperparameters"),
        (60_000, "first population"),
        (1000, "generations"),
        (1001, "generations"),
        (4000, "15 × 4"),
        ("many", "a number"),
        (123, "(maxiter + 1)"),
    ],
    "unreadable": [],
}

SPECIMENS["07.5"] = {
    "right": [
        _on_front,
        lambda seconds, scores: list(_on_front(seconds, scores)),
        lambda seconds, scores: [
            not any(
                t <= s and v >= w and (t < s or v > w) for t, v in zip(seconds, scores, strict=True)
            )
            for s, w in zip(seconds, scores, strict=True)
        ],
    ],
    "wrong": [
        (lambda seconds, scores: ~_on_front(seconds, scores), "other way round"),
        (lambda seconds, scores: _on_front(-seconds, scores), "seconds should be *low*"),
        (lambda seconds, scores: _on_front(seconds, -scores), "scores should be *high*"),
        (_front_weak, "as fast as another"),
        (_front_equal, "equal in both"),
        (lambda seconds, scores: scores == scores.max(), "only the best score"),
        (lambda seconds, scores: np.flatnonzero(_on_front(seconds, scores)), "one value for each"),
        (lambda seconds, scores: scores / seconds, "True or False"),
        (lambda seconds, scores: np.ones(len(scores), dtype=bool), "is dominated"),
    ],
    "unreadable": [],
}
