"""Exercise 12.7. A bug hunt: a norm that lets short vectors grow long."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, build, slip
from tutorgpt.learn.check.modules import give_weights
from tutorgpt.learn.check.properties import (
    blind_to_the_batch,
    blind_to_the_future,
    every_vector_alone,
)

BROKEN = """\
class ShortNorm(nn.Module):
    def __init__(self, n_embed, epsilon):
        super().__init__()
        self.epsilon = epsilon
        self.weight = nn.Parameter(torch.ones(n_embed))

    def forward(self, x):
        mean_square = x.square().mean(dim=-1, keepdim=True)
        root = mean_square.sqrt() + self.epsilon
        return x / root * self.weight"""

MENDED = BROKEN.replace(
    "mean_square.sqrt() + self.epsilon", "(mean_square + self.epsilon).sqrt()"
)


def to_norm() -> list[tuple]:
    """Sizes (C, epsilon), and x (B, T, C).

    Root mean squares near the root of epsilon, far above it and far below,
    one channel, one row, and a vector of zeros.
    """
    g = torch.Generator().manual_seed(127)
    cases = [
        ((C, epsilon), size * torch.randn(B, T, C, generator=g) + shift)
        for C, epsilon, B, T, size, shift in (
            (4, 1e-5, 2, 3, 0.003, 0.002),
            (6, 1e-2, 1, 4, 0.2, 0.0),
            (3, 1e-6, 3, 2, 2e-4, 0.0),
            (5, 0.3, 2, 1, 0.5, -0.4),
            (3, 1e-5, 2, 4, 4.0, 1.0),
            (1, 1e-3, 2, 3, 0.03, 0.0),
        )
    ]
    x = 0.02 * torch.randn(2, 3, 4, generator=g)
    x[0, 1], x[1, :, 2] = 0, 0
    return [*cases, ((4, 1e-4), x)]


def any_vectors(draw: random.Random) -> tuple:
    """Any sizes, and vectors from far below the root of epsilon to above."""
    B, T, C = (draw.randint(1, n) for n in (3, 5, 6))
    x = torch.randn(B, T, C) + draw.choice((0, 0, 2))
    x[torch.rand(B, T) < 0.1] = 0
    epsilon = draw.choice((1e-6, 1e-5, 1e-3, 0.1))
    return (C, epsilon), draw.choice((0.1, 1.0, 30.0)) * epsilon**0.5 * x


@torch.no_grad()
def what_it_divides_by(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: a long vector and a short one, and what divides the short one.

    A long one shows the weights and no epsilon, so the short one is compared
    with it. Nothing is said where the long one already comes out wrong.
    """
    sizes, epsilon, size = (2, 1e-4), 1e-4, 0.01
    x = size * torch.tensor([[[1.0, 1.0]]])
    model = build(MENDED, "ShortNorm")(*sizes)
    give_weights(model)
    right = model(1e6 * x)
    long, short = again(sizes, 1e6 * x), again(sizes, x)
    if (long - right).abs().max() > 1e-3:
        return "a long vector, for which epsilon is nothing, comes out wrong"
    divisors = size * right / short
    found, wanted = divisors.flatten()[0].item(), (size**2 + epsilon) ** 0.5
    if abs(found - wanted) < 1e-3 * wanted:
        return None
    return (
        f"with epsilon {epsilon} a vector whose root mean square is {size} "
        f"should be divided by {wanted:.4f}, and is divided by {found:.4f}"
    )


MEAN_SQUARE = "x.square().mean(dim=-1, keepdim=True)"
RESULT = "x / root * self.weight"
ROOT = "(mean_square + self.epsilon).sqrt()"
INSIDE = "Under the root: (mean_square + self.epsilon).sqrt()."
OWN = "Add self.epsilon, the number that the model was trained with."
ALONE = "Each vector has its own mean square: dim=-1."

