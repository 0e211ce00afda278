"""What must hold after a command, whatever was done to it."""

import hashlib
import io
import re
import shlex
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import torch

from tutorgpt.cli import main

MOST_SECONDS = 60.0
STRANGE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Control characters, which can rearrange a terminal."""
RAW = re.compile(
    r"Traceback|unexpected \w*(?:Error|Exception)|\[Errno|\(None\)|Warning:"
    r"|__init__\(\)"
)
"""What no reader should see, in what a command says of itself."""
REFUSED = (1, 2)


class TooLongError(BaseException):
    """Not an Exception: no command may catch it and go on."""


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and what it said."""

    argv: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def is_done(self) -> bool:
        return self.code == 0


def call(argv: tuple[str, ...], seconds: float = MOST_SECONDS) -> Outcome:
    """Run a command in this process, as a shell without a terminal would."""
    return act(argv, lambda: main(argv), seconds)


def act(
    argv: tuple[str, ...],
    action: Callable[[], object],
    seconds: float = MOST_SECONDS,
) -> Outcome:
    """Do something that prints; an error that gets out is a traceback."""
    out, err = (
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        for _ in range(2)
    )
    threads = torch.get_num_threads()
    with (
        redirect_stdout(out),
        redirect_stderr(err),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("default")
        try:
            with at_most(seconds):
                code = int(action() or 0)  # type: ignore[call-overload]
        except SystemExit as stopped:  # --help and --version
            code = stopped.code if isinstance(stopped.code, int) else 1
        except TooLongError:
            code = 124
        except BaseException:
            traceback.print_exc(file=sys.stderr)
            code = 99
    torch.set_num_threads(threads)
    if "matplotlib.pyplot" in sys.modules:  # many commands in one process
        sys.modules["matplotlib.pyplot"].close("all")
    said = [
        stream.buffer.getvalue().decode("utf-8", "replace")  # type: ignore[attr-defined]
        for stream in (out, err)
    ]
    return Outcome(tuple(argv), code, *said)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Stop what takes longer; a timer that ran before goes on afterwards."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLongError

    handler = signal.signal(signal.SIGALRM, stop)
    before = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *before)
        signal.signal(signal.SIGALRM, handler)


def ending(outcome: Outcome) -> list[str]:
    """What is wrong with the way a command ended."""
    found = []
    lines = outcome.err.splitlines()
    if outcome.code == 124:
        return ["it took too long"]
    if raw := RAW.search(outcome.err):
        found.append(f"it says {raw[0]!r}")
    if outcome.code not in (0, *REFUSED):
        found.append(f"exit code {outcome.code}")
    # Notices, such as of a damaged checkpoint, may come before the sentence.
    is_ours = all(line.startswith("tutorgpt: ") for line in lines)
    if outcome.code in REFUSED and not _is_a_report(outcome):
        if not lines:
            found.append("no sentence")
        elif not is_ours or not outcome.err.endswith("\n"):
            found.append("not one sentence that begins with 'tutorgpt: '")
    if outcome.is_done and not is_ours and not found:
        found.append("exit code 0 with complaints")
    shown = outcome.err + ("" if _writes_freely(outcome) else outcome.out)
    if STRANGE.search(shown):
        found.append("control characters in what it says")
    return found


def _is_a_report(outcome: Outcome) -> bool:
    """What these two find stands on stdout, with exit code 1."""
    words = {"doctor": "missing:", "lint-text": "warning:"}
    return any(
        outcome.argv[:1] == (command,) and word in outcome.out
        for command, word in words.items()
    )


def _writes_freely(outcome: Outcome) -> bool:
    """A model's text goes to stdout as it is."""
    return "sample" in outcome.argv


@dataclass(frozen=True)
class Snapshot:
    """Every file and folder below a place, with the content's digest."""

    held: dict[str, str]

    @classmethod
    def of(cls, place: Path) -> "Snapshot":
        held = {}
        for path in place.rglob("*"):
            name = path.relative_to(place).as_posix()
            if path.is_symlink():
                held[name] = f"-> {path.readlink()}"
            elif path.is_dir():
                held[name] = "folder"
            elif path.is_file():
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                held[name] = digest[:16]
            else:
                held[name] = "special"
        return cls(held)

    def new(self, after: "Snapshot") -> list[str]:
        """What stands there afterwards and did not before."""
        return [name for name in after.held if name not in self.held]

    def lost(self, after: "Snapshot") -> list[str]:
        """What is gone, or is something else than it was."""
        return [
            name
            for name, content in self.held.items()
            if after.held.get(name) != content
        ]

    def gone(self, after: "Snapshot") -> list[str]:
        """Files whose content stands nowhere any more, under no name."""
        kept = set(after.held.values())
        return [
            name
            for name, content in self.held.items()
            if content not in kept and content != "folder"
        ]


def untouched(before: Snapshot, after: Snapshot) -> list[str]:
    """What a command that was refused has done all the same."""
    return [
        *(f"it left {name}" for name in before.new(after)[:3]),
        *(f"it changed {name}" for name in before.lost(after)[:3]),
    ]


@dataclass(frozen=True)
class Fault:
    """One thing that does not hold, and how to see it again."""

    kind: str
    trial: str
    command: str
    happened: str
    said: str = ""

    def __str__(self) -> str:
        words = f"{self.trial}: {self.command}\n    {self.happened}"
        return words + (f"\n    said: {self.said}" if self.said else "")


@dataclass
class Tally:
    """What one kind of trials came to: how many of what, and the faults."""

    kind: str
    seed: int
    counts: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def count(self, *names: str) -> None:
        for name in names:
            self.counts[name] = self.counts.get(name, 0) + 1

    def note(
        self, trial: str, outcome: Outcome | str, complaints: list[str]
    ) -> None:
        """Keep every complaint of a trial as a fault."""
        command, said = str(outcome), ""
        if isinstance(outcome, Outcome):
            command = "tutorgpt " + " ".join(map(repr_word, outcome.argv))
            said = (outcome.err.strip() or outcome.out.strip())[-400:]
            said = f"[{outcome.code}] {said}"
        where = f"{trial} (seed {self.seed})"
        self.faults += [
            Fault(self.kind, where, command, words, said)
            for words in complaints
        ]

    def alike(self) -> list[list[Fault]]:
        """The faults, those of one command and one kind together."""
        sorts: dict[tuple[str, ...], list[Fault]] = {}
        for fault in self.faults:
            command = " ".join(fault.command.split()[:2])
            said = re.sub(r"'[^']*'|[\d.]+", "", fault.said)[:60]
            key = command, re.sub(r"\S+[/.]\S+", "", fault.happened), said
            sorts.setdefault(key, []).append(fault)
        return sorted(sorts.values(), key=len, reverse=True)

    def report(self) -> str:
        """The counts, and of each kind of fault the first."""
        counts = self.counts | {"faults": len(self.faults)}
        return "\n".join(
            [
                f"{self.kind}, seed {self.seed}:",
                *(f"  {name:44}{n:7,}" for name, n in counts.items()),
                *(f"{len(some)} x {some[0]}" for some in self.alike()),
            ]
        )


def repr_word(word: str) -> str:
    """A word of a command line as one could paste it."""
    plain = word.isprintable() and len(word) < 200
    return shlex.quote(word) if plain else f"$'{ascii(word[:200])[1:-1]}'"
