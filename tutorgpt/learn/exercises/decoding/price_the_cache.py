"""Exercise 8.6. The bytes that kept keys and values take."""

import random
from typing import Any

from tutorgpt.learn.check.comparing import apart
from tutorgpt.learn.check.exercise import Exercise, slip


def any_sizes(draw: random.Random) -> tuple:
    """Any numbers of texts, tokens, channels, layers, heads and bytes."""
    H = draw.randint(1, 8)
    sizes = (draw.randint(1, 64), draw.randint(1, 300), H * draw.randint(1, 9))
    return *sizes, draw.randint(1, 12), H, draw.choice((1, 2, 4, 8))


def in_proportion(again: Any, args: tuple, expected: float) -> str | None:
    """A rule: twice as much of one thing takes twice the memory."""
    names = ("B", "T", "C", "L", "H", "size")
    for n, name in enumerate(names):
        doubled = tuple(2 * a if i == n else a for i, a in enumerate(args))
        factor = again(*doubled) / again(*args)
        wanted = 1 if name == "H" else 2
        if abs(factor - wanted) > 1e-3:
            took, _ = apart(float(factor), float(wanted))
            return (
                f"twice the {name}, with the rest as it is, should take "
                f"{wanted} times the bytes, and takes {took} times"
            )
    return None


EXERCISE = Exercise(
    number="8.6",
    title="What remembering costs",
    kind="explain",
    difficulty="easy",
    importance=5,
    task="""\
Write `cache_bytes(B, T, C, L, H, size)`: the bytes that the cache takes for
$B$ texts of $T$ tokens, in a model of $L$ layers with $C$ channels and $H$
heads, when one number takes `size` bytes.
Then: how many texts of 256 tokens does LARGE ($C = 384$, $L = 6$, 4 bytes)
write at once in a memory of $8 \\cdot 10^9$ bytes?""",
    starter='''\
def cache_bytes(B, T, C, L, H, size):
    """Bytes that the keys and values of B texts of T tokens take."""
    return ...''',
    target="cache_bytes",
    solution='''\
def cache_bytes(B, T, C, L, H, size):
    """Bytes that the keys and values of B texts of T tokens take."""
    keys = B * T * C
    values = B * T * C
    return L * (keys + values) * size''',
    cases=lambda: [
        (1, 32, 32, 3, 4, 4),
        (5, 7, 12, 2, 3, 4),
        (64, 256, 384, 6, 6, 4),
        (3, 11, 8, 5, 2, 2),
    ],
    domain=any_sizes,
    rules=(in_proportion,),
    wrong=(
        slip(
            "only the keys are kept, not the values",
            "A later token asks for both: two tensors.",
            "(keys + values)",
            "keys",
        ),
        slip(
            "only one layer is counted",
            "Every layer has keys and values of its own.",
            "return L * ",
            "return ",
        ),
        slip(
            "these are numbers, not bytes",
            "One number takes `size` bytes.",
            " * size",
            "",
        ),
        slip(
            "these are bits",
            "`size` is in bytes already.",
            " * size",
            " * size * 8",
        ),
        slip(
            "the heads are counted on top of the channels",
            "The heads share the C channels: H x D = C.",
            "return L",
            "return H * L",
        ),
        slip(
            "only one head is counted",
            "H heads of D numbers are C numbers together.",
            "return L * (keys + values) * size",
            "return L * (keys + values) * size // H",
        ),
        slip(
            "the attention weights are kept, T x T numbers a head",
            "They belong to one query; what is asked again are keys and "
            "values.",
            "keys = B * T * C",
            "keys = B * H * T * T",
            "values = B * T * C",
            "values = 0",
        ),
        slip(
            "the queries are kept as well",
            "No later token asks for an old query.",
            "(keys + values)",
            "(keys + values + B * T * C)",
        ),
        slip(
            "only one text is counted",
            "B texts are written at once, and each has its own past.",
            "B * T * C",
            "T * C",
        ),
        slip(
            "only one token is counted",
            "All T tokens of the window are kept.",
            "B * T * C",
            "B * C",
        ),
    ),
    hints=(
        "What does a later token ask an earlier one for, in each layer?",
        "For one token and one layer: a key and a value of C numbers each.",
        "Times L layers, T tokens, B texts, and `size` bytes.",
    ),
    why="""\
The heads do not appear: $H$ heads of $D = C / H$ numbers are $C$ numbers.
LARGE needs $2 \\cdot 6 \\cdot 256 \\cdot 384 \\cdot 4 = 4{,}718{,}592$ bytes a
text, so $8 \\cdot 10^9$ hold 1,695 texts; with numbers of two bytes, twice as
many.
It grows in proportion to $T$, while the attention weights that nobody keeps
would grow with its square.""",
)
