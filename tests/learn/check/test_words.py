"""What is said of an error, beside what torch says."""

import pytest
import torch

from tutorgpt import ModelConfig
from tutorgpt.learn.check.trying import Trial
from tutorgpt.learn.check.words import about_habits, about_sizes, inputs
from tutorgpt.learn.classes import CLASSES


def says(work):
    with pytest.raises(
        (RuntimeError, ValueError, TypeError, IndexError)
    ) as found:
        work()
    return about_sizes(str(found.value))


A, B = torch.ones(2, 5, 4), torch.ones(2, 5, 4)


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (lambda: A @ B, "A has 4 columns, and B has 5 rows."),
        (lambda: A @ torch.ones(3, 7), "A has 4 columns, and B has 3 rows."),
        (lambda: A[0] @ B[0], "A has 4 columns, and B has 5 rows."),
        (
            lambda: torch.nn.Linear(3, 6)(A),
            "A has 4 columns, and B has 3 rows.",
        ),
        (
            lambda: A + torch.ones(7, 4),
            "One of the two has 5 entries along axis 1, the other 7;",
        ),
        (
            lambda: A @ torch.ones(3, 4, 5),
            "One of the two has 2 entries along axis 0, the other 3;",
        ),
        (
            lambda: torch.ones(2, 3).view(4, 4),
            "A tensor of 6 numbers cannot be laid out in a shape that has "
            "room for 16.",
        ),
        (
            lambda: torch.tensor([[1, 2], [1, 2, 3]]),
            "here one has 2 entries, and another 3.",
        ),
        (
            lambda: torch.nn.Linear(2, 2)(torch.nn.LayerNorm(2)),
            "Something of type LayerNorm is handed on itself",
        ),
        (
            lambda: torch.ones(2, 3)[:, 5],
            "Axis 1 has the places 0 to 2, and 5 was asked for",
        ),
    ],
)
def test_sizes_that_do_not_fit_are_told_in_plain_words(work, words):
    """Whichever of its sentences torch uses."""
    assert words in says(work)


def test_what_went_in_is_told_by_its_content():
    """A description of sizes and a text, not the names of their types."""
    config = ModelConfig(
        vocab_size=11, block_size=7, n_embed=6, n_head=2, n_layer=1
    )
    args = (config, torch.zeros(2, 7, dtype=torch.long), 3, "slide")
    said = inputs(CLASSES["CachedReader"], Trial(args))

    assert said.startswith("in: ModelConfig(vocab_size=11, block_size=7, ")
    assert said.endswith(", tokens (2, 7), at once 3, window 'slide'")


def test_nothing_is_said_of_another_error():
    """The other axis of a batched product does not fit."""
    assert says(lambda: torch.ones(2, 3).unflatten(0, (3, -1))) == ""
    assert about_sizes("index out of range in self") == ""


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda: max(0, A), "torch.clamp"),
        (lambda: torch.nn.Embedding(2, 2)(torch.tensor([5])), "no such row"),
        (lambda: [head(1) for head in {"a": abs}], ".values()"),
        (lambda: 2.0 ^ 2, "** in Python"),
        (lambda: [1, 2][2], "the places 0 to n - 1"),
        (lambda: [f(1.0) for f in [lambda w: w[0]]], "a list is wanted"),
    ],
)
def test_a_habit_from_elsewhere_has_its_help(attempt, words: str) -> None:
    """What Python and torch say is kept, and explained."""
    with pytest.raises((RuntimeError, IndexError, TypeError)) as found:
        attempt()

    assert words in about_habits(str(found.value))
