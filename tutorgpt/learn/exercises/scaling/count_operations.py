"""Exercise 6.2. What one training step computes, in operations."""

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.exercises.scaling.shapes_to_count import SHAPES

EXERCISE = Exercise(
    number="6.2",
    title="What one step costs",
    kind="write",
    difficulty="hard",
    importance=4,
    task="""\
Write `step_flops(V, T, C, L, B)`: the floating-point operations of one
training step with $B$ sequences of $T$ tokens.
Count matrix products only: 6 per weight that is multiplied and token, and
$12 L T C$ per token for the scores and the mixing.""",
    starter='''\
def step_flops(V, T, C, L, B):
    """Operations of one update of a GPT."""
    return ...''',
    target="step_flops",
    solution='''\
def step_flops(V, T, C, L, B):
    """Operations of one update of a GPT."""
    multiplied = L * (4 * C * C + 8 * C * C) + C * V
    per_token = 6 * multiplied + 12 * L * T * C
    return B * T * per_token''',
    cases=lambda: [
        (*shape, B) for shape, B in zip(SHAPES, (32, 32, 64, 3), strict=True)
    ],
    wrong=(
        slip(
            "this is one token, not one step",
            "A step learns from B * T tokens.",
            "return B * T * per_token",
            "return per_token",
        ),
        slip(
            "the sequences are counted, not their tokens",
            "Each of the B sequences has T tokens.",
            "B * T * per_token",
            "B * per_token",
        ),
        slip(
            "only the forward pass is counted",
            "2 per weight forward, and 4 more backward: 6.",
            "6 * multiplied + 12 * L",
            "2 * multiplied + 4 * L",
        ),
        slip(
            "the scores and the mixing are forgotten",
            "q @ k.mT and weights @ v multiply too: 12 L T C.",
            " + 12 * L * T * C",
            "",
        ),
        slip(
            "the embedding is counted as a product",
            "Looking a row up multiplies nothing.",
            "+ C * V",
            "+ 2 * C * V",
        ),
        slip(
            "the head is forgotten",
            "lm_head multiplies C by V for every token.",
            " + C * V",
            "",
        ),
        slip(
            "the attention term is counted once, not in every layer",
            "12 L T C: each layer has its own scores.",
            "12 * L * T * C",
            "12 * T * C",
        ),
        slip(
            "the feed-forward layers are forgotten",
            "They hold two thirds of the weights of a block: 8 C^2.",
            "(4 * C * C + 8 * C * C)",
            "(4 * C * C)",
        ),
        slip(
            "each multiplication is counted once, and the additions are not",
            "A multiply and an add are two operations: 6, not 3.",
            "6 * multiplied + 12",
            "3 * multiplied + 6",
        ),
    ),
    hints=(
        "First the price of one token, then the number of tokens.",
        "Weights that are multiplied: $12C^2$ a block and $CV$ in the head; "
        "biases, norms and tables cost nothing here.",
        "`B * T * (6 * multiplied + 12 * L * T * C)`.",
    ),
    why="""\
Every weight of a matrix meets every token once forward (a multiply and an
add) and twice backward, which makes 6.
Scores and mixing cost $4TC$ a layer forward and twice that backward.
It is `training_flops(config)` times the tokens of a step.""",
)
