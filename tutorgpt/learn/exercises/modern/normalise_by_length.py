"""Exercise 11.1. RMSNorm from its definition."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.comparing import same
from tutorgpt.learn.check.exercise import Exercise, slip

SHAPES = ((2, 5, 3), (4, 6), (2, 3, 4, 8), (5, 5, 5), (3, 2), (7,), (2, 4, 1))
"""Of x: from no axis in front of the channels to three."""


def to_norm() -> list[tuple]:
    """Inputs (..., C) whose mean is not 0, weights (C,), and epsilons."""
    g = torch.Generator().manual_seed(111)
    epsilons = (1e-5, 1e-2, 1e-6, 0.3, 1e-3, 1e-4, 0.05)
    cases = [
        (
            2 * torch.randn(shape, generator=g) + 1.5,
            torch.randn(shape[-1], generator=g),
            epsilon,
        )
        for shape, epsilon in zip(SHAPES, epsilons, strict=True)
    ]
    tiny = 0.003 * torch.randn(2, 3, 4, generator=g)
    level = torch.tensor([0.0, 2.0, -5.0]).view(3, 1).repeat(1, 4)
    return [
        *cases,
        (tiny, torch.ones(4), 1e-5),
        (level, torch.tensor([1.0, -2.0, 0.0, 300.0]), 1e-4),
        (torch.zeros(2, 1, 3), torch.tensor([1.0, 2.0, -1.0]), 1e-5),
    ]


def any_vectors(draw: random.Random) -> tuple:
    """Vectors of any size and scale, with up to three axes in front."""
    shape = [draw.randint(1, 4) for _ in range(draw.randint(0, 3))]
    C = draw.randint(1, 8)
    g = torch.Generator().manual_seed(draw.getrandbits(30))
    scale = draw.choice((1e-3, 1e-2, 1.0, 10.0))
    x = torch.randn(*shape, C, generator=g) + draw.choice((0, 2, -3))
    if draw.random() < 0.3:
        x[..., 0] = 0
    if draw.random() < 0.3:
        x[:1] = 0
    weight = draw.choice((torch.randn(C, generator=g), torch.ones(C)))
    return scale * x, weight, draw.choice((1e-6, 1e-5, 1e-3, 0.1))


def length_of_each(
    again: Any, args: tuple, expected: Float[Tensor, "*B C"]
) -> str | None:
    """A rule: with weight 1 each vector's root mean square is 1."""
    g = torch.Generator().manual_seed(12)
    x = 3 * torch.randn(2, 5, 4, generator=g) + 2
    plain = again(x, torch.ones(4), 1e-7)
    sizes = plain.square().mean(dim=-1).sqrt().flatten()
    worst = (sizes - 1).abs().argmax()
    if abs(sizes[worst] - 1) > 1e-2:
        return (
            "with weight 1 and a tiny epsilon the root mean square of each "
            f"vector should be 1, and one has {sizes[worst]:.3f}"
        )
    if not same(plain[:1, :1], again(x[:1, :1], torch.ones(4), 1e-7)):
        return "a vector comes out otherwise when it stands alone"
    ratios = plain / x
    if not same(ratios, ratios[..., :1].expand_as(ratios)):
        return (
            "with weight 1 all channels of a vector should be divided by one "
            "number, and they are not"
        )
    return None


def weight_of_each(
    again: Any, args: tuple, expected: Float[Tensor, "*B C"]
) -> str | None:
    """A rule: what the weight does to a vector."""
    x = torch.tensor([[1.0, -2.0, 0.5], [3.0, 0.0, 1.0]])
    plain = again(x, torch.ones(3), 1e-3)
    weight = torch.tensor([2.0, -1.0, 0.5])
    if not same(again(x, weight, 1e-3), weight * plain):
        return (
            "the weight should multiply each channel of what comes out with "
            "weight 1, and it does something else"
        )
    return None


def under_the_root(
    again: Any, args: tuple, expected: Float[Tensor, "*B C"]
) -> str | None:
    """A rule: what stands under the root besides the mean square."""
    x = torch.tensor([[0.01, -0.01]])
    large = again(1000 * x, torch.ones(2), 1e-4)[0]
    if not same(large, torch.tensor([1.0, -1.0])):
        return None  # more than epsilon is another one
    found = again(x, torch.ones(2), 1e-4)[0]
    if not same(found, -found.flip(0)) or not 0 < found[0] <= 1.0001:
        return None
    under = (0.01 / found[0].item()) ** 2 - 0.01**2
    if abs(under - 1e-4) < 5e-6:
        return None
    return (
        "with weight 1 and epsilon 1e-4 a vector (0.01, -0.01) comes out as "
        f"{found[0]:.3f} and {found[1]:.3f}, as if {max(under, 0):.1e} were "
        "added to the mean square"
    )


