"""tutorgpt ladder: six models, one budget, one table."""

import argparse
import json
import os
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from statistics import mean

import torch

from tutorgpt.cli.arguments import add_corpus, one_of, whole_number
from tutorgpt.cli.paths import folder_to_write
from tutorgpt.cli.terminal import counted, labelled, say
from tutorgpt.config import CHAPTER, SMALL, Preset
from tutorgpt.decoding import generate
from tutorgpt.ground.locks import held
from tutorgpt.ground.places import paste, shown, visible
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.ground.watching import shows_progress
from tutorgpt.ground.whole_files import reason, write_whole
from tutorgpt.ladder import LADDER
from tutorgpt.language_model import LanguageModel
from tutorgpt.scaling import count_parameters
from tutorgpt.text.batches import check_enough
from tutorgpt.text.corpus import CORPORA, Corpus, load_corpus
from tutorgpt.text.floors import measure_floors
from tutorgpt.tokens.stream import text_so_far
from tutorgpt.tokens.tokenizer import Tokenizer, default_prompt
from tutorgpt.training.checkpoints import save_checkpoint
from tutorgpt.training.engine.threads import check_threads
from tutorgpt.training.loop import train
from tutorgpt.training.runs import fingerprint

DEFAULT_OUT = Path("results/mine")
PRESETS = {preset.name: preset for preset in (CHAPTER, SMALL)}
"""The presets that six models can be trained with in minutes."""
FIRST_SEED = 1337
EVALUATIONS = 4
SAMPLE_LENGTH = 200
LONGEST_NAME = 200
"""Bytes of a text's name in the names of its results; most file systems
take 255, and the endings come on top."""

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
  A second ladder of the same text replaces the first. Another text of the
  same name gets its own results: ladder_CORPUS-, and 8 characters that
  tell the texts apart.

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
        type=one_of(PRESETS),
        choices=PRESETS,
        default="chapter",
        help="shape and learning rate: chapter, what the chapters train, or "
        "small, which sees 8 characters instead of 32 (default: chapter)",
    )
    parser.add_argument(
        "--out",
        type=folder_to_write,
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
    check_threads(args.threads)
    torch.set_num_threads(args.threads)
    preset = PRESETS[args.preset]
    steps = args.steps or preset.max_steps
    corpus = load_corpus(args.corpus)
    check_enough(len(corpus.val), preset.block_size)
    check_writable(args.out)
    name = choose_name(args.out, corpus, is_named=args.corpus in CORPORA)
    print_budget(corpus, preset, steps, args.seeds)
    if (args.out / f"{name}.json").exists():
        earlier = shown(args.out / f"{name}.json")
        print(labelled("note:", f"replaces the ladder in {earlier}"))
    if not shows_progress():
        print("training all six, a line when each is ready ...", flush=True)
    rungs = []
    record = {
        "command": command(args, steps),
        "machine": machine() | {"threads": args.threads},
        "versions": versions(),
        "corpus": {
            "name": corpus.name,
            "characters": corpus.size,  # or what else its tokens are
            "unit": corpus.tokenizer.UNIT,
            "vocab_size": corpus.tokenizer.vocab_size,
            "fingerprint": fingerprint(corpus),
        },
        "preset": asdict(preset),
        "steps": steps,
        "floors": asdict(measure_floors(corpus)),
        "rungs": rungs,
    }
    folder = args.out / name
    folder.mkdir(exist_ok=True)
    with held(folder):
        try:
            for rung in climb_all(corpus, preset, steps, args.seeds, folder):
                rungs.append(rung)
                if not shows_progress():
                    say(result(rung))
        except KeyboardInterrupt as stopped:
            raise StoppedOnTheLadder(stopped, rungs, folder) from None
        write_record(args.out / f"{name}.json", record)
        draw(record, args.out / f"{name}.svg")
    say(f"{table(record)}\n{samples(record)}")
    written = f"{shown(folder)}.json, {shown(name)}.svg, and a checkpoint per "
    print(labelled("written:", f"{written}model in {shown(folder)}", 9))
    print(labelled("next:", paste("tutorgpt", "sample", folder), 9))
    return 0


class StoppedOnTheLadder(KeyboardInterrupt):
    """What is kept of a ladder that was stopped, and how to go on."""

    def __init__(
        self, stopped: KeyboardInterrupt, rungs: list[dict], folder: Path
    ) -> None:
        self.signal = getattr(stopped, "signal", signal.SIGINT)
        ready = [rung["model"] for rung in rungs]
        said = "stopped before the first model was ready, so none is kept: "
        if ready:
            last = paste("tutorgpt", "sample", folder / ready[-1])
            said = (
                f"stopped; ready and kept in {str(folder)!r}: "
                f"{', '.join(ready)}; let the last one write with {last}, or "
            )
        super().__init__(said + "begin again with the same command")


def choose_name(out: Path, corpus: Corpus, *, is_named: bool) -> str:
    """What the results are called: ladder_, and the name of the text.

    A text of the reader's own that has the name of a corpus, or that of
    another text whose results are there, or a very long one, also gets the
    first digits of its fingerprint. So no text replaces another's results.
    """
    stem = corpus.name
    while len(os.fsencode(stem)) > LONGEST_NAME:
        stem = stem[:-1]
    known = {name.casefold() for name in CORPORA}
    usurps = not is_named and stem.casefold() in known
    plain = f"ladder_{stem}"
    own = f"{plain}-{fingerprint(corpus)[:8]}"
    for name in [own] if usurps or stem != corpus.name else [plain, own]:
        record = out / f"{name}.json"
        if is_free(out, name) or is_ladder_of(corpus, record, is_named):
            return name
    raise ValueError(
        f"{str(out / own) + '.json'!r} is no record of a ladder: move it "
        "away, or choose another folder with --out"
    )


def is_free(out: Path, name: str) -> bool:
    """Whether no file has the name of the results that are to be written."""
    files = (out / f"{name}.json", out / f"{name}.svg")
    folder = out / name
    return not any(file.exists() for file in files) and (
        folder.is_dir() or not folder.exists()
    )


def is_ladder_of(corpus: Corpus, file: Path, is_named: bool) -> bool:
    """Whether a file is the record of an earlier ladder of this text.

    Of a corpus with a name, an older version's text may have been another.
    A record of version 0.1 has no fingerprint; the text's length and its
    vocabulary, or for a corpus the command, must do there.
    """
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        found = record["corpus"]
        if "fingerprint" in found:
            same_name = is_named and found["name"] == corpus.name
            return same_name or found["fingerprint"] == fingerprint(corpus)
        if is_named and f"--corpus {corpus.name} " in record["command"]:
            return True
        size = found["characters"], found["vocab_size"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return size == (corpus.size, corpus.tokenizer.vocab_size)


def climb_all(
    corpus: Corpus, preset: Preset, steps: int, seeds: int, folder: Path
) -> Iterator[dict]:
    """All six models, one after the other, each as soon as it is ready."""
    for rung in LADDER:
        yield climb(rung, corpus, preset, steps, seeds, folder)


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


def write_sample(model: LanguageModel, tokenizer: Tokenizer) -> str:
    """What a model writes after a line break, always the same."""
    start = default_prompt(tokenizer)
    tokens = generate(
        model,
        torch.tensor([tokenizer.encode(start)]),
        SAMPLE_LENGTH,
        generator=torch.Generator().manual_seed(FIRST_SEED),
    )
    return text_so_far(tokenizer, tokens[0].tolist()[1:])


def check_writable(folder: Path) -> None:
    """Learn that nothing can be written there before the training."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OSError(
            f"{str(folder)!r} cannot be written to "
            f"({reason(error)}): choose another folder with --out"
        ) from None


def command(args: argparse.Namespace, steps: int) -> str:
    """The command that repeats this record, without a machine's paths."""
    text = Path(args.corpus).name
    words = ["tutorgpt", "ladder", "--corpus", text, "--preset", args.preset]
    words += ["--steps", str(steps), "--seeds", str(args.seeds)]
    if not args.out.is_absolute():
        words += ["--out", args.out.as_posix()]
    return paste(*words)


def draw(record: dict, path: Path) -> None:
    """The table as a figure."""
    import matplotlib

    matplotlib.use("Agg")  # a file, never a window
    from tutorgpt.view.losses import plot_ladder
    from tutorgpt.view.style import picture

    write_whole(path, picture(plot_ladder(record), words=True).decode())


def print_budget(
    corpus: Corpus, preset: Preset, steps: int, seeds: int
) -> None:
    runs = f"{seeds} {'run' if seeds == 1 else 'runs'} per model"
    unit = corpus.tokenizer.UNIT
    text = (
        f"{shown(corpus.name)}, {corpus.size:,} {unit}s, "
        f"{corpus.tokenizer.vocab_size:,} different"
    )
    budget = (
        f"{counted(steps, 'step')} of {preset.batch_size} x "
        f"{preset.block_size} {unit}s, learning rate "
        f"{preset.learning_rate:g}, {runs}"
    )
    print(labelled("text:", text), labelled("budget:", budget), sep="\n")


def result(rung: dict) -> str:
    """One model's line, for who does not see the bars."""
    losses = [run["val_loss"] for run in rung["runs"]]
    seconds = sum(run["seconds"] for run in rung["runs"])
    return f"{rung['model']:18} loss {mean(losses):.3f} after {seconds:.1f} s"


def table(record: dict) -> str:
    """Floors and rungs, one a line, with the mean loss over the seeds."""
    lines = [
        "",
        f"{'':18}{'parameters':>11}{'loss':>7}{'lowest':>8}{'highest':>8}"
        f"{'seconds':>8}",
    ]
    for floor, loss in record["floors"].items():
        lines.append(f"{'counting: ' + floor:18}{'':11}{loss:7.3f}")
    for rung in record["rungs"]:
        losses = [run["val_loss"] for run in rung["runs"]]
        seconds = mean([run["seconds"] for run in rung["runs"]])
        lines.append(
            f"{rung['model']:18}{rung['parameters']:11,}"
            f"{mean(losses):7.3f}{min(losses):8.3f}{max(losses):8.3f}"
            f"{seconds:8.1f}"
        )
    unit = record["corpus"].get("unit", "character")
    lines.append(f"loss: nats per {unit} on the validation split, exact")
    return "\n".join(lines)


def samples(record: dict) -> str:
    """A few lines from each model, indented under its name."""
    parts = []
    for rung in record["rungs"]:
        lines = [line for line in rung["sample"].splitlines() if line.strip()]
        parts += ["", f"{rung['model']} writes:"]
        parts += [labelled("", visible(line), 2) for line in lines[:3]]
    return "\n".join([*parts, ""])
