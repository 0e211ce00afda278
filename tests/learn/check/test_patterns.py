"""What single numbers have in common over all cases of a check."""

import pytest
import torch

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
    ([7.0, 7.0, 7.0], "it is 7.000 whatever goes in"),
    ([-n for n in RIGHT], "the sign is the wrong one"),
    ([n / 64 for n in RIGHT], "1 / 64 times the right one"),
    ([n + 1024 for n in RIGHT], "1,024 too much"),
]


@pytest.mark.parametrize(("got", "words"), PATTERNS)
def test_a_pattern_of_numbers_is_named(got, words):
    """A factor, a gap, a term of the arguments, a transform, a side."""
    assert words in pattern(got, RIGHT, NAMES, ARGS)


def test_a_size_of_the_arguments_is_recognised():
    """A sum in place of a mean is too large by the number of entries."""
    args = [(torch.zeros(n), 3) for n in (4, 5, 7)]
    sums = [4 * 2.0, 5 * 3.0, 7 * 1.5]
    words = pattern(sums, [2.0, 3.0, 1.5], ("tokens", "V"), args)

    assert words == (
        "in every case it is too large, by a factor of the number of "
        "entries of tokens"
    )


def test_numbers_without_a_pattern_are_left_alone():
    """Nothing is invented."""
    assert pattern([1.0, 70.0, 3.0], RIGHT, NAMES, ARGS) is None


def test_whole_numbers_must_be_exact():
    """A parameter count that is one too large does not pass."""
    right = EXERCISES["6.1"].reference()
    verdict = judge(EXERCISES["6.1"], lambda V, T, C, L: right(V, T, C, L) + 1)

    assert "in every case it is 1 too much" in verdict.text


@pytest.mark.parametrize("odd", [float("inf"), float("nan")])
def test_numbers_that_are_not_finite_have_no_pattern(odd):
    """In a later case too."""
    right = EXERCISES["1.5"].reference()
    verdict = judge(EXERCISES["1.5"], lambda V, C: V if V < 60 else odd)

    assert right(2, 3) != 2
    assert not verdict.passed


def test_tiny_ratios_are_told_apart():
    """Every ratio is nearly 0, and none is another."""
    words = pattern(
        [3.0, 50.0, 7.0], [2e8, 3e9, 4e9], ("V",), [(2,), (3,), (4,)]
    )

    assert words is None or "times" not in words


MORE_ARGS = [(2, 3), (5, 7), (11, 4), (3, 8), (6, 6)]


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (lambda v, c: 2 * v * c + c, "C + 2 x V x C too much"),
        (lambda v, c: -v - 8 * c * c, "V + 8 x C x C too little"),
        (lambda v, c: c - v * v, "C too much and V x V too little"),
    ],
)
def test_two_terms_at_once_are_named(gap, words):
    """Both are missing, both are too much, or one of each."""
    right = [1000.0 + 17 * n for n in range(5)]
    got = [n + gap(*case) for n, case in zip(right, MORE_ARGS, strict=True)]

    assert (
        pattern(got, right, NAMES, MORE_ARGS) == f"in every case it is {words}"
    )


def test_two_terms_need_enough_cases():
    """With three cases some pair of terms fits by chance."""
    got = [n + gap for n, gap in zip(RIGHT, (7, -12, 31), strict=True)]

    assert pattern(got, RIGHT, NAMES, ARGS) is None
