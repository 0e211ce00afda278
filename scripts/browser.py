"""Finds a Chromium that starts, or brings one, for the tests of the pages.

    python scripts/browser.py  # prints its path; one line and 1 without one

The ways, in this order: the one that TUTORGPT_CHROMIUM names and no other;
one that is installed; Playwright's own download, with the libraries it
lacks; Debian's package. Packages want root, or a sudo that asks for no
password.
"""

import contextlib
import functools
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
ON_MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PACKAGES = ("chromium", "fonts-noto-cjk")
TO_START = 180
"""Seconds a browser may take to open; a second is usual."""
TO_FETCH = 900
"""Seconds after which a download or an installation is given up."""
REMEDY = (
    "install Chromium (apt install chromium, brew install --cask chromium, "
    "or .venv/bin/playwright install chromium), or name one in "
    "TUTORGPT_CHROMIUM"
)


class NoBrowserError(Exception):
    """There is no Chromium here, and none could be brought."""


def find_chromium() -> str | None:
    """The path of the first Chromium that starts; None where none does.

    Raises NoBrowserError where TUTORGPT_CHROMIUM names one that does not.
    """
    named = os.environ.get("TUTORGPT_CHROMIUM")
    if named and not starts(named):
        raise NoBrowserError(
            f"TUTORGPT_CHROMIUM names {named!r}, which does not start: "
            "correct it, or unset it to have one looked for"
        )
    return named or next(filter(starts, installed()), None)


def installed() -> Iterator[str]:
    """Where a Chromium lies; Playwright's own comes last."""
    on_path = filter(None, map(shutil.which, NAMES))
    yield from (path for path in (*on_path, *ON_MACOS) if Path(path).is_file())
    yield from playwrights_own()


def playwrights_own() -> list[str]:
    """The path of Playwright's download, if it is there."""
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return [path] if Path(path).is_file() else []


def starts(path: str) -> bool:
    """Whether it opens without a window; a file alone proves nothing.

    It may be a stub that asks for a snap, or lack a library.
    """
    return Path(path).is_file() and _opens(path)


@functools.cache
def _opens(path: str) -> bool:
    with sync_playwright() as playwright:
        try:
            opened = playwright.chromium.launch(
                executable_path=path, args=FLAGS, timeout=1000 * TO_START
            )
            opened.new_page()
            opened.close()
        except Error:
            return False
    return True


def set_up() -> str:
    """The path of a Chromium that starts, brought here if need be.

    Raises NoBrowserError, with what was tried, where no way leads to one.
    """
    tried = []
    for name, bring in WAYS:
        if found := find_chromium():
            return found
        print(f"no Chromium that starts: trying {name}", flush=True)
        tried.append(f"{name}: {bring() or 'what it brought does not start'}")
        _opens.cache_clear()  # what lacked a library may start now
    if found := find_chromium():
        return found
    raise NoBrowserError(
        f"no Chromium that starts ({'; '.join(tried)}): {REMEDY}"
    )


def download() -> str | None:
    """Let Playwright fetch its own, about 200 MB; what went wrong, or None."""
    command = [sys.executable, "-m", "playwright"]
    # Milliseconds to reach each of its servers; they are asked in turn.
    patience = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "20000"}
    problem = run([*command, "install", "chromium"], patience)
    if problem or any(map(starts, playwrights_own())):
        return problem
    return as_root([*command, "install-deps", "chromium"])


def packages() -> str | None:
    """Install Debian's Chromium; what went wrong, or None."""
    if shutil.which("apt-get") is None:
        return "there is no apt-get"
    # The lists of a fresh machine are empty or old. A lock is another
    # installation at work: wait for it.
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    bring = ["install", "-y", "--no-install-recommends", *PACKAGES]
    return as_root([*apt, "update"]) or as_root([*apt, *bring])


WAYS: Sequence[tuple[str, Callable[[], str | None]]] = (
    ("Playwright's download", download),
    ("apt-get", packages),
)
"""How one is brought; the first changes least of the machine."""


def as_root(command: Sequence[str]) -> str | None:
    """Run a command with all rights; what went wrong, or None."""
    if os.geteuid() == 0:
        return run(command, {"DEBIAN_FRONTEND": "noninteractive"})
    if shutil.which("sudo") is None:
        return "not root, and there is no sudo"
    return run(
        ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive", *command]
    )


def run(
    command: Sequence[str],
    variables: dict[str, str] | None = None,
    seconds: float = TO_FETCH,
) -> str | None:
    """Run a command in silence; what went wrong, or None.

    After so many seconds it is killed, with all that it has started: none
    may hang because the network does, or because sudo waits for a password.
    """
    process = subprocess.Popen(
        command,
        env=os.environ | (variables or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(PermissionError):  # sudo belongs to root
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        return f"not done after {seconds:.0f} seconds"
    return f"exit code {code}" if code else None


def main() -> int:
    """Print the path of a Chromium that starts; 1 if none can be had."""
    try:
        print(f"browser: {set_up()}")
    except NoBrowserError as error:
        print(f"browser: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
