"""Exercises of chapter 07, Evolutionary search."""

import numpy as np

from tuneup_helpers.exercises import (
    Wrong,
    array_of_shape,
    call,
    choice,
    exercise,
    number,
    recognize,
    whole_number,
)

choice(
    "07.1",
    right="c",
    because="Who has children does not depend on the scores any more. What is left is a cloud "
    "that contracts towards its own middle.",
    wrong={
        "a": "Crossover brings *parents* together, and here everybody is a parent, good or bad.",
        "b": "More parents would know more if the bad ones were left out. Here nobody is.",
    },
    hints=[
        "Where in the code do the scores decide anything?",
        "`np.argsort(-scores)[:mu]` with mu = 12 of 12: who is left out?",
    ],
)


choice(
    "07.2",
    right="a",
    because="A large step carries many children over the edge. Clipped, they land on the edge, and "
    "in a corner that is where the good settings are. Reflected, they land away from it.",
    wrong={
        "b": "They share one value, the value at the edge. If that is the best one, nothing is "
        "wasted, and their other values still differ.",
        "c": "With a step of 0.4 around a parent near the edge, about half of all children step "
        "over it, in each hyperparameter.",
    },
    hints=[
        "Where does a child land that oversteps the edge by 0.2, clipped and reflected?",
        "Four of the five best values are at the end of their range.",
    ],
)


@exercise(
    "07.3",
    hints=[
        "`rng.choice(len(scores), size=k, replace=False)` draws k different indices.",
        "`scores[drawn].argmax()` is a place among the drawn ones; `drawn[...]` leads back.",
        "drawn = rng.choice(len(scores), size=k, replace=False); "
        "return drawn[scores[drawn].argmax()]",
    ],
)
def _(answer):
    scores = np.array([0.5, 0.1, 0.9, 0.3, 0.7, 0.2])
    wins = np.zeros(len(scores))
    rng = np.random.default_rng(1)
    for _ in range(3000):
        winner = call(answer, scores, 3, rng)
        if isinstance(winner, float) and winner in scores:
            raise Wrong("That is the score of the winner; return its index.")
        winner = whole_number(winner, "the index of the winner", as_index=True)
        if not 0 <= winner < len(scores):
            raise Wrong(f"There is no individual {winner} among {len(scores)}.")
        wins[winner] += 1
    shares = wins / wins.sum()
    order = np.argsort(scores)
    if shares[2] == 1 and call(answer, scores[::-1], 3, rng) == 3:
        raise Wrong(
            "Yours returns always the best of all. A tournament has only k of them; the others "
            "get their chance."
        )
    if shares.max() == 1:
        if _draws_nothing(answer, scores):
            raise Wrong("The same comes each time: draw them at random, with the generator `rng`.")
        raise Wrong("The same comes each time: draw with the generator `rng`, not one of your own.")
    if shares[1] > 0.4:
        raise Wrong("In yours the lowest score wins; here the *highest* is best.")
    if shares[3:].sum() == 0:
        raise Wrong("The answer is a place among the drawn ones; `drawn[place]` is the individual.")
    if shares[order[:2]].sum() > 0:
        if np.allclose(shares, 1 / 6, atol=0.03):
            raise Wrong("All win equally often. Among those drawn the best should win.")
        raise Wrong(
            "With 3 *different* ones drawn, the two lowest can never win; in yours they do."
        )
    expected = np.array([3, 0, 10, 1, 6, 0]) / 20
    if not np.allclose(shares, expected, atol=0.04):
        raise Wrong(f"The wins should be shared {expected}, yours are shared {shares.round(2)}.")
    if {int(call(answer, scores, 1, rng)) for _ in range(100)} != set(range(6)):
        raise Wrong("With k = 1 everybody can win; mind the argument `k`.")
    twins = np.random.default_rng(2), np.random.default_rng(2)
    if len({tuple(int(call(answer, scores, 3, twin)) for _ in range(30)) for twin in twins}) > 1:
        raise Wrong("Two generators with the same seed give other winners: draw with `rng` only.")
    return "The two lowest never win, the best wins in half of the tournaments of three."


def _draws_nothing(answer, scores):
    """Tell whether the answer leaves every generator alone."""
    shifted = np.roll(scores, 3)
    return call(answer, shifted, 3, np.random.default_rng(5)) == int(np.argmax(shifted[:3]))


@exercise(
    "07.4",
    hints=[
        "How many individuals are in one generation?",
        "(maxiter + 1) × popsize × number of hyperparameters",
    ],
)
def _(answer):
    got = number(answer, "how many evaluations there are")
    times_d = "`popsize` is multiplied by the number of hyperparameters."
    first = "Nearly: the first population is scored, too, on top of 1000 generations."
    generations = "Those are generations, not evaluations."
    mistakes = [
        (15_000, times_d),
        (15_015, times_d),
        (60_000, first),
        (60_015, "The first population has as many individuals as the others."),
        (59_940, "The first population comes on top of maxiter generations."),
        (1000, generations),
        (1001, generations),
        (60, "Those are the individuals of one generation."),
        (4000, "One generation is 15 × 4 individuals, not 4."),
        (4004, "One generation is 15 × 4 individuals, not 4."),
    ]
    if not recognize(got, 60_060, mistakes):
        raise Wrong(
            "Count the individuals of one generation, and the generations, with the first "
            "population among them."
        )
    return "Sixty thousand cross-validations: write `maxiter` and `popsize` yourself, always."


