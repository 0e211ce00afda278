"""A text as it lies on the disk, or as much of it as fits a quick look."""

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tutorgpt.ground.places import expanded, readable
from tutorgpt.text.corpus import CORPORA, find_source
from tutorgpt.text.encodings import check_text
from tutorgpt.text.source import clear_errors
from tutorgpt.text.token_file import SUFFIX

MOST = 2**24
"""Bytes that are looked at; of a longer file parts that add up to it."""
PARTS = 16
MARK = b"\xef\xbb\xbf"
"""The byte-order mark, with which Windows programs begin a UTF-8 file."""


@dataclass(frozen=True)
class Specimen:
    """What is looked at.

    name: what it is called.
    origin: what tutorgpt train --corpus reads it from; None if a program
        made it.
    text: its characters, every line's end a plain one, as training reads
        them.
    size: the bytes of all of it in UTF-8.
    looked_at: how many of them text is; fewer, if the file is long.
    has_mark: whether it begins with a byte-order mark.
    line_ends: how many lines end as on Unix, as on Windows, and as on very
        old Macs.
    """

    name: str
    origin: str | None
    text: str
    size: int
    looked_at: int
    has_mark: bool = False
    line_ends: tuple[int, int, int] = (0, 0, 0)

    @property
    def is_whole(self) -> bool:
        """Whether text is all of it."""
        return self.looked_at == self.size

    @classmethod
    def of_text(
        cls, text: str, name: str = "text", origin: str | None = None
    ) -> "Specimen":
        """A text that is in memory already."""
        raw = text.encode(errors="surrogatepass")
        return cls(
            name=name,
            origin=origin,
            text=_plain_ends(text),
            size=len(raw),
            looked_at=len(raw),
            line_ends=_line_ends(raw),
        )

    @classmethod
    def read(cls, name_or_path: str | Path) -> "Specimen":
        """A corpus by its name, or a file, whole or in parts.

        Raises ValueError or OSError, in one sentence, for what cannot be
        read, is no text, or is not UTF-8.
        """
        name = str(name_or_path)
        if name in CORPORA:
            return cls.of_text(CORPORA[name].read(), name, name)
        path = expanded(name_or_path)
        if path.suffix == SUFFIX:
            raise ValueError(
                f"{str(path)!r} is a token file, whose text has been "
                "numbered already: name the text that it was made of"
            )
        find_source(name_or_path)  # refuses a misspelt name
        with clear_errors(path), path.open("rb") as file:
            parts, size = _parts(file, path)
            is_whole = len(parts) == 1
            text = "".join(_decoded(part, is_whole) for part in parts)
        raw = b"".join(parts)
        text = _plain_ends(text.removeprefix("\ufeff"))
        if not text.strip():
            raise ValueError(
                f"{str(path)!r} is empty: choose a file with text"
            )
        check_text(path, text)
        return cls(
            name=readable(path.stem),
            origin=str(name_or_path),
            text=text,
            size=size,
            looked_at=len(raw),
            has_mark=raw.startswith(MARK),
            line_ends=_line_ends(raw),
        )


def _parts(file: BinaryIO, path: Path) -> tuple[list[bytes], int]:
    """A file's bytes, or parts from all over it; and how many it has."""
    beginning = file.read(MOST)
    if not file.read(1):
        return [beginning], len(beginning)
    if not file.seekable():
        raise ValueError(
            f"{str(path)!r} gives more than {MOST:,} bytes and cannot be "
            "looked at in places: write it into a file first, such as "
            "text.txt"
        )
    size = path.stat().st_size
    length = MOST // PARTS
    parts = []
    for n in range(PARTS):
        file.seek(n * (size - length) // (PARTS - 1))
        parts.append(_whole_lines(file.read(length), is_first=n == 0))
    return parts, size


def _whole_lines(part: bytes, *, is_first: bool) -> bytes:
    """Without the line that a part begins in, and the one that it ends in.

    A part without a line's end loses the rest of a character instead.
    """
    start = 0 if is_first else part.find(b"\n") + 1
    end = part.rfind(b"\n") + 1
    if start < end:
        return part[start:end]
    return part if is_first else part.lstrip(bytes(range(0x80, 0xC0)))


def _decoded(part: bytes, is_whole: bool) -> str:
    """A part's characters; the last one of a mere part may be cut off."""
    return codecs.getincrementaldecoder("utf-8")().decode(part, is_whole)


def _plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _line_ends(raw: bytes) -> tuple[int, int, int]:
    windows = raw.count(b"\r\n")
    return (
        raw.count(b"\n") - windows,
        windows,
        raw.count(b"\r") - windows,
    )
