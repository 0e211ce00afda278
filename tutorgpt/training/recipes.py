"""Two ways to train the same model: the plain one and the good one."""

from dataclasses import replace

from tutorgpt.config import TrainConfig

WARMUP_SHARE = 0.05


def plain(config: TrainConfig) -> TrainConfig:
    """AdamW at one constant learning rate: what the chapters begin with."""
    return config


def good(config: TrainConfig) -> TrainConfig:
    """The same budget, spent better.

    Muon for the matrices (Jordan 2024), a learning rate that climbs and
    then falls to a tenth along a cosine, decay on matrices only, a shorter
    memory and gradients of at most length 1 (as nanoGPT does).
    """
    return replace(
        config,
        optimizer="muon",
        warmup_steps=max(1, round(WARMUP_SHARE * config.max_steps)),
        final_share=0.1,
        betas=(0.9, 0.95),
        weight_decay=0.1,
        decay_vectors=False,
        max_gradient_norm=1.0,
    )


RECIPES = {"plain": plain, "good": good}
