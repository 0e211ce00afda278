"""ModernGPT as it was when `large.py` and `large_search.py` were run.

ReLU squared in the place of SwiGLU, and queries and keys of one length. Their
records, and those of `benchmarks/quality.py`, are of this model.
"""

import torch
from torch import nn

from tutorgpt.config import ModelConfig
from tutorgpt.modern import (
    GroupedQueryAttention,
    LengthNorm,
    PartsBlock,
    PartsGPT,
    RMSNorm,
    Rotary,
    SquaredReLU,
)

EPSILON = torch.finfo(torch.float32).eps
"""What its norms add."""


def earlier_modern(config: ModelConfig) -> PartsGPT:
    """The untrained model, whose first weights a seed draws as it did."""
    V, C = config.vocab_size, config.n_embed
    return PartsGPT(
        config,
        token=nn.Embedding(V, C),
        blocks=[earlier_block(config) for _ in range(config.n_layer)],
        norm=RMSNorm(C, EPSILON),
        lm_head=nn.Linear(C, V),
    )


def earlier_block(config: ModelConfig) -> PartsBlock:
    """One layer of it."""
    C, H, T = config.n_embed, config.n_head, config.block_size
    attention = GroupedQueryAttention(
        *(C, H, H, T),
        position=Rotary(config.head_size, T),
        norm_q=LengthNorm(EPSILON),
        norm_k=LengthNorm(EPSILON),
        dropout=config.dropout,
    )
    norms = RMSNorm(C, EPSILON), RMSNorm(C, EPSILON)
    feed_forward = SquaredReLU(C, 4 * C)
    return PartsBlock(attention, feed_forward, *norms, config.dropout)
