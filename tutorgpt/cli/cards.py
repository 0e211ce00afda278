"""tutorgpt cards: the quizzes as flash cards."""

import argparse
from pathlib import Path

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
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        default=Path("tutorgpt-cards.txt"),
        metavar="FILE",
        help="the file to write (default: tutorgpt-cards.txt)",
    )


def run(args: argparse.Namespace) -> int:
    text = write_cards()
    write_whole(args.file, text, parents=False)
    count = sum(not line.startswith("#") for line in text.splitlines())
    print(f"{args.file}: {count} cards; in Anki choose File, Import")
    return 0
