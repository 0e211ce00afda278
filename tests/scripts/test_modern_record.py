"""The record of today's parts compares what it says that it compares."""

import pytest
import torch

from scripts.records.modern import (
    BASELINE,
    VARIANTS,
    build,
    compare,
    holm,
    paired_p,
    train_one,
    within,
)
from tutorgpt import GPT
from tutorgpt.config import CHAPTER
from tutorgpt.text.corpus import Corpus

CORPUS = Corpus.from_text("abc", "abcdefg" * 60)
CHANGED_MODELS = [name for name, v in VARIANTS.items() if not v.training]


@pytest.mark.parametrize(
    ("t", "freedom", "share"),
    [
        (12.7062, 1, 0.95),
        (4.3027, 2, 0.95),
        (3.1824, 3, 0.95),
        (2.7764, 4, 0.95),
        (4.6041, 4, 0.99),
        (2.5706, 5, 0.95),
        (2.0423, 30, 0.95),
        (0.0, 4, 0.0),
    ],
)
def test_students_t_is_that_of_the_tables(t, freedom, share):
    """The columns that every table of it has."""
    assert within(t, freedom) == pytest.approx(share, abs=2e-5)


def test_a_paired_test_by_hand():
    """Differences 1 to 5: mean 3, deviation √2.5, t = 3 / √0.5."""
    assert paired_p([1.0, 2.0, 3.0, 4.0, 5.0]) == pytest.approx(
        1 - within(3 / 0.5**0.5, 4)
    )
    assert paired_p([-1.0, 1.0, -2.0, 2.0, 0.0]) == pytest.approx(1.0)
    assert paired_p([0.0] * 5) == 1.0


def test_holm_by_hand():
    """The smallest times four, the next times three, none falls below."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx(
        [0.03, 0.06, 0.06, 0.02]
    )
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([]) == []


def row(text: str, variant: str, *losses: float | None) -> dict:
    return {"text": text, "variant": variant, "losses": list(losses)}


def test_seeds_are_paired_with_the_baseline_of_their_text():
    """A loss that is 0.1 lower with every seed is sure, however they vary."""
    rows = [
        row("one", BASELINE, 1.0, 2.0, 3.0),
        row("one", "sure", 0.9, 1.9, 2.91),
        row("one", "exploded", 0.9, None, 2.9),
        row("two", BASELINE, 5.0, 5.0, 5.0),
        row("two", "unsure", 4.0, 6.0, 5.0),
    ]
    sure, unsure = compare(rows)

    assert (sure["variant"], unsure["variant"]) == ("sure", "unsure")
    assert sure["difference"] == pytest.approx(-0.09667)
    assert sure["p_holm"] == pytest.approx(2 * sure["p"])
    assert sure["p_holm"] < 0.01
    assert unsure["p_holm"] == pytest.approx(1)


@pytest.mark.parametrize("name", CHANGED_MODELS)
def test_a_variant_shares_the_first_weights_of_the_baseline(name):
    """What both have begins alike, but for a start of its own."""
    base, model = build(BASELINE, 7, 0), build(name, 7, 0)
    first, weights = base.state_dict(), model.state_dict()
    same = [
        n for n in weights if n in first and torch.equal(weights[n], first[n])
    ]
    tokens = torch.arange(7)[None]

    assert isinstance(model, GPT)
    assert (name == BASELINE) == torch.equal(model(tokens), base(tokens))
    if name != "GPT-2's start":
        assert f"blocks.{CHAPTER.n_layer - 1}.multi_head.qkv.weight" in same


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_trains(name):
    """A few steps, and the run says which one it was."""
    run = train_one(name, CORPUS, 3, 1e-2, 1)

    assert run["variant"] == name
    assert 0 < run["loss"] < 3
    if name != BASELINE:
        base = train_one(BASELINE, CORPUS, 3, 1e-2, 1)
        assert run["loss"] != base["loss"]
