"""Three hunts of chapter 12: parts that read what others were trained with.

A model is trained with the right part; the broken one gets its weights. What
goes wrong then shows in no loss: it is looked for where it can be seen.
"""

import copy
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import nn

from scripts.records.hunts.modern import (
    STEPS,
    Change,
    held_out,
    loss_of,
    seen,
    trained,
)
from scripts.records.modern import blocks_of, rms_norm
from tutorgpt import GPT, load_corpus
from tutorgpt.config import CHAPTER
from tutorgpt.language_model import eval_mode
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.modern import TiedOutput
from tutorgpt.training.steps import training_steps

TIMES = [n / 2 for n in range(33)]
"""Factors of what a feed-forward layer is handed."""
POWERS = [n / 2 for n in range(-14, 1)]
"""Of ten: the root mean squares of what a norm is handed."""
EVERY = 50
UNIT = 1e-4
"""The room that the chapter leaves between two models' logits."""


@cache
def source_of_weights(change: Change) -> GPT:
    """A model with the right parts, trained; nobody changes it."""
    return trained(change)


def bent(model: GPT) -> None:
    """The form of GELU that GPT-2 has, in the place of every ReLU."""
    for block in blocks_of(model):
        gelu = nn.GELU(approximate="tanh")
        block.feed_forward.register_module("relu", gelu)


def tied(model: GPT) -> None:
    """One table for what goes in and what comes out."""
    table = model.embedding.token
    model.lm_head = TiedOutput(table)  # type: ignore


def bending(source: str) -> dict:
    """How far logits are apart, if the layers are handed x times n."""
    part: Any = EXERCISES["12.5"].build(source)
    right = copy.deepcopy(source_of_weights(bent))
    reads, times = copy.deepcopy(right), [1.0]
    for block in blocks_of(reads):
        layer = part(reads.config.n_embed)
        layer.load_state_dict(block.feed_forward.state_dict())
        block.feed_forward = layer
    sample = seen(reads, [], loss=loss_of(reads))
    for block in blocks_of(right) + blocks_of(reads):
        block.feed_forward.register_forward_pre_hook(
            lambda _, args: (times[0] * args[0],)
        )
    inputs, _ = held_out(right.config)
    curve = []
    for times[0] in TIMES:
        with torch.no_grad(), eval_mode(right), eval_mode(reads):
            apart = (reads(inputs) - right(inputs)).abs().max().item()
        curve.append([times[0], round(apart / UNIT, 3)])
    return {
        **sample,
        "measure": "largest difference of logits",
        "unit": "ten-thousandths",
        "axis": "factor of what the layers are handed",
        "curve": curve,
    }


def tying(source: str) -> dict:
    """A model is trained on; now and then it is stored, and read again.

    A file of a tied model holds the table, and no matrix of the output.
    """
    part: Any = EXERCISES["12.6"].build(source)
    corpus = load_corpus("shakespeare")
    model = copy.deepcopy(source_of_weights(tied))
    model.lm_head = part(model.embedding.token)

    def stored() -> GPT:
        again = copy.deepcopy(model)
        right: Any = EXERCISES["12.6"].reference()
        again.lm_head = right(again.embedding.token)
        return again

    curve = [[0, loss_of(stored())]]
    settings = CHAPTER.training(max_steps=STEPS, eval_interval=STEPS)
    for state in training_steps(model, corpus, settings):
        if state.step % EVERY == 0:
            curve.append([state.step, loss_of(stored())])
    found = seen(stored(), curve, loss=loss_of(model))
    # Of the model that is trained; the stored one is tied in any case.
    learned = sum(weights.numel() for weights in model.parameters())
    return {**found, "parameters": learned}


def norming(source: str) -> dict:
    """The loss, if all norms are handed vectors of one length."""
    part: Any = EXERCISES["12.7"].build(source)
    model, size = copy.deepcopy(source_of_weights(rms_norm)), [1.0]

    def another(norm: nn.Module) -> nn.Module:
        new = part(model.config.n_embed, 1e-5)
        new.load_state_dict(norm.state_dict())
        norms.append(new)
        return new

    norms: list[nn.Module] = []
    for block in blocks_of(model):
        block.norm_1 = another(block.norm_1)
        block.norm_2 = another(block.norm_2)
    model.norm = another(model.norm)  # type: ignore
    sample = seen(model, [], loss=loss_of(model))
    for norm in norms:
        norm.register_forward_pre_hook(at_size(size))
    curve = []
    for power in POWERS:
        size[0] = 10**power
        curve.append([power, loss_of(model)])
    axis = "power of ten of the vectors' root mean square"
    return {**sample, "axis": axis, "curve": curve}


def at_size(size: list[float]) -> Callable:
    """A hook that gives every vector this root mean square."""

    def resize(_: nn.Module, args: tuple) -> tuple:
        root = args[0].square().mean(dim=-1, keepdim=True).sqrt()
        return (args[0] / root * size[0],)

    return resize


HUNTS = {"12.5": bending, "12.6": tying, "12.7": norming}
