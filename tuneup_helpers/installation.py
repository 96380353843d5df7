"""Is everything installed that the notebooks need? Standard library only."""

from __future__ import annotations

import re
from importlib import metadata

__all__ = ["check_installation", "find_problems"]

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
        name, least = re.match(r"([\w.-]+)(?:>=([\d.]+))?", requirement).groups()
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            problems.append(f"{name} is missing: {_MEND}")
            continue
        if least and _numbers(found) < _numbers(least):
            problems.append(f"{name} {found} is older than {least}: {_MEND}")
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


def _numbers(version):
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
