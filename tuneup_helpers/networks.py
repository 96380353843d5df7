"""Many small Keras networks trained at once, so that seeds and learning rates are affordable.

Networks of one architecture differ only in numbers: initial weights, order of the rows, learning
rate. JAX compiles one training and maps it over all of them.
"""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import keras

__all__ = ["Curves", "train_many"]

INSTALL = "add them by 'make deep' (or 'python course.py setup deep') in the course's folder"


class Curves(NamedTuple):
    """What `train_many` saw: arrays of shape (n_networks, n_epochs).

    Attributes
    ----------
    loss : ndarray
        Mean training loss over the batches of the epoch, as the weights were at each batch.
    score : ndarray
        Accuracy on the validation rows at the end of the epoch.
    validation_loss : ndarray
        Loss on the validation rows at the end of the epoch, penalties of layers left out.
    """

    loss: np.ndarray
    score: np.ndarray
    validation_loss: np.ndarray


def train_many(
    model: keras.Model,
    X,
    y,
    *,
    validation_data,
    epochs: int,
    seeds,
    learning_rates=None,
    batch_size: int = 32,
) -> Curves:
    """Train copies of one compiled classifier at once: a seed and a learning rate for each.

    Each copy begins with weights of its own, drawn by the initializers of the model's layers,
    and sees the rows in an order of its own; both follow from its seed. What it computes is
    what `fit` computes: the same layers, loss and optimizer of Keras, mapped over all copies by
    `jax.vmap`. The rows that do not fill a batch are left out of an epoch; since each epoch
    shuffles anew, they are others each time.

    Parameters
    ----------
    model : keras.Model
        Compiled with a loss and an optimizer. One output for two classes, or one for each. It
        is a pattern: its own weights stay as they are.
    X : array-like, shape (n_rows, ...)
        Training rows.
    y : array-like of int, shape (n_rows,)
        Classes, counted from 0.
    validation_data : tuple of array-like
        Rows and classes that each epoch is scored on.
    epochs : int
        Passes over the training rows.
    seeds : sequence of int, length n_networks
        A seed for each network.
    learning_rates : array-like of float, optional
        A learning rate for each network, shape (n_networks,), or one for each of its batches,
        shape (n_networks, epochs * (n_rows // batch_size)): so a schedule is a row of rates.
        The optimizer's own by default.
    batch_size : int, default 32
        Rows in a batch.

    Returns
    -------
    Curves
        Loss, score and validation loss of each network after each epoch. A network whose
        weights overflow has a loss of NaN, and scores what the first class alone would.

    Raises
    ------
    ImportError
        If Keras or JAX is missing, or Keras runs on another backend.
    TypeError
        If `model` is not a Keras model, or a layer cannot be copied.
    ValueError
        If `model` is not compiled, lengths differ, the optimizer's rate is a schedule that
        `learning_rates` would replace, or a number is out of range.

    References
    ----------
    `keras.Model.stateless_call`, https://keras.io/guides/custom_train_step_in_jax/;
    `jax.vmap`, https://docs.jax.dev/en/latest/automatic-vectorization.html.

    Examples
    --------
    >>> keras = getfixture("keras_on_jax")
    >>> X, y = np.random.default_rng(0).normal(size=(80, 2)), np.repeat([0, 1], 40)
    >>> X[y == 1] += 3
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, "softmax")])
    >>> model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
    >>> curves = train_many(
    ...     model, X, y, validation_data=(X, y), epochs=4, seeds=[0, 1], learning_rates=[0.001, 0.1]
    ... )
    >>> curves.score.shape
    (2, 4)
    """
    jax, keras = _backend()
    X, y, X_new, y_new = _rows(X, y, validation_data)
    seeds = [int(seed) for seed in seeds]
    _check(keras, model, len(X), epochs, batch_size, seeds, learning_rates)
    starts = [_start(keras, model, seed) for seed in seeds]
    weights, others = map(_stack, zip(*starts, strict=True))
    optimizer = type(model.optimizer).from_config(model.optimizer.get_config())
    optimizer.build(model.trainable_variables)
    slots = [np.stack([np.asarray(v.value)] * len(seeds)) for v in optimizer.variables]
    orders = np.stack([_orders(seed, len(X), epochs, batch_size) for seed in seeds])
    at = rates = None
    if learning_rates is not None:
        at = [v is optimizer._learning_rate for v in optimizer.variables].index(True)
        rates = np.asarray(learning_rates, dtype="float32")
        rates = rates.reshape(len(seeds), -1, 1) if rates.ndim == 2 else rates[:, None, None]
        rates = np.broadcast_to(rates, (*rates.shape[:1], epochs * orders.shape[2], 1))
        rates = rates.reshape(orders.shape[:3])
    loss_of = _mean_loss(jax, keras, model)

    def loss_and_state(weights, others, rows, classes):
        output, others, penalties = model.stateless_call(
            weights, others, rows, training=True, return_losses=True
        )
        return loss_of(classes, output) + sum(penalties), others

    slope = jax.value_and_grad(loss_and_state, has_aux=True)

    def batch(state, rows_and_rate):
        weights, others, slots = state
        rows, rate = rows_and_rate
        if rate is not None:
            slots = [*slots[:at], rate, *slots[at + 1 :]]
        (loss, others), gradient = slope(weights, others, X[rows], y[rows])
        weights, slots = optimizer.stateless_apply(slots, gradient, weights)
        return (weights, others, slots), loss

    def epoch(state, rows_and_rates):
        state, losses = jax.lax.scan(batch, state, rows_and_rates)
        output, _ = model.stateless_call(*state[:2], X_new, training=False)
        guess = output.argmax(-1) if output.shape[-1] > 1 else (output[:, 0] > 0.5)
        return state, (losses.mean(), (guess == y_new).mean(), loss_of(y_new, output))

    def training(weights, others, slots, orders, rates):
        return jax.lax.scan(epoch, (weights, others, slots), (orders, rates))[1]

    X, y, X_new, y_new = map(jax.numpy.asarray, (X, y, X_new, y_new))
    curves = jax.jit(jax.vmap(training))(weights, others, slots, orders, rates)
    return Curves(*map(np.asarray, curves))


