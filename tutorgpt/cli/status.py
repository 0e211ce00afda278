"""tutorgpt status: how far have I come?"""

import argparse

from tutorgpt.cli.terminal import fitted, labelled, shown
from tutorgpt.learn.record.kept import progress_file, summary, trouble
from tutorgpt.learn.report import report, times

DESCRIPTION = """\
Show which exercises have passed, what is left, and what to do next.

The same as progress() in a notebook: one line a chapter with the exercises
passed, the quiz answers and the minutes left. The minutes are an estimate
from the length of each exercise, and one minute for a question; after three
exercises they follow your own pace.
"""

EPILOG = """\
The record is one JSON file on this machine; nothing is sent anywhere. A
file that cannot be read is set aside under another name, never overwritten.

examples:
  tutorgpt status
  tutorgpt status --times
  TUTORGPT_PROGRESS_FILE=~/notes/gpt.json tutorgpt status

environment variables:
  TUTORGPT_PROGRESS_FILE  the file that keeps the record
                          (default: in the user's data folder)
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--times",
        action="store_true",
        help="list every exercise with its estimated minutes and yours",
    )


def run(args: argparse.Namespace) -> int:
    try:
        known = summary()
    except OSError as error:
        raise ValueError(trouble("read", error)) from error
    print(fitted(times(known) if args.times else report(known), 11))
    print(labelled("kept in ", shown(progress_file())))
    return 0
