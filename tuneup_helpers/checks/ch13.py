"""Exercises of chapter 13, text."""

from functools import cache

from tuneup_helpers.exercises import (
    Unreadable,
    Wrong,
    array_of_shape,
    call,
    choice,
    dictionary,
    exercise,
    recognize,
)

# 13a


choice(
    "13.1",
    right="b",
    because='The list holds "not", "no", "never" and "but": "not good" becomes "good".',
    wrong={
        "a": "Some of it is noise, but print the list: "
        "`sorted(sklearn.feature_extraction.text.ENGLISH_STOP_WORDS)`. Which of its words turn a "
        "sentence round?",
        "c": "The differences on the same twenty splits are small, and still well apart from zero.",
    },
    hints=[
        'What becomes of "The food is not good"?',
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
        'Letters instead of words: `analyzer="char_wb"` with `ngram_range=(2, 5)` and a larger '
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


# 13b


choice(
    "13.5",
    right="a",
    because="After a few epochs the network knows the training sentences; then it memorizes them, "
    "and the accuracy on others falls.",
    wrong={
        "b": "The training loss goes on falling. The accuracy on new sentences does not follow it.",
        "c": "After the first epoch the network is still far from its best.",
    },
    hints=[
        "1,500 sentences of some ten words, and more weights than words.",
        "The next cells measure it: run them, then answer again.",
    ],
)

choice(
    "13.6",
    right="b",
    because="Counted words are ahead at every budget, and by default already.",
    wrong={
        "a": "It knows the order of the words, and has to learn from 1,500 sentences what each "
        "word means.",
        "c": "Look at the printed lines for thirty trials: the gap is larger than a point.",
    },
    hints=[
        "How many examples does a network see of one word, in 1,500 short sentences?",
        "The next cells measure it: run them, then answer again.",
    ],
)


def _encoded(sentences, vocabulary, length, *, last=False, front=False, unknown=1, drop=False):
    """Return the rows of the exercise, or with other arguments those of a known mistake."""
    import re

    rows = []
    for text in sentences:
        words = re.findall(r"[a-z']+|[!?]", text.lower())
        found = [vocabulary.get(word, unknown) for word in words]
        found = [number for number in found if number != unknown] if drop else found
        found = found[-length:] if last else found[:length]
        empty = [0] * (length - len(found))
        rows.append(empty + found if front else found + empty)
    return rows


@exercise(
    "13.7",
    hints=[
        "Start from `encode`: two of its lines change.",
        "The first words of a list are `known[:length]`.",
        "They go to the beginning of the row: `row[: len(known)] = known`.",
    ],
)
def _(answer):
    sentences = ["Not good, not good at all!", "GOOD", "it's a very very long sentence, isn't it?"]
    vocabulary = {"not": 2, "good": 3, "!": 4, "very": 5, "it's": 6, "?": 7}
    for length in (4, 7):
        got = call(answer, list(sentences), dict(vocabulary), length)
        got = array_of_shape(got, (3, length), "a row of numbers for each sentence")
        mistakes = [
            (
                _encoded(sentences, vocabulary, length, last=True, front=True),
                "That is `encode` itself: here the first words are kept, and zeros go behind.",
            ),
            (
                _encoded(sentences, vocabulary, length, last=True),
                "Those are the last words of a long sentence: keep the first.",
            ),
            (
                _encoded(sentences, vocabulary, length, front=True),
                "The zeros stand in front: they go behind the words.",
            ),
            (
                _encoded(sentences, vocabulary, length, unknown=0),
                "A word that is not in the vocabulary is 1; 0 is for padding only.",
            ),
            (
                _encoded(sentences, vocabulary, length, drop=True),
                "A word that is not in the vocabulary keeps its place, as a 1.",
            ),
        ]
        if not recognize(got, _encoded(sentences, vocabulary, length), mistakes):
            raise Wrong(
                f"For the sentence {sentences[0]!r} and length {length} the row is "
                f"{_encoded(sentences[:1], vocabulary, length)[0]}."
            )
    return "First words kept, padding behind. With `mask_zero=True` the layer skips the zeros."


choice(
    "13.8",
    right="b",
    because="At this size counted words win by default, and each doubling of the sentences brought "
    "more than any hyperparameter.",
    wrong={
        "a": "More trials find a better network, and all of them ended below the words' default.",
        "c": "On these sentences layers and dropout moved the best score by two points at most.",
    },
    hints=[
        "What did both pages measure between 1,000 and 2,000 sentences?",
        "What brought more than any hyperparameter in 13a?",
    ],
)
