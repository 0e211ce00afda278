"""Chapter 11. What a model of parts computes with, and what it keeps.

One way to count for all models: that of chapter 6's `training_flops`,
which knows its GPT by the config. These look at the model itself, so they
also know one with parts exchanged.
"""

from dataclasses import dataclass

from torch import nn

from tutorgpt.language_model import LanguageModel
from tutorgpt.modern.attention import GroupedQueryAttention
from tutorgpt.modern.experts import Experts
from tutorgpt.modern.tied import TiedOutput
from tutorgpt.scaling import FusedMultiHead


@dataclass(frozen=True)
class Looking:
    """The sizes of one attention, be it of chapter 6 or of chapter 11.

    seen: the most tokens that one looks back at, itself included.
    """

    n_head: int
    n_key_head: int
    head_size: int
    seen: int


def lookings(model: LanguageModel) -> list[Looking]:
    """The sizes of all attentions in a model, in order."""
    found = []
    for part in model.modules():
        if isinstance(part, FusedMultiHead):
            H, T = part.n_head, part.block_size
            found.append(Looking(H, H, part.proj.in_features // H, T))
        elif isinstance(part, GroupedQueryAttention):
            H, G, _ = part.heads
            seen = min(part.window, model.config.block_size)
            found.append(Looking(H, G, part.head_size, seen))
    if not found:
        raise ValueError(
            f"{type(model).__name__} has no attention of chapter 6 or 11: "
            "count a GPT, or a model of parts"
        )
    return found


def used_weights(model: LanguageModel) -> int:
    """The weights that one token is multiplied with, forward.

    Of experts, those that are active; of tables, the one that scores: a row
    that is looked up is not multiplied, and biases are added.
    """
    products = (nn.Linear, TiedOutput)
    used = sum(
        part.weight.numel()
        for part in model.modules()
        if isinstance(part, products)
    )
    for part in model.modules():
        if isinstance(part, Experts):
            idle = len(part.experts) - part.n_active
            one = sum(p.numel() for p in part.experts[0].parameters())
            used -= idle * one
    return used


def looking_flops(model: LanguageModel) -> int:
    """Operations to learn from one token that its attentions take.

    Scores and weighted means only: 12 · seen · H D a layer, as if every
    token saw as many as the last one does. The projections to queries, keys
    and values are weights, and are counted there.
    """
    return sum(12 * a.seen * a.n_head * a.head_size for a in lookings(model))


def model_flops(model: LanguageModel) -> int:
    """Operations to learn from one token: of a GPT, its `training_flops`.

    A third of them are the forward pass, all that writing takes.
    """
    return 6 * used_weights(model) + looking_flops(model)


def cache_bytes(model: LanguageModel, batch_size: int = 1) -> int:
    """Bytes of the keys and values that are kept while a model writes.

    For a full window, in the numbers that the model computes with.
    """
    size = next(model.parameters()).element_size()
    numbers = (
        2 * a.seen * a.n_key_head * a.head_size for a in lookings(model)
    )
    return batch_size * size * sum(numbers)
