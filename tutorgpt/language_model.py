"""What all six models of the tutorial have in common."""

from collections.abc import Iterator
from contextlib import contextmanager

from jaxtyping import Float, Int
from torch import Tensor, nn

from tutorgpt.config import ModelConfig


class LanguageModel(nn.Module):
    """A model that scores, at every position, each possible next token.

    tokens (B, T) -> logits (B, T, V), and nothing else: loss, sampling and
    training are functions that take any language model.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config

    def forward(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T V"]:
        raise NotImplementedError(
            f"{type(self).__name__} must define forward(tokens) -> logits"
        )


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
