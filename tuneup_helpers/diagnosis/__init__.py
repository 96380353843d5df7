"""A second opinion on a finished search: what is suspicious in its record, and why.

`diagnose` reads the search once, hands the `SearchRecord` to each check in the table of
``findings``, and returns their report.
"""

from tuneup_helpers.diagnosis.diagnosing import diagnose
from tuneup_helpers.diagnosis.report import Diagnosis, Finding

__all__ = ["Diagnosis", "Finding", "diagnose"]
