"""Exercise 9.5. The likeliest longer beginnings of a beam."""

import itertools
import random
from typing import Any

import torch
from jaxtyping import Int
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip


def beams() -> list[tuple]:
    """ln p of W beginnings (W,), of what may follow (W, V), and a width."""
    g = torch.Generator().manual_seed(96)
    return [
        (
            -torch.rand(W, generator=g) * spread,
            torch.randn(W, V, generator=g).log_softmax(dim=-1),
            width,
        )
        for W, V, width, spread in (
            (3, 5, 4, 6.0),
            (3, 5, 3, 2.0),
            (4, 4, 2, 1.0),
            (2, 7, 4, 3.0),
            (1, 6, 3, 1.0),
            (4, 3, 5, 1.5),
            (3, 12, 12, 0.5),
            (2, 3, 6, 9.0),
        )
    ]


def any_beam(draw: random.Random) -> tuple:
    """Any beam, and a width of up to all W x V pairs."""
    W, V = draw.randint(1, 5), draw.randint(1, 12)
    so_far = -torch.rand(W) * draw.choice((0.5, 3, 20))
    more = (torch.randn(W, V) * draw.choice((1, 5))).log_softmax(dim=-1)
    return so_far, more, draw.randint(1, W * V)


def the_likeliest(
    again: Any, args: tuple, expected: Int[Tensor, "width 2"]
) -> str | None:
    """A rule: the pairs are there, are the best ones, and in order."""
    so_far, more, _ = args
    W, V = more.shape
    found = again(*args)
    if (found != found.long()).any():
        return (
            "beginnings and tokens are counted in whole numbers, and some of "
            "these are not whole"
        )
    rows = found.long().tolist()
    for n, (row, token) in enumerate(rows):
        if not (0 <= row < W and 0 <= token < V):
            return (
                f"pair {n} is ({row}, {token}), and there are {W} "
                f"beginnings and {V} tokens"
            )
    kept = {(row, token) for row, token in rows}
    wanted = {(row, token) for row, token in expected.tolist()}
    total = so_far[:, None] + more
    if kept == wanted:
        for a, b in itertools.pairwise(rows):
            if total[*a] < total[*b]:
                return (
                    "with the beam below the right pairs are kept, in "
                    f"another order: ({a[0]}, {a[1]}) with ln p = "
                    f"{total[*a]:.3f} stands before ({b[0]}, {b[1]}) with "
                    f"{total[*b]:.3f}"
                )
        return None
    twice = next((pair for pair in rows if rows.count(pair) > 1), None)
    missing = min(wanted - kept)
    says = (
        f"beginning {missing[0]} with token {missing[1]}, ln p = "
        f"{total[missing]:.3f}, should be kept and is not; "
    )
    if twice:
        return f"{says}({twice[0]}, {twice[1]}) is kept more than once"
    other = min(kept - wanted)
    return f"{says}({other[0]}, {other[1]}) is, with {total[other]:.3f}"


