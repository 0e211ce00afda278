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
from tutorgpt.text.tokenizers import CHARACTERS, vocabulary_asked
from tutorgpt.tokens.tokenizer import Tokenizer

__all__ = ["CORPORA", "Corpus", "find_source", "load_corpus"]

CORPORA: dict[str, Source] = {
    source.name: source for source in (SHAKESPEARE, TINYSHAKESPEARE, SONGCI)
}
"""The sources that go by a name. Another one is a file of its own in this
room, and a word in this list."""


def load_corpus(
    name_or_path: str | Path = "shakespeare",
    tokenizer: str | Tokenizer = CHARACTERS,
) -> Corpus:
    """Read a corpus by its name, or a text or token file by its path.

    A text is UTF-8; a token file's name ends in .tokens.
    tokenizer: characters, bytes, pairs:N (N tokens, learned from the
        training split), or one that there is already. A token file has its
        own.

    Names: shakespeare (installed with the package), tinyshakespeare and
    songci (downloaded once, then kept in the user's cache folder).
    Raises ValueError for a name that is neither, for a tokenizer that there
    is not, and for a file that is empty, no text, not UTF-8, or a token
    file of another tokenizer; FileNotFoundError for a path that does not
    exist; ConnectionError if a download fails.
    """
    path = expanded(name_or_path)
    if path.suffix == SUFFIX:
        corpus = open_token_file(path, check_all=True)
        _check_same(path, corpus, tokenizer)
        return corpus
    if isinstance(tokenizer, str):
        vocabulary_asked(tokenizer)  # refused before a text is fetched
    source = find_source(name_or_path)
    origin = name if (name := str(name_or_path)) in CORPORA else None
    return Corpus.from_text(
        source.name, source.read(), origin or str(path.resolve()), tokenizer
    )


def _check_same(
    path: Path, corpus: Corpus, tokenizer: str | Tokenizer
) -> None:
    """Refuse a token file whose tokens are not those that are wanted.

    characters, which is what nobody has asked for, fits every file.
    """
    own = corpus.tokenizer
    if isinstance(tokenizer, str):
        size = vocabulary_asked(tokenizer)
        fits = tokenizer == CHARACTERS or (
            tokenizer.startswith(own.KIND) and size in (None, own.vocab_size)
        )
    else:
        fits = tokenizer == own
        tokenizer = tokenizer.KIND
    if not fits:
        raise ValueError(
            f"the token file {str(path)!r} holds {own.KIND} with a "
            f"vocabulary of {own.vocab_size:,}, not {tokenizer}: leave the "
            "tokenizer out, or make another token file with tutorgpt data "
            "TEXT_FILE --tokens"
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
