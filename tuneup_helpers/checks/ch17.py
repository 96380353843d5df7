"""Exercises of chapter 17, scaling out: one machine, many machines."""

from tuneup_helpers.exercises import Wrong, call, choice, exercise, number, recognize

choice(
    "17.1",
    right="c",
    because="Each process has a copy of the study, with the same seed. The copies are thrown away, and our study "
    "has seen nothing.",
    wrong={
        "a": "That is what we want. But where would the processes write to? Each got a copy of the study.",
        "b": "Twice the same settings, yes. But our study lives in the memory of our own process.",
    },
    hints=[
        "What became of our list of notes?",
        "And what do two random generators with the same seed draw?",
    ],
)


def _shortest(n_fits, n_workers, start, each):
    """Return from which length of a fit the workers are not slower than one alone."""
    return (start + n_fits * each / n_workers) / (n_fits * (1 - 1 / n_workers))


@exercise(
    "17.2",
    hints=[
        "They are as fast as one where n_fits * fit equals start + n_fits * (fit + each) / n_workers.",
        "Bring all that has `fit` to one side: n_fits * (1 - 1 / n_workers) * fit = ...",
        "`(start + n_fits * each / n_workers) / (n_fits * (1 - 1 / n_workers))`",
    ],
)
def _(answer):
    cases = [(27, 2, 1.1, 0.0002), (1000, 2, 1.1, 0.0002), (100, 8, 2.0, 0.05), (10, 4, 0.0, 0.3)]
    got = [number(call(answer, *case), "the seconds of the shortest fit") for case in cases]
    right = [_shortest(*case) for case in cases]
    mistakes = [
        (
            [start / n + each for n, _, start, each in cases],
            "That is the cost of a task. But the workers also share the fits: they save only 1 - 1/n_workers "
            "of them.",
        ),
        (
            [(start + n * each / w) / n for n, w, start, each in cases],
            "Yours pays as if the fits became free. One n_workers-th of each is still paid.",
        ),
        (
            [(start + n * each) / (n * (1 - 1 / w)) for n, w, start, each in cases],
            "The hand-over is shared, too: `each` stands inside the brackets that are divided by n_workers.",
        ),
        (
            [start / (n * (1 - 1 / w)) for n, w, start, each in cases],
            "Yours leaves out `each`, the hand-over of a task.",
        ),
        (
            [each / (w - 1) for n, w, start, each in cases],
            "Yours leaves out the start.",
        ),
    ]
    if recognize(got, right, mistakes):
        return (
            "With two workers 27 fits pay from 82 ms on, a thousand from 2.4 ms: the more fits, the less "
            "the start weighs."
        )
    for case, mine, expected in zip(cases, got, right, strict=True):
        if abs(mine - expected) > 1e-9 + 1e-6 * abs(expected):
            n, w, start, each = case
            raise Wrong(
                f"For n_fits = {n}, n_workers = {w}, start = {start} and each = {each} it is "
                f"{expected:.4g} s, not {mine:.4g}."
            )


choice(
    "17.3",
    right="b",
    because="Without new scores it asks for the same point again and again: of 128 settings only about half "
    "were different ones.",
    wrong={
        "a": "TPE repeats itself, too. But it draws its proposals, so that two workers need not get the same.",
        "c": "There are enough settings. But what does a method answer if it is asked twice and has learnt "
        "nothing in between?",
    },
    hints=[
        "Sixteen workers ask one after the other, and no score has come in between. What does each method answer?",
        "One of them draws at random from a density; the other takes the highest point of a curve.",
    ],
)

choice(
    "17.4",
    right="b",
    because="Each rung waits for the last fit of the slow worker, while the others stand by.",
    wrong={
        "a": "That is how it is with ASHA, where nobody waits for anybody.",
        "c": "The fast workers take most of the fits of a rung. The slow one holds it up, but does not do "
        "all of it.",
    },
    hints=[
        "When does a rung end?",
        "The fast ones take most fits of a rung of 27; the slow one has at least one.",
    ],
)


choice(
    "17.9",
    right="b",
    because="The scheduler gives the task of a dead worker to another one. The driver sees twelve results.",
    wrong={
        "a": "That is what you would have with a plain process that nobody watches. Here a scheduler knows "
        "which task the worker had.",
        "c": "A worker is a process of its own. The scheduler and the other worker live on.",
    },
    hints=[
        "Who knows which task the dead worker was busy with?",
        "The parameters of the task are still there. What can the scheduler do with them?",
    ],
)


def _efficiency(n_trials, seconds, n_workers, start, each):
    """Return which share of the workers' time goes to trials."""
    return n_trials * seconds / (n_workers * start + n_trials * (seconds + each))


@exercise(
    "17.10",
    hints=[
        "Useful are n_trials * seconds. What do all workers together spend?",
        "Each worker spends start once; each trial takes seconds + each of one worker.",
        "`n_trials * seconds / (n_workers * start + n_trials * (seconds + each))`",
    ],
)
def _(answer):
    cases = [(100, 1.0, 2, 1.0, 0.015), (27, 0.01, 2, 1.0, 0.015), (1000, 60.0, 100, 5.0, 0.1)]
    got = [number(call(answer, *case), "a share of time") for case in cases]
    right = [_efficiency(*case) for case in cases]
    mistakes = [
        (
            [n * s / (start + n * (s + each)) for n, s, w, start, each in cases],
            "All workers wait for the start: it takes `start` from each of them.",
        ),
        (
            [n * s / (w * start + n * s + each) for n, s, w, start, each in cases],
            "`each` is paid for each trial, not once.",
        ),
        (
            [n * s / (w * start + n * s) for n, s, w, start, each in cases],
            "Yours leaves out `each`.",
        ),
        (
            [s / (s + each) for n, s, w, start, each in cases],
            "Yours leaves out the start.",
        ),
        (
            [n * s / (w * (start + n * (s + each))) for n, s, w, start, each in cases],
            "The trials are shared by the workers: together they take n_trials * (seconds + each).",
        ),
        (
            [1 - share for share in right],
            "That is the share of the costs; take the rest.",
        ),
        (
            [100 * share for share in right],
            "Give a share between 0 and 1, not a percentage.",
        ),
    ]
    if recognize(got, right, mistakes):
        return (
            "A hundred trials of a second use 97 % of two workers' time; 27 fits of 10 ms use a tenth. "
            "The length of a trial decides, hardly the number of workers."
        )
    raise Wrong(
        "For 100 trials of 1 s on 2 workers, start = 1 and each = 0.015, it is "
        f"{right[0]:.3f}, not {got[0]:.3g}."
    )


choice(
    "17.11",
    right="c",
    because="Each machine may go: the database keeps what is finished, and any worker that is left goes on. A trial of "
    "ten minutes does not notice what a database costs.",
    wrong={
        "a": "One machine does the work of five, and if it is taken back, all is gone.",
        "b": "Dask survives the loss of a worker. But the driver is on a machine that may go, and the study with it.",
    },
    hints=[
        "What is lost if the first machine is taken back?",
        "Something has to outlive each of the five.",
    ],
)
