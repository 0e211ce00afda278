"""A later block in the place of the first GPT's: five changes, one class.

RMSNorm instead of LayerNorm (Zhang and Sennrich 2019), positions as
rotations of queries and keys instead of vectors added to the tokens,
queries and keys brought to one length, ReLU squared, and no biases in the
blocks. Each is in use in some later model; no claim is made that all of
them, or these alone, are what any one model of today has.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from tutorgpt.config import ModelConfig
from tutorgpt.embedding import check_length
from tutorgpt.language_model import LanguageModel

BASE = 10_000.0


class Rotary(nn.Module):
    """Turns each two neighbours by an angle that grows with the position.

    x (B, H, T, D) -> (B, H, T, D). Products of a turned query and a turned
    key depend on how far they are apart, not on where they stand.
    Source: Su et al. 2021.
    """

    def __init__(self, head_size: int, block_size: int) -> None:
        super().__init__()
        pairs = torch.arange(0, head_size, 2)
        speed = BASE ** (-pairs / head_size)
        angles = torch.outer(torch.arange(block_size), speed)  # (T, D / 2)
        self.register_buffer("cosine", angles.cos(), persistent=False)
        self.register_buffer("sine", angles.sin(), persistent=False)

    def forward(self, x: Float[Tensor, "B H T D"]) -> Float[Tensor, "B H T D"]:
        T = x.shape[-2]
        cosine = self.get_buffer("cosine")[:T]
        sine = self.get_buffer("sine")[:T]
        # two neighbours are one complex number; multiplying turns it
        pairs = x.to(cosine.dtype).unflatten(-1, (-1, 2))
        turned = torch.view_as_complex(pairs) * torch.complex(cosine, sine)
        return torch.view_as_real(turned).flatten(-2)


class ModernMultiHead(nn.Module):
    """Attention with rotary positions and normed queries and keys.

    x (B, T, C) -> (B, T, C). RMSNorm gives every query and key the length
    sqrt(D), with nothing to learn; Henry et al. 2020 use length 1 and a
    learned factor on the scores instead.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        C = config.n_embed
        self.n_head, self.dropout = config.n_head, config.dropout
        self.qkv = nn.Linear(C, 3 * C, bias=False)
        self.proj = nn.Linear(C, C, bias=False)
        self.rotary = Rotary(config.head_size, config.block_size)

    def forward(self, x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T C"]:
        B, T, C = x.shape
        qkv = self.qkv(x).view(B, T, 3, self.n_head, C // self.n_head)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # each (B, H, T, D)
        q, k = (F.rms_norm(self.rotary(z), z.shape[-1:]) for z in (q, k))
        dropout = self.dropout if self.training else 0.0
        out = F.scaled_dot_product_attention(
            q, k, v, dropout_p=dropout, is_causal=True
        )
        return self.proj(out.transpose(1, 2).reshape(B, T, C))


class ModernFeedForward(nn.Module):
    """Widen four times, cut off the negatives, square, and come back.

    x (B, T, C) -> (B, T, C). Source: So et al. 2021.
    """

    def __init__(self, n_embed: int) -> None:
        super().__init__()
        self.expand = nn.Linear(n_embed, 4 * n_embed, bias=False)
        self.contract = nn.Linear(4 * n_embed, n_embed, bias=False)

    def forward(self, x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T C"]:
        return self.contract(F.relu(self.expand(x)).square())


class ModernBlock(nn.Module):
    """Chapter 6's block, with each part exchanged for a later one."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.norm_1 = nn.RMSNorm(config.n_embed)
        self.multi_head = ModernMultiHead(config)
        self.norm_2 = nn.RMSNorm(config.n_embed)
        self.feed_forward = ModernFeedForward(config.n_embed)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T C"]:
        x = x + self.dropout(self.multi_head(self.norm_1(x)))
        return x + self.dropout(self.feed_forward(self.norm_2(x)))


class ModernGPT(LanguageModel):
    """A GPT of such blocks; it needs an even number of channels a head."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        if config.head_size % 2:
            raise ValueError(
                f"{config.head_size} channels a head do not make pairs to "
                "turn: choose n_embed / n_head even"
            )
        V, C = config.vocab_size, config.n_embed
        self.token = nn.Embedding(V, C)
        self.dropout = nn.Dropout(config.dropout)
        self.blocks = nn.Sequential(
            *(ModernBlock(config) for _ in range(config.n_layer))
        )
        self.norm = nn.RMSNorm(C)
        self.lm_head = nn.Linear(C, V)

    def forward(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T V"]:
        check_length(tokens.shape[1], self.config.block_size)
        x = self.dropout(self.token(tokens))
        return self.lm_head(self.norm(self.blocks(x)))
