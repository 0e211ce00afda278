"""Trains a small and a larger GPT for the same price, and records both.

    python scripts/records/spending.py          # about ten minutes
    python scripts/records/spending.py laptop   # the larger one alone

scripts/records/scaling.py measures LAPTOP after every 500 steps, each of
which costs as much as 38 of the chapters' model. Here the small model goes
on for eight times its budget, and LAPTOP is measured before step 500, so
that both losses are known where the same arithmetic has been spent. Exact
losses, constant rates, one seed each. Writes results/spending.json, anew
after each measurement.
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import torch

from tutorgpt import GPT, LAPTOP, count_parameters, load_corpus
from tutorgpt.config import CHAPTER, Preset
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.scaling import training_flops
from tutorgpt.text.corpus import Corpus
from tutorgpt.text.floors import measure_floors
from tutorgpt.training.loss import exact_loss
from tutorgpt.training.steps import training_steps

OUT = Path(__file__).resolve().parents[2] / "results" / "spending.json"
SEED = 1337
RUNS = {
    "chapter": (
        CHAPTER,
        (250, 500, 1000, 2000, 4000, 8000, 16_000),
    ),
    "laptop": (LAPTOP, (25, 50, 100, 200, 400)),
}
"""Each preset, and the steps after which it is measured."""


def write(name: str, run: dict, corpus: Corpus) -> None:
    """Put one run beside those that the record has already."""
    known = json.loads(OUT.read_text("utf-8")) if OUT.exists() else {}
    record = {
        "command": "python scripts/records/spending.py",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "corpus": corpus.name,
        "floors": asdict(measure_floors(corpus)),
        "runs": known.get("runs", {}) | {name: run},
    }
    write_record(OUT, record)


def study(
    name: str, preset: Preset, stops: tuple[int, ...], corpus: Corpus
) -> None:
    """Train one preset, and record its loss at each stop."""
    shape = preset.model(vocab_size=corpus.tokenizer.vocab_size)
    torch.manual_seed(SEED)
    model = GPT(shape)
    run = {
        "seed": SEED,
        "preset": asdict(preset),
        "parameters": count_parameters(model),
        "points": [],
    }
    price = preset.batch_size * preset.block_size * training_flops(shape)
    settings = preset.training(max_steps=stops[-1], seed=SEED)
    for state in training_steps(model, corpus, settings):
        if state.step in stops:
            loss = exact_loss(model, corpus.val)
            run["points"].append(
                {
                    "step": state.step,
                    "flops": state.step * price,
                    "val_loss": loss,
                }
            )
            write(name, run, corpus)
            print(f"{name}, step {state.step}: {loss:.3f}", flush=True)


def main() -> None:
    """Train the named models, or both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="*", metavar="RUN", help=", ".join(RUNS))
    options = parser.parse_args()
    torch.set_num_threads(1)
    corpus = load_corpus("shakespeare")
    for name in options.runs or RUNS:
        preset, stops = RUNS[name]
        study(name, preset, stops, corpus)


if __name__ == "__main__":
    main()
