"""Chapter 11. Chapter 6's block, whatever its parts are."""

from jaxtyping import Float
from torch import Tensor, nn

from tutorgpt.config import check_dropout
from tutorgpt.modern.past import NoPast


class PartsBlock(nn.Module):
    """Look back, then think, each on the residual path: parts handed over.

    x (B, T, C) -> (B, T, C), as multi_head and feed_forward do. past: what
    multi_head keeps of the tokens before; without it, x is the whole text.
    """

    def __init__(
        self,
        multi_head: nn.Module,
        feed_forward: nn.Module,
        norm_1: nn.Module,
        norm_2: nn.Module,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        check_dropout(dropout)
        self.norm_1, self.multi_head = norm_1, multi_head
        self.norm_2, self.feed_forward = norm_2, feed_forward
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, x: Float[Tensor, "B T C"], *past: NoPast
    ) -> Float[Tensor, "B T C"]:
        x = x + self.dropout(self.multi_head(self.norm_1(x), *past))
        return x + self.dropout(self.feed_forward(self.norm_2(x)))
