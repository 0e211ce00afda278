"""Opens a trained model for a command, and says which one it is."""

import argparse
import sys
from contextlib import nullcontext, suppress
from pathlib import Path

from tutorgpt.cli.arguments import one_of
from tutorgpt.cli.paths import model_to_read
from tutorgpt.ground.places import paste, visible
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.corpus import Corpus, load_corpus
from tutorgpt.text.tokenizers import CHARACTERS
from tutorgpt.tokens.tokenizer import Tokenizer
from tutorgpt.training.checkpoints import load_checkpoint
from tutorgpt.training.runs import (
    SETTINGS,
    Chosen,
    RunSettings,
    Which,
    find_checkpoint,
    fingerprint,
)

TRIES = 3
"""A run that goes on prunes its checkpoints while others read them."""


def add_checkpoint(parser: argparse.ArgumentParser) -> None:
    """The option --checkpoint: which one of a run."""
    known = ("best", "newest")
    parser.add_argument(
        "--checkpoint",
        type=one_of(known),
        choices=known,
        default="best",
        help="of a run, the checkpoint with the lowest loss or the newest "
        "one (default: best)",
    )


def add_folder(
    parser: argparse.ArgumentParser, summary: str, nargs: str | None = None
) -> None:
    """The argument RUN_FOLDER: a run, a model or its file, or several."""
    parser.add_argument(
        "folder",
        nargs=nargs,
        type=model_to_read,
        metavar="RUN_FOLDER",
        help=summary,
    )
    add_checkpoint(parser)


def open_model(
    where: Path, which: Which
) -> tuple[LanguageModel, Tokenizer, Chosen]:
    """A folder's model, its tokenizer, and which one it is.

    Raises FileNotFoundError, ValueError as load_checkpoint does.
    """
    for tries_left in reversed(range(TRIES)):
        chosen = find_checkpoint(where, which)
        try:
            model, tokenizer = load_checkpoint(chosen.folder)
        except (FileNotFoundError, ValueError):
            if tries_left and not chosen.folder.exists():
                continue
            raise
        return model, tokenizer, chosen
    raise AssertionError("the last try returns or raises")


def open_text(
    args: argparse.Namespace, tokenizer: Tokenizer, chosen: Chosen
) -> tuple[Corpus, bool | None]:
    """The text that a model learned from, or the one that --corpus names.

    args: of a command with a RUN_FOLDER and --corpus, which has no default.
    Returns with it whether it is the text of the run, to the last token;
    None if the model does not say.
    Raises ValueError if nobody says which text, if the run's cannot be
    read, and if it has changed since, unless --corpus names it.
    """
    settings = None
    if chosen.run is not None and (chosen.run / SETTINGS).is_file():
        # Damaged settings are in the way only of who needs the text's name.
        with suppress(ValueError) if args.corpus else nullcontext():
            settings = RunSettings.read(chosen.run)
    name = args.corpus
    if name is None:
        if settings is None:
            raise ValueError(
                f"{str(args.folder)!r} does not say what text it learned "
                "from: name it with --corpus"
            )
        name = settings.corpus
    # One that does not know every text is compared with the text's own.
    alphabet = tokenizer if tokenizer.KNOWS_EVERY_TEXT else CHARACTERS
    try:
        corpus = load_corpus(name, alphabet)
    except (FileNotFoundError, ValueError) as error:
        if args.corpus is not None:
            raise
        other = paste("tutorgpt", args.command, args.folder, "--corpus")
        raise ValueError(
            f"the text of the run cannot be read ({error}): if it lies "
            f"elsewhere now, name it with {other} PATH"
        ) from None
    own = None
    if settings is not None:
        own = fingerprint(corpus) == settings.fingerprint
    if args.corpus is None and not own:
        raise ValueError(
            f"the text of {name!r} is not the one that the run was trained "
            "on: put the old text back, or measure this one by naming it "
            "with --corpus"
        )
    return corpus, own


def say_which(chosen: Chosen) -> None:
    """Name what is read on the error stream, once nothing is in its way."""
    print(f"tutorgpt: reading {visible(chosen.says)}", file=sys.stderr)
