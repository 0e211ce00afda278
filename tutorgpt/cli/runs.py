"""tutorgpt runs: what has been trained, and how far."""

import argparse

from tutorgpt.cli.paths import folder_to_read
from tutorgpt.cli.trained import IN_WORDS, places

DESCRIPTION = """\
List the runs of a folder, at any depth: model, text, steps, loss, state.

The best loss is exact, on the validation split, in nats per token. A run is
running as long as a process holds its folder, not begun before its first
checkpoint, stopped if it can go on, ended if all its steps are made or its
loss has stopped improving, diverged if its last loss was not a number, and
damaged if it cannot be read.
"""

EPILOG = """\
examples:
  tutorgpt runs
  tutorgpt runs ~/experiments
  tutorgpt train --resume runs/songci
  tutorgpt compare runs/plain runs/good
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder",
        nargs="?",
        type=folder_to_read,
        metavar="FOLDER",
        help=f"where to look (default: {IN_WORDS})",
    )


def run(args: argparse.Namespace) -> int:
    from tutorgpt.training.looks import look_at, table
    from tutorgpt.training.runs import find_runs

    folders = places() if args.folder is None else [args.folder]
    found = [run for folder in folders for run in find_runs(folder)]
    if not found:
        where = IN_WORDS if args.folder is None else repr(str(args.folder))
        raise FileNotFoundError(
            f"there is no run in {where}: begin one with tutorgpt train, or "
            "name another folder"
        )
    print(table([look_at(folder) for folder in found]))
    return 0
