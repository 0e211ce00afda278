"""How much memory does a text need that is larger than memory?

    python benchmarks/big_text.py
    python benchmarks/big_text.py --tokenizer pairs:2048 --gigabytes 0.05 0.5 5

Writes texts of these sizes to a temporary folder, one after another, makes a
token file of each, trains a small model on the last one, and reports the peak
of the resident memory so far after each step, with the seconds it took. The
texts are lines of the plays in an order drawn by chance, and every hundredth
line is of words that occur nowhere else.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from speed import own_peak

from tutorgpt import GPT, LAPTOP, load_corpus, train
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.text.token_file import write_token_file

AT_ONCE = 20_000
"""Lines."""
STRANGE = 100
"""One line in so many has new words."""
STEPS = 300


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python benchmarks/big_text.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--gigabytes", type=float, nargs="+", default=[5.0])
    parser.add_argument("--tokenizer", default="characters")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    sizes = [f"{size:g}" for size in args.gigabytes]
    found = {"at_start": {"peak_mb": own_peak()}}
    with tempfile.TemporaryDirectory() as folder:
        text, tokens = Path(folder, "big.txt"), Path(folder, "big.tokens")
        for name, size in zip(sizes, args.gigabytes, strict=True):
            write_text(text, size * 1e9)
            made = timed(
                lambda: write_token_file(text, tokens, args.tokenizer)
            )
            made |= {"bytes": text.stat().st_size}
            found[f"token_file of {name} GB"] = made
            print(name, "GB", made, flush=True)
        text.unlink()
        found["training"] = timed(lambda: learn(tokens)) | {"steps": STEPS}
    print(found)
    record = {
        "command": f"python benchmarks/big_text.py --gigabytes "
        f"{' '.join(sizes)} --tokenizer {args.tokenizer}",
        "machine": machine(),
        "versions": versions(),
        **found,
    }
    if args.out:
        write_record(args.out, record)
    return 0


def write_text(file: Path, size: float) -> None:
    """A text of at least so many bytes."""
    lines = load_corpus("shakespeare").text.splitlines()
    chance = random.Random(1337)
    with file.open("w", encoding="utf-8") as stream:
        while stream.tell() < size:
            drawn = chance.choices(lines, k=AT_ONCE)
            for place in range(0, AT_ONCE, STRANGE):
                drawn[place] = " ".join(new_words(chance))
            stream.write("\n".join(drawn) + "\n")


def new_words(chance: random.Random) -> list[str]:
    """Eight words of eight letters that nobody has seen."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return ["".join(chance.choices(letters, k=8)) for _ in range(8)]


def learn(tokens: Path) -> None:
    """Train the LAPTOP shape on batches from everywhere in the file."""
    corpus = load_corpus(tokens)
    torch.manual_seed(1337)
    model = GPT(LAPTOP.model(vocab_size=corpus.tokenizer.vocab_size))
    settings = LAPTOP.training(
        max_steps=STEPS, eval_interval=STEPS, measure_first=False
    )
    train(model, corpus, settings)


def timed(what: Callable[[], object]) -> dict[str, float]:
    start = time.perf_counter()
    what()
    seconds = time.perf_counter() - start
    return {"seconds": round(seconds, 1), "peak_mb": own_peak()}


if __name__ == "__main__":
    sys.exit(main())
