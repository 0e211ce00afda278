"""Spends several budgets of arithmetic on several sizes, and predicts one.

    python scripts/records/sizes.py             # about 21 minutes, one core
    python scripts/records/sizes.py --outcome   # then, about five more

Chapter 6's GPT in sizes that differ in n_embed alone: three layers, heads of
eight channels. A budget is a number of operations, counted by
`training_flops`; what it buys is steps, many of a small model or few of a
large one. Each size's rate is tuned with one seed, by one rule, at a budget
for which it competes; then three other seeds train it for each such budget.
Every run is one of its own, with a warm-up and a cosine that ends with its
budget: a loss read halfway along a longer schedule, or at a constant rate,
is not what the smaller budget can buy (Hoffmann et al. 2022). The losses are
exact, over all of the held-out text.

The best size of each budget is the frontier, and a line through it, in
logarithms, says what four times the largest budget should reach, with which
size. That is written down first; `--outcome` then makes the runs and stores
them beside it. Writes results/sizes.json after each run; what it holds is
not run again.
"""

import argparse
import json
import time
from dataclasses import asdict, dataclass, replace
from math import exp, inf, isfinite, log, sqrt
from pathlib import Path
from statistics import mean

import torch

from scripts import growing
from tutorgpt import GPT, count_parameters, load_corpus
from tutorgpt.config import CHAPTER, ModelConfig
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.scaling import training_flops
from tutorgpt.text.corpus import Corpus
from tutorgpt.text.floors import measure_floors
from tutorgpt.training.loss import exact_loss
from tutorgpt.training.recipes import WARMUP_SHARE, warmup_steps
from tutorgpt.training.steps import training_steps

OUT = Path(__file__).resolve().parents[2] / "results" / "sizes.json"
HEAD_SIZE = 8
RACES = {
    0.6e11: (8, 16, 24),
    1.2e11: (16, 24, 32),
    2.4e11: (16, 24, 32, 48),
    4.8e11: (24, 32, 48, 64),
    9.6e11: (24, 32, 48, 64),
}
"""Each budget, in operations, and the sizes that compete for it."""
TIMES = 4
"""The budget that is predicted, in multiples of the largest one."""
RATES = (1.6e-2, 3.2e-2, 6.4e-2)
TUNED_WITH = 1336
SEEDS = (1337, 1338, 1339)
FINAL_SHARE = 0.1
STUDENTS_T = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447}
"""Degrees of freedom, and what 95 of 100 values of t stay below in size."""


