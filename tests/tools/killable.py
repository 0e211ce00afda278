"""A short training run that tests start in processes of their own."""

import sys
from dataclasses import replace
from pathlib import Path

import torch

from tutorgpt import GPT, ModelConfig, TrainConfig, train
from tutorgpt.text.corpus import Corpus
from tutorgpt.training.optimizer import build_optimizers
from tutorgpt.training.recipes import good
from tutorgpt.training.signals import Stopped

TEXT = "".join("abcdefg"[n * n % 53 % 7] for n in range(600))
CORPUS = Corpus.from_text("odd", TEXT)
SETTINGS = replace(
    good(
        TrainConfig(
            max_steps=60, batch_size=4, learning_rate=1e-2, eval_interval=20
        )
    ),
    accumulation=2,
    threads=1,
)


def build_model(dropout: float = 0.1) -> GPT:
    """The same untrained model each time, with the same dropout."""
    torch.manual_seed(0)
    return GPT(
        ModelConfig(
            vocab_size=7,
            block_size=8,
            n_embed=8,
            n_head=2,
            n_layer=2,
            dropout=dropout,
        )
    )


# torch imports a second's worth of modules for its first optimizer: here,
# once, and not in every process that is started from here.
build_optimizers(build_model(), SETTINGS)


def run_to_the_end(
    folder: Path, settings: TrainConfig = SETTINGS, interval: int = 1
) -> None:
    """Begin or continue the run in a folder; leave as the command does."""
    torch.set_num_threads(1)
    try:
        train(
            build_model(),
            CORPUS,
            settings,
            out=folder,
            checkpoint_interval=interval,
        )
    except Stopped as stopped:
        sys.exit(128 + stopped.signal)
