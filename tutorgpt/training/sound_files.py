"""Folders that are written whole or not at all, and found out if damaged."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safetensors import SafetensorError

SUMS = "SHA256SUMS"


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A folder to fill; it takes its name only when all of it is on disk.

    Killed at any moment, there is either no target or a complete one. A
    list of checksums goes with it, in the form that `sha256sum -c` reads.
    Raises OSError with the reason and the remedy if it cannot be written.
    """
    partial = target.with_name(f".{target.name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        yield partial
        (partial / SUMS).write_bytes(_sums(partial))
        for file in partial.iterdir():
            _sync(file)
        _sync(partial)
        shutil.rmtree(target, ignore_errors=True)
        partial.rename(target)
        _sync(target.parent)
    except (OSError, SafetensorError) as error:
        shutil.rmtree(partial, ignore_errors=True)
        reason = getattr(error, "strerror", None) or error
        raise OSError(
            f"{str(target)!r} cannot be written ({reason}): free some "
            "space, or choose a folder that you may write to"
        ) from None


def is_sound(folder: Path) -> bool:
    """Whether a folder holds, to the bit, what was written into it."""
    try:
        return (folder / SUMS).read_bytes() == _sums(folder)
    except OSError:
        return False


def _sums(folder: Path) -> bytes:
    lines = []
    for file in sorted(folder.iterdir()):
        if file.name != SUMS:
            with file.open("rb") as opened:
                digest = hashlib.file_digest(opened, "sha256").hexdigest()
            lines.append(f"{digest}  {file.name}\n")
    return "".join(lines).encode()


def _sync(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on disk."""
    if path.is_dir() and os.name == "nt":  # Windows has no such call
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
