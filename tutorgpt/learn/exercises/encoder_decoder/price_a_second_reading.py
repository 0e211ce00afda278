"""Exercise 9.1. What a decoder layer learns beyond an encoder layer."""

import random
from typing import Any

from tutorgpt.learn.check.exercise import Exercise, slip


def any_sizes(draw: random.Random) -> tuple:
    """Any number of channels and layers."""
    return draw.randint(1, 600), draw.randint(1, 12)


def layer_by_layer(again: Any, args: tuple, expected: int) -> str | None:
    """A rule: every further layer costs the same."""
    C, L = args
    if not again(C, L):
        return (
            f"with C = {C} and L = {L} there is something to learn, "
            "and yours is 0"
        )
    factor = again(C, 2 * L) / again(C, L)
    if abs(factor - 2) > 1e-3:
        return (
            "twice the layers should learn twice as much, and learn "
            f"{factor:.2f} times as much"
        )
    return None


def term_by_term(again: Any, args: tuple, expected: int) -> str | None:
    """A rule: how many C^2, C and 1 a layer has, and which are right."""
    one, two, three = (float(again(4 * n, 1)) for n in (1, 2, 3))
    square = (three - 2 * two + one) / 32
    linear = (two - one) / 4 - 12 * square
    rest = one - 16 * square - 4 * linear
    for C, L in ((20, 1), (32, 2), args):
        fitted = L * (square * C * C + linear * C + rest)
        if abs(again(C, L) - fitted) > 1e-6 * max(1, abs(fitted)):
            return None
    terms = (("C²", square, 4), ("C", linear, 3), ("", rest, 0))
    text = " + ".join(
        f"{round(n, 4) + 0:,.10g} {sign}".strip()
        for sign, n, _ in terms
        if sign or abs(n) > 1e-6
    )
    right = [sign for sign, n, want in terms[:2] if abs(n - want) < 1e-6]
    says = f"a layer of yours has {text}: "
    if not right:
        says += "neither the C² nor the C is right"
    elif len(right) == 1:
        says += f"the {right[0]} is right, the other is not"
    else:
        says += "C² and C are right"
    if abs(rest) > 1e-6:
        says += ", and no number should be left that does not grow with C"
    return says


EXERCISE = Exercise(
    number="9.1",
    title="What a second reading costs",
    kind="explain",
    difficulty="easy",
    importance=3,
    task="""\
In the chapter's model a decoder layer learns 4,192 numbers more than an
encoder layer.
Account for every one of them: write `second_reading(C, L)`, how many
numbers $L$ decoder layers learn more than $L$ encoder layers, with $C$
channels.""",
    starter='''\
def second_reading(C, L):
    """What L decoder layers learn beyond L encoder layers."""
    return ...''',
    target="second_reading",
    solution='''\
def second_reading(C, L):
    """What L decoder layers learn beyond L encoder layers."""
    query_key_value = 3 * C * C
    proj = C * C + C
    norm = 2 * C
    return L * (query_key_value + proj + norm)''',
    cases=lambda: [(32, 1), (32, 2), (12, 3), (512, 6)],
    domain=any_sizes,
    rules=(layer_by_layer, term_by_term),
    wrong=(
        slip(
            "the third norm is forgotten",
            "The queries come from a normed x: a gain and a shift.",
            "norm = 2 * C",
            "norm = 0",
        ),
        slip(
            "C numbers a layer are missing: the norm's shift, or the "
            "projection's bias",
            "nn.LayerNorm learns a gain and a shift; proj is a Linear(C, C) "
            "with C biases.",
            "norm = 2 * C",
            "norm = C",
        ),
        slip(
            "queries, keys and values got biases",
            "They are Linear(C, C, bias=False).",
            "3 * C * C",
            "3 * C * C + 3 * C",
        ),
        slip(
            "one of the three matrices is missing: query, key and value",
            "The memory is read with a key and a value, and x asks.",
            "3 * C * C",
            "2 * C * C",
        ),
        slip(
            "the projection is forgotten",
            "What the heads have read goes through proj.",
            "proj = C * C + C",
            "proj = 0",
        ),
        slip(
            "the third norm and the projection's bias are forgotten",
            "Three times C numbers a layer: a gain, a shift, C biases.",
            "proj = C * C + C\n    norm = 2 * C",
            "proj = C * C\n    norm = 0",
        ),
        slip(
            "C has no say: 4,192 is the number for C = 32",
            "Say it for any C.",
            "L * (query_key_value + proj + norm)",
            "L * 4192",
        ),
        slip(
            "two norms are counted",
            "A decoder layer has three, an encoder layer two.",
            "norm = 2 * C",
            "norm = 4 * C",
        ),
        slip(
            "only one layer is counted",
            "Each of the L decoder layers reads the memory by itself.",
            "L * (",
            "(",
        ),
        slip(
            "the whole decoder layer is counted",
            "Subtract what the encoder layer has too.",
            "query_key_value + proj + norm)",
            "2 * (query_key_value + proj) + 3 * norm + 8 * C * C + 5 * C)",
        ),
        slip(
            "a whole encoder layer is counted",
            "The question is what a decoder layer has beyond it.",
            "query_key_value + proj + norm)",
            "query_key_value + proj + 2 * norm + 8 * C * C + 5 * C)",
        ),
        slip(
            "a second feed-forward layer is counted",
            "Both layers have one: only the attention and a norm are new.",
            "proj + norm)",
            "proj + norm + 8 * C * C + 5 * C)",
        ),
    ),
    hints=(
        "Put the two `__init__` side by side: two lines are new.",
        "`Attention` has four `Linear`s, three of them without a bias.",
        "$3C^2$, then $C^2 + C$, then $2C$ for the norm.",
    ),
    why="""\
With $C = 32$: query, key and value have $3 \\cdot 32^2 = 3072$, the
projection $32^2 + 32 = 1056$, and the third norm $2 \\cdot 32 = 64$.
Together 4,192.
The memory itself costs nothing: the decoder reads a tensor that is there.""",
)
