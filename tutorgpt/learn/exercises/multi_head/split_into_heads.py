"""Exercise 3.2. (B, T, C) becomes (B, H, T, D)."""

import torch

from tutorgpt.learn.check.exercise import Exercise, slip


def to_split() -> list[tuple]:
    """Inputs (B, T, C) and a number of heads."""
    g = torch.Generator().manual_seed(6)
    return [
        (torch.randn(B, T, C, generator=g), H)
        for B, T, C, H in ((1, 3, 4, 2), (2, 5, 12, 4), (3, 4, 12, 3))
    ]


EXERCISE = Exercise(
    number="3.2",
    title="Split the channels into heads",
    kind="write",
    difficulty="medium",
    importance=5,
    task="""\
Write `to_heads(x, H)`: an input $(B, T, C)$ becomes $(B, H, T, D)$,
so that head $h$ holds the channels $hD ... (h+1)D - 1$ of every position.
The chapter does it; write it again without looking: two calls are
enough.""",
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
`transpose(1, 2)` then puts the heads where the batched product wants
them.""",
)