EXERCISE = Exercise(
    number="12.7",
    title="Where vectors are short",
    kind="bug",
    difficulty="medium",
    importance=3,
    task="""\
A small GPT was trained with the chapter's `RMSNorm`, with an epsilon of 1e-5.
Its weights were copied into a model whose norms are of this class, with the
same epsilon; the two write the same, and their held-out losses agree.
The curves show both losses while each vector, before a norm is handed it, is
given another root mean square, from $10^{-7}$ to 1; the twin's norms are the
chapter's.
Read the curves, name the bug, and repair the class.""",
    starter=BROKEN,
    needs="from torch import nn",
    target="ShortNorm",
    solution=MENDED,
    suspect="epsilon outside of the root",
    symptom=(
        "where vectors have a root mean square of 0.1 or more both losses "
        "are 2.224; at 0.001, which is less than the root of 1e-5, the twin "
        "is at 3.199 and the broken model still at 2.225: that one climbs "
        "where vectors are as short as 1e-5 itself"
    ),
    cases=to_norm,
    domain=any_vectors,
    is_module=True,
    rules=(
        blind_to_the_future,
        blind_to_the_batch,
        every_vector_alone,
        what_it_divides_by,
    ),
    wrong=(
        slip(
            "epsilon still stands outside of the root",
            INSIDE,
            ROOT,
            "mean_square.sqrt() + self.epsilon",
        ),
        slip(
            "epsilon is added twice, under the root and outside of it",
            INSIDE,
            ROOT,
            f"{ROOT} + self.epsilon",
        ),
        slip(
            "the root of epsilon is added outside: right for zeros and for "
            "long vectors, and too much between them",
            INSIDE,
            ROOT,
            "mean_square.sqrt() + self.epsilon**0.5",
        ),
        slip(
            "epsilon is squared under the root",
            INSIDE,
            "mean_square + self.epsilon",
            "mean_square + self.epsilon**2",
        ),
        slip(
            "the root of epsilon stands under the root",
            INSIDE,
            "mean_square + self.epsilon",
            "mean_square + self.epsilon**0.5",
        ),
        slip(
            "epsilon is a floor under the mean square, and is not added",
            INSIDE,
            "(mean_square + self.epsilon)",
            "mean_square.clamp(min=self.epsilon)",
        ),
        slip(
            "epsilon is a floor under the root",
            INSIDE,
            ROOT,
            "mean_square.sqrt().clamp(min=self.epsilon)",
        ),
        slip(
            "epsilon stands in for a mean square of 0, and nowhere else",
            INSIDE,
            ROOT,
            "mean_square.where(mean_square > 0, self.epsilon).sqrt()",
        ),
        slip(
            "epsilon is left out",
            INSIDE,
            ROOT,
            "mean_square.sqrt()",
        ),
        slip(
            "epsilon is 1e-5, whatever is handed over",
            OWN,
            "mean_square + self.epsilon",
            "mean_square + 1e-5",
        ),
        slip(
            "epsilon is 1e-6, whatever is handed over",
            OWN,
            "mean_square + self.epsilon",
            "mean_square + 1e-6",
        ),
        slip(
            "epsilon is 1e-8, whatever is handed over",
            OWN,
            "mean_square + self.epsilon",
            "mean_square + 1e-8",
        ),
        slip(
            "epsilon is torch's own, the smallest step of a 32-bit number",
            OWN + " nn.RMSNorm takes it as eps.",
            "mean_square + self.epsilon",
            "mean_square + torch.finfo(x.dtype).eps",
        ),
        slip(
            "epsilon is subtracted",
            INSIDE,
            "mean_square + self.epsilon",
            "mean_square - self.epsilon",
        ),
        slip(
            "epsilon is shared among the channels: the squares are summed, "
            "epsilon added, and then divided by C",
            "First the mean, then epsilon.",
            MEAN_SQUARE,
            "x.square().sum(dim=-1, keepdim=True)",
            ROOT,
            "((mean_square + self.epsilon) / x.shape[-1]).sqrt()",
        ),
        slip(
            "epsilon is added to every number of x, before the squares",
            "To their mean square: (mean_square + self.epsilon).sqrt().",
            "x.square()",
            "(x + self.epsilon).square()",
            "mean_square + self.epsilon",
            "mean_square",
        ),
        slip(
            "epsilon is added once more, to x",
            "x / root.",
            "x / root",
            "(x + self.epsilon) / root",
        ),
        slip(
            "epsilon is added after the division: 0 / 0 is nan by then",
            INSIDE,
            ROOT,
            "mean_square.sqrt()",
            "x / root",
            "(x / root + self.epsilon)",
        ),
        slip(
            "no root is taken",
            INSIDE,
            ROOT,
            "mean_square + self.epsilon",
        ),
        slip(
            "it is multiplied by the root, not divided",
            "x / root; rsqrt() is one divided by the root.",
            "x / root",
            "x * root",
        ),
        slip(
            "the squares are summed, not averaged",
            "The *mean* of the squares, as it was.",
            "mean(dim=-1",
            "sum(dim=-1",
        ),
        slip(
            "this is LayerNorm: the mean is taken away",
            "Nothing is subtracted: only epsilon has to move.",
            "        mean_square =",
            "        x = x - x.mean(dim=-1, keepdim=True)\n"
            "        mean_square =",
        ),
        slip(
            "it divides by the spread around the mean, as LayerNorm does",
            "The mean of x² itself, as it was.",
            MEAN_SQUARE,
            "x.var(dim=-1, keepdim=True, unbiased=False)",
        ),
        slip(
            "the mean is taken over the positions",
            ALONE,
            "dim=-1",
            "dim=1",
        ),
        slip(
            "one mean serves the whole batch",
            ALONE,
            MEAN_SQUARE,
            "x.square().mean()",
        ),
        slip(
            "each vector gets the length 1, not √C",
            "Only epsilon has to move; a unit length is another norm.",
            "x / root",
            "F.normalize(x, dim=-1)",
        ),
        slip(
            "the mean of |x| stands for the root of the mean square",
            "The squares, their mean, epsilon, and then the root.",
            ROOT,
            "x.abs().mean(dim=-1, keepdim=True) + self.epsilon",
        ),
        slip(
            "the weight is left out",
            "x / root * self.weight.",
            RESULT,
            "x / root",
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
            "        mean_square =",
            "        x = x * self.weight\n        mean_square =",
            RESULT,
            "x / root",
        ),
    ),
    hints=(
        "Where does each curve begin to climb? One of these places is near "
        "1e-5, the other near its root.",
        "Hand the class a vector whose root mean square is the root of "
        "epsilon. By how much should it be divided, and by how much is it?",
        "`(mean_square + self.epsilon).sqrt()`.",
    ),
    why="""\
Under the root, epsilon is added to a mean square, so it counts for vectors
whose root mean square is near √ε or below.
Outside, it is added to the root, and counts only near ε itself, which is much
shorter.
Between the two the right norm lets short vectors stay short, and the broken
one brings them to full length.
The broken model looks better in the curve, and it is wrong all the same: it
does not compute what was trained.
No name, no shape and no usual text shows it, because the vectors of a trained
model are long; what shows it is an input that was made short on purpose.
The place of epsilon matters to training too: where a vector is 0, the root
of 0 has an infinite slope, and the broken norm's gradient is nan.""",
)
