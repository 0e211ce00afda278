"""How long a training will take on this machine, by timing a few steps."""

import time
from collections.abc import Iterator

import torch

from tutorgpt.config import Preset
from tutorgpt.own_text.cuts import Cut
from tutorgpt.scaling import GPT, training_flops
from tutorgpt.text.split import Corpus
from tutorgpt.text.token_file import MOST_VALIDATION
from tutorgpt.training.recipes import RECIPES
from tutorgpt.training.state import TrainingState
from tutorgpt.training.steps import training_steps

WARMING_UP, TIMED = 2, 4
AFFORDED = 2e10
"""Operations of a step that is timed. Where the preset's batch takes more, a
smaller one is timed and scaled up."""
FORWARD = 1 / 3
"""What reading a token costs, of learning from it; see training_flops."""
LOSSES = 4
"""How often tutorgpt train measures the held-out part, at the least."""
INTERVAL = 500


def minutes_to_train(preset: Preset, recipe: str, cut: Cut) -> float:
    """How long tutorgpt train takes with these, about.

    What a step costs depends on how many different tokens there are, not on
    which ones come, so they are drawn. The reader's own random numbers stay
    where they are.
    """
    tokens = torch.arange(10 * preset.block_size + 10) % cut.vocab_size
    corpus = Corpus("timed", "", cut.tokenizer, tokens, tokens)
    shape = preset.model(vocab_size=cut.vocab_size)
    device, batch = "cuda", preset.batch_size
    if not torch.cuda.is_available():
        device = "cpu"
        flops = training_flops(shape) * preset.block_size
        batch = max(1, min(batch, int(AFFORDED / flops)))
    config = RECIPES[recipe](
        preset.training(
            max_steps=WARMING_UP + TIMED, batch_size=batch, threads="auto"
        )
    )
    with torch.random.fork_rng():
        model = GPT(shape).to(device)
        step = _seconds_a_step(training_steps(model, corpus, config))
    per_token = step / (batch * preset.block_size)
    losses = max(LOSSES, preset.max_steps // INTERVAL)
    held_out = min(cut.tokens - cut.learned, MOST_VALIDATION)
    learned = preset.max_steps * preset.batch_size * preset.block_size
    measured = FORWARD * losses * held_out
    return per_token * (learned + measured) / 60


def _seconds_a_step(steps: Iterator[TrainingState]) -> float:
    """The mean of those after the first ones, which warm up."""
    start = 0.0
    for state in steps:
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        if state.step == WARMING_UP:
            start = time.perf_counter()
    return (time.perf_counter() - start) / TIMED
