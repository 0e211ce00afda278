"""Chapter 9. Two towers: one reads it all, one writes and looks across."""

import math

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from tutorgpt.config import ModelConfig, check_heads
from tutorgpt.embedding import TokenAndPositionEmbedding
from tutorgpt.feed_forward import FeedForward
from tutorgpt.text.pairs import real_tokens


class Attention(nn.Module):
    """One sequence, x, reads another, memory, with H heads.

    visible is True where a position of x may look. Self-attention is the
    case memory = x. Source: Vaswani et al. 2017, section 3.2.
    """

    def __init__(self, n_embed: int, n_head: int) -> None:
        super().__init__()
        check_heads(n_embed, n_head)
        self.n_head = n_head
        self.query = nn.Linear(n_embed, n_embed, bias=False)
        self.key = nn.Linear(n_embed, n_embed, bias=False)
        self.value = nn.Linear(n_embed, n_embed, bias=False)
        self.proj = nn.Linear(n_embed, n_embed)

    def weights(
        self,
        x: Float[Tensor, "B T C"],
        memory: Float[Tensor, "B S C"],
        visible: Bool[Tensor, "#B #T S"],
    ) -> Float[Tensor, "B H T S"]:
        """Where each head looks: every row is positive and sums to 1."""
        q, k = self._split(self.query(x)), self._split(self.key(memory))
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~visible[:, None], float("-inf"))
        return F.softmax(scores, dim=-1)

    def forward(
        self,
        x: Float[Tensor, "B T C"],
        memory: Float[Tensor, "B S C"],
        visible: Bool[Tensor, "#B #T S"],
    ) -> Float[Tensor, "B T C"]:
        v = self._split(self.value(memory))
        read = self.weights(x, memory, visible) @ v  # (B, H, T, D)
        return self.proj(read.transpose(1, 2).flatten(2))

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.n_head, -1)).transpose(1, 2)


class EncoderLayer(nn.Module):
    """Read both ways, then think: chapter 5's block, no causal mask."""

    def __init__(self, n_embed: int, n_head: int) -> None:
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.attention = Attention(n_embed, n_head)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(
        self, x: Float[Tensor, "B S C"], real: Bool[Tensor, "B 1 S"]
    ) -> Float[Tensor, "B S C"]:
        normed = self.norm_1(x)
        x = x + self.attention(normed, normed, real)
        return x + self.feed_forward(self.norm_2(x))


def past(x: Float[Tensor, "B T C"]) -> Bool[Tensor, "1 T T"]:
    """The causal mask: True at and before each position."""
    T = x.shape[1]
    return torch.ones(1, T, T, dtype=torch.bool, device=x.device).tril()


class DecoderLayer(nn.Module):
    """Look back at what is written, across at the source, then think."""

    def __init__(self, n_embed: int, n_head: int) -> None:
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.self_attention = Attention(n_embed, n_head)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.cross_attention = Attention(n_embed, n_head)
        self.norm_3 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(
        self,
        x: Float[Tensor, "B T C"],
        memory: Float[Tensor, "B S C"],
        real: Bool[Tensor, "B 1 S"],
    ) -> Float[Tensor, "B T C"]:
        normed = self.norm_1(x)
        x = x + self.self_attention(normed, normed, past(x))
        x = x + self.cross_attention(self.norm_2(x), memory, real)
        return x + self.feed_forward(self.norm_3(x))


class Encoder(nn.Module):
    """The tower that reads: every position sees the whole source.

    Its result is the memory that the decoder looks at.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        V, C, H = config.vocab_size, config.n_embed, config.n_head
        layers = range(config.n_layer)
        self.embedding = TokenAndPositionEmbedding(V, C, config.block_size)
        self.layers = nn.ModuleList(EncoderLayer(C, H) for _ in layers)
        self.norm = nn.LayerNorm(C)

    def forward(self, source: Int[Tensor, "B S"]) -> Float[Tensor, "B S C"]:
        x, real = self.embedding(source), real_tokens(source)
        for layer in self.layers:
            x = layer(x, real)
        return self.norm(x)


class EncoderDecoder(nn.Module):
    """Scores the next token of a target, given all of its source.

    Source: Vaswani et al. 2017, figure 1, with pre-norm
    and learned positions.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        V, C, H = config.vocab_size, config.n_embed, config.n_head
        layers = range(config.n_layer)
        self.encoder = Encoder(config)
        self.embedding = TokenAndPositionEmbedding(V, C, config.block_size)
        self.decoder = nn.ModuleList(DecoderLayer(C, H) for _ in layers)
        self.norm = nn.LayerNorm(C)
        self.lm_head = nn.Linear(C, V)

    def decode(
        self,
        target: Int[Tensor, "B T"],
        memory: Float[Tensor, "B S C"],
        real: Bool[Tensor, "B 1 S"],
    ) -> Float[Tensor, "B T V"]:
        """Score what follows each target token, by the same memory."""
        x = self.embedding(target)
        for layer in self.decoder:
            x = layer(x, memory, real)
        return self.lm_head(self.norm(x))

    def forward(
        self, source: Int[Tensor, "B S"], target: Int[Tensor, "B T"]
    ) -> Float[Tensor, "B T V"]:
        return self.decode(target, self.encoder(source), real_tokens(source))
