"""The cheaper dropout drops the right share, at random, and no more.

Each of these was broken by hand once, and this is what turned red:

- the sign bit of each fourth number always 0: every place alike
- the kept numbers not scaled up: the mean
- the mask of the future forgotten: attention in strips
- the factor left out on the way back, or the sum over a row: its gradients
"""

from collections.abc import Sequence
from dataclasses import replace

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from tutorgpt import GPT, ModelConfig, TrainConfig
from tutorgpt.modern import GroupedQueryAttention
from tutorgpt.training.engine.attention import Draw, attention_with_dropout
from tutorgpt.training.engine.dropout import (
    CheaperDropout,
    fast_dropout,
    keep_mask,
    torch_mask,
)
from tutorgpt.training.engine.step_loss import build_step_loss

COUNT = 400_000
DROPPING = ModelConfig(
    vocab_size=7, block_size=8, n_embed=16, n_head=2, n_layer=2, dropout=0.2
)


@pytest.mark.parametrize("dropout", [0.1, 0.2, 0.5, 0.9])
def test_the_share_is_the_one_asked_for(dropout):
    """Within four standard errors of it."""
    torch.manual_seed(0)
    kept, _ = keep_mask((COUNT,), dropout)
    error = (dropout * (1 - dropout) / COUNT) ** 0.5

    assert kept.float().mean().item() == pytest.approx(
        1 - dropout, abs=4 * error
    )


