"""Objective values computed once from real models on real data, looked up afterwards.

A table makes one evaluation a matter of microseconds, so that a search can be repeated
over hundreds of seeds, and its true optimum is known. Searches that are too slow for that
are stored themselves. The scripts in ``tools/tables`` compute both; tests recompute a random
handful of each.
"""

from __future__ import annotations

import io
import json
import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from numbers import Integral
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tuneup_helpers.datasets import data_file

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from scipy.interpolate import RegularGridInterpolator

__all__ = [
    "Axis",
    "Best",
    "Stored",
    "Table",
    "expected_best",
    "list_tables",
    "load_stored",
    "load_table",
    "quantile_best",
]

_TABLES = {
    "svc_digits": "SVC on five principal components of digits: C × gamma, 20 folds",
    "mlp_digits": "neural network on digits: four hyperparameters, 50 epochs, 3 folds",
    "lgbm_adult": "LightGBM on Adult: five hyperparameters, 300 rounds, 5 folds",
    "keras_digits": "Keras network on digits: five hyperparameters, 20 epochs, 3 folds",
    "cnn_fashion": "convolutional network on pictures: six hyperparameters, 8 epochs, 3 folds",
    "tfidf_reviews": "TF-IDF and logistic regression on sentences: five hyperparameters, 3 folds",
    "rnn_reviews": "recurrent network on sentences: six hyperparameters, 8 epochs, 3 folds",
}
_STORED = (
    "bo_traces",
    "cluster_costs",
    "comparison",
    "fashion_by_rows",
    "optimism",
    "parallel_costs",
    "parallel_searches",
    "reviews_by_rows",
    "storage_costs",
    "tuner_searches",
)


class Best(NamedTuple):
    """The best cell of a table: its parameters, validation score and test score."""

    params: dict[str, Any]
    score: float
    test: float


class Axis:
    """One hyperparameter of a table.

    Parameters
    ----------
    name : str
        Name of the hyperparameter.
    values : sequence
        The values computed, ascending unless categorical.
    scale : {"log", "linear", "categorical"}
        How values between two neighbours are interpolated.
    kind : {"float", "int", "categorical"}
        What values are allowed.

    Examples
    --------
    >>> axis = Axis("C", [0.1, 1.0, 10.0], scale="log", kind="float")
    >>> axis.low, axis.high
    (0.1, 10.0)
    """

    def __init__(self, name: str, values, *, scale: str, kind: str):
        if scale not in ("log", "linear", "categorical"):
            raise ValueError(f"scale must be 'log', 'linear' or 'categorical', got {scale!r}")
        if kind not in ("float", "int", "categorical"):
            raise ValueError(f"kind must be 'float', 'int' or 'categorical', got {kind!r}")
        self.name, self.scale, self.kind = name, scale, kind
        self.values = tuple(v.item() if isinstance(v, np.generic) else v for v in values)
        if kind == "categorical":
            self._index = {value: i for i, value in enumerate(self.values)}
            self._points = [float(i) for i in range(len(self.values))]
        else:
            self.low, self.high = self.values[0], self.values[-1]
            self._transform = math.log if scale == "log" else float
            self._points = [self._transform(v) for v in self.values]

    def __repr__(self):
        if self.kind == "categorical":
            return f"{self.name} in {self.values}"
        return f"{self.name} from {self.low:g} to {self.high:g} ({self.scale} scale, {self.kind})"

    def _refuse(self, value):
        if self.kind == "categorical":
            return ValueError(f"{self.name} must be one of {self.values}, got {value!r}")
        whole = "a whole number " if self.kind == "int" else ""
        return ValueError(
            f"{self.name} must be {whole}from {self.low:g} to {self.high:g}, got {value!r}: "
            "the table knows nothing outside, so restrict the search to table.search_space"
        )

    def locate(self, value) -> tuple[int, float]:
        """Find a value between its two neighbours on the axis.

        Parameters
        ----------
        value : number or category

        Returns
        -------
        index : int
            Position of the neighbour below.
        fraction : float
            How far the value lies towards the neighbour above, from 0 to 1 (exclusive).

        Raises
        ------
        ValueError
            If the value is outside the range, not whole where it must be, or unknown.
        """
        if self.kind == "categorical":
            try:
                return self._index[value], 0.0
            except (KeyError, TypeError):
                raise self._refuse(value) from None
        try:
            inside = self.low <= value <= self.high and (self.kind == "float" or value % 1 == 0)
        except (TypeError, ValueError):
            inside = False
        if not inside:
            raise self._refuse(value)
        points = self._points
        at = self._transform(value)
        index = min(bisect_right(points, at) - 1, len(points) - 2)
        if index < 0:
            return 0, 0.0
        return index, (at - points[index]) / (points[index + 1] - points[index])

    def _places(self, values) -> np.ndarray:
        """Put an array of values, shape (n,), on the axis's own scale.

        That is the logarithm of a value on a log scale, the position of a category, and
        otherwise the value itself.
        """
        if self.kind == "categorical":
            return np.array([self.locate(value)[0] for value in values.tolist()], dtype=float)
        try:
            values = np.asarray(values, dtype=float)
        except (TypeError, ValueError):
            raise ValueError(f"{self.name} must hold numbers, got {values!r}") from None
        inside = (values >= self.low) & (values <= self.high)
        if self.kind == "int":
            inside &= values % 1 == 0
        if not inside.all():
            raise self._refuse(values[~inside][0].item())
        # NumPy's logarithm may round other than math.log, which the ends were made with.
        at = np.log(values) if self.scale == "log" else values
        return np.clip(at, self._points[0], self._points[-1])

    @property
    def distribution(self) -> BaseDistribution:
        """The axis as an Optuna distribution."""
        from optuna import distributions

        if self.kind == "categorical":
            return distributions.CategoricalDistribution(self.values)
        make = {"int": distributions.IntDistribution, "float": distributions.FloatDistribution}
        return make[self.kind](self.low, self.high, log=self.scale == "log")


