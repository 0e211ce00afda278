"""Looking does not touch: hooks come and go, and the model stays whole.

Which test is there for which mistake:

- rows and columns of the qkv matrix mixed up, a missing scale or mask: the
  weights are those of chapter 2's heads, head by head
- the wrong channels cut: an ablated head equals its columns set to zero
- a hook that stays: nothing is left after the block, also after an error
- the lens read before the norm: its last answer is the logits
"""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from tutorgpt import ModelConfig, ResidualNormModel, generate
from tutorgpt.looking_inside import (
    ablated,
    attention_weights,
    gradient_by_layer,
    logit_lens,
    outputs_of,
)
from tutorgpt.scaling import fuse
from tutorgpt.training.loss import exact_loss, next_token_loss

V, T, L, H, D = 11, 8, 3, 4, 6
CONFIG = ModelConfig(
    vocab_size=V,
    block_size=T,
    n_embed=H * D,
    n_head=H,
    n_layer=L,
    dropout=0.3,
)
TOKENS = torch.randint(V, (2, T), generator=torch.Generator().manual_seed(3))


def loud(model):
    """The model with larger weights, so that its heads differ plainly."""
    for parameter in model.parameters():
        parameter.data.mul_(3)
    return model


@pytest.fixture
def listed():
    """A model of chapter 5, with its heads one by one."""
    torch.manual_seed(0)
    return loud(ResidualNormModel(CONFIG)).eval()


@pytest.fixture
def model(listed):
    """The same model, fused."""
    return fuse(listed)


def hooks_in(model):
    return [
        hook
        for part in model.modules()
        for hook in (*part._forward_hooks, *part._forward_pre_hooks)
    ]


def slow_weights(head, x):
    """Chapter 2's head, up to the softmax."""
    scores = head.query(x) @ head.key(x).mT / head.head_size**0.5
    past = head.past[: x.shape[1], : x.shape[1]]
    return scores.masked_fill(~past, float("-inf")).softmax(dim=-1)


@torch.no_grad()
def test_the_weights_are_those_of_the_slow_heads(listed, model):
    """Each head's matrix is what chapter 2's head computes on the way."""
    found = attention_weights(model, TOKENS)
    x = listed.embedding(TOKENS)
    for n, block in enumerate(listed.blocks):
        for h, head in enumerate(block.multi_head.heads):
            slow = slow_weights(head, block.norm_1(x))

            assert torch.allclose(found[:, n, h], slow, atol=1e-5)
        x = block(x)


def test_every_row_shares_out_one(model):
    """Rows sum to 1 and give nothing to the future."""
    weights = attention_weights(model, TOKENS[:, :5])

    assert weights.shape == (2, L, H, 5, 5)
    assert torch.allclose(weights.sum(dim=-1), torch.ones(2, L, H, 5))
    assert weights.triu(1).count_nonzero() == 0


def test_looking_leaves_dropout_out_and_the_mode_alone(model):
    """Two looks at a model in training mode see the same."""
    model.train()
    first, second = (attention_weights(model, TOKENS) for _ in range(2))

    assert torch.equal(first, second)
    assert model.training


def test_outputs_come_in_the_order_asked_for(model):
    """One pass gives what each named part puts out."""
    names = ["lm_head", "embedding"]
    logits, vectors = outputs_of(model, names, TOKENS)

    assert torch.equal(logits, model(TOKENS))
    assert torch.equal(vectors, model.embedding(TOKENS))


def test_ablating_nothing_changes_nothing(model):
    """Without an argument the model is the model."""
    whole = model(TOKENS)
    with ablated(model) as same:
        assert same is model
        assert torch.equal(model(TOKENS), whole)


@pytest.mark.parametrize(("layer", "head"), [(0, 0), (1, 2), (L - 1, H - 1)])
def test_an_ablated_head_has_no_columns(model, layer, head):
    """It equals zeroing the head's columns of the projection."""
    with ablated(model, head=(layer, head)):
        off = model(TOKENS)
    whole = model(TOKENS)
    columns = model.blocks[layer].multi_head.proj.weight.data
    columns[:, head * D : (head + 1) * D] = 0

    assert torch.allclose(off, model(TOKENS), atol=1e-5)
    assert not torch.allclose(off, whole, atol=1e-2)


def test_an_ablated_head_writes_into_nothing(model):
    """What another hook has overheard before stays as it was."""
    heard = []
    proj = model.blocks[0].multi_head.proj
    with proj.register_forward_pre_hook(lambda _, args: heard.append(args[0])):
        model(TOKENS)
        with ablated(model, head=(0, 0)):
            model(TOKENS)

    assert torch.equal(*heard)


def test_an_ablated_layer_is_not_there(model):
    """The others compute what they would without it."""
    with ablated(model, layer=1):
        off = model(TOKENS)
    model.blocks[1] = nn.Identity()

    assert torch.equal(off, model(TOKENS))


