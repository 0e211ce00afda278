"""Measures how much longer one step takes with values than with tensors.

    python scripts/records/gradients.py          # half a minute

The step is that of chapter 0's table of scores, in the size of chapter 1:
the loss of 32 x 32 pairs of 69 letters and the slopes of all scores. Writes
results/gradients.json; its factor is the ratio of the two fastest of a few
runs.
"""

import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch.nn import functional as F

from tutorgpt.gradients import Value, tape
from tutorgpt.ground.provenance import machine, versions, write_record

OUT = Path(__file__).resolve().parents[2] / "results" / "gradients.json"
SEED, LETTERS, PAIRS = 1337, 69, 32 * 32
RUNS = {"values": 3, "tensors": 200}


def fastest(step: Callable[[], object], runs: int) -> float:
    """The seconds of the fastest of a few runs: what else ran slows others."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main() -> None:
    """Measure both, and compare what they compute."""
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    pairs = torch.randint(LETTERS, (PAIRS, 2))
    before, after = pairs.T
    scores = torch.randn(LETTERS, LETTERS, dtype=torch.float64)
    scores.requires_grad_()
    table = [[Value(score) for score in row] for row in scores.tolist()]

    def loss_of_values() -> Value:
        charges = []
        for a, b in pairs.tolist():
            powers = [score.exp() for score in table[a]]
            p = powers[b] / sum(powers)
            charges.append(-p.log())
        return sum(charges, Value(0.0)) / len(charges)

    def with_values() -> None:
        for row in table:
            for score in row:
                score.slope = 0.0
        loss_of_values().backward()

    def with_tensors() -> None:
        scores.grad = None
        F.cross_entropy(scores[before], after).backward()

    seconds = {
        "values": fastest(with_values, RUNS["values"]),
        "tensors": fastest(with_tensors, RUNS["tensors"]),
    }
    mine = torch.tensor(
        [[score.slope for score in row] for row in table],
        dtype=torch.float64,
    )
    assert scores.grad is not None
    record = {
        "command": "python scripts/records/gradients.py",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "seed": SEED,
        "letters": LETTERS,
        "pairs": PAIRS,
        "values": len(tape(loss_of_values())),
        "runs": RUNS,
        "seconds": seconds,
        "factor": seconds["values"] / seconds["tensors"],
        "largest_difference": (mine - scores.grad).abs().max().item(),
    }
    write_record(OUT, record)
    print(f"{record['values']:,} values, {record['factor']:,.0f} times")


if __name__ == "__main__":
    main()
