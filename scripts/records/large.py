"""Records what LARGE learns of the Song ci: losses, poems, what is copied.

    python scripts/records/large.py                       # on this processor
    python scripts/records/large.py --model ModernGPT --seed 1338
    python scripts/records/large.py --device cuda --compile
    python scripts/records/large.py --preset small --precision fp32
    python scripts/records/large.py --measure             # trains nothing

The run lies in runs/PRESET_MODEL_SEED, can be stopped at any moment and goes
on when the command is given again; what it has measured by then is written
down. ModernGPT is here what it was in the record:
`scripts/earlier_modern.py`, of which the package reads no checkpoints.
Writes results/large_songci.json, or small_songci.json: one row a model, seed
and device, replaced if it is run anew, with the yardstick of chapter 10 for
twenty longer texts; and the same for the last poems of all seeds together.
"""

import argparse
import json
import shlex
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import torch

from scripts.earlier_modern import earlier_modern
from scripts.records.originality import told
from tutorgpt import (
    LARGE,
    SMALL,
    count_parameters,
    generate,
    load_corpus,
    train,
)
from tutorgpt.cli.arguments import device
from tutorgpt.config import PRECISIONS, ModelConfig, TrainConfig
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.language_model import LanguageModel
from tutorgpt.originality import TextIndex, compare, written
from tutorgpt.text.corpus import Corpus
from tutorgpt.training.checkpoints import MODELS
from tutorgpt.training.recipes import again, rare
from tutorgpt.training.signals import Stopped
from tutorgpt.training.state import TrainingState

ROOT = Path(__file__).resolve().parents[2]
BATCH = 32
RUNS = {"large": (LARGE, 2000, 20, again), "small": (SMALL, 5000, 5, rare)}
"""By the preset's name: the shape, its steps, how often the held-out loss is
measured, and the recipe that won."""
MOMENTS = (0.0, 0.01, 0.1, 0.5, 1.0)
PROMPT, LENGTH, SAMPLE_SEED = "浣溪沙 ", 120, 1337
TEXTS, TOKENS = 20, 250
SIZES = (4, 8, 16)
"""Characters in a row: a character is a word here, and a line often 7."""
KINDS: dict[str, Callable[[ModelConfig], LanguageModel]] = {
    **MODELS,
    "ModernGPT": earlier_modern,
}


