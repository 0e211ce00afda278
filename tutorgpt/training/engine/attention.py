"""Causal attention whose weights are dropped out, a strip of rows at a time.

torch computes the whole table of T x T weights and then hides its upper
half. Here a strip of queries meets only the keys up to its own end: with
four strips three eighths of the table are never made, and no random number
is drawn for them.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor

Draw = Callable[[Sequence[int], float], tuple[Bool[Tensor, "..."], float]]
"""Shape and share to drop -> which numbers stay, and the factor for them."""
STRIP = 64
"""Queries in a strip; fewer save more of the table and cost more calls."""
STRIPS_FROM = 2 * STRIP
"""The window from which there are strips; a shorter one is one piece."""


def attention_with_dropout(
    q: Float[Tensor, "B H T D"],
    k: Float[Tensor, "B H T D"],
    v: Float[Tensor, "B H T D"],
    p: float,
    draw: Draw,
) -> Float[Tensor, "B H T D"]:
    """Causal attention; the share p of its weights is dropped out."""
    return _AttentionWithDropout.apply(q, k, v, p, draw)


class _AttentionWithDropout(torch.autograd.Function):
    """One head after the other lies in a stack of N = B H.

    With S = q k^T / sqrt(D), W = softmax(S) and K the numbers that are kept,
    already multiplied by their factor, out = (W K) v. With G = dL/d out:

        d v = (W K)^T G
        d W = K (G v^T)
        d S = W (d W - the sum of W d W over the row)
        d q = d S k / sqrt(D),    d k = d S^T q / sqrt(D)

    The sum over a row of T numbers is also the sum of G out over D numbers,
    which is less work. Source: Dao et al. 2022, appendix B.2.
    """

    @staticmethod
    def forward(
        ctx: Any, q: Tensor, k: Tensor, v: Tensor, p: float, draw: Draw
    ) -> Tensor:
        ctx.shape, ctx.scale = q.shape, q.shape[-1] ** -0.5
        q = (q * ctx.scale).flatten(0, 1)
        k, v = k.flatten(0, 1), v.flatten(0, 1)
        out, tables = torch.empty_like(q), []
        for rows, seen in _strips(q.shape[1]):
            scores = q[:, rows] @ k[:, seen].mT
            own = scores[..., rows]  # the rest of what is seen lies before
            own += torch.full_like(own, float("-inf")).triu_(1)
            weights = scores.softmax(-1)
            kept, ctx.factor = draw(weights.shape, p)
            some = torch.mul(weights, kept, out=scores) @ v[:, seen]
            out[:, rows] = some.mul_(ctx.factor)
            tables += [weights, kept]
        ctx.save_for_backward(q, k, v, out, *tables)
        return out.view(ctx.shape)

    @staticmethod
    def backward(ctx: Any, *d_out: Tensor) -> tuple[Tensor | None, ...]:
        q, k, v, out, *tables = ctx.saved_tensors
        d_out_ = d_out[0].flatten(0, 1)
        row_sums = (d_out_ * out).sum(-1, keepdim=True)
        d_out_ = d_out_ * ctx.factor
        d_q, d_k, d_v = (torch.zeros_like(each) for each in (q, k, v))
        pairs = zip(tables[::2], tables[1::2], strict=True)
        for (rows, seen), (weights, kept) in zip(
            _strips(q.shape[1]), pairs, strict=True
        ):
            some = d_out_[:, rows]
            d_v[:, seen] += (weights * kept).mT @ some
            d_scores = (some @ v[:, seen].mT).mul_(kept)
            d_scores.sub_(row_sums[:, rows]).mul_(weights)
            d_q[:, rows] = d_scores @ k[:, seen]
            d_k[:, seen] += d_scores.mT @ q[:, rows]
        d_q *= ctx.scale
        return *(d.view(ctx.shape) for d in (d_q, d_k, d_v)), None, None


def _strips(length: int) -> Iterator[tuple[slice, slice]]:
    """Which queries make a strip, and which keys they may see."""
    size = STRIP if length >= STRIPS_FROM else length
    for start in range(0, length, size):
        end = min(length, start + size)
        yield slice(start, end), slice(0, end)
