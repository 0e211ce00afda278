"""A text as a model meets it: numbered, and cut into two splits."""

from dataclasses import dataclass, field

import torch
from jaxtyping import Integer
from torch import Tensor

from tutorgpt.tokens.characters import CharTokenizer


@dataclass(frozen=True)
class Corpus:
    """A text, its vocabulary, and its tokens: 90 % to learn from, 10 % not.

    train, val: the text's tokens in order, the last tenth held out.
    origin: what load_corpus reads it from again, its name or its file's
        absolute path; None if a program made it.
    """

    name: str
    text: str
    tokenizer: CharTokenizer
    train: Integer[Tensor, " N"]
    val: Integer[Tensor, " M"]
    origin: str | None = field(default=None, kw_only=True)

    def __repr__(self) -> str:
        return (
            f"Corpus({self.name!r}: {self.size:,} characters, "
            f"{self.tokenizer.vocab_size} different)"
        )

    @property
    def size(self) -> int:
        """How many characters the text has, in both splits."""
        return len(self.train) + len(self.val)

    def release(self) -> None:
        """Let go of memory that can be read again; see token_file."""

    @classmethod
    def from_text(
        cls, name: str, text: str, origin: str | None = None
    ) -> "Corpus":
        """Split a text 90 / 10 and number its characters."""
        if len(text) < 2:
            raise ValueError(
                f"corpus {name!r} has "
                f"{len(text)} character{'s' * (len(text) != 1)}: a model "
                "needs at least one pair of neighbours to learn from, so "
                "pass at least 2"
            )
        tokenizer = CharTokenizer.from_text(text)
        tokens = torch.from_numpy(tokenizer.encode_array(text))
        split = len(tokens) * 9 // 10
        train, val = tokens[:split], tokens[split:]
        return cls(name, text, tokenizer, train, val, origin=origin)
