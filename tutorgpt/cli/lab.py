"""tutorgpt lab: the learner's own copies of the chapters, in JupyterLab."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from tutorgpt import __version__
from tutorgpt.cli.extras import absent
from tutorgpt.cli.paths import folder_to_write
from tutorgpt.cli.terminal import counted, fitted, say
from tutorgpt.desk import running, serving
from tutorgpt.desk.handouts import CHAPTER, chapters
from tutorgpt.desk.making import Outcome, set_desk
from tutorgpt.desk.places import DEFAULT, check_place, default_place
from tutorgpt.ground.locks import HeldError
from tutorgpt.ground.places import paste, shown
from tutorgpt.ground.published import install_here
from tutorgpt.ground.refusal import FailedError, did_you_mean

DESCRIPTION = """\
Open your own copies of the chapters in JupyterLab.

The first time, it makes a folder with all chapters, a notebook to try
things out in, and a README. Later it opens the folder again as you left it:
a chapter that you have changed is never overwritten, one that you have not
changed is brought up to date with the package. Nothing needs a network.
"""

EPILOG = f"""\
A chapter is changed when its cells are, not when they have been run.

examples:
  tutorgpt lab                    begin, or go on tomorrow
  tutorgpt lab ~/gpt --no-start   make the folder, open nothing
  tutorgpt lab --restart 02       chapter 2 as it was at the beginning;
                                  yours stays, with the date in its name
  tutorgpt lab --newer            after an update: the new versions of the
                                  chapters that you have changed, beside them
  tutorgpt lab --port 9000 --no-browser
  tutorgpt lab -- --ip=0.0.0.0    what follows -- is JupyterLab's

default folder: the one that you are in if it has been made by this command,
otherwise {DEFAULT}
"""

PORTS = 65535


def port(text: str) -> int:
    """The number of a port."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= PORTS):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no port: choose a whole number from 1 to {PORTS}"
        )
    return int(text)


