"""Exercise 1.5. What `BigramModel` learns, in numbers."""

import random
from typing import Any

from tutorgpt.learn.check.comparing import number
from tutorgpt.learn.check.exercise import Exercise, slip


def any_sizes(draw: random.Random) -> tuple:
    """A vocabulary and a number of channels."""
    return draw.randint(1, 300), draw.randint(1, 80)


def grows_with_both(again: Any, args: tuple, expected: Any) -> str | None:
    """A rule: what one more channel adds, and one more character."""
    base = float(again(10, 4))
    channel = float(again(10, 5)) - base
    character = float(again(11, 4)) - base
    if channel != 20:
        return (
            f"with 10 characters, one more channel adds "
            f"{number(round(channel))} to it, and each of the two tables "
            "gets 10 numbers more"
        )
    if character != 9:
        return (
            f"with 4 channels, one more character adds "
            f"{number(round(character))} to it, and it gets 4 numbers in "
            "each of the two tables, and a bias"
        )
    return None


EXERCISE = Exercise(
    number="1.5",
    title="What the bigram model learns",
    kind="write",
    difficulty="easy",
    importance=4,
    task="""\
Write `bigram_parameters(V, C)`: how many numbers a `BigramModel` learns
with $V$ characters and $C$ channels.
Work it out on paper from the class above, not with `count_parameters`.""",
    starter='''\
def bigram_parameters(V, C):
    """How many numbers BigramModel learns."""
    return ...''',
    target="bigram_parameters",
    solution='''\
def bigram_parameters(V, C):
    """How many numbers BigramModel learns."""
    embedding = V * C
    head = C * V + V
    return embedding + head''',
    cases=lambda: [(69, 32), (65, 32), (6148, 32), (7, 3), (3, 8)],
    domain=any_sizes,
    rules=(grows_with_both,),
    wrong=(
        slip(
            "the bias of lm_head is forgotten",
            "nn.Linear adds one number per output unless bias=False.",
            "C * V + V",
            "C * V",
        ),
        slip(
            "the bias has one number per channel",
            "lm_head gives V scores, and each of them has its own bias.",
            "C * V + V",
            "C * V + C",
        ),
        slip(
            "one table serves as embedding and as head",
            "This model has two tables; sharing them comes in chapter 6.",
            "embedding = V * C",
            "embedding = 0",
        ),
        slip(
            "the whole table of pairs is learned, V times V",
            "The model learns two thin tables, never the V x V one.",
            "return embedding + head",
            "return V * V",
        ),
        slip(
            "the embedding has a bias as well",
            "nn.Embedding is a table and nothing else.",
            "embedding = V * C",
            "embedding = V * C + C",
        ),
        slip(
            "lm_head is forgotten",
            "Two parts learn: the embedding, and the layer that scores.",
            "return embedding + head",
            "return embedding",
        ),
        slip(
            "there is one bias for all",
            "lm_head gives V scores, and each of them has its own bias.",
            "C * V + V",
            "C * V + 1",
        ),
        slip(
            "both tables have a bias per character",
            "nn.Embedding is a table and nothing else.",
            "embedding = V * C",
            "embedding = V * C + V",
        ),
        slip(
            "the head is taken for a layer from C to C",
            "lm_head is nn.Linear(C, V): it scores every character.",
            "C * V + V",
            "C * C + C",
        ),
        slip(
            "the head is taken for a layer from V to V",
            "lm_head is nn.Linear(C, V): it reads C channels.",
            "C * V + V",
            "V * V + V",
        ),
        slip(
            "the whole table of pairs is learned, and a bias",
            "The model learns two thin tables, never the V x V one.",
            "return embedding + head",
            "return V * V + V",
        ),
        slip(
            "the sizes of the two tables are multiplied",
            "What two parts learn adds up.",
            "embedding + head",
            "embedding * head",
        ),
        slip(
            "the sides of the tables are added up",
            "A table of V rows and C columns holds V x C numbers.",
            "return embedding + head",
            "return V + C + C + V + V",
        ),
    ),
    hints=(
        "Two lines of `__init__` make everything that is learned.",
        "An `nn.Embedding(V, C)` holds a V x C table; an `nn.Linear(C, V)` "
        "a V x C matrix and a bias.",
        "`V * C` for the embedding, `C * V + V` for the output layer.",
    ),
    why="""\
The embedding is a table of $V$ rows and $C$ columns.
The output layer scores each of the $V$ characters with $C$ weights and one
bias: together $2VC + V$, which is 4,485 here.""",
)
