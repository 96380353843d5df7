"""Exercises of chapter 11, neural networks with Keras."""

import math

import numpy as np

from tuneup_helpers.exercises import (
    Wrong,
    array_of_shape,
    call,
    choice,
    exercise,
    number,
    recognize,
)

# 11a


def _descend(slope, w, rate, momentum, n_steps, *, kind="heavy ball"):
    """Return w after the steps, or with `kind` what a known mistake makes of it."""
    w, v = np.array(w, dtype=float), 0.0
    for _ in range(n_steps):
        g = slope(w + momentum * v) if kind == "ahead" else slope(w)
        if kind == "averaged":
            g = (1 - momentum) * g
        if kind == "uphill":
            g = -g
        if kind == "late":
            w, v = w + v, momentum * v - rate * g
            continue
        v = momentum * v - rate * g
        w = w + (momentum * v - rate * g if kind == "look ahead" else v)
    return v if kind == "velocity" else w


@exercise(
    "11.1",
    hints=[
        "Two variables change in a loop of `n_steps`: the velocity `v` and the weights `w`.",
        "In the loop: `v = momentum * v - rate * slope(w)`, then `w = w + v`.",
        "Before the loop `v = 0`, after it `return w`.",
    ],
)
def _(answer):
    scale, low = np.array([1.0, 3.0]), np.array([2.0, -1.0])
    start = np.array([5.0, 4.0])

    def slope(w):
        return scale * (np.asarray(w) - low)

    cases = [(0.1, 0.9, 3), (0.2, 0.5, 4)]
    got = np.array(
        [
            array_of_shape(call(answer, slope, start.copy(), *case), 2, "the last w, two weights")
            for case in cases
        ]
    )

    def all_cases(**changes):
        return np.array([_descend(slope, start, *case, **changes) for case in cases])

    def without(**fixed):
        named = [dict(zip(("rate", "momentum", "n_steps"), case, strict=True)) for case in cases]
        return np.array([_descend(slope, start, **(case | fixed)) for case in named])

    more = np.array([_descend(slope, start, rate, m, n + 1) for rate, m, n in cases])
    mistakes = [
        (
            without(momentum=0),
            "That is plain descent: the velocity has to go on from step to step.",
        ),
        (all_cases(kind="uphill"), "Yours climbs: the step goes *against* the slope."),
        (
            all_cases(kind="averaged"),
            "Yours weighs the new slope by 1 − momentum. In Keras's SGD the slope counts in full.",
        ),
        (all_cases(kind="late"), "Yours moves `w` by the old velocity. Renew `v` first, then `w`."),
        (
            all_cases(kind="look ahead"),
            "That is Nesterov's momentum, which looks one step ahead. Here it is `w = w + v`.",
        ),
        (
            all_cases(kind="ahead"),
            "Yours takes the slope at the point ahead, as Nesterov did. Take it at `w`.",
        ),
        (all_cases(kind="velocity"), "That is the velocity. Return `w`."),
        (without(n_steps=1), "That is one step. There should be `n_steps` of them."),
        (more, "That is one step too many."),
        (np.array([start, start]), "Your `w` has not moved."),
    ]
    if recognize(got, all_cases(), mistakes):
        return "Steps that agree add up: with momentum 0.9 to ten times the rate in the end."
    raise Wrong(
        "For a slope of w, from w = 1 with rate 0.1 and momentum 0.5, three steps lead to 0.9, 0.76 "
        "and 0.614. Follow yours with pencil and paper."
    )


choice(
    "11.2",
    right="c",
    because="The mean still remembers the good batches before the cliff, so it goes on falling while the "
    "losses rise already.",
    wrong={
        "a": "It lags behind, and the rate grows all the time: whatever it shows, it shows late.",
        "b": "It would be so if it were the loss of the batch. It is the mean of a hundred batches or more, "
        "which one bad batch hardly moves.",
    },
    hints=[
        "When does a mean begin to rise: when a new value is above the one before, or above the mean?",
        "After a long fall the mean is far above the newest losses, and these may rise a while.",
    ],
)

choice(
    "11.3",
    right="c",
    because="An epoch has a quarter of the steps, so each must go about four times as far.",
    wrong={
        "a": "A larger batch has a less noisy slope, so nothing asks for smaller steps. And there are fewer "
        "of them.",
        "b": "Count the steps of an epoch: 31 with batches of 32, and 7 with batches of 128. The way "
        "to go is the same.",
    },
    hints=[
        "How many steps do ten epochs have, with 32 and with 128 rows in a batch?",
        "Think of a walk whose length is given. With a quarter of the steps, how long is each?",
    ],
)


def _planned(step, n_steps, n_warm_up, peak, *, kind="right"):
    """Return the rate at a step, or with `kind` that of a known mistake."""
    if step < n_warm_up:
        return peak if kind == "no warm-up" else peak * step / n_warm_up
    if kind == "whole":
        done = step / n_steps
    elif kind == "not ended":
        done = (step - n_warm_up) / n_steps
    else:
        done = (step - n_warm_up) / (n_steps - n_warm_up)
    if kind == "straight":
        return peak * (1 - done)
    if kind == "quarter":
        return peak * math.cos(math.pi / 2 * done)
    if kind == "no half":
        return peak * (1 + math.cos(math.pi * done))
    if kind == "bare":
        return peak * math.cos(math.pi * done)
    if kind == "constant":
        return peak
    return (1 if kind == "no peak" else peak) * 0.5 * (1 + math.cos(math.pi * done))


@exercise(
    "11.4",
    hints=[
        "Two cases: `if step < n_warm_up:` return the straight line, otherwise the cosine.",
        "How far the second part is: `done = (step - n_warm_up) / (n_steps - n_warm_up)`, from 0 to 1.",
        "`return peak / 2 * (1 + np.cos(np.pi * done))`",
    ],
)
def _(answer):
    cases = [(step, 310, 31, 0.05) for step in (0, 10, 31, 100, 200, 309)]
    cases += [(step, 100, 20, 2.0) for step in (5, 20, 60, 90)]
    got = [number(call(answer, *case), "the rate at this step") for case in cases]

    def others(kind):
        return [_planned(*case, kind=kind) for case in cases]

    mistakes = [
        (others("whole"), "Your cosine begins at step 0; it should begin when the warm-up ends."),
        (
            others("not ended"),
            "Yours does not reach 0 at the end: the cosine has n_steps − n_warm_up steps for its way.",
        ),
        (others("no warm-up"), "In the warm-up the rate should grow from 0 to the peak."),
        (others("straight"), "After the warm-up yours falls in a straight line; use the cosine."),
        (others("quarter"), "That is a quarter of a wave; half a wave is (1 + cos(π · done)) / 2."),
        (others("no half"), "Yours jumps to twice the peak after the warm-up: a factor 1/2 lacks."),
        (others("bare"), "A bare cosine falls to −peak; lift it: (1 + cos(π · done)) / 2."),
        (others("constant"), "After the warm-up the rate should fall."),
        (others("no peak"), "After the warm-up yours starts from 1, not from the peak."),
    ]
    expected = others("right")
    if recognize(got, expected, mistakes):
        return "This is what Keras's CosineDecay does, given `warmup_target` and `warmup_steps`."
    for (step, n_steps, n_warm_up, peak), mine, right in zip(cases, got, expected, strict=True):
        if not math.isclose(mine, right, rel_tol=1e-6, abs_tol=1e-9):
            raise Wrong(
                f"At step {step} of {n_steps}, with {n_warm_up} steps of warm-up and peak {peak}, the "
                f"rate is {right:.4g}, not {mine:.4g}."
            )
