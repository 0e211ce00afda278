"""How a text is read: whole, or in parts of a long file."""

from pathlib import Path

import pytest

from tutorgpt.own_text import facts, look_at, look_at_text, specimen
from tutorgpt.own_text.specimen import Specimen

LINE = "an {} line with é, 雷 and \N{PILE OF POO}\n"
LONG = "".join(LINE.format(n) for n in range(2000))


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Already 16 kB are a long file."""
    monkeypatch.setattr(specimen, "MOST", 2**14)


@pytest.mark.usefixtures("little")
def test_of_a_long_file_parts_from_all_over_it_are_read(
    tmp_path: Path,
) -> None:
    """In order, in whole lines, with the first and the last."""
    file = tmp_path / "long.txt"
    file.write_text(LONG, encoding="utf-8", newline="")
    read = Specimen.read(file)
    lines = read.text.splitlines(keepends=True)

    assert set(lines) <= set(LONG.splitlines(keepends=True))
    assert [lines[0], lines[-1]] == [LINE.format(0), LINE.format(1999)]
    numbers = [int(line.split()[1]) for line in lines]
    assert numbers == sorted(numbers)
    assert read.size == len(LONG.encode())
    assert 2**13 < read.looked_at == len(read.text.encode()) <= 2**14
    assert not read.is_whole


@pytest.mark.usefixtures("little")
@pytest.mark.parametrize("begin", ["", "x", "xx", "xxx"])
def test_a_long_file_of_one_line_is_cut_between_characters(
    begin: str, tmp_path: Path
) -> None:
    """Wherever a part begins and ends among the bytes of a character."""
    file = tmp_path / "line.txt"
    file.write_text(begin + "雷é\N{PILE OF POO}" * 5000, encoding="utf-8")

    assert set(Specimen.read(file).text) <= set("x雷é\N{PILE OF POO}")


@pytest.mark.usefixtures("little")
def test_what_is_said_of_a_long_file_says_so(tmp_path: Path) -> None:
    """Its size is the file's, its tokens too, and its tokens come first."""
    file = tmp_path / "long.txt"
    file.write_text(LONG, encoding="utf-8", newline="")
    report = look_at(file, timing=False)

    assert "from all over, are looked at" in facts(report)["file"]
    assert report.cuts[0].is_guess
    assert report.cuts[0].tokens == pytest.approx(len(LONG), rel=0.02)
    first, second = report.advice.commands
    assert first.startswith(f"tutorgpt data {file} --tokens long.tokens")
    assert second.startswith("tutorgpt train --corpus long.tokens --preset")


@pytest.mark.usefixtures("little")
def test_a_wrong_byte_far_behind_is_refused(tmp_path: Path) -> None:
    """In a part that is looked at, as in a file that is read whole."""
    file = tmp_path / "latin.txt"
    file.write_bytes(LONG.encode() + b"caf\xe9\n")

    with pytest.raises(ValueError, match="is not UTF-8"):
        Specimen.read(file)


def test_a_text_in_hand_has_no_command() -> None:
    """No file, nothing to name."""
    assert (
        look_at_text("the cat sat. " * 40, timing=False).advice.commands == ()
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty: choose a file with text"),
        (b" \n \n", "is empty: choose a file with text"),
        (b"too short\n", "has 10 characters: bring at least 81"),
        ("é".encode("latin-1") * 90, "not UTF-8 .*save it as UTF-8"),
        (b"a\0" * 90, "zero characters.*iconv -f UTF-16LE"),
    ],
    ids=["empty", "blank", "short", "latin", "wide"],
)
def test_what_cannot_be_learned_from_is_refused(
    content: bytes, said: str, tmp_path: Path
) -> None:
    """In one sentence with the remedy."""
    file = tmp_path / "mine.txt"
    file.write_bytes(content)

    with pytest.raises(ValueError, match=said):
        look_at(file, timing=False)


def test_what_is_no_text_file_is_refused(tmp_path: Path) -> None:
    """A missing file, a folder, a token file, a misspelt name."""
    with pytest.raises(FileNotFoundError, match=r"no file.*check the path"):
        look_at(tmp_path / "gone.txt")
    with pytest.raises(ValueError, match="is a folder: name a text file"):
        look_at(tmp_path)
    with pytest.raises(ValueError, match="numbered already: name the text"):
        look_at("mine.tokens")
    with pytest.raises(ValueError, match=r"no corpus 'songcii'.*'songci'"):
        look_at("songcii")
