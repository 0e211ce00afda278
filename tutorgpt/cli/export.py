"""tutorgpt export: a trained model as a web page, or for other programs."""

import argparse
from pathlib import Path

from tutorgpt.cli.arguments import one_of
from tutorgpt.cli.opening import add_folder, open_model, say_which
from tutorgpt.cli.paths import (
    add_force,
    checked,
    file_to_write,
    folder_to_write,
    place_to_write,
    refuse_existing,
)
from tutorgpt.cli.terminal import labelled
from tutorgpt.ground.places import shown, weights_folder
from tutorgpt.ground.whole_files import check_no_device
from tutorgpt.language_model import LanguageModel
from tutorgpt.tokens.tokenizer import Tokenizer

DESCRIPTION = """\
Write a trained model as one web page to play with, or for other programs.

The page holds the model and everything that it needs: it opens in any
browser, without a network and without Python, so it can be sent to a friend.
"""

EPILOG = """\
The models of chapters 5 and 6 and ModernGPT fit on a page, up to 3,000,000
parameters, whatever they read: characters, bytes or pairs. Their weights are
rounded to 16 bits; beyond 1,600,000 to 8, so that no page is larger than
4.5 MB.

for other programs, with all digits of the weights:
  transformers  a folder that AutoModelForCausalLM and AutoTokenizer of the
                library transformers read: a GPT in the shape of GPT-2
  safetensors   one file: the weights by their names, and in its metadata
                the model's shape and its tokenizer
  onnx          one file: what the model computes, for onnxruntime and
                others; needs the extra [models]

examples:
  tutorgpt export results/mine page.html
  tutorgpt export results/mine/ladder_shakespeare/GPT page.html \\
      --title "My first GPT" --prompt "ROMEO:" --force
  tutorgpt export results/mine my-gpt --to transformers
  tutorgpt export results/mine my-gpt.onnx --to onnx
"""

PAGE, FOLDER, WEIGHTS, ONNX = "page", "transformers", "safetensors", "onnx"
FORMS = (PAGE, FOLDER, WEIGHTS, ONNX)
ENDINGS = {".html": PAGE, ".safetensors": WEIGHTS, ".onnx": ONNX}
"""Names that would mislead if something else were in the file."""
TITLE = "A model to play with"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_folder(
        parser,
        "a run's or one model's folder, its file, or a folder that holds "
        "several, of "
        "which the newest is read",
    )
    parser.add_argument(
        "place",
        type=place_to_write,
        metavar="PAGE.html",
        help="the file to write; with --to transformers, a new folder",
    )
    parser.add_argument(
        "--to",
        type=one_of(FORMS),
        choices=FORMS,
        default=PAGE,
        help="what to write (default: page)",
    )
    parser.add_argument(
        "--title",
        metavar="TEXT",
        help=f"the page's heading (default: {TITLE})",
    )
    parser.add_argument(
        "--prompt",
        metavar="TEXT",
        help="the text that the page opens with; a model of characters "
        "takes only those that it has learned",
    )
    add_force(parser, "a page, a file or an exported folder")


def run(args: argparse.Namespace) -> int:
    place = checked_place(args)
    model, tokenizer, chosen = open_model(args.folder, args.checkpoint)
    said = write(args, place, model, tokenizer)
    say_which(chosen)
    print(labelled("", said, 0))
    return 0


def checked_place(args: argparse.Namespace) -> Path:
    """Where to write, once nothing speaks against it."""
    for name in ("title", "prompt"):
        if args.to != PAGE and getattr(args, name) is not None:
            raise ValueError(
                f"--{name} is for a page: leave it out, or leave out --to "
                f"{args.to}"
            )
    place = args.place
    form = ENDINGS.get(place.suffix.lower(), args.to)
    if form != args.to:
        raise ValueError(
            f"{str(place)!r} ends like what --to {form} writes, not --to "
            f"{args.to}: write --to {form}, or choose another name"
        )
    place = checked(
        folder_to_write if args.to == FOLDER else file_to_write, place
    )
    if args.to != PAGE:
        check_other(args.to, place, force=args.force)
    refuse_existing(place, force=args.force)
    return place


def check_other(form: str, place: Path, *, force: bool) -> None:
    """Refuse what speaks against another form than a page."""
    from tutorgpt.pretrained.onnx_file import check_onnx
    from tutorgpt.pretrained.outgoing import check_free, is_ours

    weights_folder(place)  # other programs open no other names either
    check_no_device(place)
    if form == ONNX:
        check_onnx()
    if form == FOLDER and is_ours(place) and not force:
        raise ValueError(
            f"there is an exported folder {str(place)!r} already: name "
            "another one, or replace it with --force"
        )
    if form == FOLDER:
        check_free(place, replace=force)


def write(
    args: argparse.Namespace,
    place: Path,
    model: LanguageModel,
    tokenizer: Tokenizer,
) -> str:
    """Write the model; what to say of it."""
    if args.to == FOLDER:
        from tutorgpt.pretrained.outgoing import to_transformers

        to_transformers(model, place, tokenizer, replace=args.force)
        return f"{shown(place)}: open it with from_pretrained of transformers"
    if args.to == WEIGHTS:
        from tutorgpt.training.checkpoints import write_model

        write_model(place, model, tokenizer)
        return f"{shown(place)}: {size(place)}; its metadata tell the rest"
    if args.to == ONNX:
        from tutorgpt.pretrained.onnx_file import to_onnx

        to_onnx(model, place, tokenizer)
        longest = model.config.block_size
        return f"{shown(place)}: {size(place)}; reads {longest} tokens at most"
    from tutorgpt.tokens.tokenizer import check_prompt
    from tutorgpt.view.playground.page import export_html

    if args.prompt is not None:
        check_prompt(tokenizer, args.prompt, "--prompt")
    title = TITLE if args.title is None else args.title
    export_html(model, tokenizer, place, title=title, prompt=args.prompt)
    return f"{shown(place)}: {size(place)}; open it in a browser"


def size(file: Path) -> str:
    return f"{file.stat().st_size / 1e6:.1f} MB"
