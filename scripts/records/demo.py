"""Trains the small model that the book's playground shows.

    python scripts/records/demo.py

It writes the model, as it was at four moments of its training, to the
playground's assets, and how it was made to results/demo.json.
"""

import argparse
import os
import time
from dataclasses import asdict
from pathlib import Path

import torch

from tutorgpt import GPT, ModelConfig, TrainConfig, load_corpus
from tutorgpt.ground.provenance import (
    as_script,
    machine,
    versions,
    write_record,
)
from tutorgpt.ground.whole_files import write_whole
from tutorgpt.text.floors import measure_floors
from tutorgpt.training.loss import exact_loss
from tutorgpt.training.steps import training_steps
from tutorgpt.view.playground.pack import pack, rounded, snapshot

ROOT = Path(__file__).resolve().parents[2]
ASSET = ROOT / "tutorgpt/view/playground/assets/demo.js"
SEED = 1337
SHAPE = {"block_size": 64, "n_embed": 40, "n_head": 4, "n_layer": 3}
BATCH, RATE = 32, 4e-3
BITS = 8
EARLY = (100, 1000)


def learning_rate(step: int, config: TrainConfig) -> float:
    """A hundred steps up, then along a straight line down to a tenth."""
    way = step / config.max_steps
    return config.learning_rate * min(step / 100, 1 - 0.9 * way)


def main() -> None:
    """Train, keep four moments, write the asset and the record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=6000)
    options = parser.parse_args()
    os.environ["TUTORGPT_PROGRESS"] = "0"
    torch.set_num_threads(1)
    corpus = load_corpus("shakespeare")
    config = ModelConfig(vocab_size=corpus.tokenizer.vocab_size, **SHAPE)
    torch.manual_seed(SEED)
    model = GPT(config)
    settings = TrainConfig(
        max_steps=options.steps,
        batch_size=BATCH,
        learning_rate=RATE,
        seed=SEED,
    )
    moments = [moment(model, corpus.val, 0)]
    start = time.process_time()
    for state in training_steps(
        model, corpus, settings, schedule=learning_rate
    ):
        if state.step in EARLY or state.step == options.steps:
            moments.append(moment(model, corpus.val, state.step))
            print(state.step, moments[-1]["loss"], flush=True)
    seconds = round(time.process_time() - start, 1)
    packed = pack(
        model,
        corpus.tokenizer,
        note="A model this small writes pseudo-Shakespeare: it has learned "
        "spelling, names and the layout of a play, and no sense.",
    )
    packed["snapshots"] = moments
    write_whole(ASSET, as_script("scripts/records/demo.py", "demo", packed))
    record = {
        "command": f"python scripts/records/demo.py --steps {options.steps}",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "corpus": corpus.name,
        "seed": SEED,
        "config": asdict(config),
        "training": {
            "batch_size": BATCH,
            "learning_rate": f"{RATE}: 100 steps up, then down to a tenth",
        },
        "bits_per_weight": BITS,
        "floors": asdict(measure_floors(corpus)),
        "val_loss": {m["step"]: m["loss"] for m in moments},
        "cpu_seconds": seconds,
    }
    write_record(ROOT / "results" / "demo.json", record)


def moment(model: GPT, val: torch.Tensor, step: int) -> dict:
    """The weights as the page will use them, with their exact loss."""
    loss = exact_loss(rounded(model, bits=BITS), val)
    return snapshot(model, bits=BITS, step=step, loss=round(loss, 4))


if __name__ == "__main__":
    main()
