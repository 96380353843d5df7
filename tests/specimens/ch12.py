"""Specimen answers to the exercises of chapter 12."""

import numpy as np

SPECIMENS = {}


def _side(n, kernel, stride=1, padding=0):
    return (n + 2 * padding - kernel) // stride + 1


SPECIMENS["12.1"] = {
    "right": [_side, lambda *sizes: np.int64(_side(*sizes))],
    "wrong": [
        (lambda n, k, s, p: (n + 2 * p - k) // s, "One is missing"),
        (lambda n, k, s, p: (n + p - k) // s + 1, "on both sides"),
        (lambda n, k, s, p: n + 2 * p - k + 1, "The stride is missing"),
        (lambda n, k, s, p: (n - k) // s + 1, "The padding is missing"),
        (lambda n, k, s, p: (n + 2 * p - k + 1) // s, "after the division"),
        (lambda n, k, s, p: -(-(n + 2 * p - k) // s) + 1, "Round down"),
        (lambda n, k, s, p: (n + 2 * p) // s, "kernel's size is missing"),
        (lambda n, k, s, p: 100, "has a side of"),
        (lambda n, k, s, p: (n + 2 * p - k) / s + 1.25, "whole number"),
    ],
    "unreadable": [
        (_side(14, 3), "the function itself"),
        (lambda n, k, s, p: (n, k), "whole number"),
    ],
}

_PAGE = {
    "learning_rate": 0.001,
    "filters": 8,
    "kernel_size": 3,
    "strides": 1,
    "dropout": 0,
    "batch_size": 32,
}

SPECIMENS["12.4"] = {
    "right": [
        _PAGE | {"learning_rate": 0.01, "filters": 4, "strides": 2},
        _PAGE | {"learning_rate": 0.03, "filters": 4, "strides": 2, "batch_size": 128},
    ],
    "wrong": [
        (_PAGE, "70,560 multiplications"),
        (_PAGE | {"filters": 4, "strides": 2}, "its learning rate is too low"),
        (_PAGE | {"learning_rate": 0.01, "kernel_size": 1}, "but it scores"),
    ],
    "unreadable": [
        ({"filters": 4}, "Missing"),
        (_PAGE | {"filters": 6}, "no filters of 6"),
        (_PAGE | {"dropout": "none"}, "no dropout of 'none'"),
        (_PAGE | {"rate": 0.1}, "unknown: ['rate']"),
        (0.77, "A dict is asked for"),
    ],
}


def _halving(n=70, first=1, kept=12):
    def search(train, choices, rng):
        settings = [
            {name: values[rng.integers(len(values))] for name, values in choices.items()}
            for _ in range(n)
        ]
        scores = [train(setting, first) for setting in settings]
        best = [settings[i] for i in np.argsort(scores)[::-1][:kept]]
        return max(best, key=lambda setting: train(setting, 8))

    return search


def _knows(train, choices, rng):
    setting = _PAGE | {"learning_rate": 0.01, "filters": 16, "strides": 2}
    train(setting, 8)
    return setting


def _forgets(train, choices, rng):
    setting = {name: values[0] for name, values in choices.items()}
    train(setting, 3)
    return setting


SPECIMENS["12.6"] = {
    "right": [_halving(), _halving(60)],
    "wrong": [
        (_halving(20, 8, 20), "random search reaches 0.773"),
        (_halving(8, 8, 8), "less than those of random search"),
        (_halving(200), "more than 160 epochs"),
        (_knows, "That is no search"),
        (_forgets, "not trained to the end"),
    ],
    "unreadable": [
        (_halving(20, 9), "from 1 to 8, got 9"),
        (lambda train, choices, rng: train({}, 8), "Missing"),
        (lambda train, choices, rng: 0.8, "A dict is asked for"),
        (_PAGE, "the function itself"),
        (lambda train: None, "raised TypeError"),
    ],
}


def _macro(counts):
    return np.mean(np.diag(counts) / np.maximum(counts.sum(axis=0), 1))


SPECIMENS["12.7"] = {
    "right": [_macro],
    "wrong": [
        (lambda c: np.mean(np.diag(c) / c.sum(axis=1)), "That is the recall"),
        (lambda c: np.trace(c) / c.sum(), "That is the accuracy"),
        (
            lambda c: np.average(np.diag(c) / np.maximum(c.sum(axis=0), 1), weights=c.sum(axis=1)),
            "That is the weighted average",
        ),
        (
            lambda c: np.mean([c[i, i] / c[:, i].sum() for i in range(len(c)) if c[:, i].any()]),
            "must not be left out",
        ),
        (lambda c: 0.123, "it is"),
    ],
    "unreadable": [
        (lambda c: np.diag(c), "One number is asked for"),
        (0.8, "the function itself"),
    ],
}
