"""The hunts of chapters 1 to 6: a small model with one part of the code's.

A version of an exercise's code defines one thing, called `part` below: a
layer, an embedding, a loss, a training step, an evaluation or a whole model.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
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
from tutorgpt.language_model import eval_mode
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.scaling import count_parameters
from tutorgpt.text.batches import sample_batch
from tutorgpt.training.loss import next_token_loss

SEED, STEPS, EVERY = 1337, 600, 50
SNIPPET = "the thing he"
LOUD = 0.5
"""A learning rate at which the logits outgrow 32 bits."""


def swap(model: LanguageModel, part: str, new: nn.Module) -> LanguageModel:
    """A model with one of its parts replaced."""
    setattr(model, part, new)
    return model


def stacked(layer: Any, config: ModelConfig) -> LanguageModel:
    """Chapter 5's model with this layer in place of its blocks."""
    C, H, T = config.n_embed, config.n_head, config.block_size
    layers = (layer(C, H, T) for _ in range(config.n_layer))
    return swap(ResidualNormModel(config), "blocks", nn.Sequential(*layers))


def plain_update(
    part: Any,
    model: LanguageModel,
    optimizer: torch.optim.Optimizer,
    inputs: Tensor,
    targets: Tensor,
) -> None:
    """One step that has nothing to do with the code in question."""
    loss = next_token_loss(model(inputs), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def plain_loss(
    part: Any, model: LanguageModel, inputs: Tensor, targets: Tensor
) -> Tensor:
    """The held-out loss, measured as it should be."""
    with eval_mode(model):
        return next_token_loss(model(inputs), targets)


def update_by_its_loss(
    part: Any,
    model: LanguageModel,
    optimizer: torch.optim.Optimizer,
    inputs: Tensor,
    targets: Tensor,
) -> None:
    """One step whose loss is the code's own."""
    loss = its_loss(part, model, inputs, targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def its_loss(
    part: Any, model: LanguageModel, inputs: Tensor, targets: Tensor
) -> Tensor:
    """The loss as the code computes it, from logits (N, V), targets (N,)."""
    return part(model(inputs).flatten(0, 1), targets.flatten())


def its_evaluation(
    part: Any, model: LanguageModel, inputs: Tensor, targets: Tensor
) -> Tensor:
    """What the code measures on a model that was left in training mode."""
    return part(model.train(), inputs, targets)


@dataclass(frozen=True)
class Hunt:
    """Where the code of an exercise has its place in a training run.

    make: the model, by what the code defines and the chapters' shape.
    head: finds the head whose map is shown, where the hunt has one.
    update: one training step. measure: the held-out loss.
    twice: whether the last loss is measured a second time.
    """

    make: Callable[[Any, ModelConfig], LanguageModel]
    head: Callable[[Any], nn.Module] | None = None
    update: Callable[..., Any] = plain_update
    measure: Callable[..., Tensor] = plain_loss
    learning_rate: float = CHAPTER.learning_rate
    steps: int = STEPS
    dropout: float = 0.0
    twice: bool = False


PLACES = {
    "1.6": Hunt(
        make=lambda _, c: BigramModel(c),
        update=lambda step, *rest: step(*rest),
    ),
    "2.4": Hunt(
        make=lambda part, c: swap(
            SingleHeadModel(c),
            "embedding",
            part(c.vocab_size, c.n_embed, c.block_size),
        ),
        head=lambda model: model.head,
    ),
    "2.6": Hunt(
        make=lambda part, c: swap(
            SingleHeadModel(c),
            "head",
            part(c.n_embed, c.n_embed, c.block_size),
        ),
        head=lambda model: model.head,
    ),
    "3.5": Hunt(
        make=lambda part, c: swap(
            MultiHeadModel(c),
            "multi_head",
            part(c.n_embed, c.n_head, c.block_size),
        ),
        head=lambda model: model.multi_head.heads[0],
    ),
    "4.3": Hunt(
        make=lambda part, c: swap(
            FeedForwardModel(c), "feed_forward", part(c.n_embed)
        ),
    ),
    "5.4": Hunt(
        make=stacked,
        head=lambda model: model.blocks[2].multi_head.heads[0],
    ),
    "5.5": Hunt(
        make=lambda _, c: BigramModel(c),
        update=update_by_its_loss,
        measure=its_loss,
        learning_rate=LOUD,
        steps=500,  # at this rate even the healthy twin has had enough
    ),
    "6.6": Hunt(
        make=lambda _, c: GPT(c),
        measure=its_evaluation,
        dropout=0.2,
        twice=True,
    ),
    "6.7": Hunt(
        make=lambda part, c: part(c.vocab_size, c.block_size, 24, 4, 3)
    ),
}


def train_one(number: str, source: str) -> dict:
    """Train with this version of the exercise's code; what one would see."""
    hunt, part = PLACES[number], EXERCISES[number].build(source)
    corpus = load_corpus("shakespeare")
    tokenizer = corpus.tokenizer
    config = CHAPTER.model(vocab_size=tokenizer.vocab_size)
    config = ModelConfig(**{**vars(config), "dropout": hunt.dropout})
    torch.manual_seed(SEED)
    model = hunt.make(part, config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=hunt.learning_rate)
    generator = torch.Generator().manual_seed(SEED)
    held_out = sample_batch(corpus.val, 256, 32, generator)
    text = torch.tensor([tokenizer.encode(SNIPPET)])
    head = hunt.head(model) if hunt.head else None
    found: dict[str, Any] = {"parameters": count_parameters(model)}
    if head is not None:
        found["map_before"] = attention(model, head, text)
    found["curve"] = [[0, measure(hunt, part, model, held_out)]]
    for step in range(1, hunt.steps + 1):
        batch = sample_batch(corpus.train, 32, 32, generator)
        model.train()
        hunt.update(part, model, optimizer, *batch)
        if step % EVERY == 0:
            loss = measure(hunt, part, model, held_out)
            found["curve"].append([step, loss])
            if loss is None:
                break
    if hunt.twice:
        found["again"] = measure(hunt, part, model, held_out)
    found["sample"] = write(model, tokenizer)
    if head is not None:
        found["map"] = attention(model, head, text)
    return found


@torch.no_grad()
def measure(
    hunt: Hunt,
    part: Any,
    model: LanguageModel,
    batch: tuple[Tensor, Tensor],
) -> float | None:
    """The held-out loss to three decimals; None for nan and infinity."""
    loss = hunt.measure(part, model, *batch)
    return round(loss.item(), 3) if loss.isfinite() else None


@torch.no_grad()
def attention(model: LanguageModel, head: nn.Module, tokens: Tensor) -> list:
    """The weights of one head over a text, to three decimals.

    Computed from the head's own query, key and mask, since a broken head
    need not be of the class that the hooks of chapter 7 know.
    """
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


def write(model: LanguageModel, tokenizer: Any) -> str:
    """A sample, or a word about why there is none."""
    start = torch.tensor([tokenizer.encode("\n")])
    generator = torch.Generator().manual_seed(SEED)
    try:
        tokens = generate(model, start, 120, generator=generator)
    except ValueError:
        return "(nothing: its probabilities are nan)"
    return tokenizer.decode(tokens[0].tolist())


HUNTS = {number: partial(train_one, number) for number in PLACES}
