"""How much of a text stands in another one, and how much is usual.

Whoever writes in a language, and in verse, uses words and phrases that have
been written before. So what a model has in common with its training text
says little alone; it says something beside what as much held-out text, which
nobody can have copied, has in common with it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from statistics import median

import numpy as np
import torch
from jaxtyping import Int

from tutorgpt.decoding.generate import generate
from tutorgpt.ground.checks import at_least
from tutorgpt.language_model import LanguageModel
from tutorgpt.originality.suffixes import TextIndex
from tutorgpt.tokens.stream import text_so_far
from tutorgpt.tokens.tokenizer import Tokenizer, default_prompt

SIZES = (8, 16, 32)
"""Characters in a row: a word or two, some words, a line."""
DRAWS = 20
"""If all draws and a model were alike, it would exceed all 20 of them once
in 21 times."""


@dataclass(frozen=True)
class Stretch:
    """A piece of a text that stands word for word in the training text.

    place: at which of the training text's characters it begins, from 0.
    """

    text: str
    place: int


@dataclass(frozen=True)
class Beside:
    """A number of the model's texts, beside the same of held-out texts.

    draws: one number for each draw of as much held-out text.
    """

    own: float
    draws: tuple[float, ...]

    @property
    def low(self) -> float:
        """The lowest number of held-out text."""
        return min(self.draws)

    @property
    def middle(self) -> float:
        """The median of held-out text's."""
        return median(self.draws)

    @property
    def high(self) -> float:
        """The highest number of held-out text."""
        return max(self.draws)

    @property
    def is_more(self) -> bool:
        """Whether the model's exceeds every draw of held-out text."""
        return self.own > self.high

    @property
    def says(self) -> str:
        """In words, where the model's lies, and no more than that."""
        if self.is_more:
            return f"more than in any of {len(self.draws)} draws"
        if self.own < self.low:
            return f"less than in any of {len(self.draws)} draws"
        return "no more than usual"


@dataclass(frozen=True)
class Comparison:
    """What texts of a model have in common with its training text.

    longest: characters of the longest copied stretch.
    shares: by n, the share of the stretches of n characters that are
        copied.
    stretch: the longest copied one.
    """

    longest: Beside
    shares: Mapping[int, Beside]
    stretch: Stretch


def longest_copy(text: str, learned: TextIndex | str) -> Stretch:
    """The longest stretch of a text that stands word for word in another.

    Of several that are as long it is the first one of the text; its place
    is the first in the other text. It is empty if the two have not even a
    character in common.
    """
    index = indexed(learned)
    return longest_in([text], [index.lengths(text)], index)


def share_found(text: str, learned: TextIndex | str, n: int) -> float:
    """The share of a text's stretches of n characters found in another.

    Every place of the text counts where n characters begin.
    Raises ValueError for a text with fewer than n characters.
    """
    at_least(1, n=n)
    return share_copied([indexed(learned).lengths(text)], n)


def compare(
    texts: Sequence[str],
    learned: TextIndex | str,
    held_out: str,
    *,
    sizes: Sequence[int] = SIZES,
    draws: int = DRAWS,
    seed: int = 1337,
) -> Comparison:
    """What a model's texts share with its training text, and what is usual.

    Each draw takes as many stretches of held-out text as there are texts,
    of the same lengths, from places drawn at random.

    learned: the training text, or its index where it is used again.
    held_out: text of the same kind that the model did not learn from.
    sizes: the n of the shares.
    seed: of the places.
    Raises ValueError if there is less held-out text than the model's, and
    if no text has as many characters as the largest of sizes.
    """
    at_least(1, draws=draws)
    needed = sum(map(len, texts))
    if len(held_out) < needed:
        raise ValueError(
            f"the held-out text has {len(held_out):,} characters, fewer "
            f"than the {needed:,} to compare with it: write fewer or "
            "shorter texts"
        )
    index = indexed(learned)
    ours = [index.lengths(text) for text in texts]
    usual = []
    random = Random(seed)
    for _ in range(draws):
        starts = [random.randrange(len(held_out) - len(t) + 1) for t in texts]
        usual.append(
            [
                index.lengths(held_out[start : start + len(text)])
                for start, text in zip(starts, texts, strict=True)
            ]
        )

    def beside(measure: Callable[[list], float]) -> Beside:
        return Beside(measure(ours), tuple(map(measure, usual)))

    return Comparison(
        longest=beside(longest_length),
        shares={
            n: beside(lambda found, n=n: share_copied(found, n)) for n in sizes
        },
        stretch=longest_in(texts, ours, index),
    )


def written(
    model: LanguageModel,
    tokenizer: Tokenizer,
    number: int,
    tokens: int,
    *,
    temperature: float = 1.0,
    seed: int = 1337,
) -> list[str]:
    """Texts that a model writes: so many, of so many tokens each.

    They begin after a line break, which is not counted. Tokens that are
    pieces of words or of characters make longer or shorter texts. A
    character that is only begun at the end is left out.
    """
    at_least(1, number=number, tokens=tokens)
    prompt, where = default_prompt(tokenizer), next(model.parameters()).device
    begin = torch.tensor([tokenizer.encode(prompt)], device=where)
    rows = generate(
        model,
        begin.repeat(number, 1),
        tokens,
        temperature=temperature,
        generator=torch.Generator(where).manual_seed(seed),
    )
    return [
        text_so_far(tokenizer, row[begin.shape[1] :].tolist()) for row in rows
    ]


def indexed(learned: TextIndex | str) -> TextIndex:
    """A text's index, made if need be."""
    return TextIndex(learned) if isinstance(learned, str) else learned


def longest_length(lengths: Sequence[Int[np.ndarray, " _"]]) -> int:
    """The largest of all numbers."""
    return max((int(some.max()) for some in lengths if len(some)), default=0)


def share_copied(lengths: Sequence[Int[np.ndarray, " _"]], n: int) -> float:
    """The share of places, of those with n characters, with n copied."""
    begins = [some[: len(some) - n + 1] for some in lengths if len(some) >= n]
    if not begins:
        longest = max(map(len, lengths), default=0)
        raise ValueError(
            f"the longest text has {longest} characters, so there is no "
            f"stretch of {n}: pass longer texts, or a smaller n"
        )
    return float((np.concatenate(begins) >= n).mean())


def longest_in(
    texts: Sequence[str],
    lengths: Sequence[Int[np.ndarray, " _"]],
    learned: TextIndex,
) -> Stretch:
    """The first of the longest stretches, and where it was copied from."""
    longest = longest_length(lengths)
    for text, some in zip(texts, lengths, strict=True):
        if longest and longest in some:
            start = int(some.argmax())
            stretch = text[start : start + longest]
            return Stretch(stretch, learned.text.index(stretch))
    return Stretch("", 0)
