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
"""How many logits are alive at a time; only speed depends on it. More where
that would be fewer rows than channels: each chunk is added to the whole
gradient of W, and that costs more than its product then."""


def output_layer_loss(
    x: Float[Tensor, "N C"],
    weight: Float[Tensor, "V C"],
    bias: Float[Tensor, " V"] | None,
    targets: Int[Tensor, " N"],
    dtype: torch.dtype = torch.float32,
) -> Float[Tensor, ""]:
    """next_token_loss(x @ weight.T + bias, targets), chunk by chunk.

    dtype: what the matrix products are computed in; sums over more than one
    chunk, the softmax and the loss stay in float32.
    """
    return _OutputLayerLoss.apply(x, weight, bias, targets, dtype)


class _OutputLayerLoss(torch.autograd.Function):
    """The gradients are made on the way forward, while logits are at hand.

    logits = x W^T + b, (N, V). With e = exp(logits - their maximum) and
    z = its sum over the row, (N, 1), the softmax is e / z, and

        loss        = mean of  ln z + maximum - logit of the target
        d logits    = (e / z - one at the target) / N
        d x         = d logits W       = (e W) / z - W[target]
        d W         = d logits^T x     = e^T (x / z), minus x at the target
        d b         = d logits, summed = e^T (1 / z), minus counts of targets

    e is never divided by z: its products have C numbers a row, where e has
    V, and dividing those is less work. The 1 / N comes in backward.
    """

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        targets: Tensor,
        dtype: torch.dtype,
    ) -> Tensor:
        (N, C), V = x.shape, len(weight)
        ctx.narrow, ctx.biased = x.dtype, bias is not None
        x = x.float()
        added = weight.new_zeros(V) if bias is None else bias
        factor, shift = weight.to(dtype), added.to(dtype)
        total = x.new_zeros(())
        d_x, d_bias = -weight[targets], torch.zeros_like(added)
        d_weight = torch.zeros_like(weight)
        size = min(N, max(LOGITS_AT_ONCE // V, C))
        space = x.new_empty(size, V)  # used again: new memory costs time
        for start in range(0, N, size):
            rows = slice(start, start + size)
            some_x = x[rows]
            logits = space[: len(some_x)]
            _scores(some_x.to(dtype), factor, shift, out=logits)
            goal = logits.gather(1, targets[rows, None])
            highest = logits.amax(1, keepdim=True)
            e = logits.sub_(highest).exp_()
            z = e.sum(1, keepdim=True)
            total += (z.log() + highest - goal).sum()
            d_x[rows] += (e.to(dtype) @ factor) / z
            _add_product(d_weight, e.t(), some_x / z, dtype)
            d_bias.addmv_(e.t(), 1 / z[:, 0])
        d_weight.index_add_(0, targets, x, alpha=-1)
        d_bias -= targets.bincount(minlength=V)
        ctx.save_for_backward(d_x, d_weight, d_bias)
        return total / N

    @staticmethod
    def backward(ctx: Any, *d_loss: Tensor) -> tuple[Tensor | None, ...]:
        d_x, d_weight, d_bias = ctx.saved_tensors
        d_mean = d_loss[0] / len(d_x)
        d_added = d_bias * d_mean if ctx.biased else None
        d_input = (d_x * d_mean).to(ctx.narrow)
        return d_input, d_weight * d_mean, d_added, None, None


def _scores(
    x: Float[Tensor, "N C"],
    weight: Float[Tensor, "V C"],
    bias: Float[Tensor, " V"],
    *,
    out: Float[Tensor, "N V"],
) -> None:
    """x W^T + b into a table of float32."""
    if x.dtype == out.dtype:
        torch.addmm(bias, x, weight.t(), out=out)
    else:
        out.copy_(torch.addmm(bias, x, weight.t()))


def _add_product(
    total: Float[Tensor, "N M"],
    a: Float[Tensor, "N K"],
    b: Float[Tensor, "K M"],
    dtype: torch.dtype,
) -> None:
    """total += a @ b, multiplied in dtype."""
    if dtype == total.dtype:
        total.addmm_(a, b)
    else:
        total += a.to(dtype) @ b.to(dtype)
