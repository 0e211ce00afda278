"""Records who learns to copy, and through what: three seeds of each model.

    python scripts/records/copying.py           # about five minutes

Chapter 7's copiers: one layer, one layer that is twice as wide, and two
layers, on random characters that repeat. Of two layers it also records what
is lost without each head of layer 0, and what foreign queries, keys and
values in layer 1 do. Writes results/copying.json, anew after each run.
"""

from dataclasses import replace
from pathlib import Path

import torch
from jaxtyping import Int
from torch import Tensor

from tutorgpt import GPT, count_parameters, load_corpus, next_token_loss
from tutorgpt.config import CHAPTER
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.looking_inside import ablated, attention_weights, outputs_of
from tutorgpt.looking_inside.scores import (
    previous_token_score,
    repeated_tokens,
)

OUT = Path(__file__).resolve().parents[2] / "results" / "copying.json"
SEEDS = (1337, 1338, 1339)
SHAPES = {"one layer": (1, 32), "wide layer": (1, 64), "two layers": (2, 32)}
STEPS, EVERY, RATE = 800, 50, 3e-3
PERIOD = 16


def repeating_batch(
    V: int, generator: torch.Generator
) -> tuple[Int[Tensor, "B T"], Int[Tensor, "B T"]]:
    """Random characters that repeat after 5 to 16 places, as in chapter 7."""
    periods = torch.randint(5, 17, (32, 1), generator=generator)
    letters = torch.randint(V, (32, 16), generator=generator)
    text = letters.gather(1, torch.arange(33) % periods)
    return text[:, :-1], text[:, 1:]


@torch.no_grad()
def second_half(model: GPT, random: Int[Tensor, "B T"]) -> float:
    """The loss where the answer can be copied."""
    scores = model(random[:, :-1])
    loss = next_token_loss(scores[:, PERIOD:], random[:, PERIOD + 1 :])
    return round(loss.item(), 4)


def damage(model: GPT, random: Int[Tensor, "B T"]) -> dict:
    """Losses without one head of layer 0, and with one foreign part."""
    C = model.config.n_embed
    weights = attention_weights(model, random).mean(dim=0)
    scores = previous_token_score(weights)[0]
    without, sharpest = [], int(scores.argmax())
    for head in range(model.config.n_head):
        with ablated(model, head=(0, head)):
            without.append(second_half(model, random))
    name = "blocks.1.multi_head.qkv"
    with ablated(model, head=(0, sharpest)):
        foreign = outputs_of(model, [name], random[:, :-1])[0]
    mixed = {}
    for place, part in enumerate(("queries", "keys", "values")):
        own = slice(place * C, (place + 1) * C)

        def put(linear, args, out, own=own):
            out = out.clone()
            out[..., own] = foreign[..., own]
            return out

        with model.get_submodule(name).register_forward_hook(put):
            mixed[part] = second_half(model, random)
    return {
        "previous": [round(score, 4) for score in scores.tolist()],
        "without_head": without,
        "foreign": mixed,
    }


def study(name: str, seed: int, V: int, random: Int[Tensor, "B T"]) -> dict:
    """Train one copier, and take the one of two layers apart."""
    layers, C = SHAPES[name]
    shape = CHAPTER.model(vocab_size=V)
    torch.manual_seed(seed)
    model = GPT(replace(shape, n_layer=layers, n_embed=C))
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE)
    curve = [second_half(model, random)]
    for step in range(1, STEPS + 1):
        inputs, targets = repeating_batch(V, generator)
        loss = next_token_loss(model(inputs), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % EVERY == 0:
            curve.append(second_half(model, random))
    run = {
        "model": name,
        "seed": seed,
        "parameters": count_parameters(model),
        "second_half": curve,
    }
    return run | (damage(model, random) if layers == 2 else {})


def main() -> None:
    """Train every model with every seed."""
    torch.set_num_threads(1)
    V = load_corpus("shakespeare").tokenizer.vocab_size
    random = repeated_tokens(
        V, PERIOD, 256, torch.Generator().manual_seed(1337)
    )
    record = {
        "command": "python scripts/records/copying.py",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "every": EVERY,
        "runs": [],
    }
    for seed in SEEDS:
        for name in SHAPES:
            record["runs"].append(study(name, seed, V, random))
            write_record(OUT, record)
            print(name, seed, record["runs"][-1]["second_half"][-1])


if __name__ == "__main__":
    main()
