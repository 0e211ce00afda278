"""Where a text comes from: one object for each, whatever the way."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tutorgpt.ground.places import readable
from tutorgpt.ground.whole_files import reason
from tutorgpt.text.encodings import check_text, not_utf_8


class Source:
    """A text with a name: read it, ask if it is here, where, and what it is.

    name: what load_corpus and --corpus call it.
    summary: what it is, in half a line.
    """

    name: str
    summary: str

    def read(self) -> str:
        """The whole text, fetched first if it must be."""
        raise NotImplementedError(f"{type(self).__name__} must define read()")

    def is_cached(self) -> bool:
        """Whether it can be read without a network."""
        return True

    def where(self) -> str:
        """The place on this machine that holds it, or will."""
        raise NotImplementedError(f"{type(self).__name__} must define where()")


class TextFile(Source):
    """A UTF-8 file of the reader's own, under its name without the ending."""

    summary = "any UTF-8 text file of your own; read, never copied"

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, readable(path.stem)

    def read(self) -> str:
        """The file's text; ValueError or OSError if it cannot be used."""
        with clear_errors(self.path):
            text = self.path.read_text(encoding="utf-8-sig")
        if not text.strip():
            raise ValueError(
                f"{str(self.path)!r} is empty: choose a file with text"
            )
        check_text(self.path, text)
        return text

    def is_cached(self) -> bool:
        """Whether there is such a file."""
        return self.path.is_file()

    def where(self) -> str:
        """The file's full path."""
        return str(self.path.resolve())


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Say in one sentence why a text file cannot be read."""
    if not path.exists():
        raise FileNotFoundError(
            f"there is no file {str(path)!r}: check the path, "
            "or name a corpus (tutorgpt data lists them)"
        )
    if path.is_dir():
        raise ValueError(f"{str(path)!r} is a folder: name a text file in it")
    try:
        yield
    except UnicodeDecodeError:
        raise not_utf_8(path) from None
    except OSError as error:
        raise OSError(
            f"{str(path)!r} cannot be read ({reason(error)}): "
            "check its permissions, or choose another file"
        ) from None