def _backend():
    """Import JAX and Keras, or say what is missing."""
    try:
        import jax
        import keras
    except ImportError as error:
        raise ImportError(f"train_many needs Keras and JAX: {INSTALL}") from error
    if keras.backend.backend() != "jax":
        raise ImportError(
            f"train_many needs Keras on JAX, and Keras runs on {keras.backend.backend()!r}: set "
            "os.environ['KERAS_BACKEND'] = 'jax' before the first 'import keras', in a new kernel"
        )
    return jax, keras


def _rows(X, y, validation_data):
    """Turn rows and classes into arrays that match."""
    try:
        X_new, y_new = validation_data
    except (TypeError, ValueError):
        raise ValueError(
            "validation_data must be a pair (X_validation, y_validation), got "
            f"{type(validation_data).__name__}"
        ) from None
    X, X_new = (np.asarray(rows, dtype="float32") for rows in (X, X_new))
    y, y_new = np.asarray(y), np.asarray(y_new)
    for name, rows, classes in (("X and y", X, y), ("validation_data", X_new, y_new)):
        if classes.ndim != 1 or len(rows) != len(classes) or not len(rows):
            raise ValueError(
                f"{name} must hold one class for each row, got shapes {rows.shape} and "
                f"{classes.shape}"
            )
    if y.dtype.kind not in "iub" or y_new.dtype.kind not in "iub":
        raise ValueError(
            f"classes must be whole numbers counted from 0, got {y.dtype} and {y_new.dtype}: "
            "scikit-learn's LabelEncoder makes them"
        )
    return X, y.astype("int32"), X_new, y_new.astype("int32")


def _check(keras, model, n_rows, epochs, batch_size, seeds, learning_rates):
    """Refuse what cannot be trained, with a word on what to do."""
    if not isinstance(model, keras.Model):
        raise TypeError(f"model must be a Keras model, got {type(model).__name__}")
    if getattr(model, "optimizer", None) is None:
        raise ValueError("the model is not compiled: call model.compile(optimizer=..., loss=...)")
    if not model.built:
        raise ValueError(
            "the model does not know its input yet: begin with keras.Input((n_columns,))"
        )
    if not seeds:
        raise ValueError("seeds must name at least one network, got none")
    if epochs < 1:
        raise ValueError(f"epochs must be 1 or more, got {epochs!r}")
    if not 1 <= batch_size <= n_rows:
        raise ValueError(f"batch_size must be from 1 to {n_rows} (the rows), got {batch_size!r}")
    if learning_rates is None:
        return
    if len(learning_rates) != len(seeds):
        raise ValueError(
            "seeds and learning_rates must be equally long, one of each for a network: got "
            f"{len(seeds)} and {len(learning_rates)}"
        )
    steps = epochs * (n_rows // batch_size)
    if np.shape(learning_rates) not in ((len(seeds),), (len(seeds), steps)):
        raise ValueError(
            f"learning_rates must hold one rate for each network, or for each of its {steps} "
            f"batches: got shape {np.shape(learning_rates)}"
        )
    if not callable(getattr(model.optimizer._learning_rate, "assign", None)):
        raise ValueError(
            "the optimizer's learning rate is a schedule, which learning_rates would replace: "
            "leave learning_rates out, or compile with a constant rate"
        )


def _mean_loss(jax, keras, model):
    """Return the model's loss, averaged over rows; given by name it does not average itself."""
    loss = keras.losses.get(model.loss)
    if loss is None:
        raise ValueError("the model is compiled without a loss: model.compile(loss=...)")

    def mean(classes, output):
        single = output.shape[-1] == 1
        return jax.numpy.mean(loss(classes[:, None] if single else classes, output))

    return mean


def _start(keras, model, seed):
    """Draw the weights, and the other state, that a network with this seed begins with."""
    with _seeded(keras, seed):
        try:
            copy = keras.models.clone_model(model)
        except (TypeError, ValueError) as error:
            raise TypeError(f"the model cannot be copied: {error}") from error
        return (
            [np.asarray(v.value) for v in copy.trainable_variables],
            [np.asarray(v.value) for v in copy.non_trainable_variables],
        )


def _stack(starts):
    """Put the same variable of all networks into one array."""
    return [np.stack(same) for same in zip(*starts, strict=True)]


@contextmanager
def _seeded(keras, seed):
    """Seed Keras for a while; Python's and NumPy's own generators go on as they were."""
    before = random.getstate(), np.random.get_state()  # noqa: NPY002 (Keras seeds it)
    keras.utils.set_random_seed(seed)
    try:
        yield
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])  # noqa: NPY002


def _orders(seed, n_rows, epochs, batch_size):
    """Shuffle the rows for each epoch: shape (epochs, n_batches, batch_size)."""
    rng, n_batches = np.random.default_rng(seed), n_rows // batch_size
    orders = [rng.permutation(n_rows)[: n_batches * batch_size] for _ in range(epochs)]
    return np.stack(orders).reshape(epochs, n_batches, batch_size).astype("int32")
