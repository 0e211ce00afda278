"""The record of sizes: what a budget buys, and what a line says of another."""

import json
from math import log, sqrt
from pathlib import Path

import pytest

from scripts.records import sizes
from scripts.records.modern import within
from scripts.records.sizes import (
    RACES,
    STUDENTS_T,
    best_of,
    fit,
    outcome,
    predict,
    shape,
    step_flops,
    train_one,
    tune,
    tuned_at,
)
from tutorgpt.scaling import training_flops
from tutorgpt.text.corpus import Corpus

CORPUS = Corpus.from_text("abc", "abcdefg" * 60)
RECORD = Path(__file__).resolve().parents[2] / "results" / "sizes.json"


def test_a_line_by_hand():
    """Four points: x̄ 1.5, ȳ 3.5, 8 / 5 up; squares that are left, 0.2."""
    line = fit([0, 1, 2, 3], [1, 3, 4, 6])

    assert (line.intercept, line.slope) == pytest.approx((1.1, 1.6))
    assert line.deviation == pytest.approx(sqrt(0.2 / 2))
    assert line.slope_error == pytest.approx(sqrt(0.1 / 5))
    assert line.at(4) == pytest.approx(7.5)
    assert line.error(1.5) == pytest.approx(sqrt(0.1 * (1 + 1 / 4)))
    assert line.error(4) == pytest.approx(sqrt(0.1 * (1 + 1 / 4 + 6.25 / 5)))


@pytest.mark.parametrize("freedom", STUDENTS_T)
def test_students_t_is_that_of_the_tables(freedom):
    """95 of 100, by the sum that the record of today's parts adds up."""
    assert within(STUDENTS_T[freedom], freedom) == pytest.approx(
        0.95, abs=4e-5
    )


def test_sizes_differ_in_width_alone():
    """Three layers, heads of eight channels; all sizes can be built."""
    for size in sorted(set().union(*RACES.values())):
        config = shape(size, 7)

        assert config.n_embed == size
        assert (config.head_size, config.n_layer) == (8, 3)


@pytest.mark.parametrize("size", [8, 24, 64])
def test_a_run_spends_its_budget(size):
    """To half a step."""
    one = step_flops(shape(size, 7))
    run = train_one(CORPUS, size, 3.4 * one, 1e-2, 1)

    assert one == 32 * 32 * training_flops(shape(size, 7))
    assert run["steps"] == 3
    assert 0 < run["loss"] < 4


def test_a_run_warms_up_and_falls(monkeypatch):
    """The schedule ends with the run."""
    seen = []

    def take(model, corpus, settings):
        seen.append(settings)
        return []

    monkeypatch.setattr(sizes, "training_steps", take)
    train_one(CORPUS, 8, 40 * step_flops(shape(8, 7)), 1e-2, 1)

    assert seen[0].max_steps == 40
    assert (seen[0].warmup_steps, seen[0].final_share) == (2, 0.1)


class Told:
    """Runs whose loss is told by a formula."""

    def __init__(self, best: float) -> None:
        self.best, self.rates = best, []

    def loss(self, n_embed, budget, rate, seed):
        self.rates.append(rate)
        return abs(log(rate / self.best))

    def losses(self, n_embed, budget, rate):
        return [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("best", "tries"), [(3.2e-2, 3), (6.4e-2, 4), (8e-3, 5), (0.2, 6)]
)
def test_a_rate_is_tuned_until_it_is_inside(best, tries):
    """The best one has been beaten on both sides."""
    runs = Told(best)
    row = tune(runs, 8, 1e9)
    tried = [each["learning_rate"] for each in row["tried"]]

    assert len(runs.rates) == len(tried) == tries
    assert tried == sorted(tried)
    assert min(tried) < row["learning_rate"] < max(tried)
    assert abs(log(row["learning_rate"] / best)) < log(2) / 2


def test_where_a_size_is_tuned(monkeypatch):
    """The second budget for which it competes; of two, the first."""
    monkeypatch.setattr(
        sizes, "RACES", {n: (8, 16) for n in (1, 2)} | {3: (8,)}
    )

    assert (tuned_at(8), tuned_at(16)) == (2, 1)


def row(budget: float, n_embed: int, mean: float) -> dict:
    return {"budget": budget, "n_embed": n_embed, "mean": mean}


def test_the_frontier_is_the_best_of_each_budget():
    """And says where no size on one side of it has lost to it.

    At 4 the one below lost at 2; at 8 the one below has won at 4.
    """
    frontier = best_of(
        [
            row(1, 8, 3.0),
            row(1, 16, 2.0),
            row(1, 24, 2.5),
            row(2, 16, 1.9),
            row(2, 24, 1.8),
            row(4, 24, 1.7),
            row(4, 32, 1.75),
            row(8, 32, 1.5),
            row(8, 48, 1.6),
        ]
    )

    assert {r["budget"]: r["n_embed"] for r in frontier} == {
        1: 16,
        2: 24,
        4: 24,
        8: 32,
    }
    assert [r["at_the_edge"] for r in frontier] == [False, True, False, True]


def test_a_power_law_is_carried_on():
    """Loss 3 · F^-0.1 at sizes that grow as √F: exact, and no doubt left."""
    frontier = [row(4.0**n, 8 * 2**n, 3 * 4 ** (-0.1 * n)) for n in range(5)]
    prediction = predict(frontier)

    assert prediction["budget"] == 4.0**5
    assert prediction["n_embed"] == 8 * 2**5
    assert prediction["loss"] == pytest.approx(3 * 4**-0.5, abs=1e-4)
    assert prediction["interval"] == pytest.approx(
        [prediction["loss"]] * 2, abs=2e-4
    )
    assert prediction["line_of_log_loss"]["slope"] == pytest.approx(-0.1)


