"""The fast forms compute what the plain ones compute.

Each of these was broken by hand once, and this is what turned red:

- the target's one not subtracted: the gradients
- the mean taken over a chunk instead of the batch: any chunk
- an output layer that is not last taken for one: a model of one's own
- the bias's gradient handed on where there is none: without a bias
"""

from dataclasses import replace

import pytest
import torch
from torch import nn

from tutorgpt import GPT, LADDER, ModelConfig, TrainConfig, next_token_loss
from tutorgpt.modern import TiedOutput
from tutorgpt.training.engine import output_layer, step_loss
from tutorgpt.training.engine.output_layer import output_layer_loss
from tutorgpt.training.engine.sharing import shared_copy
from tutorgpt.training.engine.step_loss import (
    ChunkedStepLoss,
    StepLoss,
    build_step_loss,
    final_layer,
)

SHAPE = ModelConfig(
    vocab_size=1100, block_size=8, n_embed=16, n_head=2, n_layer=2
)
CONFIG = TrainConfig()


def batch(config: ModelConfig = SHAPE) -> tuple[torch.Tensor, torch.Tensor]:
    chance = torch.Generator().manual_seed(1)
    return tuple(
        torch.randint(config.vocab_size, (2, 4, 8), generator=chance).unbind()
    )


def gradients(model: nn.Module, loss: torch.Tensor) -> dict:
    """Every parameter's gradient of a loss, by name."""
    model.zero_grad()
    loss.backward()
    return {name: p.grad.clone() for name, p in model.named_parameters()}


@pytest.mark.parametrize("at_once", [1, 5000, 10**9])
def test_any_chunk_gives_the_loss_and_the_gradients(at_once, monkeypatch):
    """Rows one by one, a few or all at a time: cross_entropy's numbers."""
    monkeypatch.setattr(output_layer, "LOGITS_AT_ONCE", at_once)
    torch.manual_seed(0)
    head, x = nn.Linear(16, 1100), torch.randn(32, 16) * 3
    x.requires_grad_()
    targets = torch.randint(1100, (32,))
    plain = nn.functional.cross_entropy(head(x), targets)
    expected = torch.autograd.grad(plain, [x, head.weight, head.bias])
    fast = output_layer_loss(x, head.weight, head.bias, targets)
    found = torch.autograd.grad(fast * 1, [x, head.weight, head.bias])

    torch.testing.assert_close(fast, plain)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)


def test_large_scores_do_not_overflow():
    """Scores of a thousand, as cross_entropy takes them too."""
    head, x = nn.Linear(4, 6), torch.ones(3, 4) * 1000
    targets = torch.tensor([0, 3, 5])
    loss = output_layer_loss(x, head.weight, head.bias, targets)
    expected = nn.functional.cross_entropy(head(x), targets)

    torch.testing.assert_close(loss, expected)


@pytest.mark.parametrize("rung", LADDER, ids=lambda rung: rung.__name__)
def test_every_rung_gets_the_chunked_form_and_the_same_loss(rung):
    """For a large vocabulary: same loss, same gradients, same weights."""
    torch.manual_seed(0)
    model = rung(SHAPE)
    tokens, targets = batch()
    fast = build_step_loss(model, CONFIG)
    plain = next_token_loss(model(tokens), targets)
    expected = gradients(model, plain)

    assert isinstance(fast, ChunkedStepLoss)
    torch.testing.assert_close(fast(tokens, targets), plain)
    found = gradients(model, fast(tokens, targets))
    for name, gradient in expected.items():
        torch.testing.assert_close(found[name], gradient, msg=name)


def test_a_small_vocabulary_keeps_the_plain_form():
    """The chapters' models are trained exactly as they are printed."""
    model = GPT(replace(SHAPE, vocab_size=69))

    assert type(build_step_loss(model, CONFIG)) is StepLoss


def test_a_model_of_ones_own_is_tried_before_it_is_taken_apart():
    """What comes after lm_head would be lost: the plain form it is."""

    class Louder(GPT):
        def forward(self, tokens):
            return 2 * super().forward(tokens)

    torch.manual_seed(0)
    model = Louder(SHAPE)

    assert final_layer(model) is None
    assert final_layer(GPT(SHAPE)) is not None
    assert type(build_step_loss(model, CONFIG)) is StepLoss


def test_a_factor_that_is_still_one_is_not_overlooked():
    """It is learned, and from then on the scores are others."""

    class Scaled(GPT):
        def __init__(self, config):
            super().__init__(config)
            self.scale = nn.Parameter(torch.ones(()))

        def forward(self, tokens):
            return super().forward(tokens) * self.scale

    model = Scaled(SHAPE)

    assert final_layer(model) is None
    assert not model.lm_head._forward_hooks


def test_a_model_that_does_more_with_its_scores_is_trained_as_it_is():
    """Without lm_head its own sum of scores could not even be computed."""

    class WithPairs(GPT):
        def __init__(self, config):
            super().__init__(config)
            self.pairs = nn.Embedding(config.vocab_size, config.vocab_size)

        def forward(self, tokens):
            return super().forward(tokens) + self.pairs(tokens)

    torch.manual_seed(0)
    model = WithPairs(SHAPE)

    assert final_layer(model) is None
    assert type(build_step_loss(model, CONFIG)) is StepLoss


def test_an_output_layer_that_does_more_inside_is_left_alone():
    """What its parts do in training could not be seen beforehand."""

    class Dropping(nn.Linear):
        def __init__(self, *sizes):
            super().__init__(*sizes)
            self.dropout = nn.Dropout(0.5)

        def forward(self, x):
            return super().forward(self.dropout(x))

    model = GPT(SHAPE)
    model.lm_head = Dropping(SHAPE.n_embed, SHAPE.vocab_size)

    assert final_layer(model) is None


@pytest.mark.parametrize("tied", [False, True])
def test_an_output_layer_without_a_bias_is_computed_in_chunks(tied):
    """Also where its matrix is the embedding's: both gradients arrive."""
    torch.manual_seed(0)
    model = GPT(SHAPE)
    model.lm_head = nn.Linear(SHAPE.n_embed, SHAPE.vocab_size, bias=False)
    if tied:
        model.lm_head = TiedOutput(model.embedding.token)
    tokens, targets = batch()
    fast = build_step_loss(model, CONFIG)
    plain = next_token_loss(model(tokens), targets)
    expected = gradients(model, plain)

    assert isinstance(fast, ChunkedStepLoss)
    torch.testing.assert_close(fast(tokens, targets), plain)
    found = gradients(model, fast(tokens, targets))
    for name, gradient in expected.items():
        torch.testing.assert_close(found[name], gradient, msg=name)


def test_a_shared_copy_has_the_same_parameters():
    """Not equal ones: a step on the one is a step on the other."""
    model = GPT(SHAPE)
    copy = shared_copy(model)

    for ours, theirs in zip(
        model.parameters(), copy.parameters(), strict=True
    ):
        assert ours is theirs
    assert copy.blocks is not model.blocks


def test_dropout_is_on_in_the_fast_form(monkeypatch):
    """The trunk trains in train mode, as the model does."""
    monkeypatch.setattr(step_loss, "CHUNKS_FROM", 1)
    model = GPT(replace(SHAPE, dropout=0.5))
    fast = build_step_loss(model, CONFIG).train()
    tokens, targets = batch()

    assert fast(tokens, targets) != fast(tokens, targets)
