"""How many different characters a text has, and which a model cannot learn."""

from collections import Counter
from dataclasses import dataclass

from tutorgpt.own_text.finding import Finding, named, percent

SELDOM = 10
"""A character seen less often than this is rare: hardly learned."""
MUCH_RARE = 0.001
"""The share of the text, written in rare characters, that is worth a word."""
MUCH_NEW = 0.0005
"""The share of the held-out part, in characters new there, to speak of."""
CURE = (
    "replace them by frequent ones, or delete them; bytes and pairs, such as "
    "--tokenizer pairs:512, spell every character"
)


@dataclass(frozen=True)
class Alphabet:
    """The different characters of a text.

    characters: all of them, in the order of their numbers in Unicode.
    rare: those seen fewer than SELDOM times.
    rare_in_text: the share of the text that is written in rare ones.
    only_held_out: those of the last tenth that the rest never shows. They
        are in the vocabulary, but no model learns them.
    only_held_out_in_text: the share of the last tenth written in them.
    """

    characters: str
    rare: str
    rare_in_text: float
    only_held_out: str
    only_held_out_in_text: float

    @property
    def size(self) -> int:
        """V, for a model that reads characters."""
        return len(self.characters)

    @property
    def rare_share(self) -> float:
        """The share of the vocabulary that is rare."""
        return len(self.rare) / self.size

    @classmethod
    def of(cls, train: str, held_out: str) -> "Alphabet":
        """Count the characters of both parts of a text."""
        seen, new = Counter(train), Counter(held_out)
        counts = seen + new
        rare = "".join(sorted(c for c, n in counts.items() if n < SELDOM))
        only = "".join(sorted(new.keys() - seen.keys()))
        return cls(
            characters="".join(sorted(counts)),
            rare=rare,
            rare_in_text=sum(counts[c] for c in rare) / counts.total(),
            only_held_out=only,
            only_held_out_in_text=sum(new[c] for c in only) / new.total(),
        )

    def findings(self) -> list[Finding]:
        """What a model that reads characters would suffer from."""
        found = []
        if self.rare_in_text >= MUCH_RARE:
            found.append(
                Finding(
                    "rare",
                    f"{len(self.rare):,} of the {self.size:,} characters "
                    f"({percent(self.rare_share)}) occur fewer than {SELDOM} "
                    "times, too seldom to be learned, and make up "
                    f"{percent(self.rare_in_text)} of the text, such as "
                    f"{named(self.rare)}",
                    CURE,
                )
            )
        if self.only_held_out_in_text >= MUCH_NEW:
            found.append(
                Finding(
                    "new",
                    f"{len(self.only_held_out):,} characters occur only in "
                    "the held-out tenth, where they make up "
                    f"{percent(self.only_held_out_in_text)}, such as "
                    f"{named(self.only_held_out)}, and a model of characters "
                    "is never taught to expect them",
                    f"{CURE}; if the end of the text is of another kind, put "
                    "its parts into another order",
                )
            )
        return found
