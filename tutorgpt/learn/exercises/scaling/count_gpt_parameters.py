"""Exercise 6.1. What `GPT` learns, in numbers."""

from typing import Any

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.exercises.scaling.shapes_to_count import (
    SHAPES,
    any_shape,
    growth,
    whole,
)


def what_one_more_adds(again: Any, args: tuple, expected: Any) -> str | None:
    """A rule: one character, place or layer more."""
    return growth(EXERCISE.reference(), again, args, "numbers")


EXERCISE = Exercise(
    number="6.1",
    title="The whole model on paper",
    kind="write",
    difficulty="medium",
    importance=5,
    task="""\
Write `gpt_parameters(V, T, C, L)`: how many numbers a `GPT` learns with
$V$ characters, a `block_size` of $T$, $C$ channels and $L$ layers.
Then double $C$ in the chapters' shape: does the number double, or more?""",
    starter='''\
def gpt_parameters(V, T, C, L):
    """How many numbers GPT learns."""
    return ...''',
    target="gpt_parameters",
    solution='''\
def gpt_parameters(V, T, C, L):
    """How many numbers GPT learns."""
    embedding = V * C + T * C
    attention = 3 * C * C + C * C + C
    feed_forward = 8 * C * C + 5 * C
    norms = 2 * 2 * C
    last = 2 * C + C * V + V
    return embedding + L * (attention + feed_forward + norms) + last''',
    cases=lambda: list(SHAPES),
    domain=any_shape,
    run=whole,
    rules=(what_one_more_adds,),
    wrong=(
        slip(
            "the positions are forgotten",
            "The position table has T rows of C numbers.",
            "V * C + T * C",
            "V * C",
        ),
        slip(
            "the norms in the blocks are forgotten",
            "Each LayerNorm has a gain and a shift of C numbers.",
            "norms = 2 * 2 * C",
            "norms = 0",
        ),
        slip(
            "the final norm is forgotten",
            "One more LayerNorm stands before lm_head.",
            "2 * C + C * V + V",
            "C * V + V",
        ),
        slip(
            "the norms have a gain and no shift",
            "nn.LayerNorm learns both.",
            "norms = 2 * 2 * C",
            "norms = 2 * C",
            "last = 2 * C",
            "last = C",
        ),
        slip(
            "the bias of lm_head is forgotten",
            "lm_head is a Linear(C, V) with V biases.",
            "C * V + V",
            "C * V",
        ),
        slip(
            "the head shares the embedding's table",
            "Here they are two tables; below, under more to try, one.",
            "C * V + V",
            "V",
        ),
        slip(
            "queries, keys and values got biases",
            "qkv is a Linear(C, 3 C) with bias=False.",
            "3 * C * C + C * C + C",
            "3 * C * C + 3 * C + C * C + C",
        ),
        slip(
            "one bias of C numbers is forgotten in each block",
            "proj and contract have one each, of C numbers.",
            "C * C + C\n    feed",
            "C * C\n    feed",
        ),
        slip(
            "a block has one norm",
            "It has two: before attention and before the feed-forward layer.",
            "2 * 2 * C",
            "2 * C",
        ),
        slip(
            "all norms are forgotten",
            "Two in each block and one before lm_head, of 2 C numbers each.",
            "norms = 2 * 2 * C",
            "norms = 0",
            "2 * C + C * V + V",
            "C * V + V",
        ),
        slip(
            "lm_head is forgotten",
            "It is a Linear(C, V), with a table of its own.",
            " + C * V + V",
            "",
        ),
        slip(
            "the embedding's tables are forgotten",
            "One row of C numbers for each character and for each place.",
            "embedding = V * C + T * C",
            "embedding = 0",
        ),
        slip(
            "attention's projection is forgotten",
            "After the heads there is a Linear(C, C).",
            "3 * C * C + C * C + C",
            "3 * C * C",
        ),
        slip(
            "the feed-forward layer is counted one way only",
            "Linear(C, 4 C) and Linear(4 C, C).",
            "8 * C * C + 5 * C",
            "4 * C * C + 4 * C",
        ),
        slip(
            "everything is counted once per layer, the tables too",
            "The embedding, the last norm and lm_head are there once.",
            "return embedding + L * (attention + feed_forward + norms) + last",
            "return L * (embedding + attention + feed_forward + norms + last)",
        ),
        slip(
            "only one layer is counted",
            "There are L blocks.",
            "L * (attention",
            "(attention",
        ),
        slip(
            "the biases of the feed-forward layers are forgotten",
            "4 C of the first and C of the second.",
            "8 * C * C + 5 * C",
            "8 * C * C",
        ),
    ),
    hints=(
        "Go through `__init__` of the three classes, top to bottom.",
        "One block: $4C^2 + C$ for attention (exercise 3.1), $8C^2 + 5C$ "
        "for feed-forward (4.1), and two norms.",
        "Two tables, L blocks, a final norm (2 C) and lm_head (C V + V).",
    ),
    why="""\
For the chapters' shape it gives 43,397 and for LARGE on *songci*
15,466,756, as `count_parameters` says.
With $C = 64$ the small one has 160,453, which is 3.7 times as many: only the
matrices inside the blocks grow with the square.""",
)
