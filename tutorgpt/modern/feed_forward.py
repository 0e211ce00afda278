"""Chapter 11. Other ways to think at every position: a gate, a square."""

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from tutorgpt.ground.checks import at_least


class SwiGLU(nn.Module):
    """Two widened copies of x, one opening or closing the other.

    x (B, T, C) -> (B, T, C): contract(silu(gate x) · expand x), with
    silu(z) = z · sigmoid(z) and · number by number. Three matrices: with
    hidden = 8/3 C they have as many weights as chapter 4's two with 4 C.
    Source: Shazeer 2020, equation 6.
    """

    def __init__(self, n_embed: int, hidden: int) -> None:
        super().__init__()
        at_least(1, n_embed=n_embed, hidden=hidden)
        self.gate = nn.Linear(n_embed, hidden, bias=False)
        self.expand = nn.Linear(n_embed, hidden, bias=False)
        self.contract = nn.Linear(hidden, n_embed, bias=False)

    def forward(self, x: Float[Tensor, "*B C"]) -> Float[Tensor, "*B C"]:
        return self.contract(F.silu(self.gate(x)) * self.expand(x))


class SquaredReLU(nn.Module):
    """Widen, cut off the negatives, square, and come back.

    x (B, T, C) -> (B, T, C): contract(relu(expand x)²).
    Source: So et al. 2021.
    """

    def __init__(self, n_embed: int, hidden: int) -> None:
        super().__init__()
        at_least(1, n_embed=n_embed, hidden=hidden)
        self.expand = nn.Linear(n_embed, hidden, bias=False)
        self.contract = nn.Linear(hidden, n_embed, bias=False)

    def forward(self, x: Float[Tensor, "*B C"]) -> Float[Tensor, "*B C"]:
        return self.contract(F.relu(self.expand(x)).square())
