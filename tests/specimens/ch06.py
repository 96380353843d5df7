"""Specimen answers to the exercises of chapter 06."""

import numpy as np

SPECIMENS = {}


def _group_sums(gradient, group):
    return np.bincount(group, weights=gradient)


def _only_one_of_each(gradient, group):
    found = np.zeros(max(group) + 1)
    found[group] += gradient  # of several with the same number only the last arrives
    return found


SPECIMENS["06.2"] = {
    "right": [
        _group_sums,
        lambda gradient, group: tuple(_group_sums(gradient, group)),
        lambda gradient, group: [
            sum(g for g, k in zip(gradient, group, strict=True) if k == member)
            for member in range(max(group) + 1)
        ],
    ],
    "wrong": [
        (lambda g, group: _group_sums(g, group) / np.bincount(group), "the mean of the members"),
        (lambda g, group: np.bincount(group), "the count of members"),
        (lambda g, group: np.asarray(g)[: max(group) + 1], "the first numbers"),
        (_only_one_of_each, "one member of each group"),
        (lambda g, group: _group_sums(abs(g), group), "without their signs"),
        (lambda g, group: -_group_sums(g, group), "turned round"),
        (lambda g, group: [0.0] * (max(group) + 1), "it should be"),
    ],
    "unreadable": [
        (lambda g, group: np.sum(g), "3 numbers are asked for, one for each shared penalty"),
        (lambda g, group: np.asarray(g), "array of shape (5,)"),
        (lambda g, group: g[group], "array of shape (5,)"),
        (lambda g, group: [g[group == k].sum() for k in range(max(group))], "a list of 2"),
        (lambda g, group: {k: g[group == k].sum() for k in range(3)}, "a dict of 3"),
        (lambda g: g, "raised TypeError"),
        (3, "the function itself"),
    ],
}


def _neumann(hessian_times, b, eta, n_terms):
    """Take the powers of the matrix, column by column."""
    bracket = np.eye(len(b)) - eta * np.column_stack([hessian_times(e) for e in np.eye(len(b))])
    return eta * sum(np.linalg.matrix_power(bracket, k) @ b for k in range(n_terms))


def _neumann_loop(hessian_times, b, eta, n_terms, factor=1, sign=-1, inside=True):
    total, term = 0 * b, b
    for _ in range(n_terms):
        total = total + term
        term = term + sign * (eta if inside else 1) * hessian_times(term)
    return eta * factor * total


def _neumann_exact(hessian_times, b, eta, n_terms):
    H = np.column_stack([hessian_times(e) for e in np.eye(len(b))])
    return np.linalg.solve(H, b)


SPECIMENS["06.4"] = {
    "right": [_neumann, _neumann_loop, lambda *args: list(_neumann_loop(*args))],
    "wrong": [
        (lambda h, b, eta, n: _neumann(h, b, eta, n) / eta, "in front of the sum"),
        (lambda h, b, eta, n: _neumann(h, b, eta, n + 1) - eta * b, "begins at k = 0"),
        (lambda h, b, eta, n: _neumann(h, b, eta, n) - eta * b, "begins at k = 0"),
        (lambda h, b, eta, n: _neumann(h, b, eta, n) - _neumann(h, b, eta, n - 1), "last term"),
        (_neumann_exact, "exact solution"),
        (lambda h, b, eta, n: _neumann(h, b, eta, n + 1), "one too many"),
        (lambda h, b, eta, n: _neumann(h, b, eta, n - 1), "one too few"),
        (lambda *args: _neumann_loop(*args, sign=1), "is subtracted"),
        (lambda *args: _neumann_loop(*args, inside=False), "an eta in the bracket"),
        (lambda h, b, eta, n: h(b), "it should be"),
    ],
    "unreadable": [
        (lambda h, b, eta, n: 1.0, "2 numbers are asked for, a vector as long as b"),
        (lambda h, b, eta, n: np.eye(2), "array of shape (2, 2)"),
        (lambda h, b, eta, n: h @ b, "raised ValueError"),
        (lambda *args: print(_neumann(*args)), "returns nothing"),
    ],
}


def _step(w, gradient, previous_gradient, rate, beta, *, sign=1, late=False, own=False):
    other = gradient if own else previous_gradient
    new_rate = rate + sign * beta * np.sum(np.asarray(gradient) * np.asarray(other))
    return w - (rate if late else new_rate) * gradient, new_rate


def _step_upwards(w, gradient, previous_gradient, rate, beta):
    new_rate = rate + beta * gradient @ previous_gradient
    return w + new_rate * gradient, new_rate


def _step_elementwise(w, gradient, previous_gradient, rate, beta):
    new_rate = rate + beta * gradient * previous_gradient
    return w - new_rate * gradient, new_rate


def _step_multiplied(w, gradient, previous_gradient, rate, beta):
    new_rate = rate * (1 + beta * gradient @ previous_gradient)
    return w - new_rate * gradient, new_rate


def _step_back(w, gradient, previous_gradient, rate, beta):
    new_rate = rate + beta * gradient @ previous_gradient
    return w - new_rate * previous_gradient, new_rate


SPECIMENS["06.10"] = {
    "right": [
        _step,
        lambda w, g, previous, rate, beta: list(_step(w, g, previous, rate, beta)),
        lambda *args: (_step(*args)[0].tolist(), np.array(_step(*args)[1])),
    ],
    "wrong": [
        (lambda *args: _step(*args, sign=-1), "shorter"),
        (lambda *args: _step(*args, late=True), "Step with the new rate"),
        (lambda w, g, p, rate, beta: (_step(w, g, p, rate, beta)[0], rate), "return the new rate"),
        (lambda *args: _step(*args, own=True), "with the previous gradient"),
        (_step_upwards, "uphill"),
        (lambda w, g, previous, rate, beta: _step(w, g, previous, rate, 1.0), "by beta"),
        (_step_multiplied, "added to the rate"),
        (_step_back, "the present gradient"),
        (lambda w, g, previous, rate, beta: (w - rate * g, rate), "Nothing has happened"),
        (lambda w, g, previous, rate, beta: (w, rate), "it should be"),
    ],
    "unreadable": [
        (_step_elementwise, "one number: take the inner product"),
        (lambda *args: _step(*args)[::-1], "weights first"),
        (lambda *args: _step(*args)[0][0], "Two things"),
        (lambda *args: (*_step(*args), 0), "a tuple of 3"),
        (lambda *args: (2.0, 3.0), "the weights; yours is 2"),
        (lambda w: w, "raised TypeError"),
        (lambda *args: print(_step(*args)), "returns nothing"),
    ],
}

SPECIMENS["06.9"] = {
    "right": [1.5**20, 3325.257, 3325, np.float64((1 - 0.5 * 5) ** 20)],
    "wrong": [
        (1.5, "20 steps follow"),
        (30, "adds the factor up"),
        (2.5**20, "leaves the 1 out"),
        (3.5**20, "subtracted from 1"),
        (0.5**20, "the rate alone"),
        (4.0**20, "the full curvature"),
        (-(1.5**20), "flips"),
        (7.0, "is not it"),
    ],
    "unreadable": [([1.5, 20], "number"), ("1.5 ** 20", "number")],
}
