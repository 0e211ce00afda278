"""Texts to learn from: three by name, and any file of the reader's own."""

from pathlib import Path

from tutorgpt.ground.places import expanded
from tutorgpt.ground.refusal import did_you_mean
from tutorgpt.text.shakespeare import SHAKESPEARE
from tutorgpt.text.songci import SONGCI
from tutorgpt.text.source import Source, TextFile
from tutorgpt.text.split import Corpus
from tutorgpt.text.tinyshakespeare import TINYSHAKESPEARE
from tutorgpt.text.token_file import SUFFIX, open_token_file

__all__ = ["CORPORA", "Corpus", "find_source", "load_corpus"]

CORPORA: dict[str, Source] = {
    source.name: source for source in (SHAKESPEARE, TINYSHAKESPEARE, SONGCI)
}
"""The sources that go by a name. Another one is a file of its own in this
room, and a word in this list."""


def load_corpus(name_or_path: str | Path = "shakespeare") -> Corpus:
    """Read a corpus by its name, or a text or token file by its path.

    A text is UTF-8; a token file's name ends in .tokens.

    Names: shakespeare (installed with the package), tinyshakespeare and
    songci (downloaded once, then kept in the user's cache folder).
    Raises ValueError for a name that is neither, and for a file that is
    empty, no text, or not UTF-8; FileNotFoundError for a path that does not
    exist; ConnectionError if a download fails.
    """
    path = expanded(name_or_path)
    if path.suffix == SUFFIX:
        return open_token_file(path, check_all=True)
    source = find_source(name_or_path)
    origin = name if (name := str(name_or_path)) in CORPORA else None
    return Corpus.from_text(
        source.name, source.read(), origin or str(path.resolve())
    )


def find_source(name_or_path: str | Path) -> Source:
    """Where the text of this name, or at this path, comes from.

    Raises ValueError for a word that is neither a known name nor a file.
    """
    name = str(name_or_path)
    if name in CORPORA:
        return CORPORA[name]
    path = expanded(name_or_path)
    looks_like_a_name = path.name == name and not path.suffix
    if looks_like_a_name and not path.exists():
        raise ValueError(_unknown_name(name))
    return TextFile(path)


def _unknown_name(name: str) -> str:
    return (
        f"there is no corpus {name!r}: the known ones are "
        f"{', '.join(CORPORA)}; your own text goes by its path"
        f"{did_you_mean(name, CORPORA)}"
    )
