"""The record of widths compares what it says that it compares."""

import json
from pathlib import Path
from statistics import mean

import pytest
import torch

from scripts.records import widths
from scripts.records.widths import (
    BASE,
    CASES,
    KINDS,
    RATES,
    WAYS,
    Runs,
    build,
    given_out,
    lowest,
    moved,
    train_one,
)
from tutorgpt.text.corpus import Corpus

CORPUS = Corpus.from_text("abc", "abcdefg" * 60)
RECORD = Path(__file__).resolve().parents[2] / "results" / "widths.json"
inf = float("inf")


def test_the_lowest_of_a_parabola_by_hand():
    """Losses (n - 1.25)² at rates 2^n: the lowest is at 2^1.25."""
    losses = [(n - 1.25) ** 2 for n in range(4)]

    assert lowest([1, 2, 4, 8], losses) == pytest.approx(2**1.25, abs=1e-5)
    assert lowest([1, 2, 4], [1.0, 0.0, 1.0]) == 2


@pytest.mark.parametrize(
    "losses", [[1, 2, 3], [3, 2, 1], [3, 2, inf], [inf, 2, 3]]
)
def test_no_parabola_at_an_edge(losses):
    """Nothing is said of what was not tried, or exploded."""
    assert lowest([1, 2, 4], losses) is None


def test_the_two_ways_are_one_at_the_base():
    """The same first weights there, and only there."""
    for width, same in ((BASE, True), (2 * BASE, False)):
        plain, other = (build(7, width, 3, way, 1) for way in WAYS)
        tokens = torch.arange(7)[None]

        assert torch.equal(plain(tokens), other(tokens)) == same


@pytest.mark.parametrize("width", [BASE, 2 * BASE])
def test_the_ways_differ_in_their_steps(width):
    """At the base not even by rounding."""
    plain, other = (moved(CORPUS, width, way, 1, steps=2) for way in WAYS)

    assert (plain == other) == (width == BASE)


def test_no_step_moves_nothing():
    """And three move every kind of layer."""
    assert set(moved(CORPUS, 32, "plain", 1, steps=0).values()) == {0.0}
    assert min(moved(CORPUS, 32, "plain", 1, steps=3).values()) > 0


def test_each_kind_is_what_it_is_called():
    """The path is the sum that the last norm reads; no hook stays."""
    model = build(7, 32, 3, "plain", 1)
    tokens = torch.arange(7)[None]
    found = given_out(model, tokens)

    assert set(found) == set(KINDS)
    assert torch.equal(found["scores"], model(tokens))
    assert torch.equal(found["embedding"], model.embedding(tokens))
    block, x = model.blocks[2], model.blocks[:2](found["embedding"])
    looked = block.multi_head(block.norm_1(x))
    assert torch.equal(found["attention"], looked)
    thought = block.feed_forward(block.norm_2(x + looked))
    assert torch.equal(found["feed-forward"], thought)
    assert torch.equal(found["residual path"], x + looked + thought)
    assert not any(part._forward_hooks for part in model.modules())


def test_a_case_changes_what_it_says():
    """Steps, layers and batch, one at a time."""
    assert CASES == {
        "four times the steps": {"steps": 800},
        "four times the layers": {"n_layer": 12},
        "an eighth of the batch": {"batch_size": 4},
    }
    few = {"steps": 3}
    losses = [
        train_one(CORPUS, "plain", 32, 1e-2, 1, **few | changed)
        for changed in ({}, {"steps": 6}, {"n_layer": 4}, {"batch_size": 4})
    ]
    assert len(set(losses)) == 4


def test_the_base_is_trained_once(tmp_path, monkeypatch):
    """For both ways; elsewhere each way has runs of its own."""
    trained = []
    monkeypatch.setattr(
        widths, "train_one", lambda _, *asked: trained.append(asked) or 1.5
    )
    runs = Runs({"runs": []}, CORPUS, tmp_path / "widths.json")
    for way in WAYS:
        for width in (BASE, 64):
            assert runs.loss(way, width, 1e-2, 1) == 1.5

    assert trained == [
        ("plain", BASE, 1e-2, 1),
        ("plain", 64, 1e-2, 1),
        ("by width", 64, 1e-2, 1),
    ]


