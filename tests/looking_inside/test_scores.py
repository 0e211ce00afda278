"""What a head looks at, as one number: 1 where it should be, else 0."""

import pytest
import torch

from tutorgpt.looking_inside.scores import (
    induction_score,
    previous_token_score,
    repeated_tokens,
)

V, T = 11, 8


def test_scores_of_heads_that_look_at_one_place():
    """A head that looks one place back has 1, and 0 by the other score."""
    back = torch.eye(T).roll(1, dims=1)
    answer = torch.eye(T).roll(3, dims=1)
    weights = torch.stack([back.roll(-2, dims=1), answer.roll(-6, dims=1)])

    assert previous_token_score(weights).tolist() == [1, 0]
    assert induction_score(weights, 4).tolist() == [0, 1]


def test_the_answer_is_looked_for_in_the_second_half_only():
    """Where nothing repeats yet there is nothing to find."""
    weights = torch.zeros(8, 8)
    weights[3, 0] = 1

    assert induction_score(weights, 4) == 0


@pytest.mark.parametrize("period", [1, T, 20])
def test_a_period_must_fit(period):
    """A text of T tokens repeats after 2 to T - 1 of them."""
    with pytest.raises(ValueError, match=f"period is {period}"):
        induction_score(torch.zeros(T, T), period)


def test_repeated_tokens_repeat_and_are_drawn_evenly():
    """The second half is the first, and every token occurs."""
    drawn = repeated_tokens(V, 5, 200, torch.Generator().manual_seed(0))

    assert drawn.shape == (200, 10)
    assert torch.equal(drawn[:, :5], drawn[:, 5:])
    assert sorted(set(drawn.flatten().tolist())) == list(range(V))
    assert len(set(map(tuple, drawn.tolist()))) > 190
