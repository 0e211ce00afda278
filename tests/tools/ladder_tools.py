"""The ladder's page in a browser: opened from a file, pressed and read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_tools import Visit, open_page
from playwright.sync_api import Browser, Page, expect

from tutorgpt import load_corpus
from tutorgpt.view.ladder.page import page
from tutorgpt.view.ladder.texts import PageText

Opens = Any
"""Opens a page; its notes are those of all pages."""

NO_WORKER = "delete globalThis.Worker"
NO_STORE = """Object.defineProperty(globalThis, "indexedDB",
  {get() { throw new DOMException("denied", "SecurityError") }})"""
NO_SIMD = "delete globalThis.WebAssembly"
"""What a browser may lack, as scripts that run before the page's."""


def text_of(length: int = 20_000) -> PageText:
    """A beginning of the plays, as the page offers a text."""
    return PageText(
        name="some",
        title="Some lines",
        text=load_corpus("shakespeare").text[:length],
        holds="some lines",
        source="nowhere",
        link="https://example.org/",
        licence="MIT",
        copyright="nobody",
    )


@pytest.fixture
def ladder(browser: Browser, tmp_path: Path) -> Iterator[Opens]:
    """Opens the page from disk; nothing may go wrong in it."""
    contexts, notes = [], []

    def opens(mode: str = "light", *lacks: str, page_of=page) -> Page:
        shown, visit = open_page(browser, mode)
        contexts.append(shown.context)
        notes.append(visit)
        for script in lacks:
            shown.add_init_script(script)
        file = tmp_path / f"ladder{len(notes)}.html"
        file.write_text(page_of([text_of()]), encoding="utf-8")
        shown.goto(file.as_uri())
        ready(shown)
        return shown

    opens.notes = notes
    yield opens
    for context in contexts:
        context.close()
    assert notes == [Visit()] * len(notes)


def ready(shown: Page) -> None:
    """Wait until the ladder stands there."""
    expect(shown.locator(".tg-ladder[data-tg-ready=yes]")).to_have_count(1)


def press(shown: Page, name: str) -> None:
    """Press a button."""
    shown.get_by_role("button", name=name, exact=True).click()


def choose(shown: Page, rung: str, steps: int = 40, **more: str) -> None:
    """Choose a rung by its model's name, and how long it is trained."""
    option = shown.locator("option", has_text=rung).first
    shown.get_by_label("rung", exact=True).select_option(
        value=option.get_attribute("value")
    )
    for label, value in {"steps": str(steps), **more}.items():
        shown.get_by_label(label, exact=True).fill(value)


def paste(shown: Page, text: str) -> None:
    """Choose a text of one's own."""
    shown.get_by_label("one of your own").check()
    shown.get_by_label("Your text").fill(text)


def train(shown: Page, rung: str, steps: int = 40, **more: str) -> None:
    """Train a rung to its end."""
    choose(shown, rung, steps, **more)
    press(shown, "Train")
    trained(shown, rung, steps)


def trained(shown: Page, rung: str, steps: int) -> None:
    """Wait until it is read aloud that a rung has ended."""
    aloud = shown.locator(".tg-l-aloud")
    expect(aloud).to_contain_text(f"({rung}) is trained")
    expect(aloud).to_contain_text(f"after {steps:,} step")


def rows(shown: Page) -> list[list[str]]:
    """The table of all runs."""
    return [
        [cell.strip() for cell in row.locator("th, td").all_inner_texts()]
        for row in shown.locator(".tg-table tbody tr").all()
    ]
