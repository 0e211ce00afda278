"""Records how stacks of blocks train: wirings, depths, rates, three seeds.

    python scripts/records/depth.py             # writes results/depth.json

A stack has no path and no norms, norms alone, the path alone, or both in
one of the two orders. Chapter 5 draws its figures from the record. The
heads are the fused ones of chapter 6, which are equal to chapter 3's and
faster. Losses are exact, over all of the held-out text, and are kept at
several steps of each run. What an untrained stack lets through is measured
in double precision. The whole takes half an hour on a free core, less with
--workers 2; a record that is there already is continued.
"""

import argparse
import json
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, fields, replace
from math import isfinite
from pathlib import Path

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from tutorgpt.config import CHAPTER, ModelConfig
from tutorgpt.embedding import TokenAndPositionEmbedding
from tutorgpt.feed_forward import FeedForward
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.language_model import LanguageModel
from tutorgpt.scaling import FusedMultiHead
from tutorgpt.text.batches import sample_batch
from tutorgpt.text.corpus import Corpus, load_corpus
from tutorgpt.text.floors import measure_floors
from tutorgpt.training.loss import exact_loss, next_token_loss
from tutorgpt.training.steps import training_steps

RESULT = Path(__file__).resolve().parents[2] / "results" / "depth.json"
STEPS = (300, 600, 1200, 2000)
"""When a run is measured, as far as it goes."""
SEEDS = (1337, 1338, 1339)
WIRINGS = ("plain", "norm", "residual", "pre-norm", "post-norm")


