"""Specimen answers to the exercises of chapter 13."""

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

SPECIMENS = {}

_KEEP = {"no", "not", "nor", "never", "nothing", "cannot", "but", "against", "very", "well"}

SPECIMENS["13.2"] = {
    "right": [
        {"C": 10, "stop_words": sorted(ENGLISH_STOP_WORDS - _KEEP)},
        {"C": 10.0, "analyzer": "char_wb", "ngram_range": (2, 5)},
    ],
    "wrong": [
        ({"C": 0.1}, "take one of its changes back"),
        ({"C": 1.0}, "as good as the default"),
        ({"C": 2}, "not yet 0.010"),
    ],
    "unreadable": [
        ({"c": 10}, "has no argument c"),
        ({"C": -1}, "scikit-learn says"),
        ({"ngram_range": 2}, "scikit-learn says"),
        ("C=10", "A dictionary"),
    ],
}
