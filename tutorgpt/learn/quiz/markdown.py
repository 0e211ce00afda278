"""Markdown with $maths$ as a tree of HTML elements.

Formulas become MathML, which browsers draw by themselves: no script, no
font to fetch, and the same in JupyterLab and in the book.
"""

import html
from functools import cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from tutorgpt.learn.quiz.elements import Element

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


def blocks(text: str) -> list[Element]:
    """The paragraphs, lists and code blocks of a text.

    HTML in the text is shown as it stands; links and images are not known.
    """
    return list(ET.fromstring(f"<div>{_parser().render(text)}</div>"))


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    settings = {"html": False, "xhtmlOut": True}
    parser = MarkdownIt("commonmark", settings).enable("table")
    parser.disable(["link", "image", "autolink", "reference"])
    parser.use(dollarmath_plugin)
    parser.add_render_rule("math_inline", _inline)
    parser.add_render_rule("math_block", _block)
    return parser


def _inline(self, tokens, index, options, env) -> str:
    return _mathml(tokens[index].content, "inline")


def _block(self, tokens, index, options, env) -> str:
    return f"<p>{_mathml(tokens[index].content, 'block')}</p>"


def _mathml(tex: str, display: str) -> str:
    from latex2mathml.converter import convert_to_element

    made = convert_to_element(tex.strip(), display=display)
    del made.attrib["xmlns"]
    for part in made.iter():  # signs come as &#x0003D;, texts as they are
        part.text = html.unescape(part.text or "")
    for part in list(made.iter()):
        _space_functions(part)
    return ET.tostring(made, encoding="unicode")


def _space_functions(parent: Element) -> None:
    """A thin space after ln and its like, where no bracket follows."""
    children = list(parent)
    for n in range(len(children) - 1, 0, -1):
        name, after = children[n - 1], (children[n].text or " ")[0]
        is_function = name.tag == "mi" and len(name.text or "") > 1
        if is_function and after not in "(),.=+-−·/":
            parent.insert(n, ET.Element("mspace", width="0.17em"))
