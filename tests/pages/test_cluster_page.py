"""The page "from laptop to cluster": its table is arithmetic, done again."""

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
    for line in PAGE.splitlines()
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
    """Measured is the record's, computed is computed again."""
    speed = [number(row[1]) for row in ROWS]
    record = json.loads(
        (ROOT / "benchmarks" / "results" / "speed.json").read_text()
    )
    ours = record["shapes"]["large"]["contenders"]["tutorgpt fp32"]

    assert speed[0] == pytest.approx(ours["tokens_per_cpu_second"], rel=0.01)
    assert speed[2] == pytest.approx(989e12 / 5 / FLOPS, rel=0.01)
    assert speed[3] == 8 * speed[1] * 0.8
    assert speed[4] == pytest.approx(compiled_speed(), rel=0.01)
    assert 7.5 < speed[2] / speed[4] < 9  # "an eighth of the third row"


def compiled_speed() -> float:
    """Tokens a second of the recorded run that was alone on its GPU."""
    path = ROOT / "results" / "large_songci.json"
    runs = json.loads(path.read_text("utf-8"))["runs"]
    run = next(run for run in runs if run["training"]["compile"])
    return run["losses"][-1]["tokens"] / run["minutes"] / 60
