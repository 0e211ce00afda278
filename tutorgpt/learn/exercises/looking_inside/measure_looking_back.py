"""Exercise 7.1. How much a head looks a given distance back."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip


def maps() -> list[tuple]:
    """One head's weights (T, T) on a text, and a distance."""
    g = torch.Generator().manual_seed(71)
    made = []
    for T, distance in ((5, 1), (7, 2), (6, 0), (4, 3)):
        scores = torch.randn(T, T, generator=g)
        future = torch.ones(T, T, dtype=torch.bool).triu(1)
        scores = scores.masked_fill(future, float("-inf"))
        made.append((scores.softmax(dim=-1), distance))
    # A head so sure of itself that most weights are 0, and a single place.
    sharp = torch.eye(6)[[0, 0, 2, 2, 0, 4]]
    return [*made, (sharp, 1), (sharp, 0), (made[1][0], 6)]


def any_map(draw: random.Random) -> tuple:
    """A causal map (T, T) of any sharpness, and a distance below T."""
    T, sharpness = draw.randint(1, 9), draw.choice((0.3, 1, 5, 300))
    scores = torch.randn(T, T) * sharpness
    future = torch.ones(T, T, dtype=torch.bool).triu(1)
    weights = scores.masked_fill(future, float("-inf")).softmax(dim=-1)
    return weights, draw.randrange(T)


def one_place_only(
    again: Any, args: tuple, expected: Float[Tensor, ""]
) -> str | None:
    """A rule: a head that looks nowhere else scores 1."""
    weights, distance = args
    T = len(weights)
    back = torch.eye(T).roll(distance, dims=0)
    found = float(again(back, distance))
    if abs(found - 1) > 1e-4:
        return (
            "a head that looks there and nowhere else should score 1, and "
            f"scores {found:.3f}"
        )
    for t in range(distance, T):
        one = torch.zeros(T, T)
        one[t, t - distance] = 1
        if abs(float(again(one, distance))) < 1e-6:
            return (
                f"position {t} does not count: where it alone looks "
                f"{distance} back, the result is 0"
            )
    return None


