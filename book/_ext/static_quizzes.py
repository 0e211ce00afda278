"""Quizzes and predictions without forms: questions, room, and answers."""

import html
import re
from xml.etree import ElementTree as ET

from formulas import NAMESPACE

from tutorgpt.ground.formulas import formula_with_tex
from tutorgpt.learn.quiz.bank import (
    Choice,
    Question,
    find_question,
    load_quiz,
)
from tutorgpt.learn.quiz.elements import Element, el
from tutorgpt.learn.quiz.form import number
from tutorgpt.learn.quiz.markdown import blocks

ASKED = re.compile(r'<[^>]* data-id="([\d.pq]+)" data-role="(\w+)"')
MEASURED = re.compile(r'class="tg-q-measured">([^<]*)<')
LABEL = re.compile(r' aria-label="([^"]*)"')


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
            "or ASKED in book/_ext/static_quizzes.py"
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
