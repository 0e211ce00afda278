"""How a wrong tensor is related to the right one, in a few words."""

import pytest
import torch

from tutorgpt.learn.asking import judge
from tutorgpt.learn.check.likeness import confined, relation
from tutorgpt.learn.exercises import EXERCISES

TABLE = torch.arange(12.0).view(3, 4)
SQUARE = torch.arange(9.0).view(3, 3)
ROWS = torch.tensor([[1.0, 2, 4], [3, 1, 1], [2, 2, 6]])
CUBE = torch.arange(24.0).view(2, 3, 4)
EYE = torch.eye(4, dtype=torch.bool)
CAUSAL = torch.ones(4, 4, dtype=torch.bool).tril()
LIKENESSES = [
    (-TABLE - 1, TABLE + 1, "every sign is flipped"),
    (TABLE * 3, TABLE, "every number is 3.000 times the right one"),
    (TABLE / 4000, TABLE, "every number is 2.50e-04 times the right one"),
    (TABLE - 2, TABLE, "every number is 2.000 too small"),
    (TABLE * 0 + 7, TABLE, "every number is 7"),
    (TABLE > -1, TABLE > 20, "every entry is True, and all should be False"),
    (ROWS.exp(), ROWS, "e to the power of the right one"),
    (ROWS.log(), ROWS, "the logarithm of the right one"),
    (ROWS.sqrt(), ROWS, "the root of the right one"),
    (torch.where(TABLE > 8, -TABLE, TABLE), TABLE, "have the wrong sign"),
    (SQUARE.mT, SQUARE, "last two axes exchanged"),
    (CUBE[:, :, :3].mT, CUBE[:, :, :3], "last two axes"),
    (TABLE.flip(0), TABLE, "opposite order of row"),
    (TABLE.roll(1, 0), TABLE, "turned round by one row later"),
    (TABLE[:, [2, 0, 3, 1]], TABLE, "each column in another place"),
    (TABLE.flatten()[torch.randperm(12)].view(3, 4), TABLE, "wrong places"),
    (torch.cat([TABLE[1:], TABLE[:1] + 50]), TABLE, "one row too early"),
    (torch.cat([TABLE[:1] + 50, TABLE[:-1]]), TABLE, "one row too late"),
    (ROWS + ROWS[:, :1], ROWS, "off by one number of its own"),
    (ROWS / ROWS.sum(1, keepdim=True), ROWS, "a factor of its own"),
    (TABLE + (TABLE > 7) * TABLE, TABLE, "wrong only at row 2"),
    (TABLE > 20, TABLE > 3, "8 False should be True"),
    (~(TABLE > 3), TABLE > 3, "every True should be False"),
    (CAUSAL & ~EYE, CAUSAL, "exactly those of the diagonal"),
    (CAUSAL.mT, CAUSAL, "transposed"),
]


@pytest.mark.parametrize(("got", "expected", "words"), LIKENESSES)
def test_a_likeness_is_named(got, expected, words):
    """How a wrong tensor is related to the right one."""
    assert words in (relation(got, expected) or confined(got, expected))


def test_an_input_given_back_is_recognised():
    """The result is one of the arguments, by its name."""
    words = relation(TABLE, TABLE.exp(), {"scores": TABLE, "k =": 3})

    assert words == "the result is scores itself, unchanged"


def test_nothing_is_invented():
    """Numbers without a relation are left without words."""
    g = torch.Generator().manual_seed(1)
    got, expected = torch.randn(2, 5, 6, generator=g)

    assert relation(got, expected) is None
    assert confined(got, expected) is None


def test_a_relation_must_hold_in_every_case():
    """Of two tokens any two orders are opposite: no more is said of it."""
    asked = EXERCISES["4.5"]
    text = """\
def favourites(lm_head, contract, neuron, k):
    return (lm_head @ contract[:, neuron]).topk(k).indices.sort().values
"""
    verdict = judge(asked, asked.build(text))

    assert "opposite order" not in verdict.text
