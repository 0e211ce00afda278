"""Exercise 2.3. Causal attention with one head."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.comparing import number
from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.check.properties import blind_to_the_future


def matrices(
    g: torch.Generator, B: int, T: int, C: int, D: int, level: float = 0.0
) -> tuple:
    """Three weight matrices (C, D) and a batch of inputs (B, T, C).

    level: about this large are the scores, by a channel that is always 1.
    """
    query, key, value = torch.randn(3, C, D, generator=g) * 1.5 / C**0.5
    x = torch.randn(B, T, C, generator=g)
    if level:
        x[..., 0] = 1
        query[0], key[0] = 0, 0
        query[:, 0], key[:, 0] = 0, 0
        query[0, 0], key[0, 0] = abs(level) ** 0.5, level / abs(level) ** 0.5
        key[0, 0] *= D**0.5
    return query, key, value, x


def attention_cases() -> list[tuple]:
    """Shapes of all kinds, one position, one channel, scores near -60."""
    g = torch.Generator().manual_seed(3)
    return [
        matrices(g, 2, 5, 12, 4),
        matrices(g, 1, 4, 6, 3),
        matrices(g, 3, 7, 8, 8),
        matrices(g, 2, 6, 5, 3, level=-60.0),
        matrices(g, 3, 3, 4, 1),
        matrices(g, 2, 1, 3, 2),
        # As many positions as channels: a product of q and k as they are fits.
        matrices(g, 2, 4, 6, 4),
    ]


def any_matrices(draw: random.Random) -> tuple:
    """Any shapes, and scores on any level up to 60."""
    B, T, C, D = (draw.randint(1, n) for n in (3, 9, 12, 8))
    g = torch.Generator().manual_seed(draw.randrange(2**31))
    level = draw.choice((0.0, 0.0, draw.uniform(-60, 60)))
    query, key, value, x = matrices(g, B, T, C, D, level)
    return query, key, value * draw.choice((0.0, 1.0, 5.0)), x


def weighs_the_past(
    again: Any, args: tuple, expected: Float[Tensor, "B T D"]
) -> str | None:
    """A rule: what weights it gives to 4 positions whose values are known.

    The values are the rows of the identity, so that the output at a
    position is its row of weights.
    """
    g = torch.Generator().manual_seed(13)
    query, key, _, x = matrices(g, 1, 4, 6, 4)
    nothing = again(query, key, torch.zeros(6, 4), x).abs().max().item()
    if nothing > 1e-4:
        return (
            "where the value matrix is all 0 the result should be 0, and "
            f"numbers up to {number(nothing)} come out: not only the values "
            "are mixed"
        )
    rows = again(query, key, torch.linalg.pinv(x[0]), x)[0]
    scores = (x[0] @ query) @ (x[0] @ key).mT / 2
    found = _about_weights(rows, scores)
    query, key, value, x = args
    if (again(query, key, -value, x) + again(*args)).abs().max() > 1e-4:
        found.append(
            "where all values change their sign the result should too, and "
            "it does not"
        )
    other = x.clone()
    other[-1] = other[-1].flip(-1) + 1
    if (
        (again(query, key, value, other) - again(*args))[:-1]
        .abs()
        .gt(1e-4)
        .any()
    ):
        found.append("a text changes when another one of the batch does")
    return "; ".join(found[:2]) or None


def _about_weights(
    rows: Float[Tensor, "T T"], scores: Float[Tensor, "T T"]
) -> list[str]:
    """What is wrong with rows of weights, by what was measured of them."""
    found = []
    past = torch.ones(4, 4, dtype=torch.bool).tril()
    for where, words in (
        ((rows.abs() > 1e-4) & ~past, "which comes later"),
        ((rows.abs() < 1e-6) & past, "which it may see"),
        ((rows < -1e-4) & past, "which is negative"),
    ):
        if where.any():
            t, s = where.nonzero()[0].tolist()
            place = "itself" if t == s else f"position {s}"
            weight = rows[t, s].item()
            share = f"the weight {number(weight)}"
            if abs(weight) < 1e-6:
                share = "no weight"
            found.append(
                f"of 4 positions, {t} gives {share} to {place}, {words}"
            )
    sums = rows.sum(-1)
    off = ((sums - 1).abs() > 1e-3).nonzero().flatten().tolist()
    if off:
        found.append(
            f"the weights of position {off[0]} sum to "
            f"{number(sums[off[0]].item())}, not 1"
        )
    if found:
        return found
    even = past / past.sum(-1, keepdim=True)
    if (rows - even).abs().max() < 1e-4:
        return ["each position gives the same weight to its whole past"]
    # From softmax back to scores: only differences within a row are known.
    mine = (rows.log() - rows[:, :1].log())[past]
    right = (scores - scores[:, :1])[past]
    factor = float((mine * right).sum() / right.square().sum())
    if (mine - factor * right).abs().max() < 1e-2 and abs(factor - 1) > 0.01:
        return [
            "the scores under its softmax are "
            f"{number(factor)} times q k^T / √D, where D is 4"
        ]
    if (mine - right).abs().max() > 1e-2:
        return [
            "each position shares out one unit over its past, and the shares "
            "are not the softmax of q k^T / √D"
        ]
    return []


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
    domain=any_matrices,
    rules=(weighs_the_past, blind_to_the_future),
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
            "Between the scores and the softmax the future has to go; "
            "masked_fill gives back a new tensor, which has to be kept.",
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
            "the queries stand where the values should",
            "The weights mix the values: weights @ v.",
            "weights @ v",
            "weights @ q",
        ),
        slip(
            "the inputs themselves are mixed, not their values",
            "The weights mix the values: weights @ v, with v = x @ value.",
            "weights @ v",
            "weights @ x",
        ),
        slip(
            "the table of weights is turned before it meets the values",
            "Row t of the weights belongs to position t: weights @ v.",
            "weights @ v",
            "weights.mT @ v",
        ),
        slip(
            "the mask is turned round: the past is hidden, and the last "
            "position, which has no future, comes out as nan",
            "Fill where the past is *not*: ~past.",
            "~past",
            "past",
        ),
        slip(
            "the mask is turned round: each position mixes its future, and "
            "the last one, which has none, everything",
            "Fill where the past is *not*: ~past.",
            "~past",
            "past",
            'float("-inf")',
            "-1e9",
        ),
        slip(
            "a position does not see itself, and the first one nothing: its "
            "softmax is nan",
            "The diagonal is allowed: tril(), not tril(-1).",
            ".tril()",
            ".tril(-1)",
        ),
        slip(
            "a position does not see itself, and the first one, which has no "
            "past, mixes everything",
            "The diagonal is allowed: tril(), not tril(-1).",
            ".tril()",
            ".tril(-1)",
            'float("-inf")',
            "-1e9",
        ),
        slip(
            "masked scores are filled with a large positive number",
            "The mask has to make scores small: -inf.",
            'float("-inf")',
            "1e9",
        ),
        slip(
            "log_softmax is taken, so the weights are logarithms",
            "The weights themselves mix the values: softmax(dim=-1).",
            "scores.softmax(dim=-1)",
            "scores.log_softmax(dim=-1)",
        ),
        slip(
            "the scores are divided by √T, not by √D",
            "A score is a sum of D products: D = q.shape[-1].",
            "math.sqrt(D)",
            "math.sqrt(T)",
        ),
        slip(
            "the weights are divided by √D after the softmax, and not the "
            "scores before it",
            "The division belongs in front of the softmax.",
            " / math.sqrt(D)",
            "",
            "scores.softmax(dim=-1)",
            "scores.softmax(dim=-1) / math.sqrt(D)",
        ),
        slip(
            "the softmax runs over the texts of the batch",
            "Each position shares out its own weights: dim=-1.",
            "softmax(dim=-1)",
            "softmax(dim=0)",
        ),
        slip(
            "queries are compared with queries",
            "A score is a query's product with a key.",
            "q @ k.mT",
            "q @ q.mT",
        ),
        slip(
            "keys are compared with keys",
            "A score is a query's product with a key.",
            "q @ k.mT",
            "k @ k.mT",
        ),
        slip(
            "the inputs themselves are compared, not queries with keys",
            "A score is a query's product with a key: q @ k.mT.",
            "q @ k.mT",
            "x @ x.mT",
        ),
        slip(
            "queries are compared with values",
            "A score is a query's product with a key.",
            "q @ k.mT",
            "q @ v.mT",
        ),
        slip(
            "the scores are given back",
            "Two steps are left: softmax, and weights @ v.",
            "return weights @ v",
            "return scores",
        ),
        slip(
            "the values are added up over the past, without weights",
            "The softmax of the scores decides how much of each is taken.",
            "return weights @ v",
            "return v.cumsum(1)",
        ),
        slip(
            "the softmax is missing: the scores themselves are the weights",
            "scores.softmax(dim=-1) makes weights of them.",
            "scores.softmax(dim=-1)",
            "scores",
        ),
        slip(
            "the powers of e are not divided by their sum",
            "softmax does both.",
            "scores.softmax(dim=-1)",
            "scores.exp()",
        ),
        slip(
            "a sigmoid is taken of each score, not a softmax of each row",
            "The positions compete for one unit of weight: softmax.",
            "scores.softmax(dim=-1)",
            "scores.sigmoid()",
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
        slip(
            "the matrices stand in front of x",
            "The channels of x are its columns: x @ query, not query @ x.",
            "x @ query, x @ key, x @ value",
            "query @ x, key @ x, value @ x",
        ),
        slip(
            "the keys are not turned: q meets k as it is",
            "A score is the product of a row of q and a row of k: q @ k.mT.",
            "k.mT",
            "k",
        ),
        slip(
            "k.T turns all axes round, that of the batch as well",
            "Only the last two axes change places: k.mT.",
            "k.mT",
            "k.T",
        ),
        slip(
            "the values stand in front of the weights",
            "Row t of the weights mixes the values: weights @ v.",
            "weights @ v",
            "v @ weights",
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
