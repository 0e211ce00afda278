"""Hands chapters out, and keeps what the learner has made of them.

A file is the learner's as soon as it differs from what was handed out, and
then it is never overwritten. Whatever fails leaves each file as it was.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tutorgpt import __version__
from tutorgpt.desk.handouts import CHAPTER, fingerprint, handouts
from tutorgpt.desk.manifest import (
    HIDDEN,
    Manifest,
    free_place,
    read_manifest,
    set_aside,
    write_manifest,
)
from tutorgpt.desk.places import check_place
from tutorgpt.desk.serving import trust
from tutorgpt.ground.locks import HeldError, alone
from tutorgpt.ground.refusal import RefusalError
from tutorgpt.ground.whole_files import (
    CannotWriteError,
    reason,
    take_place,
    write_whole,
)

PATIENCE = 30.0
"""Seconds in which another tutorgpt lab has handed everything out."""
REMEDY = "free some space, get the right to write there, or name another one"


@dataclass
class Outcome:
    """What was done at a desk, by the names of its files.

    is_new: nothing had been handed out here before.
    written: new files. updated: those brought to this version.
    changed: the learner's, of which this version has another one.
    beside: the learner's -> where this version's lies now.
    restarted: started over -> where the learner's lies now; "": nowhere,
    because there was none, or nothing had been done with it.
    missing: removed or renamed. unreadable: no notebooks any more.
    damaged: where a list lies now that could not be read.
    """

    is_new: bool = False
    written: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    beside: dict[str, str] = field(default_factory=dict)
    restarted: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    damaged: Path | None = None


def set_desk(
    folder: Path,
    restart: Sequence[str] = (),
    *,
    newer: bool = False,
    update: bool = True,
) -> Outcome:
    """Make a desk, or bring it up to date.

    restart: chapters to start over, by their files' names.
    newer: put this version of changed chapters beside the learner's.
    update: hand out what is new, and bring up to date what is unchanged.
    Raises ValueError for a folder that is no place for a desk, HeldError if
    another process is at it, CannotWriteError with a reason and a remedy.
    """
    check_place(folder)
    given = handouts()
    with _undone_if_new(folder), _one_at_a_time(folder), _taken_back() as undo:
        work = _Work(folder, given, undo)
        for name in dict.fromkeys(restart):
            work.start_over(name)
        for name in given:
            work.bring(name, update=update)
        if newer:
            work.put_beside()
        work.keep_list()
    for path in work.to_trust:
        with suppress(ImportError, OSError, RefusalError):  # not shown at once
            trust(path)
    return work.outcome


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Wait for another tutorgpt lab that hands out here."""
    try:
        with alone(folder / HIDDEN / "making.lock", PATIENCE):
            yield
    except HeldError:
        raise HeldError(
            f"another tutorgpt lab has been writing to {str(folder)!r} for "
            f"{PATIENCE:g} s: stop it, or name another folder"
        ) from None


@contextmanager
def _undone_if_new(folder: Path) -> Iterator[None]:
    """Make the folder; if the block fails, what was new is gone again."""
    new = [p for p in (folder, *folder.parents) if not p.exists()]
    hidden = folder / HIDDEN
    is_new = not hidden.exists()
    try:
        try:
            hidden.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotWriteError(folder, reason(error), REMEDY) from None
        yield
    except BaseException:
        if is_new:
            shutil.rmtree(hidden, ignore_errors=True)
            for place in (folder / "book/diffs", folder / "book/figures"):
                _remove_empty(place)
            for place in (folder / "book", *new):
                _remove_empty(place)
        raise


@contextmanager
def _taken_back() -> Iterator[ExitStack]:
    """Gives a stack of steps, done last to first if the block fails."""
    with ExitStack() as steps:
        yield steps
        steps.pop_all()


def _try(step: Callable[..., object], *words: object) -> None:
    """Do what is not worth another error; what failed is said already."""
    with suppress(OSError):
        step(*words)


def _remove_empty(folder: Path) -> None:
    _try(folder.rmdir)