def settings(args: argparse.Namespace) -> TrainConfig:
    """The budget and the recipe of a preset."""
    preset, steps, times, recipe = RUNS[args.preset]
    steps = args.steps or steps
    plan = preset.training(
        max_steps=steps,
        batch_size=BATCH,
        eval_interval=max(1, steps // times),
        seed=args.seed,
        precision=args.precision,
        compile=args.compile,
        fast_dropout=args.device == "cpu",
        threads="auto",
    )
    return recipe(plan)


class Poems:
    """What the model writes from one prompt at five moments of the run."""

    def __init__(self, file: Path, state: TrainingState, corpus: Corpus):
        self.file, self.state, self.corpus = file, state, corpus
        steps = state.config.max_steps
        self.moments = {round(share * steps) for share in MOMENTS}
        self.written: dict[str, str] = {}
        if file.is_file():  # of a run that goes on
            self.written = json.loads(file.read_text(encoding="utf-8"))
        self()

    def __call__(self) -> None:
        step = self.state.step
        if step in self.moments and str(step) not in self.written:
            text = poem(self.state.model, self.corpus)
            self.written[str(step)] = text
            self.file.parent.mkdir(parents=True, exist_ok=True)
            write_record(self.file, self.written)


def poem(model: LanguageModel, corpus: Corpus) -> str:
    """The prompt and what follows, drawn from one seed."""
    where = next(model.parameters()).device
    tokens = torch.tensor([corpus.tokenizer.encode(PROMPT)], device=where)
    generator = torch.Generator(where).manual_seed(SAMPLE_SEED)
    written = generate(model, tokens, LENGTH, generator=generator)
    return corpus.tokenizer.decode(written[0].tolist())


def study(args: argparse.Namespace) -> dict:
    """Train one model, or go on with it; everything the row holds."""
    corpus = load_corpus("songci")
    torch.manual_seed(args.seed)
    preset, *_ = RUNS[args.preset]
    shape = preset.model(vocab_size=corpus.tokenizer.vocab_size)
    model = KINDS[args.model](shape).to(args.device)
    config = settings(args)
    folder = ROOT / "runs" / f"{args.preset}_{args.model}_{args.seed}"
    poems = folder.with_name(f"{folder.name}_poems.json")
    states = []

    def watch(state: TrainingState, text: Corpus) -> Callable[[], None]:
        states.append(state)
        return Poems(poems, state, text)

    with suppress(Stopped):  # what was measured by then is a record, too
        train(model, corpus, config, out=folder, watch=watch)
    history = states[0].history
    where = machine()
    if args.device == "cuda":
        where["gpu"] = torch.cuda.get_device_name()
    return {
        "model": args.model,
        "parameters": count_parameters(model),
        "seed": args.seed,
        "device": args.device,
        "command": shlex.join(["python", "scripts/records/large.py", *ARGV]),
        "machine": where,
        "versions": versions(),
        "shape": asdict(shape),
        "training": asdict(config),
        "best": round(history.best.val_loss, 4),
        "last": round(history.val_loss, 4),
        "minutes": round(history.records[-1].seconds / 60, 2),
        "losses": [
            {
                "step": record.step,
                "tokens": record.tokens,
                "train": record.train_loss and round(record.train_loss, 4),
                "held_out": round(record.val_loss, 4),
                "minutes": round(record.seconds / 60, 2),
            }
            for record in history.records
        ],
        "poems": json.loads(poems.read_text(encoding="utf-8")),
        "originality": shared(
            written(model.cpu(), corpus.tokenizer, TEXTS, TOKENS), corpus
        ),
    }


def shared(texts: list[str], corpus: Corpus) -> dict:
    """What texts have in common with the training text, and what is usual."""
    learned, held_out = (
        corpus.tokenizer.decode(part.tolist())
        for part in (corpus.train, corpus.val)
    )
    found = compare(texts, TextIndex(learned), held_out, sizes=SIZES)
    return {
        "texts": len(texts),
        "characters": sum(map(len, texts)),
        "longest": told(found.longest),
        "shares": {n: told(share) for n, share in found.shares.items()},
        "stretch": found.stretch.text,
    }


def last_poems(runs: list[dict], corpus: Corpus) -> dict[str, dict]:
    """The same of what every model's seeds wrote last, without the prompt."""
    poems: dict[str, list[str]] = {}
    for run in runs:
        last = str(run["training"]["max_steps"])
        if last in run["poems"]:
            text = run["poems"][last].removeprefix(PROMPT)
            poems.setdefault(run["model"], []).append(text)
    return {model: shared(texts, corpus) for model, texts in poems.items()}


ARGV = sys.argv[1:]


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", choices=RUNS, default="large")
    parser.add_argument("--model", choices=KINDS, default="GPT")
    parser.add_argument("--seed", type=int, default=1337)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--device", type=device, default="cpu")
    parser.add_argument("--precision", choices=PRECISIONS, default="bf16")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--record", type=Path)
    return parser.parse_args()


def main() -> None:
    """Train, and put the row where the earlier one of its kind stood."""
    args = parse()
    out = args.record or ROOT / "results" / f"{args.preset}_songci.json"
    record = {"corpus": "songci", "prompt": PROMPT, "runs": []}
    if out.is_file():
        record = json.loads(out.read_text(encoding="utf-8"))
    if not args.measure:
        row = study(args)
        mine = ("model", "seed", "device")
        record["runs"] = [
            other
            for other in record["runs"]
            if any(other[key] != row[key] for key in mine)
        ] + [row]
        print(args.model, args.seed, "best", row["best"], row["minutes"])
    record["last_poems"] = last_poems(record["runs"], load_corpus("songci"))
    write_record(out, record)


if __name__ == "__main__":
    main()
