"""A known-good state for a learner who is stuck."""

import pytest

import tutorgpt
from tutorgpt.learn import solutions
from tutorgpt.learn.exercises import EXERCISES


def test_a_solution_can_be_imported():
    """from tutorgpt.learn.solutions import allowed."""
    from tutorgpt.learn.solutions import allowed

    assert allowed(2).tolist() == [[True, False], [True, True]]


def test_an_unknown_name_is_refused():
    """The error lists what there is."""
    with pytest.raises(ImportError):
        from tutorgpt.learn.solutions import nothing  # noqa: F401
    with pytest.raises(AttributeError, match="attend"):
        _ = solutions.nothing


def test_a_chapter_starts_with_all_before_it_and_no_more():
    """Chapter 3 has chapter 2's head and mask, and not its own layer."""
    good = vars(solutions.known_good(3))

    assert good["Head"] is tutorgpt.Head
    assert "attend" in good
    assert "MultiHead" not in good
    assert "to_heads" not in good


def test_the_end_holds_everything():
    """After the last chapter all classes and solved exercises are there."""
    good = vars(solutions.known_good(13))

    assert {"GPT", "BigramModel"} <= set(good)
    assert {e.target for e in EXERCISES.values() if e.expected is None} <= set(
        good
    )
    assert set(solutions.SOLVED) < set(dir(solutions))


@pytest.mark.parametrize("chapter", [-1, 14])
def test_a_chapter_that_is_not_there_is_refused(chapter):
    """The error names the range."""
    with pytest.raises(ValueError, match="choose 0 to 13"):
        solutions.known_good(chapter)
