"""Paths as people write them, and commands that can be pasted."""

import errno
import os
import re
import shlex
import subprocess
from pathlib import Path

_UNPRINTABLE = re.compile(r"[\0-\x1f\x7f-\x9f\ud800-\udfff]")

_STEERING = re.compile(r"[\0-\x08\x0b-\x1f\x7f-\x9f]")
"""C0 and C1 without tab and line break: colours, bells, cursor moves."""


def expanded(place: str | Path) -> Path:
    """A path with ~ written out: the one way from words to a path.

    Raises ValueError for what can be no path (an empty one, one with a zero
    character, one that the system finds too long, ~NAME where nobody has
    that name), OSError for one that may not be looked at.
    """
    if not str(place):
        raise ValueError(
            "the path is empty: name a file or a folder, such as . for this "
            "folder"
        )
    try:
        path = Path(place).expanduser()
    except RuntimeError:
        raise ValueError(
            f"{str(place)!r} begins with the home folder of nobody known "
            "here: write out the whole path"
        ) from None
    try:
        path.stat()
    except ValueError:
        raise ValueError(
            f"{str(place)!r} has a zero character, which no path can have: "
            "leave it out"
        ) from None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise ValueError(
                f"{str(place)[:40] + '...'!r} is too long for a path "
                f"({len(str(place)):,} characters): choose a shorter one"
            ) from None
        if error.errno not in _NOT_THERE:
            raise OSError(
                f"{str(place)!r} cannot be looked at ({error.strerror}): "
                "name another place, or get the right to see this one"
            ) from None
    return path


_NOT_THERE = (errno.ENOENT, errno.ENOTDIR)
"""What does not exist yet may be made."""


def readable(name: str) -> str:
    """A file's name for people and records, which are UTF-8.

    A name that is not has bytes that no character stands for; each shows
    as the sign that Unicode has for them.
    """
    return re.sub(r"[\ud800-\udfff]", "\ufffd", name)


def visible(text: str) -> str:
    r"""A text whose control characters are written out, as \x1b."""
    return _STEERING.sub(lambda found: repr(found[0])[1:-1], text)


def shown(place: str | Path) -> str:
    """A path or a name as a line of text, whatever is in it."""
    return visible(readable(str(place)))


def weights_folder(place: str | Path) -> Path:
    """A folder for weights: expanded, and with a name that can be read.

    safetensors writes to any path, and reads from none that is not UTF-8.
    Raises ValueError for one, before it holds what nobody can open.
    """
    path = expanded(place)
    if readable(str(path)) != str(path):
        raise ValueError(
            f"{str(path)!r} is not UTF-8, and weights cannot be read from "
            "such a path: rename it, or change into the folder and name it ."
        )
    return path


def paste(*words: str | Path) -> str:
    """A command as a shell reads it back: every word quoted where it must.

    A path that begins with - is written as ./-, so that it is no option.
    """
    plain = [_word(word) for word in words]
    if os.name == "nt":
        return subprocess.list2cmdline(plain)
    return " ".join(map(_quoted, plain))


def _word(word: str | Path) -> str:
    if isinstance(word, Path) and str(word).startswith("-"):
        return os.curdir + os.sep + str(word)
    return str(word)


def _quoted(word: str) -> str:
    """As shlex.quote; with $'…', in octal, what no terminal can show."""
    if not _UNPRINTABLE.search(word):
        return shlex.quote(word)
    escaped = word.replace("\\", "\\\\").replace("'", "\\'")
    return f"$'{_UNPRINTABLE.sub(_octal, escaped)}'"


def _octal(found: re.Match) -> str:
    return "".join(f"\\{byte:03o}" for byte in os.fsencode(found[0]))
