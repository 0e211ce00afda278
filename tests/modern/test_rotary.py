"""A turn depends on the position, a product on the distance only."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tutorgpt.modern import Rotary, Unturned


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def by_equation(x: torch.Tensor, base: float) -> torch.Tensor:
    """Each pair times its own matrix [[cos, -sin], [sin, cos]]."""
    T, D = x.shape[-2:]
    turned = torch.empty_like(x)
    for t in range(T):
        for i in range(D // 2):
            angle = torch.tensor(t * base ** (-2 * i / D))
            cosine, sine = angle.cos(), angle.sin()
            a, b = x[..., t, 2 * i], x[..., t, 2 * i + 1]
            turned[..., t, 2 * i] = a * cosine - b * sine
            turned[..., t, 2 * i + 1] = a * sine + b * cosine
    return turned


@pytest.mark.parametrize("base", [10_000.0, 100.0, 1e6])
def test_it_is_its_equation(base):
    """Written out pair by pair, as the paper does."""
    x = torch.randn(2, 3, 7, 8, generator=seeded())

    torch.testing.assert_close(Rotary(8, 9, base)(x), by_equation(x, base))


@given(
    st.integers(1, 8).map(lambda half: 2 * half),
    st.integers(0, 20),
    st.integers(0, 20),
    st.integers(0, 11),
)
def test_products_depend_on_the_distance_only(D, one, other, distance):
    """A query and a key match alike wherever they stand, so far apart."""
    rotary = Rotary(D, 32)
    q, k = torch.randn(2, 1, 1, 1, D, generator=seeded())
    products = [
        (rotary(q, place + distance) * rotary(k, place)).sum()
        for place in (one, other)
    ]

    torch.testing.assert_close(*products, rtol=1e-4, atol=1e-4)


def test_another_distance_is_another_product():
    """Positions are told apart."""
    rotary, z = Rotary(8, 12), torch.randn(1, 1, 1, 8, generator=seeded())
    products = [(rotary(z, 5) * rotary(z, p)).sum().item() for p in range(5)]

    assert len({round(product, 3) for product in products}) == 5


def test_rows_may_stand_further_on():
    """start says where: a cache hands over one token at a time."""
    rotary, x = Rotary(8, 12), torch.randn(2, 3, 12, 8, generator=seeded())
    parts = [rotary(x[:, :, :5]), rotary(x[:, :, 5:6], 5)]
    parts += [rotary(x[:, :, 6:], 6)]

    torch.testing.assert_close(torch.cat(parts, dim=2), rotary(x))


def test_a_turn_keeps_the_length():
    """Rotations change directions, never sizes; position 0 stays."""
    x = torch.randn(2, 3, 12, 8, generator=seeded())
    turned = Rotary(8, 12)(x)

    torch.testing.assert_close(turned.norm(dim=-1), x.norm(dim=-1))
    torch.testing.assert_close(turned[:, :, 0], x[:, :, 0])


def test_pairs_of_halves_are_another_order_of_channels():
    """Weights that pair i with i + D/2 need their channels put in order."""
    D, base = 8, 10_000.0
    x = torch.randn(1, 1, 5, D, generator=seeded())
    speed = base ** (-torch.arange(0, D, 2) / D)
    angles = torch.outer(torch.arange(5), speed).repeat(1, 2)
    first, second = x.chunk(2, dim=-1)
    halves = x * angles.cos() + torch.cat([-second, first], -1) * angles.sin()
    order = torch.arange(D).view(2, -1).t().flatten()  # 0, 4, 1, 5, ...

    torch.testing.assert_close(Rotary(D, 5)(x[..., order]), halves[..., order])


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize("moved", [False, True])
def test_any_numbers_are_turned(dtype, moved):
    """bfloat16 too, whether the tables were moved with the model or not."""
    x = torch.randn(1, 2, 6, 8, generator=seeded())
    rotary = Rotary(8, 6).to(dtype) if moved else Rotary(8, 6)
    turned = rotary(x.to(dtype))

    assert turned.dtype == dtype
    torch.testing.assert_close(
        turned.float(), by_equation(x, 10_000.0), rtol=0.02, atol=0.03
    )


def test_nothing_is_learned_or_stored():
    """The tables follow from the sizes."""
    assert Rotary(8, 6).state_dict() == {}


def test_beyond_the_table_is_refused():
    """Rows that would stand at positions it has no angles for."""
    with pytest.raises(ValueError, match=r"7 tokens .* 6"):
        Rotary(8, 6)(torch.zeros(1, 1, 2, 8), 5)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ((7, 4), "7 channels a head .* even"),
        ((0, 4), "head_size is 0"),
        ((8, 0), "block_size is 0"),
        ((8, 4, 1.0), r"base is 1\.0: .* above 1"),
        ((8, 4, float("nan")), "base is nan"),
    ],
)
def test_what_cannot_turn_is_refused(sizes, message):
    """The value and the remedy are named."""
    with pytest.raises(ValueError, match=message):
        Rotary(*sizes)


def test_unturned_takes_the_same_and_does_nothing():
    """Where no positions are wanted, no caller has to ask."""
    x = torch.randn(1, 2, 3, 8, generator=seeded())

    assert Unturned()(x, 5) is x
