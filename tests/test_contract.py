"""What every rung of the ladder promises, whatever is inside it.

Which test is there for which mistake:

- the mask one step off (tril(1)): a change reaches no earlier position;
  one step short (tril(-1)): the same token decides, and many more
- no mask at all: a change reaches no earlier position
- softmax over the wrong axis: a change reaches no earlier position
- `past` transposed: a change reaches no earlier position
- heads joined over the batch or over time: the logits' shape, rows
"""

import math

import pytest
import torch
from torch import Tensor

from tutorgpt import (
    LADDER,
    BigramModel,
    Head,
    LanguageModel,
    ModelConfig,
    MultiHead,
    next_token_loss,
)
from tutorgpt.embedding import TokenAndPositionEmbedding
from tutorgpt.scaling import FusedMultiHead

V, T, C, H = 11, 8, 16, 4
CONFIG = ModelConfig(
    vocab_size=V, block_size=T, n_embed=C, n_head=H, n_layer=3
)

every_rung = pytest.mark.parametrize(
    "rung", LADDER, ids=[rung.__name__ for rung in LADDER]
)
every_rung_that_looks_back = pytest.mark.parametrize(
    "rung", LADDER[1:], ids=[rung.__name__ for rung in LADDER[1:]]
)


def build(rung: type[LanguageModel], config: ModelConfig = CONFIG):
    torch.manual_seed(0)
    return rung(config)


def some_tokens(batch: int = 3, length: int = T) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randint(V, (batch, length), generator=generator)


def change(tokens: Tensor, position: int) -> Tensor:
    """The same tokens with another one at this position, in every row."""
    changed = tokens.clone()
    changed[:, position] = (changed[:, position] + 1) % V
    return changed


@every_rung
def test_logits_only(rung):
    """A model answers with one tensor of shape (B, T, V) and no more."""
    logits = build(rung)(some_tokens())

    assert isinstance(logits, Tensor)
    assert logits.shape == (3, T, V)
    assert logits.dtype == torch.float32


@every_rung
@pytest.mark.parametrize("position", range(T))
@torch.no_grad()
def test_a_change_reaches_no_earlier_position(rung, position):
    """Changing token t leaves every logit before t alone."""
    model, tokens = build(rung).eval(), some_tokens()
    before = model(tokens)
    after = model(change(tokens, position))

    torch.testing.assert_close(
        after[:, :position], before[:, :position], rtol=0, atol=1e-6
    )


@every_rung
@pytest.mark.parametrize("position", range(T))
@torch.no_grad()
def test_a_change_reaches_its_own_position(rung, position):
    """Changing token t changes what is expected right after it."""
    model, tokens = build(rung).eval(), some_tokens()
    difference = model(change(tokens, position)) - model(tokens)

    assert difference[:, position].abs().amax(dim=-1).min() > 1e-3


@every_rung_that_looks_back
@torch.no_grad()
def test_a_change_reaches_every_later_position(rung):
    """From chapter 2 on, the first token matters to all that follow."""
    model, tokens = build(rung).eval(), some_tokens()
    difference = model(change(tokens, 0)) - model(tokens)

    assert difference.abs().amax(dim=-1).min() > 1e-5


@torch.no_grad()
def test_the_bigram_looks_at_one_token_only():
    """The bigram's logits at t depend on token t and on nothing else."""
    model, tokens = build(BigramModel).eval(), some_tokens()
    one_at_a_time = model(tokens.reshape(-1, 1)).reshape(3, T, V)

    torch.testing.assert_close(model(tokens), one_at_a_time)


@every_rung
@torch.no_grad()
def test_rows_do_not_mix(rung):
    """Changing one row of a batch leaves the other rows alone."""
    model, tokens = build(rung).eval(), some_tokens()
    changed = tokens.clone()
    changed[1] = (changed[1] + 1) % V
    difference = (model(changed) - model(tokens)).abs().amax(dim=(1, 2))

    assert difference[[0, 2]].max() <= 1e-6
    assert difference[1] > 1e-3


@every_rung
@torch.no_grad()
def test_a_row_alone_is_the_row_in_a_batch(rung):
    """The size of the batch does not change a row's logits."""
    model, tokens = build(rung).eval(), some_tokens()
    alone = torch.cat([model(row[None]) for row in tokens])

    torch.testing.assert_close(model(tokens), alone)


@every_rung
@torch.no_grad()
def test_shorter_than_the_block_is_the_beginning_of_it(rung):
    """T < block_size works and gives what the first T positions gave."""
    model, tokens = build(rung).eval(), some_tokens()
    whole = model(tokens)

    for length in range(1, T):
        torch.testing.assert_close(
            model(tokens[:, :length]), whole[:, :length]
        )


