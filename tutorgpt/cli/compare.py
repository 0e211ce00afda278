"""tutorgpt compare: several runs in one table and one figure."""

import argparse
from pathlib import Path

from tutorgpt.cli.paths import (
    add_force,
    file_to_write,
    folder_to_read,
    refuse_existing,
)
from tutorgpt.ground.whole_files import write_whole

DESCRIPTION = """\
Compare runs: one line each, and their curves in one figure.

Runs over the same text are compared in nats per token, beside the floors of
counting where the text can be read. Runs over different texts are compared
in bits per byte of the validation split: the only unit that they share. One
text can be harder than another, which no unit takes away.
"""

EPILOG = """\
examples:
  tutorgpt compare runs/plain runs/good
  tutorgpt compare runs/plain runs/good --figure curves.svg
"""

DEFAULT = Path("compare.svg")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folders",
        nargs="+",
        type=folder_to_read,
        metavar="RUN_FOLDER",
        help="the folders of two runs or more",
    )
    parser.add_argument(
        "--figure",
        type=file_to_write,
        default=DEFAULT,
        metavar="FILE.svg",
        help=f"the figure to write (default: {DEFAULT})",
    )
    add_force(parser, "a figure")


def run(args: argparse.Namespace) -> int:
    if args.figure.suffix.lower() != ".svg":
        raise ValueError(
            f"--figure {args.figure} needs a name that ends in .svg, such as "
            f"{args.figure.with_suffix('.svg')}"
        )
    refuse_existing(args.figure, force=args.force)
    import matplotlib

    matplotlib.use("Agg")  # a file, never a window
    from tutorgpt.view.compare import Comparison
    from tutorgpt.view.style import picture

    comparison = Comparison.of(args.folders)
    print(comparison.table())
    drawn = picture(comparison.draw(), words=True).decode()
    write_whole(args.figure, drawn, parents=False)
    print(f"written: {args.figure}")
    return 0
