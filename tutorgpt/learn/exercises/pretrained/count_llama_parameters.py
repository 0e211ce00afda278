"""Exercise 12.2. A Llama's size, from the facts in its file."""

import random
from typing import Any

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.check.patterns import short

NAMES = (
    "vocab_size",
    "n_embed",
    "n_layer",
    "n_head",
    "n_key_head",
    "hidden",
    "tied",
)


def any_llama(draw: random.Random) -> tuple:
    """Any sizes that fit together, tied or not."""
    D, G = draw.randint(1, 16), draw.randint(1, 5)
    H = G * draw.randint(1, 4)
    V, L = draw.randint(1, 500), draw.randint(1, 8)
    return V, H * D, L, H, G, draw.randint(1, 200), draw.random() < 0.5


def each_part_counts(again: Any, args: tuple, expected: int) -> str | None:
    """A rule: what one more of each thing adds."""
    sizes = (11, 24, 3, 6, 2, 10, True)
    base = float(again(*sizes))
    C, G, D = 24, 2, 4
    block = 2 * C * C + 2 * C * G * D + 3 * C * 10 + 2 * C
    more = {
        "vocab_size": ((12, *sizes[1:]), C),
        "n_layer": ((*sizes[:2], 4, *sizes[3:]), block),
        "hidden": ((*sizes[:5], 11, True), 3 * 3 * C),
        "n_key_head": ((*sizes[:4], 3, *sizes[5:]), 3 * 2 * C * D),
    }
    for name, (others, adds) in more.items():
        found = float(again(*others)) - base
        if abs(found - adds) > 1e-3:
            return (
                f"with {sizes[0]} tokens, 24 channels, 3 layers, 6 heads, 2 "
                f"heads of keys and a hidden width of 10, one {name} more "
                f"should add {adds}, and adds {short(found)}"
            )
    untied = float(again(*sizes[:6], False)) - base
    if abs(untied - 11 * C) > 1e-3:
        return (
            f"an output of its own should add 11 x 24 = 264 weights, and "
            f"adds {short(untied)}"
        )
    return None


