"""Exercise 1.2. A table of how often each token follows each other."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip


def pair_cases() -> list[tuple]:
    """Token sequences with repeated pairs, and vocabulary sizes.

    The first and the last pair occur once; the largest tokens never do;
    tokens have two digits; one pair occurs more often than a byte counts.
    """
    g = torch.Generator().manual_seed(1)
    return [
        (torch.tensor([2, 1, 0, 1, 0, 3]), 4),
        (torch.tensor([1, 0, 2, 2, 0, 3, 2, 0]), 6),
        (torch.randint(9, (60,), generator=g), 9),
        (torch.tensor([11, 1, 1, 11, 1, 12, 0, 1, 2, 2, 2]), 14),
        (torch.tensor([0] + 260 * [1]), 2),
        (torch.tensor([1, 2]), 4),
    ]


def any_tokens(draw: random.Random) -> tuple:
    """Two tokens or more, of which some may never occur."""
    V = draw.randint(1, 20)
    used = draw.sample(range(V), draw.randint(1, V))
    tokens = draw.choices(used, k=draw.randint(2, 60))
    if draw.random() < 0.05:
        tokens += 300 * [draw.choice(used)]
    return torch.tensor(tokens), V


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


def one_pair(
    again: Any, args: tuple, expected: Float[Tensor, "V V"]
) -> str | None:
    """A rule: what becomes of the shortest text, two tokens."""
    table = again(torch.tensor([2, 0]), 4)
    cells = table.nonzero().tolist()
    if cells == [[2, 0]] and float(table[2, 0]) == 1:
        return None
    where = " and ".join(map(str, cells[:3])) or "nowhere"
    more = ", ..." if len(cells) > 3 else ""
    return (
        f"of the tokens 2, 0 alone it counts at {where}{more}, where a 1 at "
        "[2, 0] is all"
    )


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
`tokens` is one sequence of two or more, of shape $(N,)$.""",
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
    domain=any_tokens,
    rules=(every_pair_once, one_pair),
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
            "each token is paired with itself, but for the last",
            "The second member of a pair stands one place later: tokens[1:].",
            "zip(tokens[:-1], tokens[1:])",
            "zip(tokens[:-1], tokens[:-1])",
        ),
        slip(
            "the tokens are sorted first, so their order is lost",
            "Pairs are neighbours in the text as it stands.",
            "zip(tokens[:-1], tokens[1:])",
            "zip(tokens.sort()[0][:-1], tokens.sort()[0][1:])",
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
            "the last pair is left out",
            "N tokens make N - 1 pairs: count to the end.",
            "zip(tokens[:-1], tokens[1:])",
            "zip(tokens[:-2], tokens[1:-1])",
        ),
        slip(
            "the first pair is left out",
            "The first pair begins at place 0.",
            "zip(tokens[:-1], tokens[1:])",
            "zip(tokens[1:-1], tokens[2:])",
        ),
        slip(
            "only the first pair is counted",
            "Is the `return` inside the loop?",
            "    return counts",
            "        return counts",
        ),
        slip(
            "each pair is counted in both directions",
            "What comes first is the row: one cell a pair.",
            "counts[a, b] += 1",
            "counts[a, b] += 1; counts[b, a] += 1",
        ),
        slip(
            "pairs of one token twice are left out",
            "A token may follow itself: such pairs fill the diagonal.",
            "counts[a, b] += 1",
            "counts[a, b] += float(a != b)",
        ),
        slip(
            "every token is paired with every other, at any distance",
            "Only neighbours are a pair: walk along both at once, with zip.",
            "    counts = torch.zeros(V, V)\n",
            "    counts = torch.zeros(V, V)\n"
            "    n = torch.bincount(tokens, minlength=V)\n"
            "    return torch.outer(n, n)\n",
        ),
        slip(
            "a token is paired with every later one, at any distance",
            "Only neighbours are a pair: walk along both at once, with zip.",
            "    counts = torch.zeros(V, V)\n",
            "    counts = torch.zeros(V, V)\n"
            "    a, b = torch.combinations(tokens).T\n"
            "    return torch.bincount(a * V + b, minlength=V * V)"
            ".view(V, V)\n",
        ),
        slip(
            "the table has as many rows as the largest token asks for, not V",
            "Tokens that never occur have their rows too.",
            "torch.zeros(V, V)",
            "torch.zeros(*2 * (int(tokens.max()) + 1,))",
        ),
        slip(
            "bincount stops at the largest number that occurs",
            "Say how many cells there are: minlength=V * V.",
            "    counts = torch.zeros(V, V)\n",
            "    counts = torch.zeros(V, V)\n"
            "    return torch.bincount(tokens[:-1] * V + tokens[1:])"
            ".view(V, V)\n",
        ),
        slip(
            "bincount makes cells for the tokens that occur, not for all V",
            "Say how many cells there are: minlength=V * V.",
            "    counts = torch.zeros(V, V)\n",
            "    counts = torch.zeros(V, V)\n"
            "    m = int(tokens.max()) + 1\n"
            "    cells = tokens[:-1] * V + tokens[1:]\n"
            "    return torch.bincount(cells, minlength=m * m).view(V, V)\n",
        ),
        slip(
            "counts above 255 begin again at 0, as in a type of 8 bits",
            "Count in torch.zeros(V, V) or in torch.long.",
            "torch.zeros(V, V)",
            "torch.zeros(V, V, dtype=torch.uint8)",
        ),
        slip(
            "the counts are already divided by their row's sum",
            "The task wants counts, not probabilities.",
            "return counts",
            "return counts / counts.sum(1, keepdim=True)",
        ),
        slip(
            "the counts are already divided by their sum",
            "The task wants counts, not probabilities.",
            "return counts",
            "return counts / counts.sum()",
        ),
        slip(
            "counting begins at 1 instead of 0",
            "Smoothing comes later: start from torch.zeros.",
            "torch.zeros",
            "torch.ones",
        ),
        slip(
            "single tokens are counted, not pairs",
            "Two tokens that stand side by side are one entry.",
            "    for a, b in zip(tokens[:-1], tokens[1:]):\n"
            "        counts[a, b] += 1\n"
            "    return counts",
            "    return torch.bincount(tokens, minlength=V * V).view(V, V)",
        ),
        slip(
            "all rows of the table are one and the same list: [[0] * "
            "V] * V repeats it",
            "Make each row anew: [[0] * V for _ in range(V)], or "
            "torch.zeros(V, V).",
            "    return counts",
            "    return counts.sum(0).expand(V, V)",
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
