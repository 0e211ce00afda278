"""The ladder's promise: every idea lowers the exact validation loss.

Two ways to check it. The record in results/ holds three seeds of every rung
with the chapters' budget; it must lie in the bands below, which the
chapters quote. And a cheap rendition is trained here and now, so that a
change to the code that spoils a rung turns red before anybody records
again.
"""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from torch import nn

from tutorgpt import (
    GPT,
    LADDER,
    Block,
    ResidualNormModel,
    count_parameters,
    load_corpus,
    train,
)
from tutorgpt.config import CHAPTER, ModelConfig
from tutorgpt.text.floors import measure_floors

RECORD = Path(__file__).parent.parent / "results" / "ladder_shakespeare.json"

BANDS = {
    "BigramModel": (2.48, 2.52),
    "SingleHeadModel": (2.38, 2.43),
    "MultiHeadModel": (2.22, 2.29),
    "FeedForwardModel": (2.10, 2.15),
    "ResidualNormModel": (1.94, 1.99),
    "GPT": (1.94, 1.99),
}
"""Nats per character; the three seeds of the record and 0.02 around them."""

NAMES = [rung.__name__ for rung in LADDER]
STEPS_UP = list(pairwise(NAMES[:-1]))
"""Each rung with the one above it; GPT is chapter 5's model once more."""


@pytest.fixture(scope="module")
def record() -> dict:
    """The recorded runs with the chapters' budget, three seeds a rung."""
    return json.loads(RECORD.read_text("utf-8"))


@pytest.fixture(scope="module")
def recorded(record) -> dict[str, list[float]]:
    """Each rung's validation losses, one a seed."""
    return {
        rung["model"]: [run["val_loss"] for run in rung["runs"]]
        for rung in record["rungs"]
    }


def test_the_record_was_made_with_the_chapters_budget(record):
    """The six rungs, three seeds, CHAPTER's shape and steps."""
    V = record["corpus"]["vocab_size"]
    sizes = [
        count_parameters(rung(CHAPTER.model(vocab_size=V))) for rung in LADDER
    ]

    assert [rung["model"] for rung in record["rungs"]] == NAMES
    assert [rung["parameters"] for rung in record["rungs"]] == sizes
    assert record["steps"] == CHAPTER.max_steps
    for rung in record["rungs"]:
        assert len({run["seed"] for run in rung["runs"]}) == 3


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_rung_lies_in_its_band(recorded, name):
    """All three seeds lie in the band that is stored here."""
    low, high = BANDS[name]

    assert all(low < loss < high for loss in recorded[name])


@pytest.mark.parametrize(("below", "above"), STEPS_UP)
def test_a_recorded_rung_beats_the_one_below(recorded, below, above):
    """The worst seed of a rung is better than the best of the one below."""
    assert max(recorded[above]) < min(recorded[below])


def test_the_recorded_gpt_is_chapter_5_again(recorded):
    """Without dropout GPT is the same model, so it wins and loses nothing.

    It starts from other random weights: the means of three seeds may differ
    by as much as the seeds of one model do.
    """
    five, six = recorded["ResidualNormModel"], recorded["GPT"]
    spread = max(max(five) - min(five), max(six) - min(six))

    assert abs(sum(five) - sum(six)) / 3 < spread


def test_the_recorded_rungs_stand_as_they_should_to_the_floors(
    record, recorded
):
    """The bigram stops just above the best that pair counts can do.

    All others go below it, and none above the unigram floor.
    """
    floors = record["floors"]
    bigram = recorded.pop("BigramModel")

    assert all(0 < loss - floors["bigram"] < 0.02 for loss in bigram)
    for losses in recorded.values():
        assert max(losses) < floors["bigram"]
    assert floors["bigram"] < floors["unigram"] < floors["uniform"]


# ------------------------------------------------- a rendition, trained now

QUICK = replace(CHAPTER, block_size=16, learning_rate=1e-2, max_steps=500)


class BlockWithoutResidual(Block):
    """Chapter 5's block with `x +` taken out, twice."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.multi_head(self.norm_1(x))
        return self.feed_forward(self.norm_2(x))


class WithoutResidual(ResidualNormModel):
    """Chapter 5's model whose blocks add nothing to their input."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        C, H, T = config.n_embed, config.n_head, config.block_size
        self.blocks = nn.Sequential(
            *(BlockWithoutResidual(C, H, T) for _ in range(config.n_layer))
        )


@pytest.fixture(scope="module")
def corpus():
    """Shakespeare with a validation split short enough to be read often."""
    whole = load_corpus("shakespeare")
    return replace(whole, val=whole.val[:50_001])


@pytest.fixture(scope="module")
def climbed(corpus) -> dict[str, float]:
    """The validation loss of every rung and of the one without residual."""
    config = QUICK.model(vocab_size=corpus.tokenizer.vocab_size)
    losses = {}
    for rung in (*LADDER, WithoutResidual):
        torch.manual_seed(0)
        history = train(rung(config), corpus, QUICK.training())
        losses[rung.__name__] = history.val_loss
    return losses


@pytest.mark.slow
@pytest.mark.parametrize(("below", "above"), STEPS_UP)
def test_each_idea_lowers_the_loss(climbed, below, above):
    """A rung trained now beats the one below by 0.01 nats or more.

    Over three seeds the four steps were at least 0.03, 0.10, 0.05, 0.05.
    """
    assert climbed[above] < climbed[below] - 0.01


@pytest.mark.slow
def test_gpt_is_no_worse_than_chapter_5(climbed):
    """The fused form learns as well; three seeds differed by 0.02 at most."""
    difference = climbed["GPT"] - climbed["ResidualNormModel"]

    assert abs(difference) < 0.06


@pytest.mark.slow
def test_depth_without_a_residual_path_learns_letter_frequencies(
    climbed, corpus
):
    """Three blocks without `x +` stop at the unigram floor.

    They end where counting single characters would, far above chapter 4's
    one layer: more computation without a path around it makes it worse.
    """
    unigram = measure_floors(corpus).unigram

    assert climbed["WithoutResidual"] == pytest.approx(unigram, abs=0.1)
    assert climbed["WithoutResidual"] > climbed["FeedForwardModel"] + 0.7
    assert climbed["WithoutResidual"] > climbed["ResidualNormModel"] + 0.8


def test_the_rendition_has_no_dropout():
    """Dropout is chapter 6's story; the ladder is climbed without it."""
    assert CHAPTER.dropout == 0
    assert LADDER[-1] is GPT
