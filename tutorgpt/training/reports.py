"""Tells a watching human, or TensorBoard, how a run is doing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from tqdm.auto import tqdm

from tutorgpt.progress import shows_progress
from tutorgpt.text.corpus import Corpus
from tutorgpt.training.history import Record
from tutorgpt.training.state import TrainingState


class Report(Protocol):
    """Something that wants to know each record."""

    def __call__(self, record: Record) -> None: ...


@contextmanager
def progress_bar(state: TrainingState, *, quiet: bool) -> Iterator[tqdm]:
    """A bar with speed and time left; silent where nobody watches."""
    config, model = state.config, state.model
    with tqdm(
        initial=state.step,
        total=config.max_steps,
        desc=type(model).__name__,
        unit="step",
        disable=quiet or not shows_progress(),
    ) as bar:
        yield bar


Watcher = Callable[[TrainingState, Corpus], Callable[[], None] | None]
"""Asked at the start of a run that someone watches; may return what is then
called after every step. tutorgpt.view hands in its growing curve."""


def watching(
    state: TrainingState,
    corpus: Corpus,
    watch: Watcher | None,
    *,
    quiet: bool,
) -> Callable[[], None]:
    """What to call after every step, so that a watcher hears of it."""
    if watch is None or quiet or not shows_progress():
        return lambda: None
    return watch(state, corpus) or (lambda: None)


@contextmanager
def event_log(folder: str | Path | None) -> Iterator[Report]:
    """Write records as TensorBoard events to a folder; None: nowhere.

    Raises ValueError if tensorboard is not installed.
    """
    if folder is None:
        yield lambda record: None
        return
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise ValueError(
            f"events cannot be written to {str(folder)!r}: install "
            "tensorboard first (pip install tensorboard)"
        ) from None
    writer = SummaryWriter(str(folder))
    try:
        yield lambda record: _write(writer, record)
    finally:
        writer.close()


def _write(writer, record: Record) -> None:
    curves = {
        "loss/train": record.train_loss,
        "loss/validation": record.val_loss,
        "loss/validation_bits": record.val_bits,
        "gradient_norm": record.gradient_norm,
        "tokens_per_second": record.tokens_per_second,
    }
    for name, value in curves.items():
        if value is not None:
            writer.add_scalar(name, value, record.step)
    writer.flush()
