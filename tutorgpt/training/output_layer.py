"""The output layer and its loss in one go, without a table of all logits.

With a vocabulary of 6148, one batch's logits fill six megabytes, and the
loss walks over them again and again. A few rows at a time they stay in the
processor's cache: the loss and its gradients come out the same, sooner.
"""

from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

LOGITS_AT_ONCE = 400_000
"""How many logits are alive at a time; only speed depends on it."""


def output_layer_loss(
    x: Float[Tensor, "N C"],
    weight: Float[Tensor, "V C"],
    bias: Float[Tensor, " V"],
    targets: Int[Tensor, " N"],
    dtype: torch.dtype = torch.float32,
) -> Float[Tensor, ""]:
    """next_token_loss(x @ weight.T + bias, targets), chunk by chunk.

    dtype: what the factors of the matrix products are rounded to; sums,
    the softmax and the loss stay in float32.
    """
    return _OutputLayerLoss.apply(x, weight, bias, targets, dtype)


class _OutputLayerLoss(torch.autograd.Function):
    """The gradients are made on the way forward, while logits are at hand.

    With e = exp(logits - their maximum) and z = its sum over the row, the
    softmax is e / z, and the gradient of the logits is that minus one at
    the target. e is never divided: dividing the narrow results of its
    products by z is less work. The bias is one more column of the weight,
    and z comes out of a product too, for a column of ones.
    """

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        weight: Tensor,
        bias: Tensor,
        targets: Tensor,
        dtype: torch.dtype,
    ) -> Tensor:
        N, V = len(x), len(weight)
        x_one = torch.cat([x, x.new_ones(N, 1)], 1)
        weight_bias = torch.cat([weight, bias[:, None]], 1).to(dtype).t()
        weight_one = torch.cat([weight, weight.new_ones(V, 1)], 1).to(dtype)
        d_x, d_weight = (
            torch.empty_like(x_one),
            weight.new_zeros(V, len(x[0]) + 1),
        )
        total = x.new_zeros(())
        size = max(1, LOGITS_AT_ONCE // V)
        for start in range(0, N, size):
            rows = slice(start, start + size)
            logits = (x_one[rows].to(dtype) @ weight_bias).float()
            goal = logits.gather(1, targets[rows, None])
            highest = logits.amax(1, keepdim=True)
            e = logits.sub_(highest).exp_().to(dtype)
            e_weight = (e @ weight_one).float()
            z = e_weight[:, -1:]
            total += (z.log() + highest - goal).sum()
            torch.div(e_weight, z, out=d_x[rows])
            d_weight += e.t() @ (x_one[rows] / z).to(dtype)
        d_weight.index_add_(0, targets, x_one, alpha=-1)
        d_x = d_x[:, :-1] - weight[targets]
        ctx.save_for_backward(d_x, d_weight)
        return total / N

    @staticmethod
    def backward(ctx: Any, *d_loss: Tensor) -> tuple[Tensor | None, ...]:
        d_x, d_weight = ctx.saved_tensors
        d_mean = d_loss[0] / len(d_x)
        d_weight = d_weight * d_mean
        return d_x * d_mean, d_weight[:, :-1], d_weight[:, -1], None, None
