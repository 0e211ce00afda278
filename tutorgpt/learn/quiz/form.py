"""Questions to answer: forms that read well without scripts.

quiz.js gives them their answers' echo and folds the explanations away.
"""

from collections.abc import Iterable

from tutorgpt.learn.quiz.bank import Choice, Question
from tutorgpt.learn.quiz.elements import Element, el
from tutorgpt.learn.quiz.markdown import blocks

ON_PAPER = (
    "In JupyterLab, run this cell to answer. Without JavaScript nothing is "
    "kept here: write your answer on paper."
)


def page(questions: Iterable[Question], label: str) -> Element:
    """Questions to answer, one form each, under one roof."""
    forms = [ask(question) for question in questions]
    return el("section", *forms, class_="tg-quiz", aria_label=label)


def ask(question: Question) -> Element:
    """One question with its answers; the explanations are folded in."""
    fields = el("fieldset", *_title(question))
    if question.kind == "choice":
        fields.extend(_choice(question, c) for c in question.choices)
    else:
        fields.append(_field(question))
    press = "Keep my prediction" if question.is_prediction else "Check"
    fields.append(
        el("button", press, type="submit", class_="tg-q-press", hidden="")
    )
    if question.is_prediction:
        fields.append(el("p", ON_PAPER, class_="tg-q-off"))
    fields.append(el("div", role="status", class_="tg-q-verdict"))
    if question.kind == "number" and not question.is_prediction:
        fields.append(_answer(question))
    return el("form", fields, class_="tg-q", **data(question))


def data(question: Question) -> dict[str, str]:
    """What the script must know of a question, as attributes."""
    known = {
        "data_id": question.id,
        "data_role": "predict" if question.is_prediction else "quiz",
    }
    if question.kind == "number":
        known["data_answer"] = str(question.answer)
        known["data_within"] = str(question.within)
        known["data_unit"] = question.unit
    return known


def known_numbers(question: Question) -> list[Element]:
    """The known wrong numbers, each with what leads there."""
    return [
        el(
            "div",
            el("p", el("em", f"If you came to {number(known.value)}:")),
            why(known.why),
            class_="tg-q-known",
            data_value=str(known.value),
        )
        for known in question.wrong
    ]


def why(text: str) -> Element:
    """An explanation, in an element of its own that a script can copy."""
    return el("div", *blocks(text), class_="tg-q-why")


def phrase(text: str) -> Element:
    """A text for a place that takes no paragraphs."""
    made = el("span", *blocks(text), class_="tg-q-text")
    for block in made:
        if block.tag == "p":
            block.tag = "span"
    return made


def number(value: float) -> str:
    """A number as one writes it: 10,788,929 or 2.404."""
    return f"{value:,}"


def _title(question: Question) -> list[Element]:
    """The legend with the first paragraph, then what follows it."""
    name = el("strong", question.name, class_="tg-q-name")
    first, *rest = blocks(question.text)
    if first.tag != "p":
        return [el("legend", name), first, *rest]
    first.tag = "span"
    return [el("legend", name, " ", first), *rest]


def _choice(question: Question, choice: Choice) -> Element:
    button = el("input", type="radio", name="choice", value=choice.letter)
    made = el(
        "div",
        el("label", button, phrase(choice.text)),
        class_="tg-q-choice",
    )
    if choice.right:
        made.set("data-right", "")
    if not question.is_prediction:
        verdict = el("p", el("strong", "Yes." if choice.right else "No."))
        summary = el("summary", "Is it this one?")
        made.append(el("details", summary, verdict, why(choice.why)))
    return made


def _field(question: Question) -> Element:
    """The field for a number; without scripts it would do nothing."""
    return el(
        "label",
        "Your prediction" if question.is_prediction else "Your answer",
        el("input", type="text", inputmode="decimal", autocomplete="off"),
        question.unit,
        class_="tg-q-field",
        hidden="",
    )


def _answer(question: Question) -> Element:
    return el(
        "details",
        el("summary", "The answer"),
        el("p", el("strong", f"{number(question.answer)} {question.unit}")),
        why(question.why),
        *known_numbers(question),
        class_="tg-q-answer",
    )
