"""From text to numbers and back: one number per character."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import numpy as np

from tutorgpt.tokens.tokenizer import check_numbers


@dataclass(frozen=True)
class CharTokenizer:
    """Gives each character a number, in the order of the code points.

    characters: the vocabulary, sorted, without repetition; the number of a
    character is its place in this string.
    """

    KIND: ClassVar[str] = "characters"
    UNIT: ClassVar[str] = "character"
    KNOWS_EVERY_TEXT: ClassVar[bool] = False

    characters: str
    _number_of: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.characters:
            raise ValueError(
                "an empty text has no vocabulary: pass at least one character"
            )
        if list(self.characters) != sorted(set(self.characters)):
            raise ValueError(
                "the characters must be sorted and each appear once: "
                "use CharTokenizer.from_text(text)"
            )
        broken = [c for c in self.characters if "\ud800" <= c <= "\udfff"]
        if broken:
            raise ValueError(
                f"{broken[0]!r} is half of a surrogate pair, not a "
                "character: read the text as UTF-8"
            )
        numbers = {c: n for n, c in enumerate(self.characters)}
        object.__setattr__(self, "_number_of", numbers)

    @classmethod
    def from_text(cls, text: str) -> "CharTokenizer":
        """The tokenizer whose vocabulary is the characters of this text."""
        return cls("".join(sorted(set(text))))

    @property
    def name(self) -> str:
        """What --tokenizer calls it."""
        return self.KIND

    @property
    def vocab_size(self) -> int:
        """V, the number of different tokens."""
        return len(self.characters)

    @property
    def bytes_of(self) -> tuple[bytes, ...]:
        """The bytes of UTF-8 that each character is."""
        return tuple(c.encode() for c in self.characters)

    def describe(self) -> dict[str, str]:
        """What must be stored to have this tokenizer again, with its kind.

        tutorgpt.text.load_tokenizer is the way back.
        """
        return {"kind": self.KIND, "characters": self.characters}

    def encode(self, text: str) -> list[int]:
        """The numbers of a text's characters.

        Raises ValueError naming the first character that is not in the
        vocabulary, and its position.
        """
        try:
            return [self._number_of[c] for c in text]
        except KeyError:
            raise self._unknown(text) from None

    def decode(self, tokens: Iterable[int]) -> str:
        """The text that these numbers stand for; the inverse of encode."""
        numbers = check_numbers(tokens, self.vocab_size)
        return "".join(self.characters[number] for number in numbers)

    def encode_array(self, text: str) -> np.ndarray:
        """Like encode, as an array of int64: for texts of millions."""
        encoded = text.encode("utf-32-le", errors="surrogatepass")
        points = np.frombuffer(encoded, dtype="<u4")
        tokens = np.searchsorted(self._points, points)
        known = tokens < len(self._points)
        known[known] = self._points[tokens[known]] == points[known]
        if not known.all():
            raise self._unknown(text)
        return tokens.astype(np.int64)

    @cached_property
    def _points(self) -> np.ndarray:
        return np.array([ord(c) for c in self.characters], dtype=np.uint32)

    def _unknown(self, text: str) -> ValueError:
        position = next(
            n for n, c in enumerate(text) if c not in self._number_of
        )
        character = text[position]
        return ValueError(
            f"character {character!r} (U+{ord(character):04X}) at position "
            f"{position} is not among the {self.vocab_size} characters of "
            "the corpus: leave it out or replace it"
        )
