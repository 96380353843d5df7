"""The readers: one file for each library, and the list of them.

To add one, write its file, which ends with a `Reader`, and name that here.
"""

from tuneup_helpers.studies.readers import (
    cv_results,
    genetic,
    hyperopt_trials,
    keras_tuner,
    mlflow_runs,
    optuna_study,
    pairs,
    ray_tune,
    scikit_learn,
    scikit_optimize,
    table,
)
from tuneup_helpers.studies.readers.reader import Reader

__all__ = ["READERS", "Reader"]

# Messages name them in this order. Where several recognize a search, the last one reads it:
# the special stand below the general.
READERS = (
    scikit_learn.SEARCH,
    scikit_optimize.BAYES_SEARCH,
    genetic.SEARCH,
    scikit_optimize.RESULT,
    hyperopt_trials.TRIALS,
    optuna_study.STUDY,
    ray_tune.GRID,
    keras_tuner.TUNER,
    table.TABLE,
    cv_results.RESULTS,
    mlflow_runs.RUNS,
    pairs.PAIRS,
)