class PlainBlock(nn.Module):
    """Look back, then think; each part replaces what it read."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        C = config.n_embed
        self.multi_head = FusedMultiHead(
            C, config.n_head, config.block_size, 0.0
        )
        self.feed_forward = FeedForward(C)

    def forward(self, x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T C"]:
        return self.feed_forward(self.multi_head(x))


class ResidualBlock(PlainBlock):
    """Each part adds to what it read."""

    def forward(self, x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T C"]:
        x = x + self.multi_head(x)
        return x + self.feed_forward(x)


class PreNormBlock(PlainBlock):
    """Each part reads a normalised copy and adds to the original."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.norm_1 = nn.LayerNorm(config.n_embed)
        self.norm_2 = nn.LayerNorm(config.n_embed)

    def forward(self, x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T C"]:
        x = x + self.multi_head(self.norm_1(x))
        return x + self.feed_forward(self.norm_2(x))


class NormBlock(PreNormBlock):
    """Each part replaces what it read by what it makes of a normed copy."""

    def forward(self, x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T C"]:
        x = self.multi_head(self.norm_1(x))
        return self.feed_forward(self.norm_2(x))


class PostNormBlock(PreNormBlock):
    """Each sum is normalised: the order of Vaswani et al. 2017."""

    def forward(self, x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T C"]:
        x = self.norm_1(x + self.multi_head(x))
        return self.norm_2(x + self.feed_forward(x))


BLOCKS = {
    "plain": PlainBlock,
    "norm": NormBlock,
    "residual": ResidualBlock,
    "pre-norm": PreNormBlock,
    "pre-norm, no last norm": PreNormBlock,
    "post-norm": PostNormBlock,
}


class Stack(LanguageModel):
    """n_layer blocks of one kind; a pre-norm stack ends in a norm."""

    def __init__(self, config: ModelConfig, wiring: str) -> None:
        super().__init__(config)
        V, C = config.vocab_size, config.n_embed
        self.embedding = TokenAndPositionEmbedding(V, C, config.block_size)
        self.blocks = nn.Sequential(
            *(BLOCKS[wiring](config) for _ in range(config.n_layer))
        )
        self.norm = nn.LayerNorm(C) if wiring == "pre-norm" else nn.Identity()
        self.lm_head = nn.Linear(C, V)

    def forward(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T V"]:
        x = self.embedding(tokens)
        x = self.blocks(x)
        return self.lm_head(self.norm(x))


@dataclass(frozen=True)
class Plan:
    """One run: what is stacked, and how it is trained."""

    wiring: str
    n_layer: int
    learning_rate: float
    max_steps: int
    seed: int = SEEDS[0]
    warmup_steps: int = 0


def plans() -> Iterator[Plan]:
    """Every run, the central ones first; each one with all seeds."""
    normal = CHAPTER.learning_rate
    adding = WIRINGS[2:]
    for plan in (
        # The chapter's question: three blocks, five wirings; a lower rate
        # for the two that replace their input.
        *(Plan(w, 3, normal, 2000) for w in WIRINGS),
        *(Plan(w, 3, 1e-3, 2000) for w in ("plain", "norm")),
        # One block alone, and the last norm, as controls.
        *(Plan(w, 1, normal, 2000) for w in ("pre-norm", "residual")),
        Plan("pre-norm, no last norm", 3, normal, 2000),
        # Other rates, and warm-up for the wiring that is said to need it.
        *(Plan(w, 3, 1e-2, 300) for w in WIRINGS),
        *(Plan(w, 3, r, 300) for r in (3e-2, 1e-1) for w in adding),
        Plan("post-norm", 3, 3e-2, 300, warmup_steps=100),
        # One block, six and twelve.
        *(Plan(w, 1, normal, 300) for w in ("plain", "norm", "post-norm")),
        *(Plan(w, 6, normal, 300) for w in WIRINGS),
        *(Plan(w, 12, normal, 300) for w in adding),
        Plan("norm", 6, 1e-3, 1200),
        *(Plan(w, 3, 1e-3, 300) for w in adding),
    ):
        for seed in SEEDS:
            yield replace(plan, seed=seed)


def build(plan: Plan, vocab_size: int) -> Stack:
    """A fresh stack."""
    shape = CHAPTER.model(vocab_size=vocab_size)
    torch.manual_seed(plan.seed)
    return Stack(replace(shape, n_layer=plan.n_layer), plan.wiring)


def train(plan: Plan) -> dict:
    """The exact losses of one run, by step; None where it has exploded."""
    torch.set_num_threads(1)
    corpus = load_corpus("shakespeare")
    model = build(plan, corpus.tokenizer.vocab_size)
    settings = CHAPTER.training(
        max_steps=plan.max_steps,
        learning_rate=plan.learning_rate,
        warmup_steps=plan.warmup_steps,
        seed=plan.seed,
    )
    start = time.process_time()
    losses = {}
    for state in training_steps(model, corpus, settings):
        if state.step in STEPS:
            loss = exact_loss(model, corpus.val)
            losses[str(state.step)] = (
                round(loss, 4) if isfinite(loss) else None
            )
    seconds = round(time.process_time() - start, 1)
    return asdict(plan) | {"losses": losses, "cpu_seconds": seconds}


def look(plan: Plan, corpus: Corpus) -> dict:
    """What an untrained stack lets through, block by block.

    trace: how far the vector at the last position moves when only its own
    character is replaced, relative to its length; a mean of 32 contexts.
    gradient: the length of the loss's gradient in the block's parameters.
    """
    V = corpus.tokenizer.vocab_size
    model = build(plan, V).double()
    generator = torch.Generator().manual_seed(plan.seed)
    tokens, targets = sample_batch(corpus.train, 32, 32, generator)
    next_token_loss(model(tokens), targets).backward()
    changed = tokens.clone()
    changed[:, -1] = (tokens[:, -1] + 7) % V
    traces, gradients = [], []
    with torch.no_grad():
        a, b = model.embedding(tokens), model.embedding(changed)
        for block in model.blocks:
            a, b = block(a), block(b)
            moved = (a - b)[:, -1].norm(dim=-1) / a[:, -1].norm(dim=-1)
            traces.append(float(f"{moved.mean():.3g}"))
            parts = [
                p.grad.norm() for p in block.parameters() if p.grad is not None
            ]
            gradients.append(float(f"{torch.stack(parts).norm():.3g}"))
    return {
        "wiring": plan.wiring,
        "n_layer": plan.n_layer,
        "seed": plan.seed,
        "trace": traces,
        "gradient": gradients,
    }


def what_is_there(record: dict) -> list[dict]:
    """The runs of an earlier start, if they began from the same weights."""
    if not RESULT.is_file():
        return []
    old = json.loads(RESULT.read_text(encoding="utf-8"))
    return old["runs"] if old.get("fresh") == record["fresh"] else []


def main() -> None:
    """Train every stack of the plan and write the record after each."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    corpus = load_corpus("shakespeare")
    record = {
        "command": "python scripts/records/depth.py",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "corpus": corpus.name,
        "preset": asdict(CHAPTER),
        "seeds": list(SEEDS),
        "floors": asdict(measure_floors(corpus)),
        "fresh": [
            look(Plan(wiring, n_layer, 0.0, 0, seed), corpus)
            for n_layer in (3, 6, 12)
            for wiring in WIRINGS
            for seed in SEEDS
        ],
    }
    record["runs"] = what_is_there(record)
    names = [field.name for field in fields(Plan)]
    done = [Plan(**{n: run[n] for n in names}) for run in record["runs"]]
    missing = [plan for plan in plans() if plan not in done]
    with ProcessPoolExecutor(options.workers) as pool:
        for run in pool.map(train, missing):
            record["runs"].append(run)
            write_record(RESULT, record)
            print(run, flush=True)


if __name__ == "__main__":
    main()