def test_without_positions_the_vectors_are_zero(model):
    """It equals a table of positions that holds zeros."""
    with ablated(model, positions=True):
        off = model(TOKENS)
    model.embedding.position.weight.data.zero_()

    assert torch.equal(off, model(TOKENS))


def test_without_norms_no_norm_is_left(model):
    """All of them hand on what they read, the last one too."""
    with ablated(model, norms=True):
        off = model(TOKENS)
    for block in model.blocks:
        block.norm_1 = block.norm_2 = nn.Identity()
    model.norm = nn.Identity()

    assert torch.equal(off, model(TOKENS))


def test_several_parts_can_be_off_at_once(model):
    """In one call or one inside the other, it is the same."""
    with ablated(model, head=(0, 1), positions=True):
        together = model(TOKENS)
    with ablated(model, head=(0, 1)), ablated(model, positions=True):
        nested = model(TOKENS)

    assert torch.equal(together, nested)


PARTS = [
    {"head": (1, 1)},
    {"layer": 0},
    {"positions": True},
    {"norms": True},
]


@pytest.mark.parametrize("part", PARTS, ids=str)
def test_the_model_is_whole_afterwards(model, part):
    """No hook is left, and the logits are the old ones."""
    whole = model(TOKENS)
    with ablated(model, **part):
        assert hooks_in(model)
        assert not torch.allclose(model(TOKENS), whole, atol=1e-2)

    assert not hooks_in(model)
    assert torch.equal(model(TOKENS), whole)


@pytest.mark.parametrize("part", PARTS, ids=str)
def test_the_model_is_whole_after_an_error(model, part):
    """Also if the reader's code stops halfway."""
    with pytest.raises(KeyboardInterrupt), ablated(model, **part):
        raise KeyboardInterrupt

    assert not hooks_in(model)


def test_no_hook_is_left_when_reading_fails(model):
    """A text that is too long, a part that is not there."""
    with pytest.raises(ValueError, match="block_size"):
        attention_weights(model, torch.zeros(1, T + 1, dtype=torch.long))
    with pytest.raises(AttributeError, match="9"):
        outputs_of(model, ["embedding", "blocks.9"], TOKENS)

    assert not hooks_in(model)


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ({"layer": L}, f"layer is {L}: choose a number from 0 to {L - 1}"),
        ({"layer": -1}, f"layer is -1: choose a number from 0 to {L - 1}"),
        ({"head": (0, H)}, f"head is {H}: choose a number from 0 to {H - 1}"),
        ({"head": (0, -1)}, f"head is -1: choose a number from 0 to {H - 1}"),
        ({"head": (7, 0)}, f"layer is 7: choose a number from 0 to {L - 1}"),
    ],
)
def test_a_wrong_number_is_answered_with_the_range(model, part, says):
    """The message holds the number and those that there are."""
    with pytest.raises(ValueError, match=says), ablated(model, **part):
        pass

    assert not hooks_in(model)


def test_an_ablated_model_writes_with_what_is_left(model):
    """generate and exact_loss meet the model as it is inside."""
    with ablated(model, layer=0):
        text = generate(model, TOKENS[:1, :1], 12, greedy=True)
        loss = exact_loss(model, TOKENS.flatten())
        slow = TOKENS[:1, :1]
        for _ in range(12):
            last = model(slow[:, -T:])[:, -1].argmax(dim=-1, keepdim=True)
            slow = torch.cat([slow, last], dim=1)

    assert torch.equal(text, slow)
    assert abs(loss - exact_loss(model, TOKENS.flatten())) > 0.01


def test_the_last_answer_of_the_lens_is_the_models(model):
    """Exactly: nothing is computed otherwise."""
    lens = logit_lens(model, TOKENS)

    assert lens.shape == (L + 1, 2, T, V)
    assert torch.equal(lens[-1], model(TOKENS))


def test_the_first_answer_of_the_lens_has_read_no_layer(model):
    """It is that of a model whose layers are all off."""
    lens = logit_lens(model, TOKENS)
    with (
        ablated(model, layer=0),
        ablated(model, layer=1),
        ablated(model, layer=2),
    ):
        assert torch.equal(lens[0], model(TOKENS))


def test_gradients_by_layer_are_those_of_backward(model):
    """The numbers of chapter 5's way, without leaving a trace."""
    found = gradient_by_layer(model.train(), TOKENS, TOKENS)
    model.eval()

    assert all(p.grad is None for p in model.parameters())
    next_token_loss(model(TOKENS), TOKENS).backward()
    for norm, block in zip(found, model.blocks, strict=True):
        grads = torch.cat([p.grad.flatten() for p in block.parameters()])
        assert F.mse_loss(torch.tensor(norm), grads.norm()) < 1e-6
