"""Exercise 12.1. A block of the oldest packing in four bits, by hand."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.check.patterns import short

N = 16
"""Bytes of a block beside its scale."""


def bytes_of(seed: int) -> Tensor:
    """Sixteen bytes, each two numbers of four bits."""
    g = torch.Generator().manual_seed(seed)
    return torch.randint(256, (N,), generator=g, dtype=torch.uint8)


def to_decode() -> list[tuple]:
    """All sixteen numbers in both halves, equal ones, scales of each sign."""
    counting = torch.arange(N, dtype=torch.uint8)
    return [
        (0.5, counting | (15 - counting) << 4),
        (0.127, bytes_of(1)),
        (-0.25, bytes_of(2)),
        (1.0, torch.full((N,), 0x80, dtype=torch.uint8)),
        (2.0, torch.full((N,), 0x0F, dtype=torch.uint8)),
        (0.01, bytes_of(3)),
        (0.0, bytes_of(4)),
        (1.0, torch.zeros(N, dtype=torch.uint8)),
    ]


def any_block(draw: random.Random) -> tuple:
    """Any bytes, and a scale of any size and sign."""
    d = draw.choice((1.0, 0.1, -0.5, draw.uniform(-2, 2)))
    return d, bytes_of(draw.getrandbits(30))


def one_by_one(
    again: Any, args: tuple, expected: Float[Tensor, " 32"]
) -> str | None:
    """A rule: which weights one half of one byte has a say in."""
    zero = again(1.0, torch.zeros(N, dtype=torch.uint8))
    for place, half in ((0, 0), (0, 4), (3, 0), (3, 4), (15, 4)):
        packed = torch.zeros(N, dtype=torch.uint8)
        packed[place] = 5 << half
        moved = (again(1.0, packed) - zero).abs().gt(1e-6).nonzero()
        found = moved.flatten().tolist()
        right = place + (N if half else 0)
        if found != [right]:
            name = "upper" if half else "lower"
            seen = " and ".join(map(str, found[:3])) or "none"
            return (
                f"the {name} four bits of byte {place} are weight {right}, "
                f"and they change weight {seen}"
            )
    return None


def in_steps(
    again: Any, args: tuple, expected: Float[Tensor, " 32"]
) -> str | None:
    """A rule: the least and the largest weight, and what lies between."""
    found = [
        float(again(1.0, torch.full((N,), 17 * q, dtype=torch.uint8))[0])
        for q in range(16)
    ]
    for q, weight in enumerate(found):
        if abs(weight - (q - 8)) > 1e-4:
            return (
                f"with the scale 1 the number {q} stands for the weight "
                f"{q - 8}, and {short(weight)} comes out"
            )
    return None


LOWER, UPPER = "packed & 15", "packed >> 4"
RESULT = "d * (q.float() - 8)"

EXERCISE = Exercise(
    number="12.1",
    title="Eight in the middle",
    kind="write",
    difficulty="easy",
    importance=5,
    task="""\
