"""Records how much a GPT copies from a small text as it learns it by heart.

    python scripts/records/originality.py       # twenty minutes

One shape without dropout is trained on the first 64,000 characters of the
plays, which it can learn by heart, and on all of them, which it cannot; with
three seeds each. At eight moments it writes 16 texts of 256 characters:
their longest copied stretch and the shares of copied ones stand beside those
of 20 draws of as much held-out text. Writes results/originality.json, anew
after each run.
"""

import os
from dataclasses import asdict, replace
from pathlib import Path

import torch

from tutorgpt import GPT, count_parameters, load_corpus
from tutorgpt.config import CHAPTER
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.language_model import LanguageModel
from tutorgpt.originality import TextIndex, compare, written
from tutorgpt.originality.yardstick import DRAWS, Beside
from tutorgpt.text.corpus import Corpus
from tutorgpt.training.loss import exact_loss
from tutorgpt.training.steps import training_steps

OUT = Path(__file__).resolve().parents[2] / "results" / "originality.json"
SEEDS = (1337, 1338, 1339)
PRESET = replace(
    CHAPTER, name="copying", block_size=64, n_embed=64, learning_rate=2e-3
)
STOPS = (100, 250, 500, 1000, 1500, 2000, 3000, 4000)
SMALL_TEXT = 64_000
NUMBER, TOKENS = 16, 256


def texts() -> dict[str, Corpus]:
    """What is learned from, by its name in the record."""
    plays = load_corpus("shakespeare")
    text = plays.text[:SMALL_TEXT]
    return {
        "small": Corpus.from_text("64,000 characters of the plays", text),
        "whole": plays,
    }


def told(beside: Beside) -> dict:
    """A number and the same of held-out text."""
    return {
        "model": round(beside.own, 4),
        "held_out": [round(value, 4) for value in beside.draws],
    }


def look(
    model: LanguageModel, corpus: Corpus, learned: TextIndex, seed: int
) -> dict:
    """The losses, and what its texts have in common with its own."""
    held_out = corpus.tokenizer.decode(corpus.val.tolist())
    samples = written(model, corpus.tokenizer, NUMBER, TOKENS, seed=seed)
    found = compare(samples, learned, held_out, seed=seed)
    # As much of what was learned from as is held out, or a part of that.
    size = min(len(corpus.val), 50_000)
    return {
        "train_loss": round(exact_loss(model, corpus.train[:size]), 4),
        "val_loss": round(exact_loss(model, corpus.val[:size]), 4),
        "longest": told(found.longest),
        "shares": {n: told(share) for n, share in found.shares.items()},
        "stretch": found.stretch.text,
    }


def study(
    name: str, corpus: Corpus, learned: TextIndex, seed: int
) -> list[dict]:
    """One run, looked at after each of the stops."""
    torch.manual_seed(seed)
    model = GPT(PRESET.model(vocab_size=corpus.tokenizer.vocab_size))
    settings = PRESET.training(max_steps=STOPS[-1], seed=seed)
    moments = []
    for state in training_steps(model, corpus, settings):
        if state.step in STOPS:
            moment = look(model, corpus, learned, seed)
            moments.append({"step": state.step} | moment)
            print(name, seed, moments[-1], flush=True)
    return moments


def main() -> None:
    """Train on both texts with every seed."""
    os.environ["TUTORGPT_PROGRESS"] = "0"
    torch.set_num_threads(1)
    corpora = texts()
    learned = {
        name: TextIndex(corpus.tokenizer.decode(corpus.train.tolist()))
        for name, corpus in corpora.items()
    }
    record = {
        "command": "python scripts/records/originality.py",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "preset": asdict(PRESET),
        "written": {"texts": NUMBER, "characters": TOKENS, "draws": DRAWS},
        "texts": {
            name: {
                "name": corpus.name,
                "learned_from": len(corpus.train),
                "held_out": len(corpus.val),
                "parameters": count_parameters(
                    GPT(PRESET.model(vocab_size=corpus.tokenizer.vocab_size))
                ),
                "runs": [],
            }
            for name, corpus in corpora.items()
        },
    }
    for seed in SEEDS:
        for name, corpus in corpora.items():
            moments = study(name, corpus, learned[name], seed)
            run = {"seed": seed, "moments": moments}
            record["texts"][name]["runs"].append(run)
            write_record(OUT, record)


if __name__ == "__main__":
    main()
