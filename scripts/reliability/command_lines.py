"""Command lines drawn at random from what is right and what is wrong."""

import argparse
import random
import resource
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from scripts.reliability.holds import (
    Outcome,
    Snapshot,
    Tally,
    call,
    ending,
    untouched,
)
from scripts.reliability.results import is_whole
from scripts.reliability.scene import (
    TEXT,
    parser_of,
    set_scene,
    surroundings,
    workplace,
)
from tutorgpt.cli import COMMANDS, doctor
from tutorgpt.desk import making, serving
from tutorgpt.ground.whole_files import is_sound
from tutorgpt.training.runs import RunFolder

COUNT = 2100
MEMORY = 6 * 2**30
"""Bytes that a command may take; what asks for more is told so."""
LEFT_OUT = {"--debug", "--compile", "--help", "-h"}
"""A traceback is asked for; half a minute of a compiler; and exit code 0."""
RIGHT = 0.75
"""The share of values that are drawn from the right ones."""


def _read_values() -> dict[str, tuple[list[str], list[str]]]:
    text = Path(__file__).with_name("values.toml").read_text("utf-8")

    def spelt(words: list[str]) -> list[str]:
        replaced = (word.replace("{long}", "x" * 300) for word in words)
        # As Python holds a name whose bytes are no UTF-8.
        return [word.replace("{bytes}", "caf\udce9") for word in replaced]

    return {
        kind: (spelt(values["right"]), spelt(values["wrong"]))
        for kind, values in tomllib.loads(text).items()
    }


VALUES = _read_values()
"""Right and wrong values of each kind."""
SLOW = {"steps", "tokens", "seeds", "accumulation"}
"""Whole numbers that decide how long a command takes: small ones only."""


def values(action: argparse.Action) -> tuple[list, list]:
    """Right and wrong values of an option, as its parser describes it."""
    name = action.dest
    if action.choices is not None:
        right = [str(choice) for choice in action.choices]
        right = [choice for choice in right if choice != "large"]
        return right, ["", "春", right[0].upper() + "x", right[0][:-1], "--"]
    kind = KINDS.get(getattr(action.type, "__name__", ""), KINDS.get(name))
    if kind is not None:
        return VALUES[kind]
    right, wrong = VALUES["whole"]
    return right if name in SLOW else right + VALUES["big"][0], wrong


KINDS = {
    "text_to_read": "corpus",
    "folder_to_read": "place",
    "file_to_read": "place",
    "folder_to_write": "new",
    "file_to_write": "new",
    "place_to_write": "new",
    "positive": "number",
    "share": "number",
    "device": "device",
    "threads": "threads",
    "model": "model",
    "chapter": "chapter",
    "port": "port",
    "title": "text",
    "prompt": "text",
    "samples": "text",
    "about": "exercise",
}
"""What kind of value an option takes, by its reader or its name; of the
others, whole numbers."""


def draw_line(number: int, seed: int) -> tuple[str, ...]:
    """The command line of this number."""
    chance = random.Random(f"command lines {seed} {number}")
    command = list(COMMANDS)[number % len(COMMANDS)]
    parser = parser_of(command)
    words: list[str] = []
    for action in parser._actions:
        options = [o for o in action.option_strings if o.startswith("--")]
        if set(action.option_strings) & LEFT_OUT:
            continue
        wanted = 0.92 if not options else 0.15
        if options and options[0] == "--resume":
            wanted = 0.3
        if chance.random() > wanted:
            continue
        words += _draw_option(action, options, chance)
    words = _mistyped(words, chance)
    return (command, *words, *_kept_short(command, words))


def _draw_option(
    action: argparse.Action,
    options: list[str],
    chance: random.Random,
) -> list[str]:
    if action.nargs == 0:
        return options[:1]
    right, wrong = values(action)
    many = chance.randrange(1, 4) if action.nargs in ("*", "+") else 1
    drawn = [
        chance.choice(right if chance.random() < RIGHT else wrong)
        for _ in range(many)
    ]
    if not options:
        return drawn
    if chance.random() < 0.4:
        return [f"{options[0]}={drawn[0]}", *drawn[1:]]
    return [options[0], *drawn]


def _mistyped(words: list[str], chance: random.Random) -> list[str]:
    """Sometimes one word is misspelt, doubled, missing or too many."""
    if chance.random() < 0.85 or not words:
        return words
    at = chance.randrange(len(words))
    word = words[at]
    other = chance.choice(
        (
            [],
            [word, word],
            [word[:3] + word[4:]],
            [word.upper()],
            [word, chance.choice(("--setps", "--speed", "-q", "extra", ""))],
        )
    )
    return [*words[:at], *other, *words[at + 1 :]]


def _kept_short(command: str, words: list[str]) -> list[str]:
    """What keeps a command far below a second, where it was not drawn."""
    short = {
        "train": {
            "--corpus": "cats.txt",
            "--steps": "2",
            "--threads": "1",
            "--preset": "tiny",
        },
        "ladder": {"--corpus": "cats.txt", "--steps": "1", "--preset": "tiny"},
    }.get(command, {})
    if any(word.startswith("--resume") for word in words):
        return []
    return [
        word
        for name, value in short.items()
        if not any(word.split("=")[0] == name for word in words)
        for word in (name, value)
    ]


