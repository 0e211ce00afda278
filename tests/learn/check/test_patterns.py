"""What single numbers have in common over all cases of a check."""

import pytest

from tutorgpt.learn.asking import judge
from tutorgpt.learn.check.patterns import pattern
from tutorgpt.learn.exercises import EXERCISES

NAMES, ARGS = ("V", "C"), [(2, 3), (5, 7), (11, 4)]
RIGHT = [40.0, 50.0, 61.0]

PATTERNS = [
    ([n * 2 for n in RIGHT], "2 times the right one"),
    ([n + 9 for n in RIGHT], "9 too much"),
    ([n - v for n, (v, _) in zip(RIGHT, ARGS, strict=True)], "V too little"),
    (
        [n + 3 * v * c for n, (v, c) in zip(RIGHT, ARGS, strict=True)],
        "3 x V x C too much",
    ),
    ([n * n for n in RIGHT], "the square of the right number"),
    ([1.0, 2.0, 3.0], "too little"),
]


@pytest.mark.parametrize(("got", "words"), PATTERNS)
def test_a_pattern_of_numbers_is_named(got, words):
    """A factor, a gap, a term of the arguments, a transform, a side."""
    assert words in pattern(got, RIGHT, NAMES, ARGS)


def test_numbers_without_a_pattern_are_left_alone():
    """Nothing is invented."""
    assert pattern([1.0, 70.0, 3.0], RIGHT, NAMES, ARGS) is None


def test_whole_numbers_must_be_exact():
    """A parameter count that is one too large does not pass."""
    right = EXERCISES["6.1"].reference()
    verdict = judge(EXERCISES["6.1"], lambda V, T, C, L: right(V, T, C, L) + 1)

    assert "in every case it is 1 too much" in verdict.text
