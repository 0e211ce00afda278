"""A tree of HTML elements, as text for a page and as lists for a script.

Nothing is ever glued to HTML by hand: what a text holds stays text.
"""

from html.parser import HTMLParser
from xml.etree import ElementTree as ET

Element = ET.Element
VOID = {"br", "col", "hr", "img", "input", "wbr"}
"""Elements that have no end."""
Tree = list
"""[tag, attributes, children]; a child is a tree or a text."""


def el(tag: str, *children: Element | str, **attributes: str) -> Element:
    """An element; in an attribute's name a _ stands for a -."""
    made = Element(
        tag, {k.strip("_").replace("_", "-"): v for k, v in attributes.items()}
    )
    for child in children:
        if isinstance(child, str):
            append_text(made, child)
        else:
            made.append(child)
    return made


def to_html(element: Element) -> str:
    """The element as a page holds it."""
    return ET.tostring(element, encoding="unicode", method="html")


def to_tree(element: Element) -> Tree:
    """The element as nested lists, for a script to build."""
    children: list = [element.text] if element.text else []
    for child in element:
        children.append(to_tree(child))
        if child.tail:
            children.append(child.tail)
    return [element.tag, dict(element.attrib), children]


def from_html(text: str) -> Element:
    """The element that to_html has written; ValueError for other texts."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    children = list(reader.top)
    if len(children) != 1 or len(reader.inside) != 1:
        raise ValueError(f"not one whole element: {text[:40]!r}")
    return children[0]


class _Reader(HTMLParser):
    """Builds the elements that a text of to_html's kind names."""

    def __init__(self) -> None:
        super().__init__()
        self.top = Element("div")
        self.inside = [self.top]

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.inside[-1].append(made)
        if tag not in VOID:
            self.inside.append(made)

    def handle_endtag(self, tag: str) -> None:
        if self.inside.pop().tag != tag or not self.inside:
            raise ValueError(f"</{tag}> ends what has not begun")

    def handle_data(self, data: str) -> None:
        append_text(self.inside[-1], data)


def append_text(element: Element, text: str) -> None:
    """Put a text behind all that an element holds."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
