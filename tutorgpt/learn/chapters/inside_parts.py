"""Exercises of chapter 7: a gentler ablation, and when a guess settles."""

from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from tutorgpt.learn.exercise import Exercise, slip


def joined_heads() -> list[tuple]:
    """Joined heads (B, T, C), a head's number, and how many there are."""
    g = torch.Generator().manual_seed(72)
    return [
        (torch.randn(B, T, C, generator=g) + 1, h, H)
        for B, T, C, h, H in (
            (2, 3, 6, 1, 3),
            (3, 4, 8, 0, 4),
            (1, 5, 8, 1, 2),
            (2, 2, 12, 3, 4),
        )
    ]


def other_heads_stay(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: only the channels of head h may change."""
    joined, h, H = args
    D = joined.shape[-1] // H
    same = torch.isclose(again(joined, h, H), joined).all(dim=(0, 1))
    same[h * D : (h + 1) * D] = True
    if not same.all():
        return "channels of other heads have changed too"
    return None


MEAN = Exercise(
    number="7.4",
    title="A head's mean instead of zero",
    kind="extend",
    difficulty="medium",
    importance=4,
    task="""\
Zero may be a value that a head never takes.
Write `mean_instead(joined, h, H)` for the joined heads $(B, T, C)$: in a
copy, each channel of head `h` (counted from 0, of `H`) becomes its own mean
over all positions of all texts.""",
    starter='''\
def mean_instead(joined, h, H):
    """The joined heads, with one that says the same everywhere."""
    return ...''',
    target="mean_instead",
    solution='''\
def mean_instead(joined, h, H):
    """The joined heads, with one that says the same everywhere."""
    D = joined.shape[-1] // H
    own = slice(h * D, (h + 1) * D)
    changed = joined.clone()
    changed[..., own] = joined[..., own].mean(dim=(0, 1))
    return changed''',
    cases=joined_heads,
    rules=(other_heads_stay,),
    wrong=(
        slip(
            "the head is set to zero",
            "Its channels become their means, which need not be zero.",
            "joined[..., own].mean(dim=(0, 1))",
            "0",
        ),
        slip(
            "the input itself was changed",
            "Work on a copy: clone().",
            "joined.clone()",
            "joined",
        ),
        slip(
            "each text has its own mean",
            "One mean over all texts: dim=(0, 1).",
            "mean(dim=(0, 1))",
            "mean(dim=1, keepdim=True)",
        ),
        slip(
            "each position has its own mean",
            "One mean over all positions: dim=(0, 1).",
            "mean(dim=(0, 1))",
            "mean(dim=0)",
        ),
        slip(
            "all channels of the head share one mean",
            "Each of the D channels keeps its own: do not average over them.",
            "mean(dim=(0, 1))",
            "mean()",
        ),
        slip(
            "the channels are dealt out like cards: h, h + H, h + 2H",
            "The heads are joined one after the other, D channels each.",
            "slice(h * D, (h + 1) * D)",
            "slice(h, None, H)",
        ),
        slip(
            "heads are counted from 1",
            "Head 0 has the first D channels.",
            "slice(h * D, (h + 1) * D)",
            "slice((h - 1) * D, h * D)",
        ),
        slip(
            "all heads were replaced",
            "Only the channels from h * D to (h + 1) * D.",
            "slice(h * D, (h + 1) * D)",
            "slice(None)",
        ),
    ),
    hints=(
        "Which D of the C channels belong to head h?",
        "`joined.clone()` first; a mean over two axes is `dim=(0, 1)`.",
        "`changed[..., own] = joined[..., own].mean(dim=(0, 1))`.",
    ),
    why="""\
A head that says its mean everywhere still adds the constant that later
parts are used to; what is gone is all that depended on the text.
So this ablation measures what the head *tells*, with less of the shock of
a value never met.""",
)


def guesses() -> list[tuple]:
    """The likeliest tokens (N, T), after the embedding and each layer."""
    g = torch.Generator().manual_seed(73)
    return [
        (
            torch.tensor(
                [[1, 2, 3, 4], [1, 5, 3, 4], [1, 2, 0, 4], [1, 2, 3, 0]]
            ),
        ),
        (torch.tensor([[7, 3], [7, 7], [3, 7]]),),
        (torch.randint(3, (5, 8), generator=g),),
    ]


def last_row_is_always_right(
    again: Any, args: tuple, expected: Int[Tensor, " T"]
) -> str | None:
    """A rule: guesses that never change have settled at row 0."""
    (rows,) = args
    still = rows[-1:].expand_as(rows).clone()
    if torch.as_tensor(again(still)).abs().max() > 0:
        return "where no guess ever changes, the answer is 0"
    return None


SETTLED = Exercise(
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
    rules=(last_row_is_always_right,),
    wrong=(
        slip(
            "a guess that is given up and taken again counts from its first "
            "time",
            "It must stay: no other guess may come after that row.",
            "len(guesses) - stays.sum(dim=0)",
            "final.int().argmax(dim=0)",
        ),
        slip(
            "all rows with the final guess are counted, with gaps between",
            "Stop counting at the first other guess, seen from the end.",
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
            "the positions are summed up, not the rows",
            "One answer per position: sum over dim=0.",
            "stays.sum(dim=0)",
            "stays.sum(dim=1)",
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
