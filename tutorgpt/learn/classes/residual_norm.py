"""The classes of chapter 5."""

from tutorgpt.learn.check.exercise import Wrong, slip
from tutorgpt.learn.check.taught import taught, taught_like
from tutorgpt.learn.classes.models import (
    NO_FUTURE,
    PLACES,
    SCORES,
    left_out,
    texts,
)
from tutorgpt.learn.exercises.residual_norm import repair_the_block
from tutorgpt.residual_norm import Block, ResidualNormModel

AXIS = "LayerNorm works along the last axis, the channels of one position."
STACK: tuple[Wrong, ...] = (
    left_out("blocks", "the blocks are never asked: no position looks back"),
    left_out("norm", "the last norm is left out"),
    slip(
        "only the first block is asked",
        "x goes through all of self.blocks.",
        "self.blocks(x)",
        "self.blocks[0](x)",
    ),
    slip(
        "the norm stands before the blocks, and not after them",
        "The path is normed once, after the last block.",
        "        x = self.blocks(x)\n        x = self.norm(x)",
        "        x = self.norm(x)\n        x = self.blocks(x)",
    ),
    slip(
        "there is one block only",
        "for _ in range(config.n_layer).",
        "range(config.n_layer)",
        "range(1)",
    ),
)
"""Mistakes with a stack of blocks."""

CLASSES = (
    taught_like(
        repair_the_block.EXERCISE,
        Block,
        "two parts, each added to one path",
        slip(
            "the first norm works over the positions, not over the channels",
            AXIS,
            "self.norm_1(x)",
            "self.norm_1((x - x.mean(1, keepdim=True)) / x.std(1, "
            "keepdim=True))",
        ),
        slip(
            "the norms learn no scale and no shift",
            "nn.LayerNorm(n_embed), as it comes.",
            "nn.LayerNorm(n_embed)",
            "nn.LayerNorm(n_embed, elementwise_affine=False)",
        ),
    ),
    taught(
        ResidualNormModel,
        "blocks on one path, and scores",
        *SCORES,
        *PLACES,
        *STACK,
        cases=texts(),
        rules=NO_FUTURE,
    ),
)
