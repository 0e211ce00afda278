"""What a training run was asked to do, kept in its folder as run.json."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tutorgpt.config import ModelConfig, TrainConfig
from tutorgpt.text.corpus import Corpus
from tutorgpt.training.provenance import write_record

FORMAT = 1
NAME = "run.json"
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
        write_record(folder / NAME, {"format": FORMAT, **asdict(self)})

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
        where = repr(str(folder / NAME))
        try:
            stored = json.loads((folder / NAME).read_text(encoding="utf-8"))
            number = stored.pop("format")
            if number > FORMAT:
                raise ValueError(
                    f"its format is {number}, this tutorgpt reads up to "
                    f"{FORMAT}: update tutorgpt"
                )
            stored["shape"] = ModelConfig(**stored["shape"])
            stored["training"] = TrainConfig(**stored["training"])
            return cls(**stored)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ValueError(
                f"{where} cannot be used ({error}); if it is damaged, begin "
                "the run again in another folder"
            ) from None


def is_run(folder: Path) -> bool:
    """Whether tutorgpt train has begun a run in a folder."""
    return (folder / NAME).is_file()


def fingerprint(corpus: Corpus) -> str:
    """A short name that only a corpus with the same tokens has."""
    digest = hashlib.sha256(corpus.tokenizer.characters.encode())
    for split in (corpus.train, corpus.val):
        digest.update(f"{len(split)}".encode())
        for start in range(0, min(len(split), MOST_READ), AT_ONCE):
            some = split[start : start + AT_ONCE].long()
            digest.update(some.numpy().tobytes())
    return digest.hexdigest()[:16]
