"""How lessons read, in numbers: how much prose leads the code, and how long a sitting is.

    python tools/rhythm.py                         # all lessons
    python tools/rhythm.py notebooks/05*.ipynb     # some

A cell of code is *visible* unless it is collapsed (tagged ``figure``, or ``claim``). It is
*introduced* if it follows Markdown directly; two lines of imports need no introduction. The
*stretch* is the longest run of visible code between two Markdown cells.
"""

import argparse
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
WORDS_A_MINUTE = 200
SECONDS_A_LINE, SECONDS_A_FIGURE, MINUTES_AN_EXERCISE = 5, 20, 2


@dataclass(frozen=True)
class Rhythm:
    """What was counted in one lesson."""

    cells: int
    words: int
    lines: int  # of visible code
    introduced: float  # share of visible code cells that follow Markdown
    stretch: int
    widest: int  # columns of the longest line of code
    figures: int
    exercises: int
    stated: int | None  # minutes that the lesson says it takes

    @property
    def minutes(self) -> float:
        """Minutes that a reader needs."""
        seconds = SECONDS_A_LINE * self.lines + SECONDS_A_FIGURE * self.figures
        reading = self.words / WORDS_A_MINUTE
        return reading + seconds / 60 + MINUTES_AN_EXERCISE * self.exercises


def code_lines(cell):
    """Return the lines of a cell that are not blank."""
    return [line for line in cell.source.splitlines() if line.strip()]


def is_visible(cell):
    """Tell whether the code of a cell is in view when the lesson is opened."""
    return not cell.metadata.get("jupyter", {}).get("source_hidden", False)


def only_imports(cell):
    """Tell whether a cell holds no more than two lines of imports."""
    lines = code_lines(cell)
    return len(lines) <= 2 and all(re.match(r"(from|import) ", line) for line in lines)


def longest_stretch(cells):
    """Count the lines of visible code between two Markdown cells, and return the largest count."""
    longest = run = 0
    for cell in cells:
        if cell.cell_type == "markdown":
            run = 0
        elif is_visible(cell):
            run += len(code_lines(cell))
            longest = max(longest, run)
    return longest


def measure(notebook) -> Rhythm:
    """Count what there is to count in a notebook."""
    cells = notebook.cells
    prose = [re.sub(r"\(http[^)]*\)", "", c.source) for c in cells if c.cell_type == "markdown"]
    code = [cell for cell in cells if cell.cell_type == "code"]
    follows = {id(cell): before.cell_type == "markdown" for before, cell in pairwise(cells)}
    shown = [cell for cell in code if is_visible(cell) and not only_imports(cell)]
    stated = re.search(r"\*\*Time:\*\*\s*(\d+)", prose[0])
    return Rhythm(
        cells=len(cells),
        words=sum(len(re.findall(r"\w+", text)) for text in prose),
        lines=sum(len(code_lines(cell)) for cell in code if is_visible(cell)),
        introduced=sum(follows.get(id(cell), False) for cell in shown) / max(len(shown), 1),
        stretch=longest_stretch(cells),
        widest=max((len(line) for cell in code for line in code_lines(cell)), default=0),
        figures=sum(
            any("image/png" in output.get("data", {}) for output in cell.outputs) for cell in code
        ),
        exercises=sum(cell.source.count('check("') for cell in code),
        stated=int(stated.group(1)) if stated else None,
    )


def main():
    """Print one line for each lesson."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    paths = parser.parse_args().notebooks or sorted(ROOT.glob("notebooks/*.ipynb"))
    print(f"{'lesson':40} cells introduced stretch words/line columns minutes (stated)")
    for path in paths:
        seen = measure(nbformat.read(path, as_version=4))
        print(
            f"{path.stem[:40]:40} {seen.cells:5} {seen.introduced:10.0%} {seen.stretch:7} "
            f"{seen.words / max(seen.lines, 1):10.1f} {seen.widest:7} {seen.minutes:7.0f} "
            f"({seen.stated or '-'})"
        )


if __name__ == "__main__":
    main()
