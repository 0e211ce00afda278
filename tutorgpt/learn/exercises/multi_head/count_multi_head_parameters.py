"""Exercise 3.1. What `MultiHead` learns, in numbers."""

import random
from typing import Any

from tutorgpt.learn.check.comparing import number
from tutorgpt.learn.check.exercise import Exercise, slip


def any_sizes(draw: random.Random) -> tuple:
    """Channels that the heads can share out, and the heads."""
    H = draw.randint(1, 12)
    return H * draw.randint(1, 20), H


def does_not_depend(again: Any, args: tuple, expected: Any) -> str | None:
    """A rule: what becomes of the number when the heads are doubled."""
    four, eight = float(again(32, 4)), float(again(32, 8))
    if four != eight:
        return (
            f"with 32 channels, 4 heads come to {number(round(four))} and 8 "
            f"heads to {number(round(eight))}, and the channels that they "
            "share stay the same"
        )
    return None


EXERCISE = Exercise(
    number="3.1",
    title="The price of many heads",
    kind="write",
    difficulty="easy",
    importance=4,
    task="""\
Write `multi_head_parameters(C, H)`: how many numbers a `MultiHead` layer
learns with $C$ channels and $H$ heads, where $H$ divides $C$.
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
    cases=lambda: [(32, 4), (32, 1), (32, 32), (384, 6), (6, 3)],
    domain=any_sizes,
    rules=(does_not_depend,),
    wrong=(
        slip(
            "each head is C wide, not D = C / H",
            "The heads share the channels out between them.",
            "D = C // H",
            "D = C",
        ),
        slip(
            "the heads come to 3 x C x D in all, as if there were one of "
            "them, or as if each had matrices of D x D",
            "There are H heads, each with three matrices C x D.",
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
            "one matrix of C x C is missing: of a head's three, or of the "
            "projection",
            "Query, key and value in each head, and a Linear(C, C) after "
            "them.",
            "H * 3 * C * D",
            "H * 2 * C * D",
        ),
        slip(
            "the heads are forgotten",
            "Each has a query, a key and a value matrix of C x D.",
            "return heads + projection",
            "return projection",
        ),
        slip(
            "each head has a projection of its own",
            "There is one, after the heads are joined.",
            "projection = C * C + C",
            "projection = H * (C * C + C)",
        ),
        slip(
            "the projection reads one head only, C x D and a bias",
            "It reads all heads, joined: H x D = C channels.",
            "projection = C * C + C",
            "projection = C * D + C",
        ),
        slip(
            "the projection has one bias per head",
            "nn.Linear(C, C) has C biases.",
            "C * C + C",
            "C * C + H",
        ),
        slip(
            "the projection has one bias for all",
            "nn.Linear(C, C) has C biases.",
            "C * C + C",
            "C * C + 1",
        ),
        slip(
            "what the heads and the projection learn is multiplied",
            "It adds up.",
            "heads + projection",
            "heads * projection",
        ),
        slip(
            "each head is C wide, and has a projection of its own",
            "The heads share the channels out: D = C / H; one projection "
            "mixes them.",
            "D = C // H",
            "D = C",
            "projection = C * C + C",
            "projection = H * (C * C + C)",
        ),
        slip(
            "this is 12 x C x C, about what a whole block learns: two thirds "
            "of it is a part that comes in chapter 4",
            "MultiHead alone: three matrices in each head, and one Linear.",
            "return heads + projection",
            "return 12 * C * C",
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
