"""Helpers of Tune Up, a Jupyter-first course on hyperparameter tuning.

The helpers load data, adapt, replay, draw and check. They never search: the
method is always visible in the notebook.

Importing the package loads nothing heavy; each public name loads its module
when it is first used.
"""

from importlib import import_module

_MODULES = {
    "datasets": ["FASHION_CLASSES", "digits_split", "load_adult", "load_fashion", "load_reviews"],
    "pipelines": ["adult_pipeline", "digits_svm"],
    "replay": [
        "Table",
        "expected_best",
        "list_tables",
        "load_stored",
        "load_table",
        "quantile_best",
    ],
    "networks": ["train_many"],
    "ratings": ["load_movielens", "make_ratings"],
    "studies": ["History", "read_history", "to_study"],
    "diagnosis": ["Diagnosis", "Finding", "diagnose"],
    "plots": [
        "METHOD_COLORS",
        "plot_best_so_far",
        "plot_intervals",
        "plot_landscape",
        "plot_surrogate",
        "plot_trials",
    ],
    "widgets": ["FrameStepper", "tune_by_hand"],
    "exercises": ["check", "hint"],
    "installation": ["check_installation", "require_group"],
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__version__ = "0.1.0"
__all__ = sorted(_HOME)


def __getattr__(name):
    """Load the module of a public name when the name is first asked for."""
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {__all__}")


def __dir__():
    return sorted([*globals(), *__all__, *_MODULES])
