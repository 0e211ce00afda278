"""The hunts of chapter 12: what is read, of a model that was trained right.

A model is trained with the chapters' own parts, and then another one, which
only reads, gets its weights on some way that may be wrong.
"""

import copy
from typing import Any

import torch
from torch import nn

from hunts.modern import (
    TEXTS,
    attention,
    held_out,
    loss_of,
    seen,
    trained,
)
from scripts.records.modern import blocks_of
from tutorgpt import GPT
from tutorgpt.language_model import eval_mode
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.modern import RMSNorm, Rotary
from tutorgpt.scaling import count_parameters

FEW = TEXTS // 16
"""Texts whose logits are compared."""
HALVINGS = range(15)


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


def bending(source: str) -> dict:
    """The largest difference of logits; both losses are the same."""
    part: Any = EXERCISES["12.5"].build(source)
    right: Any = EXERCISES["12.5"].reference()
    curve: list = []

    def change(model: GPT) -> None:
        C = model.config.n_embed
        for block in blocks_of(model):
            block.feed_forward = right(C, 4 * C)

    def reading(model: GPT) -> GPT:
        reads, C = copy.deepcopy(model), model.config.n_embed
        for block in blocks_of(reads):
            new = part(C, 4 * C)
            new.load_state_dict(block.feed_forward.state_dict())
            block.feed_forward = new
        return reads

    @torch.no_grad()
    def look(step: int, model: GPT) -> None:
        texts = held_out(model.config)[0][:FEW]
        with eval_mode(model):
            logits = model(texts)
        with eval_mode(reads := reading(model)):
            gap = (reads(texts) - logits).abs().max().item()
        curve.append([step, round(gap, 4)])

    model = trained(change, look)
    return seen(
        reading(model),
        curve,
        measure="largest difference",
        unit="logits",
    )


def tying(source: str) -> dict:
    """Read from a file that holds the table of tokens and no output."""
    part: Any = EXERCISES["12.6"].build(source)
    curve: list = []

    def change(model: GPT) -> None:
        config = model.config
        both = part(config.vocab_size, config.n_embed)
        nn.init.normal_(both.token.weight, std=config.n_embed**-0.5)
        if both.lm_head.weight is not both.token.weight:
            both.lm_head.weight.data.copy_(both.token.weight)
        model.embedding.token, model.lm_head = both.token, both.lm_head

    def reading(model: GPT) -> GPT:
        reads = copy.deepcopy(model)
        table = reads.embedding.token
        reads.lm_head = nn.Linear(*table.weight.T.shape)
        nn.init.zeros_(reads.lm_head.bias)
        reads.lm_head.weight = table.weight
        return reads

    def look(step: int, model: GPT) -> None:
        curve.append([step, loss_of(reading(model))])

    model = trained(change, look)
    found = seen(reading(model), curve)
    return {**found, "parameters": count_parameters(model)}


def halving(source: str) -> dict:
    """A model trained with RMSNorm, whose norms are handed less and less."""
    part: Any = EXERCISES["12.7"].build(source)
    times = [1.0]

    def change(model: GPT) -> None:
        C = model.config.n_embed
        for block in blocks_of(model):
            block.norm_1, block.norm_2 = RMSNorm(C, 1e-5), RMSNorm(C, 1e-5)
        model.norm = RMSNorm(C, 1e-5)  # type: ignore

    def replaced(norm: nn.Module) -> nn.Module:
        new = part(norm.weight.shape[0], 1e-5)
        new.load_state_dict(norm.state_dict())
        new.register_forward_pre_hook(lambda _, args: (times[0] * args[0],))
        return new

    model, curve = trained(change), []
    for block in blocks_of(model):
        block.norm_1 = replaced(block.norm_1)
        block.norm_2 = replaced(block.norm_2)
    model.norm = replaced(model.norm)  # type: ignore
    for n in HALVINGS:
        times[0] = 0.5**n
        curve.append([n, loss_of(model)])
    times[0] = 1.0
    return seen(model, curve, axis="how often the vectors are halved")


HUNTS = {
    "12.3": reading_on_its_side,
    "12.4": reading_in_pairs,
    "12.5": bending,
    "12.6": tying,
    "12.7": halving,
}
