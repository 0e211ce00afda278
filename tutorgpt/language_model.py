"""What all six models of the tutorial have in common."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar

from jaxtyping import Float, Int
from torch import Tensor, nn

from tutorgpt.config import ModelConfig

Reader = Callable[[Tensor], Tensor]
"""Scores what comes next: the text so far (B, T) -> scores (B, V)."""


class LanguageModel(nn.Module):
    """A model that scores, at every position, each possible next token.

    tokens (B, T) -> logits (B, T, V), and nothing else: loss, sampling and
    training are functions that take any language model.
    config_class: what describes such a model; a checkpoint stores one.
    """

    config_class: ClassVar[type] = ModelConfig

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
    """Switch dropout off inside; put the model's own mode back after.

    Also after an error, or when the reader interrupts.
    """
    was_training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(was_training)
