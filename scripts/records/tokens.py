"""Trains one GPT on five alphabets, at one price and at one size.

    python scripts/records/tokens.py               # over an hour
    python scripts/records/tokens.py songci        # one text alone

Characters, bytes, and pairs of 512, 2,048 and 8,192 tokens, on the plays and
on the Song ci. "price": the chapters' width, and as many steps as cost the
same arithmetic as some steps on characters. "size": the width whose
parameters, tables and all, come nearest to 437,764 (SMALL on the Song ci),
and steps of one price again. At one price both recipes, good and rare, are
tried with the first seed, and the better one trains all three, and those of
the other rulers. "longer": one price again, four times as high, with the
first seed only, to see whether the order stays. Exact losses, as bits per
byte, which can be compared. Writes results/tokens.json, anew after each run;
what it holds is not run again.
"""

import argparse
import json
from dataclasses import asdict, replace
from pathlib import Path
from statistics import mean

import torch

from tutorgpt import GPT, count_parameters, load_corpus
from tutorgpt.config import CHAPTER, ModelConfig
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.scaling import training_flops
from tutorgpt.text.corpus import Corpus
from tutorgpt.text.floors import measure_floors
from tutorgpt.tokens import bits_per_byte, bits_per_character
from tutorgpt.training.loss import exact_loss
from tutorgpt.training.recipes import RECIPES
from tutorgpt.training.steps import training_steps

OUT = Path(__file__).resolve().parents[2] / "results" / "tokens.json"
ALPHABETS = ("characters", "bytes", "pairs:512", "pairs:2048", "pairs:8192")
SEEDS = (1337, 1338, 1339)
TRIED = ("good", "rare")
STEPS = {
    ("price", "shakespeare"): 2000,
    ("price", "songci"): 1000,
    ("size", "shakespeare"): 400,
    ("size", "songci"): 300,
    ("longer", "shakespeare"): 8000,
    ("longer", "songci"): 4000,
}
"""On characters; with other alphabets as many as cost the same."""
PARAMETERS = 437_764


def shape_for(ruler: str, V: int) -> ModelConfig:
    """The chapters' shape, or the width with the wanted parameters."""
    shape = CHAPTER.model(vocab_size=V)
    if ruler != "size":
        return shape
    widths = range(shape.n_head, 200, shape.n_head)
    shapes = [replace(shape, n_embed=width) for width in widths]
    return min(shapes, key=lambda s: abs(size_of(s) - PARAMETERS))


def size_of(shape: ModelConfig) -> int:
    """All parameters of a GPT of this shape."""
    with torch.device("meta"):
        return count_parameters(GPT(shape))


def described(corpus: Corpus, shape: ModelConfig) -> dict:
    """What the alphabet does to the text and to the model."""
    characters = len(corpus.text)
    V, C = shape.vocab_size, shape.n_embed
    total = size_of(shape)
    return {
        "vocab_size": V,
        "tokens": corpus.size,
        "characters_per_token": characters / corpus.size,
        "characters_in_window": shape.block_size * characters / corpus.size,
        "n_embed": C,
        "parameters": total,
        "in_tables": (2 * V * C + V) / total,
    }


def train_one(
    corpus: Corpus, shape: ModelConfig, steps: int, recipe: str, seed: int
) -> dict:
    """One run, with its losses in three units."""
    settings = CHAPTER.training(max_steps=steps, eval_interval=steps)
    settings = RECIPES[recipe](settings)
    torch.manual_seed(seed)
    model = GPT(shape)
    for _ in training_steps(model, corpus, replace(settings, seed=seed)):
        pass
    loss = exact_loss(model, corpus.val)
    held_out = corpus.text[len(corpus.text) * 9 // 10 :]
    return {
        "recipe": recipe,
        "seed": seed,
        "nats_per_token": loss,
        "bits_per_byte": bits_per_byte(loss, corpus.tokenizer, held_out),
        "bits_per_character": bits_per_character(
            loss, corpus.tokenizer, held_out
        ),
    }


def study(text: str, alphabet: str, ruler: str, record: dict) -> None:
    """All runs of one cell of the table."""
    name = f"{text}, {alphabet}, {ruler}"
    if name in record["cells"]:
        return
    corpus = load_corpus(text, alphabet)
    shape = shape_for(ruler, corpus.tokenizer.vocab_size)
    plain = shape_for(ruler, len(set(corpus.text)))
    price = STEPS[ruler, text] * training_flops(plain)
    steps = round(price / training_flops(shape))
    recipes = TRIED
    if ruler != "price":
        recipes = (record["cells"][f"{text}, {alphabet}, price"]["recipe"],)
    tries = [train_one(corpus, shape, steps, r, SEEDS[0]) for r in recipes]
    best = min(tries, key=lambda run: run["bits_per_byte"])
    more = [
        train_one(corpus, shape, steps, best["recipe"], seed)
        for seed in (SEEDS[1:] if ruler != "longer" else ())
    ]
    runs = [best, *more]
    floors = asdict(measure_floors(corpus))
    per_byte = best["bits_per_byte"] / best["nats_per_token"]
    record["cells"][name] = {
        "text": text,
        "alphabet": alphabet,
        "ruler": ruler,
        **described(corpus, shape),
        "steps": steps,
        "floors_bits_per_byte": {n: f * per_byte for n, f in floors.items()},
        "recipe": best["recipe"],
        "other_recipe": [run for run in tries if run is not best],
        "bits_per_byte": mean(run["bits_per_byte"] for run in runs),
        "runs": runs,
    }
    write_record(OUT, record)
    print(f"{name}: {record['cells'][name]['bits_per_byte']:.4f}", flush=True)


def main() -> None:
    """Fill the cells that are not there yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "texts", nargs="*", default=["shakespeare", "songci"], metavar="TEXT"
    )
    options = parser.parse_args()
    torch.set_num_threads(1)
    record = {
        "command": "python scripts/records/tokens.py",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "cells": {},
    }
    if OUT.exists():
        record["cells"] = json.loads(OUT.read_text("utf-8"))["cells"]
    for ruler, text in STEPS:
        for alphabet in ALPHABETS if text in options.texts else ():
            study(text, alphabet, ruler, record)


if __name__ == "__main__":
    main()
