"""Exercise 2.3. Causal attention with one head."""

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.check.properties import (
    blind_to_the_future,
    shares_one_unit,
)


def attention_cases() -> list[tuple]:
    """Three weight matrices (C, D) and a batch of inputs (B, T, C)."""
    g = torch.Generator().manual_seed(3)

    def draw(*shape: int) -> Float[Tensor, "..."]:
        return torch.randn(*shape, generator=g)

    return [
        (draw(C, D), draw(C, D), draw(C, D), draw(B, T, C))
        for B, T, C, D in ((1, 4, 6, 3), (2, 5, 12, 4), (3, 7, 8, 8))
    ]


EXERCISE = Exercise(
    number="2.3",
    title="Attention from three matrices",
    kind="write",
    difficulty="medium",
    importance=5,
    task="""\
Write causal attention: `attend(query, key, value, x)` with three matrices
$(C, D)$ and an input `x` $(B, T, C)$ gives $(B, T, D)$.
All six steps are in the chapter; write them without looking.""",
    starter='''\
def attend(query, key, value, x):
    """Each position's weighted mean of the values up to it."""
    return ...''',
    target="attend",
    solution='''\
def attend(query, key, value, x):
    """Each position's weighted mean of the values up to it."""
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v''',
    cases=attention_cases,
    rules=(blind_to_the_future, shares_one_unit),
    wrong=(
        slip(
            "the scores are divided by √C, not by √D",
            "A score is a sum of D products: D = q.shape[-1].",
            "math.sqrt(D)",
            "math.sqrt(x.shape[-1])",
        ),
        slip(
            "the scores are divided by D, not by its root",
            "A sum of D products is about √D large.",
            "math.sqrt(D)",
            "D",
        ),
        slip(
            "the scores are not divided by √D",
            "Look at the line that makes the scores.",
            " / math.sqrt(D)",
            "",
        ),
        slip(
            "the scores are multiplied by √D",
            "The root makes them smaller: divide.",
            "/ math.sqrt(D)",
            "* math.sqrt(D)",
        ),
        slip(
            "there is no mask: every position sees all the others",
            "Between the scores and the softmax the future has to go.",
            '    scores = scores.masked_fill(~past, float("-inf"))\n',
            "",
        ),
        slip(
            "triu is used for tril: each position sees its future only",
            "Row t may look at the columns 0 ... t.",
            ".tril()",
            ".triu()",
        ),
        slip(
            "the mask is off by one: each position also sees the next",
            "The diagonal is the last column that is allowed.",
            ".tril()",
            ".tril(1)",
        ),
        slip(
            "the mask comes after the softmax, so the rows sum to less than 1",
            "Fill the scores with -inf first, then take the softmax.",
            '    scores = scores.masked_fill(~past, float("-inf"))\n',
            "",
            "scores.softmax(dim=-1)",
            "scores.softmax(dim=-1) * past",
        ),
        slip(
            "masked scores are set to 0, which still gets a weight",
            "e^0 is 1: only -inf becomes a weight of 0.",
            'float("-inf")',
            "0.0",
        ),
        slip(
            "the softmax runs over the wrong axis: columns sum to 1, not rows",
            "Each position shares out its own weights: dim=-1.",
            "softmax(dim=-1)",
            "softmax(dim=-2)",
        ),
        slip(
            "queries and keys are swapped",
            "Row t of the scores belongs to the query of position t.",
            "q @ k.mT",
            "k @ q.mT",
        ),
        slip(
            "the keys stand where the values should",
            "The weights mix the values: weights @ v.",
            "weights @ v",
            "weights @ k",
        ),
        slip(
            "the weights are given back instead of the mixture",
            "One step is left: weights @ v.",
            "return weights @ v",
            "return weights",
        ),
        slip(
            "every position gives the same weight to its whole past",
            "The softmax of the scores decides, not the mask alone.",
            "scores.softmax(dim=-1)",
            "past / past.sum(-1, keepdim=True)",
        ),
    ),
    hints=(
        "The six steps: project, score, scale, mask, softmax, mix.",
        '`q @ k.mT`, `masked_fill(~past, float("-inf"))`, '
        "`softmax(dim=-1)`, `weights @ v`.",
        "`scores = q @ k.mT / math.sqrt(D)` with `D = q.shape[-1]`; the "
        "mask is `allowed(T)` of exercise 2.2.",
    ),
    why="""\
A score says how well a query and a key agree; dividing by $\\sqrt{D}$
keeps its spread near 1 whatever $D$ is.
Scores of $-\\infty$ become weights of exactly 0, so masking comes before
the softmax and each row still sums to 1.""",
)
