"""Is it text? A file that is none, or not UTF-8, is named for what it is."""

import codecs
from pathlib import Path

from tutorgpt.ground.places import paste

LOOKED_AT = 2**16
"""Bytes at a file's beginning that an encoding is guessed from."""
MOST_CONTROLS = 0.01
"""The share of control characters above which a file is no text."""
ORDINARY = "\t\n\v\f\r\b\x1b"
"""Control characters that texts have: spaces, page breaks, overstrikes,
and the beginning of a terminal's colours."""
CONTROLS = [c for c in map(chr, range(1, 32)) if c not in ORDINARY]
CERTAIN = {
    "big5": "BIG5",
    "cp1251": "CP1251",
    "cp1253": "CP1253",
    "cp932": "CP932",
    "cp949": "CP949",
    "euc_jis_2004": "EUC-JP",
    "euc_jp": "EUC-JP",
    "euc_kr": "CP949",
    "gb18030": "GB18030",
    "gbk": "GB18030",
    "koi8_r": "KOI8-R",
    "shift_jis": "CP932",
    "utf_16_be": "UTF-16BE",
    "utf_16_le": "UTF-16LE",
}
"""Encodings that can be told from their bytes, as iconv calls them. Those of
Latin letters cannot: Western European is by far the most frequent one."""
ENOUGH = 40
"""Bytes beyond ASCII from which such an encoding can be told."""
BY_MARK = {
    codecs.BOM_UTF32_LE: "UTF-32",  # begins as UTF-16's does, so it is first
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def check_text(path: Path, text: str) -> None:
    """Refuse what can be read as UTF-8 but is no text."""
    count = sum(map(text.count, CONTROLS))
    check_characters(path, len(text), "\0" in text, count)


def check_characters(
    path: Path, count: int, has_zeros: bool, controls: int
) -> None:
    """Refuse a file by what was counted in it.

    has_zeros: whether a zero character is in it; no text has one.
    controls: how many of its characters are in CONTROLS.
    """
    if has_zeros:
        raise ValueError(refusal(path, "has zero characters, as no text has"))
    if controls > MOST_CONTROLS * count:
        raise ValueError(
            refusal(
                path,
                f"has {controls:,} control characters among {count:,}, which "
                "no text has",
            )
        )


def not_utf_8(path: Path) -> ValueError:
    """The sentence for a file with bytes that UTF-8 does not have."""
    where = ""
    if path.is_file():
        where = f" (byte {first_wrong_byte(path)} cannot be read)"
    return ValueError(refusal(path, f"is not UTF-8{where}"))


def refusal(path: Path, fault: str) -> str:
    """One sentence: what is wrong, what it probably is, and the remedy."""
    encoding = None
    if path.is_file():  # a pipe is read only once
        with path.open("rb") as file:
            encoding = guess_encoding(file.read(LOOKED_AT))
    if encoding is None:
        return (
            f"{str(path)!r} {fault}: save it as UTF-8 in your editor if it "
            "is a text, or choose another file"
        )
    new = path.with_name(f"{path.stem}-utf8{path.suffix}")
    convert = paste("iconv", "-f", encoding, "-t", "UTF-8", path)
    return (
        f"{str(path)!r} {fault}; it is probably {encoding}: convert it with "
        f"{convert} > {paste(new)}, or save it as UTF-8 in your editor"
    )


def guess_encoding(sample: bytes) -> str | None:
    """What iconv calls the encoding of these bytes; None: it is no text."""
    for mark, name in BY_MARK.items():
        if sample.startswith(mark):
            return name
    if b"\0" in sample:
        return _wide_encoding(sample)
    return _guess_by_letters(sample) or _latin(sample)


def _wide_encoding(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, by the places of their zeros.

    A character of two or four bytes below 256 has zeros in all but its
    last byte, or, in the little-endian order, in all but its first.
    """
    if len(sample) % 2:  # these encodings have even numbers of bytes
        return None
    sample = sample[: len(sample) // 4 * 4] or sample
    quarter = len(sample) / 4
    zeros = [sample[n::4].count(0) / max(1, quarter) for n in range(4)]
    if zeros[3] == 1 and zeros[2] > 0.9:
        guess = "UTF-32LE"
    elif zeros[0] == 1 and zeros[1] > 0.9:
        guess = "UTF-32BE"
    else:
        even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
        guess = "UTF-16LE" if odd > even else "UTF-16BE"
    text = sample.decode(guess, errors="replace")
    wrong = sum(map(text.count, ("\0", "\ufffd", *CONTROLS)))
    return guess if wrong <= MOST_CONTROLS * len(text) + 1 else None


def _latin(sample: bytes) -> str | None:
    """CP1252, which holds Latin-1, unless the bytes are no text in it."""
    text = sample.decode("cp1252", errors="replace")
    wrong = sum(map(text.count, ("\ufffd", *CONTROLS)))
    return None if wrong > MOST_CONTROLS * len(text) else "CP1252"


def _guess_by_letters(sample: bytes) -> str | None:
    """One of the encodings that can be told, if it is one.

    charset-normalizer comes with requests; without it nothing is guessed.
    """
    if sum(byte > 127 for byte in sample) < ENOUGH:
        return None
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        return None
    best = from_bytes(sample).best()
    if best is None:
        return None
    return CERTAIN.get(best.encoding)


def first_wrong_byte(path: Path) -> int:
    """The place of the first byte that UTF-8 does not have there."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    read = 0
    with path.open("rb") as file:
        while block := file.read(2**20):
            waiting = len(decoder.getstate()[0])
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                return read - waiting + error.start
            read += len(block)
    return read - len(decoder.getstate()[0])
