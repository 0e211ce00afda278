"""The facts of a learner as one page: to print, offline, without scripts."""

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from xml.etree import ElementTree as ET

from tutorgpt import __version__
from tutorgpt.ground.places import shown
from tutorgpt.learn.facts import ChapterFacts, Facts, Trained, Tried
from tutorgpt.learn.quiz.cells import PALETTE
from tutorgpt.learn.quiz.elements import Element, el, to_html
from tutorgpt.view.live import curve

TITLE = "What I have built"
MOST_SHOWN = 12
"""Models whose curves and samples are shown; the table has them all."""
MOST = 9_999
"""Minutes above this are said to be more, so that a table stays one."""


def page(facts: Facts, day: datetime.date) -> str:
    """The whole page as HTML.

    day: the date that stands below the title.
    """
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el(
            "meta",
            name="viewport",
            content="width=device-width, initial-scale=1",
        ),
        el("title", TITLE),
        el("style", style()),
    )
    made = f"{day.isoformat()}, made with tutorgpt {__version__}."
    body = el(
        "body",
        el("main", el("h1", TITLE), el("p", made), *sections(facts)),
    )
    return f"<!doctype html>\n{to_html(el('html', head, body, lang='en'))}\n"


def style() -> str:
    """The palette, its dark half for a dark screen, and the page's own.

    The palette turns dark by an attribute that a script sets; here are no
    scripts, so that its dark names are handed to the media query.
    """
    palette = PALETTE.read_text(encoding="utf-8")
    dark = re.findall(r"\{(.*?)\}", palette, re.DOTALL)[1]
    own = files("tutorgpt.learn") / "facts.css"
    at_night = "@media screen and (prefers-color-scheme: dark)"
    return (
        f"{palette}\n{at_night} {{ :root {{{dark}}} }}\n"
        f"{own.read_text(encoding='utf-8')}"
    )


def sections(facts: Facts) -> Iterator[Element]:
    """The page's parts, each under its heading."""
    yield section("In short", el("ul", *(el("li", x) for x in short(facts))))
    yield section("Chapters", chapters_table(facts.chapters))
    yield section("Models", *models(facts))
    yield section("Exercises", *exercises_table(facts.exercises))
    yield section("Quiz and predictions", *answers_table(facts.answers))
    yield section("Next", *(el("p", line) for line in facts.following))


def section(heading: str, *content: Element) -> Element:
    """A part of the page under its heading."""
    return el("section", el("h2", heading), *content)


def short(facts: Facts) -> Iterator[str]:
    """The whole page in a few sentences."""
    states = [chapter.state for chapter in facts.chapters]
    said = [chapter.says for chapter in facts.chapters]
    yield (
        f"{said.count('finished')} of {len(said)} chapters finished, "
        f"{said.count('begun')} begun."
    )
    yield (
        f"{sum(s.passed for s in states)} of {sum(s.total for s in states)} "
        "exercises passed."
    )
    yield (
        f"{sum(s.answered for s in states)} of "
        f"{sum(s.questions for s in states)} questions answered, "
        f"{sum(s.right for s in states)} of them right."
    )
    yield f"{len(facts.trained) + facts.left_out} trained models found."


def table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]
) -> Element:
    """A table whose first column names its rows; narrow pages scroll it.

    Who has no mouse scrolls what has the focus, so that it can have it.
    """
    made = el(
        "table",
        el("caption", caption),
        el("thead", el("tr", *(el("th", h, scope="col") for h in head))),
        el(
            "tbody",
            *(
                el(
                    "tr",
                    el("th", row[0], scope="row"),
                    *(el("td", cell) for cell in row[1:]),
                )
                for row in rows
            ),
        ),
    )
    box = {"role": "region", "tabindex": "0", "aria_label": caption}
    return el("div", made, class_="tg-wide", **box)


def chapters_table(chapters: Iterable[ChapterFacts]) -> Element:
    """One line a chapter."""
    head = ("Chapter", "State", "Exercises passed", "Questions", "Right")
    return table(
        "What was begun and finished",
        head,
        [
            (
                f"{c.state.chapter}. {c.title}",
                c.says,
                f"{c.state.passed} of {c.state.total}",
                f"{c.state.answered} of {c.state.questions}",
                str(c.state.right),
            )
            for c in chapters
        ],
    )


def models(facts: Facts) -> Iterator[Element]:
    """A table of what was trained, then curves and samples."""
    if not facts.trained:
        yield el("p", "No trained model was found.")
        return
    yield table(
        "Validation losses beside what counting reaches, in nats per token: "
        "of a run the lowest, of a ladder's model the mean over its seeds",
        (
            "Name",
            "Model",
            "Parameters",
            "Text",
            "Steps",
            "State",
            "Loss",
            *(f"{name} floor" for name in FLOORS),
        ),
        [
            (
                shown(one.name),
                shown(one.model),
                count(one.parameters),
                one.text,
                count(one.steps),
                one.state,
                loss(one.loss),
                *(loss(getattr(one.floors, floor, None)) for floor in FLOORS),
            )
            for one in facts.trained
        ],
    )
    if facts.left_out:
        yield el("p", f"And {facts.left_out:,} more.")
    details = [one for one in facts.trained if one.points or one.samples]
    for one in details[:MOST_SHOWN]:
        yield from detail(one)


FLOORS = ("bigram", "unigram", "uniform")
"""The floors of counting, the lowest first."""


def detail(one: Trained) -> Iterator[Element]:
    """A model's curve, and what it wrote on its way."""
    yield el("h3", f"{shown(one.name)}: {shown(one.model)} on {one.text}")
    points = list(one.points)
    if points and one.floors and max(step for step, _ in points):
        end = max(step for step, _ in points)
        model, floors = shown(one.model), one.floors
        drawn = curve(model, end, [], points, floors, unit="token")
        yield el("figure", ET.fromstring(drawn))
    for step, text in one.samples:
        yield el("p", f"After step {count(step)} it writes:")
        yield el("pre", shown(text.strip("\n")))


def exercises_table(tried: Sequence[Tried]) -> Iterator[Element]:
    """Those that were worked on, with tries and minutes."""
    if not tried:
        yield el("p", "No exercise was tried yet.")
        return
    yield table(
        "Exercises with tries, and the minutes until they passed",
        ("Exercise", "Passed", "Tries", "Minutes"),
        [
            (
                f"{one.number} {one.title}",
                "yes" if one.right else "not yet",
                count(one.tries),
                minutes(one.minutes or 0.0),
            )
            for one in tried
        ],
    )


def answers_table(given: Sequence[Tried]) -> Iterator[Element]:
    """Which questions were answered rightly, and after how many tries."""
    if not given:
        yield el("p", "No question was answered yet.")
        return
    yield table(
        "The newest answer to each question",
        ("Question", "Right", "Tries"),
        [
            (one.title, "yes" if one.right else "no", count(one.tries))
            for one in given
        ],
    )


def count(number: int | None) -> str:
    """A number that people count, unless it is beyond counting.

    A dash where there is none.
    """
    if number is None:
        return "–"
    return f"{number:,}" if number < 1e12 else "more than 10¹²"


def minutes(number: float) -> str:
    """Minutes with one decimal; beyond MOST they are said to be more."""
    return f"{number:,.1f}" if number <= MOST else f"more than {MOST:,}"


def loss(number: float | None) -> str:
    """A loss as the chapters print it; a dash where there is none."""
    if number is None:
        return "–"
    return f"{number:.3f}" if abs(number) < MOST else f"{number:.1e}"
