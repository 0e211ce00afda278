"""GPT-2 as a diff of chapter 6's GPT, and its reader."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from tutorgpt import GPT, ModelConfig, count_parameters, generate
from tutorgpt.language_model import LanguageModel
from tutorgpt.looking_inside import ablated, attention_weights, logit_lens
from tutorgpt.pretrained import GPT2, GPT2Config
from tutorgpt.pretrained.gpt2 import GPT2Reader

SHAPE = {"vocab_size": 11, "block_size": 8, "n_embed": 12, "n_head": 3}
CONFIG = GPT2Config(**SHAPE, n_layer=2)
TOKENS = torch.arange(24).view(3, 8) % 11


def awake(config: GPT2Config = CONFIG) -> GPT2:
    """A model whose biases and norms are no longer 0 and 1."""
    torch.manual_seed(1)
    model = GPT2(config)
    with torch.no_grad():
        for weights in model.parameters():
            weights.add_(torch.randn_like(weights) * 0.3)
    return model.eval()


def test_it_differs_from_the_gpt_in_what_is_said():
    """Biases come in, the output's own matrix and its bias go."""
    ours = {n: w.shape for n, w in GPT2(CONFIG).named_parameters()}
    theirs = {n: w.shape for n, w in GPT(CONFIG).named_parameters()}

    assert set(ours) - set(theirs) == {
        "blocks.0.multi_head.qkv.bias",
        "blocks.1.multi_head.qkv.bias",
    }
    assert set(theirs) - set(ours) == {"lm_head.weight", "lm_head.bias"}
    assert all(ours[n] == theirs[n] for n in set(ours) & set(theirs))


def test_its_smallest_published_shape_has_124_million_numbers():
    """As many as OpenAI's weights."""
    with torch.device("meta"):
        shape = {"vocab_size": 50257, "block_size": 1024, "n_embed": 768}
        model = GPT2(GPT2Config(**shape, n_head=12, n_layer=12))

    assert count_parameters(model) == 124_439_808


def test_it_begins_as_the_paper_says():
    """0.02, less on the residual path, and no bias."""
    torch.manual_seed(0)
    shape = {"vocab_size": 300, "block_size": 64, "n_embed": 96, "n_head": 2}
    weights = GPT2(GPT2Config(**shape, n_layer=8)).state_dict()
    spread = {name: w.std().item() for name, w in weights.items()}

    for name in ("multi_head.qkv", "feed_forward.expand"):
        assert spread[f"blocks.7.{name}.weight"] == pytest.approx(0.02, 0.03)
    for name in ("multi_head.proj", "feed_forward.contract"):
        assert spread[f"blocks.7.{name}.weight"] == pytest.approx(0.005, 0.03)
    for name in ("token", "position"):
        assert spread[f"embedding.{name}.weight"] == pytest.approx(0.02, 0.03)
    assert all(w.eq(0).all() for n, w in weights.items() if "bias" in n)
    assert weights["norm.weight"].eq(1).all()


@torch.no_grad()
def test_epsilon_is_that_of_every_norm():
    """And it changes the logits."""
    config = GPT2Config(**SHAPE, n_layer=2, epsilon=0.5)
    norms = [m for m in GPT2(config).modules() if isinstance(m, nn.LayerNorm)]

    assert [norm.eps for norm in norms] == [0.5] * 5
    assert not torch.allclose(awake(config)(TOKENS), awake()(TOKENS))


@pytest.mark.parametrize("epsilon", [0, -1.0, float("nan"), float("inf")])
def test_an_epsilon_that_is_none_is_refused(epsilon):
    """With a sentence."""
    with pytest.raises(ValueError, match=r"epsilon is .*: choose a number"):
        GPT2Config(**SHAPE, n_layer=2, epsilon=epsilon)


@torch.no_grad()
def test_one_feed_forward_layer_by_hand():
    """GELU in the form with tanh, not ReLU and not the exact form."""
    model, x = awake(), torch.linspace(-3, 3, 36).view(1, 3, 12)
    layer = model.blocks[0].feed_forward
    z = F.linear(x, layer.expand.weight, layer.expand.bias)
    inner = (2 / torch.pi) ** 0.5 * (z + 0.044715 * z**3)
    expected = layer.contract(0.5 * z * (1 + inner.tanh()))

    torch.testing.assert_close(layer(x), expected)


