"""The three shapes that are measured, and the arithmetic they cost."""

from dataclasses import dataclass

from tutorgpt.config import LARGE, SMALL, ModelConfig
from tutorgpt.scaling import training_flops


@dataclass(frozen=True)
class Shape:
    """A model and a batch, and how often a step of it is timed.

    steps: made in a row each time it is a contender's turn.
    """

    name: str
    model: ModelConfig
    batch_size: int
    steps: int

    @property
    def tokens(self) -> int:
        """Tokens read in one step."""
        return self.batch_size * self.model.block_size

    @property
    def flops(self) -> float:
        """Multiplications and additions of one step's matrix products."""
        return float(self.tokens * training_flops(self.model))


SHAPES = {
    "small": Shape(
        "small",
        SMALL.model(vocab_size=6148),
        batch_size=32,
        steps=8,
    ),
    "medium": Shape(
        "medium",
        ModelConfig(
            vocab_size=65, block_size=64, n_embed=128, n_head=4, n_layer=4
        ),
        batch_size=12,
        steps=3,
    ),
    "large": Shape(
        "large",
        LARGE.model(vocab_size=6148),
        batch_size=8,
        steps=1,
    ),
}
