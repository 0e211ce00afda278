"""Markdown with $maths$ as a tree of HTML elements.

Formulas become MathML, see tutorgpt.ground.formulas.
"""

from functools import cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from tutorgpt.ground.formulas import mathml
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
    return mathml(tokens[index].content)


def _block(self, tokens, index, options, env) -> str:
    return f"<p>{mathml(tokens[index].content, 'block')}</p>"
