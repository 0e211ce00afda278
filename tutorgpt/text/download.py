"""Fetches what is not installed with the package, once, and checks it.

pooch and requests are imported when something is fetched, not before:
they cost a fifth of a second.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from platformdirs import user_cache_path
from tqdm.auto import tqdm

from tutorgpt.ground.places import expanded
from tutorgpt.ground.watching import shows_progress
from tutorgpt.ground.whole_files import reason, write_whole
from tutorgpt.text.source import Source

MIRROR_VARIABLE = "TUTORGPT_DATA_MIRROR"
CACHE_VARIABLE = "TUTORGPT_CACHE"
_REMEDY = (
    f"free some space there, or set {CACHE_VARIABLE} to a folder you can "
    "write to"
)
TIMEOUT = 30
"""Seconds without an answer after which a download is given up."""


def _read_registry() -> dict[str, str]:
    lines = Path(__file__).with_name("registry.txt").read_text("utf-8")
    return dict(line.rsplit(" ", 1) for line in lines.splitlines())


REGISTRY = _read_registry()
"""The SHA-256 of every file that may be fetched, by its path."""


def cache_folder() -> Path:
    """Where fetched files are kept: TUTORGPT_CACHE, or the user's cache."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return expanded(chosen) if chosen else user_cache_path("tutorgpt")


@dataclass(frozen=True, kw_only=True)
class FetchedText(Source):
    """A text that is downloaded once and then kept in the cache folder.

    upstream: the address that the first folder of its files stands for.
    files: gives the registry paths of its files, in the order of reading.
    compose: makes the text of those files.
    """

    name: str
    summary: str
    upstream: str
    files: Callable[[], list[str]]
    compose: Callable[[list[Path]], str]

    def read(self) -> str:
        """The text, with the files fetched that are not there yet."""
        return self.compose(self.fetch())

    def is_cached(self) -> bool:
        """Whether every file lies unharmed in the cache."""
        return not self._missing()

    def is_at_hand(self) -> bool:
        """Whether reading asks no network: cached, or in a mirror's folder."""
        missing, folder = self._missing(), _mirror_folder()
        in_mirror = folder is not None and all(
            (folder / path).is_file() for path in missing
        )
        return not missing or in_mirror

    def where(self) -> str:
        """The cache folder."""
        return str(cache_folder())

    def fetch(self) -> list[Path]:
        """The files in the cache, downloading those not there.

        Every file is checked against its SHA-256 and kept only if it is
        right, so an interrupted download goes on where it stopped.
        Raises ConnectionError with what to do instead, FileNotFoundError
        for a mirror that lacks the files, ValueError for a file whose
        content is not what was asked for, OSError for a cache that cannot
        be written.
        """
        missing = self._missing()
        folder = _mirror_folder()
        if folder is not None:
            _check_mirror(folder, missing)
        bar = tqdm(
            missing, desc=self.name, unit="file", disable=not shows_progress()
        )
        for path in bar:
            with _clear_errors(self.name, path):
                _retrieve(path, folder, self.upstream)
        return [cache_folder() / path for path in self.files()]

    def keep(self, path: str, content: bytes) -> None:
        """Put a file that was had in another way into the cache.

        Raises ValueError if it is not the file that its SHA-256 stands for.
        """
        check_content(path, content)
        write_whole(cache_folder() / path, content, remedy=_REMEDY)

    def _missing(self) -> list[str]:
        return [path for path in self.files() if not _is_right(path)]


def check_content(path: str, content: bytes) -> None:
    """Refuse a file that is not the one its SHA-256 stands for."""
    if hashlib.sha256(content).hexdigest() != REGISTRY[path]:
        raise ValueError(_wrong_content(path))


def _is_right(path: str) -> bool:
    file = cache_folder() / path
    if not file.is_file():
        return False
    with file.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    return found == REGISTRY[path]


def _retrieve(path: str, folder: Path | None, upstream: str) -> None:
    import pooch

    pooch.get_logger().setLevel("ERROR")  # one bar says enough
    target = cache_folder() / path
    target.parent.mkdir(parents=True, exist_ok=True)

    def copy(url: str, output_file: str, manager: object) -> None:
        shutil.copyfile(url, output_file)

    pooch.retrieve(
        url=_url(path, upstream) if folder is None else str(folder / path),
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
        return expanded(mirror)
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


def _url(path: str, upstream: str) -> str:
    if _mirror():
        return f"{_mirror().rstrip('/')}/{path}"
    return f"{upstream}/{path.split('/', 1)[1]}"


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
            f"({_plain_reason(error)}): {_REMEDY}"
        ) from None
    except ValueError as error:
        if "hash" not in str(error):
            raise
        raise ValueError(_wrong_content(path)) from None


def _plain_reason(error: OSError) -> str:
    """The system's few words, out of what pooch puts around them."""
    around = re.match(r"\[Errno \d+\] ([^:|]+)", reason(error))
    return around[1].strip() if around else reason(error)


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
