"""A JupyterLab of one's own, for tests: its server, and a page of it."""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from browser_tools import PATIENCE
from nbformat import NotebookNode
from playwright.sync_api import Browser, Locator, Page, expect

from tutorgpt.desk.serving import trust

WATCHED = {"TUTORGPT_PROGRESS": "1"}
"""As where a person looks at the notebook."""
TOKEN = "only-here"
TO_START = 120
"""Seconds after which a server is taken not to start."""
WATCH = """
import os
import sys
import threading
from pathlib import Path

def end_with_the_test():
    sys.stdin.read()  # until whoever started this is gone
    os._exit(1)

threading.Thread(target=end_with_the_test, daemon=True).start()
"""
AT_DESK = f"""{WATCH}
from tutorgpt.desk.serving import start
sys.exit(start(Path(sys.argv[1]), sys.argv[2:]))
"""
PLAIN = f"""{WATCH}
from jupyterlab.labapp import main
sys.exit(main(sys.argv[1:]))
"""
LAB = "tutorgpt lab"
"""The command itself, which makes the desk too; it ends when left alone."""
LEFT_ALONE = 900
"""Seconds without a question, after which nobody tests any more."""


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def end(processes: list[psutil.Process]) -> None:
    """Kill processes; some may have ended by themselves."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


@dataclass
class Server:
    """JupyterLab on a folder; nothing of the user's is read or written.

    way: the program that starts it, AT_DESK or PLAIN, or LAB.
    """

    folder: Path
    way: str = AT_DESK
    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None

    @property
    def own(self) -> Path:
        """Where its settings and the learner's record lie."""
        return self.folder.parent / f"{self.folder.name}-own"

    @property
    def record(self) -> Path:
        """The learner's record."""
        return self.own / "progress.json"

    def places(self) -> dict[str, str]:
        """The variables that say where all of this lies."""
        names = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "IPYTHONDIR": "ipython",
            "TUTORGPT_PROGRESS_FILE": self.record.name,
        }
        return {name: str(self.own / path) for name, path in names.items()}

    def command(self) -> list[str]:
        """What starts it."""
        ours = ["--no-browser", f"--port={self.port}"]
        options = [
            "--allow-root",
            "--ServerApp.port_retries=0",
            f"--IdentityProvider.token={TOKEN}",
        ]
        if self.way == LAB:
            words = ["-m", "tutorgpt", "lab", str(self.folder), *ours, "--"]
            options.append(
                f"--ServerApp.shutdown_no_activity_timeout={LEFT_ALONE}"
            )
        else:
            words = ["-c", self.way, str(self.folder), *ours]
        if self.way == PLAIN:
            options.append("--LabApp.news_url=None")
        return [sys.executable, *words, *options]

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.own.mkdir(exist_ok=True)
        with (self.own / "log.txt").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                env=os.environ | self.places() | WATCHED,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + TO_START
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                self.kill()
                log_text = (self.own / "log.txt").read_text("utf-8")
                raise AssertionError(f"no server:\n{log_text[-2000:]}")
            time.sleep(0.1)

    def answers(self) -> bool:
        """Whether somebody is there."""
        try:
            self.ask("status")
        except (urllib.error.URLError, OSError):
            return False
        return True

    def ask(self, path: str, method: str = "GET", body: Any = None) -> Any:
        """What its programming interface says; body: what it is sent."""
        question = urllib.request.Request(
            f"{self.address}/api/{path}",
            headers={"Authorization": f"token {TOKEN}"},
            data=None if body is None else json.dumps(body).encode(),
            method=method,
        )
        with urllib.request.urlopen(question, timeout=60) as reply:
            text = reply.read()
        return json.loads(text) if text else None

    def end_kernels(self) -> None:
        """Shut all kernels down, as nobody is there who needs them."""
        for session in self.ask("sessions"):
            self.ask(f"sessions/{session['id']}", "DELETE")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """End it as a power cut does, with all its kernels."""
        if self.process is None:
            return
        kernels = self.kernels()
        self.process.kill()
        self.process.wait(20)
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process = None
        end(kernels)

    def kernels(self) -> list[psutil.Process]:
        """The processes that its kernels run in."""
        assert self.process is not None
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self.process.pid).children(recursive=True)
        return []

    def kept(self) -> dict[str, str]:
        """The answers in the learner's record."""
        if not self.record.exists():
            return {}
        quiz = json.loads(self.record.read_text("utf-8"))["quiz"]
        return {id: answer["choice"] for id, answer in quiz.items()}

    def write_notebook(self, name: str, *sources: str) -> Path:
        """A notebook of these code cells, signed as the reader's own."""
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        return self.write_cells(name, cells)

    def write_cells(self, name: str, cells: list[NotebookNode]) -> Path:
        """A notebook of these cells, signed as the reader's own."""
        made = nbformat.v4.new_notebook(cells=cells)
        made.metadata.kernelspec = {
            "name": "python3",
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
        }
        path = self.folder / f"{name}.ipynb"
        nbformat.write(made, path)
        self.trust(path)
        return path

    def copy_notebook(self, original: Path) -> Path:
        """A chapter, handed out as the desk does it."""
        path = self.folder / original.name
        path.write_bytes(original.read_bytes())
        self.trust(path)
        return path

    def trust(self, path: Path) -> None:
        """Sign a notebook with this server's key."""
        with pytest.MonkeyPatch.context() as patch:
            for place, where in self.places().items():
                patch.setenv(place, where)
            trust(path)


