"""What several test files share."""

import importlib.util
import sys
from pathlib import Path

import optuna
import pytest

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="module")
def load_script():
    """Return a function that imports a script of the folder data; Optuna is quiet meanwhile."""

    def load(name):
        spec = importlib.util.spec_from_file_location(name, DATA / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.path.insert(0, str(DATA))
        try:
            spec.loader.exec_module(module)
        finally:
            sys.path.remove(str(DATA))
        return module

    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    yield load
    optuna.logging.set_verbosity(verbosity)
