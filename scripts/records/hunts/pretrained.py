"""The hunts of chapter 12: what is read, of a model that was trained right.

A model is trained with the chapters' own parts, and then another one, which
only reads, gets its weights on some way that may be wrong.
"""

import copy
from typing import Any

import torch
from torch import nn

from scripts.records.hunts.modern import (
    attention,
    loss_of,
    seen,
    trained,
)
from scripts.records.modern import blocks_of
from tutorgpt import GPT
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.modern import Rotary


def matrices(model: GPT) -> list[nn.Linear]:
    """The Linears of all blocks."""
    blocks = blocks_of(model)
    return [
        part
        for block in blocks
        for part in block.modules()
        if isinstance(part, nn.Linear)
    ]


def reading_on_its_side(source: str) -> dict:
    """Matrices stored as (in, out) and brought back."""
    part: Any = EXERCISES["12.3"].build(source)
    curve: list = []

    @torch.no_grad()
    def reading(model: GPT) -> GPT:
        reads = copy.deepcopy(model)
        for linear in matrices(reads):
            stored = linear.weight.mT.clone()
            sizes = linear.in_features, linear.out_features
            linear.weight.copy_(part(stored, *sizes))
        return reads

    def look(step: int, model: GPT) -> None:
        curve.append([step, loss_of(reading(model))])

    return seen(reading(trained(lambda model: None, look)), curve)


def reading_in_pairs(source: str) -> dict:
    """Halves that were trained with, read by what turns neighbours."""
    order: Any = EXERCISES["12.4"].build(source)
    halves: Any = EXERCISES["11.3"].reference()
    curve: list = []

    def change(model: GPT) -> None:
        config = model.config
        for block in blocks_of(model):
            turn = halves(config.head_size, 10_000.0)
            block.multi_head = attention(config, config.n_head, position=turn)
        model.embedding = model.embedding.token  # type: ignore

    @torch.no_grad()
    def reading(model: GPT) -> GPT:
        reads, config = copy.deepcopy(model), model.config
        for block in blocks_of(reads):
            rows = block.multi_head.qkv.weight
            q, k, v = rows.chunk(3)
            rows.copy_(
                torch.cat(
                    [order(q, config.n_head), order(k, config.n_head), v]
                )
            )
            turn = Rotary(config.head_size, config.block_size)
            block.multi_head.position = turn
        return reads

    def look(step: int, model: GPT) -> None:
        curve.append([step, loss_of(reading(model))])

    return seen(reading(trained(change, look)), curve)


HUNTS = {"12.3": reading_on_its_side, "12.4": reading_in_pairs}
