"""Exercise 5.1. LayerNorm from its definition."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.comparing import same
from tutorgpt.learn.check.exercise import Exercise, slip


def to_norm() -> list[tuple]:
    """Inputs (B, T, C) far from normal, a gain and a shift (C,)."""
    g = torch.Generator().manual_seed(11)
    cases = [
        (
            3 * torch.randn(B, T, C, generator=g) + 2,
            torch.randn(C, generator=g),
            torch.randn(C, generator=g),
        )
        for B, T, C in ((1, 4, 6), (2, 5, 3), (6, 6, 6), (2, 2, 2))
    ]
    tiny = 0.003 * torch.randn(2, 3, 4, generator=g)
    cases.append((tiny, torch.ones(4), torch.zeros(4)))
    # Whole numbers, so that the mean of equal ones is exact.
    level = (
        torch.tensor([0.0, 2.0, -5.0]).view(1, 3, 1).expand(2, 3, 5).clone()
    )
    level[0, 1, 3] = 7
    return [
        *cases,
        (level, torch.tensor([1.0, -2.0, 0.0, 0.5, 300.0]), torch.arange(5.0)),
        (torch.ones(2, 1, 1), torch.tensor([2.0]), torch.tensor([-1.0])),
    ]


def any_tokens(draw: random.Random) -> tuple:
    """Tokens of any size and scale, some with equal numbers only."""
    B, T, C = (draw.randint(1, n) for n in (3, 5, 8))
    g = torch.Generator().manual_seed(draw.getrandbits(30))
    scale = draw.choice((1e-3, 1e-2, 1.0, 10.0))
    x = scale * (torch.randn(B, T, C, generator=g) + draw.choice((0, 2, -3)))
    if draw.random() < 0.3:
        x[0, -1] = draw.randint(-3, 3)
    gain, shift = torch.randn(2, C, generator=g)
    return x, draw.choice((gain, gain, torch.ones(C), torch.zeros(C))), shift


def mean_and_spread(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: with gain 1 and shift 0, mean 0 and variance 1 per token."""
    g = torch.Generator().manual_seed(11)
    x = 3 * torch.randn(2, 5, 4, generator=g) + 2
    plain = again(x, torch.ones(4), torch.zeros(4))
    says = []
    for what, should, found in (
        ("mean", 0, plain.mean(dim=-1)),
        ("variance", 1, plain.var(dim=-1, unbiased=False)),
    ):
        worst = (found - should).abs().argmax()
        if (found - should).abs().max() > 1e-2:
            says.append(
                f"with gain 1 and shift 0 the {what} of each token should be "
                f"{should}, and one has {found.flatten()[worst]:.3f}"
            )
    return "; ".join(says) or None


