"""Exercise 4.1. What `FeedForward` learns, in numbers."""

import random
from typing import Any

from tutorgpt.learn.check.exercise import Exercise, slip


def any_width(draw: random.Random) -> tuple:
    """Any number of channels."""
    return (draw.randint(1, 1024),)


def weights_and_biases(again: Any, args: tuple, expected: Any) -> str | None:
    """A rule: how much grows with C squared, how much with C."""
    one, two, three, more = (float(again(C)) for C in (1, 2, 3, 10))
    square = (three - 2 * two + one) / 2
    line = two - one - 3 * square
    rest = one - square - line
    if abs(100 * square + 10 * line + rest - more) > 1e-6:
        return None
    says = [
        f"{found:g} {what}, {'too few' if found < right else 'too many'}"
        for found, right, what in (
            (square, 8, "times C x C weights"),
            (line, 5, "times C biases"),
            (rest, 0, "numbers whatever C is"),
        )
        if abs(found - right) > 1e-6
    ]
    return "it counts " + ", and ".join(says) if says else None


EXERCISE = Exercise(
    number="4.1",
    title="The price of thinking",
    kind="write",
    difficulty="easy",
    importance=5,
    task="""\
Write `feed_forward_parameters(C)`: how many numbers a `FeedForward` layer
learns with $C$ channels.
Before you check, guess how this compares with attention's $4C^2 + C$.""",
    starter='''\
def feed_forward_parameters(C):
    """How many numbers FeedForward learns."""
    return ...''',
    target="feed_forward_parameters",
    solution='''\
def feed_forward_parameters(C):
    """How many numbers FeedForward learns."""
    expand = 4 * C * C + 4 * C
    contract = 4 * C * C + C
    return expand + contract''',
    cases=lambda: [(1,), (32,), (33,), (384,), (2,)],
    domain=any_width,
    rules=(weights_and_biases,),
    wrong=(
        slip(
            "the biases are forgotten",
            "Both Linear layers have one bias per output.",
            " + 4 * C\n",
            "\n",
            "4 * C * C + C",
            "4 * C * C",
        ),
        slip(
            "the way back is forgotten",
            "Linear(4 C, C) has a matrix and a bias as well.",
            "expand + contract",
            "expand",
        ),
        slip(
            "expand has one bias per input",
            "A bias belongs to an output, and expand has 4 C of them.",
            " + 4 * C\n",
            " + C\n",
        ),
        slip(
            "contract has one bias per input",
            "A bias belongs to an output, and contract has C of them.",
            "4 * C * C + C",
            "4 * C * C + 4 * C",
        ),
        slip(
            "the layer is not widened",
            "Between the two layers there are 4 C neurons.",
            "4 * C * C + 4 * C",
            "C * C + C",
            "4 * C * C + C",
            "C * C + C",
        ),
        slip(
            "the layer is widened two times, not four",
            "expand is a Linear(C, 4 C), contract a Linear(4 C, C).",
            "4 * C",
            "2 * C",
        ),
        slip(
            "the width of the neurons is squared: 4 C times 4 C",
            "A Linear(a, b) has a * b weights: here C * 4 C, and back.",
            "4 * C * C",
            "4 * C * 4 * C",
        ),
        slip(
            "outputs and inputs are added where they should be multiplied",
            "A Linear(a, b) learns a * b weights and b biases.",
            "4 * C * C",
            "4 * C + C",
        ),
        slip(
            "only the way back is counted, which comes to as many numbers "
            "as attention has",
            "Linear(C, 4 C) has a matrix and 4 C biases as well.",
            "return expand + contract",
            "return 4 * C * C + C",
        ),
        slip(
            "only the biases are counted",
            "Each Linear has a table of weights as well.",
            "4 * C * C + ",
            "",
        ),
    ),
    hints=(
        "Two Linear layers; ReLU learns nothing.",
        "`nn.Linear(a, b)` learns a * b weights and b biases.",
        "`4 * C * C + 4 * C` for the way out; the way back is alike.",
    ),
    why="""\
$8C^2 + 5C$: twice as many weights as attention, in every layer.
At $C = 384$ these are 1,181,568 against 590,208.""",
)
