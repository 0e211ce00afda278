"""Exercise 11.2. Each pair of channels turned by its token's position."""

import math
import random
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip


def rows(T: int, D: int, seed: int) -> Float[Tensor, "T D"]:
    """Numbers of a size at which rounding is far below what is compared."""
    g = torch.Generator().manual_seed(seed)
    return torch.rand(T, D, generator=g) - 0.5


def to_turn() -> list[tuple]:
    """Positions from 0 and from elsewhere, out of order, equal, far away.

    With one pair there is one speed, 1, so that its angles are exact.
    """
    return [
        (rows(6, 8, 1), torch.arange(6), 10_000.0),
        (rows(3, 6, 2), torch.tensor([11, 12, 13]), 100.0),
        (rows(4, 8, 3), torch.tensor([7, 0, 7, 2]), 10_000.0),
        (rows(5, 4, 4), torch.tensor([20, 3, 9, 0, 1]), 3.5),
        (rows(6, 6, 5), torch.tensor([4, 5, 6, 7, 8, 9]), 500_000.0),
        (rows(1, 12, 6), torch.tensor([10]), 10_000.0),
        (rows(3, 2, 7), torch.tensor([1000, 1, 30]), 10_000.0),
        (torch.eye(4), torch.tensor([1, 2, 3, 10]), 16.0),
    ]


def any_rows(draw: random.Random) -> tuple:
    """Any rows of an even number of channels, positions, and a base."""
    T, D = draw.randint(1, 6), 2 * draw.randint(1, 8)
    first = draw.randint(0, 12)
    positions = [first + t for t in range(T)]
    if draw.random() < 0.5:
        positions = [draw.randint(0, 18) for _ in range(T)]
    base = draw.choice((10_000.0, 100.0, 2.0, 1e6, draw.uniform(2, 50)))
    x = rows(T, D, draw.getrandbits(30))
    return x, torch.tensor(positions), base


def who_is_paired(
    again: Any, args: tuple, expected: Float[Tensor, "T D"]
) -> str | None:
    """A rule: into which channels one channel is turned."""
    D = args[0].shape[-1]
    found = again(torch.eye(D), torch.full((D,), 2), 1.5)
    for channel, row in enumerate(found):
        others = (row.abs() > 1e-5).nonzero().flatten().tolist()
        pair = channel // 2 * 2
        if not set(others) <= {pair, pair + 1}:
            where = " and ".join(map(str, others[:4]))
            more = ", and more" if len(others) > 4 else ""
            return (
                f"with {D} channels, what stands in channel {channel} comes "
                f"out in channels {where}{more}, and its pair is {pair} and "
                f"{pair + 1}"
            )
    return None


def each_pair_keeps_its_length(
    again: Any, args: tuple, expected: Float[Tensor, "T D"]
) -> str | None:
    """A rule: a turn changes no length, and at position 0 nothing."""
    if who_is_paired(again, args, expected):
        return None
    x, positions, base = args
    before, after = (
        numbers.unflatten(-1, (-1, 2)).norm(dim=-1)
        for numbers in (x, again(x, positions, base))
    )
    gaps = (after - before).abs()
    if gaps.max() > 1e-3:
        row, pair = divmod(int(gaps.argmax()), gaps.shape[1])
        return (
            "a turn changes no length, and here pair "
            f"{pair} of row {row} was {before[row, pair]:.3f} long and is "
            f"{after[row, pair]:.3f}"
        )
    still = again(x, torch.zeros_like(positions), base)
    if (still - x).abs().max() > 1e-4:
        return "where all positions are 0, nothing should turn"
    return None


def angle_of(
    again: Any, position: Int[Tensor, " 1"], D: int, pair: int
) -> float | None:
    """The angle by which a pair turns, if it is turned."""
    along, across = torch.zeros(2, 1, D)
    along[0, 2 * pair] = across[0, 2 * pair + 1] = 1
    a, b = again(along, position, 100.0)[0, 2 * pair : 2 * pair + 2].tolist()
    c, d = again(across, position, 100.0)[0, 2 * pair : 2 * pair + 2].tolist()
    if max(abs(a - d), abs(b + c), abs(a * a + b * b - 1)) > 1e-3:
        return None
    return math.atan2(b, a)


