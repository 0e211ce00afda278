"""The source text's last model, computed the way its script computes it.

Written anew from its description: separate heads in a list, a mask compared
at every call, the whole window through the whole output layer, and text
drawn in training mode with gradients on. It is slow on purpose; it is what
the benchmarks measure against.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tutorgpt import ModelConfig


class SourceHead(nn.Module):
    """One head, with dropout on its weights."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        C, D, T = config.n_embed, config.head_size, config.block_size
        self.key = nn.Linear(C, D, bias=False)
        self.query = nn.Linear(C, D, bias=False)
        self.value = nn.Linear(C, D, bias=False)
        self.register_buffer("mask", torch.tril(torch.ones(T, T)))
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor) -> Tensor:
        T = x.shape[1]
        k, q, v = self.key(x), self.query(x), self.value(x)
        scores = q @ k.transpose(-2, -1) / k.size(-1) ** 0.5
        hidden = self.mask[:T, :T] == 0  # pyright: ignore
        weights = F.softmax(scores.masked_fill(hidden, float("-inf")), dim=-1)
        return self.dropout(weights) @ v


class SourceBlock(nn.Module):
    """Heads one after the other, then the feed-forward layer."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        C, dropout = config.n_embed, config.dropout
        self.heads = nn.ModuleList(
            [SourceHead(config) for _ in range(config.n_head)]
        )
        self.proj = nn.Linear(C, C)
        self.dropout = nn.Dropout(dropout)
        self.feed_forward = nn.Sequential(
            nn.Linear(C, 4 * C),
            nn.ReLU(),
            nn.Linear(4 * C, C),
            nn.Dropout(dropout),
        )
        self.norm_1, self.norm_2 = nn.LayerNorm(C), nn.LayerNorm(C)

    def forward(self, x: Tensor) -> Tensor:
        normed = self.norm_1(x)
        joined = torch.cat([head(normed) for head in self.heads], dim=-1)
        x = x + self.dropout(self.proj(joined))
        return x + self.feed_forward(self.norm_2(x))


class SourceModel(nn.Module):
    """The whole model, and its loop."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        V, C = config.vocab_size, config.n_embed
        self.block_size = config.block_size
        self.token = nn.Embedding(V, C)
        self.position = nn.Embedding(config.block_size, C)
        self.blocks = nn.Sequential(
            *[SourceBlock(config) for _ in range(config.n_layer)]
        )
        self.norm = nn.LayerNorm(C)
        self.lm_head = nn.Linear(C, V)

    def forward(self, tokens: Tensor) -> Tensor:
        tokens = tokens[:, -self.block_size :]
        positions = torch.arange(tokens.shape[1], device=tokens.device)
        x = self.token(tokens) + self.position(positions)
        return self.lm_head(self.norm(self.blocks(x)))

    def generate(self, tokens: Tensor, count: int) -> Tensor:
        """Continue by so many tokens, in whatever mode the model is."""
        for _ in range(count):
            probabilities = F.softmax(self(tokens)[:, -1, :], dim=-1)
            new = torch.multinomial(probabilities, num_samples=1)
            tokens = torch.cat((tokens, new), dim=1)
        return tokens
