"""Exercise 9.7. Sinusoidal positions moved on by k."""

import math
import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip


def clocks(first: int, T: int, C: int) -> Float[Tensor, "T C"]:
    """The chapter's sinusoids of T positions, from first on."""
    speeds = 10_000 ** (-torch.arange(0, C, 2) / C)
    angles = torch.arange(first, first + T)[:, None] * speeds
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)


def any_clocks(draw: random.Random) -> tuple:
    """Any positions and even number of channels, and any step."""
    T, C = draw.randint(1, 6), 2 * draw.randint(1, 9)
    return clocks(draw.randint(0, 90), T, C), draw.randint(-40, 120)


def hands_keep_their_length(
    again: Any, args: tuple, expected: Float[Tensor, "T C"]
) -> str | None:
    """A rule: a clock's hand is 1 long, whatever it shows."""
    hands = again(*args).unflatten(-1, (-1, 2)).norm(dim=-1)
    if (hands - 1).abs().max() > 1e-3:
        worst = hands.flatten()[(hands - 1).abs().argmax()].item()
        return (
            "each pair of channels is a hand of length 1, before and after "
            f"the turn; here one is {worst:.4g} long"
        )
    still = again(args[0], 0)
    if (still - args[0]).abs().max() > 1e-4:
        return "with k = 0 nothing should turn"
    return "the hands keep their length, and turn by the wrong angles"


