"""The classes of chapter 2."""

from tutorgpt.embedding import TokenAndPositionEmbedding
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
from tutorgpt.learn.exercises.single_head import (
    repair_the_head,
    repair_the_places,
)
from tutorgpt.single_head import Head, SingleHeadModel

SCALE = "Divide by the root of D: the scores keep a spread of about 1."

CLASSES = (
    taught_like(
        repair_the_head.EXERCISE,
        Head,
        "looks back, by weights that sum to 1",
        slip(
            "the scores are divided by √C, not by √D",
            SCALE,
            "math.sqrt(self.head_size)",
            "math.sqrt(x.shape[-1])",
        ),
        slip(
            "the scores are multiplied by √D instead of divided",
            SCALE,
            "/ math.sqrt",
            "* math.sqrt",
        ),
        slip(
            "the batch is mixed: its texts look at each other",
            "Only the last two axes are multiplied: q @ k.mT.",
            "return weights @ v",
            "return (weights @ v).mean(0, keepdim=True).expand_as(v)",
        ),
        looks={
            "the scores are not divided by √D any more": SCALE,
            "the scores are divided by D, not by its root": SCALE,
            "the layers have biases now": "bias=False, in all three.",
        },
    ),
    taught_like(
        repair_the_places.EXERCISE,
        TokenAndPositionEmbedding,
        "what and where, added",
    ),
    taught(
        SingleHeadModel,
        "scores from one look back",
        *SCORES,
        *PLACES,
        left_out("head", "the head is never asked: no position looks back"),
        added("head"),
        twice("head"),
        slip(
            "the head reads the text backwards",
            "x goes in as it is.",
            "self.head(x)",
            "self.head(x.flip(1)).flip(1)",
        ),
        cases=texts(),
        rules=NO_FUTURE,
    ),
)