EXERCISE = Exercise(
    number="7.1",
    title="How far back a head looks",
    kind="write",
    difficulty="easy",
    importance=5,
    task="""\
Write `look_back(weights, distance)`, the previous-token score for any
distance: the mean weight that a head's positions give to the place
`distance` before them.
`weights` is one head's matrix $(T, T)$, and `distance` is 0 to $T - 1$;
positions that have no such place do not count.""",
    starter='''\
def look_back(weights, distance):
    """The mean weight on the place this far back."""
    return ...''',
    target="look_back",
    solution='''\
def look_back(weights, distance):
    """The mean weight on the place this far back."""
    looks = weights.diagonal(offset=-distance)
    return looks.mean()''',
    cases=maps,
    domain=any_map,
    rules=(one_place_only,),
    wrong=(
        slip(
            "the spread of the weights is given, their standard deviation",
            "How much a head looks there is the mean of the weights.",
            "looks.mean()",
            "looks.std()",
        ),
        slip(
            "the spread of the weights is given, their variance",
            "How much a head looks there is the mean of the weights.",
            "looks.mean()",
            "looks.var()",
        ),
        slip(
            "it counts the positions that look there most, not how much",
            "A mean of weights: argmax forgets how large they are.",
            "looks.mean()",
            "(weights.argmax(-1)[distance:] == torch.arange(len(looks)))"
            ".float().mean()",
        ),
        slip(
            "the last position is left out",
            "All positions that have such a place count.",
            "looks.mean()",
            "looks[: max(1, len(looks) - 1)].mean()",
        ),
        slip(
            "only the last position counts",
            "Every position that has such a place counts: a mean.",
            "looks.mean()",
            "looks[-1]",
        ),
        slip(
            "it looks ahead, where a causal head has nothing but zeros",
            "Row t looks at column t - distance: below the main diagonal.",
            "offset=-distance",
            "offset=distance",
        ),
        slip(
            "positions without such a place are counted too",
            "Divide by how many places the diagonal has, not by T.",
            "looks.mean()",
            "looks.sum() / len(weights)",
        ),
        slip(
            "the distance has no say: it is always 1",
            "diagonal(offset=-distance).",
            "offset=-distance",
            "offset=-1",
        ),
        slip(
            "the whole map is averaged, not one diagonal, or a row of it, "
            "which has the same mean",
            "Only the weights from t to t - distance count.",
            "looks.mean()",
            "weights.mean()",
        ),
        slip(
            "it looks at one place of the text, not so far back",
            "The place moves along with the position: a diagonal, no column.",
            "weights.diagonal(offset=-distance)",
            "weights[:, distance]",
        ),
        slip(
            "the nearest position that has such a place is left out",
            "Position t = distance looks at place 0, and counts.",
            "looks.mean()",
            "looks[1:].sum() / max(1, len(looks) - 1)",
        ),
        slip(
            "weights of 0 are left out of the mean",
            "A position that does not look there at all counts with 0.",
            "looks.mean()",
            "looks.sum() / (looks > 0).sum().clamp(min=1)",
        ),
        slip(
            "it is the largest of the weights, not their mean",
            "One position that looks there does not make a habit: mean().",
            "looks.mean()",
            "looks.max()",
        ),
        slip(
            "it is the middle one of the weights, not their mean",
            "median() is another middle: use mean().",
            "looks.mean()",
            "looks.median()",
        ),
        slip(
            "all of the past counts, not the one place",
            "tril(-distance) keeps everything that far back and further: "
            "take the one diagonal.",
            "looks.mean()",
            "weights.tril(-distance).sum() / len(looks)",
        ),
        slip(
            "the weights are added up and not divided",
            "A mean: at most 1, however long the text.",
            "looks.mean()",
            "looks.sum()",
        ),
        slip(
            "it looks one place too near",
            "Distance 0 is the position itself.",
            "offset=-distance",
            "offset=1 - distance",
        ),
        slip(
            "it looks one place too far",
            "Distance 1 is the place right before.",
            "offset=-distance",
            "offset=-distance - 1",
        ),
        slip(
            "it gives back the weights and not their mean",
            "One number says how much the head looks there.",
            "looks.mean()",
            "looks",
        ),
        slip(
            "it looks at place 0 of the text, however far it is",
            "The place moves along with the position: a diagonal, no column.",
            "weights.diagonal(offset=-distance)",
            "weights[distance:, 0]",
        ),
        slip(
            "it counts the positions that look there most, and divides "
            "by all T",
            "A mean of weights over the positions that have such a place.",
            "looks.mean()",
            "(weights.argmax(-1) == torch.arange(len(weights)) - "
            "distance).float().mean()",
        ),
        slip(
            "the nearest position that has such a place is left out of "
            "the sum and counted in the division",
            "Position t = distance looks at place 0: it belongs to both.",
            "looks.mean()",
            "looks[1:].sum() / len(looks)",
        ),
        slip(
            "this is the mean distance that the head looks back",
            "How much weight lies at the one distance, not how far it "
            "is on average.",
            "looks.mean()",
            "(weights * (torch.arange(len(weights))[:, None] - "
            "torch.arange(len(weights)))).sum(1).mean()",
        ),
        slip(
            "all of the past counts, and is divided by all T x T entries",
            "Take the one diagonal, and its own mean.",
            "looks.mean()",
            "weights.tril(-distance).mean()",
        ),
        slip(
            "the sum is divided by the distance",
            "A mean is divided by how many there are: mean().",
            "looks.mean()",
            "looks.sum() / distance",
        ),
        slip(
            "the map is rolled along its rows, so that it looks ahead, "
            "and round the edge",
            "weights.diagonal(offset=-distance) is the line below the "
            "main one.",
            "weights.diagonal(offset=-distance)",
            "weights.roll(distance, 0).diagonal()",
        ),
    ),
    hints=(
        "The weights t -> t - distance lie on a line in the matrix.",
        "`weights.diagonal(offset=...)` gives such a line; which offsets "
        "lie below the main one?",
        "`weights.diagonal(offset=-distance)`, and its mean.",
    ),
    why="""\
A diagonal below the main one holds exactly the weights from each position
to the one `distance` back, and it is as long as there are such positions.
With 1 it is `previous_token_score` of one head, with `period - 1` nearly
`induction_score`.""",
)
