"""What is built in a used checkout: all of ours, none of the learner's."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
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

LARGEST_WHEEL = 12_000_000
"""Bytes."""


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


def test_the_wheel_takes_the_chapters_and_the_pages(
    wheel: zipfile.ZipFile,
) -> None:
    """What tutorgpt lab hands out, and nothing else of the book."""
    packed = {
        name.removeprefix("tutorgpt/")
        for name in wheel.namelist()
        if name.startswith(("tutorgpt/notebooks/", "tutorgpt/book/"))
    }
    chapters = tracked("notebooks/[0-9][0-9]_*.ipynb")
    pages = tracked("book/**.md", "book/figures/*.svg")

    assert len(chapters) >= 9
    assert packed == {*chapters, *pages}


def test_the_wheel_is_small(dist: Path) -> None:
    """A download of a minute, on a slow line too."""
    (wheel,) = dist.glob("*.whl")

    assert wheel.stat().st_size <= LARGEST_WHEEL


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


@pytest.fixture(scope="module")
def installed(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel, and the packages that are here.

    They come by a .pth file, so that nothing is downloaded; the package
    itself is the wheel's, whatever else is installed here.
    """
    folder = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = str(scripts / "python")
    (site,) = subprocess.run(
        [python, "-c", "import sysconfig as s; print(s.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    here = "\n".join(path for path in sys.path if "site-packages" in path)
    (Path(site) / "packages_that_are_here.pth").write_text(here)
    (wheel,) = dist.glob("*.whl")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--python", python, "install"),
            *("--quiet", "--no-deps", "--no-index", str(wheel)),
        ],
        check=True,
    )
    return scripts


RUN = """
import sys, nbformat, nbclient
notebook = nbformat.read(sys.argv[1], as_version=4)
nbclient.NotebookClient(notebook, timeout=600).execute()
nbformat.write(notebook, sys.argv[1])
import tutorgpt; print(tutorgpt.__file__)
"""


@pytest.mark.slow
def test_an_installed_wheel_makes_a_desk_whose_chapters_run(
    installed: Path, tmp_path: Path
) -> None:
    """Outside the checkout, without git, make or a network."""
    private = {
        "JUPYTER_DATA_DIR": str(tmp_path / "jupyter"),
        "TUTORGPT_PROGRESS_FILE": str(tmp_path / "progress.json"),
        "PATH": str(installed),
    }
    known = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}

    def call(*words: str | Path) -> str:
        done = subprocess.run(
            [str(word) for word in words],
            cwd=tmp_path,
            env=known | private,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    desk = tmp_path / "my-tutorgpt"
    lab = (installed / "tutorgpt", "lab", "--no-start")
    chapters = len(tracked("notebooks/[0-9][0-9]_*.ipynb"))
    assert f"{desk}: your copies of {chapters} chapters" in call(*lab)
    chapter = desk / "01_bigram.ipynb"  # the shortest
    imported = call(installed / "python", "-c", RUN, chapter)

    assert imported.startswith(str(installed.parent))
    cells = json.loads(chapter.read_text("utf-8"))["cells"]
    assert all(c["execution_count"] for c in cells if c["cell_type"] == "code")
    assert call(*lab) == f"{desk}: your chapters, as you left them\n"
