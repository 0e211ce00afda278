"""Scores of a few next tokens, which several exercises choose from."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor


def scored(B: int, V: int, seed: int) -> Float[Tensor, "B V"]:
    """Scores of any size, no two alike."""
    g = torch.Generator().manual_seed(seed)
    return 2 * torch.randn(B, V, generator=g)


def any_scores(draw: random.Random) -> Float[Tensor, "B V"]:
    """Scores (B, V) of any size: close, far apart, equal, very negative."""
    shape = draw.randint(1, 4), draw.randint(1, 9)
    kind = draw.choice(("close", "far", "tied", "all equal", "negative"))
    if kind == "tied":
        return torch.randint(3, shape).float()
    if kind == "all equal":
        return torch.zeros(shape)
    if kind == "negative":
        return torch.randn(shape) * 3 - 5000
    return torch.randn(shape) * (1 if kind == "close" else 30)


def any_of_the_equal(result: Any, scores: Float[Tensor, "B V"]) -> Any:
    """A result (B, V), put in order among tokens whose scores are equal.

    Any of the equal ones may be chosen, so their results are sorted, each
    within the places of its own score: no other token can take one of them.
    """
    if not isinstance(result, Tensor) or result.shape != scores.shape:
        return result
    settled = result.clone()
    for row, mine in zip(settled, scores, strict=True):
        for score in mine.unique():
            places = (mine == score).nonzero().flatten()
            row[places] = row[places].sort(descending=True).values
    return settled
