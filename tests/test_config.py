"""The numbers that describe a model: what they allow, and what they cost."""

import importlib.util
from dataclasses import FrozenInstanceError, asdict
from types import ModuleType

import pytest
import torch
from torch import nn

import tutorgpt.config
from tutorgpt import (
    GPT,
    LADDER,
    LAPTOP,
    LARGE,
    SMALL,
    ModelConfig,
    MultiHead,
    ResidualNormModel,
    TrainConfig,
    count_parameters,
)
from tutorgpt.config import CHAPTER, Preset
from tutorgpt.scaling import FusedMultiHead, count_operations

SHAPE = {
    "vocab_size": 65,
    "block_size": 8,
    "n_embed": 32,
    "n_head": 4,
    "n_layer": 3,
}
PRESETS = (SMALL, LAPTOP, LARGE, CHAPTER)


@pytest.fixture(scope="module")
def plain() -> ModuleType:
    """config as a reader has it: without the type checks of the tests."""
    spec = importlib.util.spec_from_file_location(
        "plain_config", tutorgpt.config.__file__
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def parameters_on_paper(config: ModelConfig) -> int:
    """What a GPT learns, added up from the sizes of its matrices."""
    V, T, C = config.vocab_size, config.block_size, config.n_embed
    norm = C + C
    attention = 3 * C * C + (C * C + C)
    feed_forward = (C * 4 * C + 4 * C) + (4 * C * C + C)
    block = norm + attention + norm + feed_forward
    return V * C + T * C + config.n_layer * block + norm + (C * V + V)


@pytest.mark.parametrize(
    ("preset", "vocab_size", "expected"),
    [
        (SMALL, 6148, 437_764),
        (LARGE, 6148, 15_466_756),
        (SMALL, 65, 42_369),
        (LARGE, 65, 10_788_929),
    ],
)
def test_the_promised_parameter_counts(preset, vocab_size, expected):
    """SMALL and LARGE have the counts that the source text states."""
    config = preset.model(vocab_size=vocab_size)

    assert count_parameters(GPT(config)) == expected
    assert parameters_on_paper(config) == expected


@pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.name)
def test_chapters_5_and_6_have_the_count_on_paper(preset):
    """The fused GPT learns as many numbers as chapter 5's model."""
    config = preset.model(vocab_size=69)
    expected = parameters_on_paper(config)

    assert count_parameters(GPT(config)) == expected
    assert count_parameters(ResidualNormModel(config)) == expected


def test_each_rung_adds_what_its_idea_costs():
    """The difference between two rungs is the new layers, and only those."""
    config = ModelConfig(**SHAPE)
    V, T, C = config.vocab_size, config.block_size, config.n_embed
    counts = [count_parameters(rung(config)) for rung in LADDER]

    assert counts[0] == V * C + C * V + V
    assert counts[1] - counts[0] == T * C + 3 * C * C
    assert counts[2] - counts[1] == C * C + C
    assert counts[3] - counts[2] == 8 * C * C + 5 * C
    assert counts[4] == counts[5] == parameters_on_paper(config)


@pytest.mark.parametrize("name", SHAPE)
@pytest.mark.parametrize("value", [0, -3])
def test_a_size_below_one_is_refused(name, value):
    """Every size must be at least 1; the message holds name and value."""
    with pytest.raises(ValueError, match=rf"{name} is {value}: .*1 or more"):
        ModelConfig(**{**SHAPE, name: value})


@pytest.mark.parametrize("name", SHAPE)
@pytest.mark.parametrize("value", [2.0, "8", True, None])
def test_a_size_that_is_no_whole_number_is_refused(plain, name, value):
    """A size of another type is a TypeError that shows it."""
    with pytest.raises(TypeError, match=rf"{name} must be .*{value!r}"):
        plain.ModelConfig(**{**SHAPE, name: value})


@pytest.mark.parametrize(
    "build",
    [
        lambda: ModelConfig(**{**SHAPE, "n_head": 5}),
        lambda: MultiHead(32, 5, 8),
        lambda: FusedMultiHead(32, 5, 8, 0.0),
    ],
    ids=["ModelConfig", "MultiHead", "FusedMultiHead"],
)
def test_heads_that_do_not_share_evenly_are_refused(build):
    """n_embed 32 with 5 heads is refused with both numbers."""
    with pytest.raises(ValueError, match=r"n_embed 32 .*n_head 5 .*multiple"):
        build()


@pytest.mark.parametrize("dropout", [-0.1, 1, 1.5, float("nan")])
def test_dropout_outside_its_range_is_refused(dropout):
    """dropout is a share in [0, 1); 1 would switch everything off."""
    with pytest.raises(ValueError, match=rf"dropout is {dropout}: .*below 1"):
        ModelConfig(**SHAPE, dropout=dropout)
    with pytest.raises(ValueError, match=rf"dropout is {dropout}: .*below 1"):
        FusedMultiHead(32, 4, 8, dropout)