class Table:
    """A replayed objective: call it with hyperparameters, get the validation score.

    Scores are "higher is better". Between cells the score is interpolated, linearly in each
    axis's own (log or linear) scale; a categorical axis is looked up exactly.

    Parameters
    ----------
    name : str
        Name of the table.
    axes : sequence of Axis
        The d hyperparameters.
    folds : ndarray, shape (n_1, ..., n_d, n_fidelities, n_folds)
        Validation score of each fold.
    test : ndarray, shape (n_1, ..., n_d, n_fidelities)
        Score on the test set after training on all training rows.
    fit_time : ndarray, shape (n_1, ..., n_d)
        Seconds for one fit at the highest fidelity, as measured when the table was made.
    fidelities : sequence of int
        Epochs or boosting rounds after which the scores were taken; one number if the
        table has no learning curve.
    info : dict
        What the table was made from: title, metric, numbers of rows, versions.

    Attributes
    ----------
    best : Best
        The best cell at the highest fidelity. Interpolation never exceeds it, so it is the
        optimum of the table.
    search_space : dict of str to optuna distribution
        Names and ranges, for ``study.ask(table.search_space)`` or to write out by hand.

    Notes
    -----
    *What may be concluded from a table*: how a search method behaves on this objective,
    because every method sees the same one. *What may not*: that a value between cells is
    what the model would score there (a test keeps the difference near the optimum below the
    noise between folds), that a method good here is good elsewhere, or that the best cell is
    the best model: its score is a maximum over many noisy cells, and so optimistic. Compare
    ``best.test``.

    Examples
    --------
    >>> table = load_table("svc_digits")
    >>> table.axes
    (C from 0.01 to 1000 (log scale, float), gamma from 0.0001 to 10 (log scale, float))
    >>> 0 < table({"C": 1.0, "gamma": 0.1}) < 1
    True
    >>> table({"C": [0.1, 1.0], "gamma": [0.1, 0.2]}).shape
    (2,)
    """

    def __init__(self, name, axes, folds, test, fit_time, fidelities=(1,), info=None):
        self.name = name
        self.axes = tuple(axes)
        self.fidelities = tuple(int(f) for f in fidelities)
        self.info = dict(info or {})
        self.shape = tuple(len(axis.values) for axis in self.axes)
        if folds.shape[:-1] != (*self.shape, len(self.fidelities)):
            raise ValueError(
                f"folds must have shape {(*self.shape, len(self.fidelities))} and one axis for "
                f"folds, got {folds.shape}"
            )
        cost = np.array(self.fidelities) / self.fidelities[-1]
        self._grids = {
            "score": folds.mean(axis=-1),
            "folds": folds,
            "test": test,
            "fit_time": fit_time[..., None] * cost,
        }
        for grid in self._grids.values():
            grid.setflags(write=False)
        self._strides = [math.prod(self.shape[i + 1 :]) for i in range(len(self.shape))]
        self._flat: dict[tuple[str, int], list[float]] = {}
        self._interpolators: dict[tuple[str, int], RegularGridInterpolator] = {}

    def __repr__(self):
        return f"Table {self.name!r}: " + "; ".join(map(repr, self.axes))

    def __call__(
        self, params: Mapping[str, Any], *, output: str = "score", fidelity: int | None = None
    ):
        """Look up what the model scored.

        Parameters
        ----------
        params : mapping of str to value, or to array of shape (n,)
            One value, or one array, for every axis.
        output : {"score", "test", "fit_time", "folds"}, default "score"
            The mean validation score over folds, the score on the test set, the seconds of
            one fit, or the validation score of each fold.
        fidelity : int, optional
            Epochs or rounds, one of `fidelities`; the highest by default. (``"fit_time"``
            is taken to grow in proportion.)

        Returns
        -------
        float or ndarray
            A number; an array of shape (n,) if arrays came in; with ``"folds"`` one axis
            more, of length n_folds.

        Raises
        ------
        ValueError
            If a name is unknown or missing, a value outside the range, or there is no such
            output or fidelity.
        TypeError
            If `params` is not a mapping.
        """
        level = self._level(fidelity)
        if output not in self._grids:
            raise ValueError(f"output must be one of {sorted(self._grids)}, got {output!r}")
        try:
            values = [params[axis.name] for axis in self.axes]
        except (KeyError, TypeError, IndexError):
            raise self._wrong_names(params) from None
        if len(params) != len(values):
            raise self._wrong_names(params)
        if output == "folds" or any(map(_is_array, values)):
            return self._many(values, output, level)
        corners = [(0, 1.0)]
        for axis, stride, value in zip(self.axes, self._strides, values, strict=True):
            index, fraction = axis.locate(value)
            low = index * stride
            if fraction == 0.0:
                corners = [(offset + low, weight) for offset, weight in corners]
            else:
                rest, high = 1.0 - fraction, low + stride
                corners = [(o + low, w * rest) for o, w in corners] + [
                    (o + high, w * fraction) for o, w in corners
                ]
        flat = self._flat.get((output, level))
        if flat is None:
            flat = self._flat[output, level] = self._grids[output][..., level].ravel().tolist()
        total = 0.0  # by hand: since Python 3.12 sum() rounds otherwise, and ties would break anew
        for offset, weight in corners:
            total += weight * flat[offset]
        return total

    def _many(self, values, output, level):
        """Interpolate arrays of values; scalars among them count for all."""
        single = not any(map(_is_array, values))
        columns = [np.atleast_1d(np.asarray(v)) for v in values]
        lengths = {len(column) for column in columns} - {1}
        if len(lengths) > 1:
            raise ValueError(f"arrays in params must have the same length, got {sorted(lengths)}")
        columns = np.broadcast_arrays(*columns)
        if columns[0].ndim != 1:
            raise ValueError(f"params must hold arrays of shape (n,), got {columns[0].shape}")
        places = [axis._places(column) for axis, column in zip(self.axes, columns, strict=True)]
        found = self._interpolator(output, level)(np.stack(places, axis=-1))
        if output != "folds":
            found = found[:, 0]
        return found[0] if single else found

    def _interpolator(self, output, level):
        from scipy.interpolate import RegularGridInterpolator  # loaded when first needed

        if (output, level) not in self._interpolators:
            points = [axis._points for axis in self.axes]
            values = self.grid(output, fidelity=self.fidelities[level])
            if output != "folds":  # one column: for none SciPy has a path that rounds otherwise
                values = values[..., None]
            self._interpolators[output, level] = RegularGridInterpolator(points, values)
        return self._interpolators[output, level]

    def curve(self, params: Mapping[str, Any], *, output: str = "score") -> np.ndarray:
        """Return the learning curve: the output at each of `fidelities`.

        Parameters
        ----------
        params : mapping of str to value
            One value for every axis.
        output : {"score", "test", "fit_time"}, default "score"
            As when the table is called.

        Returns
        -------
        ndarray, shape (n_fidelities,)

        Examples
        --------
        >>> table = load_table("mlp_digits")
        >>> table.curve(table.best.params).shape
        (50,)
        """
        return np.array([self(params, output=output, fidelity=f) for f in self.fidelities])

    def grid(self, output: str = "score", *, fidelity: int | None = None) -> np.ndarray:
        """Return the output in all cells, axes in the order of `axes` (read-only).

        Parameters
        ----------
        output : {"score", "test", "fit_time", "folds"}, default "score"
            As when the table is called.
        fidelity : int, optional
            Epochs or rounds; the highest by default.

        Returns
        -------
        ndarray, shape (n_1, ..., n_d) or (*grid, n_folds)

        Examples
        --------
        >>> load_table("svc_digits").grid().shape
        (41, 41)
        """
        if output not in self._grids:
            raise ValueError(f"output must be one of {sorted(self._grids)}, got {output!r}")
        place = (..., self._level(fidelity)) + ((slice(None),) if output == "folds" else ())
        return self._grids[output][place]

    def params_at(self, index: int) -> dict[str, Any]:
        """Return the parameters of one cell, counted from 0 to ``size - 1``.

        Examples
        --------
        >>> table = load_table("svc_digits")
        >>> table.params_at(0) == {"C": table.axes[0].low, "gamma": table.axes[1].low}
        True
        """
        if not 0 <= index < self.size:
            raise ValueError(f"index must be from 0 to {self.size - 1}, got {index!r}")
        places = np.unravel_index(index, self.shape)
        return {axis.name: axis.values[i] for axis, i in zip(self.axes, places, strict=True)}

    @property
    def size(self) -> int:
        """The number of cells."""
        return math.prod(self.shape)

    @property
    def best(self) -> Best:
        """The best cell at the highest fidelity."""
        return self._best._replace(params=dict(self._best.params))  # a copy, free to change

    @cached_property
    def _best(self):
        index = int(np.argmax(self.grid()))
        at = np.unravel_index(index, self.shape)
        return Best(self.params_at(index), float(self.grid()[at]), float(self.grid("test")[at]))

    @property
    def search_space(self) -> dict[str, BaseDistribution]:
        """Names and ranges of the hyperparameters as Optuna distributions."""
        return {axis.name: axis.distribution for axis in self.axes}

    def _level(self, fidelity):
        if fidelity is None:
            return len(self.fidelities) - 1
        if fidelity not in self.fidelities:
            raise ValueError(f"fidelity must be one of {self.fidelities}, got {fidelity!r}")
        return self.fidelities.index(fidelity)

    def _wrong_names(self, params):
        names = [axis.name for axis in self.axes]
        if not isinstance(params, Mapping):
            return TypeError(f"params must be a mapping with the keys {names}, got {params!r}")
        missing = [name for name in names if name not in params]
        unknown = [name for name in params if name not in names]
        return ValueError(
            f"params must have the keys {names}; missing: {missing}, unknown: {unknown}"
        )


