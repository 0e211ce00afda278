"""Our own GPT in GPT-2's shape: what has no place there gets one channel.

GPT-2 has no bias after its last matrix, ours has one, and no class of
transformers has all parts of our GPT. But a bias is a column of the matrix
whose input is always 1. So each head is given one channel more, n_embed
grows from C to C + H, and the first new channel of the last norm is 1: its
weight is 0, and its shift is 1.

The new channels of the residual path stay 0. LayerNorm divides by the
spread of all channels and takes their mean away, so zeros would change it.
The mean is 0 if all that is added to the path has none: whatever reads the
path reads it through a norm, which takes the mean away in any case. Then
the variance is only C / (C + H) of what it was, for every text, and the
norms' weights and epsilon are scaled by that.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.config import ModelConfig
from tutorgpt.pretrained.gpt2 import GPT2Config
from tutorgpt.scaling import GPT


def widened_config(model: GPT) -> GPT2Config:
    """The shape with one channel more a head."""
    config = model.config
    C, H = config.n_embed, config.n_head
    return GPT2Config(
        vocab_size=config.vocab_size,
        block_size=config.block_size,
        n_embed=C + H,
        n_head=H,
        n_layer=config.n_layer,
        dropout=config.dropout,
        epsilon=model.norm.eps * C / (C + H),
    )


@torch.no_grad()
def widened(model: GPT) -> dict[str, Tensor]:
    """A GPT's weights, by our names, in the shape of widened_config.

    With them GPT-2, with ReLU, an output matrix of its own and
    feed-forward layers of 4 C, gives the GPT's logits, to rounding.
    """
    config = model.config
    C, H = config.n_embed, config.n_head
    weights = {
        name: wider(name, weight.double(), config)
        for name, weight in model.state_dict().items()
    }
    bias = weights.pop("lm_head.bias")
    weights["lm_head.weight"][:, C] = bias  # its input is always 1
    weights["norm.bias"][C] = 1
    for n in range(config.n_layer):
        zeros = torch.zeros(3 * (C + H))
        weights[f"blocks.{n}.multi_head.qkv.bias"] = zeros
    return {name: weight.float() for name, weight in weights.items()}


def wider(
    name: str, weight: Float[Tensor, "..."], config: ModelConfig
) -> Float[Tensor, "..."]:
    """One weight of a GPT with room for the new channels, which are 0."""
    C, H = config.n_embed, config.n_head
    *_, part, kind = name.split(".")
    if part in ("token", "position"):
        return grown(without_mean(weight, dim=1), dim=1, by=H)
    if part.startswith("norm"):
        spread = (C / (C + H)) ** 0.5 if kind == "weight" else 1.0
        return grown(weight * spread, dim=0, by=H)
    if part == "qkv":
        return grown(wider_heads(weight, H), dim=1, by=H)
    if part == "proj" and kind == "weight":
        by_head = grown(weight.unflatten(1, (H, -1)), dim=2, by=1)
        weight = by_head.flatten(1)
    if part in ("proj", "contract"):  # they add to the path
        return grown(without_mean(weight, dim=0), dim=0, by=H)
    if kind == "weight":  # of expand and lm_head, which read a norm
        return grown(weight, dim=1, by=H)
    return weight


def wider_heads(
    qkv: Float[Tensor, "N C"], n_head: int
) -> Float[Tensor, "M C"]:
    """Rows for queries, keys and values with one channel more a head.

    Attention divides scores by √(D + 1) then, so queries make up for it.
    """
    by_head = qkv.unflatten(0, (3, n_head, -1)).clone()
    D = by_head.shape[2]
    by_head[0] *= ((D + 1) / D) ** 0.5
    return grown(by_head, dim=2, by=1).flatten(0, 2)


def without_mean(
    weight: Float[Tensor, "..."], dim: int
) -> Float[Tensor, "..."]:
    """What adds to the path, without the part that all channels share."""
    return weight - weight.mean(dim=dim, keepdim=True)


def grown(
    weight: Float[Tensor, "..."], dim: int, by: int
) -> Float[Tensor, "..."]:
    """A weight with zeros at the end of one of its dimensions."""
    shape = list(weight.shape)
    shape[dim] = by
    return torch.cat([weight, weight.new_zeros(shape)], dim=dim)