def test_every_place_and_every_pair_is_alike():
    """The four decisions of one draw are as free as those of four draws."""
    torch.manual_seed(0)
    kept = keep_mask((COUNT // 4, 4), 0.2)[0].double()
    error = 4 * (0.16 / len(kept)) ** 0.5

    assert torch.allclose(kept.mean(0), torch.tensor(0.8).double(), atol=error)
    correlations = torch.corrcoef(kept.T) - torch.eye(4).double()
    assert correlations.abs().max() < 4 / len(kept) ** 0.5


def test_the_mean_stays():
    """What is kept makes up, exactly, for what is expected to be dropped."""
    factor = keep_mask((8,), 0.2)[1]
    dropped = round(0.2 * 65536)

    assert factor * (65536 - dropped) / 65536 == pytest.approx(1, rel=1e-12)
    out = fast_dropout(torch.ones(800), 0.2)
    torch.testing.assert_close(
        out.unique(), torch.tensor([0, 1.25]), rtol=1e-4, atol=0
    )


def test_gradients_go_where_the_numbers_went():
    """Dropped numbers have none, the others the same factor."""
    x = torch.randn(1000, requires_grad=True)
    out = fast_dropout(x, 0.5)
    out.sum().backward()

    torch.testing.assert_close(x.grad * x, out)


def attended(q: Tensor, k: Tensor, v: Tensor, p: float, draw: Draw) -> Tensor:
    """The same attention, written down as one table of T x T weights."""
    T, D = q.shape[-2:]
    future = torch.full((T, T), float("-inf"), dtype=q.dtype).triu(1)
    weights = (q @ k.mT / D**0.5 + future).softmax(-1)
    kept, factor = draw(weights.shape, p)
    return (weights * kept * factor) @ v


def by_place(shape: Sequence[int], p: float) -> tuple[Tensor, float]:
    """Keeps what its place in the whole table says, in any strip of it."""
    *_, rows, columns = shape
    row = torch.arange(columns - rows, columns)[:, None]
    column = torch.arange(columns)
    return ((7 * row + 3 * column) % 5 > 0).expand(*shape), 1 / (1 - p)


@pytest.mark.parametrize("length", [1, 5, 127, 128, 150])
@pytest.mark.parametrize("draw", [by_place, None])
def test_attention_in_strips_is_attention_in_one_piece(length, draw):
    """Values and gradients, with weights dropped and without; any length."""
    torch.manual_seed(0)
    none = keep_mask if draw is None else draw
    p = 0.0 if draw is None else 0.2
    qkv = torch.randn(2, length, 3, 2, 8, dtype=torch.float64)
    q, k, v = qkv.permute(2, 0, 3, 1, 4).requires_grad_()
    ours = attention_with_dropout(q, k, v, p, none)
    plain = attended(q, k, v, p, none)
    wanted = torch.randn_like(plain)

    torch.testing.assert_close(ours, plain)
    torch.testing.assert_close(
        torch.autograd.grad(ours, (q, k, v), wanted),
        torch.autograd.grad(plain, (q, k, v), wanted),
    )


def test_strips_draw_for_what_can_be_seen_alone():
    """Four strips of 64 in a window of 256: five eighths of the table."""
    drawn = []

    def draw(shape: Sequence[int], p: float) -> tuple[Tensor, float]:
        drawn.append(tuple(shape))
        return keep_mask(shape, p)

    q, k, v = torch.randn(3, 1, 2, 256, 4)
    attention_with_dropout(q, k, v, 0.2, draw)

    assert drawn == [(2, 64, 64), (2, 64, 128), (2, 64, 192), (2, 64, 256)]


@pytest.mark.parametrize("draw", [keep_mask, torch_mask])
def test_attention_drops_on_average_what_torch_drops(draw):
    """The mean over many draws is the attention without dropout."""
    torch.manual_seed(0)
    q, k, v = torch.randn(3, 1, 1, 4, 8)
    many = [z.expand(4000, 1, 4, 8) for z in (q[0], k[0], v[0])]
    mean = attention_with_dropout(*many, 0.2, draw).mean(0, keepdim=True)
    exact = F.scaled_dot_product_attention(q, k, v, is_causal=True)

    torch.testing.assert_close(mean, exact, rtol=0, atol=0.06)


def test_inside_with_every_dropout_is_replaced(monkeypatch):
    """Residual and attention dropout of the GPT, and nothing in eval mode."""
    from tutorgpt.training.engine import dropout

    calls = []

    def spy(x, p):
        calls.append(tuple(x.shape))
        return x

    monkeypatch.setattr(dropout, "fast_dropout", spy)
    model = GPT(DROPPING)
    tokens = torch.zeros(3, 8, dtype=torch.int64)
    with CheaperDropout(fast=True):
        model.train()(tokens)
        trained = calls.copy()
        calls.clear()
        model.eval()(tokens)

    assert trained == [(3, 8, 16)] * 5
    assert calls == []


def test_attention_with_a_window_or_shared_heads_keeps_torchs():
    """The cheaper one knows the whole past and heads of their own alone."""
    x, calls = torch.randn(2, 8, 16), []
    for n_key_head, window in ((2, 8), (1, 8), (2, 3)):
        layer = GroupedQueryAttention(
            16, 2, n_key_head, window, dropout=0.5
        ).train()
        torch.manual_seed(0)
        plain = layer(x)
        torch.manual_seed(0)
        with CheaperDropout(fast=True):
            calls.append(torch.equal(layer(x), plain))

    assert calls == [False, True, True]


def test_the_engine_uses_it_if_asked():
    """And not without dropout, and not unasked."""
    without = replace(DROPPING, dropout=0.0)
    asked = TrainConfig(fast_dropout=True)

    def name(config: ModelConfig, settings: TrainConfig) -> str:
        return type(build_step_loss(GPT(config), settings)).__name__

    assert name(DROPPING, asked) == "StepLossInside"
    assert name(without, asked) == "StepLoss"
    assert name(DROPPING, TrainConfig()) == "StepLoss"
    assert name(replace(DROPPING, block_size=128), TrainConfig()) == (
        "StepLossInside"
    )


@pytest.mark.parametrize("fast", [False, True])
def test_a_long_window_is_attended_to_in_strips(fast, monkeypatch):
    """With torch's own draws, or with the cheaper ones if they are wanted."""
    from tutorgpt.training.engine import dropout

    seen = []

    def spy(q: Tensor, k: Tensor, v: Tensor, p: float, draw: Draw) -> Tensor:
        seen.append((p, draw))
        return q

    monkeypatch.setattr(dropout, "attention_with_dropout", spy)
    shape = replace(DROPPING, block_size=128)
    tokens = torch.zeros(1, 128, dtype=torch.int64)
    settings = TrainConfig(fast_dropout=fast)
    build_step_loss(GPT(shape), settings)(tokens, tokens)

    assert seen == [(0.2, keep_mask if fast else torch_mask)] * 2


class Seen(TorchFunctionMode):
    """What reaches torch in the end: shares of dropout, by function."""

    def __init__(self) -> None:
        super().__init__()
        self.attention, self.elsewhere = [], 0

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if func is F.scaled_dot_product_attention:
            self.attention.append(kwargs["dropout_p"])
        self.elsewhere += func in (F.dropout, Tensor.random_)
        return func(*args, **kwargs)


@pytest.mark.parametrize("fast", [False, True])
def test_attention_can_be_left_whole(fast: bool):
    """Two layers' attention without dropout, five other places with it."""
    tokens = torch.zeros(3, 8, dtype=torch.int64)
    settings = TrainConfig(fast_dropout=fast, attention_dropout=False)
    step_loss = build_step_loss(GPT(DROPPING), settings)
    with Seen() as seen:
        step_loss(tokens, tokens).backward()

    assert seen.attention == [0.0, 0.0]
    assert seen.elsewhere == 5

    step_loss = build_step_loss(GPT(DROPPING), TrainConfig())
    with Seen() as seen:
        step_loss(tokens, tokens)

    assert seen.attention == [0.2, 0.2]