def _is_array(value):
    return hasattr(value, "__len__") and not isinstance(value, str)


def list_tables() -> dict[str, str]:
    """Name the tables that there are, with one line on each.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> [name for name in list_tables() if name.endswith("digits")]
    ['svc_digits', 'mlp_digits', 'keras_digits']
    """
    return dict(_TABLES)


@lru_cache
def load_table(name: str) -> Table:
    """Load a replay table.

    ``"svc_digits"``
        Support vector machine (`tuneup_helpers.pipelines.digits_svm`) on 300 digits:
        accuracy over C and gamma, 5-fold cross-validation repeated 4 times.
    ``"mlp_digits"``
        `sklearn.neural_network.MLPClassifier`, one hidden layer, stochastic gradient
        descent with momentum, on 450 digits: accuracy over learning rate, width, batch
        size and alpha after each of 50 epochs, 3 folds.
    ``"lgbm_adult"``
        LightGBM (`tuneup_helpers.pipelines.adult_pipeline`) on 1,000 rows of Adult: area
        under the ROC curve over five hyperparameters, every 12 of 300 rounds, 5 folds.
    ``"keras_digits"``
        Keras networks of one to three hidden layers, trained by Adam, on 900 digits: accuracy
        over learning rate, units, layers, dropout and batch size after each of 20 epochs, 3
        folds with a seed each. (A fit's seconds are its share of 15 networks trained at once.)
    ``"cnn_fashion"``
        Keras networks of two convolutions, trained by Adam, on 1,200 pictures of clothes
        (`tuneup_helpers.datasets.load_fashion`): accuracy over learning rate, filters, kernel
        size, strides, dropout and batch size after each of 8 epochs, 3 folds with a seed each.
        With strides of 1 each convolution is followed by max pooling; with 2 there is none.
    ``"tfidf_reviews"``
        Words counted, weighed, and logistic regression on 1,500 sentences from reviews
        (`tuneup_helpers.datasets.load_reviews`): accuracy over C, the longest n-gram, the
        least document frequency, stop words and the weights, 3 folds.
    ``"rnn_reviews"``
        Recurrent Keras networks, trained by Adam, on the same sentences and folds: accuracy over
        learning rate, cell, units, layers, dropout and batch size after each of 8 epochs, a
        seed for each fold. The vocabulary is that of the rows trained on.

    Parameters
    ----------
    name : str
        One of `list_tables`.

    Returns
    -------
    Table

    Raises
    ------
    ValueError
        If there is no such table, or its file is damaged.
    FileNotFoundError
        If its file is missing.

    Examples
    --------
    >>> table = load_table("svc_digits")
    >>> table.best.score > table({"C": 0.01, "gamma": 0.1})
    True
    """
    if name not in _TABLES:
        raise ValueError(f"no table {name!r}; there are {sorted(_TABLES)}")
    with np.load(io.BytesIO(data_file(f"tables/{name}.npz"))) as file:
        info = json.loads(file["info"].item())
        axes = [
            Axis(spec["name"], spec["values"], scale=spec["scale"], kind=spec["kind"])
            for spec in info.pop("axes")
        ]
        return Table(
            name,
            axes,
            folds=file["folds"] * file["fold_unit"],
            test=file["test"] * file["test_unit"],
            fit_time=file["fit_time"].astype(float),
            fidelities=info.pop("fidelities"),
            info=info,
        )


