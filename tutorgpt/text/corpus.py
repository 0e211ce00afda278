"""Texts to learn from: three by name, and any file of the reader's own."""

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Integer
from torch import Tensor

from tutorgpt.text.download import read_tinyshakespeare
from tutorgpt.text.shakespeare import read_plays
from tutorgpt.text.songci import read_songci
from tutorgpt.text.tokenizer import CharTokenizer

CORPORA = {
    "shakespeare": read_plays,
    "tinyshakespeare": read_tinyshakespeare,
    "songci": read_songci,
}
"""The names load_corpus knows, and the function that reads each text."""


@dataclass(frozen=True)
class Corpus:
    """A text, its vocabulary, and its tokens: 90 % to learn from, 10 % not.

    train, val: the text's tokens in order, the last tenth held out.
    """

    name: str
    text: str
    tokenizer: CharTokenizer
    train: Integer[Tensor, " N"]
    val: Integer[Tensor, " M"]

    def __repr__(self) -> str:
        return (
            f"Corpus({self.name!r}: {len(self.text):,} characters, "
            f"{self.tokenizer.vocab_size} different)"
        )

    def release(self) -> None:
        """Let go of memory that can be read again; see token_file."""

    @classmethod
    def from_text(cls, name: str, text: str) -> "Corpus":
        """Split a text 90 / 10 and number its characters."""
        if len(text) < 2:
            raise ValueError(
                f"corpus {name!r} has {len(text)} characters: "
                "a model needs at least one pair of neighbours to learn from"
            )
        tokenizer = CharTokenizer.from_text(text)
        tokens = torch.from_numpy(tokenizer.encode_array(text))
        split = len(tokens) * 9 // 10
        return cls(name, text, tokenizer, tokens[:split], tokens[split:])


def load_corpus(name_or_path: str | Path = "shakespeare") -> Corpus:
    """Read a corpus by its name, or a text or token file by its path.

    A text is UTF-8; a token file's name ends in .tokens.

    Names: shakespeare (installed with the package), tinyshakespeare and
    songci (downloaded once, then kept in the user's cache folder).
    Raises ValueError for a name that is neither, and for a file that is
    empty or not UTF-8; FileNotFoundError for a path that does not exist;
    ConnectionError if a download fails.
    """
    name = str(name_or_path)
    if name in CORPORA:
        return Corpus.from_text(name, CORPORA[name]())
    path = Path(name_or_path).expanduser()
    looks_like_a_name = path.name == name and not path.suffix
    if looks_like_a_name and not path.exists():
        raise ValueError(_unknown_name(name))
    if path.suffix == ".tokens":
        from tutorgpt.text.token_file import open_token_file

        return open_token_file(path)
    return Corpus.from_text(path.stem, read_text_file(path))


def read_text_file(path: Path) -> str:
    """A UTF-8 file's text, or one sentence on what is wrong with it."""
    with clear_errors(path):
        text = path.read_text(encoding="utf-8-sig")
    if not text.strip():
        raise ValueError(f"{str(path)!r} is empty: choose a file with text")
    return text


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Say in one sentence why a text file cannot be read."""
    if not path.exists():
        raise FileNotFoundError(
            f"there is no file {str(path)!r}: check the path, "
            f"or name a corpus ({', '.join(CORPORA)})"
        )
    if path.is_dir():
        raise ValueError(f"{str(path)!r} is a folder: name a text file in it")
    try:
        yield
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{str(path)!r} is not UTF-8 (byte {error.start} cannot be "
            "read): save it as UTF-8 in your editor, then try again"
        ) from None
    except OSError as error:
        raise OSError(
            f"{str(path)!r} cannot be read ({error.strerror}): "
            "check its permissions, or choose another file"
        ) from None


def _unknown_name(name: str) -> str:
    near = difflib.get_close_matches(name.lower(), CORPORA, n=1)
    guess = f" Did you mean {near[0]!r}?" if near else ""
    return (
        f"there is no corpus {name!r}: the known ones are "
        f"{', '.join(CORPORA)}; your own text goes by its path.{guess}"
    )
