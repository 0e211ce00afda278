"""Where the commands look for what was trained, if no folder is named."""

from pathlib import Path

from tutorgpt.desk.places import default_place

LEFT_IN = (Path("runs"), Path("results/mine"))
"""Where train and ladder leave what they make, unless told otherwise."""
IN_WORDS = (
    f"{' and '.join(path.as_posix() for path in LEFT_IN)}, here and in your "
    "desk"
)


def places() -> list[Path]:
    """The folders, here and in the nearest desk, each of them once.

    A chapter's notebook writes into the desk, and commands are typed in the
    folder above it, in the desk, or in one that lies in it.
    """
    desk = default_place()
    found: dict[Path, Path] = {}
    for folder in (Path(), desk):
        for left in LEFT_IN:
            found.setdefault((folder / left).resolve(), folder / left)
    return list(found.values())