EXERCISE = Exercise(
    number="9.5",
    title="One step of a beam",
    kind="write",
    difficulty="hard",
    importance=4,
    task="""\
A beam holds $W$ beginnings whose ln p is `so_far` $(W,)$; `more` $(W, V)$
is the ln p of each token after each of them.
No beginning has ended yet.
Write `beam_step(so_far, more, width)`: the `width` likeliest longer
beginnings as pairs (which beginning, which token), the likeliest first, in
a tensor of shape `(width, 2)`; `width` is at most $W \\cdot V$.""",
    starter='''\
def beam_step(so_far, more, width):
    """The pairs (beginning, token) that stay, likeliest first."""
    return ...''',
    target="beam_step",
    solution='''\
def beam_step(so_far, more, width):
    """The pairs (beginning, token) that stay, likeliest first."""
    total = so_far[:, None] + more
    best = total.flatten().topk(width).indices
    V = more.shape[-1]
    return torch.stack([best // V, best % V], dim=1)''',
    cases=beams,
    domain=any_beam,
    labels=("so_far", "more", "width ="),
    rules=(the_likeliest,),
    wrong=(
        slip(
            "what the beginnings have so far does not count",
            "ln p of the whole is a sum: so_far[:, None] + more.",
            "so_far[:, None] + more",
            "more",
        ),
        slip(
            "what comes next does not count",
            "ln p of the whole is a sum: so_far[:, None] + more.",
            "so_far[:, None] + more",
            "so_far[:, None] + 0 * more",
        ),
        slip(
            "the logarithms are multiplied",
            "Probabilities are multiplied, so their logarithms are added.",
            "so_far[:, None] + more",
            "so_far[:, None] * more",
        ),
        slip(
            "the ln p of what follows is subtracted",
            "Probabilities are multiplied, so their logarithms are added.",
            "so_far[:, None] + more",
            "so_far[:, None] - more",
        ),
        slip(
            "so_far is laid out in the wrong order: it should be the same "
            "along a row",
            "Row w of the table gets so_far[w]: so_far[:, None].",
            "so_far[:, None] + more",
            "so_far.repeat(more.shape[-1]).view(more.shape) + more",
        ),
        slip(
            "what comes next counts twice as much as what is so far",
            "ln p of the whole is the plain sum of both.",
            "so_far[:, None] + more",
            "so_far[:, None] / 2 + more",
        ),
        slip(
            "what is so far counts twice as much as what comes next",
            "ln p of the whole is the plain sum of both.",
            "so_far[:, None] + more",
            "so_far[:, None] * 2 + more",
        ),
        slip(
            "the ln p of what is so far is subtracted",
            "Probabilities are multiplied, so their logarithms are added.",
            "so_far[:, None] + more",
            "more - so_far[:, None]",
        ),
        slip(
            "the probability of the beginning is added to a logarithm",
            "so_far is ln p already, as more is: add both as they are.",
            "so_far[:, None] + more",
            "so_far[:, None].exp() + more",
        ),
        slip(
            "a logarithm is added to the probability of what follows",
            "more is ln p already, as so_far is: add both as they are.",
            "so_far[:, None] + more",
            "so_far[:, None] + more.exp()",
        ),
        slip(
            "probabilities are added",
            "They are multiplied; add the logarithms.",
            "so_far[:, None] + more",
            "so_far[:, None].exp() + more.exp()",
        ),
        slip(
            "each beginning keeps its own best token: no beginning is ever "
            "dropped",
            "All W x V pairs compete with each other.",
            "best = total.flatten().topk(width).indices\n"
            "    V = more.shape[-1]",
            "V = more.shape[-1]\n"
            "    own = total.max(dim=-1).values.argsort(descending=True)\n"
            "    best = (own * V + total.argmax(dim=-1)[own])[:width]",
        ),
        slip(
            "only the best beginning goes on",
            "A worse beginning may have the better continuation.",
            "best = total.flatten().topk(width).indices\n"
            "    V = more.shape[-1]",
            "V = more.shape[-1]\n"
            "    row = so_far.argmax()\n"
            "    best = row * V + total[row].topk(min(width, V)).indices",
        ),
        slip(
            "the least likely pairs are kept",
            "topk keeps the largest: do not turn it round.",
            "topk(width)",
            "topk(width, largest=False)",
        ),
        slip(
            "the likeliest pair comes last",
            "topk sorts from the largest down; keep that order.",
            "topk(width).indices",
            "topk(width).indices.flip(0)",
        ),
        slip(
            "the flat place is divided by the number of beginnings",
            "A row of the table has V entries: place // V, place % V.",
            "V = more.shape[-1]",
            "V = len(more)",
        ),
        slip(
            "token and beginning are exchanged",
            "First the beginning, place // V, then the token, place % V.",
            "[best // V, best % V]",
            "[best % V, best // V]",
        ),
        slip(
            "the pairs stand in columns, not in rows",
            "stack(..., dim=1) gives (width, 2).",
            "dim=1)",
            "dim=0)",
        ),
        slip(
            "all pairs stay, whatever the width",
            "Cut the list: topk(width).",
            "topk(width)",
            "topk(total.numel())",
        ),
        slip(
            "the best token of each beginning is given, one each, whatever "
            "the width",
            "All W x V pairs compete with each other for width places.",
            "best = total.flatten().topk(width).indices\n"
            "    V = more.shape[-1]",
            "V = more.shape[-1]\n"
            "    best = torch.arange(len(total)) * V + total.argmax(dim=-1)",
        ),
        slip(
            "the best token of each of the first beginnings is given, one "
            "each",
            "All W x V pairs compete with each other, the likeliest first.",
            "best = total.flatten().topk(width).indices\n"
            "    V = more.shape[-1]",
            "V = more.shape[-1]\n"
            "    best = torch.arange(len(total)) * V + total.argmax(dim=-1)\n"
            "    best = best[:width]",
        ),
        slip(
            "the best token of each beginning is given, one each, the "
            "likeliest pair first, whatever the width",
            "All W x V pairs compete with each other for width places.",
            "best = total.flatten().topk(width).indices\n"
            "    V = more.shape[-1]",
            "V = more.shape[-1]\n"
            "    own = total.max(dim=-1).values.argsort(descending=True)\n"
            "    best = own * V + total.argmax(dim=-1)[own]",
        ),
        slip(
            "the best beginnings are picked by their best token, one each; "
            "there are fewer beginnings than width",
            "All W x V pairs compete with each other: a beginning may stay "
            "several times.",
            "best = total.flatten().topk(width).indices\n"
            "    V = more.shape[-1]",
            "V = more.shape[-1]\n"
            "    own = total.max(dim=-1).values.topk(width).indices\n"
            "    best = own * V + total.argmax(dim=-1)[own]",
        ),
        slip(
            "width tokens of each beginning are kept, so W x width pairs",
            "All W x V pairs compete with each other for width places.",
            "best = total.flatten().topk(width).indices\n"
            "    V = more.shape[-1]",
            "V = more.shape[-1]\n"
            "    rows = torch.arange(len(total))[:, None] * V\n"
            "    best = (rows + total.topk(width).indices).flatten()",
        ),
        slip(
            "the places in the flat table come back, one number for each pair",
            "place // V is the beginning, place % V the token.",
            "torch.stack([best // V, best % V], dim=1)",
            "best",
        ),
        slip(
            "the sums come back, not which pairs they belong to",
            "topk(...).indices, cut into beginning and token.",
            "    V = more.shape[-1]\n"
            "    return torch.stack([best // V, best % V], dim=1)",
            "    return total.flatten().topk(width).values",
        ),
        slip(
            "the table is turned round before it is laid flat, and the "
            "places are read as if it were not",
            "A row for each beginning: (W, V), flattened as it is.",
            "total.flatten()",
            "total.mT.flatten()",
        ),
        slip(
            "as many pairs stay as there are beginnings, whatever the width",
            "topk(width).",
            "topk(width)",
            "topk(len(so_far))",
        ),
        slip(
            "the best of the first beginning come first, then those of "
            "the next, and the list is cut at width",
            "All W x V pairs compete with each other: one flat topk.",
            "    best = total.flatten().topk(width).indices\n"
            "    V = more.shape[-1]\n"
            "    return torch.stack([best // V, best % V], dim=1)",
            "    V = more.shape[-1]\n"
            "    token = total.topk(min(width, V), dim=1).indices\n"
            "    which = torch.arange(len(total))[:, "
            "None].expand_as(token)\n"
            "    return torch.stack([which.flatten(), "
            "token.flatten()], dim=1)[:width]",
        ),
        slip(
            "the right pairs come in the order of the table, not of "
            "their probability",
            "topk sorts the likeliest first: keep that order.",
            ".indices\n",
            ".indices.sort().values\n",
        ),
        slip(
            "beginnings and tokens are counted from 1",
            "The first is number 0, as everywhere here.",
            "dim=1)",
            "dim=1) + 1",
        ),
        slip(
            "the pairs are a fraction: one slash gives no whole number",
            "place // V.",
            "best // V",
            "best / V",
        ),
    ),
    hints=(
        "Fill a table with W rows and V columns: what stands in it, and "
        "which entries stay?",
        "`flatten()` and `topk(width).indices` give flat places; a row has "
        "V of them.",
        "`torch.stack([best // V, best % V], dim=1)`.",
    ),
    why="""\
The probability of a text is a product, so its logarithm is a sum, and
broadcasting `so_far[:, None]` adds it to every column of its row.
The pairs of all beginnings compete in one list: a beginning can be dropped,
and another can stay twice.
`place // V` counts whole rows, `place % V` what is left.""",
)
