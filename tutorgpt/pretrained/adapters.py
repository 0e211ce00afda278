"""Chapter 12. Training a little of a large model: adapters, or its end."""

from collections.abc import Iterator, Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from tutorgpt.ground.checks import above, at_least, between

ADAPTED = ("query", "value", "qkv", "gate", "expand", "contract")
"""The Linears that get adapters: what looks, and what thinks.

By the last part of their names in any model of the course.
"""


class Adapter(nn.Module):
    """A Linear that stays as it is, and a change of low rank that is learned.

    x (..., in) -> (..., out): W x + b + scale · B A x, with A (rank, in) and
    B (out, rank). B begins at 0, so the beginning is the Linear itself.
    Raises ValueError for a rank of which W x cannot have more.
    Source: Hu et al. 2021 (LoRA), section 4.1.
    """

    def __init__(self, linear: nn.Linear, rank: int, scale: float) -> None:
        super().__init__()
        check_rank(linear, rank, scale)
        out, inside = linear.weight.shape
        self.linear, self.scale = linear.requires_grad_(False), scale
        new = linear.weight.new_zeros  # of its kind, on its device
        self.A = nn.Parameter(new(rank, inside).normal_(std=inside**-0.5))
        self.B = nn.Parameter(new(out, rank))

    def forward(self, x: Float[Tensor, "*B I"]) -> Float[Tensor, "*B O"]:
        change = F.linear(F.linear(x, self.A), self.B)
        return self.linear(x) + self.scale * change

    @property
    def weight(self) -> Float[Tensor, "O I"]:
        """The one matrix that does what both do."""
        return self.linear.weight + self.scale * self.B @ self.A


def adapt(
    model: nn.Module,
    rank: int = 8,
    scale: float = 1.0,
    names: Sequence[str] = ADAPTED,
) -> None:
    """Freeze a model, and give Linears of these names adapters to train.

    `count_parameters` then counts the adapters alone, and `merge` ends it.
    Raises ValueError, and changes nothing, if no Linear has such a name, or
    the rank is larger than one side of a matrix.
    """
    chosen = [
        (name, part)
        for name, part in model.named_modules()
        if name.rpartition(".")[2] in names and isinstance(part, nn.Linear)
    ]
    if not chosen:
        raise ValueError(
            f"{type(model).__name__} has no Linear that is called "
            f"{' or '.join(names)}: name others, or merge the adapters that "
            "it has"
        )
    for _, linear in chosen:
        check_rank(linear, rank, scale)
    model.requires_grad_(False)
    for name, linear in chosen:
        model.set_submodule(name, Adapter(linear, rank, scale))


@torch.no_grad()
def merge(model: nn.Module) -> None:
    """Add each adapter to its Linear's weights, and take it away.

    The model gives the same logits, to rounding, has the parts that it was
    built with, and all of it can be trained again.
    Raises ValueError if there is no adapter.
    """
    adapters = dict(adapters_of(model))
    if not adapters:
        raise ValueError(
            f"this {type(model).__name__} has no adapters to merge: adapt it "
            "first"
        )
    for name, adapter in adapters.items():
        adapter.linear.weight.copy_(adapter.weight)
        model.set_submodule(name, adapter.linear)
    model.requires_grad_(True)


def train_last(model: nn.Module, n_blocks: int) -> None:
    """Freeze a model, but for its last blocks.

    model.requires_grad_(True) lets all of it learn again.
    Raises ValueError if it has not so many blocks, or none at all.
    """
    blocks = getattr(model, "blocks", ())
    if not len(blocks):
        raise ValueError(
            f"{type(model).__name__} has no blocks: train all of it"
        )
    between(1, len(blocks), n_blocks=n_blocks)
    model.requires_grad_(False)
    for block in blocks[-n_blocks:]:
        block.requires_grad_(True)


def adapters_of(model: nn.Module) -> Iterator[tuple[str, Adapter]]:
    """The adapters of a model, with the names of their places."""
    for name, part in model.named_modules():
        if isinstance(part, Adapter):
            yield name, part


def check_rank(linear: nn.Linear, rank: int, scale: float) -> None:
    """Refuse a rank that no change of these weights can have."""
    at_least(1, rank=rank)
    above(0, scale=scale)
    most = min(linear.weight.shape)
    if rank > most:
        out, inside = linear.weight.shape
        raise ValueError(
            f"rank {rank} is more than a matrix of {out} by {inside} can "
            f"have: choose at most {most}"
        )
