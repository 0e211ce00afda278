"""What the folder of a training run holds, and who may look at it how.

    OUT/run.json                what was asked for
    OUT/checkpoints/step_00000500/
        model.safetensors       the model, with its kind, shape, tokenizer
        optimizer.safetensors   what the optimizer remembers
        generators.safetensors  where the random numbers stand
        state.json              step, history, settings, versions
        SHA256SUMS              what all of these must be, to the bit
    OUT/history.json            the losses and how it ended, once it has
    OUT/samples.json            what it wrote on its way, if it was asked to
    OUT/.lock, .holder.json     which process writes here

Nothing in it is a pickle, so nothing in it can run code. Only the process
that holds the folder changes anything in it.
"""

import hashlib
import json
import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from itertools import chain, count
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Integer
from torch import Tensor

from tutorgpt.config import ModelConfig, TrainConfig
from tutorgpt.ground.locks import HOLDER, LOCK, HeldError, alone, held, is_held
from tutorgpt.ground.places import expanded, paste
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.ground.whole_files import (
    ON_WINDOWS,
    CannotWriteError,
    is_sound,
    reason,
    take_place,
)
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.split import Corpus
from tutorgpt.text.tokenizers import CHARACTERS, load_tokenizer
from tutorgpt.tokens.tokenizer import Tokenizer
from tutorgpt.training.checkpoints import (
    MODELS,
    find_models,
    first_line,
    holds_model,
    read_description,
)
from tutorgpt.training.history import History, Record
from tutorgpt.training.state import Stretches

SETTINGS, HISTORY = "run.json", "history.json"
SAMPLES = "samples.json"
STATE = "state.json"
OPTIMIZER = "optimizer.safetensors"
GENERATORS = "generators.safetensors"
SETTINGS_FORMAT = 3
"""1 did not know stretches, nor how many bytes a token stands for; 2 knew
only characters."""
AT_ONCE = 2**20
MOST_READ = 2**25
"""Tokens of each split that decide over the fingerprint; all of a text
that fits into memory, the beginning of a token file."""
PATIENCE = 2.0
"""Seconds in which a process that is just ending may let go of a folder."""

UNREADABLE = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
"""What reading a file that is not ours, or not whole, can raise."""

Which = Literal["best", "newest"]


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """All that is needed to begin a run, to go on with it, or to list it.

    corpus: its name, or the absolute path of a text file.
    tokenizer: characters, bytes or pairs:N.
    fingerprint: of the corpus's tokens, to know it again; empty before
        the run has begun.
    model: the name of the model's class.
    bytes_per_token: of the validation split, in UTF-8; None if not known.
    stretches: for which steps the learning rate's schedule was drawn: after
        which one, up to which one. A run that was trained further has more
        than one.
    """

    corpus: str
    model: str
    shape: ModelConfig
    training: TrainConfig
    device: str
    checkpoint_interval: int | None
    log_dir: str | None
    sharded: bool
    tokenizer: str = CHARACTERS
    fingerprint: str = ""
    bytes_per_token: float | None = None
    stretches: Stretches = ()

    def __post_init__(self) -> None:
        if not self.stretches:
            whole = ((0, self.training.max_steps),)
            object.__setattr__(self, "stretches", whole)

    def write(self, folder: Path) -> None:
        """Leave the settings in a run's folder."""
        described = {"format": SETTINGS_FORMAT, **asdict(self)}
        write_record(folder / SETTINGS, described)

    @classmethod
    def read(cls, folder: Path) -> "RunSettings":
        """The settings of the run in a folder.

        Raises FileNotFoundError if there is none, ValueError if they are
        damaged or a newer tutorgpt's.
        """
        if not (folder / SETTINGS).is_file():
            if holds_checkpoints(folder):
                raise FileNotFoundError(
                    f"the run in {str(folder)!r} has no {SETTINGS}: an older "
                    "tutorgpt made it from Python, or the file is lost; "
                    "sample, export and eval with --corpus can use it, "
                    "train(..., out=...) can go on with it"
                )
            raise FileNotFoundError(
                f"there is no run in {str(folder)!r}: {_instead_of_a(folder)}"
            )
        where = repr(str(folder / SETTINGS))
        try:
            text = (folder / SETTINGS).read_text(encoding="utf-8")
            stored = json.loads(text)
            number = stored.pop("format")
            if number > SETTINGS_FORMAT:
                raise ValueError(
                    f"its format is {number}, this tutorgpt reads up to "
                    f"{SETTINGS_FORMAT}: update tutorgpt"
                )
            stored.setdefault("tokenizer", CHARACTERS)
            model = MODELS.get(stored["model"], LanguageModel)
            stored["shape"] = model.config_class(**stored["shape"])
            stored["training"] = TrainConfig(**stored["training"])
            unknown = stored.keys() - {f.name for f in fields(cls)}
            if unknown:
                raise ValueError(f"it has an unknown entry {min(unknown)!r}")
            for name, kind in KINDS.items():
                if not isinstance(stored.get(name), kind):
                    raise TypeError(f"its {name} is {stored.get(name)!r}")
            pairs = stored.get("stretches", ())
            stored["stretches"] = tuple((int(a), int(b)) for a, b in pairs)
            return cls(**stored)
        except UNREADABLE as error:
            raise ValueError(
                f"{where} cannot be used ({first_line(error)}); if it is "
                "damaged, begin the run again in another folder"
            ) from None
        except OSError as error:
            raise OSError(
                f"{where} cannot be read ({reason(error)}): correct that, or "
                "begin the run again in another folder"
            ) from None


