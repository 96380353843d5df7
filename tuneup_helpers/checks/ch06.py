"""Exercises of chapter 06, Gradient-based optimization."""

import numpy as np

from tuneup_helpers.exercises import (
    Unreadable,
    Wrong,
    array_of_shape,
    call,
    choice,
    exercise,
    number,
    recognize,
    sequence,
)

choice(
    "06.1",
    right="a",
    because="The curve falls to the right there, so its slope is negative; descent subtracts the "
    "slope, and minus a negative number makes theta larger.",
    wrong={
        "b": "The slope is negative, yes. But descent goes *against* the slope: it subtracts it.",
        "c": "The curve falls to the right at -3. What sign has the slope of a falling curve?",
    },
    hints=[
        "Where is the bottom of the valley, left or right of -3?",
        "theta - step * slope, with a negative slope: larger or smaller than theta?",
    ],
)


@exercise(
    "06.2",
    hints=[
        "A small change of the shared penalty changes each member by as much. Their effects add up.",
        "For each k, `gradient[group == k].sum()`.",
        "`np.bincount(group, weights=gradient)`",
    ],
)
def _(answer):
    gradient, group = np.array([1.0, -2.0, 4.0, 0.5, 8.0]), np.array([0, 2, 0, 1, 2])
    got = call(answer, gradient, group)
    got = array_of_shape(got, 3, "one for each shared penalty")
    sums, count = np.array([5.0, 0.5, 6.0]), np.array([2, 1, 2])
    mistakes = [
        (sums / count, "That is the mean of the members; their effects add up."),
        (count, "That is the count of members: where is the gradient?"),
        (gradient[:3], "Those are the first numbers of the gradient; look at `group`."),
        ([4.0, 0.5, 8.0], "That is one member of each group, not what all of them do together."),
        ([1.0, 0.5, -2.0], "That is one member of each group, not what all of them do together."),
        ([5.0, 0.5, 10.0], "That adds up sizes without their signs; effects may cancel."),
        (-sums, "The sign is turned round: nothing is subtracted here."),
    ]
    if not recognize(got, sums, mistakes):
        raise Wrong(
            f"For gradient {gradient.tolist()} and group {group.tolist()} it should be "
            f"{sums.tolist()}, not {got.tolist()}."
        )
    return "The chain rule again. One penalty for all is the sum over all columns."


choice(
    "06.3",
    right="a",
    because="Two fits for each hyperparameter. The other two compute one vector, `v` or `q`, and "
    "read all slopes off it.",
    wrong={
        "b": "Look at `unrolled`: the backward loop runs once, whatever the length of theta.",
        "c": "One linear system, `A q = ...`, is solved, whatever the length of theta.",
    },
    hints=[
        "Which of the three functions has a loop over the hyperparameters?",
        "`for j, step in enumerate(...)` occurs in one of them.",
    ],
)


def _neumann(hessian_times, b, eta, terms, *, inside=None):
    """Return the sum over the given powers k; `inside` is the factor of H in the bracket."""
    inside = eta if inside is None else inside
    term, total = np.array(b, dtype=float), np.zeros(len(b))
    for k in range(max(terms) + 1):
        total += term * (k in terms)
        term = term - inside * hessian_times(term)
    return eta * total


@exercise(
    "06.4",
    hints=[
        "Keep a `term`, at first b, and a `total`. What turns one term into the next?",
        "(I - eta H) term is `term - eta * hessian_times(term)`.",
        "Add the term before you turn it into the next one, and multiply by eta at the end.",
    ],
)
def _(answer):
    H, b, eta, n = np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([1.0, -3.0]), 0.3, 4

    def times(v):
        return H @ v

    got = array_of_shape(call(answer, times, b, eta, n), len(b), "a vector as long as b")
    expected = _neumann(times, b, eta, range(n))
    mistakes = [
        (expected / eta, "The eta in front of the sum is missing."),
        (_neumann(times, b, eta, range(1, n + 1)), "The sum begins at k = 0, with b itself."),
        (_neumann(times, b, eta, range(1, n)), "The sum begins at k = 0, with b itself."),
        (_neumann(times, b, eta, [n - 1]), "That is the last term alone: add them up."),
        (_neumann(times, b, eta, [n]), "That is the last term alone: add them up."),
        (np.linalg.solve(H, b), "That is the exact solution; K terms are asked for."),
        (_neumann(times, b, eta, range(n + 1)), "That is one too many: K terms, k from 0."),
        (_neumann(times, b, eta, range(n - 1)), "That is one too few: K terms, k from 0."),
        (_neumann(times, b, eta, range(n), inside=-eta), "In the bracket eta H is subtracted."),
        (_neumann(times, b, eta, range(n), inside=1), "There is an eta in the bracket, too."),
    ]
    if not recognize(got, expected, mistakes):
        raise Wrong(f"On a test case it should be {expected.round(4)}, not {got.round(4)}.")
    return (
        "With more terms it approaches the exact solution, if eta is below 2 / largest curvature."
    )


choice(
    "06.5",
    right="b",
    because="The larger family can do all that the smaller one can, on the rows that steer. On "
    "others it does worse, because 120 rows cannot say what 70 penalties should be.",
    wrong={
        "a": "Containing the smaller family helps on the rows that steer; what does it do on "
        "rows that do not?",
        "c": "On the rows that steer, 70 penalties always find something that seven could not.",
    },
    hints=[
        "Which of the two losses does the method go down on?",
        "A polynomial with more coefficients: what do the training and the test error do?",
    ],
)

