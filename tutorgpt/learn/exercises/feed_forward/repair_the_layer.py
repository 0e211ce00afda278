"""Exercise 4.3. A bug hunt: a feed-forward layer that gains nothing."""

import random
from typing import Any

import torch

from tutorgpt.learn.check.comparing import number
from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.check.modules import try_module
from tutorgpt.learn.check.properties import (
    alike_for_equal_rows,
    every_place_alone,
)

BROKEN = """\
class Thinking(nn.Module):
    def __init__(self, n_embed):
        super().__init__()
        self.expand = nn.Linear(n_embed, 4 * n_embed)
        self.relu = nn.ReLU()
        self.contract = nn.Linear(4 * n_embed, n_embed)

    def forward(self, x):
        return self.contract(self.expand(x))"""

MENDED = BROKEN.replace("self.expand(x)", "self.relu(self.expand(x))")


def any_input(draw: random.Random) -> tuple:
    """A width, and an input (B, T, C) of any size and scale."""
    B, T, C = (draw.randint(1, n) for n in (3, 6, 8))
    g = torch.Generator().manual_seed(draw.getrandbits(30))
    scale = draw.choice((0.0, 0.1, 1.0, 30.0))
    return (C,), scale * torch.randn(B, T, C, generator=g)


def bends_at_zero(again: Any, args: tuple, expected: Any) -> str | None:
    """A rule: along a line through 0, the result is not a straight line."""
    sizes, x = args
    # A bend at 0 itself shows only where both sides are looked at.
    bottom, once = again(sizes, 0 * x), again(sizes, x)
    steps = (-9, -3, -1, 2, 3, 9)
    off = [again(sizes, n * x) - bottom - n * (once - bottom) for n in steps]
    if all(o.abs().max() < 1e-5 * (1 + 9 * once.abs().max()) for o in off):
        return (
            "there is no bend: from -9 x by way of 0 to 9 x the result moves "
            "along a straight line"
        )
    return None


def kind_of_bend(again: Any, args: tuple, expected: Any) -> str | None:
    """A rule: what the layer does to inputs far from 0."""
    sizes, x = args
    known = EXERCISE.reference()
    if (again(sizes, x) - again(sizes, 2 * x)).abs().max() < 1e-6:
        return None
    far = 10_000 * x
    right, found = try_module(known, known, sizes, far), again(sizes, far)
    if (found - right).abs().max() < 1e-2 * right.abs().max():
        return (
            "for inputs 10,000 times as large it is right to a hundredth: "
            "what is wrong stays small, as with a bend that is rounded near "
            "0, or with a number that is added"
        )
    times = (found.abs().max() / again(sizes, x).abs().max()).item()
    if times < 100:
        return (
            "for inputs 10,000 times as large the result grows only "
            f"{number(times)} times: something holds large numbers back, and "
            "ReLU does not"
        )
    if times > 1e6:
        return (
            "for inputs 10,000 times as large the result grows "
            f"{number(times)} times: something makes large numbers larger "
            "yet, and ReLU leaves them as they are"
        )
    return None


