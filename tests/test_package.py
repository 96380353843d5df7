import subprocess
import sys

import pytest

import tuneup_helpers

HEAVY = [
    "numpy",
    "pandas",
    "sklearn",
    "matplotlib",
    "ipywidgets",
    "optuna",
    "skopt",
    "hyperopt",
    "lightgbm",
    "scipy",
]


def test_importing_the_package_loads_nothing_heavy_and_is_quick():
    code = (
        "import sys, time; start = time.process_time(); import tuneup_helpers; "
        "seconds = time.process_time() - start; "
        f"print(seconds < 0.3, [m for m in {HEAVY} if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "True []"


def test_every_public_name_is_there_and_documented():
    for name in tuneup_helpers.__all__:
        thing = getattr(tuneup_helpers, name)
        if callable(thing):
            assert thing.__doc__, name
        assert name in dir(tuneup_helpers)
    with pytest.raises(AttributeError, match="no attribute 'load_tables'"):
        tuneup_helpers.load_tables  # noqa: B018


def test_connections_off_the_machine_are_refused():
    code = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "Tune Up works offline: refused to connect to 192.0.2.1" in run.stderr
