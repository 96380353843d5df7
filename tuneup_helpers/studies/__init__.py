"""One currency for finished searches: an ``optuna.Study``, whichever library did the search.

`read_history` reads a search with the reader of its library (a file of ``readers``); `to_study`
builds a study from what was read.
"""

from tuneup_helpers.studies.build import build_study
from tuneup_helpers.studies.conversion import to_study
from tuneup_helpers.studies.history import Domain, History, Record
from tuneup_helpers.studies.reading import read_history

__all__ = ["Domain", "History", "Record", "build_study", "read_history", "to_study"]
