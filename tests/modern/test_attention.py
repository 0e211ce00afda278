"""Heads share keys, a window ends, and chapter 6's attention is a case."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from tutorgpt.modern import (
    GroupedQueryAttention,
    LengthNorm,
    RMSNorm,
    Rotary,
)
from tutorgpt.scaling import FusedMultiHead

C, H, T = 16, 4, 10


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def some_x(length: int = T) -> Tensor:
    return torch.randn(2, length, C, generator=seeded(1))


def build(n_key_head: int = 2, window: int = T, **parts):
    torch.manual_seed(0)
    return GroupedQueryAttention(C, H, n_key_head, window, **parts)


def by_equation(layer: GroupedQueryAttention, x: Tensor) -> Tensor:
    """One head after the other, one query after the other."""
    G, D, length = layer.heads[1], layer.head_size, x.shape[1]
    q, k, v = (x @ layer.qkv.weight.t()).split([H * D, G * D, G * D], dim=-1)
    heads = []
    for h in range(H):
        g = h // (H // G)
        at, shared = slice(h * D, h * D + D), slice(g * D, g * D + D)
        one_q = layer.position(layer.norm_q(q[:, None, :, at]))[:, 0]
        one_k = layer.position(layer.norm_k(k[:, None, :, shared]))[:, 0]
        rows = []
        for t in range(length):
            seen = slice(max(0, t + 1 - layer.window), t + 1)
            scores = one_k[:, seen] @ one_q[:, t, :, None] / D**0.5
            weights = scores.softmax(dim=1)
            rows.append((weights * v[:, seen, shared]).sum(dim=1))
        heads.append(torch.stack(rows, dim=1))
    return torch.cat(heads, dim=-1) @ layer.proj.weight.t()


PARTS = {
    "plain": dict,
    "turned": lambda: {"position": Rotary(4, T)},
    "normed": lambda: {"norm_q": RMSNorm(4), "norm_k": RMSNorm(4)},
    "both": lambda: {
        "position": Rotary(4, T),
        "norm_q": LengthNorm(),
        "norm_k": LengthNorm(),
    },
    "normed, then turned": lambda: {
        "position": Rotary(4, T),
        "norm_q": RMSNorm(4),
        "norm_k": RMSNorm(4),
    },
    "wider": lambda: {"head_size": 6, "position": Rotary(6, T, 100.0)},
}


@pytest.mark.parametrize("parts", PARTS)
@pytest.mark.parametrize("window", [1, 3, T, 2 * T])
@pytest.mark.parametrize("n_key_head", [1, 2, 4])
def test_it_is_its_equation(n_key_head, window, parts):
    """Neighbours share a key head; each looks at itself and before."""
    layer = build(n_key_head, window, **PARTS[parts]())
    for name, parameter in layer.named_parameters():
        if "norm" in name:  # a learned scale must differ from none
            nn.init.uniform_(parameter, 0.5, 2)

    torch.testing.assert_close(
        layer(some_x()), by_equation(layer, some_x()), rtol=1e-4, atol=1e-5
    )


def test_with_as_many_key_heads_it_is_chapter_sixs():
    """The same weights, and chapter 6's bias at zero."""
    ours, theirs = build(H), FusedMultiHead(C, H, T, 0.0)
    theirs.load_state_dict(ours.state_dict() | {"proj.bias": torch.zeros(C)})

    torch.testing.assert_close(ours(some_x()), theirs(some_x()))


@pytest.mark.parametrize("n_key_head", [1, 2])
def test_shared_heads_are_repeated_neighbours(n_key_head):
    """Chapter 6's with each key head H / G times in a row is the same."""
    shared, whole = build(n_key_head), build(H)
    D, times = shared.head_size, H // n_key_head
    q, *kept = shared.qkv.weight.split([H * D, n_key_head * D, n_key_head * D])
    repeated = [
        z.view(n_key_head, D, C).repeat_interleave(times, 0).flatten(0, 1)
        for z in kept
    ]
    whole.load_state_dict(
        {
            "qkv.weight": torch.cat([q, *repeated]),
            "proj.weight": shared.proj.weight,
        }
    )

    torch.testing.assert_close(shared(some_x()), whole(some_x()))


@given(st.integers(1, T), st.integers(0, T - 1))
def test_a_change_reaches_so_far_and_no_further(window, place):
    """A token is seen by itself and the window - 1 after it."""
    layer, x = build(window=window, position=Rotary(4, T)), some_x()
    changed = x.clone()
    changed[:, place] += 1
    moved = (layer(x) - layer(changed)).abs().amax(dim=(0, 2)) > 1e-6
    expected = [place <= t < place + window for t in range(T)]

    assert moved.tolist() == expected


def test_gradients_reach_every_weight():
    """Of a layer with all its parts."""
    parts = {"norm_q": RMSNorm(4), "norm_k": RMSNorm(4)}
    layer = build(window=3, position=Rotary(4, T), **parts)
    layer(some_x()).square().sum().backward()

    assert len(list(layer.parameters())) == 4
    assert all(p.grad is not None and p.grad.any() for p in layer.parameters())


@pytest.mark.parametrize("window", [3, T])
def test_bfloat16_is_close(window):
    """All parts work in sixteen bits, and agree to three digits."""
    layer = build(window=window, **PARTS["both"]())
    exact, rounded = layer(some_x()), layer.bfloat16()(some_x().bfloat16())

    assert rounded.dtype == torch.bfloat16
    torch.testing.assert_close(rounded.float(), exact, rtol=0.1, atol=0.03)


def test_fewer_key_heads_are_fewer_weights():
    """Queries keep theirs; keys and values have G heads each."""
    sizes = {G: build(G).qkv.weight.shape[0] for G in (1, 2, 4)}

    assert sizes == {1: 16 + 8, 2: 16 + 16, 4: 16 + 32}


def test_dropout_falls_on_the_weights_in_training_only():
    """With the values all alike, only a dropped weight shows."""
    layer, x = build(dropout=0.5), some_x()

    assert not torch.equal(layer(x), layer(x))
    assert torch.equal(layer.eval()(x), layer(x))


@pytest.mark.parametrize(
    ("sizes", "parts", "message"),
    [
        ((16, 4, 3, 8), {}, "n_head 4 .* n_key_head 3 .* divisor"),
        ((16, 4, 8, 8), {}, "n_head 4 .* n_key_head 8 .* divisor"),
        ((16, 4, 0, 8), {}, "n_key_head is 0"),
        ((16, 0, 1, 8), {}, "n_head is 0"),
        ((16, 4, 2, 0), {}, "window is 0: .* 1 or more"),
        ((18, 4, 2, 8), {}, "n_embed 18 .* n_head 4"),
        ((16, 4, 2, 8), {"head_size": 0}, "head_size is 0"),
        ((16, 4, 2, 8), {"dropout": 1.0}, r"dropout is 1\.0"),
    ],
)
def test_what_cannot_look_is_refused(sizes, parts, message):
    """The value and the remedy are named."""
    with pytest.raises(ValueError, match=message):
        GroupedQueryAttention(*sizes, **parts)


def test_a_head_size_of_its_own_needs_no_division():
    """Qwen3's heads together are wider than the residual path."""
    layer = GroupedQueryAttention(18, 4, 2, T, head_size=8)

    assert layer(torch.zeros(1, 5, 18)).shape == (1, 5, 18)
    assert layer.proj.weight.shape == (18, 32)