KINDS = {
    "corpus": str,
    "model": str,
    "device": str,
    "checkpoint_interval": int | None,
    "log_dir": str | None,
    "sharded": bool,
    "tokenizer": str,
    "fingerprint": str,
    "bytes_per_token": float | None,
}
"""What the settings must be that no config checks."""


@dataclass(frozen=True)
class RunFolder:
    """Where a run is kept.

    keep: how many of the newest checkpoints stay; the best one, by its
        validation loss, stays as well.
    """

    path: Path
    keep: int = 2

    @property
    def checkpoints(self) -> list[Path]:
        """The finished checkpoints, oldest first, sound or not."""
        return sorted((self.path / "checkpoints").glob("step_*"))

    def checkpoint(self, step: int) -> Path:
        """The place of a step's checkpoint."""
        return self.path / "checkpoints" / f"step_{step:08d}"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the only one who writes here; made if it is not there.

        If the block fails before there is a checkpoint, what it left in the
        folder goes with it, so that the next start finds nothing in its way.
        Raises HeldError if another process holds it, CannotWriteError.
        """
        made = _missing_folders(self.path)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotWriteError(
                self.path, reason(error), "choose another folder"
            ) from None
        with _leaving_nothing(self, made), held(self.path, PATIENCE):
            for leftover in (self.path / "checkpoints").glob(".step_*"):
                shutil.rmtree(leftover, ignore_errors=True)
            yield

    def prune(self, history: History) -> None:
        """Delete what is neither among the newest nor the best.

        A folder loses its name first, so that nobody opens half of it.
        """
        kept = self.checkpoints[-self.keep :]
        if history.records:
            kept.append(self.checkpoint(history.best.step))
        for folder in self.checkpoints:
            if folder not in kept:
                old = folder.with_name(f".{folder.name}.old")
                with suppress(OSError):
                    shutil.rmtree(folder.rename(old), ignore_errors=True)

    def newest_sound(self, *, set_aside: bool = False) -> Path | None:
        """The newest checkpoint that is as it was written.

        A damaged one is named in a warning.

        set_aside: give a damaged one another name; only for the process
            that holds the folder.
        Raises ValueError if there were checkpoints and none of them is
        sound.
        """
        found = self.checkpoints
        for folder in reversed(found):
            if is_sound(folder):
                return folder
            if folder.is_dir():  # else it has just been pruned
                self._warn_of(folder, set_aside)
        if found:
            raise ValueError(
                f"no checkpoint in {str(self.path)!r} is undamaged: start "
                "the run again in another folder"
            )
        return None

    def _warn_of(self, folder: Path, set_aside: bool) -> None:
        what = "is damaged"
        if set_aside:
            aside = folder.with_name(f"damaged_{folder.name}")
            shutil.rmtree(aside, ignore_errors=True)
            take_place(folder, aside)
            what += f", was set aside as {aside.name},"
        warnings.warn(
            f"the checkpoint {folder.name} in {str(self.path)!r} {what} "
            "and is not used",
            stacklevel=4,
        )

    def newest_record(self) -> tuple[int, History]:
        """The newest sound checkpoint's step, and what was measured so far.

        Raises FileNotFoundError if the run has no checkpoint yet.
        """
        return self._read(self._newest())

    def choose(self, which: Which = "best") -> "Chosen":
        """The sound checkpoint with the lowest loss, or the newest one.

        Raises FileNotFoundError if the run has no checkpoint yet.
        """
        newest = self._newest()
        step, history = self._read(newest)
        if which == "best" and history.records:
            best = history.best
            folder = self.checkpoint(best.step)
            if is_sound(folder):
                says = self._says(best.step, "its best", best)
                return Chosen(folder, says, self.path)
            what = "is damaged" if folder.exists() else "is gone"
            why = f"its newest; its best, step {best.step:,}, {what}"
            return Chosen(newest, self._says(step, why, None), self.path)
        last = next((r for r in history.records if r.step == step), None)
        return Chosen(newest, self._says(step, "its newest", last), self.path)

    def _newest(self) -> Path:
        newest = self.newest_sound()
        if newest is None:
            resume = paste("tutorgpt", "train", "--resume", self.path)
            raise FileNotFoundError(
                f"there is no checkpoint in {str(self.path)!r} yet: let "
                f"the run go on with {resume}, or name another folder"
            )
        return newest

    def _read(self, checkpoint: Path) -> tuple[int, History]:
        try:
            text = (checkpoint / STATE).read_text(encoding="utf-8")
            state = json.loads(text)
            return state["step"], History.from_list(state["history"])
        except (OSError, *UNREADABLE) as error:
            raise ValueError(
                f"the checkpoint {checkpoint.name} in {str(self.path)!r} "
                f"cannot be read ({error}): delete its folder to use the "
                "one before"
            ) from None

    def _says(self, step: int, why: str, record: Record | None) -> str:
        loss = f", {record.val_loss:.4f} nats" if record else ""
        return f"step {step:,} of {self.path} ({why}{loss})"

    def write_history(self, history: History, end: str, step: int) -> None:
        """Leave what was measured, on what machine, and how it ended when."""
        record = {
            "machine": machine(),
            "versions": versions(),
            "end": end,
            "step": step,
            "history": history.to_list(),
        }
        write_record(self.path / HISTORY, record)

    def samples(self) -> dict[int, str]:
        """What the run wrote on its way, by step; empty if nothing is kept."""
        try:
            text = (self.path / SAMPLES).read_text(encoding="utf-8")
            told = json.loads(text)
            return {int(step): str(sample) for step, sample in told.items()}
        except (OSError, *UNREADABLE):
            return {}

    def keep_sample(self, step: int, text: str) -> None:
        """Add what the run wrote after a step; what came later goes."""
        before = {n: t for n, t in self.samples().items() if n < step}
        told = {str(n): t for n, t in (before | {step: text}).items()}
        write_record(self.path / SAMPLES, told)

    def end(self, step: int, further: int = 0) -> str | None:
        """How the run ended; None if it did not, or has gone on since.

        step: that of its newest checkpoint.
        further: after which step it was trained further, if it was; what
            ended there is not the run that is going on.
        """
        try:
            text = (self.path / HISTORY).read_text(encoding="utf-8")
            told = json.loads(text)
            if "step" not in told:  # as version 0.1 wrote it
                return None if further else ALL_STEPS
            if told["step"] < step or (further and told["step"] <= further):
                return None
            return told["end"]
        except (OSError, *UNREADABLE):
            return None

    @property
    def is_held(self) -> bool:
        """Whether a process is training here now."""
        return is_held(self.path)


ALL_STEPS, NO_BETTER, DIVERGED = "all steps", "no better loss", "diverged"
"""How a run ends of itself."""


@dataclass(frozen=True)
class Chosen:
    """The folder of one model.

    says: in words, which one it is.
    run: the folder of the run that it belongs to, if it does.
    """

    folder: Path
    says: str
    run: Path | None = None


def _missing_folders(path: Path) -> list[Path]:
    """The folders on the way to a path that are not there, deepest first."""
    return [place for place in (path, *path.parents) if not place.exists()]


@contextmanager
def _leaving_nothing(run: RunFolder, made: list[Path]) -> Iterator[None]:
    """If the block fails before a checkpoint, remove what it made.

    Not if another process holds the run: then all in them is its own.
    """
    try:
        yield
    except HeldError:
        raise
    except BaseException:
        if not run.checkpoints:
            # Only while nobody else has the lock, who may have begun by now.
            with suppress(OSError), alone(run.path / LOCK):
                (run.path / SETTINGS).unlink(missing_ok=True)
                (run.path / SAMPLES).unlink(missing_ok=True)
                if made:
                    (run.path / LOCK).unlink()
            with suppress(OSError):  # anything else in them stays
                (run.path / "checkpoints").rmdir()
            for folder in made:
                with suppress(OSError):
                    folder.rmdir()
        raise


def begin_anew(folder: str | Path) -> Path:
    """The folder for a new run; a run that lies there is put aside.

    It is renamed, to the first of runs/mine-before, runs/mine-before-2 and
    so on that is free, so that a notebook may be run again and again, and
    no run is lost. Raises HeldError if a process trains there,
    CannotWriteError if it cannot be renamed.
    """
    path = expanded(folder)
    if is_run(path):
        _put_aside(path)
    return path


def _put_aside(run: Path) -> None:
    """Give a run's folder a free name, while nobody trains there."""
    with ExitStack() as holding:
        holding.enter_context(held(run, PATIENCE))
        if ON_WINDOWS:  # where no folder with an open file is renamed
            holding.close()
        aside = _free_name(run)
        try:
            take_place(run, aside)
        except OSError as error:
            remedy = "rename it yourself, or choose another folder"
            raise CannotWriteError(run, reason(error), remedy) from None
        with suppress(OSError):  # it would say that a process is at work
            (aside / HOLDER).unlink()


