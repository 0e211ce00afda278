"""Records how much a GPT copies from a small text as it learns it by heart.

    python scripts/records/originality.py       # ten minutes

One shape without dropout is trained on the first 16,000 characters of the
plays, which it can learn by heart, and, as a control, on nine tenths of them
all, which it cannot; with three seeds each. At eight moments it writes 16
texts of 256 characters: their longest copied stretch and the shares of
copied ones stand beside those of 20 draws of as much held-out text. Held out
are the 48,000 characters that follow. Writes results/originality.json, anew
after each run; what it holds is not run again.
"""

import json
import os
from dataclasses import asdict, replace
from pathlib import Path

import torch

from tutorgpt import GPT, count_parameters, load_corpus
from tutorgpt.config import CHAPTER
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.language_model import LanguageModel
from tutorgpt.originality import Beside, TextIndex, compare, written
from tutorgpt.text.corpus import Corpus
from tutorgpt.training.loss import exact_loss
from tutorgpt.training.steps import training_steps

OUT = Path(__file__).resolve().parents[2] / "results" / "originality.json"
SEEDS = (1337, 1338, 1339)
PRESET = replace(
    CHAPTER,
    name="parrot",
    n_embed=96,
    n_layer=2,
    batch_size=16,
    learning_rate=4e-3,
)
STOPS = (50, 100, 200, 400, 700, 1000, 1500, 2000)
SMALL, HELD_OUT = 16_000, 48_000
NUMBER, TOKENS = 16, 256


def corpora() -> dict[str, Corpus]:
    """What is learned from, and what follows it, by name."""
    plays = load_corpus("shakespeare")
    both = torch.cat([plays.train, plays.val])
    return {
        name: replace(plays, train=both[:end], val=both[end : end + HELD_OUT])
        for name, end in (("small", SMALL), ("whole", len(plays.train)))
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
    return {
        "train_loss": round(exact_loss(model, corpus.train[:SMALL]), 4),
        "val_loss": round(exact_loss(model, corpus.val), 4),
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
            losses = moment["train_loss"], moment["val_loss"]
            print(name, seed, state.step, *losses, flush=True)
    return moments


def described(corpus: Corpus) -> dict:
    """A text and its model, before any run."""
    shape = PRESET.model(vocab_size=corpus.tokenizer.vocab_size)
    return {
        "learned_from": len(corpus.train),
        "held_out": len(corpus.val),
        "parameters": count_parameters(GPT(shape)),
        "runs": [],
    }


def main() -> None:
    """Make the runs that are not there yet."""
    os.environ["TUTORGPT_PROGRESS"] = "0"
    torch.set_num_threads(1)
    texts = corpora()
    record = {
        "command": "python scripts/records/originality.py",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "corpus": "shakespeare",
        "preset": asdict(PRESET),
        "written": {"texts": NUMBER, "tokens": TOKENS},
        "texts": {name: described(text) for name, text in texts.items()},
    }
    if OUT.exists():
        known = json.loads(OUT.read_text("utf-8"))["texts"]
        for name in texts:
            record["texts"][name]["runs"] = known[name]["runs"]
    for name, corpus in texts.items():
        learned = TextIndex(corpus.tokenizer.decode(corpus.train.tolist()))
        runs = record["texts"][name]["runs"]
        for seed in SEEDS:
            if seed not in [run["seed"] for run in runs]:
                moments = study(name, corpus, learned, seed)
                runs.append({"seed": seed, "moments": moments})
                write_record(OUT, record)


if __name__ == "__main__":
    main()
