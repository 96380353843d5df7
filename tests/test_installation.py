import os
import shutil
import subprocess
import sys
import types
from importlib import metadata
from pathlib import Path

import pytest

from tuneup_helpers.installation import (
    GroupMissing,
    check_installation,
    find_problems,
    require_group,
)

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


def without(monkeypatch, **versions):
    """Pretend that packages have these versions; None: they are not installed."""
    real = metadata.version

    def version(name):
        if name not in versions:
            return real(name)
        if versions[name] is None:
            raise metadata.PackageNotFoundError(name)
        return versions[name]

    monkeypatch.setattr(metadata, "version", version)


DEEP = {"jax": "0.10.2", "keras": "3.15.1", "keras-tuner": "1.4.8", "tensorboard": "2.21.0"}


@pytest.mark.parametrize(
    ("versions", "said"),
    [
        ({"keras": None}, "keras is missing: type `make deep`"),
        ({"jax": None, "keras": None}, "jax is missing, keras is missing: type `make deep`"),
        ({"keras": "2.15.0"}, "keras 2.15.0 is older than 3.12: type `make deep`"),
    ],
)
def test_what_a_group_lacks_is_said_in_one_line(monkeypatch, versions, said):
    without(monkeypatch, **DEEP | versions)
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    with pytest.raises(GroupMissing) as caught:
        require_group("deep")
    message = str(caught.value)
    assert message.startswith(said)
    assert len(message.splitlines()) == 1
    assert "KERAS_BACKEND" not in os.environ, "nothing is half done"


def test_keras_not_yet_imported_gets_jax_unless_another_backend_is_chosen(monkeypatch):
    without(monkeypatch, **DEEP)
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    require_group("deep")
    assert os.environ["KERAS_BACKEND"] == "jax"
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    with pytest.raises(GroupMissing, match=r"backend 'tensorflow'.*'jax'.*restart") as caught:
        require_group("deep")
    assert len(str(caught.value).splitlines()) == 1
    assert "keras" not in sys.modules, "nothing is imported"


def test_keras_that_runs_on_another_backend_is_told(monkeypatch):
    without(monkeypatch, **DEEP)
    running = types.SimpleNamespace(backend=types.SimpleNamespace(backend=lambda: "torch"))
    monkeypatch.setitem(sys.modules, "keras", running)
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    with pytest.raises(GroupMissing, match="backend 'torch'"):
        require_group("deep")


def test_real_keras_passes(keras_on_jax):
    require_group("deep")


def test_a_group_without_keras_leaves_the_backend_alone(monkeypatch):
    without(monkeypatch, jax="0.10.2")
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    require_group("autodiff")


def test_a_group_needs_the_helpers_installed(monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "metadata", missing)
    with pytest.raises(GroupMissing, match="tuneup-helpers is not installed"):
        require_group("deep")


def test_a_notebook_shows_the_line_and_no_traceback(monkeypatch, tmp_path):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    code = "from tuneup_helpers.installation import GroupMissing; raise GroupMissing('do this')"
    command = [sys.executable, "-m", "IPython", "--quick", "-c", code]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode
    assert (run.stdout + run.stderr).strip() == "do this"


def test_a_package_for_another_system_is_not_missed(monkeypatch):
    lines = [
        f"cake>=1; sys_platform == '{sys.platform}' and extra == 'boosting'",
        f"pie>=1; sys_platform != '{sys.platform}' and extra == 'boosting'",
    ]
    monkeypatch.setattr(metadata, "requires", lambda name: lines)
    with pytest.raises(GroupMissing, match="^cake is missing"):
        require_group("boosting")
