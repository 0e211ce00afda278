"""Formulas as MathML, which browsers and e-readers draw by themselves.

No script, no font to fetch, and the same in JupyterLab, in the book and in a
file to take along; a screen reader is told the formula, and not its look.
latex2mathml reads the TeX; here its tree is made as a typesetter would: a
comma of thousands stays inside its number, a function keeps its distance, a
name or ∞ is no operator with gaps around it, and bold letters are letters,
since browsers know no mathvariant.
"""

import html
import unicodedata
from contextlib import suppress
from xml.etree import ElementTree as ET

Element = ET.Element
SCRIPTED = {"msub", "msup", "msubsup"}
"""What may hang on a number or a function; its first child is the base."""
OPERANDS = {"mi", "mn", *SCRIPTED}
"""What a function's name must not run into."""


def mathml(tex: str, display: str = "inline") -> str:
    """A formula in TeX as one <math> element.

    display: "inline", or "block" for a formula on a line of its own. Raises
    ValueError for TeX that latex2mathml does not know.
    """
    return ET.tostring(formula(tex, display), encoding="unicode")


def formula(tex: str, display: str = "inline") -> Element:
    """The same as a tree without a namespace."""
    made = _converted(tex, display)
    del made.attrib["xmlns"]
    for part in made.iter():  # signs come as &#x0003D;, texts as they are
        part.text = html.unescape(part.text or "")
        if part.tag == "mo" and (part.text.isalpha() or part.text == "∞"):
            part.tag = "mi"
    for part in list(made.iter()):
        _join_thousands(part)
        _space_functions(part)
        _write_bold(part)
    return made


def _converted(tex: str, display: str) -> Element:
    from latex2mathml.converter import convert_to_element

    # It has many errors, none of which says where, and it keeps a command
    # that it does not know as a text.
    with suppress(Exception):
        made = convert_to_element(tex.strip(), display=display)
        if "\\" not in "".join(made.itertext()):
            return made
    raise ValueError(
        f"there is no MathML for {tex!r}: write it in the TeX that "
        "latex2mathml knows"
    )


def formula_with_tex(tex: str, display: str = "inline") -> Element:
    """The tree with its TeX as alttext, to be read out, and as annotation."""
    tex = " ".join(tex.split())
    made = formula(tex, display)
    whole = ET.Element("semantics")
    whole.extend(list(made))
    note = ET.SubElement(whole, "annotation", encoding="application/x-tex")
    note.text = tex
    made[:] = [whole]
    made.set("alttext", tex)
    return made


def _join_thousands(parent: Element) -> None:
    """10{,}000 is one number, not two with a comma between."""
    children, n = list(parent), 1
    while n < len(children) - 1:
        before, comma, after = children[n - 1 : n + 2]
        digits = _base(after)
        if (
            before.tag == digits.tag == "mn"
            and comma.tag == "mrow"
            and "".join(comma.itertext()) == ","
        ):
            digits.text = f"{before.text},{digits.text}"
            parent.remove(before)
            parent.remove(comma)
            del children[n - 1 : n + 1]
        else:
            n += 1


def _space_functions(parent: Element) -> None:
    """A thin space around ln and its like, where no bracket or sign is."""
    if parent.tag in SCRIPTED:
        return
    children = list(parent)
    for n in range(len(children) - 1, 0, -1):
        before, after = children[n - 1], children[n]
        if (_is_function(before) and not _starts_with_a_sign(after)) or (
            _is_function(after) and before.tag in OPERANDS
        ):
            parent.insert(n, ET.Element("mspace", width="0.17em"))


def _is_function(part: Element) -> bool:
    name = _base(part)
    return name.tag == "mi" and len(name.text or "") > 1


def _starts_with_a_sign(part: Element) -> bool:
    return (part.text or " ")[0] in "(),.=+-−·/"


def _base(part: Element) -> Element:
    """The number or the name that scripts hang on; else the part itself."""
    return part[0] if part.tag in SCRIPTED else part


def _write_bold(part: Element) -> None:
    """Unicode's bold letters instead of an attribute."""
    if part.attrib.pop("mathvariant", None) == "bold":
        part.text = "".join(map(_bold, part.text or ""))


def _bold(sign: str) -> str:
    name = unicodedata.name(sign, "").replace("LATIN ", "")
    try:
        return unicodedata.lookup(
            f"MATHEMATICAL BOLD {name.replace('LETTER ', '')}"
        )
    except KeyError:
        return sign