@pytest.mark.parametrize("dropout", [0, 0.0, 0.999])
def test_dropout_at_the_ends_of_its_range_is_taken(dropout):
    """0 is off, and anything below 1 is allowed."""
    assert ModelConfig(**SHAPE, dropout=dropout).dropout == dropout


@pytest.mark.parametrize("name", ["max_steps", "batch_size", "eval_interval"])
@pytest.mark.parametrize("value", [0, -1])
def test_training_for_nothing_is_refused(name, value):
    """No steps, no batch or no interval is refused with name and value."""
    with pytest.raises(ValueError, match=rf"{name} is {value}: .*1 or more"):
        TrainConfig(**{name: value})


@pytest.mark.parametrize("name", ["max_steps", "batch_size", "seed"])
def test_a_fraction_of_a_step_is_refused(plain, name):
    """Counts in TrainConfig are whole numbers too."""
    with pytest.raises(TypeError, match=rf"{name} must be .*0\.5"):
        plain.TrainConfig(**{name: 0.5})


def test_a_negative_seed_is_refused():
    """A seed is 0 or more."""
    with pytest.raises(ValueError, match=r"seed is -1: .*0 or more"):
        TrainConfig(seed=-1)


@pytest.mark.parametrize("rate", [0, -1e-3, float("inf"), float("nan")])
def test_a_learning_rate_that_cannot_learn_is_refused(rate):
    """The learning rate is above 0 and finite."""
    with pytest.raises(ValueError, match=rf"learning_rate is {rate}: "):
        TrainConfig(learning_rate=rate)


def test_a_config_cannot_be_changed():
    """Configs are frozen: a model's shape cannot change under it."""
    with pytest.raises(FrozenInstanceError):
        ModelConfig(**SHAPE).n_embed = 64
    with pytest.raises(FrozenInstanceError):
        TrainConfig().max_steps = 1
    with pytest.raises(FrozenInstanceError):
        SMALL.n_embed = 64


def test_a_config_goes_by_keyword_only():
    """Five bare numbers in a row would be five chances to swap two."""
    with pytest.raises(TypeError, match="positional"):
        ModelConfig(65, 8, 32, 4, 3)
    with pytest.raises(TypeError, match="positional"):
        TrainConfig(100)


def test_equal_configs_are_equal():
    """Configs compare and hash by value."""
    assert ModelConfig(**SHAPE) == ModelConfig(**SHAPE)
    assert hash(ModelConfig(**SHAPE)) == hash(ModelConfig(**SHAPE))
    assert ModelConfig(**SHAPE) != ModelConfig(**{**SHAPE, "n_layer": 2})


def test_head_size_is_the_share_of_one_head():
    """D = C / H."""
    assert ModelConfig(**SHAPE).head_size == 8


@pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.name)
def test_a_preset_gives_its_shape(preset):
    """Preset.model is the preset's shape for a vocabulary."""
    shape = asdict(preset.model(vocab_size=7))

    assert shape.pop("vocab_size") == 7
    assert shape == {name: getattr(preset, name) for name in shape}


@pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.name)
def test_a_preset_gives_its_training(preset):
    """Preset.training is the preset's budget."""
    training = preset.training()

    assert training.max_steps == preset.max_steps
    assert training.batch_size == preset.batch_size
    assert training.learning_rate == preset.learning_rate


def test_a_presets_training_changes_by_keyword():
    """One setting can be changed; the others stay and are checked."""
    changed = CHAPTER.training(max_steps=10)

    assert changed == TrainConfig(
        max_steps=10,
        batch_size=CHAPTER.batch_size,
        learning_rate=CHAPTER.learning_rate,
    )
    with pytest.raises(ValueError, match="max_steps is 0"):
        CHAPTER.training(max_steps=0)


def test_a_preset_needs_a_vocabulary():
    """The vocabulary comes from a text, so a preset cannot know it."""
    with pytest.raises(TypeError, match="vocab_size"):
        Preset.model(SMALL)


def test_a_shared_parameter_counts_once():
    """count_parameters counts numbers, not names; frozen ones it skips."""
    model = GPT(ModelConfig(**SHAPE))
    before = count_parameters(model)
    model.lm_head.weight = model.embedding.token.weight

    assert count_parameters(model) == before - 65 * 32
    model.embedding.position.weight.requires_grad = False
    assert count_parameters(model) == before - 65 * 32 - 8 * 32


class Doubled(nn.Module):
    """Adds what it has looked up to itself."""

    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(3, 2)

    def forward(self, tokens):
        x = self.table(tokens)
        return x + x


def test_operations_are_counted_once():
    """A look-up and a sum; where a gradient is put down is no operation."""
    tokens = torch.tensor([[0, 2, 1]])
    table = nn.Embedding(3, 2)

    assert count_operations(table, tokens) == 1
    assert count_operations(nn.Sequential(table, nn.ReLU()), tokens) == 2
    assert count_operations(Doubled(), tokens) == 2


def test_a_slip_in_the_layers_is_refused():
    """As a damaged file may hold one: nothing is built for ever."""
    with pytest.raises(ValueError, match="n_layer is 1180591620717411303424"):
        ModelConfig(**SHAPE | {"n_layer": 2**70})
