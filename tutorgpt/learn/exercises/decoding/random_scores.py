"""Scores of a few next tokens, which several exercises choose from."""

import torch
from jaxtyping import Float
from torch import Tensor


def scored(B: int, V: int, seed: int) -> Float[Tensor, "B V"]:
    """Scores of any size, no two alike."""
    g = torch.Generator().manual_seed(seed)
    return 2 * torch.randn(B, V, generator=g)
