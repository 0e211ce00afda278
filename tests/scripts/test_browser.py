"""Where the browser of the tests comes from, and what is said without one."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts import browser
from scripts.browser import NoBrowserError, find_chromium, run, set_up

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "browser.py"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Machine":
    """A computer with no browser, on which nothing is really installed."""
    return Machine(tmp_path, monkeypatch)


class Machine:
    """What is installed on it, what starts, and every command it was given.

    brings: what a command that contains a word puts on the machine.
    """

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.starting: set[str] = set()
        self.commands: list[str] = []
        self.brings: dict[str, str] = {}
        self.own: list[str] = []
        self.patch = patch
        patch.delenv("TUTORGPT_CHROMIUM", raising=False)
        patch.setenv("PATH", str(folder))
        patch.setattr(browser, "ON_MACOS", ())
        patch.setattr(browser, "playwrights_own", lambda: self.own)
        patch.setattr(browser, "starts", self.starting.__contains__)
        patch.setattr(browser, "run", self.run)
        patch.setattr("os.geteuid", lambda: 0)

    def put(self, name: str, *, starts: bool = True) -> str:
        """Place a program on the PATH."""
        path = self.folder / name
        path.touch(mode=0o755)
        if starts:
            self.starting.add(str(path))
        return str(path)

    def run(self, command: list[str], variables: object = None) -> str | None:
        """Note a command; bring what it brings, or fail."""
        said = " ".join(command)
        self.commands.append(said)
        for word, name in self.brings.items():
            if word in said:
                self.put(name)
                return None
        return "exit code 1"


def test_an_installed_one_is_taken(machine: Machine) -> None:
    """Nothing is fetched where a browser starts."""
    path = machine.put("google-chrome")

    assert set_up() == find_chromium() == path
    assert machine.commands == []


def test_one_that_does_not_start_is_passed_over(machine: Machine) -> None:
    """A stub that only asks for a snap is not taken for a browser."""
    machine.put("chromium", starts=False)
    path = machine.put("google-chrome")

    assert find_chromium() == path


def test_playwrights_own_is_taken_if_no_other_starts(
    machine: Machine,
) -> None:
    """Its download is found without a file on the PATH."""
    machine.own = [machine.put("own")]

    assert set_up() == machine.own[0]


def test_the_download_comes_before_the_package(machine: Machine) -> None:
    """Playwright is asked first: it changes nothing but a cache."""
    machine.put("apt-get", starts=False)
    machine.brings = {"playwright install chromium": "chromium"}

    assert set_up() == str(machine.folder / "chromium")
    assert machine.commands == [
        f"{sys.executable} -m playwright install chromium",
        f"{sys.executable} -m playwright install-deps chromium",
    ]


def test_the_package_comes_if_there_is_no_download(
    machine: Machine, capsys: pytest.CaptureFixture
) -> None:
    """Debian's lists are brought up to date, then Chromium is installed."""
    machine.put("apt-get", starts=False)
    machine.brings = {"update": "lists", "fonts-noto-cjk": "chromium"}

    assert set_up() == str(machine.folder / "chromium")
    _, update, install = machine.commands
    assert update.endswith("update")
    assert install.endswith(
        "install -y --no-install-recommends chromium fonts-noto-cjk"
    )
    assert "trying apt-get" in capsys.readouterr().out


def test_without_rights_sudo_may_not_ask(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """sudo -n installs it, or fails at once: no password is waited for."""
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    machine.put("apt-get", starts=False)
    machine.put("sudo", starts=False)
    machine.brings = {"update": "lists", "fonts-noto-cjk": "chromium"}

    assert set_up() == str(machine.folder / "chromium")
    assert all(said.startswith("sudo -n ") for said in machine.commands[1:])


@pytest.mark.parametrize(
    ("programs", "reason"),
    [
        ((), "apt-get: there is no apt-get"),
        (("apt-get",), "apt-get: not root, and there is no sudo"),
        (("apt-get", "sudo"), "apt-get: exit code 1"),
    ],
)
def test_where_no_way_leads_to_one_it_says_so(
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
    programs: tuple[str, ...],
    reason: str,
) -> None:
    """One line, with what was tried and what to do, and exit code 1."""
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    for name in programs:
        machine.put(name, starts=False)

    assert browser.main() == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Playwright's download: exit code 1" in said
    assert reason in said
    assert "TUTORGPT_CHROMIUM" in said


def test_what_is_brought_must_start(machine: Machine) -> None:
    """An installation that went well proves nothing by itself."""
    machine.put("apt-get", starts=False)
    machine.brings = {"playwright": "a-font", "apt-get": "another-font"}

    with pytest.raises(NoBrowserError, match="what it brought does not start"):
        set_up()


def test_a_named_one_wins(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TUTORGPT_CHROMIUM is taken before any other."""
    machine.put("chromium")
    named = machine.put("mine")
    monkeypatch.setenv("TUTORGPT_CHROMIUM", named)

    assert find_chromium() == set_up() == named


def test_a_named_one_that_does_not_start_is_not_replaced(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who names a browser wants that one: nothing is fetched instead."""
    machine.put("chromium")
    monkeypatch.setenv("TUTORGPT_CHROMIUM", "/nowhere/chromium")

    with pytest.raises(NoBrowserError, match="/nowhere/chromium"):
        set_up()
    assert machine.commands == []


def test_a_stub_does_not_start(tmp_path: Path) -> None:
    """What ends at once, as the stub for a snap does, is no browser."""
    stub = tmp_path / "chromium"
    stub.write_text("#!/bin/sh\nexit 1\n")
    stub.chmod(0o755)

    assert not browser.starts(str(stub))
    assert not browser.starts(str(tmp_path / "none"))


def test_a_command_that_hangs_is_ended() -> None:
    """It cannot keep its caller waiting, nor can what it has started."""
    begun = time.monotonic()
    problem = run(["sh", "-c", "sleep 2000 & sleep 2000"], seconds=1)

    assert problem == "not done after 1 seconds"
    assert time.monotonic() - begun < 1000


def test_the_script_ends_with_one_line_and_1(tmp_path: Path) -> None:
    """As make calls it, on a machine where the named browser is a stub."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT)],
        env=os.environ | {"TUTORGPT_CHROMIUM": str(tmp_path / "none")},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("browser: TUTORGPT_CHROMIUM names")
    assert done.stderr.count("\n") == 1
