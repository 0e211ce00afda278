"""A translation task with a known right answer: dates in words to ISO."""

from collections.abc import Sequence
from datetime import date

import torch
from jaxtyping import Int
from torch import Tensor

from tutorgpt.text.pairs import PairTokenizer

FIRST, LAST = date(1800, 1, 1), date(2099, 12, 31)
"""The days that are trained and tested on: 109,573 of them."""

# fmt: off
MONTHS = [
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
]
_ONES = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh",
    "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth",
    "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
    "nineteenth",
]
# fmt: on
ORDINALS = [
    *_ONES,
    "twentieth",
    *(f"twenty-{word}" for word in _ONES[:9]),
    "thirtieth",
    "thirty-first",
]
"""The words for the days of a month, from first to thirty-first."""

PHRASINGS = (
    "the {ordinal} of {month} {year}",
    "the {nth} of {month}, {year}",
    "{month} {day}, {year}",
    "{day} {month} {year}",
)
"""The ways in which a date is written."""


def phrase(day: date, phrasing: str) -> str:
    """A date in words: 1891-05-03 as "the third of May 1891"."""
    return phrasing.format(
        ordinal=ORDINALS[day.day - 1],
        nth=f"{day.day}{_suffix(day.day)}",
        day=day.day,
        month=MONTHS[day.month - 1],
        year=f"{day.year:04}",
    )


def _suffix(number: int) -> str:
    if number in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def date_tokenizer() -> PairTokenizer:
    """The vocabulary of the task: every character a date can contain."""
    words = "".join((*MONTHS, *ORDINALS, "the of", "stndrdth", ",-"))
    return PairTokenizer("".join(sorted(set(words + "0123456789"))))


def split_days(
    seed: int = 1337,
) -> tuple[Int[Tensor, " N"], Int[Tensor, " M"]]:
    """Days to learn from and days held out, nine to one, none in both.

    Each is a day's number as date.toordinal gives it, in random order.
    """
    generator = torch.Generator().manual_seed(seed)
    count = LAST.toordinal() - FIRST.toordinal() + 1
    days = FIRST.toordinal() + torch.randperm(count, generator=generator)
    border = count * 9 // 10
    return days[:border], days[border:]


def sample_dates(
    days: Int[Tensor, " N"],
    count: int,
    generator: torch.Generator,
    phrasings: Sequence[str] = PHRASINGS,
) -> tuple[list[str], list[str]]:
    """Draw days and write each in words, in a random way, and as ISO."""
    places = torch.randint(len(days), (count,), generator=generator)
    chosen = torch.randint(len(phrasings), (count,), generator=generator)
    ways: list[int] = chosen.tolist()
    drawn = [date.fromordinal(number) for number in days[places].tolist()]
    words = [
        phrase(day, phrasings[way])
        for day, way in zip(drawn, ways, strict=True)
    ]
    return words, [day.isoformat() for day in drawn]