def scale_and_shift(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: what the gain and the shift do to a normal vector."""
    g = torch.Generator().manual_seed(11)
    x = torch.randn(2, 5, 4, generator=g)
    one, none = torch.ones(4), torch.zeros(4)
    plain = again(x, one, none)
    channels = torch.tensor([1.0, -2.0, 3.0, 0.5])
    says = []
    if not same(again(x, channels, none), channels * plain):
        says.append(
            "with shift 0, the gain should multiply each channel, and it "
            "does something else"
        )
    if not same(again(x, one, channels), plain + channels):
        says.append(
            "with gain 1, the shift should be added to each channel, and "
            "something else happens"
        )
    return "; ".join(says) or None


def small_number(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: what stands under the root besides the variance."""
    x = torch.tensor([[[0.003, -0.003]]])
    large = again(1000 * x, torch.ones(2), torch.zeros(2))[0, 0]
    if not same(large, torch.tensor([1.0, -1.0])):
        return None  # more than the small number is another one
    found = again(x, torch.ones(2), torch.zeros(2))[0, 0]
    if not same(found, -found.flip(0)) or not 0 < found[0] <= 1.0001:
        return None
    under = (0.003 / found[0].item()) ** 2 - 0.003**2
    if abs(under - 1e-5) < 5e-7:
        return None
    return (
        "a token (0.003, -0.003), with gain 1 and shift 0, comes out as "
        f"{found[0]:.3f} and {found[1]:.3f}, as if {max(under, 0):.1e} were "
        "added to the variance, and not 1e-5"
    )


EXERCISE = Exercise(
    number="5.1",
    title="LayerNorm by hand",
    kind="write",
    difficulty="medium",
    importance=5,
    task="""\
Write `norm_by_hand(x, gain, shift)` from memory, for `x` $(B, T, C)$: each
token's vector gets mean 0 and variance 1, then the learned `gain` and
`shift` $(C,)$.
Use 1e-5 to keep the root from zero, as PyTorch does.""",
    starter='''\
def norm_by_hand(x, gain, shift):
    """Every token on one scale, then a learned scale and shift."""
    return ...''',
    target="norm_by_hand",
    solution='''\
def norm_by_hand(x, gain, shift):
    """Every token on one scale, then a learned scale and shift."""
    mean = x.mean(dim=-1, keepdim=True)
    variance = x.var(dim=-1, keepdim=True, unbiased=False)
    normal = (x - mean) / (variance + 1e-5).sqrt()
    return gain * normal + shift''',
    cases=to_norm,
    domain=any_tokens,
    rules=(mean_and_spread, scale_and_shift, small_number),
    wrong=(
        slip(
            "the norm runs over the positions, not over the channels",
            "Each token is normalised alone: dim=-1.",
            "dim=-1",
            "dim=1",
        ),
        slip(
            "the norm runs over the batch, as BatchNorm's does",
            "Each token is normalised alone: dim=-1.",
            "dim=-1",
            "dim=0",
        ),
        slip(
            "the variance divides by C - 1: the unbiased one",
            "LayerNorm divides by C: unbiased=False (or correction=0).",
            "unbiased=False",
            "unbiased=True",
        ),
        slip(
            "the variance is the sum of the squares, not their mean",
            "Divide by C as well: the mean over the channels.",
            "x.var(dim=-1, keepdim=True, unbiased=False)",
            "((x - mean) ** 2).sum(dim=-1, keepdim=True)",
        ),
        slip(
            "it divides by the variance, not by its root",
            "The standard deviation is the root of the variance.",
            ".sqrt()",
            "",
        ),
        slip(
            "the mean is not taken away",
            "Subtract it before you divide.",
            "(x - mean)",
            "x",
        ),
        slip(
            "the small number is missing: a token of equal numbers divides "
            "0 by 0",
            "Under the root: (variance + 1e-5).sqrt().",
            "(variance + 1e-5)",
            "variance",
        ),
        slip(
            "the small number stands outside of the root",
            "It is added to the variance: (variance + 1e-5).sqrt().",
            "(variance + 1e-5).sqrt()",
            "(variance.sqrt() + 1e-5)",
        ),
        slip(
            "the small number is missing, and the variance divides by C - 1",
            "(variance + 1e-5).sqrt(), with unbiased=False.",
            "(variance + 1e-5)",
            "variance",
            "unbiased=False",
            "unbiased=True",
        ),
        slip(
            "the small number stands outside of the root, and the variance "
            "divides by C - 1",
            "(variance + 1e-5).sqrt(), with unbiased=False.",
            "(variance + 1e-5).sqrt()",
            "(variance.sqrt() + 1e-5)",
            "unbiased=False",
            "unbiased=True",
        ),
        slip(
            "the small number is 1e-6",
            "The task and PyTorch say 1e-5.",
            "1e-5",
            "1e-6",
        ),
        slip(
            "the small number is 1e-8",
            "The task and PyTorch say 1e-5.",
            "1e-5",
            "1e-8",
        ),
        slip(
            "the shift is left out",
            "The last step: gain * normal + shift.",
            "gain * normal + shift",
            "gain * normal",
        ),
        slip(
            "the gain is left out",
            "The last step: gain * normal + shift.",
            "gain * normal + shift",
            "normal + shift",
        ),
        slip(
            "gain and shift have changed places",
            "Multiply by gain, add shift.",
            "gain * normal + shift",
            "shift * normal + gain",
        ),
        slip(
            "the shift is taken away",
            "Add it.",
            "normal + shift",
            "normal - shift",
        ),
        slip(
            "it divides by the gain",
            "Multiply by it.",
            "gain * normal",
            "normal / gain",
        ),
        slip(
            "the root of the mean square is 1 and the mean is not 0: this is "
            "RMSNorm",
            "Take the mean away, for the variance and above the division.",
            "(x - mean)",
            "x",
            "x.var(dim=-1, keepdim=True, unbiased=False)",
            "x.square().mean(dim=-1, keepdim=True)",
        ),
        slip(
            "the mean is taken away, and it is not divided",
            "Divide by (variance + 1e-5).sqrt().",
            "(x - mean) / (variance + 1e-5).sqrt()",
            "x - mean",
        ),
        slip(
            "each sequence is normalised as a whole, over positions and "
            "channels",
            "Each token is normalised alone: dim=-1.",
            "dim=-1",
            "dim=(1, 2)",
        ),
        slip(
            "mean and variance have lost their last axis",
            "keepdim=True leaves an axis of length 1 to divide by.",
            "dim=-1, keepdim=True",
            "dim=-1",
        ),
        slip(
            "the mean has lost its last axis",
            "keepdim=True leaves an axis of length 1 to subtract.",
            "mean(dim=-1, keepdim=True)",
            "mean(dim=-1)",
        ),
        slip(
            "the variance has lost its last axis",
            "keepdim=True leaves an axis of length 1 to divide by.",
            "var(dim=-1, keepdim=True",
            "var(dim=-1",
        ),
        slip(
            "the sign is turned: x is taken from the mean",
            "Take the mean away from x: x - mean.",
            "(x - mean)",
            "(mean - x)",
        ),
        slip(
            "the gain multiplies before the mean is taken away",
            "First normalise, then the gain.",
            "(x - mean)",
            "(gain * x - mean)",
            "gain * normal",
            "normal",
        ),
        slip(
            "it multiplies by the spread",
            "Divide by it.",
            "/ (variance + 1e-5)",
            "* (variance + 1e-5)",
        ),
        slip(
            "gain and shift are left out",
            "The last step: gain * normal + shift.",
            "return gain * normal + shift",
            "return normal",
        ),
        slip(
            "the shift is added before the gain multiplies",
            "First the gain, then the shift.",
            "gain * normal + shift",
            "gain * (normal + shift)",
        ),
        slip(
            "one mean and one variance serve the whole tensor",
            "Each token has its own: dim=-1, keepdim=True.",
            "x.mean(dim=-1, keepdim=True)",
            "x.mean()",
            "x.var(dim=-1, keepdim=True, unbiased=False)",
            "x.var(unbiased=False)",
        ),
        slip(
            "mean and variance are those of a channel over batch and "
            "positions, as BatchNorm's are",
            "Each token is normalised alone: dim=-1.",
            "x.mean(dim=-1, keepdim=True)",
            "x.mean(dim=(0, 1), keepdim=True)",
            "x.var(dim=-1, keepdim=True, unbiased=False)",
            "x.var(dim=(0, 1), keepdim=True, unbiased=False)",
        ),
        slip(
            "1 is added to the gain",
            "gain itself multiplies: at the start it is 1 already.",
            "gain * normal",
            "(1 + gain) * normal",
        ),
        slip(
            "the mean of the squares of x stands for the variance",
            "Take the mean away first: the mean of (x - mean) squared.",
            "x.var(dim=-1, keepdim=True, unbiased=False)",
            "x.square().mean(dim=-1, keepdim=True)",
        ),
        slip(
            "the small number is 1e-3",
            "The task says 1e-5.",
            "1e-5",
            "1e-3",
        ),
        slip(
            "only the mean is divided, and x stands in front of it whole",
            "Brackets around the difference: (x - mean) / ...",
            "    normal = (x - mean) / (variance + 1e-5).sqrt()\n"
            "    return gain * normal + shift",
            "    return x - mean / (variance + 1e-5).sqrt() * gain + shift",
        ),
        slip(
            "the small number is 1e-12",
            "The task and PyTorch say 1e-5.",
            "1e-5",
            "1e-12",
        ),
    ),
    hints=(
        "Four steps: mean away, divide by the spread, gain, shift.",
        "`x.mean(dim=-1, keepdim=True)`; `x.var` needs `unbiased=False`.",
        "`(x - mean) / (variance + 1e-5).sqrt()`, then gain and shift.",
    ),
    why="""\
The statistics are those of one token's $C$ numbers, so no position and no
sequence mixes with another.
`keepdim=True` keeps the axis for the division, and the 1e-5 stands inside
the root, where it matters for a token whose numbers are all equal.""",
)
