"""The stored page of a quiz, with the kept answers written in.

It is read where nothing runs: no script, no kernel. Words say what was
answered, and how to answer here.
"""

from collections.abc import Mapping
from copy import deepcopy

from tutorgpt.learn.quiz.elements import Element, el, from_html, to_html
from tutorgpt.learn.record.kept import Answer

TO_ANSWER = (
    "To answer here, run this cell: click on its code, then press Shift+Enter."
)
ADDED = "tg-q-kept"
"""The class of everything that is written in."""

Answers = Mapping[str, Answer]


def with_answers(page: str, answers: Answers) -> str:
    """A page of questions or of told predictions, with what is kept now.

    A page that was written by another version and cannot be understood stays
    as it is.
    """
    try:
        section = from_html(page)
    except ValueError:
        return page
    _forget(section)
    for summary in section.iter("summary"):
        # Enter opens it; JupyterLab would take the key as a command.
        summary.set("data-lm-suppress-shortcuts", "true")
    asked = [place for place in section if place.tag == "form"]
    for place in section:
        answer = answers.get(place.get("data-id", ""))
        if place.get("data-role") == "predicted":
            _tell(place, answer)
        else:
            _show(place, answer)
    if asked:
        says = f"{_count(asked, answers)} {TO_ANSWER}".strip()
        section.insert(0, el("p", says, class_=f"tg-q-off {ADDED}"))
    return to_html(section)


def _forget(section: Element) -> None:
    """Take out what was written in before, and what is said for a book."""
    for parent in list(section.iter()):
        for child in list(parent):
            if {ADDED, "tg-q-off"} & _classes(child):
                parent.remove(child)


def _count(asked: list[Element], answers: Answers) -> str:
    """How many quiz questions are answered; nothing of predictions."""
    ids = [f.get("data-id", "") for f in asked]
    if any(form.get("data-role") == "predict" for form in asked):
        return ""
    kept = [answers[id] for id in ids if id in answers]
    right = sum(answer.right for answer in kept)
    return f"{len(kept)} of {len(ids)} answered, {right} right."


def _show(form: Element, answer: Answer | None) -> None:
    """Mark what was chosen or written; nothing can be changed here."""
    for field in form.iter("input"):
        field.set("disabled", "")
        field.attrib.pop("checked", None)
    for details in form.iter("details"):
        details.attrib.pop("open", None)
    if answer is None:
        return
    choice = _choice(form, answer.choice)
    if choice is None:
        chosen = _number(form, answer)
        explained = form.iter("details") if answer.right else ()
    else:
        chosen, explained = _text(choice), choice.iter("details")
        for field in choice.iter("input"):
            field.set("checked", "")
    for details in explained:
        details.set("open", "")
    said = [el("strong", "Your answer: "), chosen]
    if form.get("data-role") == "quiz":
        said.append(el("strong", " Right." if answer.right else " Not right."))
    _say(form, said)


def _tell(place: Element, answer: Answer | None) -> None:
    """Put what was predicted beside what came out."""
    if answer is None:
        return
    choice = _choice(place, answer.choice)
    if choice is None:
        _say(place, ["You wrote ", _number(place, answer), "."])
        return
    verdict = " That is it." if answer.right else " That is not it."
    _say(place, ["You chose: ", _text(choice), el("strong", verdict)])


def _say(place: Element, parts: list[Element | str]) -> None:
    for verdict in place.iter():
        if "tg-q-verdict" in _classes(verdict):
            verdict.append(el("div", *parts, class_=ADDED))
            return


def _number(place: Element, answer: Answer) -> str:
    """What was written for a number, with its unit."""
    unit = place.get("data-unit", "")
    says_it = not unit or answer.choice.endswith(unit)
    return answer.choice if says_it else f"{answer.choice} {unit}"


def _choice(place: Element, letter: str) -> Element | None:
    """The element of the choice with this letter; None for a number."""
    for choice in place.iter("div"):
        if {"tg-q-choice", "tg-q-told"} & _classes(choice):
            named = [choice.get("data-letter")]
            named += [field.get("value") for field in choice.iter("input")]
            if letter in named:
                return choice
    return None


def _text(choice: Element) -> Element:
    """The text of a choice, copied."""
    for text in choice.iter("span"):
        if "tg-q-text" in _classes(text):
            copy = deepcopy(text)
            copy.tail = None
            return copy
    return el("span", choice.get("data-letter", ""))


def _classes(element: Element) -> set[str]:
    return set(element.get("class", "").split())
