"""How do time and memory grow with each axis of a model and its batch?

    python benchmarks/growth.py --out benchmarks/results/growth.json
    python benchmarks/growth.py --shape large --vocab-size 6148
    python benchmarks/growth.py --shape laptop --vocab-size 65 --n-layer 8

The first line measures a step of the engine, fp32 on one thread, around one
shape: width, depth, heads, window, batch, vocabulary, dropout and text, one
after the other. It fits the prices of costs.py to all points together, and
checks them at shapes that were not fitted. Processor time is measured in
turns, round after round, and the median counts; a peak of memory is that of
a process of its own which makes three steps. It takes about six minutes.

The others measure nothing: they say what a step of a shape of yours will
take by the record. Another machine has other prices; measure it first, with
an --out of your own, and name that with --record. --pages writes the
record's tables into benchmarks/README.md and the book.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import growth_pages
import torch
from big_text import write_text
from contenders import Step, ours
from costs import fit_all, predict
from shapes import Shape
from speed import own_peak
from torch import nn

from tutorgpt.config import PRESETS, ModelConfig, TrainConfig
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.scaling import GPT, count_parameters
from tutorgpt.text.corpus import load_corpus
from tutorgpt.training.engine.step_loss import build_step_loss

RECORD = Path(__file__).with_name("results") / "growth.json"
ROUNDS = 7
A_TURN = 0.15
"""Seconds of one shape's turn, or one step, if that takes longer."""
LONG = 4.0
"""Seconds of a step that takes part in every third round only."""
PEAKS = 3
"""Processes that measure the memory of a fitted shape."""
MILLIONS = (1, 4, 16)
"""Characters of the texts."""
STEPS_ON_TEXT = 30
VOCABULARY = 69
"""Of a preset that is asked for without one: the plays' characters."""
CHANGES = (
    "vocab_size",
    "block_size",
    "n_embed",
    "n_head",
    "n_layer",
    "dropout",
    "batch_size",
)
"""What may be another number than the preset's."""


@dataclass(frozen=True)
class Point:
    """A shape to measure, and the axis that it lies on."""

    axis: str
    model: ModelConfig
    batch_size: int


