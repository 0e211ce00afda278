"""Records what each part of a trained GPT is worth, and if any head copies.

    python scripts/records/ablation.py           # chapter 7's model, 5 seeds
    python scripts/records/ablation.py --larger  # 4 layers, 64 wide, 1 seed

Each run is trained as in the chapter, then loses one part after the other:
the loss without it is exact, over all of the held-out text. On the way the
heads are scored, and the model is asked to copy, at a few steps. Writes
results/ablation.json or results/ablation_larger.json after each seed.
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path

import torch
from jaxtyping import Int
from torch import Tensor
from torch.nn import functional as F

from tutorgpt import GPT, load_corpus
from tutorgpt.config import CHAPTER, Preset
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.looking_inside import ablated, attention_weights
from tutorgpt.looking_inside.scores import (
    induction_score,
    previous_token_score,
    repeated_tokens,
)
from tutorgpt.text.batches import sample_batch
from tutorgpt.text.corpus import Corpus
from tutorgpt.text.floors import measure_floors
from tutorgpt.training.loss import exact_loss
from tutorgpt.training.steps import training_steps

RESULTS = Path(__file__).resolve().parents[2] / "results"
LARGER = replace(
    CHAPTER,
    name="larger",
    block_size=64,
    n_embed=64,
    n_layer=4,
    learning_rate=2e-3,
    max_steps=3500,
)
ROWS = 256
"""How many texts a score is the mean of."""


def parts(model: GPT) -> Iterator[tuple[str, list[dict]]]:
    """What is switched off, by name: the arguments of `ablated`."""
    heads = range(model.config.n_head)
    layers = range(model.config.n_layer)
    for n in layers:
        for h in heads:
            yield f"layer {n}, head {h}", [{"head": (n, h)}]
        yield f"layer {n}, all heads", [{"head": (n, h)} for h in heads]
        yield f"layer {n}", [{"layer": n}]
    yield "all heads", [{"head": (n, h)} for n in layers for h in heads]
    yield "positions", [{"positions": True}]
    yield "norms", [{"norms": True}]


def loss_without(model: GPT, off: list[dict], val: Int[Tensor, " N"]) -> float:
    """The exact loss of the model with these parts switched off."""
    with ExitStack() as stack:
        for part in off:
            stack.enter_context(ablated(model, **part))
        return round(exact_loss(model, val), 4)


@torch.no_grad()
def look(model: GPT, val: Int[Tensor, " N"], step: int) -> dict:
    """The scores of all heads at this step, and what copying gains."""
    V, T = model.config.vocab_size, model.config.block_size
    period = T // 2
    generator = torch.Generator().manual_seed(1337)
    random = repeated_tokens(V, period, ROWS, generator)
    text, _ = sample_batch(val, ROWS, T, generator)
    real = text[:, :period].repeat(1, 2)
    by_text = attention_weights(model, text).mean(dim=0)
    by_copy = attention_weights(model, random).mean(dim=0)
    return {
        "step": step,
        "previous": rounded(previous_token_score(by_text)),
        "induction": rounded(induction_score(by_copy, period)),
        "gain_random": copying_gain(model, random),
        "gain_text": copying_gain(model, real),
    }


def copying_gain(model: GPT, tokens: Int[Tensor, "B T"]) -> float:
    """How much cheaper a text is the second time, in nats per character.

    Compared is the same second half behind another row's first half.
    """
    period = tokens.shape[1] // 2
    first, second = tokens.split(period, dim=1)
    losses = []
    for before in (first.roll(1, dims=0), first):
        logits = model(torch.cat([before, second], dim=1))
        answers = logits[:, period:-1].flatten(0, 1)
        losses.append(F.cross_entropy(answers, second[:, 1:].flatten()))
    return round((losses[0] - losses[1]).item(), 4)


def rounded(scores: Tensor) -> list[list[float]]:
    return [[round(s, 4) for s in row] for row in scores.tolist()]


def study(preset: Preset, corpus: Corpus, seed: int) -> dict:
    """Train one model, look at it on the way, then take it apart."""
    settings = preset.training(seed=seed)
    start = time.process_time()
    torch.manual_seed(seed)
    model = GPT(preset.model(vocab_size=corpus.tokenizer.vocab_size))
    growth = [look(model, corpus.val, 0)]
    for state in training_steps(model, corpus, settings):
        early = state.step < 500 and state.step % 100 == 0
        if early or state.step % 500 == 0:
            growth.append(look(model, corpus.val, state.step))
    run = {
        "seed": seed,
        "val_loss": loss_without(model, [], corpus.val),
        "cpu_seconds": round(time.process_time() - start, 1),
        "loss_without": {
            name: loss_without(model, off, corpus.val)
            for name, off in parts(model)
        },
        "growth": growth,
    }
    best = max(s for row in growth[-1]["induction"] for s in row)
    print(seed, run["val_loss"], "best induction score", best, flush=True)
    return run


def main() -> None:
    """Study every seed and write the record after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--larger", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    preset = LARGER if options.larger else CHAPTER
    seeds = (1337,) if options.larger else tuple(range(1337, 1342))
    corpus = load_corpus("shakespeare")
    record = {
        "command": "python scripts/records/ablation.py"
        + (" --larger" if options.larger else ""),
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "corpus": corpus.name,
        "preset": asdict(preset),
        "floors": asdict(measure_floors(corpus)),
        "runs": [],
    }
    name = "ablation_larger" if options.larger else "ablation"
    for seed in seeds:
        record["runs"].append(study(preset, corpus, seed))
        write_record(RESULTS / f"{name}.json", record)


if __name__ == "__main__":
    main()
