"""Formulas as MathML, drawn without a script, with their TeX beside them.

A builder whose math renderer is called "mathml" writes them so.
"""

from xml.etree import ElementTree as ET

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from tutorgpt.learn.quiz.mathml import formula

RENDERER = "mathml"
NAMESPACE = "http://www.w3.org/1998/Math/MathML"


def to_mathml(tex: str, *, block: bool = False) -> str:
    """A formula as the text of a <math> element, well-formed XML.

    Raises ValueError for TeX that latex2mathml does not know.
    """
    made = with_tex(tex, "block" if block else "inline")
    made.set("xmlns", NAMESPACE)
    return ET.tostring(made, encoding="unicode")


def with_tex(tex: str, display: str) -> ET.Element:
    """A formula's tree; its TeX is alttext, to be read out, and annotation.

    display: "inline" or "block". Raises ValueError for unknown TeX.
    """
    tex = " ".join(tex.split())
    try:
        made = formula(tex, display)
    except Exception as error:
        raise ValueError(
            f"no MathML for {tex!r} ({type(error).__name__}): write it in the "
            "TeX that latex2mathml knows"
        ) from error
    whole = ET.Element("semantics")
    whole.extend(list(made))
    note = ET.SubElement(whole, "annotation", encoding="application/x-tex")
    note.text = tex
    made[:] = [whole]
    made.set("alttext", tex)
    return made


def _write(translator, node: nodes.Element, *, block: bool) -> None:
    try:
        made = to_mathml(node.astext(), block=block)
    except ValueError as error:
        page = translator.builder.current_docname
        raise ExtensionError(f"{page}: {error}") from None
    translator.body.append(
        f'<div class="math">{made}</div>\n' if block else made
    )
    raise nodes.SkipNode


def write_inline(translator, node: nodes.math) -> None:
    """A formula within a line."""
    _write(translator, node, block=False)


def write_block(translator, node: nodes.math_block) -> None:
    """A formula on a line of its own."""
    _write(translator, node, block=True)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_html_math_renderer(
        RENDERER, (write_inline, None), (write_block, None)
    )
    return {"parallel_read_safe": True, "parallel_write_safe": True}
