"""Exercises of the snippets."""

import numpy as np

from tuneup_helpers.exercises import (
    Wrong,
    call,
    choice,
    dictionary,
    exercise,
    recognize,
    whole_number,
)

choice(
    "snippets.1",
    right="b",
    because="With shuffled rows each digit has rows of the same hand among the training rows. New "
    "people will not have them.",
    wrong={
        "a": "That holds for rows that know nothing of each other. Here neighbouring rows are by "
        "the same hand, and shuffling puts them on both sides.",
        "c": "Folds of whole people are the harder task: no row of the hand is in training.",
    },
    hints=[
        "What do shuffled training rows hold that will be missing for a new person?",
        "Which of the two tasks is the harder one?",
    ],
)

choice(
    "snippets.2",
    right="ac",
    because="Folds and test rows by patient, and a cost in place of accuracy.",
    wrong={
        "a": "Fifteen scans of one patient are alike. Shuffled, they would be on both sides of "
        "each fold, and the model is for new patients: `a` is needed.",
        "b": "Nothing here says that the scans come in an order that new ones continue, so `b` is "
        "not needed.",
        "c": "Accuracy takes both errors for equally bad. One costs twenty times the other: `c` "
        "is needed.",
        "d": "900 rows are few, and nothing says that the fits are slow: `d` is not needed.",
    },
    hints=[
        "Two are needed: one for *how to split*, one for *what to count*.",
        "Which rows will a new patient have in common with the training rows?",
    ],
)

choice(
    "snippets.3",
    right="c",
    because="It fits on *all* rows, those of the test among them, and then scores on them. To fit "
    "the model that goes to work on all rows is fine, but after the score, not before.",
    wrong={
        "a": "A split in proportion to the classes, before anything is fitted: as it should be.",
        "b": "The search sees the training rows only, and its pipeline prepares inside the folds.",
        "d": "To score on the test rows is right, for a model that has not seen them.",
    },
    hints=[
        "Follow the test rows: which line is the first to use them?",
        "`X` holds the rows of `X_test` too.",
    ],
)


class _Trial:
    """A trial that answers each question and remembers it, as Optuna's trial would."""

    def __init__(self, kernel):
        self.kernel, self.asked, self.given = kernel, {}, {}

    def __repr__(self):
        return "trial"

    @property
    def params(self):
        return dict(self.given)

    def suggest_float(self, name, low, high, *, step=None, log=False):
        return self._answer(name, ("float", low, high, log), float(low))

    def suggest_int(self, name, low, high, *, step=1, log=False):
        return self._answer(name, ("int", low, high, step), int(low))

    def suggest_categorical(self, name, choices):
        choices = list(choices)
        is_kernel = self.kernel in choices
        value = self.kernel if is_kernel else choices[0]
        return self._answer(name, ("categorical", tuple(choices)), value)

    def _answer(self, name, question, value):
        if self.asked.setdefault(name, question) != question:
            raise Wrong(f"`{name}` is asked for twice, with other bounds: give it one range.")
        self.given[name] = value
        return value


_BELONG = {"linear": {"C"}, "rbf": {"C", "gamma"}, "poly": {"C", "gamma", "degree"}}


@exercise(
    "snippets.4",
    hints=[
        "Ask for the kernel first, put it into a dict with `C`, then ask for more with `if`.",
        '`if params["kernel"] != "linear":` ask for `gamma` with `log=True`.',
        '`params["degree"] = trial.suggest_int("degree", 2, 5)`, only for `"poly"`: both ends '
        "are drawn.",
    ],
)
def _(answer):
    for kernel, others in _BELONG.items():
        trial = _Trial(kernel)
        params = dictionary(call(answer, trial), "keyword arguments for SVC")
        _check_kernel(trial, params, kernel)
        missing, extra = others - set(params), set(params) - others - {"kernel"}
        if missing:
            raise Wrong(f"With the {kernel} kernel there is missing: {', '.join(sorted(missing))}.")
        if extra:
            listed = ", ".join(sorted(map(str, extra)))
            raise Wrong(f"The {kernel} kernel does not use this, leave it out: {listed}.")
        if len(trial.asked) > len(params):
            raise Wrong(
                f"With the {kernel} kernel your function asks for {len(trial.asked)} values and "
                f"uses {len(params)}. What is asked for is part of the trial: the sampler would "
                "learn from values that changed nothing. Ask inside the `if`."
            )
        _check_ranges(trial, params)
    return "Each trial holds only what was used, so the sampler and the importances see no ghosts."


def _check_kernel(trial, params, kernel):
    lists = [question[1] for question in trial.asked.values() if question[0] == "categorical"]
    if not any(set(choices) == set(_BELONG) for choices in lists):
        raise Wrong("`suggest_categorical` should choose among the three kernels.")
    if params.get("kernel") != kernel:
        raise Wrong(f"Return `kernel`: the kernel that was drawn, here {kernel!r}.")


