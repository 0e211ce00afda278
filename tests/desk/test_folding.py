"""In JupyterLab side paths and imports are folded until one opens them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_tools import browser
from lab_tools import Lab, Server, open_lab
from nbformat.v4 import new_code_cell, new_markdown_cell
from playwright.sync_api import Browser, Locator, expect

from tutorgpt.learn.paths import fold

__all__ = ["browser"]  # a fixture: used by its name

pytestmark = pytest.mark.slow


@pytest.fixture
def lab(tmp_path: Path, browser: Browser) -> Iterator[Lab]:
    """A chapter in small, with one side path."""
    cells = [
        new_code_cell(
            "import secret_of_imports", metadata={"tags": ["hide-input"]}
        ),
        new_markdown_cell("## The idea"),
        new_code_cell("shown = 'on the path'"),
        new_markdown_cell("### Deeper: why it works"),
        new_code_cell("hidden = 'on the side'"),
        new_markdown_cell("## What comes next"),
    ]
    for cell in cells:
        fold(cell)
    server = Server(tmp_path / "desk")
    server.folder.mkdir()
    server.start()
    try:
        server.write_cells("chapter", cells)
        opened = open_lab(browser, server, "chapter")
        yield opened
        opened.page.context.close()
    finally:
        server.kill()


def test_a_side_path_and_the_imports_open_when_asked(lab: Lab) -> None:
    """Hidden at first; the rest of the chapter is in sight."""
    page = lab.page

    def code(text: str) -> Locator:
        return page.locator(".jp-CodeCell .cm-content", has_text=text)

    for heading in ("The idea", "Deeper: why it works", "What comes next"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(code("on the path")).to_be_visible()
    expect(code("on the side")).to_be_hidden()
    expect(code("secret_of_imports")).to_be_hidden()

    page.locator(".jp-Placeholder-content").click()
    expect(code("secret_of_imports")).to_be_visible()
    side = page.locator(".jp-MarkdownCell", has_text="Deeper")
    side.locator(".jp-showHiddenCellsButton").click()
    expect(code("on the side")).to_be_visible()
