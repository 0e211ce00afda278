"""tutorgpt train: train one model, stoppable at any moment."""

import argparse
from pathlib import Path

from tutorgpt.cli.arguments import (
    add_corpus,
    add_seed,
    add_tokenizer,
    device,
    one_of,
    positive,
    whole_number,
)
from tutorgpt.cli.paths import folder_to_read, folder_to_write
from tutorgpt.config import OPTIMIZERS, PRECISIONS, PRESETS
from tutorgpt.training.recipes import RECIPES

DESCRIPTION = """\
Train one model, and keep it in a folder from which it can be continued.

A preset names a model's shape and its budget, a recipe how the budget is
spent: plain is AdamW at one learning rate, as the chapters do it; good is
Muon, a learning rate that climbs and falls, and shortened gradients.
Stopped at any moment, by Ctrl-C, a signal or a power cut, the run goes on
with --resume and ends, to the bit, where it would have ended. With --resume
and more --steps it is trained further: the learning rate climbs and falls
anew, from where the run stands to its new end.
"""

EPILOG = """\
what is written:
  OUT/run.json                the settings
  OUT/checkpoints/step_.../   the newest two checkpoints and the best one
  OUT/history.json            the losses, once the run has ended

what --resume goes on with:
  The run's own settings. Other values may be given of --steps (more than
  before), --eval-interval, --patience, --checkpoint-interval, --device,
  --threads, --log-dir, --shard, --samples, and of --corpus the same text's
  new path.

examples:
  tutorgpt train --preset laptop --corpus songci --out runs/songci
  tutorgpt train --resume runs/songci
  tutorgpt train --resume runs/songci --steps 6000
  tutorgpt train --preset small --recipe good --steps 1000 --out runs/small
  tutorgpt train --corpus songci --tokenizer pairs:2048 --out runs/pieces
  tutorgpt lint-text my-diary.txt   # what to take for a text of yours
  tutorgpt eval runs/songci
  tutorgpt sample runs/songci --prompt 春江
  torchrun --nproc-per-node 2 -m tutorgpt train --out runs/two

exit codes:
  0 done    1 the loss is no number any more; the last good checkpoint stays
  2 input that cannot be used
  130 stopped by Ctrl-C, 143 by SIGTERM; a checkpoint was written
"""

DEFAULT_OUT = Path("runs/latest")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    where = parser.add_argument_group("where")
    where.add_argument(
        "--out",
        type=folder_to_write,
        metavar="FOLDER",
        help=f"begin a run in this folder (default: {DEFAULT_OUT.as_posix()})",
    )
    where.add_argument(
        "--resume",
        type=folder_to_read,
        metavar="FOLDER",
        help="continue the run in this folder, with its own settings; no "
        "other option is needed",
    )
    where.add_argument(
        "--log-dir",
        type=folder_to_write,
        metavar="FOLDER",
        help="write TensorBoard events there (needs tensorboard)",
    )
    where.add_argument(
        "--checkpoint-interval",
        type=whole_number(1),
        metavar="N",
        help="steps between checkpoints (default: as --eval-interval)",
    )
    where.add_argument(
        "--samples",
        nargs="?",
        const="",
        metavar="PROMPT",
        help="show what the model writes from PROMPT (default: a line break) "
        "after 0, 1, 10 and 100 percent of the steps",
    )
    add_what(parser.add_argument_group("what is trained"))
    add_how(parser.add_argument_group("how"))
    add_machine(parser.add_argument_group("on what"))


def add_what(group: argparse._ArgumentGroup) -> None:
    add_corpus(group, default=None)
    add_tokenizer(group)
    group.add_argument(
        "--preset",
        type=one_of(PRESETS),
        choices=PRESETS,
        help="the model's shape and its budget (default: laptop)",
    )
    group.add_argument(
        "--model",
        metavar="CLASS",
        help="a class of the tutorial, such as GPT, ModernGPT, Llama or "
        "BigramModel (default: GPT)",
    )


def add_how(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--recipe",
        type=one_of(RECIPES),
        choices=RECIPES,
        help="plain, good, rare (good with a vocabulary of thousands), or "
        "again (good for a large model and a text read many times); the "
        "options below override it (default: plain)",
    )
    for name, summary in (
        ("steps", "updates of the weights"),
        ("batch-size", "sequences per update"),
        ("eval-interval", "steps between validation losses"),
        ("accumulation", "parts that a batch is computed in, to save memory"),
        ("patience", "stop after N validation losses without a better one"),
    ):
        group.add_argument(
            f"--{name}", type=whole_number(1), metavar="N", help=summary
        )
    group.add_argument(
        "--learning-rate", type=positive, metavar="X", help="the highest one"
    )
    group.add_argument(
        "--optimizer",
        type=one_of(OPTIMIZERS),
        choices=OPTIMIZERS,
        help="the rule of an update",
    )
    add_seed(group, "of the weights and of the batches (default: 1337)")


def add_machine(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--device",
        type=device,
        metavar="NAME",
        help="cpu, cuda or mps (default: cuda where there is one, else cpu)",
    )
    group.add_argument(
        "--precision",
        type=one_of(PRECISIONS),
        choices=PRECISIONS,
        help="bf16 computes in sixteen bits; auto tries which is faster, and "
        "keeps to it (default: fp32)",
    )
    group.add_argument(
        "--threads",
        type=threads,
        metavar="N",
        help="processor threads, or auto to try one and all (default: auto)",
    )
    group.add_argument(
        "--compile",
        action="store_true",
        default=None,
        help="translate the model with torch.compile first; pays on a GPU",
    )
    group.add_argument(
        "--shard",
        action="store_true",
        default=None,
        help="spread the weights over the processes of torchrun (FSDP2)",
    )


def threads(text: str) -> int | str:
    """A number of threads, or auto."""
    return text if text == "auto" else whole_number(1)(text)


def run(args: argparse.Namespace) -> int:
    from tutorgpt.cli.train_run import resume_run, start_run
    from tutorgpt.training.engine.distributed import joined_world

    if args.out and args.resume:
        raise ValueError(
            f"--out {args.out} begins a run and --resume {args.resume} "
            "continues one: choose one of the two"
        )
    with joined_world():
        if args.resume:
            return resume_run(args, args.resume)
        return start_run(args, args.out or DEFAULT_OUT)
