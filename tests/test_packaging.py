"""What is built in a used checkout: all of ours, none of the learner's."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LEARNERS = (
    "Untitled.ipynb",
    "my-tutorgpt/01_bigram.ipynb",
    "notebooks/.ipynb_checkpoints/01_bigram-checkpoint.ipynb",
    "notebooks/Untitled.ipynb",
    "notebooks/model/model.safetensors",
    "page.html",
    "results/ladder_diary.json",
    "results/ladder_shakespeare/GPT/weights.safetensors",
    "results/mine/bugs.json",
    "results/mine/ladder_shakespeare/GPT/weights.safetensors",
    "runs/a/step_100/state.json",
    "tutorgpt/.ipynb_checkpoints/bigram-checkpoint.py",
    "tutorgpt/model.safetensors",
    "_build/html/index.html",
)
"""What a year of learning leaves behind, and no reader may be sent."""


def tracked(*patterns: str) -> list[str]:
    """The files that belong to the repository, from its top."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return listed.stdout.strip("\0").split("\0")


RECORDS = {name for name in tracked("results") if name.endswith(".json")}


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel and an sdist, built without a network in a used checkout."""
    checkout = tmp_path_factory.mktemp("used")
    for name in (*tracked(), *LEARNERS):
        target = checkout / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if name in LEARNERS:
            target.write_text("mine")
        elif (ROOT / name).exists():  # it may be about to be moved
            shutil.copy(ROOT / name, target, follow_symlinks=False)
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build"],
        cwd=checkout,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    return checkout / "dist"


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Iterator[zipfile.ZipFile]:
    """The built wheel."""
    with zipfile.ZipFile(next(dist.glob("*.whl"))) as opened:
        yield opened


@pytest.fixture(scope="module")
def in_sdist(dist: Path) -> set[str]:
    """The files of the built sdist, from its top folder."""
    with tarfile.open(next(dist.glob("*.tar.gz"))) as sdist:
        return {name.partition("/")[2] for name in sdist.getnames()}


def mine(names: Iterable[str]) -> set[str]:
    """Those of the names that end as a learner's file does."""
    return {
        name for name in names if name.endswith(LEARNERS) or name in LEARNERS
    }


def test_the_wheel_holds_nothing_of_the_learners(
    wheel: zipfile.ZipFile,
) -> None:
    """Neither by its name nor, renamed, by what it says."""
    found = [name for name in wheel.namelist() if wheel.read(name) == b"mine"]

    assert found == []
    assert not mine(wheel.namelist())


def test_the_sdist_holds_nothing_of_the_learners(in_sdist: set[str]) -> None:
    """Not even what stands beside the chapters and the records."""
    assert not mine(in_sdist)


def test_the_wheel_takes_the_records_of_the_book(
    wheel: zipfile.ZipFile,
) -> None:
    """The list in pyproject.toml is what git knows of results/, no more."""
    packed = {
        name.removeprefix("tutorgpt/")
        for name in wheel.namelist()
        if name.startswith("tutorgpt/results/")
    }

    assert packed == RECORDS


def test_the_wheel_takes_the_whole_package(wheel: zipfile.ZipFile) -> None:
    """Every file of the package that git knows, data files included."""
    missing = {
        name for name in tracked("tutorgpt") if (ROOT / name).exists()
    } - set(wheel.namelist())

    assert not missing


def test_the_sdist_takes_the_repository(in_sdist: set[str]) -> None:
    """The chapters, the book, the tests and all that make needs.

    The recorded figures are drawn from the records; book/notebooks is a
    link that the book's build makes.
    """
    here = {name for name in tracked() if (ROOT / name).exists()}
    drawn = {name for name in here if name.startswith("results/")} - RECORDS

    assert here - in_sdist == {"book/notebooks"} | drawn


def test_an_installed_wheel_finds_its_records(
    wheel: zipfile.ZipFile, tmp_path: Path
) -> None:
    """read_record works far from the repository, for every record."""
    wheel.extractall(tmp_path)
    names = sorted(Path(record).stem for record in RECORDS)
    code = (
        "import sys, tutorgpt; from tutorgpt.view import read_record; "
        "assert tutorgpt.__file__.startswith(sys.argv[1]), tutorgpt.__file__; "
        "print(sum(bool(read_record(name)) for name in sys.argv[2:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), *names],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == len(RECORDS)
