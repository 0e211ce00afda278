"""A known mistake, or two of them, that agree with an answer in all cases."""

import pytest
import torch

from tutorgpt.learn.asking import judge
from tutorgpt.learn.check.known import WRITTEN_OVER
from tutorgpt.learn.exercises import EXERCISES


def said(number, answer):
    """A verdict in one line."""
    return " ".join(judge(EXERCISES[number], answer).text.split())


def deviations(table):
    table -= table.sum(1, keepdim=True)
    return table


def off_in_place(table):
    table -= 1
    return table


def both(query, key, value, x):
    """No root of D, and no mask."""
    q, k, v = x @ query, x @ key, x @ value
    return (q @ k.mT).softmax(-1) @ v


def test_two_mistakes_at_once_are_both_named():
    """Neither alone agrees; together they do, in every case."""
    text = said("2.3", both)

    assert "it looks as if two things are wrong: " in text
    assert "the scores are not divided by √D" in text
    assert "there is no mask" in text
    assert "Look at the line that makes the scores." in text


def test_one_mistake_is_not_called_two():
    """The catalogue's own have one sentence."""
    right = EXERCISES["2.3"]
    wrong = right.build(right.solution.replace(" / math.sqrt(D)", ""))

    assert "two things" not in said("2.3", wrong)


def test_two_numbers_mistakes_are_both_named():
    """Where the number has so many digits that this is no chance."""
    text = said("7.3", 15 * torch.tensor(69.0).double().log2() / 31)

    assert "two things are wrong" in text
    assert "in bits" in text


def test_one_number_everywhere_is_not_two_mistakes():
    """Many pairs of mistakes end in it."""
    text = said("7.2", lambda tokens: torch.full_like(tokens, -1))

    assert "two things" not in text
    assert "came last at place 0" in text


@pytest.mark.parametrize("typed", [2.95, 2.956])
def test_a_number_that_was_typed_in_is_not_two_mistakes(typed):
    """With few digits some pair always fits."""
    assert "two things" not in said("7.3", typed)


def test_a_mistake_is_named_that_is_written_into_the_input():
    """What the numbers say, and what became of the input."""
    text = said("0.2", deviations)

    assert "the sum of the row is subtracted" in text
    assert WRITTEN_OVER in text


def test_an_unknown_mistake_is_told_to_write_into_the_input():
    """The first thing that is said is about the numbers."""
    text = said("0.2", off_in_place)

    assert "looks as if" not in text
    assert WRITTEN_OVER in text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("dim=-1) @ v", "dim=-1) @ k", "the keys stand where the values"),
        ("dim=-1) @ v", "dim=-1) @ x", "the inputs themselves are mixed"),
        ("q @ k.mT", "q @ v.mT", "queries are compared with values"),
    ],
)
def test_parts_without_effect_are_told_apart_by_the_result(old, new, words):
    """Each leaves a layer idle, and another thing comes out."""
    asked = EXERCISES["2.6"]
    made = asked.build(asked.solution.replace(old, new))
    text = " ".join(judge(asked, asked.suspect, made).text.split())

    assert f"it looks as if {words}" in text
    assert "has no effect on the result: 1 of shape (3, 6)" in text
    assert "it is key.weight" in text or "it is value.weight" in text
