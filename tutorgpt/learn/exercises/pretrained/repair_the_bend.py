"""Exercise 12.5. A bug hunt: the right bend, in another form."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.check.patterns import short

BROKEN = """\
class SmoothLayer(nn.Module):
    def __init__(self, n_embed, hidden):
        super().__init__()
        self.expand = nn.Linear(n_embed, hidden)
        self.contract = nn.Linear(hidden, n_embed)

    def forward(self, x):
        h = self.expand(x)
        h = F.gelu(h)
        return self.contract(h)"""

MENDED = BROKEN.replace("F.gelu(h)", 'F.gelu(h, approximate="tanh")')


def to_bend() -> list[tuple]:
    """Sizes, and x (B, T, C): short vectors and long ones, and zeros."""
    g = torch.Generator().manual_seed(125)
    return [
        ((C, hidden), size * torch.randn(B, T, C, generator=g))
        for C, hidden, B, T, size in (
            (4, 16, 2, 3, 3.0),
            (8, 8, 1, 5, 2.0),
            (3, 24, 3, 1, 5.0),
            (6, 12, 2, 2, 1.0),
            (2, 32, 1, 4, 8.0),
            (5, 5, 2, 2, 0.0),
        )
    ]


def any_vectors(draw: random.Random) -> tuple:
    """Any sizes, and vectors of any length."""
    B, T, C = (draw.randint(1, n) for n in (3, 5, 8))
    x = draw.choice((1.0, 3.0, 6.0)) * torch.randn(B, T, C)
    return (C, draw.randint(8, 40)), x


def bends_as_gpt_2_does(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: what is far from the bend passes on, or is stopped."""
    (C, hidden), x = args
    far = again((C, hidden), 1e3 * (x + 1))
    if not far.isfinite().all():
        return "for long vectors the result is not finite"
    gap = (again(*args) - expected).abs().max().item()
    if gap < 5e-3:
        return (
            f"the result is off by up to {short(gap)}: nearly the bend that "
            "is asked for, and another one"
        )
    return None


BEND = 'F.gelu(h, approximate="tanh")'

EXERCISE = Exercise(
    number="12.5",
    title="Almost the same",
    kind="bug",
    difficulty="medium",
    importance=4,
    task="""\
GPT-2's feed-forward layer has a smooth bend in the place of ReLU:
$\\frac{h}{2} \\left(1 + \\tanh\\left(\\sqrt{2 / \\pi}\\,
(h + 0.044715\\, h^3)\\right)\\right)$.
A GPT is trained with it, and then this layer takes the place of all its
feed-forward layers, with their weights.
The losses agree to the third decimal.
So the curve is not the loss: it is the largest difference between the logits
of the model that was trained and those of the model with this layer.
Read the curve, name the bug, and repair the class.""",
    starter=BROKEN,
    needs="from torch import nn\nfrom torch.nn import functional as F",
    target="SmoothLayer",
    solution=MENDED,
    suspect="another form of the bend",
    symptom=(
        "the losses agree, and the logits do not: they differ in the third "
        "decimal, where two programs that compute the same agree to the "
        "sixth"
    ),
    cases=to_bend,
    domain=any_vectors,
    is_module=True,
    rules=(bends_as_gpt_2_does,),
    wrong=(
        slip(
            "it is still the exact GELU, h times the normal distribution's "
            "share below h",
            "The formula has a tanh: F.gelu takes approximate.",
            BEND,
            "F.gelu(h)",
        ),
        slip(
            "it is h times sigmoid(1.702 h), a third form of the same bend",
            "The formula has a tanh, and h³ in it.",
            BEND,
            "h * torch.sigmoid(1.702 * h)",
        ),
        slip(
            "it is SiLU, h times sigmoid(h), as in a gated layer",
            "The formula has a tanh, and h³ in it.",
            BEND,
            "F.silu(h)",
        ),
        slip(
            "it is ReLU, as in chapter 4",
            "A smooth bend is asked for: F.gelu, in the form with tanh.",
            BEND,
            "F.relu(h)",
        ),
        slip(
            "there is no bend at all",
            "F.gelu, in the form with tanh.",
            BEND,
            "h",
        ),
        slip(
            "it is a tanh alone",
            "h/2 times (1 + tanh(...)).",
            BEND,
            "torch.tanh(h)",
        ),
        slip(
            "h³ is left out",
            "Within the tanh stands h + 0.044715 h³.",
            BEND,
            "h / 2 * (1 + torch.tanh(math.sqrt(2 / math.pi) * h))",
        ),
        slip(
            "√(2/π) is left out",
            "It multiplies all that stands within the tanh.",
            BEND,
            "h / 2 * (1 + torch.tanh(h + 0.044715 * h**3))",
        ),
        slip(
            "√(2/π) multiplies h alone, and not h³",
            "It multiplies all that stands within the tanh.",
            BEND,
            "h / 2 * (1 + torch.tanh(math.sqrt(2 / math.pi) * h"
            " + 0.044715 * h**3))",
        ),
        slip(
            "2/π stands there without the root",
            "√(2/π): math.sqrt(2 / math.pi).",
            BEND,
            "h / 2 * (1 + torch.tanh(2 / math.pi * (h + 0.044715 * h**3)))",
        ),
        slip(
            "√(π/2) stands there, upside down",
            "√(2/π): math.sqrt(2 / math.pi).",
            BEND,
            "h / 2 * (1 + torch.tanh(math.sqrt(math.pi / 2)"
            " * (h + 0.044715 * h**3)))",
        ),
        slip(
            "the factor of h³ is ten times too large",
            "0.044715, with a zero after the point.",
            BEND,
            "h / 2 * (1 + torch.tanh(math.sqrt(2 / math.pi)"
            " * (h + 0.44715 * h**3)))",
        ),
        slip(
            "h² stands where h³ should",
            "Within the tanh stands h + 0.044715 h³.",
            BEND,
            "h / 2 * (1 + torch.tanh(math.sqrt(2 / math.pi)"
            " * (h + 0.044715 * h**2)))",
        ),
        slip(
            "the 1 is left out: what is below zero is not stopped",
            "h/2 times (1 + tanh(...)).",
            BEND,
            "h / 2 * torch.tanh(math.sqrt(2 / math.pi)"
            " * (h + 0.044715 * h**3))",
        ),
        slip(
            "h is not halved",
            "h/2 times (1 + tanh(...)).",
            BEND,
            "2 * F.gelu(h, approximate='tanh')",
        ),
        slip(
            "the bend follows the second matrix",
            "expand, bend, contract.",
            f"h = {BEND}\n        return self.contract(h)",
            "h = self.contract(h)\n        "
            "return F.gelu(h, approximate='tanh')",
        ),
        slip(
            "it bends twice",
            "Once, between the two matrices.",
            BEND,
            "F.gelu(F.gelu(h, approximate='tanh'), approximate='tanh')",
        ),
    ),
    hints=(
        "How large is the difference, and how large is rounding? Something "
        "is almost right, in every layer.",
        "Draw `F.gelu(h)` less the formula for h from -4 to 4.",
        '`F.gelu` can compute the formula itself: `approximate="tanh"`.',
    ),
    why="""\
GELU is $h$ times the share of a normal distribution that lies below $h$.
GPT-2 was trained with a formula that comes near it, from the time when that
share was slow to compute, and both go by the same name.
Weights are right for the form that they were trained with.
The difference is far too small to be seen in a loss or in a text, and far
larger than rounding, so a comparison of logits finds it.
The setting is called `gelu_new` in the files of `transformers`, and `gelu` is
the exact one.""",
)
