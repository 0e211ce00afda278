"""Chapter 11's parts as a Llama: its shape, and how it reads on."""

import pytest
import torch

from tutorgpt.decoding import generate
from tutorgpt.modern.parts import PastReader
from tutorgpt.modern.rotary import Rotary
from tutorgpt.pretrained import Llama, LlamaConfig

SHAPE = {
    "vocab_size": 11,
    "block_size": 12,
    "n_embed": 16,
    "n_head": 4,
    "n_key_head": 2,
    "n_layer": 2,
    "hidden": 24,
}


@pytest.fixture
def model() -> Llama:
    torch.manual_seed(0)
    return Llama(LlamaConfig(**SHAPE)).eval()


def test_every_weight_is_counted_by_hand(model):
    """The table once, four matrices and three, two norms; no bias."""
    C, D, V, hidden = 16, 4, 11, 24
    block = C * (4 + 2 + 2) * D + C * C + 3 * C * hidden + 2 * C
    assert sum(p.numel() for p in model.parameters()) == V * C + 2 * block + C
    assert model.lm_head.weight is model.token.weight


def test_an_untied_model_has_a_second_table():
    """As larger models do."""
    model = Llama(LlamaConfig(**SHAPE, tied=False))

    assert model.lm_head.weight is not model.token.weight
    assert model.lm_head.bias is None


def test_all_layers_share_one_table_of_angles(model):
    """At a context of 8,192 thirty of them would take 60 MB."""
    assert sum(isinstance(part, Rotary) for part in model.modules()) == 1


def test_it_writes_from_its_past_what_it_would_write_without(model):
    """Also beyond its context, where the window moves."""
    start = torch.tensor([[1, 2, 3]])
    assert isinstance(model.reader(1), PastReader)
    fast = generate(model, start, 20, greedy=True)

    handle = model.register_forward_hook(lambda *_: None)
    assert not isinstance(model.reader(1), PastReader)
    plain = generate(model, start, 20, greedy=True)
    handle.remove()

    assert torch.equal(fast, plain)


def test_a_reader_gives_the_scores_of_the_model(model):
    """Token by token, to rounding."""
    tokens = torch.randint(11, (2, 12))
    read = model.reader(2)
    with torch.inference_mode():
        steps = [read(tokens[:, :t]) for t in range(1, 13)]
        torch.testing.assert_close(
            torch.stack(steps, dim=1), model(tokens), rtol=0, atol=1e-5
        )


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"n_key_head": 3}, "n_key_head 3"),
        ({"hidden": 0}, "hidden is 0"),
        ({"epsilon": 0.0}, "epsilon is 0"),
        ({"rotary_base": 1.0}, "base is 1"),
        ({"n_embed": 12}, "3 channels"),
        ({"n_layer": 0}, "n_layer is 0"),
    ],
)
def test_a_shape_that_cannot_be_built_is_refused(change, named):
    """Before anything is built."""
    with pytest.raises(ValueError, match=named):
        LlamaConfig(**SHAPE | change)
