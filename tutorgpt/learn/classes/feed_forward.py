"""The classes of chapter 4."""

from tutorgpt.feed_forward import FeedForward, FeedForwardModel
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
from tutorgpt.learn.exercises.feed_forward import repair_the_layer

CLASSES = (
    taught_like(
        repair_the_layer.EXERCISE,
        FeedForward,
        "wide, bent, and back, place by place",
        slip(
            "the layer is as wide as its input, not four times",
            "nn.Linear(n_embed, 4 * n_embed), and back.",
            "4 * n_embed",
            "n_embed",
        ),
        slip(
            "the layer is twice as wide as its input, not four times",
            "nn.Linear(n_embed, 4 * n_embed), and back.",
            "4 * n_embed",
            "2 * n_embed",
        ),
        looks={
            "the input is added to the result": (
                "The path around a layer comes in chapter 5."
            ),
        },
    ),
    taught(
        FeedForwardModel,
        "attention, feed-forward, scores",
        *SCORES,
        *PLACES,
        left_out(
            "multi_head", "the heads are never asked: no position looks back"
        ),
        left_out(
            "feed_forward",
            "the feed-forward layer is never asked",
        ),
        added("multi_head"),
        added("feed_forward"),
        twice("feed_forward"),
        slip(
            "the feed-forward layer comes before attention",
            "The order is multi_head, then feed_forward.",
            "        x = self.multi_head(x)\n        x = self.feed_forward(x)",
            "        x = self.feed_forward(x)\n        x = self.multi_head(x)",
        ),
        cases=texts(),
        rules=NO_FUTURE,
    ),
)
