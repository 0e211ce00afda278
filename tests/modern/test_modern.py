"""The later block keeps the promises of the first one."""

import pytest
import torch
from torch.nn import functional as F

from tutorgpt import ModelConfig
from tutorgpt.modern import ModernGPT, ModernMultiHead, Rotary

SHAPE = ModelConfig(
    vocab_size=9, block_size=12, n_embed=16, n_head=2, n_layer=2
)


@pytest.fixture
def model() -> ModernGPT:
    torch.manual_seed(0)
    return ModernGPT(SHAPE).eval()


def test_the_past_does_not_see_the_future(model):
    """Changing token t leaves every score before t alone."""
    tokens = torch.randint(9, (1, 12))
    changed = tokens.clone()
    changed[0, 7] = (tokens[0, 7] + 1) % 9
    before, after = model(tokens), model(changed)

    torch.testing.assert_close(before[:, :7], after[:, :7])
    assert not torch.allclose(before[:, 7:], after[:, 7:])


def test_turned_products_depend_on_the_distance_only():
    """A query at 5 and a key at 2 match as a query at 9 and a key at 6."""
    torch.manual_seed(0)
    rotary = Rotary(8, 12)
    q, k = (torch.randn(8).expand(1, 1, 12, 8) for _ in range(2))
    products = (rotary(q) @ rotary(k).transpose(-2, -1))[0, 0]

    torch.testing.assert_close(products[5, 2], products[9, 6])
    assert not torch.allclose(products[5, 2], products[5, 3])


def test_a_turn_keeps_the_length():
    """Rotations change directions, never sizes."""
    x = torch.randn(2, 3, 12, 8)

    torch.testing.assert_close(Rotary(8, 12)(x).norm(dim=-1), x.norm(dim=-1))


def test_attention_is_that_of_its_equation():
    """Normed, turned queries and keys; a causal softmax; a weighted sum."""
    torch.manual_seed(0)
    layer, x = ModernMultiHead(SHAPE), torch.randn(2, 5, 16)
    q, k, v = layer.qkv(x).view(2, 5, 3, 2, 8).permute(2, 0, 3, 1, 4)
    q, k = (F.normalize(layer.rotary(z), dim=-1) * 8**0.5 for z in (q, k))
    scores = q @ k.transpose(-2, -1) / 8**0.5
    scores += torch.full((5, 5), float("-inf")).triu(1)
    out = (scores.softmax(-1) @ v).transpose(1, 2).reshape(2, 5, 16)

    torch.testing.assert_close(layer(x), layer.proj(out), rtol=1e-4, atol=1e-5)


def test_every_parameter_gets_a_gradient(model):
    """Nothing in the model is left out of its computation."""
    model(torch.randint(9, (2, 12))).sum().backward()

    assert all(p.grad is not None for p in model.parameters())


def test_too_long_a_sequence_is_refused(model):
    """Both numbers are named."""
    with pytest.raises(ValueError, match=r"13 tokens .* 12"):
        model(torch.zeros(1, 13, dtype=torch.int64))


def test_an_odd_head_is_refused():
    """Channels are turned in pairs."""
    shape = ModelConfig(
        vocab_size=9, block_size=4, n_embed=9, n_head=3, n_layer=1
    )
    with pytest.raises(ValueError, match="3 channels"):
        ModernGPT(shape)
