"""One rule for the paths of all commands."""

import argparse
import os
from pathlib import Path

import pytest

from tutorgpt.cli import arguments, paths

TYPES = (
    paths.folder_to_read,
    paths.folder_to_write,
    paths.file_to_read,
    paths.file_to_write,
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder that is also the current one."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("kind", TYPES)
def test_a_tilde_is_the_home_folder(kind, home: Path) -> None:
    """For folders and files, to read and to write."""
    assert kind("~/x y") == home / "x y"


@pytest.mark.parametrize("kind", [*TYPES, paths.text_to_read])
def test_an_empty_path_is_refused(kind) -> None:
    """It would be the current folder."""
    with pytest.raises(argparse.ArgumentTypeError, match="the path is empty"):
        kind("")


def test_a_file_is_no_folder(home: Path) -> None:
    """Nor is what would lie below a file."""
    Path("file").write_text("")
    with pytest.raises(argparse.ArgumentTypeError, match="'file' is a file"):
        paths.folder_to_read("file")
    for wrong in ("file", "file/below", "file/far/below"):
        with pytest.raises(argparse.ArgumentTypeError, match="'file' is a"):
            paths.folder_to_write(wrong)


@pytest.mark.parametrize("kind", TYPES[:2])
def test_a_folder_of_weights_has_a_name_in_utf_8(kind, home: Path) -> None:
    """Nothing is trained whose result could not be opened."""
    with pytest.raises(argparse.ArgumentTypeError, match="is not UTF-8"):
        kind(os.fsdecode(b"caf\xe9"))
    assert paths.file_to_write(os.fsdecode(b"caf\xe9"))


def test_a_file_needs_a_folder_that_is_there(home: Path) -> None:
    """A misspelt folder is not made for a single file."""
    with pytest.raises(argparse.ArgumentTypeError, match="make it first"):
        paths.file_to_write("gone/x.txt")
    with pytest.raises(argparse.ArgumentTypeError, match="is a folder: name"):
        paths.file_to_write(".")


def test_a_folder_is_made_with_those_above_it() -> None:
    """What is written into it are many files."""
    assert paths.folder_to_write("a/b") == Path("a/b")


def test_a_file_is_replaced_by_force_alone() -> None:
    """A device has nothing to lose."""
    Path("file").write_text("")
    paths.refuse_existing(Path("new"), force=False)
    paths.refuse_existing(Path("/dev/null"), force=False)
    paths.refuse_existing(Path("file"), force=True)
    with pytest.raises(ValueError, match=r"a file 'file' already.*--force"):
        paths.refuse_existing(Path("file"), force=False)


def test_a_word_that_is_not_known_is_answered_with_the_nearest() -> None:
    """And with all that are known."""
    read = arguments.one_of(["small", "laptop"])

    assert read("small") == "small"
    with pytest.raises(
        argparse.ArgumentTypeError,
        match="'smal' is not known: choose one of small, laptop; did you me",
    ):
        read("smal")


def test_a_device_is_one_that_torch_offers() -> None:
    """The sentence of tutorgpt.ground.devices."""
    assert arguments.device("cpu") == "cpu"
    with pytest.raises(argparse.ArgumentTypeError, match="torch offers cpu"):
        arguments.device("tpu")
