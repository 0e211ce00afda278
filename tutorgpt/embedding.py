"""From token numbers to vectors that know what and where they are."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


def check_length(length: int, block_size: int) -> None:
    """Refuse a sequence that is longer than the context a model can read."""
    if length > block_size:
        raise ValueError(
            f"the sequence has {length} tokens but block_size is "
            f"{block_size}: pass the last {block_size} tokens, "
            "or build the model with a larger block_size"
        )


class TokenAndPositionEmbedding(nn.Module):
    """One learned vector for the token plus one for its position.

    tokens (B, T) -> vectors (B, T, C). Raises ValueError if T > block_size.
    """

    def __init__(self, vocab_size: int, n_embed: int, block_size: int) -> None:
        super().__init__()
        self.block_size = block_size
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T C"]:
        T = tokens.shape[1]
        check_length(T, self.block_size)
        positions = torch.arange(T, device=tokens.device)
        return self.token(tokens) + self.position(positions)


def sinusoids(length: int, n_embed: int) -> Float[Tensor, "T C"]:
    """Positions without learning: clock hands that turn at C/2 speeds.

    The fastest pair turns once in 6.3 positions, the slowest in tens of
    thousands. Source: Vaswani et al. 2017, section 3.5.
    """
    pairs = torch.arange(0, n_embed, 2)
    angles = torch.arange(length)[:, None] / 10_000 ** (pairs / n_embed)
    waves = torch.stack([angles.sin(), angles.cos()], dim=-1)
    return waves.flatten(1)[:, :n_embed]
