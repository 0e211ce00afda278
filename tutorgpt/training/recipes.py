"""Ways to train the same model: the plain one, and better ones."""

from dataclasses import replace

from tutorgpt.config import TrainConfig

WARMUP_SHARE = 0.05


def warmup_steps(max_steps: int) -> int:
    """How many steps of a run the learning rate climbs: a twentieth."""
    return max(1, round(WARMUP_SHARE * max_steps))


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
        warmup_steps=warmup_steps(config.max_steps),
        final_share=0.1,
        betas=(0.9, 0.95),
        weight_decay=0.1,
        decay_vectors=False,
        max_gradient_norm=1.0,
    )


def rare(config: TrainConfig) -> TrainConfig:
    """The good recipe where most tokens are rare, as with V = 6148.

    Nine tenths of such a small model are its two tables, which Muon leaves
    alone, and a rare token's row waits hundreds of steps for its gradient:
    so AdamW for everything, with a long memory for the size of gradients.
    """
    return replace(good(config), optimizer="adamw", betas=(0.9, 0.9997))


def again(config: TrainConfig) -> TrainConfig:
    """The good recipe for a large model that reads a small text many times.

    From the fourth reading on, such a model learns the text by heart. A
    high learning rate and a strong decay of the two tables, whose rows for
    rare tokens hold most of what is learned by heart, put that off; dropout
    stays off the attention weights, where it costs time and gives nothing.
    On LARGE and the Song ci each was tried alone (results/large_search.json).
    """
    return replace(
        good(config),
        learning_rate=5e-3,
        betas=(0.9, 0.99),
        table_decay=1.0,
        attention_dropout=False,
    )


RECIPES = {"plain": plain, "good": good, "rare": rare, "again": again}
