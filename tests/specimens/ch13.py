"""Specimen answers to the exercises of chapter 13."""

import re

import numpy as np
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
        ("C=10", "A dict is asked for"),
    ],
}


def _encode(last=False, front=False, unknown=1, drop=False):
    def encode_back(sentences, vocabulary, length=20):
        rows = np.zeros((len(sentences), length), dtype="int32")
        for row, text in zip(rows, sentences, strict=True):
            words = re.findall(r"[a-z']+|[!?]", text.lower())
            known = [vocabulary.get(word, unknown) for word in words]
            if drop:
                known = [number for number in known if number != 1]
            known = known[-length:] if last else known[:length]
            if front:
                row[length - len(known) :] = known
            else:
                row[: len(known)] = known
        return rows

    return encode_back


SPECIMENS["13.7"] = {
    "right": [_encode(), lambda *arguments: _encode()(*arguments).tolist()],
    "wrong": [
        (_encode(last=True, front=True), "That is `encode` itself"),
        (_encode(last=True), "Those are the last words"),
        (_encode(front=True), "The zeros stand in front"),
        (_encode(unknown=0), "0 is for padding only"),
        (_encode(drop=True), "keeps its place"),
        (lambda sentences, vocabulary, length: np.ones((3, length)), "length 4 the row is"),
    ],
    "unreadable": [
        (_encode()([], {}), "the function itself"),
        (lambda sentences, vocabulary, length: [0] * length, "a row of numbers"),
        (lambda sentences, vocabulary, length: None, "returns nothing"),
    ],
}
