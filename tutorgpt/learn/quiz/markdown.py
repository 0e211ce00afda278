"""Markdown with $maths$ as a tree of HTML elements.

Formulas become MathML, which browsers draw by themselves: no script, no
font to fetch, and the same in JupyterLab and in the book.
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from tutorgpt.ground.formulas import formula
from tutorgpt.learn.quiz.elements import Element

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

Draw = Callable[[str, str], Element]


def blocks(text: str, draw: Draw = formula) -> list[Element]:
    """The paragraphs, lists and code blocks of a text.

    HTML in the text is shown as it stands; links and images are not known.
    draw: makes a formula's element, from its TeX and "inline" or "block".
    """
    return list(ET.fromstring(f"<div>{_parser(draw).render(text)}</div>"))


@cache
def _parser(draw: Draw) -> "MarkdownIt":
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    def inline(self, tokens, index, options, env) -> str:
        return ET.tostring(draw(tokens[index].content, "inline"), "unicode")

    def block(self, tokens, index, options, env) -> str:
        made = ET.tostring(draw(tokens[index].content, "block"), "unicode")
        return f"<p>{made}</p>"

    settings = {"html": False, "xhtmlOut": True}
    parser = MarkdownIt("commonmark", settings).enable("table")
    parser.disable(["link", "image", "autolink", "reference"])
    parser.use(dollarmath_plugin)
    parser.add_render_rule("math_inline", inline)
    parser.add_render_rule("math_block", block)
    return parser
