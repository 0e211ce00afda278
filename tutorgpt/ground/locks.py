"""One process at a time: who writes to a folder or a file keeps others off.

The lock is the operating system's (through filelock), so that it is gone
with its process, however that one ended. Beside a folder's lock lies a small
file with the host and the process that hold it, for those who are refused.
"""

import errno
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from tutorgpt.ground.places import paste
from tutorgpt.ground.whole_files import CannotWriteError, reason, write_whole

LOCK, HOLDER = ".lock", ".holder.json"
NO_LOCKS = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTTY}
"""What a file system answers that has no locks; then there is none."""


class HeldError(OSError):
    """Another process has what was asked for; the sentence says which."""


@dataclass(frozen=True)
class Holder:
    """Who holds a folder.

    host, process: where it runs, and its number there.
    seen: its last sign of life, in seconds since 1970.
    """

    host: str
    process: int
    seen: float

    @property
    def is_here(self) -> bool:
        """Whether it runs, or ran, on this machine."""
        return self.host == socket.gethostname()

    def age(self) -> str:
        """How long ago it gave its last sign of life, in words."""
        minutes = max(0.0, time.time() - self.seen) / 60
        for unit, length in (("days", 1440), ("hours", 60)):
            if minutes >= 2 * length:
                return f"{minutes // length:.0f} {unit} ago"
        unit = "minute" if round(minutes) == 1 else "minutes"
        return f"{minutes:.0f} {unit} ago"


def holder_of(folder: Path) -> Holder | None:
    """Who has signed for a folder and not left it, dead or alive."""
    file = folder / HOLDER
    try:
        signed = json.loads(file.read_text("utf-8"))
        return Holder(**signed, seen=file.stat().st_mtime)
    except (OSError, ValueError, TypeError):
        return None


def is_held(folder: Path) -> bool:
    """Whether a living process holds a folder, as far as can be known."""
    holder = holder_of(folder)
    if holder is None:
        return False
    if not holder.is_here:
        return True
    try:
        with alone(folder / LOCK):
            return False
    except HeldError:
        return True
    except OSError:  # its lock may not be asked for: another user's
        return _lives(holder.process)


def _lives(process: int) -> bool:
    """Whether a process of this machine lives; where nobody says, it does."""
    if os.name == "nt":  # there signal 0 would end it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def sign_of_life(folder: Path) -> None:
    """Tell those who will be refused that the holder still lives."""
    with suppress(OSError):
        os.utime(folder / HOLDER)


@contextmanager
def held(folder: Path, patience: float = 0.0) -> Iterator[None]:
    """Hold a folder, which must be there, until the block ends.

    patience: seconds to wait for another process of this machine.
    Raises HeldError that names the holder: a living process of this
    machine, or any of another one, which cannot be asked from here. A dead
    process of this machine is no obstacle.
    """
    try:
        lock = _lock(folder / LOCK, patience)
    except Timeout:
        raise HeldError(_refusal(folder, holder_of(folder))) from None
    try:
        before = holder_of(folder)
        if before is not None and not before.is_here:
            raise HeldError(_refusal(folder, before))
        signed = {"host": socket.gethostname(), "process": os.getpid()}
        write_whole(folder / HOLDER, json.dumps(signed) + "\n")
        try:
            yield
        finally:
            with suppress(OSError):
                (folder / HOLDER).unlink()
    finally:
        lock.release()


@contextmanager
def alone(lock: Path, patience: float = 0.0) -> Iterator[None]:
    """Be the only process of this machine that is inside with this lock.

    Raises HeldError after patience seconds, CannotWriteError if the lock's
    file cannot be made.
    """
    try:
        taken = _lock(lock, patience)
    except Timeout:
        raise HeldError(
            f"another process has held {str(lock)!r} for {patience:g} s"
        ) from None
    try:
        yield
    finally:
        taken.release()


def _lock(file: Path, patience: float) -> FileLock:
    lock = FileLock(file, timeout=patience, poll_interval=0.02)
    try:
        lock.acquire()
    except Timeout:
        raise
    except NotImplementedError:  # so older versions of filelock say ENOSYS
        pass
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise CannotWriteError(
                file.parent, reason(error), "choose another folder"
            ) from None
    return lock


def _refusal(folder: Path, holder: Holder | None) -> str:
    """Who is in the way, and what to do."""
    where = f"{str(folder)!r} is in use"
    if holder is None or holder.is_here:
        who = f" by process {holder.process}" if holder else ""
        return (
            f"{where}{who} on this machine: wait until it has ended, "
            "stop it, or choose another folder"
        )
    remove = "del" if os.name == "nt" else "rm"
    return (
        f"{where} by process {holder.process} on {holder.host!r}, whose last "
        f"sign of life was {holder.age()}: wait until it has ended; if it "
        f"is dead, remove its mark with {paste(remove, folder / HOLDER)}"
    )
