"""A form of a model that computes in sixteen bits, with its own weights.

bfloat16 keeps float32's range and 8 of its 24 digits. Weights, gradients
and the optimizer stay in float32; each matrix is rounded once on the way
forward, and what flows between the layers stays narrow: no copies between
precisions, and half as much memory to move. Some processors multiply such
numbers many times as fast, others more slowly although they have
instructions for it: `choosing.py` finds out.
"""

from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from tutorgpt.training.engine.sharing import replace_modules, shared_copy


class NarrowLinear(nn.Module):
    """A Linear, with its own weights, that computes in bfloat16."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.weight, self.bias = linear.weight, linear.bias

    def forward(self, x: Float[Tensor, "*B C"]) -> Float[Tensor, "*B D"]:
        bias = None if self.bias is None else self.bias.bfloat16()
        return F.linear(x.bfloat16(), self.weight.bfloat16(), bias)


class NarrowEmbedding(nn.Module):
    """An Embedding, with its own table, whose vectors come out narrow.

    The table itself is not rounded: only a few of its rows are read.
    """

    def __init__(self, embedding: nn.Embedding) -> None:
        super().__init__()
        self.weight = embedding.weight
        self.padding_idx = embedding.padding_idx

    def forward(self, tokens: Int[Tensor, "*B"]) -> Float[Tensor, "*B C"]:
        return F.embedding(tokens, self.weight, self.padding_idx).bfloat16()


def narrow(model: nn.Module) -> nn.Module:
    """A copy that shares the weights; from the tables on it is in bfloat16.

    Norms, and whatever else keeps the type of what it is given, work in
    bfloat16 by themselves.
    """
    copy = replace_modules(shared_copy(model), nn.Linear, NarrowLinear)
    return replace_modules(copy, nn.Embedding, NarrowEmbedding)
