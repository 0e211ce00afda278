"""Exercise 12.7. A bug hunt: a norm that fails where vectors are short."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.check.patterns import short

BROKEN = """\
class SafeNorm(nn.Module):
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
    """Sizes (C, epsilon), and x (B, T, C), most of them short; and zeros."""
    g = torch.Generator().manual_seed(127)
    cases = [
        ((C, epsilon), size * torch.randn(B, T, C, generator=g) + shift)
        for C, epsilon, B, T, size, shift in (
            (4, 1e-5, 2, 3, 1e-3, 0.0),
            (5, 1e-2, 1, 5, 0.3, 0.1),
            (3, 1e-5, 3, 3, 9.0, -4.0),
            (6, 0.3, 2, 1, 1.0, 0.0),
            (2, 1e-4, 1, 4, 0.01, 0.0),
            (1, 1e-3, 2, 3, 0.1, 0.0),
        )
    ]
    x = 0.02 * torch.randn(2, 4, 3, generator=g)
    x[0, 1], x[1, :, 2] = 0, 0
    return [*cases, ((3, 1e-4), x)]


def any_vectors(draw: random.Random) -> tuple:
    """Any sizes, and vectors of any length, zero included."""
    B, T, C = (draw.randint(1, n) for n in (3, 6, 6))
    x = torch.randn(B, T, C)
    x[torch.rand(B, T) < 0.1] = 0
    epsilon = draw.choice((1e-5, 1e-3, 0.1))
    return (C, epsilon), draw.choice((0.003, 0.1, 1.0, 30.0)) * x


def of_the_shortest(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: how many times longer a vector near zero becomes."""
    (C, _), *_ = args
    tiny = torch.full((1, 1, C), 1e-6)
    factor = float(again((C, 1e-2), tiny)[0, 0, 0]) / 1e-6
    if abs(factor - 10) > 0.1:
        return (
            "with the epsilon 0.01 and weights of 1, a vector near zero "
            "should become 1 / √0.01 = 10 times as long, and becomes "
            f"{short(factor)} times as long"
        )
    return None


ROOT = "(mean_square + self.epsilon).sqrt()"
RESULT = "x / root * self.weight"
PLACE = "√(mean square + epsilon): it is added under the root."

EXERCISE = Exercise(
    number="12.7",
    title="Nearly nothing",
    kind="bug",
    difficulty="medium",
    importance=3,
    task="""\
This norm should do what chapter 11's `RMSNorm` does.
A model is trained with `RMSNorm` and an epsilon of 0.00001, and then all its
norms are replaced by this class, with their weights.
Its loss is the same, to the last digit that is printed.
The curve shows what happens when the vectors that all norms are handed are
halved, once, twice, and so on; the twin is the model that was trained.
Read the curve, name the bug, and repair the class.""",
    starter=BROKEN,
    needs="from torch import nn",
    target="SafeNorm",
    solution=MENDED,
    suspect="epsilon in another place",
    symptom=(
        "nothing is seen as long as the vectors are long; handed shorter and "
        "shorter ones, the twin's norms let them become short, and the "
        "broken ones still make them long"
    ),
    cases=to_norm,
    domain=any_vectors,
    is_module=True,
    rules=(of_the_shortest,),
    wrong=(
        slip(
            "epsilon still stands outside of the root",
            PLACE,
            ROOT,
            "mean_square.sqrt() + self.epsilon",
        ),
        slip(
            "epsilon is left out",
            PLACE,
            ROOT,
            "mean_square.sqrt()",
        ),
        slip(
            "epsilon is subtracted",
            PLACE,
            "mean_square + self.epsilon",
            "(mean_square - self.epsilon).clamp_min(0)",
        ),
        slip(
            "epsilon is squared first",
            PLACE,
            "mean_square + self.epsilon",
            "mean_square + self.epsilon**2",
        ),
        slip(
            "the root of epsilon is added outside",
            PLACE,
            ROOT,
            "mean_square.sqrt() + self.epsilon**0.5",
        ),
        slip(
            "epsilon is a floor: it counts only below itself",
            PLACE,
            "mean_square + self.epsilon",
            "mean_square.clamp_min(self.epsilon)",
        ),
        slip(
            "epsilon is a floor under the root itself",
            PLACE,
            ROOT,
            "mean_square.sqrt().clamp_min(self.epsilon)",
        ),
        slip(
            "epsilon is 1e-5, whatever is handed over",
            "Add self.epsilon.",
            "mean_square + self.epsilon",
            "mean_square + 1e-5",
        ),
        slip(
            "epsilon is 1e-6, as in other models",
            "Add self.epsilon.",
            "mean_square + self.epsilon",
            "mean_square + 1e-6",
        ),
        slip(
            "epsilon is torch's own, the smallest step of a 32-bit number",
            "Add self.epsilon.",
            "mean_square + self.epsilon",
            "mean_square + torch.finfo(x.dtype).eps",
        ),
        slip(
            "epsilon is added to x before it is squared",
            PLACE,
            "x.square().mean(dim=-1, keepdim=True)",
            "(x + self.epsilon).square().mean(dim=-1, keepdim=True)",
            ROOT,
            "mean_square.sqrt()",
        ),
        slip(
            "epsilon is added twice, under the root and outside",
            PLACE,
            ROOT,
            "(mean_square + self.epsilon).sqrt() + self.epsilon",
        ),
        slip(
            "epsilon is divided by the number of channels",
            PLACE,
            "mean_square + self.epsilon",
            "mean_square + self.epsilon / x.shape[-1]",
        ),
        slip(
            "epsilon is added to the sum of the squares, and that is the root",
            "The *mean* of the squares, plus epsilon.",
            "mean(dim=-1",
            "sum(dim=-1",
        ),
        slip(
            "epsilon is added to the result",
            PLACE,
            RESULT,
            "x / mean_square.sqrt().clamp_min(1e-30) * self.weight"
            " + self.epsilon",
        ),
        slip(
            "no root is taken",
            "Divide by the *root*.",
            ROOT,
            "mean_square + self.epsilon",
        ),
        slip(
            "the weight is left out",
            "x / root * self.weight.",
            RESULT,
            "x / root",
        ),
        slip(
            "the mean is taken away, as LayerNorm does",
            "RMSNorm subtracts nothing.",
            "        mean_square =",
            "        x = x - x.mean(dim=-1, keepdim=True)\n"
            "        mean_square =",
        ),
    ),
    hints=(
        "With long vectors both agree. What in the norm counts only where "
        "they are short?",
        "For a vector near zero, by what is it divided here, and by what in "
        "chapter 11's formula? Take epsilon = 0.01.",
        "Under the root: `(mean_square + self.epsilon).sqrt()`.",
    ),
    why="""\
Epsilon keeps the norm from dividing by zero, in either place.
Under the root a vector near zero is divided by $\\sqrt{\\varepsilon}$, and
outside of it by $\\varepsilon$, which is hundreds of times less: with
0.00001 a short vector becomes 316 times as long, or 100,000 times.
As long as all vectors are long, nothing of it is seen, and the losses agree.
The same holds for an epsilon of another size: it is one of the facts in the
file, and it belongs to the weights.""",
)
