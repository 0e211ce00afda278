"""Exercises of chapter 1: counting pairs, losses and targets."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.exercise import Exercise, slip


def pair_cases() -> list[tuple]:
    """Token sequences with repeated pairs, and vocabulary sizes."""
    g = torch.Generator().manual_seed(1)
    return [
        (torch.tensor([0, 1, 0, 1, 2]), 3),
        (torch.randint(5, (40,), generator=g), 5),
        (torch.randint(9, (200,), generator=g), 9),
    ]


def loss_cases() -> list[tuple]:
    """Logits (B, T, V) and the tokens (B, T) that they were made from."""
    g = torch.Generator().manual_seed(2)
    return [
        (
            2 * torch.randn(B, T, V, generator=g),
            torch.randint(V, (B, T), generator=g),
        )
        for B, T, V in ((1, 4, 3), (2, 5, 7), (3, 6, 11))
    ]


def every_pair_once(
    again: Any, args: tuple, expected: Float[Tensor, "V V"]
) -> str | None:
    """A rule: N tokens make N - 1 pairs."""
    tokens, V = args
    total = float(again(tokens, V).sum())
    if total != len(tokens) - 1:
        return (
            f"the table sums to {total:g}, and {len(tokens)} tokens make "
            f"{len(tokens) - 1} pairs"
        )
    return None


BITS = Exercise(
    number="1.1",
    title="Nats and bits",
    kind="explain",
    difficulty="easy",
    importance=2,
    task="""\
The loss of a fair coin is $\\ln 2 \\approx 0.693$ nats, which is one bit.
How many *bits* per character are the 2.493 nats of the pair counts?
Compute it in the cell, to three decimals or more.""",
    starter="bits = ...",
    target="bits",
    solution="bits = 2.493 / math.log(2)",
    wrong=(
        slip(
            "you multiplied by ln 2 where you have to divide",
            "A bit is smaller than a nat, so there must be more of them.",
            "/",
            "*",
        ),
        slip(
            "you divided by ln 10: these are decimal digits, not bits",
            "A bit has two outcomes: take the logarithm of 2.",
            "math.log(2)",
            "math.log(10)",
        ),
        slip(
            "you took e to the power of the loss, the perplexity",
            "That says among how many equally likely characters the model "
            "hesitates; only the unit should change here.",
            "2.493 / math.log(2)",
            "math.exp(2.493)",
        ),
        slip(
            "you divided by 2 and not by its logarithm",
            "One bit is ln 2 nats, not 2 nats.",
            "math.log(2)",
            "2",
        ),
        slip(
            "you took the logarithm of the loss itself",
            "The loss is already a logarithm; only its unit changes.",
            "2.493 / math.log(2)",
            "math.log2(2.493)",
        ),
    ),
    hints=(
        "How many nats is one bit? The task says it.",
        "Divide the loss by the nats of one bit.",
        "`bits = 2.493 / math.log(2)`, with `import math`.",
    ),
    why="""\
One bit is $\\ln 2$ nats, so 2.493 nats are about 3.60 bits.
Nats and bits measure one thing in two units, as metres and feet do.""",
)

PAIRS = Exercise(
    number="1.2",
    title="Count the pairs",
    kind="write",
    difficulty="easy",
    importance=4,
    task="""\
Write `pair_table(tokens, V)`: a $V \\times V$ table whose row $a$ and
column $b$ say how often token $b$ comes right after token $a$.
The chapter has a fast one; write yours without looking.
`tokens` is one sequence of shape $(N,)$.""",
    starter='''\
def pair_table(tokens, V):
    """How often token b (column) follows token a (row)."""
    return ...''',
    target="pair_table",
    solution='''\
def pair_table(tokens, V):
    """How often token b (column) follows token a (row)."""
    counts = torch.zeros(V, V)
    for a, b in zip(tokens[:-1], tokens[1:]):
        counts[a, b] += 1
    return counts''',
    cases=pair_cases,
    rules=(every_pair_once,),
    wrong=(
        slip(
            "rows and columns are exchanged",
            "The row is the token that comes first, the column the next.",
            "counts[a, b]",
            "counts[b, a]",
        ),
        slip(
            "every pair counts once, however often it occurs",
            "`counts[a, b] = 1` forgets, and `counts[a, b] += 1` on whole "
            "tensors of places adds only once to each: count in a loop or "
            "with torch.bincount.",
            "counts[a, b] += 1",
            "counts[a, b] = 1",
        ),
        slip(
            "each token is paired with itself",
            "The second member of a pair stands one place later: tokens[1:].",
            "zip(tokens[:-1], tokens[1:])",
            "zip(tokens, tokens)",
        ),
        slip(
            "the last token is paired with the first one",
            "Nothing follows the last token: torch.roll goes round in a "
            "circle.",
            "zip(tokens[:-1], tokens[1:])",
            "zip(tokens, tokens.roll(-1))",
        ),
        slip(
            "you count pairs that stand two apart",
            "The next token is at tokens[1:].",
            "zip(tokens[:-1], tokens[1:])",
            "zip(tokens[:-2], tokens[2:])",
        ),
        slip(
            "every second pair is left out",
            "Pairs overlap: the second token of one is the first of the next.",
            "zip(tokens[:-1], tokens[1:])",
            "zip(tokens[::2], tokens[1::2])",
        ),
        slip(
            "the counts are already divided by their row's sum",
            "The task wants counts, not probabilities.",
            "return counts",
            "return counts / counts.sum(1, keepdim=True)",
        ),
        slip(
            "counting begins at 1 instead of 0",
            "Smoothing comes later: start from torch.zeros.",
            "torch.zeros",
            "torch.ones",
        ),
    ),
    hints=(
        "A pair is a token and the one after it: `tokens[:-1]` holds the "
        "first members, `tokens[1:]` the second ones.",
        "`zip` walks along both, or number the pairs `a * V + b` and use "
        "`torch.bincount`.",
        "`for a, b in zip(tokens[:-1], tokens[1:]):` add 1 to `counts[a, b]`.",
    ),
    why="""\
