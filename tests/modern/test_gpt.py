"""The later block keeps the promises of the first one."""

import pytest
import torch

from scripts.earlier_modern import earlier_modern
from tutorgpt import (
    GPT,
    LARGE,
    CharTokenizer,
    ModelConfig,
    count_parameters,
    load_checkpoint,
    save_checkpoint,
)
from tutorgpt.config import CHAPTER
from tutorgpt.modern import ModernGPT, PartsGPT

SHAPE = ModelConfig(
    vocab_size=9, block_size=12, n_embed=16, n_head=2, n_layer=2
)


@pytest.fixture
def model() -> ModernGPT:
    torch.manual_seed(0)
    return ModernGPT(SHAPE).eval()


def test_the_past_does_not_see_the_future(model):
    """Changing token t leaves every score before t alone."""
    tokens = torch.randint(9, (1, 12))
    changed = tokens.clone()
    changed[0, 7] = (tokens[0, 7] + 1) % 9
    before, after = model(tokens), model(changed)

    torch.testing.assert_close(before[:, :7], after[:, :7])
    assert not torch.allclose(before[:, 7:], after[:, 7:])


def test_every_parameter_gets_a_gradient(model):
    """Nothing in the model is left out of its computation."""
    model(torch.randint(9, (2, 12))).sum().backward()

    assert all(p.grad is not None for p in model.parameters())


def test_too_long_a_sequence_is_refused(model):
    """Both numbers are named."""
    with pytest.raises(ValueError, match=r"13 tokens .* 12"):
        model(torch.zeros(1, 13, dtype=torch.int64))


def test_an_odd_head_is_refused():
    """Channels are turned in pairs."""
    shape = ModelConfig(
        vocab_size=9, block_size=4, n_embed=9, n_head=3, n_layer=1
    )
    with pytest.raises(ValueError, match="3 channels"):
        ModernGPT(shape)


BLOCK = {
    "norm_1.weight": (16,),
    "multi_head.qkv.weight": (48, 16),
    "multi_head.proj.weight": (16, 16),
    "norm_2.weight": (16,),
    "feed_forward.gate.weight": (43, 16),
    "feed_forward.expand.weight": (43, 16),
    "feed_forward.contract.weight": (16, 43),
}


def test_names_and_shapes_of_its_weights():
    """Checkpoints hold these; the blocks have no biases."""
    weights = {
        n: tuple(w.shape) for n, w in ModernGPT(SHAPE).state_dict().items()
    }
    blocks = {
        f"blocks.{layer}.{name}": shape
        for layer in range(2)
        for name, shape in BLOCK.items()
    }

    assert weights == {
        "token.weight": (9, 16),
        **blocks,
        "norm.weight": (16,),
        "lm_head.weight": (9, 16),
        "lm_head.bias": (9,),
    }


@torch.no_grad()
def test_scores_by_the_formulas():
    """The numbers were computed in 64 bits, without any of its parts."""
    model = ModernGPT(SHAPE).eval()
    for n, weight in enumerate(model.parameters()):
        count = torch.arange(weight.numel())
        weight.copy_(torch.sin(count * (n + 1) * 0.7 + n).view_as(weight))
    scores = model(torch.arange(9)[None])[0, -1, :4]
    written_down = torch.tensor([-1.861556, -3.920392, 1.854735, 0.110831])

    torch.testing.assert_close(scores, written_down, rtol=1e-4, atol=1e-4)


def test_it_is_stored_and_loaded(model, tmp_path):
    """A checkpoint names it by its kind and its config."""
    tokens = torch.randint(9, (1, 12))
    save_checkpoint(tmp_path, model, CharTokenizer.from_text("abcdefghi"))
    loaded, _ = load_checkpoint(tmp_path)

    assert type(loaded) is ModernGPT
    torch.testing.assert_close(loaded(tokens), model(tokens))


def test_it_is_about_as_large_as_a_gpt():
    """Three matrices of 8/3 C are two of 4 C; positions and biases go."""
    for preset in (CHAPTER, LARGE):
        config = preset.model(vocab_size=82)
        with torch.device("meta"):
            modern, gpt = ModernGPT(config), GPT(config)
        share = count_parameters(modern) / count_parameters(gpt)
        assert 0.9 < share < 1


def test_a_checkpoint_of_its_earlier_parts_is_refused(tmp_path):
    """Written by a ModernGPT with ReLU squared: what differs, what to do."""
    before = earlier_modern(SHAPE)
    before.__class__ = type("ModernGPT", (PartsGPT,), {})
    tokenizer = CharTokenizer.from_text("abcdefghi")
    save_checkpoint(tmp_path, before, tokenizer)

    with pytest.raises(
        ValueError,
        match=r"its ModernGPT is made of other parts than this tutorgpt's "
        r"\(it has no blocks\.0\.feed_forward\.gate\.weight\): train one "
        r"again with tutorgpt train --model ModernGPT, or use the tutorgpt "
        r"that wrote it$",
    ):
        load_checkpoint(tmp_path)


@torch.no_grad()
def test_double_and_half_precision_say_the_same(model):
    """All parts can be moved, and the tables of angles with them."""
    tokens = torch.randint(9, (1, 12))
    exact = model.double()(tokens)

    torch.testing.assert_close(
        model.float()(tokens).double(), exact, rtol=1e-4, atol=1e-5
    )
    assert model.bfloat16()(tokens).dtype == torch.bfloat16
    torch.testing.assert_close(
        model(tokens).double(), exact, rtol=0.1, atol=0.1
    )
