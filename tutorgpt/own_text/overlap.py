"""What of the held-out part stands word for word in the rest."""

from dataclasses import dataclass

import numpy as np

from tutorgpt.own_text.finding import Finding, percent
from tutorgpt.own_text.lines import LONG_ENOUGH

PASSAGE = 2**5
"""Characters in a row that two people hardly write alike."""
MOST_PLACES = 100_000
"""Places of the held-out part at which a passage is looked up."""
AT_ONCE = 2**20
MUCH = 0.02
FACTOR = 0x9E3779B97F4A7C15
"""2 to the 64, divided by the golden ratio: odd, and without a pattern."""


@dataclass(frozen=True)
class Overlap:
    """How much of the last tenth a model could have learned by heart.

    lines: the share of its lines of LONG_ENOUGH characters or more that
        stand in the first nine tenths.
    passages: the share of its passages of PASSAGE characters that do.
    """

    lines: float
    passages: float

    @classmethod
    def of(cls, train: str, held_out: str) -> "Overlap":
        """Compare the two parts of a text."""
        return cls(_shared_lines(train, held_out), _shared(train, held_out))

    def findings(self) -> list[Finding]:
        """A held-out part that is not held out."""
        if max(self.lines, self.passages) < MUCH:
            return []
        return [
            Finding(
                "overlap",
                f"{percent(self.passages)} of the held-out passages of "
                f"{PASSAGE} characters, and {percent(self.lines)} of its "
                "longer lines, stand word for word in the part that is "
                "learned from",
                "delete what is in the text twice, or its loss will praise a "
                "model that has learned by heart",
            )
        ]


def _shared_lines(train: str, held_out: str) -> float:
    known = set(map(str.strip, train.split("\n")))
    lines = [line.strip() for line in held_out.split("\n")]
    long = [line for line in lines if len(line) >= LONG_ENOUGH]
    return sum(line in known for line in long) / max(1, len(long))


def _shared(train: str, held_out: str) -> float:
    """The share of passages, by a number for each that is hardly ever equal.

    As many places as fit a quick look, evenly over the held-out part.
    """
    wanted = _numbers(held_out)
    if not len(wanted):
        return 0.0
    wanted = wanted[:: -(-len(wanted) // MOST_PLACES)]
    different, which = np.unique(wanted, return_inverse=True)
    found = np.zeros(len(different), dtype=bool)
    for start in range(0, len(train), AT_ONCE):
        there = np.sort(_numbers(train[start : start + AT_ONCE + PASSAGE]))
        if len(there):
            place = np.searchsorted(there, different).clip(max=len(there) - 1)
            found |= there[place] == different
    return float(found[which].mean())


def _numbers(text: str) -> np.ndarray:
    """A number for the passage that begins at each place of a text.

    Two halves give the whole: for every passage ab of 2n characters,
    number(ab) = number(a) * FACTOR ** n + number(b), modulo 2 to the 64.
    Two different passages hardly ever have one number.
    """
    raw = text.encode("utf-32-le", errors="surrogatepass")
    numbers = np.frombuffer(raw, dtype="<u4").astype(np.uint64)
    length = 1
    while length < PASSAGE:
        factor = np.uint64(pow(FACTOR, length, 2**64))
        numbers = numbers[:-length] * factor + numbers[length:]
        length *= 2
    return numbers
