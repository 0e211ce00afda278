"""Growth: the fit finds prices, and the pages say what the record says."""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from torch import Tensor

from tutorgpt import LARGE, TrainConfig
from tutorgpt.config import ModelConfig
from tutorgpt.scaling import GPT, count_parameters
from tutorgpt.training.engine.attention import attention_with_dropout
from tutorgpt.training.engine.step_loss import build_step_loss

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "benchmarks"))

import costs  # noqa: E402
import growth  # noqa: E402
import growth_pages  # noqa: E402

RECORD = json.loads(growth.RECORD.read_text(encoding="utf-8"))
POINTS = growth.fitted_points()
BIG = LARGE.model(vocab_size=6148)


def told(point: growth.Point) -> tuple[dict, int]:
    """A point as the record holds it."""
    return vars(point.model), point.batch_size


def recorded(rows: list[dict]) -> list[tuple[dict, int]]:
    """The shapes of a part of the record."""
    return [(row["model"], row["batch_size"]) for row in rows]


@pytest.mark.parametrize("terms", costs.TERMS.values(), ids=costs.TERMS)
def test_the_fit_finds_the_prices(terms):
    """Points that known prices made lead back to every one of them."""
    rows = [terms(point.model, point.batch_size) for point in POINTS]
    prices = {
        name: (number + 1) / max(row[name] for row in rows)
        for number, name in enumerate(rows[0])
    }
    measured = [sum(prices[n] * row[n] for n in row) for row in rows]

    assert costs.fit(rows, measured) == pytest.approx(prices, rel=1e-6)


def test_no_price_is_negative():
    """Where a price below 0 would fit best, the others fit without it."""
    rows = [{"a": 1, "b": n} for n in (1, 2, 4)]

    assert costs.fit(rows, [3, 2, 1])["b"] == 0
    assert costs.fit(rows, [3, 2, 1])["a"] > 0


def test_a_small_point_counts_as_much_as_a_large_one():
    """The error that is made least is the relative one."""
    rows = [{"a": 1}, {"a": 1000}]
    shares = [1.0, 2.0]
    measured = [
        share * row["a"] for share, row in zip(shares, rows, strict=True)
    ]
    price = costs.fit(rows, measured)["a"]

    assert price == pytest.approx((1 + 1 / 2) / (1 + 1 / 4))


def test_parameters_are_the_models():
    """They are counted from the shape as the model has them."""
    model = POINTS[0].model

    assert costs.parameters(model) == count_parameters(GPT(model))


@pytest.mark.parametrize("T", [128, 150, 256])
def test_the_share_of_the_table_is_the_engines(T):
    """Of a window's weights, the part that attention makes in strips."""
    tables = []

    def draw(shape: Sequence[int], p: float) -> tuple[Tensor, float]:
        tables.append(torch.Size(shape).numel())
        return torch.ones(*shape, dtype=torch.bool), 1.0

    q = torch.zeros(1, 1, T, 4)
    attention_with_dropout(q, q, q, 0.5, draw)

    assert sum(tables) == round(costs.seen_share(T) * T**2)


@pytest.mark.parametrize("V", [1000, 2000])
def test_paper_counts_what_a_whole_batch_keeps(V):
    """Two small batches tell what a large one keeps, in chunks or not."""
    model = ModelConfig(
        vocab_size=V, block_size=8, n_embed=8, n_head=2, n_layer=1
    )
    counted = growth.on_paper(growth.Point("", model, 6))
    gpt = GPT(model)
    whole = growth.kept_bytes(gpt, build_step_loss(gpt, TrainConfig()), 6)

    assert counted == 16 * count_parameters(gpt) + whole


def test_the_record_is_of_these_points():
    """What was measured is what the program measures."""
    checked = growth.checked_points()

    assert recorded(RECORD["fitted"]) == [told(point) for point in POINTS]
    assert recorded(RECORD["checked"]) == [told(point) for point in checked]


def test_what_is_checked_was_not_fitted():
    """No checked shape is a fitted one; LARGE lies beyond on two axes."""
    fitted = recorded(RECORD["fitted"])
    beyond = growth_pages.beyond(RECORD, BIG, 32)

    assert not [row for row in recorded(RECORD["checked"]) if row in fitted]
    assert (vars(BIG), 32) in recorded(RECORD["checked"])
    assert [words.split()[0] for words in beyond] == ["n_embed", "tokens"]


