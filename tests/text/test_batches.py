"""Training examples cut from a row of tokens."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tutorgpt.text.batches import iterate_windows, sample_batch

sizes = st.integers(1, 9)


@given(length=st.integers(2, 60), batch=sizes, block=sizes, seed=sizes)
def test_targets_are_the_tokens_that_follow(
    length: int, batch: int, block: int, seed: int
) -> None:
    """Every target stands one place after its token in the text."""
    data = torch.arange(length + block)

    tokens, targets = sample_batch(
        data, batch, block, torch.Generator().manual_seed(seed)
    )

    assert tokens.shape == targets.shape == (batch, block)
    assert torch.equal(targets, tokens + 1)


@given(extra=st.integers(1, 5), block=sizes)
def test_every_start_can_be_drawn(extra: int, block: int) -> None:
    """The first and the last possible window both turn up."""
    data = torch.arange(block + extra)

    tokens, targets = sample_batch(
        data, 200, block, torch.Generator().manual_seed(0)
    )

    assert set(tokens[:, 0].tolist()) == set(range(extra))
    assert targets.max() == len(data) - 1


def test_the_generator_alone_decides() -> None:
    """The same generator state draws the same batch, whatever else runs."""
    data = torch.arange(1000)
    torch.manual_seed(1)
    first, _ = sample_batch(data, 8, 4, torch.Generator().manual_seed(5))
    torch.manual_seed(2)
    second, _ = sample_batch(data, 8, 4, torch.Generator().manual_seed(5))

    assert torch.equal(first, second)


@given(length=st.integers(2, 80), batch=sizes, block=sizes)
def test_windows_cover_each_token_once(
    length: int, batch: int, block: int
) -> None:
    """Every token but the first is a target once, in order."""
    data = torch.arange(length)

    windows = list(iterate_windows(data, batch, block))

    covered = torch.cat([targets.flatten() for _, targets in windows])
    assert torch.equal(covered, data[1:])
    for tokens, targets in windows:
        assert torch.equal(targets, tokens + 1)
        assert tokens.shape[0] <= batch
        assert tokens.shape[1] <= block


@pytest.mark.parametrize("length", [0, 8])
def test_too_few_tokens_are_refused_with_both_numbers(length: int) -> None:
    """A window and its last target need block_size + 1 tokens."""
    with pytest.raises(ValueError, match=f"{length} tokens .* block_size 8"):
        sample_batch(torch.arange(length), 1, 8, torch.Generator())


@pytest.mark.parametrize("length", [0, 1])
def test_a_row_without_a_pair_has_no_windows(length: int) -> None:
    """One token has no next one."""
    with pytest.raises(ValueError, match=f"{length} tokens hold no pair"):
        next(iterate_windows(torch.arange(length), 1, 8))
