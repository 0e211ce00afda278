"""tutorgpt status: how far have I come?"""

import argparse
import datetime

from tutorgpt.cli.arguments import given
from tutorgpt.cli.paths import (
    add_force,
    file_to_write,
    folder_to_read,
    refuse_existing,
)
from tutorgpt.cli.terminal import fitted, labelled
from tutorgpt.cli.trained import IN_WORDS, places
from tutorgpt.ground.places import shown
from tutorgpt.ground.whole_files import write_whole
from tutorgpt.learn.record.kept import progress_file, read_summary
from tutorgpt.learn.report import report, times

DESCRIPTION = """\
Show which exercises have passed, what is left, and what to do next.

The same as progress() in a notebook: one line a chapter with the exercises
passed, the quiz answers and the minutes left. The minutes are an estimate
from the length of each exercise, and one minute for a question; after three
exercises they follow your own pace.

With --report it writes one page of facts instead, to keep, print or hand in:
chapters, trained models with their losses beside the floors of counting and
what they wrote, exercises with tries and minutes, answers, what is next. The
page needs no network. It has no path and not the name that this computer
knows you by: of your folders it shows only the names of runs and models, and
of a text of your own the losses alone.
"""

EPILOG = """\
The record is one JSON file on this machine; nothing is sent anywhere. A
file that cannot be read is set aside under another name, never overwritten.

examples:
  tutorgpt status
  tutorgpt status --times
  tutorgpt status --report built.html
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
    parser.add_argument(
        "--report",
        type=file_to_write,
        metavar="FILE.html",
        help="write a page of facts to this file (default: none)",
    )
    parser.add_argument(
        "--runs",
        type=folder_to_read,
        metavar="FOLDER",
        help="where the report looks for trained models, at any depth "
        f"(default: {IN_WORDS})",
    )
    add_force(parser, "a report")


def run(args: argparse.Namespace) -> int:
    check_report(args)
    known = read_summary()
    if args.report is not None:
        # Models are looked at, which needs torch and matplotlib.
        from tutorgpt.learn.facts import gather
        from tutorgpt.learn.facts_page import page

        folders = places() if args.runs is None else [args.runs]
        text = page(gather(known, folders), datetime.date.today())
        write_whole(args.report, text, parents=False)
        said = f"{shown(args.report)}: open it in a browser, or print it"
        print(labelled("", said, 0))
        return 0
    print(fitted(times(known) if args.times else report(known), 11))
    print(labelled("kept in ", shown(progress_file())))
    return 0


def check_report(args: argparse.Namespace) -> None:
    """Refuse what does not go together, before anything is read."""
    if args.report is None:
        idle = given(args, runs=None, force=False)
        if idle:
            raise ValueError(
                f"{idle[0]} is for the report: name its file with "
                "--report FILE.html, or leave it out"
            )
        return
    if args.times:
        raise ValueError(
            "--times and --report are two answers: leave one of them out "
            "(the report has the minutes too)"
        )
    if args.report.suffix.lower() not in (".html", ".htm"):
        raise ValueError(
            f"--report {shown(args.report)} needs a name that ends in .html, "
            f"such as {shown(args.report.with_suffix('.html'))}"
        )
    if args.runs is not None and not args.runs.is_dir():
        raise ValueError(
            f"there is no folder {str(args.runs)!r} to look for trained "
            "models in: name another one, or leave --runs out"
        )
    refuse_existing(args.report, force=args.force)
