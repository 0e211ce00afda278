"""Trains the presets for longer than a chapter may take, and records it.

    python scripts/records/scaling.py small-songci laptop-shakespeare
    python scripts/records/scaling.py              # every run, 20 minutes

Each run is added to results/scaling.json under its name as soon as it is
finished: the losses, a few samples, the speed, and where they come from.
Weights are not kept.
"""

import argparse
import json
import time
from dataclasses import asdict, replace
from pathlib import Path

import torch

from tutorgpt import GPT, LAPTOP, SMALL, count_parameters, load_corpus
from tutorgpt.config import Preset, TrainConfig
from tutorgpt.decoding import generate
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.corpus import Corpus
from tutorgpt.text.floors import measure_floors
from tutorgpt.training.loop import train
from tutorgpt.training.steps import training_steps

OUT = Path(__file__).resolve().parents[2] / "results" / "scaling.json"
RUNS = {
    "small-songci": (SMALL, "songci"),
    "laptop-shakespeare": (LAPTOP, "shakespeare"),
    "laptop-tinyshakespeare": (LAPTOP, "tinyshakespeare"),
}
SEED = 1337
SAMPLE_LENGTHS = (100, 400)
TIMED_STEPS = 30


def record_run(name: str, threads: int) -> dict:
    """Train one preset on one corpus and describe what came out."""
    preset, corpus_name = RUNS[name]
    corpus = load_corpus(corpus_name)
    torch.manual_seed(SEED)
    model = GPT(preset.model(vocab_size=corpus.tokenizer.vocab_size))
    settings = preset.training(eval_interval=500, seed=SEED)
    start = time.process_time()
    history = train(model, corpus, settings)
    return {
        "command": f"python scripts/records/scaling.py {name} "
        f"--threads {threads}",
        "machine": machine() | {"threads": threads},
        "versions": versions(),
        "seed": SEED,
        "preset": asdict(preset),
        "corpus": {
            "name": corpus.name,
            "characters": len(corpus.text),
            "vocab_size": corpus.tokenizer.vocab_size,
        },
        "floors": asdict(measure_floors(corpus)),
        "parameters": count_parameters(model),
        "val_loss": history.val_loss,
        "train_loss": history.train_loss,
        "seconds": history.records[-1].seconds,
        "cpu_seconds": time.process_time() - start,
        "history": history.to_list(),
        "samples": [
            write_sample(model, corpus, length) for length in SAMPLE_LENGTHS
        ],
        "tokens_per_cpu_second": speed(model, corpus, preset, settings),
    }


def write_sample(model: LanguageModel, corpus: Corpus, length: int) -> str:
    """What the model writes after a line break, always the same."""
    tokens = generate(
        model,
        torch.tensor([corpus.tokenizer.encode("\n")]),
        length,
        generator=torch.Generator().manual_seed(SEED),
    )
    return corpus.tokenizer.decode(tokens[0].tolist()[1:])


def speed(
    model: LanguageModel,
    corpus: Corpus,
    preset: Preset,
    settings: TrainConfig,
) -> float:
    """Tokens per processor second in training, without the evaluations."""
    start = time.process_time()
    for _ in training_steps(
        model, corpus, replace(settings, max_steps=TIMED_STEPS)
    ):
        pass
    seconds = time.process_time() - start
    return TIMED_STEPS * preset.batch_size * preset.block_size / seconds


def main() -> None:
    """Make the named runs, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="*", metavar="RUN", help=", ".join(RUNS))
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    for name in options.runs or RUNS:
        run = record_run(name, options.threads)
        known = json.loads(OUT.read_text("utf-8")) if OUT.exists() else {}
        write_record(OUT, known | {name: run})
        print(f"{name}: {run['val_loss']:.3f} nats per character", flush=True)


if __name__ == "__main__":
    main()