Each place but the last begins one pair, and the loop adds one to its cell.
Without a loop it is
`torch.bincount(a * V + b, minlength=V * V).view(V, V)`,
because $aV + b$ is the number of the cell $(a, b)$ read row by row.""",
)

LOSS = Exercise(
    number="1.3",
    title="The loss, from nothing",
    kind="write",
    difficulty="medium",
    importance=5,
    task="""\
A model has read `tokens` $(B, T)$ and made `logits` $(B, T, V)$.
Write `loss_of(logits, tokens)`, the mean of $-\\ln p$ of the token that
*comes next*; the last logits have no next token and do not count.""",
    starter='''\
def loss_of(logits, tokens):
    """Mean surprise at the next token, in nats."""
    return ...''',
    target="loss_of",
    solution='''\
def loss_of(logits, tokens):
    """Mean surprise at the next token, in nats."""
    targets = tokens[:, 1:]
    log_p = logits[:, :-1].log_softmax(dim=-1)
    right = log_p.gather(-1, targets.unsqueeze(-1))
    return -right.mean()''',
    cases=loss_cases,
    wrong=(
        slip(
            "the targets are not shifted: each token is asked for itself",
            "The logits at place t score the token at t + 1.",
            "tokens[:, 1:]",
            "tokens[:, :-1]",
        ),
        slip(
            "the targets are shifted the wrong way, into the past",
            "Logits at place t belong to the target at t + 1: cut the last "
            "logits and the first token.",
            "tokens[:, 1:]",
            "tokens[:, :-1]",
            "logits[:, :-1]",
            "logits[:, 1:]",
        ),
        slip(
            "the softmax runs over the places, not over the vocabulary",
            "The scores of one place compete with each other: dim=-1.",
            "log_softmax(dim=-1)",
            "log_softmax(dim=1)",
        ),
        slip(
            "the sum is taken where the mean is wanted",
            "Divide by the number of predictions.",
            "right.mean()",
            "right.sum()",
        ),
        slip(
            "the minus sign is missing",
            "A logarithm of a probability is negative, a loss is not.",
            "-right.mean()",
            "right.mean()",
        ),
        slip(
            "the probability itself is averaged, not its logarithm",
            "The loss is the mean of -ln p.",
            "log_softmax",
            "softmax",
        ),
        slip(
            "the logits are used as if they were logarithms of probabilities",
            "Put them through log_softmax first.",
            ".log_softmax(dim=-1)",
            "",
        ),
        slip(
            "softmax is applied twice",
            "cross_entropy and log_softmax take the logits themselves.",
            "log_softmax(dim=-1)",
            "softmax(dim=-1).log_softmax(dim=-1)",
        ),
        slip(
            "the loss is in bits, not in nats",
            "Use the natural logarithm.",
            "return -right.mean()",
            "return -right.mean() / math.log(2)",
        ),
    ),
    hints=(
        "The logits at place t are about the token at t + 1, so one of the "
        "two tensors loses its first place and the other its last.",
        "`log_softmax(dim=-1)` gives all ln p; `gather` picks the right "
        "ones. `F.cross_entropy` does both, on `(N, V)` and `(N,)`.",
        "`F.cross_entropy(logits[:, :-1].flatten(0, 1), ...)` with the "
        "targets `tokens[:, 1:].flatten()`.",
    ),
    why="""\
Cutting the last logits and the first token puts each score beside the
token that it was meant for.
`log_softmax` turns scores into $\\ln p$, `gather` picks the one of the
token that came, and the mean of its negative is the loss: exactly
`F.cross_entropy`.""",
)
