"""A whole training run: steps, measurements, checkpoints, and its end."""

from pathlib import Path

import torch

from tutorgpt.config import TrainConfig
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.split import Corpus
from tutorgpt.training.engine.distributed import current_world
from tutorgpt.training.engine.threads import thread_count
from tutorgpt.training.history import History, Record
from tutorgpt.training.loss import exact_loss
from tutorgpt.training.reports import (
    Watcher,
    event_log,
    progress_bar,
    watching,
)
from tutorgpt.training.resume import restore_state, save_state
from tutorgpt.training.runs import RunFolder
from tutorgpt.training.signals import Stopped, StopRequest
from tutorgpt.training.state import TrainingState
from tutorgpt.training.steps import (
    begin,
    check_fits,
    choose_threads,
    take_steps,
)

__all__ = ["History", "Record", "train"]


def train(
    model: LanguageModel,
    corpus: Corpus,
    config: TrainConfig,
    *,
    out: str | Path | None = None,
    checkpoint_interval: int | None = None,
    log_dir: str | Path | None = None,
    sharded: bool = False,
    watch: Watcher | None = None,
) -> History:
    """Train a model in place and return what was measured.

    Prints nothing; draws a progress bar in a terminal and in a notebook
    (TUTORGPT_PROGRESS=0 turns it off).

    out: a folder for checkpoints. If it holds some, the run goes on from
        the newest one, and ends as if it had never been stopped.
    checkpoint_interval: steps between two checkpoints; None: as many as
        between two measurements.
    log_dir: a folder for TensorBoard events.
    sharded: spread the weights over all processes that torchrun started.
    watch: called once with the state and the corpus, if somebody watches;
        what it returns is called after every step. tutorgpt.view.train
        hands in the growing curve.
    Raises ValueError if the corpus has another vocabulary or is too short,
    or if the checkpoints are another run's; Stopped, a KeyboardInterrupt,
    if Ctrl-C or SIGTERM ended the run, between two steps.
    """
    check_fits(model, corpus)
    world = current_world()
    state = begin(model, config, world, sharded=sharded)
    folder = None if out is None else RunFolder(Path(out))
    if folder:
        restore_state(folder, state, corpus.tokenizer)
    threads = state.threads or choose_threads(state, corpus.train)
    interval = checkpoint_interval or config.eval_interval
    step_made = watching(watch, state, corpus)

    def keep() -> None:
        if folder:
            save_state(folder, state, corpus.tokenizer)

    with (
        thread_count(threads),
        StopRequest(wanted=world.size == 1) as stop,
        event_log(log_dir if world.is_first else None) as report,
        progress_bar(state) as bar,
    ):
        if state.step == 0:
            if config.measure_first and not state.history.records:
                report(measure(state, corpus))
            keep()
        for _ in take_steps(state, corpus):
            bar.update()
            step_made()
            if state.is_due(config.eval_interval):
                report(measure(state, corpus))
                bar.set_postfix(val_loss=f"{state.history.val_loss:.3f}")
            if stop.signal or state.is_due(interval) or state.is_at_best:
                keep()
            if stop.signal and not state.is_over:
                raise Stopped(stop.signal, state.step, out)
    step_made()  # with the last measurement
    return state.history


def measure(state: TrainingState, corpus: Corpus) -> Record:
    """Add a record of this moment to the history."""
    config, losses, world = state.config, state.losses, state.world
    norm = state.gradient_norm
    train_loss = None
    if losses:
        train_loss = world.mean(torch.stack(losses).mean()).item()
    losses.clear()
    record = Record(
        step=state.step,
        train_loss=train_loss,
        val_loss=world.first(exact_loss(state.model, corpus.val)),
        seconds=state.elapsed() if state.step else 0.0,
        tokens=state.step * config.batch_size * state.model.config.block_size,
        gradient_norm=None if norm is None else norm.item(),
    )
    state.history.records.append(record)
    return record
