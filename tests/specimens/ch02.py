"""Specimen answers to the exercises of chapter 02."""

import itertools

import numpy as np

SPECIMENS = {}


SPECIMENS["02.8"] = {
    "right": [
        lambda d: 3**d - 1,
        lambda d: np.int64(3) ** d - 1,
        lambda d: 3.0**d - 1,
        lambda d: len([move for move in itertools.product([-1, 0, 1], repeat=d) if any(move)]),
    ],
    "wrong": [
        (lambda d: 2 * d, "one at a time"),
        (lambda d: 2**d, "may also stay"),
        (lambda d: 2**d - 1, "three possibilities, not two"),
        (lambda d: 3**d, "nothing changes"),
        (lambda d: d**2, "independently of the others"),
        (lambda d: 3 * d, "do not add up"),
        (lambda d: 3 * d - 1, "do not add up"),
        (lambda d: d**3 - 1, "the other way round"),
        (lambda d: 2 * d**2, "one or two at a time"),
        (lambda d: 8, "depend on `d`"),
        (lambda d: 3**d - d, "For d = 2 there are 8 moves"),
    ],
    "unreadable": [
        (lambda d: "many", "yours is text, 'many'"),
        (lambda d: list(itertools.product([-1, 0, 1], repeat=d)), "yours is a list of shape"),
        (lambda d: print(3**d - 1), "returns nothing"),
    ],
}


def _is_real(old, new, times=2.0, ddof=1, root=True, paired=True, size=False):
    old, new = np.asarray(old), np.asarray(new)
    gain = new.mean() - old.mean()
    spread = (new - old).std(ddof=ddof) if paired else np.hypot(old.std(ddof=1), new.std(ddof=1))
    error = spread / (np.sqrt(len(old)) if root else 1)
    return bool((abs(gain) if size else gain) > times * error)


SPECIMENS["02.4"] = {
    "right": [
        _is_real,
        lambda old, new: np.bool_(_is_real(old, new)),
        lambda old, new: _is_real(old, new, ddof=0),
        lambda old, new: (new - old).mean() > 2 * (new - old).std(ddof=1) / len(old) ** 0.5,
    ],
    "wrong": [
        (lambda old, new: bool(np.mean(new) > np.mean(old)), "any gain"),
        (lambda old, new: _is_real(old, new, paired=False), "fold by fold"),
        (lambda old, new: _is_real(old, new, root=False), "standard deviation"),
        (lambda old, new: _is_real(old, new, size=True), "mind the sign"),
        (lambda old, new: _is_real(old, new, times=1), "the rule is two standard errors"),
        (lambda old, new: _is_real(new, old), "turned round"),
        (lambda old, new: bool((new > old).all()), "that no fold lost"),
        (lambda old, new: False, "steady"),
    ],
    "unreadable": [
        (lambda old, new: float(np.mean(new - old)), "True or False"),
        (lambda old, new: new > old, "an array of shape (5,)"),
        (lambda old, new: (0.01, True), "a tuple of 2"),
        (lambda old, new: print(_is_real(old, new)), "returns nothing"),
    ],
}


def _stop(best, noise, k=10):
    return len(best) > k and best[-1] - best[-k - 1] <= noise


SPECIMENS["02.6"] = {
    "right": [
        _stop,
        lambda best, noise, k=10: bool(len(best) > k and np.ptp(best[-k - 1 :]) <= noise),
        lambda best, noise, k=10: len(best) >= k + 1 and max(best) - max(best[:-k]) < noise,
    ],
    "wrong": [
        (lambda best, noise, k=10: len(best) > k and not _stop(best, noise, k), "turned round"),
        (lambda best, noise, k=10: len(best) > k, "twenty times the noise"),
        (lambda best, noise, k=10: False, "gained nothing"),
        (lambda best, noise, k=10: len(best) > k and best[-1] == best[-k - 1], "tiny gains"),
        (lambda best, noise, k=10: len(best) > k and best[-1] - best[-2] < noise, "together"),
        (
            lambda best, noise, k=10: len(best) > k and best[-1] - best[-k] <= noise,
            "*before* the last",
        ),
        (
            lambda best, noise, k=10: best[-1] - best[max(-k - 1, -len(best))] <= noise,
            "It stops before there are",
        ),
        (lambda best, noise, k=10: _stop(best, noise, 10), "use `k`"),
        (lambda best, noise, k=10: _stop(best, 0.01, k), "use `noise`"),
    ],
    "unreadable": [
        (lambda best, noise, k=10: best[-1] - best[-k - 1], "True or False"),
        (lambda best, noise, k=10: print(_stop(best, noise, k)), "returns nothing"),
    ],
}
