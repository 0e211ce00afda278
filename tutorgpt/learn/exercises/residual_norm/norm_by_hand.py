"""Exercise 5.1. LayerNorm from its definition."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip


def to_norm() -> list[tuple]:
    """Inputs (B, T, C) far from normal, a gain and a shift (C,)."""
    g = torch.Generator().manual_seed(11)
    return [
        (
            3 * torch.randn(B, T, C, generator=g) + 2,
            torch.randn(C, generator=g),
            torch.randn(C, generator=g),
        )
        for B, T, C in ((1, 4, 6), (2, 5, 3), (6, 6, 6))
    ] + [
        (
            0.003 * torch.randn(2, 3, 4, generator=g),
            torch.ones(4),
            torch.zeros(4),
        )
    ]


def mean_and_spread(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: with gain 1 and shift 0, mean 0 and variance 1 per token."""
    x, gain, shift = args
    plain = again(x, torch.ones_like(gain), torch.zeros_like(shift))
    if plain.mean(dim=-1).abs().max() > 1e-3:
        return "without gain and shift the mean of a token is not 0"
    variance = plain.var(dim=-1, unbiased=False)
    if (variance - 1).abs().max() > 1e-2 and x.std() > 1:
        return "without gain and shift the variance of a token is not 1"
    return None


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
    rules=(mean_and_spread,),
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
            "the small number is missing or outside of the root: a token "
            "of equal numbers divides by almost nothing",
            "(variance + 1e-5).sqrt()",
            "(variance + 1e-5).sqrt()",
            "(variance.sqrt() + 1e-5)",
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
