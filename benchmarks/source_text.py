"""What the source text's last script computes, written down literally.

One Linear per head and matrix, the heads in a Python list, a mask that is
filled in anew each time, batches stacked in Python, AdamW as it comes; text
drawn in training mode with gradients on. Slow on purpose, it is what the
benchmarks measure against. The parameters have the names of chapter 5's
model, so that they can be copied.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tutorgpt.config import ModelConfig


class SourceHead(nn.Module):
    """One head, step by step."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        C, D, T = config.n_embed, config.head_size, config.block_size
        self.key = nn.Linear(C, D, bias=False)
        self.query = nn.Linear(C, D, bias=False)
        self.value = nn.Linear(C, D, bias=False)
        visible = torch.tril(torch.ones(T, T))
        self.register_buffer("visible", visible, persistent=False)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor) -> Tensor:
        T = x.shape[1]
        key, query, value = self.key(x), self.query(x), self.value(x)
        scores = query @ key.transpose(-2, -1) / key.size(-1) ** 0.5
        hidden = self.visible[:T, :T] == 0  # pyright: ignore
        scores = scores.masked_fill(hidden, float("-inf"))
        return self.dropout(F.softmax(scores, dim=-1)) @ value


class SourceMultiHead(nn.Module):
    """The heads, one after the other."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.heads = nn.ModuleList(
            [SourceHead(config) for _ in range(config.n_head)]
        )
        self.proj = nn.Linear(config.n_embed, config.n_embed)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor) -> Tensor:
        out = torch.cat([head(x) for head in self.heads], dim=-1)
        return self.dropout(self.proj(out))


class SourceFeedForward(nn.Module):
    """Linear, ReLU, Linear, dropout."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        C = config.n_embed
        self.expand = nn.Linear(C, 4 * C)
        self.contract = nn.Linear(4 * C, C)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor) -> Tensor:
        return self.dropout(self.contract(torch.relu(self.expand(x))))


class SourceBlock(nn.Module):
    """Attention and feed-forward on a residual path."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.multi_head = SourceMultiHead(config)
        self.feed_forward = SourceFeedForward(config)
        self.norm_1 = nn.LayerNorm(config.n_embed)
        self.norm_2 = nn.LayerNorm(config.n_embed)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.multi_head(self.norm_1(x))
        return x + self.feed_forward(self.norm_2(x))


class SourceModel(nn.Module):
    """The whole model, and its loop that writes text."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        V, C, T = config.vocab_size, config.n_embed, config.block_size
        self.block_size = T
        self.embedding = nn.ModuleDict(
            {"token": nn.Embedding(V, C), "position": nn.Embedding(T, C)}
        )
        self.blocks = nn.Sequential(
            *[SourceBlock(config) for _ in range(config.n_layer)]
        )
        self.norm = nn.LayerNorm(C)
        self.lm_head = nn.Linear(C, V)

    def forward(self, tokens: Tensor) -> Tensor:
        tokens = tokens[:, -self.block_size :]
        positions = torch.arange(tokens.shape[1], device=tokens.device)
        x = self.embedding["token"](tokens)
        x = self.blocks(x + self.embedding["position"](positions))
        return self.lm_head(self.norm(x))

    def generate(self, tokens: Tensor, count: int) -> Tensor:
        """Continue by so many tokens, in whatever mode the model is."""
        for _ in range(count):
            probabilities = F.softmax(self(tokens)[:, -1, :], dim=-1)
            new = torch.multinomial(probabilities, num_samples=1)
            tokens = torch.cat((tokens, new), dim=1)
        return tokens


def source_loss(model: SourceModel, tokens: Tensor, targets: Tensor) -> Tensor:
    """The loss as the script reshapes it."""
    logits = model(tokens)
    B, T, V = logits.shape
    return F.cross_entropy(logits.view(B * T, V), targets.view(B * T))


def stacked_batch(
    data: Tensor, batch_size: int, block_size: int
) -> tuple[Tensor, Tensor]:
    """Windows cut out one by one and stacked."""
    starts = torch.randint(len(data) - block_size, (batch_size,))
    tokens = [data[start : start + block_size] for start in starts]
    targets = [data[start + 1 : start + block_size + 1] for start in starts]
    return torch.stack(tokens), torch.stack(targets)
