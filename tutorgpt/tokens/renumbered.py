"""Chapter 10's byte pairs, numbered as somebody else's file numbers them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from tutorgpt.tokens.alphabet import letters, spelled
from tutorgpt.tokens.byte_pairs import BytePairTokenizer
from tutorgpt.tokens.tokenizer import text_of, utf_8

if TYPE_CHECKING:
    import regex

NO_TOKEN = -1
"""In the place of a byte that the file has no token for."""


@dataclass(frozen=True)
class PretrainedTokenizer:
    """Byte pairs with three things more, all of them a file's decision.

    Tokens have other numbers. Some texts, such as <|im_start|>, are whole
    tokens that no pairs lead to. Digits may be cut off one by one before
    words are looked for.

    pairs: chapter 10's tokenizer, which merges.
    bytes_of: what each token spells, by the file's numbers.
    whole: the tokens that are not made of pairs, by their text.
    digits_alone: whether each digit is a token of its own.
    end: the token after which an answer ends; None if the file names none.
    template: how the file writes a conversation; None if it does not say.
    """

    KIND: ClassVar[str] = "pretrained pairs"
    UNIT: ClassVar[str] = "token"
    KNOWS_EVERY_TEXT: ClassVar[bool] = False  # a file may lack some bytes

    pairs: BytePairTokenizer = field(repr=False)
    bytes_of: tuple[bytes, ...] = field(repr=False)
    whole: dict[str, int]
    digits_alone: bool
    end: int | None = None
    template: str | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """What it is called in sentences."""
        return f"{self.KIND}:{self.vocab_size}"

    @property
    def vocab_size(self) -> int:
        """V, the number of different tokens."""
        return len(self.bytes_of)

    def describe(self) -> dict:
        """All that it is made of, with its kind, as a JSON text can say it."""
        return {
            "kind": self.KIND,
            "merges": [list(pair) for pair in self.pairs.merges],
            "tokens": [letters(each) for each in self.bytes_of],
            "whole": self.whole,
            "digits_alone": self.digits_alone,
            "end": self.end,
            "template": self.template,
        }

    @classmethod
    def from_description(cls, told: dict) -> "PretrainedTokenizer":
        """The tokenizer that has described itself so.

        Raises KeyError, TypeError or ValueError for a damaged description.
        """
        whole = {str(text): int(n) for text, n in told["whole"].items()}
        return cls(
            BytePairTokenizer(tuple((a, b) for a, b in told["merges"])),
            tuple(spelled(token) for token in told["tokens"]),
            whole,
            bool(told["digits_alone"]),
            told["end"],
            told["template"],
        )

    def encode(self, text: str) -> list[int]:
        """The numbers of a text's tokens, in order; none is put before it.

        Raises ValueError for half of a surrogate pair, and for a character
        whose bytes the file has no tokens for.
        """
        utf_8(text)
        return list(chain.from_iterable(map(self._piece, self._cut(text))))

    def encode_array(self, text: str) -> np.ndarray:
        """Like encode, as an array of int64."""
        return np.array(self.encode(text), dtype=np.int64)

    def decode(self, tokens: Iterable[int]) -> str:
        """The text that these tokens spell; the inverse of encode.

        Bytes that spell no character become "\\ufffd", the replacement
        character; StreamDecoder waits for the rest of one instead.
        Raises ValueError for a number that is no token.
        """
        return text_of(tokens, self.bytes_of)

    def _cut(self, text: str) -> list[str]:
        """Whole tokens, digits one by one, and what lies between."""
        return [part for part in self._cuts.split(text) if part]

    def _piece(self, piece: str) -> list[int]:
        if piece in self.whole:
            return [self.whole[piece]]
        numbers = [self._number_of[n] for n in self.pairs.encode(piece)]
        if NO_TOKEN in numbers:
            raise self._unknown(piece)
        return numbers

    @cached_property
    def _number_of(self) -> list[int]:
        """The file's number for each of chapter 10's."""
        theirs = {spelled: n for n, spelled in enumerate(self.bytes_of)}
        return [theirs.get(each, NO_TOKEN) for each in self.pairs.bytes_of]

    @cached_property
    def _cuts(self) -> "regex.Pattern[str]":
        """Where to cut: at the longest whole token, and at digits."""
        import regex  # takes a moment, and few need it

        longest_first = sorted(self.whole, key=len, reverse=True)
        places = [regex.escape(text) for text in longest_first]
        places += [r"\p{N}"] * self.digits_alone
        return regex.compile(f"({'|'.join(places)})" if places else r"(?!)")

    def _unknown(self, piece: str) -> ValueError:
        for character in piece:
            if NO_TOKEN in map(
                self._number_of.__getitem__, self.pairs.encode(character)
            ):
                return ValueError(
                    f"character {character!r} (U+{ord(character):04X}) has "
                    "bytes that the model has no token for: leave it out"
                )
        raise AssertionError(f"{piece!r} has tokens, character by character")
