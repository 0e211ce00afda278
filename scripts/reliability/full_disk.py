"""Every write of every command fails once: a full disk, a missing right."""

import builtins
import errno
import io
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import safetensors.torch as safe
from safetensors import SafetensorError

from scripts.reliability.corruptions import GPT, perform
from scripts.reliability.holds import (
    Outcome,
    Snapshot,
    Tally,
    act,
    ending,
)
from scripts.reliability.results import essence, halves
from scripts.reliability.scene import (
    LADDER,
    QUICK,
    overwriting,
    set_scene,
    surroundings,
    workplace,
)
from tutorgpt.cli import doctor, main
from tutorgpt.desk.manifest import HIDDEN
from tutorgpt.learn.record.kept import summary

WAYS = ("full once", "forbidden once", "full from then on")
SERIALIZE = vars(safe)["serialize_file"]
DELETING = {"unlink", "remove", "rmdir"}
"""Calls that a full disk does not hinder."""


class Disk:
    """Counts what is written below a folder, and lets one write fail.

    at: the number of the write that fails, from 1; 0: none.
    """

    def __init__(self, folder: Path, at: int = 0, way: str = WAYS[0]) -> None:
        self.folder, self.at, self.way = str(folder), at, way
        self.calls: list[str] = []

    def write(self, name: str, place: Any, dir_fd: int | None = None) -> None:
        """Count one, and fail if it is the one."""
        is_forbidden = self.way == "forbidden once"
        if not self._is_below(place, dir_fd):
            return
        if name in DELETING and not is_forbidden:
            return
        self.calls.append(name)
        number = len(self.calls)
        lasts = self.way == "full from then on" and self.at
        if number == self.at or (lasts and number > self.at):
            code = errno.EACCES if is_forbidden else errno.ENOSPC
            raise OSError(code, os.strerror(code), _named(place))

    def _is_below(self, place: Any, dir_fd: int | None) -> bool:
        if isinstance(place, int):
            path = str(Path(f"/proc/self/fd/{place}").readlink())
        else:
            base = f"/proc/self/fd/{dir_fd}" if dir_fd is not None else "."
            path = os.path.join(os.path.realpath(base), os.fsdecode(place))  # noqa: PTH118
        return path.startswith(self.folder)

    @contextmanager
    def in_place(self) -> Iterator["Disk"]:
        """Stand between every command and the system's calls."""
        with ExitStack() as stack:
            opened = self._opened(io.open)
            for owner, name, call in (
                (builtins, "open", opened),
                (io, "open", opened),
                (os, "open", self._os_open(os.open)),
                (safe, "serialize_file", self._serialize(SERIALIZE)),
                *((os, name, self._plain(name)) for name in PLAIN),
            ):
                stack.enter_context(mock.patch.object(owner, name, call))
            yield self

    def _plain(self, name: str) -> Callable:
        real = getattr(os, name)

        def call(place: Any, *rest: Any, **named: Any) -> Any:
            base = named.get("dir_fd", named.get("src_dir_fd"))
            self.write(name, place, base)
            return real(place, *rest, **named)

        return call

    def _os_open(self, real: Callable) -> Callable:
        def call(path: Any, flags: int, *rest: Any, **named: Any) -> int:
            if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                self.write("os.open", path, named.get("dir_fd"))
            return real(path, flags, *rest, **named)

        return call

    def _serialize(self, real: Callable) -> Callable:
        def call(tensors: Any, filename: Any, *rest: Any, **named: Any) -> Any:
            try:
                self.write("save_file", filename)
            except OSError as error:
                Path(filename).write_bytes(b"half of it")
                raise SafetensorError(
                    "Error while serializing: I/O error: "
                    f"{error.strerror} (os error {error.errno})"
                ) from None
            return real(tensors, filename, *rest, **named)

        return call

    def _opened(self, real: Callable) -> Callable:
        disk = self

        class Raw(io.FileIO):
            def write(self, data: Any) -> int:
                disk.write("write", self.fileno())
                return super().write(data)

        def call(
            file: Any,
            mode: str = "r",
            buffering: int = -1,
            encoding: str | None = None,
            errors: str | None = None,
            newline: str | None = None,
            closefd: bool = True,
            opener: Callable | None = None,
        ) -> Any:
            if not set(mode) & set("wxa+"):
                return real(
                    file,
                    mode,
                    buffering,
                    encoding,
                    errors,
                    newline,
                    closefd,
                    opener,
                )
            disk.write("open", file)
            plain = mode.replace("b", "").replace("t", "")
            raw = Raw(file, plain, closefd, opener)
            if buffering == 0:
                return raw
            both = "+" in mode
            kind = io.BufferedRandom if both else io.BufferedWriter
            buffered = kind(raw)
            if "b" in mode:
                return buffered
            return io.TextIOWrapper(buffered, encoding, errors, newline)

        return call


