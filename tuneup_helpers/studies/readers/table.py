"""Reader of a pandas table of trials: one row a trial, hyperparameters and a score in columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from tuneup_helpers.studies.domains import check_names, read_grid, read_space
from tuneup_helpers.studies.history import History, Record
from tuneup_helpers.studies.metrics import is_loss, is_score
from tuneup_helpers.studies.readers.reader import Reader, is_a
from tuneup_helpers.studies.values import is_missing, plain

__all__ = ["TABLE", "check_direction", "choose_column", "is_table", "read_columns"]

# Columns of hyperparameters, as libraries write them: then the others are none.
_PREFIXES = ("params.", "params_", "param_", "config/", "hp_")
# Columns that count, name, time or describe the trials.
_BOOKKEEPING = re.compile(
    r"Unnamed.*|index|number|trial(_?(id|number|name))?|tid|run(_?(id|name))?|id|state|status|"
    r"rank.*|date.*|(\w+_)?(timestamp|seconds|secs|time(_s)?)|duration|elapsed\w*|runtime|"
    r"created( ?at)?|updated( ?at)?|(mean|std|split\d+)_.*|folds|std|(user|system)_attrs_.*|"
    r"name|user|tags?|sweep|notes?|comments?|hostname",
    re.IGNORECASE,
)
_SECONDS = ("duration", "seconds", "time", "time_s")
_STATE = ("state", "status")
_FAILED = {"FAIL", "FAILED", "ERROR", "KILLED", "INVALID"}
_STOPPED = {"PRUNED", "STOPPED"}
_NOT_ENDED = {"RUNNING", "WAITING", "SCHEDULED", "IDLE"}


def is_table(search: Any) -> bool:
    """Tell a DataFrame of pandas."""
    return is_a(search, "pandas.DataFrame")


def read(table: Any, *, direction: str | None, metric: str | None, space: Any) -> History:
    """Read the rows, of which only their owner knows what is a score and which are good."""
    if getattr(table.columns, "nlevels", 1) > 1:  # Optuna's trials_dataframe(multi_index=True)
        table = table.set_axis(list(map(_joined, table.columns)), axis=1)
    names = [column for column in table.columns if isinstance(column, str)]
    numeric = [name for name in names if table[name].dtype.kind in "iuf"]
    metric = choose_column(metric, names, numeric, "the score")
    check_direction(direction, "a table")
    others = [n for n in numeric if table[n].dtype.kind == "f" and _is_metric(n)]
    no_scores = [name for name in names if name == metric or name not in others]
    columns = _hyperparameters(no_scores if space is None else names, metric, space)
    records = read_columns(table, columns, metric)
    if space is None:
        domains = read_grid(records)
    else:
        domains = read_space(space)
        check_names([record.params for record in records], domains)
    return History(records, domains, direction, source=type(table).__name__, metric=metric)


def _joined(levels: tuple) -> str:
    return "_".join(str(level) for level in levels if str(level))


def _is_metric(name: str) -> bool:
    """Tell another score by its name; the cost of a support vector machine is none."""
    return name.lower() != "cost" and (is_loss(name) or is_score(name))


def choose_column(metric: str | None, known: list, offered: list, what: str) -> str:
    """Return the column named; refuse a table in which it is not."""
    if metric in known:
        return metric
    if metric is None:
        raise ValueError(
            f"a table does not say which column is {what}: pass metric= one of {offered}"
        )
    raise ValueError(f"metric={metric!r} is no column of the table: pass one of {offered}")


def check_direction(direction: str | None, source: str) -> None:
    """Refuse a source of which nobody said which scores are good."""
    if direction is None:
        raise ValueError(
            f"{source} does not say which scores are good: "
            'pass direction="maximize" (scores) or direction="minimize" (losses)'
        )


def _hyperparameters(names: list[str], metric: str, space: Any) -> dict[str, str]:
    """Tell which columns are hyperparameters: their names to their columns."""
    prefixes = [p for p in _PREFIXES if any(name.startswith(p) for name in names)]
    found = {
        name.removeprefix(prefix): name
        for prefix in prefixes[:1]
        for name in names
        if name.startswith(prefix) and name != metric
    }
    if not found:
        found = {n: n for n in names if n != metric and not _BOOKKEEPING.fullmatch(n)}
    if space is not None:
        wanted = read_space(space)
        lacking = sorted(set(wanted) - set(found) - set(names))
        if lacking:
            raise ValueError(f"space describes {lacking}, which are no columns: {names}")
        found = {name: found.get(name, name) for name in wanted}
    if not found:
        raise ValueError(f"no column is left for hyperparameters: {names}")
    return found


def read_columns(
    table: Any, columns: dict[str, str], metric: str, *, parse: Any = None
) -> tuple[Record, ...]:
    """Read the rows that have ended.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a trial; its index does not matter. A column that tells the state of a trial, or
        the seconds it took, is understood.
    columns : dict of str to str
        Names of the hyperparameters to their columns.
    metric : str
        The column of the score.
    parse : callable, optional
        What turns the values of hyperparameters into the search's own.

    Returns
    -------
    tuple of Record
        A missing value says that the row does not have this hyperparameter.
    """
    lower = {str(column).lower(): column for column in table.columns}
    states = next((_strings(table[lower[name]]) for name in _STATE if name in lower), None)
    times = next((_seconds(table[lower[name]]) for name in _SECONDS if name in lower), None)
    values = {name: _values(table[column], parse) for name, column in columns.items()}
    records = []
    for i, score in enumerate(table[metric].tolist()):
        state = states[i] if states else ""
        if state in _NOT_ENDED:
            continue
        no_score = is_missing(score) or state in _FAILED
        records.append(
            Record(
                params={name: v[i] for name, v in values.items() if not is_missing(v[i])},
                score=None if no_score else _number(score, metric, i),
                seconds=times[i] if times else 0.0,
                final=state not in _STOPPED,
            )
        )
    return tuple(records)


def _number(score: Any, metric: str, row: int) -> float:
    try:
        return float(score)
    except (TypeError, ValueError):
        raise TypeError(
            f"column {metric!r} must hold numbers, not {score!r} (row {row}): "
            "pass metric= another column, or convert this one"
        ) from None


def _values(column: Any, parse: Any) -> list:
    """Return plain values; whole numbers, which a missing one made floats, are whole again."""
    values = [plain(value) for value in column.tolist()]
    if parse is not None:
        values = [parse(value) for value in values]
    there = [value for value in values if not is_missing(value)]
    floats = len(there) < len(values) and all(isinstance(value, float) for value in there)
    if floats and all(value.is_integer() for value in there):
        return [value if is_missing(value) else int(value) for value in values]
    return values


def _strings(column: Iterable) -> list[str]:
    return [str(value).rpartition(".")[2].upper() for value in column]


def _seconds(column: Any) -> list[float]:
    """Return a column of seconds, or of durations; what is no time counts as none."""
    seconds = column.dt.total_seconds() if column.dtype.kind == "m" else column
    numeric = seconds.dtype.kind in "iuf"
    return [0.0 if is_missing(s) else float(s) for s in seconds] if numeric else [0.0] * len(column)


TABLE = Reader(
    accepts="a pandas table of trials",
    family="tables",
    recognizes=is_table,
    read=read,
    options=("direction", "metric", "space"),
)
