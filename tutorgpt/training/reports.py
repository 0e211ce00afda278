"""Tells a watching human, or TensorBoard, how a run is doing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from tqdm.auto import tqdm

from tutorgpt.ground.watching import shows_progress
from tutorgpt.text.split import Corpus
from tutorgpt.training.history import Record
from tutorgpt.training.state import TrainingState


class Report(Protocol):
    """Something that wants to know each record."""

    def __call__(self, record: Record) -> None: ...


@contextmanager
def progress_bar(state: TrainingState) -> Iterator[tqdm]:
    """A bar with speed and time left; silent where nobody watches."""
    config, model = state.config, state.model
    with tqdm(
        initial=state.step,
        total=config.max_steps,
        desc=type(model).__name__,
        unit="step",
        disable=not (state.world.is_first and shows_progress()),
    ) as bar:
        yield bar


Watcher = Callable[[TrainingState, Corpus], Callable[[], None] | None]
"""Asked at the start of a run that someone watches: it may return what is
then called after every step, such as tutorgpt.view's growing curve."""


def watching(
    watcher: Watcher | None, state: TrainingState, corpus: Corpus
) -> Callable[[], None]:
    """What tells the watcher that a step was made, if anybody watches."""
    tell = None
    if watcher is not None and state.world.is_first:
        tell = watcher(state, corpus)
    return tell or (lambda: None)


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
