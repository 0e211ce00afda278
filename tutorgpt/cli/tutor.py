"""tutorgpt tutor: a text that makes a chat assistant a good tutor."""

import argparse
import sys

from tutorgpt.cli.paths import add_force, file_to_write, refuse_existing
from tutorgpt.cli.terminal import columns, labelled, wrapped
from tutorgpt.ground.places import shown
from tutorgpt.ground.whole_files import write_whole
from tutorgpt.learn.record.kept import read_summary
from tutorgpt.learn.tutor import tutor_text

DESCRIPTION = """\
Print a text to give to the chat assistant that you use, before your question.

It says what the chapter is about, what you have passed and tried, which
exercise you are at and which hints you have seen, and how a good tutor
helps: by asking, one thing at a time, never with the solution. It holds no
line of a solution. Nothing is sent anywhere: you copy it yourself.
"""

EPILOG = """\
examples:
  tutorgpt tutor                     where you are by your record
  tutorgpt tutor 3                   chapter 3
  tutorgpt tutor 3.2                 exercise 3.2
  tutorgpt tutor 3.2 --out help.md   into a file, to be attached
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "about",
        nargs="?",
        metavar="CHAPTER_OR_EXERCISE",
        help="a chapter such as 3 or an exercise such as 3.2 (default: what "
        "is next by your record)",
    )
    parser.add_argument(
        "--out",
        type=file_to_write,
        metavar="FILE",
        help="a file to write the text to (default: print it)",
    )
    add_force(parser, "a file")


def run(args: argparse.Namespace) -> int:
    if args.out is not None:
        refuse_existing(args.out, force=args.force)
    text = tutor_text(args.about, read_summary())
    if args.out is None:
        print(for_terminal(text), end="")
        return 0
    write_whole(args.out, text, parents=False)
    said = f"{shown(args.out)}: give it to your assistant, then ask"
    print(labelled("", said, 0))
    return 0


def for_terminal(text: str) -> str:
    """The text with its prose broken between words, its code as it is."""
    if not sys.stdout.isatty():
        return text
    *parts, last = text.split("```")
    prose = [
        part if n % 2 else wrapped_lines(part)
        for n, part in enumerate([*parts, last])
    ]
    return "```".join(prose)


def wrapped_lines(text: str) -> str:
    """Each line of prose in as many as it takes."""
    return "\n".join(wrapped(line, columns()) for line in text.split("\n"))