def test_points_that_scatter_make_the_interval_wide():
    """By Student's t and the error of a new point."""
    points = [3.0, 2.5, 2.4, 2.0, 1.9]
    frontier = [row(2.0**n, 8, loss) for n, loss in enumerate(points)]
    prediction = predict(frontier)
    line = fit([n * log(2) for n in range(5)], [log(p) for p in points])
    low, high = prediction["interval"]

    assert log(high / low) / 2 == pytest.approx(
        3.182 * line.error(6 * log(2)), rel=1e-3
    )
    assert low < prediction["loss"] < high


@pytest.mark.parametrize(
    ("interval", "hit"),
    [([1.9, 2.1], True), ([2.1, 2.3], False), ([1.0, 1.9], False)],
)
def test_an_outcome_is_in_the_interval_or_not(interval, hit):
    """The mean of the seeds is."""
    asked = {"n_embed": 8, "budget": 1, "learning_rate": 1}
    found = outcome(Told(1.0), asked | {"interval": interval})

    assert (found["mean"], found["hit"]) == (2.0, hit)


def in_small(monkeypatch, out: Path) -> list:
    """The record of a few steps; returns what is trained, as it is."""
    trained = []

    def train_and_tell(*asked):
        trained.append(asked[1:])
        return train_one(*asked)

    one = step_flops(shape(8, 7))
    races = {n * one: (8, 16) for n in (8, 16, 32)}
    monkeypatch.setattr(sizes, "train_one", train_and_tell)
    monkeypatch.setattr(sizes, "load_corpus", lambda _: CORPUS)
    monkeypatch.setattr(sizes, "RACES", races)
    monkeypatch.setattr(sizes, "SEEDS", (1, 2))
    monkeypatch.setattr("sys.argv", ["sizes.py", "--out", str(out)])
    return trained


def test_a_record_goes_on_where_it_stopped(tmp_path, monkeypatch):
    """What is there is not trained again, and nothing is said otherwise."""
    out = tmp_path / "sizes.json"
    trained = in_small(monkeypatch, out)
    sizes.main()
    whole, count = json.loads(out.read_text("utf-8")), len(trained)
    assert count == len(whole["runs"]) == len(set(trained))
    assert whole["outcome"] is None

    out.write_text(json.dumps(whole | {"runs": whole["runs"][:-1]}), "utf-8")
    sizes.main()

    again = json.loads(out.read_text("utf-8"))
    assert len(trained) == count + 1
    for key in ("rates", "rows", "frontier", "prediction"):
        assert again[key] == whole[key]


def test_an_outcome_leaves_the_prediction_alone(tmp_path, monkeypatch):
    """It is made when it is asked for, and stays beside what was said."""
    out = tmp_path / "sizes.json"
    trained = in_small(monkeypatch, out)
    sizes.main()
    before, count = json.loads(out.read_text("utf-8")), len(trained)
    monkeypatch.setattr("sys.argv", ["sizes.py", "--outcome", f"--out={out}"])
    sizes.main()
    after = json.loads(out.read_text("utf-8"))

    said = before["prediction"]
    asked = (said["n_embed"], said["budget"], said["learning_rate"])
    assert trained[count:] == [(*asked, seed) for seed in (1, 2)]
    assert len(after["outcome"]["losses"]) == 2
    assert {
        k: v for k, v in after.items() if k not in ("outcome", "runs")
    } == {k: v for k, v in before.items() if k not in ("outcome", "runs")}
    monkeypatch.setattr("sys.argv", ["sizes.py", "--out", str(out)])
    sizes.main()
    assert json.loads(out.read_text("utf-8")) == after


def test_no_outcome_without_a_prediction(tmp_path, monkeypatch, capsys):
    """What nobody has said cannot come true."""
    in_small(monkeypatch, tmp_path / "sizes.json")
    monkeypatch.setattr(
        "sys.argv", ["sizes.py", "--outcome", f"--out={tmp_path / 'x.json'}"]
    )
    with pytest.raises(SystemExit):
        sizes.main()

    assert "holds no prediction" in capsys.readouterr().err


def test_the_record_says_what_its_runs_say():
    """Means, frontier, prediction and outcome follow from the runs."""
    record = json.loads(RECORD.read_text("utf-8"))
    seeds = record["seeds"]
    found = {
        (run["budget"], run["n_embed"], run["learning_rate"], run["seed"]): run
        for run in record["runs"]
    }
    rates = {}
    for each in record["rates"]:
        rates.setdefault(each["n_embed"], each["learning_rate"])
    for each in record["rows"]:
        key = (each["budget"], each["n_embed"], rates[each["n_embed"]])
        losses = [found[*key, seed]["loss"] for seed in seeds]
        assert each["losses"] == losses
        assert each["mean"] == pytest.approx(sum(losses) / 3, abs=1e-5)
    said, came = record["prediction"], record["outcome"]
    own = {"learning_rate": said["learning_rate"]}

    assert record["frontier"] == best_of(record["rows"])
    assert said == predict(record["frontier"]) | own
    key = (said["budget"], said["n_embed"], said["learning_rate"])
    assert came["losses"] == [found[*key, seed]["loss"] for seed in seeds]
    low, high = said["interval"]
    assert came["hit"] == (low <= came["mean"] <= high)
