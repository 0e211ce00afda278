"""Exercise 6.2. What one training step computes, in operations."""

import random
from typing import Any

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.exercises.scaling.shapes_to_count import (
    SHAPES,
    any_shape,
    growth,
    whole,
)

LEARNED = "L * (12 * C * C + 10 * C) + 2 * C + C * V + V"
"""Every number that a GPT learns, but for the embedding's two tables."""


def any_step(draw: random.Random) -> tuple:
    """A shape, and any number of sequences."""
    return *any_shape(draw), draw.randint(1, 100)


def what_one_more_adds(again: Any, args: tuple, expected: Any) -> str | None:
    """A rule: one character, place, layer or sequence more."""
    return growth(EXERCISE.reference(), again, args, "operations")


EXERCISE = Exercise(
    number="6.2",
    title="What one step costs",
    kind="write",
    difficulty="hard",
    importance=4,
    task="""\
Write `step_flops(V, T, C, L, B)`: the floating-point operations of one
training step with $B$ sequences of $T$ tokens.
Count matrix products only, for each token: 6 for every weight that is
multiplied, and $12 L T C$ for the scores and the weighted means.""",
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
        (*shape, B)
        for shape, B in zip(SHAPES, (32, 32, 64, 3, 1), strict=True)
    ],
    domain=any_step,
    run=whole,
    rules=(what_one_more_adds,),
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
            "this is the rule of thumb, 6 B T N, with all N numbers that the "
            "model learns",
            "Biases, norms and the embedding's tables multiply nothing, and "
            "12 L T C per token is missing.",
            "L * (4 * C * C + 8 * C * C) + C * V",
            f"{LEARNED} + V * C + T * C",
            " + 12 * L * T * C",
            "",
        ),
        slip(
            "this is the rule of thumb, 6 B T N, with all numbers that the "
            "model learns but for the embedding's tables",
            "Biases and norms multiply nothing, and 12 L T C per token is "
            "missing.",
            "L * (4 * C * C + 8 * C * C) + C * V",
            LEARNED,
            " + 12 * L * T * C",
            "",
        ),
        slip(
            "every number that the model learns is taken for one that is "
            "multiplied",
            "Biases, norms and the embedding's tables multiply nothing.",
            "L * (4 * C * C + 8 * C * C) + C * V",
            f"{LEARNED} + V * C + T * C",
        ),
        slip(
            "biases and norms are counted as well",
            "They are added or scale a number; no matrix is multiplied.",
            "L * (4 * C * C + 8 * C * C) + C * V",
            LEARNED,
        ),
        slip(
            "only the blocks are counted, by 6 per weight: head, scores and "
            "mixing are forgotten",
            "C V of the head, and 12 L T C per token.",
            " + C * V",
            "",
            " + 12 * L * T * C",
            "",
        ),
        slip(
            "the scores and the mixing are counted once per sequence, not "
            "per token",
            "12 L T C is the price of one token: B * T times.",
            "return B * T * per_token",
            "return B * (T * 6 * multiplied + 12 * L * T * C)",
        ),
        slip(
            "the scores and the mixing grow with the cube of T",
            "12 L T C is the price of one token already.",
            "12 * L * T * C",
            "12 * L * T * T * C",
        ),
        slip(
            "half of the scores is left out, as the causal mask could do",
            "The task counts all of them: 12 L T C.",
            "12 * L * T * C",
            "6 * L * T * C",
        ),
        slip(
            "the weights are counted forward only",
            "2 per weight forward, and 4 more backward: 6.",
            "6 * multiplied",
            "2 * multiplied",
        ),
        slip(
            "attention's projection is forgotten",
            "Queries, keys, values and projection: 4 C^2.",
            "4 * C * C + 8",
            "3 * C * C + 8",
        ),
        slip(
            "the feed-forward layer is counted one way only",
            "Out and back: 8 C^2.",
            "8 * C * C",
            "4 * C * C",
        ),
        slip(
            "only one layer's weights are counted",
            "There are L blocks.",
            "L * (4 * C * C + 8 * C * C)",
            "(4 * C * C + 8 * C * C)",
        ),
        slip(
            "the sequences are not counted",
            "A step learns from B * T tokens.",
            "B * T * per_token",
            "T * per_token",
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
        slip(
            "only the weights are counted for all tokens, scores and "
            "mixing once",
            "12 L T C is the price of one token: B * T times, as the weights.",
            "return B * T * per_token",
            "return B * T * 6 * multiplied + 12 * L * T * C",
        ),
        slip(
            "scores and mixing are multiplied by 6 once more",
            "12 L T C has forward and backward in it already.",
            "per_token = 6 * multiplied + 12 * L * T * C",
            "per_token = 6 * (multiplied + 12 * L * T * C)",
        ),
        slip(
            "the head is counted once in every layer",
            "One lm_head stands above all L blocks.",
            "L * (4 * C * C + 8 * C * C) + C * V",
            "L * (4 * C * C + 8 * C * C + C * V)",
        ),
        slip(
            "only one layer is counted, its weights and its scores",
            "There are L blocks.",
            "L * (4 * C * C + 8 * C * C)",
            "(4 * C * C + 8 * C * C)",
            "12 * L * T * C",
            "12 * T * C",
        ),
        slip(
            "the biases and norms of the blocks and the head's bias "
            "are counted as well",
            "They are added or scale a number; no matrix is multiplied.",
            "L * (4 * C * C + 8 * C * C) + C * V",
            "L * (12 * C * C + 10 * C) + C * V + V",
        ),
    ),
    hints=(
        "First the price of one token, then the number of tokens.",
        "Weights that are multiplied: $12C^2$ a block and $CV$ in `lm_head`; "
        "biases, norms and tables cost nothing here.",
        "`B * T * (6 * multiplied + 12 * L * T * C)`.",
    ),
    why="""\
Every weight of a matrix meets every token once forward (a multiply and an
add) and twice backward, which makes 6.
Scores and mixing cost $4TC$ a layer forward and twice that backward.
It is `training_flops(config)` times the tokens of a step.""",
)
