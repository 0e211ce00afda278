"""Trains chapter 4's model at several widths, and records the losses.

    python scripts/records/width.py              # about three minutes

The widths count hidden neurons in multiples of n_embed; everything else is
the chapters' own budget. Writes results/width.json, anew after each seed.
"""

from dataclasses import asdict
from pathlib import Path

import torch
from torch import nn

from tutorgpt import FeedForwardModel, count_parameters, load_corpus
from tutorgpt.config import CHAPTER, ModelConfig
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.training.loop import train

OUT = Path(__file__).resolve().parents[2] / "results" / "width.json"
WIDTHS = (1, 2, 4, 8)
SEEDS = (1337, 1338, 1339)


class WidenedModel(FeedForwardModel):
    """Chapter 4's model with width * n_embed neurons instead of four."""

    def __init__(self, config: ModelConfig, width: int) -> None:
        super().__init__(config)
        C = config.n_embed
        self.feed_forward.expand = nn.Linear(C, width * C)
        self.feed_forward.contract = nn.Linear(width * C, C)


def main() -> None:
    """Train every width with every seed."""
    torch.set_num_threads(1)
    corpus = load_corpus("shakespeare")
    config = CHAPTER.model(vocab_size=corpus.tokenizer.vocab_size)
    record = {
        "command": "python scripts/records/width.py",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "corpus": corpus.name,
        "preset": asdict(CHAPTER),
        "widths": [
            {
                "width": width,
                "parameters": count_parameters(WidenedModel(config, width)),
                "runs": [],
            }
            for width in WIDTHS
        ],
    }
    for seed in SEEDS:
        settings = CHAPTER.training(seed=seed, eval_interval=2000)
        for row in record["widths"]:
            torch.manual_seed(seed)
            model = WidenedModel(config, row["width"])
            loss = train(model, corpus, settings).val_loss
            row["runs"].append({"seed": seed, "val_loss": loss})
            print(f"width {row['width']}, seed {seed}: {loss:.3f}", flush=True)
        write_record(OUT, record)


if __name__ == "__main__":
    main()
