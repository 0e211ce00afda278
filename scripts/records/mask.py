"""Where a head looks that was trained with the causal mask, and one without.

    python scripts/records/mask.py

Both are chapter 2's, trained as that chapter trains them. Their scaled scores
on a few words, before any mask, go to results/mask.json and, as a script that
a page from disk can load, to the assets of the interactive figures.
"""

import argparse
import math
import os
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from tutorgpt import Head, SingleHeadModel, load_corpus, train
from tutorgpt.config import CHAPTER
from tutorgpt.ground.provenance import (
    as_script,
    machine,
    versions,
    write_record,
)
from tutorgpt.ground.whole_files import write_whole

ROOT = Path(__file__).resolve().parents[2]
ASSET = ROOT / "tutorgpt/view/interactive/assets/mask_scores.js"
SEED = 1337
STEPS = {"with": 2000, "without": 500}
"""Chapter 2 gives the head without a mask a quarter of the steps."""
WORDS = "To be, or not to"


class PeekingHead(Head):
    """A head that skips the mask, as chapter 2 writes it."""

    def forward(self, x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T D"]:
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(self.head_size)
        return F.softmax(scores, dim=-1) @ v


@torch.no_grad()
def scaled_scores(
    model: SingleHeadModel, tokens: list[int]
) -> list[list[float]]:
    """Every position's score for every other, before any mask."""
    head, x = model.head, model.embedding(torch.tensor([tokens]))
    scores = head.query(x) @ head.key(x).mT / math.sqrt(head.head_size)
    return [[round(score, 3) for score in row] for row in scores[0].tolist()]


def asset(record: dict) -> str:
    """What the figure needs."""
    kept = {name: record[name] for name in ("words", "scores")}
    return as_script("scripts/records/mask.py", "maskScores", kept)


def main() -> None:
    """Train both heads, and write the record and the asset."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    os.environ["TUTORGPT_PROGRESS"] = "0"
    torch.set_num_threads(1)
    corpus = load_corpus("shakespeare")
    config = CHAPTER.model(vocab_size=corpus.tokenizer.vocab_size)
    C, block_size = config.n_embed, config.block_size
    tokens = corpus.tokenizer.encode(WORDS)
    scores, losses = {}, {}
    for mask, max_steps in STEPS.items():
        torch.manual_seed(SEED)
        model = SingleHeadModel(config)
        if mask == "without":
            model.head = PeekingHead(C, C, block_size)
        settings = CHAPTER.training(max_steps=max_steps, seed=SEED)
        losses[mask] = train(model, corpus, settings).val_loss
        scores[mask] = scaled_scores(model, tokens)
        print(mask, losses[mask], flush=True)
    record = {
        "command": "python scripts/records/mask.py",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "corpus": corpus.name,
        "seed": SEED,
        "max_steps": STEPS,
        "val_loss": losses,
        "words": WORDS,
        "scores": scores,
    }
    write_record(ROOT / "results" / "mask.json", record)
    write_whole(ASSET, asset(record))


if __name__ == "__main__":
    main()
