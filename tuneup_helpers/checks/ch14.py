"""Exercises of chapter 14, recommendations."""

from functools import lru_cache

import numpy as np

from tuneup_helpers.exercises import (
    Unreadable,
    Wrong,
    array_of_shape,
    call,
    choice,
    dictionary,
    exercise,
    number,
    recognize,
    whole_number,
)

choice(
    "14.1",
    right="b",
    because="With its own penalty, eight factors are about a hundredth of a star behind four.",
    wrong={
        "a": "With penalty 1 that is what happens. But the penalty is yours to choose again.",
        "c": "Four factors made these tastes: there is nothing for the other four to describe.",
    },
    hints=[
        "A penalty pulls all factors towards 0, those that are not needed most of all.",
        "Run the grid: compare the smallest numbers of the rows for 4 and for 8 factors.",
    ],
)


def _step(u, v, r, rate, penalty, *, sign=1, shrink=1, one_after_other=False, twice=1):
    """Return the step of 14.2, or with the last arguments that of a known mistake."""
    error = r - u @ v
    new_u = u + sign * twice * rate * (error * v - shrink * penalty * u)
    if one_after_other:
        return new_u, v + rate * (error * new_u - penalty * v)
    return new_u, v + sign * twice * rate * (error * u - shrink * penalty * v)


@exercise(
    "14.2",
    hints=[
        "The derivative of the loss by u is −e·v + λ·u; a step goes against it.",
        "Compute `error = r - u @ v` first, then both new arrays, then return the two.",
    ],
)
def _(answer):
    rng = np.random.default_rng(14)
    cases = [
        (rng.normal(size=3), rng.normal(size=3), 1.5, 0.1, 0.5),
        (rng.normal(size=2), rng.normal(size=2), -0.7, 0.03, 0.0),
    ]

    def flat(pairs):
        return np.concatenate([part for pair in pairs for part in pair]).tolist()

    got = []
    for u, v, *others in cases:
        result = call(answer, u, v, *others)
        if not isinstance(result, tuple | list) or len(result) != 2:
            raise Unreadable("Return two arrays, the new u and the new v: `return new_u, new_v`.")
        got.append([array_of_shape(part, u.shape, "a new array of factors") for part in result])

    def others(**changes):
        return flat([_step(*case, **changes) for case in cases])

    expected = others()
    mistakes = [
        (
            others(one_after_other=True),
            "The new v must be computed from the old u: keep it until both steps are known.",
        ),
        (others(sign=-1), "That climbs: the error grows. A gradient step goes downhill."),
        (others(shrink=0), "The penalty is missing: it pulls u and v towards 0."),
        (others(shrink=-1), "Your penalty pushes u and v away from 0. It should shrink them."),
        (others(twice=2), "The loss has a factor ½, so there is no 2 in its gradient."),
        (
            flat([_step(*case)[::-1] for case in cases]),
            "Those are the right arrays in the wrong order: u first, then v.",
        ),
    ]
    if recognize(flat(got), expected, mistakes):
        return "Both move at once, and each shrinks a little: that is the whole method."
    raise Wrong("With e = r − u·v, the new u is u + rate · (e·v − penalty·u).")


@exercise(
    "14.3",
    hints=[
        "When was the first scored rating given? `time[scored]` holds their times.",
        "`time < time[scored].min()`",
    ],
)
def _(answer):
    times = np.array([0.1, 0.9, 0.4, 0.4, 0.6, 0.2, 0.7, 0.5])
    cases = [
        (times, np.isin(times, [0.4, 0.6])),
        (times, np.array([False] * 6 + [True, True])),
        (np.sort(times), np.sort(times) >= 0.6),
    ]
    got = []
    for time, scored in cases:
        marked = call(answer, time.copy(), scored.copy())
        got.append(array_of_shape(marked, len(time), "one for each rating", dtype=bool))

    def marks(rule):
        return np.concatenate([rule(*case) for case in cases]).astype(int).tolist()

    mistakes = [
        (
            marks(lambda time, scored: ~scored),
            "That takes whatever is not scored, and so what came later too: the leak.",
        ),
        (
            marks(lambda time, scored: ~scored & (time < time[scored].max())),
            "Up to the last scored rating is too far: some of these came after the first one.",
        ),
        (
            marks(lambda time, scored: time < time[scored].max()),
            "Up to the last scored rating is too far, and it learns from scored ratings.",
        ),
        (
            marks(lambda time, scored: time <= time[scored].min()),
            "With `<=` the model learns from the first scored rating itself.",
        ),
        (
            marks(lambda time, scored: time > time[scored].max()),
            "That learns from the future only.",
        ),
    ]
    answered = np.concatenate(got).astype(int).tolist()
    if recognize(answered, marks(lambda time, scored: time < time[scored].min()), mistakes):
        return "Everything before the first scored rating, and nothing else."
    raise Wrong("Mark the ratings whose time is before the earliest time of the scored ones.")


