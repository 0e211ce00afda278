"""Where a desk may be, and where the nearest one is."""

from collections.abc import Iterator
from pathlib import Path

from tutorgpt.desk.handouts import chapters
from tutorgpt.desk.manifest import HIDDEN, LIST
from tutorgpt.ground.shipped import PACKAGE

DEFAULT = "my-tutorgpt"
KEPT_CLEAN = ("notebooks", "book", "tutorgpt")
"""Folders of a checkout of which the book is built."""


def default_place() -> Path:
    """The desk that one stands in, or my-tutorgpt here."""
    here = Path.cwd()
    inside = next((p for p in (here, *here.parents) if _has_list(p)), None)
    return inside or Path(DEFAULT)


def is_desk(folder: Path) -> bool:
    """Whether chapters were handed out here, or some of them lie here."""
    return (folder / HIDDEN).is_dir() or any(
        (folder / name).exists() for name in chapters()
    )


def check_place(folder: Path) -> None:
    """Refuse what is no place for a desk.

    Raises ValueError for the package's or a checkout's own folders, for a
    folder inside another desk, and for one that holds other files.
    """
    place = folder.resolve()
    if place.exists() and not place.is_dir():
        raise ValueError(
            f"{str(folder)!r} is a file: name another folder for your copies"
        )
    for kept, whose in _not_for_desks(place):
        if place == kept or (whose == "inside" and kept in place.parents):
            raise ValueError(
                f"{str(folder)!r} is where tutorgpt keeps its own files: "
                f"name another folder for your copies, such as {DEFAULT}"
            )
    around = next((p for p in place.parents if _has_list(p)), None)
    if around is not None:
        raise ValueError(
            f"{str(folder)!r} lies inside your desk {str(around)!r}: name "
            "that one, or a folder outside of it"
        )
    if place.is_dir() and not is_desk(place) and _shown_files(place):
        raise ValueError(
            f"{str(folder)!r} holds other files and no chapters: name a new "
            f"or an empty folder, such as {str(folder / DEFAULT)!r}"
        )


def _not_for_desks(place: Path) -> Iterator[tuple[Path, str]]:
    """Folders that are refused: alone, or with all that is inside."""
    yield PACKAGE, "inside"
    for top in (place, *place.parents):
        if _is_checkout(top):
            yield top, "alone"
            yield from ((top / name, "inside") for name in KEPT_CLEAN)


def _is_checkout(folder: Path) -> bool:
    return (folder / "pyproject.toml").is_file() and (
        folder / "tutorgpt" / "ground"
    ).is_dir()


def _has_list(folder: Path) -> bool:
    return (folder / HIDDEN / LIST).is_file()


def _shown_files(folder: Path) -> list[Path]:
    """What a file browser shows of a folder: names without a dot."""
    return [p for p in folder.iterdir() if not p.name.startswith(".")]
