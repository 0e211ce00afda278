"""A gate is a product, and a square has no negatives."""

import pytest
import torch
from torch.nn import functional as F

from tutorgpt.modern import SquaredReLU, SwiGLU

BOTH = pytest.mark.parametrize("kind", [SwiGLU, SquaredReLU])


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_a_gate_is_its_equation():
    """contract(z · sigmoid(z) · expand x) with z = gate x, no biases."""
    layer, x = SwiGLU(8, 20), torch.randn(2, 3, 8, generator=seeded())
    z = x @ layer.gate.weight.t()
    out = (z * z.sigmoid() * (x @ layer.expand.weight.t())).matmul(
        layer.contract.weight.t()
    )

    torch.testing.assert_close(layer(x), out)


def test_a_square_is_its_equation():
    """contract(max(0, expand x)²), no biases."""
    layer, x = SquaredReLU(8, 20), torch.randn(2, 3, 8, generator=seeded())
    wide = (x @ layer.expand.weight.t()).clamp(min=0) ** 2

    torch.testing.assert_close(layer(x), wide @ layer.contract.weight.t())


def test_a_closed_gate_lets_nothing_through():
    """Where the gate says 0, the other copy does not matter."""
    layer, x = SwiGLU(8, 20), torch.randn(2, 3, 8, generator=seeded())
    layer.gate.weight.data.zero_()

    assert not layer(x).any()


def test_eight_thirds_are_chapter_fours_weights():
    """Three matrices 8/3 as wide have what two four times as wide have."""
    sizes = {
        kind: sum(p.numel() for p in kind(96, hidden).parameters())
        for kind, hidden in ((SwiGLU, 256), (SquaredReLU, 384))
    }

    assert sizes[SwiGLU] == sizes[SquaredReLU] == 2 * 4 * 96 * 96


@BOTH
def test_no_position_sees_another(kind):
    """One token's change is one token's."""
    layer, x = kind(8, 20), torch.randn(1, 5, 8, generator=seeded())
    changed = x.clone()
    changed[0, 2] += 1
    same = (layer(x) == layer(changed)).all(dim=-1)[0]

    assert same.tolist() == [True, True, False, True, True]


@BOTH
def test_gradients_reach_every_weight(kind):
    """None is left out of the computation."""
    layer, x = kind(8, 20), torch.randn(2, 30, 8, generator=seeded())
    layer(x).square().sum().backward()

    assert all(p.grad is not None and p.grad.any() for p in layer.parameters())


@BOTH
def test_bfloat16_is_close(kind):
    """Three digits of the exact result."""
    layer, x = kind(8, 20), torch.randn(2, 3, 8, generator=seeded())
    exact, rounded = layer(x), layer.bfloat16()(x.bfloat16())

    assert rounded.dtype == torch.bfloat16
    torch.testing.assert_close(rounded.float(), exact, rtol=0.05, atol=0.02)


@BOTH
def test_no_width_is_refused(kind):
    """The number is named."""
    with pytest.raises(ValueError, match=r"hidden is 0: .* 1 or more"):
        kind(8, 0)


def test_the_gate_is_torchs_silu():
    """The one function that is not written out."""
    z = torch.linspace(-5, 5, 11)

    torch.testing.assert_close(F.silu(z), z * z.sigmoid())
