"""tokenizer.json: written, read back, and refused with a reason."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tutorgpt.tokens import BytePairTokenizer

TOKENIZER = BytePairTokenizer.train("the cat the hat the bat", 262)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return TOKENIZER.save(tmp_path / "tokenizer.json")


def test_it_comes_back_as_it_was(file: Path) -> None:
    """All merges, in their order."""
    assert BytePairTokenizer.load(file) == TOKENIZER


def test_merges_may_be_written_as_one_text(file: Path) -> None:
    """As versions of the library before 0.20 wrote them."""
    stored = json.loads(file.read_text("utf-8"))
    merges = stored["model"]["merges"]
    stored["model"]["merges"] = [" ".join(merge) for merge in merges]
    file.write_text(json.dumps(stored), encoding="utf-8")

    assert BytePairTokenizer.load(file) == TOKENIZER


def change(path: str, value: object) -> Callable[[dict], None]:
    """Set one entry of the file, named by the keys that lead to it."""

    def apply(stored: dict) -> None:
        *keys, last = path.split("/")
        for key in keys:
            stored = stored[key]
        if value is None and last == "vocab":
            del stored[last]
        else:
            stored[last] = value

    return apply


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("version", "2.0", "its version is '2.0', and '1.0' is known"),
        ("model/type", "WordPiece", "its model is 'WordPiece'"),
        ("model/vocab", None, "it lacks 'vocab'"),
        ("model/merges", [["t", "zz"]], "it lacks 'zz'"),
        ("model/merges", [], "vocabulary is not the 256 bytes"),
        ("model/merges", 3, "another layout"),
        ("model/merges", [["t", "h", "e"]], "too many values"),
        ("model/byte_fallback", True, "byte_fallback True"),
        ("normalizer", {"type": "NFC"}, "it has normalizer"),
        ("added_tokens", [{"id": 0}], "it has added_tokens"),
        ("pre_tokenizer", None, "cuts texts in another way"),
        ("pre_tokenizer/add_prefix_space", True, "cuts texts in another way"),
        ("pre_tokenizer/use_regex", False, "cuts texts in another way"),
    ],
)
def test_a_file_of_another_kind_is_refused(
    file: Path, path: str, value: object, says: str
) -> None:
    """With what is different, and what to do."""
    stored = json.loads(file.read_text("utf-8"))
    change(path, value)(stored)
    file.write_text(json.dumps(stored), encoding="utf-8")

    with pytest.raises(ValueError, match=says) as raised:
        BytePairTokenizer.load(file)
    assert "BytePairTokenizer.save" in str(raised.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b"3"])
def test_a_damaged_file_is_refused(file: Path, content: bytes) -> None:
    """In one sentence, whatever is in it."""
    file.write_bytes(content)

    with pytest.raises(ValueError, match="cannot be used"):
        BytePairTokenizer.load(file)


def test_every_beginning_of_a_file_is_refused(file: Path) -> None:
    """What a full disk could have left of it."""
    whole = file.read_bytes()
    for length in range(0, len(whole) - 1, 97):
        file.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="cannot be used"):
            BytePairTokenizer.load(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """And how one is written."""
    with pytest.raises(FileNotFoundError, match=r"BytePairTokenizer\.save"):
        BytePairTokenizer.load(tmp_path / "no.json")
    with pytest.raises(OSError, match="cannot be read"):
        BytePairTokenizer.load(tmp_path)
