"""The three shapes that are measured, and the arithmetic they cost."""

from dataclasses import dataclass

from tutorgpt.config import ModelConfig


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
        """Multiplications and additions of one step's matrix products.

        Two for each weight and token forwards, twice as many backwards;
        the scores of attention and what they weigh on top, half of which
        the mask makes superfluous and nobody saves.
        """
        C, T, V = (
            self.model.n_embed,
            self.model.block_size,
            self.model.vocab_size,
        )
        weights = self.model.n_layer * 12 * C * C + C * V
        attention = self.model.n_layer * 2 * T * C
        return 6.0 * self.tokens * (weights + attention)


SHAPES = {
    "small": Shape(
        "small",
        ModelConfig(
            vocab_size=6148, block_size=8, n_embed=32, n_head=4, n_layer=3
        ),
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
        ModelConfig(
            vocab_size=6148,
            block_size=256,
            n_embed=384,
            n_head=6,
            n_layer=6,
            dropout=0.2,
        ),
        batch_size=8,
        steps=1,
    ),
}