`Q4_0` is older than `Q4_1`: a block has a scale `d` and no least value.
Its 16 bytes hold 32 whole numbers $q$ from 0 to 15, in the order of `Q4_1`:
the lower four bits of all bytes are the first 16, the upper four the others.
The number 8 stands for the weight 0, so a weight is $d \\cdot (q - 8)$.
Write `decoded(d, packed)`: `d` is a number, `packed` a tensor of 16 bytes
(`torch.uint8`), and the result has 32 weights.""",
    starter='''\
def decoded(d, packed):
    """The 32 weights of a block of Q4_0."""
    return ...''',
    needs="import torch",
    target="decoded",
    solution=f'''\
def decoded(d, packed):
    """The 32 weights of a block of Q4_0."""
    q = torch.cat([{LOWER}, {UPPER}])
    return {RESULT}''',
    cases=to_decode,
    domain=any_block,
    labels=("d =", "packed"),
    rules=(one_by_one, in_steps),
    wrong=(
        slip(
            "8 is taken from bytes, which have no sign: what should be below "
            "0 comes out near 255",
            "Bytes run from 0 to 255 and then begin anew: make the numbers "
            "floats before 8 is taken away.",
            "(q.float() - 8)",
            "(q - 8)",
        ),
        slip(
            "8 is not taken away: no weight is below 0",
            "d * (q - 8): the number 8 stands for the weight 0.",
            "(q.float() - 8)",
            "q.float()",
        ),
        slip(
            "7 is taken away, not 8",
            "The number 8 stands for 0: q - 8 runs from -8 to 7.",
            "- 8",
            "- 7",
        ),
        slip(
            "7.5 is taken away, the middle of 0 and 15",
            "The number 8 stands for 0: q - 8 runs from -8 to 7.",
            "- 8",
            "- 7.5",
        ),
        slip(
            "8 is added",
            "d * (q - 8).",
            "- 8",
            "+ 8",
        ),
        slip(
            "8 is taken away after the scale",
            "d * (q - 8): first take 8 away, then multiply.",
            RESULT,
            "d * q.float() - 8",
        ),
        slip(
            "the upper halves stand first",
            "First the lower four bits of all bytes, then the upper.",
            f"[{LOWER}, {UPPER}]",
            f"[{UPPER}, {LOWER}]",
        ),
        slip(
            "both halves of a byte stand side by side",
            "First the lower four bits of *all* bytes, then the upper ones: "
            "cat, not stack.",
            f"torch.cat([{LOWER}, {UPPER}])",
            f"torch.stack([{LOWER}, {UPPER}], dim=1).flatten()",
        ),
        slip(
            "both halves of a byte stand side by side, the upper one first",
            "First the lower four bits of *all* bytes, then the upper ones.",
            f"torch.cat([{LOWER}, {UPPER}])",
            f"torch.stack([{UPPER}, {LOWER}], dim=1).flatten()",
        ),
        slip(
            "the lower halves are there twice",
            ">> 4 moves the upper four bits down.",
            UPPER,
            LOWER,
        ),
        slip(
            "the upper halves are there twice",
            "& 15 keeps the lower four bits.",
            LOWER,
            UPPER,
        ),
        slip(
            "the first half are whole bytes, whose upper bits are still there",
            "packed & 15 keeps the lower four bits alone.",
            LOWER,
            "packed",
        ),
        slip(
            "three bits are kept of the lower half",
            "15 is 1111: packed & 15 keeps four bits.",
            "& 15",
            "& 7",
        ),
        slip(
            "& 16 keeps one bit, the lowest of the upper half",
            "15 is 1111: packed & 15 keeps four bits.",
            "& 15",
            "& 16",
        ),
        slip(
            "the upper bits are kept where they stand, 16 times too large",
            "packed >> 4 moves them down by four places.",
            UPPER,
            "(packed & 240)",
        ),
        slip(
            "the upper half is moved by three places",
            "Four bits: >> 4.",
            ">> 4",
            ">> 3",
        ),
        slip(
            "the bits are moved up, out of the byte, and not down",
            "packed >> 4 moves the upper four bits down.",
            ">> 4",
            "<< 4",
        ),
        slip(
            "it is divided by the scale",
            "d * (q - 8).",
            RESULT,
            "(q.float() - 8) / d",
        ),
        slip(
            "the scale is left out",
            "d * (q - 8).",
            RESULT,
            "q.float() - 8",
        ),
        slip(
            "the weights are rounded to whole numbers",
            "Weights are no whole numbers: make q a float before it is "
            "multiplied.",
            RESULT,
            "(d * (q.float() - 8)).round()",
        ),
        slip(
            "d is taken for the least value, as in Q4_1, and the step is 1",
            "There is no least value here: d is the step.",
            RESULT,
            "d + q.float()",
        ),
        slip(
            "the four bits are taken for a number with a sign: 8 to 15 are "
            "-8 to -1",
            "Take 8 away from every number: 0 stands for -8, and 15 for 7.",
            "(q.float() - 8)",
            "(q.float() - 16 * (q > 7).float())",
        ),
        slip(
            "the weights come in a table of two rows",
            "One row of 32: cat, and no stack.",
            "torch.cat(",
            "torch.stack(",
        ),
    ),
    hints=(
        "Three steps: the lower halves, the upper halves behind them, and "
        "then the arithmetic in numbers that can be below zero.",
        "`packed & 15` and `packed >> 4` are bytes still. What is 3 - 8 in "
        "bytes?",
        "`torch.cat` of the two, `.float()`, less 8, times `d`.",
    ),
    why="""\
Both halves are whole numbers from 0 to 15.
They are still bytes, which have no sign: 3 - 8 is 251 there, with no
warning, so the numbers become floats first.
Without a least value the 16 steps lie around zero, eight below it, zero, and
seven above.
A block takes 18 bytes, half a bit a weight less than `Q4_1`, which may begin
its steps anywhere.""",
)
