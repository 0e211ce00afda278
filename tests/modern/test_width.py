"""One rate for all widths: who takes which, and that it does what it is for.

The ten steps are those of the record, on letters that are drawn, some more
often than others: all models learn the same of them in ten steps.
"""

import random
from dataclasses import replace

import pytest
import torch
from torch import nn

from scripts.records.widths import KINDS, moved
from tutorgpt import GPT, ModelConfig
from tutorgpt.modern import Experts, ModernGPT, TiedOutput
from tutorgpt.modern.width import shrink_output, width_groups
from tutorgpt.text.corpus import Corpus

LETTERS = "abcdefghijklmnopqrst"
CORPUS = Corpus.from_text(
    "drawn",
    "".join(
        random.Random(0).choices(
            LETTERS, [2 ** (-n / 2) for n in range(len(LETTERS))], k=20_000
        )
    ),
)
SHAPE = ModelConfig(
    vocab_size=20, block_size=8, n_embed=64, n_head=8, n_layer=2
)
LEARNING = [kind for kind in KINDS if kind != "embedding"]
"""What reads C channels; a row that is looked up reads none."""


@pytest.mark.parametrize("kind", [GPT, ModernGPT])
def test_groups_hold_every_parameter_once(kind):
    """None is left out, none is stepped twice."""
    model = kind(SHAPE)
    groups = width_groups(model, 0.1, 16)
    held = [id(p) for group in groups for p in group["params"]]

    assert len(held) == len(set(held))
    assert set(held) == {id(p) for p in model.parameters()}


def test_rates_by_hand():
    """Four times as wide as the base: a quarter, for matrices alone."""
    model = GPT(SHAPE)
    names = {id(p): name for name, p in model.named_parameters()}
    rates = {
        names[id(p)]: group["lr"]
        for group in width_groups(model, 0.1, 16)
        for p in group["params"]
    }
    slow = {name for name, rate in rates.items() if rate == 0.025}

    assert set(rates.values()) == {0.1, 0.025}
    assert slow == {"lm_head.weight"} | {
        f"blocks.{n}.{part}.weight"
        for n in range(2)
        for part in (
            "multi_head.qkv",
            "multi_head.proj",
            "feed_forward.expand",
            "feed_forward.contract",
        )
    }


def test_the_outputs_first_weights_by_hand():
    """Four times as wide: half of each weight, and the biases as they were."""
    model, plain = GPT(SHAPE), GPT(SHAPE)
    model.load_state_dict(plain.state_dict())
    shrink_output(model, 16)
    changed = {
        name
        for name, weight in model.state_dict().items()
        if not torch.equal(weight, plain.state_dict()[name])
    }

    assert changed == {"lm_head.weight"}
    assert torch.equal(2 * model.lm_head.weight, plain.lm_head.weight)
    assert model.lm_head.weight.requires_grad


def test_at_the_base_nothing_is_changed():
    """One rate, and the first weights of the plain way."""
    model = GPT(SHAPE)
    before = model.lm_head.weight.detach().clone()
    shrink_output(model, 64)

    assert {group["lr"] for group in width_groups(model, 0.1, 64)} == {0.1}
    assert torch.equal(model.lm_head.weight, before)


@pytest.mark.parametrize(
    ("learning_rate", "base", "words"),
    [(0.0, 16, "learning_rate is 0.0"), (0.1, 0, "base is 0")],
)
def test_numbers_that_make_no_sense_are_refused(learning_rate, base, words):
    """With the number, and a remedy."""
    with pytest.raises(ValueError, match=words):
        width_groups(GPT(SHAPE), learning_rate, base)


def tied() -> GPT:
    model = GPT(SHAPE)
    model.lm_head = TiedOutput(model.embedding.token)
    return model


def with_experts() -> GPT:
    model = GPT(replace(SHAPE, n_layer=1))
    model.blocks[0].feed_forward = Experts(64, 32, 4, 1)
    return model


@pytest.mark.parametrize(
    ("build", "name"), [(tied, "TiedOutput"), (with_experts, "Experts")]
)
def test_parts_that_need_another_rule_are_refused(build, name):
    """One table cannot take two rates; a router is an output, too."""
    with pytest.raises(ValueError, match=name):
        width_groups(build(), 0.1, 16)
    with pytest.raises(ValueError, match=name):
        shrink_output(build(), 16)


def grown(way: str) -> dict[str, float]:
    """How many times as far ten steps move what is four times as wide."""
    narrow, wide = (
        [moved(CORPUS, width, way, seed) for seed in (1, 2)]
        for width in (32, 128)
    )
    return {
        kind: sum(m[kind] for m in wide) / sum(m[kind] for m in narrow)
        for kind in KINDS
    }


def test_ten_steps_move_all_widths_alike():
    """With one rate the change grows nearly as the width does."""
    plain, by_width = grown("plain"), grown("by width")

    assert all(plain[kind] > 2.5 for kind in LEARNING), plain
    for kind, times in by_width.items():
        assert 0.6 < times < 1.4, (kind, times)


def test_the_groups_go_into_adam():
    """As they are; a step then moves each weight by its group's rate."""
    model = GPT(SHAPE)
    optimizer = torch.optim.Adam(width_groups(model, 0.01, 16))
    table, matrix = model.embedding.position.weight, model.lm_head.weight
    before = table.detach().clone(), matrix.detach().clone()
    scores = model(torch.arange(8)[None])
    nn.functional.cross_entropy(scores[0], torch.arange(8)).backward()
    optimizer.step()
    steps = [
        (now - then).abs().median().item()
        for now, then in zip((table, matrix), before, strict=True)
    ]

    assert steps == pytest.approx([0.01, 0.0025], rel=1e-3)
