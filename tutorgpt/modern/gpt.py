"""Chapter 11. A later model in the place of the first GPT's: ModernGPT."""

import torch
from torch import nn

from tutorgpt.config import ModelConfig
from tutorgpt.modern.attention import GroupedQueryAttention
from tutorgpt.modern.block import PartsBlock
from tutorgpt.modern.feed_forward import SquaredReLU
from tutorgpt.modern.norm import LengthNorm, RMSNorm
from tutorgpt.modern.parts import PartsGPT
from tutorgpt.modern.rotary import Rotary

EPSILON = torch.finfo(torch.float32).eps
"""What its norms add; models that were trained before have learned it."""


class ModernGPT(PartsGPT):
    """Chapter 6's GPT with five parts exchanged, and the same config.

    RMSNorm instead of LayerNorm, rotary positions, queries and keys of one
    length, ReLU squared, and no biases in the blocks. Each is in use in
    some later model; no claim is made that all of them, or these alone, are
    what any one model of today has.
    """

    def __init__(self, config: ModelConfig) -> None:
        V, C = config.vocab_size, config.n_embed
        super().__init__(
            config,
            token=nn.Embedding(V, C),
            blocks=[modern_block(config) for _ in range(config.n_layer)],
            norm=RMSNorm(C, EPSILON),
            lm_head=nn.Linear(C, V),
        )


def modern_block(config: ModelConfig) -> PartsBlock:
    """One layer of a ModernGPT."""
    C, T = config.n_embed, config.block_size
    attention = GroupedQueryAttention(
        C,
        config.n_head,
        config.n_head,
        T,
        position=Rotary(config.head_size, T),
        norm_q=LengthNorm(EPSILON),
        norm_k=LengthNorm(EPSILON),
        dropout=config.dropout,
    )
    feed_forward = SquaredReLU(C, 4 * C)
    norms = RMSNorm(C, EPSILON), RMSNorm(C, EPSILON)
    return PartsBlock(attention, feed_forward, *norms, config.dropout)
