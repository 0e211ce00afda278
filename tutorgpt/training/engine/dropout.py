"""Dropout for less: fewer random bits, and fewer numbers to drop.

torch draws a float for each number that may be dropped, which takes longer
than the layer it follows. Here one draw of 64 bits decides over four of
them: the share is kept to 1/65,536, the random numbers are others.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from tutorgpt.training.engine.attention import attention_with_dropout

LEVELS = 2**16


def keep_mask(
    shape: Sequence[int], dropout: float
) -> tuple[Bool[Tensor, "..."], float]:
    """Which numbers stay, and what they are multiplied by to make up."""
    dropped = round(dropout * LEVELS)
    count = torch.Size(shape).numel()
    draws = torch.empty((count + 3) // 4, dtype=torch.int64)
    bits = draws.random_(-(2**63), None).view(torch.int16)[:count]
    kept = bits >= dropped - LEVELS // 2
    return kept.view(*shape), LEVELS / (LEVELS - dropped)


def fast_dropout(x: Float[Tensor, "..."], p: float) -> Float[Tensor, "..."]:
    """F.dropout in training mode, with cheaper random numbers."""
    kept, factor = keep_mask(x.shape, p)
    return x * kept.to(x.dtype).mul_(factor)


def torch_mask(
    shape: Sequence[int], dropout: float
) -> tuple[Bool[Tensor, "..."], float]:
    """The same as keep_mask, with torch's own draw for each number."""
    kept = torch.empty(*shape, dtype=torch.bool).bernoulli_(1 - dropout)
    return kept, 1 / (1 - dropout)


class CheaperDropout(TorchFunctionMode):
    """Inside `with`, dropout costs less, and attention weights' the least.

    fast: draw from sixteen bits a number; else as torch draws.
    """

    def __init__(self, *, fast: bool) -> None:
        super().__init__()
        self.fast = fast

    def __torch_function__(
        self,
        func: Callable,
        types: Sequence[type],
        args: tuple = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        if func is F.dropout and self.fast:
            return _replace_dropout(*args, **kwargs)
        if func is F.scaled_dot_product_attention and _fits(args, kwargs):
            q, k, v = args
            draw = keep_mask if self.fast else torch_mask
            return attention_with_dropout(q, k, v, kwargs["dropout_p"], draw)
        return func(*args, **kwargs)


def _replace_dropout(
    x: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor:
    return fast_dropout(x, p) if training and p > 0 else x


def _fits(args: tuple, kwargs: dict[str, Any]) -> bool:
    """Whether it is causal attention of as many queries as keys, no more."""
    asked = {
        name
        for name, value in kwargs.items()
        if isinstance(value, Tensor) or value
    }
    alike = len({each.shape for each in args}) == 1
    return alike and asked == {"dropout_p", "is_causal"}


class PlainAttention(TorchFunctionMode):
    """Inside `with`, no attention weight is dropped.

    Attention then runs in one piece, without its table of T x T weights.
    """

    def __torch_function__(
        self,
        func: Callable,
        types: Sequence[type],
        args: tuple = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        if func is F.scaled_dot_product_attention:
            kwargs = kwargs | {"dropout_p": 0.0}
        return func(*args, **kwargs)


class StepLossInside(nn.Module):
    """A step's loss, computed inside `with` of one of the modes above."""

    def __init__(
        self, mode: Callable[[], TorchFunctionMode], step_loss: nn.Module
    ) -> None:
        super().__init__()
        self.mode, self.step_loss = mode, step_loss

    def forward(
        self, tokens: Int[Tensor, "B T"], targets: Int[Tensor, "B T"]
    ) -> Float[Tensor, ""]:
        with self.mode():
            return self.step_loss(tokens, targets)
