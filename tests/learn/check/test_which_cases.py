"""What the cases that come out right have in common."""

import pytest
import torch

from tutorgpt.learn.check.which_cases import set_apart, sizes_of

NAMES = ("rows", "n =")


def rows(*shape):
    return torch.zeros(*shape)


def test_what_can_be_counted_in_a_case():
    """Numbers by name, sizes by axis, no yes or no."""
    names = ("x", "k", "word", "flag")

    assert sizes_of(names, (rows(2, 5), 3, [1, 2], True)) == {
        "the length of axis 0 of x": 2,
        "the length of axis 1 of x": 5,
        "k": 3,
        "the length of word": 2,
    }


@pytest.mark.parametrize(
    ("good", "bad", "words"),
    [
        (
            [(rows(2, 5), 2), (rows(3, 4), 2)],
            [(rows(2, 5), 3), (rows(3, 4), 5)],
            "right where n is 2, wrong where it is 3 to 5",
        ),
        (
            [(rows(1, 4), 3), (rows(1, 6), 4)],
            [(rows(2, 4), 3)],
            "right where the length of axis 0 of rows is 1, wrong where it "
            "is 2",
        ),
    ],
)
def test_a_size_that_parts_the_cases_is_named(good, bad, words):
    """Where all right cases lie on one side, and all wrong ones beyond."""
    assert set_apart(NAMES, good, bad) == words


def test_nothing_is_said_where_no_size_parts_them():
    """Or where all are wrong, or all right."""
    one, other = (rows(2, 5), 2), (rows(2, 5), 3)

    assert set_apart(NAMES, [one, other], [one]) is None
    assert set_apart(NAMES, [], [one]) is None
    assert set_apart(NAMES, [one], []) is None