def _free_name(run: Path) -> Path:
    """Where a run can be put aside: a name that nothing has."""
    before = f"{run.name}-before"
    names = chain([before], (f"{before}-{n}" for n in count(2)))
    places = map(run.with_name, names)
    return next(place for place in places if not os.path.lexists(place))


def is_run(folder: Path) -> bool:
    """Whether a folder holds a run: of the command, or of train(out=...)."""
    return (folder / SETTINGS).is_file() or holds_checkpoints(folder)


def holds_checkpoints(folder: Path) -> bool:
    """Whether a run has got as far as a checkpoint in a folder."""
    return bool(RunFolder(folder).checkpoints)


def _instead_of_a(folder: Path) -> str:
    """What to do with a folder that holds no run."""
    if find_runs(folder):
        listed = paste("tutorgpt", "runs", folder)
        return f"runs lie below it, name one of them ({listed} lists them)"
    if find_models(folder):
        return "it holds models that train did not make, name another folder"
    return f"begin one with {paste('tutorgpt', 'train', '--out', folder)}"


def find_runs(folder: Path) -> list[Path]:
    """The runs at or below a folder, by name."""
    found = {f.parent for f in folder.rglob(SETTINGS) if _may_be_ours(f)}
    found |= {
        checkpoint.parent.parent
        for checkpoint in folder.rglob("checkpoints/step_*")
        if checkpoint.is_dir()  # other programs write files of such names
    }
    return sorted(found)


