"""Chapter 11. Positions as angles: queries and keys are turned."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tutorgpt.embedding import check_length
from tutorgpt.ground.checks import above, at_least


class Rotary(nn.Module):
    """Turns each pair of neighbours by an angle that grows with the place.

    x (B, H, T, D), rows at start, start + 1, ... -> (B, H, T, D). Pair i
    turns by base^(-2i / D) a position, so that the product of a turned query
    and a turned key depends on how far they are apart. Published weights
    often pair channel i with i + D/2 instead of its neighbour: the same,
    with the channels in another order. Source: Su et al. 2021.
    """

    def __init__(
        self, head_size: int, block_size: int, base: float = 10_000.0
    ) -> None:
        super().__init__()
        check_angles(head_size, block_size, base)
        self.block_size = block_size
        speed = base ** (-torch.arange(0, head_size, 2) / head_size)
        angles = torch.outer(torch.arange(block_size), speed)  # (T, D / 2)
        self.register_buffer("cosine", angles.cos(), persistent=False)
        self.register_buffer("sine", angles.sin(), persistent=False)

    def forward(
        self, x: Float[Tensor, "B H T D"], start: int = 0
    ) -> Float[Tensor, "B H T D"]:
        end = start + x.shape[-2]
        check_length(end, self.block_size)
        cosine = self.get_buffer("cosine")[start:end]
        sine = self.get_buffer("sine")[start:end]
        # Two neighbours a, b are one complex number a + bi; multiplying it
        # by cos + i sin turns it. Complex numbers need 32 bits a part.
        exact = torch.promote_types(x.dtype, torch.float32)
        pairs = torch.view_as_complex(x.to(exact).unflatten(-1, (-1, 2)))
        turn = torch.complex(cosine.to(exact), sine.to(exact))
        return torch.view_as_real(pairs * turn).flatten(-2).to(x.dtype)


class Unturned(nn.Module):
    """In the place of Rotary, for attention that is told no positions.

    x (B, H, T, D) -> x. The model may have added them to the tokens.
    """

    def forward(
        self, x: Float[Tensor, "B H T D"], start: int = 0
    ) -> Float[Tensor, "B H T D"]:
        return x


def check_angles(head_size: int, block_size: int, base: float) -> None:
    """Refuse what cannot be turned in pairs, at speeds that fall."""
    at_least(1, head_size=head_size, block_size=block_size)
    above(1, base=base)
    if head_size % 2:
        raise ValueError(
            f"{head_size} channels a head do not make pairs to turn: "
            "choose an even head_size, which is n_embed / n_head"
        )
