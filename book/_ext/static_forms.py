"""What moves on the web page, as it stands in a book to take along.

Quizzes are questions with their answers folded in and no forms, figures to
move are their stills, and the playground is a picture that says where it
lives. This is for the builder "epub", from which the PDF is printed, too.
"""

import html
import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

from docutils import nodes
from formulas import NAMESPACE
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform

from tutorgpt.ground.formulas import formula_with_tex
from tutorgpt.learn.quiz.bank import (
    Choice,
    Question,
    find_question,
    load_quiz,
    quiz_chapters,
)
from tutorgpt.learn.quiz.elements import Element, el
from tutorgpt.learn.quiz.form import number
from tutorgpt.learn.quiz.markdown import blocks
from tutorgpt.view.interactive import page as interactive

ASKED = re.compile(r'<[^>]* data-id="([\d.pq]+)" data-role="(\w+)"')
MEASURED = re.compile(r'class="tg-q-measured">([^<]*)<')
LABEL = re.compile(r' aria-label="([^"]*)"')
CHAPTER = re.compile(r"notebooks/(\d\d)_")
CALL = re.compile(r"(interactive|predict|predicted|quiz)\(.*\)", re.DOTALL)
"""A cell that only calls what has a static form here."""
BUILDER = "epub"
LIVES = (
    '<p class="tg-lives">Here a model computes on the web page: '
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


def static_quiz(raw: str) -> str:
    """The questions that a quiz's HTML holds, without its forms."""
    made = el("section", class_="tg-quiz")
    label = LABEL.search(raw)
    if label:
        made.set("aria-label", html.unescape(label[1]))
    for id, role in ASKED.findall(raw):
        question = find_question(id)
        if role == "predicted":
            found = MEASURED.search(raw)
            measured = html.unescape(found[1]) if found else ""
            made.append(told(question, measured))
        else:
            made.append(asked(question))
    if not len(made):
        raise ValueError(
            "a quiz without a question (data-id, data-role): mend the page, "
            "or ASKED in book/_ext/static_forms.py"
        )
    return as_xml(made)


def asked(question: Question) -> Element:
    """A question with room for an answer, and the answer folded in."""
    made = el("div", *titled(question), class_="tg-question")
    if question.choices:
        choices = [
            el("li", *texts(choice.text)) for choice in question.choices
        ]
        made.append(el("ol", *choices, type="a"))
    what = "prediction" if question.is_prediction else "answer"
    unit = f" {question.unit}" if question.unit else ""
    room = el("span", class_="tg-blank")
    made.append(el("p", f"Your {what}: ", room, unit, class_="tg-write"))
    if not question.is_prediction:
        summary = el("summary", f"{question.name}: the answer")
        made.append(el("details", summary, *answer(question)))
    return made


def told(question: Question, measured: str) -> Element:
    """A prediction after its experiment: what came out, and why."""
    made = el("div", *titled(question), class_="tg-question")
    if not measured and question.kind == "number":
        measured = number(question.answer)
    if measured:
        unit = f" {question.unit}" if question.unit else ""
        made.append(el("p", "What came out: ", el("strong", measured), unit))
    skipped = 1 if question.kind == "number" else 0  # it has just been said
    made.extend(answer(question)[skipped:])
    return made


def answer(question: Question) -> list[Element]:
    """What is right and why, then what is not."""
    if question.kind == "number":
        right = f"{number(question.answer)} {question.unit}".strip()
        made = [el("p", el("strong", f"{right}.")), *texts(question.why)]
        for wrong in question.wrong:
            come = el("p", el("em", f"If you came to {number(wrong.value)}:"))
            made += [come, *texts(wrong.why)]
        return made
    ordered = sorted(question.choices, key=lambda choice: not choice.right)
    return [part for choice in ordered for part in verdict(choice)]


def verdict(choice: Choice) -> list[Element]:
    """Whether this one is right, and why or why not."""
    first, *rest = texts(choice.why)
    says = "is right" if choice.right else "is not"
    name = el("strong", f"({choice.letter}) {says}.")
    if first.tag == "p":
        name.tail = f" {first.text or ''}"
        first.text = None
        first.insert(0, name)
        return [first, *rest]
    return [el("p", name), first, *rest]


def titled(question: Question) -> list[Element]:
    """The question's name, and its text."""
    name = el("p", el("strong", question.name), class_="tg-question-name")
    return [name, *texts(question.text)]


def texts(text: str) -> list[Element]:
    """Markdown, with the TeX of its formulas."""
    made = blocks(text, formula_with_tex)
    for block in made:
        for part in block.iter("math"):
            part.set("xmlns", NAMESPACE)
    return made


def static_figure(raw: str) -> str:
    """How a figure to move opens, and what it shows."""
    name = interactive.name_in(raw)
    figure = interactive.FIGURES[name]
    caption = el("figcaption", el("strong", f"{figure.title}."), " ")
    caption[-1].tail = f" {figure.still} On the web page you can move it."
    drawn = "" if "data-told" not in raw else interactive.still(name)
    return f'<figure class="tg-still">{drawn}{as_xml(caption)}</figure>'


def static_answers(chapters: dict[int, str]) -> str:
    """A table of the quizzes, with empty columns to fill in by hand.

    chapters: each chapter's title by its number.
    """
    heads = ("chapter", "questions", "answered", "right")
    top = el("tr", *(el("th", head, scope="col") for head in heads))
    body = el("tbody")
    for chapter, title in chapters.items():
        asked = [q for q in load_quiz(chapter) if not q.is_prediction]
        name = el("th", f"{chapter}. {title}", scope="row")
        cells = (el("td", str(len(asked))), el("td"), el("td"))
        body.append(el("tr", name, *cells))
    return as_xml(el("table", el("thead", top), body, class_="tg-numbers"))


def as_xml(element: Element) -> str:
    """The element as an XHTML page holds it."""
    return ET.tostring(element, encoding="unicode")


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
        if 'class="tg-answers"' in text:
            return html_node(static_answers(self.chapters()))
        for place, made in FORMS.items():
            if place in text:
                try:
                    return html_node(made(text))
                except ValueError as error:
                    page = self.env.docname
                    raise ExtensionError(f"{page}: {error}") from None
        return raw

    def demo(self, options: str) -> nodes.Node:
        """A playground's picture, if it has one, and where it lives."""
        page = self.env.docname
        made = LIVES.format(page=page)
        for begins, (name, alt) in STILLS.items():
            if begins in options:
                self.app.builder.images[f"figures/{name}"] = name
                up = "../" * page.count("/")
                made = f'<img src="{up}_images/{name}" alt="{alt}"/>{made}'
        return html_node(f'<div class="tg-still">{made}</div>')

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
