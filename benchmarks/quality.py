"""How good is a model after how many seconds of processor time?

    python benchmarks/quality.py --nanogpt ../nanoGPT
    python benchmarks/quality.py --songci

tinyshakespeare at MEDIUM's shape: nanoGPT with the settings of its own CPU
example (2000 steps), the source text's plain recipe for as many steps, and
ours with the good recipe, for three seeds in turn. Every model is measured
in the same way, exactly, on the same validation split; the time for
measuring does not count. With --songci: SMALL's shape and tokens instead,
the source's recipe beside ours for rare tokens.
"""

import argparse
import math
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from contenders import nanogpt_model
from shapes import SHAPES
from torch import Tensor, nn

from scripts.earlier_modern import earlier_modern
from tutorgpt.config import SMALL, ModelConfig, TrainConfig
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.language_model import LanguageModel
from tutorgpt.scaling import GPT
from tutorgpt.text.corpus import Corpus, load_corpus
from tutorgpt.training.loss import exact_loss
from tutorgpt.training.recipes import good, rare
from tutorgpt.training.steps import training_steps

SEEDS = (1337, 1338, 1339)
Run = Callable[[Corpus, int], dict]


def ours(
    kind: Callable[[ModelConfig], LanguageModel],
    shape: ModelConfig,
    config: TrainConfig,
) -> Run:
    """The engine with these settings."""

    def run(corpus: Corpus, seed: int) -> dict:
        torch.manual_seed(seed)
        model = kind(shape)
        settings = replace(config, seed=seed, threads=1)
        start = time.process_time()
        for _ in training_steps(model, corpus, settings):
            pass
        return {
            "cpu_seconds": time.process_time() - start,
            "val_loss": exact_loss(model, corpus.val),
        }

    return run


class AsLanguageModel(nn.Module):
    """nanoGPT's model, measured as ours are."""

    def __init__(self, model: nn.Module, shape: ModelConfig) -> None:
        super().__init__()
        self.model, self.config = model, shape

    def forward(self, tokens: Tensor) -> Tensor:
        # with targets it scores every position, without only the last
        return self.model(tokens, tokens)[0]


def nanogpt(checkout: Path | None, shape: ModelConfig, steps: int) -> Run:
    """The settings of nanoGPT's README for a CPU, at its own pace."""
    batch_size, T, highest, lowest, warmup = (
        12,
        shape.block_size,
        1e-3,
        1e-4,
        100,
    )

    def rate(step: int) -> float:
        if step < warmup:
            return highest * (step + 1) / (warmup + 1)
        way = (step - warmup) / (steps - warmup)
        return lowest + (1 + math.cos(math.pi * way)) / 2 * (highest - lowest)

    def run(corpus: Corpus, seed: int) -> dict:
        torch.manual_seed(seed)
        start = time.process_time()
        model = nanogpt_model(checkout, shape, bias=False)
        optimizer = model.configure_optimizers(
            0.1, highest, (0.9, 0.99), "cpu"
        )
        stored = corpus.train.numpy().astype(np.uint16)
        for step in range(steps):
            for group in optimizer.param_groups:
                group["lr"] = rate(step)
            starts = torch.randint(len(stored) - T, (batch_size,)).tolist()
            tokens, targets = (
                torch.stack(
                    [
                        torch.from_numpy(
                            stored[s + n : s + n + T].astype(np.int64)
                        )
                        for s in starts
                    ]
                )
                for n in (0, 1)
            )
            _, loss = model(tokens, targets)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        seconds = time.process_time() - start
        whole = AsLanguageModel(model, shape)
        return {
            "cpu_seconds": seconds,
            "val_loss": exact_loss(whole, corpus.val),  # type: ignore
        }

    return run


def good_config(steps: int, batch_size: int, rate: float) -> TrainConfig:
    """The good recipe for a budget; nothing is measured on the way."""
    return good(
        TrainConfig(
            max_steps=steps,
            batch_size=batch_size,
            learning_rate=rate,
            eval_interval=10**9,
        )
    )


def tinyshakespeare_runs(args: argparse.Namespace) -> dict[str, Run]:
    shape = SHAPES["medium"].model
    plain = TrainConfig(
        max_steps=2000, batch_size=12, learning_rate=1e-3, eval_interval=10**9
    )
    return {
        "nanoGPT, 2000 steps": nanogpt(args.nanogpt, shape, 2000),
        "plain recipe, 2000 steps": ours(GPT, shape, plain),
        **{
            f"{name}, good recipe, {steps} x {batch}": ours(
                kind, shape, good_config(steps, batch, rate)
            )
            for (name, kind), steps, batch, rate in BUDGETS
        },
    }


EARLIER = ("earlier modern block", earlier_modern)
BUDGETS = (
    (("GPT", GPT), 560, 12, 8e-3),
    (EARLIER, 290, 12, 1.2e-2),
    (EARLIER, 500, 12, 1.1e-2),
    (EARLIER, 960, 12, 1e-2),
)
"""Ours: model, steps, batch size, learning rate."""


def songci_runs(args: argparse.Namespace) -> dict[str, Run]:
    shape = SMALL.model(vocab_size=6148)
    plain = SMALL.training(eval_interval=10**9)
    return {
        "plain recipe": ours(GPT, shape, plain),
        "rare recipe": ours(GPT, shape, rare(plain)),
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python benchmarks/quality.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--nanogpt", type=Path)
    parser.add_argument("--songci", action="store_true")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    corpus = load_corpus("songci" if args.songci else "tinyshakespeare")
    runs = (songci_runs if args.songci else tinyshakespeare_runs)(args)
    found: dict[str, list[dict]] = {name: [] for name in runs}
    for seed in SEEDS[: args.seeds]:
        for name, run in runs.items():
            found[name].append({"seed": seed, **run(corpus, seed)})
            last = found[name][-1]
            print(
                f"{name:42} seed {seed}  {last['val_loss']:.4f} nats  "
                f"{last['cpu_seconds']:7.1f} CPU-s",
                flush=True,
            )
    record = {
        "command": "python benchmarks/quality.py"
        + (" --songci" if args.songci else " --nanogpt PATH"),
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "corpus": corpus.name,
        "shape": asdict(
            SMALL.model(vocab_size=6148)
            if args.songci
            else SHAPES["medium"].model
        ),
        "runs": found,
        "mean": {
            name: {
                key: statistics.mean(one[key] for one in each)
                for key in ("val_loss", "cpu_seconds")
            }
            for name, each in found.items()
        },
    }
    if args.out:
        write_record(args.out, record)
    return 0


if __name__ == "__main__":
    sys.exit(main())
