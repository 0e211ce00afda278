"""Chapter 6's block with its parts handed over is chapter 6's block."""

import pytest
import torch
from torch import nn

from tutorgpt import GPT, FeedForward, ModelConfig
from tutorgpt.modern import (
    Experts,
    GroupedQueryAttention,
    PartsBlock,
    RMSNorm,
    SquaredReLU,
    SwiGLU,
)
from tutorgpt.scaling import FusedMultiHead, GPTBlock

C, H, T = 16, 4, 10
SHAPE = ModelConfig(vocab_size=9, block_size=T, n_embed=C, n_head=H, n_layer=2)


def chapter_6(dropout: float = 0.0) -> PartsBlock:
    return PartsBlock(
        FusedMultiHead(C, H, T, dropout),
        FeedForward(C),
        nn.LayerNorm(C),
        nn.LayerNorm(C),
        dropout,
    )


def test_with_chapter_sixs_parts_it_is_chapter_sixs():
    """The same names of weights, and the same results."""
    torch.manual_seed(0)
    theirs, ours = GPTBlock(SHAPE), chapter_6()
    ours.load_state_dict(theirs.state_dict())
    x = torch.randn(2, T, C)

    assert list(ours.state_dict()) == list(theirs.state_dict())
    torch.testing.assert_close(ours(x), theirs(x))


@pytest.mark.parametrize(
    ("name", "build"),
    {
        "norm_1": lambda: RMSNorm(C),
        "norm_2": lambda: RMSNorm(C),
        "multi_head": lambda: GroupedQueryAttention(C, H, 2, T),
        "feed_forward": lambda: SwiGLU(C, 43),
    }.items(),
)
def test_any_one_part_goes_into_chapter_sixs_model(name, build):
    """An experiment exchanges one part and trains what results."""
    torch.manual_seed(0)
    model, tokens = GPT(SHAPE), torch.randint(9, (2, T))
    before = model(tokens)
    for block in model.blocks:
        setattr(block, name, build())
    model(tokens).square().sum().backward()

    assert not torch.allclose(model(tokens), before)
    assert all(p.grad is not None and p.grad.any() for p in model.parameters())


@pytest.mark.parametrize(
    "feed_forward", [SquaredReLU(C, 64), Experts(C, 20, 3, 2)], ids=str
)
def test_the_past_does_not_see_the_future(feed_forward):
    """Whatever thinks after attention."""
    torch.manual_seed(0)
    attention = GroupedQueryAttention(C, H, 2, T)
    block = PartsBlock(attention, feed_forward, RMSNorm(C), RMSNorm(C))
    x = torch.randn(1, T, C)
    changed = x.clone()
    changed[0, 6] += 1
    before, after = block(x), block(changed)

    torch.testing.assert_close(before[:, :6], after[:, :6])
    assert not torch.allclose(before[:, 6:], after[:, 6:])


def test_dropout_falls_on_what_is_added():
    """In training only."""
    block, x = chapter_6(0.5), torch.randn(1, T, C)

    assert not torch.equal(block(x), block(x))
    assert torch.equal(block.eval()(x), block(x))


def test_a_share_that_is_none_is_refused():
    """The value is named."""
    with pytest.raises(ValueError, match=r"dropout is 1\.5"):
        chapter_6(0.0).__init__(
            nn.Identity(), nn.Identity(), nn.Identity(), nn.Identity(), 1.5
        )
