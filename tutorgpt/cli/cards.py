"""tutorgpt cards: the quizzes as flash cards."""

import argparse
from pathlib import Path

from tutorgpt.cli.paths import add_force, file_to_write, refuse_existing
from tutorgpt.cli.terminal import labelled
from tutorgpt.ground.places import shown
from tutorgpt.ground.whole_files import write_whole
from tutorgpt.learn.quiz.cards import write_cards

DESCRIPTION = """\
Write the questions of all chapters as flash cards for Anki.

Anki is a free program that asks each card again when you are about to
forget it. The file is plain text: a line for each question, with its
choices in front, and on the back the answer, why it is right, and what
leads to the wrong ones. Each card is tagged with its chapter.
"""

EPILOG = """\
In Anki: File, Import, and choose the file. A card that is imported again
replaces its older self and keeps its learning history.

examples:
  tutorgpt cards
  tutorgpt cards my-cards.txt
  tutorgpt cards --force             the questions of a newer version
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        nargs="?",
        type=file_to_write,
        default=Path("tutorgpt-cards.txt"),
        metavar="FILE",
        help="the file to write (default: tutorgpt-cards.txt)",
    )
    add_force(parser, "a file")


def run(args: argparse.Namespace) -> int:
    refuse_existing(args.file, force=args.force)
    text = write_cards()
    write_whole(args.file, text, parents=False)
    count = sum(not line.startswith("#") for line in text.splitlines())
    said = f"{shown(args.file)}: {count} cards; in Anki choose File, Import"
    print(labelled("", said, 0))
    return 0
