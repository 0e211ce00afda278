"""Tables that are read from results/, so that no number is typed by hand.

    {ladder-table} shakespeare

is the loss of every rung from results/ladder_shakespeare.json,

    {ladder-sample} shakespeare GPT

what one of them wrote, and

    {chapter-minutes}

how long each chapter takes, from its words, its code and its exercises, and
how long it runs, from results/chapter_minutes.json,

    {course-minutes}

the same for whoever plans a course, with the chapters' titles and sums, and

    {demo-record}

how the playground's model was trained, from results/demo.json,

    {demo-record} songci

how the one that writes Song ci was, from results/demo_songci.json, and

    {page-ladder}

what the six models reach when a page trains them, beside PyTorch, from
results/page_ladder.json, and

    {copied-table}

how much of their poems SMALL and LARGE have copied, beside held-out poems,
from results/small_songci.json and results/large_songci.json.
"""

import ast
import json
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tutorgpt.learn.paths import Minutes, minutes

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "results"
SAMPLE_LINES = 6
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
        line = nodes.paragraph()
        line += nodes.Text("Not recorded yet: ")
        line += nodes.literal(remedy, remedy)
        line += nodes.Text(" makes ")
        line += nodes.literal(name, name)
        line += nodes.Text(".")
        return [line]


@dataclass(frozen=True)
class Chapter:
    """A chapter, what it takes of its reader, and of the machine."""

    stem: str
    title: str
    minutes: Minutes
    seconds: float


class ChapterMinutes(Recorded):
    """How long each chapter takes to read and work through, and to run."""

    def run(self) -> list[nodes.Node]:
        name = "chapter_minutes.json"
        seconds = self.read(name)
        if not seconds:
            return self.missing(
                name, "python scripts/chapters/fresh.py --times"
            )
        known = [self.chapter(*item) for item in sorted(seconds.items())]
        return [self.shown(known)]

    def chapter(self, stem: str, seconds: float) -> Chapter:
        """What a chapter takes."""
        path = ROOT / "notebooks" / f"{stem}.ipynb"
        self.env.note_dependency(str(path))
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        title = "".join(cells[0]["source"]).splitlines()[0].lstrip("# ")
        return Chapter(
            stem, title, minutes(int(stem[:2]), cells, seconds), seconds
        )

    def shown(self, chapters: list[Chapter]) -> nodes.table:
        """Minutes for the reader, seconds for the machine."""
        rows = []
        for one in chapters:
            took = [one.minutes.path, one.minutes.side, one.minutes.more]
            told = [*(f"{n} min" for n in took), f"{one.seconds:.0f} s"]
            rows.append(
                [nodes.literal(one.stem, one.stem), *map(nodes.Text, told)]
            )
        head = ["Chapter", "Path", "Side paths", "Other exercises", "Runs in"]
        return table(head, rows)


class CourseMinutes(ChapterMinutes):
    """The chapters by their titles: minutes of the path, and of all."""

    def shown(self, chapters: list[Chapter]) -> nodes.table:
        rows, paths, wholes = [], 0, 0
        for one in chapters:
            path = one.minutes.path
            whole = path + one.minutes.side + one.minutes.more
            paths, wholes = paths + path, wholes + whole
            told = nodes.Text(f"{path} min"), nodes.Text(f"{whole} min")
            rows.append([self.link(one), *told])
        hours = (f"{total / 60:.0f} hours" for total in (paths, wholes))
        rows.append([*map(nodes.Text, ("All chapters", *hours))])
        made = table(["Chapter", "Path", "All of it"], rows)
        made["classes"].append("tg-tight")
        return made

    def link(self, chapter: Chapter) -> nodes.Node:
        """A chapter's number and title, leading to it."""
        name = f"{int(chapter.stem[:2])}. {chapter.title}"
        return addnodes.pending_xref(
            "",
            nodes.inline("", name),
            refdomain="std",
            reftype="doc",
            refdoc=self.env.docname,
            reftarget=f"/notebooks/{chapter.stem}",
            refexplicit=True,
            refwarn=True,
        )


class LadderTable(Recorded):
    """The floors and every rung's exact loss, mean over the seeds run."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        corpus = self.arguments[0]
        name = f"ladder_{corpus}.json"
        record = self.read(name)
        if record is None:
            return self.missing(name, f"tutorgpt ladder --corpus {corpus}")
        floors = record["floors"]
        rows = [
            [nodes.Text(what), nodes.Text("–"), number(floors[floor])]
            for floor, what in FLOORS.items()
        ]
        rows += [
            [
                nodes.literal(rung["model"], rung["model"]),
                nodes.Text(f"{rung['parameters']:,}"),
                number(mean(losses(rung))),
            ]
            for rung in record["rungs"]
        ]
        head = ["Model", "Parameters", "Loss (nats per character)"]
        return [table(head, rows), caption(record)]


class LadderSample(Recorded):
    """What one rung wrote after training, marked as generated text."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        corpus, model = self.arguments
        name = f"ladder_{corpus}.json"
        record = self.read(name)
        if record is None:
            return self.missing(name, f"tutorgpt ladder --corpus {corpus}")
        sample = next(
            rung["sample"]
            for rung in record["rungs"]
            if rung["model"] == model
        )
        lines = sample.strip().splitlines()[:SAMPLE_LINES]
        text = "\n".join(f"│ {line}" for line in lines)
        block = nodes.literal_block(text, text)
        block["language"] = "text"
        return [block]