def how_far_hands_turn(
    again: Any, args: tuple, expected: Float[Tensor, "T C"]
) -> str | None:
    """A rule: by what share of the right angle the first and last hand turn.

    Only where it is one share for small steps and for that of the case.
    """
    waves, k = args
    C = waves.shape[-1]
    said = []
    for name, pair in (("first", 0), ("last", C // 2 - 1)):
        speed = 10_000 ** (-2 * pair / C)
        small = math.copysign(0.02, k) / speed

        def turned(step: float, pair: int = pair) -> float:
            before, after = (
                math.atan2(*hands[0, 2 * pair : 2 * pair + 2].tolist())
                for hands in (waves, again(waves, step))
            )
            return math.remainder(after - before, 2 * math.pi)

        share = turned(small) / (small * speed)
        for step in (0, 2 * small, k):
            miss = turned(step) - share * step * speed
            if abs(math.remainder(miss, 2 * math.pi)) > 0.02:
                return None
        if abs(share - 1) > 5e-3:
            said.append(f"the {name} hand by {round(share, 4) + 0:.3g} times")
    if not said:
        return None
    way = "positive" if k > 0 else "negative"
    return f"for a {way} k it turns {' and '.join(said)} the right angle"


def one_wrong_step(
    again: Any, args: tuple, expected: Float[Tensor, "T C"]
) -> str | None:
    """A rule: a small whole k that moves a hand wrongly from position 0."""
    if how_far_hands_turn(again, args, expected):
        return None
    hands = clocks(0, 1, args[0].shape[-1])
    last = args[0].shape[-1] // 2 - 1
    for name, pair in (("first", 0), ("last", last)):
        for k in (1, -1, 2, -2, 3):
            right = k * 10_000 ** (-2 * pair / (2 * last + 2))
            pointed = again(hands, k)[0, 2 * pair : 2 * pair + 2].tolist()
            found = math.atan2(*pointed)
            miss = abs(math.remainder(found - right, 2 * math.pi))
            if miss > 1e-2 * abs(right):
                right = math.remainder(right, 2 * math.pi)
                return (
                    f"from position 0 and with k = {k} the {name} hand goes "
                    f"to the angle {found:.3g}, and {right:.3g} is right"
                )
    return None


EXERCISE = Exercise(
    number="9.7",
    title="Turn the clocks",
    kind="extend",
    difficulty="hard",
    importance=2,
    task="""\
**Sinusoidal positions** are computed, not learned: pair $i$ of the $C$
channels holds sine and cosine of one angle, position / $10{,}000^{2i / C}$.
The rows of `waves` $(T, C)$ are these sinusoids of some positions, and you
are not told of which.
Write `later(waves, k)`: the sinusoids of the positions that lie $k$ further
on, also for a negative $k$, made from `waves` alone.
Each pair of channels, $(\\sin, \\cos)$, is a hand of a clock: turn it.""",
    starter='''\
def later(waves, k):
    """The vectors of the positions k further on."""
    return ...''',
    target="later",
    solution='''\
def later(waves, k):
    """The vectors of the positions k further on."""
    C = waves.shape[-1]
    turn = k / 10_000 ** (torch.arange(0, C, 2) / C)
    sin, cos = waves[:, ::2], waves[:, 1::2]
    new_sin = sin * turn.cos() + cos * turn.sin()
    new_cos = cos * turn.cos() - sin * turn.sin()
    return torch.stack([new_sin, new_cos], dim=-1).flatten(1)''',
    cases=lambda: [
        (clocks(0, 6, 8), 1),
        (clocks(11, 4, 12), 5),
        (clocks(40, 3, 32), -7),
        (clocks(3, 5, 4), 100),
        (clocks(9, 1, 2), 1),
        (clocks(5, 3, 10), 0),
    ],
    domain=any_clocks,
    labels=("waves", "k ="),
    rules=(hands_keep_their_length, how_far_hands_turn, one_wrong_step),
    wrong=(
        slip(
            "the hands are turned on by k + 1 places, not by k",
            "With k = 0 nothing turns: the angle is k times a hand's speed.",
            "turn = k /",
            "turn = (k + 1) /",
        ),
        slip(
            "the first k positions are cut off, and nothing is turned",
            "Every position stays in its row, and its hands go on by k: the "
            "result is as long as waves.",
            "    return torch.stack([new_sin, new_cos], dim=-1).flatten(1)",
            "    return waves[k:]",
        ),
        slip(
            "the hands turn backwards, or sine and cosine are taken for each "
            "other",
            "The even channels are the sines, and sin(a + b) = sin a cos b "
            "+ cos a sin b.",
            "turn = k /",
            "turn = -k /",
        ),
        slip(
            "the base is 1,000, not 10,000",
            "The slowest hand needs tens of thousands of positions.",
            "10_000",
            "1_000",
        ),
        slip(
            "a negative k turns the hands forwards too",
            "k keeps its sign: abs() loses it.",
            "turn = k /",
            "turn = abs(k) /",
        ),
        slip(
            "k counts whole turns: the angle got a factor 2π",
            "sinusoids take the angle in radians: position times speed.",
            "turn = k /",
            "turn = 2 * math.pi * k /",
        ),
        slip(
            "the angle is changed from degrees to radians",
            "It is in radians already: position times speed.",
            "turn = k /",
            "turn = math.pi / 180 * k /",
        ),
        slip(
            "the exponents are 1, 3, 5, ...: those of the odd channels",
            "Both channels of a pair share the even one's: 0, 2, 4, ...",
            "torch.arange(0, C, 2) / C",
            "torch.arange(1, C, 2) / C",
        ),
        slip(
            "the exponents begin at 2, so that the first hand is too slow",
            "They are 0, 2, 4, ...: the first hand turns by k itself.",
            "torch.arange(0, C, 2) / C",
            "torch.arange(2, C + 2, 2) / C",
        ),
        slip(
            "the hands turn twice as far",
            "The angle is k times the speed, once.",
            "turn = k /",
            "turn = 2 * k /",
        ),
        slip(
            "all hands turn at the speed of the first",
            "Pair i turns by 10,000^(-2i / C) per position.",
            "k / 10_000 ** (torch.arange(0, C, 2) / C)",
            "k * torch.ones(C // 2)",
        ),
        slip(
            "the hands get faster from pair to pair",
            "Divide by the power: the later pairs are the slow ones.",
            "k / 10_000",
            "k * 10_000",
        ),
        slip(
            "the exponents count pairs where they should count channels",
            "They are 0, 2, 4, ... over C: torch.arange(0, C, 2) / C.",
            "torch.arange(0, C, 2) / C",
            "torch.arange(C // 2) / C",
        ),
        slip(
            "sine and cosine change their places on the way",
            "The even channels are the sines, before and after.",
            "sin, cos = waves[:, ::2], waves[:, 1::2]",
            "cos, sin = waves[:, ::2], waves[:, 1::2]",
        ),
        slip(
            "sines and cosines are looked for in two halves",
            "They alternate: even channels and odd ones.",
            "waves[:, ::2], waves[:, 1::2]",
            "waves[:, : C // 2], waves[:, C // 2 :]",
            "torch.stack([new_sin, new_cos], dim=-1).flatten(1)",
            "torch.cat([new_sin, new_cos], dim=-1)",
        ),
        slip(
            "the new sines and cosines are joined, not alternating",
            "torch.stack(..., dim=-1).flatten(1) puts them side by side.",
            "torch.stack([new_sin, new_cos], dim=-1).flatten(1)",
            "torch.cat([new_sin, new_cos], dim=-1)",
        ),
        slip(
            "k has no say: the hands turn by one position",
            "The angle is k times that of one position.",
            "turn = k /",
            "turn = 1 /",
        ),
        slip(
            "the sign in the cosine is wrong, so hands change their length",
            "cos(a + b) = cos a cos b - sin a sin b.",
            "cos * turn.cos() - sin",
            "cos * turn.cos() + sin",
        ),
        slip(
            "the sines use the new cosines, which were turned already",
            "Both new ones come from the two old ones.",
            "sin * turn.cos() + cos * turn.sin()",
            "sin * turn.cos() + (cos * turn.cos() - sin * turn.sin())"
            " * turn.sin()",
        ),
        slip(
            "the rows are moved by k, and what leaves comes in again",
            "The new positions may lie outside: turn each vector itself.",
            "return torch.stack([new_sin, new_cos], dim=-1).flatten(1)",
            "return waves.roll(-k, 0)",
        ),
        slip(
            "the waves are made anew for the positions k, k + 1, ...: "
            "those of the rows need not be 0, 1, ...",
            "Turn each pair of each row by the same angle, wherever "
            "the row stands.",
            "    sin, cos = waves[:, ::2], waves[:, 1::2]\n"
            "    new_sin = sin * turn.cos() + cos * turn.sin()\n"
            "    new_cos = cos * turn.cos() - sin * turn.sin()",
            "    place = torch.arange(len(waves))[:, None] + k\n"
            "    angle = place / 10_000 ** (torch.arange(0, C, 2) / C)\n"
            "    new_sin, new_cos = angle.sin(), angle.cos()",
        ),
        slip(
            "k is added to the numbers themselves",
            "A position moves on where its hands turn: by cosine and "
            "sine of an angle.",
            "    return torch.stack([new_sin, new_cos], dim=-1).flatten(1)",
            "    return waves + k",
        ),
        slip(
            "the cosines come first and the sines second",
            "The even channels are the sines: stack([new_sin, new_cos]).",
            "[new_sin, new_cos]",
            "[new_cos, new_sin]",
        ),
        slip(
            "sine and cosine of the angle are exchanged",
            "With k = 0 nothing turns: sin a cos 0 + cos a sin 0.",
            "sin * turn.cos() + cos * turn.sin()",
            "sin * turn.sin() + cos * turn.cos()",
            "cos * turn.cos() - sin * turn.sin()",
            "cos * turn.sin() - sin * turn.cos()",
        ),
        slip(
            "the cosines use the new sines, which were turned already",
            "Both from the old pair: keep sin until the cosine is made.",
            "cos * turn.cos() - sin * turn.sin()",
            "cos * turn.cos() - new_sin * turn.sin()",
        ),
        slip(
            "only half of each sum is there: sines and cosines do not mix",
            "sin(a + b) = sin a cos b + cos a sin b.",
            " + cos * turn.sin()",
            "",
            " - sin * turn.sin()",
            "",
        ),
        slip(
            "the exponents are divided by T, the number of rows, not by C",
            "2 i / C, with C channels.",
            "/ C)",
            "/ len(waves))",
        ),
        slip(
            "the exponents end at 1: they are divided by C - 2",
            "2 i / C: the slowest hand's is below 1.",
            "/ C)",
            "/ (C - 2))",
        ),
        slip(
            "the sine and the cosine of the angle are added to the channels",
            "Turning multiplies: sin a cos b + cos a sin b.",
            "sin * turn.cos() + cos * turn.sin()",
            "sin + turn.sin()",
            "cos * turn.cos() - sin * turn.sin()",
            "cos + turn.cos()",
        ),
    ),
    hints=(
        "If a pair shows the angle a, what does it show k positions later?",
        "$\\sin(a + b) = \\sin a \\cos b + \\cos a \\sin b$ and "
        "$\\cos(a + b) = \\cos a \\cos b - \\sin a \\sin b$, with $b$ "
        "for each pair.",
        "`turn = k / 10_000 ** (torch.arange(0, C, 2) / C)` is $b$; even "
        "channels are the sines.",
    ),
    why="""\
Moving on by $k$ turns every hand by a fixed angle, whatever it showed: the
same $C \\times C$ matrix for all positions.
Vaswani et al. chose sinusoids for this reason: they supposed that it makes
it easy to learn to look "three places before me"; this chapter does not
test it.
Turning queries and keys themselves in this way, in place of adding
vectors, is called *rotary* positions (Su et al. 2021).""",
)
