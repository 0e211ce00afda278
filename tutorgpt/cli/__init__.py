"""The tutorgpt command: what the tutorial does, without a notebook."""

import argparse
import os
import re
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import FrameType, ModuleType
from typing import NoReturn

from tutorgpt import __version__
from tutorgpt.cli.terminal import HelpFormatter, columns, wrapped
from tutorgpt.ground.places import paste
from tutorgpt.ground.refusal import FailedError, did_you_mean

ALONE = ("-h", "--help", "--version", "--debug")
"""What can be asked without a command."""

COMMANDS = {
    "doctor": "check whether this machine is ready for the tutorial",
    "lab": "open your own copies of the chapters in JupyterLab",
    "data": "fetch a text, check it, and show what it is",
    "lint-text": "look at a text before a model learns from it",
    "ladder": "train all six models with one budget and compare their losses",
    "train": "train one model, stoppable at any moment",
    "runs": "list the runs of a folder: how far, how good, in what state",
    "compare": "set several runs side by side, in a table and a figure",
    "eval": "measure a trained model's exact loss on its validation split",
    "sample": "let a trained model write, token by token",
    "pretrained": "run a model that others have trained, such as SmolLM2",
    "originality": "measure how much a trained model copies from its text",
    "export": "write a trained model as a web page, or for other programs",
    "status": "show which exercises have passed, and what to do next",
    "tutor": "print a text that makes your chat assistant a good tutor",
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
  tutorgpt lab                         open the chapters in JupyterLab
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


NO_MEMORY = ("allocate memory", "out of memory")
"""How torch says it, on a processor and on a GPU."""


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence that ends in a remedy."""

    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{message} (see {self.prog} --help)")


class CommandParser(Parser):
    """The parser of one command; an option it lacks is refused first.

    Otherwise the word after a misspelt option would be taken for a folder,
    and a complaint about it would hide the misspelling. A command that
    hands words on, as its default passed_on says, gets those after a lone
    -- in it.
    """

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[override]
        if args is not None and self.get_default("passed_on") is not None:
            ours = before_two_dashes(args)
            rest = tuple(args[len(ours) + 1 :])
            parsed, unknown = self._parse_known(ours, namespace)
            parsed.passed_on = rest
            return parsed, unknown
        return self._parse_known(args, namespace)

    def _parse_known(self, args, namespace):  # type: ignore[no-untyped-def]
        known = list(self._option_string_actions)
        for word in before_two_dashes(args or ()):
            name = word.partition("=")[0]
            if OPTION.fullmatch(name) and not any(
                option.startswith(name) for option in known
            ):
                refuse([word], self.prog, known)
        return super().parse_known_args(args, namespace)


OPTION = re.compile(r"--[a-zA-Z][\w-]*")


def before_two_dashes(words: Sequence[str]) -> Sequence[str]:
    """The words that may be options: those before a lone --."""
    return words[: words.index("--")] if "--" in words else words


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code and never raises an error."""
    argv = list(sys.argv[1:] if argv is None else argv)
    # Before torch is read: threads that wait for each other sleep. Those
    # that keep asking are up to 17 times slower where another program wants
    # one of the cores (benchmarks/results/threads.json).
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal without Unicode
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        with termination_noticed(), warnings_as_sentences():
            code = run(argv)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt as stopped:
        print(file=sys.stderr)
        complain(str(stopped) or "stopped")
        return 128 + getattr(stopped, "signal", signal.SIGINT)
    except Exception as error:
        if "--debug" in argv:
            traceback.print_exc()
            return exit_code(error)
        complain(one_sentence(error))
        return exit_code(error)


class Terminated(KeyboardInterrupt):
    """SIGTERM has come, which is obeyed as Ctrl-C is."""

    signal = signal.SIGTERM


@contextmanager
def termination_noticed() -> Iterator[None]:
    """Inside, SIGTERM ends a command with a sentence and no half file."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Terminated

    # torchrun ends a worker that waits for the others in C, where no Python
    # handler would run: there the system's own way is the quick one.
    ours = threading.current_thread() is threading.main_thread()
    ours = ours and "LOCAL_RANK" not in os.environ
    if ours and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
    else:
        yield


@contextmanager
def warnings_as_sentences() -> Iterator[None]:
    """Inside, a warning is what it says, without the line of ours it is from.

    What torch and others warn of is not for the command's reader.
    """

    def show(message, category, filename, lineno, file=None, line=None):
        if category is UserWarning and "tutorgpt" in filename:
            complain(str(message))

    with warnings.catch_warnings():
        warnings.showwarning = show
        warnings.filterwarnings("always", category=UserWarning, module="tut")
        yield


def run(argv: list[str]) -> int:
    """Parse the arguments and hand them to their command."""
    check_command(argv)
    chosen = next((word for word in argv if word in COMMANDS), None)
    args, unknown = build_parser(chosen).parse_known_args(argv)
    for name, value in vars(args).items():
        if value == []:  # what argparse makes of --steps=-- and the like
            option = name.replace("_", "-")
            raise ValueError(f"--{option}=-- has no value: write one after =")
    refuse(unknown, f"tutorgpt {args.command}")
    return module_of(args.command).run(args)


def module_of(command: str) -> ModuleType:
    """The module that does what a command says."""
    return import_module(f"tutorgpt.cli.{command.replace('-', '_')}")


def build_parser(chosen: str | None) -> Parser:
    """The parser of the command, with the options of the chosen one."""
    parser = Parser(
        prog="tutorgpt",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=HelpFormatter,
    )
    parser.add_argument(
        "--version", action="version", version=f"tutorgpt {__version__}"
    )
    debug = CommandParser(add_help=False)
    debug.add_argument(
        "--debug",
        action="store_true",
        help="show the Python traceback of an error",
    )
    subparsers = parser.add_subparsers(
        dest="command",
        metavar="COMMAND",
        required=True,
        title="commands",
        parser_class=CommandParser,
    )
    for name, summary in COMMANDS.items():
        if name != chosen:
            subparsers.add_parser(name, help=summary)
            continue
        module = module_of(name)
        module.add_arguments(
            subparsers.add_parser(
                name,
                help=summary,
                description=module.DESCRIPTION,
                epilog=module.EPILOG,
                formatter_class=HelpFormatter,
                parents=[debug],
            )
        )
    return parser


def check_command(argv: list[str]) -> None:
    """Refuse an unknown command, with the known ones and the nearest."""
    command = next((word for word in argv if not word.startswith("-")), None)
    if command is None:
        unknown = [word for word in argv if word not in ALONE]
        refuse(unknown, "tutorgpt", ALONE)
        return
    if command in COMMANDS:
        return
    raise ValueError(
        f"there is no command {command!r}: the known ones are "
        f"{', '.join(COMMANDS)}{did_you_mean(command, COMMANDS)}"
    )


def refuse(
    unknown: Sequence[str], command: str, known: Iterable[str] = ()
) -> None:
    """Name the options that a command does not have, and the nearest."""
    if unknown:
        guess = did_you_mean(unknown[0].partition("=")[0], known)
        raise ValueError(
            f"unrecognized arguments: {paste(*unknown)} "
            f"(see {command} --help){guess}"
        )


def complain(sentence: str) -> None:
    """Say one sentence: a line of its own, but whole words in a terminal."""
    said = f"tutorgpt: {sentence}"
    if sys.stderr.isatty():
        said = wrapped(said, columns())
    print(said, file=sys.stderr)


def exit_code(error: Exception) -> int:
    """2 for input that cannot be used, 1 for a fault that is ours."""
    return 2 if isinstance(error, ValueError | OSError) else 1


def one_sentence(error: Exception) -> str:
    """What an error says, and for a fault of ours how to look closer."""
    first, *others = str(error).splitlines() or [type(error).__name__]
    text = " ".join([first, *others])
    if isinstance(error, OSError) and error.strerror:  # not a sentence of ours
        if error.filename is None:
            text = (
                f"what is printed cannot be written ({error.strerror}): send "
                "it somewhere else"
            )
        else:
            text = f"{error.filename!r} cannot be used ({error.strerror})"
    if exit_code(error) == 2 or isinstance(error, FailedError):
        return text
    if any(word in text for word in NO_MEMORY):
        return (
            "this needs more memory than there is: choose a smaller preset "
            "or --batch-size, or compute a batch in more parts with "
            "--accumulation"
        )
    return (
        f"unexpected {type(error).__name__} ({first}): "
        "run the command again with --debug to see where"
    )
