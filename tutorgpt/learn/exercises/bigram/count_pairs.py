"""Exercise 1.2. A table of how often each token follows each other."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip


def pair_cases() -> list[tuple]:
    """Token sequences with repeated pairs, and vocabulary sizes."""
    g = torch.Generator().manual_seed(1)
    return [
        (torch.tensor([0, 1, 0, 1, 2]), 3),
        (torch.randint(5, (40,), generator=g), 5),
        (torch.randint(9, (200,), generator=g), 9),
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


EXERCISE = Exercise(
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
