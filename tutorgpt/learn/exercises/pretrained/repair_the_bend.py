"""Exercise 12.5. A bug hunt: GELU in the form that was not trained with."""

import math
import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from tutorgpt.learn.check.comparing import same
from tutorgpt.learn.check.exercise import Exercise, build, slip
from tutorgpt.learn.check.modules import give_weights
from tutorgpt.learn.check.properties import (
    alike_for_equal_rows,
    every_place_alone,
)

BROKEN = """\
class BentLayer(nn.Module):
    def __init__(self, n_embed):
        super().__init__()
        self.expand = nn.Linear(n_embed, 4 * n_embed)
        self.contract = nn.Linear(4 * n_embed, n_embed)

    def forward(self, x):
        return self.contract(F.gelu(self.expand(x)))"""

MENDED = BROKEN.replace(
    "        return self.contract(F.gelu(self.expand(x)))",
    '        bent = F.gelu(self.expand(x), approximate="tanh")\n'
    "        return self.contract(bent)",
)


def to_think() -> list[tuple]:
    """Sizes (C,), and x (B, T, C), from zeros to very long.

    Where the hidden numbers are near 2 the two forms are farthest apart; in
    the last case all are near 0, and both are half of what comes in.
    """
    g = torch.Generator().manual_seed(125)
    return [
        ((C,), size * torch.randn(B, T, C, generator=g))
        for C, B, T, size in (
            (4, 1, 5, 2.0),
            (3, 2, 4, 3.0),
            (6, 3, 1, 1.5),
            (2, 1, 6, 5.0),
            (1, 2, 3, 2.0),
            (5, 1, 3, 40.0),
            (3, 1, 2, 0.0),
        )
    ]


def any_vectors(draw: random.Random) -> tuple:
    """Any sizes, and vectors of any length, 0 included."""
    B, T, C = (draw.randint(1, n) for n in (3, 5, 6))
    size = draw.choice((0.0, 0.3, 1.0, 2.0, 5.0))
    return (C,), size * torch.randn(B, T, C)


