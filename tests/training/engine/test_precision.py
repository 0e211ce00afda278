"""The form in sixteen bits: near, narrow all the way, with shared weights.

Each of these was broken by hand once, and this is what turned red:

- the loss taken of narrow scores: narrow as a whole
- the tables left as they were: what flows between the layers
"""

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from tutorgpt import GPT, ModelConfig, TrainConfig, next_token_loss
from tutorgpt.cli.train_run import shape_of
from tutorgpt.training.checkpoints import MODELS
from tutorgpt.training.engine.precision import narrow
from tutorgpt.training.engine.step_loss import build_step_loss

SHAPE = ModelConfig(
    vocab_size=1100, block_size=8, n_embed=16, n_head=2, n_layer=2
)
CONFIG = TrainConfig(precision="bf16")


def batch(shape: ModelConfig) -> tuple[Tensor, Tensor]:
    """Some windows and what follows in each; with few, chance decides."""
    return tuple(torch.randint(shape.vocab_size, (2, 64, 8)).unbind())


def gradients(model: nn.Module, loss: Tensor) -> dict[str, Tensor]:
    """Of each parameter that takes part, by its name."""
    model.zero_grad()
    loss.backward()
    return {
        name: p.grad.clone()
        for name, p in model.named_parameters()
        if p.grad is not None
    }


def apart(one: dict[str, Tensor], other: dict[str, Tensor]) -> float:
    """The length of the difference, as a share of the first one's."""
    between = sum((one[name] - other[name]).square().sum() for name in one)
    return (between / sum(g.square().sum() for g in one.values())).sqrt()


@pytest.mark.parametrize("vocab_size", [69, 1100])
@pytest.mark.parametrize("name", MODELS)
def test_sixteen_bits_are_near_and_not_equal(name, vocab_size):
    """Every model's: a loss within two thousandths, a gradient within a
    twentieth of its length; at most three times as far as under autocast."""
    torch.manual_seed(0)
    shape = shape_of(MODELS[name], replace(SHAPE, vocab_size=vocab_size))
    model = MODELS[name](shape)
    tokens, targets = batch(shape)
    plain = next_token_loss(model(tokens), targets)
    expected = gradients(model, plain)
    with torch.autocast("cpu", torch.bfloat16):
        scores = model(tokens)
    theirs = gradients(model, next_token_loss(scores.float(), targets))
    loss = build_step_loss(model, CONFIG)(tokens, targets)
    found = gradients(model, loss)

    assert loss.dtype == torch.float32
    assert loss != plain
    torch.testing.assert_close(loss, plain, rtol=2e-3, atol=0)
    assert found.keys() == expected.keys()
    assert apart(expected, found) < 0.05
    assert apart(expected, found) < 3 * apart(expected, theirs)


def test_a_model_that_does_more_with_its_scores_is_narrow_as_a_whole():
    """Its own last step cannot be taken apart; its loss has 32 bits."""

    class Louder(GPT):
        def forward(self, tokens: Tensor) -> Tensor:
            return 2 * super().forward(tokens)

    torch.manual_seed(0)
    model = Louder(SHAPE)
    tokens, targets = batch(SHAPE)
    loss = build_step_loss(model, CONFIG)(tokens, targets)
    plain = next_token_loss(model(tokens), targets)

    assert loss.dtype == torch.float32
    torch.testing.assert_close(loss, plain, rtol=2e-3, atol=0)


def test_the_model_stays_at_thirty_two_bits():
    """Only a second form is narrow, and it has the same parameters."""
    model = GPT(SHAPE)
    form = build_step_loss(model, CONFIG)

    assert {p.dtype for p in model.parameters()} == {torch.float32}
    assert type(model.blocks[0].multi_head.qkv) is nn.Linear
    assert {id(p) for p in form.parameters()} == {
        id(p) for p in model.parameters()
    }


def test_what_flows_between_the_layers_is_narrow():
    """From the first table to the last layer, whatever lies between."""
    model = narrow(GPT(replace(SHAPE, dropout=0.1)))
    seen = {}

    def look(module: nn.Module, _: tuple, out: Tensor) -> None:
        seen[type(module).__name__] = out.dtype

    for module in model.modules():
        module.register_forward_hook(look)
    model(batch(SHAPE)[0])

    assert len(seen) > 8
    assert set(seen.values()) == {torch.bfloat16}
