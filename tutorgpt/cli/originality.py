"""tutorgpt originality: how much of what a model writes it has copied."""

import argparse
from typing import TYPE_CHECKING

from tutorgpt.cli.arguments import (
    add_corpus,
    add_seed,
    positive,
    whole_number,
)
from tutorgpt.cli.opening import add_folder, open_model, open_text
from tutorgpt.ground.places import visible

if TYPE_CHECKING:
    from tutorgpt.originality import Beside, Comparison, Stretch

DESCRIPTION = """\
Measure how much of what a trained model writes stands in its training text.

The model writes some texts. Their longest stretch that stands word for word
in the training text is looked for, and the share of their stretches of 8, 16
and 32 characters that do. Any two texts of a kind have some stretches in
common, so as much held-out text, which nobody can have copied, is measured
20 times for comparison.
"""

EPILOG = """\
The same seed writes the same texts and draws the same held-out stretches.

examples:
  tutorgpt originality runs/songci
  tutorgpt originality runs/songci --checkpoint newest --temperature 0.7
  tutorgpt originality runs/mine --samples 50 --tokens 200 --seed 7
"""

SAMPLES, TOKENS = 10, 500
SEED = 1337
MOST = 2**24
"""Characters of a training text that are searched, from its beginning; for
more of them memory would run short."""
MOST_SHOWN = 400
"""Characters of the longest stretch that are shown."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_folder(parser, "the folder of a run, or of one model")
    parser.add_argument(
        "--samples",
        type=whole_number(1),
        metavar="N",
        help=f"texts to write (default: {SAMPLES}, or what half of a short "
        "held-out text is enough for)",
    )
    parser.add_argument(
        "--tokens",
        type=whole_number(1),
        metavar="N",
        help=f"tokens of each text, most often characters (default: {TOKENS}, "
        "or fewer as above)",
    )
    parser.add_argument(
        "--temperature",
        type=positive,
        default=1.0,
        metavar="X",
        help="below 1 bolder, above 1 more varied (default: 1.0)",
    )
    add_seed(parser, f"of texts and stretches (default: {SEED})")
    add_corpus(parser, default=None, note="default: the run's")


def run(args: argparse.Namespace) -> int:
    import torch

    from tutorgpt.originality import compare, written

    torch.set_num_threads(1)  # faster for models this small
    model, tokenizer, chosen = open_model(args.folder, args.checkpoint)
    corpus, own = open_text(args, tokenizer, chosen)
    samples, tokens = how_much(args.samples, args.tokens, len(corpus.val))
    learned = corpus.tokenizer.decode(corpus.train[:MOST].tolist())[:MOST]
    held_out = corpus.tokenizer.decode(corpus.val.tolist())
    seed = SEED if args.seed is None else args.seed
    texts = written(
        model,
        tokenizer,
        samples,
        tokens,
        temperature=args.temperature,
        seed=seed,
    )
    check_lengths(texts, tokens)
    found = compare(texts, learned, held_out, seed=seed)
    total, searched = sum(map(len, texts)), f"{len(learned):,} characters"
    if len(corpus.train) > MOST or len(learned) == MOST:
        searched = f"the first {searched}"
    print(
        f"model:    {visible(chosen.says)}\n"
        f"text:     {visible(corpus.name)}, {searched} {LEARNED[own]}, "
        f"{len(held_out):,} {HELD_OUT[own]}\n"
        f"written:  {len(texts)} texts, {total:,} characters in all, at "
        f"temperature {args.temperature:g}\n\n"
        f"{table(found)}\n\n"
        f"{where(found.stretch, learned, TEXT[own])}\n\n"
        f"{judgement(found, TEXT[own])}"
    )
    return 0


def how_much(
    samples: int | None, tokens: int | None, there: int
) -> tuple[int, int]:
    """How many texts to write, and of how many tokens.

    there: the held-out tokens. What was not asked for is chosen so that half
    of them are enough; with all of them each draw would be the same text.
    Raises ValueError if more is asked for than there is.
    """
    enough = there // 2
    if samples is None:
        samples = max(1, min(SAMPLES, enough // (tokens or 1)))
    if tokens is None:
        tokens = max(1, min(TOKENS, enough // samples))
    if samples * tokens > there:
        raise ValueError(
            f"--samples {samples} of --tokens {tokens} are more than the "
            f"{there:,} held-out tokens to compare with: choose fewer or "
            "shorter ones"
        )
    return samples, tokens


def check_lengths(texts: list[str], tokens: int) -> None:
    """Refuse texts that are shorter than what is looked for in them."""
    from tutorgpt.originality.yardstick import SIZES

    longest, needed = max(map(len, texts)), max(SIZES)
    if longest < needed:
        raise ValueError(
            f"the longest text of {tokens} tokens has {longest} characters, "
            f"and copied stretches of {needed} are looked for: choose a "
            "larger --tokens, or a longer text to train on"
        )


LEARNED = {
    True: "learned from",
    False: "of a text that the model was not trained on",
    None: "of a text that the model may have learned from",
}
HELD_OUT = {True: "held out", False: "at its end", None: "at its end"}
"""What is known of the characters that are compared with."""


TEXT = {True: "the training text", False: "that text", None: "the text"}
"""What is searched."""


def where(stretch: "Stretch", learned: str, text: str) -> str:
    """The longest copied stretch, and where in which text it stands."""
    if not stretch.text:
        return f"Not one character stands in {text}."
    line = learned.count("\n", 0, stretch.place) + 1
    shown = repr(stretch.text[:MOST_SHOWN])
    more = "" if len(stretch.text) <= MOST_SHOWN else " and so on"
    return (
        f"The longest copied stretch, from line {line:,} of {text}:\n"
        f"{shown}{more}"
    )


def table(found: "Comparison") -> str:
    """The model's numbers beside held-out text's: lowest, middle, highest."""
    rows = [("", "model", "held-out text")]
    rows.append(row("longest copied stretch", found.longest, "characters"))
    for n, share in found.shares.items():
        rows.append(row(f"copied stretches of {n}", share, "%"))
    return "\n".join(f"{a:<24}{b:>10}   {c}".rstrip() for a, b, c in rows)


def row(name: str, beside: "Beside", unit: str) -> tuple[str, str, str]:
    """One measure, in words."""
    by, digits = (1, 0) if unit == "characters" else (100, 1)
    own, low, middle, high = (
        f"{by * value:.{digits}f}"
        for value in (beside.own, beside.low, beside.middle, beside.high)
    )
    usual = f"{middle} ({low} to {high}) {unit}"
    return name, f"{own} %" if unit == "%" else own, usual


def judgement(found: "Comparison", text: str) -> str:
    """What the numbers say of which text, and no more than that."""
    measured = [found.longest, *found.shares.values()]
    more = sum(beside.is_more for beside in measured)
    by = f"By {more or 'none'} of the {len(measured)} measures"
    draws = len(found.longest.draws)
    return (
        f"{by} what it writes shares more with {text} than any of "
        f"{draws} draws of held-out text do."
    )