class DemoRecord(Recorded):
    """A model of the playground: its command, its losses and their floors."""

    def run(self) -> list[nodes.Node]:
        if self.arguments == ["songci"]:
            return self.of_poems()
        name = "demo.json"
        record = self.read(name)
        if record is None:
            return self.missing(name, "python scripts/records/demo.py")
        rows = [
            [nodes.Text(f"{int(step):,}"), number(loss)]
            for step, loss in record["val_loss"].items()
        ]
        said = (
            f" The losses are exact, over the held-out tenth of "
            f"{record['corpus']}, with the {record['bits_per_weight']}-bit "
            "weights that the page uses."
        )
        head = ["Steps", "Loss (nats per character)"]
        return [table(head, rows), made(record, said)]

    def of_poems(self) -> list[nodes.Node]:
        """The model of the Song ci: beside SMALL's loss, and its lines."""
        name = "demo_songci.json"
        record = self.read(name)
        small = self.read("quality_songci.json")
        if record is None or small is None:
            command = "python scripts/records/demo.py --corpus songci"
            return self.missing(name, command)
        floors, forms = record["floors"], record["forms"]
        losses = {
            **{what: floors[floor] for floor, what in FLOORS.items()},
            "SMALL of chapter 6, which reads 8 characters": small["mean"][
                "rare recipe"
            ]["val_loss"],
            "This model": record["val_loss_per_character"],
        }
        shares = [
            [
                nodes.Text(whose),
                nodes.Text(f"{forms[which]['poems']:,}"),
                *(
                    nodes.Text(f"{100 * forms[which][share]:.0f} %")
                    for share in ("lines", "whole")
                ),
            ]
            for whose, which in (
                ("Poets of the Song", "corpus"),
                ("The same, to any tune", "all_tunes"),
                ("This model", "model"),
            )
        ]
        tokens = record["tokenizer"]
        said = (
            f" {record['parameters']:,} parameters, "
            f"{record['config']['vocab_size']:,} tokens, of which "
            f"{tokens['characters']:,} are a character each: those make "
            f"{100 * tokens['share_of_text']:.0f} % of the held-out text. "
            "The losses are exact, over the held-out tenth of "
            f"{record['corpus']}, with the {record['bits_per_weight']}-bit "
            "weights that the page uses."
        )
        head = ["Model", "Loss (nats per character)"]
        rows = [[nodes.Text(what), number(n)] for what, n in losses.items()]
        of_tune = [
            f"Poems to the tune {forms['tune']}",
            "Poems",
            "Lines of seven",
            "Whole form",
        ]
        return [table(head, rows), table(of_tune, shares), made(record, said)]


def made(record: dict, said: str) -> nodes.paragraph:
    """How a model of the playground was made, and what else is said of it."""
    line = nodes.paragraph(classes=["tg-caption"])
    line += nodes.Text("Made by ")
    line += nodes.literal(record["command"], record["command"])
    line += nodes.Text(
        f" with seed {record['seed']} in "
        f"{record['cpu_seconds'] / 60:.0f} minutes of one thread on "
        f"{record['machine']['processor']}, PyTorch "
        f"{record['versions']['torch']}.{said}"
    )
    return line


class PageLadder(Recorded):
    """Every rung's loss and seconds, in a page and with PyTorch."""

    def run(self) -> list[nodes.Node]:
        name = "page_ladder.json"
        record = self.read(name)
        if record is None:
            return self.missing(name, "python scripts/records/page_ladder.py")
        floors = record["floors"]
        rows = [
            [nodes.Text(what), number(floors[floor]), *dashes(3)]
            for floor, what in FLOORS.items()
        ]
        for rung in record["rungs"]:
            name = nodes.literal(rung["model"], rung["model"])
            cells: list[nodes.Node] = [name]
            for where in ("page", "torch"):
                run = rung[where]
                cells += [
                    number(run["val_loss"]),
                    nodes.Text(f"{run['seconds']:.0f} s"),
                ]
            rows.append(cells)
        head = ["Model", "Here", "", "PyTorch", ""]
        line = nodes.paragraph(classes=["tg-caption"])
        line += nodes.Text(
            f"Exact held-out losses in nats per character, after "
            f"{record['steps']:,} steps on {record['characters']:,} "
            f"characters of the plays, with seed {record['seed']}; the page "
            f"took {record['seconds'] / 60:.1f} minutes for all six. Made by "
        )
        line += nodes.literal(record["command"], record["command"])
        line += nodes.Text(
            f" in Chromium {record['versions']['chromium']} and with PyTorch "
            f"{record['versions']['torch']}, one thread each, on "
            f"{record['machine']['processor']}."
        )
        return [table(head, rows), line]