class _Work:
    """One look at a desk, file by file.

    given: every file of a desk by its path there, and what is in it.
    undo: gets the steps that take back what is done.
    """

    def __init__(
        self, folder: Path, given: dict[str, bytes], undo: ExitStack
    ) -> None:
        self.folder, self.given, self.undo = folder, given, undo
        self.new = {
            name: fingerprint(name, content) or ""
            for name, content in given.items()
        }
        self.outcome = Outcome()
        self.to_trust: list[Path] = []
        self.others: list[str] = []
        found = read_manifest(folder)
        self.manifest = found or Manifest()
        self.outcome.is_new = found is None and not any(
            self._is_there(name) for name in given
        )
        if found is None:
            with _cannot_write(folder / HIDDEN):
                self.outcome.damaged = set_aside(folder)

    def bring(self, name: str, *, update: bool) -> None:
        """Hand out what is new, replace what is as it was handed out."""
        was, new = self.manifest.handed_out.get(name), self.new[name]
        if not self._is_there(name):
            if was is not None and CHAPTER.fullmatch(name):
                self.outcome.missing.append(name)
            elif was is None and update:
                self._write(name)
                self.outcome.written.append(name)
            return
        now = self._fingerprint(name)
        if now == new:
            self.manifest.handed_out[name] = new
        elif now is None or now != was:
            self.manifest.handed_out.setdefault(name, "")
            self._leave(name, now)
        elif update:
            self._write(name)
            self.outcome.updated.append(name)

    def _leave(self, name: str, now: str | None) -> None:
        """Note what is to be said of a file that is the learner's."""
        if not CHAPTER.fullmatch(name):
            return
        if now is None:
            self.outcome.unreadable.append(name)
        elif self.manifest.handed_out[name] != self.new[name]:
            self.others.append(name)
            if self.manifest.beside.get(name) != self.new[name]:
                self.outcome.changed.append(name)

    def put_beside(self) -> None:
        """Put this version of each changed chapter beside the learner's."""
        for name in self.others:
            place = self._place_beside(name)
            if not place.exists():
                self._write(name, place)
            self.outcome.beside[name] = place.name
            self.manifest.beside[name] = self.new[name]
        self.outcome.changed.clear()

    def _place_beside(self, name: str) -> Path:
        file = self.folder / name
        place = file.with_name(f"{file.stem}_{__version__}{file.suffix}")
        if self._fingerprint(place.name) == self.new[name]:
            return place
        return free_place(file, __version__)

    def start_over(self, name: str) -> None:
        """Hand a chapter out again; the learner's gets a name with a date."""
        file = self.folder / name
        if not self._is_there(name) or self._holds(file, self.given[name]):
            self._write(name)
            self.outcome.restarted[name] = ""
            return
        kept = free_place(file, str(date.today()))
        with _cannot_write(file):
            take_place(file, kept)
        self.undo.callback(_try, take_place, kept, file)
        self._write(name)
        self.outcome.restarted[name] = kept.name

    def keep_list(self) -> None:
        """Write down what has been handed out, and is still a chapter."""
        listed = self.manifest.handed_out
        for name in set(listed) - set(self.given):
            del listed[name]
        self.manifest.version = __version__
        write_manifest(self.folder, self.manifest)

    def _write(self, name: str, place: Path | None = None) -> None:
        """Write a file of this version, in its own place or another one."""
        target = place or self.folder / name
        is_new = not target.exists()
        write_whole(target, self.given[name], REMEDY)
        if is_new:
            self.undo.callback(_try, target.unlink)
        if place is None:
            self.manifest.handed_out[name] = self.new[name]
        if target.suffix == ".ipynb":
            self.to_trust.append(target)

    def _holds(self, file: Path, content: bytes) -> bool:
        return file.is_file() and file.read_bytes() == content

    def _is_there(self, name: str) -> bool:
        file = self.folder / name
        return file.exists() or file.is_symlink()

    def _fingerprint(self, name: str) -> str | None:
        """Of the file as it is; None if it cannot be read."""
        try:
            return fingerprint(name, (self.folder / name).read_bytes())
        except OSError:
            return None


@contextmanager
def _cannot_write(target: Path) -> Iterator[None]:
    """Say in one sentence why a file cannot get another name."""
    try:
        yield
    except OSError as error:
        raise CannotWriteError(target, reason(error), REMEDY) from None