def _check_ranges(trial, params):
    """Find the question behind each value by its name's end, and check its range."""
    wanted = {"C": (1e-2, 1e3), "gamma": (1e-4, 1e1)}
    for name in params.keys() - {"kernel"}:
        asked = [
            each
            for each in trial.asked
            if str(each).lower().endswith(name.lower()) and trial.given[each] != params["kernel"]
        ]
        if len(asked) != 1 or params[name] != trial.given[asked[0]]:
            raise Wrong(
                f"`{name}` should be the value that was drawn for it by one `trial.suggest_...` "
                f'whose name ends with "{name}".'
            )
        kind, *question = trial.asked[asked[0]]
        if name == "degree":
            drawn = list(question[0]) if kind == "categorical" else _whole(kind, *question)
            if sorted(drawn) != [2, 3, 4, 5]:
                raise Wrong("`degree` should be a whole number: 2, 3, 4 and 5 can be drawn.")
            continue
        if kind != "float":
            raise Wrong(f"`{name}` is a number on a range: `suggest_float`.")
        low, high, log = question
        if not np.allclose((low, high), wanted[name], rtol=1e-9, atol=0):
            raise Wrong(
                f"`{name}` should go from {wanted[name][0]:g} to {wanted[name][1]:g}; yours goes "
                f"from {low:g} to {high:g}. Optuna takes the bounds themselves, not logarithms."
            )
        if not log:
            raise Wrong(f"`{name}`: each decade should be equally likely, so `log=True`.")


def _whole(kind, low, high, step):
    return range(int(low), int(high) + 1, step) if kind == "int" else []


def _trials_run(
    scores, patience, least, *, counts=None, late=0, place=False, before=False, reset=True
):
    """Return how many trials run; the other arguments make what known mistakes return."""
    counts = counts or (lambda gain, least: gain >= least)
    last, since = scores[0], 0
    for n, score in enumerate(scores[1:], start=2):
        if counts(last - score, least):
            last, since = score, 0 if reset else since
        else:
            last, since = score if before else last, since + 1
        if since == patience + late:
            return n
    return len(scores)


_MISREAD = [
    (
        lambda *case: _trials_run(*case, counts=lambda gain, least: -gain >= least),
        "The scores are minimized: a gain is `last - score`.",
    ),
    (
        lambda *case: _trials_run(*case, counts=lambda gain, least: gain > 0),
        "Any gain was taken for one: it counts from `least` on, and a smaller one does not move "
        "the last score that counted.",
    ),
    (
        lambda *case: _trials_run(*case, counts=lambda gain, least: gain > least),
        "A gain of just `least` counts, too.",
    ),
    (
        lambda *case: _trials_run(*case, before=True),
        "Compare with the last score that counted, not with the trial before.",
    ),
    (
        lambda *case: _trials_run(*case, reset=False),
        "Only trials in a row are counted: after a gain the counting starts again.",
    ),
    (
        lambda *case: _trials_run(*case, late=1),
        "That is one trial late: stop as soon as `patience` trials have not counted.",
    ),
    (
        lambda *case: _trials_run(*case, late=-1),
        "That is one trial early: `patience` trials may fail to count.",
    ),
    (
        lambda *case: _trials_run(*case) - 1,
        "That is the place of the last trial, counted from 0; return how many trials are run.",
    ),
    (
        lambda scores, patience, least: int(np.argmin(scores)) + 1,
        "That is where the best was. Return how many trials are run, those after it too.",
    ),
    (
        lambda scores, patience, least: len(scores),
        "Yours runs all trials: when does it stop?",
    ),
]


@exercise(
    "snippets.5",
    hints=[
        "Remember two things: the last score that counted, and how many trials came since.",
        "A score counts if `last - score >= least`; then it is the new `last`, and the counting "
        "starts again at 0.",
        "`last, since = (score, 0) if last - score >= least else (last, since + 1)`, and return "
        "as soon as `since == patience`.",
    ],
)
def _(answer):
    slow = [1.0, 0.5, 0.625, 0.46875, 0.4375, 0.75, 0.5, 0.125]
    creeping = [1.0, 0.9375, 0.875, 0.8125, 0.75, 0.6875, 0.625]
    cases = [
        ([0.5, 1.0, 2.0, 4.0, 8.0, 16.0], 3, 0.25),
        ([0.5, 1.0, 0.5, 1.0, 0.5, 1.0, 0.5, 1.0], 4, 0.25),
        (creeping, 2, 0.125),
        (slow, 3, 0.125),
        (slow, 6, 0.125),
        ([1.0, 0.5, 0.25], 5, 0.125),
        ([1.0, 1.25, 0.5, 0.75, 0.25, 0.5, 0.0, 0.25], 3, 0.125),
    ]
    what = "how many trials are run"
    got = [whole_number(call(answer, *case), what) for case in cases]
    right = [_trials_run(*case) for case in cases]
    mistakes = [([rule(*case) for case in cases], words) for rule, words in _MISREAD]
    if recognize(got, right, mistakes):
        return (
            "With `least` above the noise of a score, luck no longer keeps a stale search alive. In "
            "Optuna: keep the last score that counted in the callback, and call `study.stop()`."
        )
    if len(set(got)) == 1:
        raise Wrong(f"It cannot be {got[0]} for every list.")
    for (scores, patience, least), mine, wanted in zip(cases, got, right, strict=True):
        if mine != wanted:
            raise Wrong(
                f"trials_run({scores}, patience={patience}, least={least}) gives {mine}, it should "
                f"be {wanted}. Go through this list by hand: which scores count?"
            )
