"""Count how often the claims of a lesson hold with other seeds.

    python tools/other_seeds.py notebooks/05a*.ipynb              # 20 shifts of the seed
    python tools/other_seeds.py --shifts 5 --workers 2 notebooks/*.ipynb

A claim that holds for the lesson's own seed may be its luck. This runs the code of the lesson again
and again with another ``SEED`` (its ``SEED = 0`` becomes 1000, 2000, ...: far enough apart for
ranges that start at it) and counts how often each assertion of its
claims holds. Fewer than 19 times of 20 is too few: such a sentence says more than was
measured. Cells that only draw, snippets and exercises are passed over.

An assertion about numbers that no shift has moved is marked ``exact``. That is right for what
does not depend on chance, or is read from a stored search; anything else is not reached by ``SEED``.
"""

import argparse
import ast
import os
import pickle
import re
import sys
import traceback
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

STEP = 1000
ENOUGH = 0.95
NOTE = "_note_claim"


@dataclass
class Claim:
    """One assertion, and what became of it in each run."""

    words: str
    held: list[bool] = field(default_factory=list)
    seen: list[bytes] = field(default_factory=list)  # the numbers that it speaks of

    def line(self) -> str:
        """Write it as a line of the table."""
        exact = "exact" if len(set(self.seen)) == 1 else ""
        mark = " " if sum(self.held) >= ENOUGH * len(self.held) else "<"
        return f"{sum(self.held):4}/{len(self.held):<3}{mark} {exact:5} {self.words}"


class NoteAssertions(ast.NodeTransformer):
    """Replace each assertion by a note of whether it holds, so that the later ones are seen too."""

    def __init__(self, cell: int):
        self.cell = cell

    def visit_Assert(self, node):
        """Turn ``assert test, words`` into ``_note_claim(key, words, lambda: test, values)``."""
        words = ast.unparse(node.test)
        if isinstance(node.msg, ast.Constant):
            words = node.msg.value
        names = sorted({n.id for n in ast.walk(node.test) if isinstance(n, ast.Name)})
        call = f"{NOTE}({(self.cell, node.lineno)!r}, {words!r}, lambda: None, {names!r}, locals())"
        statement = ast.parse(call).body[0]
        statement.value.args[2].body = node.test
        return ast.copy_location(statement, node)


def runnable(notebook, seed):
    """Yield number and source of each cell that has to run, with another seed."""
    for number, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or {"snippet", "figure", "raises-exception"} & set(tags):
            continue
        if re.search(r'\b(check|hint)\("|FrameStepper|tune_by_hand', cell.source):
            continue
        source = re.sub(r"^[%!].*$", "", cell.source, flags=re.M)
        yield number, "claim" in tags, re.sub(r"^SEED = 0\b", f"SEED = {seed}", source, flags=re.M)


def fingerprint(value):
    """Return bytes that tell numbers apart; nothing for what is not made of numbers."""
    if callable(value):
        return b""
    try:
        return pickle.dumps(value)
    except Exception:
        return repr(value).encode()


def run(path, seed):
    """Run a lesson with a seed; return {key: (words, holds, numbers)} and the first error."""
    import warnings

    warnings.simplefilter("ignore")
    os.chdir(path.parent)
    notes, error = {}, ""

    def note(key, words, test, names, local):
        try:
            holds = bool(test())
        except Exception:
            holds = False
        numbers = b"".join(fingerprint(local.get(n, space.get(n))) for n in names)
        before = notes.get(key, (words, True, b""))
        notes[key] = (words, before[1] and holds, before[2] + numbers)

    space = {"__name__": "__main__", NOTE: note, "display": lambda *things: None}
    for number, is_claim, source in runnable(nbformat.read(path, as_version=4), seed):
        tree = ast.parse(source)
        if is_claim:
            tree = ast.fix_missing_locations(NoteAssertions(number).visit(tree))
        try:
            with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
                exec(compile(tree, f"cell {number}", "exec"), space)
        except Exception:
            error = error or f"seed {seed}, cell {number}: {traceback.format_exc(limit=-1).strip()}"
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")
    if "joblib.externals.loky" in sys.modules:  # this process would wait minutes for idle workers
        sys.modules["joblib.externals.loky"].get_reusable_executor().shutdown(kill_workers=True)
    return notes, error


def ask(path, shifts, pool):
    """Run one lesson with all seeds; print its table and return whether all claims hold."""
    seeds = [STEP * shift for shift in range(shifts + 1)]
    claims, errors = defaultdict(lambda: Claim("")), []
    for notes, error in pool.map(run, [path] * len(seeds), seeds):
        errors += [error] if error else []
        for key, (words, holds, numbers) in notes.items():
            claims[key].words = words
            claims[key].held.append(holds)
            claims[key].seen.append(numbers)
    print(f"\n{path.stem}: {len(claims)} assertions, {len(seeds)} seeds")
    for key in sorted(claims):
        print(claims[key].line())
    for error in errors[:3]:
        print(error)
    weak = [c for c in claims.values() if sum(c.held) < ENOUGH * len(c.held)]
    print(f"{len(claims) - len(weak)} of {len(claims)} hold often enough", flush=True)
    return not weak and not errors


def main():
    """Ask each lesson named; fail if a claim holds too rarely."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--shifts", type=int, default=20, help="seeds beside the lesson's own")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    given = parser.parse_args()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    os.environ["MPLBACKEND"] = "agg"
    fine = True
    for path in given.notebooks:
        # New processes for each run: nothing that one leaves behind reaches the next.
        with ProcessPoolExecutor(given.workers, max_tasks_per_child=1) as pool:
            fine &= ask(path.resolve(), given.shifts, pool)
    sys.exit(not fine)


if __name__ == "__main__":
    main()
