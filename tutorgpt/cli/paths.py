"""The one rule for the paths that a command is given.

~ is the home folder, an empty path is refused, and what exists must be of
the kind that is asked for. A folder to write is made, with those above it.
A file to write goes into a folder that is there, and replaces no other file
unless --force says so.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from tutorgpt.ground.places import expanded, weights_folder

WEIGHTS = ".safetensors"


def folder_to_read(text: str) -> Path:
    """A folder, or nothing yet: the command knows what makes one."""
    path = _path(text, weights_folder)
    if path.exists() and not path.is_dir():
        raise argparse.ArgumentTypeError(
            f"{text!r} is a file: name the folder that it lies in, "
            "or another one"
        )
    return path


def model_to_read(text: str) -> Path:
    """A folder as above, or one file of weights, whatever its name."""
    path = _path(text, weights_folder)
    is_weights = path.suffix == WEIGHTS and path.is_file()
    return path if is_weights else folder_to_read(text)


def folder_to_write(text: str) -> Path:
    """A folder that is there or can be made; no file is in its way."""
    path = _path(text, weights_folder)
    for place in (path, *path.parents):
        if place.is_dir():
            break
        if place.exists():
            raise argparse.ArgumentTypeError(
                f"{text!r} cannot be a folder, because {str(place)!r} is a "
                "file: name another folder"
            )
    return path


def file_to_read(text: str) -> Path:
    """A file or a folder's path, with ~ written out; it may be missing."""
    return _path(text)


def file_to_write(text: str) -> Path:
    """A file in a folder that is there; see refuse_existing."""
    path = _path(text)
    if path.is_dir():
        raise argparse.ArgumentTypeError(
            f"{text!r} is a folder: name a file in it"
        )
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(
            f"there is no folder {str(path.parent)!r} to write "
            f"{path.name!r} into: make it first, or name another file"
        )
    return path


def place_to_write(text: str) -> Path:
    """A file's or a folder's path, of which an option says what it is.

    The command then calls checked with the reader of the one or the other.
    """
    return _path(text)


def checked(read: Callable[[str], Path], place: Path) -> Path:
    """What a reader makes of a path that has been read already.

    Raises ValueError where the reader has something against it.
    """
    try:
        return read(str(place))
    except argparse.ArgumentTypeError as error:
        raise ValueError(str(error)) from None


def text_to_read(text: str) -> str:
    """The name of a corpus, or the path of a text or token file."""
    if not text:
        _path(text)
    return text


def add_force(parser: argparse.ArgumentParser, what: str) -> None:
    """The option --force, without which no file is replaced."""
    parser.add_argument(
        "--force",
        action="store_true",
        help=f"replace {what} that is there already (default: refuse)",
    )


def refuse_existing(path: Path, *, force: bool) -> None:
    """Refuse to replace a file unless --force was given.

    A device or a pipe, such as /dev/stdout, loses nothing.
    """
    if path.is_file() and not force:
        raise ValueError(
            f"there is a file {str(path)!r} already: name another one, or "
            "replace it with --force"
        )


def _path(text: str, read: Callable[[str], Path] = expanded) -> Path:
    try:
        return read(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
