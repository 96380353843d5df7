"""Check that everything is installed that the notebooks need."""

from __future__ import annotations

import os
import re
import sys
from importlib import metadata

__all__ = ["GroupMissing", "check_installation", "find_problems", "require_group"]

_MEND = "run `python course.py setup` in the project's folder, then restart the kernel"


def find_problems() -> list[str]:
    """List what is missing, too old or damaged, each with what mends it.

    Returns
    -------
    list of str
        Empty if all is well.

    Examples
    --------
    >>> find_problems()
    []
    """
    from tuneup_helpers.datasets import data_file

    problems = []
    try:
        wanted = metadata.requires("tuneup-helpers") or []
    except metadata.PackageNotFoundError:
        wanted = []
        problems.append(f"tuneup-helpers is not installed in this kernel's Python: {_MEND}")
    for requirement in wanted:
        if "extra ==" in requirement:
            continue
        if lacking := _lacking(requirement):
            problems.append(f"{lacking}: {_MEND}")
    try:
        for line in data_file("SHA256SUMS").decode().splitlines():
            data_file(line.split()[1])
    except (OSError, ValueError) as error:
        problems.append(str(error))
    return problems


def check_installation() -> None:
    """Print whether the notebooks can run here, and if not, what to do.

    Examples
    --------
    >>> check_installation()
    Ready: Python, packages and data are all here.
    """
    problems = find_problems()
    if not problems:
        print("Ready: Python, packages and data are all here.")
    for problem in problems:
        print(f"- {problem}")


class GroupMissing(ImportError):
    """Raised where a lesson needs what is not here; in a notebook it shows one line."""

    def _render_traceback_(self):
        """Tell IPython to show the message alone: the reader's code has no mistake."""
        return [str(self)]


def require_group(group: str) -> None:
    """Go on if the packages of a group are here, and say what to do if not.

    A lesson that needs more than the course's own packages begins with this, before it imports
    any of them. For `deep` it also sees to it that Keras runs on JAX: if nobody has chosen a
    backend yet, JAX is chosen.

    Parameters
    ----------
    group : str
        A group of packages as in `make setup GROUPS=...`: `"deep"`, for instance.

    Raises
    ------
    GroupMissing
        An `ImportError`. If a package of the group is missing or too old, or if Keras runs, or is
        told to run, on another backend than JAX. The message is one line and names the cure.
    ValueError
        If there is no such group.

    References
    ----------
    How Keras chooses its backend: https://keras.io/getting_started/#configuring-your-backend

    Examples
    --------
    >>> require_group("dev")
    >>> require_group("cooking")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    ValueError: there is no group 'cooking'; the groups are autodiff, boosting, deep, ...
    """
    try:
        known = metadata.metadata("tuneup-helpers").get_all("Provides-Extra") or []
        wanted = metadata.requires("tuneup-helpers") or []
    except metadata.PackageNotFoundError:
        raise GroupMissing(
            f"tuneup-helpers is not installed in this kernel's Python: {_MEND}"
        ) from None
    if group not in known:
        raise ValueError(f"there is no group {group!r}; the groups are {', '.join(sorted(known))}")
    mine = [
        line
        for line in wanted
        if re.search(rf"extra == ['\"]{group}['\"]", line) and _wanted_here(line, group)
    ]
    if lacking := list(filter(None, map(_lacking, mine))):
        raise GroupMissing(
            f"{', '.join(lacking)}: type `make {group}` (or `python course.py setup {group}`) in a "
            "terminal, in the course's folder, then restart the kernel"
        )
    if any(_name_and_least(line)[0] == "keras" for line in mine):
        _require_jax_backend()


def _require_jax_backend():
    """Choose JAX if no backend is chosen yet; refuse another one."""
    if "keras" in sys.modules:
        backend = sys.modules["keras"].backend.backend()
    else:
        backend = os.environ.setdefault("KERAS_BACKEND", "jax")
    if backend != "jax":
        raise GroupMissing(
            f"Keras is set to the backend {backend!r}, this lesson needs 'jax': restart the kernel "
            "and run os.environ['KERAS_BACKEND'] = 'jax' (after import os) as its first cell"
        )


def _wanted_here(requirement, group):
    """Tell whether a package of a group is meant for this system (xgboost is, on macOS only)."""
    from packaging.requirements import Requirement  # comes with JupyterLab

    return Requirement(requirement).marker.evaluate({"extra": group})


def _name_and_least(requirement):
    """Split "keras>=3.12" into its name and the least version, which may be None."""
    return re.match(r"([\w.-]+)(?:\[.*?\])?(?:>=([\d.]+))?", requirement).groups()


def _lacking(requirement):
    """Tell what is wrong with a package: "keras is missing", or None."""
    name, least = _name_and_least(requirement)
    try:
        found = metadata.version(name)
    except metadata.PackageNotFoundError:
        return f"{name} is missing"
    return (
        f"{name} {found} is older than {least}"
        if least and _numbers(found) < _numbers(least)
        else None
    )


def _numbers(version):
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
