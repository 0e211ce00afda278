"""What tutorgpt train does once its options are known."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields, replace
from pathlib import Path

import torch

from tutorgpt.cli.talk import Talk
from tutorgpt.cli.terminal import counted, say
from tutorgpt.config import PRESETS, ModelConfig, Preset, TrainConfig
from tutorgpt.ground.devices import check_device
from tutorgpt.ground.places import paste
from tutorgpt.ground.refusal import did_you_mean
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.corpus import Corpus, load_corpus
from tutorgpt.text.tokenizers import CHARACTERS, vocabulary_asked
from tutorgpt.tokens.tokenizer import check_prompt, default_prompt
from tutorgpt.training.checkpoints import MODELS
from tutorgpt.training.engine.distributed import current_world
from tutorgpt.training.history import History
from tutorgpt.training.loop import train
from tutorgpt.training.recipes import RECIPES
from tutorgpt.training.resume import MAY_CHANGE
from tutorgpt.training.runs import (
    SETTINGS,
    RunSettings,
    check_fingerprint,
    holds_checkpoints,
    tokenizer_of,
)
from tutorgpt.training.signals import Stopped

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
CORPUS, PRESET, MODEL, RECIPE = "shakespeare", "laptop", "GPT", "plain"
"""What is trained if nobody says otherwise."""


def start_run(args: argparse.Namespace, folder: Path) -> int:
    """Begin a run in a folder that holds none yet."""
    if holds_checkpoints(folder):
        if was_restarted():
            return resume_run(args, folder, restarted=True)
        resume = paste("tutorgpt", "train", "--resume", folder)
        if not (folder / SETTINGS).is_file():
            raise ValueError(
                f"there are checkpoints in {str(folder)!r} of a run without "
                "run.json: choose another --out"
            )
        raise ValueError(
            f"there is a run in {str(folder)!r} already: continue it with "
            f"{resume}, or choose another --out"
        )
    check_model(args.model or MODEL)
    training = choose_training(args, PRESETS[args.preset or PRESET])
    corpus = load_corpus(args.corpus or CORPUS, args.tokenizer or CHARACTERS)
    asked = vocabulary_asked(args.tokenizer or CHARACTERS)
    if asked and asked > corpus.tokenizer.vocab_size:
        say(
            f"{corpus.tokenizer.name} instead of {args.tokenizer}: in the "
            "part that is learned from no pair of tokens occurs twice then"
        )
    settings = choose_settings(args, training, corpus)
    return train_in(folder, settings, corpus, args.samples)


def resume_run(
    args: argparse.Namespace, folder: Path, *, restarted: bool = False
) -> int:
    """Continue the run in a folder, with what may change changed.

    restarted: by torchrun, with the options that began the run.
    """
    settings = RunSettings.read(folder)
    if not restarted:
        settings = changed(settings, args, folder)
    try:
        check_device(settings.device)
    except ValueError as error:
        other = paste("tutorgpt", "train", "--resume", folder)
        raise ValueError(
            f"{error}; go on with another one: {other} --device cpu"
        ) from None
    corpus = load_text(settings, folder, is_named=args.corpus is not None)
    if settings.sharded and current_world().size == 1 and not args.shard:
        say("one process alone: the weights are not sharded any more")
        settings = replace(settings, sharded=False)
    return train_in(folder, settings, corpus, args.samples)


def changed(
    settings: RunSettings, args: argparse.Namespace, folder: Path
) -> RunSettings:
    """A run's settings with the options that it may go on with.

    Raises ValueError that names an option which cannot change any more.
    """
    for option, field in CHANGES.items():
        value = getattr(args, option)
        if value is None or field in MAY_CHANGE:
            continue
        refuse(folder, option, value, getattr(settings.training, field))
    refuse(folder, "model", args.model, settings.model)
    refuse(folder, "tokenizer", args.tokenizer, settings.tokenizer)
    refuse(folder, "compile", args.compile, settings.training.compile)
    for option in ("preset", "recipe"):
        if getattr(args, option) is not None:
            raise ValueError(
                f"--{option} {getattr(args, option)} cannot be given to the "
                f"run in {str(folder)!r}, which has its settings: leave it "
                "out, or begin another run with --out"
            )
    free = {
        field: getattr(args, option)
        for option, field in CHANGES.items()
        if field in MAY_CHANGE and getattr(args, option) is not None
    }
    placed = {
        "corpus": args.corpus,
        "device": args.device,
        "checkpoint_interval": args.checkpoint_interval,
        "log_dir": args.log_dir and str(args.log_dir),
        "sharded": args.shard,
    }
    return replace(
        settings,
        training=replace(settings.training, **free),
        **{name: value for name, value in placed.items() if value is not None},
    )


def refuse(folder: Path, option: str, value: object, stored: object) -> None:
    """Refuse an option that would change what a run has begun with."""
    if value is not None and value != stored:
        raise ValueError(
            f"--{option.replace('_', '-')} {value} cannot change the run in "
            f"{str(folder)!r}, which has {stored}: leave it out, or begin "
            "another run with --out"
        )


def load_text(
    settings: RunSettings, folder: Path, *, is_named: bool
) -> Corpus:
    """The text of a run, from where it lies now.

    is_named: by an option; else the run says where it lay.
    """
    try:
        tokenizer = settings.tokenizer
        if tokenizer != CHARACTERS:
            tokenizer = tokenizer_of(folder) or tokenizer
        corpus = load_corpus(settings.corpus, tokenizer)
    except (FileNotFoundError, ValueError) as error:
        if is_named:
            raise
        other = paste("tutorgpt", "train", "--resume", folder, "--corpus")
        raise ValueError(
            f"the text of the run in {str(folder)!r} cannot be read "
            f"({error}): if it lies elsewhere now, name it with {other} PATH"
        ) from None
    check_fingerprint(folder, settings, corpus)
    return corpus


def was_restarted() -> bool:
    """Whether torchrun has started these processes again after a failure.

    A computer counts only its own restarts, so all are asked.
    """
    restarts = float(os.environ.get("TORCHELASTIC_RESTART_COUNT", "0"))
    return current_world().mean(torch.tensor(restarts)).item() > 0


def choose_settings(
    args: argparse.Namespace, training: TrainConfig, corpus: Corpus
) -> RunSettings:
    """The settings of a new run, as far as they are known before it."""
    preset = PRESETS[args.preset or PRESET]
    model = args.model or MODEL
    shape = preset.model(vocab_size=corpus.tokenizer.vocab_size)
    return RunSettings(
        corpus=corpus.origin or corpus.name,
        tokenizer=corpus.tokenizer.name,
        model=model,
        shape=shape_of(MODELS[model], shape),
        training=training,
        device=args.device or default_device(),
        checkpoint_interval=args.checkpoint_interval,
        log_dir=args.log_dir and str(args.log_dir),
        sharded=bool(args.shard),
    )


def shape_of(model: type[LanguageModel], shape: ModelConfig) -> ModelConfig:
    """A preset's shape, in the words of the model's own config class.

    A Llama is given one head of keys for each head, and about as many
    weights as a GPT has.
    """
    own = {"n_key_head": shape.n_head, "hidden": round(8 * shape.n_embed / 3)}
    known = {field.name for field in fields(model.config_class)}
    named = {name: size for name, size in own.items() if name in known}
    return model.config_class(**asdict(shape), **named)


def choose_training(args: argparse.Namespace, preset: Preset) -> TrainConfig:
    """The preset, then the recipe, then the single options."""
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
    settings = RECIPES[args.recipe or RECIPE](settings)
    return replace(settings, **changes, compile=bool(args.compile))


def default_device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def check_model(name: str) -> type[LanguageModel]:
    """The class of this name, or a sentence with the known ones."""
    if name not in MODELS:
        raise ValueError(
            f"there is no model {name!r}: choose one of {', '.join(MODELS)}"
            f"{did_you_mean(name, MODELS)}"
        )
    return MODELS[name]


def build_model(settings: RunSettings) -> LanguageModel:
    """The untrained model; the same settings give the same weights."""
    torch.manual_seed(settings.training.seed)
    model = check_model(settings.model)(settings.shape)
    return model.to(settings.device)


def train_in(
    folder: Path, settings: RunSettings, corpus: Corpus, prompt: str | None
) -> int:
    """Train from wherever the folder's run stands to its end.

    prompt: what the model writes on from on the way; None: nothing.
    """
    model = build_model(settings)
    is_first = current_world().is_first
    if prompt is not None:
        prompt = prompt or default_prompt(corpus.tokenizer)
        check_prompt(corpus.tokenizer, prompt, "--samples")
        if settings.sharded:
            raise ValueError(
                "--samples needs a whole model in one process, and --shard "
                "spreads it over several: leave one of the two out"
            )
    with stopped_with_a_way_on(folder):
        history = train(
            model,
            corpus,
            settings.training,
            out=folder,
            checkpoint_interval=settings.checkpoint_interval,
            log_dir=settings.log_dir,
            sharded=settings.sharded,
            watch=Talk(folder, prompt),
        )
    if is_first:
        say(conclusion(history, folder, corpus.tokenizer.UNIT))
    return 0


@contextmanager
def stopped_with_a_way_on(folder: Path) -> Iterator[None]:
    """A second Ctrl-C ends a run at once; what is kept is said even so."""
    try:
        yield
    except Stopped:
        raise
    except KeyboardInterrupt as error:
        if not holds_checkpoints(folder):
            raise
        resume = paste("tutorgpt", "train", "--resume", folder)
        error.args = (
            f"stopped at once; the last checkpoint is kept: continue with "
            f"{resume}",
        )
        raise


def conclusion(history: History, folder: Path, unit: str) -> str:
    """How a run has ended; unit is what a loss is per."""
    last, best = history.records[-1], history.best
    return (
        f"loss:   {last.val_loss:.4f} nats ({last.val_bits:.4f} bits) per "
        f"{unit} after {counted(last.step, 'step')}; best "
        f"{best.val_loss:.4f} after {best.step:,}\n"
        f"speed:  {last.tokens_per_second:,.0f} {unit}s a second, "
        f"{last.seconds:.1f} s in all\n"
        f"next:   {paste('tutorgpt', 'sample', folder)}"
    )
