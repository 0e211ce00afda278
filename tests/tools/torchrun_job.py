"""A short run that tests start under torchrun.

usage: torchrun_job.py FOLDER [shard] [die-once] [accumulate]

Most tests start it in forked processes instead, which is much sooner.
"""

import os
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import torch

from tutorgpt import GPT, ModelConfig, TrainConfig, train
from tutorgpt.text.corpus import Corpus
from tutorgpt.training.engine.distributed import current_world, joined_world

TEXT = "".join("abcdefg"[n * n % 53 % 7] for n in range(900))
CORPUS = Corpus.from_text("odd", TEXT)
SETTINGS = TrainConfig(
    max_steps=12,
    batch_size=16,
    learning_rate=1e-2,
    eval_interval=4,
    max_gradient_norm=1.0,
    threads=1,
)
SHAPE = ModelConfig(
    vocab_size=7, block_size=8, n_embed=16, n_head=2, n_layer=2
)
DIES_AT = 7


class Mortal(GPT):
    """A GPT of which one process dies, once, at the seventh step."""

    steps = 0

    def forward(self, tokens):
        self.steps += self.training
        first_try = os.environ["TORCHELASTIC_RESTART_COUNT"] == "0"
        if self.steps == DIES_AT and current_world().rank == 1 and first_try:
            os.kill(os.getpid(), 9)
        return super().forward(tokens)


def run(folder: Path, *words: str) -> None:
    """Train as the words say, and keep the checkpoints in the folder."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    model = (Mortal if "die-once" in words else GPT)(SHAPE)
    parts = 2 if "accumulate" in words else 1
    train(
        model,
        CORPUS,
        replace(SETTINGS, accumulation=parts),
        out=folder,
        checkpoint_interval=2,
        sharded="shard" in words,
    )


def join_and_run(
    rank: int, size: int, port: int, folder: Path, words: tuple[str, ...]
) -> None:
    """Be one of several processes, as torchrun would have started it."""
    os.environ.update(
        RANK=str(rank),
        LOCAL_RANK=str(rank),
        WORLD_SIZE=str(size),
        MASTER_ADDR="localhost",
        MASTER_PORT=str(port),
        TORCHELASTIC_USE_AGENT_STORE="True",
        TORCHELASTIC_RESTART_COUNT="0",
    )
    with joined_world():
        run(folder, *words)


if __name__ == "__main__":
    warnings.simplefilter("error")
    with joined_world():
        run(Path(sys.argv[1]), *sys.argv[2:])