choice(
    "07.5",
    right="b",
    because="C up and gamma down together hardly changes the score: that is the ridge. Steps along it "
    "are long, steps across it short.",
    wrong={
        "a": "The ellipse says in which directions steps are long. The best guess of the place is "
        "its centre.",
        "c": "A slanted ellipse says the opposite of one mattering alone: the two go together.",
    },
    hints=[
        "Follow the long axis: what happens to C, what to gamma?",
        "Why would a search make long steps in one direction and short ones across?",
    ],
)


def _on_front(seconds, scores):
    faster = seconds[:, None] <= seconds
    better = scores[:, None] >= scores
    strictly = (seconds[:, None] < seconds) | (scores[:, None] > scores)
    return ~(faster & better & strictly).any(axis=0)


@exercise(
    "07.6",
    hints=[
        "An offer is dominated if another one is no slower, no worse, and different in one.",
        "Two loops will do: for each offer ask `any(...)` over all others.",
        "~((s[:, None] <= s) & (v[:, None] >= v) & ((s[:, None] < s) | (v[:, None] > v)))"
        ".any(axis=0)",
    ],
)
def _(answer):
    seconds = np.array([1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 1.0, 5.0])
    scores = np.array([0.7, 0.8, 0.75, 0.8, 0.9, 0.85, 0.7, 0.6])
    mask = call(answer, seconds, scores)
    mask = array_of_shape(mask, len(scores), "one for each offer", dtype=bool)
    right = _on_front(seconds, scores)
    faster, better = seconds[:, None] < seconds, scores[:, None] > scores
    as_good = (seconds[:, None] <= seconds) & (scores[:, None] >= scores)
    twins = as_good & ~np.eye(len(scores), dtype=bool)
    mistakes = [
        (~right, "The other way round: True where nobody dominates."),
        (_on_front(-seconds, scores), "That is a front, but seconds should be *low*."),
        (_on_front(seconds, -scores), "That is a front, but scores should be *high*."),
        (
            scores == scores.max(),
            "That is only the best score. Faster offers with less belong to the front.",
        ),
        (
            seconds == seconds.min(),
            "Those are only the fastest. Better offers that take longer belong to the front.",
        ),
        (
            (scores == scores.max()) | (seconds == seconds.min()),
            "Those are the two ends of the front; between them there are fair offers, too.",
        ),
        (
            ~(faster & better).any(axis=0),
            "An offer as fast as another but worse is dominated; in yours it is not.",
        ),
        (~twins.any(axis=0), "Two offers that are equal in both do not dominate each other."),
        (
            np.zeros(len(scores), dtype=bool),
            "In yours nobody is left. To dominate is to be no worse in both *and* better in one.",
        ),
    ]
    if not recognize(mask, right, mistakes):
        first = np.flatnonzero(mask != right)[0]
        state = "on the front" if right[first] else "not: it is dominated"
        raise Wrong(f"With seconds {seconds} and scores {scores}, number {first} is {state}.")
    random = np.random.default_rng(0).random((2, 40))
    if not np.array_equal(call(answer, *random), _on_front(*random)):
        raise Wrong("Right on eight offers, wrong on forty random ones.")
    return "A fair offer has no other that is as good in both and better in one."


@exercise(
    "07.7",
    hints=[
        "Begin with everybody going on with its own weights: `np.arange(len(losses))`.",
        "`order = np.argsort(losses)`: the best come first, since a loss should be low.",
        "source = np.arange(len(losses)); order = np.argsort(losses); "
        "source[order[::-1][:k]] = order[:k]; return source",
    ],
)
def _(answer):
    losses, k = np.array([0.5, 0.9, 0.2, 0.7, 0.4, 0.8, 0.3]), 2
    right = _sources(losses, k)
    source = call(answer, losses, k)
    source = array_of_shape(source, len(losses), "one index for each network")
    own = np.arange(len(losses))
    order = np.argsort(losses)
    crossed, best_to_all, all_copy = own.copy(), own.copy(), np.full(len(losses), order[0])
    crossed[order[-k:]] = order[:k]
    best_to_all[order[-k:]] = order[0]
    mistakes = [
        (own, "In yours everybody goes on with its own weights. The worst k should copy."),
        (_sources(-losses, k), "A loss should be *low*. In yours the best copy the worst."),
        (
            crossed,
            "The right networks copy, but the pairs are crossed: the *worst* copies the best, the "
            "second worst the second best.",
        ),
        (
            best_to_all,
            "In yours all of them copy the single best. The second worst copies the second best.",
        ),
        (all_copy, "In yours all networks copy the best one. Only the worst k should."),
        (
            order,
            "That is the ranking. For network i the answer is the network that i goes on with.",
        ),
        (_sources(losses, 1), "In yours only one network copies; mind the argument `k`."),
    ]
    if not recognize(source, right, mistakes):
        raise Wrong(f"With losses {losses} and k = 2 the answer is {right}, yours is {source}.")
    losses = np.random.default_rng(0).random(10)
    for k in (0, 1, 5):
        if not np.array_equal(call(answer, losses, k), _sources(losses, k)):
            raise Wrong(f"Right for k = 2, wrong for k = {k} of ten networks.")
    return "The worst drop their own weights and go on with those of the best. That is exploiting."


def _sources(losses, k):
    """Return for each network the one whose weights it goes on with."""
    order, source = np.argsort(losses), np.arange(len(losses))
    source[order[::-1][:k]] = order[:k]
    return source


choice(
    "07.8",
    right="b",
    because="The weights were trained under the whole path. The last rate alone never trained a "
    "network from the start.",
    wrong={
        "a": "0.08 was good for the last epochs, on weights that other rates had trained. Nothing "
        "says that it is good from the first epoch on.",
        "c": "The population is the means. Choose one on validation rows, judge it on others.",
    },
    hints=[
        "How many epochs was the winner trained at this rate?",
        "PBT returns a schedule, not a point.",
    ],
)
