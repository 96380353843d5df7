"""Exercises of chapter 11, neural networks with Keras."""

import math

import numpy as np

from tuneup_helpers.exercises import (
    Unanswered,
    Unreadable,
    Wrong,
    array_of_shape,
    call,
    choice,
    exercise,
    is_unanswered,
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
    because="The mean still carries the high losses of the start. It falls as long as new losses lie "
    "below it, even while these rise again.",
    wrong={
        "a": "It lags behind, and the rate grows all the time: whatever it shows, it shows late.",
        "b": "It would be so if it were the loss of the batch. It is the mean of all batches so far, "
        "and it falls as long as new losses lie below it.",
    },
    hints=[
        "When does a mean begin to rise: when a new value is above the one before, or above the mean?",
        "After a long fall the mean is far above the newest losses. These may rise for a while, and "
        "still pull it down.",
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


# 11b


@exercise(
    "11.5",
    hints=[
        "The standard deviation should be the square root of 2 / fan_in.",
        "So the limit is a = sqrt(3) * sqrt(2 / fan_in) = sqrt(6 / fan_in).",
        "`a = np.sqrt(6 / fan_in)`, then `return rng.uniform(-a, a, size=(fan_in, fan_out))`.",
    ],
)
def _(answer):
    shapes = [(400, 100), (100, 400)]
    got = []
    for shape in shapes:
        W = call(answer, *shape, np.random.default_rng(0))
        W = array_of_shape(W, shape, "the weights, fan_in rows and fan_out columns")
        if not W.any():
            raise Wrong("All your weights are zero.")
        if abs(W.mean()) > 0.1 * W.std():
            raise Wrong("The mean of the weights should be zero: draw from −a to a.")
        got.append(np.array([W.std(), abs(W).max() / W.std()]))
    sd = np.array([one[0] for one in got])
    fan_in, fan_out = np.array(shapes, dtype=float).T
    right = np.sqrt(2 / fan_in)
    mistakes = [
        (right / np.sqrt(3), "That is a = sqrt(2 / fan_in). The limit is sqrt(3) times as wide."),
        (
            right * np.sqrt(3),
            "The standard deviation is a / sqrt(3): yours is too wide by sqrt(3).",
        ),
        (np.sqrt(2 / fan_out), "Yours divides by the outputs; each sum has `fan_in` terms."),
        (
            np.sqrt(2 / (fan_in + fan_out)),
            "Those are Glorot's weights. He's look at `fan_in` alone, and double for ReLU.",
        ),
        (np.sqrt(1 / fan_in), "The 2 for ReLU is missing: the half that it throws away."),
        (2 / fan_in, "2 / fan_in is the variance. Take its square root."),
        (6 / fan_in / np.sqrt(3), "6 / fan_in is the square of the limit. Take its square root."),
    ]
    named = [(np.log(wrong / right), text) for wrong, text in mistakes]
    if not recognize(np.log(sd / right), np.zeros(2), named, tolerance=0.03):
        raise Wrong(
            f"For fan_in 400 the standard deviation should be {right[0]:.3f}, not {sd[0]:.3f}."
        )
    if max(one[1] for one in got) > 1.9:
        raise Wrong("The spread is right, but the distribution is not uniform: use `rng.uniform`.")
    return "The limit is sqrt(6 / fan_in). `he_normal` has the same spread in another distribution."


choice(
    "11.6",
    right="b",
    because="All outputs of the hidden layers are zero, and so are all slopes of the weights. Only the biases "
    "of the output layer move: to the shares of the classes.",
    wrong={
        "a": "A weight's slope is a product of the signal that comes in and the slope that comes back. Here "
        "one is zero, and the other too.",
        "c": "That would be so if all weights began at the same value other than zero. With zeros not even "
        "that happens.",
    },
    hints=[
        "What does the first hidden layer put out, if its weights and biases are zero?",
        "The slope of a weight is its input times what comes back through the later weights. Which of "
        "these are zero?",
    ],
)

choice(
    "11.7",
    right="b",
    because="Two batches an epoch make 20 batches, and 0.99 to the power of 20 is 0.82.",
    wrong={
        "a": "Then it would be so with any momentum, and with small batches too. Count the batches.",
        "c": "An exact mean of the batch is no harm in predicting. Which means does it use there?",
    },
    hints=[
        "How many batches has it seen after ten epochs?",
        "After each batch the old value counts 0.99. How much of the first one is left after 20?",
    ],
)


@exercise(
    "11.8",
    hints=[
        "`rng.random(A.shape) >= rate` is true with the probability 1 − rate.",
        "Multiply by these, true as 1 and false as 0, then divide by 1 − rate.",
        "`return A * (rng.random(A.shape) >= rate) / (1 - rate)`",
    ],
)
def _(answer):
    A = np.random.default_rng(1).uniform(1, 2, size=(200, 100))
    shares, factors, masks = [], [], []
    for rate in (0.2, 0.6):
        got = call(answer, A, rate, np.random.default_rng(0))
        got = array_of_shape(got, A.shape, "an array like A")
        kept = got != 0
        if not kept.any():
            raise Wrong("Yours drops everything.")
        ratio = got[kept] / A[kept]
        if np.ptp(ratio) > 1e-6:
            raise Wrong("What remains should be multiplied by one common number.")
        shares.append(1 - kept.mean())
        factors.append(ratio[0])
        masks.append(kept)
    if np.allclose(shares, [0.8, 0.4], atol=0.03):
        raise Wrong("Yours keeps what it should drop: `rate` is the probability of a zero.")
    if max(shares) == 0:
        raise Wrong("Yours drops nothing.")
    if all(len(np.unique(m, axis=0)) == 1 or len(np.unique(m, axis=1).T) == 1 for m in masks):
        raise Wrong("Yours drops whole rows or columns. Draw for each entry: size `A.shape`.")
    if not np.allclose(shares, [0.2, 0.6], atol=0.03):
        raise Wrong(f"With rate 0.2 a fifth should be zero; yours has a share of {shares[0]:.2f}.")
    mistakes = [
        ([1, 1], "Divide what remains by 1 − rate, so that sums keep their size."),
        (
            [0.8, 0.4],
            "Yours multiplies by 1 − rate. Divide by it: fewer remain, so each counts more.",
        ),
        ([5, 1 / 0.6], "Yours divides by the rate. Divide by what is kept, 1 − rate."),
    ]
    if not recognize(factors, [1.25, 2.5], mistakes):
        raise Wrong(
            f"With rate 0.2, what remains is to be multiplied by 1.25, not {factors[0]:.3g}."
        )
    return "This is all that Keras's Dropout does in training. In predicting it does nothing."


# 11c


class _Watched:
    """A trial that notes what is reported, and says stop after so many reports."""

    def __init__(self, stop_after=None):
        self.reports, self.asked, self.stop_after = [], [], stop_after

    def report(self, value, step):
        self.reports.append((float(value), int(step)))

    def should_prune(self):
        self.asked.append(len(self.reports))
        return self.stop_after is not None and len(self.reports) >= self.stop_after


def _watched(answer, interval, n_epochs=9, stop_after=None):
    """Run epochs as Keras would; return the trial and the epochs begun, or None if not pruned."""
    import optuna

    if not callable(answer):
        call(answer)
    trial = _Watched(stop_after)
    for epoch in range(n_epochs):
        logs = {"loss": 2.0 - epoch / 10, "val_loss": 3.0 - epoch / 10, "val_accuracy": epoch / 10}
        try:
            result = answer(trial, epoch, logs, interval)
            if result is not None and is_unanswered(result):
                raise Unanswered
        except optuna.TrialPruned:
            return trial, epoch + 1
        except (Unanswered, Wrong):
            raise
        except Exception as error:
            raise Unreadable(
                f"After epoch {epoch}, your function raised {type(error).__name__}: {error}"
            ) from error
    return trial, None


@exercise(
    "11.9",
    hints=[
        "After epoch 0 Keras has trained one epoch, after epoch 2 three: `epoch + 1` counts them.",
        "`if (epoch + 1) % interval: return` leaves the function after the other epochs.",
        '`trial.report(logs["val_loss"], epoch)`, then ask, then `raise optuna.TrialPruned`.',
    ],
)
def _(answer):
    trial, ended = _watched(answer, 3)
    if not trial.reports:
        raise Wrong("Nothing is reported, so nothing can be pruned.")
    steps = [step for _, step in trial.reports]
    values = [value for value, _ in trial.reports]
    if len(steps) == 9:
        raise Wrong("Yours reports after every epoch, whatever `interval` says.")
    if steps == [0, 3, 6]:
        raise Wrong("Yours reports after the epochs 0, 3, 6, that is after 1, 4 and 7 of them.")
    if steps != [2, 5, 8]:
        raise Wrong(
            f"Report after the epochs 2, 5, 8, with the epoch as the step; yours has the steps {steps}."
        )
    mistakes = [
        ([1.8, 1.5, 1.2], "That is the loss on the training rows."),
        ([0.2, 0.5, 0.8], "That is the accuracy; the loss on the validation rows is asked for."),
        ([-2.8, -2.5, -2.2], "No minus sign: the direction of the study knows that low is good."),
    ]
    if not recognize(values, [2.8, 2.5, 2.2], mistakes):
        raise Wrong('Report `logs["val_loss"]` as it is.')
    if not trial.asked:
        raise Wrong("Yours never asks `trial.should_prune()`.")
    if len(trial.asked) > 3:
        raise Wrong("Ask only when you have just reported.")
    if trial.asked != [1, 2, 3]:
        raise Wrong("First report, then ask: the pruner judges what it was told.")
    if ended is not None:
        raise Wrong("Yours leaves although the pruner says no.")
    _, ended = _watched(answer, 2, stop_after=2)
    if ended is None:
        raise Wrong(
            "When the pruner says yes, raise optuna.TrialPruned: Keras takes no notice of what a "
            "callback returns."
        )
    if ended != 4:
        raise Wrong("With interval 2, and a pruner that stops at the second report, 4 epochs run.")
    return "That is all there is to a pruning callback; `KerasPruningCallback` does it in this way."


def _hyperband_values(*trials):
    names = ("tuner/epochs", "tuner/initial_epoch")
    return [{"learning_rate": 0.01, **dict(zip(names, trial, strict=True))} for trial in trials]


@exercise(
    "11.10",
    hints=[
        "A trial that goes on from epoch 7 to epoch 20 trains 13.",
        'A dictionary has `.get(name, default)`: `values.get("tuner/epochs", epochs)`.',
        'Sum `values.get("tuner/epochs", epochs) - values.get("tuner/initial_epoch", 0)`.',
    ],
)
def _(answer):
    one = _hyperband_values((3, 0), (3, 0), (3, 0), (7, 3), (20, 7))
    plain = [{"learning_rate": rate} for rate in (0.1, 0.01, 0.001)]
    got = [
        number(call(answer, one, 20), "the epochs trained"),
        number(call(answer, plain, 12), "the epochs trained"),
        number(call(answer, one + plain, 12), "the epochs trained"),
    ]
    mistakes = [
        (
            [36, 36, 72],
            "A promoted trial goes on where the older one stood: take its first epochs away.",
        ),
        ([100, 36, 96], "Not every trial trains all epochs: Hyperband says how far each may go."),
        ([26, 0, 26], "Trials without such entries train `epochs` epochs each."),
        ([20, 12, 20], "That is the longest trial; all of them are paid."),
        ([10, 0, 10], "Those are the epochs that were saved by going on; subtract them."),
        ([46, 36, 82], "`tuner/initial_epoch` is to be taken away, not added."),
    ]
    if not recognize(got, [26, 36, 62], mistakes):
        raise Wrong(
            f"Two trials up to epoch 3, then one from 3 to 7 and one from 7 to 20 make "
            f"{3 + 3 + 4 + 13}; for the first list it should be 26, not {got[0]:g}."
        )
    return (
        "Count this, not the trials: 26 epochs for five trials, and 36 would be without going on."
    )


choice(
    "11.11",
    right="b",
    because="Three random trials for each of five hyperparameters are 15, and random trials of one seed are "
    "the same for every tuner. Say `num_initial_points=5`, or search longer.",
    wrong={
        "a": "It has not proposed a single setting yet: all 15 are drawn at random.",
        "c": "Random trials are drawn from the seed in the same way by every tuner of KerasTuner.",
    },
    hints=[
        "How many random trials does it begin with?",
        "Three times five is 15. Which trial is the first that the Gaussian process proposes?",
    ],
)


@exercise(
    "11.12",
    hints=[
        "`valid.argmax()` counts through the flattened array; `np.unravel_index` gives row and column.",
        "Look both arrays up at the same place: the winner's, in its best epoch.",
        "`at = valid.argmax()`, then `valid.flat[at] - test.flat[at]`.",
    ],
)
def _(answer):
    valid = np.array([[0.60, 0.80, 0.78], [0.70, 0.77, 0.92], [0.50, 0.95, 0.81]])
    test = np.array([[0.61, 0.79, 0.79], [0.72, 0.90, 0.93], [0.55, 0.83, 0.84]])
    got = number(call(answer, valid, test), "how much too good the score is")
    mistakes = [
        (-0.12, "The other way round: how much the validation score is above the test score."),
        (
            0.95 - 0.93,
            "Test scores must not choose: look them up where the validation score is best.",
        ),
        (0.92 - 0.93, "KerasTuner takes each trial's best epoch, not its last."),
        (0.95 - 0.84, "The weights that are kept are those of the best epoch, not of the last."),
        (
            np.mean(valid.max(axis=1) - [0.79, 0.93, 0.83]),
            "That is the mean over the trials; only the winner is asked for.",
        ),
        (np.mean(valid - test), "That is the mean over everything; only the winner is asked for."),
        (0.95, "That is the score of the winner; subtract what it scores on the test rows."),
        (0.83, "That is what the winner scores on the test rows; subtract it from its score."),
    ]
    if not recognize(got, 0.12, mistakes):
        raise Wrong(f"Here it should be 0.12, not {got:g}.")
    return "One number was the best of nine, the other was not chosen for being high."


choice(
    "11.13",
    right="b",
    because="KerasTuner reads `seed or random.randint(1, 10000)`, and 0 counts as no seed.",
    wrong={
        "a": "That would be so with any other seed. But for KerasTuner 0 is no seed.",
        "c": "The seed of a tuner says which settings are tried, not which weights. And 0 is special.",
    },
    hints=[
        "In Python, what is `0 or 7`?",
        "The tuner draws a seed of its own whenever it was given none, or nothing that counts as true.",
    ],
)

choice(
    "11.14",
    right="b",
    because="A `History` holds its model, and with it all weights and what was compiled for it. Keep "
    "`history.history`, a dictionary of lists.",
    wrong={
        "a": "These are lists of numbers: nothing of the network is left in them.",
        "c": "One number for each network, and the network is free to go.",
    },
    hints=[
        "What `fit` returns is an object. Which of its attributes do you usually read?",
        "Look for an attribute that leads back to the network: try `dir(history)`.",
    ],
)
