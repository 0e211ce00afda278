"""tutorgpt sample: let a trained model write."""

import argparse
import sys

import torch

from tutorgpt.cli.arguments import (
    add_greedy_and_seed,
    add_temperature,
    check_greedy,
    seeded,
    share,
    whole_number,
)
from tutorgpt.cli.ladder import DEFAULT_OUT
from tutorgpt.cli.opening import add_folder, open_model, say_which
from tutorgpt.decoding import generate
from tutorgpt.ground.places import visible
from tutorgpt.tokens.stream import text_so_far
from tutorgpt.tokens.tokenizer import check_prompt, default_prompt

DESCRIPTION = """\
Let a trained model write, token by token.

The model is read from a folder that tutorgpt ladder has written, or from
a run of tutorgpt train, of which the best checkpoint is taken. Only the
text goes to the standard output, so it can be piped or kept in a file; in a
terminal its control characters are written out.
"""

EPILOG = """\
The text is drawn at random, so it differs from call to call; --seed makes
it repeatable and --greedy removes chance altogether.

examples:
  tutorgpt sample
  tutorgpt sample --prompt "ROMEO:" --tokens 500 --seed 7
  tutorgpt sample results/mine/ladder_shakespeare/BigramModel
  tutorgpt sample --temperature 0.7 --top-k 10 > verse.txt
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_folder(
        parser,
        "a run's or one model's folder, its file (model.safetensors, by "
        "whatever name), or a folder that holds several, of "
        f"which the newest is read (default: {DEFAULT_OUT.as_posix()})",
        nargs="?",
    )
    parser.add_argument(
        "--prompt",
        metavar="TEXT",
        help="text to continue; a model of characters takes only those that "
        "it has learned (default: a line break)",
    )
    parser.add_argument(
        "--tokens",
        type=whole_number(0),
        default=300,
        metavar="N",
        help="tokens to write, most often characters (default: 300)",
    )
    add_temperature(parser)
    parser.add_argument(
        "--top-k",
        type=whole_number(1),
        metavar="K",
        help="draw among the K likeliest tokens only (default: all)",
    )
    parser.add_argument(
        "--top-p",
        type=share,
        metavar="P",
        help="draw among the likeliest tokens that together have the "
        "probability P (default: all)",
    )
    add_greedy_and_seed(parser)


def run(args: argparse.Namespace) -> int:
    check_greedy(args)
    torch.set_num_threads(1)  # faster for models this small
    model, tokenizer, chosen = open_model(
        args.folder or DEFAULT_OUT, args.checkpoint
    )
    prompt = default_prompt(tokenizer) if args.prompt is None else args.prompt
    check_prompt(tokenizer, prompt, "--prompt")
    generator = seeded(args.seed)
    prompted = torch.tensor([tokenizer.encode(prompt)])
    say_which(chosen)
    tokens = generate(
        model,
        prompted,
        args.tokens,
        temperature=args.temperature,
        top_k=args.top_k,
        top_p=args.top_p,
        greedy=args.greedy,
        generator=generator,
    )
    text = text_so_far(tokenizer, tokens[0].tolist()).lstrip("\n")
    print(visible(text) if sys.stdout.isatty() else text)
    return 0