@torch.no_grad()
@pytest.mark.parametrize("window", ["exact", "half"])
def test_the_reader_scores_as_the_model_does(window):
    """Token by token, beyond the window, and after a step back.

    What was not written is never read: it may be no number.
    """
    model = awake()
    read, plain = (
        model.reader(3, window),
        LanguageModel.reader(model, 3, window),
    )
    text = generate(model, TOKENS[:, :2], 20)

    assert isinstance(read, GPT2Reader)
    for past in read.pasts:
        past.kept.fill_(torch.nan)
    for length in (*range(2, 22), 5, 6, 7, 3, 21, 22):
        torch.testing.assert_close(
            read(text[:, :length]), plain(text[:, :length])
        )


@torch.no_grad()
def test_the_reader_reads_each_token_once(monkeypatch):
    """Until the window moves."""
    model, seen = awake(), []
    model.embedding.token.register_forward_hook(
        lambda part, args, out: seen.append(args[0].shape[1])
    )
    generate(model, TOKENS[:, :3], 7)

    assert seen == [3, 1, 1, 1, 1, 1, 8]


@torch.no_grad()
@pytest.mark.parametrize(
    "name",
    [
        "",
        "dropout",
        "embedding",
        "embedding.position",
        "blocks",
        "blocks.1",
        "blocks.1.multi_head",
        "blocks.0.dropout",
    ],
)
def test_a_hook_that_the_reader_would_miss_is_not_missed(name):
    """Then the model reads the plain way."""
    model, before = awake(), awake()(TOKENS)
    model.get_submodule(name).register_forward_hook(
        lambda part, args, out: out * 0.5
    )
    read = model.reader(3)

    assert not isinstance(read, GPT2Reader)
    torch.testing.assert_close(read(TOKENS), model(TOKENS)[:, -1])
    assert not torch.allclose(before, model(TOKENS))


@torch.no_grad()
@pytest.mark.parametrize(
    "name",
    [
        "embedding.token",
        "blocks.1.multi_head.qkv",
        "blocks.0.multi_head.proj",
        "blocks.1.norm_1",
        "blocks.0.feed_forward",
        "blocks.0.feed_forward.relu",
        "norm",
        "lm_head",
    ],
)
def test_other_hooks_are_heard_by_the_reader(name):
    """It calls these parts itself."""
    model = awake()
    model.get_submodule(name).register_forward_hook(
        lambda part, args, out: out * 0.5
    )
    read = model.reader(3)

    assert isinstance(read, GPT2Reader)
    torch.testing.assert_close(read(TOKENS), model(TOKENS)[:, -1])


@torch.no_grad()
def test_a_subclass_with_its_own_forward_reads_the_plain_way():
    """The reader knows GPT2 alone."""

    class Doubled(GPT2):
        def forward(self, tokens):
            return 2 * super().forward(tokens)

    model = Doubled(CONFIG).eval()

    torch.testing.assert_close(model.reader(3)(TOKENS), model(TOKENS)[:, -1])


@torch.no_grad()
def test_chapter_7_looks_inside():
    """Maps, a lens and a head switched off, as of any GPT."""
    model = awake()
    maps = attention_weights(model, TOKENS)
    lens = logit_lens(model, TOKENS)
    with ablated(model, head=(0, 1)):
        without = generate(model, TOKENS, 1), model(TOKENS)

    assert maps.shape == (3, 2, 3, 8, 8)
    torch.testing.assert_close(maps.sum(-1), torch.ones(3, 2, 3, 8))
    torch.testing.assert_close(lens[-1], model(TOKENS))
    assert not torch.allclose(without[1], model(TOKENS))


def test_it_learns():
    """Every parameter gets a gradient, the tied one from both its uses."""
    model = GPT2(CONFIG)
    logits = model(TOKENS)
    F.cross_entropy(logits.flatten(0, 1), TOKENS.flatten()).backward()

    assert all(w.grad is not None for w in model.parameters())
    assert model.lm_head.weight is model.embedding.token.weight


def test_a_plain_config_is_no_gpt2s():
    """ModelConfig has no epsilon."""
    with pytest.raises((AttributeError, TypeError)):
        GPT2(ModelConfig(**SHAPE, n_layer=2))
