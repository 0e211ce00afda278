"""Exercise 3.3. (B, H, T, D) becomes (B, T, C) again."""

import torch

from tutorgpt.learn.check.exercise import Exercise, slip


def to_join() -> list[tuple]:
    """What H heads found, (B, H, T, D)."""
    g = torch.Generator().manual_seed(7)
    return [
        (torch.randn(B, H, T, D, generator=g),)
        for B, H, T, D in ((1, 2, 3, 2), (2, 4, 5, 3), (3, 3, 4, 4))
    ]


EXERCISE = Exercise(
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
