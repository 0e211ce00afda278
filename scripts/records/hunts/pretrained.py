"""The hunts of chapter 12: weights that were trained elsewhere.

Small models of our own stand for those of others: they are trained as they
should be, and read with what a version of the code makes of their weights.
"""

import copy
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from scripts.records.hunts.modern import (
    BASE,
    KEY_HEADS,
    attention,
    loss_of,
    seen,
    trained,
)
from scripts.records.modern import blocks_of
from tutorgpt import GPT
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.modern import Rotary

WIDTHS = range(16, 49, 4)
"""Of the feed-forward layers; one of them is that of the path, 32."""
HEAD_SIZE = 6
"""Four heads then have 24 channels together, and no square projection."""
PAIRS = range(1, 10)
"""So many pairs of channels has a head, each time in another model."""


def as_wide(model: GPT, width: int) -> None:
    """Give a GPT feed-forward layers of this width, and narrow heads."""
    C, H = model.config.n_embed, model.config.n_head
    for block in blocks_of(model):
        layer = block.feed_forward
        layer.expand = nn.Linear(C, width)
        layer.contract = nn.Linear(width, C)
        block.multi_head = attention(model.config, H, head_size=HEAD_SIZE)


@cache
def of_width(width: int) -> GPT:
    """A trained GPT whose feed-forward layers have this width."""
    return trained(lambda model: as_wide(model, width))


def stored(model: nn.Module) -> dict[str, Tensor]:
    """A model's weights by name, the matrices as (in, out)."""
    return {
        name: weight.detach().mT.clone()
        if name.endswith("weight")
        and isinstance(model.get_submodule(name[: -len(".weight")]), nn.Linear)
        else weight.detach().clone()
        for name, weight in model.named_parameters()
    }


def copying(source: str) -> dict:
    """Models of several widths, filled from files of trained ones."""
    copy_in: Any = EXERCISES["12.3"].build(source)
    filled, curve = {}, []
    for width in WIDTHS:
        torch.manual_seed(0)
        model = of_width(width)
        filled[width] = GPT(model.config)
        as_wide(filled[width], width)
        copy_in(filled[width], stored(model))
        curve.append([width, loss_of(filled[width])])
    square = filled[of_width(WIDTHS[0]).config.n_embed]
    return seen(square, curve, axis="width of the feed-forward layer")


@cache
def of_pairs(pairs: int) -> GPT:
    """A trained GPT whose heads turn so many pairs, each of two halves."""
    turning: Any = EXERCISES["11.3"].reference()
    D = 2 * pairs

    def change(model: GPT) -> None:
        for block in blocks_of(model):
            position = turning(D, BASE)
            block.multi_head = attention(
                model.config, KEY_HEADS, head_size=D, position=position
            )
        model.embedding = model.embedding.token  # type: ignore

    return trained(change)


def reordering(source: str) -> dict:
    """Models that turned halves, read by a rotary that turns neighbours."""
    for_neighbours: Any = EXERCISES["12.4"].build(source)
    read, curve = {}, []
    for pairs in PAIRS:
        read[pairs] = copy.deepcopy(of_pairs(pairs))
        H, T = read[pairs].config.n_head, read[pairs].config.block_size
        for block in blocks_of(read[pairs]):
            block.multi_head.position = Rotary(2 * pairs, T, BASE)
            rows = block.multi_head.qkv.weight
            rows.data = for_neighbours(rows.data, H, KEY_HEADS)
        curve.append([pairs, loss_of(read[pairs])])
    return seen(read[PAIRS[-1]], curve, axis="pairs of channels a head")


HUNTS = {"12.3": copying, "12.4": reordering}
