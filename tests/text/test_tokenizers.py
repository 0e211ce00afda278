"""Corpora and token files of characters, bytes and byte pairs."""

from pathlib import Path

import pytest
import torch

from tutorgpt.ground.checks import NewerError
from tutorgpt.text import token_file
from tutorgpt.text.corpus import Corpus, load_corpus
from tutorgpt.text.floors import measure_floors
from tutorgpt.text.token_file import open_token_file, write_token_file
from tutorgpt.text.tokenizers import load_tokenizer
from tutorgpt.tokens import BytePairTokenizer, ByteTokenizer, CharTokenizer

TEXT = "The cat sat on the mat; the dog sat on the log. 雷雨\n" * 40
NAMES = ["characters", "bytes", "pairs:270"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "cats.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path / "cats.txt"


@pytest.mark.parametrize("name", NAMES)
def test_the_splits_are_the_same_parts_of_the_text(name: str) -> None:
    """So losses per byte can be compared."""
    corpus = Corpus.from_text("cats", TEXT, tokenizer=name)
    split = len(TEXT) * 9 // 10

    assert corpus.tokenizer.name == name
    assert corpus.tokenizer.decode(corpus.train.tolist()) == TEXT[:split]
    assert corpus.tokenizer.decode(corpus.val.tolist()) == TEXT[split:]


def test_pairs_are_learned_from_what_may_be_learned_from() -> None:
    """Nothing in the last tenth has a say."""
    one, other = ("ab " * 90 + end * 10 for end in ("ab ", "cd "))

    assert (
        Corpus.from_text("x", one, tokenizer="pairs:258").tokenizer
        == Corpus.from_text("x", other, tokenizer="pairs:258").tokenizer
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_description_gives_the_tokenizer_back(name: str) -> None:
    """As checkpoints and token files store it."""
    tokenizer = Corpus.from_text("cats", TEXT, tokenizer=name).tokenizer

    assert load_tokenizer(tokenizer.describe()) == tokenizer


def test_a_description_of_another_kind_is_refused() -> None:
    """A newer tutorgpt's, with the ones that are known."""
    with pytest.raises(NewerError, match=r"'words'.*'characters'.*'pairs'"):
        load_tokenizer({"kind": "words"})
    with pytest.raises(KeyError):
        load_tokenizer({"kind": "pairs"})
    with pytest.raises(ValueError, match="before there is one"):
        load_tokenizer({"kind": "pairs", "merges": [[0, 900]]})


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("byte", "no tokenizer 'byte': .* did you mean 'bytes'"),
        ("words", "no tokenizer 'words': choose characters, bytes or pairs:N"),
        ("pairs", "'pairs' has no vocabulary of that size"),
        ("pairs:256", "with N from 257 up"),
        ("pairs:many", "'pairs:many' has no vocabulary"),
        ("bytes:300", "no tokenizer 'bytes:300'"),
    ],
)
def test_a_name_that_is_none_is_refused(
    file: Path, name: str, says: str
) -> None:
    """Before a text is looked for."""
    with pytest.raises(ValueError, match=says):
        load_corpus(file, name)
    with pytest.raises(ValueError, match=says):
        load_corpus("no such text", name)
    with pytest.raises(ValueError, match=says):
        write_token_file(file, file.with_suffix(".tokens"), name)


@pytest.mark.parametrize("name", NAMES)
def test_floors_are_per_token(name: str) -> None:
    """Uniform is ln V, whatever a token is."""
    corpus = Corpus.from_text("cats", TEXT, tokenizer=name)
    floors = measure_floors(corpus)
    V = corpus.tokenizer.vocab_size

    assert floors.uniform == pytest.approx(torch.tensor(V).log().item())
    assert floors.bigram < floors.unigram < floors.uniform


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("at_once", [7, 2**20])
def test_a_token_file_holds_the_tokens_of_the_whole_text(
    file: Path, name: str, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However small the parts are in which the text was read."""
    monkeypatch.setattr(token_file, "AT_ONCE", at_once)
    written = write_token_file(file, file.with_suffix(".tokens"), name)
    mapped = open_token_file(written, check_all=True)
    corpus = load_corpus(file, name)
    tokens = torch.cat([mapped.train, mapped.val]).tolist()

    assert mapped.tokenizer == corpus.tokenizer
    assert tokens == corpus.tokenizer.encode(TEXT)


def test_a_token_file_takes_a_tokenizer_that_there_is(file: Path) -> None:
    """One learned from another text, say."""
    tokenizer = BytePairTokenizer.train("the the sat sat", 260)
    written = write_token_file(file, file.with_suffix(".tokens"), tokenizer)

    assert open_token_file(written).tokenizer == tokenizer
    assert load_corpus(written, tokenizer).tokenizer == tokenizer


def test_a_token_file_keeps_its_tokenizer(file: Path) -> None:
    """Another one that is asked for is refused, and its own is not."""
    written = write_token_file(file, file.with_suffix(".tokens"), "pairs:270")

    assert load_corpus(written).tokenizer.name == "pairs:270"
    assert load_corpus(written, "pairs:270").tokenizer.name == "pairs:270"
    for other in ("bytes", "pairs:269", ByteTokenizer()):
        with pytest.raises(ValueError, match=r"holds pairs .* of 270, not"):
            load_corpus(written, other)


def test_a_corpus_says_what_its_tokens_are() -> None:
    """In its repr."""
    corpus = Corpus.from_text("cats", TEXT, tokenizer="bytes")

    assert repr(corpus) == (
        f"Corpus('cats': {len(TEXT.encode()):,} bytes, 256 different)"
    )
    assert isinstance(Corpus.from_text("x", "ab").tokenizer, CharTokenizer)
