"""Moves what is folded on a page to its end, for paper.

Whoever reads an exercise or a question there must not see its answer: in its
place stands where to find it.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from xml.etree import ElementTree as ET

XHTML = "{http://www.w3.org/1999/xhtml}"
HEADING = re.compile(r"\{.*\}h([1-6])$")
EXERCISE = re.compile(r"\d+\.\w+\b")
"""How the first words of an exercise begin: 3.2, or 3.B without a check."""
ANSWERS = "Hints and answers"
WHOSE = {"class": "tg-whose"}


def words(element: ET.Element) -> str:
    """All text of an element, in one line."""
    return " ".join("".join(element.itertext()).split())


def put_answers_last(body: ET.Element) -> None:
    """Leave a link where each <details> was, and gather them at the end."""
    last = ET.Element(f"{XHTML}div", {"class": "tg-last"})
    title = told = ""
    waiting = set(body.iter(f"{XHTML}details"))
    for part in list(body.iter()):
        if HEADING.match(part.tag):
            title = words(part)
        elif part.tag == f"{XHTML}p" and len(part):
            begins = EXERCISE.match(words(part[0]))
            title = words(part[0]) if begins else title
        if part not in waiting:
            continue
        waiting -= set(part.iter())  # what is folded within it goes along
        pieces = list(_pieces(part))
        id = f"answer-{len(last) + 1}"
        names = ", ".join(name for name, _ in pieces)
        whole = ET.SubElement(last, f"{XHTML}div", {"id": id})
        if title != told:
            whose = ET.SubElement(whole, f"{XHTML}p", WHOSE)
            whose.text = told = title
        for piece in pieces:
            whole.extend(_under_its_name(*piece))
        tail = part.tail
        part.clear()
        part.tag, part.tail = f"{XHTML}p", tail
        part.set("class", "tg-see")
        link = ET.SubElement(part, f"{XHTML}a", {"href": f"#{id}"})
        link.text = names
    if len(last):
        head = ET.Element(f"{XHTML}h2", {"id": "answers"})
        head.text = ANSWERS
        body.append(head)
        body.append(last)


def _pieces(fold: ET.Element) -> Iterator[tuple[str, list[ET.Element]]]:
    """What is folded, and what is folded within it: name and content."""
    summary, *rest = fold
    within = [part for part in rest if part.tag == f"{XHTML}details"]
    content = [deepcopy(part) for part in rest if part not in within]
    yield words(summary), content
    for part in within:
        yield from _pieces(part)


def _under_its_name(name: str, content: list[ET.Element]) -> list[ET.Element]:
    """The content with its name before the first words."""
    said = ET.Element(f"{XHTML}strong")
    said.text = f"{name}."
    first = content[0] if content else None
    if first is not None and first.tag == f"{XHTML}p":
        said.tail = f" {first.text or ''}"
        first.text = None
        first.insert(0, said)
        return content
    alone = ET.Element(f"{XHTML}p")
    alone.append(said)
    return [alone, *content]