def how_far_it_turns(
    again: Any, args: tuple, expected: Float[Tensor, "T D"]
) -> str | None:
    """A rule: the angles of the first and the last pair, with base 100."""
    D, said = args[0].shape[-1], []
    for pair in sorted({0, D // 2 - 1}):
        for position in (1, 2, 3):
            found = angle_of(again, torch.tensor([position]), D, pair)
            if found is None:
                return None
            right = position * 100.0 ** (-2 * pair / D)
            if abs(math.remainder(found - right, 2 * math.pi)) > 1e-3:
                said.append(
                    f"with D = {D} and base 100 pair {pair} turns at position "
                    f"{position} by the angle {found:.3f}, and {right:.3f} is "
                    "right"
                )
                break
    return "; ".join(said) or None


def row_by_row(
    again: Any, args: tuple, expected: Float[Tensor, "T D"]
) -> str | None:
    """A rule: a row comes out alike, whatever stands beside it."""
    x, positions, base = args
    if len(x) > 1:
        alone = again(x[-1:], positions[-1:], base)
        beside = again(x, positions, base)[-1:]
        if (alone - beside).abs().max() > 1e-4:
            return (
                "the last row comes out otherwise when it stands alone with "
                "its position"
            )
    return None


PAIRS = "    a, b = x[:, ::2], x[:, 1::2]\n"
NEW_A = "a * cos - b * sin"
NEW_B = "a * sin + b * cos"
JOINED = "torch.stack([new_a, new_b], dim=-1).flatten(1)"

EXERCISE = Exercise(
    number="11.2",
    title="Turn the pairs",
    kind="write",
    difficulty="medium",
    importance=5,
    task="""\
Write `turned(x, positions, base)`, rotary positions for one head.
`x` $(T, D)$ has an even number of channels; `positions` $(T)$ are whole
numbers that say where each row stands, in any order.
The channels $2i$ and $2i + 1$ are a pair $(a, b)$.
In the row at position $t$ pair $i$ is turned by the angle
$\\theta = t \\cdot r^{-2i/D}$, with $r$ the `base`: the two channels then
hold $a \\cos \\theta - b \\sin \\theta$ and
$a \\sin \\theta + b \\cos \\theta$.""",
    starter='''\
def turned(x, positions, base):
    """Every row turned by its position, pair by pair."""
    return ...''',
    target="turned",
    solution='''\
def turned(x, positions, base):
    """Every row turned by its position, pair by pair."""
    D = x.shape[-1]
    speeds = base ** (-torch.arange(0, D, 2) / D)
    angles = positions[:, None] * speeds
    cos, sin = angles.cos(), angles.sin()
    a, b = x[:, ::2], x[:, 1::2]
    new_a = a * cos - b * sin
    new_b = a * sin + b * cos
    return torch.stack([new_a, new_b], dim=-1).flatten(1)''',
    cases=to_turn,
    domain=any_rows,
    labels=("x", "positions", "base ="),
    axes=("row", "channel"),
    rules=(
        who_is_paired,
        each_pair_keeps_its_length,
        how_far_it_turns,
        row_by_row,
    ),
    wrong=(
        slip(
            "the positions are taken to be 0, 1, 2, ..., whatever is handed "
            "over",
            "Row t stands at positions[t].",
            "positions[:, None]",
            "torch.arange(len(x))[:, None]",
        ),
        slip(
            "channel i is paired with channel i + D / 2",
            "Neighbours are pairs: x[:, ::2] and x[:, 1::2].",
            "x[:, ::2], x[:, 1::2]",
            "x[:, : D // 2], x[:, D // 2 :]",
            JOINED,
            "torch.cat([new_a, new_b], dim=-1)",
        ),
        slip(
            "pairs are taken from the two halves, and laid side by side",
            "Neighbours are pairs: x[:, ::2] and x[:, 1::2].",
            "x[:, ::2], x[:, 1::2]",
            "x[:, : D // 2], x[:, D // 2 :]",
        ),
        slip(
            "the pairs are taken apart: all first ones come before all second "
            "ones",
            "torch.stack(..., dim=-1).flatten(1) puts them side by side.",
            JOINED,
            "torch.cat([new_a, new_b], dim=-1)",
        ),
        slip(
            "the rows of first ones stand above the rows of second ones when "
            "they are laid out again",
            "torch.stack(..., dim=-1).flatten(1) puts them side by side.",
            JOINED,
            "torch.stack([new_a, new_b]).reshape(x.shape)",
        ),
        slip(
            "the angles are laid out by halves, 0, 1, ..., 0, 1, ..., and the "
            "pairs are neighbours",
            "Both channels of a pair have one angle: angles.repeat_interleave("
            "2, dim=-1).",
            "cos, sin = angles.cos(), angles.sin()",
            "angles = torch.cat([angles, angles], dim=-1)\n"
            "    c, s = angles.cos(), angles.sin()",
            NEW_A,
            "a * c[:, ::2] - b * s[:, ::2]",
            NEW_B,
            "a * s[:, 1::2] + b * c[:, 1::2]",
        ),
        slip(
            "the pairs are halves, and the angles are laid out for neighbours",
            "Neighbours are pairs: x[:, ::2] and x[:, 1::2].",
            "cos, sin = angles.cos(), angles.sin()",
            "angles = angles.repeat_interleave(2, dim=-1)\n"
            "    c, s = angles.cos(), angles.sin()",
            "x[:, ::2], x[:, 1::2]",
            "x[:, : D // 2], x[:, D // 2 :]",
            NEW_A,
            "a * c[:, : D // 2] - b * s[:, : D // 2]",
            NEW_B,
            "a * s[:, D // 2 :] + b * c[:, D // 2 :]",
            JOINED,
            "torch.cat([new_a, new_b], dim=-1)",
        ),
        slip(
            "the two channels of a pair have an angle each",
            "One for both: the exponents are 0, 2, 4, ..., over D.",
            "    speeds = base ** (-torch.arange(0, D, 2) / D)",
            "    speeds = base ** (-torch.arange(D) / D)",
            NEW_A,
            "a * cos[:, ::2] - b * sin[:, ::2]",
            NEW_B,
            "a * sin[:, 1::2] + b * cos[:, 1::2]",
        ),
        slip(
            "the pairs are turned the other way round",
            "a cos - b sin, and a sin + b cos.",
            "positions[:, None]",
            "-positions[:, None]",
        ),
        slip(
            "both have a plus: lengths change",
            "a cos - b sin, and a sin + b cos.",
            NEW_A,
            "a * cos + b * sin",
        ),
        slip(
            "both have a minus: lengths change",
            "a cos - b sin, and a sin + b cos.",
            NEW_B,
            "a * sin - b * cos",
        ),
        slip(
            "sine and cosine are exchanged",
            "At position 0 nothing turns: the cosine of 0 is 1.",
            "cos, sin = angles.cos(), angles.sin()",
            "sin, cos = angles.cos(), angles.sin()",
        ),
        slip(
            "a and b are exchanged",
            "The even channels are a: x[:, ::2].",
            "x[:, ::2], x[:, 1::2]",
            "x[:, 1::2], x[:, ::2]",
        ),
        slip(
            "the two of a pair come back in each other's place",
            "a cos - b sin stands in front.",
            "[new_a, new_b]",
            "[new_b, new_a]",
        ),
        slip(
            "the second of a pair is made from the first one when that is "
            "turned already",
            "Both are made from the old a and b: keep a until b is turned.",
            NEW_B,
            "new_a * sin + b * cos",
        ),
        slip(
            "only half of each sum is there: a and b do not mix",
            "a cos - b sin, and a sin + b cos.",
            NEW_A,
            "a * cos",
            NEW_B,
            "b * cos",
        ),
        slip(
            "a is multiplied by the cosine, b by the sine, and they do not "
            "mix",
            "a cos - b sin, and a sin + b cos.",
            NEW_A,
            "a * cos",
            NEW_B,
            "b * sin",
        ),
        slip(
            "sines and cosines are added to x, as chapter 9's positions are",
            "Turning multiplies: a cos - b sin, and a sin + b cos.",
            NEW_A,
            "a + sin",
            NEW_B,
            "b + cos",
        ),
        slip(
            "all pairs turn at one speed",
            "Pair i turns by base^(-2i / D) a position; with // for / all "
            "exponents would be 0.",
            "base ** (-torch.arange(0, D, 2) / D)",
            "torch.ones(D // 2)",
        ),
        slip(
            "the exponents are rounded: // leaves whole numbers",
            "Divide by D with one slash.",
            "-torch.arange(0, D, 2) / D",
            "-torch.arange(0, D, 2) // D",
        ),
        slip(
            "the pairs get faster and faster: the exponents are positive",
            "base^(-2i / D): the first pair turns fastest.",
            "(-torch",
            "(torch",
        ),
        slip(
            "the exponents are i / D, where 2i / D is asked for",
            "torch.arange(0, D, 2) / D.",
            "torch.arange(0, D, 2) / D",
            "torch.arange(D // 2) / D",
        ),
        slip(
            "the exponents are 4i / D: 2i is doubled once more",
            "torch.arange(0, D, 2) are the 2i already.",
            "torch.arange(0, D, 2) / D",
            "2 * torch.arange(0, D, 2) / D",
        ),
        slip(
            "the exponents are those of the odd channels, 1, 3, 5, ...",
            "Both channels of a pair share 2i: 0, 2, 4, ...",
            "torch.arange(0, D, 2)",
            "torch.arange(1, D, 2)",
        ),
        slip(
            "the exponents are divided by T, the number of rows",
            "2i / D, with D channels.",
            "torch.arange(0, D, 2) / D",
            "torch.arange(0, D, 2) / len(x)",
        ),
        slip(
            "the exponents are divided by D - 2, so that the last one is 1",
            "2i / D, with D channels: the last pair's is below 1.",
            "torch.arange(0, D, 2) / D",
            "torch.arange(0, D, 2) / (D - 2)",
        ),
        slip(
            "the exponents are not divided by D",
            "2i / D: the slowest pair's is below 1.",
            "(-torch.arange(0, D, 2) / D)",
            "(-torch.arange(0.0, D, 2))",
        ),
        slip(
            "the base is 10,000, whatever is handed over",
            "base is an argument.",
            "= base **",
            "= 10_000 **",
        ),
        slip(
            "the speeds are those of e, not of base",
            "base ** (...).",
            "base ** (-torch.arange(0, D, 2) / D)",
            "torch.exp(-torch.arange(0, D, 2) / D)",
        ),
        slip(
            "the angles are changed from degrees to radians",
            "They are in radians already: position times speed.",
            "positions[:, None] *",
            "math.pi / 180 * positions[:, None] *",
        ),
        slip(
            "the speeds count whole turns: the angle got a factor 2π",
            "The angle is position times speed.",
            "positions[:, None] *",
            "2 * math.pi * positions[:, None] *",
        ),
        slip(
            "positions are counted from 1",
            "The row at position 0 does not turn.",
            "positions[:, None]",
            "(positions[:, None] + 1)",
        ),
        slip(
            "positions are counted from the first row's",
            "positions itself: the row at position 0 does not turn, wherever "
            "it stands.",
            "positions[:, None]",
            "(positions - positions[0])[:, None]",
        ),
        slip(
            "positions and speeds are multiplied one by one, where each "
            "position meets each speed",
            "A column times a row: positions[:, None] * speeds.",
            "positions[:, None]",
            "positions",
        ),
        slip(
            "positions and speeds are multiplied one by one, and the result "
            "no longer has room for all",
            "A column times a row: positions[:, None] * speeds.",
            "positions[:, None]",
            "positions",
            ".flatten(1)",
            ".reshape(x.shape)",
        ),
        slip(
            "the pairs have an axis of their own in the result",
            "flatten(1) lays them side by side: (T, D).",
            ".flatten(1)",
            "",
        ),
    ),
    hints=(
        "One angle for each row and pair, a table of $T \\times D / 2$; then "
        "two sums; then the pairs side by side again.",
        "`base ** (-torch.arange(0, D, 2) / D)` are the speeds, and "
        "`positions[:, None]` is a column. `x[:, ::2]` are all $a$.",
        "`torch.stack([new_a, new_b], dim=-1).flatten(1)` joins what the two "
        "sums give.",
    ),
    why="""\
A turn keeps the length of a pair, and two turned pairs meet at the
difference of their angles: so a query's product with a key depends on how
far apart the two stand, and on nothing else that the positions say.
`stack` with `dim=-1` puts $b$ behind its $a$, and `flatten(1)` makes one row
of the pairs; `cat` would move all $b$ behind all $a$.""",
)
