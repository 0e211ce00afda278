"""The output layer and its loss in one go, without a table of all logits.

With a vocabulary of 6148, one batch's logits fill six megabytes, and the
loss walks over them again and again. A few rows at a time they stay in the
processor's cache: the loss and its gradients come out the same, sooner.
"""

import math
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
    """The gradients are made on the way forward, while logits are at hand."""

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
        factor, x_factor = weight.to(dtype), x.to(dtype)
        total = x.new_zeros(())
        d_x, d_bias = torch.empty_like(x), torch.zeros_like(bias)
        d_weight = torch.zeros_like(weight)
        size = max(1, LOGITS_AT_ONCE // V)
        for start in range(0, N, size):
            rows = slice(start, start + size)
            logits = torch.addmm(
                bias.to(dtype), x_factor[rows], factor.t()
            ).float()
            loss, d_logits = _loss_and_gradient(logits, targets[rows], N)
            total += loss
            d_bias += d_logits.sum(0)
            d_logits = d_logits.to(dtype)
            d_x[rows] = d_logits @ factor
            d_weight += d_logits.t() @ x_factor[rows]
        ctx.save_for_backward(d_x, d_weight, d_bias)
        return total

    @staticmethod
    def backward(ctx: Any, *d_loss: Tensor) -> tuple[Tensor | None, ...]:
        gradients = (g.mul_(d_loss[0]) for g in ctx.saved_tensors)
        return (*gradients, None, None)


def _loss_and_gradient(
    logits: Float[Tensor, "R V"], targets: Int[Tensor, " R"], count: int
) -> tuple[Float[Tensor, ""], Float[Tensor, "R V"]]:
    """These rows' share of the mean loss over count rows, and d/d logits.

    The gradient is the softmax, minus one at the target; it takes the
    place of the logits.
    """
    goal = targets[:, None]
    log_sum = logits.logsumexp(1, keepdim=True)
    loss = (log_sum - logits.gather(1, goal)).sum() / count
    gradient = logits.sub_(log_sum + math.log(count)).exp_()
    share = gradient.new_full(goal.shape, -1 / count)
    return loss, gradient.scatter_add_(1, goal, share)
