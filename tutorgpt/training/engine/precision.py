"""Matrix products with factors of sixteen bits, all else in thirty-two.

bfloat16 keeps float32's range and 8 of its 24 digits. Weights, sums, norms,
the softmax and the optimizer stay in float32; only what enters a matrix
product is rounded. Some processors multiply such factors twice as fast,
others at half the speed, although both have instructions for it: so the
processor is asked by timing one product.
"""

import time
from functools import cache
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tutorgpt.training.engine.sharing import replace_modules


class _RoundedProduct(torch.autograd.Function):
    """y = x W^T with both factors in bfloat16, and its two gradients.

    x (..., C), W (D, C) -> y (..., D). With d = dL/dy, flattened to (N, D):
    dL/dx = d W and dL/dW = d^T x. The rounded factors are kept, so that
    they are rounded once and take half the memory until backward.
    """

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


@cache
def rounding_pays() -> bool:
    """Whether this processor multiplies bfloat16 sooner than float32."""
    x = torch.ones(256, 256)  # moves no random generator
    return _seconds(x.bfloat16()) < _seconds(x)


def _seconds(x: Float[Tensor, "N N"]) -> float:
    """The best of a few tries of one product, after one to warm up."""
    _ = x @ x
    tries = []
    for _ in range(9):
        start = time.perf_counter()
        _ = x @ x
        tries.append(time.perf_counter() - start)
    return min(tries)
