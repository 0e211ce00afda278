"""Writes a run's state to a checkpoint, and reads it back."""

import json
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from tutorgpt.ground.provenance import versions
from tutorgpt.ground.whole_files import whole_folder
from tutorgpt.tokens.characters import CharTokenizer
from tutorgpt.training.checkpoints import (
    FORMAT,
    MODEL,
    check_format,
    describe_model,
    first_line,
    metadata,
    read_description,
    weights_file,
)
from tutorgpt.training.engine.distributed import World, like, whole
from tutorgpt.training.history import History
from tutorgpt.training.runs import (
    GENERATORS,
    OPTIMIZER,
    STATE,
    RunFolder,
)
from tutorgpt.training.state import (
    TrainingState,
    generator_tensors,
    optimizer_tensors,
    other_generators,
    set_generator_tensors,
    set_optimizer_tensors,
    set_other_generators,
)


def save_state(
    run: RunFolder, state: TrainingState, tokenizer: CharTokenizer
) -> None:
    """Write a checkpoint of this moment, then let go of old ones.

    With several processes all of them must call it; the first one writes.
    """
    world = state.world
    weights = _on_cpu(state.model.state_dict())
    memory = _on_cpu(optimizer_tensors(state))
    generators = _of_all_ranks(generator_tensors(state.generator), world)
    generators["losses"] = _mean_losses(state, world)
    described = describe_model(state.model, tokenizer)
    if world.is_first:
        with whole_folder(run.checkpoint(state.step)) as folder:
            _write_json(folder / STATE, _describe_state(state))
            save_file(weights, folder / MODEL, metadata(described))
            save_file(memory, folder / OPTIMIZER)
            save_file(generators, folder / GENERATORS)
        run.prune(state.history)
    world.wait()


def restore_state(
    run: RunFolder, state: TrainingState, tokenizer: CharTokenizer
) -> bool:
    """Continue from the newest sound checkpoint; False if none exists.

    Raises ValueError if it belongs to another model, vocabulary or other
    settings, or was written by a newer tutorgpt.
    """
    world = state.world
    if world.is_first:
        run.newest_sound()  # sets aside what is damaged, once
    world.wait()
    folder = run.newest_sound()
    if folder is None:
        return False
    where = f"the checkpoint {folder.name} in {str(run.path)!r}"
    try:
        described = read_description(folder, f"{where}: its")
        read = _read_json(folder / STATE)
        check_format(read["format"], f"{where}: its")
        _check_same(describe_model(state.model, tokenizer), described, where)
        _check_same(_plain(asdict(state.config)), read["settings"], where)
        _set_weights(state.model, load_file(weights_file(folder)))
        _set_memory(state, load_file(folder / OPTIMIZER))
        _set_generators(state, load_file(folder / GENERATORS), world)
        _set_progress(state, read)
    except (KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise ValueError(
            f"{where} cannot be read ({first_line(error)}): delete its "
            "folder to use the one before, or begin another run"
        ) from None
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
    """Each rank goes on with its own generators; a new rank begins anew."""
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
                f"characters than the corpus, which has {len(value)}: "
                "continue with the corpus that the run began with"
            )
        elif name != "format" and stored.get(name) != value:
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
