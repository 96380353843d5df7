"""Reader of ``cv_results_`` without its search: a dict, or the table that pandas makes of it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from tuneup_helpers.studies.domains import check_names, read_grid, read_space
from tuneup_helpers.studies.history import History
from tuneup_helpers.studies.readers.reader import Reader
from tuneup_helpers.studies.readers.scikit_learn import read_records, scored_columns
from tuneup_helpers.studies.readers.table import is_table
from tuneup_helpers.studies.values import is_missing, plain

__all__ = ["RESULTS"]

_PARAM = "param_"


def recognizes(search: Any) -> bool:
    """Tell a dict or a table by its columns: settings, and the mean of a score."""
    if not (isinstance(search, Mapping) or is_table(search)):
        return False
    names = [str(key) for key in search]
    has_settings = any(name == "params" or name.startswith(_PARAM) for name in names)
    return has_settings and bool(scored_columns(search))


def read(results: Any, *, direction: str | None, metric: str | None, space: Any) -> History:
    """Read ``cv_results_``, whose scores are better if higher unless something else is said."""
    columns = {str(key): _plain_list(results[key]) for key in results}
    columns["params"] = _settings(columns)
    column = _pick_column(columns, metric)
    records = read_records(columns, column)
    if space is None:
        domains = read_grid(records)
    else:
        domains = read_space(space)
        check_names([record.params for record in records], domains)
    return History(
        records, domains, direction or "maximize", source="cv_results_", metric=metric or column
    )


def _plain_list(column: Any) -> list:
    """Return a column as a list; what an array masks is None there."""
    return column.tolist() if hasattr(column, "tolist") else list(column)


def _settings(columns: dict[str, list]) -> list[dict]:
    """Return the settings: as dicts, as text that a file made of dicts, or column by column."""
    settings = [_as_dict(setting) for setting in columns.get("params", [None])]
    if all(setting is not None for setting in settings):
        return settings
    names = [name for name in columns if name.startswith(_PARAM)]
    if not names:
        raise ValueError(
            "the settings of this cv_results_ are text that cannot be read back: "
            "keep its columns param_..., one for each hyperparameter"
        )
    rows = zip(*(columns[name] for name in names), strict=True)
    return [
        {
            name.removeprefix(_PARAM): plain(value)
            for name, value in zip(names, row, strict=True)
            if not is_missing(value)
        }
        for row in rows
    ]


def _as_dict(setting: Any) -> dict | None:
    if isinstance(setting, Mapping):
        return dict(setting)
    if not isinstance(setting, str):
        return None
    try:
        return dict(ast.literal_eval(setting.removeprefix("OrderedDict(").removesuffix(")")))
    except (SyntaxError, TypeError, ValueError):  # it holds objects
        return None


def _pick_column(columns: dict[str, list], metric: str | None) -> str:
    known = scored_columns(columns)
    if metric is None and len(known) == 1:
        return known[0]
    if metric not in known:
        said = "has several scores" if metric is None else f"has no metric={metric!r}"
        raise ValueError(f"this cv_results_ {said}: choose with metric= one of {known}")
    return metric


RESULTS = Reader(
    accepts="cv_results_ as a dict or a table",
    family="cv_results_",
    recognizes=recognizes,
    read=read,
    options=("direction", "metric", "space"),
)
