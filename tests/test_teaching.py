"""What teachers get: slides, a quiz bank, steppers for the site, and pages that stay true."""

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tuneup_helpers.exercises import Choice, exercise_chapters, exercise_keys, get_exercise

ROOT = Path(__file__).parent.parent


def load_tool(name):
    folder = str(ROOT / "tools" / "site")
    sys.path.insert(0, folder)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(folder)


def test_a_machine_says_in_one_line_that_it_is_ready():
    command = [sys.executable, str(ROOT / "course.py"), "check"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert re.fullmatch(r"Ready: .* \(Python [\d.]+\)\n", run.stdout)


def test_teachers_are_told_of_exercises_that_are_there():
    text = (ROOT / "teaching" / "chapters.md").read_text(encoding="utf-8")
    keys = re.findall(r"\((\d\d\.\d+)\)", text)
    assert len(keys) > 30
    for key in keys:
        assert isinstance(get_exercise(key), Choice)
    for path in (ROOT / "teaching").glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), target


def test_the_quiz_bank_holds_every_question_with_choices(tmp_path, monkeypatch):
    quiz = load_tool("quiz")
    monkeypatch.setattr(quiz, "QUIZ", tmp_path / "quiz")
    keys = [key for chapter in exercise_chapters() for key in exercise_keys(chapter)]
    wanted = [key for key in keys if isinstance(get_exercise(key), Choice)]
    found = [
        key
        for paths in quiz.lessons_by_chapter().values()
        for path in paths
        for key, question, choices in quiz.questions(path)
        if question and len(choices) > 1
    ]
    assert sorted(found) == sorted(wanted)
    key, question, choices = next(quiz.questions(ROOT / "notebooks" / "03b_ties_and_noise.ipynb"))
    bank = quiz.gift(key, question, choices)
    assert bank.startswith(f"::{key}::[markdown]")
    assert bank.count("\n  =") == 1
    assert bank.count("\n  ~") == len(choices) - 1


def test_the_stored_frames_of_a_stepper_become_a_stepper():
    frames = load_tool("frames")
    files = sorted(frames.FOLDER.glob("*.webp"))
    assert len(files) >= 9
    html = frames.stepper("01a_what_hyperparameters_do", 1)
    data = frames.read(html)
    said = json.loads(files[1].with_suffix(".json").read_text(encoding="utf-8"))
    assert [step["text"] for step in data["steps"]] == [step["text"] for step in said["steps"]]
    assert len({step["src"] for step in data["steps"]}) == len(data["steps"])
    for path in ROOT.glob("notebooks/*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        shown = sum(map(frames.stands_for_a_stepper, frames.outputs(notebook)))
        assert shown == len(list(frames.FOLDER.glob(f"{path.stem}-*.webp"))), path.name


def test_a_deck_that_asks_for_what_no_lesson_has_is_not_built():
    slides = load_tool("slides")
    with pytest.raises(slides.Missing, match="0 figures of lesson 05a"):
        slides.expand("{{figure 05a: No such picture}}")
    with pytest.raises(slides.Missing, match="no 99"):
        slides.expand("{{saw 05a 99}}")
    for deck in (ROOT / "slides").glob("*.md"):
        for number, beginning in re.findall(r"\{\{figure (\w+): (.+?)\}\}", deck.read_text()):
            found = [alt for alt, _ in slides.figures(number) if alt.startswith(beginning)]
            assert len(found) == 1, (deck.name, number, beginning)
