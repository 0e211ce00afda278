"""The folder of a training run: its checkpoints, newest and best.

    OUT/checkpoints/step_00000500/
        weights.safetensors     the model
        model.json              its shape and vocabulary
        optimizer.safetensors   what the optimizer remembers
        generators.safetensors  where the random numbers stand
        state.json              step, history, settings, versions
        SHA256SUMS              what all of these must be, to the bit

Nothing in it is a pickle, so nothing in it can run code.
"""

import json
import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path

from tutorgpt.training.history import History
from tutorgpt.training.sound_files import is_sound

STATE = "state.json"


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
