"""Exercises of chapter 12, images."""

from functools import cache

import numpy as np

from tuneup_helpers.exercises import (
    Unreadable,
    Wrong,
    call,
    choice,
    dictionary,
    exercise,
    recognize,
    whole_number,
)

# 12a


def _map_size(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) // stride + 1


@exercise(
    "12.1",
    hints=[
        "Without padding and with a stride of 1, a kernel of 3 has 14 - 3 + 1 = 12 places.",
        "Padding widens the picture on both sides. With a stride, divide before you add one.",
        "What remains at the end and is shorter than a step is left out: `//` rounds down.",
    ],
)
def _(answer):
    cases = [(14, 3, 1, 0), (14, 3, 1, 1), (14, 3, 2, 1), (14, 5, 2, 0), (28, 5, 3, 2)]
    for n, kernel, stride, padding in cases:
        got = call(answer, n, kernel, stride, padding)
        got = whole_number(got, "the side of the feature map")
        mistakes = [
            (
                (n + 2 * padding - kernel) // stride,
                "One is missing: a kernel as large as the picture has one place, not none.",
            ),
            (
                (n + padding - kernel) // stride + 1,
                "The padding goes on both sides, so it counts twice.",
            ),
            (n + 2 * padding - kernel + 1, "The stride is missing."),
            ((n - kernel) // stride + 1, "The padding is missing."),
            (
                (n + 2 * padding - kernel + 1) // stride,
                "Add one after the division by the stride: the first place costs no step.",
            ),
            (
                -(-(n + 2 * padding - kernel) // stride) + 1,
                "Round down: where the kernel would stick out there is no place.",
            ),
            ((n + 2 * padding) // stride, "The kernel's size is missing."),
        ]
        right = _map_size(n, kernel, stride, padding)
        wrong = [(value, text) for value, text in mistakes if value != right]
        if not recognize(got, right, wrong):
            raise Wrong(
                f"For a side of {n}, a kernel of {kernel}, stride {stride} and padding {padding} the map "
                f"has a side of {right}, not {got}."
            )
    return "The same rule holds for pooling, with the side of the block as the kernel's."


choice(
    "12.2",
    right="b",
    because="A ninth of them: the side of the kernel counts squared, in both layers.",
    wrong={
        "a": "Half the filters leave a bit more than a quarter: the second layer shrinks twice, the first "
        "once. Another change leaves a ninth.",
        "c": "The stride makes the first layer cheaper. The second works on 7 × 7 either way, and has most "
        "of the work.",
    },
    hints=[
        "Each place of a map costs kernel × kernel × incoming channels × filters.",
        "The next cells count them: run them, then answer again.",
    ],
)

choice(
    "12.3",
    right="a",
    because="It alone explains around four tenths of the variance, and no other one reaches a tenth.",
    wrong={
        "b": "Filters matter at a good rate. Over all networks they explain two per cent or less.",
        "c": "A kernel of 1 × 1 is bad, 3 and 5 are alike, and that explains a few per cent.",
        "d": "In eight epochs hardly a network memorizes, so there is little for dropout to prevent.",
    },
    hints=[
        "Which of the four can make a network learn nothing at all?",
        "The next cells measure it: run them, then answer again.",
    ],
)


def _multiplications(filters, kernel_size, strides):
    """Count those of both convolutions, for one picture."""
    first = (14 // strides) ** 2 * kernel_size**2 * filters
    return first + 49 * kernel_size**2 * filters * 2 * filters


def _setting(answer, table):
    """Read a setting that is a cell of the table."""
    params = dictionary(answer, "a setting, such as {'learning_rate': 0.001, 'filters': 8, ...}")
    names = [axis.name for axis in table.axes]
    if set(params) != set(names):
        missing = [name for name in names if name not in params]
        unknown = [str(name) for name in params if name not in names]
        raise Unreadable(
            f"A setting names {', '.join(names)}. Missing: {missing or 'none'}; unknown: "
            f"{unknown or 'none'}."
        )
    for axis in table.axes:
        value = params[axis.name]
        try:
            near = [v for v in axis.values if abs(v - value) <= 0.06 * v]
        except TypeError:
            near = []
        if not near:
            raise Unreadable(f"The table has no {axis.name} of {value!r}, but {axis.values}.")
        params[axis.name] = near[0]
    return params


@exercise(
    "12.4",
    hints=[
        "In the last figure, which marks are left of 20,000 and above 0.77?",
        "Filled marks have a stride of 2. The blue one on the left has kernels of 3 × 3.",
        "Four filters. And the best rates lie above Keras's default: try 0.01.",
    ],
)
def _(answer):
    from tuneup_helpers.replay import load_table

    table = load_table("cnn_fashion")
    params = _setting(answer, table)
    cost = _multiplications(params["filters"], params["kernel_size"], params["strides"])
    if cost > 20_000:
        raise Wrong(f"{cost:,} multiplications: at most 20,000 are allowed.")
    score = table(params)
    if score < table(params | {"learning_rate": 0.01}) - 0.01 and params["learning_rate"] < 0.01:
        raise Wrong(f"Cheap enough, and it scores {score:.3f}: its learning rate is too low.")
    if score < 0.770:
        raise Wrong(f"Cheap enough, with {cost:,} multiplications, but it scores {score:.3f}.")
    return (
        f"It scores {score:.3f} with {cost:,} multiplications: better than the page's network, at a "
        "quarter of its price."
    )
