"""Exercise 3.2. (B, T, C) becomes (B, H, T, D)."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip


def to_split() -> list[tuple]:
    """Inputs (B, T, C) and a number of heads."""
    g = torch.Generator().manual_seed(6)
    return [
        (torch.randn(B, T, C, generator=g), H)
        for B, T, C, H in (
            (2, 5, 12, 4),
            (1, 3, 4, 2),
            (3, 4, 12, 3),
            (2, 3, 6, 6),
            (3, 2, 5, 1),
        )
    ]


def any_channels(draw: random.Random) -> tuple:
    """Inputs whose channels the heads can share out, and the heads."""
    B, T, H, D = (draw.randint(1, n) for n in (4, 7, 6, 6))
    g = torch.Generator().manual_seed(draw.randrange(2**31))
    return torch.randn(B, T, H * D, generator=g), H


def from_its_place(
    again: Any, args: tuple, expected: Float[Tensor, "B H T D"]
) -> str | None:
    """A rule: where the first number that stands wrong comes from.

    The input of its own: every number says where it stands.
    """
    B, T, C = args[0].shape
    H = args[1]
    found = again(torch.arange(float(B * T * C)).view(B, T, C), H)
    right = torch.arange(B * T * C).view(B, T, H, C // H).transpose(1, 2)
    wrong = (found != right).nonzero()
    if not len(wrong):
        return None
    b, h, t, d = wrong[0].tolist()
    come = float(found[b, h, t, d])
    if come not in range(B * T * C):
        return None
    text, rest = divmod(int(come), T * C)
    place, channel = divmod(rest, C)
    other = "" if text == b else f" of text {text}"
    return (
        f"entry [{b}, {h}, {t}, {d}] holds channel {channel} of position "
        f"{place}{other}, and should hold channel {h * (C // H) + d} of "
        f"position {t}"
    )


EXERCISE = Exercise(
    number="3.2",
    title="Split the channels into heads",
    kind="write",
    difficulty="medium",
    importance=5,
    task="""\
Write `to_heads(x, H)`: an input $(B, T, C)$ becomes $(B, H, T, D)$,
so that head $h$ holds the channels $hD ... (h+1)D - 1$ of every position.
It is the cut that the chapter does with a table of 2 × 4, with a batch
axis in front; try it without looking: two calls are enough.""",
    starter='''\
def to_heads(x, H):
    """(B, T, C) -> (B, H, T, D)"""
    return ...''',
    target="to_heads",
    solution='''\
def to_heads(x, H):
    """(B, T, C) -> (B, H, T, D)"""
    B, T, C = x.shape
    return x.view(B, T, H, C // H).transpose(1, 2)''',
    cases=to_split,
    domain=any_channels,
    rules=(from_its_place,),
    wrong=(
        slip(
            "positions are dealt to the heads: head 0 holds the first "
            "positions, cut into pieces",
            "view only cuts what lies side by side: first (B, T, H, D), "
            "then transpose.",
            "view(B, T, H, C // H).transpose(1, 2)",
            "view(B, H, T, C // H)",
        ),
        slip(
            "the channels are dealt out in turn, like cards",
            "Head 0 should hold the first D channels: cut with (..., H, D).",
            "view(B, T, H, C // H).transpose(1, 2)",
            "view(B, T, C // H, H).permute(0, 3, 1, 2)",
        ),
        slip(
            "the axes T and H are not exchanged",
            "transpose(1, 2) brings the heads before the positions.",
            ".transpose(1, 2)",
            "",
        ),
        slip(
            "time and channels are exchanged inside the heads",
            "The order wanted is (B, H, T, D).",
            ".transpose(1, 2)",
            ".permute(0, 2, 3, 1)",
        ),
        slip(
            "the heads stand in the opposite order",
            "Head 0 holds the first D channels.",
            ".transpose(1, 2)",
            ".transpose(1, 2).flip(1)",
        ),
        slip(
            "there are C / H heads of H channels, where H heads of C / H "
            "channels are asked for",
            "The last axis is cut into (H, C // H), in this order.",
            "view(B, T, H, C // H)",
            "view(B, T, C // H, H)",
        ),
        slip(
            "time and channels are exchanged before the cut",
            "Cut the channels first, view(B, T, H, D), then exchange T and H.",
            "view(B, T, H, C // H).transpose(1, 2)",
            "transpose(1, 2).reshape(B, H, T, C // H)",
        ),
        slip(
            "time and channels are exchanged before the cut, and view cannot "
            "cut what does not lie side by side",
            "Cut the channels first, view(B, T, H, D), then exchange T and H.",
            "view(B, T, H, C // H).transpose(1, 2)",
            "transpose(1, 2).view(B, H, T, C // H)",
        ),
        slip(
            "C / H is a float, and a shape wants whole numbers",
            "Divide with //.",
            "C // H",
            "C / H",
        ),
        slip(
            "each head gets all channels",
            "The heads share the channels out: C // H for each.",
            "view(B, T, H, C // H).transpose(1, 2)",
            "unsqueeze(1).repeat(1, H, 1, 1)",
        ),
        slip(
            "the heads stand before the batch",
            "The order wanted is (B, H, T, D).",
            ".transpose(1, 2)",
            ".permute(2, 0, 1, 3)",
        ),
        slip(
            "the positions are cut into pieces, not the channels",
            "chunk along the last axis: dim=-1.",
            "    B, T, C = x.shape\n"
            "    return x.view(B, T, H, C // H).transpose(1, 2)",
            "    return torch.stack(x.chunk(H, dim=1), dim=1)",
        ),
        slip(
            "the batch and the heads are exchanged, and the positions "
            "stay where they were",
            "transpose(1, 2): positions and heads.",
            ".transpose(1, 2)",
            ".transpose(0, 2)",
        ),
    ),
    hints=(
        "In memory the C channels of a position lie side by side: only that "
        "axis may be cut.",
        "`view(B, T, H, D)` cuts it, `transpose` moves an axis.",
        "`x.view(B, T, H, C // H)`, then exchange the axes 1 and 2.",
    ),
    why="""\
`view` never moves a number, it only cuts what lies side by side; the
channels of one position do, so they become $H$ pieces of $D$.
`transpose(1, 2)` then puts the heads before the positions, where a matrix
product treats them as one more batch axis.""",
)
