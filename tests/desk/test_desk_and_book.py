"""What a learner does in a desk reaches neither the chapters nor the book."""

from pathlib import Path

import book_tools
import nbformat
import pytest
from book_tools import Build
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from scripts.book_source import copy_tree
from tutorgpt.cli import main
from tutorgpt.desk import handouts

BREAK = 'raise ValueError("broken by the learner")'


@pytest.fixture
def book(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The book as it stands, built once for all tests."""
    return book_tools.build_once(tmp_path_factory)


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, links not followed."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def pages(html: Path) -> dict[str, str]:
    """Every page of the built book."""
    return {
        path.relative_to(html).as_posix(): path.read_text("utf-8")
        for path in book_tools.written_pages(html)
    }


@pytest.mark.slow
def test_a_broken_chapter_in_the_desk_builds_an_unchanged_book(
    book: Build,
    tmp_path: Path,
    unsigned: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Run in a checkout's desk, saved with its traceback, built anew."""
    checkout = copy_tree(tmp_path / "checkout")
    (checkout / "pyproject.toml").touch()
    sources = ("notebooks", "book")
    before = {name: everything(checkout / name) for name in sources}
    monkeypatch.setattr(handouts, "shipped", lambda room: checkout / room)
    monkeypatch.chdir(checkout)
    assert main(["lab", "--no-start"]) == 0
    path = checkout / "my-tutorgpt" / "01_bigram.ipynb"
    chapter = nbformat.read(path, as_version=4)
    chapter.cells.insert(1, nbformat.v4.new_code_cell(BREAK))
    folder = {"metadata": {"path": str(path.parent)}}
    with pytest.raises(CellExecutionError):
        NotebookClient(chapter, timeout=600, resources=folder).execute()
    nbformat.write(chapter, path)

    assert '"ename": "ValueError"' in path.read_text("utf-8")
    after = {name: everything(checkout / name) for name in sources}
    assert after == before
    built = book_tools.build(checkout)
    assert built.code == 0, built.log[-3000:]
    assert pages(built.html) == pages(book.html)
    assert "broken by the learner" not in "".join(pages(built.html).values())
