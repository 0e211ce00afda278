"""The numbers that describe a model and the way it is trained."""

from dataclasses import dataclass, fields, replace

from tutorgpt.checks import at_least
from tutorgpt.train_config import TrainConfig


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """The shape of a model; two models with equal configs have equal shapes.

    vocab_size: V, how many different tokens there are.
    block_size: the longest context, in tokens, that the model can read.
    n_embed: C, the number of channels of the vector that stands for a token.
    n_head: H, attention heads per layer; must divide n_embed.
    n_layer: how many blocks are stacked (chapters 5 and 6).
    dropout: the share of activations set to zero in training, in [0, 1).
    """

    vocab_size: int
    block_size: int
    n_embed: int
    n_head: int
    n_layer: int
    dropout: float = 0.0

    def __post_init__(self) -> None:
        at_least(
            1,
            vocab_size=self.vocab_size,
            block_size=self.block_size,
            n_embed=self.n_embed,
            n_head=self.n_head,
            n_layer=self.n_layer,
        )
        check_heads(self.n_embed, self.n_head)
        check_dropout(self.dropout)

    @property
    def head_size(self) -> int:
        """D, the channels of one head: n_embed / n_head."""
        return self.n_embed // self.n_head


def check_heads(n_embed: int, n_head: int) -> None:
    """Refuse heads that do not share the channels out evenly."""
    if n_embed % n_head:
        raise ValueError(
            f"n_embed {n_embed} cannot be shared by n_head {n_head} heads: "
            "choose n_embed as a multiple of n_head"
        )


def check_dropout(dropout: float) -> None:
    """Refuse a dropout share outside [0, 1)."""
    if not 0 <= dropout < 1:
        raise ValueError(
            f"dropout is {dropout}: choose a share from 0 (off) to below 1"
        )


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A model's shape and its training settings under one name."""

    name: str
    block_size: int
    n_embed: int
    n_head: int
    n_layer: int
    dropout: float
    batch_size: int
    learning_rate: float
    max_steps: int

    def model(self, *, vocab_size: int) -> ModelConfig:
        """The shape, for a vocabulary of this size."""
        shape = {
            field.name: getattr(self, field.name)
            for field in fields(ModelConfig)
            if field.name != "vocab_size"
        }
        return ModelConfig(vocab_size=vocab_size, **shape)

    def training(self, **changes) -> TrainConfig:
        """The training settings, with any of them changed by keyword."""
        settings = TrainConfig(
            max_steps=self.max_steps,
            batch_size=self.batch_size,
            learning_rate=self.learning_rate,
        )
        return replace(settings, **changes)


CHAPTER = Preset(
    name="chapter",
    block_size=32,
    n_embed=32,
    n_head=4,
    n_layer=3,
    dropout=0.0,
    batch_size=32,
    learning_rate=3e-3,
    max_steps=2000,
)
"""What every chapter trains with, so that the rungs can be compared."""