def add_strange_files(folder: Path) -> None:
    """Texts that are none, and places with uncommon names."""
    for name, content in {
        "empty.txt": b"",
        "one.txt": b"a",
        "short.txt": b"too short",
        "latin.txt": "caf\xe9 ".encode("latin-1") * 40,
        "utf16.txt": TEXT.encode("utf-16-le"),
        "bom.txt": b"\xef\xbb\xbf" + TEXT.encode(),
        "nul.txt": b"\0" * 900,
        "control.txt": (TEXT + "\x1b[2J\x07\x08" * 9).encode(),
        "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
        "broken.tokens": (folder / "cats.tokens").read_bytes()[:-9],
        "春/猫 1.txt": TEXT.encode(),
        "home/cats.txt": TEXT.encode(),
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "empty").mkdir()


@contextmanager
def limited_memory() -> Iterator[None]:
    """Nobody's computer is brought down by a number with many digits."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def run(seed: int, count: int = COUNT, only: int | None = None) -> Tally:
    """Try as many command lines, each in a folder as it was made."""
    tally = Tally("command lines", seed)
    with workplace() as place:
        scene = set_scene(place / "scene")
        add_strange_files(scene)
        copy = place / "copy"
        before = Snapshot.of(scene)
        after = None
        for number in range(count) if only is None else (only,):
            if after != before:
                shutil.rmtree(copy, ignore_errors=True)
                shutil.copytree(scene, copy)
            argv = draw_line(number, seed)
            with (
                surroundings(copy),
                limited_memory(),
                mock.patch.object(doctor, "estimate", return_value=()),
                mock.patch.object(serving, "start", return_value=0),
                mock.patch.object(making, "trust"),
            ):
                outcome = call(argv, seconds=30)
                after = Snapshot.of(copy)
                found = judge(outcome, copy, before, after)
            tally.count("command lines", f"  exit code {outcome.code}")
            tally.note(f"line {number}", outcome, found)
    return tally


def judge(
    outcome: Outcome, folder: Path, before: Snapshot, after: Snapshot
) -> list[str]:
    """What does not hold after a command line."""
    found = ending(outcome)
    if is_diverged(outcome):
        lost = before.lost(after)
        return found + [f"it changed {name}" for name in lost]
    if not outcome.is_done:
        return found + untouched(before, after)
    args = parser_of(outcome.argv[0]).parse_args(outcome.argv[1:])
    found += is_done(outcome.argv[0], args)
    may_change = _may_change(outcome.argv[0], args)
    found += [
        f"it overwrote {name}"
        for name in before.lost(after)
        if not name.startswith(may_change)
    ]
    return found


def is_diverged(outcome: Outcome) -> bool:
    """Whether a run has ended early and keeps its last good checkpoint."""
    return outcome.code == 1 and "loss is" in outcome.err


def _may_change(command: str, args: argparse.Namespace) -> tuple[str, ...]:
    """Where a command that succeeds may change what is there already."""
    if getattr(args, "force", False):
        return ("",)
    if command == "train" and args.resume:
        return (args.resume.as_posix(),)
    if command == "ladder":
        return ("results/mine",)
    return ("cache",)


WRITING = {
    "export": ("place", "<!doctype html>"),
    "cards": ("file", "#"),
    "status": ("report", "<!doctype html>"),
    "tutor": ("out", "# How to be a tutor here"),
}
"""Commands that write one file: by which argument, and how it begins."""


def is_done(command: str, args: argparse.Namespace) -> list[str]:
    """Whether a command that ended well has left what it is there for."""
    if command == "train":
        return _is_trained(args)
    if command == "export" and args.to != "page":
        return _is_exported(args)
    if command in WRITING:
        name, start = WRITING[command]
        file = getattr(args, name)
        if file is None or (file := file.expanduser()).is_char_device():
            return []
        text = file.read_text("utf-8") if file.is_file() else ""
        if not text.startswith(start):
            return [f"exit code 0, but {str(file)!r} is not what was asked"]
    if command == "data" and args.tokens:
        there = is_whole(args.tokens.expanduser())
        return [] if there else ["exit code 0, but there is no token file"]
    if command == "lab":
        folder = (args.folder or Path("my-tutorgpt")).expanduser()
        if not (folder / "01_bigram.ipynb").is_file():
            return ["exit code 0, but there are no chapters"]
    if command == "compare" and not is_whole(args.figure):
        return ["exit code 0, but there is no figure"]
    if command == "ladder":
        out = args.out.expanduser()
        if not list(out.glob("ladder_*.json")):
            return ["exit code 0, but the record is not there"]
    return []


def _is_exported(args: argparse.Namespace) -> list[str]:
    place = args.place.expanduser()
    if place.is_dir():
        there = is_sound(place)
    else:
        there = place.is_char_device() or place.stat().st_size > 0
    return [] if there else ["exit code 0, but it is not written"]


def _is_trained(args: argparse.Namespace) -> list[str]:
    out = (args.resume or args.out or Path("runs/latest")).expanduser()
    kept = RunFolder(out).checkpoints
    if not (out / "run.json").is_file() or not kept:
        return ["exit code 0, but there is no run"]
    if not all(map(is_sound, kept)):
        return ["exit code 0, but a checkpoint is damaged"]
    if not (out / "history.json").is_file():
        return ["exit code 0, but there is no history"]
    if "NaN" in (out / "history.json").read_text("utf-8"):
        return ["exit code 0 with a loss that is not a number"]
    if args.steps and not args.patience:
        last = int(kept[-1].name.removeprefix("step_"))
        if last != args.steps:
            return [f"exit code 0 after {last} of {args.steps} steps"]
    return []
