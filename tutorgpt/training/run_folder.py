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
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from tutorgpt.text.tokenizer import CharTokenizer
from tutorgpt.training.checkpoint import (
    DESCRIPTION,
    FORMAT,
    WEIGHTS,
    check_format,
    describe_model,
)
from tutorgpt.training.distributed import World, like, whole
from tutorgpt.training.history import History
from tutorgpt.training.provenance import versions
from tutorgpt.training.sound_files import is_sound, whole_folder
from tutorgpt.training.state import (
    TrainingState,
    generator_tensors,
    optimizer_tensors,
    other_generators,
    set_generator_tensors,
    set_optimizer_tensors,
    set_other_generators,
)

STATE = "state.json"
OPTIMIZER = "optimizer.safetensors"
GENERATORS = "generators.safetensors"


@dataclass(frozen=True)
class RunFolder:
    """Where a run is kept.

    tokenizer: the run's vocabulary, which goes into each checkpoint.
    keep: how many of the newest checkpoints stay; the best one, by its
        validation loss, stays as well.
    """

    path: Path
    tokenizer: CharTokenizer
    keep: int = 2

    @property
    def checkpoints(self) -> list[Path]:
        """The finished checkpoints, oldest first, sound or not."""
        return sorted((self.path / "checkpoints").glob("step_*"))

    def save(self, state: TrainingState, world: World) -> None:
        """Write a checkpoint of this moment, then let go of old ones."""
        weights = _on_cpu(state.model.state_dict())
        memory = _on_cpu(optimizer_tensors(state))
        generators = _of_all_ranks(generator_tensors(state.generator), world)
        generators["losses"] = _mean_losses(state, world)
        if world.is_first:
            name = f"step_{state.step:08d}"
            with whole_folder(self.path / "checkpoints" / name) as folder:
                _write_json(
                    folder / DESCRIPTION,
                    describe_model(state.model, self.tokenizer),
                )
                _write_json(folder / STATE, _describe_state(state))
                save_file(weights, folder / WEIGHTS)
                save_file(memory, folder / OPTIMIZER)
                save_file(generators, folder / GENERATORS)
            self._prune(state.history)
        world.wait()

    def _prune(self, history: History) -> None:
        best = f"step_{history.best.step:08d}" if history.records else ""
        for folder in self.checkpoints[: -self.keep]:
            if folder.name != best:
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
        """The checkpoint with the lowest validation loss, to be used.

        Raises FileNotFoundError if the run has no checkpoint yet.
        """
        if (newest := self.newest_sound()) is None:
            raise FileNotFoundError(
                f"there is no checkpoint in {str(self.path)!r} yet: start "
                "the run with tutorgpt train, or name another folder"
            )
        records = _read_json(newest / STATE)["history"]
        best = History.from_list(records).best.step
        folder = newest.with_name(f"step_{best:08d}")
        return folder if is_sound(folder) else newest

    def restore(self, state: TrainingState, world: World) -> bool:
        """Continue from the newest sound checkpoint; False if none exists.

        Raises ValueError if it belongs to another model, vocabulary or
        other settings, or was written by a newer tutorgpt.
        """
        if world.is_first:
            self.newest_sound()  # sets aside what is damaged, once
        world.wait()
        folder = self.newest_sound()
        if folder is None:
            return False
        described = _read_json(folder / DESCRIPTION)
        read = _read_json(folder / STATE)
        where = f"the checkpoint {folder.name} in {str(self.path)!r}"
        check_format(described["format"], where)
        _check_same(
            describe_model(state.model, self.tokenizer), described, where
        )
        _check_same(_plain(asdict(state.config)), read["settings"], where)
        _set_weights(state.model, load_file(folder / WEIGHTS))
        _set_memory(state, load_file(folder / OPTIMIZER))
        _set_progress(state, read)
        _set_generators(state, load_file(folder / GENERATORS), world)
        return True


def _describe_state(state: TrainingState) -> dict:
    return {
        "format": FORMAT,
        "step": state.step,
        "seconds": state.elapsed(),
        "threads": torch.get_num_threads(),
        "settings": asdict(state.config),
        "history": state.history.to_list(),
        "versions": versions(),
        "generators": other_generators(),
    }


def _set_progress(state: TrainingState, read: dict) -> None:
    state.step, state.seconds = read["step"], read["seconds"]
    state.threads = read["threads"]
    state.history = History.from_list(read["history"])
    set_other_generators(read["generators"])


def _set_weights(model: torch.nn.Module, tensors: dict[str, Tensor]) -> None:
    with torch.no_grad():
        for name, weight in model.state_dict().items():
            weight.copy_(like(tensors[name], weight))


def _set_memory(state: TrainingState, tensors: dict[str, Tensor]) -> None:
    weights = dict(state.model.named_parameters())
    set_optimizer_tensors(
        state,
        {
            name: like(tensor, weights[name.rpartition("/")[0]])
            for name, tensor in tensors.items()
        },
    )


def _of_all_ranks(
    states: dict[str, Tensor], world: World
) -> dict[str, Tensor]:
    return {
        f"{name}/{rank}": gathered
        for name, tensor in states.items()
        for rank, gathered in enumerate(world.gather(tensor))
    }


def _set_generators(
    state: TrainingState, tensors: dict[str, Tensor], world: World
) -> None:
    """Each rank goes on with its own dice; a new rank throws its own."""
    state.losses = list(tensors.pop("losses"))
    mine = {
        name.partition("/")[0]: tensor
        for name, tensor in tensors.items()
        if name.endswith(f"/{world.rank}")
    }
    if "torch" not in mine:
        mine = {"torch": torch.get_rng_state()}
    mine["batches"] = tensors["batches/0"]
    set_generator_tensors(state.generator, mine)


def _mean_losses(state: TrainingState, world: World) -> Tensor:
    if not state.losses:
        return torch.zeros(0)
    return world.mean(torch.stack(state.losses)).cpu()


def _on_cpu(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {
        name: whole(tensor.detach()).cpu().contiguous()
        for name, tensor in tensors.items()
    }


def _check_same(ours: dict, stored: dict, where: str) -> None:
    for name, value in ours.items():
        if isinstance(value, dict) and isinstance(stored.get(name), dict):
            _check_same(value, stored[name], where)
        elif name == "characters" and stored.get(name) != value:
            raise ValueError(
                f"{where} has a vocabulary of {len(stored[name])} other "
                f"characters, the corpus has {len(value)}: continue with "
                "the corpus that the run began with"
            )
        elif name != "module" and stored.get(name) != value:
            raise ValueError(
                f"{where} has {name} {stored.get(name)!r}, not {value!r}: "
                "continue with the settings that the run began with, or "
                "begin another run in another folder"
            )


def _plain(settings: dict) -> dict:
    """As JSON gives it back, with lists for tuples."""
    return json.loads(json.dumps(settings))


def _read_json(file: Path) -> dict:
    return json.loads(file.read_text(encoding="utf-8"))


def _write_json(file: Path, content: dict) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    file.write_text(text, encoding="utf-8")
