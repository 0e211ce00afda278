"""Matrix products with factors of sixteen bits, all else in thirty-two.

bfloat16 keeps float32's range and 8 of its 24 digits. Weights, sums, norms,
the softmax and the optimizer stay in float32; only what enters a matrix
product is rounded. Processors with instructions for it multiply such
factors about twice as fast; others gain nothing.
"""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tutorgpt.training.sharing import replace_modules


class _RoundedProduct(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor) -> Tensor:
        x_factor = x.flatten(0, -2).bfloat16()
        factor = weight.bfloat16()
        ctx.save_for_backward(x_factor, factor)
        out = x_factor @ factor.t()
        return out.float().view(*x.shape[:-1], len(weight))

    @staticmethod
    def backward(ctx: Any, *d_out: Tensor) -> tuple[Tensor, Tensor]:
        x_factor, factor = ctx.saved_tensors
        d_factor = d_out[0].flatten(0, -2).bfloat16()
        d_x = (d_factor @ factor).float()
        d_weight = (d_factor.t() @ x_factor).float()
        return d_x.view(*d_out[0].shape[:-1], -1), d_weight


class BFloat16Linear(nn.Module):
    """A Linear, with its own weights, that multiplies rounded factors."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.weight, self.bias = linear.weight, linear.bias

    def forward(self, x: Float[Tensor, "*B C"]) -> Float[Tensor, "*B D"]:
        out = _RoundedProduct.apply(x, self.weight)
        return out if self.bias is None else out + self.bias


def round_products(model: nn.Module) -> nn.Module:
    """Give a model BFloat16Linear in the place of every Linear."""
    return replace_modules(model, nn.Linear, BFloat16Linear)
