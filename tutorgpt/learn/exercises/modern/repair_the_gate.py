"""Exercise 11.5. A bug hunt: a gate that knows no sign."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.check.properties import (
    alike_for_equal_rows,
    every_place_alone,
)

BROKEN = """\
class GatedLayer(nn.Module):
    def __init__(self, n_embed, hidden):
        super().__init__()
        self.gate = nn.Linear(n_embed, hidden, bias=False)
        self.expand = nn.Linear(n_embed, hidden, bias=False)
        self.contract = nn.Linear(hidden, n_embed, bias=False)

    def forward(self, x):
        gate = self.gate(x)
        return self.contract(gate * self.expand(x))"""

MENDED = BROKEN.replace("gate = self.gate(x)", "gate = F.silu(self.gate(x))")


def to_think() -> list[tuple]:
    """Sizes (C, hidden), and x (B, T, C), from short to very long."""
    g = torch.Generator().manual_seed(115)
    return [
        ((C, hidden), size * torch.randn(B, T, C, generator=g))
        for C, hidden, B, T, size in (
            (4, 6, 1, 5, 1.0),
            (3, 3, 2, 3, 4.0),
            (5, 2, 3, 1, 0.2),
            (2, 7, 1, 4, 30.0),
            (1, 1, 2, 2, 2.0),
        )
    ]


def any_vectors(draw: random.Random) -> tuple:
    """Any sizes, and vectors of any length, 0 included."""
    B, T, C, hidden = (draw.randint(1, n) for n in (3, 5, 6, 9))
    size = draw.choice((0.0, 0.3, 1.0, 5.0))
    return (C, hidden), size * torch.randn(B, T, C)


def knows_the_sign(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: the layer is neither even nor odd, as silu is neither."""
    sizes, x = args
    plus, minus = again(sizes, x), again(sizes, -x)
    room = 1e-4 * (1e-3 + plus.abs().max())
    if (plus - minus).abs().max() < room:
        return "x and -x come out alike: what opens the gate knows no sign"
    if (plus + minus).abs().max() < room:
        return (
            "-x comes out as minus what x does: two factors with a sign each "
            "would not do that"
        )
    return None