EXERCISE = Exercise(
    number="4.3",
    title="Eight thousand parameters for nothing",
    kind="bug",
    difficulty="easy",
    importance=5,
    task="""\
This layer stood in the chapter's model, which learned no more than without it.
Read the curve and the sample, name the bug, and repair the class.""",
    starter=BROKEN,
    target="Thinking",
    solution=MENDED,
    suspect="ReLU missing",
    symptom=(
        "the two curves fall almost together, and the broken one ends a "
        "little above the healthy one"
    ),
    cases=lambda: [
        ((4,), torch.linspace(-2, 2, 20).view(1, 5, 4)),
        ((6,), torch.linspace(-9, 9, 84).sin().view(2, 7, 6)),
        ((3,), 30 * torch.linspace(-9, 5, 18).cos().view(3, 2, 3)),
        ((1,), torch.tensor([[[1.5]]])),
    ],
    domain=any_input,
    is_module=True,
    rules=(
        every_place_alone,
        alike_for_equal_rows,
        bends_at_zero,
        kind_of_bend,
    ),
    wrong=(
        slip(
            "there is still no bend between the two layers",
            "A ReLU belongs there: contract reads what it gives back.",
            "self.relu(self.expand(x))",
            "self.expand(x)",
        ),
        slip(
            "the bend comes after the second layer",
            "Between expand and contract: what leaves may be negative.",
            "self.contract(self.relu(self.expand(x)))",
            "self.relu(self.contract(self.expand(x)))",
        ),
        slip(
            "the bend comes before the first layer",
            "Cutting the input loses half of it: between the layers.",
            "self.contract(self.relu(self.expand(x)))",
            "self.contract(self.expand(self.relu(x)))",
        ),
        slip(
            "there is a bend after both layers",
            "Only between them: a layer must be able to say less than 0.",
            "self.contract(self.relu(self.expand(x)))",
            "self.relu(self.contract(self.relu(self.expand(x))))",
        ),
        slip(
            "the input is added to the result",
            "That is chapter 5's idea; here the layer alone is wanted.",
            "return self.contract",
            "return x + self.contract",
        ),
        slip(
            "the bend is another one than ReLU: GELU",
            "It would train as well, but the class has a self.relu.",
            "self.relu(self.expand(x))",
            "F.gelu(self.expand(x))",
        ),
        slip(
            "the bend is another one than ReLU: the hyperbolic tangent",
            "tanh holds everything between -1 and 1; the class has a "
            "self.relu.",
            "self.relu(self.expand(x))",
            "self.expand(x).tanh()",
        ),
        slip(
            "the bend is another one than ReLU: a leaky ReLU, which lets a "
            "hundredth of the negatives through",
            "The class has a self.relu, which lets nothing through.",
            "self.relu(self.expand(x))",
            "F.leaky_relu(self.expand(x))",
        ),
        slip(
            "the bend is another one than ReLU: the absolute value, which "
            "turns negatives round",
            "ReLU makes them 0; the class has a self.relu.",
            "self.relu(self.expand(x))",
            "self.expand(x).abs()",
        ),
        slip(
            "the bend is another one than ReLU: the sigmoid",
            "sigmoid is never 0 and never above 1; the class has a self.relu.",
            "self.relu(self.expand(x))",
            "self.expand(x).sigmoid()",
        ),
        slip(
            "the bend is another one than ReLU: SiLU",
            "It would train as well, but the class has a self.relu.",
            "self.relu(self.expand(x))",
            "F.silu(self.expand(x))",
        ),
        slip(
            "the bend is another one than ReLU: ELU",
            "It would train as well, but the class has a self.relu.",
            "self.relu(self.expand(x))",
            "F.elu(self.expand(x))",
        ),
        slip(
            "the bend is another one than ReLU: softplus, the smooth ReLU",
            "It is never quite 0; the class has a self.relu.",
            "self.relu(self.expand(x))",
            "F.softplus(self.expand(x))",
        ),
        slip(
            "the bend is another one than ReLU: ReLU6, which ends at 6",
            "What is large stays as it is; the class has a self.relu.",
            "self.relu(self.expand(x))",
            "F.relu6(self.expand(x))",
        ),
        slip(
            "the bend is another one than ReLU: the square of ReLU",
            "What is positive stays as it is.",
            "self.relu(self.expand(x))",
            "self.relu(self.expand(x)) ** 2",
        ),
        slip(
            "the bend is another one than ReLU: a softmax",
            "No number depends on its neighbours here; the class has a "
            "self.relu.",
            "self.relu(self.expand(x))",
            "self.expand(x).softmax(-1)",
        ),
        slip(
            "the bend is another one than ReLU: a leaky ReLU, which lets a "
            "tenth of the negatives through",
            "The class has a self.relu, which lets nothing through.",
            "self.relu(self.expand(x))",
            "F.leaky_relu(self.expand(x), 0.1)",
        ),
        slip(
            "the bend is another one than ReLU: a leaky ReLU, which lets a "
            "fifth of the negatives through",
            "The class has a self.relu, which lets nothing through.",
            "self.relu(self.expand(x))",
            "F.leaky_relu(self.expand(x), 0.2)",
        ),
        slip(
            "the bend is another one than ReLU: the square",
            "It would train as well, but the class has a self.relu.",
            "self.relu(self.expand(x))",
            "self.expand(x) ** 2",
        ),
        slip(
            "contract reads what expand gave twice: bent and unbent, added",
            "Only the bent numbers: contract(relu(expand(x))).",
            "self.relu(self.expand(x))",
            "self.relu(self.expand(x)) + self.expand(x)",
        ),
        slip(
            "x comes back as it went in",
            "Through expand, the bend and contract.",
            "self.contract(self.relu(self.expand(x)))",
            "x",
        ),
        slip(
            "the negatives are kept and the positives cut off",
            "ReLU makes the negatives 0: no minus sign before expand.",
            "self.relu(self.expand(x))",
            "-self.relu(-self.expand(x))",
        ),
        slip(
            "the neurons' sign is turned: contract reads minus what they gave",
            "No minus sign on the way: contract(relu(expand(x))).",
            "self.contract(self.relu(self.expand(x)))",
            "self.contract(-self.relu(self.expand(x)))",
        ),
        slip(
            "what comes out is what the neurons gave, before contract",
            "The way back to C channels is still missing.",
            "self.contract(self.relu(self.expand(x)))",
            "self.relu(self.expand(x))",
        ),
        slip(
            "there is a bend before the first layer as well",
            "Only between them: what comes in may be negative.",
            "self.relu(self.expand(x))",
            "self.relu(self.expand(self.relu(x)))",
        ),
        slip(
            "the neurons are turned round before the bend: relu(-h)",
            "No minus sign before relu: what is positive stays.",
            "self.relu(self.expand(x))",
            "self.relu(-self.expand(x))",
        ),
        slip(
            "what leaves the bend is doubled",
            "contract reads relu(expand(x)) as it is.",
            "self.relu(self.expand(x))",
            "2 * self.relu(self.expand(x))",
        ),
        slip(
            "contract reads the neurons in the opposite order",
            "No flip: neuron n belongs to column n.",
            "self.relu(self.expand(x))",
            "self.relu(self.expand(x)).flip(-1)",
        ),
        slip(
            "x is bent by itself and added to expand(x), which stays unbent",
            "The bend belongs on what expand gives.",
            "self.contract(self.relu(self.expand(x)))",
            "self.contract(self.expand(x)) + self.relu(x)",
        ),
    ),
    hints=(
        "Which layer of `__init__` does `forward` not use?",
        "Two Linear layers in a row are one Linear layer.",
        "`self.contract(self.relu(self.expand(x)))`.",
    ),
    why="""\
Without a bend the product of the two matrices is one matrix, which the
next Linear could have learned as well: no new function, no gain.
One bend between them is all the difference.""",
)
