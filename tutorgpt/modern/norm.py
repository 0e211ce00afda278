"""Chapter 11. A norm that leaves the mean alone."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tutorgpt.ground.checks import above, at_least


def at_length(
    x: Float[Tensor, "*B C"], epsilon: float
) -> Float[Tensor, "*B C"]:
    """Each vector divided by its root mean square: its length is then √C.

    In float32 at least: of a sum of squares, 16 bits keep too little.
    """
    x = x.to(torch.promote_types(x.dtype, torch.float32))
    mean_square = x.square().mean(dim=-1, keepdim=True)
    return x * (mean_square + epsilon).rsqrt()


class RMSNorm(nn.Module):
    """LayerNorm without the mean and the shift: a length and a scale.

    x (..., C) -> (..., C): x / sqrt(mean(x²) + ε) · weight, one learned
    weight a channel. While the weights are equal the directions are those
    of x, which LayerNorm's are not. Nothing is computed but one mean.
    Source: Zhang and Sennrich 2019, equation 4.
    """

    def __init__(self, n_embed: int, epsilon: float = 1e-5) -> None:
        super().__init__()
        at_least(1, n_embed=n_embed)
        above(0, epsilon=epsilon)
        self.epsilon = epsilon
        self.weight = nn.Parameter(torch.ones(n_embed))

    def forward(self, x: Float[Tensor, "*B C"]) -> Float[Tensor, "*B C"]:
        return (at_length(x, self.epsilon) * self.weight).to(x.dtype)


class LengthNorm(nn.Module):
    """RMSNorm with nothing to learn: every vector gets the length √C.

    x (..., C) -> (..., C). For queries and keys, whose products then depend
    on their angle alone. Henry et al. 2020 use length 1 and a learned
    factor on the scores instead, Qwen3 an RMSNorm.
    """

    def __init__(self, epsilon: float = 1e-5) -> None:
        super().__init__()
        above(0, epsilon=epsilon)
        self.epsilon = epsilon

    def forward(self, x: Float[Tensor, "*B C"]) -> Float[Tensor, "*B C"]:
        return at_length(x, self.epsilon).to(x.dtype)
