"""Tables that are read from results/, so that no number is typed by hand.

    {ladder-table} shakespeare

is the loss of every rung from results/ladder_shakespeare.json, and

    {chapter-minutes}

how long each chapter runs, from results/chapter_minutes.json.
"""

import json
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

RESULTS = Path(__file__).resolve().parents[2] / "results"
FLOORS = {
    "uniform": "floor: every character equally likely",
    "unigram": "floor: counting single characters",
    "bigram": "floor: counting pairs of characters",
}


def table(head: list[str], rows: list[list[nodes.Node]]) -> nodes.table:
    """A table whose last column holds numbers."""
    made = nodes.table(classes=["tg-numbers"])
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=1) for _ in head]
    top = nodes.row()
    top += [nodes.entry("", nodes.paragraph(text, text)) for text in head]
    group += nodes.thead("", top)
    body = nodes.tbody()
    for cells in rows:
        row = nodes.row()
        row += [nodes.entry("", nodes.paragraph("", "", c)) for c in cells]
        body += row
    group += body
    made += group
    return made


class Recorded(SphinxDirective):
    """A table from one file of results/, or a sentence if it is not there."""

    optional_arguments = 1

    def read(self, name: str) -> dict | None:
        path = RESULTS / name
        self.env.note_dependency(str(path))
        if not path.is_file():
            return None
        return json.loads(path.read_text(encoding="utf-8"))

    def missing(self, name: str, remedy: str) -> list[nodes.Node]:
        text = f"results/{name} has not been recorded yet: {remedy}."
        return [nodes.paragraph(text, text, classes=["tg-missing"])]


class ChapterMinutes(Recorded):
    """Each chapter's name and the seconds its notebook ran."""

    def run(self) -> list[nodes.Node]:
        name = "chapter_minutes.json"
        seconds = self.read(name)
        if not seconds:
            return self.missing(name, "python scripts/fresh.py --times")
        rows = [
            [nodes.literal(chapter, chapter), nodes.Text(f"{value:.0f} s")]
            for chapter, value in sorted(seconds.items())
        ]
        total = sum(seconds.values()) / 60
        rows.append([nodes.Text("together"), nodes.Text(f"{total:.1f} min")])
        return [table(["Chapter", "Runs in"], rows)]


class LadderTable(Recorded):
    """The floors and every rung's exact loss, mean over the seeds run."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        corpus = self.arguments[0]
        name = f"ladder_{corpus}.json"
        record = self.read(name)
        if record is None:
            return self.missing(name, f"tutorgpt ladder --corpus {corpus}")
        rows = [
            [
                nodes.Text(what),
                nodes.Text("–"),
                number(record["floors"][floor]),
            ]
            for floor, what in FLOORS.items()
        ]
        rows += [self.rung_row(rung) for rung in record["rungs"]]
        return [
            table(["Model", "Parameters", "Loss (nats per character)"], rows)
        ]

    def rung_row(self, rung: dict) -> list[nodes.Node]:
        losses = [run["val_loss"] for run in rung["runs"]]
        return [
            nodes.literal(rung["model"], rung["model"]),
            nodes.Text(f"{rung['parameters']:,}"),
            number(sum(losses) / len(losses)),
        ]


def number(value: float) -> nodes.Text:
    return nodes.Text(f"{value:.3f}")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("ladder-table", LadderTable)
    app.add_directive("chapter-minutes", ChapterMinutes)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
