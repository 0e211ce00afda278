"""What the folder of a training run holds, and who may look at it how.

    OUT/run.json                what was asked for
    OUT/checkpoints/step_00000500/
        model.safetensors       the model, with its kind, shape, tokenizer
        optimizer.safetensors   what the optimizer remembers
        generators.safetensors  where the random numbers stand
        state.json              step, history, settings, versions
        SHA256SUMS              what all of these must be, to the bit
    OUT/history.json            the losses, once the run has ended

Nothing in it is a pickle, so nothing in it can run code.
"""

import hashlib
import json
import shutil
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path

from tutorgpt.config import ModelConfig, TrainConfig
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.ground.whole_files import is_sound
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.split import Corpus
from tutorgpt.training.checkpoints import MODELS, find_models, holds_model
from tutorgpt.training.history import History

SETTINGS, HISTORY = "run.json", "history.json"
STATE = "state.json"
OPTIMIZER = "optimizer.safetensors"
GENERATORS = "generators.safetensors"
SETTINGS_FORMAT = 1
AT_ONCE = 2**20
MOST_READ = 2**25
"""Tokens of each split that decide over the fingerprint; all of a text
that fits into memory, the beginning of a token file."""


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """All that is needed to begin a run, or to begin it again.

    corpus: its name, or the absolute path of a text file.
    fingerprint: of the corpus's tokens, to know it again.
    model: the name of the model's class.
    """

    corpus: str
    fingerprint: str
    model: str
    shape: ModelConfig
    training: TrainConfig
    device: str
    checkpoint_interval: int | None
    log_dir: str | None
    sharded: bool

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
        if not is_run(folder):
            raise FileNotFoundError(
                f"there is no run in {str(folder)!r}: begin one with "
                f"tutorgpt train --out {folder}"
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
            model = MODELS.get(stored["model"], LanguageModel)
            stored["shape"] = model.config_class(**stored["shape"])
            stored["training"] = TrainConfig(**stored["training"])
            return cls(**stored)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ValueError(
                f"{where} cannot be used ({error}); if it is damaged, begin "
                "the run again in another folder"
            ) from None


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

    def prune(self, history: History) -> None:
        """Delete what is neither among the newest nor the best."""
        kept = self.checkpoints[-self.keep :]
        if history.records:
            kept.append(self.checkpoint(history.best.step))
        for folder in self.checkpoints:
            if folder not in kept:
                shutil.rmtree(folder, ignore_errors=True)

    def newest_sound(self) -> Path | None:
        """The newest checkpoint that is as it was written.

        A damaged one is named in a warning and set aside. Raises ValueError
        if there were checkpoints and none of them is sound.
        """
        found = self.checkpoints
        for folder in reversed(found):
            if is_sound(folder):
                return folder
            self._set_aside(folder)
        if found:
            raise ValueError(
                f"no checkpoint in {str(self.path)!r} is undamaged: start "
                "the run again in another folder"
            )
        return None

    def _set_aside(self, folder: Path) -> None:
        aside = folder.with_name(f"damaged_{folder.name}")
        shutil.rmtree(aside, ignore_errors=True)
        folder.rename(aside)
        warnings.warn(
            f"the checkpoint {folder.name} in {str(self.path)!r} is damaged "
            f"and was set aside as {aside.name}: using the one before",
            stacklevel=3,
        )

    def best(self) -> Path:
        """The sound checkpoint with the lowest validation loss.

        Raises FileNotFoundError if the run has no checkpoint yet.
        """
        newest = self.newest_sound()
        if newest is None:
            raise FileNotFoundError(
                f"there is no checkpoint in {str(self.path)!r} yet: let "
                "the run go on with tutorgpt train --resume, or name "
                "another folder"
            )
        state = json.loads((newest / STATE).read_text(encoding="utf-8"))
        history = History.from_list(state["history"])
        if not history.records:
            return newest
        folder = self.checkpoint(history.best.step)
        return folder if is_sound(folder) else newest

    def write_history(self, history: History) -> None:
        """Leave what was measured, and on what machine, once it is over."""
        record = {
            "machine": machine(),
            "versions": versions(),
            "history": history.to_list(),
        }
        write_record(self.path / HISTORY, record)


def is_run(folder: Path) -> bool:
    """Whether tutorgpt train has begun a run in a folder."""
    return (folder / SETTINGS).is_file()


def fingerprint(corpus: Corpus) -> str:
    """A short name that only a corpus with the same tokens has."""
    digest = hashlib.sha256(corpus.tokenizer.characters.encode())
    for split in (corpus.train, corpus.val):
        digest.update(f"{len(split)}".encode())
        for start in range(0, min(len(split), MOST_READ), AT_ONCE):
            some = split[start : start + AT_ONCE].long()
            digest.update(some.numpy().tobytes())
    return digest.hexdigest()[:16]


def find_checkpoint(where: Path) -> Path:
    """The folder of one model: of a run the best one, else the newest.

    where: a run's folder, a model's, or one that holds some at any depth.
    Raises FileNotFoundError with the command that trains one.
    """
    if is_run(where):
        return RunFolder(where).best()
    if holds_model(where):
        return where
    found = find_models(where)
    if found:
        return found[-1]
    what = "does not exist"
    if where.exists():
        what = "is a file, not a folder"
        if where.is_dir():
            what = "holds no trained model"
    raise FileNotFoundError(
        f"{str(where)!r} {what}: train the models first with "
        "tutorgpt ladder, or name the folder that it wrote"
    )