@dataclass
class Lab:
    """One notebook, open in a browser."""

    server: Server
    page: Page
    name: str

    def open(self) -> None:
        """Open the notebook, or load the page again."""
        path = f"{self.server.address}/lab/tree/{self.name}.ipynb"
        self.page.goto(f"{path}?token={TOKEN}&reset")
        self.wait_until_idle()

    def wait_until_idle(self) -> None:
        """Wait for a kernel that has nothing to do."""
        expect(self.status().get_by_text("| Idle").first).to_be_visible()

    def status(self) -> Locator:
        """The line at the bottom of the window."""
        return self.page.locator("#jp-main-statusbar")

    def cell(self, number: int) -> Locator:
        """A cell, counted from 0."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(number)

    def run(self, number: int) -> None:
        """Run a cell by the keyboard, and wait until it is done."""
        cell = self.cell(number)
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(re.compile(r"\[\d+\]:"))

    @property
    def file(self) -> Path:
        """The notebook's file."""
        return self.server.folder / f"{self.name}.ipynb"

    def save(self) -> None:
        """Save, and wait until all outputs that are shown are written.

        A save of JupyterLab's own may come first, with the file as it was;
        a click that comes during one does nothing, so it is clicked again.
        """
        shown = self.page.locator(
            ".jp-Cell:has(.jp-OutputArea-output)"
        ).count()
        written = -1
        while written < shown:
            before = self.file.stat().st_mtime_ns
            button = self.page.get_by_role("button", name="Save and create")
            self.wait_until_written(before, button.click)
            written = self.outputs_written()

    def outputs_written(self) -> int:
        """How many cells of the file have outputs; -1 while it is written."""
        try:
            cells = json.loads(self.file.read_text("utf-8"))["cells"]
        except ValueError:
            return -1
        return sum(bool(cell.get("outputs")) for cell in cells)

    def wait_until_written(
        self, before: int, ask: Callable[[], object] = lambda: None
    ) -> None:
        """Wait until the file is newer than this time in nanoseconds.

        ask: asks for it, at once and every five seconds.
        """
        start = time.monotonic()
        asked = 0
        while self.file.stat().st_mtime_ns == before:
            waited = time.monotonic() - start
            assert waited < PATIENCE / 1000, "it was never saved"
            if waited >= 5 * asked:
                ask()
                asked += 1
            self.page.wait_for_timeout(50)

    def open_anew(self) -> None:
        """Close the browser's tab, and open the notebook in another."""
        context = self.page.context
        self.page.close()
        self.page = context.new_page()
        self.open()

    def shut_down(self) -> None:
        """End the notebook's kernel, as at the end of a day."""
        self.menu("Kernel", "Shut Down Kernel")
        expect(self.status().get_by_text("No Kernel").first).to_be_visible()

    def kill_kernel(self) -> None:
        """Kill the kernel, and wait until JupyterLab has another one."""
        end(self.server.kernels())
        dialog = self.page.locator(".jp-Dialog", has_text="Kernel Restarting")
        dialog.get_by_role("button").last.click()
        self.wait_until_idle()

    def menu(self, *names: str) -> None:
        """Choose from a menu: its name, then the item's."""
        menu, item = names
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=item).first.click()

    def restart(self) -> None:
        """Restart the kernel by the menu."""
        self.menu("Kernel", "Restart Kernel…")
        self.page.get_by_role("button", name="Confirm Kernel Restart").click()
        self.wait_until_idle()


def open_lab(browser: Browser, server: Server, name: str) -> Lab:
    """A notebook in a new window."""
    context = browser.new_context(viewport={"width": 1280, "height": 2400})
    context.set_default_timeout(PATIENCE)
    lab = Lab(server, context.new_page(), name)
    lab.open()
    return lab
