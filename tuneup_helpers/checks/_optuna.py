"""What several judges of Optuna's studies share."""

from contextlib import contextmanager

__all__ = ["quiet"]


@contextmanager
def quiet():
    """Keep Optuna's lines on each trial out of the feedback."""
    import optuna

    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(verbosity)
