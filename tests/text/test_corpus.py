"""Corpora by name and by path."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tutorgpt import load_corpus
from tutorgpt.text.corpus import Corpus
from tutorgpt.text.shakespeare import plain_dialogue


def test_shakespeare_is_the_text_of_the_book() -> None:
    """38 plays, 4,790,184 characters, 69 different, offline."""
    corpus = load_corpus()

    assert len(corpus.text) == 4_790_184
    assert corpus.tokenizer.vocab_size == 69


def test_tinyshakespeare_is_the_yardstick(real_mirror: str) -> None:
    """1,115,394 characters, 65 different."""
    corpus = load_corpus("tinyshakespeare")

    assert len(corpus.text) == 1_115_394
    assert corpus.tokenizer.vocab_size == 65


def test_songci_is_the_source_texts_corpus(real_mirror: str) -> None:
    """2,063,345 characters, 6148 different: both counts rest on it."""
    corpus = load_corpus("songci")

    assert len(corpus.text) == 2_063_345
    assert corpus.tokenizer.vocab_size == 6148


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=2))
def test_splits_are_disjoint_and_complete(text: str) -> None:
    """Learning and validation split the text in order, 90 to 10."""
    corpus = Corpus.from_text("any", text)
    train = corpus.tokenizer.decode(corpus.train.tolist())
    val = corpus.tokenizer.decode(corpus.val.tolist())

    assert train + val == text
    assert len(train) == len(text) * 9 // 10


def test_a_readers_file_is_read_whole(tmp_path: Path) -> None:
    """A UTF-8 file goes by its path; its stem is the corpus's name."""
    file = tmp_path / "diary.txt"
    file.write_text("\ufeffLiebes Tagebuch,\r\nça va?", encoding="utf-8")
    corpus = load_corpus(file)

    assert corpus.name == "diary"
    assert corpus.text == "Liebes Tagebuch,\nça va?"


def test_plays_lose_their_markup_and_directions() -> None:
    """Speaker, colon, lines; no heading and no stage direction."""
    markdown = (
        "# HAMLET\n\n**HAMLET** _aside_\n\nA little more than kin—\n\n"
        "_Exit._\n\n**KING**\n\nHow is it?"
    )

    assert plain_dialogue(markdown) == (
        "HAMLET:\n\nA little more than kin--\n\nKING:\n\nHow is it?"
    )
