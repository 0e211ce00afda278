"""Adapters: they begin as nothing, train alone, and can be merged."""

from collections.abc import Callable

import pytest
import torch
from torch import nn

from tutorgpt import (
    GPT,
    LADDER,
    LanguageModel,
    ModelConfig,
    ResidualNormModel,
    TrainConfig,
    count_parameters,
    generate,
    train,
)
from tutorgpt.modern import ModernGPT
from tutorgpt.modern.parts import PartsGPT, PastReader
from tutorgpt.pretrained import GPT2, GPT2Config, adapt, merge, train_last
from tutorgpt.pretrained.adapters import Adapter
from tutorgpt.pretrained.gpt2 import GPT2Reader, is_as_built
from tutorgpt.text.split import Corpus
from tutorgpt.tokens import CharTokenizer
from tutorgpt.training.steps import training_steps

TEXT = "the cat sat on the mat and the dog sat on the log. " * 12
TOKENIZER = CharTokenizer.from_text(TEXT)
V = TOKENIZER.vocab_size
NUMBERS = torch.tensor(TOKENIZER.encode(TEXT))
CORPUS = Corpus("cats", TEXT, TOKENIZER, NUMBERS[:500], NUMBERS[500:])
SHAPE = {"vocab_size": V, "block_size": 8, "n_embed": 12, "n_head": 3}
TOKENS = torch.arange(24).view(3, 8) % V
LONG_TOKENS = NUMBERS[:2].repeat(3, 1)

MODELS: dict[str, Callable[[], LanguageModel]] = {
    "GPT": lambda: GPT(ModelConfig(**SHAPE, n_layer=3)),
    "GPT2": lambda: GPT2(GPT2Config(**SHAPE, n_layer=3)),
    "ModernGPT": lambda: ModernGPT(ModelConfig(**SHAPE, n_layer=3)),
    "chapter 5": lambda: ResidualNormModel(ModelConfig(**SHAPE, n_layer=3)),
}
every_model = pytest.mark.parametrize("name", MODELS)


def drawn(name: str) -> LanguageModel:
    """A model, the same for every call."""
    torch.manual_seed(3)
    return MODELS[name]().eval()


def weights_of(model: nn.Module) -> dict[str, torch.Tensor]:
    """A copy of all that a model holds."""
    return {name: w.clone() for name, w in model.state_dict().items()}


def trained(model: LanguageModel, **changes) -> None:
    """A few steps, with all that may touch weights turned on."""
    settings = {"max_steps": 5, "batch_size": 4, "learning_rate": 0.05}
    settings |= {"weight_decay": 0.5, "max_gradient_norm": 1.0} | changes
    for _ in training_steps(model, CORPUS, TrainConfig(**settings)):
        pass
    model.eval()


@torch.no_grad()
@every_model
def test_the_beginning_is_the_model_to_the_bit(name: str) -> None:
    """B is 0, whatever A is."""
    model = drawn(name)
    before = model(TOKENS)
    adapt(model, rank=2, scale=3.0)

    assert torch.equal(model(TOKENS), before)
    assert any(isinstance(part, Adapter) for part in model.modules())


RECIPES = {
    "adamw": {},
    "adamw in groups": {"decay_vectors": False, "table_decay": 0.3},
    "muon": {"optimizer": "muon"},
    "in parts": {"accumulation": 2, "warmup_steps": 2, "final_share": 0.1},
}


@pytest.mark.parametrize("recipe", RECIPES)
@every_model
def test_what_is_frozen_stays_to_the_bit(name: str, recipe: str) -> None:
    """No optimizer, no weight decay and no shortening moves it."""
    model = drawn(name)
    adapt(model, rank=2)
    before = weights_of(model)
    trained(model, **RECIPES[recipe])
    after = model.state_dict()
    moved = {n for n in before if not torch.equal(before[n], after[n])}

    assert moved == {n for n in before if n.endswith((".A", ".B"))}
    assert all(
        weights.grad is None
        for weights in model.parameters()
        if not weights.requires_grad
    )


@pytest.mark.parametrize("recipe", RECIPES)
@every_model
def test_the_last_blocks_train_alone(name: str, recipe: str) -> None:
    """The first one, the tables and the last norm stay to the bit."""
    model = drawn(name)
    train_last(model, 2)
    before = weights_of(model)
    trained(model, **RECIPES[recipe])
    after = model.state_dict()
    moved = {n for n in before if not torch.equal(before[n], after[n])}

    assert moved == {
        n for n in before if n.startswith(("blocks.1", "blocks.2"))
    }


