"""The page "from laptop to cluster": its table is arithmetic, done again.

Its other table, of the presets on a processor, is test_growth.py's.
"""

import json
import re
from pathlib import Path

import pytest

from tutorgpt import LARGE
from tutorgpt.scaling import training_flops

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "book" / "cluster.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.partition("### On GPUs")[2].splitlines()
    if re.match(r"\| .+\| [\d,]+ \|", line)
]
TOKENS = LARGE.max_steps * LARGE.batch_size * LARGE.block_size
FLOPS = training_flops(LARGE.model(vocab_size=6148))
MINUTES = {"h": 60.0, "min": 1.0}
GPUS = {"eight of them": 8}


def number(text: str) -> float:
    return float(re.sub(r"[^\d.]", "", text))


def test_the_budget_is_the_presets():
    """Tokens, and operations for each of them, as the page says."""
    assert f"{TOKENS:,} tokens" in PAGE
    assert f"{FLOPS / 1e6:.1f} million" in PAGE


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:20])
def test_time_and_price_follow_from_the_speed(row):
    """Every row's time from its tokens per second, its price from that."""
    machine, speed, _, time, price = row
    amount, unit = time.split()
    minutes = float(amount) * MINUTES[unit]
    dollars = minutes / 60 * 3 * GPUS.get(machine, 1)

    assert TOKENS / number(speed) / 60 == pytest.approx(minutes, rel=0.02)
    if price != "–":
        assert number(price) == pytest.approx(dollars, rel=0.03, abs=0.006)


def test_the_speeds_are_what_they_say():
    """Computed is computed again."""
    speed = [number(row[1]) for row in ROWS]

    assert speed[1] == pytest.approx(989e12 / 5 / FLOPS, rel=0.01)
    assert speed[2] == 8 * speed[0] * 0.8
    assert speed[3] == pytest.approx(compiled_speed(), rel=0.01)
    assert 7.5 < speed[1] / speed[3] < 9  # "an eighth of the second row"


def compiled_speed() -> float:
    """Tokens a second of the recorded run that was alone on its GPU."""
    path = ROOT / "results" / "large_songci.json"
    runs = json.loads(path.read_text("utf-8"))["runs"]
    run = next(run for run in runs if run["training"]["compile"])
    return run["losses"][-1]["tokens"] / run["minutes"] / 60


def test_the_processor_is_the_records():
    """The page names the one that its costs were fitted on."""
    record = json.loads(
        (ROOT / "benchmarks" / "results" / "growth.json").read_text()
    )

    assert record["machine"]["processor"] in PAGE
