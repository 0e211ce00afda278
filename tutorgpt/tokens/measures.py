"""Losses that can be compared, whatever a token is."""

import math

from tutorgpt.tokens.tokenizer import Tokenizer, utf_8


def bits_per_byte(
    loss_in_nats_per_token: float, tokenizer: Tokenizer, text: str
) -> float:
    """The loss as bits for each byte of the text in UTF-8.

    A loss is per token, and a token may be a character, a byte or a word.
    The text's bytes are the same for every tokenizer. They are counted on
    the text itself: decoded token by token, a byte in the middle of a
    character would become the replacement character and count as three.

    text: what the loss is the mean over.
    Raises ValueError for an empty text, and for a loss that is negative or
    no number.
    """
    return _bits(loss_in_nats_per_token, tokenizer, text, len(utf_8(text)))


def bits_per_character(
    loss_in_nats_per_token: float, tokenizer: Tokenizer, text: str
) -> float:
    """The loss as bits for each character (code point) of the text.

    Raises ValueError as bits_per_byte does.
    """
    return _bits(loss_in_nats_per_token, tokenizer, text, len(text))


def _bits(loss: float, tokenizer: Tokenizer, text: str, units: int) -> float:
    if not text:
        raise ValueError(
            "the text is empty: pass the one that the loss is the mean over"
        )
    if not (loss >= 0 and math.isfinite(loss)):
        raise ValueError(
            f"the loss is {loss}: pass a mean in nats per token, which is "
            "a number from 0 up"
        )
    tokens = len(tokenizer.encode_array(text))
    return loss * tokens / math.log(2) / units
