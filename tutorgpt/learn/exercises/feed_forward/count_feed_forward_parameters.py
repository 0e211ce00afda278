"""Exercise 4.1. What `FeedForward` learns, in numbers."""

from tutorgpt.learn.check.exercise import Exercise, slip

EXERCISE = Exercise(
    number="4.1",
    title="The price of thinking",
    kind="write",
    difficulty="easy",
    importance=4,
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
    cases=lambda: [(1,), (32,), (33,), (384,)],
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
