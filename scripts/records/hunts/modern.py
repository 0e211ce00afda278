"""The hunts of chapter 11: parts of today's block in chapter 6's GPT.

Three broken parts are trained with; the fourth reads with the weights of a
model that was trained with chapter 11's own attention.
"""

import copy
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from scripts.records.modern import blocks_of
from tutorgpt import GPT, generate, load_corpus
from tutorgpt.config import CHAPTER, ModelConfig
from tutorgpt.language_model import eval_mode
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.modern import GroupedQueryAttention
from tutorgpt.scaling import count_parameters
from tutorgpt.text.batches import sample_batch
from tutorgpt.training.loss import next_token_loss
from tutorgpt.training.steps import training_steps

SEED, STEPS, EVERY = 1337, 600, 50
TEXTS = 512
BASE = 10_000.0
FURTHER = range(0, 65, 2)
"""First positions that a text is said to have."""
TIMES = [n / 8 for n in range(-8, 9)]
"""Factors of what a feed-forward layer is handed."""
KEY_HEADS = 2

Change = Callable[[GPT], None]
Look = Callable[[int, GPT], None]


def trained(change: Change, look: Look = lambda step, model: None) -> GPT:
    """Chapter 6's GPT with a change, looked at while it is trained."""
    corpus = load_corpus("shakespeare")
    torch.manual_seed(SEED)
    model = GPT(CHAPTER.model(vocab_size=corpus.tokenizer.vocab_size))
    change(model)
    look(0, model)
    settings = CHAPTER.training(max_steps=STEPS, eval_interval=STEPS)
    for state in training_steps(model, corpus, settings):
        if state.step % EVERY == 0:
            look(state.step, model)
    return model


@cache
def held_out(config: ModelConfig) -> tuple[Tensor, Tensor]:
    """The texts (B, T) that all of these are measured on."""
    generator = torch.Generator().manual_seed(SEED)
    val = load_corpus("shakespeare").val
    return sample_batch(val, TEXTS, config.block_size, generator)


@torch.no_grad()
def loss_of(model: GPT) -> float:
    """The held-out loss, to three decimals."""
    inputs, targets = held_out(model.config)
    with eval_mode(model):
        return round(next_token_loss(model(inputs), targets).item(), 3)


def seen(model: GPT, curve: list, **more: Any) -> dict:
    """What is recorded of a model."""
    tokenizer = load_corpus("shakespeare").tokenizer
    start = torch.tensor([tokenizer.encode("\n")])
    generator = torch.Generator().manual_seed(SEED)
    with eval_mode(model):
        tokens = generate(model, start, 120, generator=generator)
    return {
        "parameters": count_parameters(model),
        **more,
        "curve": curve,
        "sample": tokenizer.decode(tokens[0].tolist()),
    }


def attention(config: ModelConfig, G: int, **parts: Any) -> nn.Module:
    """Chapter 11's attention with G heads of keys."""
    C, H, T = config.n_embed, config.n_head, config.block_size
    return GroupedQueryAttention(C, H, G, T, **parts)


class Further(nn.Module):
    """A rotary that is told another first position than 0."""

    def __init__(self, rotary: nn.Module) -> None:
        super().__init__()
        self.rotary, self.first = rotary, 0

    def forward(self, x: Tensor, start: int) -> Tensor:
        return self.rotary(x, self.first + start)


def turning(source: str) -> dict:
    """The same held-out texts, at first positions that are further on."""
    part: Any = EXERCISES["11.3"].build(source)
    turns: list[Further] = []

    def change(model: GPT) -> None:
        config = model.config
        for block in blocks_of(model):
            turns.append(Further(part(config.head_size, BASE)))
            block.multi_head = attention(
                config, config.n_head, position=turns[-1]
            )
        model.embedding = model.embedding.token  # type: ignore

    model, curve = trained(change), []
    for first in FURTHER:
        for turn in turns:
            turn.first = first
        curve.append([first, loss_of(model)])
    for turn in turns:
        turn.first = 0
    return seen(model, curve, axis="position of the first character")


def norming(source: str) -> dict:
    """All norms are of this class."""
    part: Any = EXERCISES["11.4"].build(source)

    def change(model: GPT) -> None:
        C = model.config.n_embed
        for block in blocks_of(model):
            block.norm_1, block.norm_2 = part(C, 1e-5), part(C, 1e-5)
        model.norm = part(C, 1e-5)

    curve: list = []
    model = trained(change, lambda step, m: curve.append([step, loss_of(m)]))
    return seen(model, curve)


def gating(source: str) -> dict:
    """A trained model, each of whose gated layers is handed x times n."""
    part: Any = EXERCISES["11.5"].build(source)
    times = [1.0]

    def change(model: GPT) -> None:
        C = model.config.n_embed
        for block in blocks_of(model):
            block.feed_forward = part(C, round(8 * C / 3))
            block.feed_forward.register_forward_pre_hook(
                lambda _, args: (times[0] * args[0],)
            )

    model, curve = trained(change), []
    for times[0] in TIMES:
        curve.append([times[0], loss_of(model)])
    return seen(model, curve, axis="what the layers are handed, times")


def sharing(source: str) -> dict:
    """What reads, of this class, with weights that were trained elsewhere."""
    part: Any = EXERCISES["11.6"].build(source)
    curve: list = []

    def change(model: GPT) -> None:
        for block in blocks_of(model):
            block.multi_head = attention(model.config, KEY_HEADS)

    def reading(model: GPT) -> GPT:
        reads = copy.deepcopy(model)
        C, H = model.config.n_embed, model.config.n_head
        for block in blocks_of(reads):
            new = part(C, H, KEY_HEADS)
            new.load_state_dict(block.multi_head.state_dict())
            block.multi_head = new
        return reads

    def look(step: int, model: GPT) -> None:
        curve.append([step, loss_of(reading(model))])

    return seen(reading(trained(change, look)), curve)


HUNTS = {"11.3": turning, "11.4": norming, "11.5": gating, "11.6": sharing}
