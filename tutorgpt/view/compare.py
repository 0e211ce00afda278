"""Several runs side by side: one table, and one figure of their losses."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from tutorgpt.ground.places import expanded, shown
from tutorgpt.text.corpus import load_corpus
from tutorgpt.text.floors import Floors, measure_floors
from tutorgpt.training.looks import Look, aligned, look_at, text_name
from tutorgpt.training.runs import fingerprint, tokenizer_of
from tutorgpt.view.losses import plot_history

HEAD = (
    "run",
    "model",
    "text",
    "steps",
    "best",
    "after",
    "newest",
    "state",
)
TITLE = "Losses of the runs compared"


def compare_runs(*folders: str | Path, title: str = TITLE) -> Figure:
    """Print a table of runs, and draw their losses in one figure.

    folders: of two runs or more, as train(..., out=folder) makes them.
    title: states the finding.
    Raises ValueError for less than two, and for one that has no loss.
    """
    comparison = Comparison.of(map(expanded, folders))
    # The sign says that these numbers were measured here.
    print(comparison.table(sign="≈ "))
    return comparison.draw(title)


@dataclass(frozen=True)
class Comparison:
    """Runs in one unit.

    Those over the same text are compared in nats per token, beside what
    counting reaches; those over different ones in bits per byte.
    scales: what each run's losses are multiplied with. note: why there are
    no floors, where there are none.
    """

    looks: list[Look]
    unit: str
    scales: list[float]
    floors: Floors | None
    note: str

    @classmethod
    def of(cls, folders: Iterable[Path]) -> "Comparison":
        """The runs in these folders; one that is named twice counts once.

        Raises ValueError for less than two, and for one without a loss.
        """
        different = list({each.resolve(): each for each in folders}.values())
        if len(different) < 2:
            raise ValueError(
                "one run is nothing to compare: name two folders or more "
                "(tutorgpt runs lists them)"
            )
        looks = [measured(look_at(folder)) for folder in different]
        if len({look.settings.fingerprint for look in looks}) == 1:
            floors, note = floors_of(looks[0])
            scales = [1.0] * len(looks)
            return cls(looks, "nats per token", scales, floors, note)
        scales = [to_bits_per_byte(look) for look in looks]
        note = f"no floors: the {what_differs(looks)} differ"
        return cls(looks, "bits per byte", scales, None, note)

    def table(self, sign: str = "") -> str:
        """One line a run, with its best and its newest loss.

        sign: what stands before a loss.
        """
        rows = [HEAD, *self.rows(sign)]
        notes = [f"losses in {self.unit}, exact", self.note]
        return "\n".join([*aligned(rows), *filter(None, notes)])

    def rows(self, sign: str) -> Iterator[tuple[str, ...]]:
        """The cells of each run's line."""
        for look, scale in zip(self.looks, self.scales, strict=True):
            settings, best = look.settings, look.history.best
            yield (
                str(look.folder),
                settings.model,
                text_name(settings),
                f"{look.step:,}/{settings.training.max_steps:,}",
                f"{sign}{scale * best.val_loss:.4f}",
                f"{best.step:,}",
                f"{sign}{scale * look.records[-1].val_loss:.4f}",
                look.state,
            )

    def draw(self, title: str = TITLE) -> Figure:
        """The losses by step, one line a run, the floors dashed."""
        names = [in_legend(look.folder) for look in self.looks]
        histories = [look.history for look in self.looks]
        return plot_history(
            dict(zip(names, histories, strict=True)),
            floors=self.floors,
            title=title,
            label=f"validation loss ({self.unit})",
            scales=dict(zip(names, self.scales, strict=True)),
        )


def measured(look: Look) -> Look:
    """The run itself, if it has a loss that is a number."""
    if look.trouble:
        raise ValueError(look.trouble)
    if not look.records:
        raise ValueError(
            f"the run in {str(look.folder)!r} has no loss to compare (it is "
            f"{look.state}): leave it out, or wait for its first one if it "
            "still runs"
        )
    return look


def to_bits_per_byte(look: Look) -> float:
    """What turns a run's nats per token into bits per byte."""
    per_token = look.settings.bytes_per_token
    if per_token is None:
        raise ValueError(
            f"the run in {str(look.folder)!r} learned from another text and "
            "does not say how many bytes its tokens stand for (an older "
            "tutorgpt began it): compare it with runs over its own text"
        )
    return 1 / math.log(2) / per_token


def what_differs(looks: list[Look]) -> str:
    """Why the tokens of these runs are not the same."""
    texts = {look.settings.corpus for look in looks}
    tokenizers = {look.settings.tokenizer for look in looks}
    return "tokenizers" if len(texts) == 1 < len(tokenizers) else "texts"


def floors_of(look: Look) -> tuple[Floors | None, str]:
    """What counting reaches on a run's text; else why that is not known."""
    try:
        tokenizer = tokenizer_of(look.folder) or look.settings.tokenizer
        corpus = load_corpus(look.settings.corpus, tokenizer)
        if fingerprint(corpus) != look.settings.fingerprint:
            return None, "no floors: the text has changed since"
        return measure_floors(corpus), ""
    except (OSError, ValueError) as error:
        return None, f"no floors: {error}"


def in_legend(folder: Path) -> str:
    """A folder's name as matplotlib writes it: no formula, never left out.

    It sets what stands between two $, and shows no name that begins with _.
    """
    return "./" * str(folder).startswith("_") + shown(folder).replace(
        "$", r"\$"
    )
