"""The table of findings: for each its heading in the clinic, level, check and advice.

To add one, write its check, a function that takes a `SearchRecord` and returns a `CheckResult`,
and its entry here: problems stand before notices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tuneup_helpers.diagnosis.checks import edge, ranges, scores, seed, sign, trials
from tuneup_helpers.diagnosis.checks.result import CheckResult
from tuneup_helpers.diagnosis.record import SearchRecord

__all__ = ["CLINIC_PAGE", "FINDINGS", "FindingKind"]

CLINIC_PAGE = "clinic.ipynb"


@dataclass(frozen=True)
class FindingKind:
    """What all findings of one kind have in common; `Finding` describes the texts.

    The clinic treats it under its title, or under another heading. Findings have the key of the
    table as their code, or another one.
    """

    title: str
    level: str
    check: Callable[[SearchRecord], CheckResult]
    advice: str
    heading: str = ""
    code: str = ""

    @property
    def link(self) -> str:
        """The heading in the clinic, as Jupyter links it."""
        return f"{CLINIC_PAGE}#{(self.heading or self.title).replace(' ', '-')}"


FINDINGS = {
    "failed": FindingKind(
        "Trials that failed",
        "problem",
        trials.failed_trials,
        "Run one of them alone to see its error (in scikit-learn with error_score='raise'), and "
        "take out of the space what cannot work.",
    ),
    "sign": FindingKind(
        "Minimized what should be maximized",
        "problem",
        sign.wrong_sign,
        "Turn it round: make_scorer(..., greater_is_better=False), scoring='neg_...', or the other "
        "direction; then search again.",
    ),
    "equal": FindingKind(
        "All scores are equal",
        "problem",
        ranges.no_effect_at_all,
        "Nothing that was searched has an effect. Look for a name that the model takes and does "
        "not know (compare with get_params()), a setting that switches the others off, a score or "
        "folds that cannot tell (all 0: rows sorted by class, in folds that are not shuffled; all "
        "1: too easy), or an objective that does not use its parameters.",
        heading="A range that does nothing",
        code="unimportant",
    ),
    "searched_seed": FindingKind(
        "A seed that is searched",
        "problem",
        seed.searched_seed,
        "Take it out of the space and fix it. To learn what depends on it, score the chosen "
        "setting with several seeds, and report mean and spread.",
    ),
    "edge": FindingKind(
        "Best at the edge",
        "problem",
        edge.best_at_the_edge,
        "Extend the range beyond this end and search again.",
    ),
    "linear": FindingKind(
        "A linear range",
        "problem",
        ranges.linear_range,
        "Draw on a log scale: scipy.stats.loguniform, suggest_float(..., log=True), "
        "Real(..., prior='log-uniform'), np.logspace.",
    ),
    "optimism": FindingKind(
        "The best of many on few rows",
        "problem",
        scores.optimism,
        "Do not report the best score: score the chosen setting on rows that the search never "
        "saw, or nest the search in an outer cross-validation.",
    ),
    "ties": FindingKind(
        "A tie sold as a winner",
        "notice",
        scores.ties,
        "Take the simplest or cheapest setting of the tie, or score the best few on more data.",
    ),
    "unimportant": FindingKind(
        "A range that does nothing",
        "notice",
        ranges.range_that_does_nothing,
        "Check that the model uses it (the right name? switched off by another setting?). If it "
        "does, fix it and spend the trials elsewhere.",
    ),
    "improving": FindingKind(
        "Stopped while climbing",
        "notice",
        scores.stopped_while_climbing,
        "Go on with the same search.",
    ),
    "duplicates": FindingKind(
        "The same trial twice",
        "notice",
        trials.repeated_trials,
        "Unless it was meant to measure noise: widen the space, or stop, for it is exhausted.",
    ),
    "seed": FindingKind(
        "No seed",
        "notice",
        seed.missing_seed,
        "Pass random_state=0, or any number; then try others to see what depends on it.",
    ),
}
