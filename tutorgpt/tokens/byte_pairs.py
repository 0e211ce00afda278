"""From text to numbers and back: pieces of words that bytes grow into."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import chain, pairwise
from pathlib import Path
from typing import ClassVar

import numpy as np

from tutorgpt.tokens.alphabet import NUMBER_OF_BYTE
from tutorgpt.tokens.learning import learn_merges
from tutorgpt.tokens.splitting import count_words, split_words
from tutorgpt.tokens.tokenizer import text_of, utf_8
from tutorgpt.tokens.vocabulary import Pair, Vocabulary

LEAST = 256 + 1
"""The smallest vocabulary that is more than the bytes."""
MOST_KEPT = 2**18
"""Words whose tokens are kept for the next time they occur."""
GAP = -1
"""Where a token was that has been joined to the one before it."""


@dataclass(frozen=True)
class BytePairTokenizer:
    """Numbers pieces of words: a byte each at first, merged pair by pair.

    merges: in the order in which they were learned, which two tokens become
        one. The first 256 tokens are the bytes, numbered as in GPT-2's
        files, and each merge makes the next.

    Every text can be encoded, as in the worst case its bytes are left.
    """

    KIND: ClassVar[str] = "pairs"
    UNIT: ClassVar[str] = "token"
    KNOWS_EVERY_TEXT: ClassVar[bool] = True

    merges: tuple[Pair, ...]
    bytes_of: tuple[bytes, ...] = field(init=False, repr=False, compare=False)
    _rank: dict[Pair, int] = field(init=False, repr=False, compare=False)
    _joined: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _kept: dict[str, tuple[int, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        vocabulary = Vocabulary()
        joined = tuple(vocabulary.join(pair) for pair in self.merges)
        rank = {pair: rank for rank, pair in enumerate(self.merges)}
        if len(rank) != len(self.merges):
            raise ValueError("a pair is merged twice: each may occur once")
        object.__setattr__(self, "bytes_of", tuple(vocabulary.bytes_of))
        object.__setattr__(self, "_rank", rank)
        object.__setattr__(self, "_joined", joined)

    @classmethod
    def train(cls, text: str, vocab_size: int) -> "BytePairTokenizer":
        """Learn merges from a text until there are vocab_size tokens.

        The most frequent pair of neighbours within a word comes first; of
        equally frequent ones that whose tokens have the lower numbers, as
        in the library tokenizers. It ends early, with fewer tokens, where
        no pair occurs twice.
        Raises ValueError for an empty text, one in which no pair occurs
        twice, and a vocab_size below 257.
        """
        if vocab_size < LEAST:
            raise ValueError(
                f"vocab_size is {vocab_size}: 256 tokens are the bytes, so "
                f"choose at least {LEAST}"
            )
        if not text:
            raise ValueError("the text is empty: pass one to learn pairs from")
        words = {
            _bytes_as_tokens(word): times
            for word, times in count_words(text).items()
        }
        merges = learn_merges(words, vocab_size)
        if not merges:
            raise ValueError(
                f"no pair of bytes occurs twice within the words of the text "
                f"of {len(text)} characters: pass a longer one, or use "
                "ByteTokenizer"
            )
        return cls(tuple(merges))

    @property
    def name(self) -> str:
        """What --tokenizer calls it: pairs:N, with N tokens."""
        return f"{self.KIND}:{self.vocab_size}"

    @property
    def vocab_size(self) -> int:
        """V, the number of different tokens: 256 and one for each merge."""
        return len(self.bytes_of)

    def describe(self) -> dict:
        """What must be stored to have this tokenizer again, with its kind."""
        return {"kind": self.KIND, "merges": [list(p) for p in self.merges]}

    def encode(self, text: str) -> list[int]:
        """The numbers of a text's tokens, in order.

        Raises ValueError for half of a surrogate pair, which has no bytes.
        """
        return list(chain.from_iterable(self._words(text)))

    def encode_array(self, text: str) -> np.ndarray:
        """Like encode, as an array of int64: for texts of millions."""
        tokens = chain.from_iterable(self._words(text))
        return np.fromiter(tokens, dtype=np.int64)

    def decode(self, tokens: Iterable[int]) -> str:
        """The text that these tokens spell; the inverse of encode.

        Bytes that spell no character become "\\ufffd", the replacement
        character; StreamDecoder waits for the rest of one instead.
        Raises ValueError for a number that is no token.
        """
        return text_of(tokens, self.bytes_of)

    def save(self, path: str | Path) -> Path:
        """Write a tokenizer.json, which other libraries read as well.

        Raises OSError if it cannot be written.
        """
        from tutorgpt.tokens.json_file import write_json

        return write_json(self.merges, Path(path))

    @classmethod
    def load(cls, path: str | Path) -> "BytePairTokenizer":
        """Read a tokenizer.json of byte pairs, ours or another program's.

        Raises FileNotFoundError if there is none, ValueError if it is
        damaged, of another version, or does more than this class can.
        """
        from tutorgpt.tokens.json_file import read_json

        return cls(read_json(Path(path)))

    def _words(self, text: str) -> Iterable[tuple[int, ...]]:
        """The tokens of each word; those of a word seen before are kept."""
        kept = self._kept
        for word in split_words(text):
            tokens = kept.get(word)
            if tokens is None:
                tokens = self._apply(_bytes_as_tokens(word))
                if len(kept) < MOST_KEPT:
                    kept[word] = tokens
            yield tokens

    def _apply(self, word: tuple[int, ...]) -> tuple[int, ...]:
        """One word's bytes, merged as often as possible.

        Of all pairs in the word, the one learned first is merged first; of
        equals, the one to the left: a heap has it on top. A merge leaves a
        GAP where the right one stood, so that places stay what they are,
        and before and after lead past gaps. What comes off the heap is out
        of date where a merge has changed its pair.
        """
        tokens, end = list(word), len(word)
        before, after = list(range(-1, end - 1)), list(range(1, end + 1))
        ranks = map(self._rank.get, pairwise(tokens))
        heap = [(r, place) for place, r in enumerate(ranks) if r is not None]
        heapify(heap)
        while heap:
            rank, place = heappop(heap)
            right = after[place]
            if (
                right == end
                or self._rank.get((tokens[place], tokens[right])) != rank
            ):
                continue
            tokens[place], tokens[right] = self._joined[rank], GAP
            after[place], after[right] = after[right], end
            if after[place] < end:
                before[after[place]] = place
            for left in (before[place], place):
                if left < 0 or after[left] == end:
                    continue
                rank = self._rank.get((tokens[left], tokens[after[left]]))
                if rank is not None:
                    heappush(heap, (rank, left))
        return tuple(token for token in tokens if token != GAP)


def _bytes_as_tokens(word: str) -> tuple[int, ...]:
    return tuple(NUMBER_OF_BYTE[byte] for byte in utf_8(word))
