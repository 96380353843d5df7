"""Exercises of chapter 13, text."""

from functools import cache

from tuneup_helpers.exercises import Unreadable, Wrong, choice, dictionary, exercise

# 13a


choice(
    "13.1",
    right="b",
    because="The list holds \"not\", \"no\", \"never\" and \"but\": \"not good\" becomes \"good\".",
    wrong={
        "a": "Some of it is noise, but print the list: "
        "`sorted(sklearn.feature_extraction.text.ENGLISH_STOP_WORDS)`. Which of its words turn a "
        "sentence round?",
        "c": "The differences on the same twenty splits are small, and still well apart from zero.",
    },
    hints=[
        "What becomes of \"The food is not good\"?",
        "The next cells measure it: run them, then answer again.",
    ],
)


@cache
def _parts():
    """Draw ten splits, other ones than the page's, and score the default on them."""
    from sklearn.model_selection import train_test_split

    from tuneup_helpers.datasets import load_reviews

    X, y = load_reviews()
    parts = [
        train_test_split(X["text"], y, train_size=1500, stratify=y, random_state=90_000 + i)
        for i in range(10)
    ]
    return parts, _accuracy(parts, {})


def _accuracy(parts, how):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    how = dict(how)
    right = 0.0
    for train, new, y_train, y_new in parts:
        model = LogisticRegression(C=how.get("C", 1.0), max_iter=1000)
        words = TfidfVectorizer(**{k: v for k, v in how.items() if k != "C"})
        right += make_pipeline(words, model).fit(train, y_train).score(new, y_new)
    return right / len(parts)


@exercise(
    "13.2",
    hints=[
        "Which single change gained most on the page? Two changes can be made together.",
        "`C=10` and a stop list of your own: pass a list of words as `stop_words`.",
        "Letters instead of words: `analyzer=\"char_wb\"` with `ngram_range=(2, 5)` and a larger "
        "`C`.",
    ],
)
def _(answer):
    import warnings

    from sklearn.feature_extraction.text import TfidfVectorizer

    how = dictionary(answer, "arguments of `classifier`, such as {'C': 3}")
    known = {"C", *TfidfVectorizer().get_params()}
    unknown = [str(name) for name in how if name not in known]
    if unknown:
        raise Unreadable(
            f"`classifier` has no argument {', '.join(unknown)}: allowed are `C` and those of "
            "`TfidfVectorizer`."
        )
    parts, default = _parts()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            gain = _accuracy(parts, how) - default
    except Exception as error:
        raise Unreadable(f"With these arguments scikit-learn says: {error}") from None
    if gain < -0.002:
        raise Wrong(f"That loses {-gain:.3f}: take one of its changes back.")
    if gain < 0.002:
        raise Wrong("That is as good as the default: it changes nothing that counts.")
    if gain < 0.01:
        raise Wrong(f"A gain of {gain:.3f}, not yet 0.010: the direction is right.")
    return f"A gain of {gain:.3f} over the default, on splits that you have not seen."


choice(
    "13.3",
    right="c",
    because="A vocabulary knows no labels. Words that were chosen with the labels of the new "
    "sentences fit them by luck.",
    wrong={
        "a": "Both are mistakes, but only one of them uses the labels of the new sentences.",
        "b": "What can a list of words, without any label, tell about the answers?",
        "d": "Choosing 200 words of thousands by their labels is a search. What did chapter 09 say of "
        "the best of many?",
    },
    hints=[
        "Which of the two steps sees the labels of the new sentences?",
        "The next cells measure it: run them, then answer again.",
    ],
)

choice(
    "13.4",
    right="b",
    because="What looks at labels is inside. What does not moved the score by less than a point.",
    wrong={
        "a": "A vocabulary without labels moved the score by less than a point here.",
        "c": "Cutting a sentence into words learns nothing from other rows.",
    },
    hints=[
        "Which of her steps looks at labels, and where does it stand?",
        "Compare with the two leaks measured above.",
    ],
)