def _tables(world, rows):
    """Return biases, what they leave, and the mark of what is rated."""
    stars, seen = np.zeros((2, *world.shape))
    stars[world.user[rows], world.item[rows]] = world.rating[rows]
    seen[world.user[rows], world.item[rows]] = 1
    mean, of_user = stars.sum() / seen.sum(), np.zeros((len(stars), 1))
    for _ in range(5):
        of_item = (seen * (stars - mean - of_user)).sum(axis=0) / (seen.sum(axis=0) + 5)
        rest = (seen * (stars - mean - of_item)).sum(axis=1, keepdims=True)
        of_user = rest / (seen.sum(axis=1, keepdims=True) + 5)
    base = mean + of_user + of_item
    return base, stars - base, seen


def _half_step(known, target, weight, penalty):
    k = known.shape[1]
    squares = (known[:, :, None] * known[:, None, :]).reshape(-1, k * k)
    left = (weight @ squares).reshape(-1, k, k) + penalty * np.eye(k)
    return np.linalg.solve(left, ((weight * target) @ known)[:, :, None])[:, :, 0]


def _als(target, weight, factors, penalty, rounds=8):
    items = 0.1 * np.random.default_rng(0).normal(size=(target.shape[1], factors))
    for _ in range(rounds):
        users = _half_step(items, target, weight, penalty)
        items = _half_step(users, target.T, weight.T, penalty)
    return users @ items.T


@lru_cache
def _grown_shops():
    """Return five worlds that the page does not use, with their tables of the time before the test."""
    from tuneup_helpers.ratings import make_ratings

    worlds = [make_ratings(seed, n_ratings=40_000) for seed in range(90_001, 90_006)]
    return [(world, *_tables(world, world.time < 0.85)) for world in worlds]


def _error_in_grown_shops(factors, penalty):
    errors = []
    for world, base, rest, seen in _grown_shops():
        later = world.time >= 0.85
        predicted = np.clip(base + _als(rest, seen, factors, penalty), 1, 5)
        miss = predicted[world.user[later], world.item[later]] - world.rating[later]
        errors.append(np.sqrt(np.mean(miss**2)))
    return np.mean(errors)


@exercise(
    "14.4",
    hints=[
        "Twice as many ratings: does a factor need as much of a penalty as before?",
        "Call `grid(make_ratings(seed, n_ratings=40_000), past, soon)` with fewer or other values "
        "in FACTORS and PENALTIES; the marks need 40,000 rows, so make them anew.",
        "More ratings can carry a factor or two more. Look at penalties below 5.",
    ],
)
def _(answer):
    setting = dictionary(answer, "with the keys factors and penalty")
    if set(setting) != {"factors", "penalty"}:
        raise Unreadable('The dict has two keys: "factors" and "penalty".')
    factors = whole_number(setting["factors"], "factors")
    penalty = number(setting["penalty"], "penalty")
    if not 1 <= factors <= 16 or not penalty > 0:
        raise Unreadable("Take 1 to 16 factors, and a penalty above 0.")
    page, mine = _error_in_grown_shops(4, 5), _error_in_grown_shops(factors, penalty)
    told = f"on five other worlds your setting scores {mine:.3f}, and the page's {page:.3f}"
    if (factors, penalty) == (4, 5):
        raise Wrong(
            "That is the page's own setting. Search on the validation rows of a grown shop."
        )
    if mine > page - 0.005:
        raise Wrong(f"Not enough: {told}.")
    return f"You beat the page: {told}. More ratings carry more factors, with less of a penalty."


@exercise(
    "14.5",
    hints=[
        "A hit at place p counts 1 / log2(p + 1): 1 at the first place, 1 / log2(5) at the fourth.",
        "A perfect list would have all three at places 1, 2 and 3. Divide by what that sums to.",
    ],
)
def _(answer):
    value = number(answer, "the NDCG@10")
    found, perfect = 1 + 1 / np.log2(5), 1 + 1 / np.log2(3) + 1 / 2
    mistakes = [
        (found, "That is the sum of the two hits. Divide it by the sum of a perfect list."),
        (
            found / (1 + 1 / np.log2(3)),
            "A perfect list holds all three relevant items, also the one that this list missed.",
        ),
        (
            found / (1 / np.log2(np.arange(2, 12))).sum(),
            "A perfect list has three hits, for there are only three relevant items.",
        ),
        (2 / 3, "That is the recall: it does not ask at which places the hits are."),
        (2 / 10, "That is the precision: it does not ask at which places the hits are."),
        (
            (1 + np.log(2) / np.log(4)) / (1 + np.log(2) / np.log(3) + 1 / 2),
            "The item at place 4 counts 1 / log2(5): the place plus one.",
        ),
        (
            (1 + 1 / np.log(5)) / (1 + 1 / np.log(3) + 1 / np.log(4)),
            "Use the logarithm to base 2; with another one the first hit counts more than 1.",
        ),
    ]
    if recognize(value, found / perfect, mistakes, tolerance=6e-4):
        return "(1 + 0.431) / (1 + 0.631 + 0.5) = 0.671: two of three, one of them late."
    raise Wrong("Add what the hits at places 1 and 4 count, and divide by a perfect list's sum.")


