"""The recorded runs of the ladder in a page, beside PyTorch's.

scripts/records/page_ladder.py takes the losses and the times, on a quiet
machine; a test on a busy one would measure something else.
"""

import json
from pathlib import Path

import pytest

from tutorgpt.config import CHAPTER
from tutorgpt.ladder import LADDER
from tutorgpt.text.floors import measure_floors
from tutorgpt.text.split import Corpus
from tutorgpt.view.ladder.texts import plays

ROOT = Path(__file__).resolve().parents[2]
RECORD = json.loads(
    (ROOT / "results" / "page_ladder.json").read_text(encoding="utf-8")
)
RUNGS = {rung["model"]: rung for rung in RECORD["rungs"]}
LOSSES = {name: rung["page"]["val_loss"] for name, rung in RUNGS.items()}
SECONDS = {name: rung["page"]["seconds"] for name, rung in RUNGS.items()}


def test_the_record_is_of_the_pages_own_budget_and_text() -> None:
    """All six, the chapters' steps, and the floors of the page's plays."""
    floors = measure_floors(Corpus.from_text("plays", plays().text))

    assert list(RUNGS) == [kind.__name__ for kind in LADDER]
    assert RECORD["steps"] == CHAPTER.max_steps
    assert RECORD["characters"] == plays().length
    assert RECORD["floors"]["bigram"] == pytest.approx(floors.bigram)
    assert all(rung["simd"] for rung in RUNGS.values())


def test_the_bigram_model_ends_beside_the_floor_of_pairs() -> None:
    """Within 0.02 of what counting pairs reaches."""
    assert abs(LOSSES["BigramModel"] - RECORD["floors"]["bigram"]) <= 0.02


def test_every_rung_is_better_than_the_one_before() -> None:
    """GPT is chapter 5's model computed otherwise: the same, to a seed."""
    *ladder, last = LOSSES.values()

    assert ladder == sorted(ladder, reverse=True)
    assert last <= ladder[-1] + 0.02


def test_every_rung_ends_where_pytorch_does() -> None:
    """Other random numbers, within 0.03."""
    apart = {
        name: rung["page"]["val_loss"] - rung["torch"]["val_loss"]
        for name, rung in RUNGS.items()
    }

    assert max(map(abs, apart.values())) <= 0.03, apart


def test_the_ladder_is_recorded_as_fast() -> None:
    """Three minutes for all six, and 75 seconds for the GPT."""
    assert SECONDS["GPT"] <= 75
    assert sum(SECONDS.values()) <= 180
    assert RECORD["seconds"] == pytest.approx(sum(SECONDS.values()))


def test_the_page_is_recorded_as_light_and_quick_to_answer() -> None:
    """Within 50 ms while it trains, and in less than 300 MB."""
    pages = [rung["page"] for rung in RUNGS.values()]

    assert max(page["longest_ms"] for page in pages) <= 50
    assert max(page["megabytes"] for page in pages) < 300


def test_what_is_written_of_speed_is_what_was_measured() -> None:
    """The medians of benchmarks/page.py, in its README and on a page."""
    told = (ROOT / "benchmarks" / "README.md").read_text("utf-8")
    page = (ROOT / "book" / "playground.md").read_text("utf-8")
    record = json.loads(
        (ROOT / "benchmarks" / "results" / "page.json").read_text("utf-8")
    )
    medians = record["training"]["medians"]
    larger = [each["medians"] for each in record["exported"].values()]
    laptop, million = larger

    for name, rates in medians.items():
        numbers = [f"{rates[way]:.0f}" for way in ("simd", "plain", "torch")]
        assert f"| `{name}` | {' | '.join(numbers)} |" in told
    assert f"writes {laptop['simd']:.0f} characters a second" in page
    assert f"million parameters {million['simd']:.0f}, and" in page
    assert f"{laptop['plain']:.0f} and {million['plain']:.0f} where" in page
    rate = record["training"]["tensorflow_js"]["steps_per_second"]
    assert f"makes {rate} steps a second" in told
    assert rate < medians["GPT"]["simd"]
