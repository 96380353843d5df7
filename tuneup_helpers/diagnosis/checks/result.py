"""What a check returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["CheckResult"]


@dataclass(frozen=True)
class CheckResult:
    """What a check saw; nothing, if all is well.

    Attributes
    ----------
    evidence : sequence of str
        One text for each finding, with numbers.
    missing : str
        What it could not look at, and what was missing; empty if it looked at all.
    """

    evidence: Sequence[str] = ()
    missing: str = ""
