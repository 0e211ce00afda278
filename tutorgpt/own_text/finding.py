"""What a reader should know of his text, and what he can do about it."""

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing in a text that training on it would suffer from.

    kind: a word for it, the same in every version.
    what: what was found, with its value.
    remedy: what to do.
    """

    kind: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what}: {self.remedy}"


def percent(share: float) -> str:
    """A share as people read it: 12 %, 0.4 %, less than 0.1 %."""
    if share == 0 or share >= 0.1:
        return f"{share:.0%}".replace("%", " %")
    if share < 0.001:
        return "less than 0.1 %"
    return f"{share:.1%}".replace("%", " %")


def named(characters: str, most: int = 8) -> str:
    """A few characters as one can see them: 'é', U+200B."""
    shown = [
        repr(c) if _is_seen(c) else f"U+{ord(c):04X}"
        for c in characters[:most]
    ]
    return ", ".join(shown)


def _is_seen(c: str) -> bool:
    """Whether a character shows by itself; an accent needs a letter."""
    is_mark = unicodedata.category(c).startswith("M")
    return c.isprintable() and not c.isspace() and not is_mark