def chapter(text: str) -> str:
    """A chapter's file, by its number, its stem or its name."""
    known = chapters()
    for name in known:
        stem = name.removesuffix(".ipynb")
        number, _, topic = stem.partition("_")
        if text in (number, str(int(number)), stem, topic, name):
            return name
    stems = [name.removesuffix(".ipynb") for name in known]
    raise argparse.ArgumentTypeError(
        f"there is no chapter {text!r}: choose one of {', '.join(stems)}, or "
        f"its number{did_you_mean(text, stems)}"
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(passed_on=())
    parser.add_argument(
        "folder",
        nargs="?",
        type=folder_to_write,
        metavar="FOLDER",
        help=f"the folder with your copies (default: {DEFAULT}; see below)",
    )
    parser.add_argument(
        "--restart",
        action="append",
        type=chapter,
        metavar="CHAPTER",
        help="start this chapter over, such as 02; yours is kept with the "
        "date in its name (may be given several times)",
    )
    parser.add_argument(
        "--newer",
        action="store_true",
        help="put this version's text of each chapter that you have changed "
        "beside yours",
    )
    parser.add_argument(
        "--no-start",
        action="store_true",
        help="make the folder, or bring it up to date, and open nothing",
    )
    parser.add_argument(
        "--no-browser",
        action="store_true",
        help="start JupyterLab, but print its address instead of opening it",
    )
    parser.add_argument(
        "--port",
        type=port,
        metavar="N",
        help="where JupyterLab listens (default: 8888, or the next free one)",
    )


def run(args: argparse.Namespace) -> int:
    if not args.no_start:
        refuse_without_lab()
    folder = args.folder or default_place()
    check_place(folder)
    is_open = running.is_open(folder)
    outcome = set_desk(
        folder, args.restart or (), newer=args.newer, update=not is_open
    )
    say(describe(folder, outcome, newer=args.newer))
    if args.no_start:
        reload = is_open and outcome.restarted
        return say_open(folder, outcome) if reload else 0
    try:
        with running.opened(folder):
            return serving.start(folder, for_jupyter(args, folder, outcome))
    except HeldError:
        return say_open(folder, outcome)


def refuse_without_lab() -> None:
    """Say what to install where JupyterLab is not.

    Raises FailedError with the command.
    """
    missing = absent("lab")
    if missing:
        raise FailedError(
            f"JupyterLab needs what is not installed here "
            f"({', '.join(missing)}): {install_here('lab')}"
        )


def for_jupyter(
    args: argparse.Namespace, folder: Path, outcome: Outcome
) -> list[str]:
    """What JupyterLab is told besides the folder.

    It opens the chapter that is begun; otherwise what was open last.
    """
    words = [*args.passed_on]
    if args.no_browser:
        words.append("--no-browser")
    if args.port is not None:
        words.append(f"--port={args.port}")
    begun = [*outcome.restarted] or chapters()[:1] * outcome.is_new
    return words + [str((folder / name).resolve()) for name in begun[:1]]


def say_open(folder: Path, outcome: Outcome) -> int:
    """JupyterLab runs there already: say where, which is what was asked."""
    where = running.address(folder)
    at = f"at {where}" if where else "in a browser's tab"
    line = f"JupyterLab is open there already, {at}"
    if outcome.restarted:
        line += "\nin a tab with that chapter: File, Reload Notebook from Disk"
    say(fitted(line, 2))
    return 0


def describe(folder: Path, outcome: Outcome, *, newer: bool) -> str:
    """What was done, a line each."""
    return "\n".join(
        fitted(line, 2) for line in _lines(folder, outcome, newer)
    )


def _lines(folder: Path, outcome: Outcome, newer: bool) -> Iterable[str]:
    this = f"tutorgpt {__version__}"
    where = shown(folder.resolve())
    new, updated = (
        [name for name in names if CHAPTER.fullmatch(name)]
        for names in (outcome.written, outcome.updated)
    )
    if outcome.is_new:
        all_here = counted(len({*new, *outcome.restarted}), "chapter")
        copies = f"your copies of {all_here}"
        yield f"{where}: {copies}, and scratch.ipynb"
        first, *others = chapters()
        if first.startswith("00_"):
            first += f", or with {others[0]} if you have used PyTorch"
        yield f"begin with {first}; README.md says how to go on"
    else:
        is_as_left = not (new or updated or outcome.restarted)
        yield f"{where}: your chapters{', as you left them' * is_as_left}"
        for name in new:
            yield f"{name}: handed out, that of {this}"
    if outcome.damaged is not None:
        yield (
            "the list of what was handed out could not be read and lies in "
            f"{shown(outcome.damaged)}: every chapter that differs from "
            f"{this} is taken for yours"
        )
    for name in updated:
        yield f"{name}: not changed by you, now the version of {this}"
    for name, kept in outcome.restarted.items():
        yours = f"; yours is {shown(kept)}" if kept else ""
        yield f"{name}: as it was at the beginning{yours}"
    for name in outcome.missing:
        again = paste("tutorgpt", "lab", folder, "--restart", name[:2])
        yield f"{name}: removed or renamed; bring it back with {again}"
    for name in outcome.unreadable:
        again = paste("tutorgpt", "lab", folder, "--restart", name[:2])
        yield (
            f"{name}: cannot be read as a notebook and stays as it is; "
            f"start it over with {again}"
        )
    for name, place in outcome.beside.items():
        yield f"{name}: yours; that of {this} is {shown(place)}"
    if outcome.changed:
        beside = paste("tutorgpt", "lab", folder, "--newer")
        yield (
            f"{', '.join(outcome.changed)}: changed by you and kept; {this} "
            f"has another version; to put it beside yours, type {beside}"
        )
    elif newer and not outcome.beside:
        yield f"{this} has no other version of a chapter you have changed"
