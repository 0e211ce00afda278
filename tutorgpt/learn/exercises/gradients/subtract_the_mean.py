"""Exercise 0.2. How far each number is from the mean of its row."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip


def table_cases() -> list[tuple]:
    """A square table, where a forgotten axis shows no error, and others."""
    g = torch.Generator().manual_seed(8)
    return [
        (torch.tensor([[1.0, 3.0, 8.0], [0.0, 2.0, 4.0], [5.0, 5.0, 5.0]]),),
        (torch.randn(4, 4, generator=g),),
        (torch.randn(2, 5, generator=g),),
        (torch.randn(3, 1, generator=g) + 2,),
        (10 + torch.randn(1, 6, generator=g),),
    ]


def any_table(draw: random.Random) -> tuple:
    """A table of any size, square as often as not."""
    R = draw.randint(1, 6)
    C = R if draw.random() < 0.5 else draw.randint(1, 6)
    g = torch.Generator().manual_seed(draw.randrange(2**31))
    return (draw.uniform(-5, 5) + 3 * torch.randn(R, C, generator=g),)


def each_row_sums_to_nothing(
    again: Any, args: tuple, expected: Float[Tensor, "R C"]
) -> str | None:
    """A rule: what is left of a row has the mean 0."""
    table = torch.tensor(
        [[1.0, 2.0, 6.0], [10.0, 10.0, 40.0], [0.0, 3.0, 3.0]]
    )
    rows = again(table).mean(dim=1).tolist()
    if max(map(abs, rows)) > 1e-4:
        shown = ", ".join(f"{mean:.3g}" for mean in rows)
        return (
            "each row of the result should have the mean 0, and the rows of "
            f"a table of three have {shown}"
        )
    return None


EXERCISE = Exercise(
    number="0.2",
    title="Away from the mean of the row",
    kind="write",
    difficulty="easy",
    importance=4,
    task="""\
Write `deviations(table)` for a table of the shape (R, C): how far each number
is from the mean of its row, in the same shape.
Do it without a loop; the first table that is tried is square.""",
    starter='''\
def deviations(table):
    """How far each number is from the mean of its row."""
    return ...''',
    target="deviations",
    solution='''\
def deviations(table):
    """How far each number is from the mean of its row."""
    return table - table.mean(dim=1, keepdim=True)''',
    cases=table_cases,
    domain=any_table,
    rules=(each_row_sums_to_nothing,),
    wrong=(
        slip(
            "the means have lost their axis, so that they meet the columns "
            "and not the rows",
            "Keep the axis with length 1: keepdim=True.",
            ", keepdim=True",
            "",
        ),
        slip(
            "the means are those of the columns",
            "Along a row is axis 1: dim=1.",
            "dim=1",
            "dim=0",
        ),
        slip(
            "one mean of the whole table is subtracted everywhere",
            "Each row has a mean of its own: dim=1, keepdim=True.",
            "table.mean(dim=1, keepdim=True)",
            "table.mean()",
        ),
        slip(
            "the sum of the row is subtracted, not its mean",
            "mean divides the sum by the length of the row.",
            "table.mean(",
            "table.sum(",
        ),
        slip(
            "the sum of each row is divided by the number of rows",
            "A row has C numbers, table.shape[1]; or take mean(dim=1).",
            "table.mean(dim=1, keepdim=True)",
            "table.sum(dim=1, keepdim=True) / len(table)",
        ),
        slip(
            "the sign is the wrong one: the number is subtracted from the "
            "mean",
            "First the number, then minus the mean.",
            "table - table.mean(dim=1, keepdim=True)",
            "table.mean(dim=1, keepdim=True) - table",
        ),
        slip(
            "the signs are lost",
            "A number below the mean has a negative deviation.",
            "table - table.mean(dim=1, keepdim=True)",
            "(table - table.mean(dim=1, keepdim=True)).abs()",
        ),
        slip(
            "the deviations are squared",
            "How far, with its sign: no square.",
            "table - table.mean(dim=1, keepdim=True)",
            "(table - table.mean(dim=1, keepdim=True)) ** 2",
        ),
        slip(
            "the numbers are divided by the mean",
            "How far it is from the mean is a difference.",
            "table - table",
            "table / table",
        ),
        slip(
            "the mean is added",
            "How far it is from the mean is a difference.",
            "table - table",
            "table + table",
        ),
        slip(
            "the means themselves come out",
            "Subtract them from the table.",
            "table - table",
            "table",
        ),
        slip(
            "the median of the row is subtracted",
            "mean, not median.",
            "table.mean(dim=1, keepdim=True)",
            "table.median(dim=1, keepdim=True).values",
        ),
        slip(
            "the largest number of the row is subtracted",
            "mean, not amax.",
            "table.mean(dim=1, keepdim=True)",
            "table.amax(dim=1, keepdim=True)",
        ),
        slip(
            "the rows are divided by their spread as well",
            "The difference alone: LayerNorm comes in chapter 5.",
            "table - table.mean(dim=1, keepdim=True)",
            "(table - table.mean(dim=1, keepdim=True))"
            " / table.std(dim=1, keepdim=True)",
        ),
        slip(
            "the table that was given is written over",
            "table - ... makes a new one; -= writes into the old one.",
            "    return table - table.mean(dim=1, keepdim=True)",
            "    table -= table.mean(dim=1, keepdim=True)\n    return table",
        ),
    ),
    hints=(
        "One mean for each row: along which axis, and which shape must the "
        "means have to be repeated for each column?",
        "`table.mean(dim=...)` takes `keepdim=True`, as `sum` does.",
        "`table - table.mean(dim=1, keepdim=...)`.",
    ),
    why="""\
With `keepdim=True` the means have the shape (R, 1), and broadcasting repeats
each of them along its row.
Without it they have the shape (R,), which is lined up from the right: in a
square table each *column* loses the mean of a row, and no error says so.""",
)
