"""Exercise 12.4. A bug hunt: pairs that reach from one head to another."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip

BROKEN = '''\
def to_neighbours(rows, n_head):
    """Rows (H D, C) in halves, so that each pair stands side by side."""
    first, second = rows.chunk(2)
    pairs = torch.stack([first, second], dim=1)
    return pairs.flatten(0, 1)'''

MENDED = '''\
def to_neighbours(rows, n_head):
    """Rows (H D, C) in halves, so that each pair stands side by side."""
    first, second = rows.unflatten(0, (n_head, -1)).chunk(2, dim=1)
    pairs = torch.stack([first, second], dim=2)
    return pairs.flatten(0, 2)'''


def rows(H: int, D: int, C: int, seed: int) -> Float[Tensor, "HD C"]:
    """Rows that tell which one they are, and other numbers."""
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(H * D, C, generator=g)
    x[:, 0] = torch.arange(H * D)
    return x


def to_order() -> list[tuple]:
    """One head and several, one pair a head and several, one column."""
    sizes = ((2, 4, 3), (1, 6, 2), (3, 2, 4), (4, 8, 1), (9, 4, 2), (2, 2, 2))
    cases = [(rows(H, D, C, 124 + n), H) for n, (H, D, C) in enumerate(sizes)]
    return [*cases, (rows(3, 6, 18, 130), 3)]


def any_rows(draw: random.Random) -> tuple:
    """Any heads of an even number of rows."""
    H, D, C = draw.randint(1, 6), 2 * draw.randint(1, 5), draw.randint(1, 5)
    return rows(H, D, C, draw.getrandbits(30)), H


def where_rows_go(
    again: Any, args: tuple, expected: Float[Tensor, "HD C"]
) -> str | None:
    """A rule: which row of the input comes out at which place."""
    table = torch.arange(12.0)[:, None]
    found = [round(n) for n in again(table, 2).flatten().tolist()]
    right = [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]
    if found != right:
        return (
            "of two heads with six rows each, the rows should come out in "
            f"the order {', '.join(map(str, right))}, and they come out as "
            f"{', '.join(map(str, found))}"
        )
    return None


EXERCISE = Exercise(
    number="12.4",
    title="Half of what",
    kind="bug",
    difficulty="hard",
    importance=4,
    task="""\
A model is trained with queries and keys whose pairs are halves, channel $i$
of a head with $i + D/2$, as in exercise 11.3.
Now and then its weights are copied into a model with the chapter's `Rotary`,
which turns neighbours; this function brings the rows that make the queries,
and those that make the keys, into the other order.
The broken curve is the loss of the copy, its twin's that of a copy made
right.
With one head both are the same.
Read the curve, name the bug, and repair the function.""",
    starter=BROKEN,
    needs="import torch",
    target="to_neighbours",
    solution=MENDED,
    suspect="pairs across heads",
    symptom=(
        "the model learns as it should, to 2.02, and its copy gets worse "
        "from step 100 on, to 3.03; with one head both agree"
    ),
    cases=to_order,
    domain=any_rows,
    labels=("rows", "n_head ="),
    rules=(where_rows_go,),
    wrong=(
        slip(
            "the halves are still those of all rows, not of each head",
            "Cut the rows into heads first, and each head into halves.",
            "rows.unflatten(0, (n_head, -1)).chunk(2, dim=1)",
            "rows.chunk(2)",
            "dim=2",
            "dim=1",
            "flatten(0, 2)",
            "flatten(0, 1)",
        ),
        slip(
            "nothing is ordered: each half stays together",
            "Each row of the first half is followed by its partner.",
            "dim=2",
            "dim=1",
        ),
        slip(
            "neighbours become halves: it is the way back",
            "Here the halves come in: chunk cuts them, and stack lays them "
            "side by side.",
            ".chunk(2, dim=1)",
            ".unflatten(1, (-1, 2)).unbind(2)",
            "dim=2",
            "dim=1",
        ),
        slip(
            "the second half stands first in every pair",
            "Channel i, and then channel i + D/2.",
            "[first, second]",
            "[second, first]",
        ),
        slip(
            "the heads lie in the inner axis: they are cut by taking every "
            "n_head-th row",
            "A head's rows stand together: unflatten(0, (n_head, -1)).",
            "(n_head, -1)",
            "(-1, n_head)",
        ),
        slip(
            "the second half is in reverse",
            "Row i is paired with row i + D/2, not with the last one less i.",
            "[first, second]",
            "[first, second.flip(1)]",
        ),
        slip(
            "the first half is there twice",
            "stack([first, second]).",
            "[first, second]",
            "[first, first]",
        ),
        slip(
            "the heads come out in reverse",
            "The order of the heads stays.",
            "pairs.flatten(0, 2)",
            "pairs.flip(0).flatten(0, 2)",
        ),
        slip(
            "the pairs come out in reverse",
            "The order of the pairs stays: the first one turns fastest.",
            "pairs.flatten(0, 2)",
            "pairs.flip(1).flatten(0, 2)",
        ),
        slip(
            "the pairs of all heads are mixed: first all first pairs",
            "A head's rows stay together.",
            "pairs.flatten(0, 2)",
            "pairs.transpose(0, 1).flatten(0, 2)",
        ),
        slip(
            "columns are ordered, not rows",
            "A Linear's rows make what comes out: order those.",
            "rows.unflatten(0, (n_head, -1)).chunk(2, dim=1)",
            "rows.unflatten(0, (n_head, -1)).chunk(2, dim=-1)",
            "dim=2",
            "dim=-1",
            "pairs.flatten(0, 2)",
            "pairs.flatten(2).flatten(0, 1)",
        ),
        slip(
            "each head's rows are cut into quarters",
            "Two halves a head.",
            "rows.unflatten(0, (n_head, -1))",
            "rows.unflatten(0, (2 * n_head, -1))"
            " if len(rows) // n_head % 4 == 0 else "
            "rows.unflatten(0, (n_head, -1))",
        ),
        slip(
            "the heads keep an axis of their own",
            "The result has the shape of rows: flatten(0, 2).",
            "pairs.flatten(0, 2)",
            "pairs.flatten(1, 2)",
        ),
        slip(
            "the pairs keep an axis of their own",
            "The result has the shape of rows: flatten(0, 2).",
            "pairs.flatten(0, 2)",
            "pairs.flatten(0, 1)",
        ),
    ),
    hints=(
        "With one head nothing is wrong. What is cut into two halves here?",
        "Try it on `torch.arange(8.0)[:, None]` with two heads: the first "
        "pair should be rows 0 and 2.",
        "`rows.unflatten(0, (n_head, -1))` gives each head its own axis; "
        "then the halves are in axis 1, and `stack` makes axis 2.",
    ),
    why="""\
The rows of a head stand together, and each head has two halves of its own.
The broken function cuts all rows in the middle, so its pairs reach from a
head in the first half of the heads to one in the second.
`unflatten` gives the heads an axis, after which the halves are cut in each.
With one head both are the same, which is why a test needs two.""",
)
