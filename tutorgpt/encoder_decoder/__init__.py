"""Chapter 9. Two towers: one reads a source, one writes a target."""

from tutorgpt.encoder_decoder.towers import (
    Attention,
    DecoderLayer,
    Encoder,
    EncoderDecoder,
    EncoderLayer,
    past,
)
from tutorgpt.encoder_decoder.translation import (
    beam_search,
    teacher_forced_loss,
    train_translator,
    translate,
)

__all__ = [
    "Attention",
    "DecoderLayer",
    "Encoder",
    "EncoderDecoder",
    "EncoderLayer",
    "beam_search",
    "past",
    "teacher_forced_loss",
    "train_translator",
    "translate",
]
