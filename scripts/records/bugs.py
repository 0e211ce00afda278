"""Trains each broken model of the bug hunts beside its mended twin.

    python scripts/records/bugs.py

writes results/bugs.json: the curve, a sample and an attention map of both,
with the chapters' shape and a shorter budget.
"""

import math
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch
from late_bugs import HUNTS
from torch import Tensor, nn

from tutorgpt import (
    GPT,
    BigramModel,
    FeedForwardModel,
    LanguageModel,
    MultiHeadModel,
    ResidualNormModel,
    SingleHeadModel,
    generate,
    load_corpus,
)
from tutorgpt.config import CHAPTER, ModelConfig
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.language_model import eval_mode
from tutorgpt.learn.chapters import EXERCISES
from tutorgpt.learn.exercise import build
from tutorgpt.scaling import count_parameters
from tutorgpt.text.batches import sample_batch
from tutorgpt.training.loss import next_token_loss

SEED, STEPS, EVERY = 1337, 600, 50
STEPS_OF = {"5.5": 500}
"""At its high rate even the healthy twin has had enough by then."""
SNIPPET = "the thing he"
LOUD = 0.5
"""A learning rate at which the logits outgrow 32 bits."""

Make = Callable[[Any, ModelConfig], LanguageModel]


def swap(model: LanguageModel, part: str, new: nn.Module) -> LanguageModel:
    """A model with one of its parts replaced."""
    setattr(model, part, new)
    return model


def stacked(layer: Any, config: ModelConfig) -> LanguageModel:
    """Chapter 5's model with this layer in place of its blocks."""
    C, H, T = config.n_embed, config.n_head, config.block_size
    layers = (layer(C, H, T) for _ in range(config.n_layer))
    return swap(ResidualNormModel(config), "blocks", nn.Sequential(*layers))


MAKE: dict[str, Make] = {
    "1.6": lambda _, c: BigramModel(c),
    "2.4": lambda part, c: swap(
        SingleHeadModel(c),
        "embedding",
        part(c.vocab_size, c.n_embed, c.block_size),
    ),
    "2.6": lambda part, c: swap(
        SingleHeadModel(c), "head", part(c.n_embed, c.n_embed, c.block_size)
    ),
    "3.5": lambda part, c: swap(
        MultiHeadModel(c),
        "multi_head",
        part(c.n_embed, c.n_head, c.block_size),
    ),
    "4.3": lambda part, c: swap(
        FeedForwardModel(c), "feed_forward", part(c.n_embed)
    ),
    "5.4": stacked,
    "5.5": lambda _, c: BigramModel(c),
    "6.6": lambda _, c: GPT(c),
    "6.7": lambda part, c: part(c.vocab_size, c.block_size, 24, 4, 3),
}


def first_head(model: LanguageModel, number: str) -> nn.Module | None:
    """The head whose map is shown, where the hunt has one."""
    if number in ("2.4", "2.6"):
        return model.get_submodule("head")
    if number == "3.5":
        return model.get_submodule("multi_head").heads[0]  # type: ignore
    if number == "5.4":
        last = model.get_submodule("blocks.2.multi_head")
        return last.heads[0]  # type: ignore
    return None


@torch.no_grad()
def attention(model: LanguageModel, head: nn.Module, tokens: Tensor) -> list:
    """The weights of one head over a text, to three decimals."""
    seen: list[Tensor] = []
    hook = head.register_forward_pre_hook(lambda _, args: seen.append(args[0]))
    with eval_mode(model):
        model(tokens)
    hook.remove()
    query = head.get_submodule("query")(seen[0])
    key = head.get_submodule("key")(seen[0])
    T = tokens.shape[1]
    scores = query @ key.mT / math.sqrt(query.shape[-1])
    past = head.get_buffer("past")[:T, :T]
    weights = scores.masked_fill(~past, float("-inf")).softmax(dim=-1)
    return [[round(w, 3) for w in row] for row in weights[0].tolist()]


