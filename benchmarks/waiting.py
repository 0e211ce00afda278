"""Measures what people wait for: help, imports, a first step, the book.

    python benchmarks/waiting.py             # about three minutes

Each program is started a few times as one types it; what counts is the
median, on the clock and of the processor. The clock means something on a
machine that has nothing else to do.

- help: tutorgpt --help;
- torch, tutorgpt, everything: import torch, import tutorgpt, and the names
  that chapters use, from tutorgpt import GPT, train;
- step, step_small: tutorgpt train, from the start of the process to the end
  of the first update, with the preset of the chapters and with the small one;
- doctor, ladder, book: what make start does when all is set up and cached,
  with one step of training for each model in place of the preset's; the book
  is built from nothing, in a folder of its own;
- start: the three together.

The text has been read once before. Writes benchmarks/results/waiting.json;
`--rounds N --out FILE` measure more often, and elsewhere.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from scripts.book_source import copy_tree
from tutorgpt.ground.provenance import machine, versions, write_record

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "benchmarks" / "results" / "waiting.json"
FIRST_STEP = """
import os, sys
from torch.optim.optimizer import register_optimizer_step_post_hook
register_optimizer_step_post_hook(lambda *_: os._exit(0))
from tutorgpt.cli import main
sys.exit(f"no step was taken: {main(sys.argv[1:])}")
"""
"""The command itself; it ends with the first update of the weights."""


def timed(command: list[str], folder: Path) -> tuple[float, float]:
    """Seconds on the clock and of the processor that a program took."""
    before, start = os.times(), time.perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        # This checkout's package, wherever it is started.
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    wall, after = time.perf_counter() - start, os.times()
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}:\n{done.stderr[-2000:]}")
    processor = (
        after.children_user
        + after.children_system
        - before.children_user
        - before.children_system
    )
    return wall, processor


def python(text: str, *arguments: str) -> list[str]:
    """The command that runs a few lines."""
    return [sys.executable, "-c", text, *arguments]


def tutorgpt(*arguments: str) -> list[str]:
    """The package's own command."""
    return [sys.executable, "-m", "tutorgpt", *arguments]


def commands(folder: Path) -> dict[str, list[str]]:
    """What is measured, by name; the folder is the programs' to write in."""
    out = ("--out", str(folder / "run"))
    builder = Path(sys.executable).with_name("jupyter-book")
    return {
        "help": tutorgpt("--help"),
        "torch": python("import torch"),
        "tutorgpt": python("import tutorgpt"),
        "everything": python("from tutorgpt import GPT, train"),
        "step": python(FIRST_STEP, "train", "--preset", "chapter", *out),
        "step_small": python(FIRST_STEP, "train", "--preset", "small", *out),
        "doctor": tutorgpt("doctor"),
        "ladder": tutorgpt("ladder", "--steps", "1", *out),
        "book": [str(builder), "build", "book/", "--quiet"],
    }


def fresh(folder: Path) -> None:
    """As before the first program: nothing built, and no run."""
    for name in ("_build", "run"):
        shutil.rmtree(folder / name, ignore_errors=True)


def measure(rounds: int) -> Iterator[tuple[str, dict]]:
    """Each program: the medians, and every time on the clock."""
    with tempfile.TemporaryDirectory() as name:
        folder = copy_tree(Path(name))
        for what, command in commands(folder).items():
            fresh(folder)
            timed(command, folder)  # reads its files for the first time
            taken = []
            for _ in range(rounds):
                fresh(folder)
                taken.append(timed(command, folder))
            wall, processor = zip(*taken, strict=True)
            yield (
                what,
                {
                    "wall": round(statistics.median(wall), 3),
                    "processor": round(statistics.median(processor), 3),
                    "walls": [round(one, 3) for one in wall],
                },
            )


def together(seconds: dict[str, dict]) -> dict[str, float]:
    """make start beside training: its three programs one after another."""
    return {
        clock: round(
            sum(seconds[what][clock] for what in ("doctor", "ladder", "book")),
            3,
        )
        for clock in ("wall", "processor")
    }


def main() -> None:
    """Measure every program and write the record."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args()
    seconds = {}
    for what, taken in measure(asked.rounds):
        seconds[what] = taken
        print(
            f"{what:<10} {taken['wall']:7.2f} s, "
            f"{taken['processor']:7.2f} s of the processor",
            flush=True,
        )
    seconds["start"] = together(seconds)
    ratio = seconds["tutorgpt"]["processor"] / seconds["torch"]["processor"]
    ready = seconds["everything"]["processor"] / seconds["torch"]["processor"]
    print("start      {wall:7.2f} s".format(**seconds["start"]))
    print(f"import tutorgpt: {ratio:.2f} of torch's; with GPT: {ready:.2f}")
    record = {
        "command": f"python benchmarks/waiting.py --rounds {asked.rounds}",
        "machine": machine(),
        "versions": versions(),
        "rounds": asked.rounds,
        "seconds": seconds,
        "of_torch": {
            "tutorgpt": round(ratio, 3),
            "everything": round(ready, 3),
        },
    }
    write_record(asked.out, record)


if __name__ == "__main__":
    main()
