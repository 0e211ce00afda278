"""What every alphabet can do: numbers for a text, and a text for numbers."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np


@runtime_checkable
class Tokenizer(Protocol):
    """Turns text into the numbers that a model reads, and back.

    KIND: the word for it in files and in --tokenizer.
    UNIT: what one token is, as a word: a loss is per this.
    KNOWS_EVERY_TEXT: whether every text can be encoded; False for one that
        knows only the characters of the text that it was made from.
    """

    KIND: ClassVar[str]
    UNIT: ClassVar[str]
    KNOWS_EVERY_TEXT: ClassVar[bool]

    @property
    def name(self) -> str:
        """What --tokenizer calls it, such as characters or pairs:512."""
        ...

    @property
    def vocab_size(self) -> int:
        """V, the number of different tokens."""
        ...

    @property
    def bytes_of(self) -> tuple[bytes, ...]:
        """The bytes of UTF-8 that each token stands for."""
        ...

    def encode(self, text: str) -> list[int]:
        """The numbers of a text's tokens, in order."""
        ...

    def encode_array(self, text: str) -> np.ndarray:
        """Like encode, as an array of int64: for texts of millions."""
        ...

    def decode(self, tokens: Iterable[int]) -> str:
        """The text that these numbers stand for."""
        ...

    def describe(self) -> dict:
        """What must be stored to have this tokenizer again, with its kind."""
        ...


def check_numbers(tokens: Iterable[int], vocab_size: int) -> list[int]:
    """The numbers as a list; ValueError for one that is no token."""
    numbers = [int(token) for token in tokens]
    for number in numbers:
        if not 0 <= number < vocab_size:
            raise ValueError(
                f"token {number} is outside the vocabulary: "
                f"tokens go from 0 to {vocab_size - 1}"
            )
    return numbers


def text_of(tokens: Iterable[int], bytes_of: Sequence[bytes]) -> str:
    """The text that tokens spell by their bytes, as decode says it."""
    numbers = check_numbers(tokens, len(bytes_of))
    spelled = b"".join(bytes_of[number] for number in numbers)
    return spelled.decode(errors="replace")


def check_vocabulary(tokenizer: Tokenizer, vocab_size: int) -> None:
    """Refuse a tokenizer that numbers other tokens than a model scores."""
    if tokenizer.vocab_size != vocab_size:
        raise ValueError(
            f"the model has vocab_size {vocab_size} but the tokenizer knows "
            f"{tokenizer.vocab_size} tokens: pass the tokenizer of the "
            "corpus that the model was trained on"
        )


def utf_8(text: str) -> bytes:
    """A text's bytes; ValueError for half of a surrogate pair."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{text[error.start]!r} at position {error.start} is half of a "
            "surrogate pair, not a character: read the text as UTF-8"
        ) from None


def check_prompt(
    tokenizer: Tokenizer, prompt: str, name: str = "the prompt"
) -> None:
    """Refuse a prompt that a model cannot read, with all that is strange.

    name: what the prompt is called where it was given.
    """
    if not prompt:
        raise ValueError(
            f"{name} is empty: give at least one character, or leave "
            f"{name} out"
        )
    unknown = unknown_characters(tokenizer, prompt)
    if unknown:
        names = ", ".join(f"{c!r} (U+{ord(c):04X})" for c in unknown)
        known = b"".join(tokenizer.bytes_of).decode(errors="ignore")
        raise ValueError(
            f"{name} has characters that the model never saw: {names}; "
            f"leave them out, it knows {tokenizer.vocab_size} others such "
            f"as {''.join(known.split())[-20:]!r}"
        )


def default_prompt(tokenizer: Tokenizer) -> str:
    """A line break, or the first character of a text that has none."""
    is_known = not unknown_characters(tokenizer, "\n")
    return "\n" if is_known else tokenizer.decode([0])


def unknown_characters(tokenizer: Tokenizer, text: str) -> list[str]:
    """The characters of a text that the tokenizer has no number for.

    Half of a surrogate pair is strange to all of them: it is no character.
    """
    strange: list[str] = []
    for character in sorted(set(text)):
        try:
            tokenizer.encode(character)
        except ValueError:
            strange.append(character)
    return strange
