"""What is known of a run as it stands now, and of several in a table."""

from dataclasses import dataclass, field
from pathlib import Path

from tutorgpt.ground.places import readable
from tutorgpt.training.history import History, Record
from tutorgpt.training.runs import DIVERGED, RunFolder, RunSettings


@dataclass(frozen=True)
class Look:
    """A run as it stands now.

    trouble: why nothing more is known of it, in a sentence; else empty, and
        then there are settings.
    """

    folder: Path
    known: RunSettings | None = None
    step: int = 0
    history: History = field(default_factory=History)
    state: str = "damaged"
    trouble: str = ""

    @property
    def settings(self) -> RunSettings:
        """The run's settings, where there is no trouble."""
        if self.known is None:
            raise ValueError(self.trouble)
        return self.known

    @property
    def records(self) -> list[Record]:
        """What was measured, in order."""
        return self.history.records

    @property
    def best(self) -> Record | None:
        """The record with the lowest loss; None before the first."""
        return self.history.best if self.records else None


def look_at(folder: Path) -> Look:
    """Read what a run says of itself; what is damaged is named, not raised."""
    run = RunFolder(folder)
    try:
        settings = RunSettings.read(folder)
        if not run.checkpoints:
            state = "running" if run.is_held else "not begun"
            return Look(folder, settings, state=state)
        step, history = run.newest_record()
    except (OSError, ValueError) as error:
        return Look(folder, trouble=str(error))
    return Look(folder, settings, step, history, state_of(run, settings, step))


def state_of(run: RunFolder, settings: RunSettings, step: int) -> str:
    """Running, ended, diverged or stopped."""
    if run.is_held:
        return "running"
    end = run.end(step, settings.stretches[-1][0])
    if end == DIVERGED:
        return "diverged"
    if end is not None or step >= settings.training.max_steps:
        return "ended"
    return "stopped"


DIFFERENT = (
    "A loss is per token: those of different tokens cannot be compared, but "
    "tutorgpt compare gives them per byte."
)


def table(looks: list[Look]) -> str:
    """One line a run; under it what is wrong with those that are damaged."""
    head = ("run", "model", "text", "tokens", "steps", "best", "after")
    rows = [(*head, "state")]
    rows += [(str(x.folder), *_cells(x), x.state) for x in looks]
    notes = [look.trouble for look in looks if look.trouble]
    if len({look.known.tokenizer for look in looks if look.known}) > 1:
        notes.append(DIFFERENT)
    return "\n".join([*aligned(rows), *notes])


def _cells(look: Look) -> tuple[str, ...]:
    if look.known is None:
        return ("?",) * 6
    best = look.best
    return (
        look.known.model,
        text_name(look.known),
        look.known.tokenizer,
        f"{look.step:,}/{look.known.training.max_steps:,}",
        f"{best.val_loss:.4f}" if best else "-",
        f"{best.step:,}" if best else "-",
    )


def text_name(settings: RunSettings) -> str:
    """The text's name, or its file's."""
    return readable(Path(settings.corpus).name)


def aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Columns as wide as their widest cell; numbers to the right."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    right = [_holds_numbers(column) for column in columns]
    return [
        "  ".join(
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in rows
    ]


def _holds_numbers(column: tuple[str, ...]) -> bool:
    return all(cell[:1].isdigit() or cell in "-?" for cell in column[1:])
