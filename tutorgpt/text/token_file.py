"""Texts larger than memory: their tokens in a file that is mapped, not read.

8 bytes    b"TUTORGPT"
4 bytes    the version of this layout, little-endian
4 bytes    the length of the description, little-endian
…          the description: JSON, UTF-8
32 bytes   SHA-256 of all before
zeros      up to a multiple of 4096
…          the tokens: uint16, or uint32 where V is above 65,536
"""

import hashlib
import json
import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch

from tutorgpt.ground.places import expanded, paste, readable
from tutorgpt.ground.whole_files import whole_file
from tutorgpt.text.encodings import CONTROLS, check_characters
from tutorgpt.text.source import clear_errors
from tutorgpt.text.split import Corpus
from tutorgpt.text.tokenizers import (
    CHARACTERS,
    load_tokenizer,
    make_tokenizer,
    vocabulary_asked,
)
from tutorgpt.tokens.characters import CharTokenizer
from tutorgpt.tokens.splitting import split_stream
from tutorgpt.tokens.tokenizer import Tokenizer

SUFFIX = ".tokens"
MAGIC = b"TUTORGPT"
VERSION = 2
"""Version 1 had the characters themselves in place of a tokenizer."""
PAGE = 4096
AT_ONCE = 2**20
"""Characters read at a time."""
MOST_LEARNED = 2**25
"""Characters, from the beginning, that byte pairs are learned from."""
MOST_VALIDATION = 1_000_000
"""Tokens held out at most: an exact loss on more would take hours."""