choice(
    "14.6",
    right="c",
    because="They know what somebody likes; the others know what somebody rates.",
    wrong={
        "a": "All three metrics ask whether she rated the item. What she rates is not all she "
        "would like: somebody had to show it to her first.",
        "b": "Many rated it because many were shown it. In these worlds that has nothing to do with "
        "how good it is.",
    },
    hints=[
        "Who decides which items of a list can count as a hit at all?",
        "An item that she was never shown has no rating, however much she would have liked it.",
    ],
)


@exercise(
    "14.7",
    hints=[
        "`asked[:, :, None] == top[:, None, :]` compares each asked item with each item of the list "
        "of the same user.",
        "`.any(axis=2)` of that marks the asked items that are listed: `stars[listed].mean()`.",
    ],
)
def _(answer):
    rng = np.random.default_rng(14)
    top = np.argsort(rng.random((6, 20)), axis=1)[:, :10]
    asked = np.argsort(rng.random((6, 20)), axis=1)[:, :5]
    stars = rng.integers(1, 6, size=(6, 5)).astype(float)
    got = number(call(answer, top.copy(), asked.copy(), stars.copy()), "the mean stars")
    listed = (asked[:, :, None] == top[:, None, :]).any(axis=2)
    of_user = [row[mark].mean() for row, mark in zip(stars, listed, strict=True) if mark.any()]
    mistakes = [
        (stars.mean(), "That is the mean of all answers, whether the list holds the item or not."),
        (
            stars[np.isin(asked, top)].mean(),
            "That asks whether an item is in anybody's list. Compare within each user.",
        ),
        (stars[~listed].mean(), "Those are the items that the lists do not hold."),
        (
            (stars * listed).mean(),
            "The items that are not listed count as 0 stars there: leave them out of the mean.",
        ),
        (
            np.mean(of_user),
            "That weighs users alike; take the mean over all listed answers together.",
        ),
        (float(listed.sum()), "That counts the listed answers: take the mean of their stars."),
    ]
    if recognize(got, stars[listed].mean(), mistakes):
        return "An item counts if it was asked at random and is listed: nobody's choice is in it."
    raise Wrong(f"For the lists that were tried the mean is {stars[listed].mean():.3f}.")


@lru_cache
def _chosen_shops():
    """Return five worlds that the page does not use, and what their users liked in the end."""
    from tuneup_helpers.ratings import make_ratings

    found = []
    for seed in range(90_001, 90_006):
        world = make_ratings(seed, exposure=0, choice=2)
        seen = np.zeros(world.shape)
        relevant = np.zeros(world.shape, dtype=bool)
        later = world.time >= 0.85
        seen[world.user[~later], world.item[~later]] = 1
        liked = later & (world.rating >= 4)
        relevant[world.user[liked], world.item[liked]] = True
        found.append((seen, relevant))
    return found


def _ndcg_in_chosen_shops(factors, penalty, alpha):
    found, discount = [], 1 / np.log2(np.arange(2, 12))
    for seen, relevant in _chosen_shops():
        scores = _als(seen, 1 + alpha * seen, factors, penalty, rounds=8)
        top = np.argsort(np.where(seen > 0, np.inf, -scores), axis=1, kind="stable")[:, :10]
        n = relevant.sum(axis=1)
        hits = np.take_along_axis(relevant, top, axis=1)[n > 0]
        found.append((hits @ discount / np.cumsum(discount)[np.minimum(n[n > 0], 10) - 1]).mean())
    return np.mean(found)


PAGE_IMPLICIT = (4, 10, 1)


@exercise(
    "14.8",
    hints=[
        "Search in one or two worlds where users choose: make the scores with `scores_of`, and judge "
        "them by `list_metrics` on the validation rows.",
        "The model has no biases: besides four tastes, its factors must describe what is good.",
        "Look at eight factors, and at a larger penalty with a larger alpha.",
    ],
)
def _(answer):
    setting = dictionary(answer, "with the keys factors, penalty and alpha")
    if set(setting) != {"factors", "penalty", "alpha"}:
        raise Unreadable('The dict has three keys: "factors", "penalty" and "alpha".')
    factors = whole_number(setting["factors"], "factors")
    penalty, alpha = (number(setting[key], key) for key in ("penalty", "alpha"))
    if not 1 <= factors <= 16 or not penalty > 0 or not alpha >= 0:
        raise Unreadable("Take 1 to 16 factors, a penalty above 0, and an alpha of 0 or more.")
    if (factors, penalty, alpha) == PAGE_IMPLICIT:
        raise Wrong("That is the page's own setting. Search on the validation rows of a world.")
    page, mine = (
        _ndcg_in_chosen_shops(*PAGE_IMPLICIT),
        _ndcg_in_chosen_shops(factors, penalty, alpha),
    )
    told = f"on five other worlds your setting reaches {mine:.3f}, and the page's {page:.3f}"
    if mine < page + 0.01:
        raise Wrong(f"Not enough: {told}.")
    return f"You beat the page: {told}."
