"""From text to numbers and back: the bytes of UTF-8."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tutorgpt.tokens.tokenizer import check_numbers, utf_8


@dataclass(frozen=True)
class ByteTokenizer:
    """Numbers a text's bytes: every text there is has only these 256.

    A character of English is one byte, one of Chinese three, an emoji four.
    """

    KIND: ClassVar[str] = "bytes"
    UNIT: ClassVar[str] = "byte"
    KNOWS_EVERY_TEXT: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """What --tokenizer calls it."""
        return self.KIND

    @property
    def vocab_size(self) -> int:
        """V, the number of different tokens: 256."""
        return 256

    @property
    def bytes_of(self) -> tuple[bytes, ...]:
        """The byte that each token stands for."""
        return tuple(bytes([number]) for number in range(256))

    def describe(self) -> dict[str, str]:
        """What must be stored to have this tokenizer again, with its kind."""
        return {"kind": self.KIND}

    def encode(self, text: str) -> list[int]:
        """The text's bytes, as numbers from 0 to 255.

        Raises ValueError for half of a surrogate pair, which has none.
        """
        return list(utf_8(text))

    def encode_array(self, text: str) -> np.ndarray:
        """Like encode, as an array of int64: for texts of millions."""
        return np.frombuffer(utf_8(text), dtype=np.uint8).astype(np.int64)

    def decode(self, tokens: Iterable[int]) -> str:
        """The text that these bytes spell.

        Bytes that spell no character become "\\ufffd", the replacement
        character; StreamDecoder waits for the rest of one instead.
        Raises ValueError for a number that is no byte.
        """
        return bytes(check_numbers(tokens, 256)).decode(errors="replace")
