"""How wrong a model is, on one batch and exactly on a whole text.

Which test is there for which mistake:

- dropout left on while measuring: measures in eval mode
- the loss not shifted (targets = tokens): equals the loop over every token
- the last short window left out: equals the loop over every token
"""

import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from tutorgpt import GPT, LADDER, ModelConfig, next_token_loss
from tutorgpt.training import loss as loss_module
from tutorgpt.training.loss import exact_loss

V, T = 7, 5
CONFIG = ModelConfig(
    vocab_size=V, block_size=T, n_embed=8, n_head=2, n_layer=2, dropout=0.5
)


def some_text(length: int) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randint(V, (length,), generator=generator)


@torch.no_grad()
def loss_token_by_token(model: GPT, data: Tensor) -> float:
    """The slow way: each next token scored with its window's past."""
    model.eval()
    surprise = []
    for n in range(len(data) - 1):
        first = n // T * T
        logits = model(data[None, first : n + 1])[0, -1]
        surprise.append(-logits.log_softmax(dim=-1)[data[n + 1]].item())
    return sum(surprise) / len(surprise)


def test_the_loss_is_minus_ln_p_of_what_came():
    """The mean over all positions of -ln p(target)."""
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(2, 3, V, generator=generator)
    targets = torch.tensor([[0, 1, 2], [3, 4, 5]])
    p = logits.softmax(dim=-1)
    by_hand = [-p[b, t, targets[b, t]].log() for b in (0, 1) for t in range(3)]

    torch.testing.assert_close(
        next_token_loss(logits, targets), torch.stack(by_hand).mean()
    )


def test_a_uniform_guess_costs_ln_v():
    """Equal scores for all V tokens lose ln V nats."""
    loss = next_token_loss(torch.zeros(2, T, V), some_text(2 * T).view(2, T))

    assert loss.item() == pytest.approx(math.log(V))


@pytest.mark.parametrize("length", [2, T, T + 1, T + 2, 4 * T + 1, 4 * T + 3])
def test_exact_loss_is_the_loop_over_every_token(length):
    """Every token but the first is scored once, the last short window too."""
    torch.manual_seed(0)
    model, data = GPT(CONFIG), some_text(length)

    assert exact_loss(model, data) == pytest.approx(
        loss_token_by_token(model, data), rel=1e-5
    )


@pytest.mark.parametrize("tokens_at_once", [1, T, 17, 10**6])
def test_exact_loss_does_not_depend_on_how_much_is_read_at_once(
    tokens_at_once, monkeypatch
):
    """TOKENS_AT_ONCE is about speed and memory, never about the result."""
    torch.manual_seed(0)
    model, data = GPT(CONFIG), some_text(203)
    expected = exact_loss(model, data)
    monkeypatch.setattr(loss_module, "TOKENS_AT_ONCE", tokens_at_once)

    assert exact_loss(model, data) == pytest.approx(expected, rel=1e-5)


def test_exact_loss_measures_in_eval_mode():
    """Dropout is off while measuring: twice the same, to the bit."""
    torch.manual_seed(0)
    model, data = GPT(CONFIG).train(), some_text(40)
    seen = []
    model.register_forward_hook(lambda m, *_: seen.append(m.training))

    assert exact_loss(model, data) == exact_loss(model, data)
    assert not any(seen)


def test_exact_loss_puts_the_mode_of_every_part_back():
    """Also of one whose dropout the reader has switched off alone."""
    model = GPT(CONFIG).train()
    model.blocks.eval()
    exact_loss(model, some_text(40))

    assert model.training
    assert model.lm_head.training
    assert not any(part.training for part in model.blocks.modules())


@pytest.mark.parametrize("training", [True, False])
def test_exact_loss_puts_the_mode_back(training):
    """The model is handed back in the mode it came in."""
    model = GPT(CONFIG).train(training)
    exact_loss(model, some_text(12))

    assert model.training is training


def test_exact_loss_puts_the_mode_back_after_an_interrupt():
    """Ctrl-C during a measurement does not leave the model in eval mode."""
    model = GPT(CONFIG).train()

    def interrupt(*_):
        raise KeyboardInterrupt

    model.register_forward_hook(interrupt)
    with pytest.raises(KeyboardInterrupt):
        exact_loss(model, some_text(12))

    assert model.training


@pytest.mark.parametrize("rung", LADDER, ids=lambda rung: rung.__name__)
def test_exact_loss_keeps_no_gradients(rung):
    """Measuring is not learning."""
    model = rung(CONFIG)
    exact_loss(model, some_text(12))

    assert all(p.grad is None for p in model.parameters())


@pytest.mark.parametrize("length", [0, 1])
def test_a_text_without_a_pair_is_refused(length):
    """One token has no successor to predict; the message says how many."""
    with pytest.raises(ValueError, match=f"^{length} tokens hold no pair"):
        exact_loss(GPT(CONFIG), some_text(length))


def test_next_token_loss_is_cross_entropy():
    """The same number as PyTorch's, position by position."""
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(2, T, V, generator=generator)
    targets = some_text(2 * T).view(2, T)

    torch.testing.assert_close(
        next_token_loss(logits, targets),
        F.cross_entropy(logits.transpose(1, 2), targets),
    )
