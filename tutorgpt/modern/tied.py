"""Chapter 11. One table for what goes in and what comes out."""

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F


class TiedOutput(nn.Module):
    """Scores each token by the product of x and its embedding.

    x (B, T, C) -> (B, T, V). The weight is the embedding's own parameter,
    counted, stepped and stored once. Its rows are drawn anew with length 1:
    with nn.Embedding's √C a model would begin with scores that spread √C
    times as wide, so certain and mostly wrong.
    Source: Press and Wolf 2016; Inan et al. 2016.
    """

    def __init__(self, embedding: nn.Embedding) -> None:
        super().__init__()
        self.weight = embedding.weight
        nn.init.normal_(self.weight, std=embedding.embedding_dim**-0.5)

    def forward(self, x: Float[Tensor, "*B C"]) -> Float[Tensor, "*B V"]:
        return F.linear(x, self.weight)
