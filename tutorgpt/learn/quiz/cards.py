"""The quizzes as flash cards: a text file that Anki imports as it stands.

Anki shows a card again when it is about to be forgotten. The format is
described at docs.ankiweb.net/importing/text-files.html.
"""

import html
import re
from collections.abc import Iterable

from tutorgpt.learn.quiz.bank import Question, load_quiz, quiz_chapters

HEADER = """\
#separator:tab
#html:true
#notetype:Basic
#deck:tutorgpt
#guid column:1
#columns:guid\tFront\tBack\tTags
#tags column:4
"""
"""What Anki must know; a note imported again replaces its older self."""

MARKED = re.compile(r"`([^`]+)`|\$([^$]+)\$|\*\*([^*]+)\*\*|\*([^*]+)\*")


def write_cards() -> str:
    """All questions of all chapters, one note a line, below the header."""
    questions = (q for n in quiz_chapters() for q in load_quiz(n))
    return HEADER + "".join(f"{note(q)}\n" for q in questions)


def note(question: Question) -> str:
    """A question as one line: id, front, back and tags, tab between."""
    kind = "prediction" if question.is_prediction else "quiz"
    tags = f"tutorgpt chapter-{question.chapter} {kind}"
    if question.kind == "choice":
        front, back = _choices(question)
    else:
        front, back = _number(question)
    # A field that begins with a quotation mark would be read as a quoted one.
    front, back = (re.sub('^"', "&quot;", side) for side in (front, back))
    return "\t".join((f"tutorgpt-{question.id}", front, back, tags))


def to_html(text: str) -> str:
    """Markdown as the questions use it; $maths$ becomes Anki's own."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "<br><br>".join(_inline(" ".join(p.split())) for p in paragraphs)


def _inline(text: str) -> str:
    return MARKED.sub(_mark, html.escape(text, quote=False))


def _mark(found: re.Match[str]) -> str:
    code, maths, strong, emphasis = found.groups()
    if code:
        return f"<code>{code}</code>"
    if maths:
        return rf"\({maths}\)"
    return f"<b>{strong}</b>" if strong else f"<i>{_inline(emphasis)}</i>"


def _choices(question: Question) -> tuple[str, str]:
    """Front: question and choices. Back: the right one, then each why."""
    choices = question.choices
    asked = _list((c.letter, to_html(c.text)) for c in choices)
    right = next(choice for choice in choices if choice.right)
    answer = f"<b>{right.letter}. {to_html(right.text)}</b>"
    others = _list((c.letter, to_html(c.why)) for c in choices if not c.right)
    return (
        to_html(question.text) + asked,
        f"{answer}<br>{to_html(right.why)}{others}",
    )


def _number(question: Question) -> tuple[str, str]:
    """Front: question and unit. Back: number, why, and what misleads."""
    unit = f" {html.escape(question.unit)}" if question.unit else ""
    front = to_html(question.text) + (f"<br>(in{unit})" if unit else "")
    near = f"{question.answer:,}{unit}"
    others = _list((f"{w.value:,}", to_html(w.why)) for w in question.wrong)
    return front, f"<b>{near}</b><br>{to_html(question.why)}{others}"


def _list(items: Iterable[tuple[str, str]]) -> str:
    rows = "".join(f"<li><b>{name}</b> {text}</li>" for name, text in items)
    return f'<ul style="text-align: left">{rows}</ul>' if rows else ""
