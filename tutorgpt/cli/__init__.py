"""The tutorgpt command: what the tutorial does, without a notebook."""

import argparse
import difflib
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from tutorgpt import __version__
from tutorgpt.ground.refusal import FailedError

ALONE = ("-h", "--help", "--version", "--debug")
"""What can be asked without a command."""

COMMANDS = {
    "doctor": "check whether this machine is ready for the tutorial",
    "data": "fetch a text, check it, and show what it is",
    "ladder": "train all six models with one budget and compare their losses",
    "train": "train one model, stoppable at any moment",
    "eval": "measure a trained model's exact loss on its validation split",
    "sample": "let a trained model write, character by character",
    "export": "write a trained model as one web page to play with",
    "status": "show which exercises have passed, and what to do next",
    "cards": "write the quizzes as flash cards for Anki",
}
"""Every command and its summary; its module is imported when it is run."""

DESCRIPTION = """\
From bigram to GPT: the models of the tutorial, from the command line.

Every command explains itself: tutorgpt COMMAND --help.
"""

EPILOG = """\
examples:
  tutorgpt doctor                      is this machine ready?
  tutorgpt ladder                      train all six models and compare them
  tutorgpt sample --prompt "ROMEO:"    let the last one of them write
  tutorgpt export results/mine page.html
                                       make it a web page to play with
  tutorgpt status                      which exercises have you passed?

environment variables:
  TUTORGPT_CACHE        folder for fetched texts
                        (default: the user's cache folder)
  TUTORGPT_DATA_MIRROR  http(s) or file URL, or folder, to fetch them from
                        (default: the projects that publish them)
  TUTORGPT_PROGRESS     0 turns progress bars off

exit codes:
  0 done    1 something needed is missing, or a fault of tutorgpt
  2 input that cannot be used    130 stopped with Ctrl-C
"""


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence that ends in a remedy."""

    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{message} (see {self.prog} --help)")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code and never raises an error."""
    argv = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal without Unicode
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        code = run(argv)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt as stopped:
        print("\ntutorgpt: stopped", file=sys.stderr)
        return 128 + getattr(stopped, "signal", signal.SIGINT)
    except Exception as error:
        if "--debug" in argv:
            traceback.print_exc()
            return exit_code(error)
        print(f"tutorgpt: {one_sentence(error)}", file=sys.stderr)
        return exit_code(error)


def run(argv: list[str]) -> int:
    """Parse the arguments and hand them to their command."""
    check_command(argv)
    chosen = next((word for word in argv if word in COMMANDS), None)
    args, unknown = build_parser(chosen).parse_known_args(argv)
    refuse(unknown, f"tutorgpt {args.command}")
    return import_module(f"tutorgpt.cli.{args.command}").run(args)


def build_parser(chosen: str | None) -> Parser:
    """The parser of the command, with the options of the chosen one."""
    parser = Parser(
        prog="tutorgpt",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--version", action="version", version=f"tutorgpt {__version__}"
    )
    debug = Parser(add_help=False)
    debug.add_argument(
        "--debug",
        action="store_true",
        help="show the Python traceback of an error",
    )
    subparsers = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, title="commands"
    )
    for name, summary in COMMANDS.items():
        if name != chosen:
            subparsers.add_parser(name, help=summary)
            continue
        module = import_module(f"tutorgpt.cli.{name}")
        module.add_arguments(
            subparsers.add_parser(
                name,
                help=summary,
                description=module.DESCRIPTION,
                epilog=module.EPILOG,
                formatter_class=argparse.RawDescriptionHelpFormatter,
                parents=[debug],
            )
        )
    return parser


def check_command(argv: list[str]) -> None:
    """Refuse an unknown command, with the known ones and the nearest."""
    command = next((word for word in argv if not word.startswith("-")), None)
    if command is None:
        refuse([word for word in argv if word not in ALONE], "tutorgpt")
        return
    if command in COMMANDS:
        return
    near = difflib.get_close_matches(command, COMMANDS, n=1)
    guess = f"; did you mean {near[0]!r}?" if near else ""
    raise ValueError(
        f"there is no command {command!r}: the known ones are "
        f"{', '.join(COMMANDS)}{guess}"
    )


def refuse(unknown: Sequence[str], command: str) -> None:
    """Name the options that a command does not have."""
    if unknown:
        raise ValueError(
            f"unrecognized arguments: {' '.join(unknown)} "
            f"(see {command} --help)"
        )


def exit_code(error: Exception) -> int:
    """2 for input that cannot be used, 1 for a fault that is ours."""
    return 2 if isinstance(error, ValueError | OSError) else 1


def one_sentence(error: Exception) -> str:
    """What an error says, and for a fault of ours how to look closer."""
    text = str(error) or type(error).__name__
    if exit_code(error) == 2 or isinstance(error, FailedError):
        return text
    return (
        f"unexpected {type(error).__name__} ({text.splitlines()[0]}): "
        "run the command again with --debug to see where"
    )
