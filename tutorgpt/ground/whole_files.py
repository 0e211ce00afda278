"""The one place that writes files: whole, or not at all.

A file is written under another name, waited for until it is on disk, and
then renamed. A crash, a full disk or a missing right leaves what was there
before, and nothing half done beside it.
"""

import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from safetensors import SafetensorError

ON_WINDOWS = os.name == "nt"
WAITS = (0.05, 0.1, 0.2, 0.4)
"""Seconds between two tries to rename what another program has open."""
SUMS = "SHA256SUMS"
REMEDY = "free some space, or name another folder"
MAKE_FOLDER = "make its folder first, or name another file"


class CannotWriteError(OSError):
    """A file or folder cannot be written: the sentence for a reader.

    reason: why, in the system's few words, for a sentence of one's own.
    """

    def __init__(self, target: Path, reason: str, remedy: str) -> None:
        super().__init__(
            f"{str(target)!r} cannot be written ({reason}): {remedy}"
        )
        self.reason = reason
        self._said = target, reason, remedy

    def __reduce__(self) -> tuple:
        return type(self), self._said  # between processes, it is made anew


@contextmanager
def whole_file(
    target: Path, remedy: str = REMEDY, *, parents: bool = True
) -> Iterator[Path]:
    """A path to write to; it takes the target's name when it is complete.

    If the block raises, the target stays as it was. Where the target is a
    link, what it points to is replaced; a device or a pipe is written to.
    remedy: what to do if the file cannot be written, as half a sentence.
    parents: whether folders above the target are made if they are missing.
    Raises CannotWriteError with the reason and the remedy.
    """
    partial = None
    try:
        with _clear_error(target, remedy):
            # Asked of the target itself: the name behind /dev/stdout, say, is
            # that of a pipe, and no path leads there.
            if _is_device(target):
                yield target
                return
            place = _behind_links(target)
            if parents:
                place.parent.mkdir(parents=True, exist_ok=True)
            elif not place.parent.exists():
                missing = os.strerror(errno.ENOENT)
                raise CannotWriteError(target, missing, MAKE_FOLDER)
            partial = _new_name(place)
            yield partial
            if place.exists():
                shutil.copymode(place, partial)
            _sync(partial)
            take_place(partial, place)
            _sync_names(place.parent)
    finally:
        if partial is not None:
            with suppress(OSError):
                partial.unlink(missing_ok=True)


def check_no_device(target: Path) -> None:
    """Refuse a device or a pipe, for writers that bring a file of their own.

    They rename it over whatever has the name, so that /dev/stdout, say, would
    be a file from then on.
    """
    if _is_device(target):
        raise ValueError(
            f"{str(target)!r} is a device or a pipe, and weights are written "
            "to files only: name a file"
        )


def _is_device(target: Path) -> bool:
    """Whether it is there, and is a device or a pipe."""
    return target.exists() and not (target.is_file() or target.is_dir())


def _behind_links(target: Path) -> Path:
    try:
        return target.resolve()
    except RuntimeError as error:  # links in a circle, before Python 3.13
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from error


def write_whole(
    target: Path,
    content: str | bytes,
    remedy: str = REMEDY,
    *,
    parents: bool = True,
) -> None:
    """Write a text (as UTF-8, line ends as they are) or bytes to a file.

    Raises CannotWriteError with the reason and the remedy; the file is then
    what it was before.
    """
    data = content.encode() if isinstance(content, str) else content
    with whole_file(target, remedy, parents=parents) as partial:
        partial.write_bytes(data)


@contextmanager
def whole_folder(target: Path, remedy: str = REMEDY) -> Iterator[Path]:
    """A folder to fill; it takes its name when all of it is on disk.

    Killed at any moment, there is no target or a complete one, never half.
    Where the target is a link, the folder that it points to is replaced. A
    list of checksums goes with it, in the form that `sha256sum -c` reads.
    Raises CannotWriteError with the reason and the remedy.
    """
    with _clear_error(target, remedy):
        place = _behind_links(target)
    partial = place.with_name(f".{place.name}.partial")
    try:
        with _clear_error(target, remedy):
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
            yield partial
            (partial / SUMS).write_bytes(_sums(partial))
            for file in partial.iterdir():
                _sync(file)
            _sync(partial)
            _put_in_place(partial, place)
            _sync_names(place.parent)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _put_in_place(new: Path, target: Path) -> None:
    """Give a folder its name; an older one of that name goes last.

    A folder cannot be replaced in one step, so the old one steps aside, and
    comes back if the new one cannot be renamed.
    """
    aside = target.with_name(f".{target.name}.replaced")
    shutil.rmtree(aside, ignore_errors=True)
    if target.exists():
        take_place(target, aside)
    try:
        take_place(new, target)
    except BaseException:  # Ctrl-C, too
        if aside.exists():
            take_place(aside, target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def take_place(new: Path, target: Path) -> None:
    """Rename, over what is there; on Windows, a few times if it must be.

    Windows renames nothing that some program has open, and a virus scanner
    or an indexer opens every new file for a moment. Other systems do not
    mind, so a refusal there is one of rights, and is said at once.
    """
    for wait in WAITS if ON_WINDOWS else ():
        try:
            new.replace(target)
            return
        except PermissionError:
            time.sleep(wait)
    new.replace(target)


def is_sound(folder: Path) -> bool:
    """Whether a folder holds, to the bit, what was written into it."""
    try:
        return (folder / SUMS).read_bytes() == _sums(folder)
    except OSError:
        return False


def reason(error: Exception) -> str:
    """Why a file cannot be written or read, in a few words."""
    if isinstance(error, CannotWriteError):
        return error.reason
    return str(getattr(error, "strerror", None) or error)


@contextmanager
def _clear_error(target: Path, remedy: str) -> Iterator[None]:
    """Say once, in one sentence, why a target cannot be written.

    An OSError without a number is a sentence of ours already, such as one
    about a file that the block reads; a reader who has closed a pipe, such
    as head, has seen enough and needs none.
    """
    try:
        yield
    except (OSError, SafetensorError) as error:
        if isinstance(error, BrokenPipeError):
            raise
        if isinstance(error, OSError) and error.errno is None:
            raise
        raise CannotWriteError(target, reason(error), remedy) from None


def _new_name(place: Path) -> Path:
    """A name in the target's folder that no other process writes to."""
    own = f"{os.getpid()}-{secrets.token_hex(4)}"
    return place.with_name(f".{own}.partial")


def _sums(folder: Path) -> bytes:
    lines = []
    for file in sorted(folder.iterdir()):
        if file.name != SUMS:
            with file.open("rb") as opened:
                digest = hashlib.file_digest(opened, "sha256").hexdigest()
            lines.append(f"{digest}  {file.name}\n")
    return "".join(lines).encode()


def _sync(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on disk.

    A rename is only safe if the content reached the disk before the name.
    """
    is_folder = path.is_dir()
    if is_folder and ON_WINDOWS:  # which has no such call
        return
    # Windows waits for a file only if it is open for writing.
    descriptor = os.open(path, os.O_RDONLY if is_folder else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_names(folder: Path) -> None:
    """Wait for a rename, where the file system can be waited for.

    The new name is there already, so that nothing has failed for a reader:
    at worst a power cut in this second brings the old file back.
    """
    with suppress(OSError):
        _sync(folder)