def far_from_zero(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: silu is nearly 0 or nearly z far from 0: a product of two."""
    sizes, x = args
    if again(sizes, 0 * x).abs().max() > 1e-6:
        return "a vector of zeros should come out as zeros"
    far, farther = again(sizes, 1e3 * x), again(sizes, 2e3 * x)
    times = (farther.abs().max() / far.abs().max()).item()
    if abs(times - 4) > 0.1:
        return (
            "far from 0 an input twice as long should give four times as "
            f"much, a product of two factors, and it gives {times:.2f} times "
            "as much"
        )
    return None


GATE = "F.silu(self.gate(x))"
PRODUCT = "gate * self.expand(x)"

EXERCISE = Exercise(
    number="11.5",
    title="Plus or minus",
    kind="bug",
    difficulty="medium",
    importance=4,
    task="""\
This layer should do what the chapter's `SwiGLU` does.
A model trained with it ends at the loss of its healthy twin, so the loss alone
does not show the bug.
The curves are the held-out losses of both trained models when each of these
layers is handed its input times another factor, from -1 to 1; at 1 nothing is
changed.
Read the curve, name the bug, and repair the class.""",
    starter=BROKEN,
    needs="from torch import nn\nfrom torch.nn import functional as F",
    target="GatedLayer",
    solution=MENDED,
    suspect="gate without an activation",
    symptom=(
        "at 1 the losses are 2.197 and 2.198, which is no difference; the "
        "broken model's curve is the same on both sides of 0, to the last "
        "digit, and the twin, at -1, pays 3.153"
    ),
    cases=to_think,
    domain=any_vectors,
    is_module=True,
    rules=(
        every_place_alone,
        alike_for_equal_rows,
        knows_the_sign,
        far_from_zero,
    ),
    wrong=(
        slip(
            "the gate still has no activation: x and -x come out alike",
            "silu(gate x), as in SwiGLU: F.silu around self.gate(x).",
            GATE,
            "self.gate(x)",
        ),
        slip(
            "both factors are activated",
            "One of them is the gate; the other one stays as it is.",
            PRODUCT,
            "gate * F.silu(self.expand(x))",
        ),
        slip(
            "the product is activated, and not the gate",
            "silu belongs around self.gate(x), before the product.",
            GATE,
            "self.gate(x)",
            PRODUCT,
            "F.silu(gate * self.expand(x))",
        ),
        slip(
            "the gate is activated, and the product once more",
            "The product goes into contract as it is.",
            PRODUCT,
            "F.silu(gate * self.expand(x))",
        ),
        slip(
            "what contract gives is activated, and not the gate",
            "silu belongs around self.gate(x), before the product.",
            GATE,
            "self.gate(x)",
            f"self.contract({PRODUCT})",
            f"F.silu(self.contract({PRODUCT}))",
        ),
        slip(
            "the gate is a sigmoid: the first gated layers, GLU, had that",
            "SwiGLU's gate is silu(z) = z · sigmoid(z): F.silu.",
            GATE,
            "torch.sigmoid(self.gate(x))",
        ),
        slip(
            "the gate is a ReLU",
            "SwiGLU's gate is silu(z) = z · sigmoid(z): F.silu.",
            GATE,
            "F.relu(self.gate(x))",
        ),
        slip(
            "the gate is a GELU",
            "Much the same shape, but SwiGLU's gate is F.silu.",
            GATE,
            "F.gelu(self.gate(x))",
        ),
        slip(
            "the gate is a GELU, computed with tanh",
            "Much the same shape, but SwiGLU's gate is F.silu.",
            GATE,
            'F.gelu(self.gate(x), approximate="tanh")',
        ),
        slip(
            "the gate is a tanh",
            "SwiGLU's gate is silu(z) = z · sigmoid(z): F.silu.",
            GATE,
            "torch.tanh(self.gate(x))",
        ),
        slip(
            "the gate is a ReLU, squared",
            "That is SquaredReLU's way; SwiGLU's gate is F.silu.",
            GATE,
            "F.relu(self.gate(x)).square()",
        ),
        slip(
            "the gate is a softmax: its numbers compete",
            "Each of the hidden numbers opens by itself: F.silu.",
            GATE,
            "self.gate(x).softmax(dim=-1)",
        ),
        slip(
            "the gate opens where it should close",
            "silu(gate x), without a minus.",
            GATE,
            "F.silu(-self.gate(x))",
        ),
        slip(
            "x is activated before the gate, and not after it",
            "silu of what the gate's matrix gives.",
            GATE,
            "self.gate(F.silu(x))",
        ),
        slip(
            "x is activated before both matrices",
            "silu of what the gate's matrix gives; expand reads x itself.",
            GATE,
            "self.gate(F.silu(x))",
            "self.expand(x)",
            "self.expand(F.silu(x))",
        ),
        slip(
            "the gate and what it should gate are added",
            "A gate is a factor: gate · expand x.",
            PRODUCT,
            "gate + self.expand(x)",
        ),
        slip(
            "nothing is gated: the second matrix is not used",
            "gate · expand x.",
            PRODUCT,
            "gate",
        ),
        slip(
            "there is no gate: only expand is used",
            "silu(gate x) · expand x.",
            PRODUCT,
            "self.expand(x)",
        ),
        slip(
            "the gate is multiplied by itself",
            "gate · expand x.",
            PRODUCT,
            "gate * self.gate(x)",
        ),
        slip(
            "silu's own factor stands twice: z² · sigmoid(z)",
            "F.silu(z) holds its factor z already.",
            GATE,
            "self.gate(x) * F.silu(self.gate(x))",
        ),
        slip(
            "x is added to the result",
            "The block adds x; the layer gives what is added to it.",
            f"return self.contract({PRODUCT})",
            f"return x + self.contract({PRODUCT})",
        ),
        slip(
            "the product is averaged over the positions",
            "Every position is worked on by itself.",
            PRODUCT,
            f"({PRODUCT}).mean(dim=1, keepdim=True)",
        ),
    ),
    hints=(
        "What happens to a product of two numbers, if both change their sign?",
        "Each entry of `gate * self.expand(x)` is a product of two linear "
        "maps of `x`. Which line should have a bend and has none?",
        "`F.silu(self.gate(x))`.",
    ),
    why="""\
Without `silu` every hidden number is a product of two linear maps of `x`.
If `x` changes its sign, both factors do, and the product does not: the layer
cannot know `x` from `-x`.
So the curve has two equal halves.
The loss shows nothing of it here, and that is no accident of one run alone:
[Shazeer](https://arxiv.org/abs/2002.05202) tries this layer on purpose, under
the name "bilinear", and it does well there.
What is lost is what an activation is there for: a gate that closes on one side
of 0 and opens on the other.""",
)
