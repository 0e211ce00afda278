"""A prediction after its experiment: what came out, and why."""

from tutorgpt.learn.quiz.bank import Choice, Question
from tutorgpt.learn.quiz.elements import Element, el
from tutorgpt.learn.quiz.form import data, known_numbers, number, phrase, why
from tutorgpt.learn.quiz.markdown import blocks


def tell(question: Question, measured: str = "") -> Element:
    """The question again, what came out, and the explanations.

    measured: what the experiment found, as text; without it the answer of
    the question's file. quiz.js adds what the reader had written.
    """
    name = el("p", el("strong", question.name, class_="tg-q-name"))
    made = el("div", name, *blocks(question.text), class_="tg-q")
    for key, value in data(question).items():
        made.set(key.replace("_", "-"), value)
    made.set("data-role", "predicted")
    if not measured and question.kind == "number":
        measured = number(question.answer)
    if measured:
        value = el("strong", measured, class_="tg-q-measured")
        unit = f" {question.unit}" if question.unit else ""
        made.append(el("p", "What came out: ", value, unit))
    made.append(el("div", role="status", class_="tg-q-verdict"))
    if question.kind == "number":
        others, title = known_numbers(question), "Other guesses"
        made.append(why(question.why))
    else:
        others = [_told(c) for c in question.choices if not c.right]
        title = "The other answers"
        made.extend(_told(c) for c in question.choices if c.right)
    if others:
        made.append(el("details", el("summary", title), *others))
    label = f"{question.name}, and what came of it"
    return el("section", made, class_="tg-quiz", aria_label=label)


def _told(choice: Choice) -> Element:
    made = el(
        "div",
        el("p", el("strong", phrase(choice.text))),
        why(choice.why),
        class_="tg-q-told",
        data_letter=choice.letter,
    )
    if choice.right:
        made.set("data-right", "")
    return made
