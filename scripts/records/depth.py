"""Records how stacks of blocks train: four wirings, rates and depths.

    python scripts/records/depth.py             # writes results/depth.json

Chapter 5 draws its figures from the record. The heads are the fused ones
of chapter 6, which are equal to chapter 3's and faster; runs are short and
are measured on the first part of the validation split.
"""

import argparse
import os
import time
from dataclasses import asdict, replace
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
from tutorgpt.text.corpus import load_corpus
from tutorgpt.text.floors import measure_floors
from tutorgpt.training.loop import train

ROOT = Path(__file__).resolve().parents[2]
RATES = (3e-3, 1e-2, 3e-2, 1e-1)
DEPTHS = (6, 12)
VAL_TOKENS = 50_000


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


class PostNormBlock(PreNormBlock):
    """Each sum is normalised: the order of Vaswani et al. 2017."""

    def forward(self, x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T C"]:
        x = self.norm_1(x + self.multi_head(x))
        return self.norm_2(x + self.feed_forward(x))


class Stack(LanguageModel):
    """n_layer blocks of one kind; a pre-norm stack ends in a norm."""

    def __init__(self, config: ModelConfig, block: type[PlainBlock]) -> None:
        super().__init__(config)
        V, C = config.vocab_size, config.n_embed
        self.embedding = TokenAndPositionEmbedding(V, C, config.block_size)
        self.blocks = nn.Sequential(
            *(block(config) for _ in range(config.n_layer))
        )
        last = nn.LayerNorm(C) if block is PreNormBlock else nn.Identity()
        self.norm = last
        self.lm_head = nn.Linear(C, V)

    def forward(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T V"]:
        x = self.embedding(tokens)
        x = self.blocks(x)
        return self.lm_head(self.norm(x))


BLOCKS = {
    "plain": PlainBlock,
    "residual": ResidualBlock,
    "pre-norm": PreNormBlock,
    "post-norm": PostNormBlock,
}


def plan(seeds: int) -> list[tuple[int, str, int, float]]:
    """Seed, wiring, depth and learning rate of every run, in order."""
    normal, n_layer = CHAPTER.learning_rate, CHAPTER.n_layer
    first, *others = range(1337, 1337 + seeds)
    sweep = [
        (wiring, n_layer, rate)
        for rate in RATES
        for wiring in ("residual", "pre-norm", "post-norm")
    ]
    depths = [(wiring, n, normal) for n in DEPTHS for wiring in BLOCKS]
    return [
        *((first, *run) for run in sweep),
        *((first, *run) for run in depths),
        *((seed, *run) for seed in others for run in sweep),
    ]


def main() -> None:
    """Train every stack of the plan and write the record after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(1)
    whole = load_corpus("shakespeare")
    corpus = replace(whole, val=whole.val[:VAL_TOKENS])
    V = corpus.tokenizer.vocab_size
    record = {
        "command": "python scripts/records/depth.py "
        f"--steps {options.steps} --seeds {options.seeds}",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "preset": asdict(CHAPTER),
        "steps": options.steps,
        "val_tokens": VAL_TOKENS,
        "floors": asdict(measure_floors(corpus)),
        "runs": [],
    }
    os.environ["TUTORGPT_PROGRESS"] = "0"
    for seed, wiring, depth, rate in plan(options.seeds):
        shape = replace(CHAPTER.model(vocab_size=V), n_layer=depth)
        settings = CHAPTER.training(
            max_steps=options.steps,
            learning_rate=rate,
            eval_interval=options.steps,
            seed=seed,
        )
        torch.manual_seed(seed)
        start = time.process_time()
        history = train(Stack(shape, BLOCKS[wiring]), corpus, settings)
        run = {
            "wiring": wiring,
            "n_layer": depth,
            "learning_rate": rate,
            "seed": seed,
            "val_loss": history.val_loss,
            "cpu_seconds": round(time.process_time() - start, 1),
        }
        record["runs"].append(run)
        write_record(ROOT / "results" / "depth.json", record)
        print(run, flush=True)


if __name__ == "__main__":
    main()
