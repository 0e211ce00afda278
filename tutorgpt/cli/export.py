"""tutorgpt export: a trained model as one web page."""

import argparse

from tutorgpt.cli.opening import add_folder, open_model, say_which
from tutorgpt.cli.paths import add_force, file_to_write, refuse_existing
from tutorgpt.cli.terminal import labelled
from tutorgpt.ground.places import shown

DESCRIPTION = """\
Write a trained model as one web page to play with.

The page holds the model and everything that it needs: it opens in any
browser, without a network and without Python, so it can be sent to a friend.
"""

EPILOG = """\
The models of chapters 5 and 6 and ModernGPT fit, up to 3,000,000 parameters,
whatever they read: characters, bytes or pairs. Their weights are rounded to
16 bits; beyond 1,600,000 to 8, so that no page is larger than 4.5 MB.

examples:
  tutorgpt export results/mine page.html
  tutorgpt export results/mine/ladder_shakespeare/GPT page.html \\
      --title "My first GPT" --prompt "ROMEO:" --force
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_folder(
        parser,
        "a run's or one model's folder, or a folder that holds several, of "
        "which the newest is read",
    )
    parser.add_argument(
        "page",
        type=file_to_write,
        metavar="PAGE.html",
        help="the file to write",
    )
    parser.add_argument(
        "--title",
        metavar="TEXT",
        default="A model to play with",
        help="the page's heading (default: A model to play with)",
    )
    parser.add_argument(
        "--prompt",
        metavar="TEXT",
        help="the text that the page opens with; a model of characters "
        "takes only those that it has learned",
    )
    add_force(parser, "a page")


def run(args: argparse.Namespace) -> int:
    from tutorgpt.tokens.tokenizer import check_prompt
    from tutorgpt.view.playground.page import export_html

    refuse_existing(args.page, force=args.force)
    model, tokenizer, chosen = open_model(args.folder, args.checkpoint)
    if args.prompt is not None:
        check_prompt(tokenizer, args.prompt, "--prompt")
    path = export_html(
        model, tokenizer, args.page, title=args.title, prompt=args.prompt
    )
    say_which(chosen)
    size = path.stat().st_size / 1e6
    said = f"{shown(path)}: {size:.1f} MB; open it in a browser"
    print(labelled("", said, 0))
    return 0
