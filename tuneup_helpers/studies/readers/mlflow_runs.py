"""Reader of the table that ``mlflow.search_runs`` returns: one row a run, all values as text."""

from __future__ import annotations

import ast
import re
from typing import Any

from tuneup_helpers.studies.domains import check_names, read_grid, read_space
from tuneup_helpers.studies.history import History
from tuneup_helpers.studies.readers.reader import Reader
from tuneup_helpers.studies.readers.table import (
    check_direction,
    choose_column,
    is_table,
    read_columns,
)

__all__ = ["RUNS"]

_METRIC, _PARAM = "metrics.", "params."
_PARENT = "tags.mlflow.parentRunId"


def recognizes(search: Any) -> bool:
    """Tell a table with the columns of runs."""
    if not is_table(search):
        return False
    names = [str(column) for column in search.columns]
    return "run_id" in names and any(name.startswith((_METRIC, _PARAM)) for name in names)


def read(runs: Any, *, direction: str | None, metric: str | None, space: Any) -> History:
    """Read the runs that have ended, the first one first."""
    known = [str(c).removeprefix(_METRIC) for c in runs.columns if str(c).startswith(_METRIC)]
    if metric is None and len(known) == 1:
        metric = known[0]
    if isinstance(metric, str):
        metric = metric.removeprefix(_METRIC)
    metric = choose_column(metric, known, known, "the score")
    check_direction(direction, "a table of MLflow")
    runs = _without_parents(runs)
    if "start_time" in runs:  # MLflow lists the last run first
        runs = runs.sort_values("start_time", kind="stable")
    if {"start_time", "end_time"} <= set(runs):
        took = runs["end_time"] - runs["start_time"]
        if took.dtype.kind == "m":
            runs = runs.assign(seconds=took.dt.total_seconds())
    columns = {str(c).removeprefix(_PARAM): c for c in runs.columns if str(c).startswith(_PARAM)}
    records = read_columns(runs, columns, _METRIC + metric, parse=_parse)
    if space is None:
        domains = read_grid(records)
    else:
        domains = read_space(space)
        check_names([record.params for record in records], domains)
    return History(records, domains, direction, source="mlflow.search_runs", metric=metric)


def _without_parents(runs: Any) -> Any:
    """Leave out runs that only hold others."""
    if _PARENT not in runs:
        return runs
    return runs[~runs["run_id"].isin(set(runs[_PARENT].dropna()))]


def _parse(text: Any) -> Any:
    """Turn the text of a value back into a number, True, False, None, a list or a tuple."""
    if not isinstance(text, str):
        return text
    if re.fullmatch(r"[+-]?\d+", text):
        return int(text)
    try:
        return float(text)
    except ValueError:
        pass
    if text in ("True", "False", "None") or text[:1] in ("(", "["):
        try:
            return ast.literal_eval(text)
        except (SyntaxError, ValueError):  # it holds names
            return text
    return text


RUNS = Reader(
    accepts="the table of mlflow.search_runs",
    family="tables of MLflow",
    recognizes=recognizes,
    read=read,
    options=("direction", "metric", "space"),
)
