"""Exercise 3.3. (B, H, T, D) becomes (B, T, C) again."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip


def to_join() -> list[tuple]:
    """What H heads found, (B, H, T, D)."""
    g = torch.Generator().manual_seed(7)
    return [
        (torch.randn(B, H, T, D, generator=g),)
        for B, H, T, D in (
            (2, 4, 5, 3),
            (1, 2, 3, 2),
            (3, 3, 4, 4),
            (2, 3, 2, 1),
            (3, 1, 2, 5),
        )
    ]


def any_heads(draw: random.Random) -> tuple:
    """What any number of heads found."""
    B, H, T, D = (draw.randint(1, n) for n in (4, 6, 7, 6))
    g = torch.Generator().manual_seed(draw.randrange(2**31))
    return (torch.randn(B, H, T, D, generator=g),)


def from_its_head(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: where the first number that stands wrong comes from.

    The input of its own: every number says where it stands.
    """
    B, H, T, D = args[0].shape
    given = torch.arange(float(B * H * T * D)).view(B, H, T, D)
    found = again(given)
    right = given.transpose(1, 2).reshape(B, T, H * D)
    wrong = (found != right).nonzero()
    if not len(wrong):
        return None
    b, t, c = wrong[0].tolist()
    come = float(found[b, t, c])
    if come not in range(B * H * T * D):
        return None
    text, rest = divmod(int(come), H * T * D)
    head, rest = divmod(rest, T * D)
    place, channel = divmod(rest, D)
    other = "" if text == b else f", text {text}"
    return (
        f"channel {c} of position {t} is channel {channel} that head {head} "
        f"found at position {place}{other}, and should be channel {c % D} "
        f"that head {c // D} found at position {t}"
    )


EXERCISE = Exercise(
    number="3.3",
    title="Join the heads again",
    kind="write",
    difficulty="medium",
    importance=4,
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
    domain=any_heads,
    rules=(from_its_head,),
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
            "the heads are averaged instead of set side by side",
            "Joining keeps every number: H * D channels come out.",
            "found.transpose(1, 2).reshape(B, T, H * D)",
            "found.mean(1)",
        ),
        slip(
            "only head 0 is given back",
            "All heads are set side by side.",
            "found.transpose(1, 2).reshape(B, T, H * D)",
            "found[:, 0]",
        ),
        slip(
            "the axes are exchanged, and H and D not yet joined to one",
            "reshape reads the last two as one.",
            ".reshape(B, T, H * D)",
            "",
        ),
        slip(
            "positions and channels are joined, not heads and channels",
            "Bring H beside D first: transpose(1, 2).",
            "found.transpose(1, 2).reshape(B, T, H * D)",
            "found.flatten(2)",
        ),
        slip(
            "the new shape has room for the channels of one head only",
            "H heads of D channels come out as H * D.",
            "H * D",
            "D",
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
        slip(
            "positions and heads are exchanged and then joined to one axis",
            "The last two are joined, H and D: the positions stay.",
            "found.transpose(1, 2).reshape(B, T, H * D)",
            "found.transpose(1, 2).flatten(1, 2)",
        ),
        slip(
            "positions and channels are exchanged, and the heads stay "
            "where they were",
            "transpose(1, 2): heads and positions.",
            "found.transpose(1, 2)",
            "found.transpose(1, 3)",
        ),
        slip(
            "the batch and the heads are exchanged",
            "transpose(1, 2): heads and positions.",
            "found.transpose(1, 2)",
            "found.transpose(0, 1)",
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
