"""A token enters a few experts; all of them together are a plain sum."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tutorgpt.modern import Experts, balance, balance_loss, shares


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def build(n_expert: int = 5, n_active: int = 2) -> Experts:
    torch.manual_seed(0)
    return Experts(8, 12, n_expert, n_active)


X = torch.randn(3, 7, 8, generator=seeded())


@pytest.mark.parametrize("n_expert", [1, 2, 5])
def test_with_all_of_them_it_is_the_dense_sum(n_expert):
    """Each answer times its probability."""
    layer = build(n_expert, n_expert)
    weights = layer.router(X).softmax(dim=-1)
    answers = torch.stack([expert(X) for expert in layer.experts], dim=-1)

    torch.testing.assert_close(
        layer(X), (answers * weights[..., None, :]).sum(-1)
    )


@pytest.mark.parametrize("n_active", [1, 2, 3])
def test_each_token_is_the_sum_of_its_own_few(n_active):
    """One token after the other, by its likeliest experts alone."""
    layer = build(5, n_active)
    for row in X.flatten(0, 1):
        scores = layer.router(row)
        best = scores.argsort(descending=True)[:n_active]
        weights = scores[best].softmax(dim=0)
        out = sum(
            w * layer.experts[e](row)
            for w, e in zip(weights, best, strict=True)
        )

        torch.testing.assert_close(layer(row[None, None])[0, 0], out)


def test_a_token_is_alone_with_its_experts():
    """The other tokens of a batch change nothing for it."""
    layer = build()

    torch.testing.assert_close(layer(X)[1:2, 3:4], layer(X[1:2, 3:4]))


def test_only_the_chosen_are_asked():
    """n_active tokens' worth of work for each token, not n_expert."""
    layer, asked = build(5, 2), []
    for expert in layer.experts:
        expert.register_forward_pre_hook(
            lambda _, args: asked.append(len(args[0]))
        )
    layer(X)

    assert sum(asked) == 2 * 3 * 7


def test_gradients_reach_every_expert_and_the_router():
    """Also in the first step, where each has some token."""
    layer = build()
    layer(X).square().sum().backward()

    assert all(p.grad is not None and p.grad.any() for p in layer.parameters())


def test_one_active_expert_teaches_its_router_nothing():
    """Its weight is 1, whatever the router says."""
    layer = build(5, 1)
    layer(X).square().sum().backward()
    gradient = layer.router.weight.grad

    assert gradient is None or not gradient.any()


def test_bfloat16_works():
    """The weighted answers add up in the numbers that came in."""
    layer = build(2, 2)
    exact = layer(X)
    rounded = layer.bfloat16()(X.bfloat16())

    assert rounded.dtype == torch.bfloat16
    torch.testing.assert_close(rounded.float(), exact, rtol=0.1, atol=0.02)


def test_sixteen_bit_autocast_works():
    """What the engine trains with on a GPU."""
    layer = build()
    with torch.autocast("cpu", torch.bfloat16):
        layer(X).square().sum().backward()

    assert all(p.grad is not None for p in layer.parameters())


def to_one(E: int, tokens: int = 12) -> torch.Tensor:
    """Scores that send every token to expert 0, and are sure of it."""
    scores = torch.zeros(tokens, E)
    scores[:, 0] = 50
    return scores


def taking_turns(E: int) -> torch.Tensor:
    """Scores that send each token to the next expert."""
    return torch.eye(E).repeat(4, 1) * 3


@given(st.integers(1, 8))
def test_even_and_uneven_balance(E):
    """1 if tokens are spread evenly, 1/E if one expert has them all."""
    assert balance(taking_turns(E), 1) == pytest.approx(1)
    assert balance(to_one(E), 1) == pytest.approx(1 / E)


@given(st.integers(1, 8))
def test_the_balancing_loss_has_its_two_ends(E):
    """1 for an even spread, E where one expert is sure to get all."""
    assert balance_loss(taking_turns(E), 1).item() == pytest.approx(1)
    assert balance_loss(to_one(E), 1).item() == pytest.approx(E)


@given(st.integers(1, 6), st.data())
def test_the_balancing_loss_is_its_equation(E, data):
    """E · sum over experts of share times mean probability."""
    active = data.draw(st.integers(1, E))
    scores = torch.randn(2, 9, E, generator=seeded())
    rows = scores.flatten(0, 1).tolist()
    total = 0.0
    for e in range(E):
        chosen = [sorted(row)[-active] <= row[e] for row in rows]
        share = sum(chosen) / (active * len(rows))
        likely = [
            math.exp(row[e]) / sum(math.exp(s) for s in row) for row in rows
        ]
        total += share * sum(likely) / len(rows)

    assert shares(scores, active).sum().item() == pytest.approx(1)
    assert balance_loss(scores, active).item() == pytest.approx(E * total)


def test_a_step_down_its_slope_spreads_the_tokens():
    """The loss pushes down what is chosen too often."""
    torch.manual_seed(0)
    scores = torch.randn(64, 4) + torch.tensor([2.0, 0, 0, 0])
    scores = scores.requires_grad_()
    before = balance(scores, 2)
    balance_loss(scores, 2).backward()
    (moved,) = torch.autograd.grad((scores * 0).sum(), scores)
    after = balance(scores.detach() - 200 * (scores.grad - moved), 2)

    assert after > before


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ((8, 12, 4, 5), "n_active 5 .* n_expert 4: choose at most 4"),
        ((8, 12, 4, 0), "n_active is 0"),
        ((8, 12, 0, 1), "n_expert is 0"),
        ((8, 0, 4, 2), "hidden is 0"),
    ],
)
def test_experts_that_cannot_be_are_refused(sizes, message):
    """The value and the remedy are named."""
    with pytest.raises(ValueError, match=message):
        Experts(*sizes)


def test_more_than_there_are_have_no_shares():
    """The functions on scores refuse it in the same words."""
    with pytest.raises(ValueError, match=r"n_active 3 .* n_expert 2"):
        shares(torch.zeros(5, 2), 3)
