"""Records what dropout does, on one page and on the whole text, three seeds.

    python scripts/records/dropout.py           # about ten minutes

The chapters' GPT learns the first 5,000 characters of the plays, and then
all of them, without dropout and with a share of 0.2. Seen and new text are
measured alike: exactly, in eval mode. Writes results/dropout.json, anew
after each run.
"""

from dataclasses import asdict, replace
from pathlib import Path

import torch

from tutorgpt import GPT, load_corpus
from tutorgpt.config import CHAPTER
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.text.corpus import Corpus
from tutorgpt.training.loss import exact_loss
from tutorgpt.training.steps import training_steps

OUT = Path(__file__).resolve().parents[2] / "results" / "dropout.json"
SEEDS = (1337, 1338, 1339)
SHARES = (0.0, 0.2)
PAGE, NEW = 5000, 20_000
"""Characters of the page, and of the new text it is measured on."""


def study(
    corpus: Corpus, dropout: float, seed: int, steps: int, every: int
) -> list[dict]:
    """Train one model; its losses on seen and new text on the way.

    Seen is as much of the training text as there is new text, or all of it.
    """
    seen = corpus.train[: len(corpus.val)]
    torch.manual_seed(seed)
    shape = CHAPTER.model(vocab_size=corpus.tokenizer.vocab_size)
    model = GPT(replace(shape, dropout=dropout))
    settings = CHAPTER.training(max_steps=steps, seed=seed)
    return [
        {
            "step": state.step,
            "seen": round(exact_loss(model, seen), 4),
            "new": round(exact_loss(model, corpus.val), 4),
        }
        for state in training_steps(model, corpus, settings)
        if state.step % every == 0
    ]


def main() -> None:
    """Train every share with every seed, on the page and on the text."""
    torch.set_num_threads(1)
    corpus = load_corpus("shakespeare")
    page = replace(corpus, train=corpus.train[:PAGE], val=corpus.val[:NEW])
    record = {
        "command": "python scripts/records/dropout.py",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "corpus": corpus.name,
        "preset": asdict(CHAPTER),
        "page": [],
        "text": [],
    }
    plans = {"page": (page, 1200, 50), "text": (corpus, 2000, 2000)}
    for name, (some, steps, every) in plans.items():
        for seed in SEEDS:
            for dropout in SHARES:
                losses = study(some, dropout, seed, steps, every)
                record[name].append(
                    {"seed": seed, "dropout": dropout, "losses": losses}
                )
                write_record(OUT, record)
                print(name, seed, dropout, losses[-1], flush=True)


if __name__ == "__main__":
    main()
