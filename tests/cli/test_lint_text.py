"""tutorgpt lint-text: what a reader of its lines gets."""

import re
import shlex
from pathlib import Path

import pytest

from tutorgpt.cli import main
from tutorgpt.own_text import cuts
from tutorgpt.text.corpus import CORPORA

CLEAN = CORPORA["shakespeare"].read()[:60_000]


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a clean text in it; pairs are tried on little, to be quick."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cuts, "ENOUGH", 4000)
    Path("my plays.txt").write_text(CLEAN)


def look(capsys: pytest.CaptureFixture, *argv: str, code: int = 0) -> str:
    """What is printed about a text, without the minutes."""
    assert main(["lint-text", "--no-timing", *argv]) == code
    out, err = capsys.readouterr()

    assert err == ""
    return out


def test_everything_is_said_of_a_clean_text(
    capsys: pytest.CaptureFixture,
) -> None:
    """Facts, floors, warnings, advice: each line with a word in front."""
    said = look(capsys, "my plays.txt")

    words = re.findall(r"^([a-z ]+):  ", said, re.MULTILINE)
    assert words == [
        *("name", "file", "text", "lines", "alphabet", "held out"),
        *("tokenizer", "preset", "losses", "next"),
    ]
    assert "60 kB of UTF-8" in said
    assert "60,000 characters" in said
    different = len(set(CLEAN))
    assert re.search(rf"\ncharacters +60,000 +{different} +\d\.\d\d ", said)
    assert "\n0 warnings\n" in said


def test_the_command_to_paste_is_one_that_runs(
    capsys: pytest.CaptureFixture,
) -> None:
    """With the name of the file quoted; two steps of it are trained."""
    said = look(capsys, "my plays.txt")
    (command,) = re.findall(r"^next: +tutorgpt (.*)$", said, re.MULTILINE)
    argv = shlex.split(command)

    assert "'my plays.txt'" in command
    assert main([*argv, "--steps", "2", "--threads", "1"]) == 0
    assert Path("runs/my plays/run.json").is_file()


def test_a_warning_has_a_remedy_and_ends_well_unless_strict(
    capsys: pytest.CaptureFixture,
) -> None:
    """Exit code 0, and 1 with --strict."""
    Path("mine.txt").write_text(CLEAN.replace("sea", "sÃ©a", 2))
    said = look(capsys, "mine.txt")

    assert "\n1 warning\n" in said
    assert re.search(
        r"^warning:  in 2 places .* 'Ã©' for 'é'\n  remedy: open the ori",
        said,
        re.MULTILINE,
    )
    look(capsys, "mine.txt", "--strict", code=1)
    look(capsys, "my plays.txt", "--strict")


def test_a_terminal_is_filled_between_words(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line is wider than 60 columns but a command and the table."""
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    Path("mine.txt").write_text(CLEAN.replace("sea", "sÃ©a", 2))
    said = look(capsys, "mine.txt")

    assert "warning:" in said
    assert [line for line in said.splitlines() if len(line) > 60] == []


def test_no_byte_of_the_text_steers_the_terminal(
    capsys: pytest.CaptureFixture,
) -> None:
    """A line that is quoted may hold anything."""
    Path("mine.txt").write_text(
        "\x1b[31m red and repeated line\x07\n" * 20 + CLEAN
    )
    said = look(capsys, "mine.txt")

    assert "control character" in said
    assert not set(said) & {"\x1b", "\x07"}


def test_the_minutes_are_those_of_this_machine(
    capsys: pytest.CaptureFixture,
) -> None:
    """Timed unless --no-timing says not to."""
    assert main(["lint-text", "my plays.txt"]) == 0

    assert re.search(
        r"^time: +about \d+ (seconds|minutes|hours) on this machine$",
        capsys.readouterr().out,
        re.MULTILINE,
    )
