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
    number,
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
    cases = [(14, 5, 2, 4), (14, 3, 1, 1), (14, 3, 2, 1), (14, 5, 3, 0), (28, 5, 3, 2)]
    for n, kernel, stride, padding in cases:
        got = call(answer, n, kernel, stride, padding)
        got = whole_number(got, "the side of the feature map")
        mistakes = [
            (
                (n + 2 * padding - kernel + 1) // stride,
                "Add one after the division by the stride: the first place costs no step.",
            ),
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
                -(-(n + 2 * padding - kernel) // stride) + 1,
                "Round down: where the kernel would stick out there is no place.",
            ),
            ((n + 2 * padding) // stride, "The kernel's size is missing."),
        ]
        right = _map_size(n, kernel, stride, padding)
        if not recognize(got, right, mistakes):
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


# 12b

choice(
    "12.5",
    right="c",
    because="The order of the networks settles early, so poor ones can be stopped; and TPE learns where "
    "good ones are.",
    wrong={
        "a": "TPE begins with ten random trials, and the twenty after them do count.",
        "b": "Some good networks are stopped too soon. The epochs saved train many others.",
        "d": "Look at the last column of scores, and at the intervals.",
    },
    hints=[
        "What does each of the two do with the first ten trials, and what after them?",
        "The next cells measure it: run them, then answer again.",
    ],
)

_EPOCHS = 160
_RUNS = 40


class _Trainer:
    """Train networks of the table, and count the epochs."""

    def __init__(self, table, curves):
        self._table, self._curves = table, curves
        self.trained = {}

    @property
    def spent(self):
        return sum(self.trained.values())

    def cell(self, setting):
        setting = _setting(setting, self._table)
        return tuple(axis.values.index(setting[axis.name]) for axis in self._table.axes)

    def __call__(self, setting, epochs):
        cell = self.cell(setting)
        if isinstance(epochs, bool) or epochs not in range(1, 9):
            raise Unreadable(f"`epochs` must be a whole number from 1 to 8, got {epochs!r}.")
        self.trained[cell] = max(self.trained.get(cell, 0), int(epochs))
        if self.spent > _EPOCHS:
            raise Wrong(
                f"Your search spends more than {_EPOCHS} epochs. Count them as you go: a setting costs "
                "the highest number of epochs that you train it for."
            )
        return float(self._curves[(*cell, int(epochs) - 1)])


@cache
def _fashion():
    """Load the table and its learning curves."""
    from tuneup_helpers.replay import load_table

    table = load_table("cnn_fashion")
    return table, np.stack([table.grid(fidelity=e) for e in table.fidelities], axis=-1)


@exercise(
    "12.6",
    hints=[
        "After one epoch the order of the networks is nearly what it will be. One epoch of a setting costs 1, "
        "all eight cost 8.",
        "Train 70 random settings for one epoch, and the best of them to the end: 70 + 12 × 7 = 154.",
        "Or draw from good values only: 12a measured which learning rates never win.",
    ],
)
def _(answer):
    table, curves = _fashion()
    found, tried = [], []
    for run in range(_RUNS):
        train = _Trainer(table, curves)
        choices = {axis.name: list(axis.values) for axis in table.axes}
        setting = _searched(answer, train, choices, np.random.default_rng(1000 + run))
        cell = train.cell(setting)
        if train.trained.get(cell, 0) < 8:
            raise Wrong("The setting that you return was not trained to the end: all eight epochs.")
        found.append(curves[(*cell, 7)])
        tried.append(len(train.trained))
    mean = float(np.mean(found))
    if max(tried) < 5:
        raise Wrong(
            "That is no search: it trains fewer than five settings and knows the answer already."
        )
    if mean < 0.766:
        raise Wrong(
            f"Your winners score {mean:.3f} on average, less than those of random search with the same epochs."
        )
    if mean < 0.779:
        raise Wrong(
            f"Your winners score {mean:.3f} on average; random search reaches 0.773, and 0.779 is asked "
            "for. Does every network need all eight epochs?"
        )
    return f"Your winners score {mean:.3f} on average, random search 0.773 with the same epochs."


def _searched(answer, train, choices, rng):
    """Run the learner's search once; what the trainer says is passed on."""
    said = []

    def guarded(setting, epochs):
        try:
            return train(setting, epochs)
        except (Wrong, Unreadable) as message:
            said.append(message)
            raise

    try:
        return call(answer, guarded, choices, rng)
    except Unreadable:
        if said:
            raise said[0] from None
        raise


def _macro(counts):
    columns = counts.sum(axis=0)
    return float((np.diag(counts) / np.maximum(columns, 1)).mean())


@exercise(
    "12.7",
    hints=[
        "Precision looks at a column: all pictures that were called this class.",
        "`np.diag(counts)` are the right ones, `counts.sum(axis=0)` the column sums.",
        "Where a column sum is 0, the precision is 0: divide by `np.maximum(sums, 1)`.",
    ],
)
def _(answer):
    cases = [
        np.array([[8, 2, 0], [1, 20, 4], [3, 0, 2]]),
        np.array([[5, 0, 1, 0], [2, 9, 0, 0], [1, 1, 4, 0], [6, 0, 2, 0]]),
    ]
    for counts in cases:
        got = number(call(answer, counts.copy()), "the macro average of the precision")
        right, columns, rows = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
        each = right / np.maximum(columns, 1)
        mistakes = [
            (
                (right / rows).mean(),
                "That is the recall: it looks at rows, what a class truly is. Precision looks at columns.",
            ),
            (right.sum() / counts.sum(), "That is the accuracy."),
            (
                (each * rows).sum() / rows.sum(),
                "That is the weighted average: in a macro average each class counts alike.",
            ),
            (
                each[columns > 0].mean(),
                "A class that was never guessed counts as 0; it must not be left out.",
            ),
        ]
        if not recognize(got, _macro(counts), mistakes):
            raise Wrong(f"For\n{counts}\nit is {_macro(counts):.3f}, not {got:.3f}.")
    return "scikit-learn's `precision_score(..., average='macro', zero_division=0)` gives the same."


choice(
    "12.8",
    right="b",
    because="By about a point with 1,000 pictures, and at the two other sizes too, on these test pictures.",
    wrong={
        "a": "It was chosen among 432 networks. That helps against other networks; look at the forest's "
        "line.",
        "c": "A weighted sum of 196 pixels draws flat borders only.",
    },
    hints=[
        "All clothes lie in the middle of their picture, upright. Does a model here need to find them?",
        "The next cells measure it: run them, then answer again.",
    ],
)
