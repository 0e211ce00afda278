"""Where a text is cut before byte pairs are looked for.

Without a cut a pair may reach over the end of a word, and "the cat" and
"the dog" become tokens of their own.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

WORDS = (
    r"'(?:[sdmt]|ll|ve|re)"  # the ends of English contractions
    r"| ?\p{L}+"  # letters of any script, with the space before them
    r"| ?\p{N}+"  # digits
    r"| ?[^\s\p{L}\p{N}]+"  # marks
    r"|\s+(?!\S)"  # white space, but for the space before a word
    r"|\s+"
)
"""GPT-2's rule. Every character is in exactly one piece.

Source: openai/gpt-2, src/encoder.py; the `re` of the standard library does
not know the classes of Unicode, \\p{L} and \\p{N}.
"""

LAST_SAFE_PLACE = r"(?r)(?<=\S)(?=\s)"
"""The last end of a word before white space, over which no piece reaches."""

AT_ONCE = 2**20
"""Characters whose pieces are counted at a time."""


def split_words(text: str) -> list[str]:
    """The pieces of a text, in order; together they are the text."""
    return _compiled(WORDS).findall(text)


def count_words(text: str) -> Counter[str]:
    """How often each piece occurs in a text.

    A part is cut at a time, as the pieces take many times the text's room.
    """
    starts = range(0, len(text), AT_ONCE)
    chunks = (text[start : start + AT_ONCE] for start in starts)
    words: Counter[str] = Counter()
    for part in split_stream(chunks):
        words.update(split_words(part))
    return words


def split_stream(chunks: Iterable[str]) -> Iterator[str]:
    """The chunks of a long text, cut anew where no piece goes on.

    So the pieces of the parts are the pieces of the whole text.
    """
    rest = ""
    for chunk in chunks:
        rest += chunk
        place = _compiled(LAST_SAFE_PLACE).search(rest)
        if place:
            yield rest[: place.start()]
            rest = rest[place.start() :]
    if rest:
        yield rest


@cache
def _compiled(pattern: str) -> "regex.Pattern[str]":
    import regex  # takes a moment, and few need it

    return regex.compile(pattern)
