"""The report of a diagnosis: what it holds, and how it is shown as text and in a notebook."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

__all__ = ["Diagnosis", "Finding"]


@dataclass(frozen=True)
class Finding:
    """One thing that is suspicious in a search.

    Attributes
    ----------
    code, title : str
        A short name for programs; the heading in the clinic.
    evidence, advice : str
        What was seen, in numbers; what to do about it.
    link : str
        Where the clinic explains it.
    level : {"problem", "notice"}
        A problem makes the result worse or its score wrong; a notice costs trials, or limits
        what may be concluded.
    """

    code: str
    title: str
    evidence: str
    advice: str
    link: str
    level: str


@dataclass(frozen=True, repr=False)
class Diagnosis:
    """What `diagnose` found: show it, iterate over it, ask for its length.

    Attributes
    ----------
    findings : tuple of Finding
        Problems first; empty if nothing is suspicious.
    looked_at : tuple of str
        Titles of the checks that could be made in full.
    not_looked_at : dict of str to str
        Titles of the others, and what was missing.
    searched : str
        What was diagnosed.
    """

    findings: tuple[Finding, ...]
    looked_at: tuple[str, ...]
    not_looked_at: dict[str, str]
    searched: str

    def __len__(self) -> int:
        return len(self.findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __repr__(self) -> str:
        return _text(self)

    def _repr_html_(self) -> str:
        return _page(self)


def _headline(diagnosis: Diagnosis) -> str:
    n = len(diagnosis)
    count = {0: "Nothing suspicious", 1: "1 finding"}.get(n, f"{n} findings")
    return f"{count} in {diagnosis.searched}"


def _looked_at(diagnosis: Diagnosis) -> str:
    return "Looked at: " + (", ".join(diagnosis.looked_at) or "nothing")


def _with_advice(diagnosis: Diagnosis) -> Iterator[tuple[Finding, bool]]:
    """Yield each finding, and whether to give its advice: once, with the last of a title."""
    codes = [*(finding.code for finding in diagnosis), None]
    for finding, next_code in zip(diagnosis, codes[1:], strict=True):
        yield finding, finding.code != next_code


# As text


def _text(diagnosis: Diagnosis) -> str:
    lines = [_headline(diagnosis)]
    for number, (finding, advised) in enumerate(_with_advice(diagnosis), start=1):
        lines += ["", f"{number}. {finding.title} ({finding.level})", _indented(finding.evidence)]
        if advised:
            lines += [_indented(finding.advice), _indented(finding.link)]
    lines += ["", _hanging(_looked_at(diagnosis))]
    for title, why in diagnosis.not_looked_at.items():
        lines.append(_hanging(f"Not looked at: {title} ({why})"))
    return "\n".join(lines)


def _indented(text: str) -> str:
    return textwrap.fill(text, 88, initial_indent="   ", subsequent_indent="   ")


def _hanging(text: str) -> str:
    return textwrap.fill(text, 88, subsequent_indent="   ")


# As a page: each function is a template, in which all that comes from a search is escaped.


def _page(diagnosis: Diagnosis) -> str:
    return (
        f"<p><b>{escape(_headline(diagnosis))}</b></p>"
        f"{_findings_list(diagnosis)}"
        f"<p>{escape(_looked_at(diagnosis))}</p>"
        f"{_missed_list(diagnosis)}"
    )


def _findings_list(diagnosis: Diagnosis) -> str:
    items = [_finding_item(finding, advised) for finding, advised in _with_advice(diagnosis)]
    return f"<ol>{''.join(items)}</ol>" if items else ""


def _finding_item(finding: Finding, advised: bool) -> str:
    advice = f"<br><i>{escape(finding.advice)}</i>" if advised else ""
    return (
        f'<li><b><a href="{escape(finding.link)}">{escape(finding.title)}</a></b>'
        f" ({escape(finding.level)})<br>{escape(finding.evidence)}{advice}</li>"
    )


def _missed_list(diagnosis: Diagnosis) -> str:
    missed = diagnosis.not_looked_at.items()
    items = [f"<li>{escape(title)}: {escape(why)}</li>" for title, why in missed]
    return f"<p>Not looked at:</p><ul>{''.join(items)}</ul>" if items else ""
