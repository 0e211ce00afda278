"""tutorgpt ladder: six models, one budget, one table."""

import argparse
import shlex
import tempfile
from dataclasses import asdict
from pathlib import Path

import torch

from tutorgpt.cli.arguments import add_corpus, whole_number
from tutorgpt.config import CHAPTER, SMALL, Preset
from tutorgpt.decoding import generate
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.ground.watching import shows_progress
from tutorgpt.ground.whole_files import write_whole
from tutorgpt.ladder import LADDER
from tutorgpt.language_model import LanguageModel
from tutorgpt.scaling import count_parameters
from tutorgpt.text.batches import check_enough
from tutorgpt.text.corpus import Corpus, load_corpus
from tutorgpt.text.floors import measure_floors
from tutorgpt.tokens.characters import CharTokenizer
from tutorgpt.training.checkpoints import save_checkpoint
from tutorgpt.training.loop import train

DEFAULT_OUT = Path("results/mine")
PRESETS = {preset.name: preset for preset in (CHAPTER, SMALL)}
"""The presets that six models can be trained with in minutes."""
FIRST_SEED = 1337
EVALUATIONS = 4
SAMPLE_LENGTH = 200

DESCRIPTION = """\
Train all six models with one budget and compare their losses.

Every rung of the ladder, from the bigram to the GPT, learns from the same
text with the same number of steps. The table shows what each one reaches on
the validation split (exact: every character counts once, in nats) beside
what counting alone reaches: every character equally likely (uniform), as
often as in the text (unigram), as often as after the one before it
(bigram). Then every model writes a few lines.
"""

EPILOG = f"""\
what is written:
  OUT/ladder_CORPUS.json     the losses, with machine, versions and command
  OUT/ladder_CORPUS.svg      the figure
  OUT/ladder_CORPUS/MODEL/   one checkpoint per model, for tutorgpt sample
  OUT is {DEFAULT_OUT.as_posix()}, which git ignores. The record that the
  book shows lies in results/ itself and is made with --out results.

one thread:
  These models are so small that handing work between threads costs more
  than it saves: on a shared machine one thread is 3 to 10 times faster.

examples:
  tutorgpt ladder                              about two minutes
  tutorgpt ladder --steps 200                  a first look in 20 seconds
  tutorgpt ladder --corpus songci --preset small
  tutorgpt ladder --corpus my-diary.txt --seeds 3
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_corpus(parser)
    parser.add_argument(
        "--steps",
        type=whole_number(1),
        metavar="N",
        help="updates of the weights per model (default: the preset's own, "
        f"{CHAPTER.max_steps} for chapter, {SMALL.max_steps} for small)",
    )
    parser.add_argument(
        "--seeds",
        type=whole_number(1),
        default=1,
        metavar="K",
        help="train every model K times, from different random numbers, to "
        "see how much chance decides (default: 1)",
    )
    parser.add_argument(
        "--preset",
        choices=PRESETS,
        default="chapter",
        help="shape and learning rate: chapter, what the chapters train, or "
        "small, which sees 8 characters instead of 32 (default: chapter)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=DEFAULT_OUT,
        metavar="FOLDER",
        help=f"where to write (default: {DEFAULT_OUT.as_posix()})",
    )
    parser.add_argument(
        "--threads",
        type=whole_number(1),
        default=1,
        metavar="N",
        help="processor threads for the arithmetic (default: 1)",
    )


def run(args: argparse.Namespace) -> int:
    torch.set_num_threads(args.threads)
    preset = PRESETS[args.preset]
    steps = args.steps or preset.max_steps
    check_writable(args.out)
    corpus = load_corpus(args.corpus)
    check_enough(len(corpus.val), preset.block_size)
    name = f"ladder_{corpus.name}"
    print_budget(corpus, preset, steps, args.seeds)
    record = {
        "command": command(args, steps),
        "machine": machine() | {"threads": args.threads},
        "versions": versions(),
        "corpus": {
            "name": corpus.name,
            "characters": len(corpus.text),
            "vocab_size": corpus.tokenizer.vocab_size,
        },
        "preset": asdict(preset),
        "steps": steps,
        "floors": asdict(measure_floors(corpus)),
        "rungs": [
            climb(rung, corpus, preset, steps, args.seeds, args.out / name)
            for rung in LADDER
        ],
    }
    write_record(args.out / f"{name}.json", record)
    draw(record, args.out / f"{name}.svg")
    print(table(record), samples(record), sep="\n")
    print(
        f"written: {args.out / name}.json, {name}.svg, and a checkpoint per "
        f"model in {args.out / name}\n"
        f"next:    tutorgpt sample {shlex.quote(str(args.out / name))}"
    )
    return 0


def climb(
    rung: type[LanguageModel],
    corpus: Corpus,
    preset: Preset,
    steps: int,
    seeds: int,
    folder: Path,
) -> dict:
    """Train one model once per seed; the first run is kept and sampled."""
    shape = preset.model(vocab_size=corpus.tokenizer.vocab_size)
    parameters, sample, runs = 0, "", []
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        torch.manual_seed(seed)
        model = rung(shape)
        settings = preset.training(
            max_steps=steps,
            eval_interval=max(1, steps // EVALUATIONS),
            seed=seed,
        )
        history = train(model, corpus, settings)
        runs.append(
            {
                "seed": seed,
                "val_loss": history.val_loss,
                "train_loss": history.train_loss,
                "seconds": history.records[-1].seconds,
                "history": history.to_list(),
            }
        )
        if seed == FIRST_SEED:
            parameters = count_parameters(model)
            sample = write_sample(model, corpus.tokenizer)
            save_checkpoint(folder / rung.__name__, model, corpus.tokenizer)
    return {
        "model": rung.__name__,
        "parameters": parameters,
        "sample": sample,
        "runs": runs,
    }


def write_sample(model: LanguageModel, tokenizer: CharTokenizer) -> str:
    """What a model writes after a line break, always the same."""
    start = "\n" if "\n" in tokenizer.characters else tokenizer.characters[0]
    tokens = generate(
        model,
        torch.tensor([tokenizer.encode(start)]),
        SAMPLE_LENGTH,
        generator=torch.Generator().manual_seed(FIRST_SEED),
    )
    return tokenizer.decode(tokens[0].tolist()[1:])


def check_writable(folder: Path) -> None:
    """Learn that nothing can be written there before the training."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OSError(
            f"{str(folder)!r} cannot be written to "
            f"({error.strerror}): choose another folder with --out"
        ) from None


