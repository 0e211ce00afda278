"""The place where the ladder trains, and what a page needs for it.

    {train-here}

is the place, and below it whose texts it offers. living_parts.py brings it to
life. Its scripts and the texts are written here, into the site and nowhere
else: all scripts as one file, and each text as one that a page loads when it
is chosen. A text that is not at hand when the book is built is not offered.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tutorgpt.view.ladder.page import files_script, fragment
from tutorgpt.view.ladder.texts import PageText, page_texts

FOLDER = "_static/ladder"
RUNG = re.compile(r"notebooks/0([1-6])_\w+")
WAITING = (
    "Here models are trained when the page has loaded the scripts. "
    "They need JavaScript."
)


class TrainHere(SphinxDirective):
    """The place, and a line on each of its texts."""

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()  # the poems may have come, or gone
        texts = page_texts()
        up = "../" * self.env.docname.count("/")
        rungs = filter(None, map(RUNG.fullmatch, sorted(self.env.found_docs)))
        place = fragment(
            [text.told() for text in texts],
            waiting=WAITING,
            chapters={int(rung[1]): f"{up}{rung[0]}.html" for rung in rungs},
        )
        credits = nodes.bullet_list(classes=["tg-texts"])
        credits += [credit(text) for text in texts]
        return [nodes.raw("", place, format="html"), credits]


def credit(text: PageText) -> nodes.list_item:
    """What a text is, how long, and whose; its source is a link."""
    before, after = text.credit.split(text.source)
    line = nodes.paragraph()
    line += nodes.Text(f"{text.title} ({text.length:,} characters): {before}")
    line += nodes.reference("", text.source, refuri=text.link)
    line += nodes.Text(f"{after}.")
    return nodes.list_item("", line)


def write_files(app: Sphinx) -> None:
    """What Python makes of the package's own files and texts."""
    if app.builder.format != "html":
        return
    folder = Path(app.outdir, FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    made = {text.script_name: text.script() for text in page_texts()}
    made["files.js"] = files_script()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name in {"plays.js", "songci.js"} - made.keys():
        (folder / name).unlink(missing_ok=True)  # of an earlier build


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("train-here", TrainHere)
    app.connect("builder-inited", write_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
