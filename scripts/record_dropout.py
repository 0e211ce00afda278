"""Measures dropout where it helps and where it hurts, over three seeds.

    python scripts/record_dropout.py        # about six minutes

A model that can memorise a short slice of text, and the chapters' small
model on the whole text, each with and without dropout. All losses are
measured in eval mode, those of the training text too. Writes
results/dropout.json.
"""

from dataclasses import asdict, replace
from pathlib import Path

import torch

from tutorgpt import GPT, load_corpus
from tutorgpt.config import CHAPTER, Preset, TrainConfig
from tutorgpt.text.batches import sample_batch
from tutorgpt.text.corpus import Corpus
from tutorgpt.training.loss import exact_loss, next_token_loss
from tutorgpt.training.provenance import machine, versions, write_record

OUT = Path(__file__).resolve().parents[1] / "results" / "dropout.json"
SLICE = 20_000
SEEDS = (1337, 1338, 1339)
SHARES = (0.0, 0.2)
MEMORISER = replace(
    CHAPTER, name="memoriser", n_embed=64, n_layer=3, max_steps=1000
)


def measure_runs(preset: Preset, corpus: Corpus, eval_interval: int) -> list:
    """One run per seed and share of dropout, in that order."""
    runs = []
    for dropout in SHARES:
        for seed in SEEDS:
            shape = replace(preset, dropout=dropout)
            settings = preset.training(eval_interval=eval_interval, seed=seed)
            torch.manual_seed(seed)
            model = GPT(shape.model(vocab_size=corpus.tokenizer.vocab_size))
            points = train_and_watch(model, corpus, settings)
            runs.append({"dropout": dropout, "seed": seed, "points": points})
            print(preset.name, dropout, seed, points[-1], flush=True)
    return runs


def train_and_watch(
    model: GPT, corpus: Corpus, settings: TrainConfig
) -> list[dict]:
    """Train, and measure both splits in eval mode on the way.

    The package's loop reports the loss of its batches, with dropout on;
    a gap between two splits must be measured with dropout off on both.
    """
    generator = torch.Generator().manual_seed(settings.seed)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=settings.learning_rate, fused=True
    )
    seen = corpus.train[: len(corpus.val)]
    points = []
    for step in range(settings.max_steps + 1):
        if step % settings.eval_interval == 0:
            points.append(
                {
                    "step": step,
                    "train_loss": exact_loss(model, seen),
                    "val_loss": exact_loss(model, corpus.val),
                }
            )
        tokens, targets = sample_batch(
            corpus.train,
            settings.batch_size,
            model.config.block_size,
            generator,
        )
        loss = next_token_loss(model(tokens), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return points


def main() -> None:
    """Measure both settings and write them down."""
    torch.set_num_threads(1)
    corpus = load_corpus("shakespeare")
    part = replace(
        corpus, train=corpus.train[:SLICE], val=corpus.val[: 2 * SLICE]
    )
    record = {
        "command": "python scripts/record_dropout.py",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "seeds": SEEDS,
        "slice": {
            "preset": asdict(MEMORISER),
            "train_characters": len(part.train),
            "val_characters": len(part.val),
            "runs": measure_runs(MEMORISER, part, 100),
        },
    }
    write_record(OUT, record)
    record["whole"] = {
        "preset": asdict(CHAPTER),
        "train_characters": len(corpus.train),
        "val_characters": len(corpus.val),
        "runs": measure_runs(CHAPTER, corpus, 1000),
    }
    write_record(OUT, record)


if __name__ == "__main__":
    main()