def fingerprint(corpus: Corpus) -> str:
    """A short name that only a corpus with the same tokens has."""
    tokenizer = corpus.tokenizer
    alphabet = json.dumps(tokenizer.describe())
    if not tokenizer.KNOWS_EVERY_TEXT:  # as it was when none of them did
        alphabet = tokenizer.decode(range(tokenizer.vocab_size))
    digest = hashlib.sha256(alphabet.encode())
    for split in (corpus.train, corpus.val):
        digest.update(f"{len(split)}".encode())
        for start in range(0, min(len(split), MOST_READ), AT_ONCE):
            some = split[start : start + AT_ONCE].long()
            digest.update(some.numpy().tobytes())
    return digest.hexdigest()[:16]


def _may_be_ours(settings: Path) -> bool:
    """Whether a file called run.json is a run's; a damaged one may be."""
    try:
        return "training" in json.loads(settings.read_text(encoding="utf-8"))
    except (OSError, *UNREADABLE):
        return True


def check_fingerprint(
    folder: Path, settings: RunSettings, corpus: Corpus
) -> None:
    """Refuse a text that is not the one that a run has begun with."""
    if fingerprint(corpus) != settings.fingerprint:
        raise ValueError(
            f"the text of {corpus.origin or corpus.name!r} is not the one "
            f"that the run in {str(folder)!r} began with: put the old text "
            "back, or begin another run"
        )


