"""Chapter 11. A later model in the place of the first GPT's: ModernGPT."""

from torch import nn

from tutorgpt.config import ModelConfig
from tutorgpt.modern.attention import GroupedQueryAttention
from tutorgpt.modern.block import PartsBlock
from tutorgpt.modern.feed_forward import SwiGLU
from tutorgpt.modern.norm import RMSNorm
from tutorgpt.modern.parts import PartsGPT
from tutorgpt.modern.rotary import Rotary


class ModernGPT(PartsGPT):
    """Chapter 6's GPT with four parts exchanged, and the same config.

    RMSNorm instead of LayerNorm, rotary positions, SwiGLU, and no biases in
    the blocks: of the parts that chapter 11 tries, those that lower the loss
    at the chapters' size or cost nothing there. ReLU squared and norms on
    queries and keys are left out, since a model with them was no better than
    chapter 6's. No claim is made that any one model of today has these parts
    and no others.
    """

    def __init__(self, config: ModelConfig) -> None:
        V, C = config.vocab_size, config.n_embed
        super().__init__(
            config,
            token=nn.Embedding(V, C),
            blocks=[modern_block(config) for _ in range(config.n_layer)],
            norm=RMSNorm(C),
            lm_head=nn.Linear(C, V),
        )


def modern_block(config: ModelConfig) -> PartsBlock:
    """One layer of a ModernGPT, with about as many weights as a GPT's."""
    C, H, T = config.n_embed, config.n_head, config.block_size
    attention = GroupedQueryAttention(
        *(C, H, H, T),
        position=Rotary(config.head_size, T),
        dropout=config.dropout,
    )
    feed_forward = SwiGLU(C, round(8 * C / 3))
    norms = RMSNorm(C), RMSNorm(C)
    return PartsBlock(attention, feed_forward, *norms, config.dropout)
