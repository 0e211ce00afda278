"""What goes wrong with characters on a text's way to its reader."""

import re
import unicodedata
from collections.abc import Callable

from tutorgpt.own_text.finding import Finding, named
from tutorgpt.text.encodings import CONTROLS

LATER = "[\u0080-\u009f¡-ª¬-º¼-¿ŒœŠšŸŽžƒˆ˜†‡•‰‹›‚„™]"
"""How Latin-1 and CP1252 show the later bytes of a letter in UTF-8, without
the quotation marks, dashes and blanks that follow real letters too."""
MISREAD = re.compile(
    rf"[ÂÃÄÅÎÏÐÑØÙ]{LATER}"  # two bytes: é seen as Ã©
    rf"|â(?:€|\u0080)[\u0080-\u00bf“”‘’–—…œ™¦¢]"  # three: ’ seen as â€™
    rf"|[à-ï]{LATER}{{2}}"  # three: 春 seen as æ˜¥
    rf"|ð[Ÿ\u009f]{LATER}{{2}}"  # four: an emoji
)
LOST = re.compile("\ufffd|锟斤拷")
"""The sign for a character that could not be read, and what two of them
become in one more wrong encoding."""
INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")
"""Soft hyphens, spaces without width, marks of direction."""
STEERING = re.compile(f"[\0{''.join(CONTROLS)}\b\v\f\x1b\x7f-\x9f]")
START = re.compile(r"^\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG", re.M)
END = re.compile(r"^\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG", re.M)
MARKUP = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>|&(?:[a-z]{2,8}|#\d{2,5});")
MUCH_MARKUP = 0.002
"""Signs of HTML for each character of the text."""


def misread(text: str) -> Finding | None:
    """UTF-8 that was once opened as something else: Ã© for é."""
    found = MISREAD.findall(text)
    if not found:
        return None
    shown = max(sorted(set(found)), key=found.count)
    meant = _read_again(shown)
    return Finding(
        "misread",
        f"{_places(len(found))} a character was read in a wrong encoding, "
        f"such as {shown!r}" + (f" for {meant!r}" if meant else ""),
        "open the original as UTF-8 and save it anew; where there is none, "
        'text.encode("cp1252").decode("utf-8") in Python undoes it, if the '
        "whole text is so",
    )


def lost(text: str) -> Finding | None:
    """Characters that a program could not read, and replaced."""
    count = len(LOST.findall(text))
    if not count:
        return None
    return Finding(
        "lost",
        f"{_places(count)} '\ufffd' stands for a character that a program "
        "could not read",
        "take the original and convert it from its own encoding, or delete "
        "these lines",
    )


def steering(text: str) -> Finding | None:
    """Control characters: page breaks, bells, a terminal's colours."""
    found = STEERING.findall(text)
    if not found:
        return None
    return Finding(
        "control",
        f"{_places(len(found))} a control character stands, such as "
        f"{named(_different(found))}, and a model would learn to write it",
        "replace them by a space or a line's end; in Python, "
        r're.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", " ", text)',
    )


def invisible(text: str) -> Finding | None:
    """Characters that nobody sees and a model reads."""
    found = INVISIBLE.findall(text)
    if not found:
        return None
    return Finding(
        "invisible",
        f"{_places(len(found))} a character stands that nobody sees, such as "
        f"{named(_different(found))}, and makes two words of one",
        "delete them; in Python, "
        r're.sub("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]", '
        '"", text)',
    )


def decomposed(text: str) -> Finding | None:
    """Letters that stand in the text as a letter and its accent."""
    if unicodedata.is_normalized("NFC", text):
        return None
    marks = "".join(filter(_joins, sorted(set(text))))
    if not marks:
        return None
    pairs = re.findall(f".[{re.escape(marks)}]", text)
    apart = [pair for pair in pairs if len(_whole(pair)) == 1]
    if not apart:
        return None
    shown = max(sorted(set(apart)), key=apart.count)
    others = sum(map(text.count, set(map(_whole, apart))))
    return Finding(
        "decomposed",
        f"{_places(len(apart))} a letter stands apart from its accent, such "
        f"as {_whole(shown)!r} as {named(shown[0])} and "
        f"U+{ord(shown[1]):04X}, and {_places(others)} it does not, which a "
        "model takes for another letter",
        'join them; in Python, unicodedata.normalize("NFC", text)',
    )


def gutenberg(text: str) -> Finding | None:
    """The licence before and after a book of Project Gutenberg."""
    start, end = START.search(text), END.search(text)
    if not (start or end):
        return None
    places = [
        f"{side} {text.count(chr(10), 0, found.start()) + 1:,}"
        for side, found in (("up to", start), ("from", end))
        if found
    ]
    outside = (start.end() if start else 0) + (
        len(text) - end.start() if end else 0
    )
    return Finding(
        "licence",
        f"the book stands in Project Gutenberg's licence, {outside:,} "
        "characters, which a model would learn with it",
        f"delete the lines {' and '.join(places)}",
    )


def markup(text: str) -> Finding | None:
    """A web page's signs between its words."""
    found = MARKUP.findall(text)
    if len(found) < max(5, MUCH_MARKUP * len(text)):
        return None
    shown = max(sorted(set(found)), key=found.count)
    return Finding(
        "markup",
        f"{_places(len(found))} a sign of HTML stands, most often {shown!r}",
        "save the page as plain text, unless a model is to learn HTML",
    )


FAULTS: tuple[Callable[[str], Finding | None], ...] = (
    misread,
    lost,
    decomposed,
    steering,
    invisible,
    gutenberg,
    markup,
)


def find_faults(text: str) -> list[Finding]:
    """All that is wrong with a text's characters, in a fixed order."""
    return [found for fault in FAULTS if (found := fault(text)) is not None]


def _read_again(shown: str) -> str:
    """What a misread character was, or "" if that cannot be told."""
    for encoding in ("cp1252", "latin-1"):
        try:
            return shown.encode(encoding).decode()
        except UnicodeError:
            continue
    return ""


def _joins(character: str) -> bool:
    """Whether it may become one with the character before it."""
    return bool(
        unicodedata.combining(character) or "\u1161" <= character <= "\u1175"
    )


def _whole(pair: str) -> str:
    return unicodedata.normalize("NFC", pair)


def _different(characters: list[str]) -> str:
    return "".join(sorted(set(characters)))


def _places(count: int) -> str:
    """The beginning of a sentence: in 1 place, in 7 places."""
    return f"in {count:,} place{'s' * (count != 1)}"
