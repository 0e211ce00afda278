"""Exercise 11.4. A bug hunt: a norm that tells what is still to come."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.check.properties import (
    blind_to_the_batch,
    blind_to_the_future,
    every_vector_alone,
)

BROKEN = """\
class PlainNorm(nn.Module):
    def __init__(self, n_embed, epsilon):
        super().__init__()
        self.epsilon = epsilon
        self.weight = nn.Parameter(torch.ones(n_embed))

    def forward(self, x):
        mean_square = x.square().mean(dim=1, keepdim=True)
        root = (mean_square + self.epsilon).sqrt()
        return x / root * self.weight"""

MENDED = BROKEN.replace("dim=1", "dim=-1")


def to_norm() -> list[tuple]:
    """Sizes (C, epsilon), and x (B, T, C).

    As many rows as channels, one row, one channel, vectors so short that
    epsilon counts, and a vector of zeros.
    """
    g = torch.Generator().manual_seed(114)
    cases = [
        ((C, epsilon), size * torch.randn(B, T, C, generator=g) + shift)
        for C, epsilon, B, T, size, shift in (
            (4, 1e-5, 2, 3, 2.0, 1.0),
            (5, 1e-2, 1, 5, 1.0, 0.0),
            (3, 1e-5, 3, 3, 9.0, -4.0),
            (6, 0.3, 2, 1, 1.0, 0.0),
            (2, 1e-4, 1, 4, 0.01, 0.0),
            (1, 1e-3, 2, 3, 0.1, 0.0),
        )
    ]
    x = torch.randn(2, 4, 3, generator=g)
    x[0, 1], x[1, :, 2] = 0, 0
    return [*cases, ((3, 1e-5), x)]


def any_vectors(draw: random.Random) -> tuple:
    """Any sizes, and vectors of any length, zero included."""
    B, T, C = (draw.randint(1, n) for n in (3, 6, 6))
    x = torch.randn(B, T, C) + draw.choice((0, 0, 3))
    x[torch.rand(B, T) < 0.1] = 0
    epsilon = draw.choice((1e-6, 1e-5, 1e-3, 0.1))
    return (C, epsilon), draw.choice((0.01, 1.0, 30.0)) * x


def forgets_the_length(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: of a vector only its direction is left."""
    (C, _), x = args
    once, longer = (again((C, 1e-9), n * (x + 1)) for n in (1, 5))
    if (once - longer).abs().max() > 1e-2 * once.abs().max():
        return (
            "with a tiny epsilon, vectors five times as long should come out "
            "as before, and they do not"
        )
    return None


MEAN_SQUARE = "x.square().mean(dim=-1, keepdim=True)"
RESULT = "x / root * self.weight"
ROOT = "(mean_square + self.epsilon).sqrt()"
ALONE = "Each vector is divided by its own root mean square: dim=-1."

