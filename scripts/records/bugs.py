"""Trains each broken model of the bug hunts beside its mended twin.

    python scripts/records/bugs.py

writes results/bugs.json: the curve, a sample and an attention map of both,
with the chapters' shape and a shorter budget.

    python scripts/records/bugs.py new

trains only the hunts that are not in that record yet, and adds them.

    python scripts/records/bugs.py 1.6 5.5

trains some of them again, writes nothing, and says whether they come out as
they stand in that record. On another machine than the record's, last digits
may differ, and those of 5.5 by more: its learning rate is chaotic.
"""

import sys
from pathlib import Path

import torch
from hunts import (
    cached_reading,
    measuring,
    modern,
    pretrained,
    pretrained_parts,
    small_models,
    translating,
    values,
)

from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.view.records import read_record

HUNTS = {
    **values.HUNTS,
    **small_models.HUNTS,
    **cached_reading.HUNTS,
    **translating.HUNTS,
    **measuring.HUNTS,
    **modern.HUNTS,
    **pretrained.HUNTS,
    **pretrained_parts.HUNTS,
}
RECORD = Path(__file__).resolve().parents[2] / "results" / "bugs.json"


def both(number: str) -> dict[str, dict]:
    """What one sees of the broken version and of the mended one."""
    exercise = EXERCISES[number]
    found = {
        "broken": HUNTS[number](exercise.starter),
        "mended": HUNTS[number](exercise.solution),
    }
    ends = [seen["curve"][-1] for seen in found.values()]
    print(number, exercise.title, ends, flush=True)
    return found


def add_new() -> int:
    """Add the hunts that the record lacks; 1 on another machine than its."""
    record = read_record("bugs")
    then, now = record["versions"], versions()
    now["tutorgpt"] = then["tutorgpt"]  # no hunt hangs on its number
    if (record["machine"], then) != (machine(), now):
        print("results/bugs.json was made on another machine: run all hunts")
        return 1
    kept = record["hunts"]
    record["hunts"] = {
        number: kept[number] if number in kept else both(number)
        for number in HUNTS
    }
    write_record(RECORD, record)
    return 0


def main(numbers: list[str]) -> int:
    """Write the record, or compare some hunts with it; 1 if one differs."""
    torch.set_num_threads(1)
    if numbers == ["new"]:
        return add_new()
    if not numbers:
        record = {
            "command": "python scripts/records/bugs.py",
            "corpus": "shakespeare",
            "seed": small_models.SEED,
            "steps": small_models.STEPS,
            "text": small_models.SNIPPET,
            "machine": machine(),
            "versions": versions(),
            "hunts": {number: both(number) for number in HUNTS},
        }
        write_record(RECORD, record)
        return 0
    kept = read_record("bugs")["hunts"]
    other = [number for number in numbers if both(number) != kept[number]]
    for number in other:
        print(f"{number} differs from results/bugs.json")
    return 1 if other else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
