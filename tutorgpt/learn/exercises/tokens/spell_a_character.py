"""Exercise 10.1. A character's bytes, by the rule of UTF-8."""

import random
from itertools import pairwise
from typing import Any

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.exercises.tokens.listed import (
    as_whole_numbers,
    is_missing,
)

LIMITS = (0, 128, 2048, 65536, 1114112)
"""From which number on a character takes one byte more."""


def numbers() -> list[tuple]:
    """Both sides of every limit, and characters of all four lengths."""
    limits = [(n,) for limit in LIMITS for n in (limit - 1, limit)][1:-1]
    some = "Aéß€雷谁🦉😀"
    return [(ord(c),) for c in some] + limits + [(4096,), (262144,)]


def any_number(draw: random.Random) -> tuple:
    """Any character but the halves of surrogate pairs, which are none."""
    low, high = draw.choice([*pairwise(LIMITS)])
    number = draw.randrange(low, high)
    return (number if not 0xD800 <= number < 0xE000 else 0x96F7,)


def four_places(attempt: Any, number: int) -> Any:
    """The bytes and how many there are, in a row of one length."""
    given = attempt(number)
    if is_missing(given):
        return given
    found = as_whole_numbers(given, "bytes_of", "bytes")
    places = [-1] * max(0, 4 - len(found))
    return [len(found), *found[:4], *places]


def byte_by_byte(again: Any, args: tuple, expected: list[int]) -> str | None:
    """A rule: how many bytes there are, and which of them is wrong."""
    (number,) = args
    size, *found = again(number).tolist()
    wanted, *right = expected
    if size != wanted:
        return (
            f"{chr(number)!r}, number {number:,}, takes {wanted} "
            f"byte{'s' * (wanted > 1)}, and this gives {size}"
        )
    wrong = [n for n in range(wanted) if found[n] != right[n]]
    first = wrong[0]
    if sorted(found[:wanted]) == sorted(right[:wanted]):
        return (
            f"{chr(number)!r}, number {number:,}, gets the right bytes in "
            f"another order: {found[:wanted]}, and number 1 should be "
            f"{right[0]}"
        )
    return (
        f"{chr(number)!r}, number {number:,}, has the right number of bytes, "
        f"{wanted}; of them number {first + 1} is {found[first]}, "
        f"{abs(found[first] - right[first])} too "
        f"{'large' if found[first] > right[first] else 'small'}"
    )


