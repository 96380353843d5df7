"""What several test files share."""

import importlib.util
import os
import sys
from pathlib import Path

import optuna
import pytest

from tuneup_helpers.servers import find_postgres

SCRIPTS = Path(__file__).parent.parent / "tools" / "tables"


@pytest.fixture(scope="module")
def load_script():
    """Return a function that imports a script of tools/tables; Optuna is quiet meanwhile."""

    def load(name):
        spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.path.insert(0, str(SCRIPTS))
        try:
            spec.loader.exec_module(module)
        finally:
            sys.path.remove(str(SCRIPTS))
        return module

    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    yield load
    optuna.logging.set_verbosity(verbosity)


@pytest.fixture
def postgres_installed():
    """Skip a test without PostgreSQL, or let it fail where it must be: TUNEUP_NEED_POSTGRES=1."""
    if find_postgres() is None:
        missing = pytest.fail if os.environ.get("TUNEUP_NEED_POSTGRES") == "1" else pytest.skip
        missing("PostgreSQL is not installed (no initdb)")
