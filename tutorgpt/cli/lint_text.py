"""tutorgpt lint-text: is this text good to learn from?"""

import argparse
from typing import TYPE_CHECKING

from tutorgpt.cli.paths import text_to_read
from tutorgpt.cli.terminal import counted, fitted, labelled
from tutorgpt.ground.places import shown, visible

if TYPE_CHECKING:
    from tutorgpt.own_text.report import TextReport

DESCRIPTION = """\
Look at a text before a model learns from it.

It shows what the text is like, warns of what training on it would suffer
from, each with its remedy, and says which tokenizer and preset to take, what
losses to expect and how long it takes here. Takes about ten seconds, writes
nothing and changes nothing.
"""

EPILOG = """\
what is warned of:
  characters that were read in a wrong encoding, lost, invisible, or of two
  forms; signs of HTML; the licence of Project Gutenberg; lines that occur
  again, empty ones, endless ones; a held-out part that stands in the rest
  too, or has characters of its own; rare characters; too short a text

The held-out part is the last tenth. Of a file above 16.8 MB parts are
looked at, from all over it. What cannot be learned from at all is refused:
a file that is missing, empty, not UTF-8 or no text.

examples:
  tutorgpt lint-text my-diary.txt
  tutorgpt lint-text my-diary.txt --no-timing
  tutorgpt lint-text my-diary.txt --strict && tutorgpt train --corpus \
my-diary.txt

exit codes:
  0 looked at, whatever was found    1 with --strict: there are warnings
  2 input that cannot be used
"""

WIDTH = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "corpus",
        type=text_to_read,
        metavar="FILE",
        help="the path of a UTF-8 text, or shakespeare, tinyshakespeare, "
        "songci",
    )
    parser.add_argument(
        "--no-timing",
        action="store_true",
        help="time no training steps: quicker, and without the minutes",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="end with exit code 1 if there are warnings (default: 0)",
    )


def run(args: argparse.Namespace) -> int:
    from tutorgpt.own_text.report import look_at  # pulls torch

    report = look_at(args.corpus, timing=not args.no_timing)
    show(report)
    return int(args.strict and bool(report.warnings))


def show(report: "TextReport") -> None:
    """Print all of it: facts, floors, warnings, and what to paste."""
    from tutorgpt.own_text.wording import (
        explanation,
        facts,
        floors_table,
        plan,
    )

    print(labelled("name:", shown(report.specimen.name), WIDTH))
    show_lines(facts(report))
    print("\nWhat counting alone reaches, in bits per byte:")
    print(fitted(floors_table(report), WIDTH))
    print(fitted(explanation(report), 0))
    print(f"\n{counted(len(report.warnings), 'warning')}")
    for warning in report.warnings:
        print(labelled("warning:", visible(warning.what), 10))
        print(labelled("  remedy:", visible(warning.remedy), 10))
    print("\nWhat to do:")
    show_lines(plan(report))
    for command in report.advice.commands:
        print(labelled("next:", command, WIDTH))


def show_lines(said: dict[str, str]) -> None:
    """Lines with a word in front."""
    for word, line in said.items():
        print(labelled(f"{word}:", visible(line), WIDTH))
