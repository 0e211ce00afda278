"""What all six models of the tutorial have in common."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from tutorgpt.config import ModelConfig

Reader = Callable[[Tensor], Tensor]
"""Scores what comes next: the text so far (B, T) -> scores (B, V)."""


class ReadsTokens(nn.Module):
    """A module whose one input is tokens; those at fault are named."""

    config: Any

    def __call__(self, tokens: Tensor, *args: Any, **kwargs: Any) -> Any:
        """As every module is called.

        The tokens are looked at when torch has failed, so it costs nothing.
        """
        if torch.compiler.is_compiling():
            return super().__call__(tokens, *args, **kwargs)
        try:
            return super().__call__(tokens, *args, **kwargs)
        except (
            AttributeError,
            IndexError,
            RuntimeError,
            TypeError,
            ValueError,
        ):
            check_tokens(tokens, self.config.vocab_size)
            raise


class LanguageModel(ReadsTokens):
    """A model that scores, at every position, each possible next token.

    tokens (B, T) -> logits (B, T, V), and nothing else: loss, sampling and
    training are functions that take any language model.
    config_class: what describes such a model; a checkpoint stores one.
    credit: whose weights it began with, and under which licence, where that
        is somebody else; a checkpoint keeps it.
    """

    config_class: ClassVar[type] = ModelConfig
    credit: str = ""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config

    def forward(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T V"]:
        raise NotImplementedError(
            f"{type(self).__name__} must define forward(tokens) -> logits"
        )

    def reader(self, batch_size: int, window: str = "exact") -> Reader:
        """The plain way to write on: read the whole context at every step.

        batch_size: how many texts are written at once.
        window: see window_start. A model that knows a faster way to the
        same scores overrides this.
        """

        def next_scores(tokens: Tensor) -> Tensor:
            block_size = self.config.block_size
            start = window_start(tokens.shape[1], block_size, window)
            return self(tokens[:, start:])[:, -1]

        return next_scores


def credit_of(model: LanguageModel) -> dict[str, str]:
    """What a file that holds a model says of whose weights it began with."""
    return {"credit": model.credit} if model.credit else {}


def check_tokens(tokens: object, vocab_size: int) -> None:
    """Refuse what is no table (B, T) of whole numbers below vocab_size."""
    remedy = "pass whole numbers as a tensor (B, T), such as tokens[None]"
    if not isinstance(tokens, Tensor):
        raise ValueError(
            f"the tokens are of type {type(tokens).__name__}: {remedy}"
        )
    if tokens.dim() != 2:
        raise ValueError(
            f"the tokens have the shape {tuple(tokens.shape)}, which is not "
            f"(B, T): {remedy} for one text"
        )
    if tokens.dtype not in (torch.int64, torch.int32):
        kind = str(tokens.dtype).removeprefix("torch.")
        raise ValueError(
            f"the tokens are {kind} numbers: pass whole numbers, as "
            "tokens.long() gives them"
        )
    if tokens.numel() == 0 or tokens.device.type != "cpu":
        return  # a GPU would have to be waited for
    lowest, highest = tokens.min().item(), tokens.max().item()
    if lowest < 0 or highest >= vocab_size:
        wrong = lowest if lowest < 0 else highest
        raise ValueError(
            f"token {wrong} is outside the vocabulary of {vocab_size}: "
            f"tokens go from 0 to {vocab_size - 1}"
        )


def window_start(length: int, block_size: int, window: str) -> int:
    """Where the context begins, in a text of this many tokens.

    Up to block_size tokens the whole text is the context. Beyond that,
    "exact" keeps the last block_size tokens; "half" moves on by half a
    block whenever the window is full, and then stands until it is again.
    """
    step = 1 if window == "exact" else max(1, block_size // 2)
    too_many = max(0, length - block_size)
    return -(-too_many // step) * step  # rounded up to whole steps


@contextmanager
def eval_mode(model: nn.Module) -> Iterator[None]:
    """Switch dropout off inside; put the mode of every part back after.

    Also after an error, or when the reader interrupts.
    """
    modes = [(part, part.training) for part in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for part, was_training in modes:
            part.training = was_training
