"""A small package to hand out from, and a learner who changes chapters."""

from collections.abc import Callable
from pathlib import Path

import pytest
from desk_tools import NAMES, notebook

from tutorgpt.cli import main
from tutorgpt.desk import handouts, making, serving


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where chapters and pages come from: three short ones, one page."""
    folder = tmp_path / "package"
    (folder / "notebooks").mkdir(parents=True)
    (folder / "book").mkdir()
    for name in NAMES:
        (folder / "notebooks" / name).write_text(notebook(f"print({name!r})"))
    (folder / "book/claims.md").write_text("[one](notebooks/01_bigram.ipynb)")
    monkeypatch.setattr(handouts, "shipped", lambda room: folder / room)
    return folder


@pytest.fixture
def publish(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """Bring out another version, with other sources of some chapters."""

    def bring_out(version: str, **sources: str) -> None:
        monkeypatch.setattr(making, "__version__", version)
        monkeypatch.setattr("tutorgpt.cli.lab.__version__", version)
        for stem, source in sources.items():
            (name,) = (name for name in NAMES if stem in name)
            text = notebook(source)
            (package / "notebooks" / name).write_text(text)

    return bring_out


@pytest.fixture
def unsigned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jupyter's own files stay in here, and no notebook is signed."""
    for kind in ("DATA", "CONFIG", "RUNTIME"):
        monkeypatch.setenv(f"JUPYTER_{kind}_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setattr(making, "trust", lambda path: None)  # it is slow


@pytest.fixture
def here(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    package: Path,
    unsigned: None,
) -> Path:
    """A folder to stand in."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, list[str]]]:
    """Where JupyterLab was started, and with what, without starting it."""
    calls: list[tuple[Path, list[str]]] = []

    def start(folder: Path, arguments: list[str]) -> int:
        calls.append((folder, list(arguments)))
        return 0

    monkeypatch.setattr(serving, "start", start)
    return calls


@pytest.fixture
def lab(
    here: Path, capsys: pytest.CaptureFixture
) -> Callable[..., tuple[int, str]]:
    """tutorgpt lab --no-start with these words: exit code and what it says."""

    def call(*words: str) -> tuple[int, str]:
        code = main(["lab", "--no-start", *words])
        said = capsys.readouterr()
        return code, said.out + said.err

    return call
