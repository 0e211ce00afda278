"""Exercise 11.3. A bug hunt: a rotary whose text must begin at 0."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip

BROKEN = """\
class HalvesTurned(nn.Module):
    def __init__(self, head_size, base):
        super().__init__()
        speed = base ** (-torch.arange(0, head_size, 2) / head_size)
        speed = speed.repeat_interleave(2)
        self.register_buffer("speed", speed)

    def forward(self, x, start=0):
        places = torch.arange(start, start + x.shape[-2])
        angles = torch.outer(places, self.speed)
        a, b = x.chunk(2, dim=-1)
        partner = torch.cat([-b, a], dim=-1)
        return x * angles.cos() + partner * angles.sin()"""

MENDED = BROKEN.replace("speed.repeat_interleave(2)", "speed.repeat(2)")


def to_turn() -> list[tuple]:
    """Sizes (D, base), x (B, H, T, D), and where its first row stands.

    One pair, as many pairs as rows or heads, one row, and no start at all.
    """
    g = torch.Generator().manual_seed(113)
    cases = [
        ((D, base), torch.rand(B, H, T, D, generator=g) - 0.5, start)
        for D, base, B, H, T, start in (
            (4, 10_000.0, 1, 2, 5, 0),
            (6, 100.0, 2, 3, 4, 7),
            (8, 10_000.0, 2, 1, 3, 11),
            (2, 16.0, 3, 1, 4, 2),
            (4, 3.5, 2, 4, 4, 1),
            (10, 50.0, 1, 1, 1, 20),
        )
    ]
    sizes, x, _ = cases[0]
    return [*cases, (sizes, 2 * x)]


def any_rows(draw: random.Random) -> tuple:
    """Any even number of channels, any base, any rows, any start or none."""
    D = 2 * draw.randint(1, 6)
    B, H, T = (draw.randint(1, n) for n in (3, 3, 6))
    base = draw.choice((10_000.0, 100.0, 2.0, draw.uniform(2, 50)))
    x = draw.choice((1.0, 3.0)) * (torch.rand(B, H, T, D) - 0.5)
    start = draw.choice(((), (0,), (draw.randint(1, 20),)))
    return (D, base), x, *start


def who_is_paired(
    again: Any, args: tuple, expected: Float[Tensor, "B H T D"]
) -> str | None:
    """A rule: into which channels one channel is turned."""
    D = args[0][0]
    rows = again(args[0], torch.eye(D).view(1, D, 1, D), 2)
    for channel, row in enumerate(rows[0, :, 0]):
        others = row.abs().gt(1e-6).nonzero().flatten().tolist()
        pair = {channel % (D // 2), channel % (D // 2) + D // 2}
        if not set(others) <= pair:
            where = " and ".join(map(str, others[:4]))
            return (
                f"with {D} channels, what stands in channel {channel} comes "
                f"out in {where}, and its pair are the channels "
                f"{' and '.join(map(str, sorted(pair)))}"
            )
    return None


def keeps_lengths(
    again: Any, args: tuple, expected: Float[Tensor, "B H T D"]
) -> str | None:
    """A rule: a turn changes no length, and at position 0 nothing."""
    sizes, x, *start = args
    first = x[:, :, :1]
    if (again(sizes, first, 0) - first).abs().max() > 1e-4:
        return "the row at position 0 should stay as it is"
    gaps = (again(*args).norm(dim=-1) - x.norm(dim=-1)).abs()
    if gaps.max() > 1e-3:
        t = int(gaps.amax((0, 1)).argmax()) + sum(start)
        return (
            "a turn changes no length, and the row at position "
            f"{t} comes out longer or shorter than it was"
        )
    return None


def knows_distances_alone(
    again: Any, args: tuple, expected: Float[Tensor, "B H T D"]
) -> str | None:
    """A rule: products of two rows are those of their distance alone."""
    sizes, x, *_ = args
    near, far = (
        rows @ rows.mT for rows in (again(sizes, x, n) for n in (0, 7))
    )
    gaps = (near - far).abs().amax((0, 1))
    if gaps.max() > 1e-3:
        t, s = divmod(int(gaps.argmax()), gaps.shape[1])
        return (
            f"the product of the rows {t} and {s}, which are {abs(t - s)} "
            "apart, is another one when the text begins at 7 than when it "
            "begins at 0"
        )
    return None


def one_after_another(
    again: Any, args: tuple, expected: Float[Tensor, "B H T D"]
) -> str | None:
    """A rule: a row comes out alike, together with others or alone."""
    sizes, x, *start = args
    whole, first = again(*args), sum(start)
    for t in range(x.shape[2]):
        alone = again(sizes, x[:, :, t : t + 1], first + t)
        if (alone[:, :, 0] - whole[:, :, t]).abs().max() > 1e-4:
            return (
                f"the row at position {first + t} comes out otherwise when "
                f"it is turned alone, start = {first + t}"
            )
    return None


NEIGHBOURS = (
    "partner = torch.stack([-x[..., 1::2], x[..., ::2]], dim=-1).flatten(-2)"
)
PARTNER = "partner = torch.cat([-b, a], dim=-1)"
RESULT = "x * angles.cos() + partner * angles.sin()"

EXERCISE = Exercise(
    number="11.3",
    title="The same words, further on",
    kind="bug",
    difficulty="medium",
    importance=4,
    task="""\
