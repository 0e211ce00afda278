"""The list of what a desk was handed out, in a hidden folder of the desk."""

import json
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path

from tutorgpt.ground.whole_files import take_place, write_whole

HIDDEN = ".tutorgpt"
LIST = "handed_out.json"


@dataclass
class Manifest:
    """What was handed out, by the fingerprint of each file.

    version: of the package that handed out last.
    handed_out: file -> fingerprint; "" where it is not known any more.
    beside: file -> fingerprint of the other version that lies beside it.
    """

    version: str = ""
    handed_out: dict[str, str] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)


KNOWN = {one.name for one in fields(Manifest)}
"""What this version of the package reads of a list."""


def read_manifest(desk: Path) -> Manifest | None:
    """The list of a desk; None if there is none or it is damaged."""
    try:
        found = json.loads(_file(desk).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not is_manifest(found):
        return None
    return Manifest(**{name: found[name] for name in KNOWN & found.keys()})


def is_manifest(found: object) -> bool:
    """Whether what was read has the form of a list, in all known parts.

    A later version of the package may have written others beside them.
    """
    return (
        isinstance(found, dict)
        and isinstance(found.get("version", ""), str)
        and all(
            isinstance(files, dict)
            and all(isinstance(value, str) for value in files.values())
            for name, files in found.items()
            if name in KNOWN - {"version"}
        )
    )


def write_manifest(desk: Path, manifest: Manifest) -> None:
    """Write the list, if it says something new.

    Raises CannotWriteError with the reason and the remedy.
    """
    text = json.dumps(vars(manifest), indent=1, sort_keys=True) + "\n"
    file = _file(desk)
    if not file.is_file() or file.read_bytes() != text.encode():
        write_whole(file, text)


def set_aside(desk: Path) -> Path | None:
    """Give a damaged list another name, so that it is not overwritten."""
    if not _file(desk).exists():
        return None
    place = free_place(_file(desk), f"damaged_{date.today()}")
    take_place(_file(desk), place)
    return place


def free_place(file: Path, mark: str) -> Path:
    """The file's name with a mark, and a number where that is taken."""
    for number in range(1, 1000):
        end = "" if number == 1 else f"_{number}"
        place = file.with_name(f"{file.stem}_{mark}{end}{file.suffix}")
        if not place.exists():
            return place
    raise ValueError(f"there are 999 versions of {str(file)!r}: remove some")


def _file(desk: Path) -> Path:
    return desk / HIDDEN / LIST
