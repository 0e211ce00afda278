"""The training loop: draw a batch, measure the loss, step downhill."""

from pathlib import Path

import torch
from jaxtyping import Float, Integer
from torch import Tensor, nn

from tutorgpt.config import TrainConfig
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.batches import check_enough, sample_batch
from tutorgpt.text.corpus import Corpus
from tutorgpt.training.distributed import World, averaging, current_world
from tutorgpt.training.history import History, Record
from tutorgpt.training.loss import exact_loss
from tutorgpt.training.optimizer import (
    gradient_norm,
    set_learning_rate,
    shorten_gradient,
)
from tutorgpt.training.prepare import begin, choose_threads
from tutorgpt.training.reports import (
    Watcher,
    event_log,
    progress_bar,
    watching,
)
from tutorgpt.training.resume import restore_state, save_state
from tutorgpt.training.run_folder import RunFolder
from tutorgpt.training.schedule import learning_rate_at
from tutorgpt.training.signals import Stopped, StopRequest
from tutorgpt.training.state import TrainingState
from tutorgpt.training.threads import thread_count

__all__ = ["History", "Record", "train"]

RELEASE_INTERVAL = 10
"""Steps after which a corpus that lies on disk gives memory back."""


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
    watch: asked once, with the run's state and corpus, if someone watches;
        what it returns is called after every step and at the end.
    Raises ValueError if the corpus has another vocabulary or is too short,
    or if the checkpoints are another run's; Stopped, a KeyboardInterrupt,
    if Ctrl-C or SIGTERM ended the run, between two steps.
    """
    check_fits(model, corpus)
    world = current_world()
    state, step_loss = begin(model, config, world, sharded)
    folder = None if out is None else RunFolder(Path(out))
    if folder:
        restore_state(folder, state, corpus.tokenizer, world)
    threads = state.threads or choose_threads(step_loss, state, corpus.train)
    interval = checkpoint_interval or config.eval_interval
    step_made = watching(state, corpus, watch, quiet=not world.is_first)

    def keep() -> None:
        if folder:
            save_state(folder, state, corpus.tokenizer, world)

    with (
        thread_count(threads),
        StopRequest(wanted=world.size == 1) as stop,
        event_log(log_dir if world.is_first else None) as report,
        progress_bar(state, quiet=not world.is_first) as bar,
    ):
        if state.step == 0:
            if config.measure_first and not state.history.records:
                report(measure(state, corpus, world))
            keep()
        step_loss.train()
        while not state.is_over:
            norm = update(step_loss, state, corpus.train, world)
            bar.update()
            step_made()
            if state.step % RELEASE_INTERVAL == 0:
                corpus.release()
            if state.is_due(config.eval_interval):
                report(measure(state, corpus, world, norm))
                bar.set_postfix(val_loss=f"{state.history.val_loss:.3f}")
            if stop.signal or state.is_due(interval) or state.is_at_best:
                keep()
            if stop.signal and not state.is_over:
                raise Stopped(stop.signal, state.step, out)
    step_made()  # with the last measurement
    return state.history


def update(
    step_loss: nn.Module,
    state: TrainingState,
    data: Integer[Tensor, " N"],
    world: World,
) -> Float[Tensor, ""] | None:
    """Make one step, on one batch; the gradient's length if it is known.

    A batch may be computed in parts, whose gradients add up to the same.
    """
    config, model = state.config, state.model
    tokens, targets = sample_batch(
        data, config.batch_size, model.config.block_size, state.generator
    )
    device = next(model.parameters()).device
    parts = config.accumulation
    share = torch.tensor(1 / parts, device=device)
    state.clear_gradients()
    for part, (some_tokens, some_targets) in enumerate(
        zip(
            world.rows(tokens).chunk(parts),
            world.rows(targets).chunk(parts),
            strict=True,
        ),
        start=1,
    ):
        with averaging(step_loss, world, wanted=part == parts):
            loss = step_loss(some_tokens.to(device), some_targets.to(device))
            loss.backward(share)
        state.losses.append(loss.detach())
    state.step += 1
    norm = None
    if config.max_gradient_norm is not None:
        norm = shorten_gradient(model, config.max_gradient_norm)
    elif state.is_due(config.eval_interval):
        norm = gradient_norm(model)
    set_learning_rate(state.optimizers, learning_rate_at(state.step, config))
    for optimizer in state.optimizers:
        optimizer.step()
    return norm


def measure(
    state: TrainingState,
    corpus: Corpus,
    world: World,
    norm: Float[Tensor, ""] | None = None,
) -> Record:
    """Add a record of this moment to the history."""
    config, losses = state.config, state.losses
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


def check_fits(model: LanguageModel, corpus: Corpus) -> None:
    """Refuse a corpus that this model cannot learn from."""
    V, T = model.config.vocab_size, model.config.block_size
    if corpus.tokenizer.vocab_size != V:
        raise ValueError(
            f"the model has vocab_size {V} but corpus {corpus.name!r} has "
            f"{corpus.tokenizer.vocab_size} characters: "
            "build the model with vocab_size=corpus.tokenizer.vocab_size"
        )
    check_enough(len(corpus.train), T)
    check_enough(len(corpus.val), T)
