"""Formulas as MathML, which browsers and readers of EPUB draw by themselves.

No script, no font to fetch, and the same in JupyterLab, in the book and in
a file to take along; a screen reader is told the formula, and not its look.
"""

import html
from xml.etree import ElementTree as ET


def mathml(tex: str, display: str = "inline") -> str:
    """A formula in TeX as one <math> element.

    display: "inline", or "block" for a formula on a line of its own.
    """
    from latex2mathml.converter import convert_to_element

    made = convert_to_element(tex.strip(), display=display)
    del made.attrib["xmlns"]
    for part in made.iter():  # signs come as &#x0003D;, texts as they are
        part.text = html.unescape(part.text or "")
    for part in list(made.iter()):
        _space_functions(part)
    return ET.tostring(made, encoding="unicode")


def _space_functions(parent: ET.Element) -> None:
    """A thin space after ln and its like, where no bracket follows."""
    children = list(parent)
    for n in range(len(children) - 1, 0, -1):
        name, after = children[n - 1], (children[n].text or " ")[0]
        is_function = name.tag == "mi" and len(name.text or "") > 1
        if is_function and after not in "(),.=+-−·/":
            parent.insert(n, ET.Element("mspace", width="0.17em"))
