"""The claims page says what a verdict rests on, with the records' numbers."""

import re

import pytest
from book_tools import CLAIMS, ROOT
from prose_numbers import record

PAGE = (ROOT / "book/claims.md").read_text("utf-8")
ROWS = {
    int(cells[0]): cells
    for line in PAGE.splitlines()
    if line.startswith("| ") and line[2].isdigit()
    for cells in [[cell.strip() for cell in line.strip("| ").split(" | ")]]
}
GROUNDS = ("**No training", "**One seed", "**Three seeds")


def rungs(model: str) -> list[float]:
    """A rung's loss with each of its seeds."""
    rows = record("ladder_shakespeare")["rungs"]
    row = next(row for row in rows if row["model"] == model)
    return [run["val_loss"] for run in row["runs"]]


def tries(name: str) -> list[float]:
    """A loss of results/tries.json with each of its seeds."""
    row = next(row for row in record("tries")["tries"] if row["name"] == name)
    return [run["val_loss"] for run in row["runs"]]


def depth(wiring: str, rate: float, step: int) -> list[float]:
    """Three layers in results/depth.json, with each of the seeds."""
    return [
        run["losses"][str(step)] if "losses" in run else run["val_loss"]
        for run in record("depth")["runs"]
        if (run["wiring"], run["n_layer"], run["learning_rate"])
        == (wiring, 3, rate)
        and not run.get("warmup_steps")
    ]


def gaps(dropout: float, step: int) -> list[float]:
    """New minus seen text on the page of results/dropout.json."""
    return [
        at["new"] - at["seen"]
        for run in record("dropout")["page"]
        if run["dropout"] == dropout
        for at in run["losses"]
        if at["step"] == step
    ]


SPREADS = [
    (7, 3, lambda: tries("claim 7, no bend")),
    (7, 3, lambda: rungs("MultiHeadModel")),
    (7, 3, lambda: rungs("FeedForwardModel")),
    (10, 2, lambda: gaps(0.0, 400)),
    (10, 2, lambda: gaps(0.2, 400)),
]
"""Row, digits, and the numbers whose mean and ends the row gives."""


def test_every_statement_has_its_row():
    """Fourteen rows in order, each leading to its experiment."""
    anchors = [
        re.search(r"\(#(claim-[\w-]+)\)", row[1]) for row in ROWS.values()
    ]

    assert list(ROWS) == list(range(1, 15))
    assert [found and found[1] for found in anchors] == list(
        sorted(CLAIMS, key=lambda name: int(name.split("-")[1]))
    )


@pytest.mark.parametrize("number", ROWS)
def test_a_row_says_what_it_rests_on(number):
    """No training, one seed, or three with the name of the record."""
    cells = ROWS[number]

    assert len(cells) == 5
    assert cells[4].startswith(GROUNDS)
    assert ("**Three seeds" in cells[4]) <= ("`results/" in cells[4])


@pytest.mark.parametrize(("number", "digits", "values"), SPREADS)
def test_the_spread_is_the_records(number, digits, values):
    """Three seeds: their mean, and in brackets the lowest and the highest."""
    measured = values()
    mean, low, high = (
        f"{value:.{digits}f}"
        for value in (
            sum(measured) / len(measured),
            min(measured),
            max(measured),
        )
    )

    assert len(measured) == 3
    assert f"{mean} ({low} to {high})" in ROWS[number][4] or (
        f"{mean} nats ({low} to {high})" in ROWS[number][4]
    )


RANGES = [
    (8, lambda: depth("norm", 0.003, 2000)),
    (8, lambda: depth("residual", 0.003, 2000)),
    (9, lambda: depth("pre-norm", 0.03, 300)),
    (9, lambda: depth("post-norm", 0.03, 300)),
]
"""Row, and the numbers between whose rounded ends the row says they lie."""


@pytest.mark.parametrize(("number", "values"), RANGES)
def test_the_range_is_the_records(number, values):
    """Three seeds: between the lowest and the highest, rounded as shown."""
    measured = values()
    said = re.findall(r"between ([\d.]+) and ([\d.]+)", ROWS[number][4])
    fits = [
        (low, high)
        for low, high in said
        if f"{min(measured):.{len(low) - 2}f}" == low
        and f"{max(measured):.{len(high) - 2}f}" == high
    ]

    assert len(measured) == 3
    assert fits, f"{min(measured):.3f} to {max(measured):.3f}, not {said}"


def test_the_source_is_named():
    """A reader can look the text up."""
    assert "https://github.com/simpx/buildyourownllm" in PAGE
    assert "30 May 2025" in PAGE