EXERCISE = Exercise(
    number="11.4",
    title="Ahead of its twin",
    kind="bug",
    difficulty="easy",
    importance=5,
    task="""\
This norm should do what the chapter's `RMSNorm` does.
It stood in the place of all norms of a GPT, whose attention is masked as it
should be; the twin has the right norm, and both were trained alike.
More than one suspect may come to mind: name the one that fits an attention
which is masked.
Read the curve and the sample, name the bug, and repair the class.""",
    starter=BROKEN,
    needs="from torch import nn",
    target="PlainNorm",
    solution=MENDED,
    suspect="norm over the positions",
    symptom=(
        "the broken model's loss falls to 1.91, where the twin's comes to "
        "2.22; its attention looks only back, and still it writes no better"
    ),
    cases=to_norm,
    domain=any_vectors,
    is_module=True,
    rules=(
        blind_to_the_future,
        blind_to_the_batch,
        every_vector_alone,
        forgets_the_length,
    ),
    wrong=(
        slip(
            "the mean is still taken over the positions, those to come "
            "included",
            ALONE,
            "dim=-1",
            "dim=1",
        ),
        slip(
            "the mean is taken over the texts of the batch",
            ALONE,
            "dim=-1",
            "dim=0",
        ),
        slip(
            "one mean serves all vectors of a text",
            ALONE,
            "dim=-1",
            "dim=(1, 2)",
        ),
        slip(
            "one mean serves the whole batch",
            ALONE,
            "x.square().mean(dim=-1, keepdim=True)",
            "x.square().mean()",
        ),
        slip(
            "the mean is taken over batch and positions, for each channel",
            ALONE,
            "dim=-1",
            "dim=(0, 1)",
        ),
        slip(
            "the mean is taken over the positions up to each one: that hides "
            "the future, and a vector is still divided by others",
            ALONE,
            MEAN_SQUARE,
            "x.square().cumsum(dim=1)\n"
            "        counts = torch.arange(1, x.shape[1] + 1)\n"
            "        mean_square = mean_square / counts[:, None]",
        ),
        slip(
            "each text is divided by its last vector's root mean square",
            ALONE,
            MEAN_SQUARE,
            "x[:, -1:].square().mean(dim=-1, keepdim=True)",
        ),
        slip(
            "each text is divided by its first vector's root mean square",
            ALONE,
            MEAN_SQUARE,
            "x[:, :1].square().mean(dim=-1, keepdim=True)",
        ),
        slip(
            "the squares are summed, not averaged",
            "The *mean* of the squares: the length is then √C, not 1.",
            "mean(dim=-1",
            "sum(dim=-1",
        ),
        slip(
            "this is LayerNorm: the mean is taken away",
            "RMSNorm leaves the mean alone: nothing is subtracted.",
            "        mean_square",
            "        x = x - x.mean(dim=-1, keepdim=True)\n"
            "        mean_square",
        ),
        slip(
            "it divides by the spread around the mean, as LayerNorm does",
            "The mean of x² itself: nothing is subtracted.",
            MEAN_SQUARE,
            "x.var(dim=-1, keepdim=True, unbiased=False)",
        ),
        slip(
            "each vector gets the length 1, not √C",
            "The *mean* of the squares, with epsilon: RMSNorm makes the "
            "length √C.",
            "x / root",
            "F.normalize(x, dim=-1)",
        ),
        slip(
            "x is divided by its length, without epsilon",
            "The *mean* of the squares, with epsilon: RMSNorm makes the "
            "length √C.",
            ROOT,
            "x.norm(dim=-1, keepdim=True)",
        ),
        slip(
            "absolute values are averaged, not squares",
            "The *square* of each number, and the root of their mean.",
            ROOT,
            "x.abs().mean(dim=-1, keepdim=True) + self.epsilon",
        ),
        slip(
            "the largest number of a vector becomes 1",
            "The *mean* of the squares: RMSNorm makes the length √C.",
            "mean(dim=-1",
            "amax(dim=-1",
        ),
        slip(
            "the mean of x is squared",
            "Square first, then take the mean.",
            "x.square().mean(dim=-1, keepdim=True)",
            "x.mean(dim=-1, keepdim=True).square()",
        ),
        slip(
            "epsilon stands outside of the root",
            "sqrt(mean square + epsilon): it is added before the root.",
            ROOT,
            "mean_square.sqrt() + self.epsilon",
        ),
        slip(
            "epsilon is left out",
            "sqrt(mean square + epsilon).",
            ROOT,
            "mean_square.sqrt()",
        ),
        slip(
            "epsilon is 1e-5, whatever is handed over",
            "Add self.epsilon.",
            "mean_square + self.epsilon",
            "mean_square + 1e-5",
        ),
        slip(
            "epsilon is torch's own, the smallest step of a 32-bit number",
            "Add self.epsilon; nn.RMSNorm takes it as eps.",
            "mean_square + self.epsilon",
            "mean_square + torch.finfo(x.dtype).eps",
        ),
        slip(
            "no root is taken",
            "Divide by the *root* of the mean square.",
            ROOT,
            "mean_square + self.epsilon",
        ),
        slip(
            "it is multiplied by the root, not divided",
            "x / root.",
            "x / root",
            "x * root",
        ),
        slip(
            "the weight is left out",
            "x / root * self.weight: one learned weight a channel.",
            RESULT,
            "x / root",
        ),
        slip(
            "x is divided by the weight",
            "x / root * self.weight.",
            "* self.weight",
            "/ self.weight",
        ),
        slip(
            "the weight is added",
            "x / root * self.weight: it is a factor.",
            "* self.weight",
            "+ self.weight",
        ),
        slip(
            "1 is added to the weight",
            "x / root * self.weight: the weight itself is the factor.",
            "* self.weight",
            "* (1 + self.weight)",
        ),
        slip(
            "the weight multiplies x before its length is measured",
            "Measure x itself; the weight comes last.",
            "        mean_square",
            "        x = x * self.weight\n        mean_square",
            RESULT,
            "x / root",
        ),
        slip(
            "the mean has lost its axis, so that it meets other rows",
            "keepdim=True: (B, T, 1) divides (B, T, C).",
            "dim=-1, keepdim=True",
            "dim=-1",
        ),
    ),
    hints=(
        "The loss is lower than the twin's, and the model has no other "
        "advantage. When it writes, what is there no more of?",
        "Change the last vector of `x` and look at the first one that comes "
        "out.",
        "`mean(dim=-1, keepdim=True)`: over the channels of each vector.",
    ),
    why="""\
In training a text lies there as a whole, and a mean over its positions counts
those that are still to come: at the first character, each channel's size
already tells something about the last one.
The model learns to read that, and its loss is better than it can be.
When it writes, nothing stands to the right, and what it has learned to read is
missing.
It does see the future, by its norms and not by its attention.
A norm works on every vector by itself, whatever stands beside it; `dim=-1` are
the channels.""",
)
