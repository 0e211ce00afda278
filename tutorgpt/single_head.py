"""Chapter 2. Attention: every position gathers what it needs from its past."""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from tutorgpt.config import ModelConfig
from tutorgpt.embedding import TokenAndPositionEmbedding, check_length
from tutorgpt.language_model import LanguageModel


class Head(nn.Module):
    """One set of query, key and value: causal self-attention.

    x (B, T, C) -> (B, T, D), with D = head_size. Position t of the result
    is a weighted mean of the values at positions 0 ... t.
    Source: Vaswani et al. 2017, "Attention is all you need", equation 1
    and, for the mask, section 3.2.3; https://arxiv.org/abs/1706.03762.
    """

    past: Tensor

    def __init__(self, n_embed: int, head_size: int, block_size: int) -> None:
        super().__init__()
        self.head_size = head_size
        self.block_size = block_size
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size, dtype=torch.bool).tril()
        self.register_buffer("past", past, persistent=False)

    def forward(self, x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T D"]:
        T = x.shape[1]
        check_length(T, self.block_size)
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(self.head_size)  # (B, T, T)
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        weights = F.softmax(scores, dim=-1)  # each row sums to 1
        return weights @ v  # (B, T, D)


class SingleHeadModel(LanguageModel):
    """Scores the next token from one look back over the whole context."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        V, C = config.vocab_size, config.n_embed
        block_size = config.block_size
        self.embedding = TokenAndPositionEmbedding(V, C, block_size)
        self.head = Head(C, C, block_size)
        self.lm_head = nn.Linear(C, V)

    def forward(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T V"]:
        x = self.embedding(tokens)
        x = self.head(x)
        return self.lm_head(x)
