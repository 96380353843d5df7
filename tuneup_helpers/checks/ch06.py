"""Exercises of chapter 06, Gradient-based optimization."""

import numpy as np

from tuneup_helpers.exercises import Wrong, call, choice, exercise

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


def _group_sums(gradient, group):
    return np.bincount(group, weights=gradient)


def _group_means(gradient, group):
    return np.bincount(group, weights=gradient) / np.bincount(group)


@exercise(
    "06.2",
    hints=[
        "Turning the shared dial by a little turns each member by that much. Their effects add up.",
        "For each k, `gradient[group == k].sum()`.",
        "`np.bincount(group, weights=gradient)`",
    ],
)
def _(answer):
    gradient, group = np.array([1.0, -2.0, 4.0, 0.5, 8.0]), np.array([0, 2, 0, 1, 2])
    got = call(answer, gradient, group)
    try:
        got = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        raise Wrong("Return numbers.") from None
    if got.shape != (3,):
        raise Wrong(
            f"Return one number for each shared penalty: here 3, not the shape {got.shape}."
        )
    for wrong, words in (
        (_group_means(gradient, group), "That is the mean of the members; their effects add up."),
        (np.bincount(group), "That is the count of members: where is the gradient?"),
        (gradient[:3], "Those are the first numbers of the gradient; look at `group`."),
    ):
        if np.allclose(got, wrong):
            raise Wrong(words)
    expected = _group_sums(gradient, group)
    if not np.allclose(got, expected):
        raise Wrong(
            f"For gradient {gradient.tolist()} and group {group.tolist()} it should be "
            f"{expected.tolist()}, not {got.tolist()}."
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


def _neumann(hessian_times, b, eta, n_terms, power=None):
    term, total = np.array(b, dtype=float), np.zeros(len(b))
    for _ in range(n_terms):
        total = total + term
        term = term - eta * hessian_times(term)
    return eta * total


def _neumann_without_eta(hessian_times, b, eta, n_terms):
    return _neumann(hessian_times, b, eta, n_terms) / eta


def _neumann_from_one(hessian_times, b, eta, n_terms):
    return _neumann(hessian_times, b, eta, n_terms + 1) - eta * b


def _neumann_last(hessian_times, b, eta, n_terms):
    return _neumann(hessian_times, b, eta, n_terms) - _neumann(hessian_times, b, eta, n_terms - 1)


def _neumann_exact(hessian_times, b, eta, n_terms):
    H = np.column_stack([hessian_times(e) for e in np.eye(len(b))])
    return np.linalg.solve(H, b)


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

    got = call(answer, times, b, eta, n)
    try:
        got = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        raise Wrong("Return numbers.") from None
    if got.shape != b.shape:
        raise Wrong(f"Return a vector as long as b, not the shape {got.shape}.")
    for wrong, words in (
        (_neumann_without_eta, "The eta in front of the sum is missing."),
        (_neumann_from_one, "The sum begins at k = 0, with b itself."),
        (_neumann_last, "That is the last term alone: add them up."),
        (_neumann_exact, "That is the exact solution; K terms are asked for."),
        (lambda *args: _neumann(*args[:3], n + 1), "That is one too many: K terms, k from 0."),
        (lambda *args: _neumann(*args[:3], n - 1), "That is one too few: K terms, k from 0."),
    ):
        if np.allclose(got, wrong(times, b, eta, n)):
            raise Wrong(words)
    expected = _neumann(times, b, eta, n)
    if not np.allclose(got, expected):
        raise Wrong(f"On a test case it should be {expected.round(4)}, not {got.round(4)}.")
    return (
        "With more terms it approaches the exact solution, if eta is below 2 / largest curvature."
    )


choice(
    "06.5",
    right="c",
    because="A third set of rows decides when to stop, as for a network. It has then been used "
    "to choose, so the score to be quoted comes from yet others.",
    wrong={
        "a": "At the last trial the 200 dials have learnt the validation rows by heart: the "
        "lowest validation loss is the most flattered one.",
        "b": "To see which trial it is you would have to look at the test rows, and then they "
        "are test rows no longer.",
    },
    hints=[
        "Which rows may be used to choose something, and which only to report?",
        "Early stopping of a network looks at rows that do not train it. Who is trained here, and "
        "on what?",
    ],
)

choice(
    "06.6",
    right="b",
    because="Above, 60 clean rows gave exactly that picture, and untouched rows did not gain at all.",
    wrong={
        "a": "These 50 rows steered the weights: their accuracy would rise to 1.00 either way.",
        "c": "Fitting the 50 rows needs no wrong label to be found. How well they are found is "
        "said by the area under the ROC curve, if the flips are known.",
    },
    hints=[
        "In the table above, which column rises for every size?",
        "Who chose the weights, and on which rows is the result quoted?",
    ],
)


def _step(w, gradient, previous_gradient, rate, beta, *, sign=1, late=False, own=False):
    other = gradient if own else previous_gradient
    new_rate = rate + sign * beta * np.sum(np.asarray(gradient) * np.asarray(other))
    return w - (rate if late else new_rate) * gradient, new_rate


def _step_upwards(w, gradient, previous_gradient, rate, beta):
    new_rate = rate + beta * gradient @ previous_gradient
    return w + new_rate * gradient, new_rate


def _step_unscaled(w, gradient, previous_gradient, rate, beta):
    return _step(w, gradient, previous_gradient, rate, 1.0)


@exercise(
    "06.7",
    hints=[
        "The inner product of two vectors is `gradient @ previous_gradient`.",
        "rate = rate + beta * gradient @ previous_gradient",
        "Then the usual step, `w - rate * gradient`, and return both.",
    ],
)
def _(answer):
    w, g, previous = np.array([1.0, 2.0]), np.array([0.5, -1.0]), np.array([0.25, -3.0])
    rate, beta = 0.1, 0.02
    got = call(answer, w, g, previous, rate, beta)
    if not isinstance(got, tuple | list) or len(got) != 2:
        raise Wrong("Return two things: the new weights and the new rate.")
    try:
        new_w, new_rate = (np.asarray(part, dtype=float) for part in got)
    except (TypeError, ValueError):
        raise Wrong("Return numbers.") from None
    if new_w.shape == () and new_rate.shape == w.shape:
        raise Wrong("Return the weights first, then the rate.")
    if new_rate.shape != ():
        raise Wrong("The rate is one number: take the inner product, with `@`.")
    if new_w.shape != w.shape:
        raise Wrong(f"The weights should keep their shape {w.shape}, not get {new_w.shape}.")
    for wrong, words in (
        (
            lambda *args: _step(*args, sign=-1),
            "These two gradients agree, and your rate got shorter; it should grow.",
        ),
        (lambda *args: _step(*args, late=True), "Step with the new rate: update it first."),
        (
            lambda *args: _step(*args, own=True),
            "Multiply with the previous gradient, not with the same one.",
        ),
        (_step_upwards, "That goes uphill: subtract the gradient."),
        (_step_unscaled, "Scale the change of the rate by beta."),
    ):
        wrong_w, wrong_rate = wrong(w, g, previous, rate, beta)
        if np.allclose(new_w, wrong_w) and np.isclose(new_rate, wrong_rate):
            raise Wrong(words)
    right_w, right_rate = _step(w, g, previous, rate, beta)
    if not (np.allclose(new_w, right_w) and np.isclose(new_rate, right_rate)):
        raise Wrong(
            f"On a test case it should be weights {right_w.round(4)} and rate {right_rate:.4f}, "
            f"not {new_w.round(4)} and {new_rate:.4f}."
        )
    return "One line more than gradient descent, and one stored gradient."


choice(
    "06.8",
    right="ac",
    because="Both are real numbers that the validation loss follows smoothly. Trees are counted "
    "and kernels named: there is nothing between two of them.",
    wrong={
        "a": "The strength of an L2 penalty is what most of this notebook descended on.",
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
