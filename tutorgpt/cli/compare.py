"""tutorgpt compare: several runs in one table and one figure."""

import argparse
import math
from pathlib import Path

from tutorgpt.cli.paths import (
    add_force,
    file_to_write,
    folder_to_read,
    refuse_existing,
)
from tutorgpt.cli.run_table import Look, aligned, look_at, text_name
from tutorgpt.cli.terminal import shown
from tutorgpt.text.floors import Floors

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
    folders = list({each.resolve(): each for each in args.folders}.values())
    if len(folders) < 2:
        raise ValueError(
            "one run is nothing to compare: name two folders or more "
            "(tutorgpt runs lists them)"
        )
    if args.figure.suffix.lower() != ".svg":
        raise ValueError(
            f"--figure {args.figure} needs a name that ends in .svg, such as "
            f"{args.figure.with_suffix('.svg')}"
        )
    refuse_existing(args.figure, force=args.force)
    looks = [measured(look_at(folder)) for folder in folders]
    if len({look.settings.fingerprint for look in looks}) == 1:
        unit, scales = "nats per token", [1.0] * len(looks)
        floors, note = floors_of(looks[0])
    else:
        unit, scales = "bits per byte", [bits_per_byte(x) for x in looks]
        floors, note = None, "no floors: the texts differ"
    print(table(looks, unit, scales), *filter(None, [note]), sep="\n")
    draw(looks, floors, unit, scales, args.figure)
    print(f"written: {args.figure}")
    return 0


def measured(look: Look) -> Look:
    """The run itself, if it has a loss that is a number."""
    if look.trouble:
        raise ValueError(look.trouble)
    if not look.records:
        raise ValueError(
            f"the run in {str(look.folder)!r} has no loss to compare (it is "
            f"{look.state}): leave it out, or wait for its first one if it "
            "still runs"
        )
    return look


def table(looks: list[Look], unit: str, scales: list[float]) -> str:
    """One line a run, with its best and its newest loss."""
    rows = [
        ("run", "model", "text", "steps", "best", "after", "newest", "state")
    ]
    for look, scale in zip(looks, scales, strict=True):
        settings, best, newest = (
            look.settings,
            look.history.best,
            look.records[-1],
        )
        rows.append(
            (
                str(look.folder),
                settings.model,
                text_name(settings),
                f"{look.step:,}/{settings.training.max_steps:,}",
                f"{scale * best.val_loss:.4f}",
                f"{best.step:,}",
                f"{scale * newest.val_loss:.4f}",
                look.state,
            )
        )
    return "\n".join([*aligned(rows), f"losses in {unit}, exact"])


def bits_per_byte(look: Look) -> float:
    """What turns a run's nats per token into bits per byte."""
    per_token = look.settings.bytes_per_token
    if per_token is None:
        raise ValueError(
            f"the run in {str(look.folder)!r} learned from another text and "
            "does not say how many bytes its tokens stand for (an older "
            "tutorgpt began it): compare it with runs over its own text"
        )
    return 1 / math.log(2) / per_token


def floors_of(look: Look) -> tuple[Floors | None, str]:
    """What counting reaches on a run's text; else why that is not known."""
    from tutorgpt.text.corpus import load_corpus
    from tutorgpt.text.floors import measure_floors
    from tutorgpt.training.runs import fingerprint

    try:
        corpus = load_corpus(look.settings.corpus)
        if fingerprint(corpus) != look.settings.fingerprint:
            return None, "no floors: the text has changed since"
        return measure_floors(corpus), ""
    except (OSError, ValueError) as error:
        return None, f"no floors: {error}"


def in_legend(folder: Path) -> str:
    """A folder's name as matplotlib writes it: no formula, never left out.

    It sets what stands between two $, and shows no name that begins with _.
    """
    return "./" * str(folder).startswith("_") + shown(folder).replace(
        "$", r"\$"
    )


def draw(
    looks: list[Look],
    floors: Floors | None,
    unit: str,
    scales: list[float],
    path: Path,
) -> None:
    """The curves as a figure."""
    import matplotlib

    matplotlib.use("Agg")  # a file, never a window
    from tutorgpt.ground.whole_files import write_whole
    from tutorgpt.view.losses import plot_history
    from tutorgpt.view.style import picture

    names = [in_legend(look.folder) for look in looks]
    figure = plot_history(
        dict(zip(names, (look.history for look in looks), strict=True)),
        floors=floors,
        title="Losses of the runs compared",
        label=f"validation loss ({unit})",
        scales=dict(zip(names, scales, strict=True)),
    )
    write_whole(path, picture(figure, "svg").decode(), parents=False)
