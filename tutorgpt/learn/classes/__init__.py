"""The classes that the chapters introduce, one file a chapter."""

from tutorgpt.learn.check.taught import Taught
from tutorgpt.learn.classes import (
    bigram,
    decoding,
    encoder_decoder,
    feed_forward,
    gradients,
    modern,
    multi_head,
    pretrained,
    residual_norm,
    scaling,
    single_head,
    tokens,
)

CLASSES: dict[str, Taught] = {
    taught.target: taught
    for chapter in (
        gradients,
        bigram,
        single_head,
        multi_head,
        feed_forward,
        residual_norm,
        scaling,
        decoding,
        encoder_decoder,
        tokens,
        modern,
        pretrained,
    )
    for taught in chapter.CLASSES
}
"""Name -> what is known of the class, in the order of the book."""
