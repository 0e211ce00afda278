"""Writes the formulas of a page as MathML, which needs no script.

The same formulas went through MathJax once: a script of a megabyte, and a
stop of the Tab key for each of them.
"""

from docutils import nodes
from sphinx.application import Sphinx

from tutorgpt.ground.formulas import mathml

NAME = "mathml"


def write_inline(translator, node: nodes.math) -> None:
    """A formula within a line."""
    classes = " ".join(["math", *node["classes"]])
    formula = mathml(node.astext())
    translator.body.append(f'<span class="{classes}">{formula}</span>')
    raise nodes.SkipNode


def write_block(translator, node: nodes.math_block) -> None:
    """A formula on a line of its own; a wide one scrolls there."""
    formula = mathml(node.astext(), "block")
    translator.body.append(f'<div class="math">{formula}</div>\n')
    raise nodes.SkipNode


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