@every_rung
def test_longer_than_the_block_is_refused(rung):
    """T > block_size is a ValueError with both numbers in it."""
    with pytest.raises(ValueError, match=rf"{T + 3} tokens.* {T}: pass"):
        build(rung)(some_tokens(length=T + 3))


@pytest.mark.parametrize(
    "layer",
    [
        Head(C, C, T),
        MultiHead(C, H, T),
        FusedMultiHead(C, H, T, 0.0),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_a_layer_refuses_too_long_a_sequence(layer):
    """Attention alone refuses T > block_size, with both numbers."""
    with pytest.raises(ValueError, match=rf"{T + 1} tokens.* {T}: pass"):
        layer(torch.zeros(1, T + 1, C))


def test_the_embedding_refuses_too_long_a_sequence():
    """There is no vector for a position beyond block_size."""
    with pytest.raises(ValueError, match=rf"{T + 1} tokens.* {T}: pass"):
        TokenAndPositionEmbedding(V, C, T)(some_tokens(length=T + 1))


@every_rung
def test_every_parameter_learns(rung):
    """No weight is left out of the computation: each gets a gradient."""
    model = build(rung)
    tokens = torch.arange(V).repeat(3, 2)[:, : 2 * T].reshape(-1, T)
    next_token_loss(model(tokens), tokens.roll(-1)).backward()
    still = [
        name
        for name, parameter in model.named_parameters()
        if parameter.grad is None or not parameter.grad.any()
    ]

    assert still == []


@every_rung
@torch.no_grad()
def test_the_first_loss_is_near_ln_v(rung):
    """A model that knows nothing is about as wrong as a uniform guess.

    nn.Linear draws its weights uniformly within 1/√C, a variance of 1/(3C),
    so inputs of variance σ² give logits of variance about σ²/3, and logits
    of variance s² cost s²/2 more than ln V. Here σ² is 1 for the bigram and
    after a final norm (1/6 more), 2 or less elsewhere (1/3 more at most).
    """
    config = ModelConfig(
        vocab_size=65, block_size=32, n_embed=32, n_head=4, n_layer=3
    )
    generator = torch.Generator().manual_seed(2)
    tokens = torch.randint(65, (64, 33), generator=generator)
    logits = build(rung, config)(tokens[:, :-1])
    excess = next_token_loss(logits, tokens[:, 1:]).item() - math.log(65)

    assert 0 < excess < 0.35


@every_rung
def test_one_batch_can_be_learned_by_heart(rung):
    """A few dozen steps on one batch bring the loss far below ln V.

    The tokens are drawn so that each has one successor: what the bigram can
    learn, every rung can.
    """
    model = build(rung)
    steps = torch.arange(T + 1)
    window = torch.tensor([[0], [3], [7]]) + steps
    tokens, targets = window[:, :-1] % V, window[:, 1:] % V
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(100):
        loss = next_token_loss(model(tokens), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    assert loss.item() < 0.1


@every_rung_that_looks_back
def test_a_context_can_be_learned_by_heart(rung):
    """A model that looks back learns what the current token cannot tell.

    The target at every position is the token at position 0, which only
    attention can bring there.
    """
    model = build(rung)
    generator = torch.Generator().manual_seed(3)
    tokens = torch.randint(V, (4, T), generator=generator)
    targets = tokens[:, :1].expand(-1, T)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(150):
        loss = next_token_loss(model(tokens), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    assert loss.item() < 0.2


@every_rung
@torch.no_grad()
def test_eval_mode_is_deterministic(rung):
    """In eval mode the same tokens give the same logits, to the bit."""
    config = ModelConfig(
        vocab_size=V, block_size=T, n_embed=C, n_head=H, n_layer=2, dropout=0.5
    )
    model = build(rung, config).eval()
    tokens = some_tokens()

    assert torch.equal(model(tokens), model(tokens))


@every_rung
def test_the_weights_are_all_there_is_to_save(rung):
    """The state holds the parameters and no buffer: a mask is not learned."""
    model = build(rung)

    assert set(model.state_dict()) == {n for n, _ in model.named_parameters()}


@every_rung
def test_the_same_seed_builds_the_same_model(rung):
    """Two models built after the same seed have equal weights."""
    one, other = build(rung).state_dict(), build(rung).state_dict()

    assert all(torch.equal(one[name], other[name]) for name in one)


@every_rung
@torch.no_grad()
def test_moves_to_double_precision(rung):
    """A model can be moved to float64 and still says the same."""
    model, tokens = build(rung).eval(), some_tokens()
    single = model(tokens)
    double = model.double()(tokens)

    assert double.dtype == torch.float64
    torch.testing.assert_close(double.float(), single)


def test_a_language_model_must_define_forward():
    """A model without a forward is told which one it needs, by name."""
    with pytest.raises(NotImplementedError, match="LanguageModel must define"):
        LanguageModel(CONFIG)(some_tokens())
