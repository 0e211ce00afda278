"""tutorgpt eval: how wrong a trained model is, exactly."""

import argparse
import math
from pathlib import Path

from tutorgpt.cli.arguments import add_corpus

DESCRIPTION = """\
Measure a trained model's exact loss on its validation split.

Every character of the last tenth of the text counts once. Of a run, the
checkpoint with the lowest loss is measured.
"""

EPILOG = """\
examples:
  tutorgpt eval runs/songci
  tutorgpt eval runs/songci --corpus my-poems.txt
  tutorgpt eval results/mine/ladder_shakespeare/GPT --corpus shakespeare
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder",
        type=Path,
        metavar="RUN_FOLDER",
        help="the folder of a run, or of one model",
    )
    add_corpus(
        parser,
        default=None,
        note="with no other characters; default: the run's",
    )


def run(args: argparse.Namespace) -> int:
    import torch

    from tutorgpt.text.corpus import load_corpus
    from tutorgpt.training.checkpoints import load_checkpoint
    from tutorgpt.training.loss import exact_loss
    from tutorgpt.training.runs import RunSettings, find_checkpoint, is_run

    folder = find_checkpoint(args.folder)
    model, tokenizer = load_checkpoint(folder)
    name = args.corpus
    if name is None:
        if not is_run(args.folder):
            raise ValueError(
                f"{str(args.folder)!r} does not say what text it learned "
                "from: name it with --corpus"
            )
        name = RunSettings.read(args.folder).corpus
    corpus = load_corpus(name)
    val = corpus.val
    if corpus.tokenizer != tokenizer:
        text = corpus.tokenizer.decode(val.tolist())
        val = torch.tensor(tokenizer.encode(text))
    loss = exact_loss(model, val)
    print(
        f"model:      {folder}\n"
        f"text:       {corpus.name}, {len(val):,} characters held out\n"
        f"loss:       {loss:.4f} nats per character\n"
        f"            {loss / math.log(2):.4f} bits per character\n"
        f"perplexity: {math.exp(loss):.2f}"
    )
    return 0