EXERCISE = Exercise(
    number="10.1",
    title="One character, one to four bytes",
    kind="write",
    difficulty="easy",
    importance=3,
    task="""\
UTF-8 spells a character by its number in Unicode.
Below 128 that number is its only byte.
From 128 on it takes two bytes, from 2,048 on three, and from 65,536 on four:
the number is written in digits to the base 64, the last digit in the last
byte.
Each digit but the first is stored as 128 plus the digit; the first byte is
192, 224 or 240, for two, three or four bytes, plus what is left.
Write `bytes_of(number)` by this rule: the list of bytes of the character
with this number.""",
    starter='''\
def bytes_of(number):
    """The bytes of UTF-8 for the character with this number."""
    return ...''',
    target="bytes_of",
    solution='''\
def bytes_of(number):
    """The bytes of UTF-8 for the character with this number."""
    last = 128 + number % 64
    third = 128 + number // 64 % 64
    second = 128 + number // 64**2 % 64
    if number < 128:
        return [number]
    if number < 2048:
        return [192 + number // 64, last]
    if number < 65536:
        return [224 + number // 64**2, third, last]
    return [240 + number // 64**3, second, third, last]''',
    cases=numbers,
    domain=any_number,
    run=four_places,
    parts=(
        "how many bytes",
        "the first byte",
        "the second byte",
        "the third byte",
        "the fourth byte",
    ),
    rules=(byte_by_byte,),
    wrong=(
        slip(
            "the number itself is given, as if every character were one byte",
            "A byte ends at 255, and in UTF-8 a lone one at 127.",
            "    if number < 128:\n        return [number]\n",
            "    return [number]\n",
        ),
        slip(
            "the bytes stand in the opposite order",
            "The byte with 192, 224 or 240 comes first, the last digit last.",
            "[192 + number // 64, last]",
            "[last, 192 + number // 64]",
            "[224 + number // 64**2, third, last]",
            "[last, third, 224 + number // 64**2]",
            "[240 + number // 64**3, second, third, last]",
            "[last, third, second, 240 + number // 64**3]",
        ),
        slip(
            "the digits behind the first are stored without their 128",
            "Every byte but the first is 128 plus a digit.",
            "= 128 +",
            "=",
        ),
        slip(
            "the middle digits are not cut off: what belongs to the digits "
            "before them is still in them",
            "number // 64 % 64: without the last digit, and of that the "
            "last one.",
            "number // 64 % 64",
            "number // 64",
            "number // 64**2 % 64",
            "number // 64**2",
        ),
        slip(
            "numbers from 128 to 255 get one byte",
            "One byte holds 255, but UTF-8 keeps those from 128 on for parts "
            "of longer characters.",
            "number < 128",
            "number < 256",
        ),
        slip(
            "four bytes are forgotten: from 65,536 on there are still three",
            "The first byte of three has room for one digit of 16 only.",
            "    if number < 65536:\n",
            "    if True:\n",
        ),
        slip(
            "at each limit itself one byte is missing: 128 has two bytes, "
            "2,048 three, 65,536 four",
            "From 128 on, so below it: number < 128.",
            "number < 128",
            "number <= 128",
            "number < 2048",
            "number <= 2048",
            "number < 65536",
            "number <= 65536",
        ),
        slip(
            "the digits are those to the base 256",
            "A byte has room for 6 bits of the number, 64 values: the rest "
            "says what kind of byte it is.",
            "    last = 128 + number % 64\n"
            "    third = 128 + number // 64 % 64\n"
            "    second = 128 + number // 64**2 % 64\n"
            "    if number < 128:\n"
            "        return [number]\n"
            "    if number < 2048:\n"
            "        return [192 + number // 64, last]\n"
            "    if number < 65536:\n"
            "        return [224 + number // 64**2, third, last]\n"
            "    return [240 + number // 64**3, second, third, last]",
            "    digits = []\n"
            "    while number or not digits:\n"
            "        digits.insert(0, number % 256)\n"
            "        number //= 256\n"
            "    return digits",
        ),
        slip(
            "the digits are those to the base 256, always three of them",
            "A byte has room for 6 bits of the number, 64 values, and a "
            "character below 128 has one byte.",
            "    if number < 128:\n        return [number]\n",
            "    return [number // 256**2, number // 256 % 256, "
            "number % 256]\n",
        ),
        slip(
            "the first byte has the mark 192 for every length",
            "192 for two bytes, 224 for three, 240 for four: so whoever "
            "reads the first byte knows how many follow.",
            "224 +",
            "192 +",
            "240 +",
            "192 +",
        ),
        slip(
            "the first byte is marked with 128, as the others are",
            "192, 224 or 240: so whoever reads the first byte knows how many "
            "follow.",
            "192 +",
            "128 +",
            "224 +",
            "128 +",
            "240 +",
            "128 +",
        ),
        slip(
            "the first byte lacks its mark of 192, 224 or 240",
            "It says how many bytes there are: add what is left to it.",
            "192 + ",
            "",
            "224 + ",
            "",
            "240 + ",
            "",
        ),
    ),
    hints=(
        "Take € on paper: its number is 8,364 = 2 · 64² + 2 · 64 + 44.",
        "`number % 64` is the last digit, `number // 64 % 64` the one before "
        "it.",
        "Three bytes: `[224 + number // 64**2, 128 + number // 64 % 64, "
        "128 + number % 64]`.",
    ),
    why="""\
€ becomes 224 + 2, 128 + 2, 128 + 44, and `bytes([226, 130, 172]).decode()`
is `"€"` again.
No byte can be mistaken for another kind: below 128 it is a whole character,
from 128 to 191 it belongs to one that began before it, and from 192 on one
begins.
So whoever starts to read in the middle of a text finds the next beginning
within three bytes, and a model that reads bytes can tell where it stands.""",
)