def shape(n_embed: int, vocab_size: int) -> ModelConfig:
    """A model of this size: wider, with more heads, and else the same."""
    preset = replace(CHAPTER, n_embed=n_embed, n_head=n_embed // HEAD_SIZE)
    return preset.model(vocab_size=vocab_size)


def step_flops(config: ModelConfig) -> int:
    """The operations of one step."""
    tokens = CHAPTER.batch_size * config.block_size
    return tokens * training_flops(config)


def train_one(
    corpus: Corpus, n_embed: int, budget: float, rate: float, seed: int
) -> dict:
    """One run that spends its budget; its loss is None if it exploded."""
    config = shape(n_embed, corpus.tokenizer.vocab_size)
    steps = max(1, round(budget / step_flops(config)))
    settings = CHAPTER.training(
        max_steps=steps,
        learning_rate=rate,
        seed=seed,
        warmup_steps=warmup_steps(steps),
        final_share=FINAL_SHARE,
    )
    start = time.process_time()
    torch.manual_seed(seed)
    model = GPT(config)
    for _ in training_steps(model, corpus, settings):
        pass
    loss = exact_loss(model, corpus.val)
    return {
        "budget": budget,
        "n_embed": n_embed,
        "learning_rate": rate,
        "seed": seed,
        "steps": steps,
        "loss": round(loss, 5) if isfinite(loss) else None,
        "cpu_seconds": round(time.process_time() - start, 1),
    }


class Runs(growing.Runs):
    """The runs of a corpus, by size, budget, rate and seed."""

    def __init__(self, record: dict, corpus: Corpus, out: Path) -> None:
        super().__init__(record, out)
        self.corpus = corpus

    def loss(
        self, n_embed: int, budget: float, rate: float, seed: int
    ) -> float:
        """The loss of one run, trained if need be; inf if it exploded."""
        wanted = {
            "n_embed": n_embed,
            "budget": budget,
            "learning_rate": rate,
            "seed": seed,
        }
        return self.loss_of(
            wanted,
            lambda: train_one(self.corpus, n_embed, budget, rate, seed),
        )

    def losses(self, n_embed: int, budget: float, rate: float) -> list[float]:
        """The losses of all seeds, with one rate."""
        return [self.loss(n_embed, budget, rate, seed) for seed in SEEDS]


def tune(runs: Runs, n_embed: int, budget: float) -> dict:
    """The best of three rates; beyond the edge, until it is inside.

    The same rule for every size, so that none is favoured.
    """
    tried = {r: runs.loss(n_embed, budget, r, TUNED_WITH) for r in RATES}
    while (best := min(tried, key=tried.__getitem__)) in (
        edges := (min(tried), max(tried))
    ):
        more = best / 2 if best == edges[0] else best * 2
        tried[more] = runs.loss(n_embed, budget, more, TUNED_WITH)
    return {
        "n_embed": n_embed,
        "budget": budget,
        "tried": [
            {"learning_rate": r, "loss": x if isfinite(x) else None}
            for r, x in sorted(tried.items())
        ],
        "learning_rate": best,
    }


def tuned_at(n_embed: int) -> float:
    """The second budget for which a size competes; of two, the first."""
    budgets = sorted(b for b, sizes in RACES.items() if n_embed in sizes)
    return budgets[1 if len(budgets) > 2 else 0]


def race(runs: Runs, rates: dict[int, float]) -> list[dict]:
    """Every size at every budget for which it competes."""
    rows = []
    for budget, sizes in RACES.items():
        for n_embed in sizes:
            losses = runs.losses(n_embed, budget, rates[n_embed])
            row = {"budget": budget, "n_embed": n_embed, "losses": losses}
            rows.append(row | {"mean": round(mean(losses), 5)})
    return rows


def best_of(rows: list[dict]) -> list[dict]:
    """The frontier: each budget's lowest mean, and whether sizes flank it.

    at_the_edge: no smaller one has lost to it, for this budget or a smaller
    one, or no larger one has.
    """
    means = {(row["budget"], row["n_embed"]): row["mean"] for row in rows}
    frontier = []
    for budget in dict.fromkeys(row["budget"] for row in rows):
        field = [row for row in rows if row["budget"] == budget]
        best = min(field, key=lambda row: row["mean"])
        C = best["n_embed"]
        smaller = any(
            size < C and at <= budget and means.get((at, C), inf) < loss
            for (at, size), loss in means.items()
        )
        larger = any(row["n_embed"] > C for row in field)
        frontier.append(best | {"at_the_edge": not (smaller and larger)})
    return frontier


@dataclass(frozen=True)
class Line:
    """y = intercept + slope · x by least squares, and how sure it is.

    slope_error: the slope's standard error.
    deviation: that of a point from the line, by n - 2 degrees of freedom.
    """

    intercept: float
    slope: float
    slope_error: float
    deviation: float
    n: int
    middle: float
    spread: float

    def at(self, x: float) -> float:
        """What the line says."""
        return self.intercept + self.slope * x

    def error(self, x: float) -> float:
        """The standard error of one new point, if the line is right."""
        away = (x - self.middle) ** 2 / self.spread
        return self.deviation * sqrt(1 + 1 / self.n + away)


def fit(xs: list[float], ys: list[float]) -> Line:
    """The line whose squared distances, along y, have the lowest sum."""
    n, x_mean, y_mean = len(xs), mean(xs), mean(ys)
    spread = sum((x - x_mean) ** 2 for x in xs)
    pairs = list(zip(xs, ys, strict=True))
    slope = sum((x - x_mean) * (y - y_mean) for x, y in pairs) / spread
    intercept = y_mean - slope * x_mean
    squares = sum((y - intercept - slope * x) ** 2 for x, y in pairs)
    deviation = sqrt(squares / (n - 2))
    slope_error = deviation / sqrt(spread)
    return Line(intercept, slope, slope_error, deviation, n, x_mean, spread)


def predict(frontier: list[dict]) -> dict:
    """What the lines say of a budget that nobody has spent yet.

    Its size by a line through the best sizes, to whole heads; its loss by a
    line through their losses, with the interval that holds a new point in
    95 of 100 cases, if the line goes on and points scatter as they did.
    """
    budget = TIMES * max(row["budget"] for row in frontier)
    budgets = [log(row["budget"]) for row in frontier]
    losses = fit(budgets, [log(row["mean"]) for row in frontier])
    sizes = fit(budgets, [log(row["n_embed"]) for row in frontier])
    x = log(budget)
    n_head = round(exp(sizes.at(x)) / HEAD_SIZE)
    reach = STUDENTS_T[losses.n - 2] * losses.error(x)
    ends = (losses.at(x) - reach, losses.at(x) + reach)
    return {
        "budget": budget,
        "n_embed": n_head * HEAD_SIZE,
        "loss": round(exp(losses.at(x)), 4),
        "interval": [round(exp(end), 4) for end in ends],
        "line_of_log_loss": asdict(losses),
        "line_of_log_n_embed": asdict(sizes),
    }


def outcome(runs: Runs, prediction: dict) -> dict:
    """The predicted runs, made; whether their mean is in the interval."""
    losses = runs.losses(
        prediction["n_embed"],
        prediction["budget"],
        prediction["learning_rate"],
    )
    low, high = prediction["interval"]
    return {
        "losses": losses,
        "mean": round(mean(losses), 5),
        "hit": low <= mean(losses) <= high,
    }


def begin(corpus: Corpus, old: dict) -> dict:
    """A record without results, but with the runs that are there."""
    V = corpus.tokenizer.vocab_size
    configs = [shape(n, V) for n in sorted(set().union(*RACES.values()))]
    return {
        "command": "python scripts/records/sizes.py",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "corpus": corpus.name,
        "train_tokens": len(corpus.train),
        "floors": asdict(measure_floors(corpus)),
        "preset": asdict(CHAPTER),
        "schedule": {"warmup": WARMUP_SHARE, "final_share": FINAL_SHARE},
        "tuned_with": TUNED_WITH,
        "seeds": list(SEEDS),
        "sizes": [
            {
                "n_embed": config.n_embed,
                "parameters": count_parameters(GPT(config)),
                "flops_per_step": step_flops(config),
            }
            for config in configs
        ],
        "rates": [],
        "rows": [],
        "frontier": [],
        "prediction": None,
        "outcome": None,
        "runs": old.get("runs", []),
    }


def race_and_predict(corpus: Corpus, old: dict, out: Path) -> None:
    """All runs but those that are predicted; ends with the prediction."""
    record = begin(corpus, old)
    runs = Runs(record, corpus, out)
    for n_embed in [size["n_embed"] for size in record["sizes"]]:
        record["rates"].append(tune(runs, n_embed, tuned_at(n_embed)))
    rates = {r["n_embed"]: r["learning_rate"] for r in record["rates"]}
    record["rows"] = race(runs, rates)
    record["frontier"] = best_of(record["rows"])
    prediction = predict(record["frontier"])
    tuned = tune(runs, prediction["n_embed"], max(RACES))
    record["rates"].append(tuned)
    prediction["learning_rate"] = tuned["learning_rate"]
    record["prediction"] = prediction
    if old.get("prediction") == prediction:
        record["outcome"] = old["outcome"]
    write_record(out, record)
    print(prediction)


def main() -> None:
    """Race and predict; or, asked for it, see what came."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--outcome", action="store_true")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    out = options.out
    torch.set_num_threads(1)
    corpus = load_corpus("shakespeare")
    old = json.loads(out.read_text("utf-8")) if out.is_file() else {}
    if not options.outcome:
        race_and_predict(corpus, old, out)
        return
    if not old.get("prediction"):
        parser.error(f"{out} holds no prediction: run without --outcome first")
    old["outcome"] = outcome(Runs(old, corpus, out), old["prediction"])
    write_record(out, old)
    print(old["outcome"])


if __name__ == "__main__":
    main()