class Stored(Mapping):
    """The arrays of a stored file by name, decoded when they are first asked for.

    Made by `load_stored`. The arrays are read-only: take a ``.copy()`` to change one.

    Examples
    --------
    >>> stored = load_stored("comparison")
    >>> "svc_digits/TPE" in stored, len(stored)
    (True, 19)
    """

    def __init__(self, name: str, content: bytes):
        self._name = name
        self._file = np.load(io.BytesIO(content))
        self._steps = int(self._file["steps"]) if "steps" in self._file else None
        self._keys = [key for key in self._file if key != "steps"]
        self._decoded: dict[str, np.ndarray] = {}

    def __getitem__(self, key: str) -> np.ndarray:
        if key not in self._keys:
            raise KeyError(f"no {key!r} in {self._name!r}; there are {self._keys}")
        if key not in self._decoded:
            array = self._file[key]
            if array.dtype.kind == "u":  # small whole numbers: steps of a score, cells or counts
                array = array / self._steps if self._steps else array.astype(int)
            array.setflags(write=False)
            self._decoded[key] = array
        return self._decoded[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __repr__(self):
        return f"Stored {self._name!r}: " + ", ".join(map(repr, self._keys))


@lru_cache
def load_stored(name: str) -> Stored:
    """Load searches and resamplings that are too slow to repeat in a notebook.

    ``"bo_traces"``
        Searches on the replay tables with 50 trials.

        - ``"TABLE/METHOD"``, shape (n_seeds, 50): the table's score of the best trial so
          far, from 0 to 1. The methods are ``"Optuna TPE"``, ``"Optuna TPE, univariate"``,
          ``"Hyperopt TPE"`` (200 seeds), ``"hand-written GP"``,
          ``"hand-written GP, clipped"`` (100), ``"skopt GP"`` and ``"skopt GP, cheap"``
          (20); all of them on ``svc_digits``, some on the other tables.
        - ``"SITUATION/METHOD"``, shape (n_seeds, 50): the same on ``svc_digits`` made harder
          in one way: ``"18 junk dimensions"``, ``"gamma as 41 categories"``,
          ``"one fold of 60 rows"``, ``"10 workers"``, ``"10 workers, no liar"``,
          ``"linear scales"``, ``"gamma at most 0.01"``. One more method is ``"random"``.
        - ``"n_trials"``, shape (6,): numbers of trials, and ``"ms/METHOD"``, shape (6,):
          milliseconds of CPU for one suggestion after that many (NaN: not measured).

    ``"cluster_costs"``
        What a cluster of two workers of Dask costs: milliseconds of CPU, five measurements each.

        - ``"dask/start"``, ``"dask/task"``, ``"dask/trial"``: to start it; for a task, and for
          a trial of Optuna, that do nothing.
        - ``"optuna/trial"``: for the same trial without a cluster.

    ``"comparison"``
        Searches of 64 trials over the cells of the replay tables, 200 seeds.

        - ``"TABLE/METHOD"``, shape (200, 64): the cell tried, numbered as in
          `Table.params_at`, so that ``table.grid().ravel()[cells]`` gives scores. The
          methods are ``"TPE"``, ``"CMA-ES"``, ``"GP"`` and ``"GP, clipped"``.
        - ``"shuffled/METHOD"``, shape (200, 64): the same on ``lgbm_adult`` with its scores
          dealt out again at random for each seed; the number is that of the cell whose
          score was seen. Without ``"GP, clipped"``.
        - ``"ms/METHOD"``, shape (64,): milliseconds of CPU for the first, the second, …
          suggestion.

    ``"fashion_by_rows"``
        Accuracy on 2,000 test pictures (`tuneup_helpers.datasets.load_fashion`), ten draws of
        the training pictures. The settings were fixed beforehand.

        - ``"MODEL"``, shape (10, 3), at three sizes: ``"logistic regression"``, ``"forest"``,
          ``"4 filters"``, ``"8 filters"``, ``"16 filters"``, ten epochs each, augmented
          ``"8 filters, shifted"`` and ``"8 filters, mirrored"``; ``"winner"``, the best network
          of ``cnn_fashion``.
        - ``"MODEL"``, shape (10,), with 1,000 pictures: ``"8 filters, 30 epochs"`` and the same with
          ``", shifted"`` or ``", mirrored"`` behind it; ``"winner, CHANGE"`` with one
          hyperparameter changed, such as ``"winner, kernel 5"``.
        - ``"sizes"``, shape (3,): training pictures.

    ``"optimism"``
        Right answers of 99 settings on 200 draws of 60 rows. The first 81 settings are
        support vector machines: nine values of C times nine of gamma.

        - ``"cancer/outer"``, shape (200, 99, 5): on each of five folds of 12 rows.
        - ``"cancer/inner"``, shape (200, 99, 5): cross-validated again in four folds on the
          48 rows outside each of those; out of 48.
        - ``"cancer/test"``, shape (200, 99): fitted to all 60 rows, on 509 others.
        - ``"noise/outer"``, ``"noise/inner"``, shape (200, 81, 5): the same for the first 81
          on rows of noise, where the truth is one half.

    ``"parallel_costs"``
        What workers of joblib cost: milliseconds of CPU, seven measurements of each.

        - ``"start"``: to start one process that loads scikit-learn.
        - ``"task/BACKEND"``: for a task that does nothing; ``"threading"`` and ``"loky"``.
        - ``"send/copied"``, ``"send/mapped"``: for a task that reads an array of 8 MB.
        - ``"threads/N"``: for a fit of scikit-learn's boosting with 1, 2, 4 and 8 threads.

    ``"parallel_searches"``
        Searches of 128 trials over the cells of replay tables by simulated workers.

        - ``"TABLE/METHOD/N workers"``, shape (n_seeds, 128): the cells in the order in which
          they were asked for. The methods are ``"TPE"`` (60 seeds) and ``"GP"`` (40); with
          ``", ignores"`` they do not know which trials are running.

    ``"reviews_by_rows"``
        Accuracy on 979 sentences (`tuneup_helpers.datasets.load_reviews`), ten splits, four sizes.
        A fifth of the training sentences chose the settings of each model.

        - ``"MODEL"``, shape (10, 4): ``"tf-idf"``, ``"averaged words"``, ``"GRU"``.
        - ``"sizes"``, shape (4,): training sentences.

    ``"storage_costs"``
        What Optuna's storages cost: ``"memory"``, ``"journal"``, ``"SQLite"``, ``"PostgreSQL"``, and
        ``"gRPC"``, the proxy before PostgreSQL. Three repetitions, on one busy machine with two cores.

        - ``"trial/STORAGE"``, shape (3, 3): milliseconds of CPU, worker and servers, for one more
          trial in a study of as many as ``"sizes"``, shape (3,), says.
        - ``"first/STORAGE"``, the same shape, without memory: seconds of CPU until a new process
          has opened the study and made a trial.
        - ``"rate/STORAGE"``, the same shape, without memory: trials per second of as many workers
          as ``"workers"``, shape (3,), says, with fits of 50 ms.

    ``"tuner_searches"``
        Searches of 30 trials over the cells of ``keras_digits``, 40 seeds.

        - ``"BayesianOptimization"``, shape (40, 30): the cells that KerasTuner's tuner of this
          name tries by default, numbered as in `Table.params_at`.
        - ``"BayesianOptimization, 5 random"``: the same with ``num_initial_points=5``.

    Parameters
    ----------
    name : str
        One of those above.

    Returns
    -------
    mapping of str to ndarray
        Scores and milliseconds are floats; cells and counts are whole numbers. The arrays
        are read-only. An unknown key raises a `KeyError` that lists the keys.

    Raises
    ------
    ValueError
        If there is no such file, or it is damaged.
    FileNotFoundError
        If it is missing.

    Examples
    --------
    >>> best_so_far = load_stored("bo_traces")["svc_digits/Optuna TPE"]
    >>> best_so_far.shape
    (200, 50)
    >>> bool(best_so_far.max() <= load_table("svc_digits").best.score + 1e-5)
    True
    """
    if name not in _STORED:
        raise ValueError(f"nothing is stored as {name!r}; there are {list(_STORED)}")
    return Stored(name, data_file(f"{name}.npz"))


def expected_best(scores, n: int, *, of=None) -> np.ndarray:
    """Return what the best of 1, 2, …, n cells drawn at random scores on average.

    Cells are drawn with replacement, each as likely as any other. This is exact, and what a
    random search over the cells of a table comes to when it is repeated for ever.

    Parameters
    ----------
    scores : array-like of any shape
        The score of each cell; the highest wins.
    n : int
        The largest number of draws.
    of : array-like of the same shape, optional
        Another output of the same cells, for instance their test scores: return the mean
        of this output over winners. By default the winner's own score.

    Returns
    -------
    ndarray, shape (n,)
        The expectation for 1, 2, …, n draws.

    Raises
    ------
    ValueError
        If there is no score, one is not finite, `of` has another shape, or `n` is not a
        whole number from 1.

    Notes
    -----
    Let F(v) be the share of cells that score v or less. All of k draws do so with
    probability F(v)^k. So the best of them is the j-th of the distinct scores v_1 < … < v_m
    with probability F(v_j)^k - F(v_(j-1))^k. Of cells with equal scores the first one drawn
    wins, and each is as likely to be it: the output of a winner that scores v_j is on average
    o_j, the mean over the cells with this score. The expectation is the sum of o_j times its
    probability, which is the same as

        o_m - sum over j < m of (o_(j+1) - o_j) F(v_j)^k.

    Dodge et al. (2019) report this curve for the trials of one search. Those are a sample,
    so that theirs is an estimate, which is too low on average (Tang et al., 2020); a table
    holds every cell there is.

    References
    ----------
    Dodge, Gururangan, Card, Schwartz and Smith (2019), Show Your Work: Improved Reporting of
    Experimental Results, https://aclanthology.org/D19-1224/.
    Tang, Lee, Xin, Liu, Yu and Lin (2020), Showing Your Work Doesn't Always Work,
    https://arxiv.org/abs/2004.13705.

    Examples
    --------
    >>> expected_best([0.0, 0.5, 0.5, 1.0], 3)
    array([0.5    , 0.6875 , 0.78125])
    >>> table = load_table("mlp_digits")
    >>> test = expected_best(table.grid(), 64, of=table.grid("test"))
    >>> bool(test[0] < test[63] < table.grid("test").max())
    True
    """
    scores = _check_scores("scores", scores)
    of = scores if of is None else _check_scores("of", of)
    if of.shape != scores.shape:
        raise ValueError(f"of must have the shape of scores, {scores.shape}, got {of.shape}")
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    means = np.bincount(place.ravel(), weights=of.ravel()) / counts
    below = np.cumsum(counts)[:-1] / scores.size
    return means[-1] - below ** _draws(n)[:, None] @ np.diff(means)


def quantile_best(scores, n: int, q) -> np.ndarray:
    """Return quantiles of the best of 1, 2, …, n cells drawn at random.

    The exact distribution whose mean is `expected_best`: with probability `q` or more the
    best of the draws scores this or less.

    Parameters
    ----------
    scores : array-like of any shape
        The score of each cell; the highest wins.
    n : int
        The largest number of draws.
    q : float or array-like, shape (m,)
        Probabilities from 0 to 1.

    Returns
    -------
    ndarray, shape (n,) or (m, n)
        Scores of cells: for k draws the lowest v whose F(v)^k is at least `q`, where F(v) is
        the share of cells that score v or less.

    Raises
    ------
    ValueError
        If there is no score, one is not finite, `n` is not a whole number from 1, or `q` is
        not between 0 and 1.

    Examples
    --------
    >>> quantile_best([0.0, 0.5, 0.5, 1.0], 3, 0.5)
    array([0.5, 0.5, 1. ])
    >>> quantile_best(load_table("svc_digits").grid(), 64, [0.05, 0.95]).shape
    (2, 64)
    """
    scores, q = _check_scores("scores", scores), np.asarray(q, dtype=float)
    if q.ndim > 1 or not ((q >= 0) & (q <= 1)).all():
        raise ValueError(f"q must be a probability or several, from 0 to 1, got {q}")
    values, counts = np.unique(scores, return_counts=True)
    share = (np.cumsum(counts) / scores.size) ** _draws(n)[:, None]
    share *= 1 + 1e-12  # a rounding error must not cost a step
    rows = [np.searchsorted(row, q) for row in share]
    return values[np.array(rows).T]


def _check_scores(name, scores):
    scores = np.asarray(scores, dtype=float)
    if not scores.size or not np.isfinite(scores).all():
        raise ValueError(f"{name} must hold at least one number, all of them finite, got {scores}")
    return scores


def _draws(n):
    if isinstance(n, bool) or not isinstance(n, Integral) or n < 1:
        raise ValueError(f"n must be a whole number of draws, at least 1, got {n!r}")
    return np.arange(1, n + 1)