def train_one(number: str, source: str) -> dict:
    """Train with this version of the exercise's code; what one would see."""
    part = build(source, EXERCISES[number].target)
    config = CHAPTER.model(vocab_size=corpus.tokenizer.vocab_size)
    if number == "6.6":
        config = ModelConfig(**{**vars(config), "dropout": 0.2})
    torch.manual_seed(SEED)
    model = MAKE[number](part, config)
    rate = LOUD if number == "5.5" else CHAPTER.learning_rate
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate)
    generator = torch.Generator().manual_seed(SEED)
    held_out = sample_batch(corpus.val, 256, 32, generator)
    text = torch.tensor([corpus.tokenizer.encode(SNIPPET)])
    head = first_head(model, number)
    found: dict[str, Any] = {"parameters": count_parameters(model)}
    if head is not None:
        found["map_before"] = attention(model, head, text)
    found["curve"] = [[0, measure(number, part, model, held_out)]]
    for step in range(1, STEPS_OF.get(number, STEPS) + 1):
        inputs, targets = sample_batch(corpus.train, 32, 32, generator)
        update(number, part, model, optimizer, inputs, targets)
        if step % EVERY == 0:
            loss = measure(number, part, model, held_out)
            found["curve"].append([step, loss])
            if loss is None:
                break
    if number == "6.6":
        found["again"] = measure(number, part, model, held_out)
    found["sample"] = write(model)
    if head is not None:
        found["map"] = attention(model, head, text)
    return found


def update(
    number: str,
    part: Any,
    model: LanguageModel,
    optimizer: torch.optim.Optimizer,
    inputs: Tensor,
    targets: Tensor,
) -> None:
    """One step, with the exercise's own code where it is about the step."""
    model.train()
    if number == "1.6":
        part(model, optimizer, inputs, targets)
        return
    logits = model(inputs)
    if number == "5.5":
        loss = part(logits.flatten(0, 1), targets.flatten())
    else:
        loss = next_token_loss(logits, targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


@torch.no_grad()
def measure(
    number: str,
    part: Any,
    model: LanguageModel,
    batch: tuple[Tensor, Tensor],
) -> float | None:
    """The held-out loss to three decimals; None for nan and infinity."""
    inputs, targets = batch
    if number == "6.6":
        model.train()
        loss = part(model, inputs, targets)
    elif number == "5.5":
        loss = part(model(inputs).flatten(0, 1), targets.flatten())
    else:
        with eval_mode(model):
            loss = next_token_loss(model(inputs), targets)
    return round(loss.item(), 3) if loss.isfinite() else None


def write(model: LanguageModel) -> str:
    """A sample, or a word about why there is none."""
    start = torch.tensor([corpus.tokenizer.encode("\n")])
    generator = torch.Generator().manual_seed(SEED)
    try:
        tokens = generate(model, start, 120, generator=generator)
    except ValueError:
        return "(nothing: its probabilities are nan)"
    return corpus.tokenizer.decode(tokens[0].tolist())


if __name__ == "__main__":
    torch.set_num_threads(1)
    corpus = load_corpus("shakespeare")
    hunts = {}
    for number in sys.argv[1:] or [*MAKE, *HUNTS]:
        exercise = EXERCISES[number]
        look = HUNTS.get(number) or partial(train_one, number)
        hunts[number] = {
            "broken": look(exercise.starter),
            "mended": look(exercise.solution),
        }
        ends = [v["curve"][-1] for v in hunts[number].values()]
        print(number, exercise.title, ends, flush=True)
    if len(sys.argv) == 1:
        record = {
            "command": "python scripts/records/bugs.py",
            "corpus": "shakespeare",
            "seed": SEED,
            "steps": STEPS,
            "text": SNIPPET,
            "machine": machine(),
            "versions": versions(),
            "hunts": hunts,
        }
        root = Path(__file__).resolve().parents[2]
        write_record(root / "results" / "bugs.json", record)
