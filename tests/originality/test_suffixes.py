"""Stretches are found as a slow search would find them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutorgpt.originality.suffixes import REACH, TextIndex, suffix_array

few_letters = st.text("ab", min_size=1, max_size=60)
any_text = st.text(min_size=1, max_size=30)


def slow_lengths(text: str, learned: str) -> list[int]:
    """The definition: try all lengths from every place on."""
    return [
        max(
            n
            for n in range(len(text) - start + 1)
            if text[start : start + n] in learned
        )
        for start in range(len(text))
    ]


@given(few_letters | any_text)
def test_places_are_sorted_by_what_follows(text: str):
    """As Python sorts the ends of the text, whatever its characters."""
    slow = sorted(range(len(text)), key=lambda place: text[place:])

    assert suffix_array(text).tolist() == slow


@settings(max_examples=60)
@given(few_letters | any_text, few_letters | any_text)
def test_lengths_are_those_of_a_slow_search(text: str, learned: str):
    """From each character on, also where nothing is found."""
    found = TextIndex(learned).lengths(text)

    assert found.tolist() == slow_lengths(text, learned)


@settings(max_examples=15)
@given(st.integers(1, 3), st.integers(0, 90), st.integers(0, 70))
def test_long_stretches_are_found_whole(period: int, start: int, more: int):
    """Longer than what is compared at first, in a text that repeats."""
    learned = "abc"[:period] * 60 + "d" + "cba" * 30
    text = learned[start : start + 2 * REACH + more] + "e"

    found = TextIndex(learned).lengths(text)

    assert found.tolist() == slow_lengths(text, learned)


def test_half_of_a_surrogate_pair_is_a_character_too():
    """A text from JSON may have one; it is found and breaks nothing."""
    assert TextIndex("a\ud800b").lengths("\ud800b!").tolist() == [2, 1, 0]


def test_no_text_has_no_lengths():
    """An empty text is not searched for; none is found in."""
    assert TextIndex("abc").lengths("").dtype == np.int64
    assert len(TextIndex("abc").lengths("")) == 0
    with pytest.raises(ValueError, match="the text to search is empty"):
        TextIndex("")


def test_it_says_how_long_it_is():
    """And not the whole text."""
    assert repr(TextIndex("ab" * 1000)) == "TextIndex(2,000 characters)"
