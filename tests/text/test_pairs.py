"""Padded pairs of texts, and the dates made of them."""

from datetime import date

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tutorgpt.text.dates import (
    FIRST,
    LAST,
    PHRASINGS,
    date_tokenizer,
    phrase,
    sample_dates,
    split_days,
)
from tutorgpt.text.pairs import END, PAD, START, PairTokenizer


def test_sources_are_filled_up():
    """Rows of one length, the shorter ones ended with PAD."""
    rows = PairTokenizer("ab").encode_sources(["ab", "a"])

    assert rows.tolist() == [[3, 4], [3, PAD]]


def test_targets_start_and_end():
    """START, the characters, END, and then PAD."""
    rows = PairTokenizer("ab").encode_targets(["ab", "a"])

    assert rows.tolist() == [[START, 3, 4, END], [START, 3, END, PAD]]


@given(st.lists(st.text(alphabet="abc", min_size=1), min_size=1))
def test_decoding_undoes_encoding(texts):
    """Sources and targets come back, whatever they are padded with."""
    tokenizer = PairTokenizer("abc")

    for rows in (
        tokenizer.encode_sources(texts),
        tokenizer.encode_targets(texts),
    ):
        assert [tokenizer.decode(row) for row in rows] == texts


def test_what_follows_the_end_is_not_read():
    """A model that babbles on after END has said what came before."""
    row = torch.tensor([3, END, 4, 3])

    assert PairTokenizer("ab").decode(row) == "a"


def test_the_marks_count():
    """Three marks and the characters make the vocabulary."""
    assert PairTokenizer("ab").vocab_size == 5


def test_an_empty_source_is_refused():
    """The error says which one."""
    with pytest.raises(ValueError, match="text 1 of 2 is empty"):
        PairTokenizer("ab").encode_sources(["a", ""])


def test_no_source_is_refused():
    """Nothing cannot be padded."""
    with pytest.raises(ValueError, match="no text to encode"):
        PairTokenizer("ab").encode_sources([])


def test_an_unknown_character_is_named():
    """With its position in the text."""
    with pytest.raises(ValueError, match=r"'x' .* position 1"):
        PairTokenizer("ab").encode_sources(["ax"])


@pytest.mark.parametrize(
    ("phrasing", "words"),
    [
        (PHRASINGS[0], "the third of May 1891"),
        (PHRASINGS[1], "the 3rd of May, 1891"),
        (PHRASINGS[2], "May 3, 1891"),
        (PHRASINGS[3], "3 May 1891"),
    ],
)
def test_a_date_in_words(phrasing, words):
    """The four ways of writing one day."""
    assert phrase(date(1891, 5, 3), phrasing) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (1, "1st first"),
        (2, "2nd second"),
        (11, "11th eleventh"),
        (12, "12th twelfth"),
        (13, "13th thirteenth"),
        (20, "20th twentieth"),
        (22, "22nd twenty-second"),
        (30, "30th thirtieth"),
        (31, "31st thirty-first"),
    ],
)
def test_the_days_of_a_month(day, words):
    """Numbers and words of a month's days, with the right endings."""
    assert phrase(date(1900, 1, day), "{nth} {ordinal}") == words


def test_held_out_days_are_never_trained_on():
    """Nine to one, every day once, none in both."""
    train, held_out = split_days()
    every = torch.cat([train, held_out]).sort().values

    assert len(train) == 98_615
    assert len(held_out) == 10_958
    assert every[0] == FIRST.toordinal()
    assert every[-1] == LAST.toordinal()
    assert (every.diff() == 1).all()


def test_the_generator_decides():
    """The same seed draws the same dates, another seed others."""
    days, _ = split_days()
    drawn = [
        sample_dates(days, 20, torch.Generator().manual_seed(seed))
        for seed in (1, 1, 2)
    ]

    assert drawn[0] == drawn[1] != drawn[2]


def test_every_date_can_be_encoded():
    """The vocabulary holds what two thousand drawn dates need."""
    days, _ = split_days()
    generator = torch.Generator().manual_seed(0)
    words, iso = sample_dates(days, 2000, generator)
    tokenizer = date_tokenizer()

    assert tokenizer.encode_sources(words).shape[1] <= 40
    assert tokenizer.encode_targets(iso).shape == (2000, 12)
