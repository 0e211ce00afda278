"""How much memory does a text need that is larger than memory?

    python benchmarks/big_text.py --gigabytes 5

Writes such a text to a temporary folder, makes a token file of it, trains a
small model on that, and reports the peak of the resident memory so far after
each of the two, with the seconds they took.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import torch
from speed import own_peak

from tutorgpt import GPT, LAPTOP, load_corpus, train
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.text.token_file import write_token_file

LINE = "The quick brown fox jumps over the lazy dog, 春江潮水連海平.\n"
AT_ONCE = LINE * 20_000
STEPS = 300


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python benchmarks/big_text.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--gigabytes", type=float, default=5.0)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "big.txt"
        size = write_text(text, args.gigabytes * 1e9)
        found = {"bytes": size, "at_start": {"peak_mb": own_peak()}}
        tokens = Path(folder) / "big.tokens"
        found["token_file"] = timed(lambda: write_token_file(text, tokens))
        found["training"] = timed(lambda: learn(tokens)) | {"steps": STEPS}
    for name, value in found.items():
        print(name, value)
    record = {
        "command": f"python benchmarks/big_text.py --gigabytes "
        f"{args.gigabytes:g}",
        "machine": machine(),
        "versions": versions(),
        **found,
    }
    if args.out:
        write_record(args.out, record)
    return 0


def write_text(file: Path, size: float) -> int:
    """A text of at least so many bytes; returns how many it has."""
    with file.open("w", encoding="utf-8") as stream:
        while file.stat().st_size < size:
            stream.write(AT_ONCE)
    return file.stat().st_size


def learn(tokens: Path) -> None:
    """Train the LAPTOP shape on batches from everywhere in the file."""
    corpus = load_corpus(tokens)
    torch.manual_seed(1337)
    model = GPT(LAPTOP.model(vocab_size=corpus.tokenizer.vocab_size))
    settings = LAPTOP.training(
        max_steps=STEPS, eval_interval=STEPS, measure_first=False
    )
    train(model, corpus, settings)


def timed(what) -> dict:
    start = time.perf_counter()
    what()
    seconds = time.perf_counter() - start
    return {"seconds": round(seconds, 1), "peak_mb": own_peak()}


if __name__ == "__main__":
    sys.exit(main())
