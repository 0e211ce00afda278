"""Chapter 3. Several heads side by side: concatenate them, then mix."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from tutorgpt.config import ModelConfig, check_heads
from tutorgpt.embedding import TokenAndPositionEmbedding
from tutorgpt.language_model import LanguageModel
from tutorgpt.single_head import Head


class MultiHead(nn.Module):
    """H heads, each with its own weights, joined and then projected.

    x (B, T, C) -> (B, T, C). Each head has D = C / H channels.
    Raises ValueError if n_head does not divide n_embed.
    Source: Vaswani et al. 2017, section 3.2.2.
    """

    def __init__(self, n_embed: int, n_head: int, block_size: int) -> None:
        super().__init__()
        check_heads(n_embed, n_head)
        head_size = n_embed // n_head
        self.heads = nn.ModuleList(
            Head(n_embed, head_size, block_size) for _ in range(n_head)
        )
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T C"]:
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        return self.proj(joined)


class MultiHeadModel(LanguageModel):
    """Scores the next token from what several heads have read."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        V, C = config.vocab_size, config.n_embed
        block_size = config.block_size
        self.embedding = TokenAndPositionEmbedding(V, C, block_size)
        self.multi_head = MultiHead(C, config.n_head, block_size)
        self.lm_head = nn.Linear(C, V)

    def forward(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T V"]:
        x = self.embedding(tokens)
        x = self.multi_head(x)
        return self.lm_head(x)
