"""Paths as people write them, and commands that a shell reads back."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tutorgpt.ground.places import expanded, paste, readable
from tutorgpt.ground.refusal import did_you_mean

NOT_UTF_8 = os.fsdecode(b"caf\xe9")


def test_the_home_folder_is_written_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """~/runs is in the home folder, not in a folder called ~."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))

    assert expanded("~/runs/x") == tmp_path / "runs/x"
    assert expanded(Path("~")) == tmp_path


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("", "the path is empty: name a file or a folder"),
        ("a\0b", r"'a\x00b' has a zero character"),
        ("~nobody-at-all/x", "the home folder of nobody known"),
        ("x" * 5000, r"too long for a path (5,000 characters)"),
    ],
)
def test_what_can_be_no_path_is_refused(place: str, said: str) -> None:
    """With one sentence that names it."""
    with pytest.raises(ValueError, match=re.escape(said)) as refused:
        expanded(place)

    assert "Errno" not in str(refused.value)


def test_a_circle_of_links_is_refused(tmp_path: Path) -> None:
    """The system's reason, without its number."""
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(OSError, match="cannot be looked at") as refused:
        expanded(tmp_path / "a")

    assert "Errno" not in str(refused.value)


@pytest.mark.parametrize(
    "word",
    ["plain", "two words", "it's", "$HOME", "春江", "a\nb'\\", NOT_UTF_8, ""],
)
@pytest.mark.skipif(shutil.which("bash") is None, reason="asks bash")
def test_a_pasted_command_is_read_back(word: str) -> None:
    """A shell gets the very bytes of every word, even those not UTF-8."""
    done = subprocess.run(
        ["bash", "-c", f"printf %s {paste(word)}"], capture_output=True
    )

    assert done.stdout == os.fsencode(word)
    assert paste(word).isprintable()


def test_a_path_is_never_taken_for_an_option() -> None:
    """A folder may be called -x; an option stays one."""
    assert paste("tutorgpt", "--out", Path("-x")) == "tutorgpt --out ./-x"


def test_windows_quotes_in_its_own_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its shells know no single quotes."""
    monkeypatch.setattr("tutorgpt.ground.places.os.name", "nt")

    assert paste("tutorgpt", "two words") == 'tutorgpt "two words"'


def test_a_plain_command_looks_plain() -> None:
    """As shlex joins it."""
    words = ["tutorgpt", "sample", "--prompt", "a b"]

    assert paste(*words) == shlex.join(words)


def test_a_name_that_is_not_utf_8_can_be_recorded() -> None:
    """Whatever bytes it has, its record is UTF-8."""
    assert readable(NOT_UTF_8).encode() == "caf\ufffd".encode()


def test_the_nearest_word_is_named() -> None:
    """Capital letters do not matter; what is far is not guessed."""
    assert did_you_mean("gpt", ["GPT", "Bigram"]) == "; did you mean 'GPT'?"
    assert did_you_mean("xyzzy", ["GPT", "Bigram"]) == ""
