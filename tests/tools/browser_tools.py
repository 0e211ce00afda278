"""A headless Chromium that lets nothing through but files, and takes notes."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MODES = {
    "light": {"color_scheme": "light", "width": 1280, "height": 900},
    "dark": {"color_scheme": "dark", "width": 1280, "height": 900},
    "phone": {"color_scheme": "light", "width": 390, "height": 844},
}
ON_PATH = ("chromium", "chromium-browser", "google-chrome", "chrome")
ON_MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


@dataclass
class Visit:
    """What happened while one page was open, and how it came out."""

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    measured: dict = field(default_factory=dict)


def find_chromium() -> str | None:
    """TUTORGPT_CHROMIUM, else an installed one, else Playwright's own."""
    candidates = [
        os.environ.get("TUTORGPT_CHROMIUM"),
        *(shutil.which(name) for name in ON_PATH),
        *ON_MACOS,
    ]
    return next((c for c in candidates if c and Path(c).is_file()), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all pages."""
    with sync_playwright() as playwright:
        found = find_chromium()
        if (
            not found
            and not Path(playwright.chromium.executable_path).exists()
        ):
            pytest.fail(
                "no Chromium found: install one (apt install chromium, brew "
                "install --cask chromium, or playwright install chromium), "
                "or name it in TUTORGPT_CHROMIUM",
                pytrace=False,
            )
        opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()


def open_page(browser: Browser, mode: str) -> tuple[Page, Visit]:
    """An empty page that lets nothing through but files, and takes notes."""
    settings = dict(MODES[mode])
    scheme = settings.pop("color_scheme")
    context = browser.new_context(viewport=settings, color_scheme=scheme)
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


def serious(
    page: Page,
    axe: str,
    *,
    rules: list[str] | None = None,
    skip: str | None = None,
) -> list[str]:
    """What axe finds serious or critical: rule, elements and reason.

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
        if finding["impact"] in ("serious", "critical")
        for node in finding["nodes"]
    ]
