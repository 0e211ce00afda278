"""A text as a model meets it: cut into two splits, and numbered."""

from dataclasses import dataclass, field

import torch
from jaxtyping import Integer
from torch import Tensor

from tutorgpt.text.tokenizers import CHARACTERS, make_tokenizer
from tutorgpt.tokens.tokenizer import Tokenizer


@dataclass(frozen=True)
class Corpus:
    """A text, its vocabulary, and its tokens: 90 % to learn from, 10 % not.

    train, val: the text's tokens in order; the last tenth of its characters
        is held out.
    origin: what load_corpus reads it from again, its name or its file's
        absolute path; None if a program made it.
    """

    name: str
    text: str
    tokenizer: Tokenizer
    train: Integer[Tensor, " N"]
    val: Integer[Tensor, " M"]
    origin: str | None = field(default=None, kw_only=True)

    def __repr__(self) -> str:
        return (
            f"Corpus({self.name!r}: {self.size:,} {self.tokenizer.UNIT}s, "
            f"{self.tokenizer.vocab_size} different)"
        )

    @property
    def size(self) -> int:
        """How many tokens the text has, in both splits."""
        return len(self.train) + len(self.val)

    def release(self) -> None:
        """Let go of memory that can be read again; see token_file."""

    @classmethod
    def from_text(
        cls,
        name: str,
        text: str,
        origin: str | None = None,
        tokenizer: str | Tokenizer = CHARACTERS,
    ) -> "Corpus":
        """Split a text 90 / 10 and number it.

        tokenizer: characters, bytes, pairs:N, or one that there is already.
        Whatever it is, the splits are the same parts of the text.
        """
        if len(text) < 2:
            raise ValueError(
                f"corpus {name!r} has "
                f"{len(text)} character{'s' * (len(text) != 1)}: a model "
                "needs at least one pair of neighbours to learn from, so "
                "pass at least 2"
            )
        split = len(text) * 9 // 10
        parts = text[:split], text[split:]
        if isinstance(tokenizer, str):
            tokenizer = make_tokenizer(tokenizer, text, parts[0])
        train, val = (
            torch.from_numpy(tokenizer.encode_array(part)) for part in parts
        )
        return cls(name, text, tokenizer, train, val, origin=origin)
