"""What counting reaches."""

import math

import pytest

from tutorgpt import load_corpus
from tutorgpt.text.corpus import Corpus
from tutorgpt.text.floors import measure_floors


def test_shakespeare_has_the_floors_of_the_book() -> None:
    """The three numbers that every chapter compares itself with."""
    floors = measure_floors(load_corpus())

    assert floors.uniform == pytest.approx(math.log(69))
    assert floors.unigram == pytest.approx(3.301, abs=5e-4)
    assert floors.bigram == pytest.approx(2.493, abs=5e-4)


def test_two_characters_in_turn_have_known_floors() -> None:
    """Counting sees one bit per character; pairs see none."""
    floors = measure_floors(Corpus.from_text("turns", "ab" * 5000))

    assert floors.uniform == pytest.approx(math.log(2))
    assert floors.unigram == pytest.approx(math.log(2), abs=1e-3)
    assert floors.bigram == pytest.approx(0, abs=1e-3)


def test_a_character_only_in_the_validation_split_costs_no_infinity() -> None:
    """Smoothing leaves nothing impossible."""
    floors = measure_floors(Corpus.from_text("late", "ab" * 90 + "z" * 20))

    assert math.isfinite(floors.unigram)
    assert math.isfinite(floors.bigram)


def test_a_split_without_a_pair_is_refused() -> None:
    """Nothing can be counted on one character."""
    with pytest.raises(ValueError, match="1 token is too few"):
        measure_floors(Corpus.from_text("short", "abcde"))


def test_one_character_alone_has_no_floor_below_nothing() -> None:
    """Nor one of -0.0, which would be printed as -0.000."""
    floors = measure_floors(Corpus.from_text("same", "a" * 100))

    for floor in (floors.uniform, floors.unigram, floors.bigram):
        assert str(floor) == "0.0"