PLAIN = (
    "write",
    "mkdir",
    "rename",
    "replace",
    "link",
    "symlink",
    "fsync",
    "chmod",
    "truncate",
    "ftruncate",
    "sendfile",
    *sorted(DELETING),
)


def _named(place: Any) -> str | None:
    return None if isinstance(place, int) else os.fsdecode(place)


@dataclass(frozen=True)
class Job:
    """A command that writes, where, and what must not be there before."""

    argv: tuple[str, ...]
    target: str
    without: str = ""


def jobs() -> tuple[Job, ...]:
    """Every command that writes, onto nothing and over what is there."""
    start = ("train", "--corpus", "cats.txt", *QUICK, "--steps", "2")
    start += ("--checkpoint-interval", "1", "--out", "runs/new")
    tokens = ("data", "cats.txt", "--tokens")
    weights = ("export", GPT, "--to", "safetensors")
    compare = ("compare", "runs/half", "runs/done", "--figure")
    return (
        Job(start, "runs/new"),
        Job(("train", "--resume", "runs/half"), "runs/half"),
        Job(("train", "--resume", "old/run"), "old/run"),
        Job((*LADDER, "--out", "deep/new"), "deep/new"),
        Job(overwriting(*LADDER), "results/mine"),
        Job(("data", "songci"), "", without="cache"),
        Job(("data", "songci", "--from", "mirror"), "", without="cache"),
        Job((*tokens, "new.tokens"), "new.tokens"),
        Job(overwriting(*tokens, "cats.tokens"), "cats.tokens"),
        Job(("export", "runs/done", "new.html"), "new.html"),
        Job(overwriting("export", GPT, "page.html"), "page.html"),
        Job(("export", GPT, "new", "--to", "transformers"), "new"),
        Job((*weights, "new.safetensors"), "new.safetensors"),
        Job((*compare, "new.svg"), "new.svg"),
        Job(("cards", "new.txt"), "new.txt"),
        Job(overwriting("cards", "cards.txt"), "cards.txt"),
        Job(("lab", "new", "--no-start"), "new"),
        Job(("check", "2.1"), "progress.json"),
        Job(("check", "2.1"), "progress.json", without="progress.json"),
    )


READING = (
    ("sample", "runs/half", "--tokens", "9"),
    ("eval", "runs/half"),
    ("status",),
    ("data",),
    ("data", "cats.txt"),
    ("data", "cats.tokens"),
    ("doctor",),
    ("runs", "runs"),
)
"""Commands that write nothing."""


@dataclass(frozen=True)
class Trial:
    """A job, and the number of its write that fails."""

    job: Job
    at: int
    way: str
    call: str

    def __str__(self) -> str:
        before = f", without {self.job.without}" if self.job.without else ""
        return f"write {self.at}, {self.call}, {self.way}{before}"


class Ground:
    """The scene, its copies, and what each job gives on a sound disk."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.scene = set_scene(place / "scene")
        self.right: dict[Job, str] = {}

    def copy(self, job: Job | None = None) -> Path:
        copy = self.place / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.scene, copy)
        if job and job.without:
            gone = copy / job.without
            shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
        return copy

    def calls(self, job: Job, way: str) -> list[str]:
        """The writes of a job, in their order."""
        folder = self.copy(job)
        with surroundings(folder), Disk(folder, way=way).in_place() as disk:
            outcome = perform(job.argv)
        assert outcome.is_done, outcome
        with surroundings(folder):
            self.right[job] = result(outcome, job)
        return disk.calls

    def trials(self) -> list[Trial]:
        """All of them: each write of each job, in each way."""
        found = []
        for job in jobs():
            known = {way: self.calls(job, way) for way in WAYS[:2]}
            for way in WAYS:
                calls = known.get(way, known[WAYS[0]])
                found += [
                    Trial(job, n, way, call)
                    for n, call in enumerate(calls, start=1)
                ]
        return found


def result(outcome: Outcome, job: Job) -> str:
    """What a job's work amounts to; of the record, what has passed."""
    if job.argv[0] == "check":
        done = summary().exercises
        return repr(sorted(n for n, kept in done.items() if kept.passed))
    return essence(outcome, job.target)