EXERCISE = Exercise(
    number="12.2",
    title="What the facts add up to",
    kind="explain",
    difficulty="medium",
    importance=4,
    task="""\
Write `llama_parameters`, with the seven arguments below: how many weights a
Llama has.
There are no biases; the last norm has weights as each other one; and `tied`
says whether the output is the table of the tokens.
When it passes, put in the facts of the chapter's file.
The solution has the number to compare yours with.""",
    starter='''\
def llama_parameters(
    vocab_size, n_embed, n_layer, n_head, n_key_head, hidden, tied
):
    """The weights of a Llama of this shape."""
    return ...''',
    target="llama_parameters",
    solution='''\
def llama_parameters(
    vocab_size, n_embed, n_layer, n_head, n_key_head, hidden, tied
):
    """The weights of a Llama of this shape."""
    table = vocab_size * n_embed
    shared = n_key_head * n_embed // n_head  # rows of keys, and of values
    attention = (2 * n_embed + 2 * shared) * n_embed
    feed_forward = 3 * n_embed * hidden
    layers = n_layer * (attention + feed_forward + 2 * n_embed)
    tables = table if tied else 2 * table
    return tables + layers + n_embed''',
    cases=lambda: [
        (49152, 576, 30, 9, 3, 1536, True),
        (49152, 576, 30, 9, 3, 1536, False),
        (10, 24, 1, 6, 2, 7, True),
        (11, 24, 3, 6, 6, 10, False),
        (5, 8, 2, 1, 1, 3, True),
        (7, 12, 4, 4, 1, 30, False),
        (100, 64, 2, 16, 4, 171, True),
        (3, 6, 5, 3, 3, 1, False),
    ],
    domain=any_llama,
    labels=tuple(f"{name} =" for name in NAMES),
    rules=(each_part_counts,),
    wrong=(
        slip(
            "keys and values have as many heads as queries",
            "They have n_key_head heads, of n_embed // n_head channels each.",
            "n_key_head * n_embed // n_head",
            "n_embed",
        ),
        slip(
            "keys and values have one head",
            "They have n_key_head heads, of n_embed // n_head channels each.",
            "n_key_head * n_embed // n_head",
            "n_embed // n_head",
        ),
        slip(
            "a head of keys is as wide as the whole path",
            "A head has n_embed // n_head channels.",
            "n_key_head * n_embed // n_head",
            "n_key_head * n_embed",
        ),
        slip(
            "each head of keys has n_head channels",
            "A head has n_embed // n_head channels.",
            "n_key_head * n_embed // n_head",
            "n_key_head * n_head",
        ),
        slip(
            "the projection of the attention is left out",
            "Four matrices: for queries, keys, values, and the way back.",
            "(2 * n_embed + 2 * shared)",
            "(n_embed + 2 * shared)",
        ),
        slip(
            "keys are counted, and no values",
            "Both have n_key_head heads: two times.",
            "2 * shared",
            "shared",
        ),
        slip(
            "the feed-forward layer has two matrices",
            "A gated layer has three: gate, expand, contract.",
            "3 * n_embed",
            "2 * n_embed",
        ),
        slip(
            "the feed-forward layer is 4 n_embed wide",
            "It is hidden wide, as the file says.",
            "n_embed * hidden",
            "n_embed * 4 * n_embed",
        ),
        slip(
            "only one matrix of the feed-forward layer is counted",
            "A gated layer has three: gate, expand, contract.",
            "3 * n_embed * hidden",
            "n_embed * hidden",
        ),
        slip(
            "each layer has one norm",
            "Two: before the attention and before the feed-forward layer.",
            "+ 2 * n_embed)",
            "+ n_embed)",
        ),
        slip(
            "the norms of the layers are left out",
            "A norm has n_embed weights, and a layer has two norms.",
            " + 2 * n_embed)",
            ")",
        ),
        slip(
            "each norm has a shift, too",
            "RMSNorm learns n_embed weights and nothing else.",
            "+ 2 * n_embed)",
            "+ 4 * n_embed)",
            "+ n_embed",
            "+ 2 * n_embed",
        ),
        slip(
            "the last norm is left out",
            "One norm stands before the output.",
            "layers + n_embed",
            "layers",
        ),
        slip(
            "the last norm is counted once a layer",
            "There is one last norm, after all layers.",
            "+ 2 * n_embed)",
            "+ 3 * n_embed)",
            "layers + n_embed",
            "layers",
        ),
        slip(
            "tied and not tied are exchanged",
            "A tied output has no table of its own.",
            "table if tied else 2 * table",
            "2 * table if tied else table",
        ),
        slip(
            "the output always has a table of its own",
            "A tied output has none.",
            "table if tied else 2 * table",
            "2 * table",
        ),
        slip(
            "the output never has a table of its own",
            "One that is not tied has.",
            "table if tied else 2 * table",
            "table",
        ),
        slip(
            "a tied table is not counted at all",
            "Tied, it is there once: the tokens need it.",
            "table if tied else 2 * table",
            "0 if tied else table",
        ),
        slip(
            "the output has a bias, a number for each token",
            "There are no biases.",
            "layers + n_embed",
            "layers + n_embed + vocab_size",
        ),
        slip(
            "one layer is counted",
            "n_layer times.",
            "n_layer * (",
            "1 * (",
        ),
        slip(
            "the tables are counted once a layer",
            "The table stands before all layers, once.",
            "tables + layers",
            "n_layer * tables + layers",
        ),
        slip(
            "each head has an attention of full width",
            "The heads share out n_embed channels.",
            "(2 * n_embed + 2 * shared) * n_embed",
            "(2 * n_embed + 2 * shared) * n_embed * n_head",
        ),
        slip(
            "the feed-forward layer has biases",
            "There are no biases.",
            "3 * n_embed * hidden",
            "3 * n_embed * hidden + 2 * hidden + n_embed",
        ),
    ),
    hints=(
        "Five places have weights: the table, four matrices of the "
        "attention, three of the feed-forward layer, two norms a layer, and "
        "the last norm.",
        "A matrix has out times in weights. The queries have `n_embed` rows, "
        "and keys and values `n_key_head * (n_embed // n_head)` each.",
        "`n_layer * (attention + feed_forward + 2 * n_embed)`, the table "
        "once or twice, and `n_embed` for the last norm.",
    ),
    why="""\
With the facts of the file it gives 134,515,008, the number that the chapter
prints, to the last weight.
The table alone is 28,311,552 of them, a fifth: that is why small models tie
their output to it.
In a layer the gated matrices are three quarters; keys and values, of three
heads, hardly count.""",
)
