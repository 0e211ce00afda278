"""The class of chapter 10, which is no module: it waits for bytes."""

from typing import Any

import torch
from jaxtyping import Int
from torch import Tensor

from tutorgpt.learn.check.exercise import ComplaintError, slip
from tutorgpt.learn.check.taught import taught
from tutorgpt.tokens import (
    BytePairTokenizer,
    ByteTokenizer,
    StreamDecoder,
    Tokenizer,
)

LONGEST = 4
"""Characters of one step that are compared; a token here holds fewer."""


def feed_all(
    attempt: Any, tokenizer: Tokenizer, tokens: list[int]
) -> Int[Tensor, "N M"]:
    """What a decoder gives for each token, and at the end.

    A row a step: the code points of what came out, filled up with zeros,
    how many bytes wait then, and last whether no token at all was refused.
    """
    stream = attempt(tokenizer)
    rows = []
    for token in tokens:
        try:
            text, is_refused = stream.feed(token), 0
        except ValueError as error:
            if isinstance(error, UnicodeError):
                raise  # of bytes, not of the number
            text, is_refused = "", 1
        rows.append([*points(text), len(stream.waiting), is_refused])
    rows.append([*points(stream.end()), 0, 0])
    return torch.tensor(rows)


def points(text: Any) -> list[int]:
    """The code points of a text, always as many numbers."""
    if not isinstance(text, str):
        raise ComplaintError(
            f"something of type {type(text).__name__} comes out, where a text "
            "is expected",
            "feed and end give the characters, or an empty text.",
        )
    return [*map(ord, text[:LONGEST])] + [0] * (LONGEST - len(text))


def streams() -> list[tuple]:
    """Whole characters, parts of them, bytes that are none, odd numbers."""
    reader = ByteTokenizer()
    pairs = BytePairTokenizer.train("雷雨雷雨雷雨 the the the", 264)
    letters = reader.encode("aé雷🙂b")
    return [
        (reader, letters),
        (reader, letters[:-2]),
        (reader, [0x61, 0xA9, 0xE9, 0x9B, 0x62, 0xFF, 0xE9]),
        (pairs, pairs.encode("the 雷雨 the雷🙂")),
        (reader, [0x61, -1, 256, 0x62]),
    ]


WAITS = "self._decoder keeps the bytes of a character until it is complete."
AT_THE_END = 'decode(b"", final=True): what still waits will not be completed.'

CLASSES = (
    taught(
        StreamDecoder,
        "a character comes once it is whole",
        slip(
            "each token is decoded by itself",
            WAITS,
            "self._decoder.decode(self._bytes_of[number])",
            'self._bytes_of[number].decode(errors="replace")',
        ),
        slip(
            "bytes that make no character are dropped without a sign",
            '"replace" puts the replacement character in their place.',
            '"replace"',
            '"ignore"',
        ),
        slip(
            "bytes that make no character end in an error",
            '"replace" puts the replacement character in their place.',
            '"replace"',
            '"strict"',
        ),
        slip(
            "every byte is taken for a character",
            "A character of UTF-8 has one to four bytes.",
            '"utf-8"',
            '"latin-1"',
        ),
        slip(
            "the token's number is taken for a byte",
            "self._bytes_of says which bytes a token stands for.",
            "self._bytes_of[number]",
            "bytes([number])",
        ),
        slip(
            "the end leaves the waiting bytes out",
            AT_THE_END,
            'self._decoder.decode(b"", final=True)',
            'self._decoder.decode(b"")',
        ),
        slip(
            "the waiting bytes are forgotten before each token",
            WAITS,
            "        return self._decoder.decode(self._bytes_of[number])",
            "        self._decoder.reset()\n"
            "        return self._decoder.decode(self._bytes_of[number])",
        ),
        slip(
            "nothing is ever said to wait",
            "getstate()[0] are the bytes that the decoder keeps.",
            "self._decoder.getstate()[0]",
            'b""',
        ),
        slip(
            "a number below 0 is not refused, and counts from the end",
            "check_numbers refuses what is no token.",
            "[number] = check_numbers([token], len(self._bytes_of))",
            "number = min(token, len(self._bytes_of) - 1)",
        ),
        run=feed_all,
        cases=streams,
        labels=("tokenizer", "tokens"),
        axes=("step", "entry"),
    ),
)
