"""The record of today's parts compares what it says that it compares."""

import json
from dataclasses import replace
from functools import cache

import pytest
import torch

from scripts.records import modern
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
from tutorgpt.config import CHAPTER, LARGE
from tutorgpt.modern import ModernGPT
from tutorgpt.text.corpus import Corpus

CORPUS = Corpus.from_text("abc", "abcdefg" * 60)
CHANGED_MODELS = [
    name for name, v in VARIANTS.items() if not v.training and v.model is GPT
]


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


def test_the_sums_are_of_parts_and_recipes_that_stand_in_the_table():
    """ModernGPT as it is, and with the schedule and Muon of the rows."""
    alone, both = VARIANTS["ModernGPT"], VARIANTS["ModernGPT, both recipes"]

    assert type(build("ModernGPT", 7, 0)) is ModernGPT
    assert alone.model is both.model is ModernGPT
    assert alone.training == {}
    assert both.training == (
        VARIANTS["warm-up and cosine"].training | VARIANTS["Muon"].training
    )


@cache
def loss_of(name: str) -> float:
    return train_one(name, CORPUS, 3, 1e-2, 1)["loss"]


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_trains(name):
    """A few steps, which are not those of the baseline."""
    assert 0 < loss_of(name) < 3
    assert (loss_of(name) == loss_of(BASELINE)) == (name == BASELINE)


def test_a_record_goes_on_where_it_stopped(tmp_path, monkeypatch):
    """Run again, it trains what is missing, and says the same."""
    out, trained = tmp_path / "modern.json", []

    def train_and_tell(*asked):
        trained.append(asked[0])
        return train_one(*asked)

    monkeypatch.setattr(modern, "train_one", train_and_tell)
    monkeypatch.setattr(modern, "load_corpus", lambda _: CORPUS)
    monkeypatch.setattr(modern, "STEPS", {"abc": 2})
    monkeypatch.setattr(modern, "SEEDS", (1, 2, 3))
    monkeypatch.setattr(modern, "RATES", (1e-3, 1e-2))
    two = {name: VARIANTS[name] for name in (BASELINE, "RMSNorm")}
    monkeypatch.setattr(modern, "VARIANTS", two)
    monkeypatch.setattr(modern, "costs", list)
    monkeypatch.setattr("sys.argv", ["modern.py", "--out", str(out)])
    modern.main()
    whole = json.loads(out.read_text("utf-8"))
    assert len(trained) == len(whole["runs"]) == 2 * (2 + 3)
    assert [row["variant"] for row in whole["differences"]] == ["RMSNorm"]

    out.write_text(json.dumps(whole | {"runs": whole["runs"][:-1]}), "utf-8")
    modern.main()

    assert len(trained) == 2 * (2 + 3) + 1
    again = json.loads(out.read_text("utf-8"))
    assert again["rows"] == whole["rows"]
    assert again["differences"] == whole["differences"]


def test_what_is_kept_is_what_was_counted(monkeypatch):
    """For every kind; fewer heads and a window keep less."""
    small = replace(LARGE, n_embed=24, n_layer=1, block_size=128)
    monkeypatch.setattr(modern, "LARGE", small)
    rows = {row["kind"]: row for row in modern.costs()}

    assert all(r["kept_bytes"] == r["cache_bytes"] for r in rows.values())
    whole = rows["six key heads"]["cache_bytes"]
    assert rows["two key heads"]["cache_bytes"] * 3 == whole
    assert rows["a window of 64"]["cache_bytes"] * 2 == whole
