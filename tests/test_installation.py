import shutil
from importlib import metadata
from pathlib import Path

import pytest

from tuneup_helpers.installation import check_installation, find_problems

DATA = Path(__file__).parent.parent / "data"


def test_here_all_is_well(capsys):
    assert find_problems() == []
    check_installation()
    assert capsys.readouterr().out == "Ready: Python, packages and data are all here.\n"


def test_missing_and_old_packages_are_named_with_what_mends_them(monkeypatch, capsys):
    real = metadata.version

    def version(name):
        if name == "optuna":
            raise metadata.PackageNotFoundError(name)
        return "1.8.9" if name == "scikit-learn" else real(name)

    monkeypatch.setattr(metadata, "version", version)
    check_installation()
    said = capsys.readouterr().out
    assert "- optuna is missing: run `python course.py setup`" in said
    assert "- scikit-learn 1.8.9 is older than 1.9: run `python course.py setup`" in said
    assert len(said.splitlines()) == 2


def test_a_package_that_is_only_on_the_path_is_told(monkeypatch):
    def requires(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", requires)
    (problem,) = find_problems()
    assert problem.startswith("tuneup-helpers is not installed")


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_damaged_data_is_told(tmp_path, monkeypatch, damage):
    shutil.copytree(DATA, tmp_path / "data")
    monkeypatch.setenv("TUNEUP_DATA", str(tmp_path / "data"))
    file = tmp_path / "data" / "tables" / "svc_digits.npz"
    file.unlink() if damage == "missing" else file.write_bytes(b"x")
    (problem,) = find_problems()
    assert "svc_digits.npz" in problem
    assert "git checkout -- data" in problem


def test_data_that_may_not_be_read_is_told(monkeypatch):
    def refuse(path):
        raise PermissionError(f"may not read {path}")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (problem,) = find_problems()
    assert problem.startswith("may not read")
