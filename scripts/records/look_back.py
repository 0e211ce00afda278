"""Trains what chapters 1 and 2 compare their models with, three seeds each.

    python scripts/records/look_back.py              # about four minutes

A table of pairs with as many channels as characters, the mean of the past,
and one head without places, without its scale, and with a way past it. A
seed is that of the weights and of the batches. Writes
results/look_back.json, anew after each seed.
"""

import math
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tutorgpt import BigramModel, LanguageModel, SingleHeadModel, load_corpus
from tutorgpt.config import CHAPTER, ModelConfig
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.text.corpus import Corpus
from tutorgpt.training.loop import train
from tutorgpt.training.loss import exact_loss

OUT = Path(__file__).resolve().parents[2] / "results" / "look_back.json"
SEEDS = (1337, 1338, 1339)
FACTORS = (0.5, 1.0, 2.0)
"""By what the scores of a trained head are multiplied."""


class MeanModel(LanguageModel):
    """Chapter 2's plain mean of all characters so far."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.embedding = nn.Embedding(config.vocab_size, config.n_embed)
        self.lm_head = nn.Linear(config.n_embed, config.vocab_size)

    def forward(self, tokens: Tensor) -> Tensor:
        triangle = torch.ones(tokens.shape[1], tokens.shape[1]).tril()
        weights = triangle / triangle.sum(dim=1, keepdim=True)
        return self.lm_head(weights @ self.embedding(tokens))


class PastTheHead(SingleHeadModel):
    """Exercise 2.5: the current character passes the head as well."""

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.embedding(tokens)
        return self.lm_head(x + self.head(x))


def square(config: ModelConfig) -> LanguageModel:
    """The bigram model with as many channels as characters."""
    wide = asdict(config) | {"n_embed": config.vocab_size, "n_head": 1}
    return BigramModel(ModelConfig(**wide))


def placeless(config: ModelConfig) -> LanguageModel:
    """One head over vectors that know no places."""
    model = SingleHeadModel(config)
    tokens_alone = nn.Embedding(config.vocab_size, config.n_embed)
    model.add_module("embedding", tokens_alone)
    return model


def unscaled(config: ModelConfig) -> LanguageModel:
    """One head whose scores are q · k, and nothing is divided."""
    model = SingleHeadModel(config)
    model.head.head_size = 1  # its root is what the scores are divided by
    return model


VARIANTS: dict[str, tuple[Callable[[ModelConfig], LanguageModel], int]] = {
    "one head": (SingleHeadModel, 2000),
    "one head, no places": (placeless, 2000),
    "one head, no scale": (unscaled, 2000),
    "one head, and a way past it": (PastTheHead, 2000),
    "mean of the past": (MeanModel, 2000),
    "bigram, 69 channels": (square, 2000),
    "bigram, 10,000 steps": (BigramModel, 10_000),
}
"""Name -> what makes the model, and how many steps it is trained."""


@torch.no_grad()
def inside(model: SingleHeadModel, corpus: Corpus) -> dict[str, float]:
    """What a head does on 64,000 held-out characters.

    itself, before: the mean weight at distance 0 and 1, from position 16 on.
    queries: their variance. scores: the variance within a row, of what the
    row may see, from position 16 on.
    """
    head = model.head
    x = model.embedding(corpus.val[:64_000].view(-1, 32))
    q, k = head.query(x), head.key(x)
    scores = q @ k.mT / math.sqrt(head.head_size)
    weights = F.softmax(scores.masked_fill(~head.past, -math.inf), dim=-1)
    rows = [scores[:, t, : t + 1].var(dim=-1).mean() for t in range(16, 32)]
    return {
        "itself": weights.diagonal(0, 1, 2)[:, 16:].mean().item(),
        "before": weights.diagonal(-1, 1, 2)[:, 15:].mean().item(),
        "queries": q.var().item(),
        "scores": torch.stack(rows).mean().item(),
    }


@torch.no_grad()
def rescaled(model: SingleHeadModel, corpus: Corpus) -> dict[str, float]:
    """The held-out loss when a trained head's scores are multiplied."""
    kept, losses = model.head.query.weight.clone(), {}
    for factor in FACTORS:
        model.head.query.weight.copy_(factor * kept)
        losses[str(factor)] = exact_loss(model, corpus.val)
    model.head.query.weight.copy_(kept)
    return losses


def run(name: str, seed: int, corpus: Corpus) -> dict:
    """Train one variant with one seed; its loss, and what its head does."""
    make, steps = VARIANTS[name]
    torch.manual_seed(seed)
    model = make(CHAPTER.model(vocab_size=corpus.tokenizer.vocab_size))
    found: dict = {"seed": seed}
    if isinstance(model, SingleHeadModel):
        found["fresh"] = inside(model, corpus)
    settings = CHAPTER.training(
        seed=seed, max_steps=steps, eval_interval=steps
    )
    found["val_loss"] = train(model, corpus, settings).val_loss
    if isinstance(model, SingleHeadModel):
        found["trained"] = inside(model, corpus)
        if name == "one head":
            found["rescaled"] = rescaled(model, corpus)
    print(f"{name}, seed {seed}: {found['val_loss']:.4f}", flush=True)
    return found


def main() -> None:
    """Train every variant with every seed."""
    torch.set_num_threads(1)
    corpus = load_corpus("shakespeare")
    record: dict = {
        "command": "python scripts/records/look_back.py",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "corpus": corpus.name,
        "preset": asdict(CHAPTER),
        "variants": {
            name: {"steps": steps, "runs": []}
            for name, (_, steps) in VARIANTS.items()
        },
    }
    for seed in SEEDS:
        for name, row in record["variants"].items():
            row["runs"].append(run(name, seed, corpus))
        write_record(OUT, record)


if __name__ == "__main__":
    main()
