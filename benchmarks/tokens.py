"""How fast are byte pairs learned and applied, beside named peers?

    python benchmarks/tokens.py
    python benchmarks/tokens.py --minbpe ../minbpe --out results/tokens.json

"whole": all of a text, 2,048 tokens: ours and the library `tokenizers`, which
is written in Rust. "part": the first characters of it and 512 tokens, for
those written in Python too. Everybody cuts words by GPT-2's rule and takes
turns in one process, every other round backwards; what counts is processor
time, and the median, over the rounds, of a contender's time by ours.
Before that, ours and the library's tokens are compared.
"""

import argparse
import importlib
import os
import statistics
import sys
import time
import types
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"

from contenders import MissingError

from tutorgpt import load_corpus
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.tokens import BytePairTokenizer
from tutorgpt.tokens.splitting import WORDS

OURS = "tutorgpt"
TEXTS = ("shakespeare", "songci")
WHOLE, PART = 2_048, 512
PART_CHARACTERS = 50_000
Encode = Callable[[str], list[int]]
Learn = Callable[[str, int], Encode]
"""From a text and a number of tokens to what encodes with them."""


@dataclass(frozen=True)
class Contender:
    """How somebody learns; is_fast: a whole text in seconds."""

    name: str
    load: Callable[[argparse.Namespace], Learn]
    is_fast: bool


def ours(args: argparse.Namespace) -> Learn:
    """This package's class."""
    return lambda text, size: BytePairTokenizer.train(text, size).encode


def library(args: argparse.Namespace) -> Learn:
    """Hugging Face's tokenizers, with one thread."""
    try:
        from tokenizers import Tokenizer, models, trainers
        from tokenizers.pre_tokenizers import ByteLevel
    except ImportError:
        raise MissingError("pip install tokenizers") from None

    def learn(text: str, size: int) -> Encode:
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False)
        trainer = trainers.BpeTrainer(
            vocab_size=size,
            min_frequency=2,
            initial_alphabet=ByteLevel.alphabet(),
            show_progress=False,
        )
        tokenizer.train_from_iterator([text], trainer)
        return lambda text: tokenizer.encode(text).ids

    return learn


def educational(args: argparse.Namespace) -> Learn:
    """The form of tiktoken that is written to be read."""
    try:
        from tiktoken import _educational as tiktoken  # type: ignore
    except ImportError:
        raise MissingError("pip install tiktoken") from None

    def learn(text: str, size: int) -> Encode:
        ranks = tiktoken.bpe_train(text, size, WORDS, visualise=None)
        made = tiktoken.SimpleBytePairEncoding(
            pat_str=WORDS, mergeable_ranks=ranks
        )
        return lambda text: made.encode(text, visualise=None)

    return learn


def minbpe(args: argparse.Namespace) -> Learn:
    """Karpathy's RegexTokenizer, from a checkout."""
    folder = args.minbpe and args.minbpe / "minbpe"
    if not folder or not (folder / "regex.py").is_file():
        raise MissingError("name a checkout with --minbpe PATH")
    # Its __init__ asks for tiktoken, which this class does not need.
    package: Any = types.ModuleType("minbpe")
    package.__path__ = [str(folder)]
    sys.modules["minbpe"] = package
    module = importlib.import_module("minbpe.regex")

    def learn(text: str, size: int) -> Encode:
        tokenizer = module.RegexTokenizer(WORDS)
        tokenizer.train(text, size)
        return tokenizer.encode_ordinary

    return learn


CONTENDERS = (
    Contender(OURS, ours, is_fast=True),
    Contender("tokenizers", library, is_fast=True),
    Contender("tiktoken, educational", educational, is_fast=False),
    Contender("minbpe", minbpe, is_fast=False),
)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python benchmarks/tokens.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--minbpe", type=Path)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    learners, missing = {}, {}
    for contender in CONTENDERS:
        try:
            learners[contender] = contender.load(args)
        except MissingError as why:
            missing[contender.name] = str(why)
    fast = {c.name: learn for c, learn in learners.items() if c.is_fast}
    everyone = {c.name: learn for c, learn in learners.items()}
    found = {}
    for name in TEXTS:
        text = load_corpus(name).text
        part = text[:PART_CHARACTERS]
        found[name] = {
            "whole": race(fast, text, WHOLE, args.rounds),
            "part": race(everyone, part, PART, args.rounds),
        }
        print(table(name, found[name]), flush=True)
    for name, why in missing.items():
        print(f"{name} is missing: {why}")
    record = {
        "command": f"python benchmarks/tokens.py --rounds {args.rounds} "
        "--minbpe PATH",
        "machine": machine() | {"threads": 1},
        "versions": versions() | peers(),
        "texts": found,
        "missing": missing,
    }
    if args.out:
        write_record(args.out, record)
    return 0


def peers() -> dict[str, str]:
    """The versions of those that are installed."""
    found = {}
    for package in ("regex", "tokenizers", "tiktoken"):
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def race(
    learners: dict[str, Learn], text: str, size: int, rounds: int
) -> dict[str, Any]:
    """Everybody's seconds for learning from the text and for encoding it."""
    learning: dict[str, list[float]] = {name: [] for name in learners}
    encoding: dict[str, list[float]] = {name: [] for name in learners}
    lengths = {}
    for number in range(rounds):
        # every other round backwards: nobody always follows the same one
        for name in list(learners)[:: -1 if number % 2 else 1]:
            start = time.process_time()
            encode = learners[name](text, size)
            middle = time.process_time()
            lengths[name] = len(encode(text))
            encoding[name].append(time.process_time() - middle)
            learning[name].append(middle - start)
    if "tokenizers" in learners:
        check_equal(learners, text, size)
    return {
        "characters": len(text),
        "bytes": len(text.encode()),
        "vocab_size": size,
        "tokens": lengths,
        "learning": times(learning),
        "encoding": times(encoding),
    }


def check_equal(learners: dict[str, Learn], text: str, size: int) -> None:
    """What is compared is one work: the same tokens, ours and the library's.

    The others break ties by other rules, so a few of their merges differ.
    """
    mine, theirs = (
        learners[name](text, size)(text) for name in (OURS, "tokenizers")
    )
    if mine != theirs:
        raise SystemExit("the library's tokens are not ours: nothing is shown")


def times(seconds: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    """Medians, and how often each one's time has ours in it."""
    return {
        name: {
            "seconds": statistics.median(taken),
            "of_ours": statistics.median(
                theirs / mine
                for theirs, mine in zip(taken, seconds[OURS], strict=True)
            ),
        }
        for name, taken in seconds.items()
    }


def table(name: str, found: dict[str, Any]) -> str:
    """Seconds, and in brackets each one's time by ours."""
    lines = []
    for what, race in found.items():
        lines.append(
            f"{name}, {what}: {race['characters']:,} characters, "
            f"{race['vocab_size']:,} tokens"
        )
        lines += [
            f"  {who:24}"
            f"learning {race['learning'][who]['seconds']:8.2f} s "
            f"(x {race['learning'][who]['of_ours']:.2f})   "
            f"encoding {race['encoding'][who]['seconds']:8.2f} s "
            f"(x {race['encoding'][who]['of_ours']:.2f})"
            for who in race["learning"]
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
