"""What the lines of a text are like: empty, endless, said again."""

from collections import Counter
from dataclasses import dataclass

from tutorgpt.own_text.finding import Finding, percent

LONG_ENOUGH = 20
"""Characters from which a line that occurs twice is no chance."""
MUCH_REPEATED = 0.05
MOSTLY_EMPTY = 0.55
"""More empty lines than one between every two others gives."""
ENDLESS = 10_000
SHOWN = 40


@dataclass(frozen=True)
class Lines:
    """The lines of a text.

    count, empty: all of them, and those with nothing but blanks.
    longest, where: the most characters of a line, and its number from 1.
    repeated_share: the share of the text in lines of LONG_ENOUGH characters
        or more that occur again.
    most_repeated, times: the one of them that takes the most room, and how
        often it occurs; "" and 0 if none occurs twice.
    """

    count: int
    empty: int
    longest: int
    where: int
    repeated_share: float
    most_repeated: str
    times: int

    @property
    def empty_share(self) -> float:
        """The share of all lines that have nothing but white space in them."""
        return self.empty / self.count

    @classmethod
    def of(cls, text: str) -> "Lines":
        """Count the lines of a text."""
        lines = text.removesuffix("\n").split("\n")
        lengths = [len(line) for line in lines]
        longest = max(lengths)
        long = Counter(
            line for line in map(str.strip, lines) if len(line) >= LONG_ENOUGH
        )
        again = {line: n for line, n in long.items() if n > 1}
        room = {line: n * len(line) for line, n in again.items()}
        most = max(room, key=lambda line: (room[line], line), default="")
        return cls(
            count=len(lines),
            empty=sum(not line.strip() for line in lines),
            longest=longest,
            where=lengths.index(longest) + 1,
            repeated_share=sum(room.values()) / len(text),
            most_repeated=most,
            times=again.get(most, 0),
        )

    def findings(self) -> list[Finding]:
        """Lines that teach a model less than they seem to."""
        found = []
        if self.repeated_share >= MUCH_REPEATED:
            shown = self.most_repeated
            shown = shown[:SHOWN] + "..." * (len(shown) > SHOWN)
            found.append(
                Finding(
                    "repeated",
                    f"{percent(self.repeated_share)} of the text stands in "
                    f"lines that occur again, first of all {shown!r}, "
                    f"{self.times:,} times",
                    "delete headers, menus and licences that come with every "
                    "part, and whatever is in the text twice",
                )
            )
        if self.empty_share >= MOSTLY_EMPTY:
            found.append(
                Finding(
                    "empty",
                    f"{percent(self.empty_share)} of the lines are empty, "
                    "more than one between every two others",
                    "delete them; a file that Windows and Unix programs have "
                    "both written often has an empty line after each",
                )
            )
        if self.longest >= ENDLESS:
            found.append(
                Finding(
                    "long",
                    f"line {self.where:,} has {self.longest:,} characters",
                    "look at it: data, a picture in letters and program code "
                    "made small are no text to learn from; a book without "
                    "line ends is none the worse for it",
                )
            )
        return found
