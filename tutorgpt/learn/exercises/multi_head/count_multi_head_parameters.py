"""Exercise 3.1. What `MultiHead` learns, in numbers."""

from tutorgpt.learn.check.exercise import Exercise, slip

EXERCISE = Exercise(
    number="3.1",
    title="The price of many heads",
    kind="write",
    difficulty="easy",
    importance=4,
    task="""\
Write `multi_head_parameters(C, H)`: how many numbers a `MultiHead` layer
learns with $C$ channels and $H$ heads.
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
    cases=lambda: [(32, 1), (32, 4), (32, 32), (384, 6)],
    wrong=(
        slip(
            "each head is C wide, not D = C / H",
            "The heads share the channels out between them.",
            "D = C // H",
            "D = C",
        ),
        slip(
            "only one head is counted",
            "There are H of them, each with three matrices C x D.",
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
            "there are two matrices per head instead of three",
            "Query, key and value.",
            "H * 3 * C * D",
            "H * 2 * C * D",
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
