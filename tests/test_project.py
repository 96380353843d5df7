"""The project's own files agree with each other."""

import os
import re
import signal
import socket
import subprocess
import time
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
LESSONS = sorted(ROOT.glob("notebooks/*.ipynb"))


def test_environment_installs_the_lock_and_the_package():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    python, pip, packages = environment["dependencies"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    least = re.search(r"[\d.]+", project["requires-python"]).group()
    found = python.removeprefix("python=")
    assert [int(n) for n in found.split(".")] >= [int(n) for n in least.split(".")]
    assert pip == "pip"
    assert packages["pip"] == ["--requirement requirements.lock", "--editable ."]


def pins(lock):
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock, flags=re.M))


def test_the_locks_hold_every_dependency_with_hashes_and_name_no_host():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    lock = (ROOT / "requirements.lock").read_text()
    optional = (ROOT / "requirements-autodiff.lock").read_text()
    for text, wanted in (
        (lock, project["dependencies"] + extras["test"] + extras["dev"]),
        (optional, project["dependencies"] + extras["autodiff"]),
    ):
        assert "://" not in text
        names = re.findall(r"^([a-z0-9-]+)==", text, flags=re.M)
        assert len(names) == len(set(names)), "one version of each for all Pythons"
        for requirement in wanted:
            assert re.match(r"[\w-]+", requirement).group() in names, requirement
        blocks = re.split(r"\n(?=[a-z0-9])", text.strip())
        assert all("--hash=sha256:" in block for block in blocks)
    both = pins(lock).keys() & pins(optional).keys()
    assert all(pins(lock)[name] == pins(optional)[name] for name in both)
    assert "jax" not in pins(lock), "what is optional stays out of the default install"


def test_readme_map_names_every_notebook():
    for name in ("README.md", "notebooks/00_start_here.ipynb"):
        page = (ROOT / name).read_text()
        for path in LESSONS:
            assert path.name in page or path.name == Path(name).name, (name, path.name)


def test_wrong_python_is_told_in_one_line(tmp_path):
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\ncase "$1" in -V) echo Python 3.9.2;; *) exit 1;; esac\n')
    old.chmod(0o755)
    (tmp_path / "requirements.lock").touch()
    (tmp_path / "pyproject.toml").touch()
    command = ["make", "-f", str(ROOT / "Makefile"), "setup", f"PYTHON={old}"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode != 0
    assert "Tune Up needs Python 3.11 or later" in run.stdout
    assert "is Python 3.9.2" in run.stdout
    command[-1] = "PYTHON=python-that-is-not-there"
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "was not found" in run.stdout


def answers(port):
    """Tell whether something listens on this port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_make_lab_opens_the_start_page(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = {f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    log = tmp_path / "log"
    with log.open("w") as output:
        lab = subprocess.Popen(
            ["make", "lab", f"PORT={port}"],
            cwd=ROOT,
            env=environment | home,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        # The server writes its address a moment before it listens there.
        url, status, until = None, None, time.monotonic() + 90
        while status is None and time.monotonic() < until and lab.poll() is None:
            time.sleep(0.5)
            url = re.search(rf"http://127\.0\.0\.1:{port}/\S+token=\w+", log.read_text())
            if url and answers(port):
                with urllib.request.urlopen(url.group(), timeout=30) as page:
                    status = page.status
        assert status == 200, log.read_text()
        assert "/lab/tree/00_start_here.ipynb?token=" in url.group()
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/contents", timeout=30)
    finally:
        os.killpg(lab.pid, signal.SIGTERM)
        lab.wait(30)


def test_make_alone_lists_the_targets():
    run = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in ("lab", "test", "notebooks", "lint", "lock"):
        assert f"make {target}" in run.stdout
