"""Answers to the exercises of chapter 17 on one machine and many: right, wrong, unreadable."""

SPECIMENS = {}


def _shortest(n_fits, n_workers, start, each):
    return (start + n_fits * each / n_workers) / (n_fits * (1 - 1 / n_workers))


SPECIMENS["17.2"] = {
    "right": [
        _shortest,
        lambda n, w, start, each: (w * start / n + each) / (w - 1),
    ],
    "wrong": [
        (lambda n, w, start, each: start / n + each, "the cost of a task"),
        (lambda n, w, start, each: (start + n * each / w) / n, "as if the fits became free"),
        (
            lambda n, w, start, each: (start + n * each) / (n * (1 - 1 / w)),
            "stands inside the brackets",
        ),
        (lambda n, w, start, each: start / (n * (1 - 1 / w)), "leaves out `each`"),
        (lambda n, w, start, each: each / (w - 1), "leaves out the start"),
        (lambda n, w, start, each: 1000 * _shortest(n, w, start, each), "it is 0.08168 s, not"),
    ],
    "unreadable": [
        (lambda n, w, start, each: None, "returns nothing"),
        (lambda n, w: 0.1, "raised TypeError"),
        (0.08, "the function itself"),
    ],
}


def _efficiency(n_trials, seconds, n_workers, start, each):
    return n_trials * seconds / (n_workers * start + n_trials * (seconds + each))


SPECIMENS["17.10"] = {
    "right": [_efficiency, lambda n, s, w, start, each: s / (w * start / n + s + each)],
    "wrong": [
        (lambda n, s, w, start, each: n * s / (start + n * (s + each)), "All workers wait"),
        (lambda n, s, w, start, each: n * s / (w * start + n * s + each), "not once"),
        (lambda n, s, w, start, each: n * s / (w * start + n * s), "leaves out `each`"),
        (lambda n, s, w, start, each: s / (s + each), "leaves out the start"),
        (
            lambda n, s, w, start, each: n * s / (w * (start + n * (s + each))),
            "shared by the workers",
        ),
        (lambda *case: 1 - _efficiency(*case), "the share of the costs"),
        (lambda *case: 100 * _efficiency(*case), "not a percentage"),
        (lambda n, s, w, start, each: 0.5, "it is 0.966, not"),
    ],
    "unreadable": [
        (lambda n, s, w, start, each: None, "returns nothing"),
        (lambda n, s: 0.9, "raised TypeError"),
    ],
}
