"""What moves on the web page, as it stands in a book to take along.

Quizzes are questions with their answers folded in and no forms, figures to
move are their stills, the playground is a picture that says where it lives,
and so does the place where the ladder trains. This is for the builder "epub",
from which the PDF is printed, too.
"""

import html
import re
from collections.abc import Callable

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from static_quizzes import as_xml, static_answers, static_quiz
from xhtml import as_xhtml

from tutorgpt.learn.quiz.bank import quiz_chapters
from tutorgpt.learn.quiz.elements import el
from tutorgpt.view.interactive import page as interactive

CHAPTER = re.compile(r"notebooks/(\d\d)_")
CALL = re.compile(r"(interactive|predict|predicted|quiz)\(.*\)", re.DOTALL)
"""A cell that only calls what has a static form here."""
BUILDER = "epub"
LIVES = (
    '<p class="tg-lives">Here {what} on the web page: '
    "<code>make book</code> writes it to <code>_build/html/{page}.html</code>"
    ", which opens in any browser without a network.</p>"
)
STILLS = {
    '"kind": "head"': (
        "playground_head.png",
        "One head with four characters: their keys and the query as arrows, "
        "which the page lets you drag, and the first of the steps.",
    ),
    '"prompt": "ROMEO:': (
        "playground.png",
        "The playground: a prompt, buttons that let the model write, sliders "
        "for temperature, top-k and top-p, bars for what comes next, and a "
        "map of what each character looks at.",
    ),
}
"""What a playground begins with, and its picture (playground_stills.py)."""


def static_figure(raw: str) -> str:
    """How a figure to move opens, and what it shows."""
    name = interactive.name_in(raw)
    figure = interactive.FIGURES[name]
    caption = el("figcaption", el("strong", f"{figure.title}."), " ")
    caption[-1].tail = f" {figure.still} On the web page you can move it."
    drawn = interactive.still(name) if "<svg" in raw else ""
    return f'<figure class="tg-still">{drawn}{as_xml(caption)}</figure>'


FORMS: dict[str, Callable[[str], str]] = {
    'class="tg-quiz"': static_quiz,
    'class="tg-figure"': static_figure,
}
"""What a piece of HTML holds, and what makes its static form."""


FOLD = '<details class="tg-fold"><summary>Show the code</summary>'


class StaticForms(SphinxPostTransform):
    """Puts a static form in the place of everything that moves."""

    default_priority = 150  # outputs are chosen, code is not folded yet
    builders = (BUILDER,)

    def run(self, **kwargs: object) -> None:
        for raw in list(self.document.findall(nodes.raw)):
            if "html" in raw.get("format", "").split():
                raw.replace_self(self.still(raw))
        for box in self.document.findall(nodes.block_quote):
            if "tg-box-predict" in box["classes"] and not asks(box):
                box.append(html_node(ROOM))
        for cell in list(self.document.findall(nodes.container)):
            if cell.get("nb_element") == "cell_code":
                fold(cell)

    def still(self, raw: nodes.raw) -> nodes.Node:
        text = raw.astext()
        if 'class="tg-demo"' in text:
            return self.demo(html.unescape(text.partition(">")[0]))
        if 'class="tg-ladder"' in text:
            return self.lives("six models are trained")
        if 'class="tg-answers"' in text:
            return html_node(static_answers(self.chapters()))
        for place, made in FORMS.items():
            if place in text:
                try:
                    return html_node(made(text))
                except ValueError as error:
                    page = self.env.docname
                    raise ExtensionError(f"{page}: {error}") from None
        return html_node(as_xhtml(text))

    def demo(self, options: str) -> nodes.Node:
        """A playground's picture, if it has one, and where it lives."""
        page = self.env.docname
        picture = ""
        for begins, (name, alt) in STILLS.items():
            if begins in options:
                self.app.builder.images[f"figures/{name}"] = name
                up = "../" * page.count("/")
                picture = f'<img src="{up}_images/{name}" alt="{alt}"/>'
        return self.lives("a model computes", picture)

    def lives(self, what: str, picture: str = "") -> nodes.Node:
        """What happens here on the web page, and where that is."""
        said = LIVES.format(what=what, page=self.env.docname)
        return html_node(f'<div class="tg-still">{picture}{said}</div>')

    def chapters(self) -> dict[int, str]:
        """The title of each chapter of the book that has a quiz."""
        pages = sorted(page for page in self.env.found_docs if "/" in page)
        numbered = {CHAPTER.match(page): page for page in pages}
        known = quiz_chapters()
        return {
            int(found[1]): self.env.titles[page].astext()
            for found, page in numbered.items()
            if found and int(found[1]) in known
        }


def asks(box: nodes.block_quote) -> bool:
    """Whether a question with room of its own comes next."""
    after = box.next_node(descend=False, siblings=True)
    return after is not None and "tg-blank" in after.astext()


def fold(cell: nodes.container) -> None:
    """Fold the code that only draws; leave out a call that only asks."""
    source = cell[0]
    if source.get("nb_element") != "cell_code_source":
        return
    if CALL.fullmatch(source.astext().strip()):
        cell.remove(source)
    elif cell.attributes.pop("hide_mode", None) == "input":
        # not replace_self: the code's classes would go to the summary
        cell[:1] = [html_node(FOLD), source, html_node("</details>")]


ROOM = '<p class="tg-write">Your prediction: <span class="tg-blank"/></p>'


def html_node(text: str) -> nodes.raw:
    """A piece of a page."""
    return nodes.raw("", text, format="html")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_post_transform(StaticForms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
