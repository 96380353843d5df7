"""The adapter: from the finished search of any library to an Optuna study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuneup_helpers.studies.build import build_study, check_finished
from tuneup_helpers.studies.readers import optuna_study
from tuneup_helpers.studies.reading import find_reader, read_history

if TYPE_CHECKING:
    import optuna

__all__ = ["to_study"]


def to_study(
    search: Any,
    *,
    direction: str | None = None,
    metric: str | int | None = None,
    space: Any = None,
) -> optuna.Study:
    """Turn the finished search of any library into an Optuna study in memory.

    Trials keep the order of evaluation: ``trial.number`` is the position in the source's own
    record, for instance in ``search.cv_results_["params"]``.

    Parameters
    ----------
    search : object
        One of

        - a fitted ``GridSearchCV``, ``RandomizedSearchCV``, ``HalvingGridSearchCV``,
          ``HalvingRandomSearchCV``, scikit-optimize ``BayesSearchCV`` or
          sklearn-genetic-opt ``GASearchCV``;
        - the result of ``skopt.gp_minimize`` and its kin;
        - Hyperopt ``Trials``;
        - an Optuna study, which is returned as it is (unless `metric` chooses one of several
          objectives);
        - Ray Tune's ``ResultGrid``;
        - a tuner of KerasTuner, its oracle, or the path of the folder in which they keep
          ``oracle.json`` and the trials;
        - a pandas table, one row a trial: hyperparameters in columns (all but `metric`, other
          scores and losses by their names, and what counts, names or times trials; those that `space` names, or those that begin with
          ``params_``, ``params.``, ``param_``, ``config/``, ``hp_`` if there are any). An empty
          cell says that the trial does not have this hyperparameter;
        - ``cv_results_`` as a dict or table, without its search;
        - the table of ``mlflow.search_runs``;
        - a list of ``(params, score)`` pairs from your own loop. A score of None or NaN says
          that the evaluation failed.
    direction : {"maximize", "minimize"}, optional
        Required for a list and for tables of trials or runs. Every other source has its own
        direction (scikit-learn maximizes, scikit-optimize and Hyperopt minimize, a GASearchCV
        as its ``criteria`` say): naming the other one is an error. ``cv_results_`` without its
        search is maximized if nothing is said.
    metric : str or int, optional
        Which metric of a search with several: of scikit-learn, by default the one named by
        ``refit``; of an Optuna study with several objectives, by name or by number; of Ray Tune,
        KerasTuner, MLflow or ``cv_results_``, by name. In a table of trials, the column of the
        score.
    space : optional
        The space that was searched, for sources which do not record it. For
        Hyperopt the space given to ``fmin``, needed wherever values are whole numbers or
        computed: an ``hp.choice`` is recorded by position, ``3 + hp.randint(...)`` without the
        3, and only the space knows what the objective saw. For Ray Tune the ``param_space``. For
        a list or a table, a dict (or list of dicts) of parameter names to lists of values,
        SciPy, scikit-optimize or Optuna distributions. (A table that holds every combination of
        its values is a grid, whose values are known.)

    Returns
    -------
    optuna.Study
        A study with at least one complete trial. For each trial:

        - ``params``: each parameter has the same distribution in all trials; a parameter
          that a trial did not have (conditional spaces) is absent from it.
          Whole numbers become an ``IntDistribution``, other numbers a ``FloatDistribution``,
          everything else, also numbers mixed with None, a ``CategoricalDistribution``.
          Optuna's categories hold None, bool, int, float and str; a tuple, an estimator
          or a function is represented by a readable label. The object itself stays in the
          source, at position ``trial.number``. A distribution spans the range that was
          searched, or the values that occurred where no range is known.
          Steps (``hp.quniform``) are not kept.
        - ``log``: true where the search drew on a log scale, and for listed values whose
          steps are nearly equal on a log scale (at least three positive values; the largest
          step at most 2.5 times the smallest; at least twice as even as on a linear scale).
        - ``value``: the score as the source has it, no sign changed. A trial whose score is
          None or not finite is in state FAIL; so is one with a fold of which the score is the
          number given as ``error_score``.
        - ``duration``: seconds for fitting and scoring on all folds; zero if not recorded.
          Trials are laid end to end from 1 January 2000.
        - ``user_attrs``: ``folds`` (the score on each fold) and ``std`` for cross-validated
          searches, ``std`` also from Hyperopt's ``loss_variance``; ``tid`` and ``error`` for
          Hyperopt; ``iter`` and ``n_resources`` for halving.
        - ``constraints``: those of an Optuna study; ``best_trial`` keeps them.

        Scores of a halving search compare only at equal resources. Trials before its last
        iteration are therefore in state PRUNED, with value and intermediate value, so that
        ``best_trial`` agrees with the search. So are trials of Ray Tune and of Hyperband that got
        fewer iterations or epochs than the best one. (It is the trial with the best score: a
        callable ``refit`` may have chosen another.) ``user_attrs`` of the study names the
        ``source`` and, for scikit-learn searches, the ``metric``.

    Raises
    ------
    TypeError
        If ``search`` is of none of these types, or a pair in the list is malformed.
    ValueError
        If the search is not fitted or empty, if all trials failed, or if ``direction``,
        ``metric`` or ``space`` does not fit the search.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.model_selection import GridSearchCV
    >>> from sklearn.svm import SVC
    >>> search = GridSearchCV(SVC(), {"C": [0.1, 1, 10, 100]}).fit(*load_iris(return_X_y=True))
    >>> study = to_study(search)
    >>> study.best_params, round(study.best_value, 3)
    ({'C': 10}, 0.98)
    >>> study.best_trial.distributions["C"]
    FloatDistribution(high=100.0, log=True, low=0.1, step=None)

    Your own loop, with losses:

    >>> study = to_study([({"depth": 2}, 0.31), ({"depth": 4}, 0.27)], direction="minimize")
    >>> study.best_params
    {'depth': 4}

    References
    ----------
    T. Akiba et al. (2019). Optuna: A next-generation hyperparameter optimization framework.
    KDD. https://doi.org/10.1145/3292500.3330701
    """
    reader = find_reader(search, direction=direction, metric=metric, space=space)
    if reader is optuna_study.STUDY and metric is None:  # it is one, also with several objectives
        optuna_study.check_direction(search, direction)
        check_finished(search.get_trials(deepcopy=False))
        return search
    return build_study(read_history(search, direction=direction, metric=metric, space=space))
