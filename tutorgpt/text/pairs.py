"""Texts that belong together, as padded tokens with a start and an end."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from tutorgpt.tokens.characters import CharTokenizer

PAD, START, END = 0, 1, 2
"""Tokens that stand for no character: fill a row up, begin, be done."""

MARKS = 3
"""How many such tokens there are; the characters' numbers follow."""


@dataclass(frozen=True)
class PairTokenizer:
    """One vocabulary for sources and targets: three marks, then characters.

    characters: sorted, without repetition, as for CharTokenizer.
    """

    characters: str
    _letters: CharTokenizer = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_letters", CharTokenizer(self.characters))

    @property
    def vocab_size(self) -> int:
        """V, the marks included."""
        return MARKS + self._letters.vocab_size

    def encode_sources(self, texts: Sequence[str]) -> Int[Tensor, "B S"]:
        """One row per text, filled up with PAD to the longest.

        Raises ValueError for an empty text and an unknown character.
        """
        if not texts:
            raise ValueError("there is no text to encode: pass at least one")
        for number, text in enumerate(texts):
            if not text:
                raise ValueError(
                    f"text {number} of {len(texts)} is empty: "
                    "give every source at least one character"
                )
        return _padded([self._numbers(text) for text in texts])

    def encode_targets(self, texts: Sequence[str]) -> Int[Tensor, "B T"]:
        """One row per text: START, the characters, END, then PAD."""
        return _padded([[START, *self._numbers(text), END] for text in texts])

    def decode(self, tokens: Int[Tensor, " T"]) -> str:
        """The characters before END; the other marks are left out."""
        written: list[int] = tokens.tolist()
        if END in written:
            written = written[: written.index(END)]
        return self._letters.decode(n - MARKS for n in written if n >= MARKS)

    def _numbers(self, text: str) -> list[int]:
        return [MARKS + number for number in self._letters.encode(text)]


def real_tokens(source: Int[Tensor, "B S"]) -> Bool[Tensor, "B 1 S"]:
    """True where a source holds a token and not padding.

    Raises ValueError for a row without any: softmax over nothing is NaN.
    """
    real = source != PAD
    empty = (~real.any(dim=1)).nonzero().flatten().tolist()
    if empty:
        raise ValueError(
            f"row {empty[0]} of {len(source)} sources holds no token: "
            "leave it out, or give it at least one"
        )
    return real[:, None]


def _padded(rows: list[list[int]]) -> Tensor:
    longest = max(map(len, rows))
    filled = [row + [PAD] * (longest - len(row)) for row in rows]
    return torch.tensor(filled, dtype=torch.int64)
