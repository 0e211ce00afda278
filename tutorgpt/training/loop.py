"""A whole training run: steps, measurements, checkpoints, and its end."""

from pathlib import Path

import torch

from tutorgpt.config import TrainConfig
from tutorgpt.ground.places import expanded
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.split import Corpus
from tutorgpt.training.choices import choose_threads, with_precision
from tutorgpt.training.divergence import (
    check_gradient,
    check_losses,
    check_measured,
)
from tutorgpt.training.engine.distributed import current_world
from tutorgpt.training.engine.threads import check_threads, thread_count
from tutorgpt.training.history import History, Record
from tutorgpt.training.loss import exact_loss
from tutorgpt.training.reports import (
    Watcher,
    check_events,
    event_log,
    progress_bar,
    watching,
)
from tutorgpt.training.resume import kept, precision_before
from tutorgpt.training.runs import RunSettings, bytes_per_token, fingerprint
from tutorgpt.training.signals import Stopped, StopRequest
from tutorgpt.training.state import TrainingState
from tutorgpt.training.steps import (
    begin,
    check_fits,
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
        the newest one, and ends as if it had never been stopped. With more
        max_steps than before it is trained further: the learning rate's
        schedule is drawn anew from there to the new end.
    checkpoint_interval: steps between two checkpoints; None: as many as
        between two measurements.
    log_dir: a folder for TensorBoard events.
    sharded: spread the weights over all processes that torchrun started.
    watch: called once with the state and the corpus, if somebody watches;
        what it returns is called after every step. tutorgpt.view.train
        hands in the growing curve.
    Raises ValueError if the corpus has another vocabulary or is too short,
    or if the checkpoints are another run's; OSError if out cannot be written
    to, or another process writes there; DivergedError when a loss is not
    finite; Stopped, a KeyboardInterrupt, if Ctrl-C or SIGTERM ended the run,
    between two steps.
    """
    check_fits(model, corpus)
    check_threads(config.threads)
    log_dir = None if log_dir is None else expanded(log_dir)
    world = current_world()
    device = next(model.parameters()).device
    before = None
    if config.precision != "fp32":
        before = precision_before(out, device.type)
    config = with_precision(
        model, corpus.train, config, world, sharded=sharded, before=before
    )
    state = begin(model, config, world, sharded=sharded)
    settings = RunSettings(
        corpus=corpus.origin or corpus.name,
        tokenizer=corpus.tokenizer.name,
        fingerprint=fingerprint(corpus) if out else "",
        model=type(model).__name__,
        shape=model.config,
        training=config,
        device=str(device),
        checkpoint_interval=checkpoint_interval,
        log_dir=None if log_dir is None else str(log_dir),
        sharded=sharded,
        bytes_per_token=(
            bytes_per_token(corpus.tokenizer, corpus.val) if out else None
        ),
    )
    interval = checkpoint_interval or config.eval_interval
    check_events(log_dir)
    with (
        kept(out, state, corpus, settings) as keep,
        event_log(log_dir if world.is_first else None) as report,
        thread_count(state.threads or choose_threads(state, corpus.train)),
        StopRequest(wanted=world.size == 1) as stop,
        progress_bar(state) as bar,
    ):
        step_made = watching(watch, state, corpus)
        if state.step == 0:
            if config.measure_first and not state.history.records:
                report(measure(state, corpus))
            keep()
        for _ in take_steps(state, corpus):
            bar.update()
            check_losses(state)
            step_made()
            if state.is_due(config.eval_interval):
                report(measure(state, corpus))
                bar.set_postfix(val_loss=f"{state.history.val_loss:.3f}")
                step_made()  # with the new record
            due = state.is_due(interval) or state.is_over
            if stop.signal or due or state.is_at_best:
                keep()
            if stop.signal and not state.is_over:
                raise Stopped(stop.signal, state.step, out)
    return state.history


def measure(state: TrainingState, corpus: Corpus) -> Record:
    """Add a record of this moment to the history."""
    check_losses(state, now=True)
    config, losses, world = state.config, state.losses, state.world
    norm = state.gradient_norm
    train_loss = None
    if losses:
        train_loss = world.mean(torch.stack(losses).mean()).item()
    length = None if norm is None else norm.item()
    check_gradient(state, length)
    val_loss = world.first(exact_loss(state.model, corpus.val))
    check_measured(state, val_loss)
    losses.clear()
    record = Record(
        step=state.step,
        train_loss=train_loss,
        val_loss=val_loss,
        seconds=state.elapsed() if state.step else 0.0,
        tokens=state.step * config.batch_size * state.model.config.block_size,
        gradient_norm=length,
    )
    state.history.records.append(record)
    return record