class CopiedTable(Recorded):
    """What poems share with the training text, and what is usual."""

    def run(self) -> list[nodes.Node]:
        rows: list[list[nodes.Node]] = []
        for preset in ("small", "large"):
            name = f"{preset}_songci.json"
            record = self.read(name)
            if record is None:
                script = "python scripts/records/large.py"
                return self.missing(name, f"{script} --preset {preset}")
            for model, found in record["last_poems"].items():
                rows += both(f"{who(preset, model)}, last poems", found)
            for run in record["runs"]:
                if found := run.get("originality"):
                    steps = f"{run['losses'][-1]['step']:,} steps"
                    name = f"{who(preset, run['model'])}, {steps}"
                    rows += both(f"{name}, seed {run['seed']}", found)
        sizes = found_sizes(record)
        head = ["Written by", "Texts", "Longest copy", *sizes]
        return [table(head, rows)]


def who(preset: str, model: str) -> str:
    """A preset's model; the GPT of chapter 6 needs no name."""
    return preset.upper() + ("" if model == "GPT" else f" as {model}")


def found_sizes(record: dict) -> list[str]:
    """How many characters in a row were looked for."""
    return list(next(iter(record["last_poems"].values()))["shares"])


def both(name: str, found: dict) -> list[list[nodes.Node]]:
    """A model's numbers, and below them those of as much held-out text."""
    texts = f"{found['texts']} of {found['characters'] / found['texts']:.0f}"
    own, usual = [name, texts], ["held-out text", ""]
    measured = [(found["longest"], 1, "")]
    measured += [(share, 100, " %") for share in found["shares"].values()]
    for beside, by, unit in measured:
        draws = [by * draw for draw in beside["held_out"]]
        own.append(f"{by * beside['model']:.0f}{unit}")
        usual.append(
            f"{median(draws):.0f}{unit} ({min(draws):.0f} to {max(draws):.0f})"
        )
    return [[nodes.Text(text) for text in row] for row in (own, usual)]


def dashes(count: int) -> list[nodes.Node]:
    """Cells without a number."""
    return [nodes.Text("–") for _ in range(count)]


def losses(rung: dict) -> list[float]:
    """The exact validation loss of each seed."""
    return [run["val_loss"] for run in rung["runs"]]


def caption(record: dict) -> nodes.paragraph:
    """How many runs stand behind the table, and how they were made."""
    runs = [losses(rung) for rung in record["rungs"]]
    spread = max(max(values) - min(values) for values in runs)
    line = nodes.paragraph(classes=["tg-caption"])
    line += nodes.Text(
        f"Mean of {len(runs[0])} seeds, {record['steps']:,} steps each; the "
        f"seeds of one model differ by at most {spread:.3f}. Made by "
    )
    line += nodes.literal(record["command"], record["command"])
    versions, machine = record["versions"], record["machine"]
    line += nodes.Text(
        f" with PyTorch {versions['torch']} on {machine['processor']}."
    )
    return line


def number(value: float) -> nodes.Text:
    return nodes.Text(f"{value:.3f}")


class RecordScripts(SphinxDirective):
    """The scripts that make longer records: command, and what it measures."""

    def run(self) -> list[nodes.Node]:
        made = nodes.definition_list()
        for path in sorted(ROOT.glob("scripts/records/*.py")):
            self.env.note_dependency(str(path))
            tree = ast.parse(path.read_text(encoding="utf-8"))
            says = (ast.get_docstring(tree) or "").split("\n\n")[0]
            command = f"python scripts/records/{path.name}"
            made += nodes.definition_list_item(
                "",
                nodes.term("", "", nodes.literal(command, command)),
                nodes.definition("", nodes.paragraph("", says)),
            )
        return [made]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("ladder-table", LadderTable)
    app.add_directive("ladder-sample", LadderSample)
    app.add_directive("record-scripts", RecordScripts)
    app.add_directive("chapter-minutes", ChapterMinutes)
    app.add_directive("course-minutes", CourseMinutes)
    app.add_directive("demo-record", DemoRecord)
    app.add_directive("page-ladder", PageLadder)
    app.add_directive("copied-table", CopiedTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
