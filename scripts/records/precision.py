"""Records what sixteen bits cost in loss: the same runs in fp32 and in bf16.

    python scripts/records/precision.py                  # a quarter of an hour
    python scripts/records/precision.py --shapes large   # where bf16 is fast

Three seeds of each shape, trained in both forms from the same weights on the
same batches, whatever this processor would choose; the exact held-out loss
after the last step, computed in float32. Writes results/precision.json, a
shape as soon as it is there; the others stay as they are.
"""

import argparse
import json
import statistics
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch

from tutorgpt import GPT, LARGE, SMALL, ModelConfig, TrainConfig, load_corpus
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.text.corpus import Corpus
from tutorgpt.training.engine.distributed import World
from tutorgpt.training.loss import exact_loss
from tutorgpt.training.recipes import again, good, rare
from tutorgpt.training.steps import begin, take_steps

OUT = Path(__file__).resolve().parents[2] / "results" / "precision.json"
SEEDS = (1337, 1338, 1339)


@dataclass(frozen=True)
class Run:
    """What is trained; its vocabulary is the corpus's."""

    corpus: str
    shape: ModelConfig
    training: TrainConfig


MEDIUM = ModelConfig(
    vocab_size=1, block_size=64, n_embed=128, n_head=4, n_layer=4, dropout=0.1
)
RUNS = {
    "small": Run(
        "songci",
        SMALL.model(vocab_size=1),
        rare(SMALL.training(max_steps=2000)),
    ),
    "medium": Run(
        "shakespeare",
        MEDIUM,
        good(TrainConfig(max_steps=560, batch_size=12, learning_rate=1.2e-2)),
    ),
    "large": Run(
        "songci",
        LARGE.model(vocab_size=1),
        again(LARGE.training(max_steps=300, batch_size=32)),
    ),
}
"""The chapters' small model on many characters, the benchmarks' medium one
with dropout, and the beginning of the large one's run."""


def trained(run: Run, corpus: Corpus, precision: str, seed: int) -> dict:
    """One run's end."""
    shape = replace(run.shape, vocab_size=corpus.tokenizer.vocab_size)
    torch.manual_seed(seed)
    model = GPT(shape)
    config = replace(
        run.training, precision=precision, seed=seed, fast_dropout=True
    )
    start = time.process_time()
    for _ in take_steps(begin(model, config, World()), corpus):
        pass
    seconds = time.process_time() - start
    loss = exact_loss(model, corpus.val)
    print(precision, seed, round(loss, 4), f"{seconds:.0f} s", flush=True)
    return {"seed": seed, "held_out": loss, "cpu_seconds": round(seconds, 1)}


def study(run: Run) -> dict:
    """All seeds in both forms, and how far apart their means are."""
    corpus = load_corpus(run.corpus)
    runs = {
        precision: [trained(run, corpus, precision, seed) for seed in SEEDS]
        for precision in ("fp32", "bf16")
    }
    means = {
        precision: statistics.mean(each["held_out"] for each in rows)
        for precision, rows in runs.items()
    }
    return {
        "corpus": run.corpus,
        "shape": asdict(run.shape)
        | {"vocab_size": corpus.tokenizer.vocab_size},
        "training": asdict(run.training),
        "runs": runs,
        "means": means,
        "apart": means["bf16"] / means["fp32"] - 1,
        "machine": machine(),
        "versions": versions(),
    }


def main() -> None:
    """Train the shapes that are asked for, and keep each when it is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shapes", default="small,medium")
    names = parser.parse_args().shapes.split(",")
    torch.set_num_threads(1)
    record = {"command": "python scripts/records/precision.py", "shapes": {}}
    if OUT.is_file():
        record = json.loads(OUT.read_text(encoding="utf-8"))
    for name in names:
        record["shapes"][name] = study(RUNS[name])
        print(name, f"{record['shapes'][name]['apart']:+.3%}", flush=True)
        write_record(OUT, record)


if __name__ == "__main__":
    main()
