"""Writes the formulas of a page as MathML, which needs no script.

The same formulas went through MathJax once: a script of a megabyte, and a
stop of the Tab key for each of them.
"""

from xml.etree import ElementTree as ET

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from tutorgpt.ground.formulas import formula_with_tex, mathml

NAME = "mathml"
NAMESPACE = "http://www.w3.org/1998/Math/MathML"


def write_inline(translator, node: nodes.math) -> None:
    """A formula within a line."""
    classes = " ".join(["math", *node["classes"]])
    formula = written(translator, node.astext(), "inline")
    translator.body.append(f'<span class="{classes}">{formula}</span>')
    raise nodes.SkipNode


def write_block(translator, node: nodes.math_block) -> None:
    """A formula on a line of its own; a wide one scrolls there."""
    formula = written(translator, node.astext(), "block")
    translator.body.append(f'<div class="math">{formula}</div>\n')
    raise nodes.SkipNode


def written(translator, tex: str, display: str) -> str:
    """The formula; in XHTML with its namespace, and with its TeX."""
    try:
        if translator.builder.name != "epub":
            return mathml(tex, display)
        made = formula_with_tex(tex, display)
    except ValueError as error:
        page = translator.builder.current_docname
        raise ExtensionError(f"{page}: {error}") from None
    made.set("xmlns", NAMESPACE)
    return ET.tostring(made, encoding="unicode")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_html_math_renderer(
        NAME,
        inline_renderers=(write_inline, None),
        block_renderers=(write_block, None),
    )
    app.connect("config-inited", choose)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def choose(app: Sphinx, config) -> None:
    """Jupyter Book would say MathJax."""
    config.html_math_renderer = NAME
