"""What tutorgpt train does once its options are known."""

import argparse
import os
from dataclasses import replace
from pathlib import Path

import torch

from tutorgpt.config import PRESETS, Preset, TrainConfig
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.corpus import Corpus, load_corpus
from tutorgpt.training.checkpoints import MODELS
from tutorgpt.training.engine.distributed import current_world
from tutorgpt.training.history import History
from tutorgpt.training.loop import train
from tutorgpt.training.recipes import RECIPES
from tutorgpt.training.runs import (
    RunFolder,
    RunSettings,
    fingerprint,
    is_run,
)

CHANGES = {
    "steps": "max_steps",
    "batch_size": "batch_size",
    "learning_rate": "learning_rate",
    "eval_interval": "eval_interval",
    "seed": "seed",
    "optimizer": "optimizer",
    "precision": "precision",
    "accumulation": "accumulation",
    "patience": "patience",
    "threads": "threads",
}
"""Options that change a field of TrainConfig, and which one."""


def start_run(args: argparse.Namespace, folder: Path) -> int:
    """Begin a run in a folder that holds none yet."""
    if is_run(folder):
        if was_restarted():
            return resume_run(folder)
        raise ValueError(
            f"there is a run in {str(folder)!r} already: continue it with "
            f"tutorgpt train --resume {folder}, or choose another --out"
        )
    corpus = load_corpus(args.corpus)
    settings = choose_settings(args, corpus)
    check_model(settings.model)
    current_world().wait()  # everyone has looked before anyone writes
    if current_world().is_first:
        settings.write(folder)
    return train_in(folder, settings, corpus)


def resume_run(folder: Path) -> int:
    """Continue the run in a folder."""
    settings = RunSettings.read(folder)
    corpus = load_corpus(settings.corpus)
    if fingerprint(corpus) != settings.fingerprint:
        raise ValueError(
            f"the text of {settings.corpus!r} is not the one that the run "
            f"in {str(folder)!r} began with: put the old text back, or "
            "begin another run"
        )
    return train_in(folder, settings, corpus)


def was_restarted() -> bool:
    """Whether torchrun has started these processes again after a failure.

    A computer counts only its own restarts, so all are asked.
    """
    restarts = float(os.environ.get("TORCHELASTIC_RESTART_COUNT", "0"))
    return current_world().mean(torch.tensor(restarts)).item() > 0


def choose_settings(args: argparse.Namespace, corpus: Corpus) -> RunSettings:
    """The preset, then the recipe, then the single options."""
    preset = PRESETS[args.preset]
    path = Path(args.corpus).expanduser()
    return RunSettings(
        corpus=str(path.resolve()) if path.is_file() else args.corpus,
        fingerprint=fingerprint(corpus),
        model=args.model,
        shape=preset.model(vocab_size=corpus.tokenizer.vocab_size),
        training=choose_training(args, preset),
        device=args.device or default_device(),
        checkpoint_interval=args.checkpoint_interval,
        log_dir=str(args.log_dir) if args.log_dir else None,
        sharded=args.shard,
    )


def choose_training(args: argparse.Namespace, preset: Preset) -> TrainConfig:
    """The training settings that the options ask for."""
    changes = {
        field: getattr(args, option)
        for option, field in CHANGES.items()
        if getattr(args, option) is not None
    }
    steps = changes.get("max_steps", preset.max_steps)
    interval = max(1, min(500, steps // 4))
    settings = preset.training(
        max_steps=steps,
        eval_interval=interval,
        threads="auto",
        measure_first=False,  # it takes seconds, and says about ln V
    )
    settings = RECIPES[args.recipe](settings)
    return replace(settings, **changes, compile=args.compile)


def default_device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def check_model(name: str) -> type[LanguageModel]:
    """The class of this name, or a sentence with the known ones."""
    if name not in MODELS:
        raise ValueError(
            f"there is no model {name!r}: choose one of {', '.join(MODELS)}"
        )
    return MODELS[name]


def build_model(settings: RunSettings) -> LanguageModel:
    """The untrained model; the same settings give the same weights."""
    torch.manual_seed(settings.training.seed)
    model = check_model(settings.model)(settings.shape)
    try:
        return model.to(settings.device)
    except (RuntimeError, AssertionError) as error:
        raise ValueError(
            f"device {settings.device!r} cannot be used "
            f"({str(error).splitlines()[0]}): choose --device cpu"
        ) from None


def train_in(folder: Path, settings: RunSettings, corpus: Corpus) -> int:
    """Train from wherever the folder's run stands to its end."""
    model = build_model(settings)
    is_first = current_world().is_first
    if is_first:
        print(introduction(settings, corpus, folder), flush=True)
    history = train(
        model,
        corpus,
        settings.training,
        out=folder,
        checkpoint_interval=settings.checkpoint_interval,
        log_dir=settings.log_dir,
        sharded=settings.sharded,
    )
    if is_first:
        RunFolder(folder).write_history(history)
        print(conclusion(history, folder))
    return 0


def introduction(settings: RunSettings, corpus: Corpus, folder: Path) -> str:
    training, shape = settings.training, settings.shape
    return (
        f"text:   {corpus.name}, {len(corpus.train) + len(corpus.val):,} "
        f"characters, {shape.vocab_size:,} different\n"
        f"model:  {settings.model}, {shape.n_layer} layers, "
        f"{shape.n_embed} wide, on {settings.device}\n"
        f"budget: {training.max_steps:,} steps of {training.batch_size} x "
        f"{shape.block_size} characters, {training.optimizer}, learning "
        f"rate {training.learning_rate:g}, {training.precision}\n"
        f"folder: {folder}"
    )


def conclusion(history: History, folder: Path) -> str:
    last, best = history.records[-1], history.best
    return (
        f"loss:   {last.val_loss:.4f} nats ({last.val_bits:.4f} bits) per "
        f"character after {last.step:,} steps; best {best.val_loss:.4f} "
        f"after {best.step:,}\n"
        f"speed:  {last.tokens_per_second:,.0f} characters a second, "
        f"{last.seconds:.1f} s in all\n"
        f"next:   tutorgpt sample {folder}"
    )
