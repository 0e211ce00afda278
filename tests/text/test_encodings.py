"""What is no UTF-8 text is named for what it is."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tutorgpt import load_corpus
from tutorgpt.text import encodings, token_file
from tutorgpt.text.encodings import first_wrong_byte, guess_encoding
from tutorgpt.text.token_file import open_token_file, write_token_file

EN = "The cat sat on the mat, and it said “no”.\n" * 9
FR = "L'été dernier, nous avons mangé à l'hôtel où il faisait déjà froid.\n"
ZH = "春江潮水连海平，海上明月共潮生。\n滟滟随波千万里，何处春江无月明。\n" * 9
ZH_OLD = (
    "春江潮水連海平，海上明月共潮生。\n江流宛轉繞芳甸，月照花林皆似霰。\n" * 9
)
JA = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。\n" * 9
KO = "안녕하세요. 오늘은 날씨가 아주 좋습니다. 우리는 함께 산책을 했습니다.\n"
RU = "Все счастливые семьи похожи друг на друга, каждая несчастна.\n" * 9
SEEN = [
    (EN, "cp1252", "CP1252"),
    (EN, "utf-16-le", "UTF-16LE"),
    (EN, "utf-16-be", "UTF-16BE"),
    (EN, "utf-16", "UTF-16"),
    (EN, "utf-32-le", "UTF-32LE"),
    (EN, "utf-32-be", "UTF-32BE"),
    (EN, "utf-32", "UTF-32"),
    ("hi", "utf-16-le", "UTF-16LE"),
    (FR, "latin-1", "CP1252"),
    ("café", "latin-1", "CP1252"),
    (ZH, "gb18030", "GB18030"),
    (ZH, "utf-16-le", "UTF-16LE"),
    (ZH, "utf-16-be", "UTF-16BE"),
    (ZH, "utf-32-le", "UTF-32LE"),
    (ZH_OLD, "big5", "BIG5"),
    (JA, "shift_jis", "CP932"),
    (JA, "euc_jp", "EUC-JP"),
    (KO * 9, "euc_kr", "CP949"),
    (RU, "cp1251", "CP1251"),
    (RU, "koi8_r", "KOI8-R"),
]


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    SEEN,
    ids=[f"{t[:3]}-{e}" for t, e, _ in SEEN],
)
def test_a_text_in_another_encoding_is_refused_by_its_name(
    text: str, encoding: str, name: str, tmp_path: Path
) -> None:
    """With a command that makes it readable, which does what it says."""
    file = tmp_path / "it's mine.txt"
    file.write_bytes(text.encode(encoding))
    with pytest.raises(ValueError, match=f"it is probably {name}: ") as said:
        load_corpus(file)
    command = re.search(
        r"convert it with (iconv .*), or save", str(said.value)
    )

    assert command is not None
    if shutil.which("iconv") and shutil.which("bash"):
        subprocess.run(["bash", "-c", command[1]], check=True)
        assert load_corpus(tmp_path / "it's mine-utf8.txt").text == text


@pytest.mark.parametrize(
    "content",
    [bytes(range(256)) * 9, b"%PDF-1.7\n\0\0\0\xff\xff" * 99, b"a\0b", b"\0"],
)
def test_what_is_no_text_gets_no_command(
    content: bytes, tmp_path: Path
) -> None:
    """A picture cannot be converted into a text."""
    file = tmp_path / "mine.txt"
    file.write_bytes(content)
    with pytest.raises(ValueError, match="choose another file") as said:
        load_corpus(file)

    assert "iconv" not in str(said.value)


@pytest.mark.parametrize(
    "text",
    [
        "page one\fpage two\f" * 9,
        "name\tage\r\nAda\t36\r\n" * 9,
        "\x1b[31mred\x1b[0m and \x1b[1mbold\x1b[0m\n" * 9,
        "N\bNA\bAM\bME\bE\n" * 9,
        "a log of a day" * 99 + "\x07\x01",
        "\u200fשלום\u202c 👩‍👩‍👧 \u0085" * 9,
    ],
    ids=["pages", "table", "colours", "overstruck", "bell", "right-to-left"],
)
def test_a_text_with_ordinary_control_characters_is_a_text(
    text: str, tmp_path: Path
) -> None:
    """Also as a token file."""
    file = tmp_path / "mine.txt"
    file.write_bytes(text.encode())
    write_token_file(file, tmp_path / "mine.tokens")

    assert load_corpus(file).text == text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "content", [EN.encode("utf-16-le"), b"ab\x01\x02\x03"]
)
def test_a_token_file_is_made_from_no_other_text(
    content: bytes, tmp_path: Path
) -> None:
    """The same sentence as when it is read at once, and no file."""
    file = tmp_path / "mine.txt"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"(as|which) no text") as said:
        write_token_file(file, tmp_path / "mine.tokens")
    with pytest.raises(ValueError, match=re.escape(str(said.value))):
        load_corpus(file)

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_zero_late_in_a_large_text_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pieces are counted together."""
    monkeypatch.setattr(token_file, "AT_ONCE", 8)
    (tmp_path / "mine.txt").write_text("abcdefgh" * 9 + "\0")
    with pytest.raises(ValueError, match="zero characters"):
        write_token_file(tmp_path / "mine.txt", tmp_path / "mine.tokens")


def test_the_wrong_byte_is_counted_from_the_files_beginning(
    tmp_path: Path,
) -> None:
    """Whatever piece it is in, and however far its character began."""
    file = tmp_path / "mine.txt"
    for before in (b"", b"abc", b"a" * (2**20 - 1), b"a" * (2**20 + 7)):
        file.write_bytes(before + "春".encode()[:2] + b"ab")
        assert first_wrong_byte(file) == len(before)
        file.write_bytes(before + "春".encode()[:2])
        assert first_wrong_byte(file) == len(before)


def test_without_a_guesser_western_letters_are_guessed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """charset-normalizer may be missing some day."""
    monkeypatch.setitem(__import__("sys").modules, "charset_normalizer", None)

    assert guess_encoding(FR.encode("latin-1")) == "CP1252"


def test_a_file_whose_name_is_not_utf_8_is_a_corpus(tmp_path: Path) -> None:
    """Its name can be written into records and headers."""
    file = tmp_path / os.fsdecode(b"caf\xe9.txt")
    try:
        file.write_text(EN)
    except OSError:  # macOS and Windows have no such names
        return
    write_token_file(file, tmp_path / "mine.tokens")

    assert load_corpus(file).name == "caf\ufffd"
    assert open_token_file(tmp_path / "mine.tokens").name == "caf\ufffd"


def test_every_limit_has_two_sides() -> None:
    """One control character in a hundred is a text, two are none."""
    path = Path("mine.txt")
    encodings.check_characters(path, 100, False, 1)
    with pytest.raises(ValueError, match="2 control characters among 100"):
        encodings.check_characters(Path(__file__), 100, False, 2)
