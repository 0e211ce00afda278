"""Trains chapter 3's model with other heads, and chapter 4's without a bend.

    python scripts/records/tries.py              # about ten minutes

Claim 7 is chapter 4's model without ReLU, with three seeds; 3.A and 4.A are
what "More to try" asks for, other numbers of heads and other bends, with the
chapters' own seed alone. The budget is the chapters' own, too. Writes
results/tries.json, anew after each model.
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from tutorgpt import FeedForwardModel, MultiHeadModel, load_corpus
from tutorgpt.config import CHAPTER, ModelConfig
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.language_model import LanguageModel
from tutorgpt.training.loop import train

OUT = Path(__file__).resolve().parents[2] / "results" / "tries.json"
HEADS = (1, 2, 8, 32)
SEEDS = (1337, 1338, 1339)


class Square(nn.Module):
    """The bend x ** 2."""

    def forward(self, x: Tensor) -> Tensor:
        return x.square()


BENDS = {"GELU": nn.GELU, "tanh": nn.Tanh, "square": Square}
CLAIM = "claim 7, no bend"


def with_heads(config: ModelConfig, n_head: int) -> LanguageModel:
    """Chapter 3's model with another number of heads."""
    return MultiHeadModel(replace(config, n_head=n_head))


def with_bend(config: ModelConfig, bend: Callable) -> LanguageModel:
    """Chapter 4's model with another function in the place of ReLU."""
    model = FeedForwardModel(config)
    setattr(model.feed_forward, "relu", bend())  # noqa: B010  another type
    return model


def main() -> None:
    """Train every variant with every seed."""
    torch.set_num_threads(1)
    corpus = load_corpus("shakespeare")
    config = CHAPTER.model(vocab_size=corpus.tokenizer.vocab_size)
    makers: dict[str, Callable[[], LanguageModel]] = {
        CLAIM: lambda: with_bend(config, nn.Identity)
    }
    makers |= {
        f"3.A, {n} heads": lambda n=n: with_heads(config, n) for n in HEADS
    }
    makers |= {
        f"4.A, {name}": lambda bend=bend: with_bend(config, bend)
        for name, bend in BENDS.items()
    }
    record = {
        "command": "python scripts/records/tries.py",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "corpus": corpus.name,
        "preset": asdict(CHAPTER),
        "tries": [],
    }
    for name, make in makers.items():
        runs = []
        for seed in SEEDS if name == CLAIM else SEEDS[:1]:
            settings = CHAPTER.training(seed=seed, eval_interval=2000)
            torch.manual_seed(seed)
            loss = train(make(), corpus, settings).val_loss
            runs.append({"seed": seed, "val_loss": loss})
            print(f"{name}, seed {seed}: {loss:.3f}", flush=True)
        record["tries"].append({"name": name, "runs": runs})
        write_record(OUT, record)


if __name__ == "__main__":
    main()