def test_the_prices_come_from_the_points():
    """The record's prices and predictions are computed again."""
    prices = costs.fit_all(RECORD["fitted"])

    for quantity, some in RECORD["prices"].items():
        assert prices[quantity] == pytest.approx(some, rel=1e-4)
    for row in RECORD["checked"]:
        shape = ModelConfig(**row["model"]), row["batch_size"]
        found = costs.predict(prices, *shape)
        assert row["predicted"] == pytest.approx(found, rel=1e-4)


@pytest.mark.parametrize("page", growth_pages.PAGES)
def test_the_tables_are_the_records(page):
    """Else: python benchmarks/growth.py --pages."""
    path = ROOT / page

    assert growth_pages.pages(RECORD)[path] == path.read_text("utf-8")


@pytest.mark.parametrize("page", growth_pages.PAGES)
def test_the_error_is_below_what_the_page_says(page):
    """The largest one at a checked shape, of time and of memory."""
    text = (ROOT / page).read_text("utf-8")
    said = re.findall(r"wrong by less than (\d+) % in time and (\d+) %", text)
    rows = RECORD["checked"]
    errors = [
        max(abs(row["predicted"][q] / row[q] - 1) for row in rows) * 100
        for q in ("seconds", "peak_mb")
    ]

    assert len(said) == 1
    assert errors[0] < int(said[0][0])
    assert errors[1] < int(said[0][1])


def test_a_table_without_a_place_is_refused():
    """A page that lost the head of its table says so."""
    with pytest.raises(ValueError, match="stands 0 times"):
        growth_pages.put("no table\n", ["| a |", "|---|"])


def test_a_table_is_replaced_whole():
    """Rows that are no longer there go; what stands around it stays."""
    page = "before\n\n| a |\n|---|\n| 1 |\n| 2 |\n\nafter\n"
    made = growth_pages.put(page, ["| a |", "|---|", "| 3 |"])

    assert made == "before\n\n| a |\n|---|\n| 3 |\n\nafter\n"


def test_an_answer_says_where_it_is_a_guess():
    """A shape beyond the fitted ones is told so, one of them is not."""
    widest = growth.point("", n_embed=256, n_head=8).model

    assert "n_embed 384 (32 to 256)" in growth_pages.told(RECORD, BIG, 8)
    assert "beyond" not in growth_pages.told(RECORD, widest, growth.BATCH)


def asked(monkeypatch, words: str) -> int:
    """The command's exit code."""
    monkeypatch.setattr(sys, "argv", ["growth.py", *words.split()])
    return growth.main()


def test_the_command_answers_for_a_shape(capsys, monkeypatch):
    """A preset, changed in some of its numbers, is predicted."""
    words = "--shape large --vocab-size 6148 --batch-size 8 --dropout 0"

    assert asked(monkeypatch, words) == 0
    assert "15,466,756 parameters, 8 windows of 256" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        ("--n-layer 8", "such as --shape laptop"),
        ("--shape small --n-embed 30", "n_embed 30 cannot be shared"),
        ("--shape small --batch-size 0", "batch_size is 0"),
    ],
)
def test_a_shape_that_is_none_is_refused(words, remedy, capsys, monkeypatch):
    """In one sentence, before anything is measured."""
    with pytest.raises(SystemExit):
        asked(monkeypatch, words)

    assert remedy in capsys.readouterr().err


def kept(**shape) -> int:
    """What the way up keeps for two windows of the centre, changed."""
    model = GPT(growth.point("", **shape).model)
    return growth.kept_bytes(model, build_step_loss(model, TrainConfig()), 2)


def test_a_layer_keeps_what_the_page_says():
    """The bytes of each channel of a token, without dropout."""
    page = (ROOT / "benchmarks" / "README.md").read_text("utf-8")
    said = re.findall(r"about (\d+) bytes for each channel", page)
    numbers = 2 * growth.CENTRE.block_size * growth.CENTRE.n_embed
    more = kept(n_layer=3) - kept(n_layer=2)

    assert [round(more / numbers)] == [int(number) for number in said]