MEAN_SQUARE = "x.square().mean(dim=-1, keepdim=True)"
ROOT = "(mean_square + epsilon).sqrt()"

EXERCISE = Exercise(
    number="11.1",
    title="RMSNorm by hand",
    kind="write",
    difficulty="easy",
    importance=4,
    task="""\
Write `root_mean_square_norm(x, weight, epsilon)` from memory.
`x` $(..., C)$ holds vectors of $C$ channels, with any number of axes in
front: none, or $B$ and $T$, or more.
Each vector is divided by its root mean square, with `epsilon` inside the
root, and then each channel is multiplied by its learned `weight` $(C,)$.""",
    starter='''\
def root_mean_square_norm(x, weight, epsilon):
    """Every vector at one length, then a learned scale."""
    return ...''',
    target="root_mean_square_norm",
    solution='''\
def root_mean_square_norm(x, weight, epsilon):
    """Every vector at one length, then a learned scale."""
    mean_square = x.square().mean(dim=-1, keepdim=True)
    return x / (mean_square + epsilon).sqrt() * weight''',
    cases=to_norm,
    domain=any_vectors,
    labels=("x", "weight", "epsilon ="),
    rules=(length_of_each, weight_of_each, under_the_root),
    wrong=(
        slip(
            "the norm runs over the second axis of x, and not over the "
            "channels",
            "Each vector is normalised alone: dim=-1.",
            "dim=-1",
            "dim=1",
        ),
        slip(
            "the norm runs over the first axis of x",
            "Each vector is normalised alone: dim=-1.",
            "dim=-1",
            "dim=0",
        ),
        slip(
            "the norm runs over the positions, not over the channels",
            "Each vector is normalised alone: dim=-1.",
            "dim=-1",
            "dim=-2",
        ),
        slip(
            "one mean square serves the whole tensor",
            "Each vector has its own: dim=-1, keepdim=True.",
            "mean(dim=-1, keepdim=True)",
            "mean()",
        ),
        slip(
            "positions and channels are normalised together",
            "Each vector is normalised alone: dim=-1.",
            "dim=-1",
            "dim=(-2, -1)",
        ),
        slip(
            "the mean square has lost its last axis",
            "keepdim=True leaves an axis of length 1 to divide by.",
            "dim=-1, keepdim=True",
            "dim=-1",
        ),
        slip(
            "x is taken to have three axes, and it may have more or fewer",
            "C is x.shape[-1], and dim=-1 is the last axis, however many "
            "stand in front.",
            "    mean_square = x",
            "    B, T, C = x.shape\n    mean_square = x",
        ),
        slip(
            "x is taken to have two axes, and it may have more or fewer",
            "C is x.shape[-1], and dim=-1 is the last axis, however many "
            "stand in front.",
            "    mean_square = x",
            "    T, C = x.shape\n    mean_square = x",
        ),
        slip(
            "math.sqrt is asked for the root of many numbers at once",
            "It takes one number; torch.sqrt and .sqrt() take a tensor.",
            ROOT,
            "math.sqrt(mean_square + epsilon)",
        ),
        slip(
            "epsilon stands outside of the root",
            "It is added to the mean square: (mean_square + epsilon).sqrt().",
            ROOT,
            "(mean_square.sqrt() + epsilon)",
        ),
        slip(
            "epsilon is missing: a vector of zeros divides 0 by 0",
            "Under the root: (mean_square + epsilon).sqrt().",
            "mean_square + epsilon",
            "mean_square",
        ),
        slip(
            "epsilon is 1e-5, whatever is handed over",
            "Add epsilon itself.",
            "+ epsilon",
            "+ 1e-5",
        ),
        slip(
            "epsilon is 1e-6, whatever is handed over",
            "Add epsilon itself.",
            "+ epsilon",
            "+ 1e-6",
        ),
        slip(
            "epsilon is not handed on to rms_norm, which then takes 1.2e-7",
            "Its fourth argument is eps: F.rms_norm(x, shape, weight, "
            "epsilon).",
            "+ epsilon",
            "+ torch.finfo(torch.float32).eps",
        ),
        slip(
            "epsilon is a floor under the mean square, and is not added",
            "mean_square + epsilon.",
            "(mean_square + epsilon)",
            "mean_square.clamp(min=epsilon)",
        ),
        slip(
            "epsilon is squared",
            "Add it as it is handed over.",
            "+ epsilon",
            "+ epsilon**2",
        ),
        slip(
            "the mean is taken away as well: this is LayerNorm",
            "RMSNorm leaves the mean where it is: divide x itself.",
            "    mean_square = x",
            "    x = x - x.mean(dim=-1, keepdim=True)\n    mean_square = x",
        ),
        slip(
            "the variance stands for the mean square: the mean is taken away "
            "before squaring",
            "The mean of the squares of x itself: x.square().mean(...).",
            MEAN_SQUARE,
            "x.var(dim=-1, keepdim=True, unbiased=False)",
        ),
        slip(
            "the variance stands for the mean square, and divides by C - 1",
            "The mean of the squares of x itself: x.square().mean(...).",
            MEAN_SQUARE,
            "x.var(dim=-1, keepdim=True)",
        ),
        slip(
            "it divides by the standard deviation, and epsilon stands outside "
            "of the root",
            "By the root of (the mean of the squares of x, plus epsilon).",
            MEAN_SQUARE,
            "x.var(dim=-1, keepdim=True)",
            ROOT,
            "(mean_square.sqrt() + epsilon)",
        ),
        slip(
            "the squares are added up, so each vector has length 1, not √C",
            "Their mean, not their sum.",
            "mean(dim=-1",
            "sum(dim=-1",
        ),
        slip(
            "it divides by the vector's length, so that it is 1 and not √C, "
            "and epsilon is missing",
            "The mean of the squares, not their sum, and epsilon under the "
            "root.",
            "mean(dim=-1",
            "sum(dim=-1",
            "mean_square + epsilon",
            "mean_square",
        ),
        slip(
            "each vector gets the length 1, not √C, and epsilon is a floor "
            "only",
            "The mean of the squares, plus epsilon, under the root.",
            f"return x / {ROOT}",
            "return F.normalize(x, dim=-1, eps=epsilon)",
        ),
        slip(
            "the sum of the squares is divided by the number of entries along "
            "the first axis",
            "By C, the number of channels: mean(dim=-1).",
            MEAN_SQUARE,
            "x.square().sum(dim=-1, keepdim=True) / len(x)",
        ),
        slip(
            "the mean is squared, not the numbers",
            "First the squares, then their mean.",
            MEAN_SQUARE,
            "x.mean(dim=-1, keepdim=True).square()",
        ),
        slip(
            "the mean of |x| stands for the root of the mean square",
            "Square, take the mean, add epsilon, take the root.",
            "x.square()",
            "x.abs()",
            ".sqrt()",
            "",
        ),
        slip(
            "it divides by the mean square, not by its root",
            "(mean_square + epsilon).sqrt().",
            ".sqrt()",
            "",
        ),
        slip(
            "it multiplies by the root mean square, or divides by rsqrt()",
            "Divide by the root: x / sqrt(...), or x * rsqrt(...).",
            "x / (",
            "x * (",
        ),
        slip(
            "the weight is left out",
            "The last step: times weight.",
            " * weight",
            "",
        ),
        slip(
            "1 is added to the weight",
            "weight itself multiplies: at the start it is 1 already.",
            " * weight",
            " * (1 + weight)",
        ),
        slip(
            "the product with the weight is a matrix product, which adds up "
            "the channels",
            "Channel by channel: * weight.",
            " * weight",
            " @ weight",
        ),
        slip(
            "the weight is added",
            "Multiply by it.",
            " * weight",
            " + weight",
        ),
        slip(
            "it divides by the weight",
            "Multiply by it.",
            " * weight",
            " / weight",
        ),
        slip(
            "the weight multiplies x before the norm",
            "First the norm, then the weight.",
            " * weight",
            "",
            "    mean_square = x",
            "    x = x * weight\n    mean_square = x",
        ),
        slip(
            "only the root is given back, without x",
            "x divided by it.",
            "return x / ",
            "return ",
        ),
    ),
    hints=(
        "Three steps: square and take the mean, divide by the root, weight.",
        "`x.square().mean(dim=-1, keepdim=True)` keeps the axis to divide by.",
        "x over the root of (this mean + `epsilon`), then times `weight`.",
    ),
    why="""\
`dim=-1` is the axis of the channels, however many axes stand in front, and
`keepdim=True` leaves an axis of length 1 to divide by.
With the root mean square at 1 the length of every vector is $\\sqrt C$.
Nothing is taken away, so a vector keeps its direction until the weights
stretch it; `epsilon` matters only where the numbers are small.""",
)
