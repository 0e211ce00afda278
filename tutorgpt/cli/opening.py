"""Opens a trained model for a command, and says which one it is."""

import argparse
import sys
from pathlib import Path

from tutorgpt.cli.arguments import one_of
from tutorgpt.cli.paths import folder_to_read
from tutorgpt.ground.places import visible
from tutorgpt.language_model import LanguageModel
from tutorgpt.tokens.tokenizer import Tokenizer
from tutorgpt.training.checkpoints import load_checkpoint
from tutorgpt.training.runs import Chosen, Which, find_checkpoint

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
    """The argument RUN_FOLDER: a run, a model, or several of them."""
    parser.add_argument(
        "folder",
        nargs=nargs,
        type=folder_to_read,
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


def say_which(chosen: Chosen) -> None:
    """Name what is read on the error stream, once nothing is in its way."""
    print(f"tutorgpt: reading {visible(chosen.says)}", file=sys.stderr)
