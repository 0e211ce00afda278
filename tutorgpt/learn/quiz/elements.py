"""A tree of HTML elements, as text for a page and as lists for a script.

Nothing is ever glued to HTML by hand: what a text holds stays text.
"""

from xml.etree import ElementTree as ET

Element = ET.Element
Tree = list
"""[tag, attributes, children]; a child is a tree or a text."""


def el(tag: str, *children: Element | str, **attributes: str) -> Element:
    """An element; in an attribute's name a _ stands for a -."""
    made = Element(
        tag, {k.strip("_").replace("_", "-"): v for k, v in attributes.items()}
    )
    for child in children:
        if not isinstance(child, str):
            made.append(child)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + child
        else:
            made.text = (made.text or "") + child
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