choice(
    "06.6",
    right="c",
    because="A third set of rows decides when to stop, as for a network. It has then been used "
    "to choose, so the score that you quote comes from yet others.",
    wrong={
        "a": "At the last fit the 200 penalties have memorized the validation rows: the lowest "
        "validation loss is the one that is most too good.",
        "b": "To see which fit it is you would have to look at the test rows, and then they "
        "are test rows no longer.",
    },
    hints=[
        "Which rows may be used to choose something, and which only to report?",
        "Early stopping of a network looks at rows that do not train it. Who is trained here, and "
        "on what?",
    ],
)

choice(
    "06.7",
    right="b",
    because="Above, 30 clean rows gave exactly that picture, and untouched rows got worse.",
    wrong={
        "a": "These 50 rows steered the weights: their accuracy would rise to 1.00 either way.",
        "c": "Fitting the 50 rows needs no wrong label to be found. To know what was found, one "
        "would have to look at the labels.",
    },
    hints=[
        "In the table above, which accuracy rises in all three cases?",
        "Who chose the weights, and on which rows is the result quoted?",
    ],
)

choice(
    "06.8",
    right="c",
    because="It is above a million, for a loss of ordinary size. The section that follows shows why.",
    wrong={
        "a": "A smooth curve through losses between 1 and 10 would have such slopes. Is the curve "
        "smooth at this rate?",
        "b": "Each of the 50 steps multiplies a small change by a factor above 1. A thousand would "
        "be a factor of 1.15 a step.",
    },
    hints=[
        "How much does the loss change from one rate to the next one that was drawn?",
        "A factor a little below 2, applied 50 times: how large does that get?",
    ],
)


@exercise(
    "06.9",
    hints=[
        "One step multiplies a change by 1 - rate * curvature. How much is that here?",
        "1 - 2.5 = -1.5: the sign flips, and the size grows by a factor of 1.5.",
        "1.5 multiplied with itself, 20 times: `1.5 ** 20`.",
    ],
)
def _(answer):
    value = number(answer, "the factor after 20 steps")
    mistakes = [
        (1.5, "That is the factor of one step; 20 steps follow each other."),
        (-1.5, "That is the factor of one step; 20 steps follow each other."),
        (30, "That adds the factor up 20 times; each step multiplies what is there."),
        (2.5**20, "That leaves the 1 out: the factor of a step is 1 - rate * curvature."),
        (3.5**20, "In the factor of a step, rate times curvature is subtracted from 1."),
        (0.5**20, "That is the rate alone; the curvature counts as well."),
        (4.0**20, "That is the factor for the full curvature; multiply it by the rate first."),
        (-(1.5**20), "An even number of flips leaves the sign as it was, and a size has none."),
    ]
    if not recognize(value, 1.5**20, mistakes, tolerance=0.3):
        raise Wrong(f"{value:g} is not it. Which factor belongs to one step?")
    return "More than 3,000 after 20 steps, and it would be 600 million after 50."


@exercise(
    "06.10",
    hints=[
        "The inner product of two vectors is `gradient @ previous_gradient`.",
        "rate = rate + beta * gradient @ previous_gradient",
        "Then the usual step, `w - rate * gradient`, and return both.",
    ],
)
def _(answer):
    w, g, previous = np.array([1.0, 2.0]), np.array([0.5, -1.0]), np.array([0.25, -3.0])
    rate, beta = 0.1, 0.02
    both = "Two things, the new weights and the new rate,"
    got = sequence(call(answer, w, g, previous, rate, beta), both, length=2)
    if np.shape(got[0]) == () and np.shape(got[1]) == w.shape:
        raise Unreadable("Return the weights first, then the rate.")
    if np.shape(got[1]) == w.shape:
        raise Unreadable("The rate is one number: take the inner product, with `@`.")
    new_w, new_rate = array_of_shape(got[0], len(w), "the weights"), number(got[1], "the rate")

    def step(rate_of_step, rate_returned, sign=-1):
        return [*(w + sign * rate_of_step * g), rate_returned]

    right = rate + beta * g @ previous
    shorter, own = rate - beta * g @ previous, rate + beta * g @ g
    unscaled, multiplied = rate + g @ previous, rate * (1 + beta * g @ previous)
    mistakes = [
        (
            step(shorter, shorter),
            "These two gradients agree, and your rate got shorter; it should grow.",
        ),
        (step(rate, right), "Step with the new rate: update it first."),
        (step(right, rate), "The weights are right; return the new rate with them, not the old."),
        (step(own, own), "Multiply with the previous gradient, not with the same one."),
        (step(right, right, sign=1), "That goes uphill: subtract the gradient."),
        (step(unscaled, unscaled), "Scale the change of the rate by beta."),
        (step(multiplied, multiplied), "The change is added to the rate, not multiplied with it."),
        (step(rate, rate), "Nothing has happened to the rate: it follows from two gradients."),
        (
            [*(w - right * previous), right],
            "The step follows the present gradient; the previous one only changes the rate.",
        ),
    ]
    if not recognize([*new_w, new_rate], step(right, right), mistakes):
        right_w = w - right * g
        raise Wrong(
            f"On a test case it should be weights {right_w.round(4)} and rate {right:.4f}, "
            f"not {new_w.round(4)} and {new_rate:.4f}."
        )
    return "One line more than gradient descent, and one stored gradient."


choice(
    "06.11",
    right="ac",
    because="Both are real numbers that the validation loss follows smoothly. Trees are counted "
    "and kernels named: there is nothing between two of them.",
    wrong={
        "a": "The strength of an L2 penalty is what most of this chapter descended on.",
        "b": "There is no forest with 10.5 trees: no slope.",
        "c": "The weight of a loss term is a real number, and training reacts to it smoothly.",
        "d": "Between rbf and poly there is nothing to step on, unless the two are mixed: that "
        "would be a relaxation.",
    },
    hints=[
        "Can it be turned by a little, and does the validation loss then move by a little?",
        "Two of the four are real numbers.",
    ],
)
