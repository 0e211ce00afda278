"""Writes a run's state to a checkpoint, and reads it back."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, replace
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from tutorgpt.config import TrainConfig
from tutorgpt.ground.locks import sign_of_life
from tutorgpt.ground.places import expanded
from tutorgpt.ground.provenance import versions
from tutorgpt.ground.whole_files import (
    REMEDY,
    CannotWriteError,
    is_sound,
    whole_folder,
)
from tutorgpt.text.split import Corpus
from tutorgpt.tokens.tokenizer import Tokenizer
from tutorgpt.training.checkpoints import (
    FORMAT,
    MODEL,
    check_format,
    check_parts,
    describe_model,
    first_line,
    metadata,
    read_description,
    weights_file,
)
from tutorgpt.training.divergence import DivergedError, check_weights
from tutorgpt.training.engine.distributed import World, like, whole
from tutorgpt.training.history import History
from tutorgpt.training.runs import (
    ALL_STEPS,
    DIVERGED,
    GENERATORS,
    NO_BETTER,
    OPTIMIZER,
    SETTINGS,
    STATE,
    RunFolder,
    RunSettings,
    check_fingerprint,
    holds_checkpoints,
)
from tutorgpt.training.state import (
    Stretches,
    TrainingState,
    generator_tensors,
    optimizer_tensors,
    other_generators,
    set_generator_tensors,
    set_optimizer_tensors,
    set_other_generators,
)


@contextmanager
def kept(
    out: str | Path | None,
    state: TrainingState,
    corpus: Corpus,
    settings: RunSettings,
) -> Iterator[Callable[[], None]]:
    """Go on from what a folder keeps; gives what keeps the present moment.

    The folder is held as long, and everything is checked before anything is
    written. When the block ends, what was measured and how it ended is left
    there too, unless it was stopped from outside.
    out: the run's folder; None: nothing is kept.
    Raises HeldError if another process writes there, ValueError if the run
    there is another one, OSError if nothing can be written.
    """
    if out is None:
        yield lambda: None
        return
    run, world = RunFolder(expanded(out)), state.world
    with run.held() if world.is_first else nullcontext():
        before = _settings_before(run, state, corpus)
        asked = restore_state(run, state, corpus.tokenizer)
        if asked is not None:
            stretches = before.stretches if before else ((0, asked),)
            settings = _continued(run, state, stretches, settings)
        state.stretches = settings.stretches
        world.wait()  # everyone has looked before anyone writes
        if world.is_first:
            check_space(run.path, state.model)
            if settings != before:
                settings.write(run.path)
        end = None
        try:
            yield lambda: save_state(run, state, corpus.tokenizer)
            end = ALL_STEPS
            if state.step < state.config.max_steps:
                end = NO_BETTER
        except DivergedError as error:
            end = DIVERGED
            newest = run.checkpoints[-1:]
            raise error.keeping(*newest or [None]) from None
        except Exception:
            # A start that failed, with too large a batch for the memory say,
            # leaves nothing; a run that has made a step keeps what it has.
            if world.is_first and asked is None and state.step == 0:
                shutil.rmtree(run.path / "checkpoints", ignore_errors=True)
            raise
        finally:
            if end and world.is_first:
                run.write_history(state.history, end, state.step)


def precision_before(out: str | Path | None, device: str) -> str | None:
    """What the run in a folder is computed in on this kind of device.

    None where there is no run, or it cannot be read, or an older tutorgpt
    made it, which decided at every start.
    """
    if out is None or not holds_checkpoints(expanded(out)):
        return None
    checkpoints = RunFolder(expanded(out)).checkpoints
    sound = next(filter(is_sound, reversed(checkpoints)), None)
    read = {} if sound is None else _read_json(sound / STATE)
    return read.get("precision") if read.get("device") == device else None


def _settings_before(
    run: RunFolder, state: TrainingState, corpus: Corpus
) -> RunSettings | None:
    """What a folder's run was begun with; None if there is no such run."""
    state.world.wait()
    if not (holds_checkpoints(run.path) and (run.path / SETTINGS).is_file()):
        return None
    before = RunSettings.read(run.path)
    check_fingerprint(run.path, before, corpus)
    return before


def _continued(
    run: RunFolder,
    state: TrainingState,
    stretches: Stretches,
    settings: RunSettings,
) -> RunSettings:
    """The settings of a run that goes on, to its old end or to a new one.

    A new end that no step has been made for yet can be taken back.
    """
    *before, (start, end) = stretches
    if before and start == state.step:
        *before, (start, end) = before
    stretches = (*before, (start, end))
    wanted = settings.training.max_steps
    if wanted < end:
        raise ValueError(
            f"the run in {str(run.path)!r} has {end:,} steps, more than "
            f"{wanted:,}: choose more steps to train it further, or begin "
            "another run"
        )
    if wanted > end:
        stretches = (*stretches, (state.step, wanted))
    return replace(settings, stretches=stretches)


