"""Asks whether the best learning rate stays the same in a wider model.

    python scripts/records/widths.py            # about 19 minutes, one core

Chapter 6's GPT at several widths, trained by Adam in two ways: plainly, with
one rate for everything, or with the rates and the first output weights of
tutorgpt/modern/width.py, as multiples of those at width 32, where both ways
are one.

Ten steps: how far they move what each kind of layer gives out, for one
batch. Where the change grows with the width, no rate suits all widths.

A grid of rates: the loss after 200 steps, at a constant rate, over the first
100,000 held-out characters; beyond its edge, until the best one is inside.
The lowest of a parabola through the best rate
and its two neighbours says where between the rates it lies.

Elsewhere: the same grid where something else than the width is changed at
width 32: steps, depth, batch. There the rules say nothing.

Writes results/widths.json after each run; what it holds is not run again.
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from math import isfinite, log2
from pathlib import Path
from statistics import mean

import torch
from torch import Tensor, nn

from scripts import growing
from tutorgpt import GPT, load_corpus
from tutorgpt.config import CHAPTER
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.modern.width import shrink_output, width_groups
from tutorgpt.text.batches import sample_batch
from tutorgpt.text.corpus import Corpus
from tutorgpt.training.loss import exact_loss, next_token_loss

OUT = Path(__file__).resolve().parents[2] / "results" / "widths.json"
BASE = 32
HEAD_SIZE = 8
WAYS = ("plain", "by width")
MOVED_WIDTHS = (32, 64, 128, 256, 512)
MOVED_STEPS = 10
MOVED_RATE = 1e-4
"""Low: at 1e-3 the plain way has met a limit by width 256."""
MOVED_SEEDS = (1337, 1338, 1339)
WIDTHS = {32: (1337, 1338), 64: (1337, 1338), 128: (1337, 1338), 256: (1337,)}
"""Each width and its seeds; the widest is dear, and has one."""
RATES = (2e-3, 4e-3, 8e-3, 1.6e-2, 3.2e-2)
STEPS = 200
CASES = {
    "four times the steps": {"steps": 4 * STEPS},
    "four times the layers": {"n_layer": 4 * CHAPTER.n_layer},
    "an eighth of the batch": {"batch_size": CHAPTER.batch_size // 8},
}
MEASURED = 100_000
KINDS: dict[str, Callable[[GPT], nn.Module]] = {
    "embedding": lambda model: model.embedding,
    "attention": lambda model: last_block(model).get_submodule("multi_head"),
    "feed-forward": lambda model: last_block(model).get_submodule(
        "feed_forward"
    ),
    "residual path": lambda model: model.blocks,
    "scores": lambda model: model.lm_head,
}


def last_block(model: GPT) -> nn.Module:
    """The block that is nearest to the scores."""
    return list(model.blocks.children())[-1]


def build(
    vocab_size: int, n_embed: int, n_layer: int, way: str, seed: int
) -> GPT:
    """A model with the first weights of its way."""
    preset = replace(
        CHAPTER,
        n_embed=n_embed,
        n_head=n_embed // HEAD_SIZE,
        n_layer=n_layer,
    )
    torch.manual_seed(seed)
    model = GPT(preset.model(vocab_size=vocab_size))
    if way == "by width":
        shrink_output(model, BASE)
    return model


def take_steps(
    model: GPT,
    corpus: Corpus,
    way: str,
    rate: float,
    seed: int,
    *,
    steps: int,
    batch_size: int = CHAPTER.batch_size,
) -> None:
    """Adam's steps with one rate, or with that of each group."""
    groups = (
        width_groups(model, rate, BASE)
        if way == "by width"
        else [{"params": list(model.parameters()), "lr": rate}]
    )
    optimizer = torch.optim.Adam(groups, fused=True)
    generator = torch.Generator().manual_seed(seed)
    for _ in range(steps):
        tokens, targets = sample_batch(
            corpus.train, batch_size, model.config.block_size, generator
        )
        optimizer.zero_grad()
        next_token_loss(model(tokens), targets).backward()
        optimizer.step()


@torch.no_grad()
def given_out(model: GPT, tokens: Tensor) -> dict[str, Tensor]:
    """What each kind of layer gives out for these tokens."""
    found, hooks = {}, []
    for kind, part_of in KINDS.items():

        def keep(
            part: nn.Module, inputs: object, output: Tensor, kind: str = kind
        ) -> None:
            found[kind] = output

        hooks.append(part_of(model).register_forward_hook(keep))
    model(tokens)
    for hook in hooks:
        hook.remove()
    return found


def moved(
    corpus: Corpus,
    n_embed: int,
    way: str,
    seed: int,
    rate: float = MOVED_RATE,
    steps: int = MOVED_STEPS,
) -> dict[str, float]:
    """How far a few steps move a number that each kind gives out.

    The mean distance, over all numbers for one batch of held-out text.
    """
    V = corpus.tokenizer.vocab_size
    model = build(V, n_embed, CHAPTER.n_layer, way, seed)
    tokens, _ = sample_batch(
        corpus.val,
        CHAPTER.batch_size,
        CHAPTER.block_size,
        torch.Generator().manual_seed(seed),
    )
    before = given_out(model, tokens)
    take_steps(model, corpus, way, rate, seed, steps=steps)
    after = given_out(model, tokens)
    return {k: (after[k] - before[k]).abs().mean().item() for k in KINDS}