def bytes_per_token(
    tokenizer: Tokenizer, tokens: Integer[Tensor, " N"]
) -> float:
    """UTF-8 bytes that one of these tokens stands for, on average.

    Losses of different tokenizers can be compared per byte only.
    """
    V = tokenizer.vocab_size
    lengths = [len(spelled) for spelled in tokenizer.bytes_of]
    counts = np.zeros(V, dtype=np.int64)
    for start in range(0, len(tokens), AT_ONCE):
        some = tokens[start : start + AT_ONCE].long().numpy()
        counts += np.bincount(some, minlength=V)
    return float(counts @ np.array(lengths)) / len(tokens)


def tokenizer_of(folder: Path) -> Tokenizer | None:
    """What the newest checkpoint of a run reads with; None without one.

    Byte pairs need not be learned again then.
    """
    newest = RunFolder(folder).newest_sound()
    if newest is None:
        return None
    return load_tokenizer(read_description(newest)["tokenizer"])


def find_checkpoint(where: Path, which: Which = "best") -> Chosen:
    """The folder of one model: of a run the best one, or the newest.

    where: a run's folder, a model's, or one that holds some at any depth,
        of which the newest is taken.
    Raises FileNotFoundError with the command that trains one.
    """
    if is_run(where):
        return RunFolder(where).choose(which)
    if holds_model(where):
        return Chosen(where, str(where), _run_of(where))
    found = find_models(where)
    if found:
        run = _run_of(found[-1])
        if run is not None:
            return RunFolder(run).choose(which)
        return Chosen(found[-1], str(found[-1]))
    what = "does not exist"
    if where.exists():
        what = "is a file, not a folder"
        if where.is_dir():
            what = "holds no trained model"
    raise FileNotFoundError(
        f"{str(where)!r} {what}: train the models first with "
        "tutorgpt ladder, or name the folder that it wrote; tutorgpt runs "
        "lists what tutorgpt train has made"
    )


def _run_of(model: Path) -> Path | None:
    """The run that a model's folder is a checkpoint of, if it is one."""
    run = model.parent.parent
    is_checkpoint = is_run(run) and model in RunFolder(run).checkpoints
    return run if is_checkpoint else None
