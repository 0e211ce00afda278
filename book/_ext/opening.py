"""What moves on the first screen: one prompt, four ages of one model.

    {opening}

is what the playground's model wrote after one prompt when it was untrained,
and after more and more steps. The page shows the answers stored in
opening.json, on paper and without scripts too; opening.js lets the reader ask
anew, and loads the model when they do. scripts/opening.py stores the answers.
"""

import html
import json
from pathlib import Path

from docutils import nodes
from living_parts import load
from recorded_runs import Recorded
from sphinx.application import Sphinx
from static_files import ship

HERE = Path(__file__).parent
SCRIPT, STORED = "opening.js", "opening.json"
ROOM, PLACES = "playground", "tg-opening"
ROW = """\
<div><dt>{age} <small>loss {loss:.2f}</small></dt>
<dd><pre><b>{prompt}</b>{text}</pre></dd></div>"""
PLACE = """\
<div class="{places}" data-prompt="{typed}" data-seed="{seed}">
<dl>
{rows}
</dl>
</div>"""


class Opening(Recorded):
    """The stored answers, with the age and the loss of who gave them."""

    def run(self) -> list[nodes.Node]:
        record = self.read("demo.json")
        if record is None:
            return self.missing("demo.json", "python scripts/records/demo.py")
        self.env.note_dependency(str(HERE / STORED))
        stored = json.loads((HERE / STORED).read_text(encoding="utf-8"))
        ages = zip(record["val_loss"].items(), stored["texts"], strict=True)
        rows = [
            ROW.format(
                age=f"after {int(step):,} steps" if int(step) else "untrained",
                loss=loss,
                prompt=html.escape(stored["prompt"]),
                text=html.escape(text),
            )
            for (step, loss), text in ages
        ]
        place = PLACE.format(
            places=PLACES,
            typed=html.escape(stored["typed"]),
            seed=stored["seed"],
            rows="\n".join(rows),
        )
        return [nodes.raw("", place, format="html")]


def name_ways(app: Sphinx, doctree: nodes.document) -> None:
    """The first list of the first page: the ways to start, as two cards."""
    if app.env.docname == app.config.root_doc:
        ways = next(iter(doctree.findall(nodes.bullet_list)), None)
        if ways is not None:
            ways["classes"].append("tg-ways")


def load_where_used(
    app: Sphinx, page: str, template: str, context: dict, doctree: object
) -> None:
    """The script, if the page has something for it to move."""
    if f'class="{PLACES}"' in context.get("body", ""):
        load(
            app,
            ROOM,
            places=PLACES,
            scripts=(SCRIPT,),
            styles=(),
            start="startOpening",
        )


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("opening", Opening)
    ship(app, [HERE / SCRIPT], ROOM)  # beside those that it asks for
    app.connect("doctree-read", name_ways)
    app.connect("html-page-context", load_where_used)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
