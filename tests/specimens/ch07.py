"""Specimen answers to the exercises of chapter 07."""

import numpy as np

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


SPECIMENS["07.3"] = {
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
        (_tournament_score, "the score of the winner"),
        (_tournament_own_rng, "not one of your own"),
        (_tournament_fresh_rng, "the same seed"),
        (lambda scores, k, rng: int(rng.integers(len(scores))), "should win"),
    ],
    "unreadable": [
        (3, "the function itself"),
        (_tournament_all, "an array of shape (3,)"),
        (lambda scores, k, rng: "a", "yours is text"),
    ],
}

SPECIMENS["07.4"] = {
    "right": [60_060, 60_060.0, 1001 * 15 * 4, np.int64(60_060)],
    "wrong": [
        (15_000, "multiplied by the number of hyperparameters"),
        (15_015, "multiplied by the number of hyperparameters"),
        (60_000, "is scored, too"),
        (60_015, "as many individuals as the others"),
        (59_940, "comes on top of maxiter"),
        (1000, "Those are generations"),
        (1001, "Those are generations"),
        (60, "individuals of one generation."),
        (4000, "15 × 4"),
        (4004, "15 × 4"),
        (123, "Count the individuals"),
    ],
    "unreadable": [
        ("many", "yours is text, 'many'"),
        ("60_060", "leave out the quotes"),
        ((1001, 15, 4), "a tuple of 3"),
        (np.nan, "NaN"),
    ],
}


def _on_front(seconds, scores):
    offers = list(zip(seconds, scores, strict=True))
    return np.array(
        [not any(t <= s and v >= w and (t < s or v > w) for t, v in offers) for s, w in offers]
    )


def _front(dominates):
    """Return an answer from a rule that says whether (t, v) dominates (s, w)."""

    def answer(seconds, scores):
        offers = list(zip(seconds, scores, strict=True))
        return [not any(dominates(t, v, s, w) for t, v in offers) for s, w in offers]

    return answer


def _front_equal(seconds, scores):
    offers = list(zip(seconds, scores, strict=True))
    return [
        not any(i != j and t <= s and v >= w for j, (t, v) in enumerate(offers))
        for i, (s, w) in enumerate(offers)
    ]


def _sorted_front(seconds, scores):
    mask, best = np.zeros(len(scores), dtype=bool), -np.inf
    for i in np.argsort(seconds, kind="stable"):
        mask[i], best = scores[i] > best, max(best, scores[i])
    return mask


SPECIMENS["07.6"] = {
    "right": [
        _on_front,
        lambda seconds, scores: list(_on_front(seconds, scores)),
        lambda seconds, scores: tuple(_on_front(seconds, scores).tolist()),
    ],
    "wrong": [
        (lambda seconds, scores: ~_on_front(seconds, scores), "other way round"),
        (lambda seconds, scores: _on_front(-seconds, scores), "seconds should be *low*"),
        (lambda seconds, scores: _on_front(seconds, -scores), "scores should be *high*"),
        (_front(lambda t, v, s, w: t < s and v > w), "as fast as another"),
        (_front_equal, "equal in both"),
        (_front(lambda t, v, s, w: t <= s and v >= w), "*and* better in one"),
        (_front(lambda t, v, s, w: t < s or v > w), "*and* better in one"),
        (lambda seconds, scores: scores == scores.max(), "only the best score"),
        (lambda seconds, scores: seconds == seconds.min(), "only the fastest"),
        (
            lambda seconds, scores: (seconds == seconds.min()) | (scores == scores.max()),
            "the two ends",
        ),
        (_sorted_front, "number 6 is on the front"),
        (lambda seconds, scores: np.ones(len(scores), dtype=bool), "number 2 is not"),
        (
            lambda seconds, scores: _on_front(seconds, scores) | (len(scores) > 8),
            "wrong on forty random ones",
        ),
    ],
    "unreadable": [
        (lambda seconds, scores: np.flatnonzero(_on_front(seconds, scores)), "one for each offer"),
        (lambda seconds, scores: scores / seconds, "begins with 0.7"),
        (lambda seconds, scores: _on_front(seconds, scores).astype(int), "begins with 1"),
        (lambda seconds, scores: print(_on_front(seconds, scores)), "returns nothing"),
    ],
}


def _sources(losses, k):
    order, source = np.argsort(losses), np.arange(len(losses))
    for good, bad in zip(order[:k], order[::-1][:k], strict=True):
        source[bad] = good
    return source


def _change(change):
    """Return an answer that changes the sources of the worst k, given the ranking."""

    def answer(losses, k):
        order, source = np.argsort(losses), np.arange(len(losses))
        source[order[len(order) - k :]] = change(order, k)
        return source

    return answer


SPECIMENS["07.7"] = {
    "right": [_sources, lambda losses, k: list(_sources(losses, k))],
    "wrong": [
        (lambda losses, k: np.arange(len(losses)), "its own weights. The worst k"),
        (lambda losses, k: _sources(-losses, k), "the best copy the worst"),
        (_change(lambda order, k: order[:k]), "pairs are crossed"),
        (_change(lambda order, k: order[0]), "copy the single best"),
        (lambda losses, k: np.full(len(losses), np.argmin(losses)), "all networks copy"),
        (lambda losses, k: np.argsort(losses), "That is the ranking"),
        (lambda losses, k: _sources(losses, 1), "only one network copies"),
        (lambda losses, k: _sources(losses, 2), "wrong for k = 0"),
        (lambda losses, k: np.zeros(len(losses)), "the answer is ["),
    ],
    "unreadable": [
        (lambda losses, k: 3, "one index for each network"),
        (lambda losses: losses, "TypeError"),
    ],
}
