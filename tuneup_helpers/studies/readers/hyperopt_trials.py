"""Reader of Hyperopt's ``Trials``: a label's value is kept as the objective saw it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tuneup_helpers.studies.domains import check_names
from tuneup_helpers.studies.history import History, Record
from tuneup_helpers.studies.readers.hyperopt_space import read_space
from tuneup_helpers.studies.readers.reader import Reader, is_a

__all__ = ["TRIALS"]


def recognizes(search: Any) -> bool:
    """Tell Hyperopt's ``Trials``."""
    return is_a(search, "hyperopt.Trials")


def read(trials: Any, *, space: Any) -> History:
    """Read ``Trials``, with the space given to ``fmin`` if there is one."""
    documents = _finished(trials)
    settings = [_drawn(document) for document in documents]
    if space is None:
        _refuse_positions(settings)
        domains, decoders = {}, {}
    else:
        domains, decoders = read_space(space)
        check_names(settings, domains)
    records = tuple(
        _record(document, _decoded(setting, decoders))
        for document, setting in zip(documents, settings, strict=True)
    )
    return History(records, domains, "minimize", source=type(trials).__name__)


def _finished(trials: Any) -> list[dict]:
    """Return the documents of all evaluations; ``trials.trials`` hides those that raised."""
    from hyperopt import JOB_STATE_DONE, JOB_STATE_ERROR

    return [t for t in trials._dynamic_trials if t["state"] in (JOB_STATE_DONE, JOB_STATE_ERROR)]


def _drawn(document: dict) -> dict[str, Any]:
    """Return what was recorded for each label that the evaluation drew."""
    return {label: vals[0] for label, vals in document["misc"]["vals"].items() if len(vals)}


def _refuse_positions(settings: list[dict]) -> None:
    """Refuse whole numbers where no space tells positions of options from numbers."""
    whole = {
        k for setting in settings for k, v in setting.items() if isinstance(v, int | np.integer)
    }
    if whole:
        raise ValueError(
            f"Trials do not record the search space, and {sorted(whole)} may be positions in "
            "an hp.choice: pass the space given to fmin, to_study(trials, space=space)"
        )


def _decoded(setting: dict[str, Any], decoders: dict[str, Callable]) -> dict[str, Any]:
    """Turn recorded values into those that the objective saw."""
    return {label: decoders.get(label, float)(value) for label, value in setting.items()}


def _record(document: dict, params: dict[str, Any]) -> Record:
    """Read the loss of one evaluation, and what else its document tells."""
    from hyperopt import JOB_STATE_DONE, STATUS_OK

    result, start, end = document["result"], document["book_time"], document["refresh_time"]
    ended_well = document["state"] == JOB_STATE_DONE and result.get("status") == STATUS_OK
    attrs = {"tid": int(document["tid"])}
    if "loss_variance" in result:
        attrs["std"] = math.sqrt(result["loss_variance"])
    if "error" in document["misc"]:
        attrs["error"] = ": ".join(document["misc"]["error"])
    return Record(
        params=params,
        score=result.get("loss") if ended_well else None,
        seconds=(end - start).total_seconds() if start and end else 0.0,
        attrs=attrs,
    )


TRIALS = Reader(
    accepts="Hyperopt Trials",
    family="Hyperopt Trials",
    recognizes=recognizes,
    read=read,
    options=("space",),
)
