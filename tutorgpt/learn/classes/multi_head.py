"""The classes of chapter 3."""

from tutorgpt.learn.check.exercise import slip
from tutorgpt.learn.check.taught import taught, taught_like
from tutorgpt.learn.classes.models import (
    NO_FUTURE,
    PLACES,
    SCORES,
    added,
    left_out,
    texts,
    twice,
)
from tutorgpt.learn.exercises.multi_head import repair_the_heads
from tutorgpt.multi_head import MultiHead, MultiHeadModel

CLASSES = (
    taught_like(
        repair_the_heads.EXERCISE,
        MultiHead,
        "heads side by side, then projected",
    ),
    taught(
        MultiHeadModel,
        "scores from what several heads read",
        *SCORES,
        *PLACES,
        left_out(
            "multi_head", "the heads are never asked: no position looks back"
        ),
        added("multi_head"),
        twice("multi_head"),
        slip(
            "the projection of the heads is passed by",
            "x goes through self.multi_head, projection included.",
            "self.multi_head(x)",
            "torch.cat([h(x) for h in self.multi_head.heads], dim=-1)",
        ),
        slip(
            "there is one head only",
            "MultiHead(C, config.n_head, block_size).",
            "config.n_head",
            "1",
        ),
        cases=texts(),
        rules=NO_FUTURE,
    ),
)