CENTRE = ModelConfig(
    vocab_size=512, block_size=64, n_embed=128, n_head=4, n_layer=4
)
BATCH = 16
AXES: dict[str, list[dict]] = {
    "width": [{"n_embed": C, "n_head": C // 32} for C in (32, 64, 192, 256)],
    "depth": [{"n_layer": L} for L in (1, 2, 8)],
    "heads": [{"n_head": H} for H in (2, 8)],
    "window": [{"block_size": T} for T in (16, 32, 128, 256)],
    "batch": [{"batch_size": B} for B in (4, 8, 32, 64)],
    "vocabulary": [{"vocab_size": V} for V in (64, 1000, 2048, 6148, 12288)],
    "corners": [
        {"n_embed": 32, "n_head": 1, "batch_size": 4},
        {"n_embed": 32, "n_head": 1, "vocab_size": 6148},
        {"batch_size": 4, "vocab_size": 6148},
    ],
    "dropout": [
        {"dropout": 0.2} | other
        for other in (
            {},
            {"n_embed": 256, "n_head": 8},
            {"n_head": 8},
            {"block_size": 128},
            {"block_size": 128, "n_head": 8},
            {"block_size": 256, "batch_size": 8},
        )
    ],
}
"""What each fitted point changes of the centre. Two numbers are changed at
once where one axis alone cannot tell two terms apart: the output layer's
logits from its operations, and parameters from the tokens that read them."""


def point(axis: str, batch_size: int = BATCH, **changes) -> Point:
    """The centre, with some of it changed."""
    return Point(axis, replace(CENTRE, **changes), batch_size)


def fitted_points() -> list[Point]:
    """The centre, and all others around it."""
    around = [
        point(axis, **changes)
        for axis, several in AXES.items()
        for changes in several
    ]
    return [point("centre"), *around]


def checked_points() -> list[Point]:
    """Shapes that were not fitted: one between, one below, two beyond."""
    between = {"n_embed": 192, "n_head": 6, "n_layer": 6, "block_size": 96}
    small, large = (
        PRESETS[name].model(vocab_size=6148) for name in ("small", "large")
    )
    return [
        point("between", 24, **between, vocab_size=3000),
        Point("small", small, 32),
        Point("large, batch 8", large, 8),
        Point("large, batch 32", large, 32),
    ]


def main() -> int:
    parser = asking()
    args = parser.parse_args()
    torch.set_num_threads(1)
    if args.alone:
        kind, what = args.alone
        print(json.dumps(ALONE[kind](what)))
    elif args.pages:
        growth_pages.write(read(args.record))
    elif args.shape:
        try:
            model, batch_size = shape_asked(args)
        except ValueError as error:
            parser.error(str(error))
        print(growth_pages.told(read(args.record), model, batch_size))
    elif changes(args):
        parser.error("name the preset to change, such as --shape laptop")
    else:
        record = measured(args.rounds)
        print(growth_pages.summary(record))
        if args.out:
            write_record(args.out, record)
    return 0


def asking() -> argparse.ArgumentParser:
    """What the command line may say."""
    parser = argparse.ArgumentParser(
        prog="python benchmarks/growth.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", type=Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--pages", action="store_true")
    parser.add_argument("--record", type=Path, default=RECORD)
    parser.add_argument("--shape", choices=PRESETS)
    for name in CHANGES:
        kind = float if name == "dropout" else int
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind)
    parser.add_argument("--alone", nargs=2, help=argparse.SUPPRESS)
    return parser


def read(record: Path) -> dict:
    """A record of this program."""
    return json.loads(record.read_text(encoding="utf-8"))


def changes(args: argparse.Namespace) -> dict[str, float]:
    """What the command line changes of a preset's shape."""
    asked = {name: getattr(args, name) for name in CHANGES}
    return {name: value for name, value in asked.items() if value is not None}


def shape_asked(args: argparse.Namespace) -> tuple[ModelConfig, int]:
    """A preset's shape and batch, with what the command line changes."""
    preset, other = PRESETS[args.shape], changes(args)
    batch_size = TrainConfig(
        batch_size=other.pop("batch_size", preset.batch_size)
    ).batch_size
    model = preset.model(vocab_size=other.pop("vocab_size", VOCABULARY))
    return replace(model, **other), batch_size


def measured(rounds: int) -> dict:
    """Everything: all points, the prices, the checks, and texts."""
    fitted, checked = fitted_points(), checked_points()
    both = [*fitted, *checked]
    peaks = [peak_of(each, PEAKS if each in fitted else 1) for each in both]
    seconds = take_turns([step_of(each) for each in both], rounds)
    rows = [
        asdict(each) | {"seconds": taken, "peak_mb": peak}
        for each, taken, peak in zip(both, seconds, peaks, strict=True)
    ]
    prices = fit_all(rows[: len(fitted)])
    text = texts()
    start = text[0]["start_mb"]
    return {
        "command": f"python benchmarks/growth.py --rounds {rounds}",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "start_mb": start,
        "prices": prices,
        "fitted": rows[: len(fitted)],
        "checked": [
            row
            | {"predicted": predict(prices, each.model, each.batch_size)}
            | {"on_paper_mb": start + on_paper(each) / 1e6}
            for row, each in zip(rows[len(fitted) :], checked, strict=True)
        ],
        "text": text,
    }


def step_of(each: Point) -> Step:
    """A training step of the engine, on random tokens."""
    V = each.model.vocab_size
    chance = torch.Generator().manual_seed(1)
    data = torch.randint(V, (200_000,), generator=chance)
    return ours(Shape(each.axis, each.model, each.batch_size, 1), data)


def take_turns(steps: list[Step], rounds: int) -> list[float]:
    """The median seconds of each step, of as many rounds."""
    counts = []
    for step in steps:
        step()  # the first one also makes the optimizer's means
        counts.append(max(1, round(A_TURN / timed(step, 1))))
    taken: list[list[float]] = [[] for _ in steps]
    for number in range(rounds):
        # every other round backwards: nobody always follows the same one
        order = list(enumerate(steps))[:: -1 if number % 2 else 1]
        for place, step in order:
            is_long = taken[place] and taken[place][0] > LONG
            if not (is_long and number % 3):
                taken[place].append(timed(step, counts[place]))
    return [statistics.median(several) for several in taken]


def timed(step: Step, count: int) -> float:
    """Processor seconds of one of so many steps."""
    start = time.process_time()
    for _ in range(count):
        step()
    return (time.process_time() - start) / count


def peak_of(each: Point, times: int) -> float:
    """The median of the peaks of several processes, in megabytes."""
    told = json.dumps(asdict(each))
    peaks = [in_own_process("point", told)["peak_mb"] for _ in range(times)]
    return statistics.median(peaks)


def on_paper(each: Point) -> float:
    """Bytes of parameters and activations, as chapter 6 counts them.

    What is kept for a batch grows evenly with it: two small ones tell.
    """
    torch.manual_seed(0)
    model = GPT(each.model)
    step_loss = build_step_loss(model, TrainConfig())
    one, two = (kept_bytes(model, step_loss, size) for size in (1, 2))
    kept = one + (two - one) * (each.batch_size - 1)
    return 16 * count_parameters(model) + kept


def kept_bytes(model: GPT, step_loss: nn.Module, batch_size: int) -> int:
    """What the way up keeps for backpropagation, without the weights."""
    tokens = torch.zeros(batch_size, model.config.block_size, dtype=torch.long)
    kept = {}

    def weigh(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(weigh, lambda t: t):
        loss = step_loss(tokens, tokens)
    for parameter in model.parameters():
        kept.pop(parameter.untyped_storage().data_ptr(), None)
    assert loss.requires_grad, "the loss should remember how it came about"
    return sum(kept.values())


def texts() -> list[dict]:
    """What reading a text takes, by its length, and a step on it."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for millions in MILLIONS:
            text = Path(folder, f"{millions}.txt")
            write_text(text, millions * 1e6)
            found.append(in_own_process("text", str(text)))
    return found


def in_own_process(kind: str, what: str) -> dict:
    """What a process that does only this finds out about itself."""
    command = [sys.executable, __file__, "--alone", kind, what]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def point_alone(told: str) -> dict[str, float]:
    """The peak of a process that makes three steps."""
    row = json.loads(told)
    row["model"] = ModelConfig(**row["model"])
    step = step_of(Point(**row))
    for _ in range(3):
        step()
    return {"peak_mb": own_peak()}


def text_alone(path: str) -> dict[str, float]:
    """Seconds and peak of reading a text, and the seconds of a step on it."""
    start, before = own_peak(), time.process_time()
    corpus = load_corpus(path)
    taken = time.process_time() - before
    peak = own_peak()
    model = replace(CENTRE, vocab_size=corpus.tokenizer.vocab_size)
    step = ours(Shape("text", model, BATCH, 1), corpus.train)
    timed(step, 3)
    return {
        "characters": corpus.size,
        "seconds": taken,
        "start_mb": start,
        "peak_mb": peak,
        "step_seconds": timed(step, STEPS_ON_TEXT),
    }


ALONE = {"point": point_alone, "text": text_alone}


if __name__ == "__main__":
    sys.exit(main())
