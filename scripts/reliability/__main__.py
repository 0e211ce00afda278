"""Run one kind of trials, or all of them and write the record."""

import argparse
import sys
from pathlib import Path
from time import perf_counter

from scripts.reliability import command_lines, corruptions, full_disk, kills
from tutorgpt.ground.provenance import machine, versions, write_record

KINDS = {
    "kills": kills.run,
    "corruptions": corruptions.run,
    "full_disk": full_disk.run,
    "command_lines": command_lines.run,
}
OUT = Path(__file__).resolve().parents[2] / "results" / "reliability.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.reliability")
    parser.add_argument("kind", nargs="?", choices=KINDS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, help="how many trials")
    parser.add_argument("--only", type=int, help="the one of this number")
    args = parser.parse_args()
    chosen = {"count": args.count, "only": args.only}
    given = {name: n for name, n in chosen.items() if n is not None}
    kinds, faults = {}, 0
    for kind in [args.kind] if args.kind else KINDS:
        start = perf_counter()
        tally = KINDS[kind](args.seed, **given)
        print(tally.report(), flush=True)
        print(f"  {perf_counter() - start:.0f} seconds", flush=True)
        faults += len(tally.faults)
        kinds[kind] = {
            "counts": {n.strip(): c for n, c in tally.counts.items()},
            "faults": [str(fault) for fault in tally.faults],
            "seconds": round(perf_counter() - start),
        }
    if not args.kind and not given:
        record = {
            "command": f"python -m scripts.reliability --seed {args.seed}",
            "machine": machine(),
            "versions": versions(),
            "seed": args.seed,
            "kinds": kinds,
        }
        write_record(OUT, record)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
