"""Many networks at once train as Keras itself trains one."""

import random
import sys

import numpy as np
import pytest

from tuneup_helpers import digits_split, train_many
from tuneup_helpers.networks import _orders, _start

X, X_NEW, Y, Y_NEW = digits_split(200)
X_NEW, Y_NEW = X_NEW[:300], Y_NEW[:300]
GIVEN = {"validation_data": (X_NEW, Y_NEW), "epochs": 3, "seeds": [0, 1]}


@pytest.fixture
def build(keras_on_jax):
    """Return a function that makes a compiled network."""
    keras = keras_on_jax

    def network(*hidden, optimizer="adam", outputs=10, loss=None, inputs=64, **compiled):
        model = keras.Sequential([keras.Input((inputs,)), *hidden])
        last = "softmax" if outputs > 1 else "sigmoid"
        model.add(keras.layers.Dense(outputs, activation=last))
        usual = "sparse_categorical_crossentropy" if outputs > 1 else "binary_crossentropy"
        model.compile(optimizer=optimizer, loss=loss or usual, **compiled)
        return model

    return network


def by_keras(keras, model, seed, rate, *, y=Y, y_new=Y_NEW, batch_size=32, epochs=3):
    """Train one network batch by batch with Keras's own trainer."""
    weights, others = _start(keras, model, seed)
    for variables, values in (
        (model.trainable_variables, weights),
        (model.non_trainable_variables, others),
    ):
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
    if rate is not None:
        model.optimizer.learning_rate = rate
    scores = []
    for epoch in _orders(seed, len(X), epochs, batch_size):
        for rows in epoch:
            model.train_on_batch(X[rows], y[rows])
        output = model.predict(X_NEW, verbose=0)
        guess = output.argmax(1) if output.shape[1] > 1 else output[:, 0] > 0.5
        scores.append((guess == y_new).mean())
    return np.array(scores)


def kinds(keras):
    """Name, hidden layers, optimizer, learning rates: each made anew for each network."""
    dense, schedules = keras.layers.Dense, keras.optimizers.schedules
    return {
        "dropout": lambda: ([dense(16, "relu"), keras.layers.Dropout(0.3)], "adam"),
        "momentum": lambda: ([dense(16, "relu")], keras.optimizers.SGD(momentum=0.9)),
        "penalty": lambda: ([dense(16, "relu", kernel_regularizer="l2")], "adam"),
        "batch norm": lambda: ([dense(16, "relu"), keras.layers.BatchNormalization()], "adam"),
        "schedule": lambda: ([dense(16)], keras.optimizers.Adam(schedules.CosineDecay(0.02, 18))),
        "two classes": lambda: ([dense(16, "relu")], "rmsprop"),
    }


@pytest.mark.parametrize(
    "kind", ["dropout", "momentum", "penalty", "batch norm", "schedule", "two classes"]
)
def test_each_network_learns_what_keras_learns(kind, build, keras_on_jax):
    rates = None if kind == "schedule" else [0.001, 0.02]
    y, y_new, outputs = (Y % 2, Y_NEW % 2, 1) if kind == "two classes" else (Y, Y_NEW, 10)

    def network():
        hidden, optimizer = kinds(keras_on_jax)[kind]()
        return build(*hidden, optimizer=optimizer, outputs=outputs)

    model = network()
    before = [np.asarray(v.value) for v in model.variables]
    given = GIVEN | {"validation_data": (X_NEW, y_new)}
    curves = train_many(model, X, y, **given, learning_rates=rates)
    after = [np.asarray(v.value) for v in model.variables]
    assert all(map(np.array_equal, before, after)), "the pattern's own weights have changed"
    for at, seed in enumerate([0, 1]):
        rate = rates and rates[at]
        scores = by_keras(keras_on_jax, network(), seed, rate, y=y, y_new=y_new)
        # Mapped and single matrix products may round differently: one image at the most.
        assert curves.score[at] == pytest.approx(scores, abs=1.01 / len(Y_NEW))
    assert not np.array_equal(curves.score[0], curves.score[1])


def test_a_rate_for_each_batch_is_a_schedule_of_keras(build, keras_on_jax):
    keras = keras_on_jax
    schedule = keras.optimizers.schedules.CosineDecay(0.02, 18)
    hidden = keras.layers.Dense(16, "relu")
    scheduled = train_many(build(hidden, optimizer=keras.optimizers.Adam(schedule)), X, Y, **GIVEN)
    rates = [[float(schedule(step)) for step in range(18)]] * 2
    by_rates = train_many(build(hidden), X, Y, **GIVEN, learning_rates=rates)
    assert by_rates.score == pytest.approx(scheduled.score, abs=1.01 / len(Y_NEW))
    assert by_rates.loss == pytest.approx(scheduled.loss, rel=1e-3)
    constant = train_many(build(hidden), X, Y, **GIVEN, learning_rates=[0.02, 0.02])
    assert constant.loss != pytest.approx(scheduled.loss, rel=1e-2)


