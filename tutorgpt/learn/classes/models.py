"""What the book's models have in common: their cases and their mistakes."""

from collections.abc import Callable

import torch

from tutorgpt.config import ModelConfig
from tutorgpt.learn.check.exercise import Property, Wrong, slip
from tutorgpt.learn.check.properties import (
    alike_for_equal_rows,
    blind_to_the_batch,
    blind_to_the_future,
)

NO_FUTURE: tuple[Property, ...] = (
    blind_to_the_future,
    blind_to_the_batch,
    alike_for_equal_rows,
)
"""Rules for whatever reads from left to right."""


def small(dropout: float = 0.0, n_layer: int = 2) -> tuple[ModelConfig, ...]:
    """Shapes in which no two sizes are equal.

    One has a single head, and the last one drops.
    """
    return tuple(
        ModelConfig(
            vocab_size=V,
            block_size=block_size,
            n_embed=C,
            n_head=H,
            n_layer=n_layer,
            dropout=share,
        )
        for V, block_size, C, H, share in (
            (11, 7, 6, 2, 0.0),
            (5, 9, 4, 1, 0.0),
            (7, 8, 12, 3, dropout),
        )
    )


def texts(dropout: float = 0.0, n_layer: int = 2) -> Callable[[], list[tuple]]:
    """Cases for a language model: full windows and shorter ones."""

    def cases() -> list[tuple]:
        g = torch.Generator().manual_seed(31)
        lengths = ((3, 7), (2, 4), (1, 5))
        return [
            ((config,), torch.randint(config.vocab_size, size, generator=g))
            for config, size in zip(
                small(dropout, n_layer), lengths, strict=True
            )
        ]

    return cases


def vectors(dropout: float = 0.0) -> Callable[[], list[tuple]]:
    """Cases for a part that is built from a config and reads (B, T, C)."""

    def cases() -> list[tuple]:
        g = torch.Generator().manual_seed(32)
        lengths = ((3, 7), (2, 4), (1, 5))
        return [
            ((config,), torch.randn(*size, config.n_embed, generator=g))
            for config, size in zip(small(dropout), lengths, strict=True)
        ]

    return cases


HEAD = "self.lm_head(x)"
SCORES: tuple[Wrong, ...] = (
    slip(
        "probabilities come out, and not scores",
        "A model ends in scores: cross_entropy takes the softmax itself.",
        HEAD,
        f"{HEAD}.softmax(dim=-1)",
    ),
    slip(
        "logarithms of probabilities come out, and not scores",
        "A model ends in scores: cross_entropy takes the softmax itself.",
        HEAD,
        f"{HEAD}.log_softmax(dim=-1)",
    ),
    slip(
        "scores come out for the last position only",
        "Each position is an example: (B, T, V), without [:, -1].",
        HEAD,
        f"{HEAD}[:, -1]",
    ),
    slip(
        "the positions are averaged before the scores",
        "Each position has scores of its own: (B, T, V).",
        HEAD,
        "self.lm_head(x.mean(1, keepdim=True))",
    ),
    slip(
        "what is negative is cut off from the scores",
        "A score may be below 0: no relu at the end.",
        HEAD,
        f"{HEAD}.relu()",
    ),
    slip(
        "lm_head has no bias",
        "nn.Linear(C, V), as it comes.",
        "nn.Linear(C, V)",
        "nn.Linear(C, V, bias=False)",
    ),
    slip(
        "the scores are those of another dictionary: as many as channels",
        "lm_head gives V scores: nn.Linear(C, V).",
        "nn.Linear(C, V)",
        "nn.Linear(C, C)",
    ),
)
"""Mistakes at the top of any language model."""
PLACES: tuple[Wrong, ...] = (
    slip(
        "only what a character is goes in, and not where it stands",
        "self.embedding(tokens) adds the two vectors.",
        "self.embedding(tokens)",
        "self.embedding.token(tokens)",
    ),
)
"""A mistake at the bottom of any model that knows positions."""


def left_out(part: str, says: str, line: str = "") -> Wrong:
    """A part of the model that is made and never asked.

    line: the line that asks it, where it is not `x = self.part(x)`.
    """
    line = line or f"        x = self.{part}(x)\n"
    return slip(says, f"x goes through self.{part} as well.", line, "")


def added(part: str) -> Wrong:
    """A path around a part, before chapter 5."""
    return slip(
        f"x is added to what self.{part} gives",
        "The path around a layer comes in chapter 5.",
        f"x = self.{part}(x)",
        f"x = x + self.{part}(x)",
    )


def twice(part: str) -> Wrong:
    """A part that x goes through twice."""
    return slip(
        f"x goes through self.{part} twice",
        "Once is enough.",
        f"x = self.{part}(x)",
        f"x = self.{part}(self.{part}(x))",
    )