def command(args: argparse.Namespace, steps: int) -> str:
    """The command that repeats this record, without a machine's paths."""
    words = ["tutorgpt", "ladder", "--corpus", Path(args.corpus).name]
    words += ["--preset", args.preset, "--steps", str(steps)]
    words += ["--seeds", str(args.seeds)]
    if not args.out.is_absolute():
        words += ["--out", args.out.as_posix()]
    return shlex.join(words)


def draw(record: dict, path: Path) -> None:
    """The table as a figure."""
    import matplotlib

    matplotlib.use("Agg")  # a file, never a window
    from tutorgpt.view.losses import plot_ladder
    from tutorgpt.view.style import picture

    write_whole(path, picture(plot_ladder(record), "svg").decode())


def print_budget(
    corpus: Corpus, preset: Preset, steps: int, seeds: int
) -> None:
    print(
        f"text:   {corpus.name}, {len(corpus.text):,} characters, "
        f"{corpus.tokenizer.vocab_size:,} different\n"
        f"budget: {steps:,} steps of {preset.batch_size} x "
        f"{preset.block_size} characters, learning rate "
        f"{preset.learning_rate:g}, {seeds} "
        f"{'run' if seeds == 1 else 'runs'} per model",
        flush=True,
    )
    if not shows_progress():
        print("training all six, in silence ...", flush=True)


def table(record: dict) -> str:
    """Floors and rungs, one a line, with the mean loss over the seeds."""
    lines = [
        "",
        f"{'':20}{'parameters':>12}{'loss':>9}{'lowest':>9}{'highest':>9}"
        f"{'seconds':>9}",
    ]
    for floor, loss in record["floors"].items():
        lines.append(f"{'counting: ' + floor:20}{'':12}{loss:9.3f}")
    for rung in record["rungs"]:
        losses = [run["val_loss"] for run in rung["runs"]]
        seconds = sum(run["seconds"] for run in rung["runs"]) / len(losses)
        lines.append(
            f"{rung['model']:20}{rung['parameters']:12,}"
            f"{sum(losses) / len(losses):9.3f}"
            f"{min(losses):9.3f}{max(losses):9.3f}{seconds:9.1f}"
        )
    lines.append("loss: nats per character on the validation split, exact")
    return "\n".join(lines)


def samples(record: dict) -> str:
    """A few lines from each model, indented under its name."""
    parts = []
    for rung in record["rungs"]:
        lines = [line for line in rung["sample"].splitlines() if line.strip()]
        parts += ["", f"{rung['model']} writes:"]
        parts += [f"  {line}" for line in lines[:3]]
    return "\n".join([*parts, ""])