@torch.no_grad()
def what_it_bends_like(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: which of torch's own bends gives the same."""
    sizes, x = args
    model = build(MENDED, "BentLayer")(*sizes)
    give_weights(model)
    hidden, found = model.expand(x), again(*args)
    for name, bend in BENDS.items():
        if same(found, model.contract(bend(hidden))):
            return f"the same comes out with {name} in the place of GELU"
    return None


def far_from_zero(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: far from 0, GELU is 0 on one side and z on the other."""
    sizes, x = args
    far = torch.ones_like(x)
    once, twice = again(sizes, 1e4 * far), again(sizes, 2e4 * far)
    times = (twice.abs().max() / once.abs().max()).item()
    if not math.isfinite(times) or abs(times - 2) > 0.02:
        return (
            "far from 0 an input twice as long should give twice as much, "
            f"since GELU is z or 0 there, and it gives {times:.2f} times as "
            "much"
        )
    return None


BENDS = {
    "ELU": F.elu,
    "SELU": F.selu,
    "CELU": lambda z: F.celu(z, alpha=2.0),
    "a leaky ReLU": F.leaky_relu,
    "Mish": F.mish,
    "softsign": F.softsign,
    "hardswish": F.hardswish,
    "ReLU6": F.relu6,
    "a sigmoid": torch.sigmoid,
    "an absolute value": torch.abs,
}
"""What a learner may try, beside what the catalogue of mistakes knows."""

GELU = 'F.gelu(self.expand(x), approximate="tanh")'
BEND = f"bent = {GELU}"
RETURN = "return self.contract(bent)"
TANH_FORM = 'F.gelu(z, approximate="tanh"), around self.expand(x).'
CUBE = "½ z (1 + tanh(√(2/π) (z + 0.044715 z³)))."


def by_hand(formula: str) -> str:
    """The line with a formula for z in the place of torch's function."""
    return f"z = self.expand(x)\n        bent = {formula}"


EXERCISE = Exercise(
    number="12.5",
    title="No loss shows it",
    kind="bug",
    difficulty="medium",
    importance=3,
    task="""\
A small GPT was trained with the feed-forward layers of the chapter's `GPT2`.
Its weights were copied into a model that has this class there; the names are
the same, and all of them fit.
The held-out losses of the two agree to three decimals, and still their logits
are not equal.
The curve shows the largest difference between the logits of both, in
ten-thousandths, while each of these layers is handed its input times another
factor; the chapter leaves room for one ten-thousandth.
Read the curve, name the bug, and repair the class.""",
    starter=BROKEN,
    needs="from torch import nn\nfrom torch.nn import functional as F",
    target="BentLayer",
    solution=MENDED,
    suspect="GELU in its other form",
    symptom=(
        "at 1, where nothing is changed, logits are up to 26.6 "
        "ten-thousandths apart; at 0 the difference is next to nothing, and "
        "far from 0 it fades: what differs is the bend in between"
    ),
    cases=to_think,
    domain=any_vectors,
    is_module=True,
    rules=(
        every_place_alone,
        alike_for_equal_rows,
        what_it_bends_like,
        far_from_zero,
    ),
    wrong=(
        slip(
            "this is still GELU's exact form, with the area under a bell "
            "curve, and the weights were trained with the other one",
            TANH_FORM,
            ', approximate="tanh"',
            "",
        ),
        slip(
            "this is the third form, z · sigmoid(1.702 z)",
            TANH_FORM,
            BEND,
            by_hand("z * torch.sigmoid(1.702 * z)"),
        ),
        slip(
            "this is silu, z · sigmoid(z), as in a SwiGLU",
            TANH_FORM,
            GELU,
            "F.silu(self.expand(x))",
        ),
        slip(
            "this is chapter 4's ReLU",
            TANH_FORM,
            GELU,
            "F.relu(self.expand(x))",
        ),
        slip(
            "this is a ReLU, squared",
            TANH_FORM,
            GELU,
            "F.relu(self.expand(x)).square()",
        ),
        slip(
            "tanh stands there by itself: it is only a part of the formula",
            TANH_FORM,
            GELU,
            "torch.tanh(self.expand(x))",
        ),
        slip(
            "z is multiplied by its tanh: that is even, and GELU is not",
            CUBE,
            BEND,
            by_hand("z * torch.tanh(z)"),
        ),
        slip(
            "this is softplus: at 0 it is not 0",
            TANH_FORM,
            GELU,
            "F.softplus(self.expand(x))",
        ),
        slip(
            "nothing is bent",
            TANH_FORM,
            GELU,
            "self.expand(x)",
        ),
        slip(
            "GELU stands before the first matrix",
            TANH_FORM,
            GELU,
            'self.expand(F.gelu(x, approximate="tanh"))',
        ),
        slip(
            "GELU stands behind the second matrix",
            "It belongs between the two: " + TANH_FORM,
            GELU,
            "self.expand(x)",
            RETURN,
            'return F.gelu(self.contract(bent), approximate="tanh")',
        ),
        slip(
            "GELU stands there twice, between the matrices and behind them",
            "What contract gives comes out as it is.",
            RETURN,
            'return F.gelu(self.contract(bent), approximate="tanh")',
        ),
        slip(
            "GELU is taken of a GELU",
            "Once, of self.expand(x).",
            RETURN,
            'return self.contract(F.gelu(bent, approximate="tanh"))',
        ),
        slip(
            "the mean of both forms is taken",
            "The trained weights know one of them.",
            RETURN,
            "return self.contract((bent + F.gelu(self.expand(x))) / 2)",
        ),
        slip(
            "the cube is missing",
            CUBE,
            BEND,
            by_hand("z / 2 * (1 + torch.tanh(math.sqrt(2 / math.pi) * z))"),
        ),
        slip(
            "z is squared where its cube should stand",
            CUBE,
            BEND,
            by_hand(
                "z / 2 * (1 + torch.tanh(\n"
                "            math.sqrt(2 / math.pi) * (z + 0.044715 * z**2)\n"
                "        ))"
            ),
        ),
        slip(
            "the factor of the cube is ten times too large",
            CUBE,
            BEND,
            by_hand(
                "z / 2 * (1 + torch.tanh(\n"
                "            math.sqrt(2 / math.pi) * (z + 0.44715 * z**3)\n"
                "        ))"
            ),
        ),
        slip(
            "the factor of the cube is ten times too small",
            CUBE,
            BEND,
            by_hand(
                "z / 2 * (1 + torch.tanh(\n"
                "            math.sqrt(2 / math.pi) * (z + 0.0044715 * z**3)\n"
                "        ))"
            ),
        ),
        slip(
            "the cube is added behind √(2/π), which multiplies both",
            CUBE,
            BEND,
            by_hand(
                "z / 2 * (1 + torch.tanh(\n"
                "            math.sqrt(2 / math.pi) * z + 0.044715 * z**3\n"
                "        ))"
            ),
        ),
        slip(
            "√(2/π) is missing",
            CUBE,
            BEND,
            by_hand("z / 2 * (1 + torch.tanh(z + 0.044715 * z**3))"),
        ),
        slip(
            "2/π stands there without its root",
            CUBE,
            BEND,
            by_hand(
                "z / 2 * (1 + torch.tanh(\n"
                "            2 / math.pi * (z + 0.044715 * z**3)\n"
                "        ))"
            ),
        ),
        slip(
            "√(π/2) stands there, and not √(2/π)",
            CUBE,
            BEND,
            by_hand(
                "z / 2 * (1 + torch.tanh(\n"
                "            math.sqrt(math.pi / 2) * (z + 0.044715 * z**3)\n"
                "        ))"
            ),
        ),
        slip(
            "the half is missing: far out it gives 2z",
            CUBE,
            RETURN,
            "return self.contract(2 * bent)",
        ),
        slip(
            "the 1 beside tanh is missing: both sides come out alike",
            CUBE,
            RETURN,
            "return self.contract(bent - self.expand(x) / 2)",
        ),
        slip(
            "erf of z itself is taken, without √2: this is neither form",
            TANH_FORM,
            BEND,
            by_hand("z / 2 * (1 + torch.erf(z))"),
        ),
        slip(
            "the bend opens to the wrong side",
            "GELU of self.expand(x), without a minus.",
            "F.gelu(self.expand(x)",
            "F.gelu(-self.expand(x)",
        ),
        slip(
            "x is added to the result",
            "The block adds x; the layer gives what is added to it.",
            RETURN,
            "return x + self.contract(bent)",
        ),
        slip(
            "the hidden numbers are averaged over the positions",
            "Every position is worked on by itself.",
            RETURN,
            "return self.contract(bent.mean(dim=1, keepdim=True))",
        ),
        slip(
            "the biases of expand are left out",
            "Call self.expand(x): the trained weights have biases.",
            "self.expand(x)",
            "F.linear(x, self.expand.weight)",
        ),
        slip(
            "the biases of contract are left out",
            "Call self.contract(bent): the trained weights have biases.",
            RETURN,
            "return F.linear(bent, self.contract.weight)",
        ),
    ),
    hints=(
        "The two agree where the hidden numbers are 0, and where they are "
        "far from 0. Which part of the layer is a straight line there?",
        "`GPT2` puts `nn.GELU` into each layer, and hands it one word. "
        "`F.gelu` takes the same word.",
        '`F.gelu(self.expand(x), approximate="tanh")`.',
    ),
    why="""\
GELU is z times the area under a bell curve up to z.
When it was invented that area was slow to compute, and a formula with tanh
stood in for it: `½ z (1 + tanh(√(2/π) (z + 0.044715 z³)))`.
GPT-2 was trained with the formula, and its weights expect it.
The two differ by less than a thousandth, most where z is between 2 and 3 or
between -3 and -2, and not at all where GELU is straight: that is the hump in
the curve.
Names and shapes say nothing about it, since a bend has no weights, and the
loss is the same to three decimals.
Only a comparison of logits finds it: they should agree to rounding, and they
are tens of ten-thousandths apart.""",
)