def told_runs(monkeypatch, out: Path, losses: dict) -> Runs:
    """Runs whose loss is told by the rate, and 9 where it is not."""
    monkeypatch.setattr(
        widths,
        "train_one",
        lambda _, way, width, rate, seed: losses.get(rate, 9.0),
    )
    return Runs({"runs": []}, CORPUS, out)


def test_a_run_that_exploded_is_no_number(tmp_path, monkeypatch):
    """Stored as none, never the best, and no parabola beside it."""
    told = {rate: 2 - n / 10 for n, rate in enumerate(RATES)}
    told[RATES[-1]] = None
    row = told_runs(monkeypatch, tmp_path / "x.json", told).row(
        "plain", 64, (1, 2)
    )

    assert row["losses"][-1] is None
    assert row["best_rate"] == RATES[-2]
    assert (row["rates"], row["lowest_at"]) == (list(RATES), None)


@pytest.mark.parametrize(
    ("best", "rates"),
    [
        (RATES[2], RATES),
        (RATES[-1], (*RATES, 2 * RATES[-1])),
        (RATES[0] / 2, (RATES[0] / 4, RATES[0] / 2, *RATES)),
    ],
)
def test_a_row_goes_on_beyond_its_edge(tmp_path, monkeypatch, best, rates):
    """The best rate has been beaten on both sides."""
    told = {best: 1.0, RATES[0]: 1.0 if RATES[0] == best else 2.0}
    row = told_runs(monkeypatch, tmp_path / "x.json", told).row(
        "plain", 64, (1,)
    )

    assert row["rates"] == list(rates)
    assert row["best_rate"] == best
    assert row["lowest_at"] is not None


def test_a_record_goes_on_where_it_stopped(tmp_path, monkeypatch):
    """What is there is not trained again, and nothing is said otherwise."""
    out, trained = tmp_path / "widths.json", []

    def train_and_tell(*asked, **changed):
        trained.append((*asked[1:], *changed))
        return train_one(*asked, **{"steps": 2} | changed)

    monkeypatch.setattr(widths, "train_one", train_and_tell)
    monkeypatch.setattr(widths, "load_corpus", lambda _: CORPUS)
    monkeypatch.setattr(widths, "MOVED_WIDTHS", (32, 64))
    monkeypatch.setattr(widths, "MOVED_SEEDS", (1,))
    monkeypatch.setattr(widths, "WIDTHS", {32: (1, 2), 64: (1,)})
    monkeypatch.setattr(widths, "CASES", {"more": {"steps": 3}})
    monkeypatch.setattr("sys.argv", ["widths.py", "--out", str(out)])
    widths.main()
    whole, count = json.loads(out.read_text("utf-8")), len(trained)
    assert count == len(whole["runs"]) == len(set(trained))
    assert count >= len(RATES) * (2 + 2 * 1 + 2)
    assert len(whole["moved"]) == len(whole["rows"]) == 4

    out.write_text(json.dumps(whole | {"runs": whole["runs"][:-1]}), "utf-8")
    widths.main()

    again = json.loads(out.read_text("utf-8"))
    assert len(trained) == count + 1
    for key in ("moved", "rows", "elsewhere"):
        assert again[key] == whole[key]

    monkeypatch.setattr(widths, "MOVED_RATE", 2e-4)
    widths.main()
    assert len(trained) == count + 1
    assert json.loads(out.read_text("utf-8"))["moved"] != whole["moved"]


def test_the_record_says_what_its_runs_say():
    """The means of the seeds, and the best of them."""
    record = json.loads(RECORD.read_text("utf-8"))
    assert record["rates"] == list(RATES)
    for row in record["rows"] + record["elsewhere"]:
        way = WAYS[0] if row["n_embed"] == BASE else row["way"]
        losses = [
            mean(
                run["loss"]
                for run in record["runs"]
                if run["seed"] in row["seeds"]
                and run["learning_rate"] == rate
                and [run[k] for k in ("way", "n_embed", "case")]
                == [way, row["n_embed"], row["case"]]
            )
            for rate in row["rates"]
        ]
        assert row["losses"] == pytest.approx(losses, abs=1e-5)
        assert row["best_rate"] == row["rates"][losses.index(min(losses))]
        assert row["lowest_at"] == lowest(row["rates"], losses)
