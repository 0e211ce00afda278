"""RMSNorm is torch's, and what it says of itself is so."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from tutorgpt.modern import LengthNorm, RMSNorm

DTYPES = (torch.float32, torch.float64, torch.bfloat16)


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


@given(st.integers(1, 40), st.floats(1e-8, 1.0), st.floats(1e-3, 1e3))
def test_it_is_torchs(n_embed, epsilon, size):
    """At any width, with any ε, for short vectors and for long ones."""
    x = torch.randn(2, 3, n_embed, generator=seeded()) * size
    ours, theirs = RMSNorm(n_embed, epsilon), nn.RMSNorm(n_embed, epsilon)
    weight = torch.randn(n_embed, generator=seeded())
    for norm in (ours, theirs):
        norm.load_state_dict({"weight": weight})

    torch.testing.assert_close(ours(x), theirs(x))


def test_it_is_its_equation():
    """x / sqrt(mean(x²) + ε) · weight, by hand: mean(3², 4²) is 12.5."""
    norm = RMSNorm(2, epsilon=3.5)
    norm.weight.data = torch.tensor([1.0, 10.0])

    torch.testing.assert_close(
        norm(torch.tensor([[3.0, 4.0]])), torch.tensor([[0.75, 10.0]])
    )


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_what_goes_in_comes_out_in_its_numbers(dtype):
    """A norm changes no dtype, also where its weight has another one."""
    x = torch.randn(2, 3, 8, generator=seeded()).to(dtype)

    assert RMSNorm(8)(x).dtype == dtype
    assert RMSNorm(8).to(dtype)(x).dtype == dtype
    assert LengthNorm()(x).dtype == dtype


def test_sixteen_bits_are_squared_in_thirty_two():
    """Each result is the exact one, rounded once."""
    x = (torch.randn(4, 64, generator=seeded()) * 30).bfloat16()
    exact = nn.RMSNorm(64, 1e-5, dtype=torch.float64)(x.double())

    torch.testing.assert_close(
        RMSNorm(64)(x).double(), exact, rtol=2**-8, atol=0
    )


def test_the_direction_stays():
    """Without learned weights the result is a multiple of x."""
    x = torch.randn(5, 8, generator=seeded()) + 3
    cosine = torch.cosine_similarity(x, RMSNorm(8)(x))

    torch.testing.assert_close(cosine, torch.ones(5))
    assert torch.cosine_similarity(x, nn.LayerNorm(8)(x)).max() < 0.9


def test_every_vector_gets_one_length():
    """√C, whatever its length was; there is nothing to learn."""
    x = torch.randn(5, 8, generator=seeded()) * torch.arange(1, 6)[:, None]
    norm = LengthNorm()

    torch.testing.assert_close(
        norm(x).norm(dim=-1), torch.full((5,), 8**0.5), rtol=1e-4, atol=0
    )
    assert list(norm.parameters()) == []


@pytest.mark.parametrize("epsilon", [0.0, -1e-5, float("nan"), float("inf")])
@pytest.mark.parametrize(
    "build", [lambda e: RMSNorm(8, e), LengthNorm], ids=["RMS", "Length"]
)
def test_an_epsilon_must_be_above_zero(build, epsilon):
    """A vector of zeros would be divided by zero."""
    with pytest.raises(ValueError, match=rf"epsilon is {epsilon}: .* above 0"):
        build(epsilon)


def test_a_vector_of_zeros_stays_one():
    """ε is what it is divided by."""
    assert RMSNorm(4)(torch.zeros(1, 4)).tolist() == [[0.0] * 4]


def test_no_channels_are_refused():
    """The number is named."""
    with pytest.raises(ValueError, match="n_embed is 0"):
        RMSNorm(0)
