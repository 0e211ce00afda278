"""A headless Chromium that lets nothing through but files, and takes notes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    Page,
    Request,
    Route,
    expect,
    sync_playwright,
)

from scripts.browser import FLAGS, REMEDY, TO_START, find_chromium

MODES = {
    "light": {"color_scheme": "light", "width": 1280, "height": 900},
    "dark": {"color_scheme": "dark", "width": 1280, "height": 900},
    "phone": {"color_scheme": "light", "width": 390, "height": 844},
}
PATIENCE = 120_000
"""Milliseconds after which a page has hung; a slow computer is not that."""
expect.set_options(timeout=PATIENCE)


@dataclass
class Visit:
    """What happened while one page was open, and how it came out."""

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    measured: dict = field(default_factory=dict)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all pages, the one that scripts/browser.py finds."""
    found = find_chromium()
    if not found:
        pytest.fail(f"no Chromium that starts: {REMEDY}", pytrace=False)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=found, args=FLAGS, timeout=1000 * TO_START
        )
        yield opened
        opened.close()


def page_with(browser: Browser, *scripts: str) -> Page:
    """An empty page in which these scripts have run."""
    page, _ = open_page(browser, "light")
    page.goto("about:blank")
    for script in scripts:
        page.add_script_tag(content=script)
    return page


def open_page(browser: Browser, mode: str) -> tuple[Page, Visit]:
    """An empty page that lets nothing through but files, and takes notes."""
    settings = dict(MODES[mode])
    scheme = settings.pop("color_scheme")
    context = browser.new_context(viewport=settings, color_scheme=scheme)
    context.set_default_timeout(PATIENCE)
    visit = Visit()

    def only_files(route: Route) -> None:
        if route.request.url.startswith(("file:", "data:", "blob:")):
            route.continue_()
        else:
            visit.outside.append(route.request.url)
            route.abort()

    context.route("**/*", only_files)
    page = context.new_page()
    page.on(
        "console",
        lambda message: (
            visit.errors.append(message.text)
            if message.type in ("error", "warning")
            else None
        ),
    )
    page.on("pageerror", lambda error: visit.errors.append(str(error)))

    def note_failure(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page was left
            visit.errors.append(f"not loaded: {request.url}")

    page.on("requestfailed", note_failure)
    return page, visit


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's script, which looks for what a reader cannot use."""
    import axe_playwright_python

    folder = Path(axe_playwright_python.__file__).parent
    return (folder / "axe.min.js").read_text(encoding="utf-8")


def findings(
    page: Page,
    axe: str,
    *,
    rules: list[str] | None = None,
    skip: str | None = None,
    impacts: tuple[str, ...] = ("minor", "moderate", "serious", "critical"),
) -> list[str]:
    """What axe finds: rule, elements and reason.

    rules: look for these alone. skip: not inside of these elements.
    """
    page.evaluate(axe)
    found = page.evaluate(
        "([rules, skip]) => axe.run(skip ? {exclude: [skip]} : document,"
        " {resultTypes: ['violations'], preload: false,"
        " ...(rules ? {runOnly: rules} : {})})",
        [rules, skip],
    )
    return [
        f"{finding['id']}: {node['target']} {node['failureSummary']}"
        for finding in found["violations"]
        if finding["impact"] in impacts
        for node in finding["nodes"]
    ]


def serious(page: Page, axe: str, **asked) -> list[str]:
    """What axe finds serious or critical."""
    return findings(page, axe, impacts=("serious", "critical"), **asked)
