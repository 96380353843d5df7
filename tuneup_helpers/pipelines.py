"""The pipelines that several notebooks share: plain, unfitted scikit-learn objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

__all__ = ["adult_pipeline", "digits_svm"]


def adult_pipeline(**params) -> Pipeline:
    """Make the course's running pipeline: prepare mixed columns, then LightGBM.

    Numeric columns are scaled (LightGBM does not need it; other models put in its place
    do), categorical ones one-hot encoded; a category that was not seen in training becomes
    all zeros, a missing value a category of its own.

    Parameters
    ----------
    **params
        Hyperparameters of the step ``model``, for instance ``num_leaves=15``.

    Returns
    -------
    Pipeline
        Steps ``prepare`` and ``model``, unfitted, one thread, fixed seed.

    Raises
    ------
    ValueError
        If LightGBM's classifier has no hyperparameter of that name.

    Examples
    --------
    >>> from tuneup_helpers import load_adult
    >>> X, y = load_adult(500)
    >>> adult_pipeline(num_leaves=7).fit(X, y).predict_proba(X).shape
    (500, 2)
    """
    from lightgbm import LGBMClassifier
    from sklearn.compose import ColumnTransformer, make_column_selector
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    model = LGBMClassifier(n_jobs=1, random_state=0, verbose=-1)
    unknown = sorted(set(params) - set(model.get_params()))
    if unknown:
        raise ValueError(
            f"LGBMClassifier has no hyperparameter {unknown}; it has {sorted(model.get_params())}"
        )
    model.set_params(**params)
    prepare = ColumnTransformer(
        [
            ("numeric", StandardScaler(), make_column_selector(dtype_include="number")),
            (
                "categorical",
                OneHotEncoder(handle_unknown="ignore"),
                make_column_selector(dtype_exclude="number"),
            ),
        ]
    )
    return Pipeline([("prepare", prepare), ("model", model)])


def digits_svm(C: float = 1.0, gamma: float | str = "scale") -> Pipeline:
    """Make the small problem with a landscape: five principal components, then an SVM.

    With five numbers left of each image the classes overlap, so that both hyperparameters
    matter and their best values lie inside the range (on all 64 pixels the landscape is a
    plateau).

    Parameters
    ----------
    C : float, default 1.0
        Inverse strength of the regularization.
    gamma : float or {"scale", "auto"}, default "scale"
        Inverse width of the kernel.

    Returns
    -------
    Pipeline
        Steps ``pca`` and ``svc``, unfitted.

    Examples
    --------
    >>> from tuneup_helpers import digits_split
    >>> X_train, X_test, y_train, y_test = digits_split()
    >>> round(digits_svm(C=1, gamma=0.4).fit(X_train, y_train).score(X_test, y_test), 1)
    0.9
    """
    from sklearn.decomposition import PCA
    from sklearn.pipeline import Pipeline
    from sklearn.svm import SVC

    return Pipeline([("pca", PCA(n_components=5, random_state=0)), ("svc", SVC(C=C, gamma=gamma))])
