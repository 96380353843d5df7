"""The readers: one file for each library, and the list of them.

To add one, write its file, which ends with a `Reader`, and name that here.
"""

from tuneup_helpers.studies.readers import (
    genetic,
    hyperopt_trials,
    optuna_study,
    pairs,
    scikit_learn,
    scikit_optimize,
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
    pairs.PAIRS,
)
