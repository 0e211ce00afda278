"""Exercise 7.5. From which layer on the last guess stands."""

import random
from typing import Any

import torch
from jaxtyping import Int
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip


def guesses() -> list[tuple]:
    """The likeliest tokens (N, T), after the embedding and each layer."""
    g = torch.Generator().manual_seed(73)
    return [
        (torch.tensor([[3, 1, 2, 2, 0], [3, 2, 2, 1, 0]]),),
        (
            torch.tensor(
                [[1, 2, 3, 4], [1, 5, 3, 4], [1, 2, 0, 4], [1, 2, 3, 0]]
            ),
        ),
        (torch.tensor([[7, 3], [7, 7], [3, 7]]),),
        (torch.randint(3, (5, 8), generator=g),),
        (torch.tensor([[12, 1, 0], [12, 12, 0], [12, 21, 0], [12, 12, 0]]),),
        (torch.tensor([[4, 11]]),),
    ]


def any_guesses(draw: random.Random) -> tuple:
    """1 to 7 rows of 1 to 8 guesses, of few kinds."""
    N, T = draw.randint(1, 7), draw.randint(1, 8)
    return (torch.randint(draw.choice((1, 2, 3, 69)), (N, T)),)


def last_row_is_always_right(
    again: Any, args: tuple, expected: Int[Tensor, " T"]
) -> str | None:
    """A rule: guesses that never change have settled at row 0."""
    (rows,) = args
    still = rows[-1:].expand_as(rows).clone()
    if torch.as_tensor(again(still)).abs().max() > 0:
        return "where no guess ever changes, the answer is 0"
    found = torch.as_tensor(again(rows))
    for t, row in enumerate(found.tolist()):
        right = int(expected[t])
        if row < right:
            return (
                f"position {t}: yours is row {row}, and the guess is not the "
                f"final one in row {right - 1}"
            )
        if row > right:
            return (
                f"position {t}: yours is row {row}, and from row {right} on "
                "the guess is the final one already"
            )
    return None


EXERCISE = Exercise(
    number="7.5",
    title="When the answer settles",
    kind="write",
    difficulty="hard",
    importance=3,
    task="""\
The logit lens gives `guesses` $(N, T)$: the likeliest token at each of $T$
positions, in row 0 from the embedding and in row $n$ after $n$ layers.
Write `settled(guesses)`: for each position the first row from which on the
guess is the final one *and never changes again*.""",
    starter='''\
def settled(guesses):
    """From which row on the last guess stands."""
    return ...''',
    target="settled",
    solution='''\
def settled(guesses):
    """From which row on the last guess stands."""
    final = guesses == guesses[-1]
    stays = final.flip(0).cumprod(dim=0)  # from the last row upwards
    return len(guesses) - stays.sum(dim=0)''',
    cases=guesses,
    domain=any_guesses,
    rules=(last_row_is_always_right,),
    wrong=(
        slip(
            "the axes are exchanged: it goes along the positions, one answer "
            "for each row",
            "One answer per position: go up along the rows.",
            "    final = guesses == guesses[-1]\n",
            "    guesses = guesses.T\n    final = guesses == guesses[-1]\n",
        ),
        slip(
            "it stops at the first two equal guesses",
            "The guess may change again after them: begin at the last row.",
            "return len(guesses) - stays.sum(dim=0)",
            "equal = guesses[1:] == guesses[:-1]\n"
            "    end = torch.ones_like(final[:1])\n"
            "    return torch.cat([equal, end]).int().argmax(dim=0)",
        ),
        slip(
            "a guess that is given up and taken again counts from its first "
            "time",
            "It must stay: no other guess may come after that row.",
            "len(guesses) - stays.sum(dim=0)",
            "final.int().argmax(dim=0)",
        ),
        slip(
            "it is the number of rows with another guess, and that guesses "
            "come and go is not seen",
            "From the last row upwards, stop at the first other guess.",
            ".cumprod(dim=0)",
            "",
        ),
        slip(
            "it counts from the first row downwards",
            "The final guess is the last row: begin there (flip).",
            ".flip(0)",
            "",
        ),
        slip(
            "it says for how many rows the guess has stood, not since which",
            "Rows in all, minus the rows it has stood for.",
            "len(guesses) - stays.sum(dim=0)",
            "stays.sum(dim=0)",
        ),
        slip(
            "it is one row too early",
            "The last row alone makes N - 1, not N - 2.",
            "len(guesses) - stays",
            "len(guesses) - 1 - stays",
        ),
        slip(
            "it is one row too late",
            "Rows are counted from 0.",
            "len(guesses) - stays",
            "len(guesses) + 1 - stays",
        ),
        slip(
            "it says how often the guess changes, not since when it stands",
            "Two changes may lie in any two rows: look for the last one.",
            "len(guesses) - stays.sum(dim=0)",
            "(guesses[1:] != guesses[:-1]).sum(dim=0)",
        ),
        slip(
            "it gives the last row with another guess",
            "The guess stands from the row after it on.",
            "len(guesses) - stays.sum(dim=0)",
            "(len(guesses) - 1 - stays.sum(dim=0)).clamp(min=0)",
        ),
        slip(
            "the first guess is looked for, not the final one",
            "The final guess is that of the last row: guesses[-1].",
            "guesses[-1]",
            "guesses[0]",
        ),
        slip(
            "the positions are summed up, not the rows",
            "One answer per position: sum over dim=0.",
            "stays.sum(dim=0)",
            "stays.sum(dim=1)",
        ),
        slip(
            "it says for how many rows the guess is the final one, "
            "gaps or not, instead of since which",
            "From the last row upwards, as long as the guess stays; "
            "then from all rows that number is taken.",
            "    return len(guesses) - stays.sum(dim=0)",
            "    return final.sum(dim=0)",
        ),
        slip(
            "it counts for how long the guess stands from the first row on",
            "Begin at the last row: flip(0).",
            "final.flip(0).cumprod(dim=0)",
            "final.cumprod(dim=0)",
            "len(guesses) - stays",
            "stays",
        ),
        slip(
            "it takes the row after the first change",
            "The guess may change again: the last change counts.",
            "    return len(guesses) - stays.sum(dim=0)",
            "    return (guesses[1:] != guesses[:-1]).int().argmax(dim=0) + 1",
        ),
        slip(
            "it counts upwards from the first row, and takes that from "
            "the last row's number",
            "Begin at the last row: flip(0); and take it from how many "
            "rows there are.",
            "final.flip(0).cumprod(dim=0)",
            "final.cumprod(dim=0)",
            "len(guesses) - stays",
            "len(guesses) - 1 - stays",
        ),
        slip(
            "it says whether the guess never changes, and not since "
            "when it stands",
            "A number for each position.",
            "    return len(guesses) - stays.sum(dim=0)",
            "    return final.all(dim=0)",
        ),
        slip(
            "the final guesses themselves are given back, not since "
            "which row they stand",
            "A row's number for each position.",
            "return len(guesses) - stays.sum(dim=0)",
            "return guesses[-1]",
        ),
    ),
    hints=(
        "Go from the last row upwards, and stop at the first other guess.",
        "A cumulative product of ones stays 1 until the first 0.",
        "`(guesses == guesses[-1]).flip(0).cumprod(dim=0)` has a 1 for each "
        "row that counts.",
    ),
    why="""\
Seen from the end, the product stays 1 as long as the guess is the final
one, and is 0 from the first other guess on, whatever comes before.
Counting the ones gives for how many rows it has stood, and the rest is
where it began.""",
)