def all_moved(corpus: Corpus) -> list[dict]:
    """Every width in both ways: the means of the seeds."""
    rows = []
    for way in WAYS:
        for n_embed in MOVED_WIDTHS:
            start = time.process_time()
            seeds = [
                moved(corpus, n_embed, way, seed, MOVED_RATE, MOVED_STEPS)
                for seed in MOVED_SEEDS
            ]
            by_kind = {
                k: round(mean(seed[k] for seed in seeds), 5) for k in KINDS
            }
            seconds = round(time.process_time() - start, 1)
            rows.append({"way": way, "n_embed": n_embed, "moved": by_kind})
            print(*rows[-1].values(), f"{seconds} s", flush=True)
    return rows


def train_one(
    corpus: Corpus,
    way: str,
    n_embed: int,
    rate: float,
    seed: int,
    *,
    steps: int = STEPS,
    n_layer: int = CHAPTER.n_layer,
    batch_size: int = CHAPTER.batch_size,
) -> float | None:
    """The loss after the steps; None if it exploded."""
    model = build(corpus.tokenizer.vocab_size, n_embed, n_layer, way, seed)
    take_steps(
        model, corpus, way, rate, seed, steps=steps, batch_size=batch_size
    )
    loss = exact_loss(model, corpus.val[:MEASURED])
    return round(loss, 5) if isfinite(loss) else None


class Runs(growing.Runs):
    """The runs of a corpus, by way, width, case, rate and seed."""

    def __init__(self, record: dict, corpus: Corpus, out: Path) -> None:
        super().__init__(record, out)
        self.corpus = corpus

    def loss(
        self, way: str, n_embed: int, rate: float, seed: int, case: str = ""
    ) -> float:
        """The loss of one run, trained if need be; inf if it exploded.

        At the base both ways are one, which is trained once.
        """
        wanted = {
            "way": WAYS[0] if n_embed == BASE else way,
            "n_embed": n_embed,
            "case": case,
            "learning_rate": rate,
            "seed": seed,
        }

        def make() -> dict:
            start = time.process_time()
            changed = CASES[case] if case else {}
            found = train_one(
                self.corpus, wanted["way"], n_embed, rate, seed, **changed
            )
            seconds = round(time.process_time() - start, 1)
            return wanted | {"loss": found, "cpu_seconds": seconds}

        return self.loss_of(wanted, make)

    def row(
        self, way: str, n_embed: int, seeds: tuple[int, ...], case: str = ""
    ) -> dict:
        """The mean loss of each rate, and where the lowest one is.

        Where the first or the last rate is the best, the next one beyond it
        is tried as well, until the best is inside.
        """

        def loss(rate: float) -> float:
            return mean(
                self.loss(way, n_embed, rate, seed, case) for seed in seeds
            )

        tried = {rate: loss(rate) for rate in RATES}
        while (best := min(tried, key=tried.__getitem__)) in (
            edges := (min(tried), max(tried))
        ):
            more = best / 2 if best == edges[0] else best * 2
            tried[more] = loss(more)
        rates = sorted(tried)
        losses = [tried[rate] for rate in rates]
        return {
            "way": way,
            "n_embed": n_embed,
            "case": case,
            "seeds": list(seeds),
            "rates": rates,
            "losses": [
                round(loss, 5) if isfinite(loss) else None for loss in losses
            ],
            "best_rate": best,
            "lowest_at": lowest(rates, losses),
        }


def lowest(rates: list[float], losses: list[float]) -> float | None:
    """Where a parabola through the best rate and its neighbours is lowest.

    In logarithms, of rates that are each twice the one before; None where
    the best is the first or the last, or a neighbour has exploded.
    """
    best = losses.index(min(losses))
    if best in (0, len(losses) - 1):
        return None
    before, here, after = losses[best - 1 : best + 2]
    if not isfinite(before + after):
        return None
    step = log2(rates[best + 1] / rates[best])
    away = (before - after) / (2 * (before - 2 * here + after))
    return round(rates[best] * 2 ** (step * away), 6)


def begin(corpus: Corpus, old: dict) -> dict:
    """A record without results, but with what is there.

    Other ten steps than those of now are made anew.
    """
    ten_steps = {
        "steps": MOVED_STEPS,
        "learning_rate": MOVED_RATE,
        "seeds": list(MOVED_SEEDS),
    }
    same = old.get("ten_steps") == ten_steps
    return {
        "command": "python scripts/records/widths.py",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "corpus": corpus.name,
        "preset": asdict(CHAPTER),
        "base": BASE,
        "ten_steps": ten_steps,
        "steps": STEPS,
        "rates": list(RATES),
        "measured_characters": MEASURED,
        "cases": CASES,
        "moved": old["moved"] if same else [],
        "rows": [],
        "elsewhere": [],
        "runs": old.get("runs", []),
    }


def main() -> None:
    """Move all, then train what is not there yet."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    torch.set_num_threads(1)
    corpus = load_corpus("shakespeare")
    old = json.loads(out.read_text("utf-8")) if out.is_file() else {}
    record = begin(corpus, old)
    record["moved"] = record["moved"] or all_moved(corpus)
    runs = Runs(record, corpus, out)
    for case in CASES:
        row = runs.row(WAYS[0], BASE, WIDTHS[BASE], case)
        record["elsewhere"].append(row)
    for n_embed, seeds in WIDTHS.items():
        for way in WAYS:
            record["rows"].append(runs.row(way, n_embed, seeds))
    write_record(out, record)


if __name__ == "__main__":
    main()
