"""Words and alphabets for the exercises, and answers that are lists."""

import random
from typing import Any

from torch import Tensor

from tutorgpt.learn.check.comparing import shape_of
from tutorgpt.learn.check.exercise import ComplaintError

Word = tuple[int, ...]
Words = dict[Word, int]
Pair = tuple[int, int]

FIRST = 256
"""The token that the first merge makes."""
LETTERS = "aäé€谁雷字😀🦉"
"""Characters of one byte to four."""


def is_missing(result: Any) -> bool:
    """Whether nothing has been given back, or still the starter's `...`."""
    return result is None or result is ...


def as_whole_numbers(result: Any, asked: str, of: str) -> list[int]:
    """An answer's numbers, whatever holds them: a list, a tensor, bytes.

    asked: the function's name. of: what its numbers are.
    """
    if isinstance(result, Tensor):
        result = result.tolist()
    if not isinstance(result, list | tuple | bytes | bytearray):
        raise ComplaintError(
            f"{asked} gives back {shape_of(result)}, where a list of {of} is "
            "wanted",
            result=result if isinstance(result, int | float) else None,
        )
    return [_whole(number, asked, of) for number in result]


def as_one_number(result: Any, asked: str, of: str) -> Any:
    """An answer that is to be a number, if it is not a text or some bytes.

    asked: the function's name. of: what is to be counted.
    """
    if isinstance(result, str | bytes):
        raise ComplaintError(
            f"{asked} gives back {result!r}, where a number of {of} is wanted"
        )
    return result


def _whole(number: Any, asked: str, of: str) -> int:
    if isinstance(number, Tensor) and number.numel() == 1:
        number = number.item()
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise ComplaintError(
            f"a list of {of} is wanted, and in the list of {asked} there is "
            f"{shape_of(number)}"
        )
    if number != int(number):
        raise ComplaintError(
            f"{of} are whole numbers, and in the list of {asked} there is "
            f"{number:.3f}: a division with one slash gives a fraction"
        )
    return int(number)


def any_word(draw: random.Random, kinds: int) -> Word:
    """1 to 9 tokens, of few kinds, so that neighbours come back."""
    length = draw.choice((1, 2, 3, 4, 6, 9))
    return tuple(draw.randrange(kinds) for _ in range(length))


def any_words(draw: random.Random) -> Words:
    """1 to 6 different words, and how often each occurs."""
    kinds = draw.randint(1, 5)
    return {
        any_word(draw, kinds): draw.choice((1, 1, 2, 3, 10))
        for _ in range(draw.randint(1, 6))
    }


def any_merges(draw: random.Random) -> tuple[list[Pair], list[int]]:
    """Up to 7 merges of tokens that are there by then, and all the tokens."""
    merges: list[Pair] = []
    tokens = list(range(draw.randint(2, 4)))
    for _ in range(draw.randint(0, 7)):
        pair = (draw.choice(tokens), draw.choice(tokens))
        if pair not in merges:
            merges.append(pair)
            tokens.append(FIRST + len(merges) - 1)
    return merges, tokens


def any_text(draw: random.Random, longest: int) -> str:
    """Up to so many characters of one byte to four."""
    return "".join(draw.choices(LETTERS, k=draw.randint(0, longest)))