def test_a_large_vocabulary_is_trained_by_the_same_steps() -> None:
    """There the output layer is computed in chunks, with a frozen matrix."""
    from tutorgpt.training.engine.step_loss import CHUNKS_FROM

    shape = SHAPE | {"vocab_size": CHUNKS_FROM}
    torch.manual_seed(0)
    model = GPT(ModelConfig(**shape, n_layer=1))
    text = "".join(chr(0x4E00 + n) for n in range(CHUNKS_FROM))
    tokens = torch.arange(CHUNKS_FROM)
    corpus = Corpus(
        "all", text, CharTokenizer.from_text(text), tokens[:900], tokens[900:]
    )
    adapt(model, rank=2)
    before = weights_of(model)
    config = TrainConfig(max_steps=2, batch_size=4)
    for _ in training_steps(model, corpus, config):
        pass
    after = model.state_dict()

    assert {n for n in before if not torch.equal(before[n], after[n])} == {
        n for n in before if n.endswith((".A", ".B"))
    }


@pytest.mark.parametrize("scale", [0.5, 2.0])
@every_model
def test_merged_it_is_the_same_model(name: str, scale: float) -> None:
    """The same logits, the parts that it was built with, all to train."""
    model, fresh = drawn(name), drawn(name)
    adapt(model, rank=3, scale=scale)
    trained(model)
    with torch.no_grad():
        before = model(TOKENS)
        start = fresh(TOKENS)
        merge(model)
        after = model(TOKENS)

    torch.testing.assert_close(after, before, rtol=1e-5, atol=1e-5)
    assert (before - start).abs().max() > 0.05
    assert list(weights_of(model)) == list(weights_of(fresh))
    assert [type(m) for m in model.modules()] == [
        type(m) for m in fresh.modules()
    ]
    assert all(w.requires_grad for w in model.parameters())


def test_a_bias_is_kept() -> None:
    """It is the Linear's, adapted and merged."""
    linear = nn.Linear(4, 3)
    model = nn.ModuleDict({"gate": linear})
    adapt(model, rank=1)
    with torch.no_grad():
        model["gate"].B.fill_(2.0)
        x = torch.randn(5, 4)
        before = model["gate"](x)
        merge(model)

    assert model["gate"] is linear
    torch.testing.assert_close(linear(x), before)


def test_one_adapter_by_hand() -> None:
    """W x + b + scale · B (A x), with numbers of whole size."""
    linear = nn.Linear(2, 3)
    adapter = Adapter(linear, rank=1, scale=10.0)
    with torch.no_grad():
        linear.weight.copy_(torch.tensor([[1.0, 0], [0, 1], [1, 1]]))
        linear.bias.copy_(torch.tensor([0.0, 0, 5]))
        adapter.A.copy_(torch.tensor([[1.0, 2]]))
        adapter.B.copy_(torch.tensor([[1.0], [0], [-1]]))
        x = torch.tensor([3.0, 4])

        # A x is 3 + 2 · 4 = 11, ten times that is added or taken away.
        assert adapter(x).tolist() == [3 + 110, 4, 3 + 4 + 5 - 110]
        assert adapter.weight.tolist() == [[11, 20], [0, 1], [-9, -19]]


def test_it_is_counted() -> None:
    """(in + out) · rank for each Linear, and nothing else."""
    model = MODELS["GPT2"]()
    adapt(model, rank=2)
    C = 12
    a_layer = 2 * ((C + 3 * C) + (C + 4 * C) + (4 * C + C))

    assert count_parameters(model) == 3 * a_layer
    merge(model)
    assert count_parameters(model) == count_parameters(MODELS["GPT2"]())
    train_last(model, 1)
    norms, attention = 4 * C, (C + 1) * 3 * C + (C + 1) * C
    feed_forward = (C + 1) * 4 * C + (4 * C + 1) * C
    assert count_parameters(model) == norms + attention + feed_forward


@pytest.mark.parametrize("model_class", LADDER[1:])
def test_every_rung_with_a_linear_can_be_adapted(model_class) -> None:
    """Queries and values, one by one in the early chapters."""
    model = model_class(ModelConfig(**SHAPE, n_layer=1))
    adapt(model, rank=1)
    names = {
        name.rpartition(".")[2]
        for name, part in model.named_modules()
        if isinstance(part, Adapter)
    }

    assert names <= {"query", "value", "qkv", "expand", "contract"}
    assert names & {"query", "qkv"}


def test_other_names_can_be_chosen() -> None:
    """By their last part, and only Linears."""
    model = MODELS["GPT"]()
    adapt(model, rank=1, names=["proj", "norm_1"])
    adapted = [n for n, m in model.named_modules() if isinstance(m, Adapter)]

    assert adapted == [f"blocks.{n}.multi_head.proj" for n in range(3)]


