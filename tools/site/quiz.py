"""Make a quiz bank from the lessons' questions with choices and from what their checks know.

    python tools/site/quiz.py             # into build/quiz

For each chapter a Markdown page to print, with the answers on a page of their own, and a file in
Moodle's GIFT format, which learning platforms import. A question's words are those of the lesson, and
what is said to a wrong choice is what the check says: there is no second copy to fall behind.
"""

import itertools
import re
import shutil
import sys
from pathlib import Path

import nbformat

from tuneup_helpers.exercises import Choice, get_exercise

ROOT = Path(__file__).resolve().parents[2]
QUIZ = ROOT / "build" / "quiz"
SHORT = 70  # letters
CHOICE = r"^- \*\*([a-z])\*\*:? *(.*(?:\n(?!\s*\n|- ).*)*)"


def questions(path):
    """Yield (key, question, choices) for each question with choices in a lesson."""
    cells = nbformat.read(path, as_version=4).cells
    for before, cell in itertools.pairwise(cells):
        key = re.search(r'^check\("([\w.]+)"', cell.source, re.M)
        if cell.cell_type != "code" or not key or before.cell_type != "markdown":
            continue
        if not isinstance(get_exercise(key.group(1)), Choice):
            continue
        told, _, words = before.source.partition(f"Exercise {key.group(1)}.**")
        told = told.removesuffix("**Predict first. ").removesuffix("**")
        choices = {letter: one_line(text) for letter, text in re.findall(CHOICE, words, re.M)}
        question = re.split(r"^- \*\*", words, flags=re.M)[0].strip()
        if len(question) < SHORT:  # it goes on from what was said
            paragraphs = [part for part in told.split("\n\n") if not part.startswith("#")]
            question = "\n\n".join([*filter(str.strip, paragraphs[-2:]), question])
        if set(choices) < set(get_exercise(key.group(1)).right) or len(choices) < 2:
            raise ValueError(f"{path.name}: the choices of {key.group(1)} could not be read")
        yield key.group(1), question, choices


def one_line(text):
    """Join lines."""
    return " ".join(text.split())


def said(key, letter):
    """Return what the check says to one letter."""
    exercise = get_exercise(key)
    return exercise.judge(exercise.right) if letter in exercise.right else exercise.wrong[letter]


def escaped(text):
    """Protect what has a meaning in GIFT."""
    return re.sub(r"([~=#{}:])", r"\\\1", one_line(text))


def gift(key, question, choices):
    """Write one question in GIFT."""
    right = get_exercise(key).right
    share = 100 / len(right)
    minus = 100 / max(1, len(choices) - len(right))
    lines = [f"::{key}::[markdown]{escaped(question)}{{"]
    for letter, text in choices.items():
        good = letter in right
        mark = "=" if good else "~"
        if len(right) > 1:
            mark = f"~%{share if good else -minus:.5f}%"
        lines.append(f"  {mark}{escaped(text)}#{escaped(said(key, letter))}")
    return "\n".join([*lines, "}"])


def lessons_by_chapter():
    """Return the lessons of each chapter."""
    chapters = {}
    for path in sorted(ROOT.glob("notebooks/*.ipynb")):
        chapters.setdefault(re.match(r"\d\d|[a-z]+", path.stem).group(), []).append(path)
    return chapters


def build():
    """Write the bank, and count."""
    shutil.rmtree(QUIZ, ignore_errors=True)
    QUIZ.mkdir(parents=True)
    total = 0
    for chapter, paths in lessons_by_chapter().items():
        found = [each for path in paths for each in questions(path)]
        if not found:
            continue
        total += len(found)
        page, answers = [f"# Questions of chapter {chapter}\n"], ["\n# Answers\n"]
        for key, question, choices in found:
            listed = "\n".join(f"- **{letter}** {text}" for letter, text in choices.items())
            page.append(f"**{key}.** {question}\n\n{listed}\n")
            right = get_exercise(key).right
            answers.append(f"- **{key}: {', '.join(right)}.** {said(key, right[0])}")
        text = "\n".join([*page, *answers]) + "\n"
        (QUIZ / f"{chapter}.md").write_text(text, encoding="utf-8")
        bank = "\n\n".join(gift(*each) for each in found)
        (QUIZ / f"{chapter}.gift").write_text(bank + "\n", encoding="utf-8")
    print(f"{total} questions are in {QUIZ.relative_to(ROOT)}.")
    return total


if __name__ == "__main__":
    sys.exit(build() == 0)
