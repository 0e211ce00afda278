"""Exercises of chapter 3: heads by reshape, and their price."""

import torch

from tutorgpt.learn.exercise import Exercise, slip


def to_split() -> list[tuple]:
    """Inputs (B, T, C) and a number of heads."""
    g = torch.Generator().manual_seed(6)
    return [
        (torch.randn(B, T, C, generator=g), H)
        for B, T, C, H in ((1, 3, 4, 2), (2, 5, 12, 4), (3, 4, 12, 3))
    ]


def to_join() -> list[tuple]:
    """What H heads found, (B, H, T, D)."""
    g = torch.Generator().manual_seed(7)
    return [
        (torch.randn(B, H, T, D, generator=g),)
        for B, H, T, D in ((1, 2, 3, 2), (2, 4, 5, 3), (3, 3, 4, 4))
    ]


COUNT = Exercise(
    number="3.1",
    title="The price of many heads",
    kind="write",
    difficulty="easy",
    importance=4,
    task="""\
Write `multi_head_parameters(C, H)`: how many numbers a `MultiHead` layer
learns with $C$ channels and $H$ heads.
Work it out on paper; predict what happens when $H$ doubles.""",
    starter='''\
def multi_head_parameters(C, H):
    """How many numbers MultiHead learns."""
    return ...''',
    target="multi_head_parameters",
    solution='''\
def multi_head_parameters(C, H):
    """How many numbers MultiHead learns."""
    D = C // H
    heads = H * 3 * C * D
    projection = C * C + C
    return heads + projection''',
    cases=lambda: [(32, 1), (32, 4), (32, 32), (384, 6)],
    wrong=(
        slip(
            "each head is C wide, not D = C / H",
            "The heads share the channels out between them.",
            "D = C // H",
            "D = C",
        ),
        slip(
            "only one head is counted",
            "There are H of them, each with three matrices C x D.",
            "H * 3 * C * D",
            "3 * C * D",
        ),
        slip(
            "the projection is forgotten",
            "After the heads are joined a Linear(C, C) mixes them.",
            "return heads + projection",
            "return heads",
        ),
        slip(
            "the bias of the projection is forgotten",
            "nn.Linear(C, C) has C biases.",
            "C * C + C",
            "C * C",
        ),
        slip(
            "queries, keys and values got biases",
            "They are made with bias=False.",
            "H * 3 * C * D",
            "H * 3 * (C * D + D)",
        ),
        slip(
            "there are two matrices per head instead of three",
            "Query, key and value.",
            "H * 3 * C * D",
            "H * 2 * C * D",
        ),
    ),
    hints=(
        "Three matrices a head, and one layer after all heads.",
        "A matrix of a head has C x D numbers, with D = C / H.",
        "`H * 3 * C * D` for the heads, `C * C + C` for the projection.",
    ),
    why="""\
$3CD$ per head times $H$ heads is $3C^2$, whatever $H$ is; the projection
adds $C^2 + C$.
The number of heads cuts the channels up, it does not add any: 4,128 for
32 channels, with 1 head or with 32.""",
)

SPLIT = Exercise(
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

JOIN = Exercise(
    number="3.3",
    title="Join the heads again",
    kind="write",
    difficulty="medium",
    importance=5,
    task="""\
Write `from_heads(found)`, the way back: what the heads found,
$(B, H, T, D)$, becomes $(B, T, C)$ with $C = HD$, head after head.""",
    starter='''\
def from_heads(found):
    """(B, H, T, D) -> (B, T, C)"""
    return ...''',
    target="from_heads",
    solution='''\
def from_heads(found):
    """(B, H, T, D) -> (B, T, C)"""
    B, H, T, D = found.shape
    return found.transpose(1, 2).reshape(B, T, H * D)''',
    cases=to_join,
    wrong=(
        slip(
            "the heads are joined on the wrong axis: position 0 gets what "
            "head 0 found at several positions",
            "Bring H beside D first: transpose(1, 2), then reshape.",
            "found.transpose(1, 2).reshape",
            "found.reshape",
        ),
        slip(
            "the channels of the heads alternate",
            "All of head 0 first, then all of head 1: (..., H, D) in this "
            "order.",
            "found.transpose(1, 2)",
            "found.permute(0, 2, 3, 1)",
        ),
        slip(
            "the heads are added up instead of set side by side",
            "Joining keeps every number: H * D channels come out.",
            "found.transpose(1, 2).reshape(B, T, H * D)",
            "found.sum(1)",
        ),
        slip(
            "the heads are set one after another in time",
            "T stays as it is, the channels become more.",
            "found.transpose(1, 2).reshape(B, T, H * D)",
            "found.reshape(B, H * T, D)",
        ),
        slip(
            "view is used on a tensor whose axes were exchanged",
            "After transpose the numbers do not lie side by side: reshape "
            "copies them, view refuses.",
            ".reshape",
            ".view",
        ),
        slip(
            "the heads come in the opposite order",
            "Head 0 gives the first D channels.",
            "found.transpose(1, 2)",
            "found.flip(1).transpose(1, 2)",
        ),
    ),
    hints=(
        "Undo `to_heads`: the same two steps in the opposite order.",
        "`transpose(1, 2)` brings H and D side by side, `reshape` joins them.",
        "`found.transpose(1, 2).reshape(B, T, H * D)`.",
    ),
    why="""\
After `transpose(1, 2)` the axes are $(B, T, H, D)$ and the last two can be
read as one.
`reshape` copies the numbers into that order; `view` cannot, and says so.""",
)