@pytest.mark.parametrize("name", ["GPT2", "ModernGPT"])
def test_an_adapted_model_still_reads_each_token_once(name: str) -> None:
    """And the adapters are heard."""
    model = drawn(name)
    adapt(model, rank=2)
    trained(model)
    read = model.reader(3)
    text = generate(model, LONG_TOKENS, 9, greedy=True)
    with torch.no_grad():
        plain = model(text[:, -8:])[:, -1]
        scores = read(text)

    assert isinstance(read, GPT2Reader | PastReader)
    torch.testing.assert_close(scores, plain, rtol=1e-4, atol=1e-5)
    if isinstance(model, PartsGPT | GPT2):
        merge(model)
        torch.testing.assert_close(
            generate(model, LONG_TOKENS, 9, greedy=True), text
        )


def test_after_merging_it_is_as_built() -> None:
    """It can be written, read and cached as before."""
    model = drawn("GPT2")
    adapt(model, rank=1)
    merge(model)

    assert isinstance(model, GPT2)
    assert is_as_built(model)


def test_train_serves_as_well() -> None:
    """With its measurements, and the loss falls."""
    model = drawn("GPT")
    adapt(model, rank=4)
    config = TrainConfig(max_steps=60, batch_size=8, eval_interval=60)
    history = train(model, CORPUS, config)

    assert history.records[-1].val_loss < history.records[0].val_loss - 0.1


# ------------------------------------------------------------- bad input


@every_model
def test_a_rank_larger_than_a_matrix_is_refused(name: str) -> None:
    """With the matrix and the most; nothing is changed or frozen."""
    model = drawn(name)
    parts = [type(part) for part in model.modules()]

    with pytest.raises(ValueError, match=r"rank 13 is more than .*at most"):
        adapt(model, rank=13)
    assert [type(part) for part in model.modules()] == parts
    assert all(w.requires_grad for w in model.parameters())


def test_the_second_matrix_may_be_the_one_that_is_too_small() -> None:
    """Then the first one is left alone too."""
    model = nn.ModuleDict({"gate": nn.Linear(9, 9), "expand": nn.Linear(9, 2)})

    with pytest.raises(ValueError, match=r"rank 3 is more .* 2 by 9 .*mos"):
        adapt(model, rank=3)
    assert type(model["gate"]) is nn.Linear


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"rank": 0}, "rank is 0: choose a whole number, 1 or more"),
        ({"rank": -1}, "rank is -1: choose"),
        ({"scale": 0.0}, "scale is 0.0: choose a number above 0"),
        ({"scale": float("nan")}, "scale is nan: choose"),
        ({"names": ["qvk"]}, "GPT has no Linear that is called qvk: name oth"),
        ({"names": []}, "GPT has no Linear"),
        ({"names": ["multi_head"]}, "called multi_head"),
    ],
)
def test_settings_that_do_nothing_are_refused(settings, why) -> None:
    """In a sentence, and the model is left alone."""
    model = drawn("GPT")

    with pytest.raises(ValueError, match=why):
        adapt(model, **settings)
    assert count_parameters(model) == count_parameters(drawn("GPT"))


@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_a_model_that_is_all_frozen_cannot_be_trained(optimizer: str) -> None:
    """It is said before the first step."""
    model = drawn("GPT").requires_grad_(False)
    config = TrainConfig(max_steps=1, optimizer=optimizer)

    with pytest.raises(ValueError, match="all weights of this GPT are froz"):
        next(training_steps(model, CORPUS, config))


def test_what_is_adapted_is_merged_first() -> None:
    """There is no Linear of that name left."""
    model = drawn("GPT")
    adapt(model)

    with pytest.raises(ValueError, match="or merge the adapters that it has"):
        adapt(model)


def test_there_must_be_something_to_merge() -> None:
    """A model without adapters is named."""
    with pytest.raises(ValueError, match="this GPT has no adapters to merge"):
        merge(drawn("GPT"))


@pytest.mark.parametrize("n_blocks", [0, -1, 4])
def test_as_many_blocks_as_there_are(n_blocks: int) -> None:
    """Between one and all."""
    with pytest.raises(ValueError, match=f"n_blocks is {n_blocks}.*1 to 3"):
        train_last(drawn("GPT"), n_blocks)


def test_a_model_without_blocks_has_no_last_ones() -> None:
    """The rungs up to chapter 4."""
    model = LADDER[3](ModelConfig(**SHAPE, n_layer=1))

    with pytest.raises(ValueError, match="FeedForwardModel has no blocks"):
        train_last(model, 1)
