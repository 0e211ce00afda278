"""The path of a chapter and its side paths: which cells, how long each takes.

A heading that begins with "Deeper:" begins a side path; it ends at the next
heading of the same or a higher level. Exercises, quiz and further reading are
neither. What is left is the path: it can be read and run by itself.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from tutorgpt.learn.exercises import EXERCISES

Kind = Literal["path", "side", "exercises", "quiz", "reading"]
Cell = dict[str, Any]
"""A notebook's cell, as JSON or as nbformat has it."""

WORDS_PER_MINUTE = 200
"""Of prose: somewhat slower than the 238 at which adults read plain English
(Brysbaert 2019, https://doi.org/10.1016/j.jml.2019.104047)."""
LINES_PER_MINUTE = 15
"""Of code that is shown: a guess; no reader has been timed."""

_HEADING = re.compile(r"^(#{1,6}) +(.+?) *#*$", re.MULTILINE)
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_UNREAD = re.compile(r"<!--.*?-->|<[^>\n]*>|\]\([^)]*\)", re.DOTALL)
_WORD = re.compile(r"[^\W_][\w'’.,-]*")
_DEEPER = "Deeper: "
_MORE = "More to try"
_ENDS: dict[str, Kind] = {"Quiz": "quiz", "Further reading": "reading"}


@dataclass(frozen=True)
class Heading:
    """A heading of a Markdown text: 1 for a title, 2 for a section."""

    level: int
    text: str

    @property
    def is_deeper(self) -> bool:
        """Whether a side path begins here."""
        return self.text.startswith(_DEEPER)


@dataclass(frozen=True)
class Length:
    """How much there is to read: words of prose, lines of code shown."""

    words: int = 0
    lines: int = 0

    def __add__(self, other: "Length") -> "Length":
        return Length(self.words + other.words, self.lines + other.lines)

    @property
    def minutes(self) -> float:
        """A guess of the time it takes to read."""
        return self.words / WORDS_PER_MINUTE + self.lines / LINES_PER_MINUTE


@dataclass(frozen=True)
class Minutes:
    """How long a chapter takes, in whole minutes.

    path: reading and running it, with its core exercises.
    side: reading the side paths. more: the other exercises.
    """

    path: int
    side: int
    more: int


def headings(text: str) -> list[Heading]:
    """The headings of a Markdown text, in order; none inside of code."""
    found = _HEADING.findall(_FENCE.sub("", text))
    return [Heading(len(marks), words) for marks, words in found]


def kinds(cells: Iterable[Cell]) -> list[Kind]:
    """What each cell of a chapter belongs to.

    A cell with a heading inside belongs to what its first heading begins:
    the chapters have none, and a test says so.
    """
    found: list[Kind] = []
    now: Kind = "path"
    deeper = 0  # the level of the side path's heading
    for cell in cells:
        if "exercise" in cell["metadata"].get("tutorgpt", {}):
            now = "exercises"
        elif heading := first_heading(cell):
            if heading.text == _MORE:
                now = "exercises"
            elif heading.text in _ENDS:
                now = _ENDS[heading.text]
            elif heading.is_deeper:
                now, deeper = "side", heading.level
            elif now != "side" or heading.level <= deeper:
                now = "path"
        found.append(now)
    return found


def first_heading(cell: Cell) -> Heading | None:
    """The heading with which a cell begins a part of its chapter, if any."""
    if cell["cell_type"] != "markdown":
        return None
    return next(iter(headings(source(cell))), None)


def length(cell: Cell) -> Length:
    """How much of a cell there is to read; folded code is not."""
    if cell["cell_type"] == "markdown":
        text = _UNREAD.sub("", _FENCE.sub("", source(cell)))
        return Length(words=len(_WORD.findall(text)))
    if is_folded(cell):
        return Length()
    lines = [line for line in source(cell).splitlines() if line.strip()]
    return Length(lines=len(lines))


def is_folded(cell: Cell) -> bool:
    """Whether a code cell's text is hidden until the reader opens it."""
    return "hide-input" in cell["metadata"].get("tags", [])


def fold(cell: Cell) -> None:
    """Collapse in JupyterLab what the web page folds, and nothing else."""
    heading = first_heading(cell)
    is_deeper = heading is not None and heading.is_deeper
    for key, value, is_wanted in (
        ("jupyter", {"source_hidden": True}, is_folded(cell)),
        ("jp-MarkdownHeadingCollapsed", True, is_deeper),
    ):
        cell["metadata"].pop(key, None)
        if is_wanted:
            cell["metadata"][key] = value


def length_of(cells: list[Cell], kind: Kind) -> Length:
    """How much there is to read in all cells of one kind."""
    both = zip(cells, kinds(cells), strict=True)
    return sum((length(cell) for cell, of in both if of == kind), Length())


def side_paths(cells: list[Cell]) -> list[Length]:
    """How much there is to read in each side path, in order."""
    found: list[Length] = []
    for cell, kind in zip(cells, kinds(cells), strict=True):
        if kind == "side":
            heading = first_heading(cell)
            if heading is not None and heading.is_deeper:
                found.append(Length())
            found[-1] += length(cell)
    return found


def minutes(number: int, cells: list[Cell], seconds: float) -> Minutes:
    """How long chapter `number` takes.

    seconds: what its cells take to run, from results/chapter_minutes.json.
    """
    asked = [e for e in EXERCISES.values() if e.chapter == number]
    core = sum(e.minutes for e in asked if e.is_core)
    path = length_of(cells, "path").minutes + seconds / 60 + core
    return Minutes(
        path=round(path),
        side=round(length_of(cells, "side").minutes),
        more=sum(e.minutes for e in asked if not e.is_core),
    )


def source(cell: Cell) -> str:
    """What stands in a cell."""
    return "".join(cell["source"])
