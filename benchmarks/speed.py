"""How fast is a training step, beside named peers, in one process?

    python benchmarks/speed.py
    python benchmarks/speed.py --shapes small --rounds 40
    python benchmarks/speed.py --nanogpt ../nanoGPT \\
        --rasbt ../LLMs-from-scratch --out results/speed.json

All contenders take turns, round after round, so that whatever else the
machine does hits all of them; what counts is the processor time of one
thread, and the median over the rounds of each contender's ratio to the
source text in the same round. Peak memory comes from one process each.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from contenders import MissingError, contenders, tricks
from shapes import SHAPES, Shape

from tutorgpt.ground.provenance import machine, versions, write_record

BASELINE = "source text"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python benchmarks/speed.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--shapes", default=",".join(SHAPES))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument(
        "--tricks",
        action="store_true",
        help="measure what each of the engine's tricks gives, not the peers",
    )
    parser.add_argument("--only", help="names, separated by commas")
    parser.add_argument("--nanogpt", type=Path)
    parser.add_argument("--rasbt", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument(
        "--no-memory", action="store_true", help="measure only speed"
    )
    parser.add_argument("--memory-of", help=argparse.SUPPRESS)
    args = parser.parse_args()
    torch.set_num_threads(1)
    shapes = [SHAPES[name] for name in args.shapes.split(",")]
    if args.memory_of:
        print(peak_memory(args, shapes[0]))
        return 0
    record = {
        "command": f"python benchmarks/speed.py --rounds {args.rounds} "
        + ("--tricks" if args.tricks else "--nanogpt PATH --rasbt PATH"),
        "machine": machine() | {"threads": 1, "amx": has_amx()},
        "versions": versions(),
        "gemm_gflops": {
            "fp32": gemm_speed(torch.float32),
            "bf16": gemm_speed(torch.bfloat16),
        },
        "shapes": {shape.name: measure(args, shape) for shape in shapes},
    }
    if args.out:
        write_record(args.out, record)
    return 0


def steps_of(args: argparse.Namespace, shape: Shape) -> tuple[dict, dict]:
    """Everyone's step, and who is missing and why."""
    data = random_tokens(shape)
    steps, missing = {}, {}
    everyone = contenders(args.nanogpt, args.rasbt)
    if args.tricks:
        everyone = tricks()
    for name, build in everyone.items():
        if args.only and name not in args.only.split(","):
            continue
        try:
            steps[name] = build(shape, data)
        except MissingError as why:
            missing[name] = str(why)
    return steps, missing


def random_tokens(shape: Shape) -> torch.Tensor:
    """A text for a shape's vocabulary; nothing can be learned from it."""
    chance = torch.Generator().manual_seed(1)
    return torch.randint(shape.model.vocab_size, (200_000,), generator=chance)


def measure(args: argparse.Namespace, shape: Shape) -> dict:
    """Time all contenders at one shape and print the table."""
    steps, missing = steps_of(args, shape)
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    first = {name: elapsed(step) for name, step in steps.items()}
    for number in range(args.rounds):
        # every other round backwards: nobody always follows the same one
        order = list(steps)[:: -1 if number % 2 else 1]
        for name in order:
            start = time.process_time()
            for _ in range(shape.steps):
                steps[name]()
            seconds[name].append((time.process_time() - start) / shape.steps)
    peak = gemm_speed(torch.float32) * 1e9
    results = {
        name: {
            "first_step_seconds": first[name],
            "milliseconds": statistics.median(taken) * 1e3,
            "tokens_per_cpu_second": shape.tokens / statistics.median(taken),
            "ratio": statistics.median(
                base / mine
                for base, mine in zip(seconds[BASELINE], taken, strict=True)
            )
            if BASELINE in seconds
            else None,
            "share_of_gemm_peak": shape.flops
            / statistics.median(taken)
            / peak,
            "peak_memory_mb": memory_of(args, shape, name),
        }
        for name, taken in seconds.items()
    }
    print(table(shape, results, missing), flush=True)
    return {"contenders": results, "missing": missing}


def elapsed(step: Callable[[], object]) -> float:
    """Seconds that somebody waits for a step; it may compile something."""
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def memory_of(args: argparse.Namespace, shape: Shape, name: str) -> float:
    """The peak memory of a process that makes three steps."""
    if args.no_memory or args.tricks:
        return float("nan")
    command = [sys.executable, __file__, "--shapes", shape.name]
    command += ["--memory-of", name]
    for option in ("nanogpt", "rasbt"):
        if path := getattr(args, option):
            command += [f"--{option}", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def peak_memory(args: argparse.Namespace, shape: Shape) -> float:
    """What this process needs for one contender, in megabytes."""
    args.only = args.memory_of
    steps, _ = steps_of(args, shape)
    for _ in range(3):
        steps[args.memory_of]()
    return own_peak()


def own_peak() -> float:
    """The most memory this process has held so far, in megabytes."""
    status = Path("/proc/self/status")
    if status.is_file():  # Linux, where ru_maxrss starts at the parent's
        peak = status.read_text().partition("VmHWM:")[2].split()[0]
        return int(peak) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def gemm_speed(dtype: torch.dtype, size: int = 1024) -> float:
    """Billions of operations a second in one large matrix product."""
    a, b = torch.randn(2, size, size).to(dtype)
    taken = []
    for _ in range(12):
        start = time.process_time()
        a @ b
        taken.append(time.process_time() - start)
    return 2 * size**3 / min(taken) / 1e9


def has_amx() -> bool | None:
    """Whether the processor multiplies tiles of bfloat16; None: not known."""
    facts = Path("/proc/cpuinfo")
    return "amx_bf16" in facts.read_text() if facts.is_file() else None


def table(shape: Shape, results: dict, missing: dict) -> str:
    """The results of one shape, a contender a line."""
    lines = [
        f"\n{shape.name}: {shape.batch_size} x {shape.model.block_size} "
        f"tokens a step, vocabulary {shape.model.vocab_size}",
        f"{'':33}{'ms':>9}{'tokens/s':>10}{'ratio':>8}{'of peak':>9}{'MB':>8}",
    ]
    for name, r in results.items():
        ratio = "" if r["ratio"] is None else f"{r['ratio']:.2f}"
        lines.append(
            f"{name:33}{r['milliseconds']:9.2f}"
            f"{r['tokens_per_cpu_second']:10,.0f}{ratio:>8}"
            f"{r['share_of_gemm_peak']:9.1%}{r['peak_memory_mb']:8.0f}"
        )
    lines += [f"{name:33} missing: {why}" for name, why in missing.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
