"""Fetches the two corpora that are not installed with the package.

pooch and requests are imported when something is fetched, not before:
they cost a fifth of a second.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from platformdirs import user_cache_path
from tqdm.auto import tqdm

from tutorgpt.progress import shows_progress

MIRROR_VARIABLE = "TUTORGPT_DATA_MIRROR"
CACHE_VARIABLE = "TUTORGPT_CACHE"
TIMEOUT = 30
"""Seconds without an answer after which a download is given up."""

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
    return Path(chosen).expanduser() if chosen else user_cache_path("tutorgpt")


def corpus_files(name: str) -> list[str]:
    """The registry paths of a corpus, in the order they are read."""
    if name == "tinyshakespeare":
        return [_TINYSHAKESPEARE]
    poems = [path for path in REGISTRY if "/ci.song." in path]
    return [*sorted(poems, key=_poem_number), _NANTANG]


def is_cached(name: str) -> bool:
    """Whether every file of a corpus lies unharmed in the cache."""
    return not _missing(name)


def fetch(name: str) -> list[Path]:
    """The files of a corpus in the cache, downloading those not there.

    Every file is checked against its SHA-256 and kept only if it is right,
    so an interrupted download goes on where it stopped.
    Raises ConnectionError with what to do instead, FileNotFoundError for a
    mirror that lacks the files, ValueError for a file whose content is not
    what was asked for, OSError for a cache that cannot be written.
    """
    missing = _missing(name)
    folder = _mirror_folder()
    if folder is not None:
        _check_mirror(folder, missing)
    bar = tqdm(missing, desc=name, unit="file", disable=not shows_progress())
    for path in bar:
        with _clear_errors(name, path):
            _retrieve(path, folder)
    return [cache_folder() / path for path in corpus_files(name)]


def read_tinyshakespeare() -> str:
    """Karpathy's 1,115,394 characters of Shakespeare, fetched if needed."""
    (path,) = fetch("tinyshakespeare")
    return path.read_text(encoding="utf-8")


def check_content(path: str, content: bytes) -> None:
    """Refuse a file that is not the one its SHA-256 stands for."""
    if hashlib.sha256(content).hexdigest() != REGISTRY[path]:
        raise ValueError(_wrong_content(path))


def keep(path: str, content: bytes) -> None:
    """Put a file that was had in another way into the cache."""
    target = cache_folder() / path
    partial = target.with_name(target.name + ".partial")
    with _clear_errors("songci", path):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            partial.write_bytes(content)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)


def _poem_number(path: str) -> float:
    number = path.split(".")[-2]
    return float(number) if number.isdigit() else float("inf")


def _missing(name: str) -> list[str]:
    return [path for path in corpus_files(name) if not _is_right(path)]


def _is_right(path: str) -> bool:
    file = cache_folder() / path
    if not file.is_file():
        return False
    with file.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    return found == REGISTRY[path]


def _retrieve(path: str, folder: Path | None) -> None:
    import pooch

    pooch.get_logger().setLevel("ERROR")  # one bar says enough
    target = cache_folder() / path
    target.parent.mkdir(parents=True, exist_ok=True)

    def copy(url: str, output_file: str, manager: object) -> None:
        shutil.copyfile(url, output_file)

    pooch.retrieve(
        url=_url(path) if folder is None else str(folder / path),
        known_hash=f"sha256:{REGISTRY[path]}",
        path=target.parent,
        fname=target.name,
        downloader=(
            pooch.HTTPDownloader(timeout=TIMEOUT)  # type: ignore[arg-type]
            if folder is None
            else copy
        ),
    )


def _mirror() -> str:
    return os.environ.get(MIRROR_VARIABLE, "")


def _mirror_folder() -> Path | None:
    """The mirror as a folder; None where it is on the net, or not set."""
    mirror = _mirror()
    scheme = re.match(r"(\w+)://", mirror)
    if not mirror or (scheme and scheme[1].lower() in ("http", "https")):
        return None
    if scheme is None:
        return Path(mirror).expanduser()
    if scheme[1].lower() == "file":
        return Path(url2pathname(urlsplit(mirror).path))
    raise ValueError(
        f"{MIRROR_VARIABLE} is {mirror!r}: set it to a folder, or to a URL "
        "that begins with http://, https:// or file://"
    )


def _check_mirror(folder: Path, missing: list[str]) -> None:
    for path in missing:
        if not (folder / path).is_file():
            raise FileNotFoundError(
                f"{MIRROR_VARIABLE} is {_mirror()!r}, where there is no "
                f"{path}: correct it, or unset it to fetch from the internet"
            )


def _url(path: str) -> str:
    if _mirror():
        return f"{_mirror().rstrip('/')}/{path}"
    base, rest = path.split("/", 1)
    return f"{_UPSTREAM[base]}/{rest}"


@contextmanager
def _clear_errors(name: str, path: str) -> Iterator[None]:
    """Turn what a download can raise into one sentence with a remedy."""
    from requests import RequestException

    try:
        yield
    except RequestException as error:
        raise ConnectionError(
            f"corpus {name!r} could not be fetched from "
            f"{_mirror() or 'the internet'} ({_reason(error)}): try again, "
            "use the corpus shakespeare, which needs no network, pass a "
            f"text file of your own, or set {MIRROR_VARIABLE} to a folder "
            "or URL that holds the files"
        ) from None
    except OSError as error:
        raise OSError(
            f"corpus {name!r} cannot be kept in {str(cache_folder())!r} "
            f"({error.strerror or error}): free some space there, or set "
            f"{CACHE_VARIABLE} to a folder you can write to"
        ) from None
    except ValueError as error:
        if "hash" not in str(error):
            raise
        raise ValueError(_wrong_content(path)) from None


def _reason(error: Exception) -> str:
    from requests import ConnectionError as NoConnection
    from requests import HTTPError, Timeout
    from requests.exceptions import ChunkedEncodingError

    if isinstance(error, HTTPError) and error.response is not None:
        return f"the server answered {error.response.status_code}"
    if isinstance(error, Timeout):
        return f"no answer for {TIMEOUT} seconds"
    if isinstance(error, ChunkedEncodingError):
        return "the transfer was cut off"
    if isinstance(error, NoConnection):
        return "no connection"
    return str(error)


def _wrong_content(path: str) -> str:
    return (
        f"{path} is not the file that was asked for (its SHA-256 is not "
        f"{REGISTRY[path][:12]}...), so it was not kept: try again, or take "
        "it from another source"
    )
