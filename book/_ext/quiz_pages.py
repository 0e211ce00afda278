"""Brings the quizzes to life on the pages that have one, and on no other.

A notebook's output holds the questions as a form; this adds the script that
answers and keeps the answers in the browser. The directive {quiz-answers}
writes a table of all chapters' questions, which the script fills in.
"""

import html
import json
import tomllib
from pathlib import Path

from docutils import nodes
from living_parts import load_kept
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from static_files import ship

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "tutorgpt/learn/quiz/assets"
QUIZZES = ROOT / "tutorgpt/learn/quizzes"
FOLDER = "quiz"
SCRIPTS = ("numbers.js", "quiz.js", "book.js")
PLACES = ('class="tg-quiz"', 'class="tg-answers"')
PRIORITY = 600

ROW = """\
<tr data-questions="{ids}"><th scope="row"><a href="{page}.html">{title}</a>\
</th><td>{asked}</td><td data-count="answered">–</td>\
<td data-count="right">–</td></tr>
"""
TABLE = """\
<div class="tg-answers">
<div class="pst-scrollable-table-container">
<table class="table tg-numbers">
<thead><tr><th scope="col">chapter</th><th scope="col">questions</th>\
<th scope="col">answered</th><th scope="col">right</th></tr></thead>
<tbody>
{rows}<tr data-sum><th scope="row">together</th><td>{asked}</td>\
<td data-count="answered">–</td><td data-count="right">–</td></tr>
</tbody>
</table>
</div>
<p class="tg-q-off">The two last columns need JavaScript.</p>
<div hidden>
<p><label for="tg-answers-text">Your answers as text</label></p>
<textarea id="tg-answers-text" rows="8" spellcheck="false"></textarea>
<p><button type="button" data-do="export">Show my answers as text</button>
<button type="button" data-do="import">Take the answers in this text</button>
<button type="button" data-do="clear">Clear …</button>
</p>
<div data-ask></div>
<p role="status"></p>
</div>
</div>
"""


class QuizAnswers(SphinxDirective):
    """The table of answers, with the fields to take them along."""

    def run(self) -> list[nodes.Node]:
        rows, sum_asked = "", 0
        for file in sorted(QUIZZES.glob("*.toml")):
            page = f"notebooks/{file.stem}"
            if page not in self.env.found_docs:
                continue  # a chapter that is not in the contents yet
            self.env.note_dependency(str(file))
            ids = quiz_ids(file)
            sum_asked += len(ids)
            rows += ROW.format(
                ids=" ".join(ids),
                page=page,
                title=self.title_of(file.stem),
                asked=len(ids),
            )
        text = TABLE.format(rows=rows, asked=sum_asked)
        return [nodes.raw("", text, format="html")]

    def title_of(self, stem: str) -> str:
        """The chapter's heading, with its number."""
        text = (ROOT / "notebooks" / f"{stem}.ipynb").read_text("utf-8")
        source = "".join(json.loads(text)["cells"][0]["source"])
        title = source.splitlines()[0].removeprefix("# ")
        return f"{int(stem.split('_')[0])}. {html.escape(title)}"


def quiz_ids(file: Path) -> list[str]:
    """The ids of a file's questions that are not predictions."""
    with file.open("rb") as stream:
        questions = tomllib.load(stream)["question"]
    return [q["id"] for q in questions if ".q" in q["id"]]


def load_where_used(
    app: Sphinx, page: str, template: str, context: dict, doctree: object
) -> None:
    """The scripts and the style sheet, if the page has questions."""
    if any(place in context.get("body", "") for place in PLACES):
        load_kept(app)
        for name in SCRIPTS:
            app.add_js_file(f"{FOLDER}/{name}", priority=PRIORITY)
        app.add_css_file(f"{FOLDER}/quiz.css", priority=PRIORITY)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("quiz-answers", QuizAnswers)
    ship(app, [ASSETS / name for name in (*SCRIPTS, "quiz.css")], FOLDER)
    app.connect("html-page-context", load_where_used)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
