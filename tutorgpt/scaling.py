"""Chapter 6. The same model, made to grow: GPT, its parts and its price."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from tutorgpt.config import ModelConfig, check_dropout, check_heads
from tutorgpt.embedding import TokenAndPositionEmbedding, check_length
from tutorgpt.feed_forward import FeedForward
from tutorgpt.ground.moved import names_moved
from tutorgpt.language_model import LanguageModel
from tutorgpt.residual_norm import ResidualNormModel


class FusedMultiHead(nn.Module):
    """MultiHead with all heads in one matrix and one attention call.

    x (B, T, C) -> (B, T, C); with the same weights the same result as
    MultiHead, plus dropout on the attention weights.
    """

    def __init__(
        self, n_embed: int, n_head: int, block_size: int, dropout: float
    ) -> None:
        super().__init__()
        check_heads(n_embed, n_head)
        check_dropout(dropout)
        self.n_head, self.block_size = n_head, block_size
        self.dropout = dropout
        self.qkv = nn.Linear(n_embed, 3 * n_embed, bias=False)
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T C"]:
        B, T, C = x.shape
        check_length(T, self.block_size)
        # view makes (B, T, 3, H, D), permute (3, B, H, T, D): q, k and v.
        qkv = self.qkv(x).view(B, T, 3, self.n_head, C // self.n_head)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        dropout = self.dropout if self.training else 0.0
        out = F.scaled_dot_product_attention(
            q, k, v, dropout_p=dropout, is_causal=True
        )
        return self.proj(out.transpose(1, 2).reshape(B, T, C))


class GPTBlock(nn.Module):
    """Chapter 5's block with dropout on what each part adds to the path."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        C, dropout = config.n_embed, config.dropout
        self.norm_1 = nn.LayerNorm(C)
        self.multi_head = FusedMultiHead(
            C, config.n_head, config.block_size, dropout
        )
        self.norm_2 = nn.LayerNorm(C)
        self.feed_forward = FeedForward(C)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T C"]:
        x = x + self.dropout(self.multi_head(self.norm_1(x)))
        return x + self.dropout(self.feed_forward(self.norm_2(x)))


class GPT(LanguageModel):
    """The decoder of the Transformer: what the five chapters built, faster.

    Source: Radford et al. 2019 (GPT-2), which differs: GELU, biases on
    queries, keys and values, an output matrix tied to the token embedding
    and without a bias, and a start scaled by the number of layers.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        V, C = config.vocab_size, config.n_embed
        self.embedding = TokenAndPositionEmbedding(V, C, config.block_size)
        self.dropout = nn.Dropout(config.dropout)
        self.blocks = nn.Sequential(
            *(GPTBlock(config) for _ in range(config.n_layer))
        )
        self.norm = nn.LayerNorm(C)
        self.lm_head = nn.Linear(C, V)

    def forward(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T V"]:
        x = self.dropout(self.embedding(tokens))
        x = self.blocks(x)
        x = self.norm(x)
        return self.lm_head(x)


@torch.no_grad()
def fuse(model: ResidualNormModel) -> GPT:
    """A GPT that holds a copy of the weights of chapter 5's model.

    In eval mode both give the same logits, to rounding.
    """
    fused = GPT(model.config)
    weights = model.state_dict()  # the name of each tensor, and the tensor
    for n in range(model.config.n_layer):
        part = f"blocks.{n}.multi_head"
        rows = []  # all queries, then all keys, then all values
        for kind in ("query", "key", "value"):
            for h in range(model.config.n_head):
                rows.append(weights.pop(f"{part}.heads.{h}.{kind}.weight"))
        weights[f"{part}.qkv.weight"] = torch.cat(rows)
    fused.load_state_dict(weights)
    return fused.train(model.training)


def count_operations(model: nn.Module, tokens: Int[Tensor, "B T"]) -> int:
    """How many operations PyTorch notes down while a model reads tokens.

    Each result knows the operation that made it (`grad_fn`), and each
    operation knows those before it: what `backward()` will walk through.
    """
    noted, waiting = set(), [model(tokens).grad_fn]
    while waiting:
        operation = waiting.pop()
        if operation is None or operation in noted:
            continue
        noted.add(operation)
        for earlier, _ in operation.next_functions:
            waiting.append(earlier)
    # An AccumulateGrad is no operation: there a gradient is put down.
    return sum(type(each).__name__ != "AccumulateGrad" for each in noted)


def count_parameters(model: nn.Module) -> int:
    """How many numbers a model learns; a shared one counts once."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


def parameters_by_part(config: ModelConfig) -> dict[str, int]:
    """How many numbers each part of a GPT of this shape learns."""
    V, C, L = config.vocab_size, config.n_embed, config.n_layer
    return {
        "token embedding": V * C,
        "positions": config.block_size * C,
        "attention": L * (3 * C * C + C * C + C),
        "feed-forward": L * (4 * C * C + 4 * C + 4 * C * C + C),
        "norms": L * (2 * C + 2 * C) + 2 * C,
        "lm_head": C * V + V,
    }


def training_flops(config: ModelConfig) -> int:
    """Floating-point operations to learn from one token.

    Matrix products only: 6 per weight that is multiplied (2 forward, 4
    backward) and, for the T x T scores and the weighted mean of the values,
    12 T C per layer, without the half that the causal mask could save.
    Source: Chowdhery et al. 2022, appendix B; Kaplan et al. 2020, section
    2.1, who leave out the head and charge attention half as much.
    """
    V, C, L = config.vocab_size, config.n_embed, config.n_layer
    multiplied = L * (4 * C * C + 8 * C * C) + C * V
    return 6 * multiplied + L * 12 * config.block_size * C


__getattr__ = names_moved(__name__)  # the presets stood here once