def test_penalties_count_in_the_training_loss(build, keras_on_jax):
    layers = keras_on_jax.layers
    given = GIVEN | {"learning_rates": [1e-9, 1e-9], "epochs": 1}
    plain = train_many(build(layers.Dense(16)), X, Y, **given)
    model = build(layers.Dense(16, kernel_regularizer=keras_on_jax.regularizers.L2(0.1)))
    punished = train_many(model, X, Y, **given)
    for seed in (0, 1):
        kernel = _start(keras_on_jax, model, seed)[0][0]
        extra = punished.loss[seed, 0] - plain.loss[seed, 0]
        assert extra == pytest.approx(0.1 * np.square(kernel).sum(), rel=1e-3)
    assert punished.validation_loss == pytest.approx(plain.validation_loss, rel=1e-5)


def test_the_same_numbers_twice_and_alone(build, keras_on_jax):
    dense, dropout = keras_on_jax.layers.Dense, keras_on_jax.layers.Dropout
    model = build(dense(16, "relu"), dropout(0.2))
    first, again = (train_many(model, X, Y, **GIVEN) for _ in range(2))
    assert np.array_equal(first.score, again.score)
    alone = train_many(model, X, Y, **(GIVEN | {"seeds": [1]}))
    assert alone.score[0] == pytest.approx(first.score[1], abs=1.01 / len(Y_NEW))
    assert first.loss.shape == first.score.shape == first.validation_loss.shape == (2, 3)


def test_other_random_numbers_go_on_as_they_were(build):
    model = build()
    random.seed(3)
    np.random.seed(3)  # noqa: NPY002
    before = random.random(), np.random.random()  # noqa: NPY002
    random.seed(3)
    np.random.seed(3)  # noqa: NPY002
    train_many(model, X, Y, **GIVEN)
    assert (random.random(), np.random.random()) == before  # noqa: NPY002


def test_a_network_that_overflows_is_told_by_its_loss(build, keras_on_jax):
    model = build(keras_on_jax.layers.Dense(16, "relu"), optimizer="sgd")
    curves = train_many(model, X, Y, **GIVEN, learning_rates=[0.1, 1e30])
    assert np.isfinite(curves.loss[0]).all()
    assert np.isnan(curves.loss[1, -1])
    assert curves.score[1, -1] == pytest.approx((Y_NEW == 0).mean(), abs=1e-6)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"validation_data": X_NEW}, ValueError, "must be a pair"),
        ({"validation_data": (X_NEW, Y)}, ValueError, r"one class for each row.*\(300, 64\)"),
        ({"y": Y.astype(float)}, ValueError, "LabelEncoder"),
        ({"y": Y[:-1]}, ValueError, "X and y must hold one class for each row"),
        ({"epochs": 0}, ValueError, "epochs must be 1 or more, got 0"),
        ({"batch_size": 201}, ValueError, "from 1 to 200"),
        ({"seeds": []}, ValueError, "at least one network"),
        ({"learning_rates": [0.1]}, ValueError, "equally long.*got 2 and 1"),
        ({"learning_rates": np.ones((2, 6))}, ValueError, r"each of its 18 batches.*\(2, 6\)"),
        ({"model": "network"}, TypeError, "must be a Keras model, got str"),
    ],
)
def test_wrong_arguments_say_what_to_do(change, error, words, build):
    given = {"model": build(), "X": X, "y": Y, **GIVEN, **change}
    with pytest.raises(error, match=words):
        train_many(given.pop("model"), given.pop("X"), given.pop("y"), **given)


def test_models_that_cannot_be_trained_say_why(keras_on_jax, build):
    keras = keras_on_jax
    raw = keras.Sequential([keras.Input((64,)), keras.layers.Dense(10)])
    with pytest.raises(ValueError, match="not compiled"):
        train_many(raw, X, Y, **GIVEN)
    raw.compile(optimizer="adam")
    with pytest.raises(ValueError, match="without a loss"):
        train_many(raw, X, Y, **GIVEN)
    unbuilt = keras.Sequential([keras.layers.Dense(10, "softmax")])
    unbuilt.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match="begin with keras.Input"):
        train_many(unbuilt, X, Y, **GIVEN)
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 10)
    model = build(optimizer=keras.optimizers.Adam(schedule))
    with pytest.raises(ValueError, match="is a schedule"):
        train_many(model, X, Y, **GIVEN, learning_rates=[0.1, 0.2])


def test_what_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", None)
    with pytest.raises(ImportError, match="make deep"):
        train_many(None, X, Y, **GIVEN)


def test_another_backend_is_refused(monkeypatch, keras_on_jax):
    monkeypatch.setattr(keras_on_jax.backend, "backend", lambda: "tensorflow")
    with pytest.raises(ImportError, match=r"runs on 'tensorflow'.*KERAS_BACKEND"):
        train_many(None, X, Y, **GIVEN)