@dataclass(frozen=True, repr=False)
class MappedCorpus(Corpus):
    """A corpus whose tokens stay on disk until they are looked at.

    text: empty; it would fill the memory that the file saves.
    """

    mapping: mmap.mmap

    def release(self) -> None:
        """Give back the memory of the pages that were looked at."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self.mapping.madvise(mmap.MADV_DONTNEED)


def write_token_file(
    text_file: Path, target: Path, tokenizer: str | Tokenizer = CHARACTERS
) -> Path:
    """Number a text's tokens, a piece at a time, into a token file.

    The text is read twice: for its vocabulary, then for its tokens. Pairs
    are learned from its beginning, at most 33.6 million characters. The
    file takes its name when it is complete.
    tokenizer: characters, bytes, pairs:N, or one that there is already.
    Raises ValueError or OSError as load_corpus does.
    """
    text_file, target = expanded(text_file), expanded(target)
    learned = None
    if isinstance(tokenizer, str):  # refused before a long text is read
        learned = vocabulary_asked(tokenizer)
    characters, count = _survey(text_file)
    if isinstance(tokenizer, str):
        some = _beginning(text_file, count) if learned else ""
        tokenizer = make_tokenizer(tokenizer, characters, some)
    elif isinstance(tokenizer, CharTokenizer):
        tokenizer.encode(characters)  # refuses what it has no number for
    dtype = "uint16" if tokenizer.vocab_size <= 2**16 else "uint32"
    described = {
        "name": readable(text_file.stem),
        "dtype": dtype,
        "tokens": text_file.stat().st_size,  # never more; put right below
        "sha256": "0" * 64,
        "tokenizer": tokenizer.describe(),
    }
    room = len(_described(described))
    start = len(_header(described, room))
    count = 0
    digest = hashlib.sha256()
    remedy = "free some space, or name another file"
    with (
        whole_file(target, remedy, parents=False) as partial,
        partial.open("wb") as file,
    ):
        file.seek(start)
        for tokens in _encode(text_file, tokenizer, np.dtype(dtype)):
            digest.update(tokens.data)
            file.write(tokens.data)
            count += len(tokens)
        described |= {"tokens": count, "sha256": digest.hexdigest()}
        file.seek(0)
        file.write(_header(described, room))
    return target


def open_token_file(path: Path, *, check_all: bool = False) -> MappedCorpus:
    """Map a token file; its header is checked, and its tokens if wanted.

    Raises FileNotFoundError if there is none, ValueError if it is damaged,
    newer than this tutorgpt, or not a token file.
    """
    path = expanded(path)
    with clear_errors(path), path.open("rb") as file:
        described, start = _read_header(path, file)
        itemsize = np.dtype(described["dtype"]).itemsize
        size = start + described["tokens"] * itemsize
        if path.stat().st_size != size:
            raise ValueError(_damaged(path, f"it is not {size} bytes long"))
        if check_all:  # read, not mapped: mapped pages would fill the memory
            file.seek(start)
            found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != described["sha256"]:
                raise ValueError(_damaged(path, "its tokens have changed"))
        mapping = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    if hasattr(mmap, "MADV_RANDOM"):
        mapping.madvise(mmap.MADV_RANDOM)
    array = np.frombuffer(mapping, dtype=described["dtype"], offset=start)
    tokens = torch.from_numpy(array)
    held_out = min(len(tokens) - len(tokens) * 9 // 10, MOST_VALIDATION)
    split = len(tokens) - held_out
    return MappedCorpus(
        name=described["name"],
        text="",
        tokenizer=load_tokenizer(described["tokenizer"]),
        train=tokens[:split],
        val=tokens[split:],
        origin=str(path.resolve()),
        mapping=mapping,
    )


def _survey(text_file: Path) -> tuple[str, int]:
    """The vocabulary of a text, and how many characters it has."""
    seen = np.zeros(0x110000, dtype=bool)
    is_control = np.zeros(0x110000, dtype=bool)
    is_control[[ord(c) for c in CONTROLS]] = True
    count = controls = 0
    for points in _code_points(text_file):
        seen[points] = True
        count += len(points)
        controls += int(is_control[points].sum())
        check_characters(text_file, count, bool(seen[0]), 0)
    check_characters(text_file, count, bool(seen[0]), controls)
    if count < 2:
        raise ValueError(
            f"{str(text_file)!r} has "
            f"{count} character{'s' * (count != 1)}: choose a file with text, "
            "of at least 2"
        )
    return "".join(map(chr, np.flatnonzero(seen))), count


def _beginning(text_file: Path, count: int) -> str:
    """What pairs are learned from: no more than fits well into memory.

    count: the text's characters; its last tenth is held out.
    """
    with clear_errors(text_file), text_file.open(encoding="utf-8-sig") as file:
        return file.read(min(MOST_LEARNED, count * 9 // 10))


def _encode(
    text_file: Path, tokenizer: Tokenizer, dtype: np.dtype
) -> Iterator[np.ndarray]:
    if not isinstance(tokenizer, CharTokenizer):
        for part in split_stream(_chunks(text_file)):
            yield tokenizer.encode_array(part).astype(dtype)
        return
    numbers = np.zeros(0x110000, dtype=dtype)
    known = tokenizer.decode(range(tokenizer.vocab_size))
    points = [ord(c) for c in known]
    numbers[points] = np.arange(len(points), dtype=dtype)
    for points in _code_points(text_file):
        yield numbers[points]


def _code_points(text_file: Path) -> Iterator[np.ndarray]:
    for chunk in _chunks(text_file):
        encoded = chunk.encode("utf-32-le", errors="surrogatepass")
        yield np.frombuffer(encoded, dtype="<u4")


def _chunks(text_file: Path) -> Iterator[str]:
    with clear_errors(text_file), text_file.open(encoding="utf-8-sig") as file:
        while chunk := file.read(AT_ONCE):
            yield chunk


def _described(described: dict) -> bytes:
    return json.dumps(described, ensure_ascii=False).encode()


def _header(described: dict, room: int) -> bytes:
    """Magic, description and its sum; room is how long the description was
    when the place of the first token was decided."""
    text = _described(described).ljust(room)
    lengths = VERSION.to_bytes(4, "little") + len(text).to_bytes(4, "little")
    head = MAGIC + lengths + text
    head += hashlib.sha256(head).digest()
    return head + b"\0" * (-len(head) % PAGE)


def _read_header(path: Path, file: BinaryIO) -> tuple[dict, int]:
    """The description, and where the tokens begin."""
    header = file.read(16)
    end = 16 + int.from_bytes(header[12:], "little")
    header += file.read(end - 16 + 32)
    if header[:8] != MAGIC:
        raise ValueError(
            f"{str(path)!r} is not a token file: make one with tutorgpt "
            f"data TEXT_FILE --tokens {paste(path.name)}"
        )
    version = int.from_bytes(header[8:12], "little")
    if hashlib.sha256(header[:end]).digest() != header[end : end + 32]:
        raise ValueError(_damaged(path, "its header has changed"))
    if version > VERSION:
        raise ValueError(
            f"{str(path)!r} has format {version}, this tutorgpt reads up to "
            f"{VERSION}: update tutorgpt"
        )
    described = json.loads(header[16:end])
    if version == 1:
        characters = described.pop("characters")
        described["tokenizer"] = CharTokenizer(characters).describe()
    return described, len(header) + -len(header) % PAGE


def _damaged(path: Path, how: str) -> str:
    return (
        f"the token file {str(path)!r} is damaged ({how}): make it again "
        "with tutorgpt data TEXT_FILE --tokens"
    )
