"""Chapter 12. Chapter 7's instruments, for a model of chapter 11's parts."""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor

from tutorgpt.looking_inside import outputs_of
from tutorgpt.modern.attention import GroupedQueryAttention
from tutorgpt.pretrained.llama import Llama


def attention_weights(
    model: Llama, tokens: Int[Tensor, "B T"]
) -> Float[Tensor, "B L H T T"]:
    """How much each position looks at each other, in every layer and head.

    Chapter 7's function, with two steps more: queries and keys are turned
    by their positions, and each key head is there for H / G query heads.
    """
    T, maps = tokens.shape[1], []
    future = torch.ones(T, T, dtype=torch.bool, device=tokens.device).triu(1)
    parts = [p for p in model.modules() if type(p) is GroupedQueryAttention]
    names = [f"blocks.{n}.multi_head.qkv" for n in range(len(parts))]
    made = outputs_of(model, names, tokens)  # a layer's: (B, T, (H + 2G) D)
    for attention, qkv in zip(parts, made, strict=True):
        H, G, _ = attention.heads
        by_head = qkv.unflatten(-1, (-1, attention.head_size)).transpose(1, 2)
        q, k, _ = by_head.split(attention.heads, dim=1)
        q, k = attention.position(q), attention.position(k)
        k = k.repeat_interleave(H // G, dim=1)
        scores = q @ k.mT / math.sqrt(attention.head_size)
        scores = scores.masked_fill(future, float("-inf"))
        maps.append(scores.softmax(dim=-1))
    return torch.stack(maps, dim=1)


@torch.no_grad()
def logit_lens(
    model: Llama, tokens: Int[Tensor, "B T"]
) -> Float[Tensor, "N B T V"]:
    """The logits if the model ended early: N = n_layer + 1 answers.

    As in chapter 7: number 0 reads the table of tokens alone, number n the
    path after n layers. Source: nostalgebraist 2020.
    """
    layers = [f"blocks.{n}" for n in range(len(model.blocks))]
    path = outputs_of(model, ["token", *layers], tokens)
    return torch.stack([model.lm_head(model.norm(x)) for x in path])