def run(seed: int, count: int | None = None, only: int | None = None) -> Tally:
    """Each write fails once, in each way; or as many as wanted, by chance."""
    tally = Tally("full disk", seed)
    with workplace() as place:
        ground = Ground(place)
        for argv in READING:
            tally.count("commands that only read")
            read_only(argv, ground, tally)
        trials = list(enumerate(ground.trials()))
        if count is not None:
            random.Random(f"full disk {seed}").shuffle(trials)
        for number, trial in trials[:count]:
            if only in (None, number):
                tally.count("writes failed", f"  {trial.way}")
                try_trial(number, trial, ground, tally)
    return tally


def read_only(argv: tuple[str, ...], ground: Ground, tally: Tally) -> None:
    """No write at all; and a full disk behind stdout is told."""
    folder = ground.copy()
    with surroundings(folder):
        with Disk(folder).in_place() as disk:
            outcome = perform(argv)
        found = ending(outcome)
        if disk.calls:
            found.append(f"it only reads, but it called {disk.calls[0]}")
        tally.note("reading", outcome, found)
        tally.count("commands onto a full disk")
        with suppress(OSError), Path("/dev/full").open("w") as full:
            outcome = act(argv, lambda: _onto(full, argv))
            found = ending(outcome)
            if outcome.is_done:
                found.append("exit code 0, but nothing was written to stdout")
            tally.note("stdout on a full disk", outcome, found)


def _onto(stream: Any, argv: tuple[str, ...]) -> int:
    quick = mock.patch.object(doctor, "estimate", return_value=())
    with redirect_stdout(stream), quick:
        return main(argv)


def try_trial(number: int, trial: Trial, ground: Ground, tally: Tally) -> None:
    """One write fails; then the same command again, on a sound disk."""
    job = trial.job
    folder = ground.copy(job)
    before = Snapshot.of(folder)
    with surroundings(folder):
        with Disk(folder, trial.at, trial.way).in_place():
            outcome = perform(job.argv)
        found = ending(outcome)
        found += after_failure(trial, outcome, folder, before, ground)
        tally.note(f"trial {number}, {trial}", outcome, found)
        again = perform(_next_call(job, outcome))
        found = ending(again)
        if not again.is_done:
            found = ["the next call, on a sound disk, is refused"]
        elif result(again, job) != ground.right[job]:
            found.append("the next call gives another result")
        tally.note(f"trial {number}, {trial}, and again", again, found)


def after_failure(
    trial: Trial,
    outcome: Outcome,
    folder: Path,
    before: Snapshot,
    ground: Ground,
) -> list[str]:
    """What does not hold between the failure and the next call."""
    job, found = trial.job, []
    after = Snapshot.of(folder)
    # The record is kept by a function, which has no exit code.
    is_kept = outcome.is_done and not (outcome.err and job.argv[0] == "check")
    if is_kept and result(outcome, job) != ground.right[job]:
        found.append("exit code 0, but its work is not done")
    if job.target and (folder / job.target).is_dir():
        found += [f"half of {name}" for name in halves(folder / job.target)]
    elif job.target and not is_kept:
        # One file: it is what it was before, or is not there.
        old = before.held.get(job.target)
        if after.held.get(job.target) != old:
            found.append(f"refused, but {job.target} has changed")
    mine = job.target if job.target else "cache"
    lost = [n for n in before.lost(after) if not n.startswith(mine)]
    found += [f"it changed {name}" for name in lost]
    if trial.call not in DELETING:
        hidden = [
            name
            for name in before.new(after)
            if any(part.startswith(".") for part in Path(name).parts)
            and not name.endswith(".lock")
            and not (is_kept and name.startswith(f"{job.target}/{HIDDEN}"))
        ]
        found += [f"it left {name} behind" for name in hidden[:2]]
    return found


def _next_call(job: Job, outcome: Outcome) -> tuple[str, ...]:
    """The same once more; a run that has a checkpoint is continued.

    What was written in spite of the failure is written over.
    """
    is_run = list(Path(job.target).glob("checkpoints/step_*"))
    if job.argv[0] == "train" and is_run:
        return ("train", "--resume", job.target)
    if outcome.is_done and job.argv[0] not in ("check", "train"):
        return overwriting(*(word for word in job.argv if word != "--force"))
    return job.argv
