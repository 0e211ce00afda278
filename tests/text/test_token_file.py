"""Token files: the same tokens as the text, little memory, no silent harm."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tutorgpt import load_corpus
from tutorgpt.text import token_file
from tutorgpt.text.batches import iterate_windows, sample_batch
from tutorgpt.text.token_file import open_token_file, write_token_file
from tutorgpt.tokens.characters import CharTokenizer

TEXT = "明月几时有？把酒问青天。\n" * 40


def make(folder: Path, text: str = TEXT) -> Path:
    source = folder / "text.txt"
    source.write_text(text, encoding="utf-8")
    return write_token_file(source, folder / "text.tokens")


def test_file_and_text_hold_the_same_corpus(tmp_path):
    """Vocabulary and both splits agree; load_corpus opens either."""
    mapped = load_corpus(make(tmp_path))
    read = load_corpus(tmp_path / "text.txt")

    assert mapped.tokenizer == read.tokenizer
    assert mapped.train.dtype == torch.uint16
    assert torch.equal(mapped.train.long(), read.train)
    assert torch.equal(mapped.val.long(), read.val)


def test_a_tokenizer_that_lacks_a_character_is_refused(tmp_path):
    """Not written as the first token; what was there stays."""
    made = make(tmp_path)
    before = made.read_bytes()
    tokenizer = CharTokenizer.from_text(TEXT.replace("。", ""))
    with pytest.raises(ValueError, match="'。'"):
        write_token_file(tmp_path / "text.txt", made, tokenizer)

    assert made.read_bytes() == before


@given(
    text=st.text(
        st.characters(exclude_categories=["Cs"]), min_size=2, max_size=60
    ).filter(lambda text: text.strip())
)
def test_any_text_agrees_whatever_the_pieces(text, tmp_path_factory):
    """Line ends, marks and pieces of three characters change nothing."""
    folder = tmp_path_factory.mktemp("any")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(token_file, "AT_ONCE", 3)
        (folder / "text.txt").write_bytes(text.encode())
        try:
            read = load_corpus(folder / "text.txt")
        except ValueError:  # nothing but a byte order mark
            return
        mapped = open_token_file(
            write_token_file(folder / "text.txt", folder / "x.tokens"),
            check_all=True,
        )

    assert mapped.tokenizer == read.tokenizer
    assert torch.equal(mapped.train.long(), read.train)


def test_a_large_vocabulary_takes_four_bytes_a_token(tmp_path):
    """Above 65,536 characters two bytes do not suffice."""
    text = "".join(map(chr, range(0x10000, 0x10000 + 70_000)))
    mapped = load_corpus(make(tmp_path, text))

    assert mapped.train.dtype == torch.uint32
    assert mapped.val[-1].long() == 69_999


def test_batches_and_windows_are_those_of_the_text(tmp_path):
    """Sampling and reading through give int64 tokens, the same ones."""
    mapped = load_corpus(make(tmp_path))
    read = load_corpus(tmp_path / "text.txt")
    drawn = [
        sample_batch(c.train, 4, 8, torch.Generator().manual_seed(5))
        for c in (mapped, read)
    ]
    windows = [list(iterate_windows(c.val, 2, 8)) for c in (mapped, read)]

    assert drawn[0][0].dtype == torch.int64
    assert torch.equal(drawn[0][1], drawn[1][1])
    for (one, _), (other, _) in zip(*windows, strict=True):
        assert torch.equal(one, other)


def test_releasing_memory_changes_no_token(tmp_path):
    """Pages that were let go are read again from the file."""
    mapped = load_corpus(make(tmp_path))
    before = mapped.train.long()
    mapped.release()

    assert torch.equal(mapped.train.long(), before)


def test_a_flipped_bit_is_found(tmp_path):
    """In the header when it is opened, in the tokens when all is checked."""
    file, chance = make(tmp_path), random.Random(3)
    content = file.read_bytes()
    header = content.index(b"\0" * 64)
    for place in [*chance.sample(range(header), 60), len(content) - 3]:
        flipped = content[place] ^ 1 << chance.randrange(8)
        file.write_bytes(
            content[:place] + bytes([flipped]) + content[place + 1 :]
        )
        with pytest.raises(ValueError, match=r"damaged|not a token file"):
            open_token_file(file, check_all=True)


@pytest.mark.parametrize("length", [0, 7, 15, 100, 4096, -1])
def test_a_truncated_file_is_refused(length, tmp_path):
    """Cut anywhere, the file says that it is damaged."""
    file = make(tmp_path)
    file.write_bytes(file.read_bytes()[:length])
    with pytest.raises(ValueError, match=r"damaged|not a token file"):
        open_token_file(file)


@pytest.mark.parametrize("content", [b"", b"x", b"ab\xff"])
def test_what_is_no_text_leaves_no_file(content, tmp_path):
    """Empty, too short, not UTF-8: one sentence, nothing half-written."""
    (tmp_path / "bad.txt").write_bytes(content)
    with pytest.raises(ValueError, match=r"bad\.txt"):
        write_token_file(tmp_path / "bad.txt", tmp_path / "bad.tokens")

    assert [file.name for file in tmp_path.iterdir()] == ["bad.txt"]


PEAK = """
import resource, sys
from pathlib import Path
import torch
from tutorgpt import load_corpus
from tutorgpt.text.batches import sample_batch
from tutorgpt.text.token_file import write_token_file

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

before, folder = peak(), Path(sys.argv[1])
corpus = load_corpus(write_token_file(folder / "t.txt", folder / "t.tokens"))
generator = torch.Generator().manual_seed(0)
for step in range(300):
    sample_batch(corpus.train, 64, 64, generator)
    if step % 10 == 0:  # as training does
        corpus.release()
print(peak() - before)
"""


@pytest.mark.slow
def test_a_large_text_needs_little_memory(tmp_path):
    """100 MB of text, 200 MB of tokens: in under 150 MB more.

    Written, checked, and read in batches; none of it needs all in memory.
    """
    line = "The quick brown fox jumps over the lazy dog, again.\n"
    with (tmp_path / "t.txt").open("w") as file:
        for _ in range(100):
            file.write(line * 20_000)
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert float(done.stdout) < 150
