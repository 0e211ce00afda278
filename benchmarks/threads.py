"""What a second processor core gives, and what it costs when it is busy.

    python benchmarks/threads.py --out benchmarks/results/threads.json

Steps of the engine are timed by the clock, in processes of their own, with
one thread and with one for each core; the latter waiting for each other in
the two ways that OpenMP knows: "active" keeps asking, "passive" sleeps. Then
all of it again while another process keeps one core busy. The rounds
alternate between all of these; medians are kept.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from contenders import ours
from shapes import SHAPES
from speed import has_amx, random_tokens

from tutorgpt.ground.provenance import machine, versions, write_record

WAYS = {
    "one thread": (1, "active"),
    "all, active": (os.cpu_count() or 1, "active"),
    "all, passive": (os.cpu_count() or 1, "passive"),
}
STEPS = {"small": 60, "medium": 30, "large": 3}


def main() -> int:
    """Time everything and print the table, or time one process's steps."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--shapes", default=",".join(SHAPES))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--time", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.time:
        name, threads = args.time
        print(seconds_a_step(name, int(threads)))
        return 0
    names = args.shapes.split(",")
    record = {
        "command": f"python benchmarks/threads.py --rounds {args.rounds}",
        "machine": machine() | {"amx": has_amx()},
        "versions": versions(),
        "milliseconds": {name: measure(name, args.rounds) for name in names},
    }
    if args.out:
        write_record(args.out, record)
    return 0


def seconds_a_step(name: str, threads: int) -> float:
    """The median of one process's steps, after two to warm up."""
    torch.set_num_threads(threads)
    shape = SHAPES[name]
    step = ours(shape, random_tokens(shape), fast_dropout=True)
    taken = []
    for _ in range(2 + STEPS[name]):
        start = time.perf_counter()
        step()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[2:])


def measure(name: str, rounds: int) -> dict[str, dict[str, float]]:
    """Milliseconds a step: by load, then by the way of computing."""
    taken: dict[tuple[str, str], list[float]] = {}
    for _ in range(rounds):
        for load in ("quiet", "one core busy"):
            with busy(load == "one core busy"):
                for way, (threads, policy) in WAYS.items():
                    seconds = in_a_process(name, threads, policy)
                    taken.setdefault((load, way), []).append(seconds)
    medians = {key: statistics.median(tried) for key, tried in taken.items()}
    table: dict[str, dict[str, float]] = {}
    print(f"\n{name}")
    for (load, way), seconds in medians.items():
        table.setdefault(load, {})[way] = round(seconds * 1e3, 3)
        print(f"  {load:15}{way:14}{seconds * 1e3:10.2f} ms", flush=True)
    return table


def in_a_process(name: str, threads: int, policy: str) -> float:
    """Seconds a step in a process that waits in this way."""
    done = subprocess.run(
        [sys.executable, __file__, "--time", name, str(threads)],
        env=os.environ | {"OMP_WAIT_POLICY": policy},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.split()[-1])


@contextmanager
def busy(wanted: bool) -> Iterator[None]:
    """Another process that never rests, if one is wanted."""
    if not wanted:
        yield
        return
    other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        other.kill()
        other.wait()


if __name__ == "__main__":
    sys.exit(main())
