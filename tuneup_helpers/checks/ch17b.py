"""Exercises of lesson 17b, many workers on one study."""

from tuneup_helpers.exercises import Unreadable, Wrong, call, choice, exercise, whole_number

choice(
    "17.5",
    right="c",
    because="`n_trials` is what each worker makes, and random samplers with one seed propose the "
    "same five settings.",
    wrong={
        "a": "That would need somebody who counts for all of them. A worker knows its own "
        "`n_trials` only.",
        "b": "Twenty trials, yes. But a random sampler does not look at what others have tried: "
        "it draws what its seed says.",
        "d": "Twenty trials, yes. But a seed fixes a whole sequence of settings, not a single one.",
    },
    hints=[
        "Is there anybody who counts the trials of all workers?",
        "What does a random sampler with seed 0 propose first, second, third, in each worker?",
    ],
)


@exercise(
    "17.6",
    hints=[
        "The whole lines end with the last newline, `b'\\n'`.",
        "`content.rfind(b'\\n')` is the position of the last newline, -1 if there is none.",
        "`return content[: content.rfind(b'\\n') + 1]`",
    ],
)
def _(answer):
    one, two, half = b'{"op_code":0}\n', b'{"op_code":4,"n":1}\n', b'{"op_code":6,"wor'
    cases = [one + two + half, one + two, one + half, b"", half, one + b"{"]
    wanted = [one + two, one + two, one, b"", b"", one]
    got = [_bytes(call(answer, content)) for content in cases]
    if got == wanted:
        return "All up to the last newline is whole. The half line is lost, and nothing else."
    if got[:2] == [wanted[0], one]:
        raise Wrong("A whole last line is lost, too: a journal that ends with a newline is whole.")
    if [whole.rstrip(b"\n") for whole in got] == [whole.rstrip(b"\n") for whole in wanted]:
        raise Wrong(
            "The last newline is missing: the next worker would write behind the last whole line."
        )
    if got == cases:
        raise Wrong("The half line is still there. What is behind the last newline?")
    if got[:4] == wanted[:4]:
        raise Wrong(
            f"{cases[4]!r} is half a line and nothing else: nothing of it is whole. Without a "
            "newline in it, `rfind` returns -1."
        )
    if got[1] != wanted[1] or got[3] != wanted[3]:
        raise Wrong("A journal without half a line, or an empty one, stays as it is.")
    raise Wrong(f"For {cases[0]!r} you return {got[0]!r}: keep all up to the last newline.")


def _bytes(value):
    if not isinstance(value, bytes | bytearray):
        raise Unreadable(f"Return bytes, as `content` is; this is {type(value).__name__}.")
    return bytes(value)


def _study(states):
    """Make a study with trials in these states."""
    import optuna
    from optuna.trial import TrialState, create_trial

    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        study = optuna.create_study()
    finally:
        optuna.logging.set_verbosity(verbosity)
    for state in states.split():
        value = 1.0 if state == "COMPLETE" else None
        study.add_trial(create_trial(state=TrialState[state], value=value))
    return study


@exercise(
    "17.7",
    hints=[
        "Which of the states COMPLETE, PRUNED, RUNNING, WAITING and FAIL count against `n`?",
        "All but FAIL. `study.get_trials(states=[...])` returns the trials in these states.",
        "`return max(0, n - len(study.get_trials(states=[...])))` with those four states.",
    ],
)
def _(answer):
    states = ("COMPLETE", "PRUNED", "RUNNING", "WAITING", "FAIL")
    some = "COMPLETE COMPLETE RUNNING FAIL PRUNED WAITING"
    cases = [*((state, 5) for state in states), (some, 10), ("", 3), (some, 2), (some, 5)]
    wanted = [4, 4, 4, 4, 5, 5, 3, 0, 0]
    got = [
        whole_number(call(answer, _study(trials), n), "the number of trials") for trials, n in cases
    ]
    if got == wanted:
        return "Whatever has finished or is on its way counts; what failed is made up for."
    told = {
        "RUNNING": "A trial that is RUNNING is on its way. Not to count it is what "
        "`MaxTrialsCallback` does by default: the budget is exceeded.",
        "FAIL": "A trial that failed counts against the budget here, but it has not finished: it "
        "has to be made up for.",
        "PRUNED": "A pruned trial has finished, too.",
        "WAITING": "A trial that waits in the queue is on its way, too: the next worker takes it.",
        "COMPLETE": "A finished trial has to count.",
    }
    for state in ("COMPLETE", "RUNNING", "FAIL", "PRUNED", "WAITING"):
        i = states.index(state)
        if got[i] != wanted[i]:
            raise Wrong(told[state])
    if min(got) < 0:
        raise Wrong("When more have been started than asked for, none are left: return 0.")
    raise Wrong(f"With {some} and n=10, 5 may still be started; you return {got[5]}.")


choice(
    "17.8",
    right="c",
    because="Only there do workers on several machines write, and only a database notices a dead "
    "worker by itself.",
    wrong={
        "a": "One machine, fits of seconds: a journal bears that easily, and you are there to "
        "retry what a dead worker left.",
        "b": "At 10,000 trials a journal still costs milliseconds a trial, little beside half a "
        "second.",
    },
    hints=[
        "What can a database do that a journal cannot?",
        "Several machines, and somebody has to notice a dead worker: where are both needed?",
    ],
)
