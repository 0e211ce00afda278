"""Bits per byte and per character, whatever a token is."""

import math

import pytest

from tutorgpt.tokens import (
    BytePairTokenizer,
    ByteTokenizer,
    CharTokenizer,
    Tokenizer,
    bits_per_byte,
    bits_per_character,
)

TEXT = "雷雨雷雨 ab ab"
TOKENIZERS = [
    CharTokenizer.from_text(TEXT),
    ByteTokenizer(),
    BytePairTokenizer.train(TEXT, 259),
]


@pytest.mark.parametrize("tokenizer", TOKENIZERS, ids=lambda t: t.name)
def test_the_same_model_has_the_same_bits(tokenizer: Tokenizer) -> None:
    """The text's probability, shared among its 18 bytes or 10 characters."""
    nats = 12.0
    loss = nats / len(tokenizer.encode(TEXT))

    assert bits_per_byte(loss, tokenizer, TEXT) == pytest.approx(
        nats / math.log(2) / 18
    )
    assert bits_per_character(loss, tokenizer, TEXT) == pytest.approx(
        nats / math.log(2) / 10
    )


def test_a_guess_among_256_bytes_costs_eight_bits() -> None:
    """ln 256 nats for every byte."""
    loss = math.log(256)

    assert bits_per_byte(loss, ByteTokenizer(), TEXT) == pytest.approx(8)


@pytest.mark.parametrize("loss", [-0.1, math.nan, math.inf])
def test_a_loss_that_is_none_is_refused(loss: float) -> None:
    """It is named."""
    with pytest.raises(ValueError, match=f"the loss is {loss}"):
        bits_per_byte(loss, ByteTokenizer(), TEXT)


def test_an_empty_text_has_no_bytes_to_share() -> None:
    """Instead of a division by zero."""
    with pytest.raises(ValueError, match="the text is empty"):
        bits_per_character(1.0, ByteTokenizer(), "")
