"""How a wrong tensor is related to the right one, in a few words."""

import pytest
import torch
from torch import nn

from tutorgpt.learn.check.comparing import number, shape_of
from tutorgpt.learn.check.likeness import likeness

TABLE = torch.arange(12.0).view(3, 4)
SQUARE = torch.arange(9.0).view(3, 3)
LIKENESSES = [
    (-TABLE - 1, TABLE + 1, "sign"),
    (TABLE * 3, TABLE, "3.000 times"),
    (TABLE - 2, TABLE, "2.000 too small"),
    (SQUARE.mT, SQUARE, "last two axes exchanged"),
    (TABLE.flip(0), TABLE, "opposite order of row"),
    (TABLE + (TABLE > 7) * TABLE, TABLE, "wrong only at row 2"),
    (TABLE > 20, TABLE > 3, "8 False should be True"),
    (~(TABLE > 3), TABLE > 3, "every True should be False"),
]


@pytest.mark.parametrize(("got", "expected", "words"), LIKENESSES)
def test_a_likeness_is_named(got, expected, words):
    """How a wrong tensor is related to the right one."""
    assert words in likeness(got, expected)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (torch.zeros(2, 3), "(2, 3)"),
        ((32, 4), "(32, 4)"),
        ([torch.zeros(2)] * 3, "a list of 3 x (2,)"),
        (1234, "1,234"),
        (nn.ReLU(), "ReLU"),
    ],
)
def test_values_are_described_briefly(value, words):
    """Shapes for tensors, the number for a number, else the type."""
    assert shape_of(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.5, "0.500"), (1.5e-7, "1.50e-07"), (float("inf"), "inf"), (3, "3")],
)
def test_numbers_are_short(value, words):
    """Three decimals, or an exponent where they would not do."""
    assert number(value) == words