The chapter's `Rotary` turns neighbours.
This one should turn channel $i$ and channel $i + D/2$ of `x` $(B, H, T, D)$
as a pair, by $\\text{base}^{-2i/D}$ a position, as the code for many
published weights does; row 0 stands at position `start`.
A model was trained with it on texts that begin at 0.
The curve is its loss on the same held-out texts when their first character is
said to stand further on.
Read the curve, name the bug, and repair the class.""",
    starter=BROKEN,
    needs="from torch import nn",
    target="HalvesTurned",
    solution=MENDED,
    suspect="angles in another order than pairs",
    symptom=(
        "the twin's loss is 2.017 wherever the text is said to begin, and the "
        "broken model's is higher and goes up and down with the first "
        "position, between 2.07 and 2.12"
    ),
    cases=to_turn,
    domain=any_rows,
    is_module=True,
    labels=("HalvesTurned", "x", "start ="),
    axes=("batch row", "head", "position", "channel"),
    rules=(
        who_is_paired,
        keeps_lengths,
        knows_distances_alone,
        one_after_another,
    ),
    wrong=(
        slip(
            "the angles still stand neighbour by neighbour, and the pairs "
            "are halves: a pair's two channels turn by two angles",
            "Channel i and channel i + D/2 need one angle: the speeds once, "
            "and then once more.",
            "speed.repeat(2)",
            "speed.repeat_interleave(2)",
        ),
        slip(
            "neighbours are turned, as in Rotary",
            "That is a rotary too, but channel i is to be paired with "
            "channel i + D/2: leave partner as it is and order the speeds.",
            "speed.repeat(2)",
            "speed.repeat_interleave(2)",
            PARTNER,
            NEIGHBOURS,
        ),
        slip(
            "the pairs are neighbours now, and the angles those of halves: "
            "the same bug the other way round",
            "Channel i is paired with channel i + D/2: leave partner as it "
            "is.",
            PARTNER,
            NEIGHBOURS,
        ),
        slip(
            "all is turned backwards",
            "The first half becomes a cos - b sin: partner begins with -b.",
            "[-b, a]",
            "[b, -a]",
        ),
        slip(
            "a minus is missing: this is no turn, and lengths change",
            "The first half becomes a cos - b sin: partner begins with -b.",
            "[-b, a]",
            "[b, a]",
        ),
        slip(
            "both halves of partner have a minus: this is no turn, and "
            "lengths change",
            "The second half becomes a sin + b cos: partner ends with a.",
            "[-b, a]",
            "[-b, -a]",
        ),
        slip(
            "each half is its own partner",
            "The partner of a is b: [-b, a].",
            "[-b, a]",
            "[-a, b]",
        ),
        slip(
            "partner holds the channels from the last to the first",
            "The partner of channel i is channel i + D/2: [-b, a].",
            PARTNER,
            "partner = x.flip(-1)",
        ),
        slip(
            "sine and cosine have changed places",
            "x cos + partner sin: at position 0 nothing is turned.",
            RESULT,
            "x * angles.sin() + partner * angles.cos()",
        ),
        slip(
            "x is not shortened by the cosine",
            "x cos + partner sin: both factors.",
            RESULT,
            "x + partner * angles.sin()",
        ),
        slip(
            "the partner is left out",
            "x cos + partner sin: both terms.",
            RESULT,
            "x * angles.cos()",
        ),
        slip(
            "start is left out: every text begins at position 0",
            "Row 0 stands at start, row 1 at start + 1.",
            "torch.arange(start, start + x.shape[-2])",
            "torch.arange(x.shape[-2])",
        ),
        slip(
            "the positions are one too high",
            "Row 0 stands at start itself.",
            "torch.arange(start, start + x.shape[-2])",
            "torch.arange(start + 1, start + 1 + x.shape[-2])",
        ),
        slip(
            "all rows stand at start",
            "Each row stands one position after the one before it.",
            "torch.arange(start, start + x.shape[-2])",
            "torch.full((x.shape[-2],), start)",
        ),
        slip(
            "the positions are counted from the last row",
            "Row 0 stands at start, and the last row furthest on.",
            "torch.arange(start, start + x.shape[-2])",
            "torch.arange(start, start + x.shape[-2]).flip(0)",
        ),
        slip(
            "heads are counted where rows should be",
            "x is (B, H, T, D): T is x.shape[-2].",
            "start + x.shape[-2]",
            "start + x.shape[1]",
        ),
        slip(
            "the speeds fall half as fast as they should, by base^(-i / D)",
            "Pair i turns by base^(-2i / D): leave the exponents as they are.",
            "torch.arange(0, head_size, 2) / head_size",
            "torch.arange(head_size // 2) / head_size",
        ),
        slip(
            "every channel has a speed of its own",
            "A pair has one speed: D/2 of them, laid twice behind each other.",
            "speed = base ** (-torch.arange(0, head_size, 2) / head_size)\n"
            "        speed = speed.repeat(2)",
            "speed = base ** (-torch.arange(head_size) / head_size)",
        ),
        slip(
            "the speeds of the second half stand the other way round",
            "Channel i and channel i + D/2 need one angle: the speeds once, "
            "and then once more in the same order.",
            "speed.repeat(2)",
            "torch.cat([speed, speed.flip(0)])",
        ),
        slip(
            "the slowest speed is the first: all are in reverse",
            "Pair 0 turns fastest, by 1 a position.",
            "speed.repeat(2)",
            "speed.flip(0).repeat(2)",
        ),
        slip(
            "the speeds grow from pair to pair",
            "base ** (-...): the exponents have a minus.",
            "(-torch.arange(0, head_size, 2) / head_size)",
            "(torch.arange(0, head_size, 2) / head_size)",
        ),
        slip(
            "all pairs turn at one speed",
            "Pair i turns by base^(-2i / D) a position.",
            "speed.repeat(2)",
            "torch.ones(head_size)",
        ),
        slip(
            "the speeds are there once: D/2 angles do not fit D channels",
            "Both channels of a pair need their angle: the speeds once, and "
            "then once more.",
            "        speed = speed.repeat(2)\n",
            "",
        ),
        slip(
            "the halves are turned as they should be and then laid side by "
            "side, channel by channel",
            "Each channel comes out where it stood: the first half first.",
            f"return {RESULT}",
            f"y = {RESULT}\n"
            "        return torch.stack(y.chunk(2, dim=-1), -1).flatten(-2)",
        ),
    ),
    hints=(
        "A rotary's scores know distances alone. What must two channels of "
        "one pair have in common, so that this is so?",
        "Write down `self.speed` for `head_size` 4, and beside it which "
        "channel `partner` holds in the place of each.",
        "`speed.repeat(2)`: the speeds once, and then once more.",
    ),
    why="""\
A pair that is turned by one angle keeps its shape, and the product of a
turned query and a turned key then knows the difference of their angles alone,
which is their distance.
In the broken class the pair of channel 0 and channel $D/2$ has two speeds:
`repeat_interleave` orders them for neighbours, and `partner` pairs halves.
Its scores depend on both positions.
A model can learn with such scores all the same, so training does not stop, and
the bug shows where a text stands elsewhere.
It comes from mixing two conventions: neighbours need `repeat_interleave`,
halves need `repeat`.
With one pair, $D = 2$, both are the same.""",
)