def check_space(folder: Path, model: torch.nn.Module) -> None:
    """Refuse a disk that cannot hold the checkpoints of a run.

    The newest two, the best, and one that is being written; each has the
    weights and what the optimizer remembers, about twice as much.
    Raises CannotWriteError.
    """
    weights = sum(p.numel() * p.element_size() for p in model.parameters())
    needed, free = 4 * 3 * weights, shutil.disk_usage(folder).free
    if free < needed:
        raise CannotWriteError(
            folder,
            f"its checkpoints need about {needed / 1e6:,.0f} MB, and "
            f"{free / 1e6:,.0f} MB are free",
            REMEDY,
        )


def save_state(
    run: RunFolder, state: TrainingState, tokenizer: Tokenizer
) -> None:
    """Write a checkpoint of this moment, then let go of old ones.

    With several processes all of them must call it; the first one writes.
    Raises DivergedError, and writes nothing, if the weights are not finite.
    """
    world = state.world
    weights = _on_cpu(state.model.state_dict())
    check_weights(state, weights)
    memory = _on_cpu(optimizer_tensors(state))
    generators = _of_all_ranks(generator_tensors(state.generator), world)
    generators["losses"] = _mean_losses(state, world)
    described = describe_model(state.model, tokenizer)
    if world.is_first:
        with whole_folder(run.checkpoint(state.step)) as folder:
            _write_json(folder / STATE, _describe_state(state))
            once = _once(state.model, weights)
            save_file(once, folder / MODEL, metadata(described, weights))
            save_file(memory, folder / OPTIMIZER)
            save_file(generators, folder / GENERATORS)
        run.prune(state.history)
        sign_of_life(run.path)
    world.wait()


def restore_state(
    run: RunFolder, state: TrainingState, tokenizer: Tokenizer
) -> int | None:
    """Continue from the newest sound checkpoint; None if none exists.

    Returns how many steps were asked for when it was written.

    Raises ValueError if it belongs to another model, vocabulary or other
    settings, or was written by a newer tutorgpt or with other parts.
    """
    world = state.world
    if world.is_first:
        run.newest_sound(set_aside=True)
    world.wait()
    folder = run.newest_sound()
    if folder is None:
        return None
    where = f"the checkpoint {folder.name} in {str(run.path)!r}"
    try:
        described = read_description(folder, f"{where}: its")
        read = _read_json(folder / STATE)
        check_format(read["format"], f"{where}: its")
        _check_same(describe_model(state.model, tokenizer), described, where)
        ours = _plain(asdict(state.config))
        stored = _plain(asdict(TrainConfig())) | read["settings"]
        if read.get("device") != _device(state):  # then it is chosen anew
            stored["precision"] = ours["precision"]
        _check_same(_without_free(ours), stored, where)
        check_parts(weights_file(folder), state.model, f"{where}: its")
        _set_weights(state.model, load_file(weights_file(folder)))
        _set_memory(state, load_file(folder / OPTIMIZER))
        _set_generators(state, load_file(folder / GENERATORS), world)
        _set_progress(state, read)
        return read["settings"]["max_steps"]
    except (KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise ValueError(
            f"{where} cannot be read ({first_line(error)}): delete its "
            "folder to use the one before, or begin another run"
        ) from None


MAY_CHANGE = ("max_steps", "eval_interval", "patience", "threads")
"""Settings that a run may go on with another value of: they decide when it
is measured and when it ends, or, the threads, how fast it is."""


def _without_free(settings: dict) -> dict:
    return {k: v for k, v in settings.items() if k not in MAY_CHANGE}


def _describe_state(state: TrainingState) -> dict:
    return {
        "format": FORMAT,
        "step": state.step,
        "seconds": state.elapsed(),
        "threads": torch.get_num_threads(),
        "device": _device(state),
        "precision": state.config.precision,
        "settings": asdict(state.config),
        "history": state.history.to_list(),
        "versions": versions(),
        "generators": other_generators(),
    }


def _device(state: TrainingState) -> str:
    return next(state.model.parameters()).device.type


def _set_progress(state: TrainingState, read: dict) -> None:
    state.step, state.seconds = read["step"], read["seconds"]
    if state.config.threads == read["settings"]["threads"]:
        state.threads = read["threads"]
    state.history = History.from_list(read["history"])
    set_other_generators(read["generators"])


def _set_weights(model: torch.nn.Module, tensors: dict[str, Tensor]) -> None:
    with torch.no_grad():
        for name, weight in _once(model, model.state_dict()).items():
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


def _once(
    model: torch.nn.Module, weights: dict[str, Tensor]
) -> dict[str, Tensor]:
    """A model's weights, those that are tied under their first name."""
    named = *model.named_parameters(), *model.named_buffers()
    names = {name for name, _ in named}
    return {name: each for name, each in weights.items() if name in names}


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
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    file.write_text(text, encoding="utf-8")
